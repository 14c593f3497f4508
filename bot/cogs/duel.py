"""Duels: ``/duel challenge``, ``/duel list``, ``/duel record``, and what their buttons do.

There is no plain ``/duel``: on Discord a command with subcommands cannot be used by itself.

The questions are played in private messages that only the member sees. Anything that counts is
committed before the member is told; the public message follows (bot/cogs/duel_messages.py).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.cogs.duel_messages import DuelMessages, new_nonce
from bot.cogs.gates import for_servers, require_server
from bot.cogs.presence import GONE as GONE_CODES
from bot.cogs.quiz import number, topic_choices
from bot.core.daily import local_date
from bot.core.duel import QUESTIONS, SEEN_LATELY, Duel, Ending, Played, by_opponent, tally
from bot.core.period import PERIOD_NAMES, Period, bounds
from bot.core.post import Shown, show
from bot.core.quiz import draw_exam, draw_round
from bot.errors import UserError
from bot.store.duels import GONE, NOT_YOURS, OVER
from bot.ui.duels import (
    duels_card,
    finished_card,
    mention,
    missed_card,
    opponents_text,
    record_text,
    turn_card,
    waiting_card,
)
from bot.ui.report import reporting
from bot.ui.words import moment

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)


OUTAGE, OUTAGE_TICKS = timedelta(minutes=2), 3
"""Without a sign of life for longer, and for so many ticks, the bot was down."""


@for_servers
class Duels(commands.GroupCog, group_name="duel", group_description="Two members, five questions"):
    """Two members against each other."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.messages = DuelMessages(bot)
        bot.on_press("duelyes", self.accept)
        bot.on_press("duelno", self.decline)
        bot.on_press("duelback", self.withdraw)
        bot.on_press("duelplay", self.play)
        bot.on_press("duelpick", self.pick)
        bot.on_press("duelseen", self.missed)
        bot.on_press("rematch", self.rematch)
        self.clock.change_interval(seconds=bot.tick.total_seconds())
        super().__init__()

    async def cog_load(self) -> None:
        """Start looking for duels whose time is up, which was not while the bot was down."""
        await self._keep_alive()
        self.clock.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.clock.cancel()

    @tasks.loop(seconds=60)
    async def clock(self) -> None:
        """Do what is due; nothing that goes wrong may end the loop."""
        try:
            await self.tick()
        except Exception:
            _log.exception("Duels could not be looked after; it is tried again soon")

    @clock.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

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
            topic_id = None
            if topic:
                found = self.bot.shelf.topic_named(topic)
                if found is None:
                    raise UserError("I have no topic of that name. Pick one from the list.")
                topic_id = found.id
            await self._challenge(interaction, member, topic_id)

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
                view=await self._open_duels(interaction), ephemeral=True
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

    # ------------------------------------------------------------------- invitations

    async def accept(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Begin the duel, for who was challenged."""
        duel = await self._own(interaction, duel_id)
        now, member = self.bot.clock(), interaction.user
        if duel.challenger_id == member.id and duel.is_invitation:
            raise UserError("You challenged: now it is the other one's turn to accept.")
        await interaction.response.defer()
        if duel.is_invitation and not duel.is_over(now):
            assert duel.challenger_id is not None  # noqa: S101 - it would be over
            if not await self._is_here(duel.guild_id, duel.challenger_id):
                await self.bot.store.end_invitation(duel.id, "off", now)
                await self.messages.refresh(duel.id)
                raise UserError("Who challenged you is not in this server any more.")
            shown = await self._draw(duel, now)
            zone = await self.bot.store.zone(duel.guild_id)
        else:
            shown, zone = [], "UTC"  # refused below, in words
        await self.bot.store.accept_duel(
            duel.id, member.id, shown=shown, study_date=local_date(now, zone), now=now
        )
        await self._show_again(interaction, duel)
        await self._note_name(interaction)

    async def decline(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """End an invitation, for who was challenged."""
        duel = await self._own(interaction, duel_id)
        if duel.opponent_id != interaction.user.id:
            raise UserError("Only who was challenged can decline. You can withdraw.")
        await self._end(interaction, duel, "declined")

    async def withdraw(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """End an invitation, for the challenger."""
        duel = await self._own(interaction, duel_id)
        if duel.challenger_id != interaction.user.id:
            raise UserError("Only the challenger can withdraw. You can decline.")
        await self._end(interaction, duel, "withdrawn")

    async def rematch(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Challenge the other one of a duel that is over."""
        duel = await self._own(interaction, duel_id)
        other_id = duel.other(interaction.user.id)
        if duel.ended_at is None:
            raise UserError("This duel is not over yet.")
        guild = self.bot.get_guild(duel.guild_id)
        if other_id is None or guild is None or not await self._is_here(guild.id, other_id):
            raise UserError("They are not in this server any more.")
        await self._invite(interaction, other_id, duel.topic)

    # ----------------------------------------------------------------------- playing

    async def play(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Show a member their next question, in private."""
        duel = await self._own(interaction, duel_id)
        await interaction.response.send_message(
            view=await self._next(duel, interaction.user.id), ephemeral=True
        )
        await self.messages.refresh(duel.id)
        await self._note_name(interaction)

    async def pick(self, interaction: discord.Interaction[Any], post_id: str, place: str) -> None:
        """Record an answer, then show the next question; a second press changes nothing."""
        post = await self.bot.store.post(number(post_id))
        duel = None
        if post is not None and post.contest_id is not None:
            duel = await self.bot.store.duel_of_contest(post.contest_id)
        if post is None or duel is None or duel.guild_id != interaction.guild_id:
            # Its question is gone because nobody answered it in time, or it never was.
            raise UserError(OVER if post is None else GONE)
        member_id, now = interaction.user.id, self.bot.clock()
        if not duel.is_of(member_id):
            raise UserError(NOT_YOURS)
        if duel.contest is not None and not duel.is_over(now):
            if not await self.bot.store.was_shown(duel.contest.id, post.place, member_id):
                raise UserError("That question is not yours yet. Press Play on the duel's message.")
            await self.bot.store.record_answer(
                post.id, member_id=member_id, place=number(place), at=now
            )
        await interaction.response.edit_message(view=await self._next(duel, member_id))
        await self.messages.refresh(duel.id)

    async def missed(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Show a member what they missed in a duel that is over."""
        duel = await self._own(interaction, duel_id)
        if duel.ended_at is None or duel.contest is None:
            raise UserError("This duel is not over yet. What was right comes with its result.")
        posts = await self.bot.store.contest_posts(duel.contest.id)
        answers = {
            answer.post_id: answer
            for answer in await self.bot.store.contest_answers(duel.contest.id)
            if answer.member_id == interaction.user.id
        }
        await interaction.response.send_message(view=missed_card(posts, answers), ephemeral=True)

    async def _next(self, duel: Duel, member_id: int) -> discord.ui.LayoutView:
        """Return what a member sees now: their next question, that they wait, or the result."""
        store, now = self.bot.store, self.bot.clock()
        if duel.is_running and not duel.is_over(now):
            turn = await store.duel_turn(duel.id, member_id, now)
            if turn is not None:
                return turn_card(duel, turn, member_id=member_id)
            await store.note_played(duel.id)
        await store.finish_duel(duel.id, now)
        found = await store.duel(duel.id)
        if found is None or found.contest is None:
            raise UserError("It waits to be accepted." if duel.is_invitation else OVER)
        if found.is_running:
            played = await store.played(found.contest.id)
            return waiting_card(found, played.get(member_id, Played()), member_id=member_id)
        return finished_card(found, subject=self.messages.subject(found))

    # ------------------------------------------------------------------------ helpers

    async def _challenge(
        self,
        interaction: discord.Interaction[Any],
        member: discord.Member | discord.User,
        topic: str | None,
    ) -> None:
        require_server(self.bot, interaction)
        if member.id == interaction.user.id:
            raise UserError("You cannot duel yourself. `/quiz` is for practice alone.")
        if member.bot:
            raise UserError("Bots do not duel; it would not be fair. Pick a person.")
        if not isinstance(member, discord.Member):
            raise UserError(f"{mention(member.id)} is not in this server.")
        await self._invite(interaction, member.id, topic)

    async def _invite(
        self, interaction: discord.Interaction[Any], opponent_id: int, topic: str | None
    ) -> None:
        guild_id, channel_id = require_server(self.bot, interaction), interaction.channel_id
        if len(self.bot.shelf.questions_on(topic)) < QUESTIONS:
            raise UserError(f"That topic has fewer than {QUESTIONS} questions. Pick another.")
        may = interaction.app_permissions
        is_thread = isinstance(interaction.channel, discord.Thread)
        can_send = may.send_messages_in_threads if is_thread else may.send_messages
        if channel_id is None or not (may.view_channel and can_send):
            raise UserError(_CANNOT_POST)
        await interaction.response.defer(ephemeral=True, thinking=True)
        duel = await self.bot.store.invite_to_duel(
            guild_id=guild_id,
            channel_id=channel_id,
            challenger_id=interaction.user.id,
            opponent_id=opponent_id,
            topic=topic,
            nonce=new_nonce(),
            now=self.bot.clock(),
        )
        try:
            is_sent = await self.messages.send_first(duel)
        except (discord.Forbidden, discord.NotFound):
            await self.bot.store.end_invitation(duel.id, "unsent", self.bot.clock())
            raise UserError(_CANNOT_POST) from None
        how = "They are asked here" if is_sent else "They are asked here as soon as Discord lets me"
        await interaction.followup.send(
            f"You challenged {mention(opponent_id)}. {how}, and can accept until "
            f"{moment(duel.expires_at, 'f')}. `/duel list` shows your duels.",
            ephemeral=True,
        )
        await self._note_name(interaction)

    async def _end(self, interaction: discord.Interaction[Any], duel: Duel, ending: Ending) -> None:
        """End an invitation and show that."""
        await interaction.response.defer()
        if not await self.bot.store.end_invitation(duel.id, ending, self.bot.clock()):
            raise UserError("It was accepted: press Play." if duel.is_running else OVER)
        await self._show_again(interaction, duel)

    async def _show_again(self, interaction: discord.Interaction[Any], duel: Duel) -> None:
        """Bring the public message up to date, and the list from which a button was pressed."""
        await self.messages.refresh(duel.id)
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await interaction.edit_original_response(view=await self._open_duels(interaction))

    async def _open_duels(self, interaction: discord.Interaction[Any]) -> discord.ui.LayoutView:
        guild_id, member_id = require_server(self.bot, interaction), interaction.user.id
        now = self.bot.clock()
        duels = await self.bot.store.open_duels(guild_id, member_id)
        return duels_card([duel for duel in duels if not duel.is_over(now)], member_id=member_id)

    async def _draw(self, duel: Duel, now: datetime) -> list[Shown]:
        """Draw the questions of both: by the exam's weights, first those neither met lately."""
        store, shelf, guild_id = self.bot.store, self.bot.shelf, duel.guild_id
        opened = await store.open_question_ids(guild_id)
        entries = {question.entry_id for question in shelf.pool if question.id in opened}
        taken = opened | await store.held_questions(guild_id)
        members = [one for one in (duel.challenger_id, duel.opponent_id) if one is not None]
        seen = await store.seen_lately(guild_id, members, (now - SEEN_LATELY).date())
        pool, exam = shelf.questions_on(duel.topic), shelf.exam_of(duel.topic)
        draw = draw_round if exam is None else partial(draw_exam, exam=exam)
        for avoid in (taken | seen, taken):
            drawn = draw(pool, QUESTIONS, self.bot.rng, avoid=avoid, avoid_entries=entries)
            if len(drawn) == QUESTIONS:
                return [show(question, self.bot.rng) for question in drawn]
        raise UserError(
            "There are not enough questions just now: the others are part of open challenges or "
            "contests. Try again later."
        )

    async def _own(self, interaction: discord.Interaction[Any], duel_id: str) -> Duel:
        """Return a duel of the member who pressed.

        Raises:
            UserError: there is none, or it is between two others.
        """
        duel = await self.bot.store.duel(number(duel_id))
        if duel is None or duel.guild_id != interaction.guild_id:
            raise UserError(GONE)
        if not duel.is_of(interaction.user.id):
            raise UserError(NOT_YOURS)
        return duel

    async def _is_here(self, guild_id: int, member_id: int) -> bool:
        """Return whether a member is in a server, as far as Discord says."""
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return False
        try:
            await guild.fetch_member(member_id)
        except discord.HTTPException as error:
            return error.code not in GONE_CODES
        return True

    async def _note_name(self, interaction: discord.Interaction[Any]) -> None:
        guild_id = interaction.guild_id
        if guild_id is not None:
            name = interaction.user.display_name
            await self.bot.store.record_name(
                guild_id, interaction.user.id, name=name, at=self.bot.clock()
            )


_CANNOT_POST = (
    "I can't post in this channel: I lack View Channel or Send Messages here. Try it in another "
    "channel, or ask a manager to give me that."
)
