"""What must hold inside one record beyond its form: dates, blanks, clues, answers, weights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.content.document import Faults, places
from bot.content.scalar import shown
from bot.content.schema import DATE
from bot.core.giveaway import is_whole, mention

Data = Mapping[str, Any]


def check_document(faults: Faults, today: date | None) -> None:
    """Note what is wrong inside the records of one file.

    ``today`` bounds ``verified_on``; None leaves the future unchecked.
    """
    document = faults.document
    for where, entry in document.items("entries"):
        _evidence(faults, where, entry, today)
        for spot, fact in places(entry, "facts", where):
            _evidence(faults, spot, fact, today)
            _blank(faults, spot, fact)
        _own_names(faults, where, entry)
        _duties(faults, where, entry)
    for where, question in document.items("questions"):
        _answer(faults, where, question)
    for where, exam in document.items("exams"):
        _domains(faults, where, exam)


def names_of(entry: Data) -> tuple[str, ...]:
    """Return every name of an entry: today's, the aliases, the former ones."""
    return tuple(text for _, text in named(entry, ""))


def named(entry: Data, where: str) -> Iterable[tuple[str, str]]:
    """Return every name of an entry with its place."""
    if "name" in entry:
        yield f"{where}.name", entry["name"]
    yield from places(entry, "aliases", where)
    yield from places(entry, "former", where)


def _evidence(faults: Faults, where: str, record: Data, today: date | None) -> None:
    written = record.get("verified_on")
    if written is None or not re.search(DATE.pattern, written):
        return  # noted with the form
    spot = f"{where}.verified_on"
    try:
        day = date.fromisoformat(written)
    except ValueError:
        faults.add(spot, f"“{shown(written)}” is no day of the calendar.", "correct it")
        return
    if today is not None and day > today:
        problem = f"{written} is in the future."
        faults.add(spot, problem, "write the day on which you read the page")


def _blank(faults: Faults, where: str, fact: Data) -> None:
    text, blank = fact.get("text"), fact.get("blank")
    if not blank:
        return
    for spot, wrong in places(fact, "wrong", where):
        if wrong.casefold() == blank.casefold():
            faults.add(spot, f"“{shown(wrong)}” is the right filling.", "write a false one")
    if not text:
        return
    spot, count = f"{where}.blank", text.count(blank)
    if count != 1:
        stands = "does not stand" if count == 0 else f"stands {count} times"
        problem = f"“{shown(blank)}” {stands} in the text."
        fix = (
            "copy it from the text, with its case" if count == 0 else "choose a part that is unique"
        )
        faults.add(spot, problem, fix)
    elif not is_whole(text, at := text.index(blank), at + len(blank)):
        faults.add(spot, f"“{shown(blank)}” is a part of a word in the text.", "take whole words")


def _own_names(faults: Faults, where: str, entry: Data) -> None:
    names = names_of(entry)
    for spot, clue in places(entry, "clues", where):
        if name := mention(clue, names):
            problem = f"The clue gives its own answer away: “{shown(name)}”."
            faults.add(spot, problem, "say it without the name")


def _duties(faults: Faults, where: str, entry: Data) -> None:
    first: dict[str, str] = {}
    duties = entry.get("responsibilities", {})
    for side in duties:
        for spot, duty in places(duties, side, f"{where}.responsibilities"):
            owner = first.setdefault(duty.casefold(), side)
            if owner != side:
                problem = f"“{shown(duty)}” is listed under `{owner}` too."
                faults.add(spot, problem, "keep it on one side, or only under `shared`")


def _answer(faults: Faults, where: str, question: Data) -> None:
    choices = [choice for _, choice in places(question, "choices")]
    answer = question.get("answer")
    if answer is not None and choices and answer not in choices:
        problem = f"“{shown(answer)}” is none of the choices."
        faults.add(f"{where}.answer", problem, "copy the right choice, word for word")


def _domains(faults: Faults, where: str, exam: Data) -> None:
    domains = list(places(exam, "domains", where))
    seen: set[str] = set()
    for spot, domain in domains:
        if domain.get("id") in seen:
            problem = f"The exam has a domain `{shown(domain['id'])}` already."
            faults.add(f"{spot}.id", problem, "give each domain its own id")
        seen.update((domain["id"],) if "id" in domain else ())
    weights = [domain.get("weight") for _, domain in domains]
    known = [weight for weight in weights if weight is not None]
    if known and len(known) == len(weights) and sum(known) != 100:
        problem = f"The weights add up to {sum(known)}, not to 100."
        faults.add(f"{where}.domains", problem, "copy the weights from the exam guide")
