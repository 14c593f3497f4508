"""Cogs with a clock of their own: what is due is done at every tick of the bot.

discord.py ends a loop for good at the first exception that it does not know, so none gets there.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from discord.ext import commands, tasks

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)


class Ticking(commands.Cog):
    """A cog that does what is due, first when Discord is ready and then every ``StudyBot.tick``."""

    bot: StudyBot

    async def tick(self) -> None:
        """Do what is due. What it raises is logged, and it is tried again at the next tick."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Do what has to be done before the first tick; the same holds for what it raises."""

    async def cog_load(self) -> None:
        """Start the clock."""
        self.clock.change_interval(seconds=self.bot.tick.total_seconds())
        self.clock.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self.clock.cancel()

    @tasks.loop(seconds=60)
    async def clock(self) -> None:
        """Tick; nothing that goes wrong may end the loop."""
        try:
            await self.tick()
        except Exception:
            _log.exception("A tick of %s failed; the next one comes soon", self.qualified_name)

    @clock.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()
        try:
            await self.begin()
        except Exception:
            _log.exception("%s could not begin as it should", self.qualified_name)
