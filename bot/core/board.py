"""Who has how many points: a place on a server's board, and where a member's points come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from bot.core.rating import Rating
from bot.core.score import Award

Measure = Literal["points", "accuracy", "streak", "improvement", "rating"]
"""Streaks and ratings are as they are now, whatever the period."""
MEASURES: tuple[Measure, ...] = get_args(Measure)
MEASURE_NAMES: dict[Measure, str] = {
    "points": "Points",
    "accuracy": "Accuracy",
    "streak": "Streak",
    "improvement": "Improvement",
    "rating": "Rating",
}
ROWS = 10
"""Places on one page."""


@dataclass(frozen=True, slots=True)
class Place:
    """A member's place on a board by any measure."""

    member_id: int
    name: str
    """As last seen; empty when it is not known."""
    rank: int
    """From 1; equal values share one and the next is skipped. Of a member who is not listed: the
    rank they would have."""
    value: int
    """Points, days, thousandths for accuracy and improvement, or the lower end of a rating."""
    points: int
    right: int
    answered: int
    rating: Rating | None = None
    """On a board by rating."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page of a board, and where the reader stands."""

    places: tuple[Place, ...]
    size: int
    """Members on the board."""
    number: int
    """Of this page, from 0."""
    own: Place | None
    is_listed: bool
    """Whether the reader is shown to others; False when they hid."""

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.size // ROWS))


@dataclass(frozen=True, slots=True)
class Score:
    """A member's answers to closed posts, by kind."""

    daily_right: int = 0
    daily_answered: int = 0
    daily_points: int = 0
    quiz_right: int = 0
    quiz_answered: int = 0
    quiz_points: int = 0
    contest_right: int = 0
    contest_answered: int = 0
    contest_points: int = 0

    @property
    def points(self) -> int:
        """All points together."""
        return self.daily_points + self.quiz_points + self.contest_points


@dataclass(frozen=True, slots=True)
class Earned:
    """What an answer to a challenge brought."""

    award: Award
    topic: str
    right: int
    """Right answers to the post at its close."""
    answers: int


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """Where the points of one study date came from."""

    day: date
    challenges: tuple[Earned, ...]
    quiz_points: int
    quiz_answers: dict[str, int] = field(default_factory=dict)
    """How many quiz answers there were, by the reason of their award."""
    contest_points: int = 0
    contest_answers: dict[str, int] = field(default_factory=dict)
    """How many answers in contests there were, by the reason of their award."""

    @property
    def points(self) -> int:
        """All of the day's points."""
        return (
            self.quiz_points
            + self.contest_points
            + sum(earned.award.points for earned in self.challenges)
        )
