"""Quiz rounds: all of a round's questions are stored when it starts, so a restart loses none."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from bot.core.post import Answer, Post, Round, Shown
from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.rows import answer_of, order_to_text, post_of, question_to_text, returned
from bot.store.settings import ensure_server


class Rounds(Access):
    """Members' own runs of questions."""

    async def start_round(
        self,
        *,
        member_id: int,
        guild_id: int | None,
        shown: Sequence[Shown],
        study_date: date,
        now: datetime,
    ) -> Round:
        """Store a round of ``shown``, one or more, in this order; None is outside a server."""
        if not shown:
            raise ValueError("A round has one question or more")
        started_at = to_text(now)
        day = study_date.isoformat()

        def work(connection: sqlite3.Connection) -> Round:
            ensure_server(connection, guild_id)
            round_id = connection.execute(
                "INSERT INTO rounds (member_id, guild_id, study_date, started_at)"
                " VALUES (?, ?, ?, ?)",
                (member_id, guild_id, day, started_at),
            ).lastrowid
            assert round_id is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
            posts = tuple(
                post_of(
                    returned(
                        connection,
                        "INSERT INTO posts (kind, guild_id, round_id, place, member_id,"
                        " question_id, question, shown_order, study_date, claimed_at)"
                        " VALUES ('quiz', ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                        (
                            guild_id,
                            round_id,
                            place,
                            member_id,
                            item.question.id,
                            question_to_text(item.question),
                            order_to_text(item),
                            day,
                            started_at,
                        ),
                    )
                )
                for place, item in enumerate(shown)
            )
            return Round(round_id, member_id, guild_id, posts)

        return await self._write(work)

    async def round_posts(self, round_id: int) -> tuple[Post, ...]:
        """Return a round's posts in order; empty when there is no such round any more."""
        return await self._read(lambda connection: _posts(connection, round_id))

    async def round_answers(self, round_id: int) -> tuple[Answer | None, ...]:
        """Return the answer to each of a round's posts, in order; None where there is none."""

        def work(connection: sqlite3.Connection) -> tuple[Answer | None, ...]:
            answers = {
                row["post_id"]: answer_of(row)
                for row in connection.execute(
                    "SELECT answers.* FROM answers JOIN posts ON posts.id = answers.post_id"
                    " WHERE posts.round_id = ?",
                    (round_id,),
                )
            }
            return tuple(answers.get(post.id) for post in _posts(connection, round_id))

        return await self._read(work)


def _posts(connection: sqlite3.Connection, round_id: int) -> tuple[Post, ...]:
    return tuple(
        post_of(row)
        for row in connection.execute(
            "SELECT * FROM posts WHERE round_id = ? ORDER BY place", (round_id,)
        )
    )
