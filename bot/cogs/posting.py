"""Posting, counting and revealing daily challenges: each exactly once, whatever happens.

Claim in the store, send with the claim's nonce, record the message: a crash between two of these
is healed by looking for the message in the channel before sending again. Every step can be
repeated without harm, so the tick simply does whatever is not done yet.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import aiohttp
import discord
from discord import ui
from discord.ext import tasks

from bot.core.daily import Challenge, closes_at, due
from bot.core.post import Post, show
from bot.core.quiz import draw_daily
from bot.core.score import DAILY_POINTS
from bot.errors import UserError
from bot.ui.challenge import open_card, revealed_card
from bot.ui.limits import NONCE_CHARS

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Discord refused a request, or it is not known whether it got there."""
RETRY_AFTER = timedelta(minutes=5)
"""How long a post or a reveal rests after Discord refused it."""
LOOK_BACK = 100
"""Messages searched for a post whose sending was interrupted."""
COUNT_EVERY_SECONDS = 3.0
"""The live count is edited at most this often."""


class Posting:
    """Does for every server's challenge what is due."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._lock = asyncio.Lock()
        self._post_rests_until: dict[int, datetime] = {}
        """By challenge."""
        self._reveal_rests_until: dict[int, datetime] = {}
        """By post: one that is refused for ever, in an old channel, holds up no other."""
        self._counted: set[int] = set()

    # ----------------------------------------------------------------- what is due

    async def tick(self) -> None:
        """Post what is due, reveal what is over, finish what was interrupted."""
        async with self._lock:
            now = self.bot.clock()
            for challenge in await self.bot.store.challenges():
                if self._is_in(challenge.guild_id):
                    await self._attend(challenge, now)
            for post in await self.bot.store.open_posts():
                if post.closes_at is not None and post.closes_at <= now:
                    if self._is_in(post.guild_id):
                        await self._adopt(post)
                    await self._close(post, now)
            for post in await self.bot.store.unrevealed_posts():
                rests = self._reveal_rests_until.get(post.id, now) > now
                if self._is_in(post.guild_id) and not rests:
                    await self._reveal_guarded(post)

    async def post_now(self, challenge: Challenge, day: date) -> Post:
        """Post today's challenge at once.

        Raises:
            UserError: it has been posted already, or there is nothing to ask.
            discord.HTTPException: Discord does not take it; the claim stays and is tried again.
        """
        async with self._lock:
            now = self.bot.clock()
            known = await self.bot.store.post_for(challenge.id, day)
            if known is not None and (known.message_id is not None or known.closed_at is not None):
                raise UserError("Today's challenge has already been posted.")
            post = await self._post(challenge, day, now)
            if post is None:
                raise UserError("There is nothing to ask: the topic has no questions.")
            return post

    async def reveal_now(self, post: Post) -> None:
        """Close an open challenge before its time."""
        async with self._lock:
            await self._close(post, self.bot.clock())
            await self._reveal(post.id)

    async def reconcile(self) -> None:
        """At start: find what was sent and not recorded.

        Where messages can be forgotten, open challenges are posted again.
        """
        async with self._lock:
            for post in await self.bot.store.open_posts():
                if post.message_id is None:
                    await self._adopt(post)
                elif self.bot.repost_missing:
                    await self._repost_if_gone(post)

    # --------------------------------------------------------------------- posting

    async def _post(self, challenge: Challenge, day: date, now: datetime) -> Post | None:
        store = self.bot.store
        post = await store.post_for(challenge.id, day)
        is_new = post is None
        if post is None:
            post = await self._claim(challenge, day, now)
        if post is None or post.message_id is not None or post.closed_at is not None:
            return post
        message_id = None if is_new else await self._sent_before(challenge, post)
        if message_id is None:
            message_id = await self._send(challenge.channel_id, post)
        await store.record_post(
            post.id, channel_id=challenge.channel_id, message_id=message_id, at=self.bot.clock()
        )
        await store.note_trouble(challenge.id, None, now)
        self._post_rests_until.pop(challenge.id, None)
        await self._link_previous(post)
        return await store.post(post.id)

    async def _claim(self, challenge: Challenge, day: date, now: datetime) -> Post | None:
        shelf = self.bot.shelf
        question = draw_daily(
            shelf.questions_on(challenge.topic),
            self.bot.rng,
            asked=await self.bot.store.asked_questions(challenge.guild_id),
            exams=shelf.exams,
            avoid=await self.bot.store.open_question_ids(challenge.guild_id),
        )
        if question is None:
            return None
        return await self.bot.store.claim_post(
            challenge=challenge,
            study_date=day,
            shown=show(question, self.bot.rng),
            nonce=uuid4().hex[:NONCE_CHARS],
            now=now,
            closes_at=closes_at(challenge, day, now),
        )

    async def _send(self, channel_id: int, post: Post) -> int:
        previous = await self.bot.store.previous_post(post)
        answers = await self.bot.store.answer_count(post.id)
        view = open_card(post, answers=answers, domain=self._domain(post), previous=previous)
        message = await self._channel(channel_id, post).send(view=view, nonce=post.nonce)
        return message.id

    async def _sent_before(self, challenge: Challenge, post: Post) -> int | None:
        """Look for the post's message in the channel: it may have been sent and not recorded."""
        channel = self._channel(challenge.channel_id, post)
        async for message in channel.history(
            limit=LOOK_BACK, after=post.claimed_at - timedelta(minutes=1)
        ):
            if self.bot.user is not None and message.author.id == self.bot.user.id:
                prefix = f"daily:{post.id}:"
                if any(
                    custom_id.startswith(prefix) for custom_id in _custom_ids(message.components)
                ):
                    return message.id
        return None

    async def _adopt(self, post: Post) -> None:
        """Record the message of a claimed post if there is one, whatever its challenge does now."""
        if post.message_id is not None or post.challenge_id is None:
            return
        challenge = await self.bot.store.challenge_by_id(post.challenge_id)
        if challenge is None:
            return
        try:
            message_id = await self._sent_before(challenge, post)
        except UNDELIVERED as error:
            self.bot.log_refusal("a look for a challenge that may have been sent", error)
            return
        if message_id is not None:
            await self.bot.store.record_post(
                post.id,
                channel_id=challenge.channel_id,
                message_id=message_id,
                at=self.bot.clock(),
            )

    async def _repost_if_gone(self, post: Post) -> None:
        assert post.channel_id is not None and post.message_id is not None  # noqa: S101, PT018
        try:
            await self._channel(post.channel_id, post).fetch_message(post.message_id)
        except discord.NotFound:
            message_id = await self._send(post.channel_id, post)
            await self.bot.store.record_post(
                post.id, channel_id=post.channel_id, message_id=message_id, at=self.bot.clock()
            )
        except UNDELIVERED as error:
            self.bot.log_refusal("a look at an open challenge", error)

    async def _link_previous(self, post: Post) -> None:
        """Let the last reveal lead on to the new challenge; a nicety, so failures only log."""
        previous = await self.bot.store.previous_post(post)
        if previous is None or previous.revealed_at is None:
            return
        try:
            await self._show_reveal(previous)
        except UNDELIVERED as error:
            self.bot.log_refusal("a link to the next challenge", error)

    # ------------------------------------------------------------------- revealing

    async def _close(self, post: Post, now: datetime) -> None:
        await self.bot.store.close_post(post.id, at=now, worth=DAILY_POINTS)

    async def _reveal_guarded(self, post: Post) -> None:
        try:
            await self._reveal(post.id)
        except UNDELIVERED as error:
            self.bot.log_refusal("a reveal", error)
            await self._note(post, f"The answer could not be shown. {trouble(error)}")
        except Exception:
            _log.exception("Post %d could not be revealed", post.id)
        else:
            if self._reveal_rests_until.pop(post.id, None) is not None:
                await self._note(post, None)
            return
        self._reveal_rests_until[post.id] = self.bot.clock() + RETRY_AFTER

    async def _note(self, post: Post, text: str | None) -> None:
        if post.challenge_id is not None:
            await self.bot.store.note_trouble(post.challenge_id, text, self.bot.clock())

    async def _reveal(self, post_id: int) -> None:
        post = await self.bot.store.post(post_id)
        if post is None or post.closed_at is None or post.message_id is None:
            return
        try:
            await self._show_reveal(post)
        except discord.NotFound:
            _log.info("Post %d has no message any more; its answers stay", post.id)
        await self.bot.store.record_reveal(post.id, self.bot.clock())

    async def _show_reveal(self, post: Post) -> None:
        view = revealed_card(
            post,
            tally=await self.bot.store.tally(post.id),
            domain=self._domain(post),
            first_right=await self.bot.store.first_right(post.id),
            following=await self.bot.store.following_post(post),
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
            except Exception:
                _log.exception("Could not edit the count of post %d", post_id)

    async def _edit_count(self, post_id: int) -> None:
        post = await self.bot.store.post(post_id)
        if post is None or post.closed_at is not None:
            return
        answers = await self.bot.store.answer_count(post.id)
        previous = await self.bot.store.previous_post(post)
        await self._edit(
            post, open_card(post, answers=answers, domain=self._domain(post), previous=previous)
        )

    # --------------------------------------------------------------------- helpers

    def _channel(self, channel_id: int, post: Post) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(channel_id, guild_id=post.guild_id)

    async def _edit(self, post: Post, view: ui.LayoutView) -> None:
        if post.channel_id is not None and post.message_id is not None:
            channel = self._channel(post.channel_id, post)
            await channel.get_partial_message(post.message_id).edit(view=view)

    def _domain(self, post: Post) -> str:
        question = post.shown.question
        for exam in self.bot.shelf.exams:
            for domain in exam.domains:
                if (exam.id, domain.id) == (question.exam, question.domain):
                    return domain.name
        return question.exam

    def _is_in(self, guild_id: int | None) -> bool:
        """Whether the server still has the bot; who let it go is left alone."""
        return guild_id is not None and self.bot.get_guild(guild_id) is not None

    async def _attend(self, challenge: Challenge, now: datetime) -> None:
        """Post one server's challenge if it is due; its failure is no other server's."""
        try:
            day = due(challenge, now)
            rests = self._post_rests_until.get(challenge.id, now) > now
            if day is not None and not rests:
                await self._post(challenge, day, now)
        except UNDELIVERED as error:
            self.bot.log_refusal("a daily challenge", error)
            text = trouble(error)
        except Exception:
            _log.exception("Challenge %d failed", challenge.id)
            text = "Something went wrong on my side. I try again every few minutes."
        else:
            return
        now = self.bot.clock()
        self._post_rests_until[challenge.id] = now + RETRY_AFTER
        await self.bot.store.note_trouble(challenge.id, text, now)


def trouble(error: Exception) -> str:
    """Say in a sentence why Discord did not take a post, and what a manager can do."""
    if isinstance(error, discord.Forbidden):
        return (
            "I may not post in that channel. Give me View Channel, Send Messages and Read Message "
            "History there."
        )
    if isinstance(error, discord.NotFound):
        return "The channel is gone. Choose another with /daily setup."
    return "Discord did not take the post. I try again every few minutes."


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()) or ())
