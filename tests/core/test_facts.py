"""The fact that answers stands first: by the words it shares, and by what kind is asked for."""

from __future__ import annotations

import pytest

from bot.core.corpus import FIRST_FACT
from bot.core.facts import order
from tests.core.samples import fact

FACTS = (
    fact("It stores objects in buckets."),
    fact("A function runs for at most 15 minutes."),
    fact("The service itself comes at no additional charge."),
    fact("AWS patches the operating system; you stay responsible for your code."),
    fact("It is a Regional service."),
    fact("Encryption with KMS keys can be chosen."),
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
        ("what is it", 0),
    ],
)
def test_the_kind_that_is_asked_for_comes_first(question, place):
    assert order(question, FACTS, {})[0] == FACTS[place]


def test_shared_words_count_more_than_the_kind():
    assert order("how long are objects kept", FACTS, {FIRST_FACT: 1.0})[0] == FACTS[0]


def test_all_facts_are_kept_and_equal_ones_stay_as_written():
    assert sorted(order("is it free", FACTS, {}), key=FACTS.index) == list(FACTS)
    assert order("?", FACTS, {}) == FACTS
    assert order("?", (), {}) == ()
