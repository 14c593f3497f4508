"""What happens to a match, step by step, in the store; bot/core/match.py says what is due.

All of it is done under the match's lock (bot/cogs/match_play.py), and nothing here waits for
Discord.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cogs.match_messages import MatchMessages
from bot.cogs.match_results import MatchResults
from bot.core.match import SEEN_FOR, Ending, Match, Step, draw_match, due
from bot.core.match_standing import is_idle
from bot.core.post import Post, show
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

SENT_WITHIN = timedelta(seconds=1)
"""A question that took longer to appear has its countdown extended by that."""


class MatchSteps:
    """Takes matches from one state to the next."""

    def __init__(self, bot: StudyBot, results: MatchResults, messages: MatchMessages) -> None:
        self.bot = bot
        self.results = results
        self.messages = messages
        self.asked: dict[int, Post] = {}
        """The question that each match asked last, so that two hundred answers need not read it."""

    async def begin(self, match: Match) -> None:
        """End the lobby: draw the questions, unseen by those who play, and count down.

        Raises:
            UserError: nobody has joined, or there is nothing to ask.
        """
        store, shelf, now = self.bot.store, self.bot.shelf, self.bot.clock()
        contest = await store.contest(match.id)
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
            posts = await store.ask_contest(match.id, shown, now=now)
        await store.save_match(match.begun(now, len(posts)))

    async def catch_up(self, match_id: int) -> Match | None:
        """Do all that is due; return what the match is then."""
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
            self.messages.is_unsent(f"match-{post.id}")
        elif step == "close":
            after = await self.close(match, now)
        elif step == "resume":
            after = await self.resume(match, now)
        elif step == "finish":
            after = match.ended("played")
            await store.save_match(after)
        elif step == "expire":
            after = match.ended("expired")
            await store.save_match(after)
        else:
            ending: Ending = "lost" if match.cause == "trouble" else "outage"
            after = await self.end(match, ending, now)
        return after

    async def _alive_until(self, match: Match) -> datetime:
        """Return when the bot was surely alive last: its sign of life, or an answer after it."""
        answers = await self.bot.store.contest_answers(match.id)
        return max([match.alive_at, *(answer.answered_at for answer in answers)])

    async def _all_answered(self, match: Match) -> bool:
        posts = await self.bot.store.contest_posts(match.id)
        count = await self.bot.store.match_count(match.id, posts[match.place].id)
        return count.answers > 0 and count.players > 0 and count.waiting == 0

    async def resume(self, match: Match, now: datetime) -> Match:
        """Let the clock of a paused match go on."""
        after = match.resumed(now)
        assert after.until is not None  # noqa: S101
        assert match.left is not None  # noqa: S101 - it was paused
        # Up to a second later than now, as the bell is at a whole second: it costs nobody time.
        await self.bot.store.resume_match(after, after.until - match.left)
        return after

    async def close(self, match: Match, now: datetime, *, is_void: bool = False) -> Match:
        """Close the question that is asked; a void one counts for nobody."""
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

    async def end(self, match: Match, ending: Ending, now: datetime) -> Match:
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

    async def extend_if_late(self, match_id: int) -> None:
        """Extend a question whose message came late by the time that it was not to be seen."""
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

    async def lose(self, match: Match, now: datetime) -> None:
        """End a match whose channel or thread is gone; in a channel that is left it is told."""
        if match.is_over:
            is_told_elsewhere = match.thread_id is not None and match.ending != "lost"
            if is_told_elsewhere:
                await self.bot.store.save_match(replace(match, ending="lost"))
            else:
                await self._finish_unseen(match)
            return
        await self.end(match, "lost", now)

    async def _give_up(self, match: Match, now: datetime) -> Match:
        """End a match of a server that let the bot go; its results are kept."""
        if not match.is_over:
            match = await self.end(match, "lost", now)
        await self._finish_unseen(match)
        return replace(match, phase="over")

    async def _finish_unseen(self, match: Match) -> None:
        await self.results.freeze(match)
        await self.bot.store.record_finale(match.id, None)


def _moved(before: Match, after: Match) -> timedelta:
    """Return by how much the end of a phase was moved."""
    if before.until is None or after.until is None:
        return timedelta(0)
    return after.until - before.until
