"""Boards.

Pages come from the rows that are kept ready (bot/store/board_pages.py). ``standings`` makes the
same from the awards for any range of dates; a test holds the two together.

Only awards count, and they are written at the close: an answer to an open challenge moves
nothing. Bounds are study dates, both included; None is unbounded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from bot.core.board import BoardPage, Measure, Standing
from bot.core.period import Span
from bot.store.access import Access
from bot.store.board_pages import names_of, read_page
from bot.store.dates import between

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
        return await self._read(
            lambda connection: read_page(
                connection,
                guild_id,
                member_id,
                span=span,
                measure=measure,
                topic=topic,
                page=page,
            )
        )

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
        values = {
            "guild_id": guild_id,
            **between(since, until),
            "topic": topic or "",
            "limit": limit,
        }
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
        values = {
            "guild_id": guild_id,
            **between(since, until),
            "topic": "",
            "member_id": member_id,
        }

        def work(connection: sqlite3.Connection) -> Standing | None:
            row = connection.execute(f"{_RANKED} WHERE member_id = :member_id", values).fetchone()
            return None if row is None else Standing(*row)

        return await self._read(work)

    async def names(self, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
        """Return the names by which members were last seen in a server."""
        return await self._read(lambda connection: names_of(connection, guild_id, member_ids))
