"""Who is shown on boards: everyone but those who hid and those who are known to have left.

Neither touches a point. Their rows stay and are counted on; only the others' view changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.settings import ensure_server
from bot.store.teams import end_in_server
from bot.store.totals import list_again


class Visibility(Access):
    """Being listed or not."""

    async def hide(self, guild_id: int, member_id: int, at: datetime) -> None:
        """Show a member on none of a server's boards."""
        await self._unlist(guild_id, member_id, "hidden", at)

    async def note_back(self, guild_id: int, member_id: int) -> bool:
        """Show a member who was noted as having left and is there; return whether they were."""
        return await self._write(lambda connection: relist(connection, guild_id, member_id, "left"))

    async def show(self, guild_id: int, member_id: int) -> None:
        """Show a member who hid."""
        await self._write(lambda connection: relist(connection, guild_id, member_id, "hidden"))

    async def is_hidden(self, guild_id: int, member_id: int) -> bool:
        """Return whether a member hid from a server's boards."""

        def work(connection: sqlite3.Connection) -> bool:
            return (
                connection.execute(
                    "SELECT 1 FROM unlisted"
                    " WHERE guild_id = ? AND member_id = ? AND reason = 'hidden'",
                    (guild_id, member_id),
                ).fetchone()
                is not None
            )

        return await self._read(work)

    async def note_left(self, guild_id: int, member_id: int, at: datetime) -> None:
        """Take a member who left a server off its boards and out of its teams."""
        await self._unlist(guild_id, member_id, "left", at)

    async def listed(self, guild_id: int, member_ids: Collection[int]) -> frozenset[int]:
        """Return which of these members others may see on boards."""

        def work(connection: sqlite3.Connection) -> frozenset[int]:
            gone = connection.execute(
                "SELECT member_id FROM unlisted WHERE guild_id = ?", (guild_id,)
            )
            return frozenset(member_ids) - {int(row["member_id"]) for row in gone}

        return await self._read(work)

    async def _unlist(self, guild_id: int, member_id: int, reason: str, at: datetime) -> None:
        since = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            ensure_server(connection, guild_id)
            connection.execute(
                "INSERT INTO unlisted (guild_id, member_id, reason, since) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (guild_id, member_id, reason, since),
            )
            list_again(connection, guild_id, member_id)
            if reason == "left":
                end_in_server(connection, guild_id, member_id, at)

        await self._write(work)


def relist(connection: sqlite3.Connection, guild_id: int, member_id: int, reason: str) -> bool:
    """Let a reason for which a member is not listed be over; show them if it was the last.

    Return whether it held until now.
    """
    gone = connection.execute(
        "DELETE FROM unlisted WHERE guild_id = ? AND member_id = ? AND reason = ?",
        (guild_id, member_id, reason),
    ).rowcount
    if gone:
        list_again(connection, guild_id, member_id)
    return gone > 0
