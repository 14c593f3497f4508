"""Posting, counting and revealing daily challenges: each exactly once, whatever happens.

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
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import discord
from discord import ui
from discord.ext import tasks

from bot.cogs.alarm import tell_managers
from bot.cogs.choosing import choose
from bot.cogs.delivery import UNDELIVERED, find_sent, is_gone, is_lasting, trouble
from bot.cogs.threads import Threads
from bot.core.audit import AuditEvent, span_text
from bot.core.daily import Challenge, closes_at, due, lateness, unaccounted
from bot.core.post import Post, show
from bot.core.score import DAILY_POINTS
from bot.errors import UserError
from bot.ui.challenge import open_card, revealed_card
from bot.ui.limits import NONCE_CHARS

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=5)
"""How long a post or a reveal rests after Discord refused it."""
LOOKED_FOR = timedelta(days=1)
"""How long after its close a post is looked for whose sending had no answer."""
COUNT_EVERY_SECONDS = 3.0
"""The live count is edited at most this often."""
SENT_AT_ONCE = 16
"""Challenges that are sent at the same time, so that a slow answer holds up few others."""
ABSENT = "I was not running, or not connected, at its time."
PAUSED = "The challenge was paused."
Keepers = Callable[[Post], Awaitable[Sequence[tuple[int, int]]]]
"""Returns who keeps a streak by a closed post: members' ids with its length in days."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that waits to be sent."""

    post: Post
    is_new: bool
    """Made just now, so its message cannot be there yet."""
    is_by_hand: bool


async def no_keepers(_post: Post) -> Sequence[tuple[int, int]]:
    """Know of no streaks."""
    return ()


