"""The real store without its threads, so that a seed gives one and the same year.

Reads and writes run where they are asked for, each in a transaction of its own as always, and give
others a turn before and after. tests/store holds the threads.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from bot.store.store import Store

T = TypeVar("T")


class InlineStore(Store):
    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        assert self._readers is not None
        await asyncio.sleep(0)
        result = self._readers._read(work)
        await asyncio.sleep(0)
        return result

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        assert self._writer is not None
        connection = self._writer._connection
        await asyncio.sleep(0)
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        await asyncio.sleep(0)
        return result
