"""The clock of all matches, and what their hosts do to it.

A beat every half second looks after the matches in which something is due (bot/core/match.py says
what) or has changed, and has their messages brought in line. Changes are made under a match's lock,
which is never held while Discord is waited for; so whoever presses a button is answered at once,
however slow the messages are.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord.ext import tasks

from bot.cogs.delivery import UNDELIVERED
from bot.cogs.match_messages import is_place_gone
from bot.cogs.match_results import MatchResults
from bot.cogs.match_show import MatchShow
from bot.core.match import (
    SEEN_FOR,
    Ending,
    Match,
    Step,
    draw_match,
    due,
    is_idle,
)
from bot.core.post import Post, show
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

BEAT_SECONDS = 0.5
SIGN_OF_LIFE, LAZY_SIGN = timedelta(seconds=1), timedelta(seconds=4)
"""How often the store is told that the bot is alive, while a question counts down and otherwise.

An outage is known up to this; both are below the silence that counts as one.
"""
REST = timedelta(seconds=10)
"""After Discord refused a message."""
SENT_WITHIN = timedelta(seconds=1)
"""A question that took longer to appear has its countdown extended by that."""
FINALE_TRIED_FOR = timedelta(minutes=10)
NOT_RUNNING = "That match is over. `/match start` opens a new one."


class MatchPlay:
    """Runs the matches of all servers."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.results = MatchResults(bot)
        self.show = MatchShow(bot, self.results)
        self.now: dict[int, Match] = {}
        """The matches that run, by id, as they were when they were looked after last."""
        self.asked: dict[int, Post] = {}
        """The question that each match asked last, so that two hundred answers need not read it."""
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._rests_until: dict[int, datetime] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._changed: set[int] = set()
        """Matches whose messages may have to be edited."""
        self._is_wanted = False
        """Whether the store may hold matches that are not in ``now``."""
        self._alive_at: datetime | None = None

    # ------------------------------------------------------------------- the clock

    def start(self) -> None:
        """Look once the bot is ready whether a match runs, and beat as long as one does."""
        self._is_wanted = True
        if not self.clock.is_running():
            self.clock.start()

    def stop(self) -> None:
        """Stop at once; what is in the store goes on at the next start."""
        self.clock.cancel()
        for task in self._tasks.values():
            task.cancel()

    def wake(self, match_id: int) -> None:
        """Look after a match at the next beat, and go on as long as one runs."""
        self._changed.add(match_id)
        self.start()

    @tasks.loop(seconds=BEAT_SECONDS)
    async def clock(self) -> None:
        """Beat; nothing that goes wrong may end it but that no match runs."""
        try:
            await self.beat()
        except Exception:
            _log.exception("A beat of the matches failed; the next one comes soon")
            return
        if not self.now and not self._is_wanted:
            self.clock.stop()  # the loop gives nobody a turn between this and its end

    @clock.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    async def beat(self) -> None:
        """Give a sign of life now and then, and look after the matches that want it."""
        now = self.bot.clock()
        counts = any(match.is_playing and match.until is not None for match in self.now.values())
        rhythm = SIGN_OF_LIFE if counts else LAZY_SIGN
        if self._is_wanted or self._alive_at is None or now - self._alive_at >= rhythm:
            self._is_wanted = False
            await self.bot.store.keep_matches_alive(now)
            self._alive_at = now
            running = {match.id: match for match in await self.bot.store.running_matches()}
            self._changed |= running.keys() - self.now.keys()  # what was cut off is finished
            self.now = running
        for match in self.now.values():
            rests = self._rests_until.get(match.id, now)
            if (
                match.id in self._changed
                or due(match, now)
                or (match.id in self._rests_until and rests <= now)
            ):
                self._look(match.id)

    def _look(self, match_id: int) -> None:
        """Start looking after a match, unless that is being done."""
        if match_id not in self._tasks:
            self._changed.discard(match_id)
            task = asyncio.create_task(self._attend(match_id))
            self._tasks[match_id] = task
            task.add_done_callback(partial(self._done, match_id))

    def _done(self, match_id: int, _: asyncio.Task[None]) -> None:
        del self._tasks[match_id]

    async def _attend(self, match_id: int) -> None:
        """Do for one match what is due; its failure is no other's."""
        try:
            await self.attend(match_id)
        except Exception:
            _log.exception("Match %d could not be looked after", match_id)
            self._rests_until[match_id] = self.bot.clock() + REST

    async def attend(self, match_id: int) -> None:
        """Do what is due, then bring the messages in line."""
        async with self._locks[match_id]:
            match = await self._catch_up(match_id)
        if match is None or match.phase == "over":
            self.now.pop(match_id, None)
            self.asked.pop(match_id, None)
            self._locks.pop(match_id, None)
            return
        self.now[match_id] = match
        now = self.bot.clock()
        if self._rests_until.get(match_id, now) > now:
            return
        stuck = match if match.cause == "trouble" else None
        if stuck is not None:
            match = await self._try_again(stuck)
        try:
            if not await self.show.show(match):
                self._changed.add(match_id)
            if match.phase == "asking":
                await self._extend_if_late(match_id)
        except UNDELIVERED as error:
            self.bot.log_refusal("a message of a match", error)
            await self._refused(match, error, stuck)
        else:
            self._rests_until.pop(match_id, None)

    async def _catch_up(self, match_id: int) -> Match | None:
        """Do all that is due; called under the match's lock."""
        now = self.bot.clock()
        match = await self.bot.store.match(match_id)
        if match is None or match.phase == "over":
            return match
        if self.bot.get_guild(match.guild_id) is None:
            return await self._give_up(match, now)
        while (step := due(match, now)) is not None:
            match = await self._do(match, step, now)
        if match.phase == "asking" and match.until is not None and await self._all_answered(match):
            match = await self._do(match, "close", now)
        return match

    async def _do(self, match: Match, step: Step, now: datetime) -> Match:
        store = self.bot.store
        if step == "extend":
            since = await self._alive_until(match)
            after = match.extended(now, since)
            await store.extend_match(after, since=since, at=since + _moved(match, after))
            _log.info("Match %d goes on after an outage", match.id)
        elif step == "ask":
            after = match.asked(now)
            await store.ask_match_round(after)
            posts = await store.contest_posts(match.id)
            post = posts[match.place]
            self.asked[match.id] = post
            self.show.messages.is_unsent(f"match-{post.id}")
        elif step == "close":
            after = await self._close(match, now)
        elif step == "resume":
            after = await self._resume(match, now)
        elif step == "finish":
            after = match.ended("played")
            await store.save_match(after)
        elif step == "expire":
            after = match.ended("expired")
            await store.save_match(after)
        else:
            ending: Ending = "lost" if match.cause == "trouble" else "outage"
            after = await self._end(match, ending, now)
        return after

    async def _alive_until(self, match: Match) -> datetime:
        """Return when the bot was surely alive last: its sign of life, or an answer after it."""
        answers = await self.bot.store.contest_answers(match.id)
        return max([match.alive_at, *(answer.answered_at for answer in answers)])

    async def _all_answered(self, match: Match) -> bool:
        posts = await self.bot.store.contest_posts(match.id)
        count = await self.bot.store.match_count(match.id, posts[match.place].id)
        return count.answers > 0 and count.players > 0 and count.waiting == 0

    async def _resume(self, match: Match, now: datetime) -> Match:
        after = match.resumed(now)
        assert after.until is not None  # noqa: S101
        assert match.left is not None  # noqa: S101 - it was paused
        # Up to a second later than now, as the bell is at a whole second: it costs nobody time.
        await self.bot.store.resume_match(after, after.until - match.left)
        return after

    async def _close(self, match: Match, now: datetime, *, is_void: bool = False) -> Match:
        store = self.bot.store
        rounds = await store.match_rounds(match.id)
        answers = await store.contest_answers(match.id)
        held = await store.held_questions(match.guild_id)
        is_held = rounds[-1].post.shown.question.id in held
        after = match.answered(now)
        if is_idle(rounds, answers) and not is_void:
            after = match.ended("idle")
        await store.close_match_round(after, place=match.place, at=now, is_void=is_void or is_held)
        return after

    async def _end(self, match: Match, ending: Ending, now: datetime) -> Match:
        """End a match; a question that is open counts for nobody, as not all had their time."""
        store = self.bot.store
        if match.phase == "lobby":
            after = match.ended("expired" if ending == "outage" else "called_off")
            await store.save_match(after)
            return after
        closed = [r for r in await store.match_rounds(match.id) if r.post.closed_at is not None]
        if ending == "stopped" and all(round_.is_void for round_ in closed):
            ending = "called_off"
        after = match.ended(ending)
        if match.phase == "asking":
            await store.close_match_round(after, place=match.place, at=now, is_void=True)
        else:
            await store.save_match(after)
        return after

    # ------------------------------------------------------------ what stands in the way

    async def _extend_if_late(self, match_id: int) -> None:
        """Extend a question whose message came late by the time that it was not to be seen."""
        async with self._locks[match_id]:
            match = await self.bot.store.match(match_id)
            if match is None or match.phase != "asking" or match.until is None:
                return
            round_ = (await self.bot.store.match_rounds(match_id))[-1]
            opened_at, sent_at = round_.opened_at, round_.shown_at
            if sent_at is None or round_.gaps or sent_at - opened_at <= SENT_WITHIN:
                return
            after = match.extended_by(sent_at - opened_at)
            ends_at = opened_at + _moved(match, after)
            await self.bot.store.extend_match(after, since=opened_at, at=ends_at)

    async def _refused(self, match: Match, error: Exception, stuck: Match | None) -> None:
        """Wait, pause or give up, by why Discord did not take a message.

        ``stuck`` is the match in the pause from which it was tried again; that goes on then.
        """
        now = self.bot.clock()
        self._rests_until[match.id] = now + REST
        async with self._locks[match.id]:
            current = await self.bot.store.match(match.id)
            if current is None or current.phase == "over":
                return
            if is_place_gone(error):
                await self._lose(current, now)
            elif current.is_over:
                contest = await self.bot.store.contest(match.id)
                ended_at = contest.finished_at if contest is not None else None
                if ended_at is not None and now - ended_at > FINALE_TRIED_FOR:
                    await self.bot.store.record_finale(match.id, None)
            elif (
                isinstance(error, discord.Forbidden)
                and current.is_playing
                and current.until is not None
            ):
                paused = current.paused(now, "trouble")
                if stuck is not None:
                    paused = replace(paused, paused_at=stuck.paused_at, left=stuck.left)
                await self.bot.store.pause_match(paused, now)

    async def _try_again(self, match: Match) -> Match:
        """Let the clock of a match go on that the bot had no permission for, to see if it has."""
        async with self._locks[match.id]:
            current = await self.bot.store.match(match.id)
            if current is None or current.cause != "trouble":
                return current or match
            now = self.bot.clock()
            return await self._resume(current, now)

    async def _lose(self, match: Match, now: datetime) -> None:
        """End a match whose channel or thread is gone; in a channel that is left it is told."""
        self._rests_until.pop(match.id, None)
        self._changed.add(match.id)
        if match.is_over:
            is_told_elsewhere = match.thread_id is not None and match.ending != "lost"
            if is_told_elsewhere:
                await self.bot.store.save_match(replace(match, ending="lost"))
            else:
                await self._finish_unseen(match)
            return
        await self._end(match, "lost", now)

    async def _give_up(self, match: Match, now: datetime) -> Match:
        """End a match of a server that let the bot go; its results are kept."""
        if not match.is_over:
            match = await self._end(match, "lost", now)
        await self._finish_unseen(match)
        return replace(match, phase="over")

    async def _finish_unseen(self, match: Match) -> None:
        await self.results.freeze(match)
        await self.bot.store.record_finale(match.id, None)

    async def place_deleted(self, channel_id: int) -> None:
        """End the match of a channel or a thread that was deleted."""
        match = await self.bot.store.match_in(channel_id)
        if match is not None:
            async with self._locks[match.id]:
                current = await self.bot.store.match(match.id)
                if current is not None and current.phase != "over":
                    await self._lose(current, self.bot.clock())
            self.wake(match.id)

    def message_deleted(self, message_id: int) -> None:
        """Show again what a message showed that was deleted, as long as it is of use."""
        match_id = self.show.messages.forget(message_id)
        if match_id is not None:
            self.wake(match_id)

    # ------------------------------------------------------------------ what hosts do

    async def begin(self, match_id: int) -> None:
        """End the lobby: draw the questions, unseen by those who play, and count down.

        Raises:
            UserError: it has begun, or there is nothing to ask.
        """
        async with self._locks[match_id]:
            match = await self._running(match_id)
            if match.phase != "lobby":
                raise UserError("It has begun already.")
            store, shelf, now = self.bot.store, self.bot.shelf, self.bot.clock()
            contest = await store.contest(match_id)
            players = [
                one.member_id
                for one in (contest.contestants if contest is not None else ())
                if one.is_in and one.member_id is not None
            ]
            if not players:
                raise UserError("Nobody has joined yet. Press **Join** first.")
            subject = match.settings.subject
            pool = shelf.questions_on(subject)
            async with self.bot.drawing[match.guild_id]:
                open_ids = await store.open_question_ids(match.guild_id)
                seen_since = (now - SEEN_FOR).date()
                drawn = draw_match(
                    pool,
                    match.settings.questions,
                    self.bot.rng,
                    exam=shelf.exam_of(subject),
                    avoid=open_ids | await store.held_questions(match.guild_id),
                    avoid_entries={q.entry_id for q in shelf.pool if q.id in open_ids},
                    seen=await store.seen_lately(match.guild_id, players, seen_since),
                )
                if not drawn:
                    raise UserError(
                        "There is nothing to ask about that just now. Call it off and choose "
                        "another topic."
                    )
                shown = [show(question, self.bot.rng) for question in drawn]
                posts = await store.ask_contest(match_id, shown, now=now)
            await store.save_match(match.begun(now, len(posts)))
        self.wake(match_id)

    async def pause(self, match_id: int) -> None:
        """Stop the clock.

        Raises:
            UserError: it stands already, or there is none.
        """
        async with self._locks[match_id]:
            match = await self._playing(match_id)
            if match.until is None:
                raise UserError("It is paused already.")
            now = self.bot.clock()
            await self.bot.store.pause_match(match.paused(now), now)
        self.wake(match_id)

    async def resume(self, match_id: int) -> None:
        """Let the clock go on.

        Raises:
            UserError: it does already, or there is none.
        """
        async with self._locks[match_id]:
            match = await self._playing(match_id)
            if match.until is not None:
                raise UserError("It is not paused.")
            await self._resume(match, self.bot.clock())
        self._rests_until.pop(match_id, None)
        self.wake(match_id)

    async def skip(self, match_id: int) -> str:
        """Skip the question that is asked, or the wait; return which.

        Raises:
            UserError: there is nothing to skip.
        """
        async with self._locks[match_id]:
            match = await self._playing(match_id)
            now = self.bot.clock()
            what = "question" if match.phase == "asking" else "wait"
            if what == "question":
                await self._close(match, now, is_void=True)
            elif match.until is None:
                raise UserError("It is paused. Go on first.")
            else:
                await self.bot.store.save_match(replace(match, until=now))
        self.wake(match_id)
        return what

    async def end(self, match_id: int) -> Ending:
        """Stop a match with the results so far, or call off one that has none; return which.

        Raises:
            UserError: it is over.
        """
        async with self._locks[match_id]:
            match = await self._running(match_id)
            after = await self._end(match, "stopped", self.bot.clock())
        self._rests_until.pop(match_id, None)
        self.wake(match_id)
        assert after.ending is not None  # noqa: S101 - it was ended above
        return after.ending

    async def _running(self, match_id: int) -> Match:
        match = await self.bot.store.match(match_id)
        if match is None or match.is_over:
            raise UserError(NOT_RUNNING)
        return match

    async def _playing(self, match_id: int) -> Match:
        match = await self._running(match_id)
        if match.phase == "lobby":
            raise UserError("It has not begun yet.")
        return match


def _moved(before: Match, after: Match) -> timedelta:
    """Return by how much the end of a phase was moved."""
    if before.until is None or after.until is None:
        return timedelta(0)
    return after.until - before.until