class Posting:
    """Does for every server's challenge what is due."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.threads = Threads(bot)
        self.keepers: Keepers = no_keepers
        """Shown in the reveal."""
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
            await self._attend_all(await self.bot.store.challenges(), now)
            for post in await self.bot.store.open_posts():
                if post.closes_at is not None and post.closes_at <= now:
                    is_in = self._is_in(post.guild_id)
                    if not is_in or await self._adopt(post) or self._is_given_up(post, now):
                        await self._close(post, now)
            for post in await self.bot.store.unrevealed_posts():
                rests = self._reveal_rests_until.get(post.id, now) > now
                if self._is_in(post.guild_id) and not rests:
                    await self._reveal_guarded(post)
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
            await self.threads.tick()
            post = await self.bot.store.post(claim.post.id)
            assert post is not None  # noqa: S101 - posts are not deleted
            return post

    async def reveal_now(self, post: Post) -> None:
        """Close an open challenge before its time."""
        async with self._lock:
            await self._close(post, self.bot.clock())
            await self._reveal(post.id)
            await self.threads.tick()

    async def message_deleted(self, message_id: int) -> None:
        """Close the open challenge whose message somebody deleted; its answers stay."""
        async with self._lock:
            post = await self.bot.store.post_of_message(message_id)
            if post is not None and post.revealed_at is None:
                await self._record_deletion(post)

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
        """Claim what is due, one challenge after the other, then send side by side."""
        waiting: list[tuple[Challenge, Claim]] = []
        for challenge in challenges:
            if self._is_in(challenge.guild_id):
                claim = await self._guarded(challenge, self._prepare(challenge, now))
                if claim is not None:
                    waiting.append((challenge, claim))
        turn = asyncio.Semaphore(SENT_AT_ONCE)

        async def deliver(challenge: Challenge, claim: Claim) -> None:
            async with turn:
                await self._guarded(challenge, self._deliver(challenge, claim))

        await asyncio.gather(*(deliver(challenge, claim) for challenge, claim in waiting))

    async def _guarded(self, challenge: Challenge, work: Awaitable[T]) -> T | None:
        """Let one challenge's failure be no other's; return None for it."""
        error: Exception
        try:
            return await work
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

    async def _deliver(self, challenge: Challenge, claim: Claim) -> None:
        """Bring a claimed post's message about, unless it is there already, and record it."""
        post = claim.post
        message_id = None if claim.is_new else await self._sent_before(challenge, post)
        if message_id is None:
            message_id = await self._send(challenge.channel_id, post, role_id=challenge.role_id)
        await self._record(challenge, post, message_id, is_by_hand=claim.is_by_hand)
        await self.bot.store.note_trouble(challenge.id, None, self.bot.clock())
        self._post_rests_until.pop(challenge.id, None)
        await self._link_previous(post)

    async def _record(
        self, challenge: Challenge, post: Post, message_id: int, *, is_by_hand: bool
    ) -> None:
        """Record a post's message, with how it came about."""
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
            domain=self._domain(post),
            previous=previous,
            role_id=role_id,
        )
        message = await self._channel(channel_id, post).send(
            view=view, nonce=post.nonce, allowed_mentions=_only(role_id)
        )
        return message.id

    async def _sent_before(self, challenge: Challenge, post: Post) -> int | None:
        """Look for the post's message in the channel: it may have been sent and not recorded."""
        assert self.bot.user is not None  # noqa: S101 - nothing is posted before the bot is ready
        return await find_sent(
            self._channel(challenge.channel_id, post),
            self.bot.user.id,
            f"daily:{post.id}:",
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
        """Whether a post that may have a message has been looked for long enough."""
        return post.closes_at is not None and now > post.closes_at + LOOKED_FOR

    async def _repost_if_gone(self, post: Post) -> None:
        assert post.channel_id is not None and post.message_id is not None  # noqa: S101, PT018
        try:
            await self._channel(post.channel_id, post).fetch_message(post.message_id)
        except discord.NotFound:
            message_id = await self._send(post.channel_id, post, role_id=None)
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
            await self._record_deletion(post)
            return
        await self.bot.store.record_reveal(post.id, self.bot.clock())

    async def _record_deletion(self, post: Post) -> None:
        """Close a post that has no message any more; nothing is left to be revealed."""
        now = self.bot.clock()
        await self._close(post, now)
        was_open = "while it was open" if post.closed_at is None else "before the reveal"
        detail = f"The message was deleted {was_open}. Its answers stay and count."
        await self.bot.store.record_deletion(post.id, at=now, detail=detail)
        _log.info("Post %d has no message any more; its answers stay", post.id)

    async def _show_reveal(self, post: Post) -> None:
        view = revealed_card(
            post,
            tally=await self.bot.store.tally(post.id),
            domain=self._domain(post),
            first_right=await self.bot.store.first_right(post.id),
            following=await self.bot.store.following_post(post),
            keepers=await self.keepers(post),
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
            domain=self._domain(post),
            previous=await self.bot.store.previous_post(post),
            role_id=role_id,
        )
        await self._edit(post, view, role_id=role_id)

    async def _gone_at_last(self, post_id: int) -> None:
        """Close a post whose deletion was not heard of."""
        async with self._lock:
            post = await self.bot.store.post(post_id)
            if post is not None and post.revealed_at is None:
                await self._record_deletion(post)

    # --------------------------------------------------------------------- helpers

    def _channel(self, channel_id: int, post: Post) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(channel_id, guild_id=post.guild_id)

    async def _edit(self, post: Post, view: ui.LayoutView, *, role_id: int | None = None) -> None:
        """Edit a post's message. An edit pings nobody; a mentioned role keeps its highlight."""
        if post.channel_id is not None and post.message_id is not None:
            channel = self._channel(post.channel_id, post)
            await channel.get_partial_message(post.message_id).edit(
                view=view, allowed_mentions=_only(role_id)
            )

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


def _only(role_id: int | None) -> discord.AllowedMentions:
    """Let a message mention this role, or nobody."""
    if role_id is None:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role_id)], replied_user=False
    )
