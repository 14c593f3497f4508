from __future__ import annotations

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import StoreError, UserError
from bot.store.store import Store
from bot.store.writer import GROUP
from tests.store.samples import rows


def put(key: str, value: str = "x"):
    def work(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))
        return key

    return work


class Gate:
    """A job that keeps the writer busy until the test opens it, so that others pile up."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _: sqlite3.Connection) -> None:
        self.reached.set()
        assert self.opened.wait(10)


async def pile_up(store: Store) -> tuple[Gate, asyncio.Future[None]]:
    gate = Gate()
    task = store._write(gate)
    await asyncio.to_thread(gate.reached.wait, 10)
    return gate, task


async def begin(*jobs) -> list[asyncio.Future]:
    tasks = [asyncio.ensure_future(job) for job in jobs]
    await asyncio.sleep(0)
    return tasks


async def test_what_waits_shares_a_commit(store, path):
    gate, first = await pile_up(store)
    commits = []
    store._writer._connection.set_trace_callback(
        lambda statement: commits.append(statement) if statement == "COMMIT" else None
    )
    tasks = await begin(*(store._write(put(str(number))) for number in range(GROUP + 10)))
    assert store.queue_length == GROUP + 10
    gate.opened.set()
    await first
    assert await asyncio.gather(*tasks) == [str(number) for number in range(GROUP + 10)]
    assert store.queue_length == 0
    assert len(commits) == 3  # the gate's, a full group, the rest
    assert rows(path, "SELECT count(*) FROM meta") == [(GROUP + 10,)]


async def test_a_job_that_fails_undoes_only_itself(store, path):
    def half(connection: sqlite3.Connection) -> None:
        put("half")(connection)
        raise UserError("not like that")

    gate, first = await pile_up(store)
    tasks = await begin(
        store._write(put("before")),
        store._write(half),
        store._write(put("before")),
        store._write(put("after")),
    )
    gate.opened.set()
    await first
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[0] == "before"
    assert isinstance(outcomes[1], UserError)
    assert str(outcomes[1]) == "not like that"
    assert isinstance(outcomes[2], StoreError)
    assert isinstance(outcomes[2].__cause__, sqlite3.IntegrityError)
    assert outcomes[3] == "after"
    assert rows(path, "SELECT key FROM meta ORDER BY key") == [("after",), ("before",)]


async def test_a_commit_that_fails_fails_every_job_of_its_group(store, path):
    def dangling(connection: sqlite3.Connection) -> None:
        # Deferred, so that SQLite finds out only at the commit.
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO former_answers VALUES (12345, 0, 1)")

    def refused(_: sqlite3.Connection) -> None:
        raise UserError("decided on what was undone")

    gate, first = await pile_up(store)
    tasks = await begin(store._write(put("lost")), store._write(dangling), store._write(refused))
    gate.opened.set()
    await first
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreError] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert "nothing was kept" in str(outcomes[0])
    assert rows(path, "SELECT count(*) FROM meta") == [(0,)]
    await store.set_meta("works", "again")
    assert await store.get_meta("works") == "again"


async def test_a_job_that_ends_the_transaction_takes_its_group_down_and_no_more(store, path):
    def roll_back(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")  # as SQLite does by itself on a full disk

    gate, first = await pile_up(store)
    tasks = await begin(
        store._write(put("lost")), store._write(roll_back), store._write(put("lost too"))
    )
    gate.opened.set()
    await first
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreError] * 3
    assert rows(path, "SELECT count(*) FROM meta") == [(0,)]
    await store.set_meta("works", "again")


async def test_a_job_runs_although_its_waiter_was_cancelled(store, path):
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    gate, first = await pile_up(store)
    cancelled, kept = await begin(store._write(put("cancelled")), store._write(put("kept")))
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    gate.opened.set()
    await first
    assert await kept == "kept"
    assert rows(path, "SELECT key FROM meta ORDER BY key") == [("cancelled",), ("kept",)]
    assert complaints == []


def test_a_waiters_loop_may_be_gone(path: Path):
    gate = Gate()
    store = Store(path)

    async def leave() -> None:
        await store.__aenter__()
        await begin(store._write(gate), store._write(put("orphan")))
        await asyncio.to_thread(gate.reached.wait, 10)

    asyncio.run(leave())
    gate.opened.set()
    asyncio.run(store.close())
    assert rows(path, "SELECT key FROM meta") == [("orphan",)]


async def test_closing_finishes_what_was_asked_for(path):
    store = await Store.open(path)
    gate, first = await pile_up(store)
    tasks = await begin(*(store._write(put(str(number))) for number in range(20)))
    closing = asyncio.create_task(store.close())
    gate.opened.set()
    await closing
    await first
    assert len(await asyncio.gather(*tasks)) == 20
    assert rows(path, "SELECT count(*) FROM meta") == [(20,)]


async def test_closing_goes_on_when_its_caller_is_cancelled(path):
    store = await Store.open(path)
    await store.set_meta("kept", "x")
    busy = threading.Event()
    threads = ThreadPoolExecutor(1)
    threads.submit(busy.wait, 10)
    asyncio.get_running_loop().set_default_executor(threads)  # so that closing has to queue
    (closing,) = await begin(store.close())
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    busy.set()
    await asyncio.to_thread(len, "after closing, which was first in the queue")
    async with Store(path) as again:
        assert await again.get_meta("kept") == "x"


async def test_a_closed_store_says_so(path):
    store = await Store.open(path)
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.set_meta("key", "value")
    with pytest.raises(StoreError, match="closed"):
        await store.get_meta("key")
    assert store.queue_length == 0


async def test_a_store_that_was_never_opened_says_so(path):
    store = Store(path)
    with pytest.raises(StoreError, match="not open"):
        await store.get_meta("key")
    await store.close()


async def test_reads_do_not_wait_for_the_writer(store):
    await store.set_meta("key", "old")
    gate, first = await pile_up(store)
    (later,) = await begin(store.set_meta("key", "new"))
    assert await store.get_meta("key") == "old"
    gate.opened.set()
    await asyncio.gather(first, later)
    assert await store.get_meta("key") == "new"


async def test_a_read_sees_one_state_from_beginning_to_end(store):
    entered, go_on = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        def count() -> int:
            return connection.execute("SELECT count(*) FROM meta").fetchone()[0]

        before = count()
        entered.set()
        assert go_on.wait(10)
        return before, count()

    reading = asyncio.create_task(store._read(twice))
    await asyncio.to_thread(entered.wait, 10)
    await store.set_meta("key", "value")
    go_on.set()
    assert await reading == (0, 0)


async def test_a_reader_cannot_write(store):
    with pytest.raises(StoreError, match="readonly"):
        await store._read(put("key"))
    assert await store.get_meta("key") is None


async def test_writing_is_durable_and_keeps_references(store):
    def pragmas(connection: sqlite3.Connection) -> list[object]:
        return [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]

    assert await store._write(pragmas) == ["wal", 2, 1, 1]


async def test_closing_leaves_one_file_and_the_lock(path):
    async with Store(path) as store:
        await store.set_meta("key", "value")
        await store.get_meta("key")
    assert sorted(file.name for file in path.parent.iterdir()) == ["study.db", "study.db.lock"]
