"""Streaks, from the days that members answered a challenge.

A member's row is replayed from their awards whenever one of their answers is counted, so the
order in which challenges close does not matter. Between two answers only a missed day can change
it; ``end_streaks`` finds those whose freezes do not reach.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.streak import FREEZES_MOST, DayState, Streak, replay
from bot.store.access import Access
from bot.store.totals import is_listed

ENDED_AT_ONCE = 500
"""Streaks that end in one write."""


class Streaks(Access):
    """How long members have kept going."""

    async def streak(self, guild_id: int, member_id: int) -> tuple[Streak, dict[date, DayState]]:
        """Return a member's streak as of the last closed day, and what each day was."""

        def work(connection: sqlite3.Connection) -> tuple[Streak, dict[date, DayState]]:
            studied = studied_days(connection, guild_id, member_id)
            return replay(sorted(studied.union(closed_days(connection, guild_id))), studied)

        return await self._read(work)

    async def end_missed_streaks(self, guild_id: int) -> bool:
        """End the streaks that missed days ended since the last close; return whether any did.

        A day can be over without a close: when the last challenge that was to come on it is left
        out or switched off.
        """

        def is_due(connection: sqlite3.Connection) -> bool:
            days = closed_days(connection, guild_id)
            return any(
                connection.execute(f"SELECT EXISTS ({_ENDED})", values).fetchone()[0]
                for values in _ended(guild_id, days, limit=1)
            )

        def end(connection: sqlite3.Connection) -> int:
            return end_streaks(
                connection, guild_id, closed_days(connection, guild_id), ENDED_AT_ONCE
            )

        if not await self._read(is_due):
            return False
        while await self._write(end) == ENDED_AT_ONCE:
            pass
        return True

    async def challenge_days(
        self, guild_id: int, since: date, until: date
    ) -> dict[date, tuple[int, ...]]:
        """Return the days on which challenges were posted, with the ids of those posts."""
        days: dict[date, tuple[int, ...]] = {}

        def work(connection: sqlite3.Connection) -> dict[date, tuple[int, ...]]:
            for post_id, day in connection.execute(
                "SELECT id, study_date FROM posts WHERE kind = 'daily' AND guild_id = ?"
                " AND study_date BETWEEN ? AND ? AND posted_at IS NOT NULL ORDER BY id",
                (guild_id, since.isoformat(), until.isoformat()),
            ):
                found = date.fromisoformat(day)
                days[found] = (*days.get(found, ()), post_id)
            return days

        return await self._read(work)

    async def practised_days(
        self, guild_id: int, member_id: int, since: date, until: date
    ) -> frozenset[date]:
        """Return the days on which a member answered a quiz question there."""
        return await self._read(
            lambda connection: frozenset(
                date.fromisoformat(day)
                for (day,) in connection.execute(
                    "SELECT DISTINCT study_date FROM awards WHERE guild_id = ? AND member_id = ?"
                    " AND study_date BETWEEN ? AND ? AND kind = 'quiz'",
                    (guild_id, member_id, since.isoformat(), until.isoformat()),
                )
            )
        )

    async def streak_keepers(self, post_id: int, limit: int = -1) -> tuple[tuple[int, int], ...]:
        """Return who a post's answers gave a streak of two days or more: member and days.

        Longest first, then by member; only members who are listed, and at most ``limit``, where
        -1 is all. Complete once the post is settled, which ``close_post`` waits for.
        """
        return await self._read(
            lambda connection: tuple(
                (int(member_id), int(days))
                for member_id, days in connection.execute(
                    "SELECT member_id, days FROM awards WHERE post_id = ? AND days > 1"
                    " AND NOT EXISTS (SELECT 1 FROM unlisted"
                    " WHERE unlisted.guild_id = awards.guild_id"
                    " AND unlisted.member_id = awards.member_id)"
                    " ORDER BY days DESC, member_id LIMIT ?",
                    (post_id, limit),
                )
            )
        )


