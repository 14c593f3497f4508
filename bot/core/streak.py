"""Days of study in a row, and the freezes that cover a gap.

Only days on which a challenge was posted count at all. A day is counted when one of its
challenges was answered before it closed, right or wrong. A day that was missed uses a freeze if
the member holds one and has a streak to save; it is not counted. Otherwise the streak ends.
Every ``DAYS_FOR_A_FREEZE``-th counted day earns a freeze; nobody holds more than ``FREEZES_MOST``,
and days do not add up towards another while the hand is full.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

FREEZES_MOST = 2
DAYS_FOR_A_FREEZE = 7

DayState = Literal["counted", "frozen", "ended", "missed"]
"""``ended``: missed, and a streak ended there; ``missed``: there was no streak to lose."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Where a member stands after the last closed day."""

    length: int = 0
    """Counted days in a row; 0 when it ended or never began."""
    best: int = 0
    freezes: int = 0
    studied: int = 0
    """Counted days towards the next freeze, 0 to ``DAYS_FOR_A_FREEZE`` - 1."""
    last_day: date | None = None
    """The last counted day."""

    @property
    def days_to_a_freeze(self) -> int:
        """Counted days until the next freeze."""
        return DAYS_FOR_A_FREEZE - self.studied


def replay(
    scheduled: Iterable[date], answered: Collection[date]
) -> tuple[Streak, dict[date, DayState]]:
    """Return the streak after the days of ``scheduled`` (ascending), and what each day was.

    ``scheduled`` are the days whose challenges have closed; those of ``answered`` were studied.

    >>> monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    >>> replay([monday, tuesday], {monday})[1][tuesday]
    'ended'
    """
    length = best = freezes = studied = 0  # plain numbers: whole years are replayed at a close
    last_day: date | None = None
    states: dict[date, DayState] = {}
    for day in scheduled:
        if day in answered:
            states[day], last_day = "counted", day
            length += 1
            best = max(best, length)
            studied = studied + 1 if freezes < FREEZES_MOST else 0
            if studied == DAYS_FOR_A_FREEZE:
                freezes, studied = freezes + 1, 0
        elif not length:
            states[day] = "missed"
        elif freezes:
            states[day] = "frozen"
            freezes -= 1
        else:
            states[day] = "ended"
            length = 0
    return Streak(length, best, freezes, studied, last_day), states
