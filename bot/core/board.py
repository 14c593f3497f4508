"""Who has how many points: a place on a server's board, and where a member's points come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's place on a board, from closed posts only."""

    member_id: int
    points: int
    right: int
    answered: int
    """At least 1; nobody is on a board without an answer."""
    rank: int
    """From 1. Equal points share a rank and the next one is skipped: 1, 1, 3."""


@dataclass(frozen=True, slots=True)
class Score:
    """A member's answers to closed posts, by kind."""

    daily_right: int = 0
    daily_answered: int = 0
    daily_points: int = 0
    quiz_right: int = 0
    quiz_answered: int = 0
    quiz_points: int = 0

    @property
    def points(self) -> int:
        """All points together."""
        return self.daily_points + self.quiz_points
