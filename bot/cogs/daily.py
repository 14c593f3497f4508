"""The daily challenge: managers set it up, members answer it, the clock does the rest.

The commands have rooms of their own: bot/cogs/proposing.py, running.py and looking.py.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.answering import Answering
from bot.cogs.gates import MANAGER, for_servers
from bot.cogs.looking import Looking
from bot.cogs.posting import Posting
from bot.cogs.proposing import Proposing
from bot.cogs.running import Running
from bot.cogs.setup import Setup
from bot.cogs.ticking import Ticking

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)


@app_commands.default_permissions(MANAGER)
@for_servers
class Daily(
    Looking,
    Running,
    Proposing,
    Ticking,
    commands.GroupCog,
    group_name="daily",
    group_description="The daily challenge",
):
    """The clock and Discord's events; posting and answering have their own modules."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.posting = Posting(bot)
        self.answering = Answering(bot, self.posting)
        self.drafts = Setup(bot)
        bot.on_press("unskip", self.unskip)
        super().__init__()

    async def cog_unload(self) -> None:
        """Stop both loops."""
        await super().cog_unload()
        self.posting.revealing.edit_counts.cancel()

    async def begin(self) -> None:
        """Look after challenges that were open when the bot stopped."""
        await self.posting.reconcile()

    async def tick(self) -> None:
        """Post, close and reveal what is due."""
        await self.posting.tick()

    # --------------------------------------------------------------------- events

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Close a challenge whose message is gone."""
        await self.posting.message_deleted(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Close the challenges whose messages are gone."""
        for message_id in sorted(payload.message_ids):
            await self.posting.message_deleted(message_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Tell managers before the next post fails."""
        await self.posting.channel_deleted(channel.id, channel.guild.id)