def closed_days(
    connection: sqlite3.Connection, guild_id: int, settling: int | None = None
) -> list[date]:
    """Return the days whose posted challenges have all closed and settled, in order.

    A challenge that was claimed and never appeared could not be answered: it makes no day. A day
    on which another challenge is still to be posted can yet be studied, so it is not over.
    ``settling`` is a post that counts as settled, because the caller is at it.
    """
    waiting = {
        row["study_date"]
        for row in connection.execute(
            "SELECT study_date FROM closes JOIN posts ON posts.id = closes.post_id"
            " WHERE is_settled = 0 AND guild_id = ? AND post_id IS NOT ?",
            (guild_id, settling),
        )
    }
    to_come = connection.execute(
        "SELECT since, days, max("
        " coalesce((SELECT max(study_date) FROM posts WHERE challenge_id = challenges.id), ''),"
        " coalesce((SELECT max(study_date) FROM audit WHERE challenge_id = challenges.id"
        " AND event IN ('skipped', 'missed', 'paused')), '')) AS known"
        " FROM challenges WHERE guild_id = ? AND is_on AND NOT is_paused",
        (guild_id,),
    ).fetchall()

    def is_over(day: str) -> bool:
        weekday = str(date.fromisoformat(day).isoweekday())
        return day not in waiting and not any(
            day > row["known"] and day >= row["since"] and weekday in row["days"] for row in to_come
        )

    return [
        date.fromisoformat(day)
        for (day,) in connection.execute(
            "SELECT study_date FROM posts WHERE kind = 'daily' AND guild_id = ?"
            " AND posted_at IS NOT NULL GROUP BY study_date HAVING count(*) = count(closed_at)"
            " ORDER BY study_date",
            (guild_id,),
        )
        if is_over(day)
    ]


def studied_days(connection: sqlite3.Connection, guild_id: int, member_id: int) -> set[date]:
    """Return the days on which a member's answer to a challenge was counted."""
    return {
        date.fromisoformat(day)
        for (day,) in connection.execute(
            "SELECT DISTINCT study_date FROM awards"
            " WHERE guild_id = ? AND member_id = ? AND kind = 'daily'",
            (guild_id, member_id),
        )
    }


def streak_with(days: Sequence[date], studied: set[date], day: date) -> Streak:
    """Return the streak with ``day``, one of those studied, as its last counted day."""
    until = {other for other in studied.union(days) if other <= day}
    return replay(sorted(until), studied)[0]


def put_streak(
    connection: sqlite3.Connection,
    guild_id: int,
    member_id: int,
    days: Sequence[date],
    studied: set[date],
) -> None:
    """Write a member's row; ``days`` is ``closed_days``, ``studied`` is ``studied_days``."""
    if studied:
        write_streak(connection, guild_id, member_id, streak_with(days, studied, max(studied)))


def write_streak(
    connection: sqlite3.Connection, guild_id: int, member_id: int, streak: Streak
) -> None:
    """Write a member's row as of their last counted day.

    What was missed since then is left to ``end_streaks``.
    """
    assert streak.last_day is not None  # noqa: S101 - whoever has a row counted a day
    connection.execute(
        "INSERT INTO streaks (guild_id, member_id, length, best, freezes, studied, last_day,"
        " is_listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, member_id) DO UPDATE"
        " SET length = excluded.length, best = excluded.best, freezes = excluded.freezes,"
        " studied = excluded.studied, last_day = excluded.last_day",
        (
            guild_id,
            member_id,
            streak.length,
            streak.best,
            streak.freezes,
            streak.studied,
            streak.last_day.isoformat(),
            int(is_listed(connection, guild_id, member_id)),
        ),
    )


def end_streaks(
    connection: sqlite3.Connection, guild_id: int, days: Sequence[date], limit: int = -1
) -> int:
    """Bring up to ``limit`` rows of members who missed the last days up to date; return how many.

    A row keeps the freezes of its member's last counted day until more days are missed than they
    cover: the streak ends then, and the freezes are gone with it. ``days`` is ``closed_days``; -1
    is all rows.
    """
    ended = 0
    for values in _ended(guild_id, days, limit):
        left = limit if limit < 0 else limit - ended
        ended += connection.execute(
            "UPDATE streaks SET length = 0, freezes = 0 WHERE guild_id = :guild_id"
            f" AND member_id IN ({_ENDED})",
            {**values, "limit": left},
        ).rowcount
    return ended


# Members whose freezes reach no further: those who hold so many, and counted no day since.
_ENDED = """
    SELECT member_id FROM streaks INDEXED BY streaks_alive WHERE guild_id = :guild_id
    AND length > 0 AND freezes = :freezes AND last_day < :since LIMIT :limit
"""


def _ended(guild_id: int, days: Sequence[date], limit: int) -> Iterator[dict[str, int | str]]:
    """Yield the values of ``_ENDED`` for each number of freezes that can have run out."""
    for freezes in range(FREEZES_MOST + 1):
        if len(days) > freezes:
            yield {
                "guild_id": guild_id,
                "freezes": freezes,
                "since": days[-1 - freezes].isoformat(),
                "limit": limit,
            }
