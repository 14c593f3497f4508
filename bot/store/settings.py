"""Servers and their zones, and the bot's own small notes."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import to_text

DEFAULT_ZONE = "UTC"


class Settings(Access):
    """What the bot knows about a server, and notes by key."""

    async def zone(self, guild_id: int) -> str:
        """Return the IANA name of the zone that defines a server's study date; UTC until set."""
        return await self._read(lambda connection: zone_of(connection, guild_id))

    async def record_server(self, guild_id: int, at: datetime) -> None:
        """Note that the bot was added to a server; the first time stays when it was there."""
        joined_at = to_text(at)
        await self._write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO servers (guild_id, joined_at) VALUES (?, ?) ON CONFLICT (guild_id)"
                    " DO UPDATE SET left_at = NULL, joined_at = CASE"
                    " WHEN joined_at IS NULL OR left_at IS NOT NULL THEN excluded.joined_at"
                    " ELSE joined_at END",
                    (guild_id, joined_at),
                ).rowcount
            )
        )

    async def record_server_left(self, guild_id: int, at: datetime) -> None:
        """Note that a server let the bot go. What is kept about it stays."""
        left_at = to_text(at)
        await self._write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO servers (guild_id, left_at) VALUES (?, ?)"
                    " ON CONFLICT (guild_id) DO UPDATE SET left_at = excluded.left_at",
                    (guild_id, left_at),
                ).rowcount
            )
        )

    async def get_meta(self, key: str) -> str | None:
        """Return a note; None when there is none."""

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            return None if row is None else str(row["value"])

        return await self._read(work)

    async def set_meta(self, key: str, value: str) -> None:
        """Write a note over what was there."""
        await self._write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO meta (key, value) VALUES (?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key, value),
                ).rowcount
            )
        )


def zone_of(connection: sqlite3.Connection, guild_id: int | None) -> str:
    """Return a server's zone; UTC for one without, and outside of servers."""
    row = connection.execute("SELECT zone FROM servers WHERE guild_id = ?", (guild_id,)).fetchone()
    return DEFAULT_ZONE if row is None else str(row["zone"])


def put_zone(connection: sqlite3.Connection, guild_id: int, zone: str) -> None:
    """Set a server's zone, making its row when it has none."""
    connection.execute(
        "INSERT INTO servers (guild_id, zone) VALUES (?, ?)"
        " ON CONFLICT (guild_id) DO UPDATE SET zone = excluded.zone",
        (guild_id, zone),
    )


def require_zone(zone: str) -> None:
    """Refuse a name that would break every later look at the calendar.

    Raises:
        UserError: there is no zone of that name.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(
            f"I know no time zone “{zone[:40]}”. Use an IANA name such as Europe/Zurich."
        ) from None


def ensure_server(connection: sqlite3.Connection, guild_id: int | None) -> None:
    """Make a server's row when it has none, for other rows to refer to."""
    if guild_id is not None:
        connection.execute("INSERT OR IGNORE INTO servers (guild_id) VALUES (?)", (guild_id,))
