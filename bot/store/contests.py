"""Matches and duels as far as they are alike: contestants, questions, closing, results.

Answers go through ``record_answer``, which takes them from contestants only, and only while a
question is open. What is special to a match or a duel is in its own module.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bot.core.contest import Contest, Contestant, ContestKind, Result
from bot.core.daily import local_date
from bot.core.post import Answer, Post, Shown
from bot.core.score import FORMULA_VERSION, QUIZ_POINTS, Award, quiz_award
from bot.store.access import Access
from bot.store.moment import from_text, maybe_from_text, to_text
from bot.store.rows import answer_of, order_to_text, post_of, question_to_text
from bot.store.settings import ensure_server, zone_of
from bot.store.settling import add_award, practice_of
from bot.store.totals import Counted, count


class Contests(Access):
    """Contests, and what goes on in them."""

    async def contest(self, contest_id: int) -> Contest | None:
        """Return a contest; None when there is none of that id."""
        return await self._read(lambda connection: contest_of(connection, contest_id))

    async def leave_contest(self, contest_id: int, member_id: int, at: datetime) -> bool:
        """Let a member take part no longer; False when they do not or it is finished.

        Their answers stand, and they may come back.
        """
        moment = to_text(at)
        return await self._write(
            lambda connection: (
                is_running(connection, contest_id)
                and connection.execute(
                    "UPDATE contestants SET left_at = ?"
                    " WHERE contest_id = ? AND member_id = ? AND left_at IS NULL",
                    (moment, contest_id, member_id),
                ).rowcount
                > 0
            )
        )

    # ------------------------------------------------------------------- questions

    async def ask_contest(
        self, contest_id: int, shown: Sequence[Shown], *, now: datetime
    ) -> tuple[Post, ...]:
        """Give a contest its questions in this order, none open yet; those that it has stay."""
        return await self._write(lambda connection: ask(connection, contest_id, shown, now=now))

    async def contest_posts(self, contest_id: int) -> tuple[Post, ...]:
        """Return a contest's questions in order; empty before it has any."""
        return await self._read(lambda connection: posts_of(connection, contest_id))

    async def contest_answers(self, contest_id: int) -> tuple[Answer, ...]:
        """Return all answers to a contest's questions in the order in which they came."""
        return await self._read(
            lambda connection: tuple(
                answer_of(row)
                for row in connection.execute(
                    "SELECT answers.* FROM posts JOIN answers ON answers.post_id = posts.id"
                    " WHERE posts.contest_id = ? ORDER BY answers.id",
                    (contest_id,),
                )
            )
        )

    # ------------------------------------------------------------------- finishing

    async def finish_contest(
        self, contest_id: int, results: Mapping[int, Result], at: datetime
    ) -> bool:
        """End a contest with the results by contestant's id; False when it was ended before.

        Its open questions are closed; those that nobody answered were never asked and go.
        """
        return await self._write(
            lambda connection: finish(connection, contest_id, results, at, is_cancelled=False)
        )

    async def cancel_contest(self, contest_id: int, at: datetime) -> bool:
        """End a contest without a result; False when it was ended before. Answers stand."""
        return await self._write(
            lambda connection: finish(connection, contest_id, {}, at, is_cancelled=True)
        )

    async def seen_lately(
        self, guild_id: int, member_ids: Collection[int], since: date
    ) -> frozenset[str]:
        """Return the questions that any of these members answered in a server since then."""
        marks = ", ".join("?" * len(member_ids))
        return await self._read(
            lambda connection: frozenset(
                row["question_id"]
                for row in connection.execute(
                    "SELECT DISTINCT posts.question_id FROM answers"  # noqa: S608 - question marks
                    " CROSS JOIN posts ON posts.id = answers.post_id"
                    f" WHERE answers.member_id IN ({marks})"
                    " AND posts.guild_id = ? AND posts.study_date >= ?",
                    (*member_ids, guild_id, since.isoformat()),
                )
            )
        )


def make(
    connection: sqlite3.Connection,
    kind: ContestKind,
    *,
    guild_id: int,
    member_ids: Sequence[int],
    study_date: date,
    now: datetime,
) -> int:
    """Store a contest of these members; return its id."""
    moment = to_text(now)
    ensure_server(connection, guild_id)
    contest_id = connection.execute(
        "INSERT INTO contests (kind, guild_id, study_date, made_at) VALUES (?, ?, ?, ?)",
        (kind, guild_id, study_date.isoformat(), moment),
    ).lastrowid
    assert contest_id is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
    for member_id in member_ids:
        join(connection, contest_id, member_id, moment)
    return contest_id


def ask(
    connection: sqlite3.Connection,
    contest_id: int,
    shown: Sequence[Shown],
    *,
    now: datetime,
    closes_at: datetime | None = None,
) -> tuple[Post, ...]:
    """Give a contest its questions, unless it has some or is finished; return those it has.

    They take answers until ``closes_at``; None for those that are opened one by one.
    """
    moment, closing = to_text(now), None if closes_at is None else to_text(closes_at)
    posts = posts_of(connection, contest_id)
    if posts or not is_running(connection, contest_id):
        return posts
    for place, item in enumerate(shown):
        connection.execute(
            "INSERT INTO posts (kind, guild_id, contest_id, place, question_id, question,"
            " shown_order, study_date, claimed_at, closes_at)"
            " SELECT kind, guild_id, id, ?, ?, ?, ?, study_date, ?, ?"
            " FROM contests WHERE id = ?",
            (
                place,
                item.question.id,
                question_to_text(item.question),
                order_to_text(item),
                moment,
                closing,
                contest_id,
            ),
        )
    return posts_of(connection, contest_id)


