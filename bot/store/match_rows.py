"""Rows as matches, and matches as rows."""

# ruff: noqa: S608 - only this package's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import timedelta

from bot.core.match import Match, MatchSettings
from bot.store.moment import from_text, maybe_from_text, maybe_to_text, to_text
from bot.store.rows import require_change

_MATCHES = (
    "SELECT matches.*, contests.guild_id FROM matches"
    " JOIN contests ON contests.id = matches.contest_id"
)
_CHANGING = (
    "questions", "phase", "place", "phase_ends_at", "paused_at", "left_ms", "cause", "ending",
)  # fmt: skip
_MILLISECOND = timedelta(milliseconds=1)


def matches_where(
    connection: sqlite3.Connection, condition: str, *values: object
) -> tuple[Match, ...]:
    """Return the matches that fit a condition, which may also sort and limit them."""
    rows = connection.execute(f"{_MATCHES} WHERE {condition}", values)
    return tuple(_match_of(row) for row in rows)


def match_where(connection: sqlite3.Connection, condition: str, *values: object) -> Match | None:
    """Return the first of the matches that fit a condition; None when there is none."""
    return next(iter(matches_where(connection, f"{condition} LIMIT 1", *values)), None)


def put_match(connection: sqlite3.Connection, match: Match) -> None:
    """Keep how a match stands now; a later sign of life than its own stays.

    Raises:
        StoreError: there is no match with that id.
    """
    values = {
        "contest_id": match.id,
        "questions": match.settings.questions,
        "phase": match.phase,
        "place": match.place,
        "phase_ends_at": maybe_to_text(match.until),
        "alive_at": to_text(match.alive_at),
        "paused_at": maybe_to_text(match.paused_at),
        "left_ms": None if match.left is None else match.left // _MILLISECOND,
        "cause": match.cause,
        "ending": match.ending,
    }
    changes = ", ".join(f"{name} = :{name}" for name in _CHANGING)
    require_change(
        connection.execute(
            f"UPDATE matches SET {changes}, alive_at = max(alive_at, :alive_at)"
            " WHERE contest_id = :contest_id",
            values,
        ),
        f"match {match.id}",
    )


def _match_of(row: sqlite3.Row) -> Match:
    return Match(
        id=row["contest_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        settings=MatchSettings(
            questions=row["questions"],
            seconds=row["seconds"],
            late=row["late_seconds"],
            has_speed=bool(row["has_speed"]),
            subject=row["subject"],
            in_thread=bool(row["in_thread"]),
            for_teams=bool(row["for_teams"]),
        ),
        phase=row["phase"],
        until=maybe_from_text(row["phase_ends_at"]),
        alive_at=from_text(row["alive_at"]),
        place=row["place"],
        paused_at=maybe_from_text(row["paused_at"]),
        left=None if row["left_ms"] is None else row["left_ms"] * _MILLISECOND,
        cause=row["cause"],
        ending=row["ending"],
        thread_id=row["thread_id"],
        lobby_message_id=row["lobby_message_id"],
        finale_message_id=row["finale_message_id"],
    )
