"""The short modules: showing a question, cooldown, periods, points and boards."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.board import Score
from bot.core.cooldown import BURST, FORGET_ABOVE, REFILL, Cooldown
from bot.core.period import PERIOD_NAMES, PERIODS, bounds
from bot.core.post import LETTERS, Shown, show
from bot.core.score import DAILY_POINTS, QUIZ_POINTS, QUIZ_POINTS_A_DAY, quiz_worth
from bot.errors import UserError
from tests.core.samples import question

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.integers(2, 5), st.randoms(use_true_random=False))
def test_showing_keeps_every_option_and_knows_the_key(count, rng):
    asked = question("q", choices=tuple("vwxyz"[:count]), answer=count - 1)
    shown = show(asked, rng)
    assert sorted(shown.options) == list("vwxyz"[:count])
    assert shown.options[shown.key] == asked.key
    assert len(LETTERS) >= count


def test_options_are_read_through_the_order():
    shown = Shown(question("q", choices=("right", "b", "c")), (2, 0, 1))
    assert shown.options == ("c", "right", "b")
    assert shown.key == 1


def test_every_place_holds_the_key_about_as_often():
    rng = Random(7)
    places = Counter(show(question("q"), rng).key for _ in range(4000))
    assert sorted(places) == [0, 1, 2, 3]
    assert all(900 < count < 1100 for count in places.values())


def test_a_burst_is_free_and_the_next_use_waits_for_one_refill():
    cooldown = Cooldown()
    for _ in range(BURST):
        cooldown.check(1, NOW)
    with pytest.raises(UserError, match=r"Give me 3 more seconds, please\."):
        cooldown.check(1, NOW)
    cooldown.check(2, NOW)
    cooldown.check(1, NOW + REFILL)
    with pytest.raises(UserError):
        cooldown.check(1, NOW + REFILL)


def test_the_last_second_is_one_second():
    cooldown = Cooldown(burst=1, refill=timedelta(seconds=3))
    cooldown.check(1, NOW)
    with pytest.raises(UserError, match="Give me 1 more second, please"):
        cooldown.check(1, NOW + timedelta(seconds=2.9))


def test_a_refused_use_takes_nothing():
    cooldown = Cooldown(burst=1, refill=timedelta(seconds=3))
    cooldown.check(1, NOW)
    for tenth in range(30):
        with pytest.raises(UserError):
            cooldown.check(1, NOW + timedelta(seconds=tenth / 10))
    cooldown.check(1, NOW + timedelta(seconds=3))


def test_full_buckets_are_forgotten_and_others_are_not():
    cooldown = Cooldown(burst=1, refill=timedelta(seconds=3))
    for member in range(FORGET_ABOVE):
        cooldown.check(member, NOW)
    later = NOW + timedelta(seconds=2)
    with pytest.raises(UserError):
        cooldown.check(0, later)
    cooldown.check(FORGET_ABOVE, later)
    with pytest.raises(UserError):
        cooldown.check(0, later)
    cooldown.check(0, NOW + timedelta(seconds=3))


@given(st.lists(st.floats(0, 8), min_size=1, max_size=40))
def test_whoever_waits_as_long_as_told_is_let_in(pauses):
    cooldown = Cooldown()
    now = NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        try:
            cooldown.check(1, now)
        except UserError as error:
            told = re.search(r"(\d+) more", str(error))
            assert told is not None
            assert 1 <= int(told[1]) <= math.ceil(REFILL.total_seconds())
            now += timedelta(seconds=int(told[1]))
            cooldown.check(1, now)


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        ("today", date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 24)),
        ("week", date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 29)),
        ("week", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        ("week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        ("month", date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 30)),
        ("month", date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
        ("month", date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29)),
        ("all", date(2026, 11, 24), None, None),
    ],
)
def test_the_bounds_of_a_period(period, today, first, last):
    assert bounds(period, today) == (first, last)


def test_every_period_has_a_name():
    assert list(PERIOD_NAMES) == [*PERIODS, "season"]


@given(st.sampled_from(["week", "month"]), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_periods_join_without_gap_or_overlap(period, today):
    first, last = bounds(period, today)
    assert first is not None
    assert last is not None
    assert first <= today <= last
    assert bounds(period, first) == bounds(period, last) == (first, last)
    assert bounds(period, last + timedelta(days=1))[0] == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("in_server", "asked_before", "points_today", "worth"),
    [
        (True, False, 0, 2),
        (True, False, 18, 2),
        (True, False, 20, 0),
        (True, False, 22, 0),
        (True, True, 0, 0),
        (False, False, 0, 0),
        (False, True, 20, 0),
    ],
)
def test_what_a_right_quiz_answer_is_worth(in_server, asked_before, points_today, worth):
    assert (
        quiz_worth(in_server=in_server, asked_before=asked_before, points_today=points_today)
        == worth
    )


def test_a_day_of_practice_is_worth_two_challenges():
    points = 0
    for _ in range(1000):
        points += quiz_worth(in_server=True, asked_before=False, points_today=points)
    assert points == QUIZ_POINTS_A_DAY == 2 * DAILY_POINTS
    assert QUIZ_POINTS_A_DAY % QUIZ_POINTS == 0


def test_a_score_adds_up():
    assert Score().points == 0
    assert Score(daily_points=30, quiz_points=8).points == 38
