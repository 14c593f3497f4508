"""Read the knowledge: every file of a folder, all faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.content.build import build
from bot.content.checks import check_document
from bot.content.document import Document, Faults
from bot.content.links import check_links
from bot.content.questions import check_questions
from bot.content.reader import read
from bot.content.schema import KNOWLEDGE_FILE
from bot.content.source import Unreadable, compose
from bot.core.model import Knowledge
from bot.errors import ContentError, Fault

SUFFIXES = (".yaml", ".yml")


def load_knowledge(path: Path, *, today: date | None = None, strict: bool = False) -> Knowledge:
    """Read one file, or all YAML files in a folder and its folders; hidden ones are left out.

    ``today`` is the last day that ``verified_on`` may name; None allows any. ``strict`` refuses
    what makes bad questions too.

    Raises:
        ContentError: something is wrong; it holds every fault of every file.
    """
    return load_files(find_files(path), today=today, strict=strict)


def load_files(
    paths: Sequence[Path], *, today: date | None = None, strict: bool = False
) -> Knowledge:
    """Read files; their order makes no difference.

    Raises:
        ContentError: as for ``load_knowledge``.
    """
    return build(faultless(paths, today=today, strict=strict))


def faultless(
    paths: Sequence[Path], *, today: date | None = None, strict: bool = False
) -> list[Document]:
    """Return what files say, when nothing is wrong with them.

    Raises:
        ContentError: as for ``load_knowledge``.
    """
    faults: list[Fault] = []
    documents: list[Document] = []
    for path in sorted(set(paths)):
        shown = shown_path(path)
        try:
            document, found = read(shown, compose(shown, path.read_bytes()), KNOWLEDGE_FILE)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            faults.append(Fault(shown, 0, "", f"It cannot be read: {reason}.", "mend its rights"))
        except Unreadable as error:
            faults.extend(error.faults)
        else:
            faults.extend(found)
            documents.append(document)
    collectors = [Faults(document) for document in documents]
    for collector in collectors:
        check_document(collector, today)
    check_links(collectors)
    if strict:
        check_questions(collectors)
    faults.extend(fault for collector in collectors for fault in collector.found)
    if faults:
        raise ContentError(faults)
    return documents


def find_files(path: Path) -> tuple[Path, ...]:
    """Return the knowledge files under ``path``, or ``path`` itself when it is a file.

    Raises:
        ContentError: there is nothing of that name, or no file in it.
    """
    if path.is_file():
        return (path,)
    if not path.is_dir():
        problem = "There is no file or folder of this name."
        raise ContentError([Fault(path, 0, "", problem, "name a knowledge file or folder")])
    found = tuple(
        sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in SUFFIXES
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
            and file.is_file()
        )
    )
    if not found:
        problem = f"The folder holds no {' or '.join(SUFFIXES)} file."
        raise ContentError([Fault(path, 0, "", problem, "name the folder that does")])
    return found


def shown_path(path: Path) -> Path:
    """Return ``path`` as people find it: from the current folder when it is below that."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path
