"""Inviting to a duel: what the buttons of an invitation do, and drawing its questions."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.duel_messages import DuelMessages, new_nonce
from bot.cogs.duel_play import own_duel
from bot.cogs.gates import require_server
from bot.cogs.presence import GONE as GONE_CODES
from bot.core.daily import local_date
from bot.core.duel import QUESTIONS, SEEN_LATELY, Duel, Ending
from bot.core.post import Shown, show
from bot.core.quiz import draw_exam, draw_round
from bot.errors import UserError
from bot.store.duel_rows import OVER
from bot.ui.duel_private import duels_card
from bot.ui.duels import mention
from bot.ui.words import moment

if TYPE_CHECKING:
    from bot.app import StudyBot

CANNOT_POST = (
    "I can't post in this channel: I lack View Channel or Send Messages here. Try it in another "
    "channel, or ask a manager to give me that."
)


class DuelInviting:
    """From the challenge to its acceptance, or to its end."""

    def __init__(self, bot: StudyBot, messages: DuelMessages) -> None:
        self.bot = bot
        self.messages = messages
        bot.on_press("duelyes", self.accept)
        bot.on_press("duelno", self.decline)
        bot.on_press("duelback", self.withdraw)
        bot.on_press("rematch", self.rematch)

    async def challenge(
        self,
        interaction: discord.Interaction[Any],
        member: discord.Member | discord.User,
        topic: str | None,
    ) -> None:
        """Challenge a member, whom Discord resolved.

        Raises:
            UserError: they cannot be challenged.
        """
        require_server(self.bot, interaction)
        if member.id == interaction.user.id:
            raise UserError("You cannot duel yourself. `/quiz` is for practice alone.")
        if member.bot:
            raise UserError("Bots do not duel; it would not be fair. Pick a person.")
        if not isinstance(member, discord.Member):
            raise UserError(f"{mention(member.id)} is not in this server.")
        await self._invite(interaction, member.id, topic)

    async def accept(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Begin the duel, for who was challenged."""
        duel = await own_duel(self.bot, interaction, duel_id)
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
        today = local_date(now, await self.bot.store.zone(duel.guild_id))
        async with self.bot.drawing[duel.guild_id]:
            is_open = duel.is_invitation and not duel.is_over(now)
            shown = await self._draw(duel, now) if is_open else []  # then it is refused, in words
            await self.bot.store.accept_duel(
                duel.id, member.id, shown=shown, study_date=today, now=now
            )
        await self._show_again(interaction, duel)
        await self.bot.record_name(interaction)

    async def decline(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """End an invitation, for who was challenged."""
        duel = await own_duel(self.bot, interaction, duel_id)
        if duel.opponent_id != interaction.user.id:
            raise UserError("Only who was challenged can decline. You can withdraw.")
        await self._end(interaction, duel, "declined")

    async def withdraw(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """End an invitation, for the challenger."""
        duel = await own_duel(self.bot, interaction, duel_id)
        if duel.challenger_id != interaction.user.id:
            raise UserError("Only the challenger can withdraw. You can decline.")
        await self._end(interaction, duel, "withdrawn")

    async def rematch(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Challenge the other one of a duel that is over."""
        duel = await own_duel(self.bot, interaction, duel_id)
        other_id = duel.other(interaction.user.id)
        if duel.ended_at is None:
            raise UserError("This duel is not over yet.")
        guild = self.bot.get_guild(duel.guild_id)
        if other_id is None or guild is None or not await self._is_here(guild.id, other_id):
            raise UserError("They are not in this server any more.")
        await self._invite(interaction, other_id, duel.topic)

    async def open_duels(self, interaction: discord.Interaction[Any]) -> discord.ui.LayoutView:
        """Render the open duels of who asks."""
        guild_id, member_id = require_server(self.bot, interaction), interaction.user.id
        now = self.bot.clock()
        duels = await self.bot.store.open_duels(guild_id, member_id)
        return duels_card([duel for duel in duels if not duel.is_over(now)], member_id=member_id)

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
            raise UserError(CANNOT_POST)
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
            raise UserError(CANNOT_POST) from None
        how = "They are asked here" if is_sent else "They are asked here as soon as Discord lets me"
        await interaction.followup.send(
            f"You challenged {mention(opponent_id)}. {how}, and can accept until "
            f"{moment(duel.expires_at, 'f')}. `/duel list` shows your duels.",
            ephemeral=True,
        )
        await self.bot.record_name(interaction)

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
            await interaction.edit_original_response(view=await self.open_duels(interaction))

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
