"""Bringing a match's messages in line with how it stands.

Nothing here decides anything: the match is read from the store, and each of its messages is sent,
edited or left alone, so that this can be repeated without harm after a kill. A message is edited
when what it shows has changed, and at most once in ``EDIT_EVERY``: a hundred answers in a second
are one edit.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.cogs.choosing import hold_refuted
from bot.cogs.delivery import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, find_sent
from bot.cogs.threads import HAS_THREAD
from bot.cogs.topics import subject_name
from bot.core.contest import Contest
from bot.core.match import (
    Match,
    MatchRound,
    MatchStanding,
    fastest_right,
    final_standings,
    results,
    standings,
)
from bot.core.team_match import MatchTeam, team_standings
from bot.ui.chart import PICTURE, Picture, podium_of, steps_of
from bot.ui.match import answer_card, asking_card, lobby_card
from bot.ui.match_finale import finale_card, podium_winners, team_steps

if TYPE_CHECKING:
    from bot.app import StudyBot

EDIT_EVERY = timedelta(seconds=1)
KNOWN = 500
"""Messages of which it is remembered what they show; forgetting one costs an edit."""
THREAD_NAME = "Match: {questions} questions on {subject}"
PODIUM_TITLE = "Match: {subject}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a message of a match shows, and since when."""

    match_id: int
    key: object
    at: datetime


