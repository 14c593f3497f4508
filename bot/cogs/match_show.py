"""Bringing a match's messages in line with how it stands.

Nothing here decides anything: the match is read from the store, and each of its messages is sent,
edited or left alone, so that this can be repeated without harm after a kill.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.cogs.match_messages import MatchMessages
from bot.cogs.match_results import MatchResults
from bot.cogs.threads import HAS_THREAD
from bot.core.contest import Contest
from bot.core.match import Match
from bot.core.match_standing import MatchRound, fastest_right, standings
from bot.core.team_match import team_standings
from bot.ui.match import answer_card, asking_card
from bot.ui.match_lobby import lobby_card

if TYPE_CHECKING:
    from bot.app import StudyBot

THREAD_NAME = "Match: {questions} questions on {subject}"


class MatchShow:
    """Shows all matches."""

    def __init__(self, bot: StudyBot, results: MatchResults) -> None:
        self.bot = bot
        self.results = results
        self.messages = MatchMessages(bot)

    async def show(self, match: Match) -> bool:
        """Send and edit whatever is not as the match stands.

        False when a message has to wait for its next edit.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: Discord did not take something;
                what was shown before it stays so, the rest waits for the next time.
        """
        self.messages.waiting.discard(match.id)
        if match.phase == "finale" and await self.results.freeze(match):
            self.messages.is_unsent(f"match-{match.id}-finale")
        contest = await self.bot.store.contest(match.id)
        assert contest is not None  # noqa: S101 - a match has one
        await self._show_lobby(match, contest)
        if match.phase == "lobby":
            return match.id not in self.messages.waiting
        if _wants_thread(match):
            match = await self._make_thread(match)
        rounds = await self.bot.store.match_rounds(match.id)
        # The question first; then the answer before it, which counts down to it no more.
        for behind, round_ in enumerate(reversed(rounds) if match.ending != "lost" else ()):
            if round_.post.closed_at is None:
                await self._show_question(match, round_)
            elif round_.post.message_id is not None and (
                behind < 2 or round_.post.revealed_at is None
            ):
                await self._show_answer(match, contest, round_, rounds)
        if match.phase == "finale":
            await self._show_finale(match, rounds)
        return match.id not in self.messages.waiting

    # ----------------------------------------------------------------------- lobby

    async def _show_lobby(self, match: Match, contest: Contest) -> None:
        key: object = ("begun", match.thread_id, match.ending, match.until if _waits(match) else 0)
        if match.phase == "lobby":
            key = (match.until, tuple(one.member_id for one in contest.contestants if one.is_in))

        teams = await self.results.teams(match)

        def view() -> ui.LayoutView:
            return lobby_card(match, contest, self.results.subject_of(match), teams)

        if match.lobby_message_id is not None:
            new_id = await self.messages.edit(
                match.id,
                match.channel_id,
                match.lobby_message_id,
                key,
                view,
                may_repost=match.phase == "lobby" or _waits(match) or _wants_thread(match),
            )
        elif match.is_over:
            return
        else:
            new_id = await self.messages.send(
                match.id, match.channel_id, view(), f"match-{match.id}-lobby", key,
                prefix=f"matchjoin:{match.id}", since=contest.made_at,
            )  # fmt: skip
        if new_id is not None:
            await self.bot.store.record_lobby_message(match.id, new_id)

    async def _make_thread(self, match: Match) -> Match:
        """Make the thread of a match under its lobby; made before, it is found again."""
        lobby = await self.bot.store.match(match.id)
        assert lobby is not None  # noqa: S101
        message_id = lobby.lobby_message_id
        assert message_id is not None  # noqa: S101 - it was sent above
        channel = self.bot.get_partial_messageable(match.channel_id, guild_id=match.guild_id)
        name = THREAD_NAME.format(
            questions=match.settings.questions, subject=self.results.subject_of(match)
        )
        try:
            thread = await channel.get_partial_message(message_id).create_thread(
                name=name[:100], auto_archive_duration=60
            )
            thread_id = thread.id
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                self.messages.forget(message_id)  # it may be gone; then it is sent again first
                raise
            thread_id = message_id
        await self.bot.store.record_match_thread(match.id, thread_id)
        found = await self.bot.store.match(match.id)
        assert found is not None  # noqa: S101 - matches are not deleted while they run
        return found

    # ------------------------------------------------------------------- questions

    async def _show_question(self, match: Match, round_: MatchRound) -> None:
        post = round_.post
        count = await self.bot.store.match_count(match.id, post.id)
        players = count.answers + count.waiting
        key = (match.until, match.paused_at, count.answers, players)

        def view() -> ui.LayoutView:
            return asking_card(match, post, answers=count.answers, players=players)

        if post.message_id is not None:
            new_id = await self.messages.edit(
                match.id, match.play_channel_id, post.message_id, key, view
            )
        else:
            new_id = await self.messages.send(
                match.id, match.play_channel_id, view(), f"match-{post.id}", key,
                prefix=f"match:{post.id}:", since=round_.opened_at,
            )  # fmt: skip
        if new_id is not None:
            await self.bot.store.record_round_message(
                post.id,
                channel_id=match.play_channel_id,
                message_id=new_id,
                at=self.bot.clock(),
            )

    async def _show_answer(
        self,
        match: Match,
        contest: Contest,
        round_: MatchRound,
        rounds: tuple[MatchRound, ...],
    ) -> None:
        post = round_.post
        assert post.message_id is not None  # noqa: S101 - what was never shown has no answer
        channel_id = post.channel_id or match.play_channel_id
        key: object = "closed"
        if match.counts_down_after(post.place):
            key = ("closed", match.until, match.paused_at)
        if self.messages.is_shown(post.message_id, key):
            return
        until_here = tuple(one for one in rounds if one.post.place <= post.place)
        answers = await self.bot.store.contest_answers(match.id)
        found = standings(contest, until_here, answers, match.settings)
        teams = team_standings(found, await self.results.teams(match))
        tally = await self.bot.store.tally(post.id)
        fastest = fastest_right(round_, answers)

        def view() -> ui.LayoutView:
            return answer_card(
                match, round_, tally=tally, found=found, teams=teams, fastest=fastest
            )

        await self.messages.edit(match.id, channel_id, post.message_id, key, view, may_repost=False)
        if self.messages.is_shown(post.message_id, key) and post.revealed_at is None:
            await self.bot.store.record_reveal(post.id, self.bot.clock())

    # ---------------------------------------------------------------------- finale

    async def _show_finale(self, match: Match, rounds: tuple[MatchRound, ...]) -> None:
        store, now = self.bot.store, self.bot.clock()
        if match.ending in ("expired", "called_off"):
            await store.record_finale(match.id, None)
            return
        if match.ending != "lost" and any(
            one.post.message_id is not None and one.post.revealed_at is None for one in rounds
        ):
            self.messages.waiting.add(match.id)
            return  # the answer comes first
        view, picture = await self.results.finale(match)
        channel_id = match.channel_id if match.ending == "lost" else match.play_channel_id
        message_id = await self.messages.send(
            match.id, channel_id, view, f"match-{match.id}-finale", "finale",
            prefix=f"matchagain:{match.id}", since=now - timedelta(hours=1), picture=picture,
        )  # fmt: skip
        await store.record_finale(match.id, message_id)


def _waits(match: Match) -> bool:
    """Whether the lobby counts down to the first question."""
    return match.phase == "ready" and match.place == 0


def _wants_thread(match: Match) -> bool:
    """Whether the thread has still to be made."""
    return match.settings.in_thread and match.thread_id is None and not match.is_over
