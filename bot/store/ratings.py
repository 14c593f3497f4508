"""Ratings: each finished contest is rated once, in the order of their finish.

What a contest did to a member is a step with the rating before and after it, so that ratings can
be derived again when somebody was forgotten: where a contestant's step is missing, the others'
changes are taken over as they were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.core.rating import VERSION, Rating, RatingStep, Verdict, judge, rate
from bot.store.access import Access
from bot.store.totals import is_listed

_KEY = "version of the ratings"


class Ratings(Access):
    """How strong members are, as far as contests tell."""

    async def prepare_ratings(self) -> bool:
        """Derive all ratings again if an older version made them; return whether it did."""

        def work(connection: sqlite3.Connection) -> bool:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
            if row is not None and row["value"] == VERSION:
                return False
            rebuild_ratings(connection)
            connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_KEY, VERSION),
            )
            return True

        return await self._write(work)

    async def rate_contests(self) -> int:
        """Rate every finished contest that is not rated yet; return how many there were."""
        if not await self._read(has_unrated):
            return 0
        return await self._write(rate_all_finished)

    async def rating(self, guild_id: int, member_id: int) -> tuple[Rating, int] | None:
        """Return a member's rating and after how many contests; None before the first."""

        def work(connection: sqlite3.Connection) -> tuple[Rating, int] | None:
            row = connection.execute(
                "SELECT mu, sigma, contests FROM ratings WHERE guild_id = ? AND member_id = ?",
                (guild_id, member_id),
            ).fetchone()
            return None if row is None else (Rating(row["mu"], row["sigma"]), row["contests"])

        return await self._read(work)

    async def rating_steps(
        self, guild_id: int, member_id: int, limit: int
    ) -> tuple[RatingStep, ...]:
        """Return the last contests that moved a member's rating, newest first."""

        def work(connection: sqlite3.Connection) -> tuple[RatingStep, ...]:
            return tuple(
                RatingStep(
                    before=Rating(row["mu_before"], row["sigma_before"]),
                    after=Rating(row["mu"], row["sigma"]),
                    rank=row["rank"],
                    of=row["counted"],
                    kind=row["kind"],
                )
                for row in connection.execute(
                    "SELECT rating_steps.*, rated.counted, contests.kind FROM rating_steps"
                    " JOIN rated ON rated.contest_id = rating_steps.contest_id"
                    " JOIN contests ON contests.id = rating_steps.contest_id"
                    " WHERE rating_steps.guild_id = ? AND rating_steps.member_id = ?"
                    " ORDER BY rated.id DESC LIMIT ?",
                    (guild_id, member_id, limit),
                )
            )

        return await self._read(work)

    async def rated(self, contest_id: int) -> tuple[Verdict, dict[int, RatingStep]] | None:
        """Return whether a contest counted, and what it did by member; None before it is rated."""

        def work(connection: sqlite3.Connection) -> tuple[Verdict, dict[int, RatingStep]] | None:
            row = connection.execute(
                "SELECT rated.*, contests.kind FROM rated"
                " JOIN contests ON contests.id = rated.contest_id WHERE contest_id = ?",
                (contest_id,),
            ).fetchone()
            if row is None:
                return None
            steps = {
                int(step["member_id"]): RatingStep(
                    before=Rating(step["mu_before"], step["sigma_before"]),
                    after=Rating(step["mu"], step["sigma"]),
                    rank=step["rank"],
                    of=row["counted"],
                    kind=row["kind"],
                )
                for step in connection.execute(
                    "SELECT * FROM rating_steps WHERE contest_id = ?", (contest_id,)
                )
            }
            return row["verdict"], steps

        return await self._read(work)


_UNRATED = (
    "FROM contests INDEXED BY contests_unrated"
    " WHERE finished_at IS NOT NULL AND NOT is_cancelled AND NOT is_rated"
)
"""The index holds no others, so what was rated long ago costs nothing."""


def rate_all_finished(connection: sqlite3.Connection) -> int:
    """Rate every finished contest that is not rated; return how many there were."""
    return sum(rate_finished(connection, guild_id) for guild_id in _servers_waiting(connection))


def has_unrated(connection: sqlite3.Connection) -> bool:
    """Return whether a finished contest is not rated yet."""
    return connection.execute(f"SELECT 1 {_UNRATED} LIMIT 1").fetchone() is not None


def _servers_waiting(connection: sqlite3.Connection) -> list[int]:
    return [
        int(row["guild_id"]) for row in connection.execute(f"SELECT DISTINCT guild_id {_UNRATED}")
    ]


def rate_finished(connection: sqlite3.Connection, guild_id: int) -> int:
    """Rate a server's finished contests, oldest finish first; return how many were not rated."""
    rows = connection.execute(
        f"SELECT id, study_date {_UNRATED} AND guild_id = ? ORDER BY finished_at, id",
        (guild_id,),
    ).fetchall()
    for row in rows:
        _rate(connection, guild_id, int(row["id"]), row["study_date"])
    return len(rows)


