"""The store: one object over all parts, and the order in which it opens and closes.

One thread writes (bot/store/writer.py), a few read (bot/store/readers.py), one process at a time
may write (bot/store/lock.py). Each part is a mixin with the SQL of one noun; what it returns are
values of bot/core.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from bot.errors import StoreError
from bot.store.answers import Answers
from bot.store.audit import Audit
from bot.store.boards import Boards
from bot.store.ceremonies import Ceremonies
from bot.store.challenges import Challenges
from bot.store.champions import Champions
from bot.store.contests import Contests
from bot.store.doubts import Doubts
from bot.store.drafts import Drafts
from bot.store.duel_outages import DuelOutages
from bot.store.duels import Duels
from bot.store.file import open_to_read, open_to_write, prepare_folder, schema_step
from bot.store.final_standings import FinalStandings
from bot.store.honours import Honours
from bot.store.lock import Lock
from bot.store.lookups import Lookups
from bot.store.match_rounds import MatchRounds
from bot.store.matches import Matches
from bot.store.meetings import Meetings
from bot.store.members import Members
from bot.store.posts import Posts
from bot.store.purging import Purging
from bot.store.ratings import Ratings
from bot.store.readers import Readers
from bot.store.rebuilding import Rebuilding
from bot.store.reminders import Reminders
from bot.store.rounds import Rounds
from bot.store.scores import Scores
from bot.store.seasons import Seasons
from bot.store.settings import Settings
from bot.store.settling import Settling
from bot.store.streaks import Streaks
from bot.store.team_boards import TeamBoards
from bot.store.team_entry import TeamEntry
from bot.store.team_matches import TeamMatches
from bot.store.teams import Teams
from bot.store.threads import Threads
from bot.store.visibility import Visibility
from bot.store.writer import Writer

T = TypeVar("T")


class Store(
    Settings,
    Challenges,
    Drafts,
    Audit,
    Posts,
    Threads,
    Doubts,
    Answers,
    Settling,
    Rounds,
    Contests,
    Duels,
    DuelOutages,
    Meetings,
    Ratings,
    Matches,
    MatchRounds,
    Boards,
    Scores,
    Streaks,
    Rebuilding,
    Visibility,
    Honours,
    Teams,
    TeamEntry,
    TeamBoards,
    TeamMatches,
    Seasons,
    FinalStandings,
    Ceremonies,
    Champions,
    Reminders,
    Lookups,
    Members,
    Purging,
):
    """The database at ``path``. Use as ``async with Store(path) as store``.

    ``read_only`` opens it beside a running bot; every write is then refused.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        # One name for one file, or the lock beside it would be another.
        self.path = path.resolve()
        self.read_only = read_only
        self._asked = {}
        self._lock: Lock | None = None
        self._writer: Writer | None = None
        self._readers: Readers | None = None

    @classmethod
    async def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Return an open store; the caller closes it.

        Raises:
            StoreError: it cannot be opened; the text says why and what to do.
        """
        store = cls(path, read_only=read_only)
        await asyncio.to_thread(store._open)
        return store

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._open)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Finish every write that was asked for, then close; a second time does nothing.

        Cancelling the caller does not stop it half-way.
        """
        await asyncio.shield(asyncio.to_thread(self._close))

    @property
    def queue_length(self) -> int:
        """How many writes wait to be taken up."""
        return self._writer.waiting if self._writer is not None else 0

    async def versions(self) -> dict[str, str]:
        """Return the versions of SQLite and of the tables."""
        return await self._read(
            lambda connection: {
                "SQLite": sqlite3.sqlite_version,
                "schema": schema_step(connection),
            }
        )

    def _open(self) -> None:
        if self.read_only:
            open_to_read(self.path).close()
        else:
            prepare_folder(self.path)
            self._lock = Lock(self.path)
            try:
                self._writer = Writer(open_to_write(self.path))
            except BaseException:
                self._lock.release()
                raise
        self._readers = Readers(self.path)

    def _close(self) -> None:
        # Readers first: the connection that closes last tidies the write-ahead log away.
        if self._readers is not None:
            self._readers.close()
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._lock.release()

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._readers is None:
            raise StoreError("The database is not open.")
        return await self._readers.run(work)

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        if self._writer is None:
            raise StoreError("The database was opened for reading; nothing can be written.")
        return self._writer.run(work)
