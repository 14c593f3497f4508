from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rating import NEW_ABOVE, START, Rating, judge, rate

AB, AC, ABC = frozenset({1, 2}), frozenset({1, 3}), frozenset({1, 2, 3})


def test_a_rating_begins_wide_and_new():
    assert (Rating().value, Rating().spread, Rating().low) == (1500, 300, 1200)
    assert Rating().is_new


def test_a_history_of_three_members():
    """Pinned: whoever changes a constant changes these, and raises VERSION."""
    one, two, three = Rating(), Rating(), Rating()
    one, two = rate([one, two], [1, 2])
    two, three = rate([two, three], [1, 2])
    one, two, three = rate([one, two, three], [1, 2, 2])
    said = [(found.value, found.spread) for found in (one, two, three)]
    assert said == [(1560, 287), (1485, 281), (1453, 287)]


@pytest.mark.parametrize("rank", [1, 2])
def test_ten_contests_take_a_rating_off_new(rank):
    found = Rating()
    for _ in range(9):
        found, _ = rate([found, Rating()], [rank, 3 - rank])
    assert found.spread == NEW_ABOVE + 2
    assert found.is_new
    found, _ = rate([found, Rating()], [rank, 3 - rank])
    assert not found.is_new


def test_a_draw_of_equals_moves_nobody_and_makes_both_surer():
    one, two = rate([Rating(), Rating()], [1, 1])
    assert one.value == two.value == START
    assert one.spread < Rating().spread


def test_a_win_against_a_stronger_one_is_worth_more():
    strong, weak = Rating(1800, 100), Rating(1200, 100)
    own = Rating(1500, 100)
    assert rate([own, strong], [1, 2])[0].mu > rate([own, weak], [1, 2])[0].mu > own.mu


def test_a_match_of_two_hundred_moves_nobody_further_than_a_duel():
    many = rate([Rating()] * 200, list(range(1, 201)))
    (won, lost) = rate([Rating()] * 2, [1, 2])
    assert all(lost.mu - 0.01 <= one.mu <= won.mu + 0.01 for one in many)
    assert [one.mu for one in many] == sorted((one.mu for one in many), reverse=True)


@pytest.mark.parametrize(("ratings", "ranks"), [([], []), ([Rating()], [1]), ([Rating()] * 2, [1])])
def test_it_takes_two_and_a_rank_for_each(ratings, ranks):
    with pytest.raises(ValueError, match="two ratings or more"):
        rate(ratings, ranks)


some = st.builds(Rating, st.floats(500, 2500), st.floats(30, 150))


@given(st.lists(some, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_first_never_falls_the_last_never_rises_and_no_range_grows_beyond_the_first(
    ratings, rng
):
    ranks = list(range(1, len(ratings) + 1))
    rng.shuffle(ranks)
    after = rate(ratings, ranks)
    first, last = ranks.index(1), ranks.index(len(ranks))
    assert after[first].mu >= ratings[first].mu
    assert after[last].mu <= ratings[last].mu
    assert all(one.sigma <= Rating().sigma + 0.01 for one in after)


@given(some, some)
def test_the_order_in_which_two_are_named_does_not_matter(one, two):
    assert rate([one, two], [1, 2]) == tuple(reversed(rate([two, one], [2, 1])))


@pytest.mark.parametrize(
    ("members", "met", "last", "verdict"),
    [
        (frozenset(), False, {}, "alone"),
        (frozenset({1}), False, {}, "alone"),
        (AB, False, {}, "counts"),
        (AB, True, {}, "again"),
        (AB, False, {1: AB, 2: AB}, "in a row"),
        (AB, False, {1: AB, 2: AC}, "in a row"),
        (AB, False, {1: AC, 2: AB}, "in a row"),
        (AB, False, {1: AC, 2: ABC}, "counts"),
        (AB, False, {1: frozenset({1})}, "counts"),
        (ABC, False, {1: ABC, 2: ABC, 3: ABC}, "counts"),
        (ABC, True, {}, "again"),
    ],
)
def test_what_counts(members, met, last, verdict):
    assert judge(members, met_that_day=met, last_company=last.get) == verdict
