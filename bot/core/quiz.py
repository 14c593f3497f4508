"""Multiple-choice questions made from entries, and drawing from them.

Four forms, each from something an author wrote to have one right answer: a clue ("Which service
...?"), a blank in a fact, a divided responsibility, and a difference between two neighbours.
Wrong options are names an entry is confused with, then names of its category, then of its topic:
plausible, of the same kind, and never right, because a clue fits one entry only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from zlib import crc32

from bot.core.model import Duty, Entry, Knowledge, Question

OPTIONS = 4
GAP = "______"
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
_BOTH = "AWS and the customer, each for its own part"


def question_pool(knowledge: Knowledge) -> tuple[Question, ...]:
    """Return every question that can be asked, by id: hand-written ones and made ones.

    Entries that are retired or closed to new customers are not asked about.
    """
    by_id = {entry.id: entry for entry in knowledge.entries}
    made = [
        question
        for entry in knowledge.entries
        if entry.status == "active"
        for question in questions_of(entry, by_id)
    ]
    written = [q for q in knowledge.questions if by_id[q.entry_id].status == "active"]
    return tuple(sorted((*written, *made), key=lambda question: question.id))


def questions_of(entry: Entry, by_id: Mapping[str, Entry]) -> tuple[Question, ...]:
    """Return every question that ``entry`` can produce; ``by_id`` holds all entries."""
    return (
        *_from_clues(entry, by_id),
        *_from_blanks(entry),
        *_from_duties(entry),
        *_from_differences(entry, by_id),
    )


def _make(
    entry: Entry,
    form: str,
    prompt: str,
    choices: Sequence[str],
    explanation: str,
    *,
    source: str | None = None,
    answer: int = 0,
) -> Question:
    mark = crc32("\n".join((prompt, choices[answer])).encode())
    return Question(
        id=f"{entry.id}.{form}.{mark:08x}",
        prompt=prompt,
        choices=tuple(choices),
        answer=answer,
        explanation=explanation,
        source=source or entry.evidence.source,
        entry_id=entry.id,
        topic=entry.topic,
        exam=entry.exam,
        domain=entry.domain,
    )


def distractors(entry: Entry, by_id: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """Return the entries that may stand as wrong options for ``entry``, most plausible first."""
    mixed_up = [difference.entry_id for difference in entry.differences]

    def nearness(other: Entry) -> tuple[int, int, str]:
        if other.id in mixed_up:
            rank = mixed_up.index(other.id)
        elif any(difference.entry_id == entry.id for difference in other.differences):
            rank = 10
        elif other.category == entry.category:
            rank = 20
        elif other.topic == entry.topic:
            rank = 30
        else:
            rank = 40 if other.domain == entry.domain else 50
        return rank, crc32(f"{entry.id} {other.id}".encode()), other.id

    alike = [
        other
        for other in by_id.values()
        if other.id != entry.id and other.kind == entry.kind and other.status == "active"
    ]
    return tuple(sorted(alike, key=nearness))


def _from_clues(entry: Entry, by_id: Mapping[str, Entry]) -> Iterable[Question]:
    wrong = distractors(entry, by_id)
    if len(wrong) < OPTIONS - 1:
        return
    noun = KIND_NOUNS[entry.kind]
    for number, clue in enumerate(entry.clues):
        # The two nearest are always there; the third changes from clue to clue.
        third = wrong[2 + number % min(len(wrong) - 2, 6)]
        names = (entry.name, wrong[0].name, wrong[1].name, third.name)
        yield _make(entry, "clue", f"Which {noun} {clue}?", names, f"{entry.name}: {entry.summary}")


def _from_blanks(entry: Entry) -> Iterable[Question]:
    for fact in entry.facts:
        if fact.blank is None:
            continue
        gapped = fact.text.replace(fact.blank.hide, GAP, 1)
        choices = (fact.blank.hide, *fact.blank.wrong[: OPTIONS - 1])
        yield _make(
            entry,
            "blank",
            f"{entry.name}: what fills the gap?\n> {gapped}",
            choices,
            fact.text,
            source=fact.evidence.source,
        )


def _from_duties(entry: Entry) -> Iterable[Question]:
    for side, other in (("aws", "customer"), ("customer", "aws")):
        wrong = entry.duties.get(other, ())  # type: ignore[call-overload]
        for number, duty in enumerate(entry.duties.get(side, ())):  # type: ignore[call-overload]
            explanation = f"With {entry.name}, {_SIDES[side]} is responsible for {duty}."  # type: ignore[index]
            if len(wrong) >= OPTIONS - 1:
                start = number % len(wrong)
                others = [wrong[(start + step) % len(wrong)] for step in range(OPTIONS - 1)]
                owner = "AWS's" if side == "aws" else "the customer's"
                prompt = f"{entry.name}: which of these is {owner} responsibility?"
                yield _make(entry, "duty", prompt, (duty, *others), explanation)
            else:
                key = "AWS" if side == "aws" else "The customer"
                rest = "The customer" if side == "aws" else "AWS"
                prompt = f"{entry.name}: who is responsible for {duty}?"
                yield _make(entry, "owner", prompt, (key, rest, _BOTH), explanation)
    for duty in entry.duties.get("shared", ()):
        prompt = f"{entry.name}: who is responsible for {duty}?"
        explanation = (
            f"With {entry.name}, {duty} is shared: AWS and the customer each do their part."
        )
        yield _make(entry, "owner", prompt, (_BOTH, "AWS", "The customer"), explanation)


def _from_differences(entry: Entry, by_id: Mapping[str, Entry]) -> Iterable[Question]:
    for difference in entry.differences:
        other = by_id[difference.entry_id]
        if other.status != "active":
            continue
        first, second = sorted((entry.name, other.name))
        yield _make(
            entry,
            "difference",
            f"{first} or {second}: which one {difference.this}?",
            (entry.name, other.name),
            f"{entry.name} {difference.this}; {other.name} {difference.that}.",
        )


def draw_round(
    pool: Sequence[Question],
    count: int,
    rng: Random,
    *,
    avoid: Collection[str] = (),
    avoid_entries: Collection[str] = (),
) -> tuple[Question, ...]:
    """Draw up to ``count`` questions without one of ``avoid``, spread over different entries.

    An entry comes again only when every other entry has come as often.
    """
    by_entry: defaultdict[str, list[Question]] = defaultdict(list)
    for question in pool:
        if question.id not in avoid and question.entry_id not in avoid_entries:
            by_entry[question.entry_id].append(question)
    for questions in by_entry.values():
        rng.shuffle(questions)
    drawn: list[Question] = []
    while by_entry and len(drawn) < count:
        order = sorted(by_entry)
        rng.shuffle(order)
        for entry_id in order[: count - len(drawn)]:
            drawn.append(by_entry[entry_id].pop())
            if not by_entry[entry_id]:
                del by_entry[entry_id]
    return tuple(drawn)
