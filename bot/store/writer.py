"""The one thread that writes: jobs wait in a queue and share commits.

A commit must reach the disk before anybody is told, and the disk is the slow part. So the thread
takes all jobs that are waiting into one transaction: the more members press at once, the more
share one trip to the disk. Each job has its own savepoint, so one that fails undoes only itself.
Results go out after the commit, never before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlite_utils import Database

from bot.errors import StoreError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

GROUP = 256
"""Most jobs to a commit, so that the first of them does not wait for long."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    waiter: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Owns ``database`` from the construction to the end of ``close``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection = database.conn
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._is_open = True
        # A daemon: whoever forgets to close loses jobs that nobody was told about, and can exit.
        self._thread = threading.Thread(target=self._drain, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Jobs that are not taken up yet, roughly."""
        return self._jobs.qsize()

    def run(self, work: Work[T]) -> asyncio.Future[T]:
        """Run ``work`` in the writer's transaction; the future has its result once it is committed.

        Once called, it runs even when the caller is cancelled. The future raises StoreError when
        SQLite refused the job or the commit, and what ``work`` raised, after its own changes were
        undone.

        Raises:
            StoreError: the writer is closed.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop)
        with self._gate:
            if not self._is_open:
                raise StoreError("The database is closed already; nothing was written.")
            self._jobs.put(job)
        return job.waiter

    def close(self) -> None:
        """Run what is waiting, then fold the log into the file and close it. Blocks."""
        with self._gate:
            if self._is_open:
                self._is_open = False
                self._jobs.put(None)
        self._thread.join()

    # ------------------------------------------------------------------ in the thread

    def _drain(self) -> None:
        try:
            is_open = True
            while is_open:
                group = [self._jobs.get()]
                with contextlib.suppress(queue.Empty):
                    while group[-1] is not None and len(group) < GROUP:
                        group.append(self._jobs.get_nowait())
                jobs = [job for job in group if job is not None]
                is_open = len(jobs) == len(group)
                if jobs:
                    self._commit(jobs)
                    _deliver(jobs)
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._database.close()

    def _commit(self, jobs: list[_Job]) -> None:
        """Run all jobs in one transaction and fill in their outcomes; raises nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._run(job, alone=len(jobs) == 1)
                if not self._connection.in_transaction:  # a full disk rolls all of it back
                    raise job.error or StoreError("A job ended the transaction.")
            self._connection.execute("COMMIT")
        except BaseException as error:
            _log.error("The database refused %d writes: %s", len(jobs), error)
            with contextlib.suppress(sqlite3.Error):
                self._database.rollback()
            for job in jobs:
                job.error = StoreError(f"The database refused a write, nothing was kept: {error}")
                job.error.__cause__ = error

    def _run(self, job: _Job, *, alone: bool) -> None:
        """Run a job so that its failure undoes only its own; ``alone`` that is everything."""
        if not alone:
            self._connection.execute("SAVEPOINT job")
        try:
            job.result = job.work(self._connection)
        except BaseException as error:
            job.error = error
            if isinstance(error, sqlite3.Error):
                job.error = StoreError(f"The database refused a write: {error}")
                job.error.__cause__ = error
            if not self._connection.in_transaction:
                return
            if alone:
                self._connection.execute("ROLLBACK")
                self._connection.execute("BEGIN")
                return
            self._connection.execute("ROLLBACK TO job")
        if not alone:
            self._connection.execute("RELEASE job")


def _deliver(jobs: list[_Job]) -> None:
    """Hand the outcomes over, with one wake-up a loop however many there are."""
    for loop in {job.loop for job in jobs}:
        own = [job for job in jobs if job.loop is loop]
        with contextlib.suppress(RuntimeError):  # it is closed, so nobody waits
            loop.call_soon_threadsafe(_settle, own)


def _settle(jobs: list[_Job]) -> None:
    """Hand the outcomes over, in the waiters' loop; some may not be waiting any more."""
    for job in jobs:
        waiter = job.waiter
        if waiter.done():
            continue
        if job.error is not None:
            waiter.set_exception(job.error)
        else:
            waiter.set_result(job.result)
