"""Points, streaks, accuracy, spans, and when winners are told: the published rules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.accuracy import MIN_ANSWERS, accuracy, improvement, lower_bound
from bot.core.board import BoardPage
from bot.core.honour import LATE_AT_MOST, honoured
from bot.core.period import KINDS, PERIODS, Span, bounds, span, span_of
from bot.core.score import (
    ATTEMPTS,
    DAILY_POINTS,
    HARD_POINTS,
    QUIZ_POINTS,
    STREAK_POINTS,
    Award,
    daily_award,
    hard_bonus,
    quiz_award,
    streak_bonus,
)
from bot.core.streak import DAYS_FOR_A_FREEZE, FREEZES_MOST, Streak, replay

TODAY = date(2026, 11, 24)
DAYS = [TODAY + timedelta(days=number) for number in range(60)]


# -------------------------------------------------------------------------- points


def test_being_right_weighs_at_least_as_much_as_all_bonuses():
    assert DAILY_POINTS >= HARD_POINTS + STREAK_POINTS
    assert daily_award(is_correct=True, base=10, hard=5, days=999, paid=0).points == 20


@pytest.mark.parametrize(
    ("right", "answers", "bonus"),
    [(0, 0, 0), (0, 4, 0), (0, 5, 5), (5, 5, 0), (4, 5, 1), (9, 10, 1), (91, 100, 0), (1, 2, 0)],
)
def test_the_bonus_for_a_hard_question(right, answers, bonus):
    assert hard_bonus(right, answers) == bonus


@given(st.integers(ATTEMPTS, 500), st.data())
def test_the_harder_the_more_and_never_above_the_most(answers, data):
    right = data.draw(st.integers(0, answers - 1))
    assert HARD_POINTS >= hard_bonus(right, answers) >= hard_bonus(right + 1, answers) >= 0


def test_the_bonus_for_a_streak_grows_by_one_a_day_and_stops():
    assert [streak_bonus(day) for day in range(9)] == [0, 0, 1, 2, 3, 4, 5, 5, 5]


def test_a_wrong_answer_and_a_withdrawn_question_bring_nothing():
    assert daily_award(is_correct=False, base=10, hard=5, days=9, paid=0) == Award("wrong", days=9)
    assert daily_award(is_correct=True, base=0, hard=0, days=9, paid=0) == Award("void", days=9)


@given(st.integers(1, 30), st.integers(0, 5), st.integers(1, 99), st.integers(0, 60))
def test_a_question_that_paid_before_pays_the_rest_and_never_takes(base, hard, days, paid):
    award = daily_award(is_correct=True, base=base, hard=hard, days=days, paid=paid)
    assert award.points == max(0, base + hard + streak_bonus(days) - paid)
    assert (award.reason == "asked") == (award.points == 0)


@pytest.mark.parametrize(
    ("is_correct", "in_server", "asked", "today", "award"),
    [
        (True, True, False, 0, Award("right", QUIZ_POINTS)),
        (True, True, False, 20, Award("capped")),
        (True, True, True, 0, Award("asked")),
        (True, False, False, 0, Award("void")),
        (False, True, False, 0, Award("wrong")),
    ],
)
def test_what_a_quiz_answer_brings(is_correct, in_server, asked, today, award):
    assert (
        quiz_award(
            is_correct=is_correct, in_server=in_server, asked_before=asked, points_today=today
        )
        == award
    )


# -------------------------------------------------------------------------- streaks


def states(pattern: str) -> tuple[Streak, str]:
    """Replay days written as x (answered) and - (not), and write what each was."""
    answered = {day for day, sign in zip(DAYS, pattern, strict=False) if sign == "x"}
    streak, found = replay(DAYS[: len(pattern)], answered)
    return streak, "".join(state[0] for state in found.values())


@pytest.mark.parametrize(
    ("pattern", "written", "length", "freezes"),
    [
        ("", "", 0, 0),
        ("---", "mmm", 0, 0),
        ("xx-x", "ccec", 1, 0),
        ("xxxxxxx-x", "cccccccfc", 8, 0),
        ("xxxxxxx--x", "cccccccfec", 1, 0),
        ("xxxxxxxxxxxxxx--x", "ccccccccccccccffc", 15, 0),
        ("xxxxxxxxxxxxxx---", "ccccccccccccccffe", 0, 0),
        ("x" * 40, "c" * 40, 40, 2),
        ("x" * 21 + "-" + "x" * 6, "c" * 21 + "f" + "c" * 6, 27, 1),
        ("x" * 21 + "-" + "x" * 7, "c" * 21 + "f" + "c" * 7, 28, 2),
    ],
)
def test_a_streak_and_its_freezes(pattern, written, length, freezes):
    streak, found = states(pattern)
    assert (found, streak.length, streak.freezes) == (written, length, freezes)


@given(st.text("x-", max_size=60))
def test_streaks_keep_their_rules(pattern):
    streak, found = states(pattern)
    assert found.count("c") == pattern.count("x")
    assert streak.length <= streak.best <= found.count("c")
    assert 0 <= streak.freezes <= FREEZES_MOST
    assert 0 <= streak.studied < DAYS_FOR_A_FREEZE
    assert 1 <= streak.days_to_a_freeze <= DAYS_FOR_A_FREEZE
    assert found.count("f") + streak.freezes <= found.count("c") // DAYS_FOR_A_FREEZE
    assert streak.length == len(re.split("e|m", found)[-1].replace("f", ""))


# ------------------------------------------------------------------------- accuracy


def test_the_wilson_bound_as_published():
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
    found = [round(lower_bound(*pair), 4) for pair in ((81, 263), (15, 148), (0, 20), (1, 29))]
    assert found == [0.2553, 0.0624, 0.0, 0.0061]


@given(st.integers(1, 2000), st.data())
def test_the_bound_is_below_the_share_and_rises_with_what_is_right(answered, data):
    right = data.draw(st.integers(0, answered - 1))
    low = lower_bound(right, answered)
    assert 0 <= low <= right / answered + 1e-12
    assert low <= lower_bound(right + 1, answered)
    assert lower_bound(2 * right, 2 * answered) >= low - 1e-12


def test_few_answers_are_not_measured():
    assert accuracy(MIN_ANSWERS - 1, MIN_ANSWERS - 1) is None
    assert accuracy(MIN_ANSWERS, MIN_ANSWERS) == 722
    assert improvement(9, 10, 9, 9) is None
    assert improvement(5, 10, 10, 10) == -500


# ---------------------------------------------------------------------------- spans


@given(st.sampled_from(KINDS), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_spans_join_without_gap_or_overlap(kind, day):
    found = span_of(kind, day)
    if kind == "all":
        assert found == Span("all", None)
        assert (found.last, found.before, found.after) == (None, None, None)
        return
    assert found.first <= day <= found.last
    assert found.before.last + timedelta(days=1) == found.first
    assert found.after.first == found.last + timedelta(days=1)
    assert found.after.before == found == found.before.after


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_is_a_span(period):
    found = span(period, TODAY)
    assert bounds(period, TODAY) == (found.first, found.last)
    assert found.is_kept(TODAY)


def test_boards_are_kept_as_long_as_something_compares_with_them():
    assert span_of("day", TODAY - timedelta(days=2)).is_kept(TODAY)
    assert not span_of("day", TODAY - timedelta(days=3)).is_kept(TODAY)
    assert span_of("week", TODAY).before.before.is_kept(TODAY)
    assert span_of("month", TODAY).before.is_kept(TODAY)
    assert span_of("all", TODAY).is_kept(TODAY)


def test_pages_of_a_board():
    def pages(size):
        return BoardPage((), size, 0, None, True).pages

    assert [pages(size) for size in (0, 1, 10, 11, 100_000)] == [1, 1, 1, 2, 10_000]


# -------------------------------------------------------------------------- winners


@pytest.mark.parametrize(
    ("kind", "at", "first"),
    [
        ("week", datetime(2026, 11, 23, 7, 59, tzinfo=UTC), None),
        ("week", datetime(2026, 11, 23, 8, 0, tzinfo=UTC), date(2026, 11, 16)),
        ("week", datetime(2026, 11, 24, 0, 0, tzinfo=UTC), date(2026, 11, 16)),
        ("week", datetime(2026, 11, 25, 22, 59, tzinfo=UTC), date(2026, 11, 16)),
        ("week", datetime(2026, 11, 25, 23, 1, tzinfo=UTC), None),
        ("month", datetime(2026, 12, 1, 8, 0, tzinfo=UTC), date(2026, 11, 1)),
        ("month", datetime(2026, 11, 24, 8, 0, tzinfo=UTC), None),
    ],
)
def test_when_winners_are_told(kind, at, first):
    """In Berlin, an hour ahead of UTC."""
    found = honoured(kind, at, "Europe/Berlin")
    assert (found.first if found else None) == first
    assert timedelta(days=3) == LATE_AT_MOST
