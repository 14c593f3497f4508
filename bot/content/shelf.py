"""What the running bot knows: knowledge with everything derived from it, swapped as a whole."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.content.english import load_language
from bot.content.kept import load_library
from bot.content.load import load_knowledge
from bot.core.coverage import beyond_scope
from bot.core.library import Library
from bot.core.model import Entry, Exam, Knowledge, Question, Topic
from bot.core.quiz import main_exam, question_pool

OBJECTS_UNTIL_A_LOOK = 50_000
"""How many more objects there are than at the last look for garbage before there is another."""


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


@contextmanager
def kept_for_good() -> Iterator[None]:
    """Have Python not look for garbage in what is there now, and seldom in what comes after.

    Nearly all of what is there is knowledge; each look takes a tenth of a second in which nobody is
    answered. Answering leaves next to no garbage, and remembers much: to look through that after
    every few questions takes longer than they do.
    """
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_UNTIL_A_LOOK, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@dataclass(frozen=True)
class Shelf:
    """One consistent reading of the knowledge files.

    Questions are made when they are first wanted: to answer, none are needed.
    """

    knowledge: Knowledge
    library: Library

    @classmethod
    def of(cls, knowledge: Knowledge) -> Shelf:
        """Index ``knowledge``. Takes a moment: not for the event loop."""
        with unhurried_collector():
            return cls(knowledge, Library(knowledge, load_language()))

    @classmethod
    def read(cls, path: Path, copy: Path | None = None) -> Shelf:
        """Read the files under ``path``, faster from a ``copy`` made of the same by an earlier run.

        Raises:
            ContentError: with every fault of every file.
        """
        with unhurried_collector():
            if copy is None:
                return cls.of(load_knowledge(path))
            library = load_library(path, copy)
            return cls(library.knowledge, library)

    @cached_property
    def pool(self) -> tuple[Question, ...]:
        """Every question that can be asked, by id. The first time takes a moment, as ``of``."""
        return question_pool(self.knowledge)

    @cached_property
    def _by_question_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.pool}

    @cached_property
    def main(self) -> Exam | None:
        """The exam that is meant when nobody says which."""
        return main_exam(self.knowledge)

    @cached_property
    def beyond(self) -> frozenset[str]:
        """Ids of entries that the guide of their exam puts out of scope."""
        return beyond_scope(self.knowledge)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topic families, by name."""
        return self.knowledge.topics

    @cached_property
    def subjects(self) -> tuple[Topic, ...]:
        """What can be drawn from: the topic families, and where there are several the exams."""
        asked = {question.exam for question in self.pool}
        exams = tuple(Topic(exam.id, exam.name) for exam in self.exams if exam.id in asked)
        return (*self.topics, *exams) if len(exams) > 1 else self.topics

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
        if not ids:
            return ()
        known = self._by_question_id
        return tuple(known[id_] for id_ in sorted(ids) if id_ in known)

    def topic_named(self, text: str) -> Topic | None:
        """Return the subject whose id or name is ``text``, whatever its case."""
        wanted = text.strip().casefold()
        for topic in self.subjects:
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

    def questions_on(self, topic_id: str | None) -> tuple[Question, ...]:
        """Return the questions of one topic or exam; None stands for the main exam.

        An exam's are without what its guide puts out of scope; a topic's are all.
        """
        exam = self.exam_of(topic_id)
        if exam is not None:
            return self._pools[exam]
        return self._pools.get(topic_id, ())

    @cached_property
    def _pools(self) -> dict[Exam | str | None, tuple[Question, ...]]:
        """Questions by exam, by topic id, and all of them under None."""
        found: dict[Exam | str | None, tuple[Question, ...]] = {None: self.pool}
        for exam in self.exams:
            found[exam] = tuple(
                question
                for question in self.pool
                if question.exam == exam.id and question.entry_id not in self.beyond
            )
        for topic in self.topics:
            found[topic.id] = tuple(q for q in self.pool if q.topic == topic.id)
        return found

    def exam_of(self, topic_id: str | None) -> Exam | None:
        """Return the exam that ``questions_on`` draws from as a whole; None for a topic."""
        if topic_id is None:
            return self.main
        return next((exam for exam in self.exams if exam.id == topic_id), None)
