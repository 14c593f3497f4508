"""What each part of the store stands on: a way to read and a way to write.

``work`` gets the connection and stays synchronous; it must not keep the connection or a cursor.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from asyncio import Future
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Access(ABC):
    """Base of the parts; ``Store`` fills it in."""

    @abstractmethod
    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` on one consistent state of the database."""

    @abstractmethod
    def _write(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run ``work`` in a transaction, undone when it raises; done once it is on the disk.

        It runs whether or not the future is awaited.
        """
