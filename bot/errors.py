"""Everything the bot raises on purpose.

* StudyBotError
  - UserError       shown to the member as it is, never logged as a fault
  - ContentError    files in knowledge/ are wrong; fatal at start and in CI; holds every fault
  - StoreError      the database cannot be used
  - ConfigError     a setting is missing or malformed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class StudyBotError(Exception):
    """Anything the bot raises on purpose; its text is a sentence a person can act on."""


class UserError(StudyBotError):
    """A request that cannot be met; the text is shown to the member who made it."""


class StoreError(StudyBotError):
    """The database cannot be used."""


class ConfigError(StudyBotError):
    """A setting is missing or malformed; the text names the variable, never its value."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in a knowledge file: where it is, what is wrong, and what to do."""

    path: Path
    line: int
    """Counted from 1; 0 when the whole file is meant."""
    where: str
    """The place inside the file, such as ``entries[3].facts[0].text``."""
    problem: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        where = f" {self.where}:" if self.where else ""
        return f"{place}:{where} {self.problem} Fix: {self.fix}"


class ContentError(StudyBotError):
    """Knowledge files are wrong. ``faults`` holds all of them, in file and line order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        count = len(self.faults)
        head = "1 fault" if count == 1 else f"{count} faults"
        super().__init__(f"{head} in the knowledge:\n" + "\n".join(str(f) for f in self.faults))
