"""Faultless documents to core values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from bot.content.document import Document
from bot.core.model import (
    Blank,
    Difference,
    Domain,
    Duty,
    Entry,
    Evidence,
    Exam,
    Fact,
    Knowledge,
    Question,
    Related,
    ScopeList,
    Topic,
)

Data = Mapping[str, Any]


def build(documents: Sequence[Document]) -> Knowledge:
    """Return what faultless documents say, everything in the order of ids."""
    entries = {
        data["id"]: _entry(document, data)
        for document in documents
        for _, data in document.items("entries")
    }
    questions = [
        _question(data, entries[data["about"]])
        for document in documents
        for _, data in document.items("questions")
    ]
    return Knowledge(
        entries=tuple(entries[entry_id] for entry_id in sorted(entries)),
        questions=tuple(sorted(questions, key=lambda question: question.id)),
        exams=tuple(
            sorted(
                (_exam(data) for document in documents for _, data in document.items("exams")),
                key=lambda exam: exam.id,
            )
        ),
        topics=tuple(
            sorted(
                (
                    Topic(document.id, document.data["topic"])
                    for document in documents
                    if document.data.get("entries")
                ),
                key=lambda topic: topic.id,
            )
        ),
        synonyms=tuple(
            sorted(
                tuple(group) for document in documents for _, group in document.items("synonyms")
            )
        ),
        elsewhere=_words(documents, "elsewhere"),
        related=tuple(
            sorted(
                (
                    Related(tuple(data["say"]), tuple(data["mean"]))
                    for document in documents
                    for _, data in document.items("related")
                ),
                key=lambda related: (related.say, related.mean),
            )
        ),
        other_subjects=_words(documents, "other_subjects"),
    )


def _words(documents: Sequence[Document], key: str) -> tuple[str, ...]:
    return tuple(sorted({word for document in documents for word in document.data.get(key, ())}))


def _entry(document: Document, data: Data) -> Entry:
    evidence = _evidence(data, data["source"])
    duties = data.get("responsibilities", {})
    sides: tuple[Duty, ...] = get_args(Duty)
    return Entry(
        id=data["id"],
        name=data["name"],
        kind=data["kind"],
        topic=document.id,
        category=data["category"],
        summary=data["summary"],
        clues=tuple(data["clues"]),
        facts=tuple(_fact(fact, evidence) for fact in data["facts"]),
        evidence=evidence,
        exam=data.get("exam") or document.data["exam"],
        domain=data.get("domain") or document.data["domain"],
        aliases=tuple(data.get("aliases", ())),
        former=tuple(data.get("former", ())),
        terms=tuple(data.get("terms", ())),
        differences=tuple(
            Difference(item["id"], item["this"], item["that"])
            for item in data.get("confused_with", ())
        ),
        duties={side: tuple(duties[side]) for side in sides if duties.get(side)},
        correction=data.get("correction"),
        status=data.get("status", "active"),
        status_note=data.get("status_note"),
    )


def _evidence(data: Data, source: str) -> Evidence:
    return Evidence(source, data.get("verified_on"), data.get("unverified"))


def _fact(data: Data, inherited: Evidence) -> Fact:
    # Whoever says how far a fact was checked says it for that fact; the page may be the entry's.
    own = "verified_on" in data or "unverified" in data
    return Fact(
        text=data["text"],
        evidence=_evidence(data, data.get("source", inherited.source)) if own else inherited,
        terms=tuple(data.get("terms", ())),
        blank=Blank(data["blank"], tuple(data["wrong"])) if "blank" in data else None,
    )


def _question(data: Data, entry: Entry) -> Question:
    return Question(
        id=data["id"],
        prompt=data["question"],
        choices=tuple(data["choices"]),
        answer=data["choices"].index(data["answer"]),
        explanation=data["explanation"],
        source=data["source"],
        entry_id=entry.id,
        topic=entry.topic,
        exam=entry.exam,
        domain=entry.domain,
    )


def _exam(data: Data) -> Exam:
    domains = (Domain(item["id"], item["name"], item["weight"]) for item in data["domains"])
    return Exam(
        id=data["id"],
        name=data["name"],
        domains=tuple(domains),
        in_scope=tuple(
            ScopeList(item["heading"], tuple(item["names"])) for item in data.get("in_scope", ())
        ),
        covered_by=tuple((item["name"], item["entry"]) for item in data.get("covered_by", ())),
        out_of_scope=tuple(data.get("out_of_scope", ())),
        core=tuple(data.get("core", ())),
    )
