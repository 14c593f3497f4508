"""Questions that somebody, or the group's own answers, say are wrong.

A key that good members beat with one wrong option is more likely wrong than they are. So such a
question is held: it is not asked in that server until a manager has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.core.model import Question

DoubtState = Literal["reported", "held", "settled"]
STATES: tuple[DoubtState, ...] = get_args(DoubtState)
GOOD_ANSWERS = 10
"""A good member has at least so many answers to other questions ..."""
GOOD_SHARE = 0.6
"""... and this share of them right: well above the quarter that guessing gives."""
ENOUGH = 5
"""Good members who have to have answered before their word counts."""
LOOK_BACK = timedelta(days=365)
"""First answers older than this say nothing about a question of today."""
REASON_CHARS = 300


@dataclass(frozen=True, slots=True)
class Statistics:
    """How a server answered a question: each member's first answer, by index into its choices."""

    everyone: tuple[int, ...]
    good: tuple[int, ...]
    """Those of good members among them."""


@dataclass(frozen=True, slots=True)
class Report:
    """A member's word that a question is wrong."""

    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that managers should look at, or have looked at."""

    id: int
    guild_id: int
    question: Question
    """As it was asked when it was first doubted."""
    state: DoubtState
    why: str | None
    """Why it was held; None when it is only reported."""
    at: datetime
    reports: tuple[Report, ...] = ()
    """Newest first."""


def is_good(right: int, answered: int) -> bool:
    """Return whether a member with so many right of so many answers is a good one.

    >>> is_good(6, 10), is_good(5, 10), is_good(5, 5)
    (True, False, False)
    """
    return answered >= GOOD_ANSWERS and right >= GOOD_SHARE * answered


def beaten_by(question: Question, good: tuple[int, ...]) -> int | None:
    """Return the wrong choice that more good members took than the key; None when there is none.

    The one most took, the first of equals.
    """
    if sum(good) < ENOUGH:
        return None
    best = max(range(len(good)), key=lambda choice: (good[choice], -choice))
    return best if best != question.answer and good[best] > good[question.answer] else None


def why_held(question: Question, good: tuple[int, ...]) -> str | None:
    """Return the reason for holding a question of these statistics; None when there is none."""
    wrong = beaten_by(question, good)
    if wrong is None:
        return None
    return (
        f"Of {sum(good)} good members {good[wrong]} took “{question.choices[wrong]}” and "
        f"{good[question.answer]} the key, “{question.key}”."
    )
