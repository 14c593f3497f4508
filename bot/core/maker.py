"""Multiple-choice questions made from entries.

Five forms, each from something an author wrote to have one right answer: a clue ("Which service
...?"), the clue turned round ("which of these describes it?"), a blank in a fact, a divided
responsibility, and a difference between two neighbours. What would give its answer away is not
made; ``study-bot check`` names what an author can mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from bot.core.giveaway import GAP, gives_away, mention, open_article, stands_out, telltale
from bot.core.model import Duty, Entry, Question
from bot.core.neighbour import Neighbours

OPTIONS = 4
KIND_NOUNS = {
    "service": "service",
    "feature": "feature",
    "concept": "concept",
    "policy": "policy",
    "account": "account or user",
    "tool": "tool",
    "plan": "plan",
    "option": "option",
}
_SIDES: Mapping[Duty, str] = {"aws": "AWS", "customer": "the customer"}
_OWNERS = ("AWS", "The customer")
_BOTH = "AWS and the customer, each for its own part"


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something of an entry that no question is made from."""

    text: str
    why: str
    """Continues "not asked, because"."""


class Maker:
    """Makes the questions of every entry; the order of the entries makes no difference."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_id = {entry.id: entry for entry in entries}
        self._neighbours = Neighbours(entries)

    def questions_of(self, entry: Entry) -> tuple[Question, ...]:
        """Return every question that ``entry`` can produce; none when it is not active."""
        if entry.status != "active":
            return ()
        return tuple(made for made in self.attempts(entry) if isinstance(made, Question))

    def is_alone(self, entry: Entry) -> bool:
        """Return whether too few are near ``entry``, so that wrong options come from afar."""
        return self._neighbours.near(entry) < OPTIONS - 1

    def attempts(self, entry: Entry) -> Iterator[Question | Unasked]:
        """Yield what becomes of each part of ``entry``, whatever its status."""
        yield from self._from_clues(entry)
        yield from _from_blanks(entry)
        yield from _from_duties(entry)
        yield from self._from_differences(entry)

    def _from_clues(self, entry: Entry) -> Iterator[Question | Unasked]:
        noun = KIND_NOUNS[entry.kind]
        explanation = f"{entry.name}: {entry.summary}"
        for clue in entry.clues:
            others = self._neighbours.beside(entry, clue, OPTIONS - 1)
            if not others:
                yield Unasked(clue, "no three neighbours make fair wrong options")
                continue
            names = (entry.name, *(other.name for other in others))
            yield _make(entry, "clue", f"Which {noun} {clue}?", names, explanation)
            # Every second one is turned round too.
            if crc32(clue.encode()) % 2 == 0:
                wrong = self._wrong_traits(entry, clue)
                if len(wrong) == OPTIONS - 1 and not telltale(entry.name, clue, wrong):
                    prompt = f"{entry.name}: which of these describes it?"
                    yield _make(entry, "trait", prompt, (clue, *wrong), explanation)

    def _wrong_traits(self, entry: Entry, clue: str) -> list[str]:
        """Return three clues of neighbours, about as long as ``clue``, that do not fit."""
        found: list[str] = []
        for other in self._neighbours.apart(entry, clue):
            by_length = sorted(other.clues, key=lambda text: (abs(len(text) - len(clue)), text))
            fair = (
                text
                for text in by_length
                if not mention(text, entry.names) and not self._neighbours.fits_too(text, entry)
            )
            found += islice(fair, 1)
            if len(found) == OPTIONS - 1:
                break
        return found

    def _from_differences(self, entry: Entry) -> Iterator[Question | Unasked]:
        for difference in entry.differences:
            other = self._by_id[difference.entry_id]
            why = None
            if other.status != "active":
                why = f"{other.name} is {other.status}"
            elif (entry.kind == "concept") != (other.kind == "concept"):
                why = "between an idea and a product the wording decides"
            elif told := gives_away(difference.this, entry.name, [other.name]):
                why = f"the right name {told}"
            if why is not None:
                yield Unasked(difference.this, why)
                continue
            first, second = sorted((entry.name, other.name))
            yield _make(
                entry,
                "difference",
                f"{first} or {second}: which one {difference.this}?",
                (entry.name, other.name),
                f"{entry.name} {difference.this}; {other.name} {difference.that}.",
            )


def unfair(entry_name: str, text: str, hide: str, wrong: Sequence[str]) -> str | None:
    """Return what gives away the right filling of a blank; None when nothing does.

    The answer continues "the right filling ...".
    """
    asked = f"{entry_name} {text.replace(hide, GAP, 1)}"
    return gives_away(asked, hide, wrong, is_name=False) or stands_out(hide, wrong)


def _from_blanks(entry: Entry) -> Iterator[Question | Unasked]:
    for fact in entry.facts:
        if fact.blank is None:
            continue
        hide, wrong = fact.blank.hide, fact.blank.wrong[: OPTIONS - 1]
        gapped = open_article(fact.text.replace(hide, GAP, 1), (hide, *wrong))
        why = unfair(entry.name, fact.text, hide, wrong)
        if why is not None:
            yield Unasked(gapped, f"the right filling {why}")
            continue
        yield _make(
            entry,
            "blank",
            f"{entry.name}: what fills the gap?\n> {gapped}",
            (hide, *wrong),
            fact.text,
            source=fact.evidence.source,
        )


def _from_duties(entry: Entry) -> Iterator[Question | Unasked]:
    sides: tuple[tuple[Duty, Duty], ...] = (("aws", "customer"), ("customer", "aws"))
    for side, other in sides:
        wrong = entry.duties.get(other, ())
        for number, duty in enumerate(entry.duties.get(side, ())):
            explanation = f"With {entry.name}, {_SIDES[side]} is responsible for {duty}."
            if len(wrong) < OPTIONS - 1:
                key, rest = _OWNERS if side == "aws" else _OWNERS[::-1]
                yield _owner(entry, duty, (key, rest, _BOTH), explanation)
                continue
            start = number % len(wrong)
            others = [wrong[(start + step) % len(wrong)] for step in range(OPTIONS - 1)]
            owner = "AWS's" if side == "aws" else "the customer's"
            prompt = f"{entry.name}: which of these is {owner} responsibility?"
            if telltale(prompt, duty, others):
                yield Unasked(duty, "it alone names its owner")
            else:
                yield _make(entry, "duty", prompt, (duty, *others), explanation)
    for duty in entry.duties.get("shared", ()):
        explanation = (
            f"With {entry.name}, {duty} is shared: AWS and the customer each do their part."
        )
        yield _owner(entry, duty, (_BOTH, *_OWNERS), explanation)


def _owner(entry: Entry, duty: str, choices: Sequence[str], explanation: str) -> Question:
    prompt = f"{entry.name}: who is responsible for {duty}?"
    return _make(entry, "owner", prompt, choices, explanation)


def _make(
    entry: Entry,
    form: str,
    prompt: str,
    choices: Sequence[str],
    explanation: str,
    *,
    source: str | None = None,
) -> Question:
    """Return a question whose first choice is right."""
    mark = crc32("\n".join((prompt, choices[0])).encode())
    return Question(
        id=f"{entry.id}.{form}.{mark:08x}",
        prompt=prompt,
        choices=tuple(choices),
        answer=0,
        explanation=explanation,
        source=source or entry.evidence.source,
        entry_id=entry.id,
        topic=entry.topic,
        exam=entry.exam,
        domain=entry.domain,
    )
