"""A few threads that read, each on its own connection, so that no reader waits for the writer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.file import open_to_read

T = TypeVar("T")

READERS = 3


class Readers:
    """Runs reads of the database at ``path``, which exists and is up to date."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._opened: list[Database] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` on one consistent state of the database and return its result.

        Raises:
            StoreError: the store is closed, or SQLite refused to read.
        """
        loop = asyncio.get_running_loop()
        try:
            reading = loop.run_in_executor(self._threads, self._read, work)
        except RuntimeError:
            raise StoreError("The database is closed already.") from None
        return await reading

    def close(self) -> None:
        """Let running reads end, then close the connections. Blocks."""
        self._threads.shutdown()
        while self._opened:
            self._opened.pop().close()

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection()
        try:
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StoreError(f"The database could not be read: {error}") from error

    def _connection(self) -> sqlite3.Connection:
        database: Database | None = getattr(self._own, "database", None)
        if database is None:
            database = open_to_read(self._path)
            self._opened.append(database)
            self._own.database = database
        connection: sqlite3.Connection = database.conn
        return connection
