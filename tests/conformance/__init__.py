"""Every request that the bot makes in a test is checked against Discord's own OpenAPI description.

The description is no part of this repository. It is read from ``../shared/discord/openapi.json``
beside the repository, or from where ``STUDY_BOT_OPENAPI`` says; where there is none, the summary of
the test run says in one line that nothing was checked.

``tests/conftest.py`` switches the check on for the whole suite by importing two names::

    from tests.conformance import conforming, pytest_terminal_summary
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from simcord.backend import Backend

from tests.conformance.allowances import ALLOWANCES, Allowance, allowed
from tests.conformance.checking import Document, Request, Violation

__all__ = [
    "ALLOWANCES",
    "VARIABLE",
    "Allowance",
    "Document",
    "Request",
    "Violation",
    "conforming",
    "document_path",
    "load_document",
    "pytest_terminal_summary",
    "violations",
    "watched",
]

VARIABLE = "STUDY_BOT_OPENAPI"
_BESIDE = Path(__file__).parents[2].parent / "shared" / "discord" / "openapi.json"


def document_path(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return where Discord's description is, or None where there is none.

    Raises:
        FileNotFoundError: the variable names a file that is not there.
    """
    named = environment.get(VARIABLE)
    if named:
        path = Path(named)
        if not path.is_file():
            raise FileNotFoundError(f"{VARIABLE} names no file: {named}")
        return path
    return _BESIDE if _BESIDE.is_file() else None


@cache
def load_document(path: Path) -> Document:
    """Parse a description; once for each path and test run."""
    return Document(json.loads(path.read_text(encoding="utf-8")))


def violations(requests: Iterable[Request]) -> list[str]:
    """Return what in these requests Discord does not describe: ``METHOD path: pointer: what``.

    Without a description the list is empty; see ``pytest_terminal_summary``.
    """
    path = document_path()
    if path is None:
        return []
    found = load_document(path).violations(requests)
    return [str(violation) for violation in found if not allowed(violation)]


@contextmanager
def watched() -> Iterator[None]:
    """Check the requests of every SimCord world that is made inside, when the block ends.

    Raises:
        AssertionError: a request does not conform. Not raised over an exception of the block.
    """
    worlds: list[Backend] = []

    def backend() -> Backend:
        worlds.append(Backend())
        return worlds[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simcord.env.Backend", backend)
        yield
    found = [line for world in worlds for line in violations(world.http_requests)]
    assert not found, "requests that Discord does not describe:\n" + "\n".join(dict.fromkeys(found))


@pytest.fixture(autouse=True)
def conforming() -> Iterator[None]:
    """Fail the test whose bot made a request that Discord does not describe."""
    with watched():
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once when requests could not be checked."""
    if document_path() is None:
        terminalreporter.write_line(
            "conformance: skipped, no description of Discord's API was found "
            f"(set {VARIABLE} to an openapi.json)"
        )
