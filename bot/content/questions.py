"""What makes bad questions: an answer that gives itself away, options that nobody would take.

``study-bot check`` looks for it; a bot that starts does not, because it makes no such question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.content.checks import names_of
from bot.content.document import Document, Faults, places
from bot.content.scalar import shown
from bot.core.giveaway import gives_away, says, spelt_out, stands_out, telltale, written
from bot.core.maker import OPTIONS, unfair

Data = Mapping[str, Any]
NEAR = 2
"""So many of the wrong fillings are near the right one, where that is an entry's name."""


def check_questions(all_faults: Sequence[Faults]) -> None:
    """Note what is wrong with the questions that come from all documents together."""
    register = _Register()
    for faults in all_faults:
        for _, entry in faults.document.items("entries"):
            register.add(entry, faults.document)
    for faults in all_faults:
        for where, entry in faults.document.items("entries"):
            if entry.get("status", "active") != "active":
                continue
            _clues(faults, where, entry, register)
            for spot, fact in places(entry, "facts", where):
                _blank(faults, spot, fact, entry, register)
        for where, question in faults.document.items("questions"):
            _written(faults, where, question, register)


@dataclass(slots=True)
class _Register:
    """Who bears which name, and who is near whom."""

    bearers: dict[str, Data] = field(default_factory=dict)
    """By any name, in lower case; who is called so today before who was."""
    alive: defaultdict[object, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Today's names by kind, exam and domain."""
    topics: dict[str, str] = field(default_factory=dict)
    """The topic by the entry's id."""

    def add(self, entry: Data, document: Document) -> None:
        for name in names_of(entry):
            key = name.casefold()
            if key not in self.bearers or key == entry.get("name", "").casefold():
                self.bearers[key] = entry
        if "name" in entry and entry.get("status", "active") == "active":
            self.alive[_field(entry, document)].append(entry["name"])
        if "id" in entry:
            self.topics[entry["id"]] = document.id

    def bearer(self, name: str) -> Data | None:
        return self.bearers.get(name.casefold())

    def is_near(self, one: Data, other: Data) -> bool:
        """Return whether learners may take one for the other."""
        if one.get("kind") != other.get("kind"):
            return False
        ids = {one.get("id"), other.get("id")}
        return (
            one.get("category") == other.get("category")
            or len({self.topics.get(entry_id or "") for entry_id in ids}) == 1
            or any(
                difference.get("id") in ids
                for entry in (one, other)
                for _, difference in places(entry, "confused_with")
            )
        )


def _field(entry: Data, document: Document) -> tuple[object, ...]:
    """Return what entries have in common that may stand beside each other."""
    keys = ("exam", "domain")
    return (entry.get("kind"), *(entry.get(key, document.data.get(key)) for key in keys))


def _clues(faults: Faults, where: str, entry: Data, register: _Register) -> None:
    name = entry.get("name")
    if name is None:
        return
    others = [other for other in register.alive[_field(entry, faults.document)] if other != name]
    for spot, clue in places(entry, "clues", where):
        root, short = telltale(clue, name, ()), spelt_out(clue, name, ())
        if root is not None and others and not any(says(other, root) for other in others):
            problem = f"Of all names only the right one has “{written(root, name)}”, as the clue."
            faults.add(spot, problem, "say it without that word")
        elif short is not None:
            problem = f"The clue's words begin with the letters of “{short}”, as the name's do."
            faults.add(spot, problem, "say it in other words")


def _blank(faults: Faults, where: str, fact: Data, entry: Data, register: _Register) -> None:
    text, blank = fact.get("text"), fact.get("blank")
    wrong = [filling for _, filling in places(fact, "wrong", where)][: OPTIONS - 1]
    if not text or not blank or len(wrong) < OPTIONS - 1 or text.count(blank) != 1:
        return
    reason = unfair(entry.get("name", ""), text, blank, wrong)
    if reason is not None:
        problem = f"The right filling {reason}."
        faults.add(
            f"{where}.wrong", problem, "give the wrong fillings its form, or ask for another"
        )
    for spot, filling in places(fact, "wrong", where):
        _alive(faults, spot, filling, register)
    key = register.bearer(blank)
    named = [found for filling in wrong if (found := register.bearer(filling)) is not None]
    if key is not None and len(named) == len(wrong):
        near = sum(register.is_near(key, other) for other in named)
        if near < NEAR:
            problem = f"Nobody takes these for “{shown(blank)}”: only {near} of them is near it."
            faults.add(f"{where}.wrong", problem, "name what it is confused with, or its category")


def _written(faults: Faults, where: str, question: Data, register: _Register) -> None:
    answer, stem = question.get("answer", ""), question.get("question")
    choices = [choice for _, choice in places(question, "choices", where)]
    for spot, choice in places(question, "choices", where):
        _alive(faults, spot, choice, register)
    if answer not in choices or stem is None or len(choices) < 2:
        return
    others = [choice for choice in choices if choice != answer]
    is_name = register.bearer(answer) is not None
    told = gives_away(stem, answer, others, is_name=is_name)
    if told is not None:
        fix = "say it without that, or add a choice with it"
        faults.add(f"{where}.question", f"The right choice {told}.", fix)
    elif not is_name and (reason := stands_out(answer, others)) is not None:
        problem = f"The right choice {reason}."
        faults.add(f"{where}.choices", problem, "give the wrong choices its form")


def _alive(faults: Faults, where: str, option: str, register: _Register) -> None:
    bearer = register.bearer(option)
    if bearer is None:
        return
    status = bearer.get("status", "active")
    if status != "active":
        state = "retired" if status == "retired" else "closed to new customers"
        faults.add(where, f"“{shown(option)}” is {state}.", "offer what there is today")
    elif option.casefold() in {former.casefold() for _, former in places(bearer, "former")}:
        today = shown(bearer.get("name", ""))
        faults.add(where, f"“{shown(option)}” is called “{today}” today.", f"write `{today}`")
