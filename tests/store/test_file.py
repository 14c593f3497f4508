from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.errors import StoreError
from bot.store.store import Store
from tests.store.samples import GUILD, rows

ROOT = Path(__file__).parents[2]
AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from bot.errors import StoreError
from bot.store.store import Store
Path(sys.argv[1]).as_uri()  # imports what a user without rights may not read
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    asyncio.run(Store.open(Path(sys.argv[1])))
except StoreError as error:
    print(error)
"""


def open_as_nobody(path: Path) -> str:
    """Return what a user without special rights is told; root may write anywhere."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder that everybody can reach; pytest's own are closed to others."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


async def test_the_folder_is_made(tmp_path):
    path = tmp_path / "data" / "deep" / "study.db"
    async with Store(path) as store:
        assert store.path == path
        assert await store.zone(GUILD) == "UTC"
    assert path.is_file()


async def test_a_relative_path_and_a_link_mean_the_file_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.db").symlink_to("study.db")
    async with Store(Path("study.db")) as store:
        assert store.path == tmp_path / "study.db"
        with pytest.raises(StoreError, match="already in use"):
            await Store.open(Path("link.db"))


async def test_a_name_with_signs_that_mean_something_in_an_address(tmp_path):
    path = tmp_path / "what? 100% #1&mode=ro.db"
    async with Store(path) as store:
        await store.set_meta("key", "value")
    assert rows(path, "SELECT value FROM meta") == [("value",)]


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_folder_is_refused(tmp_path, read_only):
    with pytest.raises(StoreError, match=r"is a folder\. Set STUDY_BOT_DB to a file in it"):
        await Store.open(tmp_path, read_only=read_only)


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be made \(.+\)\. Make it by hand"):
        await Store.open(tmp_path / "file" / "study.db")


@pytest.mark.parametrize("content", [b"not a database, whatever its name says " * 9, b"%PDF-1.7"])
@pytest.mark.parametrize("read_only", [True, False])
async def test_a_file_that_is_no_database_is_refused_and_left_alone(path, content, read_only):
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is not a usable SQLite database"):
        await Store.open(path, read_only=read_only)
    assert path.read_bytes() == content


@pytest.mark.parametrize("read_only", [True, False])
async def test_another_programs_database_is_refused_and_left_alone(path, read_only):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE answers (id)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is the database of another program"):
        await Store.open(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_ours_to_write_is_refused(plain_folder):
    plain_folder.chmod(0o555)
    assert "cannot be written. Give the user that runs the bot the right to write in" in (
        open_as_nobody(plain_folder / "study.db")
    )


async def test_a_file_that_is_not_ours_to_write_is_refused(plain_folder):
    path = plain_folder / "study.db"
    async with Store(path):
        pass
    path.chmod(0o444)
    path.with_name("study.db.lock").chmod(0o666)
    plain_folder.chmod(0o777)
    assert "cannot be opened. Give the user that runs the bot the right to read and" in (
        open_as_nobody(path)
    )


async def test_a_database_that_another_program_holds_is_refused(path, monkeypatch):
    async with Store(path):
        pass
    monkeypatch.setattr("bot.store.file.BUSY_MS", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="is held by another program"):
            await Store.open(path)
    async with Store(path) as store:
        assert await store.zone(GUILD) == "UTC"


# ------------------------------------------------------------------- reading only


async def test_reading_beside_a_running_bot(path, store):
    await store.set_meta("key", "value")
    async with Store(path, read_only=True) as reader:
        assert await reader.get_meta("key") == "value"
        await store.set_meta("key", "new")
        assert await reader.get_meta("key") == "new"
        assert reader.queue_length == 0
        with pytest.raises(StoreError, match="opened for reading"):
            await reader.set_meta("key", "mine")
    assert await store.get_meta("key") == "new"


async def test_reading_while_no_bot_runs(path):
    async with Store(path) as store:
        await store.set_meta("key", "value")
    async with Store(path, read_only=True) as reader:
        assert await reader.get_meta("key") == "value"
    async with Store(path) as store:
        assert await store.get_meta("key") == "value"


async def test_there_is_nothing_to_read_yet(path):
    with pytest.raises(StoreError, match=r"There is no database .+ yet"):
        await Store.open(path, read_only=True)
    assert list(path.parent.iterdir()) == []
