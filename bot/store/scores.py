"""Scores: where each point of a member came from, as far as its challenge is closed."""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date
from typing import Any

from bot.core.board import Earned, Score, ScoreDay
from bot.core.score import Award
from bot.store.access import Access
from bot.store.dates import between

_PART = "CASE WHEN kind IN ('match', 'duel') THEN 'contest' ELSE kind END"


class Scores(Access):
    """What members earned, and with what."""

    async def score(
        self,
        guild_id: int | None,
        member_id: int,
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> Score:
        """Return where a member's points come from; ``guild_id`` None is practice elsewhere."""
        values = {"guild_id": guild_id, **between(since, until), "member_id": member_id}
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
