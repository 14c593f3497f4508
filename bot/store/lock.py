"""One bot to a database: a lock that dies with its process.

SQLite's own locking does it, on an empty file beside the database: the holder keeps an exclusive
transaction open there. That works on every system Python runs on, and the kernel lets go of it
when the process ends, however it ends. The file itself stays; it means nothing by itself.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.errors import StoreError


class Lock:
    """The right to write to the database at ``path``. Taken by the constructor."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            StoreError: another process has it, or the folder cannot be written to.
        """
        side = path.with_name(f"{path.name}.lock")
        try:
            self._connection = sqlite3.connect(
                side, timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise StoreError(_cannot_write(side)) from error
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise StoreError(
                    f"{path} is already in use by another study bot. Stop that one first, or set "
                    "STUDY_BOT_DB to another file for this one."
                ) from None
            raise StoreError(_cannot_write(side)) from error

    def release(self) -> None:
        """Let go; a second time does nothing."""
        self._connection.close()


def _cannot_write(side: Path) -> str:
    return (
        f"The file {side} cannot be written. Give the user that runs the bot the right to write "
        f"in {side.parent}, or set STUDY_BOT_DB to a file elsewhere."
    )
