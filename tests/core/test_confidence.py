"""Sure, a guess, or nothing: what the fitted sums must hold to, whatever their numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.english import load_language
from bot.core import confidence, fitted
from bot.core.confidence import Grounds, grounds, judge, logit
from bot.core.library import Library
from bot.core.ranking import NAMES
from bot.core.tuning import Tuning
from tests.core.samples import KNOWLEDGE

LIBRARY = Library(KNOWLEDGE, load_language())


def judged(question: str, tuning: Tuning) -> str:
    reading = LIBRARY.read(question)
    ranked = LIBRARY.ranker.rank(reading)
    found = LIBRARY.found_by(reading, ranked[0])
    return judge(reading, ranked, LIBRARY.index, found, tuning).confidence


def grounds_of(question: str) -> Grounds:
    reading = LIBRARY.read(question)
    ranked = LIBRARY.ranker.rank(reading)
    return grounds(reading, ranked, LIBRARY.index, LIBRARY.found_by(reading, ranked[0]))


def test_every_weight_has_its_sign_and_every_sign_its_weight():
    assert set(fitted.SIGNS) == set(NAMES)
    assert set(fitted.ABOUT) == set(fitted.RIGHT) == set(Grounds._fields)


def test_nothing_found_is_no_answer():
    assert LIBRARY.answer("zzzz").kind == "none"


def test_the_thresholds_decide():
    question = "which service detects PII?"
    never, always = 1e9, -1e9
    assert judged(question, replace(Tuning(), least_about=never)) == "none"
    low = replace(
        Tuning(),
        least_about=always,
        least_about_sure=always,
        least_right=always,
        least_right_exam=always,
    )
    assert judged(question, low) == "sure"
    high = replace(low, least_right=never, least_right_exam=never)
    assert judged(question, high) == "unsure"
    assert judged(question, replace(low, least_about_sure=never)) == "unsure"


def test_a_logit_is_a_weighted_sum():
    found = Grounds(*range(len(Grounds._fields)))
    weights = dict.fromkeys(Grounds._fields, 1.0)
    assert logit(weights, found) == sum(range(len(Grounds._fields)))


@pytest.mark.parametrize(
    ("question", "is_exam"),
    [
        ("which service detects pii", False),
        ("Which AWS service should the company use to detect personal data in buckets?", True),
        ("We store files. What finds PII?", True),
        ("macie", False),
    ],
)
def test_an_exams_question_is_told_from_chat(question, is_exam):
    assert confidence.is_exam(LIBRARY.read(question)) is is_exam


def test_grounds_are_bounded_where_they_say_so():
    found = grounds_of("which service detects pii in aws " + "macie " * 50)
    assert found.one == 1.0
    assert 0.0 <= found.cover <= 1.0
    assert 0.0 <= found.unknown <= 1.0
    assert found.matched <= 6
    assert found.margin <= 3.0
    assert found.least_ours <= 0.0 <= found.most_ours
    assert 0.0 <= found.told <= 1.0


def test_what_is_said_beside_the_name_may_be_told_or_not():
    assert grounds_of("macie").told == 1.0
    told, untold = grounds_of("does macie detect pii"), grounds_of("does macie sing operas")
    assert told.told > 0.5 > untold.told
    assert untold.told_subject == untold.told


def test_a_coined_name_is_told_from_an_everyday_word():
    assert grounds_of("macie?").is_coined == 1.0
    assert grounds_of("what is a shield good for").is_coined == 0.0
    assert grounds_of("what is SHIELD good for").is_coined == 1.0


def test_it_may_ask_what_a_thing_is():
    assert grounds_of("explain macie like im 5").defines == 1.0
    assert grounds_of("explain pii like im 5").defines == 0.0


def test_a_kind_of_fact_that_is_not_shown_is_missed():
    assert grounds_of("who patches macie").missed == 1.0
    assert grounds_of("what is macie").missed == 0.0


def test_a_word_is_special_when_the_knowledge_says_it_more_than_everybody():
    special = {
        word.text: word.special for word in LIBRARY.read("macie breakfast vulnerability").words
    }
    assert special["macie"] > special["vulnerability"] > 0 > special["breakfast"]
    assert all(-3.0 <= value <= 3.0 for value in special.values())
