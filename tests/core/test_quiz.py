"""The questions that there are, and drawing from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Domain, Exam
from bot.core.quiz import draw_exam, draw_round, main_exam, question_pool
from tests.core.samples import ENTRIES, EXAM, KNOWLEDGE, SNOWBALL, in_order, question

POOL = question_pool(KNOWLEDGE)
DAY = date(2026, 11, 24)


def test_the_pool_holds_written_and_made_questions_by_id():
    ids = [q.id for q in POOL]
    assert ids == sorted(set(ids))
    assert "amazon-macie.written" in ids
    assert {q.id.split(".")[1] for q in POOL} == {
        "written",
        "clue",
        "trait",
        "blank",
        "owner",
        "difference",
    }
    assert not any(q.entry_id == SNOWBALL.id for q in POOL)


def test_every_question_of_the_pool_can_be_asked():
    for asked in POOL:
        assert 2 <= len(asked.choices) <= 5
        assert len(set(asked.choices)) == len(asked.choices)
        assert SNOWBALL.name not in asked.choices
        assert asked.key == asked.choices[asked.answer]


@given(st.permutations(ENTRIES))
def test_the_order_of_the_entries_changes_no_question(order):
    assert question_pool(in_order(tuple(order))) == POOL


# ------------------------------------------------------------------------------- rounds

PAIRS = [question(f"{letter}.{number}") for letter in "abc" for number in range(3)]


def test_a_round_goes_through_all_entries_before_one_comes_again():
    drawn = draw_round(PAIRS, 9, Random(1))
    assert len(set(drawn)) == 9
    for start in (0, 3, 6):
        assert {q.entry_id for q in drawn[start : start + 3]} == {"a", "b", "c"}


def test_a_short_round_is_about_any_entry():
    drawn = {draw_round(PAIRS, 1, Random(seed))[0] for seed in range(200)}
    assert drawn == set(PAIRS)


def test_a_round_is_as_long_as_it_can_be():
    assert len(draw_round(PAIRS, 20, Random(1))) == 9
    assert len(draw_round(PAIRS, 2, Random(1))) == 2
    assert draw_round(PAIRS, 0, Random(1)) == ()
    assert draw_round([], 5, Random(1)) == ()
    assert draw_round(PAIRS, 5, Random(1), avoid={q.id for q in PAIRS}) == ()


def test_what_is_to_be_avoided_is_not_drawn():
    drawn = draw_round(PAIRS, 9, Random(1), avoid={"a.0", "a.1"}, avoid_entries={"b"})
    assert {q.id for q in drawn} == {"a.2", "c.0", "c.1", "c.2"}


def test_the_same_chance_draws_the_same_round():
    assert draw_round(PAIRS, 5, Random(3)) == draw_round(PAIRS, 5, Random(3))
    assert len({draw_round(PAIRS, 5, Random(seed)) for seed in range(20)}) > 10


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 5)), unique=True),
    st.integers(0, 12),
    st.sets(st.sampled_from("abcd")),
    st.randoms(use_true_random=False),
)
def test_any_round_is_distinct_spread_and_from_the_pool(keys, count, avoided, rng):
    pool = [question(f"{letter}.{number}") for letter, number in keys]
    drawn = draw_round(pool, count, rng, avoid_entries=avoided)
    free = [q for q in pool if q.entry_id not in avoided]
    assert len(drawn) == min(count, len(free))
    assert len({q.id for q in drawn}) == len(drawn)
    assert set(drawn) <= set(free)
    times = Counter(q.entry_id for q in drawn)
    left = Counter(q.entry_id for q in free) - times
    # Whoever still has a question came at most once less than the most frequent.
    assert all(times[one] >= max(times.values()) - 1 for one in left if times)


# --------------------------------------------------------------------------------- exam

TWO_DOMAINS = [question(f"one-{n}.0", domain="one") for n in range(10)] + [
    question(f"two-{n}.0", domain="two") for n in range(90)
]


def domains_of(drawn) -> Counter[str]:
    return Counter(q.domain for q in drawn)


@pytest.mark.parametrize("seed", range(20))
def test_domains_of_an_exam_come_by_their_weight(seed):
    drawn = draw_exam(TWO_DOMAINS, 10, Random(seed), EXAM)
    assert domains_of(drawn) == {"one": 7, "two": 3}
    drawn = draw_exam(TWO_DOMAINS, 5, Random(seed), EXAM)  # 3.5 and 1.5
    assert domains_of(drawn) in ({"one": 4, "two": 1}, {"one": 3, "two": 2})


def test_even_single_questions_follow_the_weights():
    rng = Random(3)
    drawn = [draw_exam(TWO_DOMAINS, 1, rng, EXAM)[0] for _ in range(2000)]
    assert 1330 < domains_of(drawn)["one"] < 1470


def test_what_a_domain_lacks_comes_from_the_others():
    drawn = draw_exam(TWO_DOMAINS, 50, Random(1), EXAM)
    assert domains_of(drawn) == {"one": 10, "two": 40}
    assert len({q.id for q in drawn}) == 50
    assert len(draw_exam(TWO_DOMAINS, 500, Random(1), EXAM)) == 100
    assert draw_exam([], 5, Random(1), EXAM) == draw_exam(TWO_DOMAINS, 0, Random(1), EXAM) == ()


def test_an_exam_asks_nothing_of_another_and_nothing_that_is_to_be_avoided():
    pool = [*TWO_DOMAINS, question("other.0", exam="X-2", domain="one")]
    drawn = draw_exam(pool, 500, Random(1), EXAM, avoid={"one-1.0"}, avoid_entries={"two-2"})
    assert {q.id for q in TWO_DOMAINS} - {q.id for q in drawn} == {"one-1.0", "two-2.0"}
    assert "other.0" not in {q.id for q in drawn}


def test_the_domains_of_an_exam_come_mixed():
    orders = {tuple(q.domain for q in draw_exam(TWO_DOMAINS, 4, Random(s), EXAM)) for s in range(9)}
    assert len(orders) > 3


def test_the_main_exam_is_that_of_most_entries():
    assert main_exam(KNOWLEDGE) == EXAM
    small = Exam("A-1", "Small", (Domain("one", "First", 100),))
    assert main_exam(replace(KNOWLEDGE, exams=(small, EXAM))) == EXAM
    assert main_exam(replace(KNOWLEDGE, exams=(small, EXAM), entries=())) == small
    assert main_exam(replace(KNOWLEDGE, exams=())) is None
