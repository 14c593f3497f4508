"""Forgetting a server that let the bot go.

Which tables hold a server's rows is read from the tables themselves, by a column ``guild_id`` or
by what they refer to, so that a new table is not forgotten here.
"""

# ruff: noqa: S608 - only names from the database's own schema are joined into SQL
from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from bot.store.access import Access
from bot.store.moment import to_text

SERVERS_KEPT = timedelta(days=30)
"""After the bot was removed; whoever invites it again in time finds everything."""
PORTION = 2000
"""Rows to a write, so that nobody waits long behind it."""


class Purging(Access):
    """Servers that are gone."""

    async def note_servers(self, present: Collection[int], at: datetime) -> int:
        """Note which servers let the bot go, or took it back, while it was not there to hear.

        Return how many changed.
        """
        moment = to_text(at)
        here = set(present)

        def work(connection: sqlite3.Connection) -> int:
            changed = 0
            for row in connection.execute("SELECT guild_id, left_at FROM servers").fetchall():
                is_in = row["guild_id"] in here
                if is_in == (row["left_at"] is None):
                    continue
                connection.execute(
                    "UPDATE servers SET left_at = ? WHERE guild_id = ?",
                    (None if is_in else moment, row["guild_id"]),
                )
                changed += 1
            return changed

        return await self._write(work)

    async def purge_servers(self, now: datetime) -> int:
        """Delete all that is kept of servers which let the bot go long enough ago.

        Return how many. In portions; a server that comes back in between keeps what is left.
        """
        before = to_text(now - SERVERS_KEPT)

        def due(connection: sqlite3.Connection) -> list[int]:
            return [
                int(row["guild_id"])
                for row in connection.execute(
                    "SELECT guild_id FROM servers WHERE left_at <= ?", (before,)
                )
            ]

        found = await self._read(due)
        for guild_id in found:
            while await self._write(partial(_purge_some, guild_id=guild_id, before=before)):
                pass
        return len(found)


def _purge_some(connection: sqlite3.Connection, guild_id: int, before: str) -> bool:
    """Delete a portion of what is kept of a server; False when nothing is left of it."""
    row = connection.execute(
        "SELECT 1 FROM servers WHERE guild_id = ? AND left_at <= ?", (guild_id, before)
    ).fetchone()
    if row is None:
        return False
    parents = _parents(connection)
    own = {table for table in parents if "guild_id" in _columns(connection, table)}
    for table in _children_first(parents):
        if table not in own:
            continue
        keys = _columns(connection, table, only_keys=True)
        rows = connection.execute(
            f"SELECT {', '.join(keys)} FROM {table} WHERE guild_id = ? LIMIT ?",
            (guild_id, PORTION),
        ).fetchall()
        if not rows:
            continue
        children = [
            (child, column)
            for child in parents
            for column, parent in parents[child]
            if parent == table and child not in own
        ]
        condition = " AND ".join(f"{key} = ?" for key in keys)
        left = PORTION
        for row in rows:
            for child, column in children:
                left -= _delete(connection, child, column, row[0], left)
            if left <= 0:
                break
            left -= connection.execute(
                f"DELETE FROM {table} WHERE {condition}", tuple(row)
            ).rowcount
        return True
    return False


def _delete(connection: sqlite3.Connection, table: str, column: str, value: int, most: int) -> int:
    """Delete up to ``most`` rows that refer to ``value``; return how many."""
    keys = ", ".join(_columns(connection, table, only_keys=True))
    return connection.execute(
        f"DELETE FROM {table} WHERE ({keys}) IN"
        f" (SELECT {keys} FROM {table} WHERE {column} = ? LIMIT ?)",
        (value, max(0, most)),
    ).rowcount


def _parents(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Return, by table, the columns that refer to a row of another table, with that table."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        row["name"]: [
            (key["from"], key["table"])
            for key in connection.execute(f"PRAGMA foreign_key_list({row['name']})")
        ]
        for row in tables
    }


def _columns(connection: sqlite3.Connection, table: str, *, only_keys: bool = False) -> list[str]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    if only_keys:
        columns = sorted((row for row in columns if row["pk"]), key=lambda row: int(row["pk"]))
    return [row["name"] for row in columns]


def _children_first(parents: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the tables so that each comes before those that it refers to."""
    order: list[str] = []

    def place(table: str) -> None:
        if table not in order:
            for _, parent in parents[table]:
                place(parent)
            order.append(table)

    for table in parents:
        place(table)
    return order[::-1]
