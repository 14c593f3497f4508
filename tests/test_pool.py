"""The questions that the shipped knowledge makes, read as an examiner reads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import pytest

from bot.core.giveaway import GAP, gives_away, stands_out
from bot.core.model import Question
from bot.core.quiz import draw_exam
from tests.conftest import shipped

ENOUGH = 600


def pool() -> tuple[Question, ...]:
    assert shipped().main is not None
    return shipped().questions_on(shipped().main.id)


def form(question: Question) -> str:
    return question.id.split(".")[1] if "." in question.id else "written"


def others(question: Question) -> list[str]:
    return [c for place, c in enumerate(question.choices) if place != question.answer]


def made(*forms: str) -> list[Question]:
    return [question for question in pool() if form(question) in forms]


def test_there_are_enough_distinct_questions():
    asked = {(q.prompt, q.key) for q in pool() if len(q.choices) >= 4}
    assert len(asked) >= ENOUGH
    assert len({q.id for q in pool()}) == len(pool())


def test_every_domain_could_fill_an_exam_by_its_weight():
    exam = shipped().main
    assert exam is not None
    counts = Counter(q.domain for q in pool() if len(q.choices) >= 4)
    for domain in exam.domains:
        assert counts[domain.id] >= ENOUGH * domain.weight / 100, domain.id
    for seed in range(5):
        drawn = draw_exam(pool(), 100, Random(seed), exam)
        shares = Counter(q.domain for q in drawn)
        assert {d.id: shares[d.id] for d in exam.domains} == {d.id: d.weight for d in exam.domains}


def test_every_entry_in_scope_is_asked_about():
    never = [
        entry.id
        for entry in shipped().knowledge.entries
        if entry.status == "active" and entry.id not in {q.entry_id for q in shipped().pool}
    ]
    assert never == []


def test_no_question_gives_its_answer_away():
    told = []
    for question in made("clue", "blank", "difference"):
        asked = question.prompt.replace(GAP, " ")
        if form(question) == "difference":
            asked = asked.split(": which one ", 1)[1]
        is_name = form(question) != "blank"
        reason = gives_away(asked, question.key, others(question), is_name=is_name)
        if form(question) == "blank":
            reason = reason or stands_out(question.key, others(question))
        if reason:
            told.append(f"{question.id}: the right option {reason}")
    assert told == []


@pytest.mark.parametrize("asked", ["clue", "trait", "blank", "written"])
def test_the_right_option_is_neither_always_the_longest_nor_the_shortest(asked):
    """Of four options a quarter would be each; ties count for both."""
    questions = [q for q in made(asked) if len(q.choices) == 4]
    longest = sum(len(q.key) == max(map(len, q.choices)) for q in questions)
    shortest = sum(len(q.key) == min(map(len, q.choices)) for q in questions)
    assert 0.1 < longest / len(questions) < 0.45
    assert 0.1 < shortest / len(questions) < 0.45


def test_no_option_is_another_or_within_the_question():
    for question in made("clue"):
        assert len({choice.casefold() for choice in question.choices}) == len(question.choices)
        for choice in question.choices:
            assert choice.casefold() not in question.prompt.casefold(), question.id


def test_options_are_of_one_kind_and_alive():
    by_name = {entry.name: entry for entry in shipped().knowledge.entries}
    for question in made("clue"):
        entries = [by_name[choice] for choice in question.choices]
        assert {entry.status for entry in entries} == {"active"}, question.id
        assert len({entry.kind for entry in entries}) == 1, question.id


def test_the_same_three_do_not_always_stand_together():
    beside: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for question in made("clue"):
        beside[question.entry_id].append(frozenset(others(question)))
    several = [sets for sets in beside.values() if len(sets) >= 3]
    varied = sum(len(set(sets)) > 1 for sets in several)
    assert varied >= 0.9 * len(several)


def test_a_draw_for_one_exam_asks_nothing_of_another():
    for exam in shipped().exams:
        assert {q.exam for q in shipped().questions_on(exam.id)} <= {exam.id}
    assert {q.exam for q in shipped().questions_on(None)} == {shipped().main.id}
