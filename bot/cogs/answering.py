"""Members' side of the daily challenge: one counted answer, and the own result."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.posting import Posting
from bot.core.post import Post
from bot.errors import UserError
from bot.ui.challenge import own_result_card, practice_card, recorded_text
from bot.ui.press import number

if TYPE_CHECKING:
    from bot.app import StudyBot


class Answering:
    """What the buttons of a challenge do."""

    def __init__(self, bot: StudyBot, posting: Posting) -> None:
        self.bot = bot
        self.posting = posting
        bot.on_press("daily", self.answer)
        bot.on_press("mine", self.own_result)

    async def answer(self, interaction: discord.Interaction[Any], post_id: str, place: str) -> None:
        """Record a member's answer, then acknowledge it privately; after the close it is practice.

        Whoever answered before the close hears of that answer instead.
        """
        post = await self._post(interaction, post_id)
        now = self.bot.clock()
        picked = number(place)
        try:
            recorded = await self.bot.store.record_answer(
                post.id, member_id=interaction.user.id, place=picked, at=now
            )
        except UserError:
            if not await self._is_over(post, now) or picked >= len(post.shown.options):
                raise
            view = practice_card(post, picked)
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        if recorded.is_new:
            self.posting.revealing.count(post.id)
        await interaction.response.send_message(recorded_text(post, recorded, now), ephemeral=True)
        if recorded.is_new:
            await self.bot.record_name(interaction)

    async def own_result(self, interaction: discord.Interaction[Any], post_id: str) -> None:
        """Show a member how they did in a closed challenge."""
        post = await self._post(interaction, post_id)
        if post.closed_at is None:
            raise UserError("That challenge is still open. Its answer comes with the reveal.")
        answer = await self.bot.store.answer_of(post.id, interaction.user.id)
        award = await self.bot.store.award_of(post.id, interaction.user.id)
        points = award.points if award is not None else 0
        await interaction.response.send_message(
            view=own_result_card(post, answer, points=points), ephemeral=True
        )

    async def _is_over(self, post: Post, now: datetime) -> bool:
        current = await self.bot.store.post(post.id)
        if current is None or current.closes_at is None:
            return False
        return current.closed_at is not None or now >= current.closes_at

    async def _post(self, interaction: discord.Interaction[Any], post_id: str) -> Post:
        post = await self.bot.store.post(number(post_id))
        if post is None or post.kind != "daily" or post.guild_id != interaction.guild_id:
            raise UserError("That challenge is not one of this server's.")
        return post
