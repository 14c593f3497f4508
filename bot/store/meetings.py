"""Finished duels as the one or the other of the two sees them."""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import date

from bot.core.contest import Result
from bot.core.duel import Meeting
from bot.store.access import Access
from bot.store.dates import between


class Meetings(Access):
    """Who won against whom."""

    async def meetings(
        self,
        guild_id: int,
        member_id: int,
        *,
        opponent_id: int | None = None,
        since: date | None,
        until: date | None,
    ) -> tuple[Meeting, ...]:
        """Return a member's finished duels, against one opponent or with None all, newest first.

        Bounds are study dates, both included; None is unbounded.
        """
        values = {
            "guild_id": guild_id,
            "member_id": member_id,
            "opponent_id": opponent_id,
            **between(since, until),
        }

        def work(connection: sqlite3.Connection) -> tuple[Meeting, ...]:
            return tuple(
                Meeting(
                    day=date.fromisoformat(row["study_date"]),
                    own=_result(row, "own"),
                    other=_result(row, "other"),
                    opponent_id=row["other_member_id"],
                )
                for row in connection.execute(_MEETINGS, values)
            )

        return await self._read(work)


def _columns(part: str) -> str:
    names = ("member_id", "rank", "score", "right", "answered", "took_ms")
    return ", ".join(f"{part}.{name} AS {part}_{name}" for name in names)


_MEETINGS = f"""
    SELECT contests.study_date, {_columns("own")}, {_columns("other")}
    FROM contestants AS own
    JOIN contests ON contests.id = own.contest_id
    JOIN contestants AS other ON other.contest_id = own.contest_id AND other.id <> own.id
    WHERE own.member_id = :member_id AND own.rank IS NOT NULL AND other.rank IS NOT NULL
    AND contests.kind = 'duel' AND contests.guild_id = :guild_id
    AND contests.study_date BETWEEN :since AND :until
    AND (:opponent_id IS NULL OR other.member_id = :opponent_id)
    ORDER BY contests.finished_at DESC, contests.id DESC
"""


def _result(row: sqlite3.Row, part: str) -> Result:
    return Result(
        rank=row[f"{part}_rank"],
        score=row[f"{part}_score"],
        right=row[f"{part}_right"],
        answered=row[f"{part}_answered"],
        took_ms=row[f"{part}_took_ms"],
    )
