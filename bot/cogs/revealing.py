"""The other half of a challenge's life: its live count, its close, and the reveal.

Each step can be repeated without harm, as those of ``Posting``, with which it shares a lock.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import ui
from discord.ext import tasks

from bot.cogs.choosing import hold_refuted
from bot.cogs.delivery import (
    RETRY_AFTER,
    UNDELIVERED,
    domain_of,
    is_gone,
    only,
    place_of,
    trouble,
)
from bot.core.post import Post
from bot.core.score import DAILY_POINTS
from bot.ui.challenge import KEEPERS_SHOWN, open_card, revealed_card

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

LOOKS = 50
"""Members asked for in one tick before reveals name them; Discord takes as many requests a second.

Source: https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
"""
COUNT_EVERY_SECONDS = 3.0
"""The live count is edited at most this often."""


class Revealing:
    """Does for every open or closed post what is due; ``lock`` is held by whoever calls it."""

    def __init__(self, bot: StudyBot, lock: asyncio.Lock) -> None:
        self.bot = bot
        self._lock = lock
        self._rests_until: dict[int, datetime] = {}
        """By post: one that is refused for ever, in an old channel, holds up no other."""
        self._counted: set[int] = set()
        self.looks_left = LOOKS
        """Until the next tick."""

    def rests(self, post: Post, now: datetime) -> bool:
        """Whether a post's reveal was refused lately."""
        return self._rests_until.get(post.id, now) > now

    async def attend(self, post: Post) -> None:
        """Reveal a closed post; its failure is no other's."""
        try:
            await self.reveal(post.id)
        except UNDELIVERED as error:
            self.bot.log_refusal("a reveal", error)
            await self._note(post, f"The answer could not be shown. {trouble(error)}")
        except Exception:
            _log.exception("Post %d could not be revealed", post.id)
        else:
            if self._rests_until.pop(post.id, None) is not None:
                await self._note(post, None)
            return
        self._rests_until[post.id] = self.bot.clock() + RETRY_AFTER

    async def close(self, post: Post, now: datetime) -> None:
        """Take no more answers and freeze what the post is worth: nothing if it is held."""
        is_held = post.guild_id is not None and post.shown.question.id in (
            await self.bot.store.held_questions(post.guild_id)
        )
        await self.bot.store.close_post(post.id, at=now, worth=0 if is_held else DAILY_POINTS)

    async def _note(self, post: Post, text: str | None) -> None:
        if post.challenge_id is not None:
            await self.bot.store.note_trouble(post.challenge_id, text, self.bot.clock())

    async def reveal(self, post_id: int) -> None:
        """Show the answer of a closed post, if it has a message."""
        post = await self.bot.store.post(post_id)
        if post is None or post.closed_at is None or post.message_id is None:
            return
        await self.bot.store.settle_post(post.id)  # a close that was cut off knows no streaks yet
        if post.guild_id is not None:
            await self._notice_who_left(post, post.guild_id)
        try:
            await self.show(post)
        except discord.NotFound:
            await self.record_deletion(post)
            return
        await self.bot.store.record_reveal(post.id, self.bot.clock())
        if post.guild_id is not None:
            await hold_refuted(self.bot, post.guild_id, self.bot.clock())

    async def _notice_who_left(self, post: Post, guild_id: int) -> None:
        """Take off those whom the reveal would name and who are not there any more."""
        while self.looks_left > 0:
            keepers = await self.bot.store.streak_keepers(post.id, KEEPERS_SHOWN)
            named = {member_id for member_id, _ in keepers}
            first = await self.bot.store.first_right(post.id)
            if first is not None:
                named.add(first)
            if not named:
                return
            looks = min(len(named), self.looks_left)
            self.looks_left -= looks
            if not await self.bot.presence.look(guild_id, sorted(named), looks):
                return

    async def record_deletion(self, post: Post) -> None:
        """Close a post that has no message any more; nothing is left to be revealed."""
        now = self.bot.clock()
        await self.close(post, now)
        was_open = "while it was open" if post.closed_at is None else "before the reveal"
        detail = f"The message was deleted {was_open}. Its answers stay and count."
        await self.bot.store.record_deletion(post.id, at=now, detail=detail)
        _log.info("Post %d has no message any more; its answers stay", post.id)

    async def show(self, post: Post) -> None:
        """Edit a closed post's message to what is known of it now."""
        view = revealed_card(
            post,
            tally=await self.bot.store.tally(post.id),
            domain=domain_of(self.bot.shelf, post),
            first_right=await self.bot.store.first_right(post.id),
            following=await self.bot.store.following_post(post),
            keepers=await self.bot.store.streak_keepers(post.id),
        )
        await self._edit(post, view)

    # -------------------------------------------------------------------- counting

    def count(self, post_id: int) -> None:
        """Have the live count of a post edited soon."""
        self._counted.add(post_id)
        if not self.edit_counts.is_running():
            self.edit_counts.start()

    @tasks.loop(seconds=COUNT_EVERY_SECONDS)
    async def edit_counts(self) -> None:
        """Edit the counts that changed; stop when there are none."""
        if not self._counted:
            self.edit_counts.stop()
            return
        waiting, self._counted = self._counted, set()
        for post_id in sorted(waiting):
            try:
                async with self._lock:  # so that a count never overwrites a reveal
                    await self._edit_count(post_id)
            except UNDELIVERED as error:
                self.bot.log_refusal("a live count", error)
                if is_gone(error):
                    await self._gone_at_last(post_id)
            except Exception:
                _log.exception("Could not edit the count of post %d", post_id)

    async def _edit_count(self, post_id: int) -> None:
        post = await self.bot.store.post(post_id)
        if post is None or post.closed_at is not None:
            return
        challenge = await self.bot.store.challenge_by_id(post.challenge_id or 0)
        role_id = challenge.role_id if challenge is not None else None
        view = open_card(
            post,
            answers=await self.bot.store.answer_count(post.id),
            domain=domain_of(self.bot.shelf, post),
            previous=await self.bot.store.previous_post(post),
            role_id=role_id,
        )
        await self._edit(post, view, role_id=role_id)

    async def _gone_at_last(self, post_id: int) -> None:
        """Close a post whose deletion was not heard of."""
        async with self._lock:
            post = await self.bot.store.post(post_id)
            if post is not None and post.revealed_at is None:
                await self.record_deletion(post)

    async def _edit(self, post: Post, view: ui.LayoutView, *, role_id: int | None = None) -> None:
        """Edit a post's message. An edit pings nobody; a mentioned role keeps its highlight."""
        if post.channel_id is not None and post.message_id is not None:
            channel = place_of(self.bot, post.channel_id, post)
            await channel.get_partial_message(post.message_id).edit(
                view=view, allowed_mentions=only(role_id)
            )
