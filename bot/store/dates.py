"""Ranges of study dates as text, for queries with ``BETWEEN :since AND :until``."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

_FIRST, _LAST = "0000-01-01", "9999-12-31"
"""Text around every date, so that one query with two bounds serves all and uses the index."""


class Between(TypedDict):
    """The values of the two bounds, both included."""

    since: str
    until: str


def between(since: date | None, until: date | None) -> Between:
    """Return the bounds of a range of dates; None is unbounded.

    >>> between(date(2026, 11, 24), None)
    {'since': '2026-11-24', 'until': '9999-12-31'}
    """
    return {
        "since": _FIRST if since is None else since.isoformat(),
        "until": _LAST if until is None else until.isoformat(),
    }
