"""The threads under daily posts: made once, told the explanation once."""

from __future__ import annotations

from datetime import datetime

from bot.core.post import Post
from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.rows import post_of, require_change


class Threads(Access):
    """What is known of the threads."""

    async def posts_wanting_threads(self) -> tuple[Post, ...]:
        """Return the daily posts whose thread is to be made or told the answer, oldest first.

        One that is closed and has no thread gets none any more, so it is not among them.
        """
        return await self._read(
            lambda connection: tuple(
                post_of(row)
                for row in connection.execute(
                    "SELECT * FROM posts INDEXED BY posts_unthreaded"
                    " WHERE has_thread = 1 AND message_id IS NOT NULL AND explained_at IS NULL"
                    " AND CASE WHEN thread_id IS NULL THEN closed_at IS NULL"
                    " ELSE revealed_at IS NOT NULL END ORDER BY id"
                )
            )
        )

    async def record_thread(self, post_id: int, thread_id: int) -> None:
        """Note a post's thread.

        Raises:
            StoreError: there is no post with that id.
        """
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE posts SET thread_id = ? WHERE id = ?", (thread_id, post_id)
                ),
                f"post {post_id}",
            )
        )

    async def record_explanation(self, post_id: int, at: datetime) -> None:
        """Note that a post's thread has the explanation, or is not there any more.

        Raises:
            StoreError: there is no post with that id.
        """
        explained_at = to_text(at)
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE posts SET explained_at = coalesce(explained_at, ?) WHERE id = ?",
                    (explained_at, post_id),
                ),
                f"post {post_id}",
            )
        )
