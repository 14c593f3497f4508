"""What takes long to work out of the knowledge, kept beside the database for a quick start.

One file has the knowledge that was found faultless, as JSON, another the index made of it, as
JSON and plain arrays of numbers. Each names what it was made from: the bytes of every file and the
code that read them. When any of that changed, or a file cannot be used, it is made again and
nobody notices but the clock.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from array import array
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import Stemmer

from bot.content.build import build
from bot.content.document import Document
from bot.content.english import load_language
from bot.content.load import faultless, find_files
from bot.core.corpus import Indexed
from bot.core.index import Tables
from bot.core.library import Library
from bot.core.model import Knowledge

_ARRAYS = ("ends", "docs", "impacts", "place_ends", "places", "passages")


def load_library(path: Path, copy: Path) -> Library:
    """Index the knowledge under ``path``, or read the index kept beside ``copy``.

    Raises:
        ContentError: as for ``load_knowledge``.
    """
    knowledge, mark = _load(path, copy)
    beside = _index_of(copy)
    made_of = _mark(_code("bot.core"), (mark, sys.version, sys.byteorder, Stemmer.version()))
    indexed = read_index(beside, made_of)
    library = Library(knowledge, load_language(), indexed=indexed)
    if indexed is None:
        write_index(beside, made_of, library.indexed)
    return library


def was_kept(copy: Path) -> bool:
    """Return whether an earlier run kept something there, whatever it was made of."""
    return copy.is_file() and _index_of(copy).is_file()


def _index_of(copy: Path) -> Path:
    return copy.with_suffix(".index")


def _load(path: Path, copy: Path) -> tuple[Knowledge, str]:
    """Return the knowledge under ``path`` and the mark of all that it is made of."""
    files = find_files(path)
    mark = _mark([*_code("bot.content"), *files])
    documents = _read(copy, mark)
    if documents is None:
        documents = faultless(files)
        kept = [(str(document.path), document.id, document.data) for document in documents]
        text = json.dumps({"mark": mark, "documents": kept}, ensure_ascii=False)
        _write(copy, text.encode())
    return build(documents), mark


def _code(package: str) -> list[Traversable]:
    found = [item for item in resources.files(package).iterdir() if item.name.endswith(".py")]
    return sorted(found, key=lambda item: item.name)


def _mark(files: Sequence[Traversable], further: Sequence[str] = ()) -> str:
    found = hashlib.sha256("\n".join(further).encode())
    for item in files:
        try:
            data = item.read_bytes()
        except OSError:
            data = b""  # reading it again will say what is wrong
        found.update(f"{item.name} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def _read(copy: Path, mark: str) -> list[Document] | None:
    try:
        kept = json.loads(copy.read_bytes())
        if kept["mark"] != mark:
            return None
        return [Document(Path(path), name, data, {}) for path, name, data in kept["documents"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_index(path: Path, mark: str, indexed: Indexed) -> None:
    """Keep ``indexed``, made of what ``mark`` says; do nothing where that cannot be.

    A digest of what follows, a line of JSON, and the arrays one after the other.
    """
    tables = indexed.tables
    arrays = [getattr(tables, name) for name in _ARRAYS]
    line = {
        "mark": mark,
        "size": tables.size,
        "terms": tables.terms,
        "vocabulary": sorted(indexed.vocabulary),
        "saying": {word: sorted(numbers) for word, numbers in sorted(indexed.saying.items())},
        "arrays": [(numbers.typecode, len(numbers) * numbers.itemsize) for numbers in arrays],
    }
    body = json.dumps(line).encode() + b"\n" + b"".join(numbers.tobytes() for numbers in arrays)
    _write(path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def read_index(path: Path, mark: str) -> Indexed | None:
    """Return what was kept; None when it is not whole or not made of what ``mark`` says."""
    try:
        digest, body = path.read_bytes().split(b"\n", 1)
        if digest.decode() != hashlib.sha256(body).hexdigest():
            return None
        line, data = body.split(b"\n", 1)
        kept = json.loads(line)
        if kept["mark"] != mark:
            return None
        arrays, begin = {}, 0
        for name, (typecode, length) in zip(_ARRAYS, kept["arrays"], strict=True):
            arrays[name] = array(typecode, data[begin : begin + length])
            begin += length
        saying = {word: frozenset(numbers) for word, numbers in kept["saying"].items()}
        tables = Tables(size=kept["size"], terms=tuple(kept["terms"]), **arrays)
        return Indexed(tables, frozenset(kept["vocabulary"]), saying)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError:  # nowhere to keep it: the next start is as slow as this one
        with contextlib.suppress(OSError):
            part.unlink()
