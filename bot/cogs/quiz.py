"""Practice: ``/quiz``, and "Quiz me on this" under an answer. Private, explained, scored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.topics import topic_choices, topic_id
from bot.core.daily import local_date
from bot.core.model import Exam, Question
from bot.core.post import Post, show
from bot.core.quiz import draw_exam, draw_round
from bot.core.secrecy import WITHHELD
from bot.errors import UserError
from bot.ui.card import Card
from bot.ui.press import number, press_button
from bot.ui.questions import quiz_card, quiz_result_card, round_card
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot

DEFAULT_COUNT = 5
MOST = 20
QUESTIONS_ON_ONE_ENTRY = 3


class Quiz(commands.Cog):
    """Rounds of questions, each member's own."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        bot.on_press("quizme", self.quiz_me)
        bot.on_press("quiz", self.answer)
        bot.on_press("next", self.advance)

    @app_commands.command()
    @app_commands.describe(
        topic="What to be asked about (default: the whole exam)",
        count=f"How many questions, 1 to {MOST} (default: {DEFAULT_COUNT})",
    )
    async def quiz(
        self,
        interaction: discord.Interaction[Any],
        topic: str | None = None,
        count: app_commands.Range[int, 1, MOST] = DEFAULT_COUNT,
    ) -> None:
        """Practise in private: questions with explanations, and points in a server."""
        async with reporting(interaction):
            subject = topic_id(self.bot, topic)
            pool = self.bot.shelf.questions_on(subject)
            await self._start(interaction, pool, count, self.bot.shelf.exam_of(subject))

    @quiz.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return topic_choices(self.bot, current)

    async def quiz_me(self, interaction: discord.Interaction[Any], entry_id: str) -> None:
        """Start a short round on one entry."""
        pool = [q for q in self.bot.shelf.pool if q.entry_id == entry_id]
        await self._start(interaction, pool, QUESTIONS_ON_ONE_ENTRY)

    async def _start(
        self,
        interaction: discord.Interaction[Any],
        pool: Sequence[Question],
        count: int,
        exam: Exam | None = None,
    ) -> None:
        """Start a round from ``pool``; of a whole ``exam``, its domains come by weight."""
        now = self.bot.clock()
        guild_id = self.bot.server_of(interaction)
        avoid: frozenset[str] = frozenset()
        if guild_id is not None:
            avoid = await self.bot.store.open_question_ids(guild_id)
        entries = {q.entry_id for q in self.bot.shelf.pool if q.id in avoid}
        if guild_id is not None:
            avoid |= await self.bot.store.held_questions(guild_id)
        draw = draw_round if exam is None else partial(draw_exam, exam=exam)
        drawn = draw(pool, count, self.bot.rng, avoid=avoid, avoid_entries=entries)
        if not drawn:
            raise UserError(
                "There is nothing to ask about that just now: its questions are part of an open "
                "challenge. Try another topic."
                if pool
                else "There are no questions about that yet."
            )
        zone = await self.bot.store.zone(guild_id) if guild_id is not None else "UTC"
        round_ = await self.bot.store.start_round(
            member_id=interaction.user.id,
            guild_id=guild_id,
            shown=[show(question, self.bot.rng) for question in drawn],
            study_date=local_date(now, zone),
            now=now,
        )
        first = round_.posts[0]
        await interaction.response.send_message(
            view=quiz_card(first, len(round_.posts)), ephemeral=True
        )
        await self.bot.record_name(interaction)

    async def answer(self, interaction: discord.Interaction[Any], post_id: str, place: str) -> None:
        """Record the pick, then show what was right."""
        post = await self._own_post(interaction, post_id)
        if post.shown.question.id in await self._withheld(post):
            await interaction.response.edit_message(view=_withheld_card(post))
            return
        recorded = await self.bot.store.record_answer(
            post.id, member_id=interaction.user.id, place=number(place), at=self.bot.clock()
        )
        closed = await self.bot.store.post(post.id)
        total = len(await self.bot.store.round_posts(post.round_id or 0))
        worth = closed.worth if closed is not None and post.guild_id is not None else None
        await interaction.response.edit_message(
            view=quiz_result_card(
                post, recorded.answer, total, points=worth, is_last=post.place + 1 >= total
            )
        )

    async def advance(
        self, interaction: discord.Interaction[Any], round_id: str, place: str
    ) -> None:
        """Show the next question of a round, or its result.

        The result names the keys, so nothing that can still be answered is skipped.
        """
        posts = await self.bot.store.round_posts(number(round_id))
        if not posts or posts[0].member_id != interaction.user.id:
            raise UserError("These buttons belong to someone else. Start your own with /quiz.")
        answers = await self.bot.store.round_answers(number(round_id))
        withheld = await self._withheld(posts[0])
        at = number(place)
        for post, answer in zip(posts, answers, strict=True):
            is_next = answer is None or post.place == at
            if is_next and post.shown.question.id not in withheld:
                await interaction.response.edit_message(view=quiz_card(post, len(posts)))
                return
        done = [(p, a) for p, a in zip(posts, answers, strict=True) if a is not None]
        points = None
        if posts[0].guild_id is not None:
            points = sum(post.worth or 0 for post, answer in done if answer.is_correct)
        await interaction.response.edit_message(
            view=round_card([p for p, _ in done], [a for _, a in done], points=points)
        )

    async def _withheld(self, post: Post) -> frozenset[str]:
        """Return the questions that wait for a reveal where ``post`` was asked."""
        if post.guild_id is None:
            return frozenset()
        return await self.bot.store.open_question_ids(post.guild_id)

    async def _own_post(self, interaction: discord.Interaction[Any], post_id: str) -> Post:
        post = await self.bot.store.post(number(post_id))
        if post is None or post.kind != "quiz":
            raise UserError("That question is gone. Start a new round with /quiz.")
        if post.member_id != interaction.user.id:
            raise UserError("These buttons belong to someone else. Start your own with /quiz.")
        return post


def _withheld_card(post: Post) -> ui.LayoutView:
    """Lead on from a question that became the server's challenge after the round was drawn."""
    view = Card()
    view.add_item(ui.TextDisplay(WITHHELD))
    view.add_item(ui.ActionRow(press_button("Go on", "next", post.round_id or 0, post.place + 1)))
    return view