def _rate(connection: sqlite3.Connection, guild_id: int, contest_id: int, day: str) -> None:
    ranks = {
        int(row["member_id"]): int(row["rank"])
        for row in connection.execute(
            "SELECT member_id, rank FROM contestants WHERE contest_id = ?"
            " AND member_id IS NOT NULL AND (answered > 0 OR EXISTS (SELECT 1 FROM duel_times"
            " WHERE duel_times.contest_id = contestants.contest_id"
            " AND duel_times.member_id = contestants.member_id)) ORDER BY id",
            (contest_id,),
        )
    }
    members = frozenset(ranks)
    verdict = judge(
        members,
        met_that_day=_met(connection, guild_id, members, day),
        last_company=lambda one: _last_company(connection, guild_id, one),
    )
    counted = len(ranks) if verdict == "counts" else 0
    connection.execute(
        "INSERT INTO rated (contest_id, guild_id, verdict, counted) VALUES (?, ?, ?, ?)",
        (contest_id, guild_id, verdict, counted),
    )
    if not counted:
        return
    before = [_current(connection, guild_id, one) for one in ranks]
    after = rate(before, list(ranks.values()))
    for (member_id, rank), old, new in zip(ranks.items(), before, after, strict=True):
        connection.execute(
            "INSERT INTO rating_steps (contest_id, member_id, guild_id, rank, mu_before,"
            " sigma_before, mu, sigma) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (contest_id, member_id, guild_id, rank, old.mu, old.sigma, new.mu, new.sigma),
        )
        _put(connection, guild_id, member_id, new)


def rebuild_ratings(connection: sqlite3.Connection) -> None:
    """Derive all ratings again from the contests that counted, in the order they were rated."""
    connection.execute("DELETE FROM ratings")
    for contest in connection.execute(
        "SELECT contest_id, guild_id, counted FROM rated WHERE counted > 0 ORDER BY id"
    ).fetchall():
        guild_id = int(contest["guild_id"])
        steps = connection.execute(
            "SELECT rating_steps.* FROM rating_steps JOIN contestants"
            " ON contestants.contest_id = rating_steps.contest_id"
            " AND contestants.member_id = rating_steps.member_id"
            " WHERE rating_steps.contest_id = ? ORDER BY contestants.id",
            (contest["contest_id"],),
        ).fetchall()
        before = [_current(connection, guild_id, int(step["member_id"])) for step in steps]
        if len(steps) == contest["counted"]:
            after = rate(before, [int(step["rank"]) for step in steps])
        else:
            after = tuple(map(_moved, before, steps))
        for step, old, new in zip(steps, before, after, strict=True):
            member_id = int(step["member_id"])
            connection.execute(
                "UPDATE rating_steps SET mu_before = ?, sigma_before = ?, mu = ?, sigma = ?"
                " WHERE contest_id = ? AND member_id = ?",
                (old.mu, old.sigma, new.mu, new.sigma, contest["contest_id"], member_id),
            )
            _put(connection, guild_id, member_id, new)


def _moved(now: Rating, step: sqlite3.Row) -> Rating:
    """Return a rating moved as a contest with a forgotten member moved it."""
    if (now.mu, now.sigma) == (step["mu_before"], step["sigma_before"]):
        return Rating(step["mu"], step["sigma"])
    return Rating(
        now.mu + step["mu"] - step["mu_before"], now.sigma * step["sigma"] / step["sigma_before"]
    )


def _current(connection: sqlite3.Connection, guild_id: int, member_id: int) -> Rating:
    row = connection.execute(
        "SELECT mu, sigma FROM ratings WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    ).fetchone()
    return Rating() if row is None else Rating(row["mu"], row["sigma"])


def _put(connection: sqlite3.Connection, guild_id: int, member_id: int, rating: Rating) -> None:
    connection.execute(
        "INSERT INTO ratings (guild_id, member_id, mu, sigma, contests, low, is_listed)"
        " VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT (guild_id, member_id) DO UPDATE SET"
        " mu = excluded.mu, sigma = excluded.sigma, contests = contests + 1, low = excluded.low",
        (
            guild_id,
            member_id,
            rating.mu,
            rating.sigma,
            None if rating.is_new else rating.low,
            int(is_listed(connection, guild_id, member_id)),
        ),
    )


def _met(connection: sqlite3.Connection, guild_id: int, members: frozenset[int], day: str) -> bool:
    """Return whether a contest between exactly these members counted on a study date."""
    rows = connection.execute(
        "SELECT contests.id FROM contests JOIN rated ON rated.contest_id = contests.id"
        " WHERE contests.guild_id = ? AND contests.study_date = ? AND rated.counted = ?",
        (guild_id, day, len(members)),
    ).fetchall()
    return any(_company(connection, int(row["id"])) == members for row in rows)


def _last_company(
    connection: sqlite3.Connection, guild_id: int, member_id: int
) -> frozenset[int] | None:
    """Return whom a member's last contest that counted was between, without forgotten members."""
    row = connection.execute(
        "SELECT rating_steps.contest_id FROM rating_steps"
        " JOIN rated ON rated.contest_id = rating_steps.contest_id"
        " WHERE rating_steps.guild_id = ? AND rating_steps.member_id = ?"
        " ORDER BY rated.id DESC LIMIT 1",
        (guild_id, member_id),
    ).fetchone()
    return None if row is None else _company(connection, int(row["contest_id"]))


def _company(connection: sqlite3.Connection, contest_id: int) -> frozenset[int]:
    rows: Sequence[sqlite3.Row] = connection.execute(
        "SELECT member_id FROM rating_steps WHERE contest_id = ?", (contest_id,)
    ).fetchall()
    return frozenset(int(row["member_id"]) for row in rows)
