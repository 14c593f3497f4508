"""The author's question: is it clean? In a sentence when it is, with every fault when not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.load import find_files, load_files, load_knowledge, shown_path
from bot.core.model import Knowledge
from bot.errors import ContentError


def check(path: Path, *, home: Path, today: date) -> str:
    """Return a sentence that says that ``path`` is clean, and what it holds.

    A file of the folder ``home`` is read together with the others there, because it links to them,
    but only its own faults count.

    Raises:
        ContentError: there are faults, or there is nothing to read.
    """
    if path.is_file() and path.resolve().is_relative_to(home.resolve()):
        return _check_among(path, find_files(home), today)
    knowledge = load_knowledge(path, today=today, strict=True)
    return f"knowledge is clean: {_contents(knowledge, find_files(path))}"


def _check_among(path: Path, files: tuple[Path, ...], today: date) -> str:
    own = [file for file in files if file.samefile(path)]
    others = 0
    try:
        load_files(files, today=today, strict=True)
    except ContentError as error:
        shown = {shown_path(file) for file in own}
        faults = [fault for fault in error.faults if fault.path in shown]
        others = len(error.faults) - len(faults)
        if faults:
            raise ContentError(faults) from error
    rest = f"; other files have {_count(others, 'fault')}" if others else ""
    return f"{shown_path(path)} is clean{rest}"


def _contents(knowledge: Knowledge, files: tuple[Path, ...]) -> str:
    entries = knowledge.entries
    counts = (
        _count(len(entries), "entry", "entries"),
        _count(sum(len(entry.clues) for entry in entries), "clue"),
        _count(sum(len(entry.facts) for entry in entries), "fact"),
        _count(sum(fact.blank is not None for e in entries for fact in e.facts), "blank"),
        _count(sum(len(entry.differences) for entry in entries), "difference"),
    )
    questions = _count(len(knowledge.questions), "question")
    return f"{', '.join(counts)} and {questions} in {_count(len(files), 'file')}"


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
