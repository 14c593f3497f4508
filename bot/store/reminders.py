"""Reminders that members asked for: once a challenge, claimed before they are sent."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.core.reminder import REMIND_BEFORE, Reminder
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.settings import ensure_server

CLAIMS_KEPT = timedelta(days=7)


class Reminders(Access):
    """Who wants to be reminded of what."""

    async def remind(self, guild_id: int, member_id: int, at: datetime) -> None:
        """Remind a member from now on."""
        set_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            ensure_server(connection, guild_id)
            connection.execute(
                "INSERT INTO reminders (guild_id, member_id, set_at) VALUES (?, ?, ?)"
                " ON CONFLICT (guild_id, member_id) DO UPDATE SET refused_at = NULL",
                (guild_id, member_id, set_at),
            )

        await self._write(work)

    async def stop_reminding(self, guild_id: int, member_id: int) -> bool:
        """Remind a member no more; return whether they were reminded before."""
        return await self._write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM reminders WHERE guild_id = ? AND member_id = ?",
                    (guild_id, member_id),
                ).rowcount
                == 1
            )
        )

    async def reminds(self, guild_id: int, member_id: int) -> bool | None:
        """Return True when a member is reminded, False when their DMs are closed, None if not."""

        def work(connection: sqlite3.Connection) -> bool | None:
            row = connection.execute(
                "SELECT refused_at FROM reminders WHERE guild_id = ? AND member_id = ?",
                (guild_id, member_id),
            ).fetchone()
            return None if row is None else row["refused_at"] is None

        return await self._read(work)

    async def note_refused(self, guild_id: int, member_id: int, at: datetime) -> None:
        """Note that a member's direct messages are closed; they are tried no more."""
        values = (to_text(at), guild_id, member_id)
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE reminders SET refused_at = ? WHERE guild_id = ? AND member_id = ?",
                    values,
                ).rowcount
            )
        )

    async def due_reminders(self, now: datetime, limit: int) -> tuple[Reminder, ...]:
        """Return who is to be reminded at ``now``, those whose challenge closes first first.

        The challenge closes soon, and their streak goes on only if they answer.
        """
        values = {"now": to_text(now), "soon": to_text(now + REMIND_BEFORE), "limit": limit}
        return await self._read(
            lambda connection: tuple(
                Reminder(
                    post_id=row["id"],
                    guild_id=row["guild_id"],
                    member_id=row["member_id"],
                    channel_id=row["channel_id"],
                    message_id=row["message_id"],
                    closes_at=from_text(row["closes_at"]),
                    days=row["length"],
                )
                for row in connection.execute(_DUE, values)
            )
        )

    async def claim_reminder(self, post_id: int, member_id: int, now: datetime) -> bool:
        """Take it on to remind a member of a post; False when that was done before.

        Old claims go at the same time.
        """
        claimed_at, before = to_text(now), to_text(now - CLAIMS_KEPT)

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM reminded WHERE claimed_at < ?", (before,))
            return (
                connection.execute(
                    "INSERT INTO reminded (post_id, member_id, claimed_at) VALUES (?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    (post_id, member_id, claimed_at),
                ).rowcount
                == 1
            )

        return await self._write(work)


# The day's last chance only: a post that closes when a later one of the same day is open waits.
_DUE = """
    SELECT posts.id, posts.guild_id, posts.channel_id, posts.message_id, posts.closes_at,
        streaks.member_id, streaks.length
    FROM posts INDEXED BY posts_open
    JOIN reminders ON reminders.guild_id = posts.guild_id AND reminders.refused_at IS NULL
    JOIN streaks ON streaks.guild_id = posts.guild_id AND streaks.member_id = reminders.member_id
        AND streaks.length > 0
    WHERE posts.kind = 'daily' AND posts.closed_at IS NULL AND posts.message_id IS NOT NULL
    AND posts.closes_at > :now AND posts.closes_at <= :soon
    AND NOT EXISTS (SELECT 1 FROM posts AS later WHERE later.kind = 'daily'
        AND later.guild_id = posts.guild_id AND later.study_date = posts.study_date
        AND later.closed_at IS NULL AND later.message_id IS NOT NULL
        AND (later.closes_at, later.id) > (posts.closes_at, posts.id))
    AND NOT EXISTS (SELECT 1 FROM posts AS today
        JOIN answers ON answers.post_id = today.id AND answers.member_id = reminders.member_id
        WHERE today.kind = 'daily' AND today.guild_id = posts.guild_id
        AND today.study_date = posts.study_date)
    AND NOT EXISTS (SELECT 1 FROM reminded WHERE reminded.post_id = posts.id
        AND reminded.member_id = reminders.member_id)
    ORDER BY posts.closes_at, posts.id, streaks.member_id LIMIT :limit
"""
