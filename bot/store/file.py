"""Opening database files: for the writer, for readers; saying what is wrong with a bad one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.migrations import MIGRATIONS
from bot.store.totals import add_functions

BUSY_MS = 10_000
"""How long to wait for a lock that somebody else, such as a backup tool, holds for a moment."""
CACHE_KIB = 32_768
"""What the writer may keep of the file in memory; boards of a large server are all over it."""


def open_to_write(path: Path) -> Database:
    """Open the database at ``path``, make it if there is none, and bring its tables up to date.

    The caller holds the lock. Each thread may use the connection, one at a time.

    Raises:
        StoreError: it cannot be used; the text says why and what to do.
    """
    with explained(path):
        database = _connect(path, "rwc")
        try:
            # A newer bot's file must be refused before anything is written to it.
            check(database, path)
            # SQLite opens a file it may not write without a word, and says so at the first write.
            database.conn.execute("BEGIN IMMEDIATE")
            database.conn.execute("PRAGMA user_version = 0")
            database.conn.execute("ROLLBACK")
            database.execute("PRAGMA journal_mode = WAL").fetchall()
            database.execute("PRAGMA synchronous = FULL").fetchall()
            database.execute("PRAGMA secure_delete = ON").fetchall()
            database.execute(f"PRAGMA cache_size = -{CACHE_KIB}").fetchall()
            # A step that makes a table anew cannot run while others are held to refer to it.
            if MIGRATIONS.pending(database):
                MIGRATIONS.apply(database)
                refuse_dangling(database, path)
            database.execute("PRAGMA foreign_keys = ON").fetchall()
            add_functions(database.conn)
        except BaseException:
            database.close()
            raise
    return database


def open_to_read(path: Path) -> Database:
    """Open the database at ``path`` for reading only.

    Raises:
        StoreError: it is not there or cannot be used, or a bot has not brought it up to date yet.
    """
    refuse_folder(path)
    if not path.exists():
        raise StoreError(
            f"There is no database {path} yet. It is made when the bot starts for the first time; "
            "if it should be there, check STUDY_BOT_DB."
        )
    with explained(path):
        database = _connect(path, "ro")
        try:
            check(database, path)
            if MIGRATIONS.pending(database):
                raise StoreError(
                    f"{path} was written by an older study bot. Start the bot once, which brings "
                    "it up to date."
                )
            add_functions(database.conn)
        except BaseException:
            database.close()
            raise
    return database


def check(database: Database, path: Path) -> None:
    """Refuse another program's database, and one of a newer study bot.

    Raises:
        StoreError: it is one of these.
    """
    applied = {step.name for step in MIGRATIONS.applied(database)}
    if not applied and set(database.table_names()) - {MIGRATIONS.migrations_table}:
        raise StoreError(
            f"{path} is the database of another program. Set STUDY_BOT_DB to a file of its own."
        )
    empty = Database(memory=True, execute_plugins=False)
    try:
        unknown = applied - {step.name for step in MIGRATIONS.pending(empty)}
    finally:
        empty.close()
    if unknown:
        raise StoreError(
            f"{path} was written by a newer study bot (it has {', '.join(sorted(unknown))}). "
            "Update this one, or restore a backup from before the update."
        )


def refuse_dangling(database: Database, path: Path) -> None:
    """Refuse a file with rows that refer to none.

    Raises:
        StoreError: there are some, in the tables that it names.
    """
    tables = sorted({row[0] for row in database.execute("PRAGMA foreign_key_check").fetchall()})
    if tables:
        raise StoreError(
            f"{path} has rows in {', '.join(tables)} that belong to nothing. Restore a backup with "
            "`study-bot restore`."
        )


def tables_of(database: Database) -> set[str]:
    """Return the names of the tables that the applied steps of a file should have made."""
    waiting = [step.name for step in MIGRATIONS.pending(database)]
    model = Database(memory=True, execute_plugins=False)
    try:
        MIGRATIONS.apply(model, stop_before=waiting)
        return set(model.table_names())
    finally:
        model.close()


def schema_step(connection: sqlite3.Connection) -> str:
    """Return the name of the last applied step of a file that has been checked."""
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    return MIGRATIONS.applied(database)[-1].name


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file at ``path`` into a sentence with the fix.

    Raises:
        StoreError: SQLite refused something inside.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            text = (
                f"{path} is not a usable SQLite database. If it was one, restore a backup with "
                "`study-bot restore`; if not, set STUDY_BOT_DB to another file."
            )
        elif name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            text = (
                f"{path} cannot be opened. Give the user that runs the bot the right to read and "
                f"write it and the folder {path.parent}, or set STUDY_BOT_DB to another file."
            )
        elif name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            text = f"{path} is held by another program. Close that program, then start again."
        elif name == "SQLITE_FULL":
            text = f"There is no space left to write {path}. Make some, then start again."
        else:
            text = f"{path} cannot be used: {error}"
        raise StoreError(text) from error


def prepare_folder(path: Path) -> None:
    """Make the folder that the database at ``path`` goes into.

    Raises:
        StoreError: ``path`` is a folder itself, or its folder cannot be made.
    """
    refuse_folder(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be made ({error.strerror}). Make it by hand, or set "
            "STUDY_BOT_DB to a file elsewhere."
        ) from error


def refuse_folder(path: Path) -> None:
    """Say so when ``path`` is a folder.

    Raises:
        StoreError: it is one.
    """
    if path.is_dir():
        raise StoreError(
            f"{path} is a folder. Set STUDY_BOT_DB to a file in it, such as {path / 'study.db'}."
        )


def _connect(path: Path, mode: str) -> Database:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    try:
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise
