"""Who stands beside whom as a wrong option."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Difference
from bot.core.neighbour import BENCH, FEW, Neighbours
from tests.core.samples import ENTRIES, GUARDDUTY, INSPECTOR, MACIE, SHIELD, SNOWBALL, entry

SAMPLES = Neighbours(ENTRIES)
STARS = [f"star {letter}" for letter in "abcdefghijkl"]


def star(name: str, **parts):
    """An entry that shares no word with others."""
    word = name.replace(" ", "")
    defaults = {"summary": f"Is {word}lit.", "clues": (f"shines {word}ly",), "facts": ()}
    return entry(word, name.title(), **(defaults | parts))


def confused(of, *others):
    return replace(of, differences=tuple(Difference(o.id, "is one", "is another") for o in others))


def ids(entries) -> list[str]:
    return [one.id for one in entries]


def test_those_that_are_mixed_up_come_first_then_the_category_then_the_topic():
    # Both say that they are confused with it.
    assert set(ids(SAMPLES.bench(INSPECTOR))[:2]) == {GUARDDUTY.id, MACIE.id}
    assert ids(SAMPLES.bench(MACIE))[:3] == [INSPECTOR.id, SHIELD.id, GUARDDUTY.id]


@pytest.mark.parametrize("of", ENTRIES, ids=lambda one: one.id)
def test_an_entry_is_never_its_own_neighbour_nor_is_what_is_retired(of):
    bench = ids(SAMPLES.bench(of))
    assert of.id not in bench
    assert SNOWBALL.id not in bench
    assert len(set(bench)) == len(bench) <= BENCH


def test_neighbours_are_of_one_kind():
    odd = star("odd", kind="concept")
    assert Neighbours([odd, *map(star, STARS)]).bench(odd) == ()
    linked = confused(odd, star("star a"))
    assert Neighbours([linked, *map(star, STARS)]).bench(linked) == ()


def test_others_fill_the_bench_only_where_few_are_near():
    near = [star(name) for name in STARS[: BENCH + 2]]
    assert len(Neighbours(near).bench(near[0])) == BENCH
    some = [star(name, category="far", topic="far") for name in STARS[3:]]
    bench = Neighbours([*near[:3], *some]).bench(near[0])
    assert bench[:2] == (near[1], near[2])
    assert len(bench) == FEW


def test_those_of_the_same_domain_fill_it_first():
    of, far = star("of", category="lone"), {"category": "far", "topic": "far"}
    others = [star(name, domain="two", **far) for name in STARS[:6]]
    here = star("star z", **far)
    neighbours = Neighbours([of, *others, here])
    assert neighbours.bench(of)[0] == here
    assert len(neighbours.bench(of)) == FEW
    assert neighbours.near(of) == 0
    assert neighbours.near(others[0]) == 6


def test_the_likest_fill_it():
    of, far = star("of", category="lone"), {"category": "far", "topic": "far"}
    alike = star("like", clues=("shines ofly at night",), **far)
    assert Neighbours([of, alike, *(star(n, **far) for n in STARS)]).bench(of)[0] == alike


def test_another_exam_helps_out_only_where_ones_own_has_too_few():
    of = star("of")
    own = [star(name) for name in STARS[:4]]
    foreign = [star(name, exam="X-2") for name in STARS[4:]]
    bench = ids(Neighbours([of, *own, *foreign]).bench(of))
    assert set(ids(own)) < set(bench)
    assert len(bench) == FEW
    five = [*own, star("star z")]
    assert set(ids(Neighbours([of, *five, *foreign]).bench(of))) == set(ids(five))
    # What an author calls confusing is so across exams.
    mixed_up = confused(of, foreign[0])
    assert Neighbours([mixed_up, *five, *foreign]).bench(mixed_up)[0] == foreign[0]


def test_one_that_is_mixed_up_is_always_there_and_the_others_change():
    first, *rest = map(star, STARS[:7])
    of = confused(star("of"), first)
    neighbours = Neighbours([of, first, *rest])
    chosen = [ids(neighbours.beside(of, f"weighs {n} tons", 3)) for n in range(30)]
    assert all(three[0] == first.id and len(set(three)) == 3 for three in chosen)
    assert len({frozenset(three) for three in chosen}) > 10


def test_who_is_only_of_the_topic_waits_until_needed():
    of, near = star("of"), [star(name) for name in STARS[:4]]
    topical = [star(name, category="other") for name in STARS[4:]]
    neighbours = Neighbours([of, *near, *topical])
    for number in range(30):
        assert set(ids(neighbours.beside(of, f"weighs {number} tons", 3))) < set(ids(near))
    few = Neighbours([of, *near[:2], *topical])
    beside = [set(ids(few.beside(of, f"weighs {number} tons", 3))) for number in range(30)]
    # As many as the turns need, the likeliest.
    assert set().union(*beside) == {*ids(near[:2]), *ids(topical[:2])}


def test_whom_the_clue_fits_too_is_left_out():
    fitting = star("star a", summary="It weighs huge amounts of air quickly.")
    neighbours = Neighbours([star("of"), fitting, *(star(name) for name in STARS[1:4])])
    for number in range(20):
        assert fitting.id not in ids(
            neighbours.beside(star("of"), f"weighs air {'ah' * number}", 3)
        )
    assert len(neighbours.beside(star("of"), "sleeps by night", 3)) == 3


def test_whom_the_clue_names_is_left_out():
    stars = [star(name) for name in STARS[:4]]
    neighbours = Neighbours([star("of"), *stars])
    for number in range(20):
        beside = neighbours.beside(star("of"), f"follows star A {number} times", 3)
        assert set(ids(beside)) == set(ids(stars[1:]))


def test_where_the_clue_has_a_word_of_the_name_another_has_it_too():
    of = star("data streams")
    others = [star(name) for name in STARS[:6]]
    helper = star("stream manager", category="far", topic="far")
    foreign = star("stream guard", category="far", topic="far", domain="two")
    assert Neighbours([of, *others, foreign]).beside(of, "keeps a stream of clicks", 3) == ()
    beside = Neighbours([of, *others, helper]).beside(of, "keeps a stream of clicks", 3)
    assert len(set(ids(beside))) == 3
    assert beside[2] == helper


def test_for_their_texts_neighbours_of_any_kind_will_do():
    of = confused(star("of"), star("star a", kind="concept"))
    others = [star("star a", kind="concept"), star("star b", kind="tool"), star("star c")]
    far = star("star d", category="far", topic="far")
    neighbours = Neighbours([of, *others, far])
    assert ids(neighbours.bench(of)) == ["starc", "stard"]
    apart = ids(neighbours.apart(of, "weighs air"))
    assert set(apart[:3]) == {"stara", "starb", "starc"}
    assert apart[3] == "stard"
    assert "stara" not in ids(neighbours.apart(of, "follows Star A"))
    orders = {tuple(ids(neighbours.apart(of, f"weighs {n} tons"))) for n in range(20)}
    assert len(orders) > 3


def test_with_too_few_there_is_nobody():
    assert Neighbours([star("of"), star("star a")]).beside(star("of"), "weighs air", 3) == ()


@given(st.permutations(ENTRIES))
def test_the_order_of_the_entries_makes_no_difference(order):
    again = Neighbours(order)
    for one in ENTRIES:
        assert again.bench(one) == SAMPLES.bench(one)
        clue = one.clues[0]
        assert again.beside(one, clue, 3) == SAMPLES.beside(one, clue, 3)
