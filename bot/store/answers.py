"""The ledger: taking answers.

Whether an answer counts is decided inside the writer, where nothing else happens at the same
time: a double click, a second process's retry and a close cannot come in between.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.core.daily import local_date
from bot.core.post import Answer, Post, Recorded
from bot.core.score import FORMULA_VERSION, quiz_worth
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.rows import answer_of, count_answers, post_of
from bot.store.settings import zone_of

ROUND_LASTS = timedelta(days=1)
"""A round begun before midnight may be finished after it; later it would move old boards."""


class Answers(Access):
    """Taking answers, each once."""

    async def record_answer(
        self, post_id: int, *, member_id: int, place: int, at: datetime
    ) -> Recorded:
        """Record a member's pick; when they answered before, the first answer stands.

        A quiz post is closed by its answer, and worth what ``quiz_worth`` says.

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
            connection.execute(
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
            )
            if post.kind == "quiz":
                connection.execute(
                    "UPDATE posts SET closed_at = ?, worth = ?, formula = ? WHERE id = ?",
                    (moment, _worth(connection, post, member_id), FORMULA_VERSION, post_id),
                )
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


def _worth(connection: sqlite3.Connection, post: Post, member_id: int) -> int:
    values = {
        "member_id": member_id,
        "guild_id": post.guild_id,
        "study_date": post.study_date.isoformat(),
        "question_id": post.shown.question.id,
    }
    # Closed posts only: this one is still open, and open challenges move nothing.
    asked_in_quiz, points = connection.execute(
        "SELECT coalesce(max(posts.question_id = :question_id), 0),"
        " coalesce(sum(answers.is_correct * posts.worth), 0)"
        " FROM posts CROSS JOIN answers ON answers.post_id = posts.id"
        " WHERE posts.member_id = :member_id AND posts.study_date = :study_date"
        " AND posts.guild_id IS :guild_id AND posts.closed_at IS NOT NULL",
        values,
    ).fetchone()
    asked_as_challenge = connection.execute(
        "SELECT 1 FROM posts CROSS JOIN answers ON answers.post_id = posts.id"
        " WHERE posts.kind = 'daily' AND posts.guild_id = :guild_id"
        " AND posts.study_date = :study_date AND posts.question_id = :question_id"
        " AND posts.closed_at IS NOT NULL AND answers.member_id = :member_id",
        values,
    ).fetchone()
    return quiz_worth(
        in_server=post.guild_id is not None,
        asked_before=bool(asked_in_quiz) or asked_as_challenge is not None,
        points_today=int(points),
    )
