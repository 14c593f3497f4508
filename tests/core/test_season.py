"""Seasons by plain values: their days, their stages, their prizes; and what holds for all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.accuracy import MIN_ANSWERS
from bot.core.period import Span
from bot.core.season import (
    AHEAD_MOST,
    DAYS_MOST,
    SHARING_MOST,
    WEEKS,
    Halves,
    Season,
    TeamPlace,
    best_of,
    check_last,
    first_free,
    most_improved,
    parse_day,
    planned_days,
    second_half,
)
from bot.core.team import TeamStanding
from bot.errors import UserError

TODAY = date(2026, 12, 1)
DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def season(first=TODAY, last=TODAY + 27 * DAY, **changes) -> Season:
    return Season(1, 900, "Winter sprint", first, last, 901, None, **changes)


# ---------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (date(2026, 12, 1), date(2026, 12, 28))),
        ({"weeks": 1}, (date(2026, 12, 1), date(2026, 12, 7))),
        ({"weeks": 52}, (date(2026, 12, 1), date(2027, 11, 29))),
        ({"until": date(2026, 12, 1)}, (date(2026, 12, 1), date(2026, 12, 1))),
        ({"until": date(2026, 12, 24)}, (date(2026, 12, 1), date(2026, 12, 24))),
        ({"begins": date(2026, 12, 7), "weeks": 2}, (date(2026, 12, 7), date(2026, 12, 20))),
    ],
)
def test_the_days_of_a_new_season(options, expected):
    options = {"begins": TODAY, "weeks": None, "until": None, **options}
    assert planned_days(TODAY, **options) == expected


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"weeks": 2, "until": TODAY}, "with `weeks` or with `until`, not both"),
        ({"begins": TODAY - DAY}, "2026-11-30 has passed; it is 2026-12-01 here"),
        ({"begins": TODAY + AHEAD_MOST + DAY}, "is too far away: `begins` is within 90 days"),
        ({"until": TODAY - DAY}, "It would end on 2026-11-30, before it begins on 2026-12-01"),
        ({"begins": TODAY + 9 * DAY, "until": TODAY + DAY}, "before it begins on 2026-12-10"),
        ({"until": TODAY + DAYS_MOST * DAY}, "at most 52 weeks: until 2027-11-29 at the latest"),
    ],
)
def test_what_makes_no_season_is_refused_with_the_reason(options, sentence):
    options = {"begins": TODAY, "weeks": None, "until": None, **options}
    with pytest.raises(UserError, match=sentence):
        planned_days(TODAY, **options)


def test_a_running_season_ends_today_at_the_earliest():
    check_last(TODAY - 9 * DAY, TODAY, TODAY)
    with pytest.raises(UserError, match="2026-11-30 has passed"):
        check_last(TODAY - 9 * DAY, TODAY - DAY, TODAY)


@given(today=DAYS, weeks=st.integers(1, 52), ahead=st.integers(0, AHEAD_MOST.days))
def test_weeks_are_whole_and_never_too_many(today, weeks, ahead):
    begins = today + ahead * DAY
    first, last = planned_days(today, begins=begins, weeks=weeks, until=None)
    assert first == begins
    assert (last - first).days + 1 == 7 * weeks <= DAYS_MOST
    assert planned_days(today, begins=begins, weeks=None, until=last) == (first, last)


def test_the_default_is_four_weeks():
    first, last = planned_days(TODAY, begins=TODAY, weeks=None, until=None)
    assert season(first, last).days == 7 * WEEKS == 28


@pytest.mark.parametrize("text", ["2026-12-24", " 2026-12-24 "])
def test_a_date_is_read(text):
    assert parse_day(text) == date(2026, 12, 24)


@pytest.mark.parametrize(
    "text",
    ["24.12.2026", "12/24/2026", "20261224", "tomorrow", "", "2026-12-24T00:00", "@everyone", "٢"],
)
def test_another_way_to_write_a_date_is_refused_with_the_right_one(text):
    with pytest.raises(UserError, match="Write it like 2026-12-24"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_day_that_there_is_not_is_refused(text):
    with pytest.raises(UserError, match=f"There is no {text} in the calendar"):
        parse_day(text)


@given(day=DAYS)
def test_a_date_is_read_as_it_is_written(day):
    assert parse_day(day.isoformat()) == day


# --------------------------------------------------------------------------------- stages


@pytest.mark.parametrize(
    ("day", "stage", "left"),
    [
        (TODAY - DAY, "planned", 28),
        (TODAY, "running", 28),
        (TODAY + 27 * DAY, "running", 1),
        (TODAY + 28 * DAY, "over", 0),
    ],
)
def test_a_season_is_planned_then_runs_then_is_over(day, stage, left):
    assert season().stage(day) == stage
    assert season().days_left(day) == left


def test_a_season_that_was_ended_or_closed_says_so():
    at = datetime(2026, 12, 9, tzinfo=UTC)
    assert season(ended_at=at).stage(TODAY) == "over"
    assert season(ended_at=at, closed_at=at).stage(TODAY) == "closed"
    assert season().span == Span("season", TODAY, TODAY + 27 * DAY)
    assert season().span.last == TODAY + 27 * DAY
    assert (season().span.before, season().span.after) == (None, None)


@pytest.mark.parametrize(
    ("local", "may"),
    [
        ("2026-12-28 23:59", False),
        ("2026-12-29 08:59", False),
        ("2026-12-29 09:00", True),
        ("2026-12-30 00:00", True),
        ("2027-02-01 03:00", True),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_its_end_is_told_from_nine_of_the_day_after_on_in_the_servers_zone(local, may, zone):
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert season().may_close(now, zone) is may


def test_one_that_was_ended_by_hand_closes_at_once_and_what_was_cut_off_goes_on():
    now = datetime(2026, 12, 9, 3, tzinfo=UTC)
    assert not season().may_close(now, "UTC")
    assert season(ended_at=now).may_close(now, "UTC")
    assert season(closed_at=now).may_close(now, "UTC")


@given(
    first=DAYS,
    days=st.integers(1, DAYS_MOST),
    offset=st.integers(-400, 800),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "America/Nuuk", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_nothing_closes_before_its_last_day_is_over(first, days, offset, hour, zone):
    held = season(first, first + (days - 1) * DAY)
    now = datetime.combine(first + offset * DAY, datetime.min.time(), UTC) + timedelta(hours=hour)
    today = now.astimezone(ZoneInfo(zone)).date()
    if held.may_close(now, zone):
        assert held.stage(today) == "over"
    if held.stage(today - DAY) == "over":
        assert held.may_close(now, zone)
    assert 0 <= held.days_left(today) <= days


def test_the_next_one_begins_today_or_after_one_that_took_today():
    at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    past = season(TODAY - 30 * DAY, TODAY - 9 * DAY, closed_at=at)
    ended = season(TODAY - 5 * DAY, TODAY, ended_at=at, closed_at=at)
    assert first_free(TODAY, []) == TODAY
    assert first_free(TODAY, [past]) == TODAY
    assert first_free(TODAY, [ended, past]) == TODAY + DAY
    assert first_free(TODAY, [season(TODAY - DAY, TODAY + DAY)]) == TODAY  # and is then refused


# --------------------------------------------------------------------------------- prizes


@given(first=DAYS, days=st.integers(1, DAYS_MOST))
def test_both_halves_are_as_long_or_the_second_is_longer_by_a_day(first, days):
    middle = second_half(first, first + (days - 1) * DAY)
    before = (middle - first).days
    assert before in (days - before, days - before - 1)


def test_most_improved_by_hand():
    halves = [
        Halves(1, right_before=4, answered_before=10, right=9, answered=10),  # +500
        Halves(2, right_before=0, answered_before=9, right=10, answered=10),  # too few before
        Halves(3, right_before=10, answered_before=20, right=18, answered=20),  # +400
        Halves(4, right_before=10, answered_before=10, right=2, answered=10),  # fell
    ]
    assert [half.gain for half in halves] == [500, None, 400, -800]
    assert most_improved(halves) == ((1, 500),)
    assert most_improved(halves[1:]) == ((3, 400),)
    assert most_improved([halves[1], halves[3]]) == ()
    assert most_improved([]) == ()


def test_equals_share_a_prize_and_a_crowd_has_none():
    shared = [(number, 7) for number in range(SHARING_MOST)]
    assert best_of([*reversed(shared), (99, 6)], 1) == tuple(shared)
    assert best_of([*shared, (98, 7)], 1) == ()
    assert best_of([(1, 1)], 2) == ()


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(-5, 20)), max_size=60))
def test_nobody_is_better_than_the_best(values):
    best = best_of(values, 1)
    assert len(best) <= SHARING_MOST
    for _, value in best:
        assert value == max(value for _, value in values) >= 1


def test_a_teams_place_is_told_in_hundredths_and_only_when_it_is_ranked():
    assert TeamPlace.of(TeamStanding(7, "Foxes", 1, 3, 100, 9, 20)) == TeamPlace(
        7, "Foxes", 1, 3333, 3
    )
    assert TeamPlace.of(TeamStanding(8, "Owls", None, 1, 40, 4, 5)) is None


counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(st.tuples(counts, counts), max_size=12))
def test_whoever_improved_most_rose_and_answered_enough(pairs):
    halves = {n: Halves(n, *before, *after) for n, (before, after) in enumerate(pairs)}
    for member_id, gain in most_improved(halves.values()):
        found = halves[member_id]
        assert min(found.answered, found.answered_before) >= MIN_ANSWERS
        assert found.right * found.answered_before > found.right_before * found.answered
        assert gain == found.gain
        assert all((other.gain or 0) <= gain for other in halves.values())
