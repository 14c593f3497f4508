"""Posting daily challenges: each exactly once, whatever happens.

Claim in the store, send with the claim's nonce, record the message: a crash between two of these
is healed by looking for the message in the channel before sending again. Every step can be
repeated without harm, so the tick simply does whatever is not done yet.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import discord

from bot.cogs.alarm import tell_managers
from bot.cogs.choosing import choose
from bot.cogs.delivery import (
    RETRY_AFTER,
    UNDELIVERED,
    domain_of,
    find_sent,
    is_gone,
    is_lasting,
    only,
    place_of,
    trouble,
)
from bot.cogs.revealing import LOOKS, Revealing
from bot.cogs.sending import Sending
from bot.cogs.threads import Threads
from bot.core.audit import AuditEvent, span_text
from bot.core.daily import Challenge, closes_at, due, lateness, unaccounted
from bot.core.post import Post, show
from bot.errors import UserError
from bot.ui.challenge import open_card
from bot.ui.limits import NONCE_CHARS

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

LOOKED_FOR = timedelta(days=1)
"""How long, after its close, a post is looked for whose sending had no answer."""
ABSENT = "I was not running, or not connected, at its time."
PAUSED = "The challenge was paused."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that waits to be sent."""

    post: Post
    is_new: bool
    """Made just now, so its message cannot be there yet."""
    is_by_hand: bool


