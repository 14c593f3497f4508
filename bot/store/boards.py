"""Boards and scores.

A page of a board comes from the rows that are kept ready (bot/store/totals.py): a rank is a sum
over the counts above it, a page starts where those counts say. ``standings`` makes the same from
the awards for any range of dates, which is what a season is; a test holds the two together.

Only awards count, and they are written at the close: an answer to an open challenge moves
nothing. Bounds are study dates, both included; None is unbounded.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.core.board import ROWS, BoardPage, Earned, Measure, Place, Score, ScoreDay, Standing
from bot.core.period import Span
from bot.core.rating import Rating
from bot.core.score import Award
from bot.store.access import Access
from bot.store.totals import ALL_TOPICS, find_board, first_text, is_listed

# Text around every date, so that one query with two bounds serves all and uses the index.
_FIRST, _LAST = "0000-01-01", "9999-12-31"

_RANKED = """
    WITH sums AS (
        SELECT member_id, sum(points) AS points, sum(is_correct) AS right, count(*) AS answered
        FROM awards WHERE guild_id = :guild_id AND study_date BETWEEN :since AND :until
        AND (:topic = '' OR topic = :topic)
        AND NOT EXISTS (SELECT 1 FROM unlisted WHERE unlisted.guild_id = :guild_id
            AND unlisted.member_id = awards.member_id)
        GROUP BY member_id
    ), ranked AS (
        SELECT member_id, points, right, answered, rank() OVER (ORDER BY points DESC) AS rank
        FROM sums
    )
    SELECT member_id, points, right, answered, rank FROM ranked
"""
_PART = "CASE WHEN kind IN ('match', 'duel') THEN 'contest' ELSE kind END"
_COLUMNS: dict[Measure, str] = {"points": "points", "accuracy": "accuracy", "improvement": "gain"}


class Boards(Access):
    """Who has how many points in a server."""

    async def board_page(
        self,
        guild_id: int,
        member_id: int,
        *,
        span: Span,
        measure: Measure = "points",
        topic: str | None = None,
        page: int | None = 0,
    ) -> BoardPage:
        """Return a page of a board as ``member_id`` sees it; page None is the one they are on.

        Best first; equal values share a rank and come by member id. Members who are not listed
        are left out, and the others' ranks are among those who are. A page past the end is the
        last one. Streaks are the current ones, whatever ``span`` and ``topic`` are, but those of a
        season are the longest in it; ratings are always the current ones.
        """

        def work(connection: sqlite3.Connection) -> BoardPage:
            if measure == "streak" and span.kind == "season":
                board = _SeasonStreakBoard(connection, guild_id, span)
                return board.page(guild_id, member_id, page)
            if measure == "streak":
                return _StreakBoard(connection, guild_id).page(guild_id, member_id, page)
            if measure == "rating":
                return _RatingBoard(connection, guild_id).page(guild_id, member_id, page)
            board_id = find_board(connection, guild_id, span, topic or ALL_TOPICS)
            totals = _TotalsBoard(connection, board_id, _COLUMNS[measure])
            return totals.page(guild_id, member_id, page)

        return await self._read(work)

    async def standings(
        self,
        guild_id: int,
        *,
        since: date | None,
        until: date | None,
        topic: str | None = None,
        limit: int = -1,
    ) -> tuple[Standing, ...]:
        """Return the board by points of any range of dates, from the awards; -1 is all of it."""
        values = {**_bounds(guild_id, since, until), "topic": topic or "", "limit": limit}
        return await self._read(
            lambda connection: tuple(
                Standing(*row)
                for row in connection.execute(
                    f"{_RANKED} ORDER BY rank, member_id LIMIT :limit", values
                )
            )
        )

    async def standing(
        self, guild_id: int, member_id: int, *, since: date | None, until: date | None
    ) -> Standing | None:
        """Return one member's standing among ``standings``; None when they are not there."""
        values = {**_bounds(guild_id, since, until), "topic": "", "member_id": member_id}

        def work(connection: sqlite3.Connection) -> Standing | None:
            row = connection.execute(f"{_RANKED} WHERE member_id = :member_id", values).fetchone()
            return None if row is None else Standing(*row)

        return await self._read(work)

    async def score(
        self,
        guild_id: int | None,
        member_id: int,
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> Score:
        """Return where a member's points come from; ``guild_id`` None is practice elsewhere."""
        values = {**_bounds(guild_id, since, until), "member_id": member_id}
        sql = (
            f"SELECT {_PART}, sum(is_correct), count(*), sum(points) FROM awards"
            " WHERE guild_id = :guild_id AND member_id = :member_id"
            " AND study_date BETWEEN :since AND :until GROUP BY 1"
        )
        if guild_id is None:
            sql = (
                "SELECT posts.kind, sum(answers.is_correct), count(*), 0"
                # CROSS JOIN keeps SQLite from going through all posts first.
                " FROM answers CROSS JOIN posts ON posts.id = answers.post_id"
                " WHERE answers.member_id = :member_id AND posts.closed_at IS NOT NULL"
                " AND posts.guild_id IS :guild_id AND posts.study_date BETWEEN :since AND :until"
                " GROUP BY posts.kind"
            )

        def work(connection: sqlite3.Connection) -> Score:
            parts: dict[str, Any] = {}
            for kind, right, answered, points in connection.execute(sql, values):
                parts |= {
                    f"{kind}_right": right,
                    f"{kind}_answered": answered,
                    f"{kind}_points": points,
                }
            return Score(**parts)

        return await self._read(work)

    async def score_days(
        self, guild_id: int, member_id: int, *, limit: int, offset: int
    ) -> tuple[tuple[ScoreDay, ...], int]:
        """Return where each point of a member came from, newest day first; and how many days."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[ScoreDay, ...], int]:
            key = (guild_id, member_id)
            (total,) = connection.execute(
                "SELECT count(DISTINCT study_date) FROM awards"
                " WHERE guild_id = ? AND member_id = ?",
                key,
            ).fetchone()
            days = connection.execute(
                "SELECT DISTINCT study_date FROM awards WHERE guild_id = ? AND member_id = ?"
                " ORDER BY study_date DESC LIMIT ? OFFSET ?",
                (*key, limit, offset),
            ).fetchall()
            return tuple(_score_day(connection, *key, day) for (day,) in days), int(total)

        return await self._read(work)

    async def award_of(self, post_id: int, member_id: int) -> Award | None:
        """Return what a member's answer to a post brought; None when there is none (yet)."""

        def work(connection: sqlite3.Connection) -> Award | None:
            row = connection.execute(
                "SELECT * FROM awards WHERE post_id = ? AND member_id = ?", (post_id, member_id)
            ).fetchone()
            return None if row is None else _award(row)

        return await self._read(work)

    async def names(self, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
        """Return the names by which members were last seen in a server."""
        return await self._read(lambda connection: _names(connection, guild_id, member_ids))


class _Ranking:
    """Pages over one sorted index and the counts of its values, of which there are some hundred.

    The counts are read once for a page, in one step of SQLite: each further one would wait for
    its turn at the interpreter while the event loop is busy.
    """

    counts: str
    """Where each value with its number of ``members`` is, as the rest of a SELECT."""
    value: str
    """The column of ``counts`` that holds the values."""

    def __init__(self, connection: sqlite3.Connection, keys: tuple[object, ...]) -> None:
        self.connection = connection
        self.keys = keys
        """The values of the question marks in ``counts``."""

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        """Return members and values from ``value`` on downwards, without the first ``skip``."""
        raise NotImplementedError

    def own(self, member_id: int) -> int | None:
        """Return a member's value; None when they have none."""
        raise NotImplementedError

    def ahead(self, value: int, member_id: int) -> int:
        """Return how many have the same value and come before a member."""
        raise NotImplementedError

    def details(self, member_id: int) -> tuple[int, int, int]:
        """Return a member's points, right answers and answers."""
        raise NotImplementedError

    def rating(self, member_id: int) -> Rating | None:
        """Return a member's rating where that is what decides."""
        return None

    def page(self, guild_id: int, member_id: int, number: int | None) -> BoardPage:
        """Return page ``number``, or with None the member's own."""
        counts = self._counted()
        size = sum(members for _, members in counts)
        listed = is_listed(self.connection, guild_id, member_id)
        own = self.own(member_id)
        above_own = 0 if own is None else sum(members for value, members in counts if value > own)
        if number is None:
            number = 0
            if own is not None and listed:
                number = (above_own + self.ahead(own, member_id)) // ROWS
        number = max(0, min(number, -(-size // ROWS) - 1))
        ranked = self._ranked_from(number * ROWS, counts)
        names = _names(self.connection, guild_id, [*(found for found, _, _ in ranked), member_id])

        def place(found: int, value: int, rank: int) -> Place:
            details, rating = self.details(found), self.rating(found)
            return Place(found, names.get(found, ""), rank, value, *details, rating)

        return BoardPage(
            places=tuple(place(*row) for row in ranked),
            size=size,
            number=number,
            own=None if own is None else place(member_id, own, above_own + 1),
            is_listed=listed,
        )

    def _counted(self) -> list[tuple[int, int]]:
        """Return each value with how many listed members have it, best first."""
        values, members = self.connection.execute(
            f"SELECT json_group_array({self.value}), json_group_array(members) {self.counts}",
            self.keys,
        ).fetchone()
        return sorted(zip(json.loads(values), json.loads(members), strict=True), reverse=True)

    def _ranked_from(
        self, start: int, counts: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int, int]]:
        """Return members with their values and ranks, from position ``start`` on."""
        above = 0
        for value, members in counts:
            if above + members > start:
                return self._ranked(value, start, above)
            above += members
        return []

    def _ranked(self, value: int, start: int, above: int) -> list[tuple[int, int, int]]:
        """Return those from position ``start`` on, where ``above`` have more than ``value``."""
        ranked: list[tuple[int, int, int]] = []
        for position, (member_id, found) in enumerate(self.rows(value, start - above), start + 1):
            if not ranked:
                rank = above + 1
            elif found != ranked[-1][1]:  # the first of its value: nobody else is above
                rank = position
            ranked.append((member_id, found, rank))
        return ranked


class _TotalsBoard(_Ranking):
    counts = "FROM rank_counts WHERE board_id = ? AND measure = ?"
    value = "value"

    def __init__(self, connection: sqlite3.Connection, board_id: int | None, column: str) -> None:
        super().__init__(connection, (board_id, column))
        self.board_id = board_id
        self.column = column
        # Named, because the planner would rather go through the board by member.
        self._source = f"totals INDEXED BY totals_by_{column} WHERE board_id = ? AND is_listed" + (
            f" AND {column} IS NOT NULL" if column != "points" else ""
        )

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        return self.connection.execute(
            f"SELECT member_id, {self.column} FROM {self._source} AND {self.column} <= ?"
            f" ORDER BY {self.column} DESC, member_id LIMIT ? OFFSET ?",
            (self.board_id, value, ROWS, skip),
        ).fetchall()

    def own(self, member_id: int) -> int | None:
        row = self.connection.execute(
            f"SELECT {self.column} FROM totals WHERE board_id = ? AND member_id = ?",
            (self.board_id, member_id),
        ).fetchone()
        return None if row is None else row[0]

    def ahead(self, value: int, member_id: int) -> int:
        row = self.connection.execute(
            f"SELECT count(*) FROM {self._source} AND {self.column} = ? AND member_id < ?",
            (self.board_id, value, member_id),
        ).fetchone()
        return int(row[0])

    def details(self, member_id: int) -> tuple[int, int, int]:
        points, right, answered = self.connection.execute(
            "SELECT points, right, answered FROM totals WHERE board_id = ? AND member_id = ?",
            (self.board_id, member_id),
        ).fetchone()
        return points, right, answered


class _StreakBoard(_Ranking):
    counts = "FROM streak_counts WHERE guild_id = ?"
    value = "length"

    def __init__(self, connection: sqlite3.Connection, guild_id: int) -> None:
        super().__init__(connection, (guild_id,))
        self.guild_id = guild_id

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        return self.connection.execute(
            "SELECT member_id, length FROM streaks INDEXED BY streaks_by_length"
            " WHERE guild_id = ? AND is_listed AND length > 0 AND length <= ?"
            " ORDER BY length DESC, member_id LIMIT ? OFFSET ?",
            (self.guild_id, value, ROWS, skip),
        ).fetchall()

    def own(self, member_id: int) -> int | None:
        row = self.connection.execute(
            "SELECT length FROM streaks WHERE guild_id = ? AND member_id = ? AND length > 0",
            (self.guild_id, member_id),
        ).fetchone()
        return None if row is None else int(row[0])

    def ahead(self, value: int, member_id: int) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM streaks INDEXED BY streaks_by_length"
            " WHERE guild_id = ? AND is_listed AND length > 0 AND length = ? AND member_id < ?",
            (self.guild_id, value, member_id),
        ).fetchone()
        return int(row[0])

    def details(self, member_id: int) -> tuple[int, int, int]:
        return 0, 0, 0


class _SeasonStreakBoard(_Ranking):
    counts = "FROM season_streak_counts WHERE season_id = ?"
    value = "best"

    def __init__(self, connection: sqlite3.Connection, guild_id: int, span: Span) -> None:
        row = connection.execute(
            "SELECT id FROM seasons WHERE guild_id = ? AND first = ?",
            (guild_id, first_text(span)),
        ).fetchone()
        self.season_id = None if row is None else int(row[0])
        super().__init__(connection, (self.season_id,))

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        return self.connection.execute(
            "SELECT member_id, best FROM season_streaks INDEXED BY season_streaks_by_best"
            " WHERE season_id = ? AND is_listed AND best <= ?"
            " ORDER BY best DESC, member_id LIMIT ? OFFSET ?",
            (self.season_id, value, ROWS, skip),
        ).fetchall()

    def own(self, member_id: int) -> int | None:
        row = self.connection.execute(
            "SELECT best FROM season_streaks WHERE season_id = ? AND member_id = ?",
            (self.season_id, member_id),
        ).fetchone()
        return None if row is None else int(row[0])

    def ahead(self, value: int, member_id: int) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM season_streaks INDEXED BY season_streaks_by_best"
            " WHERE season_id = ? AND is_listed AND best = ? AND member_id < ?",
            (self.season_id, value, member_id),
        ).fetchone()
        return int(row[0])

    def details(self, member_id: int) -> tuple[int, int, int]:
        return 0, 0, 0


class _RatingBoard(_Ranking):
    # Few members have a rating that is not new, so they are counted when somebody looks.
    counts = (
        "FROM (SELECT low, count(*) AS members FROM ratings INDEXED BY ratings_by_low"
        " WHERE guild_id = ? AND is_listed AND low IS NOT NULL GROUP BY low) WHERE TRUE"
    )
    value = "low"

    def __init__(self, connection: sqlite3.Connection, guild_id: int) -> None:
        super().__init__(connection, (guild_id,))
        self.guild_id = guild_id

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        return self.connection.execute(
            "SELECT member_id, low FROM ratings INDEXED BY ratings_by_low"
            " WHERE guild_id = ? AND is_listed AND low IS NOT NULL AND low <= ?"
            " ORDER BY low DESC, member_id LIMIT ? OFFSET ?",
            (self.guild_id, value, ROWS, skip),
        ).fetchall()

    def own(self, member_id: int) -> int | None:
        row = self.connection.execute(
            "SELECT low FROM ratings WHERE guild_id = ? AND member_id = ?",
            (self.guild_id, member_id),
        ).fetchone()
        return None if row is None else row[0]

    def ahead(self, value: int, member_id: int) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM ratings INDEXED BY ratings_by_low"
            " WHERE guild_id = ? AND is_listed AND low = ? AND member_id < ?",
            (self.guild_id, value, member_id),
        ).fetchone()
        return int(row[0])

    def details(self, member_id: int) -> tuple[int, int, int]:
        return 0, 0, 0

    def rating(self, member_id: int) -> Rating | None:
        row = self.connection.execute(
            "SELECT mu, sigma FROM ratings WHERE guild_id = ? AND member_id = ?",
            (self.guild_id, member_id),
        ).fetchone()
        return None if row is None else Rating(row["mu"], row["sigma"])


def _names(
    connection: sqlite3.Connection, guild_id: int, member_ids: Sequence[int]
) -> dict[int, str]:
    marks = ", ".join("?" * len(member_ids))
    return {
        int(row["member_id"]): str(row["name"])
        for row in connection.execute(
            f"SELECT member_id, name FROM members WHERE guild_id = ? AND member_id IN ({marks})",
            (guild_id, *member_ids),
        )
    }


def _score_day(connection: sqlite3.Connection, guild_id: int, member_id: int, day: str) -> ScoreDay:
    challenges = []
    quiz = Counter[str]()
    contests = Counter[str]()
    quiz_points = contest_points = 0
    for row in connection.execute(
        "SELECT awards.*, closes.right, closes.answers FROM awards"
        " LEFT JOIN closes ON closes.post_id = awards.post_id"
        " WHERE guild_id = ? AND member_id = ? AND study_date = ? ORDER BY answer_id",
        (guild_id, member_id, day),
    ):
        if row["kind"] == "daily":
            challenges.append(Earned(_award(row), row["topic"], row["right"], row["answers"]))
        elif row["kind"] == "quiz":
            quiz_points += row["points"]
            quiz[row["reason"]] += 1
        else:
            contest_points += row["points"]
            contests[row["reason"]] += 1
    return ScoreDay(
        date.fromisoformat(day),
        tuple(challenges),
        quiz_points,
        dict(quiz),
        contest_points,
        dict(contests),
    )


def _award(row: sqlite3.Row) -> Award:
    return Award(row["reason"], row["base"], row["hard"], row["streak"], row["paid"], row["days"])


def _bounds(guild_id: int | None, since: date | None, until: date | None) -> dict[str, object]:
    return {
        "guild_id": guild_id,
        "since": _FIRST if since is None else since.isoformat(),
        "until": _LAST if until is None else until.isoformat(),
    }
