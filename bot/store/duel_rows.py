"""Rows as duels, and what follows from them: how far both have come, and whether it is over."""

# ruff: noqa: S608 - only this package's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.core.contest import Contest
from bot.core.duel import Duel, Played
from bot.errors import UserError
from bot.store.contests import contest_of
from bot.store.moment import from_text, maybe_from_text, to_text

GONE = "That duel is not one of this server's."
NOT_YOURS = "That duel is between two others. Challenge somebody with `/duel challenge`."
OVER = "That duel is over."
MILLISECOND = timedelta(milliseconds=1)
LAPSED = (
    "ended_at IS NULL AND contest_id IS NULL"
    " AND (expires_at <= :now OR challenger_id IS NULL OR opponent_id IS NULL)"
)
"""Of an invitation in ``duels`` that nobody can accept any more at ``:now``."""
FINISHED = (
    "ended_at IS NULL AND contest_id IS NOT NULL"
    " AND (deadline <= :now OR challenger_id IS NULL OR opponent_id IS NULL OR NOT EXISTS"
    " (SELECT 1 FROM posts JOIN contestants ON contestants.contest_id = posts.contest_id"
    " WHERE posts.contest_id = duels.contest_id AND NOT EXISTS"
    " (SELECT 1 FROM answers WHERE answers.post_id = posts.id"
    " AND answers.member_id = contestants.member_id)))"
)
"""Of a running duel whose time is up at ``:now``, that one is gone from, or that both played."""


def find_duel(connection: sqlite3.Connection, column: str, value: int) -> Duel | None:
    """Return the duel whose ``column`` has a value; None when there is none."""
    row = connection.execute(f"SELECT * FROM duels WHERE {column} = ?", (value,)).fetchone()
    return None if row is None else duel_of(connection, row)


def require_duel(connection: sqlite3.Connection, duel_id: int) -> Duel:
    """Return a duel.

    Raises:
        UserError: there is none of that id.
    """
    duel = find_duel(connection, "id", duel_id)
    if duel is None:
        raise UserError(GONE)
    return duel


def duel_of(connection: sqlite3.Connection, row: sqlite3.Row) -> Duel:
    """Return the duel of a row with all columns of ``duels``, with its contest."""
    contest_id = row["contest_id"]
    return Duel(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        challenger_id=row["challenger_id"],
        opponent_id=row["opponent_id"],
        topic=row["topic"],
        nonce=row["nonce"],
        made_at=from_text(row["made_at"]),
        expires_at=from_text(row["expires_at"]),
        message_id=row["message_id"],
        deadline=maybe_from_text(row["deadline"]),
        ended_at=maybe_from_text(row["ended_at"]),
        ending=row["ending"],
        changes=row["changes"],
        told=row["told"],
        contest=None if contest_id is None else contest_of(connection, contest_id),
    )


def can_finish(connection: sqlite3.Connection, duel: Duel, now: datetime) -> bool:
    """Return whether a running duel ends: both have played, its time is up, or one is gone."""
    return (
        connection.execute(
            f"SELECT 1 FROM duels WHERE id = :id AND {FINISHED}",
            {"id": duel.id, "now": to_text(now)},
        ).fetchone()
        is not None
    )


def played_of(connection: sqlite3.Connection, contest: Contest) -> dict[int, Played]:
    """Return how far each member of a duel has come; whoever answered nothing is left out."""
    found: dict[int, Played] = {}
    for row in connection.execute(
        "SELECT answers.member_id, answers.is_correct, answers.answered_at, duel_times.shown_at"
        " FROM posts JOIN answers ON answers.post_id = posts.id"
        " JOIN duel_times ON duel_times.contest_id = posts.contest_id"
        " AND duel_times.place = posts.place AND duel_times.member_id = answers.member_id"
        " WHERE posts.contest_id = ?",
        (contest.id,),
    ):
        before = found.get(row["member_id"], Played())
        took = from_text(row["answered_at"]) - from_text(row["shown_at"])
        found[row["member_id"]] = Played(
            right=before.right + row["is_correct"],
            answered=before.answered + 1,
            took_ms=before.took_ms + max(0, took // MILLISECOND),
        )
    return found
