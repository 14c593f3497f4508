"""Copies of the database: made while the bot runs, put back while it does not.

A backup is one file: SQLite's backup interface reads one consistent state, whoever writes
meanwhile, and the copy has no log beside it. Both ways the copy is made under another name,
checked and flushed, and takes its place in one step, so a crash leaves the old state or the new.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.file import check, explained, open_to_read, prepare_folder, tables_of
from bot.store.lock import Lock
from bot.store.migrations import MIGRATIONS


def backup(source: Path, target: Path) -> None:
    """Copy the database at ``source`` to the new file ``target``; a bot may be running.

    Raises:
        StoreError: there is something at ``target`` already, ``source`` is no database of a
            study bot, or the copy cannot be written; then nothing is left at ``target``.
    """
    source, target = source.resolve(), target.absolute()
    open_to_read(source).close()
    try:
        with contextlib.suppress(FileExistsError):  # a file in the way shows at the next step
            target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(exist_ok=False)  # holds the name, so two backups never share it
    except FileExistsError:
        raise StoreError(f"{target} is there already. Name a new file; I overwrite none.") from None
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from error
    part = target.with_name(f"{target.name}.part")
    try:
        _copy(source, part)
        part.replace(target)
        _flush_folder(target.parent)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, target: Path) -> Path | None:
    """Put the backup ``source`` in place of the database ``target``, which no bot may hold.

    Return where the replaced database is kept, beside it; None when there was none. A backup of
    an older study bot is brought up to date when the bot starts.

    Raises:
        StoreError: a bot is running, or ``source`` is no sound backup of a study bot, or of a
            newer one; then nothing has changed.
    """
    source, target = source.absolute(), target.resolve()
    if not source.is_file():
        raise StoreError(f"There is no backup {source}. Name a file that `study-bot backup` made.")
    prepare_folder(target)
    if target.exists() and source.samefile(target):
        raise StoreError(f"{source} is the database itself. Name a backup of it.")
    lock = Lock(target)
    part = target.with_name(f"{target.name}.restoring")
    try:
        part.unlink(missing_ok=True)
        _copy(source, part)
        kept = _keep(target)
        for suffix in ("-wal", "-shm"):  # a log that is left over would be replayed into the new
            _beside(target, suffix).unlink(missing_ok=True)
        part.replace(target)
        _flush_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
        lock.release()
    return kept


def _copy(source: Path, part: Path) -> None:
    """Copy one consistent state into the new file ``part`` and make sure it is sound."""
    with contextlib.ExitStack() as stack:
        with explained(source):
            reading = _open(stack, source, "ro")
            check(Database(reading, execute_plugins=False), source)
        with explained(part):
            writing = _open(stack, part, "rwc")
        with explained(source):
            reading.backup(writing)
        with explained(source):
            _require_sound(writing, source)
        with explained(part):
            writing.execute("PRAGMA journal_mode = DELETE").fetchall()
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _require_sound(copy: sqlite3.Connection, source: Path) -> None:
    database = Database(copy, execute_plugins=False)
    if not MIGRATIONS.applied(database):
        raise StoreError(f"{source} is empty, so it is no backup of a study bot.")
    missing = tables_of(database) - set(database.table_names())
    faults = [f"the table {name} is missing" for name in sorted(missing)]
    faults += [row[0] for row in copy.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    faults += [f"{row[0]} refers to nothing" for row in copy.execute("PRAGMA foreign_key_check")]
    if faults:
        raise StoreError(f"{source} is damaged ({'; '.join(faults[:3])}). Take another backup.")


def _keep(target: Path) -> Path | None:
    """Give the database a second name, and its log the name that belongs to it.

    Nothing is opened: whoever restores may do so because the file is beyond reading.
    """
    if not target.exists():
        return None
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    if _beside(target, "-wal").exists():  # a killed bot's last commits
        shutil.copy2(_beside(target, "-wal"), _beside(kept, "-wal"))
    try:
        os.link(target, kept)
    except OSError:  # a file system without links
        shutil.copy2(target, kept)
    return kept


def _open(stack: contextlib.ExitStack, path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None)
    stack.callback(connection.close)
    connection.row_factory = sqlite3.Row
    return connection


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _flush_folder(folder: Path) -> None:
    """Make a new name survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
