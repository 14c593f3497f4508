"""What answers are worth.

    points = DAILY_POINTS x right daily answers + QUIZ_POINTS x right quiz answers that count

The daily challenge is one question that everybody gets, so it weighs most. A quiz can be repeated
at will, so a right quiz answer counts once a question and study date, and up to
QUIZ_POINTS_A_DAY a study date: a day of practice is worth two challenges and never more, and
nobody climbs by volume. Practice outside a server is worth nothing.

A post's worth is frozen when it closes, with the version of this formula, so points that were
told never change. Whoever changes a number or a rule here raises FORMULA_VERSION.
"""

from __future__ import annotations

DAILY_POINTS = 10
QUIZ_POINTS = 2
QUIZ_POINTS_A_DAY = 20
FORMULA_VERSION = 1


def quiz_worth(*, in_server: bool, asked_before: bool, points_today: int) -> int:
    """Return the points for a right answer to a quiz question.

    ``asked_before``: the member answered the same question on the same study date.
    ``points_today``: the quiz points the member has of that study date.

    >>> quiz_worth(in_server=True, asked_before=False, points_today=18)
    2
    >>> quiz_worth(in_server=True, asked_before=False, points_today=20)
    0
    """
    if not in_server or asked_before or points_today >= QUIZ_POINTS_A_DAY:
        return 0
    return QUIZ_POINTS
