"""What was read from one file, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from bot.content.scalar import one_line
from bot.errors import Fault

_TYPOS = 2
"""Most typos between a name and what was meant; one when it has fewer than six characters."""
_PART_CHARS = 4
"""Least characters of a name that is offered because it is a part of the other."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file's plain data. What was faulty may be missing from it, so every key may be."""

    path: Path
    """As it is shown to people."""
    id: str
    """The file name's stem."""
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    """The line of each place, such as ``entries[3].facts[0].text``, from 1."""

    def items(self, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Return the records of a top-level list, each with its place."""
        return places(self.data, key)


@dataclass(slots=True)
class Faults:
    """Collects the faults of one document."""

    document: Document
    found: list[Fault] = field(default_factory=list)

    def add(self, where: str, problem: str, fix: str) -> None:
        """Note a fault at a place that ``Document.lines`` knows."""
        line = self.document.lines[where]
        self.found.append(Fault(self.document.path, line, where, one_line(problem), one_line(fix)))


def places(record: Mapping[str, Any], key: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """Return the items of ``record[key]`` with the place of each; ``where`` is the record's."""
    prefix = f"{where}.{key}" if where else key
    for number, item in enumerate(record.get(key, ())):
        if item is not None:
            yield f"{prefix}[{number}]", item


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant, None when none is near.

    Near is a typo or two, or a part: `guardduty` for `amazon-guardduty`. Ties break by alphabet.

    >>> closest("sumary", ("summary", "source")), closest("amazon-s3", ("amazon-lex",))
    ('summary', None)
    """
    typed = name.casefold()
    typos = _TYPOS if len(typed) >= 6 else 1
    near = []
    for other in known:
        folded = other.casefold()
        shorter, longer = sorted((typed, folded), key=len)
        distance = OSA.distance(typed, folded)
        if distance <= typos or (len(shorter) >= _PART_CHARS and shorter in longer):
            near.append((distance, other))
    return min(near)[1] if near else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the fix for an unknown name: the one that was probably meant, or ``otherwise``."""
    close = closest(name, known)
    return f"did you mean `{close}`?" if close else otherwise
