"""The thread under each challenge: made after the post, told the explanation after the reveal.

Discord gives a message one thread at most, so making it again is harmless: it says that there is
one, whose id is the message's. The explanation is looked for before it is sent.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.cogs.delivery import RETRY_AFTER, UNDELIVERED, find_sent, is_gone
from bot.cogs.sending import Sending
from bot.core.post import Post
from bot.ui.challenge import explanation_card, thread_name

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

HAS_THREAD = 160004
"""Discord's code for "a thread has already been created for this message"."""
GIVE_UP_AFTER = timedelta(days=1)


class Threads:
    """Does for the threads of all posts what is due."""

    def __init__(self, bot: StudyBot, sending: Sending) -> None:
        self.bot = bot
        self._sending = sending
        self._rests_until: dict[int, datetime] = {}
        """By post."""

    async def tick(self) -> None:
        """Make the threads that are missing and explain what was revealed."""
        now = self.bot.clock()
        async with self._sending.crowd() as start:
            for post in await self.bot.store.posts_wanting_threads():
                is_in = post.guild_id is not None and self.bot.get_guild(post.guild_id) is not None
                if is_in and self._rests_until.get(post.id, now) <= now:
                    start(partial(self._attend, post, now))

    async def _attend(self, post: Post, now: datetime) -> None:
        try:
            if post.thread_id is None:
                await self.bot.store.record_thread(post.id, await self._make(post))
            else:
                await self._explain(post, post.thread_id)
                await self.bot.store.record_explanation(post.id, now)
        except UNDELIVERED as error:
            self.bot.log_refusal("a thread", error)
            is_over = post.closed_at is not None and now - post.closed_at > GIVE_UP_AFTER
            if is_gone(error) or is_over:
                await self.bot.store.record_explanation(post.id, now)
        except Exception:
            _log.exception("The thread of post %d could not be looked after", post.id)
        else:
            self._rests_until.pop(post.id, None)
            return
        self._rests_until[post.id] = now + RETRY_AFTER

    async def _make(self, post: Post) -> int:
        assert post.channel_id is not None and post.message_id is not None  # noqa: S101, PT018
        channel = self.bot.get_partial_messageable(post.channel_id, guild_id=post.guild_id)
        try:
            thread = await channel.get_partial_message(post.message_id).create_thread(
                name=thread_name(post), auto_archive_duration=1440
            )
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                raise
            return post.message_id
        return thread.id

    async def _explain(self, post: Post, thread_id: int) -> None:
        thread = self.bot.get_partial_messageable(thread_id, guild_id=post.guild_id)
        after = (post.closed_at or post.claimed_at) - timedelta(minutes=1)
        me = self.bot.user
        assert me is not None  # noqa: S101 - the tick runs when the bot is ready
        if await find_sent(thread, me.id, f"mine:{post.id}", after=after) is None:
            await thread.send(view=explanation_card(post), nonce=f"why-{post.id}")
