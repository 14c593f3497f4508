"""Teams: ``/team``. Captains lead theirs, managers may moderate all of them.

Who may do what is decided in the store, in the write itself; here a command only says who asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.delivery import UNDELIVERED
from bot.cogs.gates import for_servers, require_manager, require_server
from bot.cogs.team_show import TeamShow, is_manager
from bot.core.team import Team
from bot.core.team_name import NAME_CHARS, team_name
from bot.errors import UserError
from bot.ui.card import Card
from bot.ui.limits import AUTOCOMPLETE_CHOICES
from bot.ui.press import FORGED, number, snowflake
from bot.ui.report import reporting
from bot.ui.teams import (
    TEAM_PERIODS,
    TEAMS_OFFERED,
    TeamPeriod,
    founded_card,
    invitation_card,
    no_team_card,
)
from bot.ui.words import echo, plural

if TYPE_CHECKING:
    from bot.app import StudyBot

Entry = Literal["anybody may join", "the captain chooses"]
Name = app_commands.Range[str, 1, 100]
NAME_HELP = f"{NAME_CHARS[0]} to {NAME_CHARS[1]} characters"


@for_servers
class Teams(commands.GroupCog, group_name="team", group_description="Teams of this server"):
    """Founding, joining, leading and leaving teams, and their board."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.teams = TeamShow(bot)
        bot.on_press("teamjoin", self.press_join)
        bot.on_press("teamrefuse", self.refuse)
        bot.on_press("teamlook", self.look)
        bot.on_press("teamleave", self.ask_leave)
        bot.on_press("teamgo", self.go)
        bot.on_press("teamentry", self.set_entry)
        bot.on_press("teamtold", self.set_told)
        bot.on_press("teamquiet", self.be_quiet)
        bot.on_press("teamyes", self.accept)
        bot.on_press("teamno", self.decline)
        for feature in ("teamboard", "teamprev", "teamnext"):
            bot.on_press(feature, self.turn)
        super().__init__()

    # -------------------------------------------------------------------- commands

    @app_commands.command()
    @app_commands.describe(name=NAME_HELP, entry="Who may join (default: anybody)")
    async def create(
        self,
        interaction: discord.Interaction[Any],
        name: Name,
        entry: Entry = "anybody may join",
    ) -> None:
        """Found a team and lead it."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            now = self.bot.clock()
            team = await self.bot.store.found_team(
                guild_id,
                interaction.user.id,
                team_name(name),
                is_open=entry == "anybody may join",
                at=now,
            )
            await interaction.response.send_message(
                view=founded_card(team, interaction.user.id),
                ephemeral=await self.bot.store.is_hidden(guild_id, interaction.user.id),
            )
            await self.bot.record_name(interaction)

    @app_commands.command()
    @app_commands.describe(team="Which one")
    async def join(self, interaction: discord.Interaction[Any], team: Name) -> None:
        """Join a team, or ask its captain."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            await self._join(interaction, await self.teams.named(guild_id, team))

    @app_commands.command()
    @app_commands.describe(member="Who is to join; they are asked in this channel")
    async def invite(
        self, interaction: discord.Interaction[Any], member: discord.Member | discord.User
    ) -> None:
        """Invite somebody to your team, also one that nobody joins unasked (captains)."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if member.id == interaction.user.id:
                raise UserError("You cannot invite yourself. Pick somebody else.")
            if member.bot or not isinstance(member, discord.Member):
                raise UserError("Only people of this server can join a team. Pick one of them.")
            now = self.bot.clock()
            team = await self.bot.store.invite_to_team(
                guild_id,
                member.id,
                by=interaction.user.id,
                is_manager=is_manager(interaction),
                at=now,
            )
            try:
                await interaction.response.send_message(
                    view=invitation_card(team, by=interaction.user.id, member_id=member.id),
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False, users=[member], roles=False
                    ),
                )
            except UNDELIVERED:
                await self.bot.store.withdraw_invitation(team.id, member.id, now)
                raise
            await self.bot.record_name(interaction)

    @app_commands.command()
    async def leave(self, interaction: discord.Interaction[Any]) -> None:
        """Leave your team, after a confirmation that says what follows."""
        async with reporting(interaction):
            view = await self.teams.leaving(interaction)
            await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(name=NAME_HELP, team="Which one, for managers (default: your own)")
    async def rename(
        self, interaction: discord.Interaction[Any], name: Name, team: Name | None = None
    ) -> None:
        """Give your team another name (captains; managers any team)."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            found = await self.teams.meant(interaction, guild_id, team)
            renamed = await self.bot.store.rename_team(
                guild_id,
                found.id,
                team_name(name),
                by=interaction.user.id,
                is_manager=is_manager(interaction),
            )
            text = f"{echo(found.name)} is called **{echo(renamed.name)}** now."
            if renamed.is_name_fixed:
                text += " Only managers can change this name."
            await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(team="Which one (default: your own)")
    async def show(self, interaction: discord.Interaction[Any], team: Name | None = None) -> None:
        """Look at a team: its members, its place, and for captains who asks to join."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if team is None:
                found = await self.bot.store.team_of(guild_id, interaction.user.id)
            else:
                found = await self.teams.named(guild_id, team)
            if found is None:
                teams = await self.bot.store.teams_with_room(guild_id, TEAMS_OFFERED)
                await interaction.response.send_message(view=no_team_card(teams), ephemeral=True)
                return
            view = await self.teams.card(interaction, found)
            await interaction.response.send_message(view=view, ephemeral=True)
            await self.teams.look_for(found)

    @app_commands.command()
    @app_commands.describe(member="Who leads your team from now on")
    async def captain(
        self, interaction: discord.Interaction[Any], member: discord.Member | discord.User
    ) -> None:
        """Hand your team to another of its members (captains; managers any team)."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            team = await self.bot.store.set_captain(
                guild_id,
                member.id,
                by=interaction.user.id,
                is_manager=is_manager(interaction),
            )
            await interaction.response.send_message(
                f"<@{member.id}> leads {echo(team.name)} now.", ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(member="Who is to go")
    async def kick(
        self, interaction: discord.Interaction[Any], member: discord.Member | discord.User
    ) -> None:
        """Put a member out of your team (captains; managers any team)."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            gone = await self.bot.store.remove_from_team(
                guild_id,
                member.id,
                by=interaction.user.id,
                is_manager=is_manager(interaction),
                at=self.bot.clock(),
            )
            text = f"<@{member.id}> is not in {echo(gone.team.name)} any more; what they earned "
            text += "for it stays. They may join another team at once."
            if gone.captain_id is not None:
                text += f" <@{gone.captain_id}> leads it now."
            if gone.has_ended:
                text += " It was the last member, so the team ended."
            await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(period="Which days count (default: this week)")
    async def board(
        self, interaction: discord.Interaction[Any], period: TeamPeriod = "week"
    ) -> None:
        """Show the teams' board, by the average of their members."""
        async with reporting(interaction):
            view = await self.teams.board(interaction, period, 0)
            await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(team="Which one")
    async def disband(self, interaction: discord.Interaction[Any], team: Name) -> None:
        """End a team (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            found = await self.teams.named(guild_id, team)
            gone = await self.bot.store.disband_team(guild_id, found.id, self.bot.clock())
            await interaction.response.send_message(
                f"{echo(gone.name)} is disbanded; {plural(gone.size, 'member')} may join another "
                "team at once. Its results stay, as those of “a disbanded team”.",
                ephemeral=True,
            )

    @join.autocomplete("team")
    @rename.autocomplete("team")
    @show.autocomplete("team")
    @disband.autocomplete("team")
    async def _teams(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        guild_id = self.bot.server_of(interaction)
        if guild_id is None:
            return []
        names = await self.bot.store.team_names(guild_id, current, AUTOCOMPLETE_CHOICES)
        return [app_commands.Choice(name=name, value=name) for name in names]

    # --------------------------------------------------------------------- buttons

    async def press_join(self, interaction: discord.Interaction[Any], team_id: str) -> None:
        """Join the team of a button."""
        guild_id = require_server(self.bot, interaction)
        await self._join(interaction, await self.teams.existing(guild_id, team_id))

    async def refuse(self, interaction: discord.Interaction[Any], team_id: str) -> None:
        """Decline an invitation, for who was invited."""
        guild_id = require_server(self.bot, interaction)
        team = await self.teams.existing(guild_id, team_id)
        await self.bot.store.refuse_invitation(team.id, interaction.user.id, self.bot.clock())
        text = f"Declined; {echo(team.name)} does not ask you again soon. Nobody else sees this."
        await interaction.response.send_message(text, ephemeral=True)

    async def look(self, interaction: discord.Interaction[Any], team_id: str) -> None:
        """Show the team of a button, in place of a private card or beside a public one."""
        guild_id = require_server(self.bot, interaction)
        team = await self.teams.existing(guild_id, team_id)
        await self.teams.show(interaction, await self.teams.card(interaction, team))
        await self.teams.look_for(team)

    async def ask_leave(self, interaction: discord.Interaction[Any], team_id: str) -> None:
        """Ask before somebody leaves."""
        await self.teams.show(interaction, await self.teams.leaving(interaction, team_id))

    async def go(self, interaction: discord.Interaction[Any], team_id: str) -> None:
        """Leave."""
        guild_id = require_server(self.bot, interaction)
        await self.teams.own(interaction, guild_id, team_id)
        gone = await self.bot.store.leave_team(guild_id, interaction.user.id, self.bot.clock())
        text = f"You left {echo(gone.team.name)}."
        if gone.has_ended:
            text += " You were its last member, so it ended; its results stay."
        await self.teams.show(interaction, _said(text))

    async def set_entry(
        self, interaction: discord.Interaction[Any], team_id: str, is_open: str
    ) -> None:
        """Say whether anybody may join."""
        guild_id = require_server(self.bot, interaction)
        if is_open not in ("0", "1"):
            raise UserError(FORGED)
        team = await self.bot.store.set_team_entry(
            guild_id,
            number(team_id),
            is_open=is_open == "1",
            by=interaction.user.id,
            is_manager=is_manager(interaction),
        )
        await self.teams.show(interaction, await self.teams.card(interaction, team))

    async def set_told(
        self, interaction: discord.Interaction[Any], guild_id: str, is_told: str
    ) -> None:
        """Write to a captain about requests from now on, or no longer."""
        here = require_server(self.bot, interaction)
        if is_told not in ("0", "1") or guild_id != str(here):
            raise UserError(FORGED)
        await self.bot.store.set_told(here, interaction.user.id, is_told=is_told == "1")
        team = await self.teams.own(interaction, here, None)
        await self.teams.show(interaction, await self.teams.card(interaction, team))

    async def be_quiet(self, interaction: discord.Interaction[Any], guild_id: str) -> None:
        """Write to a captain no longer; pressed in a direct message."""
        await self.bot.store.set_told(snowflake(guild_id), interaction.user.id, is_told=False)
        await interaction.response.send_message(
            "I write to you about requests no more; `/team show` has them.", ephemeral=True
        )

    async def accept(
        self, interaction: discord.Interaction[Any], team_id: str, member_id: str
    ) -> None:
        """Take in a member who asked."""
        team = await self._answer(interaction, self.bot.store.accept_request, team_id, member_id)
        await self.bot.presence.look(team.guild_id, [snowflake(member_id)], 1)

    async def decline(
        self, interaction: discord.Interaction[Any], team_id: str, member_id: str
    ) -> None:
        """Let a member who asked wait no longer."""
        await self._answer(interaction, self.bot.store.decline_request, team_id, member_id)

    async def turn(self, interaction: discord.Interaction[Any], period: str, page: str) -> None:
        """Show another period or page of the board."""
        for known in TEAM_PERIODS:
            if known == period:
                await self.teams.show(
                    interaction, await self.teams.board(interaction, known, number(page))
                )
                return
        raise UserError(FORGED)

    # ----------------------------------------------------------------------- steps

    async def _answer(
        self,
        interaction: discord.Interaction[Any],
        answer: Callable[..., Awaitable[Team]],
        team_id: str,
        member_id: str,
    ) -> Team:
        """Answer a request with a method of the store, and show the team as it is then."""
        team = await answer(
            require_server(self.bot, interaction),
            number(team_id),
            snowflake(member_id),
            by=interaction.user.id,
            is_manager=is_manager(interaction),
            at=self.bot.clock(),
        )
        await self.teams.show(interaction, await self.teams.card(interaction, team))
        return team

    async def _join(self, interaction: discord.Interaction[Any], team: Team) -> None:
        store, now = self.bot.store, self.bot.clock()
        joined, is_in = await store.join_team(team.guild_id, interaction.user.id, team.id, now)
        if is_in:
            text = (
                f"You are in {echo(joined.name)}, {plural(joined.size, 'member')} strong. What you "
                "answer from now on counts for it; `/team show` has the others."
            )
        else:
            text = (
                f"Your request waits for the captain of {echo(joined.name)}, who sees it in "
                "`/team show`. You are in as soon as they accept."
            )
        await interaction.response.send_message(text, ephemeral=True)
        await self.bot.record_name(interaction)
        if not is_in:
            await self.teams.tell_captain(team, interaction.user.id)
            await self.teams.look_for(team)


def _said(text: str) -> ui.LayoutView:
    view = Card()
    view.add_item(ui.TextDisplay(text))
    return view