class Posting:
    """Does for every server's challenge what is due."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._lock = asyncio.Lock()
        self.sending = Sending()
        self.threads = Threads(bot, self.sending)
        self.revealing = Revealing(bot, self._lock)
        self._post_rests_until: dict[int, datetime] = {}
        """By challenge."""
        self._looked_since: dict[int, datetime] = {}
        """By post: since when, after its close, every look for its message has been refused."""

    # ----------------------------------------------------------------- what is due

    async def tick(self) -> None:
        """Post what is due, reveal what is over, finish what was interrupted."""
        async with self._lock:
            now = self.bot.clock()
            self.revealing.looks_left = LOOKS
            await self._attend_all(await self.bot.store.challenges(), now)
            for post in await self.bot.store.open_posts():
                if post.closes_at is not None and post.closes_at <= now:
                    is_in = self._is_in(post.guild_id)
                    if not is_in or await self._adopt(post) or self._is_given_up(post, now):
                        await self.revealing.close(post, now)
            async with self.sending.crowd() as start:
                for post in await self.bot.store.unrevealed_posts():
                    if self._is_in(post.guild_id) and not self.revealing.rests(post, now):
                        start(partial(self.revealing.attend, post))
            await self.threads.tick()

    async def post_now(self, challenge: Challenge, day: date) -> Post:
        """Post today's challenge at once.

        Raises:
            UserError: it has been posted already, or there is nothing to ask.
            discord.HTTPException: Discord does not take it; the claim stays and is tried again.
        """
        async with self._lock:
            claim = await self._claim(challenge, day, self.bot.clock(), is_by_hand=True)
            if claim is None:
                raise UserError("Today's challenge has already been posted.")
            await self._deliver(challenge, claim)
            previous = await self._revealed_before(claim.post)
            if previous is not None:
                await self._link_on(previous)
            await self.threads.tick()
            post = await self.bot.store.post(claim.post.id)
            assert post is not None  # noqa: S101 - posts are not deleted
            return post

    async def reveal_now(self, post: Post) -> None:
        """Close an open challenge before its time."""
        async with self._lock:
            self.revealing.looks_left = LOOKS
            await self.revealing.close(post, self.bot.clock())
            await self.revealing.reveal(post.id)
            await self.threads.tick()

    async def message_deleted(self, message_id: int) -> None:
        """Close the open challenge whose message somebody deleted; its answers stay."""
        async with self._lock:
            post = await self.bot.store.post_of_message(message_id)
            if post is not None and post.revealed_at is None:
                await self.revealing.record_deletion(post)

    async def channel_deleted(self, channel_id: int, guild_id: int) -> None:
        """Note at once that a challenge has nowhere to be posted."""
        async with self._lock:
            for challenge in await self.bot.store.challenges_of(guild_id):
                if challenge.channel_id == channel_id and challenge.is_on:
                    text = "The channel is gone. Choose another with /daily setup."
                    await self.bot.store.note_trouble(challenge.id, text, self.bot.clock())
                    await tell_managers(self.bot, challenge, is_lasting=True)

    def wake(self, challenge_id: int) -> None:
        """Try a challenge again at the next tick, whatever Discord said last."""
        self._post_rests_until.pop(challenge_id, None)

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

    async def _attend_all(self, challenges: Sequence[Challenge], now: datetime) -> None:
        """Claim what is due, one challenge after the other, and send side by side meanwhile.

        When everybody has their question, the reveals before them are linked to it.
        """
        delivered: list[Post] = []

        async def deliver(challenge: Challenge, claim: Claim) -> None:
            if await self._guarded(challenge, partial(self._deliver, challenge, claim)):
                delivered.append(claim.post)

        async with self.sending.crowd() as start:
            for challenge in challenges:
                if self._is_in(challenge.guild_id):
                    claim = await self._guarded(challenge, partial(self._prepare, challenge, now))
                    if claim is not None:
                        start(partial(deliver, challenge, claim))
        async with self.sending.crowd() as start:
            for post in delivered:
                previous = await self._revealed_before(post)
                if previous is not None:
                    start(partial(self._link_on, previous))

    async def _guarded(self, challenge: Challenge, work: Callable[[], Awaitable[T]]) -> T | None:
        """Let one challenge's failure be no other's; return None for it."""
        error: Exception
        try:
            return await work()
        except UNDELIVERED as refusal:
            self.bot.log_refusal("a daily challenge", refusal)
            text, error = trouble(refusal), refusal
        except UserError as refusal:
            text, error = str(refusal), refusal
        except Exception as failure:
            _log.exception("Challenge %d failed", challenge.id)
            text, error = "Something went wrong on my side. I try again every few minutes.", failure
        now = self.bot.clock()
        self._post_rests_until[challenge.id] = now + RETRY_AFTER
        await self.bot.store.note_trouble(challenge.id, text, now)
        await tell_managers(
            self.bot, challenge, is_lasting=is_lasting(error) or isinstance(error, UserError)
        )
        return None

    async def _prepare(self, challenge: Challenge, now: datetime) -> Claim | None:
        """Account for what is past and claim what is due."""
        await self._account(challenge, now)
        day = due(challenge, now)
        rests = self._post_rests_until.get(challenge.id, now) > now
        if day is None or challenge.is_paused or rests:
            return None
        return await self._claim(challenge, day, now)

    async def _account(self, challenge: Challenge, now: datetime) -> None:
        """Write down each study date that gets no post by itself any more, and why."""
        days = unaccounted(challenge, now)
        if not days:
            return
        store = self.bot.store
        known = await store.left_out(challenge.id, days[0])
        found = await store.trouble(challenge.id)
        for day in days:
            if day in known:
                continue
            post = await store.post_for(challenge.id, day)
            is_known = post is None or await self._adopt(post) or self._is_given_up(post, now)
            if not is_known:
                continue  # it may be there; which of the two is told when it is known
            if challenge.is_paused:
                await store.leave_out(challenge.id, day, "paused", PAUSED, now)
            else:
                why = found.text if found is not None else ABSENT
                await store.leave_out(challenge.id, day, "missed", why, now)

    async def _claim(
        self, challenge: Challenge, day: date, now: datetime, *, is_by_hand: bool = False
    ) -> Claim | None:
        """Return the claim on a study date that waits to be sent, a new one if there is none.

        None when the date has its post, or is left out and nobody asks for it by hand.
        """
        store = self.bot.store
        known = await store.post_for(challenge.id, day)
        if known is not None and (known.message_id is not None or known.closed_at is not None):
            return None
        if not is_by_hand and day in await store.left_out(challenge.id, day):
            return None
        if known is not None:
            return Claim(known, is_new=False, is_by_hand=is_by_hand)
        async with self.bot.drawing[challenge.guild_id]:
            question = await choose(self.bot, challenge, day, now)
            post = await store.claim_post(
                challenge=challenge,
                study_date=day,
                shown=show(question, self.bot.rng),
                nonce=uuid4().hex[:NONCE_CHARS],
                now=now,
                closes_at=closes_at(challenge, day, now),
                is_by_hand=is_by_hand,
            )
        return None if post is None else Claim(post, is_new=True, is_by_hand=is_by_hand)

    async def _deliver(self, challenge: Challenge, claim: Claim) -> int:
        """Bring a claimed post's message about, unless it is there already, and record it.

        Return the message's id.
        """
        post = claim.post
        message_id = None if claim.is_new else await self._sent_before(challenge, post)
        if message_id is None:
            message_id = await self._send(challenge.channel_id, post, role_id=challenge.role_id)
        await self._record(challenge, post, message_id, is_by_hand=claim.is_by_hand)
        await self.bot.store.note_trouble(challenge.id, None, self.bot.clock())
        self._post_rests_until.pop(challenge.id, None)
        return message_id

    async def _record(
        self, challenge: Challenge, post: Post, message_id: int, *, is_by_hand: bool
    ) -> None:
        """Record a post's message, with how it came about."""
        self._looked_since.pop(post.id, None)
        sent_at = discord.utils.snowflake_time(message_id)
        late = lateness(challenge, post.study_date, sent_at)
        event: AuditEvent = "by_hand" if is_by_hand else "posted" if late is None else "late"
        detail = None
        if late is not None and not is_by_hand:
            found = await self.bot.store.trouble(challenge.id)
            detail = f"{span_text(late)}: {found.text if found is not None else ABSENT}"
        await self.bot.store.record_post(
            post.id,
            channel_id=challenge.channel_id,
            message_id=message_id,
            at=self.bot.clock(),
            event=event,
            detail=detail,
        )

    async def _send(self, channel_id: int, post: Post, *, role_id: int | None) -> int:
        previous = await self.bot.store.previous_post(post)
        answers = await self.bot.store.answer_count(post.id)
        view = open_card(
            post,
            answers=answers,
            domain=domain_of(self.bot.shelf, post),
            previous=previous,
            role_id=role_id,
        )
        message = await place_of(self.bot, channel_id, post).send(
            view=view, nonce=post.nonce, allowed_mentions=only(role_id)
        )
        return message.id

    async def _sent_before(self, challenge: Challenge, post: Post) -> int | None:
        """Look for the post's message in the channel: it may have been sent and not recorded."""
        assert self.bot.user is not None  # noqa: S101 - nothing is posted before the bot is ready
        return await find_sent(
            place_of(self.bot, challenge.channel_id, post),
            self.bot.user.id,
            f"daily:{post.id}",
            after=post.claimed_at - timedelta(minutes=1),
        )

    async def _adopt(self, post: Post) -> bool:
        """Record the message of a claimed post if there is one, whatever its challenge does now.

        Return whether it is known now: recorded, or surely not sent.
        """
        if post.message_id is not None or post.challenge_id is None:
            return True
        challenge = await self.bot.store.challenge_by_id(post.challenge_id)
        if challenge is None:
            return True
        try:
            message_id = await self._sent_before(challenge, post)
        except UNDELIVERED as error:
            self.bot.log_refusal("a look for a challenge that may have been sent", error)
            return is_gone(error)
        if message_id is not None:
            await self._record(challenge, post, message_id, is_by_hand=False)
        return True

    def _is_given_up(self, post: Post, now: datetime) -> bool:
        """Whether a post that may have a message has been looked for long enough.

        To be asked after each refused look. An outage does not count: what was sent before it is
        found when looking is possible again.
        """
        if post.closes_at is None or now < post.closes_at:
            return False
        return now > self._looked_since.setdefault(post.id, now) + LOOKED_FOR

    async def _repost_if_gone(self, post: Post) -> None:
        assert post.channel_id is not None and post.message_id is not None  # noqa: S101, PT018
        try:
            await place_of(self.bot, post.channel_id, post).fetch_message(post.message_id)
        except discord.NotFound:
            message_id = await self._send(post.channel_id, post, role_id=None)
            await self.bot.store.record_post(
                post.id, channel_id=post.channel_id, message_id=message_id, at=self.bot.clock()
            )
        except UNDELIVERED as error:
            self.bot.log_refusal("a look at an open challenge", error)

    async def _revealed_before(self, post: Post) -> Post | None:
        """Return the post before this one, if its answer is shown."""
        previous = await self.bot.store.previous_post(post)
        return previous if previous is not None and previous.revealed_at is not None else None

    async def _link_on(self, post: Post) -> None:
        """Let a reveal lead on to the challenge after it; a nicety, so failures only log."""
        try:
            await self.revealing.show(post)
        except UNDELIVERED as error:
            self.bot.log_refusal("a link to the next challenge", error)
        except Exception:
            _log.exception("Post %d could not be linked to the next one", post.id)

    # --------------------------------------------------------------------- helpers

    def _is_in(self, guild_id: int | None) -> bool:
        """Whether the server still has the bot; who let it go is left alone."""
        return guild_id is not None and self.bot.get_guild(guild_id) is not None
