"""How often one member may ask: a token bucket each, with time as an argument."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from bot.errors import UserError

BURST = 8
"""Uses in a row before the member has to wait."""
REFILL = timedelta(seconds=3)
"""Time for one more use."""
FORGET_ABOVE = 10_000
"""Members kept in memory; full buckets beyond that are dropped."""


class Cooldown:
    """Use ``check`` before work; it raises when the member was too quick."""

    def __init__(self, burst: int = BURST, refill: timedelta = REFILL) -> None:
        self._burst = burst
        self._refill = refill
        self._full_at: dict[int, datetime] = {}

    def check(self, member_id: int, now: datetime) -> None:
        """Take one use.

        Raises:
            UserError: none is left; the sentence says when to try again. Nothing is taken.
        """
        full_at = max(self._full_at.get(member_id, now), now)
        wait = full_at + self._refill - now - self._refill * self._burst
        if wait > timedelta(0):
            seconds = math.ceil(wait.total_seconds())
            raise UserError(
                f"You are quick! Give me {seconds} more second{'s' if seconds > 1 else ''}, please."
            )
        self._full_at[member_id] = full_at + self._refill
        if len(self._full_at) > FORGET_ABOVE:
            self._full_at = {who: at for who, at in self._full_at.items() if at > now}
