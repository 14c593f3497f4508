"""Matches: their clock, the questions that were asked, and the messages that show them.

Each change of a match is one write, together with what it does to the question that is asked, so
that a kill leaves the one or the other and nothing between. Who may change what and when is core's
(bot/core/match.py); here it is only kept.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.core.match import OUTAGE, Match, MatchSettings
from bot.core.match_standing import Gap, MatchRound
from bot.errors import UserError
from bot.store.access import Access
from bot.store.contests import close_post, is_running, join, make
from bot.store.moment import from_text, maybe_from_text, maybe_to_text, to_text
from bot.store.rows import post_of, require_change
from bot.store.team_matches import note_team

_SELECT = (
    "SELECT matches.*, contests.guild_id FROM matches"
    " JOIN contests ON contests.id = matches.contest_id"
)
_IN_PLACE = "WHERE phase <> 'over' AND ? IN (channel_id, thread_id) ORDER BY contest_id"
"""What is not over in a channel, or in a thread that it was given."""
_CHANGING = (
    "questions", "phase", "place", "phase_ends_at", "paused_at", "left_ms", "cause", "ending",
)  # fmt: skip
_MILLISECOND = timedelta(milliseconds=1)


class SecondMatch(UserError):
    """There is a match in the channel already."""

    def __init__(self, match: Match) -> None:
        self.match = match
        super().__init__("There is a match in this channel already.")


@dataclass(frozen=True, slots=True)
class Count:
    """How many answered a question, of those who play."""

    answers: int
    """By everybody, those who left since included."""
    players: int
    """Who are in."""
    waiting: int
    """Of them, who have not answered."""


class Matches(Access):
    """Matches, running and past."""

    async def make_match(
        self,
        *,
        guild_id: int,
        channel_id: int,
        host_id: int,
        settings: MatchSettings,
        study_date: date,
        now: datetime,
        until: datetime,
    ) -> Match:
        """Open a lobby until ``until``, with its host in it.

        Raises:
            SecondMatch: there is a match in the channel that is not over.
        """

        def work(connection: sqlite3.Connection) -> Match:
            found = _one(connection, _IN_PLACE, channel_id)
            if found is not None:
                raise SecondMatch(found)
            contest_id = make(
                connection,
                "match",
                guild_id=guild_id,
                member_ids=[host_id],
                study_date=study_date,
                now=now,
            )
            connection.execute(
                "INSERT INTO matches (contest_id, channel_id, questions, seconds, late_seconds,"
                " has_speed, subject, in_thread, for_teams, phase, phase_ends_at, alive_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'lobby', ?, ?)",
                (
                    contest_id,
                    channel_id,
                    settings.questions,
                    settings.seconds,
                    settings.late,
                    int(settings.has_speed),
                    settings.subject,
                    int(settings.in_thread),
                    int(settings.for_teams),
                    to_text(until),
                    to_text(now),
                ),
            )
            note_team(connection, contest_id, host_id)
            match = _one(connection, "WHERE contest_id = ?", contest_id)
            assert match is not None  # noqa: S101 - it was made above
            return match

        return await self._write(work)

    # --------------------------------------------------------------------- reading

    async def match(self, match_id: int) -> Match | None:
        """Return a match; None when there is none of that id."""
        return await self._read(
            lambda connection: _one(connection, "WHERE contest_id = ?", match_id)
        )

    async def running_matches(self) -> tuple[Match, ...]:
        """Return the matches that are not over, oldest first."""
        return await self._read(
            lambda connection: tuple(
                _match_of(row)
                for row in connection.execute(
                    f"{_SELECT} WHERE phase <> 'over' ORDER BY contest_id"
                )
            )
        )

    async def match_in(self, channel_id: int) -> Match | None:
        """Return the match that is not over in a channel or thread; None when there is none."""
        return await self._read(lambda connection: _one(connection, _IN_PLACE, channel_id))

    async def last_match(self, guild_id: int) -> Match | None:
        """Return the server's match that finished last, with a result; None without one."""
        return await self._read(
            lambda connection: _one(
                connection,
                "WHERE guild_id = ? AND finished_at IS NOT NULL AND is_cancelled = 0"
                " ORDER BY finished_at DESC, contest_id DESC",
                guild_id,
            )
        )

    async def match_rounds(self, match_id: int) -> tuple[MatchRound, ...]:
        """Return the questions that were asked, the open one included, in order."""

        def work(connection: sqlite3.Connection) -> tuple[MatchRound, ...]:
            gaps: dict[int, list[Gap]] = {}
            for row in connection.execute(
                "SELECT * FROM match_gaps WHERE contest_id = ? ORDER BY place, since", (match_id,)
            ):
                gap = Gap(from_text(row["since"]), maybe_from_text(row["until"]))
                gaps.setdefault(row["place"], []).append(gap)
            return tuple(
                MatchRound(
                    post=post_of(row),
                    opened_at=from_text(row["opened_at"]),
                    gaps=tuple(gaps.get(row["place"], ())),
                    is_void=bool(row["is_void"]),
                    shown_at=maybe_from_text(row["posted_at"]),
                )
                for row in connection.execute(
                    "SELECT posts.*, opened_at, is_void FROM match_rounds"
                    " JOIN posts ON posts.contest_id = match_rounds.contest_id"
                    " AND posts.place = match_rounds.place"
                    " WHERE match_rounds.contest_id = ? ORDER BY match_rounds.place",
                    (match_id,),
                )
            )

        return await self._read(work)

    async def match_count(self, match_id: int, post_id: int) -> Count:
        """Return how many answered a question of a match."""

        def work(connection: sqlite3.Connection) -> Count:
            (answers,) = connection.execute(
                "SELECT count(*) FROM answers WHERE post_id = ?", (post_id,)
            ).fetchone()
            players, answered = connection.execute(
                "SELECT count(*), count(answers.id) FROM contestants"
                " LEFT JOIN answers ON answers.member_id = contestants.member_id"
                " AND answers.post_id = ?"
                " WHERE contest_id = ? AND left_at IS NULL AND contestants.member_id IS NOT NULL",
                (post_id, match_id),
            ).fetchone()
            return Count(answers, players, players - answered)

        return await self._read(work)

    async def member_names(self, guild_id: int, member_ids: Collection[int]) -> dict[int, str]:
        """Return the names of those members of a server whose names are known."""
        marks = ", ".join("?" * len(member_ids))
        return await self._read(
            lambda connection: {
                int(row["member_id"]): str(row["name"])
                for row in connection.execute(
                    "SELECT member_id, name FROM members"
                    f" WHERE guild_id = ? AND member_id IN ({marks})",
                    (guild_id, *member_ids),
                )
            }
        )

    # -------------------------------------------------------------------- changing

    async def keep_matches_alive(self, at: datetime) -> None:
        """Note a sign of life for all matches that run and were alive a moment ago.

        A match with a longer silence keeps it, so that its clock can be extended by it.
        """
        moment, before = to_text(at), to_text(at - OUTAGE)
        await self._write(
            lambda connection: connection.execute(
                "UPDATE matches SET alive_at = ? WHERE phase <> 'over' AND alive_at >= ?",
                (moment, before),
            )
        )

    async def save_match(self, match: Match) -> None:
        """Keep how a match stands now; its messages and its thread are recorded on their own.

        Raises:
            StoreError: there is no match with that id.
        """
        await self._write(lambda connection: _put(connection, match))

    async def record_lobby_message(self, match_id: int, message_id: int) -> None:
        """Note the message that shows a match's lobby."""
        await self._record(match_id, "lobby_message_id = ?", message_id)

    async def record_match_thread(self, match_id: int, thread_id: int) -> None:
        """Note the thread in which a match is played."""
        await self._record(match_id, "thread_id = ?", thread_id)

    async def record_finale(self, match_id: int, message_id: int | None) -> None:
        """Note that a match's end was shown, with the message that shows its results.

        None when there is none: nothing was played, or there is no place left to post it.
        """
        await self._record(
            match_id,
            "finale_message_id = ?, phase = CASE phase WHEN 'finale' THEN 'over' ELSE phase END",
            message_id,
        )

    async def _record(self, match_id: int, changes: str, value: int | None) -> None:
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    f"UPDATE matches SET {changes} WHERE contest_id = ?", (value, match_id)
                ),
                f"match {match_id}",
            )
        )

    async def ask_match_round(self, match: Match) -> None:
        """Keep a match that asks its next question, and take answers to it.

        Raises:
            StoreError: it has no question of that place, or it was closed.
        """
        assert match.until is not None  # noqa: S101 - its clock runs
        opened_at = to_text(match.until - match.settings.time)

        def work(connection: sqlite3.Connection) -> None:
            _put(connection, match)
            connection.execute(
                "INSERT INTO match_rounds (contest_id, place, opened_at) VALUES (?, ?, ?)",
                (match.id, match.place, opened_at),
            )
            _take_answers(connection, match, match.closes_at)

        await self._write(work)

    async def close_match_round(
        self, match: Match, *, place: int, at: datetime, is_void: bool = False
    ) -> None:
        """Keep a match whose question of ``place`` is over, and close that question.

        A void one was skipped: right answers to it bring nothing.
        """

        def work(connection: sqlite3.Connection) -> None:
            _put(connection, match)
            _end_gap(connection, match.id, place, at)
            connection.execute(
                "UPDATE match_rounds SET is_void = ? WHERE contest_id = ? AND place = ?",
                (int(is_void), match.id, place),
            )
            row = connection.execute(
                "SELECT id FROM posts WHERE contest_id = ? AND place = ?", (match.id, place)
            ).fetchone()
            close_post(connection, row["id"], at, is_void=is_void)

        await self._write(work)

    async def pause_match(self, match: Match, at: datetime) -> None:
        """Keep a match whose clock stands from ``at`` on; its question takes no answers."""

        def work(connection: sqlite3.Connection) -> None:
            _put(connection, match)
            if match.phase == "asking":
                connection.execute(
                    "INSERT INTO match_gaps (contest_id, place, since) VALUES (?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    (match.id, match.place, to_text(at)),
                )
                _take_answers(connection, match, at)

        await self._write(work)

    async def resume_match(self, match: Match, at: datetime) -> None:
        """Keep a match whose clock runs again from ``at`` on."""

        def work(connection: sqlite3.Connection) -> None:
            _put(connection, match)
            if match.phase == "asking":
                _end_gap(connection, match.id, match.place, at)
                _take_answers(connection, match, match.closes_at)

        await self._write(work)

    async def extend_match(self, match: Match, *, since: datetime, at: datetime) -> None:
        """Keep a match that was extended by an outage from ``since`` to ``at``."""

        def work(connection: sqlite3.Connection) -> None:
            _put(connection, match)
            if match.phase == "asking" and match.paused_at is None:
                connection.execute(
                    "INSERT INTO match_gaps (contest_id, place, since, until) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    (match.id, match.place, to_text(since), to_text(at)),
                )
                _take_answers(connection, match, match.closes_at)

        await self._write(work)

    async def record_round_message(
        self, post_id: int, *, channel_id: int, message_id: int, at: datetime
    ) -> None:
        """Note the message that shows a question; a later one takes the place of an earlier one.

        When it was shown first stays.

        Raises:
            StoreError: there is no such question.
        """
        moment = to_text(at)
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE posts SET channel_id = ?, message_id = ?,"
                    " posted_at = coalesce(posted_at, ?) WHERE id = ? AND kind = 'match'",
                    (channel_id, message_id, moment, post_id),
                ),
                f"question {post_id} of a match",
            )
        )

    async def join_match(
        self, match_id: int, member_id: int, at: datetime, *, most: int
    ) -> bool | None:
        """Let a member play, or again after leaving; None when ``most`` play already.

        False when they play already, or when it is over.
        """
        moment = to_text(at)

        def work(connection: sqlite3.Connection) -> bool | None:
            if not is_running(connection, match_id):
                return False
            (players,) = connection.execute(
                "SELECT count(*) FROM contestants WHERE contest_id = ? AND left_at IS NULL"
                " AND member_id IS NOT ?",
                (match_id, member_id),
            ).fetchone()
            if players >= most:
                return None
            joined = join(connection, match_id, member_id, moment)
            note_team(connection, match_id, member_id)
            return joined

        return await self._write(work)


