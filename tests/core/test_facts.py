"""The fact that answers stands first: by the words it shares, and by what kind is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.corpus import FIRST_FACT
from bot.core.facts import KINDS, Facts, missed, wanted
from tests.core.samples import fact


def order(question, stems, facts, passages):
    return Facts(facts).order(wanted(question), frozenset(stems), passages)


FACTS = (
    fact("It stores objects in buckets."),
    fact("A function runs for at most 15 minutes."),
    fact("The service itself comes at no additional charge."),
    fact("AWS patches the operating system; you stay responsible for your code."),
    fact("It is a Regional service."),
    fact("Encryption with KMS keys can be chosen."),
    fact("Copying requires versioning on both sides."),
    fact("Commitments save up to 72 percent."),
)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("how long can it run", 1),
        ("maximum?", 1),
        ("is it free", 2),
        ("what does it cost", 2),
        ("who patches the os", 3),
        ("is it global or regional", 4),
        ("are things encrypted", 5),
        ("what must i switch on first", 6),
        ("biggest discount in %", 7),
        ("our worker is broken for two weeks", 1),
        ("what is it", 0),
    ],
)
def test_the_kind_that_is_asked_for_comes_first(question, place):
    assert order(question, set(), FACTS, {})[0] == FACTS[place]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_the_letters_that_are_quickly_looked_for_miss_no_question(kind, data):
    text = data.draw(st.from_regex(kind.asked.pattern))
    assert kind.asked.is_in(text) == (kind.asked.pattern.search(text) is not None)


def test_shared_words_count_more_than_the_kind():
    assert order("how long are objects kept", set(), FACTS, {FIRST_FACT: 1.0})[0] == FACTS[0]


def test_all_facts_are_kept_and_equal_ones_stay_as_written():
    assert sorted(order("is it free", set(), FACTS, {}), key=FACTS.index) == list(FACTS)
    assert order("?", set(), FACTS, {}) == FACTS
    assert order("?", set(), (), {}) == ()


def test_what_comes_before_its_use_is_a_requirement():
    facts = (fact("It guards accounts."), fact("Before you use it you join an organization."))
    assert order("requirements?", set(), facts, {})[0] == facts[1]


def test_a_fact_whose_term_is_asked_for_goes_before_its_equals():
    facts = (fact("It counts."), fact("It counts twice.", "data sources", "input"))
    assert order("?", {"data", "sourc", "which"}, facts, {FIRST_FACT + 1: 0.0})[0] == facts[1]
    assert order("?", {"data", "which"}, facts, {FIRST_FACT + 1: 0.0})[0] == facts[0]


def test_kinds_of_fact_that_are_missed():
    assert missed(wanted("how many and how long"), ["It takes 15 minutes."]) == 0
    assert missed(wanted("how many and is it free"), ["It takes 15 minutes."]) == 1
    assert missed(wanted("what is it"), []) == 0
