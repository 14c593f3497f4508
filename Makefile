# Everything a newcomer needs: `make play` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 0

.PHONY: help play run test check format lint types bench lock clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

play: $(VENV)/.play  ## the real bot in a local page: no account, no token
	@$(BIN)/study-bot play --port $(PORT) $(ARGS)

run: $(VENV)/.play  ## connect to Discord with DISCORD_TOKEN from .env
	@$(BIN)/study-bot run

test: $(VENV)/.dev  ## the whole test suite
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev format lint types  ## format, lint, types, knowledge, tests
	@$(BIN)/study-bot check
	@$(BIN)/python -m pytest -q

format: $(VENV)/.dev
	@$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

bench: $(VENV)/.dev  ## measure, and print tables
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: $(VENV)/.dev  ## pin the newest versions again (needs uv on the PATH)
	scripts/lock

clean:  ## remove the virtual environment
	rm -rf $(VENV)

# One environment from the lock files; --require-hashes refuses anything else.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed, this is %d.%d. Name another: make PYTHON=python3.12 play" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.play: $(VENV)/pyvenv.cfg requirements/play.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/play.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/pyvenv.cfg requirements/dev.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.play
