"""What can be drawn from, by name."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest

from bot.content.shelf import Shelf
from bot.core.model import Domain, Exam, Topic
from tests.core.samples import EXAM, KNOWLEDGE, entry

OTHER = Exam("A-9", "The smaller exam", (Domain("deep", "Depths", 100),))
LONE = entry("deep-thing", "Deep thing", topic="depths", exam="A-9", domain="deep")
LONE = replace(LONE, duties={"aws": ("being deep",)})
TWO = replace(
    KNOWLEDGE,
    entries=tuple(sorted((*KNOWLEDGE.entries, LONE), key=lambda one: one.id)),
    exams=(OTHER, EXAM),
    topics=(Topic("depths", "Depths"), *KNOWLEDGE.topics),
)


@pytest.fixture(scope="module")
def one() -> Shelf:
    return Shelf.of(KNOWLEDGE)


@pytest.fixture(scope="module")
def two() -> Shelf:
    return Shelf.of(TWO)


def test_with_one_exam_its_topics_are_what_can_be_drawn_from(one):
    assert one.subjects == one.topics
    assert one.questions_on(None) == one.pool
    assert one.exam_of(None) == EXAM
    assert one.exam_of("security") is None


def test_questions_of_the_smaller_exam_come_only_when_it_is_asked_for(two):
    assert {q.exam for q in two.questions_on(None)} == {"X-1"}
    assert {q.exam for q in two.questions_on("A-9")} == {"A-9"}
    assert two.questions_on("depths") == two.questions_on("A-9")
    assert {q.topic for q in two.questions_on("language")} == {"language"}
    assert (two.exam_of(None), two.exam_of("A-9")) == (EXAM, OTHER)


def test_with_several_exams_they_can_be_drawn_from_too(two):
    assert [subject.id for subject in two.subjects] == [
        "depths",
        "language",
        "security",
        "A-9",
        "X-1",
    ]
    for called in ("a-9", "The Smaller Exam"):
        found = two.topic_named(called)
        assert found is not None
        assert found.id == "A-9"


def test_an_exam_without_questions_is_no_subject():
    empty = Shelf.of(replace(TWO, entries=KNOWLEDGE.entries))
    assert empty.subjects == empty.topics


def test_without_exams_everything_is_drawn():
    bare = Shelf.of(replace(KNOWLEDGE, exams=()))
    assert bare.main is None
    assert bare.questions_on(None) == bare.pool


def test_what_a_reload_replaced_goes_at_once():
    """It has no parts that hold each other, for garbage is looked for seldom."""
    shelf = Shelf.of(KNOWLEDGE)
    shelf.library.answer(KNOWLEDGE.entries[0].name)
    index = weakref.ref(shelf.library.index)
    gc.disable()
    try:
        del shelf
        assert index() is None
    finally:
        gc.enable()