def join(connection: sqlite3.Connection, contest_id: int, member_id: int, moment: str) -> bool:
    """Let a member take part; False when they do already."""
    return (
        connection.execute(
            "INSERT INTO contestants (contest_id, member_id, joined_at) VALUES (?, ?, ?)"
            " ON CONFLICT (contest_id, member_id) DO UPDATE SET left_at = NULL"
            " WHERE left_at IS NOT NULL",
            (contest_id, member_id, moment),
        ).rowcount
        > 0
    )


def is_running(connection: sqlite3.Connection, contest_id: int) -> bool:
    """Return whether there is such a contest and it is not finished."""
    row = connection.execute(
        "SELECT 1 FROM contests WHERE id = ? AND finished_at IS NULL", (contest_id,)
    ).fetchone()
    return row is not None


def contest_of(connection: sqlite3.Connection, contest_id: int) -> Contest | None:
    """Return a contest with its contestants; None when there is none of that id."""
    row = connection.execute("SELECT * FROM contests WHERE id = ?", (contest_id,)).fetchone()
    if row is None:
        return None
    contestants = connection.execute(
        "SELECT * FROM contestants WHERE contest_id = ? ORDER BY id", (contest_id,)
    )
    return Contest(
        id=row["id"],
        kind=row["kind"],
        guild_id=row["guild_id"],
        study_date=date.fromisoformat(row["study_date"]),
        made_at=from_text(row["made_at"]),
        finished_at=maybe_from_text(row["finished_at"]),
        is_cancelled=bool(row["is_cancelled"]),
        contestants=tuple(_contestant(one) for one in contestants),
    )


def posts_of(connection: sqlite3.Connection, contest_id: int) -> tuple[Post, ...]:
    """Return a contest's questions in order."""
    return tuple(
        post_of(row)
        for row in connection.execute(
            "SELECT * FROM posts WHERE contest_id = ? ORDER BY place", (contest_id,)
        )
    )


def close_post(
    connection: sqlite3.Connection, post_id: int, at: datetime, *, is_void: bool = False
) -> bool:
    """Close a contest's question and write its awards; False when there is none to close.

    Points belong to the server's date of ``at``, so that no board of an earlier day moves. Right
    answers to a void one bring nothing.
    """
    post = connection.execute(
        "SELECT kind, guild_id, question_id, json_extract(question, '$.topic') AS topic FROM posts"
        " WHERE id = ? AND contest_id IS NOT NULL AND closed_at IS NULL",
        (post_id,),
    ).fetchone()
    if post is None:
        return False
    guild_id = int(post["guild_id"])
    today = local_date(at, zone_of(connection, guild_id))
    connection.execute(
        "UPDATE posts SET closed_at = ?, worth = ?, formula = ? WHERE id = ?",
        (to_text(at), 0 if is_void else QUIZ_POINTS, FORMULA_VERSION, post_id),
    )
    answers = connection.execute(
        "SELECT id, member_id, is_correct FROM answers WHERE post_id = ? ORDER BY id", (post_id,)
    ).fetchall()
    for answer in answers:
        member_id, is_correct = int(answer["member_id"]), bool(answer["is_correct"])
        asked_before, points_today = practice_of(
            connection, guild_id, member_id, today, post["question_id"]
        )
        award = quiz_award(
            is_correct=is_correct,
            in_server=True,
            asked_before=asked_before,
            points_today=points_today,
        )
        if is_void and is_correct:
            award = Award("void")
        counted = Counted(guild_id, member_id, today, post["topic"], award.points, is_correct)
        add_award(connection, answer["id"], counted, post["kind"], award)
        count(connection, counted, today)
    return True


def finish(
    connection: sqlite3.Connection,
    contest_id: int,
    results: Mapping[int, Result],
    at: datetime,
    *,
    is_cancelled: bool,
) -> bool:
    """End a contest; False when there is none that runs."""
    if not is_running(connection, contest_id):
        return False
    connection.execute(
        "DELETE FROM posts WHERE contest_id = ? AND closed_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM answers WHERE answers.post_id = posts.id)",
        (contest_id,),
    )
    for (post_id,) in connection.execute(
        "SELECT id FROM posts WHERE contest_id = ? AND closed_at IS NULL ORDER BY place",
        (contest_id,),
    ).fetchall():
        close_post(connection, post_id, at)
    for contestant_id, result in results.items():
        connection.execute(
            "UPDATE contestants SET rank = ?, score = ?, right = ?, answered = ?, took_ms = ?"
            " WHERE id = ? AND contest_id = ?",
            (
                result.rank,
                result.score,
                result.right,
                result.answered,
                result.took_ms,
                contestant_id,
                contest_id,
            ),
        )
    connection.execute(
        "UPDATE contests SET finished_at = ?, is_cancelled = ? WHERE id = ?",
        (to_text(at), int(is_cancelled), contest_id),
    )
    return True


def _contestant(row: sqlite3.Row) -> Contestant:
    result = None
    if row["rank"] is not None:
        result = Result(
            row["rank"], row["score"], row["right"], row["answered"], took_ms=row["took_ms"]
        )
    return Contestant(
        id=row["id"],
        member_id=row["member_id"],
        joined_at=from_text(row["joined_at"]),
        left_at=maybe_from_text(row["left_at"]),
        result=result,
    )
