"""What answers are worth.

    right daily answer  DAILY_POINTS + hard + streak
      hard              HARD_POINTS x wrong / answers, to the nearest; 0 below ATTEMPTS answers
      streak            1 for each day of the member's streak before this one, up to STREAK_POINTS
    right quiz answer   QUIZ_POINTS, up to QUIZ_POINTS_A_DAY a study date
    right contest answer (a match or a duel): like a quiz answer, and of the same daily limit
    wrong answer        0

Being right weighs at least as much as all bonuses together, and speed counts for nothing. The
daily challenge is one question that everybody gets, so it weighs most; a day of practice is worth
two plain challenges and never more. A question pays once a study date: a second quiz answer to it
is worth nothing, and a challenge that a quiz asked before on that day pays the rest. Practice
outside a server is worth nothing.

Difficulty is the group's own: the share that was wrong in this very post. It, the streak and the
version of this formula are frozen when the post closes, so points that were told never change.
Whoever changes a number or a rule here raises FORMULA_VERSION.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DAILY_POINTS = 10
HARD_POINTS = 5
ATTEMPTS = 5
"""Answers from which on the share of wrong ones says something about the question."""
STREAK_POINTS = 5
QUIZ_POINTS = 2
QUIZ_POINTS_A_DAY = 20
FORMULA_VERSION = 3

Reason = Literal["right", "wrong", "asked", "capped", "void"]
"""``asked``: right, but paid for on that day already; ``capped``: right, but the day's practice is
full; ``void``: right, but the question was worth nothing."""


@dataclass(frozen=True, slots=True)
class Award:
    """What one answer brought, and why; frozen when its post closed."""

    reason: Reason
    base: int = 0
    hard: int = 0
    streak: int = 0
    paid: int = 0
    """What the same question had paid on that day before; taken off."""
    days: int = 0
    """The member's streak with this day, for a daily answer."""

    @property
    def points(self) -> int:
        """All together, never below 0."""
        return self.base + self.hard + self.streak - self.paid


def hard_bonus(right: int, answers: int) -> int:
    """Return what a right answer to a hard question brings on top, 0 to ``HARD_POINTS``.

    >>> hard_bonus(1, 5), hard_bonus(3, 6), hard_bonus(5, 5), hard_bonus(0, 4)
    (4, 3, 0, 0)
    """
    if answers < ATTEMPTS:
        return 0
    return (2 * HARD_POINTS * (answers - right) + answers) // (2 * answers)


def streak_bonus(days: int) -> int:
    """Return what a right answer brings on top on day ``days`` of a streak, from 1.

    >>> streak_bonus(1), streak_bonus(4), streak_bonus(400)
    (0, 3, 5)
    """
    return max(0, min(days - 1, STREAK_POINTS))


def daily_award(*, is_correct: bool, base: int, hard: int, days: int, paid: int) -> Award:
    """Value an answer to a challenge.

    ``base`` and ``hard`` are the post's; ``base`` 0 is a question that was withdrawn. ``paid`` is
    what the same question brought the member on the same study date.
    """
    if not is_correct:
        return Award("wrong", days=days)
    if base == 0:
        return Award("void", days=days)
    streak = streak_bonus(days)
    taken = min(paid, base + hard + streak)
    reason: Reason = "asked" if taken == base + hard + streak else "right"
    return Award(reason, base, hard, streak, taken, days)


def quiz_award(
    *, is_correct: bool, in_server: bool, asked_before: bool, points_today: int
) -> Award:
    """Value an answer in a quiz or a contest; the arguments are those of ``quiz_worth``."""
    if not is_correct:
        return Award("wrong")
    worth = quiz_worth(in_server=in_server, asked_before=asked_before, points_today=points_today)
    if worth:
        return Award("right", worth)
    if not in_server:
        return Award("void")
    return Award("asked" if asked_before else "capped")


def quiz_worth(*, in_server: bool, asked_before: bool, points_today: int) -> int:
    """Return the points for a right answer in a quiz or a contest.

    ``asked_before``: the member answered the same question on the same study date.
    ``points_today``: the points of quizzes and contests the member has of that study date.

    >>> quiz_worth(in_server=True, asked_before=False, points_today=18)
    2
    >>> quiz_worth(in_server=True, asked_before=False, points_today=20)
    0
    """
    if not in_server or asked_before or points_today >= QUIZ_POINTS_A_DAY:
        return 0
    return QUIZ_POINTS
