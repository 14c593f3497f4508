"""Boards that are kept ready: each award moves the boards of its day, week, month and all time.

One of all topics and one of the award's own, so eight rows, and two more while there is a season.
Nothing else writes to ``totals`` but listing and forgetting a member, and making it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.core.accuracy import accuracy, improvement
from bot.core.doubt import is_good
from bot.core.period import KINDS, Kind, Span, span_of

ALL_TOPICS = ""
_COLUMNS = "board_id, member_id, points, right, answered, is_listed"
COMPARED: tuple[Kind, ...] = ("week", "month")
"""Kinds of board that know how much a member improved since the one before."""


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
    """Give SQL the formulas of bot/core/accuracy.py, and who is a good member."""
    connection.create_function("accuracy", 2, accuracy, deterministic=True)
    connection.create_function("improvement", 4, improvement, deterministic=True)
    connection.create_function("is_good", 2, is_good, deterministic=True)


def count(connection: sqlite3.Connection, award: Counted, today: date) -> None:
    """Add an award to the boards that are kept on ``today``, the server's date.

    Few statements with many rows each: this is done for every answer.
    """
    plan = _plan(award.day, today)
    season = _season_key(connection, award.guild_id, award.day)
    moved = plan.moved if season is None else (*plan.moved, season)
    looked_at = plan.looked_at if season is None else (*plan.looked_at, season)
    topics = (ALL_TOPICS, award.topic) if award.topic != ALL_TOPICS else (ALL_TOPICS,)
    boards = _boards(connection, award.guild_id, looked_at, topics)
    listed = int(is_listed(connection, award.guild_id, award.member_id))
    values: list[int] = []
    for key in moved:
        for topic in topics:
            board_id = boards.get((*key, topic))
            if board_id is None:
                board_id = _make_board(connection, award.guild_id, key, topic)
            values += (board_id, award.member_id, award.points, award.is_correct, listed)
    rows = ", ".join(["(?, ?, ?, ?, 1, ?)"] * (len(values) // 5))
    connection.execute(
        f"INSERT INTO totals ({_COLUMNS}) VALUES {rows}"  # noqa: S608 - question marks
        " ON CONFLICT (board_id, member_id) DO UPDATE SET"
        " points = points + excluded.points, right = right + excluded.right,"
        " answered = answered + 1, accuracy = accuracy(right + excluded.right, answered + 1)",
        values,
    )
    pairs = [
        (boards[*now, topic], boards[*then, topic])
        for now, then in plan.compared
        for topic in topics
        if (*now, topic) in boards and (*then, topic) in boards
    ]
    if pairs:
        _compare(connection, award.member_id, pairs)


Key = tuple[str, str]
"""Kind and first day of a board, as ``boards`` has them."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which boards an answer of a day moves; the same for every answer of it."""

    moved: tuple[Key, ...]
    compared: tuple[tuple[Key, Key], ...]
    """Those on which a member's improvement is said again, each with the one before it."""
    looked_at: tuple[Key, ...]
    """All of these."""


@lru_cache(maxsize=256)
def _plan(day: date, today: date) -> _Plan:
    spans = [span for kind in KINDS if (span := span_of(kind, day)).is_kept(today)]
    compared = [
        ((now.kind, first_text(now)), (then.kind, first_text(then)))
        for span in spans
        if span.kind in COMPARED
        for now, then in ((span, span.before), (span.after, span))
        if now is not None and then is not None
    ]
    moved = [(span.kind, first_text(span)) for span in spans]
    looked_at = dict.fromkeys([*moved, *(key for pair in compared for key in pair)])
    return _Plan(tuple(moved), tuple(compared), tuple(looked_at))


def _season_key(connection: sqlite3.Connection, guild_id: int, day: date) -> Key | None:
    """Return the board of the server's season that has ``day`` and is not closed, if any."""
    row = connection.execute(
        "SELECT first FROM seasons WHERE guild_id = ?1 AND closed_at IS NULL"
        " AND first <= ?2 AND last >= ?2",
        (guild_id, day.isoformat()),
    ).fetchone()
    return None if row is None else ("season", row[0])


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
    connection.execute(
        "UPDATE ratings SET is_listed = ?1 WHERE member_id = ?2 AND guild_id = ?3"
        " AND is_listed <> ?1",
        values,
    )
    connection.execute(
        "UPDATE season_streaks SET is_listed = ?1 WHERE member_id = ?2 AND is_listed <> ?1"
        " AND season_id IN (SELECT id FROM seasons WHERE guild_id = ?3)",
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


def _boards(
    connection: sqlite3.Connection, guild_id: int, keys: Sequence[Key], topics: Sequence[str]
) -> dict[tuple[str, str, str], int]:
    """Return the ids of those boards that there are, by kind, first day and topic."""
    values: list[str | int] = []
    for kind, first in keys:
        for topic in topics:
            values += (kind, first, topic)
    rows = connection.execute(
        f"WITH wanted (kind, first, topic) AS (VALUES {_marks(len(values) // 3)})"  # noqa: S608 - question marks
        " SELECT boards.kind, boards.first, boards.topic, boards.id FROM wanted"
        " CROSS JOIN boards ON boards.guild_id = ? AND boards.kind = wanted.kind"
        " AND boards.first = wanted.first AND boards.topic = wanted.topic",
        [*values, guild_id],
    )
    return {(kind, first, topic): board_id for kind, first, topic, board_id in rows}


@lru_cache
def _marks(count: int) -> str:
    return ", ".join(["(?, ?, ?)"] * count)


def _make_board(connection: sqlite3.Connection, guild_id: int, key: Key, topic: str) -> int:
    made = connection.execute(
        "INSERT INTO boards (guild_id, kind, first, topic) VALUES (?, ?, ?, ?)",
        (guild_id, *key, topic),
    ).lastrowid
    assert made is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
    return made


def _compare(
    connection: sqlite3.Connection, member_id: int, pairs: Sequence[tuple[int, int]]
) -> None:
    """Say again how much a member improved on each first board since the second of its pair."""
    connection.execute(
        f"WITH pairs (now, past) AS (VALUES {', '.join(['(?, ?)'] * len(pairs))})"  # noqa: S608 - question marks
        " UPDATE totals SET gain = improvement(totals.right, totals.answered, earlier.right,"
        " earlier.answered) FROM pairs CROSS JOIN totals AS earlier"
        " ON earlier.board_id = pairs.past AND earlier.member_id = ?"
        " WHERE totals.board_id = pairs.now AND totals.member_id = ?",
        [*(value for pair in pairs for value in pair), member_id, member_id],
    )
