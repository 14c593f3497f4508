"""What the running bot knows: knowledge with everything derived from it, swapped as a whole."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.content.english import load_language
from bot.content.load import load_knowledge
from bot.core.library import Library
from bot.core.model import Entry, Exam, Knowledge, Question, Topic
from bot.core.quiz import question_pool


@contextmanager
def unhurried_collector() -> Iterator[None]:
    """Keep Python from looking for garbage while much is made that stays: half the time.

    Nests; what was switched off before stays so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Shelf:
    """One consistent reading of the knowledge files."""

    knowledge: Knowledge
    library: Library
    pool: tuple[Question, ...]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Shelf:
        """Index ``knowledge`` and make its questions. Takes a moment: not for the event loop."""
        with unhurried_collector():
            return cls(knowledge, Library(knowledge, load_language()), question_pool(knowledge))

    @classmethod
    def read(cls, path: Path) -> Shelf:
        """Read the files under ``path``.

        Raises:
            ContentError: with every fault of every file.
        """
        with unhurried_collector():
            return cls.of(load_knowledge(path))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topic families, by name."""
        return self.knowledge.topics

    @property
    def exams(self) -> tuple[Exam, ...]:
        """The exams, by id."""
        return self.knowledge.exams

    @property
    def by_id(self) -> dict[str, Entry]:
        """Entries by id."""
        return self.library.by_id

    def questions_of_ids(self, ids: Collection[str]) -> tuple[Question, ...]:
        """Return the questions that have one of ``ids``; those that are gone are left out."""
        return tuple(question for question in self.pool if question.id in ids) if ids else ()

    def topic_named(self, text: str) -> Topic | None:
        """Return the topic whose id or name is ``text``, whatever its case."""
        wanted = text.strip().casefold()
        for topic in self.topics:
            if wanted in (topic.id.casefold(), topic.name.casefold()):
                return topic
        return None

    def questions_on(self, topic_id: str | None) -> tuple[Question, ...]:
        """Return the questions of one topic, or all of them."""
        if topic_id is None:
            return self.pool
        return tuple(question for question in self.pool if question.topic == topic_id)
