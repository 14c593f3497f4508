"""How far the knowledge covers an exam: what there is for each domain, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.catalogue import Catalogue
from bot.core.model import Domain, Entry, Exam, Knowledge, Question


@dataclass(frozen=True, slots=True)
class DomainRow:
    """What there is for one domain of an exam."""

    domain: Domain
    entries: int
    clues: int
    facts: int
    unverified: int
    """Facts that nobody has checked against their source."""
    questions: int
    """That a draw for the exam can bring."""
    never_asked: tuple[Entry, ...]
    """Entries that such a draw never brings, by id."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is for one exam."""

    exam: Exam
    rows: tuple[DomainRow, ...]
    """In the order of the exam's domains."""
    listed: int
    """Names on the guide's lists."""
    gaps: tuple[tuple[str, str], ...]
    """Heading and name of what is listed and no entry answers to, in the guide's order."""
    beyond: frozenset[str]
    """Ids of entries that the guide puts out of scope."""


def coverage(knowledge: Knowledge, pool: Sequence[Question]) -> tuple[Coverage, ...]:
    """Return how far each exam is covered; ``pool`` holds every question that can be asked."""
    catalogue = Catalogue(knowledge.entries)
    beyond = beyond_scope(knowledge)
    return tuple(_of(exam, knowledge, pool, catalogue, beyond) for exam in knowledge.exams)


def beyond_scope(knowledge: Knowledge) -> frozenset[str]:
    """Return the ids of entries that the guide of their own exam puts out of scope.

    What a guide has on both lists, such as a family and one member of it, is in scope.
    """
    catalogue = Catalogue(knowledge.entries)
    beyond: set[str] = set()
    for exam in knowledge.exams:
        out = {entry.id for name in exam.out_of_scope if (entry := catalogue.listed(name))}
        out -= {entry_id for _, entry_id in exam.covered_by}
        for group in exam.in_scope:
            out -= {entry.id for name in group.names if (entry := catalogue.listed(name))}
        beyond |= {e.id for e in knowledge.entries if e.id in out and e.exam == exam.id}
    return frozenset(beyond)


def _of(
    exam: Exam,
    knowledge: Knowledge,
    pool: Sequence[Question],
    catalogue: Catalogue,
    beyond: frozenset[str],
) -> Coverage:
    known = {entry.id for entry in knowledge.entries}
    covered = {name for name, entry_id in exam.covered_by if entry_id in known}
    own = [entry for entry in knowledge.entries if entry.exam == exam.id]
    return Coverage(
        exam=exam,
        rows=tuple(
            _row(domain, [e for e in own if e.domain == domain.id], pool, beyond)
            for domain in exam.domains
        ),
        listed=sum(len(group.names) for group in exam.in_scope),
        gaps=tuple(
            (group.heading, name)
            for group in exam.in_scope
            for name in group.names
            if name not in covered and catalogue.listed(name) is None
        ),
        beyond=frozenset(entry.id for entry in own if entry.id in beyond),
    )


def _row(
    domain: Domain, entries: Sequence[Entry], pool: Sequence[Question], beyond: frozenset[str]
) -> DomainRow:
    ids = {entry.id for entry in entries} - beyond
    asked = [question for question in pool if question.entry_id in ids]
    drawn = {question.entry_id for question in asked}
    facts = [fact for entry in entries for fact in entry.facts]
    return DomainRow(
        domain=domain,
        entries=len(entries),
        clues=sum(len(entry.clues) for entry in entries),
        facts=len(facts),
        unverified=sum(fact.evidence.verified_on is None for fact in facts),
        questions=len(asked),
        never_asked=tuple(entry for entry in entries if entry.id not in drawn),
    )
