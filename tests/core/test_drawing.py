"""The day's question: rounds without repeats, exam weights, and a lean to what is needed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.core.drawing import REST_SHARE, draw_daily, entry_weights, left_over
from bot.core.model import Domain, Exam
from tests.core.samples import EXAM, question

DAY = date(2026, 11, 24)
PAIRS = [question(f"{letter}.{number}") for letter in "abc" for number in range(3)]
IDS = [q.id for q in PAIRS]


def draw(pool, rng, asked=(), **options):
    return draw_daily(pool, rng, asked=asked, today=DAY, **options)


def walk(pool, count, rng, **options):
    """Draw day after day; return the history."""
    asked = []
    for number in range(count):
        day = DAY + timedelta(days=number)
        drawn = draw_daily(pool, rng, asked=asked, today=day, **options)
        asked.append((drawn.id, day))
    return asked


def test_no_question_comes_again_before_the_pool_is_through():
    history = [id_ for id_, _ in walk(PAIRS, 5 * len(PAIRS), Random(5), exams=[EXAM])]
    for start in range(0, len(history), len(PAIRS)):
        assert sorted(history[start : start + len(PAIRS)]) == IDS


@given(st.integers(1, 12), st.integers(0, 40), st.integers())
def test_of_any_pool_each_round_is_whole_and_nothing_comes_again_at_once(size, count, seed):
    pool = [question(f"{'abcd'[n % 4]}.{n}") for n in range(size)]
    history = [id_ for id_, _ in walk(pool, count, Random(seed))]
    for start in range(0, count - size + 1, size):
        assert len(set(history[start : start + size])) == size
    last = {}
    for place, id_ in enumerate(history):
        assert place - last.get(id_, -size) > size // REST_SHARE
        last[id_] = place


def test_a_new_question_joins_the_round_that_runs():
    asked = walk(PAIRS, 4, Random(1))
    newer = question("d.0")
    left = left_over([*PAIRS, newer], asked)
    assert newer in left
    assert len(left) == 6
    assert left_over([*PAIRS, newer], walk(PAIRS, 9, Random(1))) == [newer]


def test_a_question_that_left_the_pool_ends_no_round_and_begins_none():
    asked = walk(PAIRS, 9, Random(1))
    smaller = PAIRS[:6]
    assert len(left_over(smaller, asked)) == 4  # a third of six rests
    assert left_over(smaller, [(id_, DAY) for id_ in ("c.0", "c.1", "a.0")]) == PAIRS[1:6]


def test_what_another_challenge_asks_is_not_asked_again_here():
    asked = [*walk(PAIRS[:3], 7, Random(1))]
    assert {q.id for q in left_over(PAIRS, asked)} == set(IDS[3:])


def test_an_empty_pool_has_no_daily_question():
    assert draw([], Random(1)) is None
    assert draw([], Random(1), [("a.0", DAY)], exams=[EXAM]) is None
    assert draw(PAIRS, Random(1), avoid={q.id for q in PAIRS}) is None


def test_what_is_to_be_avoided_is_not_asked_even_when_all_else_was():
    asked = [(q.id, DAY) for q in PAIRS if q.id != "b.1"]
    drawn = [draw(PAIRS, Random(seed), asked, avoid={"b.1"}) for seed in range(50)]
    assert all(q is not None and q.id != "b.1" for q in drawn)
    assert draw(PAIRS, Random(1), asked) == question("b.1")


def test_fewer_than_four_options_are_asked_only_when_there_is_nothing_else():
    short = question("z.0", choices=("a", "b"))
    full = [question("a.0"), question("a.1")]
    asked = [(id_, DAY) for id_ in ("a.0", "a.1")]
    assert {draw([short, *full], Random(s)) for s in range(30)} == set(full)
    assert draw([short, *full], Random(1), asked) in full
    assert draw([short], Random(1)) == short


def test_domains_come_up_by_their_weight():
    # Ten questions of the light domain, one of the heavy one.
    pool = [question(f"light.{n}", domain="two") for n in range(10)]
    pool.append(question("heavy.0", domain="one"))
    rng = Random(11)
    drawn = Counter(draw(pool, rng, exams=[EXAM]).domain for _ in range(4000))
    assert 2700 < drawn["one"] < 2900  # 70 of 100
    assert 1100 < drawn["two"] < 1300


def test_the_weights_are_the_own_exams():
    other = Exam("X-2", "Exam two", (Domain("one", "First", 10),))
    pool = [question("a.0"), question("b.0", exam="X-2")]
    rng = Random(11)
    drawn = Counter(draw(pool, rng, exams=[EXAM, other]).exam for _ in range(4000))
    assert 3400 < drawn["X-1"] < 3600  # 70 of 80


def test_entries_of_a_domain_that_nobody_met_come_up_equally():
    pool = [question(f"many.{n}") for n in range(9)] + [question("one.0")]
    rng = Random(11)
    drawn = Counter(draw(pool, rng).entry_id for _ in range(2000))
    assert 900 < drawn["one"] < 1100


def test_what_the_group_gets_wrong_comes_up_more_often():
    tallies = {"a.0": (0, 40), "a.1": (2, 38), "b.0": (39, 40), "gone.0": (0, 500)}
    rng = Random(11)
    drawn = Counter(draw(PAIRS, rng, tallies=tallies).entry_id for _ in range(4000))
    weights = entry_weights(PAIRS, asked=(), today=DAY, tallies=tallies)
    assert 3.8 < weights["a"] < 4
    assert weights["c"] == 2.5  # nothing is known: half wrong
    assert 1 < weights["b"] < 1.2
    assert drawn["a"] > 1.4 * drawn["c"] > 2 * drawn["b"] > 0


def test_one_slip_is_no_trend():
    weights = entry_weights(PAIRS, asked=(), today=DAY, tallies={"a.0": (0, 1)})
    assert 1 < weights["a"] / weights["b"] < 1.25


def test_what_came_up_long_ago_is_likelier_than_what_came_up_lately():
    asked = [("a.0", DAY - timedelta(days=400)), ("b.0", DAY - timedelta(days=6)), ("c.0", DAY)]
    weights = entry_weights(PAIRS, asked=asked, today=DAY, tallies={})
    assert weights == {"a": 2.5, "b": 0.5, "c": 0.25}
    rng = Random(11)
    drawn = Counter(draw(PAIRS, rng, asked).entry_id for _ in range(2000))
    assert drawn["a"] > 4 * drawn["b"] > 4 * drawn["c"] > 0


def test_a_domain_without_a_known_weight_still_comes_up():
    pool = [question("a.0", domain="unheard of")]
    assert draw(pool, Random(1), exams=[EXAM]) == pool[0]


@given(
    st.sets(st.sampled_from(PAIRS)),
    st.lists(st.tuples(st.sampled_from(IDS), st.dates())),
    st.sets(st.sampled_from(IDS)),
    st.randoms(use_true_random=False),
)
def test_any_daily_question_is_free_and_fresh_while_there_are_fresh_ones(pool, asked, avoid, rng):
    free = {q.id for q in pool} - avoid
    drawn = draw(sorted(pool, key=lambda q: q.id), rng, asked, avoid=avoid)
    if drawn is None:
        assert not free
    else:
        assert drawn.id in (free - {id_ for id_, _ in asked} or free)


@given(st.dictionaries(st.sampled_from(IDS), st.tuples(st.integers(0, 9), st.integers(9, 99))))
def test_every_entry_keeps_a_chance(tallies):
    weights = entry_weights(PAIRS, asked=[(i, DAY) for i in IDS], today=DAY, tallies=tallies)
    assert set(weights) == {"a", "b", "c"}
    assert all(0 < weight < 4 for weight in weights.values())


def test_the_same_seed_draws_the_same_question():
    assert walk(PAIRS, 20, Random(3)) == walk(PAIRS, 20, Random(3))
    assert walk(PAIRS, 20, Random(3)) != walk(PAIRS, 20, Random(4))
