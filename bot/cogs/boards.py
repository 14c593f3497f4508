"""Scores: ``/score`` and ``/leaderboard``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.gates import for_servers, require_server
from bot.core.daily import local_date
from bot.core.period import PERIODS, Period, bounds
from bot.errors import UserError
from bot.ui.boards import ROWS, board_card, score_card
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot


class Boards(commands.Cog):
    """Who has how many points."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        bot.on_press("board", self.turn)

    @app_commands.command()
    async def score(self, interaction: discord.Interaction[Any]) -> None:
        """Show your own score and where it comes from."""
        async with reporting(interaction):
            guild_id = self.bot.server_of(interaction)
            member_id = interaction.user.id
            score = await self.bot.store.score(guild_id, member_id)
            standing = None
            if guild_id is not None:
                standing = await self.bot.store.standing(
                    guild_id, member_id, since=None, until=None
                )
            await interaction.response.send_message(
                view=score_card(score, standing, in_server=guild_id is not None), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(period="Which days count (default: this week)")
    @for_servers
    async def leaderboard(
        self, interaction: discord.Interaction[Any], period: Period = "week"
    ) -> None:
        """Show the server's board, with your own rank."""
        async with reporting(interaction):
            await interaction.response.send_message(
                view=await self._board(interaction, period), ephemeral=True
            )

    async def turn(self, interaction: discord.Interaction[Any], period: str) -> None:
        """Show another period on the same card."""
        for known in PERIODS:
            if known == period:
                await interaction.response.edit_message(view=await self._board(interaction, known))
                return
        raise UserError("That button is not one of mine.")

    async def _board(self, interaction: discord.Interaction[Any], period: Period) -> ui.LayoutView:
        guild_id = require_server(self.bot, interaction)
        store = self.bot.store
        today = local_date(self.bot.clock(), await store.zone(guild_id))
        since, until = bounds(period, today)
        return board_card(
            await store.board(guild_id, since=since, until=until, limit=ROWS, offset=0),
            await store.standing(guild_id, interaction.user.id, since=since, until=until),
            period=period,
            members=await store.board_size(guild_id, since=since, until=until),
        )
