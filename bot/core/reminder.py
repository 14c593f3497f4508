"""Reminding a member, who asked for it, that a streak is about to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REMIND_BEFORE = timedelta(hours=3)
"""Before the day's last challenge closes."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A member who asked to be reminded and has not answered the day's challenge yet."""

    post_id: int
    guild_id: int
    member_id: int
    channel_id: int
    message_id: int
    closes_at: datetime
    days: int
    """Of the streak that is at stake."""
