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
from bot.cogs.match_steps import MatchSteps
from bot.core.match import PLAYERS_MOST, Ending, Match, due
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
FINALE_TRIED_FOR = timedelta(minutes=10)
NOT_RUNNING = "That match is over. `/match start` opens a new one."


class MatchPlay:
    """Runs the matches of all servers."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.results = MatchResults(bot)
        self.show = MatchShow(bot, self.results)
        self.steps = MatchSteps(bot, self.results, self.show.messages)
        self.now: dict[int, Match] = {}
        """The matches that run, by id, as they were when they were looked after last."""
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
            match = await self.steps.catch_up(match_id)
        if match is None or match.phase == "over":
            self.now.pop(match_id, None)
            self.steps.asked.pop(match_id, None)
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
                async with self._locks[match_id]:
                    await self.steps.extend_if_late(match_id)
        except UNDELIVERED as error:
            self.bot.log_refusal("a message of a match", error)
            await self._refused(match, error, stuck)
        else:
            self._rests_until.pop(match_id, None)

    # ------------------------------------------------------------ what stands in the way

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
            return await self.steps.resume(current, now)

    async def _lose(self, match: Match, now: datetime) -> None:
        self._rests_until.pop(match.id, None)
        self._changed.add(match.id)
        await self.steps.lose(match, now)

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

    # ------------------------------------------------------ what players and hosts do

    async def join(self, match_id: int, member_id: int) -> bool:
        """Let a member take part; False when they do already.

        Raises:
            UserError: the match is full.
        """
        joined = await self.bot.store.join_match(
            match_id, member_id, self.bot.clock(), most=PLAYERS_MOST
        )
        if joined is None:
            raise UserError(f"The match is full: {PLAYERS_MOST} players.")
        return joined

    async def begin(self, match_id: int) -> None:
        """End the lobby: draw the questions, unseen by those who play, and count down.

        Raises:
            UserError: it has begun, or there is nothing to ask.
        """
        async with self._locks[match_id]:
            match = await self._running(match_id)
            if match.phase != "lobby":
                raise UserError("It has begun already.")
            await self.steps.begin(match)
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
            await self.steps.resume(match, self.bot.clock())
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
                await self.steps.close(match, now, is_void=True)
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
            after = await self.steps.end(match, "stopped", self.bot.clock())
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
