"""Rows as values: posts with their frozen questions, and answers; and what queries share."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.core.model import Question
from bot.core.post import Answer, Post, Shown
from bot.errors import StoreError
from bot.store.moment import from_text, maybe_from_text


def question_to_text(question: Question) -> str:
    """Return the question as JSON, to be frozen with its post."""
    return json.dumps(asdict(question), ensure_ascii=False, sort_keys=True)


def order_to_text(shown: Shown) -> str:
    """Return the order of the options as JSON."""
    return json.dumps(shown.order)


def question_of(row: sqlite3.Row) -> Question:
    """Return the frozen question of ``row``."""
    fields = json.loads(row["question"])
    fields["choices"] = tuple(fields["choices"])
    return Question(**fields)


def shown_of(row: sqlite3.Row) -> Shown:
    """Return what the post of ``row`` shows."""
    return Shown(question_of(row), tuple(json.loads(row["shown_order"])))


def post_of(row: sqlite3.Row) -> Post:
    """Return the post of a row with all columns of ``posts``."""
    return Post(
        id=row["id"],
        kind=row["kind"],
        guild_id=row["guild_id"],
        shown=shown_of(row),
        study_date=date.fromisoformat(row["study_date"]),
        claimed_at=from_text(row["claimed_at"]),
        nonce=row["nonce"] or "",
        challenge_id=row["challenge_id"],
        round_id=row["round_id"],
        place=row["place"],
        member_id=row["member_id"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        closes_at=maybe_from_text(row["closes_at"]),
        closed_at=maybe_from_text(row["closed_at"]),
        revealed_at=maybe_from_text(row["revealed_at"]),
        worth=row["worth"],
        has_thread=bool(row["has_thread"]),
        thread_id=row["thread_id"],
        contest_id=row["contest_id"],
    )


def answer_of(row: sqlite3.Row) -> Answer:
    """Return the answer of a row with all columns of ``answers``."""
    return Answer(
        post_id=row["post_id"],
        member_id=row["member_id"],
        place=row["place"],
        is_correct=bool(row["is_correct"]),
        answered_at=from_text(row["answered_at"]),
    )


def count_answers(connection: sqlite3.Connection, post_id: int) -> int:
    """Return how many members answered a post, forgotten ones included."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM answers WHERE post_id = :post_id)"
        " + (SELECT coalesce(sum(count), 0) FROM former_answers WHERE post_id = :post_id)",
        {"post_id": post_id},
    ).fetchone()
    return int(row[0])


def require_change(cursor: sqlite3.Cursor, what: str) -> None:
    """Refuse to go on when the last statement changed no row.

    Raises:
        StoreError: it changed none; ``what`` was to be changed.
    """
    if cursor.rowcount == 0:
        raise StoreError(f"There is no {what}.")


def returned(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, object] | Sequence[object]
) -> Any:
    """Run a statement with RETURNING to its end; return its first row, or None for none."""
    rows = connection.execute(sql, values).fetchall()
    return rows[0] if rows else None
