"""Instants as text of a fixed width, so that the order of the text is the order of time."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Return ISO 8601 in UTC with microseconds.

    >>> to_text(datetime(2026, 11, 24, 3, tzinfo=UTC))
    '2026-11-24T03:00:00.000000+00:00'

    Raises:
        ValueError: ``moment`` is naive, so nobody knows when it is.
    """
    if moment.tzinfo is UTC:  # nearly always, and this is done for every answer
        return moment.isoformat(timespec="microseconds")
    if moment.utcoffset() is None:
        raise ValueError(f"A naive datetime cannot be stored: {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Return the instant that ``to_text`` wrote, in UTC."""
    return datetime.fromisoformat(text)


def maybe_to_text(moment: datetime | None) -> str | None:
    """Return ``to_text``, or None for None."""
    return None if moment is None else to_text(moment)


def maybe_from_text(text: str | None) -> datetime | None:
    """Return ``from_text``, or None for None."""
    return None if text is None else from_text(text)
