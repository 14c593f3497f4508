"""Looking at seasons: ``/season status`` and ``archive``, and the buttons under a ceremony.

Also which season a command or a button means, for all rooms of ``/season``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.champions import role_fault
from bot.cogs.gates import MANAGER, require_server
from bot.cogs.season_choices import past_seasons
from bot.core.daily import local_date
from bot.core.season import Season
from bot.errors import UserError
from bot.ui.press import number
from bot.ui.report import reporting
from bot.ui.seasons import ARCHIVED, archive_card, final_card, season_text, standing_card

if TYPE_CHECKING:
    from bot.app import StudyBot

NOT_OVER = "That season is not over yet. `/leaderboard period: Season` has its board."
NOTHING = "There is no season. `/season start` begins one."


class SeasonLooking(commands.Cog):
    """How the season stands that runs, and how past ones ended."""

    bot: StudyBot

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the season that runs, who leads, and what is planned."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            store = self.bot.store
            zone = await store.zone(guild_id)
            today = local_date(self.bot.clock(), zone)
            known = [s for s in await store.seasons(guild_id) if s.closed_at is None]
            parts = [season_text(season, today, zone) for season in reversed(known)]
            running = await store.season_now(guild_id, today)
            board = None
            if running is not None:
                board = await store.board_page(guild_id, interaction.user.id, span=running.span)
            notes: list[str] = []
            if interaction.permissions.is_superset(MANAGER):
                notes += await store.ceremony_troubles(guild_id)
                notes += [fault for s in known if (fault := self.role_fault(s)) is not None]
            await interaction.response.send_message(
                view=standing_card(parts or [NOTHING], board, list(dict.fromkeys(notes))),
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(season="Which one (default: a list of all)")
    @app_commands.autocomplete(season=past_seasons)
    async def archive(
        self, interaction: discord.Interaction[Any], season: str | None = None
    ) -> None:
        """Show how past seasons ended: champions and final standings."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if season is None:
                view = await self._archive(guild_id, 0)
            else:
                chosen = await self._closed(guild_id, season)
                view = await self._final(interaction, chosen, 0)
            await interaction.response.send_message(view=view, ephemeral=True)

    async def leaf(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show a page of the archive on the same card."""
        guild_id = require_server(self.bot, interaction)
        await interaction.response.edit_message(view=await self._archive(guild_id, number(page)))

    async def turn(self, interaction: discord.Interaction[Any], season_id: str, page: str) -> None:
        """Show a page of final standings: on the same card, or privately from a ceremony."""
        guild_id = require_server(self.bot, interaction)
        season = await self.of_server(guild_id, season_id)
        await self._show(interaction, await self._final(interaction, season, number(page)))

    async def own_page(self, interaction: discord.Interaction[Any], season_id: str) -> None:
        """Show the page of final standings that the reader is on."""
        guild_id = require_server(self.bot, interaction)
        season = await self.of_server(guild_id, season_id)
        await self._show(interaction, await self._final(interaction, season, None))

    # ------------------------------------------------------------------------- finding

    async def chosen(
        self, guild_id: int, named: str | None, today: date, *, waiting: bool = False
    ) -> Season:
        """Return the season that is meant: the one that was named, the running, the planned one.

        ``waiting``: one that is closed and not told yet will do, too.

        Raises:
            UserError: there is none.
        """
        if named:
            return await self._pick(guild_id, named)
        known = await self.bot.store.seasons(guild_id)
        for stage in ("running", "planned", "over"):
            for season in known:
                if season.stage(today) == stage:
                    return season
        if waiting:
            for ceremony in await self.bot.store.waiting_ceremonies():
                if ceremony.season.guild_id == guild_id:
                    return ceremony.season
        raise UserError(NOTHING)

    async def _closed(self, guild_id: int, named: str) -> Season:
        season = await self._pick(guild_id, named)
        if season.closed_at is None:
            raise UserError(NOT_OVER)
        return season

    async def _pick(self, guild_id: int, named: str) -> Season:
        """Return the server's season of an id as Discord's list gave it, or of a name as typed.

        Raises:
            UserError: the server has none.
        """
        wanted = named.strip().casefold()
        for season in await self.bot.store.seasons(guild_id):
            if wanted in (str(season.id), season.name.casefold()):
                return season
        raise UserError("There is no season of that name here. Pick one from the list.")

    async def of_server(self, guild_id: int, season_id: str) -> Season:
        """Return the server's season that a button's id names.

        Raises:
            UserError: the server has none of that id.
        """
        season = await self.bot.store.season(number(season_id))
        if season is None or season.guild_id != guild_id:
            raise UserError("That season is gone. `/season status` shows what there is.")
        return season

    def role_fault(self, season: Season) -> str | None:
        """Return in a sentence why its champion could not get the role; None when they can."""
        guild = self.bot.get_guild(season.guild_id)
        if season.role_id is None or guild is None:
            return None
        return role_fault(guild, season.role_id)

    # ------------------------------------------------------------------------- showing

    async def _archive(self, guild_id: int, page: int) -> ui.LayoutView:
        found, total = await self.bot.store.ceremonies(
            guild_id, limit=ARCHIVED, offset=page * ARCHIVED
        )
        pages = max(1, -(-total // ARCHIVED))
        if page >= pages:
            return await self._archive(guild_id, pages - 1)
        return archive_card(found, page=page, pages=pages)

    async def _final(
        self, interaction: discord.Interaction[Any], season: Season, page: int | None
    ) -> ui.LayoutView:
        shown = await self.bot.store.final_page(season.id, interaction.user.id, page)
        ceremony = await self.bot.store.ceremony(season.id)
        if shown is None or ceremony is None:
            raise UserError(NOT_OVER)
        return final_card(shown, ceremony)

    async def _show(self, interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
        """Show a card in place of a private one, or beside a message that all see."""
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
