"""What only real processes show: one bot to a database, and what a kill leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.backup import restore
from bot.store.store import Store
from tests.store.samples import KEY, NOW, open_post, rows

ROOT = Path(__file__).parents[2]
HOLD = """
import asyncio, sys
from pathlib import Path
from bot.store.store import Store
async def hold():
    async with Store(Path(sys.argv[1])):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(hold())
"""
ANSWER = """
import asyncio, sys
from pathlib import Path
from bot.store.store import Store
from tests.store.samples import KEY, NOW
async def answer(store, member_id):
    recorded = await store.record_answer(1, member_id=member_id, place=KEY, at=NOW)
    if recorded.is_new:
        print(member_id, flush=True)
async def run():
    first = int(sys.argv[2])
    async with Store(Path(sys.argv[1])) as store:
        while True:
            await asyncio.gather(*(answer(store, first + number) for number in range(7)))
            first += 7
asyncio.run(run())
"""


@contextmanager
def python(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()


async def test_a_second_bot_is_refused_while_the_first_one_lives(path):
    with python(HOLD, path) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(
            StoreError, match=r"already in use by another study bot\. Stop that one"
        ):
            await Store.open(path)
        async with Store(path, read_only=True) as reader:
            assert await reader.get_meta("key") is None
        holder.stdin.close()
        assert holder.wait(20) == 0
    async with Store(path) as store:
        await store.set_meta("key", "mine now")


async def test_a_killed_bot_holds_nothing(path):
    with python(HOLD, path) as holder:
        assert holder.stdout.readline() == "open\n"
        holder.send_signal(signal.SIGKILL)
        assert holder.wait(20) == -signal.SIGKILL
        async with Store(path) as store:
            await store.set_meta("key", "mine now")


async def test_two_stores_in_one_process_are_refused_too(path, store):
    with pytest.raises(StoreError, match="already in use"):
        await Store.open(path)
    await store.set_meta("key", "still works")


async def test_a_backup_is_not_put_back_under_a_running_bot(path, tmp_path):
    backup = tmp_path / "backup.db"
    async with Store(backup):
        pass
    with python(HOLD, path) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="already in use"):
            restore(backup, path)


async def test_what_was_acknowledged_survives_a_kill(path):
    async with Store(path) as store:
        await open_post(store)
    told: list[int] = []
    for number in range(5):
        with python(ANSWER, path, 1 + 1_000_000 * number) as bot:
            told += [int(bot.stdout.readline()) for _ in range(10 + 17 * number)]
            bot.send_signal(signal.SIGKILL)
            # What it still managed to say before it died counts as well.
            rest = bot.stdout.read().split("\n")
            told += [int(line) for line in rest[:-1]]
            bot.wait(20)
    assert len(told) > 200
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    async with Store(path) as store:
        assert await store.answer_count(1) >= len(told)
        for member_id in told:
            answer = await store.answer_of(1, member_id)
            assert answer is not None, f"member {member_id} was told and is not there"
            assert (answer.place, answer.answered_at) == (KEY, NOW)
        assert not (await store.record_answer(1, member_id=told[0], place=0, at=NOW)).is_new
