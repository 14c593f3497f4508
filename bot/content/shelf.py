"""What the running bot knows: knowledge with everything derived from it, swapped as a whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.content.english import load_english
from bot.content.load import load_knowledge
from bot.core.library import Library
from bot.core.model import Entry, Exam, Knowledge, Question, Topic
from bot.core.quiz import question_pool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One consistent reading of the knowledge files."""

    knowledge: Knowledge
    library: Library
    pool: tuple[Question, ...]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Shelf:
        """Index ``knowledge`` and make its questions. Takes a moment: not for the event loop."""
        return cls(knowledge, Library(knowledge, load_english()), question_pool(knowledge))

    @classmethod
    def read(cls, path: Path) -> Shelf:
        """Read the files under ``path``.

        Raises:
            ContentError: with every fault of every file.
        """
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

    def exam_named(self, text: str) -> Exam | None:
        """Return the exam whose id or name is ``text``, whatever its case."""
        wanted = text.strip().casefold()
        for exam in self.exams:
            if wanted in (exam.id.casefold(), exam.name.casefold()):
                return exam
        return None

    def questions_on(
        self, topic_id: str | None, exam_id: str | None = None
    ) -> tuple[Question, ...]:
        """Return the questions of one topic, of one exam, or all of them."""
        if topic_id is None and exam_id is None:
            return self.pool
        return tuple(
            question
            for question in self.pool
            if topic_id in (None, question.topic) and exam_id in (None, question.exam)
        )
