"""A sign of life in the store, so that a health check outside can tell that the bot works."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from discord.ext import commands, tasks

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

KEY = "alive at"
EVERY = timedelta(seconds=30)
STALE = timedelta(minutes=3)
"""Older than this and the bot is taken for dead."""


class Pulse(commands.Cog):
    """Event loop, gateway and writer all have to work for the sign to be written."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._tidied_on: date | None = None
        self._is_cut_off = False
        self.beat.change_interval(seconds=max(EVERY, bot.tick).total_seconds())

    async def cog_load(self) -> None:
        """Start beating."""
        self.beat.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.beat.cancel()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Hold the breath: ``is_ready`` stays true when the gateway is lost."""
        self._is_cut_off = True

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Breathe again."""
        self._is_cut_off = False

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Breathe again."""
        self._is_cut_off = False

    @tasks.loop(seconds=EVERY.total_seconds())
    async def beat(self) -> None:
        """Write the time, and tidy up what is kept for a while only."""
        try:
            if self.bot.is_ready() and not self._is_cut_off:
                now = self.bot.clock()
                await self.bot.store.set_meta(KEY, now.isoformat())
                if self._tidied_on != now.date():
                    await self.bot.store.purge(now)
                    await self.bot.store.purge_servers(now)
                    await self.bot.store.drop_old_boards(now)
                    self._tidied_on = now.date()
        except Exception:
            _log.exception("The pulse could not be written")

    @beat.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()
