"""What became of each study date of a challenge: posted, late, skipped, missed, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

AuditEvent = Literal["posted", "late", "by_hand", "skipped", "missed", "paused", "deleted"]
EVENTS: tuple[AuditEvent, ...] = get_args(AuditEvent)
POSTED: tuple[AuditEvent, ...] = ("posted", "late", "by_hand")
LEFT_OUT: tuple[AuditEvent, ...] = ("skipped", "missed", "paused")
"""A date with one of these is not posted by itself any more; a manager still may."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that happened to a study date of a challenge."""

    challenge_id: int
    study_date: date
    event: AuditEvent
    detail: str | None
    """Why, or how late, in a few words."""
    at: datetime
    post_id: int | None = None


def span_text(span: timedelta) -> str:
    """Return a span in its largest fitting unit.

    >>> span_text(timedelta(minutes=7)), span_text(timedelta(hours=3, minutes=40))
    ('7 minutes', '3 hours')
    """
    minutes = int(span.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * size or (unit == "hour" and minutes >= size):
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
