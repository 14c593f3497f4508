# Everything a newcomer needs: `make play` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 0

.PHONY: help play run test check format lint types bench lock clean

# All targets share one environment, and two pips in it at once would break it: no parallel jobs.
.NOTPARALLEL:

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

play: $(VENV)/.play  ## the real bot in a local page: no account, no token
	@$(BIN)/study-bot play --port $(PORT) $(ARGS)

run: $(VENV)/.play  ## connect to Discord with DISCORD_TOKEN from .env
	@$(BIN)/study-bot run

test: $(VENV)/.dev  ## the whole test suite
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/.dev format lint types  ## format, lint, types, knowledge, tests
	@$(BIN)/study-bot check
	@$(BIN)/python -m pytest -n auto -q

format: $(VENV)/.dev  ## is everything formatted?
	@$(BIN)/ruff format --check .

lint: $(VENV)/.dev  ## look for mistakes without running
	@$(BIN)/ruff check .

types: $(VENV)/.dev  ## check the type hints
	@$(BIN)/mypy

bench: $(VENV)/.dev  ## measure, and print tables
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock:  ## pin the newest versions again (needs uv on the PATH)
	scripts/lock

clean:  ## remove the virtual environment
	rm -rf $(VENV)

# One environment from the lock files; --require-hashes refuses anything else. The marks .play and
# .dev say what is installed: a lock file newer than its mark installs again, nothing else does.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.12 play"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed, this is %d.%d. Name another: make PYTHON=python3.12 play" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.play: $(VENV)/pyvenv.cfg requirements/play.txt pyproject.toml
	@echo "Installing what the bot needs into $(VENV); the first time takes about a minute."
	@$(PIP) --require-hashes -r requirements/play.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/pyvenv.cfg requirements/dev.txt pyproject.toml
	@echo "Installing what the tests need into $(VENV); the first time takes about a minute."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.play
