"""Boards that are kept ready: each award moves the boards of its day, week, month and all time.

One of all topics and one of the award's own, so eight rows. Nothing else writes to ``totals``
but listing and forgetting a member, and making all of it again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from bot.core.accuracy import accuracy, improvement
from bot.core.period import KINDS, Span, span_of

ALL_TOPICS = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What an award adds to a member's totals."""

    guild_id: int
    member_id: int
    day: date
    topic: str
    points: int
    is_correct: bool


def add_functions(connection: sqlite3.Connection) -> None:
    """Give SQL the two formulas of bot/core/accuracy.py."""
    connection.create_function("accuracy", 2, accuracy, deterministic=True)
    connection.create_function("improvement", 4, improvement, deterministic=True)


def count(connection: sqlite3.Connection, award: Counted, today: date) -> None:
    """Add an award to the boards that are kept on ``today``, the server's date."""
    listed = is_listed(connection, award.guild_id, award.member_id)
    for kind in KINDS:
        span = span_of(kind, award.day)
        if not span.is_kept(today):
            continue
        for topic in {ALL_TOPICS, award.topic}:
            board_id = _board_id(connection, award.guild_id, span, topic)
            connection.execute(
                "INSERT INTO totals (board_id, member_id, points, right, answered, is_listed)"
                " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (board_id, member_id) DO UPDATE SET"
                " points = points + excluded.points, right = right + excluded.right,"
                " answered = answered + 1,"
                " accuracy = accuracy(right + excluded.right, answered + 1)",
                (board_id, award.member_id, award.points, int(award.is_correct), listed),
            )
            if kind in ("week", "month"):
                _compare(connection, award, span, topic, board_id)


def is_listed(connection: sqlite3.Connection, guild_id: int, member_id: int) -> bool:
    """Return whether others see the member on boards."""
    return (
        connection.execute(
            "SELECT 1 FROM unlisted WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
        ).fetchone()
        is None
    )


def list_again(connection: sqlite3.Connection, guild_id: int, member_id: int) -> None:
    """Bring a member's rows into line with whether they are listed."""
    values = (int(is_listed(connection, guild_id, member_id)), member_id, guild_id)
    connection.execute(
        "UPDATE totals SET is_listed = ?1 WHERE member_id = ?2 AND is_listed <> ?1"
        " AND board_id IN (SELECT id FROM boards WHERE guild_id = ?3)",
        values,
    )
    connection.execute(
        "UPDATE streaks SET is_listed = ?1 WHERE member_id = ?2 AND guild_id = ?3"
        " AND is_listed <> ?1",
        values,
    )


def first_text(span: Span) -> str:
    """Return how the first day of a span is written in ``boards``."""
    return "" if span.first is None else span.first.isoformat()


def find_board(
    connection: sqlite3.Connection, guild_id: int, span: Span | None, topic: str
) -> int | None:
    """Return the id of a board that is kept; None when nobody is on it or it is none."""
    if span is None:
        return None
    row = connection.execute(
        "SELECT id FROM boards WHERE guild_id = ? AND kind = ? AND first = ? AND topic = ?",
        (guild_id, span.kind, first_text(span), topic),
    ).fetchone()
    return None if row is None else int(row[0])


def _board_id(connection: sqlite3.Connection, guild_id: int, span: Span, topic: str) -> int:
    found = find_board(connection, guild_id, span, topic)
    if found is not None:
        return found
    made = connection.execute(
        "INSERT INTO boards (guild_id, kind, first, topic) VALUES (?, ?, ?, ?)",
        (guild_id, span.kind, first_text(span), topic),
    ).lastrowid
    assert made is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
    return made


def _compare(
    connection: sqlite3.Connection, award: Counted, span: Span, topic: str, board_id: int
) -> None:
    """Say again how much the member improved, on this board and on the one after it."""
    before = find_board(connection, award.guild_id, span.before, topic)
    after = find_board(connection, award.guild_id, span.after, topic)
    for now, then in ((board_id, before), (after, board_id)):
        if now is not None and then is not None:
            connection.execute(
                "UPDATE totals SET gain = improvement(totals.right, totals.answered,"
                " earlier.right, earlier.answered) FROM totals AS earlier"
                " WHERE totals.board_id = ? AND totals.member_id = ?"
                " AND earlier.board_id = ? AND earlier.member_id = totals.member_id",
                (now, award.member_id, then),
            )
