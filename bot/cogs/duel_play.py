"""Playing a duel in private: the questions one by one, then what was missed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.duel_messages import DuelMessages
from bot.core.duel import Duel, Played
from bot.errors import UserError
from bot.store.duel_rows import GONE, NOT_YOURS, OVER
from bot.ui.duel_private import finished_card, missed_card, turn_card, waiting_card
from bot.ui.press import number

if TYPE_CHECKING:
    from bot.app import StudyBot


class DuelPlay:
    """What the two do once it was accepted."""

    def __init__(self, bot: StudyBot, messages: DuelMessages) -> None:
        self.bot = bot
        self.messages = messages
        bot.on_press("duelplay", self.play)
        bot.on_press("duelpick", self.pick)
        bot.on_press("duelseen", self.missed)

    async def play(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Show a member their next question, in private."""
        duel = await own_duel(self.bot, interaction, duel_id)
        await self._show_next(interaction, duel, in_place=False)
        await self.bot.record_name(interaction)

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
        await self._show_next(interaction, duel, in_place=True)

    async def missed(self, interaction: discord.Interaction[Any], duel_id: str) -> None:
        """Show a member what they missed in a duel that is over."""
        duel = await own_duel(self.bot, interaction, duel_id)
        if duel.ended_at is None or duel.contest is None:
            raise UserError("This duel is not over yet. What was right comes with its result.")
        posts = await self.bot.store.contest_posts(duel.contest.id)
        answers = {
            answer.post_id: answer
            for answer in await self.bot.store.contest_answers(duel.contest.id)
            if answer.member_id == interaction.user.id
        }
        await interaction.response.send_message(view=missed_card(posts, answers), ephemeral=True)

    async def _show_next(
        self, interaction: discord.Interaction[Any], duel: Duel, *, in_place: bool
    ) -> None:
        """Show a member their next question, that they wait, or the result.

        A question that Discord refused to show was not shown: its time does not run.
        """
        store, member_id, now = self.bot.store, interaction.user.id, self.bot.clock()
        turn = None
        if duel.is_running and not duel.is_over(now):
            turn = await store.duel_turn(duel.id, member_id, now)
        if turn is None:
            view = await self._after_the_last(duel, member_id, now)
        else:
            view = turn_card(duel, turn, member_id=member_id)
        try:
            if in_place:
                await interaction.response.edit_message(view=view)
            else:
                await interaction.response.send_message(view=view, ephemeral=True)
        except (discord.Forbidden, discord.NotFound):
            if turn is not None:
                await store.take_turn_back(turn, member_id, now)
            raise
        await self.messages.refresh(duel.id)

    async def _after_the_last(
        self, duel: Duel, member_id: int, now: datetime
    ) -> discord.ui.LayoutView:
        """Return what a member without a question to answer sees."""
        store = self.bot.store
        if duel.is_running and not duel.is_over(now):
            await store.note_played(duel.id)
        await store.finish_duel(duel.id, now)
        found = await store.duel(duel.id)
        if found is None or found.contest is None:
            raise UserError("It waits to be accepted." if duel.is_invitation else OVER)
        if found.is_running:
            played = await store.played(found.contest.id)
            return waiting_card(found, played.get(member_id, Played()), member_id=member_id)
        return finished_card(found, subject=self.messages.subject(found))


async def own_duel(bot: StudyBot, interaction: discord.Interaction[Any], duel_id: str) -> Duel:
    """Return a duel of the member who pressed.

    Raises:
        UserError: there is none, or it is between two others.
    """
    duel = await bot.store.duel(number(duel_id))
    if duel is None or duel.guild_id != interaction.guild_id:
        raise UserError(GONE)
    if not duel.is_of(interaction.user.id):
        raise UserError(NOT_YOURS)
    return duel
