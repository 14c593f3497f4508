"""Settings that a manager looks at before saving them, so that "Save" works after a restart."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from bot.core.daily import Challenge
from bot.store.access import Access
from bot.store.challenges import challenge_of, settings_row
from bot.store.moment import to_text
from bot.store.settings import ensure_server

KEPT = timedelta(days=1)
"""Longer than Discord lets anybody press a button of a private message."""


class Drafts(Access):
    """Challenges as somebody would have them, with the version that they were made from."""

    async def save_draft(self, challenge: Challenge, at: datetime) -> int:
        """Keep settings until they are saved or given up; return the draft's id.

        A challenge that is not there yet has the id 0 and the version 0.
        """
        drafted_at, oldest = to_text(at), to_text(at - KEPT)
        settings = json.dumps(
            {
                **settings_row(
                    at=challenge.at,
                    zone=challenge.zone,
                    reveal_at=challenge.reveal_at,
                    days=challenge.days,
                    catch_up=challenge.catch_up,
                ),
                "id": challenge.id,
                "channel_id": challenge.channel_id,
                "topic": challenge.topic,
                "exam": challenge.exam,
                "role_id": challenge.role_id,
                "has_thread": challenge.has_thread,
                "has_winners": challenge.has_winners,
                "is_on": challenge.is_on,
                "is_paused": challenge.is_paused,
                "since": challenge.since.isoformat(),
                "version": challenge.version,
            }
        )

        def work(connection: sqlite3.Connection) -> int:
            ensure_server(connection, challenge.guild_id)
            connection.execute("DELETE FROM drafts WHERE drafted_at < ?", (oldest,))
            draft_id = connection.execute(
                "INSERT INTO drafts (guild_id, settings, drafted_at) VALUES (?, ?, ?)",
                (challenge.guild_id, settings, drafted_at),
            ).lastrowid
            assert draft_id is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
            return draft_id

        return await self._write(work)

    async def draft(self, draft_id: int, guild_id: int) -> Challenge | None:
        """Return a server's draft; None when it was saved, given up, or is another server's."""

        def work(connection: sqlite3.Connection) -> Challenge | None:
            row = connection.execute(
                "SELECT settings FROM drafts WHERE id = ? AND guild_id = ?", (draft_id, guild_id)
            ).fetchone()
            if row is None:
                return None
            settings = json.loads(row["settings"])
            settings.setdefault("has_winners", True)  # a draft from before that could be chosen
            return challenge_of({**settings, "guild_id": guild_id, "accounted_on": None})

        return await self._read(work)

    async def drop_draft(self, draft_id: int) -> None:
        """Let a draft go; a second time does nothing."""
        await self._write(
            lambda connection: (
                connection.execute("DELETE FROM drafts WHERE id = ?", (draft_id,)).rowcount
            )
        )
