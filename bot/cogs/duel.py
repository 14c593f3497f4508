"""Duels: ``/duel challenge``, ``/duel list``, ``/duel record``, and what their buttons do.

There is no plain ``/duel``: on Discord a command with subcommands cannot be used by itself.

The questions are played in private messages that only the member sees. Anything that counts is
committed before the member is told; the public message follows (bot/cogs/duel_messages.py).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.duel_inviting import DuelInviting
from bot.cogs.duel_messages import DuelMessages
from bot.cogs.duel_play import DuelPlay
from bot.cogs.gates import for_servers, require_server
from bot.cogs.ticking import Ticking
from bot.cogs.topics import topic_choices, topic_id
from bot.core.daily import local_date
from bot.core.duel import by_opponent, tally
from bot.core.period import PERIOD_NAMES, Period, bounds
from bot.errors import UserError
from bot.ui.duel_private import opponents_text, record_text
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)


OUTAGE, OUTAGE_TICKS = timedelta(minutes=2), 3
"""Without a sign of life for longer, and for so many ticks, the bot was down."""


@for_servers
class Duels(
    Ticking, commands.GroupCog, group_name="duel", group_description="Two members, five questions"
):
    """Two members against each other."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.messages = DuelMessages(bot)
        self.inviting = DuelInviting(bot, self.messages)
        self.playing = DuelPlay(bot, self.messages)
        super().__init__()

    async def cog_load(self) -> None:
        """Start looking for duels whose time is up, which was not while the bot was down."""
        await self._keep_alive()
        await super().cog_load()

    async def tick(self) -> None:
        """End what is over, rate what is finished, show what changed."""
        store, now = self.bot.store, self.bot.clock()
        due = await store.duels_due(now)
        if due.has_open and await self._keep_alive():
            due = await store.duels_due(now)
        for duel in due.lapsed:
            await store.end_invitation(duel.id, "expired" if duel.has_both else "off", now)
        for duel in due.finished:
            await store.finish_duel(duel.id, now)
        if due.has_unrated:
            await store.rate_contests()
        changed = {duel.id for duel in (*due.lapsed, *due.finished)}
        await self.messages.catch_up(sorted({*due.untold, *changed}))

    async def _keep_alive(self) -> int:
        """Note a sign of life; return how many duels an outage extended."""
        outage = max(OUTAGE, OUTAGE_TICKS * self.bot.tick)
        return await self.bot.store.keep_duels_alive(self.bot.clock(), outage)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Withdraw an invitation whose message is gone."""
        await self.messages.message_deleted(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Withdraw the invitations whose messages are gone."""
        for message_id in sorted(payload.message_ids):
            await self.messages.message_deleted(message_id)

    # ---------------------------------------------------------------------- commands

    @app_commands.command()
    @app_commands.describe(
        member="Whom to challenge; they are asked in this channel",
        topic="What it is about (default: the whole exam)",
    )
    async def challenge(
        self,
        interaction: discord.Interaction[Any],
        member: discord.Member | discord.User,
        topic: str | None = None,
    ) -> None:
        """Challenge a member: the same five questions for both, each plays when they have time."""
        async with reporting(interaction):
            await self.inviting.challenge(interaction, member, topic_id(self.bot, topic))

    @challenge.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return topic_choices(self.bot, current)

    @app_commands.command(name="list")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        """Show your open duels, with their buttons."""
        async with reporting(interaction):
            await interaction.response.send_message(
                view=await self.inviting.open_duels(interaction), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(
        member="Against whom (default: everybody you met)",
        period="Duels of which days (default: all time)",
    )
    async def record(
        self,
        interaction: discord.Interaction[Any],
        member: discord.Member | discord.User | None = None,
        period: Period = "all",
    ) -> None:
        """Show your duels won, drawn and lost, against one member or all."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if member is not None and member.id == interaction.user.id:
                raise UserError("Nobody has a record against themselves. Pick somebody else.")
            today = local_date(self.bot.clock(), await self.bot.store.zone(guild_id))
            since, until = bounds(period, today)
            meetings = await self.bot.store.meetings(
                guild_id,
                interaction.user.id,
                opponent_id=None if member is None else member.id,
                since=since,
                until=until,
            )
            total, name = tally(meetings), PERIOD_NAMES[period].casefold()
            if member is None:
                text = opponents_text(by_opponent(meetings), total, period=name)
            else:
                text = record_text(meetings, total, opponent_id=member.id, period=name)
            await interaction.response.send_message(text, ephemeral=True)
