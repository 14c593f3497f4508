"""Ratings: ``/rating``. The board of them is ``/leaderboard by: rating``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.gates import for_servers, require_server
from bot.errors import UserError
from bot.ui.ratings import STEPS_SHOWN, rating_card
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot


class Ratings(commands.Cog):
    """How strong members are, as far as contests tell."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Derive ratings again where another version's rules made them."""
        await self.bot.store.prepare_ratings()

    @app_commands.command()
    @app_commands.describe(member="Whose rating (default: your own)")
    @for_servers
    async def rating(
        self,
        interaction: discord.Interaction[Any],
        member: discord.Member | discord.User | None = None,
    ) -> None:
        """Show a rating from duels and matches, how sure it is, and what moved it."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            store = self.bot.store
            await store.rate_contests()
            asked = interaction.user if member is None else member
            is_own = asked.id == interaction.user.id
            if not is_own and not await store.listed(guild_id, [asked.id]):
                raise UserError("They are not shown on this server's boards.")
            view = rating_card(
                await store.rating(guild_id, asked.id),
                await store.rating_steps(guild_id, asked.id, STEPS_SHOWN),
                member_id=None if is_own else asked.id,
            )
            await interaction.response.send_message(view=view, ephemeral=True)
