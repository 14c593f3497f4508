"""The pace of requests."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.pace import Pace


def test_a_burst_is_free_and_the_rest_follows_evenly():
    pace = Pace(a_second=10, burst=3)
    waits = [round(pace.take(100.0), 3) for _ in range(6)]
    assert waits == [0.0, 0.0, 0.0, 0.1, 0.2, 0.3]


def test_turns_taken_slower_than_the_pace_never_wait():
    pace = Pace(a_second=10, burst=1)
    assert [pace.take(at) for at in (0.0, 0.1, 0.25, 7.0)] == [0.0, 0.0, 0.0, 0.0]


def test_a_rest_gives_the_burst_back_and_no_more():
    pace = Pace(a_second=10, burst=2)
    for _ in range(5):
        pace.take(0.0)
    waits = [round(pace.take(60.0), 3) for _ in range(4)]
    assert waits == [0.0, 0.0, 0.1, 0.2]


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200), st.integers(1, 8))
def test_no_second_has_more_than_the_pace_and_the_burst(gaps, burst):
    pace = Pace(a_second=10, burst=burst)
    now, turns = 0.0, []
    for gap in gaps:
        now += gap
        turns.append(now + pace.take(now))
    assert turns == sorted(turns)
    for turn in turns:
        assert sum(turn <= other < turn + 0.999 for other in turns) <= 10 + burst
