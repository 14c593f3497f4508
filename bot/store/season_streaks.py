"""Streaks within a season that is not closed: each member's longest run of counted days there.

Written beside a member's streak (bot/store/streaks.py) whenever one of their days is counted. The
longest run ends on a counted day, so a day that is missed never changes it, and nothing needs to
be looked at in between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.core.streak import replay
from bot.store.totals import is_listed


@dataclass(frozen=True, slots=True)
class OpenSeason:
    """A season that still counts, as far as its streaks need it."""

    id: int
    first: date
    last: date


def open_season(connection: sqlite3.Connection, guild_id: int, day: date) -> OpenSeason | None:
    """Return the season of a server that has ``day`` and is not closed; None when none has."""
    row = connection.execute(
        "SELECT id, first, last FROM seasons WHERE guild_id = ? AND closed_at IS NULL"
        " AND first <= ? AND last >= ?",
        (guild_id, day.isoformat(), day.isoformat()),
    ).fetchone()
    if row is None:
        return None
    return OpenSeason(row["id"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))


def put_season_streak(
    connection: sqlite3.Connection,
    guild_id: int,
    member_id: int,
    season: OpenSeason,
    days: Collection[date],
    studied: Collection[date],
) -> None:
    """Write a member's row in a season.

    ``days`` is ``closed_days``, ``studied`` are the days on which an answer of theirs was counted.
    """
    within = {day for day in studied if season.first <= day <= season.last}
    if not within:
        return
    scheduled = within.union(day for day in days if season.first <= day <= max(within))
    connection.execute(
        "INSERT INTO season_streaks (season_id, member_id, best, is_listed) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (season_id, member_id) DO UPDATE SET best = excluded.best",
        (
            season.id,
            member_id,
            replay(sorted(scheduled), within)[0].best,
            int(is_listed(connection, guild_id, member_id)),
        ),
    )
