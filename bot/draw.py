"""`study-bot draw`: every question an entry produces, or some at random, with their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from bot.content.shelf import Shelf
from bot.core.catalogue import Catalogue
from bot.core.maker import Maker, Unasked
from bot.core.model import Entry, Question
from bot.core.post import show
from bot.core.quiz import draw_exam, draw_round
from bot.errors import UserError
from bot.terminal import question_text


def draw_entry(shelf: Shelf, called: str) -> Iterator[str]:
    """Yield every question about the entry that is called so.

    Raises:
        UserError: there is no such entry.
    """
    entry = _entry(shelf, called)
    questions = [question for question in shelf.pool if question.entry_id == entry.id]
    if entry.status != "active":
        state = "retired" if entry.status == "retired" else "closed to new customers"
        yield f"{entry.name} is {state}, so nothing is asked about it."
        return
    yield f"{entry.name}: {_count(questions)}"
    yield from _texts(questions, Random(entry.id))  # noqa: S311
    maker = Maker(shelf.knowledge.entries)
    if maker.is_alone(entry):
        yield (
            "\nFewer than three entries are near it, so wrong options come from afar: name what it"
            "\nis confused with, or give neighbours its category."
        )
    unasked = [made for made in maker.attempts(entry) if isinstance(made, Unasked)]
    if unasked:
        yield "\nNot asked:"
        yield from (f"- {one.text}: {one.why}" for one in unasked)


def draw_at_random(shelf: Shelf, topic: str | None, count: int, seed: int) -> Iterator[str]:
    """Yield ``count`` questions as a round draws them: of an exam its domains by weight.

    Raises:
        UserError: there is no such topic.
    """
    found = shelf.topic_named(topic) if topic else None
    if topic and found is None:
        names = ", ".join(subject.name for subject in shelf.subjects)
        raise UserError(f"There is no topic “{topic}”. There are: {names}.")
    topic_id = found.id if found is not None else None
    pool, exam = shelf.questions_on(topic_id), shelf.exam_of(topic_id)
    rng = Random(seed)  # noqa: S311
    drawn = draw_round(pool, count, rng) if exam is None else draw_exam(pool, count, rng, exam=exam)
    subject = found.name if found is not None else exam.name if exam is not None else "everything"
    yield f"{subject}: {_count(drawn)} of {len(pool)}, seed {seed}"
    yield from _texts(drawn, rng)


def _entry(shelf: Shelf, called: str) -> Entry:
    catalogue = Catalogue(shelf.knowledge.entries)
    entry = catalogue.find(called)
    if entry is None:
        near = catalogue.meant(called)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UserError(f"There is no entry “{called}”.{hint}")
    return entry


def _texts(questions: Sequence[Question], rng: Random) -> Iterator[str]:
    for number, question in enumerate(questions, start=1):
        yield ""
        yield question_text(show(question, rng), number)


def _count(questions: Sequence[Question]) -> str:
    return "1 question" if len(questions) == 1 else f"{len(questions)} questions"
