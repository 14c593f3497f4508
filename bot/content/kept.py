"""Knowledge that was found faultless, kept as JSON beside the database, for a quick start.

Reading and checking the YAML takes most of a start. The kept copy names what it was made from: the
bytes of every file and the code that read them. When any of that changed, or the copy cannot be
used, the files are read again and nobody notices but the clock.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from bot.content.build import build
from bot.content.document import Document
from bot.content.load import faultless, find_files
from bot.core.model import Knowledge


def load_kept(path: Path, copy: Path) -> Knowledge:
    """Read the knowledge under ``path``, from ``copy`` if that was made of the same.

    Raises:
        ContentError: as for ``load_knowledge``.
    """
    files = find_files(path)
    mark = _mark(files)
    documents = _read(copy, mark)
    if documents is None:
        documents = faultless(files)
        _write(copy, mark, documents)
    return build(documents)


def _mark(files: Sequence[Path]) -> str:
    found = hashlib.sha256()
    code = sorted(resources.files("bot.content").iterdir(), key=lambda item: item.name)
    for item in (*(item for item in code if item.name.endswith(".py")), *files):
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


def _write(copy: Path, mark: str, documents: Sequence[Document]) -> None:
    kept = [(str(document.path), document.id, document.data) for document in documents]
    text = json.dumps({"mark": mark, "documents": kept}, ensure_ascii=False)
    part = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(copy)
    except OSError:  # nowhere to keep it: the next start is as slow as this one
        with contextlib.suppress(OSError):
            part.unlink()