class MatchShow:
    """The messages of all matches."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._seen: dict[int, _Seen] = {}
        """By message."""
        self._waiting: set[int] = set()
        """Matches with a message that was edited a moment ago."""
        self._unsent: set[str] = set()
        """By nonce: claimed by this process and not sent yet, so nobody needs to look for them."""

    def is_unsent(self, nonce: str) -> None:
        """Note that a message was claimed just now and surely is not there yet."""
        self._unsent.add(nonce)

    def forget(self, message_id: int) -> int | None:
        """Have a message looked after again; return the id of its match, None without one."""
        seen = self._seen.pop(message_id, None)
        return None if seen is None else seen.match_id

    def subject_of(self, match: Match) -> str:
        """Return the name of what a match asks about."""
        return subject_name(self.bot, match.settings.subject)

    async def show(self, match: Match) -> bool:
        """Send and edit whatever is not as the match stands.

        False when a message has to wait for its next edit.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: Discord did not take something;
                what was shown before it stays so, the rest waits for the next time.
        """
        self._waiting.discard(match.id)
        if match.phase == "finale":
            await self.freeze(match)
        contest = await self.bot.store.contest(match.id)
        assert contest is not None  # noqa: S101 - a match has one
        await self._show_lobby(match, contest)
        if match.phase == "lobby":
            return match.id not in self._waiting
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
        return match.id not in self._waiting

    # ----------------------------------------------------------------------- lobby

    async def _show_lobby(self, match: Match, contest: Contest) -> None:
        key: object = ("begun", match.thread_id, match.ending, match.until if _waits(match) else 0)
        if match.phase == "lobby":
            key = (match.until, tuple(one.member_id for one in contest.contestants if one.is_in))

        teams = await self._teams(match)

        def view() -> ui.LayoutView:
            return lobby_card(match, contest, self.subject_of(match), teams)

        if match.lobby_message_id is not None:
            new_id = await self._edit(
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
            new_id = await self._send(
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
        channel = self._channel(match.guild_id, match.channel_id)
        name = THREAD_NAME.format(
            questions=match.settings.questions, subject=self.subject_of(match)
        )
        try:
            thread = await channel.get_partial_message(message_id).create_thread(
                name=name[:100], auto_archive_duration=60
            )
            thread_id = thread.id
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                self.forget(message_id)  # it may be gone; then it is sent again first
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
            new_id = await self._edit(match.id, match.play_channel_id, post.message_id, key, view)
        else:
            new_id = await self._send(
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
        if self._is_shown(post.message_id, key):
            return
        until_here = tuple(one for one in rounds if one.post.place <= post.place)
        answers = await self.bot.store.contest_answers(match.id)
        found = standings(contest, until_here, answers, match.settings)
        teams = team_standings(found, await self._teams(match))
        tally = await self.bot.store.tally(post.id)
        fastest = fastest_right(round_, answers)

        def view() -> ui.LayoutView:
            return answer_card(
                match, round_, tally=tally, found=found, teams=teams, fastest=fastest
            )

        await self._edit(match.id, channel_id, post.message_id, key, view, may_repost=False)
        if self._is_shown(post.message_id, key) and post.revealed_at is None:
            await self.bot.store.record_reveal(post.id, self.bot.clock())

    # ---------------------------------------------------------------------- finale

    async def freeze(self, match: Match) -> None:
        """Freeze the results of a match that has ended; what was never played has none."""
        store, now = self.bot.store, self.bot.clock()
        if match.ending in ("expired", "called_off"):
            await store.cancel_contest(match.id, now)
            return
        contest = await store.contest(match.id)
        if contest is None or contest.finished_at is not None:
            return
        if await store.finish_contest(match.id, results(await self.standings(match, contest)), now):
            self.is_unsent(f"match-{match.id}-finale")
            await store.rate_contests()
            await hold_refuted(self.bot, match.guild_id, now)

    async def _show_finale(self, match: Match, rounds: tuple[MatchRound, ...]) -> None:
        store, now = self.bot.store, self.bot.clock()
        if match.ending in ("expired", "called_off"):
            await store.record_finale(match.id, None)
            return
        if match.ending != "lost" and any(
            one.post.message_id is not None and one.post.revealed_at is None for one in rounds
        ):
            self._waiting.add(match.id)
            return  # the answer comes first
        view, picture = await self.finale(match)
        channel_id = match.channel_id if match.ending == "lost" else match.play_channel_id
        message_id = await self._send(
            match.id, channel_id, view, f"match-{match.id}-finale", "finale",
            prefix=f"matchagain:{match.id}", since=now - timedelta(hours=1), picture=picture,
        )  # fmt: skip
        await store.record_finale(match.id, message_id)

    async def finale(
        self, match: Match, *, may_attach: bool | None = None
    ) -> tuple[ui.LayoutView, Picture | None]:
        """Return the results of a finished match, with a picture where it can be attached."""
        found = await self.final(match)
        names = await self.bot.store.member_names(
            match.guild_id, [one.member_id for one in found if one.member_id is not None]
        )
        teams = team_standings(found, await self._teams(match))
        steps = team_steps(teams) or steps_of(podium_winners(found, names))
        picture = None
        if steps and (self._may_attach(match) if may_attach is None else may_attach):
            title = PODIUM_TITLE.format(subject=self.subject_of(match))
            picture = await asyncio.to_thread(podium_of, title, steps)
        alt = None if picture is None else picture.alt
        return finale_card(match, found, teams, self.topic_names(), alt), picture

    async def final(self, match: Match) -> tuple[MatchStanding, ...]:
        """Return the frozen results of a finished match, best first."""
        contest = await self.bot.store.contest(match.id)
        assert contest is not None  # noqa: S101 - a match has one
        return final_standings(contest, await self.standings(match, contest))

    async def standings(self, match: Match, contest: Contest) -> tuple[MatchStanding, ...]:
        """Return how a match stands after the questions that are closed."""
        rounds = await self.bot.store.match_rounds(match.id)
        closed = [one for one in rounds if one.post.closed_at is not None]
        answers = await self.bot.store.contest_answers(match.id)
        return standings(contest, closed, answers, match.settings)

    async def _teams(self, match: Match) -> dict[int, MatchTeam]:
        """Return the teams that play, by contestant's id."""
        return await self.bot.store.match_teams(match.id) if match.settings.for_teams else {}

    def topic_names(self) -> dict[str, str]:
        """Return the names of all topics, by id."""
        return {topic.id: topic.name for topic in self.bot.shelf.topics}

    # -------------------------------------------------------------------- messages

    def _is_shown(self, message_id: int, key: object) -> bool:
        seen = self._seen.get(message_id)
        return seen is not None and seen.key == key

    async def _edit(
        self,
        match_id: int,
        channel_id: int,
        message_id: int,
        key: object,
        view: Callable[[], ui.LayoutView],
        *,
        may_repost: bool = True,
    ) -> int | None:
        """Edit a message unless it shows ``key`` already or was edited a moment ago.

        A message that somebody deleted is sent again, if it may be; return the new one's id then.
        """
        now = self.bot.clock()
        seen = self._seen.get(message_id)
        if seen is not None and seen.key == key:
            return None
        if seen is not None and now - seen.at < EDIT_EVERY:
            self._waiting.add(match_id)
            return None
        channel = self._channel(None, channel_id)
        try:
            await channel.get_partial_message(message_id).edit(view=view())
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            self._seen.pop(message_id, None)
            if may_repost:
                nonce = f"match-again-{message_id % 10**10}"
                return await self._send(match_id, channel_id, view(), nonce, key)
        self._note(match_id, message_id, key)
        return None

    async def _send(
        self,
        match_id: int,
        channel_id: int,
        view: ui.LayoutView,
        nonce: str,
        key: object,
        *,
        prefix: str | None = None,
        since: datetime | None = None,
        picture: Picture | None = None,
    ) -> int:
        """Send a message, unless it was sent before and only not recorded; return its id."""
        channel = self._channel(None, channel_id)
        message_id = None
        if nonce in self._unsent:
            self._unsent.discard(nonce)
        elif prefix is not None and since is not None and self.bot.user is not None:
            after = since - timedelta(minutes=1)
            message_id = await find_sent(channel, self.bot.user.id, prefix, after=after)
        if message_id is not None:
            return message_id  # what it shows is not known, so it is edited the next time
        if picture is None:
            message = await channel.send(view=view, nonce=nonce)
        else:
            file = discord.File(io.BytesIO(picture.png), PICTURE, description=picture.alt)
            message = await channel.send(view=view, nonce=nonce, file=file)
        self._note(match_id, message.id, key)
        return message.id

    def _note(self, match_id: int, message_id: int, key: object) -> None:
        while len(self._seen) >= KNOWN:
            del self._seen[next(iter(self._seen))]
        self._seen[message_id] = _Seen(match_id, key, self.bot.clock())

    def _channel(self, guild_id: int | None, channel_id: int) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(channel_id, guild_id=guild_id)

    def _may_attach(self, match: Match) -> bool:
        channel = self.bot.get_channel(match.channel_id)
        if isinstance(channel, discord.Thread):
            channel = channel.parent
        if not isinstance(channel, discord.abc.GuildChannel):
            return True
        return channel.permissions_for(channel.guild.me).attach_files


def _waits(match: Match) -> bool:
    """Whether the lobby counts down to the first question."""
    return match.phase == "ready" and match.place == 0


def _wants_thread(match: Match) -> bool:
    """Whether the thread has still to be made."""
    return match.settings.in_thread and match.thread_id is None and not match.is_over


def is_place_gone(error: Exception) -> bool:
    """Return whether the channel or the thread was deleted."""
    return isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL
