"""Pages of boards, from the rows that are kept ready: a rank is a sum over the counts above it.

Each board is one sorted index and the counts of its values.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.core.board import ROWS, BoardPage, Measure, Place
from bot.core.period import Span
from bot.core.rating import Rating
from bot.store.members import names_of
from bot.store.totals import ALL_TOPICS, find_board, first_text, is_listed

_COLUMNS: dict[Measure, str] = {"points": "points", "accuracy": "accuracy", "improvement": "gain"}


def read_page(
    connection: sqlite3.Connection,
    guild_id: int,
    member_id: int,
    *,
    span: Span,
    measure: Measure,
    topic: str | None,
    page: int | None,
) -> BoardPage:
    """Return a page of a board as ``member_id`` sees it; page None is the one they are on."""
    board: _Ranking
    if measure == "streak" and span.kind == "season":
        board = _SeasonStreakBoard(connection, guild_id, span)
    elif measure == "streak":
        board = _StreakBoard(connection, guild_id)
    elif measure == "rating":
        board = _RatingBoard(connection, guild_id)
    else:
        board_id = find_board(connection, guild_id, span, topic or ALL_TOPICS)
        board = _TotalsBoard(connection, board_id, _COLUMNS[measure])
    return board.page(guild_id, member_id, page)


class _Ranking:
    """Pages over one sorted index and the counts of its values, of which there are some hundred.

    The counts are read once for a page, in one step of SQLite: each further one would wait for
    its turn at the interpreter while the event loop is busy.
    """

    counts: str
    """Where each value with its number of ``members`` is, as the rest of a SELECT."""
    value: str
    """The column of ``counts`` that holds the values."""
    listed: str
    """Where the rows of the members on the board are, sorted, as the rest of a SELECT."""
    everybody: str
    """The same with the members who are not listed, to find one."""
    column: str
    """The column of these rows that holds the values."""

    def __init__(self, connection: sqlite3.Connection, key: int | None) -> None:
        self.connection = connection
        self.key = key
        """Of the board, for the question mark in all of these."""

    def rows(self, value: int, skip: int) -> list[tuple[int, int]]:
        """Return members and values from ``value`` on downwards, without the first ``skip``."""
        return self.connection.execute(
            f"SELECT member_id, {self.column} {self.listed} AND {self.column} <= ?"
            f" ORDER BY {self.column} DESC, member_id LIMIT ? OFFSET ?",
            (self.key, value, ROWS, skip),
        ).fetchall()

    def own(self, member_id: int) -> int | None:
        """Return a member's value; None when they have none."""
        row = self.connection.execute(
            f"SELECT {self.column} {self.everybody} AND member_id = ?", (self.key, member_id)
        ).fetchone()
        return None if row is None else row[0]

    def ahead(self, value: int, member_id: int) -> int:
        """Return how many have the same value and come before a member."""
        row = self.connection.execute(
            f"SELECT count(*) {self.listed} AND {self.column} = ? AND member_id < ?",
            (self.key, value, member_id),
        ).fetchone()
        return int(row[0])

    def details(self, member_id: int) -> tuple[int, int, int]:
        """Return a member's points, right answers and answers where those decide."""
        return 0, 0, 0

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
        names = names_of(self.connection, guild_id, [*(found for found, _, _ in ranked), member_id])

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
            (self.key,),
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
    """Points, accuracy or improvement in a period, of one topic or all."""

    value = "value"
    everybody = "FROM totals WHERE board_id = ?"

    def __init__(self, connection: sqlite3.Connection, board_id: int | None, column: str) -> None:
        super().__init__(connection, board_id)
        self.column = column
        self.counts = f"FROM rank_counts WHERE board_id = ? AND measure = '{column}'"
        # Named, because the planner would rather go through the board by member.
        self.listed = f"FROM totals INDEXED BY totals_by_{column} WHERE board_id = ? AND is_listed"
        if column != "points":
            self.listed += f" AND {column} IS NOT NULL"

    def details(self, member_id: int) -> tuple[int, int, int]:
        points, right, answered = self.connection.execute(
            f"SELECT points, right, answered {self.everybody} AND member_id = ?",
            (self.key, member_id),
        ).fetchone()
        return points, right, answered


class _StreakBoard(_Ranking):
    """Current streaks."""

    counts = "FROM streak_counts WHERE guild_id = ?"
    value = column = "length"
    listed = (
        "FROM streaks INDEXED BY streaks_by_length WHERE guild_id = ? AND is_listed AND length > 0"
    )
    everybody = "FROM streaks WHERE guild_id = ? AND length > 0"


class _SeasonStreakBoard(_Ranking):
    """The longest streaks in a season."""

    counts = "FROM season_streak_counts WHERE season_id = ?"
    value = column = "best"
    listed = (
        "FROM season_streaks INDEXED BY season_streaks_by_best WHERE season_id = ? AND is_listed"
    )
    everybody = "FROM season_streaks WHERE season_id = ?"

    def __init__(self, connection: sqlite3.Connection, guild_id: int, span: Span) -> None:
        row = connection.execute(
            "SELECT id FROM seasons WHERE guild_id = ? AND first = ?",
            (guild_id, first_text(span)),
        ).fetchone()
        super().__init__(connection, None if row is None else int(row[0]))


class _RatingBoard(_Ranking):
    """Current ratings that are not new."""

    value = column = "low"
    listed = (
        "FROM ratings INDEXED BY ratings_by_low"
        " WHERE guild_id = ? AND is_listed AND low IS NOT NULL"
    )
    everybody = "FROM ratings WHERE guild_id = ?"
    # Few members have a rating that is not new, so they are counted when somebody looks.
    counts = f"FROM (SELECT low, count(*) AS members {listed} GROUP BY low)"

    def rating(self, member_id: int) -> Rating | None:
        row = self.connection.execute(
            f"SELECT mu, sigma {self.everybody} AND member_id = ?", (self.key, member_id)
        ).fetchone()
        return None if row is None else Rating(row["mu"], row["sigma"])
