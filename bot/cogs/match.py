"""Matches: the commands, and what their buttons do. The clock is in bot/cogs/match_play.py."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.gates import MANAGER, for_servers, require_server
from bot.cogs.match_answering import MatchAnswering
from bot.cogs.match_opening import open_match
from bot.cogs.match_play import NOT_RUNNING, MatchPlay
from bot.cogs.topics import topic_choices, topic_id
from bot.core.contest import Contest
from bot.core.match import (
    LATE,
    LATE_MOST,
    QUESTIONS,
    QUESTIONS_MOST,
    SECONDS,
    SECONDS_LEAST,
    SECONDS_MOST,
    Match,
    MatchSettings,
    host_of,
)
from bot.errors import UserError
from bot.ui.chart import PICTURE
from bot.ui.match import menu_card, own_place_text
from bot.ui.press import number
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot

HOSTS_ONLY = "That is for the host of this match and the server's managers."


@for_servers
class Matches(commands.GroupCog, group_name="match", group_description="Play against each other"):
    """One match a channel, from lobby to finale."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.play = MatchPlay(bot)
        self.answering = MatchAnswering(bot, self.play)
        for feature, handler in (
            ("matchjoin", self.join_pressed),
            ("matchleave", self.leave_pressed),
            ("matchstart", self.begin_pressed),
            ("matchmenu", self.menu),
            ("matchpause", self.pause_pressed),
            ("matchgo", self.resume_pressed),
            ("matchskip", self.skip_pressed),
            ("matchstop", self.stop_pressed),
            ("matchmine", self.own_place),
            ("matchagain", self.play_again),
        ):
            bot.on_press(feature, handler)
        super().__init__()

    async def cog_load(self) -> None:
        """Go on with the matches that run."""
        self.play.start()

    async def cog_unload(self) -> None:
        """Stop the clock; what is in the store goes on at the next start."""
        self.play.stop()

    # --------------------------------------------------------------------- commands

    @app_commands.command()
    @app_commands.describe(
        questions=f"How many, 1 to {QUESTIONS_MOST} (default: {QUESTIONS})",
        seconds=f"For each question, {SECONDS_LEAST} to {SECONDS_MOST} (default: {SECONDS})",
        topic="What to be asked about (default: the whole exam)",
        speed="Whether the quicker right answer is worth more (default: yes)",
        late=f"Seconds after the bell in which answers count, 0 to {LATE_MOST} (default: {LATE})",
        thread="Play it in a thread of its own (default: here)",
        teams="Rank teams, too, by the average of their players (default: no)",
    )
    async def start(
        self,
        interaction: discord.Interaction[Any],
        questions: app_commands.Range[int, 1, QUESTIONS_MOST] = QUESTIONS,
        seconds: app_commands.Range[int, SECONDS_LEAST, SECONDS_MOST] = SECONDS,
        topic: str | None = None,
        speed: bool = True,
        late: app_commands.Range[int, 0, LATE_MOST] = LATE,
        thread: bool = False,
        teams: bool = False,
    ) -> None:
        """Open a match: everybody gets the same questions at the same time."""
        async with reporting(interaction):
            await open_match(
                self.play,
                interaction,
                MatchSettings(
                    questions=questions,
                    seconds=seconds,
                    late=late,
                    has_speed=speed,
                    subject=topic_id(self.bot, topic),
                    in_thread=thread,
                    for_teams=teams,
                ),
            )

    @start.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return topic_choices(self.bot, current)

    @app_commands.command()
    async def join(self, interaction: discord.Interaction[Any]) -> None:
        """Take part in the match of this channel, or come back to it."""
        async with reporting(interaction):
            await self._join(interaction, await self._here(interaction))

    @app_commands.command()
    async def leave(self, interaction: discord.Interaction[Any]) -> None:
        """Leave the match of this channel; what you have stays yours."""
        async with reporting(interaction):
            await self._leave(interaction, await self._here(interaction))

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        """Stop the clock of this channel's match (its host and managers)."""
        async with reporting(interaction):
            await self._pause(interaction, await self._here(interaction))

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        """Let a paused match go on (its host and managers)."""
        async with reporting(interaction):
            await self._resume(interaction, await self._here(interaction))

    @app_commands.command()
    async def skip(self, interaction: discord.Interaction[Any]) -> None:
        """Skip the question, which then counts for nobody, or the wait (its host and managers)."""
        async with reporting(interaction):
            await self._skip(interaction, await self._here(interaction))

    @app_commands.command()
    async def stop(self, interaction: discord.Interaction[Any]) -> None:
        """End this channel's match with the results so far (its host and managers)."""
        async with reporting(interaction):
            await self._stop(interaction, await self._here(interaction))

    @app_commands.command()
    async def results(self, interaction: discord.Interaction[Any]) -> None:
        """See how the last match of this server ended."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            match = await self.bot.store.last_match(guild_id)
            if match is None:
                raise UserError("There was no match here yet. `/match start` opens one.")
            await interaction.response.defer(ephemeral=True, thinking=True)
            view, picture = await self.play.results.finale(match, may_attach=True)
            if picture is None:
                await interaction.followup.send(view=view, ephemeral=True)
                return
            file = discord.File(io.BytesIO(picture.png), PICTURE, description=picture.alt)
            await interaction.followup.send(view=view, file=file, ephemeral=True)

    # ---------------------------------------------------------------------- buttons

    async def join_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Join."""
        await self._join(interaction, await self._match(interaction, match_id))

    async def leave_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Leave."""
        await self._leave(interaction, await self._match(interaction, match_id))

    async def begin_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Begin."""
        match = await self._match(interaction, match_id)
        await self._require_host(interaction, match)
        await self.play.begin(match.id)
        await interaction.response.send_message("It begins.", ephemeral=True)

    async def menu(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Show what the member may do."""
        match = await self._match(interaction, match_id)
        if match.is_over:
            raise UserError(NOT_RUNNING)
        contest = await self._contest(match)
        own = contest.contestant(interaction.user.id)
        view = menu_card(
            match,
            is_in=own is not None and own.is_in,
            runs_it=_runs_it(interaction, contest),
            host_id=host_of(contest),
        )
        await interaction.response.send_message(view=view, ephemeral=True)

    async def pause_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Pause."""
        await self._pause(interaction, await self._match(interaction, match_id))

    async def resume_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Go on."""
        await self._resume(interaction, await self._match(interaction, match_id))

    async def skip_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Skip."""
        await self._skip(interaction, await self._match(interaction, match_id))

    async def stop_pressed(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Stop, or call off."""
        await self._stop(interaction, await self._match(interaction, match_id))

    async def own_place(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Show a player where they stand, by the questions that are over."""
        match = await self._match(interaction, match_id)
        contest = await self._contest(match)
        if contest.finished_at is not None:
            found = await self.play.results.final(match)
        else:
            found = await self.play.results.standings(match, contest)
        text = own_place_text(
            found,
            interaction.user.id,
            self.play.results.topic_names(),
            await self.bot.store.match_teams(match.id),
        )
        await interaction.response.send_message(text, ephemeral=True)

    async def play_again(self, interaction: discord.Interaction[Any], match_id: str) -> None:
        """Open a new match with the same settings; from a match's own thread, in that thread."""
        match = await self._match(interaction, match_id)
        in_thread = match.settings.in_thread and not isinstance(interaction.channel, discord.Thread)
        await open_match(self.play, interaction, replace(match.settings, in_thread=in_thread))

    # ------------------------------------------------------------------ what they do

    async def _join(self, interaction: discord.Interaction[Any], match: Match) -> None:
        if match.is_over:
            raise UserError(NOT_RUNNING)
        if await self.play.join(match.id, interaction.user.id):
            text = (
                "You are in. It begins when the host presses **Start**."
                if match.phase == "lobby"
                else "You are in, from the question that is open or comes next."
            )
        else:
            text = "You are in already."
        self.play.wake(match.id)
        await interaction.response.send_message(text, ephemeral=True)
        await self.bot.record_name(interaction)

    async def _leave(self, interaction: discord.Interaction[Any], match: Match) -> None:
        if match.is_over:
            raise UserError(NOT_RUNNING)
        if not await self.bot.store.leave_contest(match.id, interaction.user.id, self.bot.clock()):
            raise UserError("You are not in this match.")
        self.play.wake(match.id)
        text = "You left. **Join** brings you back."
        if match.phase != "lobby":
            text = "You left; what you have stays yours. Answer again to come back."
        await interaction.response.send_message(text, ephemeral=True)

    async def _pause(self, interaction: discord.Interaction[Any], match: Match) -> None:
        await self._require_host(interaction, match)
        await self.play.pause(match.id)
        await interaction.response.send_message(
            "Paused. **Go on** or `/match resume` continues it.", ephemeral=True
        )

    async def _resume(self, interaction: discord.Interaction[Any], match: Match) -> None:
        await self._require_host(interaction, match)
        await self.play.resume(match.id)
        await interaction.response.send_message("It goes on.", ephemeral=True)

    async def _skip(self, interaction: discord.Interaction[Any], match: Match) -> None:
        await self._require_host(interaction, match)
        text = "Skipped: the question counts for nobody."
        if await self.play.skip(match.id) == "wait":
            text = "Skipped the wait."
        await interaction.response.send_message(text, ephemeral=True)

    async def _stop(self, interaction: discord.Interaction[Any], match: Match) -> None:
        await self._require_host(interaction, match)
        ending = await self.play.end(match.id)
        text = "Called off." if ending == "called_off" else "Stopped. Here come the results."
        await interaction.response.send_message(text, ephemeral=True)

    # --------------------------------------------------------------------- helpers

    async def _here(self, interaction: discord.Interaction[Any]) -> Match:
        require_server(self.bot, interaction)
        match = await self.bot.store.match_in(interaction.channel_id or 0)
        if match is None or match.is_over:
            raise UserError("There is no match in this channel. `/match start` opens one.")
        return match

    async def _match(self, interaction: discord.Interaction[Any], match_id: str) -> Match:
        guild_id = require_server(self.bot, interaction)
        match = await self.bot.store.match(number(match_id))
        if match is None or match.guild_id != guild_id:
            raise UserError("That match is not one of this server's.")
        return match

    async def _contest(self, match: Match) -> Contest:
        contest = await self.bot.store.contest(match.id)
        assert contest is not None  # noqa: S101 - a match has one
        return contest

    async def _require_host(self, interaction: discord.Interaction[Any], match: Match) -> None:
        if match.is_over:
            raise UserError(NOT_RUNNING)
        contest = await self._contest(match)
        if not _runs_it(interaction, contest):
            host = host_of(contest)
            who = f" The host is <@{host}>." if host is not None else ""
            raise UserError(f"{HOSTS_ONLY}{who}")

    # ----------------------------------------------------------------------- events

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the match of a channel that is gone."""
        await self.play.place_deleted(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """End the match of a thread that is gone."""
        await self.play.place_deleted(payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Show a match's message again that somebody deleted."""
        self.play.message_deleted(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Show a match's messages again that somebody deleted."""
        for message_id in payload.message_ids:
            self.play.message_deleted(message_id)


def _runs_it(interaction: discord.Interaction[Any], contest: Contest) -> bool:
    """Return whether a member may pause, skip and stop: the host, and managers."""
    is_manager = interaction.permissions.is_superset(MANAGER)
    return is_manager or host_of(contest) == interaction.user.id
