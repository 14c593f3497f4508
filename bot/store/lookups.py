"""What members looked up, for their own completion, and what a server's members found no answer to.

The first is a member's own and goes with them. The second names no member: its text comes in
without mentions, links, addresses and long numbers (bot/core/privacy.py).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.core.kept import Missed
from bot.core.team import REQUEST_LASTS
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.settings import ensure_server

QUESTIONS_KEPT = 25
"""As many as Discord shows choices in a completion."""
MISSED_KEPT = timedelta(days=30)
ROUNDS_KEPT = timedelta(days=2)
"""Longer than a round may last, so that no board moves."""


class Lookups(Access):
    """Questions that were asked."""

    async def record_question(
        self, member_id: int, question: str, entry_id: str | None, at: datetime
    ) -> None:
        """Keep a member's question as their newest, with the entry that answered, if any.

        Only the newest ``QUESTIONS_KEPT`` stay; the same text is kept once.
        """
        asked_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM lookups WHERE member_id = ? AND question = ?", (member_id, question)
            )
            connection.execute(
                "INSERT INTO lookups (member_id, question, entry_id, asked_at) VALUES (?, ?, ?, ?)",
                (member_id, question, entry_id, asked_at),
            )
            connection.execute(
                "DELETE FROM lookups WHERE member_id = :member_id AND id NOT IN (SELECT id FROM"
                " lookups WHERE member_id = :member_id ORDER BY id DESC LIMIT :kept)",
                {"member_id": member_id, "kept": QUESTIONS_KEPT},
            )

        await self._write(work)

    async def recent_questions(self, member_id: int, limit: int) -> tuple[str, ...]:
        """Return what a member asked last, newest first, each text once."""
        return await self._read(
            lambda connection: tuple(
                row["question"]
                for row in connection.execute(
                    "SELECT question FROM lookups WHERE member_id = ? ORDER BY id DESC LIMIT ?",
                    (member_id, limit),
                )
            )
        )

    async def record_missed(self, guild_id: int, text: str, at: datetime) -> None:
        """Count a question that found no answer in a server; ``text`` is without personal data."""
        last_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            ensure_server(connection, guild_id)
            connection.execute(
                "INSERT INTO missed (guild_id, text, count, last_at) VALUES (?, ?, 1, ?)"
                " ON CONFLICT (guild_id, text) DO UPDATE"
                " SET count = count + 1, last_at = max(last_at, excluded.last_at)",
                (guild_id, text, last_at),
            )

        await self._write(work)

    async def missed(self, guild_id: int | None, since: datetime) -> tuple[Missed, ...]:
        """Return what found no answer since then in a server, or with None in any.

        Most often asked first, then newest, then by text and server.
        """
        values = {"guild_id": guild_id, "since": to_text(since)}
        return await self._read(
            lambda connection: tuple(
                Missed(row["text"], row["count"], from_text(row["last_at"]), row["guild_id"])
                for row in connection.execute(
                    "SELECT * FROM missed WHERE last_at >= :since"
                    " AND (:guild_id IS NULL OR guild_id = :guild_id)"
                    " ORDER BY count DESC, last_at DESC, text, guild_id",
                    values,
                )
            )
        )

    async def purge(self, now: datetime) -> int:
        """Delete what is kept for a while only; return how many rows.

        Texts that nobody has missed for ``MISSED_KEPT``, and quiz questions that were left
        unanswered for ``ROUNDS_KEPT``, with rounds that are empty then; requests and invitations
        to a team that nobody answered for ``REQUEST_LASTS``.
        """
        before = to_text(now - MISSED_KEPT)
        asked_before = to_text(now - REQUEST_LASTS)
        day = (now - ROUNDS_KEPT).date().isoformat()

        def work(connection: sqlite3.Connection) -> int:
            gone = connection.execute("DELETE FROM missed WHERE last_at < ?", (before,)).rowcount
            gone += connection.execute(
                "DELETE FROM posts WHERE kind = 'quiz' AND closed_at IS NULL AND study_date < ?",
                (day,),
            ).rowcount
            gone += connection.execute(
                "DELETE FROM rounds WHERE study_date < ?"
                " AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.round_id = rounds.id)",
                (day,),
            ).rowcount
            gone += connection.execute(
                "DELETE FROM team_requests WHERE asked_at <= ?", (asked_before,)
            ).rowcount
            return gone

        return await self._write(work)
