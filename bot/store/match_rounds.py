"""The questions of matches: asked, stopped and closed, with the messages that show them.

Each change of a match is one write, together with what it does to the question that is asked, so
that a kill leaves the one or the other and nothing between.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.core.match import Match
from bot.core.match_standing import Gap, MatchRound
from bot.store.access import Access
from bot.store.contests import close_post
from bot.store.match_rows import put_match
from bot.store.moment import from_text, maybe_from_text, to_text
from bot.store.rows import post_of, require_change


@dataclass(frozen=True, slots=True)
class Count:
    """How many answered a question, of those who play."""

    answers: int
    """By everybody, those who left since included."""
    players: int
    """Who are in."""
    waiting: int
    """Of them, who have not answered."""


class MatchRounds(Access):
    """What a match has asked, asks, and takes answers to."""

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

    async def ask_match_round(self, match: Match) -> None:
        """Keep a match that asks its next question, and take answers to it.

        Raises:
            StoreError: it has no question of that place, or it was closed.
        """
        assert match.until is not None  # noqa: S101 - its clock runs
        opened_at = to_text(match.until - match.settings.time)

        def work(connection: sqlite3.Connection) -> None:
            put_match(connection, match)
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
            put_match(connection, match)
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
            put_match(connection, match)
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
            put_match(connection, match)
            if match.phase == "asking":
                _end_gap(connection, match.id, match.place, at)
                _take_answers(connection, match, match.closes_at)

        await self._write(work)

    async def extend_match(self, match: Match, *, since: datetime, at: datetime) -> None:
        """Keep a match that was extended by an outage from ``since`` to ``at``."""

        def work(connection: sqlite3.Connection) -> None:
            put_match(connection, match)
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