def _one(connection: sqlite3.Connection, condition: str, *values: object) -> Match | None:
    row = connection.execute(f"{_SELECT} {condition} LIMIT 1", values).fetchone()
    return None if row is None else _match_of(row)


def _put(connection: sqlite3.Connection, match: Match) -> None:
    values = {
        "contest_id": match.id,
        "questions": match.settings.questions,
        "phase": match.phase,
        "place": match.place,
        "phase_ends_at": maybe_to_text(match.until),
        "alive_at": to_text(match.alive_at),
        "paused_at": maybe_to_text(match.paused_at),
        "left_ms": None if match.left is None else match.left // _MILLISECOND,
        "cause": match.cause,
        "ending": match.ending,
    }
    changes = ", ".join(f"{name} = :{name}" for name in _CHANGING)
    require_change(
        connection.execute(
            f"UPDATE matches SET {changes}, alive_at = max(alive_at, :alive_at)"
            " WHERE contest_id = :contest_id",
            values,
        ),
        f"match {match.id}",
    )


def _take_answers(connection: sqlite3.Connection, match: Match, until: datetime | None) -> None:
    """Let the question that is asked take answers until a moment."""
    assert until is not None  # noqa: S101 - given by whoever asks
    require_change(
        connection.execute(
            "UPDATE posts SET closes_at = ?"
            " WHERE contest_id = ? AND place = ? AND closed_at IS NULL",
            (to_text(until), match.id, match.place),
        ),
        f"open question {match.place} of match {match.id}",
    )


def _end_gap(connection: sqlite3.Connection, match_id: int, place: int, at: datetime) -> None:
    connection.execute(
        "UPDATE match_gaps SET until = ? WHERE contest_id = ? AND place = ? AND until IS NULL",
        (to_text(at), match_id, place),
    )


def _match_of(row: Any) -> Match:
    return Match(
        id=row["contest_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        settings=MatchSettings(
            questions=row["questions"],
            seconds=row["seconds"],
            late=row["late_seconds"],
            has_speed=bool(row["has_speed"]),
            subject=row["subject"],
            in_thread=bool(row["in_thread"]),
            for_teams=bool(row["for_teams"]),
        ),
        phase=row["phase"],
        until=maybe_from_text(row["phase_ends_at"]),
        alive_at=from_text(row["alive_at"]),
        place=row["place"],
        paused_at=maybe_from_text(row["paused_at"]),
        left=None if row["left_ms"] is None else row["left_ms"] * _MILLISECOND,
        cause=row["cause"],
        ending=row["ending"],
        thread_id=row["thread_id"],
        lobby_message_id=row["lobby_message_id"],
        finale_message_id=row["finale_message_id"],
    )
