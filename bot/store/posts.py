"""Daily posts from claim to reveal, and reading any post.

A claim is unique per challenge and study date, so whoever comes second gets None, and each later
step changes a row at most once: everything here may be tried again after a crash.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from bot.core.audit import AuditEvent
from bot.core.daily import Challenge
from bot.core.post import Answer, Post, Shown
from bot.errors import StoreError
from bot.store.access import Access
from bot.store.audit import write_audit
from bot.store.moment import to_text
from bot.store.rows import (
    answer_of,
    count_answers,
    order_to_text,
    post_of,
    question_to_text,
    require_change,
    returned,
    shown_of,
)
from bot.store.settling import freeze, settle


class Posts(Access):
    """What was shown to whom, and what came of it."""

    # ---------------------------------------------------------------- claim to reveal

    async def claim_post(
        self,
        *,
        challenge: Challenge,
        study_date: date,
        shown: Shown,
        nonce: str,
        now: datetime,
        closes_at: datetime,
        is_by_hand: bool = False,
    ) -> Post | None:
        """Reserve a challenge's post of a study date.

        None when it has been claimed before, or when the date was left out and nobody asks for
        it by hand.
        """
        values = {
            "guild_id": challenge.guild_id,
            "challenge_id": challenge.id,
            "question_id": shown.question.id,
            "question": question_to_text(shown.question),
            "shown_order": order_to_text(shown),
            "study_date": study_date.isoformat(),
            "nonce": nonce,
            "claimed_at": to_text(now),
            "closes_at": to_text(closes_at),
            "has_thread": int(challenge.has_thread),
            "is_by_hand": int(is_by_hand),
        }

        def work(connection: sqlite3.Connection) -> Post | None:
            row = returned(
                connection,
                "INSERT INTO posts (kind, guild_id, challenge_id, question_id, question,"
                " shown_order, study_date, nonce, claimed_at, closes_at, has_thread)"
                " SELECT 'daily', :guild_id, :challenge_id, :question_id, :question,"
                " :shown_order, :study_date, :nonce, :claimed_at, :closes_at, :has_thread"
                " WHERE :is_by_hand OR NOT EXISTS (SELECT 1 FROM audit WHERE"
                " challenge_id = :challenge_id AND study_date = :study_date"
                " AND event IN ('skipped', 'missed', 'paused'))"
                " ON CONFLICT (challenge_id, study_date) DO NOTHING RETURNING *",
                values,
            )
            return None if row is None else post_of(row)

        return await self._write(work)

    async def record_post(
        self,
        post_id: int,
        *,
        channel_id: int,
        message_id: int,
        at: datetime,
        event: AuditEvent = "posted",
        detail: str | None = None,
    ) -> None:
        """Note the message that shows a post; a later one takes the place of an earlier one.

        The first one is written into the audit, as ``event``.

        Raises:
            StoreError: there is no post with that id.
        """
        posted_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            row = returned(
                connection,
                "UPDATE posts SET channel_id = ?, message_id = ?, posted_at = ? WHERE id = ?"
                " RETURNING challenge_id, study_date",
                (channel_id, message_id, posted_at, post_id),
            )
            if row is None:
                raise StoreError(f"There is no post {post_id}.")
            write_audit(
                connection,
                challenge_id=row["challenge_id"],
                day=row["study_date"],
                event=event,
                detail=detail,
                at=posted_at,
            )

        await self._write(work)

    async def record_deletion(self, post_id: int, *, at: datetime, detail: str) -> None:
        """Note that a closed post's message is gone, so that nothing is left to be revealed.

        Raises:
            StoreError: there is no closed post with that id.
        """
        gone_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            row = returned(
                connection,
                "UPDATE posts SET revealed_at = coalesce(revealed_at, ?)"
                " WHERE id = ? AND closed_at IS NOT NULL RETURNING challenge_id, study_date",
                (gone_at, post_id),
            )
            if row is None:
                raise StoreError(f"There is no closed post {post_id}.")
            write_audit(
                connection,
                challenge_id=row["challenge_id"],
                day=row["study_date"],
                event="deleted",
                detail=detail,
                at=gone_at,
            )

        await self._write(work)

    async def close_post(self, post_id: int, *, at: datetime, worth: int) -> bool:
        """Take no more answers, freeze what a right one is worth, and write what each brought.

        ``worth`` is before the bonuses; 0 for a question that was withdrawn. Return True for the
        one call that did it, False when the post was closed before.
        """
        is_first = await self._write(
            lambda connection: freeze(connection, post_id, at=at, base=worth)
        )
        await settle(self._write, post_id)
        return is_first

    async def record_reveal(self, post_id: int, at: datetime) -> None:
        """Note that the message shows the answer; the first time stays.

        Raises:
            StoreError: there is no closed post with that id.
        """
        revealed_at = to_text(at)
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE posts SET revealed_at = coalesce(revealed_at, ?)"
                    " WHERE id = ? AND closed_at IS NOT NULL",
                    (revealed_at, post_id),
                ),
                f"closed post {post_id}",
            )
        )

    # ------------------------------------------------------------------------ reading

    async def post(self, post_id: int) -> Post | None:
        """Return a post of either kind."""
        return await self._one_post("SELECT * FROM posts WHERE id = ?", post_id)

    async def post_of_message(self, message_id: int) -> Post | None:
        """Return the daily post that a message shows; None for any other message."""
        return await self._one_post(
            "SELECT * FROM posts WHERE message_id = ? AND kind = 'daily'", message_id
        )

    async def post_for(self, challenge_id: int, study_date: date) -> Post | None:
        """Return a challenge's post of a study date."""
        return await self._one_post(
            "SELECT * FROM posts WHERE challenge_id = ? AND study_date = ?",
            challenge_id,
            study_date.isoformat(),
        )

    async def previous_post(self, post: Post) -> Post | None:
        """Return the same challenge's last post of an earlier study date; None for the first."""
        return await self._one_post(
            "SELECT * FROM posts WHERE challenge_id = ? AND study_date < ?"
            " ORDER BY study_date DESC LIMIT 1",
            post.challenge_id,
            post.study_date.isoformat(),
        )

    async def following_post(self, post: Post) -> Post | None:
        """Return the same challenge's next post of a later study date; None for the newest."""
        return await self._one_post(
            "SELECT * FROM posts WHERE challenge_id = ? AND study_date > ?"
            " ORDER BY study_date LIMIT 1",
            post.challenge_id,
            post.study_date.isoformat(),
        )

    async def open_posts(self) -> tuple[Post, ...]:
        """Return the daily posts that are not closed, oldest first; some may not be sent yet."""
        return await self._all_posts(
            "SELECT * FROM posts INDEXED BY posts_open"
            " WHERE kind = 'daily' AND closed_at IS NULL ORDER BY id"
        )

    async def unrevealed_posts(self) -> tuple[Post, ...]:
        """Return the closed daily posts whose message still hides the answer, oldest first."""
        return await self._all_posts(
            "SELECT * FROM posts INDEXED BY posts_unrevealed"
            " WHERE kind = 'daily' AND closed_at IS NOT NULL"
            " AND revealed_at IS NULL AND message_id IS NOT NULL ORDER BY id"
        )

    async def last_posts(self, guild_id: int | None, limit: int) -> tuple[Post, ...]:
        """Return the newest daily posts of a server, or with None of all, newest first."""
        if guild_id is None:
            return await self._all_posts(
                "SELECT * FROM posts WHERE kind = 'daily' ORDER BY id DESC LIMIT ?", limit
            )
        return await self._all_posts(
            "SELECT * FROM posts WHERE guild_id = ? AND kind = 'daily'"
            " ORDER BY study_date DESC, id DESC LIMIT ?",
            guild_id,
            limit,
        )

    async def posts_of_challenge(self, challenge_id: int, limit: int) -> tuple[Post, ...]:
        """Return a challenge's newest posts, newest study date first."""
        return await self._all_posts(
            "SELECT * FROM posts WHERE challenge_id = ? ORDER BY study_date DESC LIMIT ?",
            challenge_id,
            limit,
        )

    async def tally(self, post_id: int) -> tuple[int, ...]:
        """Return how many picked each option as shown, A first, forgotten members included.

        Empty when there is no such post.
        """

        def work(connection: sqlite3.Connection) -> tuple[int, ...]:
            post = connection.execute("SELECT * FROM posts WHERE id = ?", (post_id,)).fetchone()
            if post is None:
                return ()
            counts = dict.fromkeys(range(len(shown_of(post).order)), 0)
            for place, count in connection.execute(
                "SELECT place, count(*) FROM answers WHERE post_id = :post_id GROUP BY place"
                " UNION ALL SELECT place, count FROM former_answers WHERE post_id = :post_id",
                {"post_id": post_id},
            ):
                counts[place] += count
            return tuple(counts.values())

        return await self._read(work)

    async def answer_count(self, post_id: int) -> int:
        """Return how many members have answered, forgotten ones included."""
        return await self._read(lambda connection: count_answers(connection, post_id))

    async def first_right(self, post_id: int) -> int | None:
        """Return the member who was right first; ties go to whose answer was recorded first.

        Members who hid are passed over. None when nobody was right, or none of those who were
        can be named.
        """

        def work(connection: sqlite3.Connection) -> int | None:
            row = connection.execute(
                "SELECT answers.member_id FROM answers JOIN posts ON posts.id = answers.post_id"
                " WHERE post_id = ? AND is_correct AND NOT EXISTS (SELECT 1 FROM unlisted"
                " WHERE unlisted.guild_id = posts.guild_id"
                " AND unlisted.member_id = answers.member_id)"
                " ORDER BY answered_at, answers.id LIMIT 1",
                (post_id,),
            ).fetchone()
            return None if row is None else int(row["member_id"])

        return await self._read(work)

    async def answer_of(self, post_id: int, member_id: int) -> Answer | None:
        """Return a member's answer to a post; None when there is none."""

        def work(connection: sqlite3.Connection) -> Answer | None:
            row = connection.execute(
                "SELECT * FROM answers WHERE post_id = ? AND member_id = ?", (post_id, member_id)
            ).fetchone()
            return None if row is None else answer_of(row)

        return await self._read(work)

    async def asked_in_order(self, guild_id: int) -> tuple[tuple[str, date], ...]:
        """Return a server's daily questions with their study dates, oldest first.

        Without those that nobody saw, because their message was never sent.
        """
        return await self._read(
            lambda connection: tuple(
                (row["question_id"], date.fromisoformat(row["study_date"]))
                for row in connection.execute(
                    "SELECT question_id, study_date FROM posts"
                    " WHERE guild_id = ? AND kind = 'daily'"
                    " AND (message_id IS NOT NULL OR closed_at IS NULL)"
                    " ORDER BY study_date, id",
                    (guild_id,),
                )
            )
        )

    async def open_question_ids(self, guild_id: int) -> frozenset[str]:
        """Return the questions of a server's challenges and contests that are not closed."""
        return await self._read(
            lambda connection: frozenset(
                row["question_id"]
                for row in connection.execute(
                    "SELECT question_id FROM posts"
                    " WHERE kind = 'daily' AND closed_at IS NULL AND guild_id = ?1"
                    " UNION SELECT question_id FROM posts"
                    " WHERE contest_id IS NOT NULL AND closed_at IS NULL AND guild_id = ?1",
                    (guild_id,),
                )
            )
        )

    async def _one_post(self, sql: str, *values: object) -> Post | None:
        posts = await self._all_posts(sql, *values)
        return posts[0] if posts else None

    async def _all_posts(self, sql: str, *values: object) -> tuple[Post, ...]:
        return await self._read(
            lambda connection: tuple(post_of(row) for row in connection.execute(sql, values))
        )
