"""Periods of a board, as study dates in the server's zone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

Period = Literal["today", "week", "month", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
PERIOD_NAMES: dict[Period, str] = {
    "today": "Today",
    "week": "This week",
    "month": "This month",
    "all": "All time",
}


def bounds(period: Period, today: date) -> tuple[date | None, date | None]:
    """Return the first and last study date of ``period``, both included; None is unbounded.

    Weeks begin on Monday.

    >>> bounds("week", date(2026, 11, 24))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 29))
    """
    if period == "today":
        return today, today
    if period == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    if period == "month":
        following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return today.replace(day=1), following - timedelta(days=1)
    return None, None
