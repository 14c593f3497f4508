"""Teams as somebody looks at them: which one is meant, its card, the board."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.cogs.delivery import UNDELIVERED
from bot.cogs.gates import MANAGER, require_server
from bot.core.daily import local_date
from bot.core.period import bounds
from bot.core.team import TRIED, Team
from bot.errors import UserError
from bot.store.team_rows import NO_SUCH_TEAM, NO_TEAM
from bot.ui.press import number
from bot.ui.teams import (
    TeamPeriod,
    TeamView,
    leave_card,
    request_card,
    team_board_card,
    team_card,
)

if TYPE_CHECKING:
    from bot.app import StudyBot

LOOKS = 3
"""Members looked for after one look at a team."""


class TeamShow:
    """Finding teams and rendering them."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def named(self, guild_id: int, name: str) -> Team:
        """Return the active team of a name."""
        team = await self.bot.store.team_named(guild_id, name)
        if team is None:
            raise UserError(NO_SUCH_TEAM)
        return team

    async def meant(
        self, interaction: discord.Interaction[Any], guild_id: int, name: str | None
    ) -> Team:
        """Return the team of a name, or the member's own."""
        if name is not None:
            return await self.named(guild_id, name)
        return await self.own(interaction, guild_id, None)

    async def existing(self, guild_id: int, team_id: str) -> Team:
        """Return the active team of a button."""
        team = await self.bot.store.team(guild_id, number(team_id))
        if team is None or team.state != "active":
            raise UserError("That team is no more. `/team show` has those that have room.")
        return team

    async def own(
        self, interaction: discord.Interaction[Any], guild_id: int, team_id: str | None
    ) -> Team:
        """Return the member's team, which must be the one of a button, if there is one."""
        team = await self.bot.store.team_of(guild_id, interaction.user.id)
        if team is None:
            raise UserError(NO_TEAM)
        if team_id is not None and team.id != number(team_id):
            raise UserError("You are not in that team any more.")
        return team

    async def card(self, interaction: discord.Interaction[Any], team: Team) -> ui.LayoutView:
        """Render a team as the member sees it."""
        store, reader_id = self.bot.store, interaction.user.id
        since, until = bounds("week", await self._today(team.guild_id))
        members = await store.team_members(team.id)
        own = await store.team_of(team.guild_id, reader_id)
        is_leader = is_manager(interaction) or any(
            member.is_captain and member.member_id == reader_id for member in members
        )
        is_in = own is not None and own.id == team.id
        invited = (
            await store.team_invitations(team.id, self.bot.clock()) if is_in or is_leader else ()
        )
        named = [*(member.member_id for member in members), *invited]
        return team_card(
            TeamView(
                team=team,
                members=members,
                listed=await store.listed(team.guild_id, named),
                shares=await store.team_shares(team.guild_id, team.id, since, until),
                standings=await store.team_standings(team.guild_id, since, until),
                reader_id=reader_id,
                reader_team_id=None if own is None else own.id,
                is_leader=is_leader,
                requests=(
                    await store.team_requests(team.id, self.bot.clock()) if is_leader else ()
                ),
                invited=invited,
            )
        )

    async def board(
        self, interaction: discord.Interaction[Any], period: TeamPeriod, page: int
    ) -> ui.LayoutView:
        """Render a page of the team board."""
        guild_id = require_server(self.bot, interaction)
        store, today = self.bot.store, await self._today(guild_id)
        season = await store.season_now(guild_id, today)
        if period != "season":
            since, until = bounds(period, today)
        elif season is not None:
            since, until = season.first, season.last
        else:
            raise UserError("No season runs just now. `/season archive` has those that are over.")
        standings = await store.team_standings(guild_id, since, until)
        own = await store.team_of(guild_id, interaction.user.id)
        return team_board_card(period, standings, own, page, season)

    async def leaving(
        self, interaction: discord.Interaction[Any], team_id: str | None = None
    ) -> ui.LayoutView:
        """Render the question whether the member really leaves."""
        guild_id = require_server(self.bot, interaction)
        team = await self.own(interaction, guild_id, team_id)
        members = await self.bot.store.team_members(team.id)
        (own,) = [m for m in members if m.member_id == interaction.user.id]
        waits = self.bot.clock() - own.joined_at >= TRIED
        return leave_card(team, is_captain=own.is_captain, waits=waits)

    async def show(self, interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
        """Change a private card; leave a public one as it is and answer privately."""
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)

    async def tell_captain(self, team: Team, member_id: int) -> None:
        """Write to a captain who asked for it that somebody wants to join."""
        members = await self.bot.store.team_members(team.id)
        captain = next((m for m in members if m.is_captain and m.is_told), None)
        guild = self.bot.get_guild(team.guild_id)
        if captain is None or guild is None:
            return
        try:
            channel = await self.bot.create_dm(discord.Object(captain.member_id))
            await channel.send(view=request_card(team, member_id, guild.name))
        except discord.Forbidden:
            await self.bot.store.set_told(team.guild_id, captain.member_id, is_told=False)
        except UNDELIVERED as error:
            self.bot.log_refusal("a word to a captain", error)

    async def look_for(self, team: Team) -> None:
        """Notice, for the next look, who of a team has left the server; the captain first."""
        members = await self.bot.store.team_members(team.id)
        ids = [m.member_id for m in sorted(members, key=lambda m: not m.is_captain)]
        await self.bot.presence.look(team.guild_id, ids, LOOKS)

    async def _today(self, guild_id: int) -> date:
        return local_date(self.bot.clock(), await self.bot.store.zone(guild_id))


def is_manager(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the member may moderate all teams of the server."""
    return interaction.permissions.is_superset(MANAGER)
