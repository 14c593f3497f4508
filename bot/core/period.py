"""Periods of a board, as study dates in the server's zone, and the boards that are kept ready.

A board is kept for each day, week, month and for all time, and for a season (bot/core/season.py),
which is a range of dates like these with a first and last day of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Period = Literal["today", "yesterday", "week", "month", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
BoardPeriod = Literal[Period, "season"]
"""What a board can be asked for; a season only while there is one."""
PERIOD_NAMES: dict[BoardPeriod, str] = {
    "today": "Today",
    "yesterday": "Yesterday",
    "week": "This week",
    "month": "This month",
    "all": "All time",
    "season": "Season",
}

Kind = Literal["day", "week", "month", "all", "season"]
KINDS: tuple[Kind, ...] = ("day", "week", "month", "all")
"""Those that every day has; a season is the server's."""
KEPT: dict[Kind, timedelta] = {
    "day": timedelta(days=2),
    "week": timedelta(days=14),
    "month": timedelta(days=62),
}
"""How long a board is kept ready after its last day: until nobody compares with it any more. The
answers stay; this is only what is counted beforehand."""
DROPPED_AFTER = timedelta(days=3)
"""A board is given up this much later than it takes no more, so that none begins twice."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one board."""

    kind: Kind
    first: date | None
    """None for all time."""
    until: date | None = None
    """The last day of a season; None for every other kind."""

    @property
    def last(self) -> date | None:
        """The last day; None for all time."""
        if self.first is None or self.kind == "season":
            return self.until
        if self.kind == "week":
            return self.first + timedelta(days=6)
        if self.kind == "month":
            return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.first

    @property
    def before(self) -> Span | None:
        """The span of the same kind just before; None for all time and for a season."""
        if self.first is None or self.kind == "season":
            return None
        return span_of(self.kind, self.first - timedelta(days=1))

    @property
    def after(self) -> Span | None:
        """The span of the same kind just after; None for all time and for a season."""
        if self.last is None or self.kind == "season":
            return None
        return span_of(self.kind, self.last + timedelta(days=1))

    def is_kept(self, today: date) -> bool:
        """Return whether answers of the span still move a board that is kept ready.

        Not to be asked of a season, whose board takes answers until the season is closed.
        """
        return self.last is None or self.last + KEPT[self.kind] >= today


def span_of(kind: Kind, day: date) -> Span:
    """Return the span of a kind, one of ``KINDS``, that holds ``day``. Weeks begin on Monday.

    >>> span_of("week", date(2026, 11, 24)).first, span_of("month", date(2026, 11, 24)).last
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 30))
    """
    if kind == "week":
        return Span(kind, day - timedelta(days=day.weekday()))
    if kind == "month":
        return Span(kind, day.replace(day=1))
    return Span(kind, None if kind == "all" else day)


def span(period: Period, today: date) -> Span:
    """Return what ``period`` means on ``today``."""
    if period == "yesterday":
        return span_of("day", today - timedelta(days=1))
    return span_of("day" if period == "today" else period, today)


def bounds(period: Period, today: date) -> tuple[date | None, date | None]:
    """Return the first and last study date of ``period``, both included; None is unbounded.

    >>> bounds("week", date(2026, 11, 24))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 29))
    """
    found = span(period, today)
    return found.first, found.last
