# Two stages: packages are installed in the first, the second holds only what runs.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /venv
COPY requirements/base.txt requirements/build.txt requirements/
RUN /venv/bin/pip install --require-hashes -r requirements/base.txt
# flit_core builds the package here and stays behind.
RUN python -m venv /build && /build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /venv/bin/pip install --no-deps --no-index /wheels/*.whl
# `docker run --env-file` hands over empty settings as empty, and empty means the default: so that
# the default is /knowledge too.
RUN ln -s /knowledge "$(cd / && /venv/bin/python -c 'from bot.config import DEFAULT_KNOWLEDGE as k; print(k)')"

FROM python:3.13-slim
# A fixed id, so that the owner of a volume does not change between images.
RUN groupadd --gid 10001 study \
    && useradd --uid 10001 --gid study --no-create-home --home-dir /data --shell /usr/sbin/nologin study \
    && install --directory --owner=study --group=study /data
COPY --from=build /venv /venv
COPY knowledge /knowledge
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    STUDY_BOT_DB=/data/study.db STUDY_BOT_KNOWLEDGE=/knowledge
# From here the default data/study.db is /data/study.db, for the same reason.
WORKDIR /
USER study
VOLUME /data
HEALTHCHECK --interval=1m --timeout=10s --start-period=2m CMD ["study-bot", "health"]
# Exec form: SIGTERM reaches the bot itself, which closes Discord first and the database after it.
STOPSIGNAL SIGTERM
ENTRYPOINT ["study-bot"]
CMD ["run"]
