"""Boards and scores, derived from the ledger each time.

Points are ``is_correct x worth`` over closed posts, so an answer to an open challenge moves
nothing, and no sum is kept that could differ from its answers. Bounds are study dates, both
included; None is unbounded.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

from bot.core.board import Score, Standing
from bot.store.access import Access

# Text around every date, so that one query with two bounds serves all and uses the index.
_FIRST, _LAST = "0000-01-01", "9999-12-31"

_CLOSED = """
    FROM posts JOIN answers ON answers.post_id = posts.id
    WHERE posts.closed_at IS NOT NULL AND posts.guild_id = :guild_id
    AND posts.study_date BETWEEN :since AND :until
"""
_RANKED = f"""
    WITH sums AS (
        SELECT answers.member_id AS member_id, sum(answers.is_correct * posts.worth) AS points,
            sum(answers.is_correct) AS right, count(*) AS answered {_CLOSED}
        GROUP BY answers.member_id
    ), ranked AS (
        SELECT member_id, points, right, answered, rank() OVER (ORDER BY points DESC) AS rank
        FROM sums
    )
    SELECT member_id, points, right, answered, rank FROM ranked
"""


class Boards(Access):
    """Who has how many points in a server."""

    async def board(
        self, guild_id: int, *, since: date | None, until: date | None, limit: int, offset: int
    ) -> tuple[Standing, ...]:
        """Return standings, most points first; ties share a rank and come by member id.

        Everyone with an answer to a closed post is on it, with 0 points too.
        """
        values = {**_bounds(guild_id, since, until), "limit": limit, "offset": offset}
        return await self._read(
            lambda connection: tuple(
                Standing(*row)
                for row in connection.execute(
                    f"{_RANKED} ORDER BY rank, member_id LIMIT :limit OFFSET :offset", values
                )
            )
        )

    async def standing(
        self, guild_id: int, member_id: int, *, since: date | None, until: date | None
    ) -> Standing | None:
        """Return one member's standing on the same board; None when they are not on it."""
        values = {**_bounds(guild_id, since, until), "member_id": member_id}

        def work(connection: sqlite3.Connection) -> Standing | None:
            row = connection.execute(f"{_RANKED} WHERE member_id = :member_id", values).fetchone()
            return None if row is None else Standing(*row)

        return await self._read(work)

    async def board_size(self, guild_id: int, *, since: date | None, until: date | None) -> int:
        """Return how many members are on the board."""
        values = _bounds(guild_id, since, until)

        def work(connection: sqlite3.Connection) -> int:
            sql = f"SELECT count(DISTINCT answers.member_id) {_CLOSED}"
            return int(connection.execute(sql, values).fetchone()[0])

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

        def work(connection: sqlite3.Connection) -> Score:
            parts: dict[str, Any] = {}
            for kind, right, answered, points in connection.execute(
                "SELECT posts.kind, sum(answers.is_correct), count(*),"
                " sum(answers.is_correct * posts.worth)"
                # CROSS JOIN keeps SQLite from going through all of the server's posts first.
                " FROM answers CROSS JOIN posts ON posts.id = answers.post_id"
                " WHERE answers.member_id = :member_id AND posts.closed_at IS NOT NULL"
                " AND posts.guild_id IS :guild_id AND posts.study_date BETWEEN :since AND :until"
                " GROUP BY posts.kind",
                values,
            ):
                parts |= {
                    f"{kind}_right": right,
                    f"{kind}_answered": answered,
                    f"{kind}_points": points,
                }
            return Score(**parts)

        return await self._read(work)


def _bounds(guild_id: int | None, since: date | None, until: date | None) -> dict[str, object]:
    return {
        "guild_id": guild_id,
        "since": _FIRST if since is None else since.isoformat(),
        "until": _LAST if until is None else until.isoformat(),
    }
