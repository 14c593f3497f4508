from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.backup import backup, restore
from bot.store.store import Store
from tests.store.samples import KEY, NOW, open_post, rows

FIRST = Path(__file__).with_name("first.sql")


async def fill(path: Path, value: str = "value") -> None:
    async with Store(path) as store:
        await store.set_meta("key", value)


def value_in(path: Path) -> str:
    return rows(path, "SELECT value FROM meta WHERE key = 'key'")[0][0]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "backup.db"


async def test_a_backup_of_a_running_bot_is_one_sound_file(path, target):
    async with Store(path) as store:
        await store.set_meta("key", "value")
        await asyncio.to_thread(backup, path, target)
        await store.set_meta("key", "later")
    assert value_in(target) == "value"
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]
    assert rows(target, "PRAGMA journal_mode") == [("delete",)]
    assert names(target.parent) == ["backup.db"]


async def test_a_backup_is_one_state_while_answers_come_in(path, target):
    async with Store(path) as store:
        post = await open_post(store)
        copying = asyncio.create_task(asyncio.to_thread(backup, path, target))
        member_id = 0
        while not copying.done() or member_id < 50:
            member_id += 1
            await store.record_answer(post.id, member_id=member_id, place=KEY, at=NOW)
        await copying
        assert await store.answer_count(post.id) == member_id
    copied = rows(target, "SELECT count(*), max(member_id) FROM answers")
    assert copied[0][0] == (copied[0][1] or 0)
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]


async def test_a_backup_overwrites_nothing(path, target):
    await fill(path)
    target.parent.mkdir()
    target.write_text("precious")
    with pytest.raises(StoreError, match=r"is there already\. Name a new file"):
        backup(path, target)
    assert target.read_text() == "precious"
    with pytest.raises(StoreError, match="is there already"):
        backup(path, target.parent)
    assert names(target.parent) == ["backup.db"]


async def test_a_backup_of_nothing(path, target):
    with pytest.raises(StoreError, match="There is no database"):
        backup(path, target)
    path.write_text("no database at all" * 99)
    with pytest.raises(StoreError, match="not a usable SQLite database"):
        backup(path, target)
    assert not target.exists()


async def test_a_backup_into_a_place_that_cannot_be_written(path, tmp_path):
    await fill(path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        backup(path, tmp_path / "file" / "backup.db")


# ------------------------------------------------------------------------ restore


async def test_a_backup_comes_back_and_what_was_there_is_kept(path, target):
    await fill(path, "old")
    backup(path, target)
    await fill(path, "new")
    assert restore(target, path) == path.with_name("study.db.before-restore-1")
    assert value_in(path.with_name("study.db.before-restore-1")) == "new"
    async with Store(path) as store:
        assert await store.get_meta("key") == "old"
        await store.set_meta("key", "newer")
    assert restore(target, path) == path.with_name("study.db.before-restore-2")
    assert value_in(path.with_name("study.db.before-restore-1")) == "new"
    assert value_in(path.with_name("study.db.before-restore-2")) == "newer"
    assert value_in(path) == "old"
    assert value_in(target) == "old"
    assert names(path.parent) == [
        "copies",
        "study.db",
        "study.db.before-restore-1",
        "study.db.before-restore-2",
        "study.db.lock",
    ]


async def test_a_backup_comes_back_where_there_is_nothing(path, target, tmp_path):
    await fill(path)
    backup(path, target)
    elsewhere = tmp_path / "new" / "study.db"
    assert restore(target, elsewhere) is None
    async with Store(elsewhere) as store:
        assert await store.get_meta("key") == "value"


async def test_the_log_that_a_killed_bot_left_is_not_replayed_into_the_backup(path, target):
    await fill(path, "old")
    backup(path, target)
    async with Store(path) as store:
        await store.set_meta("key", "only in the log")
        left = path.parent / "left"
        left.mkdir()
        for file in path.parent.glob("study.db*"):
            shutil.copy2(file, left)
    crashed = left / "study.db"
    assert (left / "study.db-wal").stat().st_size > 0
    kept = restore(target, crashed)
    assert value_in(crashed) == "old"
    assert value_in(kept) == "only in the log"
    assert names(left) == ["study.db", "study.db.before-restore-1", "study.db.lock"]
    restore(kept, crashed)
    assert value_in(crashed) == "only in the log"


async def test_a_database_that_is_beyond_reading_is_replaced_and_kept(path, target):
    await fill(path)
    backup(path, target)
    path.write_bytes(b"burnt" * 1000)
    path.with_name("study.db-wal").write_bytes(b"ashes")
    kept = restore(target, path)
    assert value_in(path) == "value"
    assert kept.read_bytes() == b"burnt" * 1000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"ashes"
    assert not path.with_name("study.db-wal").exists()


async def test_an_older_backup_is_brought_up_to_date_at_the_start(path, target):
    target.parent.mkdir()
    with closing(sqlite3.connect(target)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    restore(target, path)
    async with Store(path) as store:
        assert await store.answer_count(1) == 3


async def test_what_is_no_backup_is_refused_and_changes_nothing(path, target, tmp_path):
    await fill(path, "mine")
    backup(path, target)
    text, empty, other, newer, bare, damaged, dangling = (
        tmp_path / "copies" / name
        for name in ("text", "empty", "other", "newer", "bare", "damaged", "dangling")
    )
    text.write_text("hello" * 999)
    empty.touch()
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE posts (id)")
    for copy in (newer, bare, damaged, dangling):
        shutil.copy2(target, copy)
    with closing(sqlite3.connect(newer, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('study-bot', 'm999_future', '')"
        )
    with closing(sqlite3.connect(bare, isolation_level=None)) as connection:
        connection.execute("DROP TABLE answers")
    with closing(sqlite3.connect(dangling, isolation_level=None)) as connection:
        connection.execute("INSERT INTO former_answers VALUES (12345, 0, 1)")
    page = 4096
    content = bytearray(damaged.read_bytes())
    content[3 * page : 9 * page] = b"\xa5" * (6 * page)
    damaged.write_bytes(content)
    for source, reason in [
        (tmp_path / "nothing", "There is no backup"),
        (tmp_path, "There is no backup"),
        (path, "is the database itself"),
        (text, "not a usable SQLite database"),
        (empty, "is empty, so it is no backup"),
        (other, "another program"),
        (newer, "newer study bot"),
        (bare, "the table answers is missing"),
        (damaged, "damaged|not a usable"),
        (dangling, "former_answers refers to nothing"),
    ]:
        with pytest.raises(StoreError, match=reason):
            restore(source, path)
        assert value_in(path) == "mine"
        assert names(path.parent) == ["copies", "study.db", "study.db.lock"]
    async with Store(path) as store:
        assert await store.get_meta("key") == "mine"


async def test_restore_is_refused_while_the_store_is_open_here(path, target):
    await fill(path)
    backup(path, target)
    async with Store(path) as store:
        with pytest.raises(StoreError, match="already in use"):
            restore(target, path)
        await store.set_meta("key", "goes on")
    assert value_in(path) == "goes on"
