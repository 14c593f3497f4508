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

    def study(self, day: date) -> Streak:
        """Count a day."""
        length, freezes = self.length + 1, self.freezes
        studied = self.studied + 1 if freezes < FREEZES_MOST else 0
        if studied == DAYS_FOR_A_FREEZE:
            freezes, studied = freezes + 1, 0
        return Streak(length, max(self.best, length), freezes, studied, day)

    def miss(self) -> tuple[Streak, DayState]:
        """Let a day pass without an answer."""
        if not self.length:
            return self, "missed"
        if self.freezes:
            return (
                Streak(self.length, self.best, self.freezes - 1, self.studied, self.last_day),
                "frozen",
            )
        return Streak(0, self.best, 0, self.studied, self.last_day), "ended"


def replay(
    scheduled: Iterable[date], answered: Collection[date]
) -> tuple[Streak, dict[date, DayState]]:
    """Return the streak after the days of ``scheduled`` (ascending), and what each day was.

    ``scheduled`` are the days whose challenges have closed; those of ``answered`` were studied.

    >>> monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    >>> replay([monday, tuesday], {monday})[1][tuesday]
    'ended'
    """
    streak = Streak()
    states: dict[date, DayState] = {}
    for day in scheduled:
        if day in answered:
            streak, states[day] = streak.study(day), "counted"
        else:
            streak, states[day] = streak.miss()
    return streak, states
