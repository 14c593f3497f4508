"""Noticing, without any privileged intent, who left a server.

Discord tells nobody without the members intent. So those who are about to be shown to others are
asked for one by one, after the reply and a few at a time; who is not there any more is taken off
the boards until they come back and are seen again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

if TYPE_CHECKING:
    from bot.app import StudyBot

LOOK_AGAIN = timedelta(days=1)
GONE = (10007, 10013)
"""Unknown member, unknown user.

Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""
FORGET_ABOVE = 20_000
"""Looks kept in memory; it costs only requests to forget them."""


class Presence:
    """Who was seen when."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot
        self._seen: dict[tuple[int, int], datetime] = {}

    async def look(self, guild_id: int, member_ids: Iterable[int], most: int) -> int:
        """Ask Discord for up to ``most`` members not looked for lately; return how many left."""
        guild = self._bot.get_guild(guild_id)
        if guild is None:
            return 0
        now = self._bot.clock()
        left = 0
        for member_id in member_ids:
            if most <= 0:
                break
            seen = self._seen.get((guild_id, member_id))
            if seen is not None and now - seen < LOOK_AGAIN:
                continue
            most -= 1
            try:
                await guild.fetch_member(member_id)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                if getattr(error, "code", None) not in GONE:
                    self._bot.log_refusal("a look for a member", error)
                    break
                await self._bot.store.note_left(guild_id, member_id, now)
                left += 1
            else:
                if len(self._seen) > FORGET_ABOVE:
                    self._seen.clear()
                self._seen[guild_id, member_id] = now
        return left
