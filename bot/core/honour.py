"""When a week's or a month's winners are told, and what of them is kept.

Once a period's last challenge has closed, from ``TOLD_FROM`` on in the server's zone, so that
nobody is woken; a server that was out of reach for longer than ``LATE_AT_MOST`` goes without.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.period import Span, span_of

HonourKind = Literal["week", "month"]
HONOUR_KINDS: tuple[HonourKind, ...] = ("week", "month")
TOLD_FROM = time(9)
LATE_AT_MOST = timedelta(days=3)
PLACES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Winner:
    """A place as it was told."""

    member_id: int | None
    """None once the member had themselves forgotten."""
    name: str
    rank: int
    points: int
    right: int
    answered: int
    is_hidden: bool = False
    """Whether the member hid from boards since."""


@dataclass(frozen=True, slots=True)
class Honour:
    """The winners of a period in a server, frozen when the message was claimed."""

    id: int
    guild_id: int
    span: Span
    channel_id: int
    members: int
    """How many were on the board."""
    nonce: str
    claimed_at: datetime
    message_id: int | None
    winners: tuple[Winner, ...]


def honoured(kind: HonourKind, now: datetime, zone: str) -> Span | None:
    """Return the period whose winners may be told at ``now``; None when it is not the time.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> honoured("week", monday, "Europe/Berlin").first
    datetime.date(2026, 11, 16)
    """
    local = now.astimezone(ZoneInfo(zone))
    span = span_of(kind, local.date()).before
    if span is None or span.last is None:
        return None
    first_day: date = span.last + timedelta(days=1)
    if local.date() == first_day and local.time() < TOLD_FROM:
        return None
    return span if local.date() - span.last <= LATE_AT_MOST else None
