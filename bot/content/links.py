"""What must hold between records and between files: unique ids and names, links that lead on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.content.checks import named, names_of
from bot.content.document import Document, Faults, did_you_mean, places
from bot.content.scalar import shown
from bot.content.schema import ID
from bot.content.scopes import check_scopes
from bot.core.giveaway import mention

Data = Mapping[str, Any]


def check_links(all_faults: Sequence[Faults]) -> None:
    """Note what is wrong between records. The first in file order is right, later ones clash."""
    _unique_topics(all_faults)
    for key, what in (("entries", "entry"), ("questions", "question"), ("exams", "exam")):
        _unique_ids(all_faults, key, what)
    _unique_names(all_faults)
    _unique_clues(all_faults)
    _unique_synonyms(all_faults)
    _unique_said(all_faults)
    documents = [faults.document for faults in all_faults]
    entries = _by_id(documents, "entries")
    exams = _by_id(documents, "exams")
    for faults in all_faults:
        _file_exam(faults, exams)
        for where, entry in faults.document.items("entries"):
            _entry_exam(faults, where, entry, exams)
            _differences(faults, where, entry, entries)
        for where, question in faults.document.items("questions"):
            about = question.get("about")
            if about is not None and about not in entries:
                _no_entry(faults, f"{where}.about", about, entries)
    check_scopes(all_faults)


def _by_id(documents: Sequence[Document], key: str) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for document in documents:
        for _, record in document.items(key):
            if "id" in record:
                found.setdefault(record["id"], record)
    return found


@dataclass(frozen=True, slots=True)
class _Claim:
    """Where a word stands, and in which entry where that matters."""

    document: Document
    where: str
    owner: str = ""

    def __str__(self) -> str:
        place = f"{self.document.path}:{self.document.lines[self.where]}"
        return f"`{self.owner}`, {place}" if self.owner else place


class _Claims:
    """Who said a word first."""

    def __init__(self) -> None:
        self._first: dict[str, _Claim] = {}

    def earlier(self, word: str, document: Document, where: str, owner: str = "") -> _Claim | None:
        """Return who claimed ``word`` before, case and spacing aside; None when it was free."""
        key = " ".join(word.casefold().split())
        if key in self._first:
            return self._first[key]
        self._first[key] = _Claim(document, where, owner)
        return None


def _unique_topics(all_faults: Sequence[Faults]) -> None:
    claims, names = _Claims(), _Claims()
    for faults in all_faults:
        document = faults.document
        if "topic" not in document.data:
            continue
        if not re.search(ID.pattern, document.id):
            problem = f"The file's name `{shown(document.id)}` {ID.problem}."
            faults.add("topic", problem, "rename the file, like this: data-protection.yaml")
        if earlier := claims.earlier(document.id, document, "topic"):
            problem = f"Two files are named `{document.id}`, the other is {earlier}."
            faults.add("topic", problem, "rename one; its name is the topic's id")
        if earlier := names.earlier(document.data["topic"], document, "topic"):
            problem = f"“{shown(document.data['topic'])}” is a topic already ({earlier})."
            faults.add("topic", problem, "give each topic its own name")


def _unique_ids(all_faults: Sequence[Faults], key: str, what: str) -> None:
    claims = _Claims()
    for faults in all_faults:
        for where, record in faults.document.items(key):
            if "id" not in record:
                continue
            if earlier := claims.earlier(record["id"], faults.document, f"{where}.id"):
                problem = f"There is {_a(what)} `{shown(record['id'])}` already ({earlier})."
                faults.add(f"{where}.id", problem, f"give each {what} its own id")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _unique_names(all_faults: Sequence[Faults]) -> None:
    claims = _Claims()
    for faults in all_faults:
        for where, entry in faults.document.items("entries"):
            for spot, name in named(entry, where):
                owner = entry.get("id", "")
                if earlier := claims.earlier(name, faults.document, spot, owner):
                    problem = f"“{shown(name)}” is a name already ({earlier})."
                    faults.add(spot, problem, "let each name lead to one entry, once")


def _unique_clues(all_faults: Sequence[Faults]) -> None:
    claims = _Claims()
    for faults in all_faults:
        for where, entry in faults.document.items("entries"):
            for spot, clue in places(entry, "clues", where):
                earlier = claims.earlier(clue, faults.document, spot, where)
                # Twice in one list is noted by its shape.
                if earlier and (earlier.document, earlier.owner) != (faults.document, where):
                    place = f"{earlier.document.path}:{earlier.document.lines[earlier.where]}"
                    problem = f"This clue stands elsewhere too ({place})."
                    faults.add(spot, problem, "write a clue that fits this entry alone")


def _unique_synonyms(all_faults: Sequence[Faults]) -> None:
    claims = _Claims()
    for faults in all_faults:
        for where, group in faults.document.items("synonyms"):
            for number, word in enumerate(group):
                spot = f"{where}[{number}]"
                if word is None:
                    continue
                if earlier := claims.earlier(word, faults.document, spot):
                    problem = f"“{shown(word)}” is in a group already ({earlier})."
                    faults.add(spot, problem, "join the two groups, or take it out of one")


def _unique_said(all_faults: Sequence[Faults]) -> None:
    claims = _Claims()
    for faults in all_faults:
        for where, related in faults.document.items("related"):
            for number, phrase in enumerate(related.get("say", ())):
                spot = f"{where}.say[{number}]"
                if phrase is None:
                    continue
                if earlier := claims.earlier(phrase, faults.document, spot):
                    problem = f"“{shown(phrase)}” is said already ({earlier})."
                    faults.add(spot, problem, "join the two, or take it out of one")


def _file_exam(faults: Faults, exams: Mapping[str, Data]) -> None:
    data = faults.document.data
    _exam(faults, "exam", data.get("exam"), "domain", data.get("domain"), exams)


def _entry_exam(faults: Faults, where: str, entry: Data, exams: Mapping[str, Data]) -> None:
    data = faults.document.data
    for key in ("exam", "domain"):
        if key not in entry and key not in data:
            problem = f"`{key}` is missing."
            faults.add(
                where, problem, f"add `{key}: …` to the entry, or at the top for all of them"
            )
    exam, domain = (entry.get(key, data.get(key)) for key in ("exam", "domain"))
    exam_spot, domain_spot = f"{where}.exam", f"{where}.domain"
    # What comes from the file has been judged there; here it is what the entry changed.
    if "exam" in entry:
        _exam(
            faults,
            exam_spot,
            exam,
            domain_spot if "domain" in entry else exam_spot,
            domain,
            exams,
        )
    elif "domain" in entry and exam in exams:
        _exam(faults, "exam", exam, domain_spot, domain, exams)


def _exam(
    faults: Faults,
    exam_spot: str,
    exam: str | None,
    domain_spot: str,
    domain: str | None,
    exams: Mapping[str, Data],
) -> None:
    if exam is None:
        return
    if exam not in exams:
        fix = did_you_mean(exam, tuple(exams), "add it under `exams:` in a knowledge file")
        faults.add(exam_spot, f"There is no exam `{shown(exam)}`.", fix)
        return
    ids = [item["id"] for _, item in places(exams[exam], "domains") if "id" in item]
    # An exam without readable domains has a fault of its own.
    if domain is not None and ids and domain not in ids:
        problem = f"The exam {exam} has no domain `{shown(domain)}`."
        faults.add(
            domain_spot, problem, did_you_mean(domain, tuple(ids), f"use one of: {', '.join(ids)}")
        )


def _differences(faults: Faults, where: str, entry: Data, entries: Mapping[str, Data]) -> None:
    linked: set[str] = set()
    for spot, difference in places(entry, "confused_with", where):
        other_id = difference.get("id")
        other = entries.get(other_id, {}) if other_id is not None else {}
        if other_id is not None:
            if other_id == entry.get("id"):
                faults.add(f"{spot}.id", "An entry cannot be confused with itself.", "name another")
                other = {}
            elif other_id not in entries:
                _no_entry(faults, f"{spot}.id", other_id, entries)
            elif other_id in linked:
                problem = f"`{other_id}` is compared here twice."
                faults.add(f"{spot}.id", problem, "keep the sharper pair")
            linked.add(other_id)
        for half in ("this", "that"):
            names = (*names_of(entry), *names_of(other))
            if half in difference and (name := mention(difference[half], names)):
                problem = f"A half of a difference names “{shown(name)}”."
                faults.add(f"{spot}.{half}", problem, "say it without either name")


def _no_entry(faults: Faults, where: str, entry_id: str, entries: Mapping[str, Data]) -> None:
    fix = did_you_mean(entry_id, tuple(entries), "write the id of an entry")
    faults.add(where, f"There is no entry `{shown(entry_id)}`.", fix)
