"""Databases for tests: made in a moment, and without waiting for the disk."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store.file import open_to_write
from bot.store.store import Store


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "study.db"
        with closing(open_to_write(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


def put_empty(path: Path) -> Path:
    """Put a database with its tables and nothing in them at ``path``.

    To copy it takes a sixtieth of making it.
    """
    path.write_bytes(_empty())
    return path


def hurry(store: Store) -> None:
    """Don't wait for the disk: nobody pulls the plug here."""
    assert store._writer is not None
    store._writer._connection.execute("PRAGMA synchronous = OFF")
