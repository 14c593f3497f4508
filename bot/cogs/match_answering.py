"""Answering the questions of matches; whoever answers is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.gates import require_server
from bot.cogs.match_play import MatchPlay
from bot.core.post import Post, Recorded
from bot.errors import UserError
from bot.store.answers import NoContestant
from bot.ui.match import recorded_text, too_late_text
from bot.ui.press import number

if TYPE_CHECKING:
    from bot.app import StudyBot

NOT_YET = "That question has not been asked yet."
PAUSED = "The match is paused. Answers count again when it goes on."
BELL = "The bell rang before your answer came, so it does not count."
GONE = "That question is not of a match in this server."


class MatchAnswering:
    """What the options of a match's question do."""

    def __init__(self, bot: StudyBot, play: MatchPlay) -> None:
        self.bot = bot
        self.play = play
        bot.on_press("match", self.answer)

    async def answer(self, interaction: discord.Interaction[Any], post_id: str, place: str) -> None:
        """Record a player's answer, then acknowledge it privately; whoever answers is in."""
        guild_id = require_server(self.bot, interaction)
        post = await self._question(guild_id, number(post_id))
        member_id, picked, now = interaction.user.id, number(place), self.bot.clock()
        is_new = False
        try:
            recorded = await self.bot.store.record_answer(
                post.id, member_id=member_id, place=picked, at=now
            )
        except NoContestant:
            recorded = await self._come_in(post, member_id, picked)
            is_new = True
        except UserError:
            await self._explain(post, picked)
            raise
        match = self.play.now.get(post.contest_id or 0)
        if match is not None:
            self.play.wake(match.id)
        await interaction.response.send_message(
            recorded_text(match, post, recorded, came_in=is_new), ephemeral=True
        )
        if is_new:
            await self.bot.record_name(interaction)

    async def _come_in(self, post: Post, member_id: int, picked: int) -> Recorded:
        """Let a member into a match whose question is open, and record their answer to it.

        Raises:
            UserError: it is not open, or the match is full.
        """
        store, now = self.bot.store, self.bot.clock()
        current = await store.post(post.id)
        is_open = (
            current is not None
            and current.closed_at is None
            and current.closes_at is not None
            and now < current.closes_at
        )
        if not is_open or post.contest_id is None or picked >= len(post.shown.options):
            await self._explain(post, picked)
            raise UserError("That option is not one of this question's.")
        await self.play.join(post.contest_id, member_id)
        return await store.record_answer(post.id, member_id=member_id, place=picked, at=now)

    async def _explain(self, post: Post, picked: int) -> None:
        """Say why an answer to a question that is not open does not count.

        Raises:
            UserError: always, unless the question is open.
        """
        current = await self.bot.store.post(post.id)
        match = await self.bot.store.match(post.contest_id or 0)
        if current is None or match is None:
            raise UserError(GONE)
        if current.closed_at is not None:
            raise UserError(too_late_text(post, picked))
        if current.closes_at is None:
            raise UserError(NOT_YET)
        if match.paused_at is not None:
            raise UserError(PAUSED)
        if self.bot.clock() >= current.closes_at:
            raise UserError(BELL)

    async def _question(self, guild_id: int, post_id: int) -> Post:
        """Return a question of a match in a server.

        Raises:
            UserError: it is none.
        """
        asked = self.play.steps.asked.values()
        post = next((one for one in asked if one.id == post_id), None)
        if post is None:
            post = await self.bot.store.post(post_id)
        if post is None or post.kind != "match":
            raise UserError(GONE)
        if post.guild_id != guild_id:
            raise UserError(GONE)
        return post
