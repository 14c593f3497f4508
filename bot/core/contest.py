"""Contests, which are matches and duels: who takes part, and how it ended.

All contestants get the same questions in the same order with the same order of options. What a
right answer brings on the server's boards is the same in every contest (``quiz_award``); points
for speed and the like count inside their contest only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ContestKind = Literal["match", "duel"]
FORMER_MEMBER = "a former member"


@dataclass(frozen=True, slots=True)
class Result:
    """How a contest ended for one contestant; frozen at its finish."""

    rank: int
    """From 1. Equals share one and the next is skipped: 1, 1, 3."""
    score: int
    """In the contest's own points, from 0."""
    right: int
    answered: int
    took_ms: int | None = None
    """Time over all answers in milliseconds; None where it is not measured."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A member in a contest. Times are aware UTC."""

    id: int
    member_id: int | None
    """None once the member had themselves forgotten."""
    joined_at: datetime
    left_at: datetime | None = None
    result: Result | None = None
    """None until the contest is finished, and for one who left before it began."""

    @property
    def is_in(self) -> bool:
        """Whether they may answer."""
        return self.member_id is not None and self.left_at is None


@dataclass(frozen=True, slots=True)
class Contest:
    """A match or a duel. Times are aware UTC."""

    id: int
    kind: ContestKind
    guild_id: int
    study_date: date
    """The server's date when it was made."""
    made_at: datetime
    finished_at: datetime | None
    is_cancelled: bool
    """Whether it ended without a result."""
    contestants: tuple[Contestant, ...]
    """In the order in which they joined."""

    def contestant(self, member_id: int) -> Contestant | None:
        """Return a member's part in it; None when they have none."""
        return next((one for one in self.contestants if one.member_id == member_id), None)
