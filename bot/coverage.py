"""`study-bot coverage`: a table of every exam's domains, and what its guide lists and we lack."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot.core.coverage import Coverage, DomainRow
from bot.core.model import Entry
from bot.terminal import WIDTH

_HEADS = ("weight", "entries", "clues", "facts", "unverified", "questions", "share", "never asked")


def coverage_lines(found: Sequence[Coverage]) -> Iterator[str]:
    """Yield the report on every exam."""
    for number, one in enumerate(found):
        if number:
            yield ""
        yield from _exam(one)


def _exam(one: Coverage) -> Iterator[str]:
    yield f"{one.exam.id}  {one.exam.name}"
    yield from _table(one)
    lacking = [entry for row in one.rows for entry in row.never_asked]
    for reason, entries in _by_reason(lacking, one.beyond):
        yield from _listed(f"Never asked, {reason}", [entry.id for entry in entries])
    if one.gaps:
        verb = "has" if len(one.gaps) == 1 else "have"
        yield f"{len(one.gaps)} of the {one.listed} names on the guide's lists {verb} no entry:"
        headings = dict.fromkeys(heading for heading, _ in one.gaps)
        for heading in headings:
            yield from _listed(f"  {heading}", [n for h, n in one.gaps if h == heading])
    elif one.listed:
        yield f"No gap: each of the {one.listed} names on the guide's lists has an entry."
    else:
        yield "There is no list of what the guide asks (`in_scope`), so gaps are unknown."


def _table(one: Coverage) -> Iterator[str]:
    width = max(len(row.domain.name) for row in one.rows)
    total = sum(row.questions for row in one.rows)
    yield " " * width + "".join(f"{head:>{len(head) + 2}}" for head in _HEADS)
    for row in one.rows:
        yield f"{row.domain.name:{width}}" + _cells(row, f"{row.domain.weight} %", total)
    yield f"{'together':{width}}" + _cells(_sum(one.rows), "100 %", total)


def _sum(rows: Sequence[DomainRow]) -> DomainRow:
    return DomainRow(
        rows[0].domain,
        entries=sum(row.entries for row in rows),
        clues=sum(row.clues for row in rows),
        facts=sum(row.facts for row in rows),
        unverified=sum(row.unverified for row in rows),
        questions=sum(row.questions for row in rows),
        never_asked=tuple(entry for row in rows for entry in row.never_asked),
    )


def _cells(row: DomainRow, weight: str, total: int) -> str:
    cells = (
        weight,
        str(row.entries),
        str(row.clues),
        str(row.facts),
        f"{row.unverified} ({_share(row.unverified, row.facts)})",
        str(row.questions),
        _share(row.questions, total),
        str(len(row.never_asked)),
    )
    return "".join(f"{cell:>{len(head) + 2}}" for cell, head in zip(cells, _HEADS, strict=True))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _by_reason(
    entries: Sequence[Entry], beyond: frozenset[str]
) -> Iterator[tuple[str, list[Entry]]]:
    reasons = {
        "out of the exam's scope": [e for e in entries if e.id in beyond],
        "closed or retired": [e for e in entries if e.id not in beyond and e.status != "active"],
        "nothing can be made": [e for e in entries if e.id not in beyond and e.status == "active"],
    }
    return ((reason, found) for reason, found in reasons.items() if found)


def _listed(head: str, names: Sequence[str]) -> Iterator[str]:
    text = f"{head}: {', '.join(names)}"
    yield from textwrap.wrap(
        text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
