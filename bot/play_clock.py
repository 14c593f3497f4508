"""Real time inside SimCord: its clock is moved to now, and kept there.

SimCord's clock starts at a fixed date and moves only when told to, and its operations refuse to
overlap. Here a tick moves the clock by what really passed, and ticks and the page's actions take
turns under one lock. Everything that SimCord does not offer in public is used in this module and
nowhere else; tests/test_play.py fails when one of these names changes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Self

from simcord import Env, Preview

logger = logging.getLogger(__name__)


def set_clock(env: Env, now: datetime) -> None:
    """Move the clock of an environment that has not started to ``now`` (aware); never back.

    Ids made before this call derive from SimCord's first day and are the same in every run; ids
    made after it derive from ``now``, so they are new in every run and increase.
    """
    env.backend.advance_clock(max(0.0, (now - env.now()).total_seconds()))


def name_bot(env: Env, name: str) -> None:
    """Give the simulated bot account its name; to be called before the start."""
    env.backend.edit_bot_profile(name)


def seed_message(env: Env, channel_id: int, author_id: int, text: str) -> None:
    """Put a message into a channel before the bot starts."""
    env.backend.create_message(channel_id, author_id, text)


class _Logged(logging.Handler):
    """Knows the last exceptions that were logged, so that none is logged twice.

    SimCord collects what the bot raises. Some of it discord.py or the bot logs as well; the rest,
    such as a background task's failure, would be lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: deque[BaseException] = deque(maxlen=20)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the exception of a record that has one."""
        if record.exc_info and record.exc_info[1] is not None:
            self._last.append(record.exc_info[1])

    def has(self, error: BaseException) -> bool:
        """Tell whether this very exception was logged."""
        return any(error is logged for logged in self._last)


class LivePage:
    """An entered Preview that keeps up with real time; ``tick`` is called again and again.

    Use it as ``with LivePage(...) as page`` around all ticks.
    """

    def __init__(
        self, env: Env, preview: Preview, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.closing = asyncio.Event()
        """Set when a member chose "End preview session"."""
        self._env = env
        self._preview = preview
        self._now = now
        self._turn = asyncio.Lock()
        self._act = preview._action
        self._errors_seen = env.error_cursor
        self._logged = _Logged()
        self._requests_seen = len(env.http_requests)
        self._is_stale = False
        self._complaint = ""

    def __enter__(self) -> Self:
        self._preview._action = self._action  # type: ignore[method-assign]
        logging.getLogger().addHandler(self._logged)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._logged)
        self._preview._action = self._act  # type: ignore[method-assign]

    async def tick(self) -> None:
        """Move the clock to now and show what the bot did meanwhile.

        When the bot does not come to rest in time, that is logged once and the next tick goes on
        from there; an action of the page waits for the tick and the other way round.
        """
        async with self._turn:
            if self.closing.is_set():
                return
            try:
                behind = (self._now() - self._env.now()).total_seconds()
                if behind > 0:
                    await self._env.advance_time(behind)
                    self._preview._advance_presentation_time()  # "in 5 minutes" counts from it
                if self._has_news():
                    await self._preview.refresh()
                    self._seen()
                self._complaint = ""
            except TimeoutError as error:
                if str(error) != self._complaint:
                    self._complaint = str(error)
                    logger.warning("The bot is busy for longer than SimCord waits: %s", error)
            self._log_errors()

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        """Run one action of the page in its turn.

        SimCord refuses a click made on an older publication of the page. A tick publishes while
        the page polls twice a second, so that would refuse honest clicks: the click is taken as
        made on the newest publication, where SimCord looks its button up again anyway.
        """
        async with self._turn:
            page = self._preview._pages.get(context_id or "")
            revision = body.get("published_revision") if isinstance(body, Mapping) else None
            if page is not None and isinstance(revision, int) and revision < page.revision:
                body = {**body, "published_revision": page.revision}
            result: dict[str, Any] = await self._act(context_id, body)
            if result.get("rejected"):
                codes = ", ".join(item.get("code", "?") for item in result.get("diagnostics", []))
                logger.info("The page's %s was refused: %s", body.get("kind"), codes)
            elif body.get("kind") == "close":
                self.closing.set()
            if len(self._preview._pages) > 2:  # Python's own page and one tab: nobody else to tell
                self._is_stale = True
            else:
                self._seen()
            self._log_errors()
            return result

    def _has_news(self) -> bool:
        requests = self._env.http_requests[self._requests_seen :]
        did_something = any(request.method != "GET" for request in requests)
        return self._is_stale or did_something

    def _seen(self) -> None:
        self._requests_seen = len(self._env.http_requests)
        self._is_stale = False

    def _log_errors(self) -> None:
        for error in self._env.errors_since(self._errors_seen):
            if not self._logged.has(error):
                logger.error("The bot raised an error", exc_info=error)
        self._errors_seen = self._env.error_cursor
