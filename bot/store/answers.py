"""The ledger: taking answers.

Whether an answer counts is decided inside the writer, where nothing else happens at the same
time: a double click, a second process's retry and a close cannot come in between.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from functools import partial

from bot.core.daily import local_date
from bot.core.post import Answer, Post, Recorded
from bot.core.score import FORMULA_VERSION, quiz_award
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.rows import answer_of, count_answers, post_of
from bot.store.settings import zone_of
from bot.store.settling import add_award
from bot.store.totals import Counted, count

ROUND_LASTS = timedelta(days=1)
"""A round begun before midnight may be finished after it; later it would move old boards."""


class Answers(Access):
    """Taking answers, each once."""

    async def record_answer(
        self, post_id: int, *, member_id: int, place: int, at: datetime
    ) -> Recorded:
        """Record a member's pick; when they answered before, the first answer stands.

        A quiz post is closed by its answer, which brings what ``quiz_award`` says and moves the
        boards at once.

        Raises:
            UserError: there is no such post or option, it is closed, it is another member's, or
                its question is an open challenge of the server.
        """
        moment = to_text(at)

        def work(connection: sqlite3.Connection) -> Recorded:
            post = _post(connection, post_id, member_id)
            earlier = connection.execute(
                "SELECT * FROM answers WHERE post_id = ? AND member_id = ?", (post_id, member_id)
            ).fetchone()
            if earlier is not None:
                return Recorded(answer_of(earlier), False, count_answers(connection, post_id))
            if not 0 <= place < len(post.shown.order):
                raise UserError("That option is not one of this question's.")
            if post.closed_at is not None or (post.closes_at is not None and at >= post.closes_at):
                raise UserError("That challenge is closed. The next one comes soon.")
            today = local_date(at, zone_of(connection, post.guild_id))
            if post.kind == "quiz":
                if today > post.study_date + ROUND_LASTS:
                    raise UserError("That round is over. Start a new one with /quiz.")
                _refuse_open_question(connection, post)
            answer = Answer(post_id, member_id, place, place == post.shown.key, from_text(moment))
            answer_id = connection.execute(
                "INSERT INTO answers (post_id, member_id, place, is_correct, answered_at,"
                " answered_on) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    post_id,
                    member_id,
                    place,
                    int(answer.is_correct),
                    moment,
                    today.isoformat(),
                ),
            ).lastrowid
            if post.kind == "quiz" and answer_id is not None:
                _close_quiz(connection, post, answer, answer_id, today)
            return Recorded(answer, True, count_answers(connection, post_id))

        return await self._write(work)


def _post(connection: sqlite3.Connection, post_id: int, member_id: int) -> Post:
    row = connection.execute("SELECT * FROM posts WHERE id = ?", (post_id,)).fetchone()
    if row is None:
        raise UserError("That question is gone. Start a new one with /quiz.")
    post = post_of(row)
    if post.kind == "quiz" and post.member_id != member_id:
        raise UserError("These buttons belong to someone else. Start your own with /quiz.")
    return post


def _refuse_open_question(connection: sqlite3.Connection, post: Post) -> None:
    """Keep a round that was drawn before the challenge from telling the challenge's key."""
    row = connection.execute(
        "SELECT 1 FROM posts WHERE kind = 'daily' AND closed_at IS NULL AND guild_id = ?"
        " AND question_id = ?",
        (post.guild_id, post.shown.question.id),
    ).fetchone()
    if row is not None:
        raise UserError(
            "That question is today's challenge now. Answer it there; here it waits for the reveal."
        )


def _close_quiz(
    connection: sqlite3.Connection, post: Post, answer: Answer, answer_id: int, today: date
) -> None:
    """Close a quiz post with its answer, and write what that brought."""
    asked_before, points_today = _that_day(connection, post, answer.member_id)
    value = partial(
        quiz_award,
        in_server=post.guild_id is not None,
        asked_before=asked_before,
        points_today=points_today,
    )
    connection.execute(
        "UPDATE posts SET closed_at = ?, worth = ?, formula = ? WHERE id = ?",
        (
            to_text(answer.answered_at),
            value(is_correct=True).points,  # of a right one, whatever was picked
            FORMULA_VERSION,
            post.id,
        ),
    )
    if post.guild_id is not None:
        award = value(is_correct=answer.is_correct)
        counted = Counted(
            post.guild_id,
            answer.member_id,
            post.study_date,
            post.shown.question.topic,
            award.points,
            answer.is_correct,
        )
        add_award(connection, answer_id, counted, "quiz", award)
        count(connection, counted, today)


def _that_day(connection: sqlite3.Connection, post: Post, member_id: int) -> tuple[bool, int]:
    """Return whether the member met the question on the study date, and their quiz points of it.

    Closed posts only: open challenges move nothing.
    """
    values = (post.shown.question.id, post.guild_id, member_id, post.study_date.isoformat())
    asked, points = connection.execute(
        "SELECT coalesce(max(posts.question_id = ?), 0),"
        " coalesce(sum(awards.points * (awards.kind = 'quiz')), 0)"
        " FROM awards CROSS JOIN posts ON posts.id = awards.post_id"
        " WHERE awards.guild_id = ? AND awards.member_id = ? AND awards.study_date = ?",
        values,
    ).fetchone()
    return bool(asked), int(points)
