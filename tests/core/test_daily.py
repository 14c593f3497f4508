"""When challenges are posted and revealed: literal instants, then whole years of many zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.daily import (
    OPEN_AT_MOST,
    Challenge,
    closes_at,
    due,
    first_day,
    lateness,
    local_date,
    next_day,
    next_post,
    parse_time,
    posts_at,
    unaccounted,
)
from bot.errors import UserError

BERLIN = Challenge(
    id=1,
    guild_id=2,
    channel_id=3,
    at=time(9),
    zone="Europe/Berlin",
    topic=None,
    is_on=True,
    since=date(2026, 1, 1),
)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Havana",
    "America/Nuuk",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
TIMES = [time(0), time(0, 30), time(1, 45), time(2, 15), time(9), time(23, 30), time(23, 59)]
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(366)]
MOMENTS = st.integers(0, 363 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
WALL_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def challenge_in(zone: str, at: time, reveal_at: time | None = None) -> Challenge:
    return replace(BERLIN, zone=zone, at=at, reveal_at=reveal_at)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", time(9)),
        ("9:05", time(9, 5)),
        (" 18:30 ", time(18, 30)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_is_read(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        "9:5",
        "24:00",
        "12:60",
        "9.30",
        "9:00pm",
        "09:00:00",
        "-1:00",
        "１２:3",
        "noon",
        "9" * 5000 + ":00",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(UserError, match=r"is not a time\. Write it like 09:00 or 18:30\."):
        parse_time(text)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("Europe/Berlin", time(9), date(2026, 1, 15), utc(2026, 1, 15, 8)),
        ("Europe/Berlin", time(9), date(2026, 7, 15), utc(2026, 7, 15, 7)),
        # 29 March: 02:00 to 03:00 is skipped, 02:30 is read an hour later on the wall.
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29), utc(2026, 3, 29, 1, 30)),
        # 25 October: 02:30 comes twice, the first is meant.
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", time(2, 30), date(2026, 3, 8), utc(2026, 3, 8, 7, 30)),
        ("America/New_York", time(1, 30), date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        ("Pacific/Apia", time(0, 15), date(2026, 6, 1), utc(2026, 5, 31, 11, 15)),
        ("Asia/Kolkata", time(9), date(2026, 6, 1), utc(2026, 6, 1, 3, 30)),
        ("Asia/Kathmandu", time(9), date(2026, 6, 1), utc(2026, 6, 1, 3, 15)),
        # Half an hour is skipped on 4 October: 02:15 becomes 02:45, which is +11:00.
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), utc(2026, 10, 3, 15, 45)),
        # 5 April: 01:45 comes twice, half an hour apart.
        ("Australia/Lord_Howe", time(1, 45), date(2026, 4, 5), utc(2026, 4, 4, 14, 45)),
        ("Australia/Lord_Howe", time(9), date(2026, 7, 1), utc(2026, 6, 30, 22, 30)),
        # The clock goes from 23:00 to midnight: an hour later would be the next study date.
        ("America/Nuuk", time(23, 30), date(2026, 3, 28), utc(2026, 3, 29, 0, 30)),
        ("America/Nuuk", time(23, 30), date(2026, 3, 29), utc(2026, 3, 30, 0, 30)),
        # The clock goes from midnight to 01:00.
        ("Africa/Cairo", time(0, 30), date(2026, 4, 24), utc(2026, 4, 23, 22, 30)),
    ],
)
def test_the_instant_of_a_post(zone, at, day, expected):
    assert posts_at(challenge_in(zone, at), day) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", TIMES, ids=str)
def test_a_year_has_one_post_on_every_study_date(zone, at):
    challenge = challenge_in(zone, at)
    moments = [posts_at(challenge, day) for day in DAYS]
    assert [local_date(moment, zone) for moment in moments] == DAYS
    assert [due(challenge, moment) for moment in moments] == DAYS
    gaps = {second - first for first, second in pairwise(moments)}
    assert min(gaps) >= timedelta(hours=23)
    assert max(gaps) <= timedelta(hours=25)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", TIMES, ids=str)
def test_a_year_is_walked_from_post_to_post(zone, at):
    challenge = challenge_in(zone, at)
    moments = [posts_at(challenge, day) for day in DAYS]
    for before, after in pairwise(moments):
        assert next_post(challenge, before) == after
        assert next_post(challenge, before + timedelta(seconds=1)) == after
        assert next_post(challenge, after - timedelta(seconds=1)) == after


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", TIMES, ids=str)
@pytest.mark.parametrize("reveal_at", [None, time(0, 15), time(2, 20), time(20)], ids=str)
def test_a_challenge_closes_before_the_next_one_all_year(zone, at, reveal_at):
    challenge = challenge_in(zone, at, reveal_at)
    for day in DAYS[:-1]:
        posted_at = posts_at(challenge, day)
        closed_at = closes_at(challenge, day, posted_at)
        assert posted_at < closed_at <= posted_at + OPEN_AT_MOST
        following = posts_at(challenge, day + timedelta(days=1))
        assert closed_at <= following - timedelta(minutes=30)


@given(st.sampled_from(ZONES), WALL_TIMES, st.none() | WALL_TIMES, MOMENTS)
def test_a_late_or_early_post_closes_after_it_and_by_the_next(zone, at, reveal_at, posted_at):
    challenge = challenge_in(zone, at, reveal_at)
    day = local_date(posted_at, zone)
    closed_at = closes_at(challenge, day, posted_at)
    assert posted_at < closed_at <= posted_at + OPEN_AT_MOST
    assert closed_at <= posts_at(challenge, day + timedelta(days=1))


@given(st.sampled_from(ZONES), WALL_TIMES, MOMENTS)
def test_due_and_next_post_agree(zone, at, now):
    challenge = challenge_in(zone, at)
    today = local_date(now, zone)
    following = next_post(challenge, now)
    assert following is not None
    assert following > now
    if due(challenge, now) is None:
        assert following == posts_at(challenge, today)
    else:
        assert due(challenge, now) == today
        assert posts_at(challenge, today) <= now
        assert following == posts_at(challenge, today + timedelta(days=1))


@pytest.mark.parametrize(
    ("reveal_at", "posted_at", "expected"),
    [
        # Half an hour before the next one.
        (None, utc(2026, 6, 1, 7), utc(2026, 6, 2, 6, 30)),
        # Caught up late: still before the next one.
        (None, utc(2026, 6, 1, 20), utc(2026, 6, 2, 6, 30)),
        # The wish, on the same day and after midnight.
        (time(20), utc(2026, 6, 1, 7), utc(2026, 6, 1, 18)),
        (time(7), utc(2026, 6, 1, 7), utc(2026, 6, 2, 5)),
        # Caught up after the wished hour: the same hour of the next day is too late.
        (time(20), utc(2026, 6, 1, 19), utc(2026, 6, 2, 6, 30)),
        # A wish inside the last half hour, or at the hour of the post, is not granted.
        (time(8, 45), utc(2026, 6, 1, 7), utc(2026, 6, 2, 6, 30)),
        (time(9), utc(2026, 6, 1, 7), utc(2026, 6, 2, 6, 30)),
        # Posted by hand before the day's time: 24 hours at most.
        (None, utc(2026, 6, 1, 4), utc(2026, 6, 2, 4)),
    ],
)
def test_when_a_challenge_of_nine_in_berlin_closes(reveal_at, posted_at, expected):
    challenge = challenge_in("Europe/Berlin", time(9), reveal_at)
    assert closes_at(challenge, date(2026, 6, 1), posted_at) == expected


def test_posted_minutes_before_the_next_one_it_stays_open_until_that_is_due():
    challenge = challenge_in("UTC", time(0, 10))
    posted_at = utc(2026, 6, 1, 23, 50)
    assert closes_at(challenge, date(2026, 6, 1), posted_at) == utc(2026, 6, 2, 0, 10)


def test_the_long_day_still_closes_within_24_hours():
    challenge = challenge_in("Europe/Berlin", time(9))
    posted_at = utc(2026, 10, 24, 7)
    assert posts_at(challenge, date(2026, 10, 25)) == utc(2026, 10, 25, 8)
    assert closes_at(challenge, date(2026, 10, 24), posted_at) == utc(2026, 10, 25, 7)


def test_nothing_is_due_before_the_time_of_day():
    assert due(BERLIN, utc(2026, 6, 1, 6, 59, 59)) is None
    assert due(BERLIN, utc(2026, 6, 1, 7)) == date(2026, 6, 1)
    assert due(BERLIN, utc(2026, 6, 1, 21, 59)) == date(2026, 6, 1)
    assert due(BERLIN, utc(2026, 6, 1, 22)) is None


def test_nothing_is_due_before_the_first_day_or_when_switched_off():
    later = replace(BERLIN, since=date(2026, 6, 3))
    assert due(later, utc(2026, 6, 2, 12)) is None
    assert next_post(later, utc(2026, 6, 1, 12)) == utc(2026, 6, 3, 7)
    off = replace(BERLIN, is_on=False)
    assert due(off, utc(2026, 6, 2, 12)) is None
    assert next_post(off, utc(2026, 6, 2, 12)) is None


def test_the_study_date_is_the_zones():
    now = utc(2026, 6, 1, 11, 30)
    assert local_date(now, "Pacific/Apia") == date(2026, 6, 2)
    assert local_date(now, "Pacific/Pago_Pago") == date(2026, 6, 1)
    assert local_date(utc(2026, 6, 1, 18, 14), "Asia/Kathmandu") == date(2026, 6, 1)
    assert local_date(utc(2026, 6, 1, 18, 15), "Asia/Kathmandu") == date(2026, 6, 2)


def test_what_was_posted_by_hand_is_not_due_again():
    today = date(2026, 6, 2)
    assert next_post(BERLIN, utc(2026, 6, 2, 5)) == utc(2026, 6, 2, 7)
    assert next_post(BERLIN, utc(2026, 6, 2, 5), posted=today) == utc(2026, 6, 3, 7)
    assert next_post(BERLIN, utc(2026, 6, 2, 8), posted=today) == utc(2026, 6, 3, 7)
    assert next_post(BERLIN, utc(2026, 6, 2, 5), posted=date(2026, 6, 1)) == utc(2026, 6, 2, 7)


# ------------------------------------------------------- days of the week, pauses, lateness

WEEKDAYS = frozenset(range(1, 6))


def test_a_day_that_is_not_one_of_the_challenges_has_no_post():
    challenge = replace(BERLIN, days=WEEKDAYS)
    assert due(challenge, utc(2026, 6, 5, 8)) == date(2026, 6, 5)  # a Friday
    assert due(challenge, utc(2026, 6, 6, 8)) is None
    assert next_post(challenge, utc(2026, 6, 5, 8)) == utc(2026, 6, 8, 7)
    assert unaccounted(challenge_after(challenge, date(2026, 6, 5)), utc(2026, 6, 7, 12)) == ()


def challenge_after(challenge, accounted_on):
    return replace(challenge, accounted_on=accounted_on)


def test_an_overdue_post_is_caught_up_only_so_long():
    challenge = replace(BERLIN, catch_up=timedelta(hours=3))
    yesterday = challenge_after(challenge, date(2026, 6, 1))
    assert due(challenge, utc(2026, 6, 2, 10)) == date(2026, 6, 2)
    assert unaccounted(yesterday, utc(2026, 6, 2, 10)) == ()
    assert due(challenge, utc(2026, 6, 2, 10, 0, 1)) is None
    assert unaccounted(yesterday, utc(2026, 6, 2, 10, 0, 1)) == (date(2026, 6, 2),)
    assert lateness(challenge, date(2026, 6, 2), utc(2026, 6, 2, 7, 5)) is None
    assert lateness(challenge, date(2026, 6, 2), utc(2026, 6, 2, 9)) == timedelta(hours=2)
    assert lateness(challenge, date(2026, 6, 2), utc(2026, 6, 2, 5)) is None  # by hand, early


def test_days_that_were_slept_through_are_accounted_for_one_by_one():
    challenge = challenge_after(BERLIN, date(2026, 6, 1))
    found = unaccounted(challenge, utc(2026, 6, 5, 8))
    assert found == (date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 4))
    assert due(challenge, utc(2026, 6, 5, 8)) == date(2026, 6, 5)
    assert unaccounted(replace(challenge, is_on=False), utc(2026, 6, 5, 8)) == ()


def test_a_paused_day_is_accounted_for_when_its_time_comes():
    challenge = replace(challenge_after(BERLIN, date(2026, 6, 1)), is_paused=True)
    assert unaccounted(challenge, utc(2026, 6, 2, 7)) == ()
    assert unaccounted(challenge, utc(2026, 6, 2, 7, 0, 1)) == (date(2026, 6, 2),)


def test_a_challenge_begins_today_unless_today_is_too_late():
    challenge = replace(BERLIN, catch_up=timedelta(hours=3))
    assert first_day(challenge, utc(2026, 6, 2, 5)) == date(2026, 6, 2)
    assert first_day(challenge, utc(2026, 6, 2, 9)) == date(2026, 6, 2)
    assert first_day(challenge, utc(2026, 6, 2, 11)) == date(2026, 6, 3)


def test_what_is_settled_is_passed_over():
    now = utc(2026, 6, 2, 5)
    assert next_day(BERLIN, now, settled={date(2026, 6, 2)}) == date(2026, 6, 3)
    settled = {date(2026, 6, 2), date(2026, 6, 3)}
    assert next_post(BERLIN, now, settled=settled) == utc(2026, 6, 4, 7)
    assert next_day(replace(BERLIN, is_on=False), now) is None


@given(
    st.sampled_from(ZONES),
    WALL_TIMES,
    st.sets(st.integers(1, 7), min_size=1).map(frozenset),
    st.integers(1, 24).map(lambda hours: timedelta(hours=hours)),
    st.lists(st.integers(1, 60 * 60), min_size=1, max_size=30),
)
def test_looking_at_any_moments_each_date_is_due_or_accounted_for_and_never_both(
    zone, at, days, catch_up, steps
):
    """What the tick does, whenever it happens to run: post what is due, write down the rest."""
    challenge = replace(challenge_in(zone, at), days=days, catch_up=catch_up)
    now = datetime(2026, 3, 20, tzinfo=UTC)
    challenge = replace(challenge, since=local_date(now, zone))
    posted, missed = [], []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        for day in unaccounted(challenge, now):
            if day not in posted:
                missed.append(day)
                challenge = challenge_after(challenge, day)
        day = due(challenge, now)
        if day is not None and day not in posted:
            posted.append(day)
            challenge = challenge_after(challenge, day)
    seen = sorted([*posted, *missed])
    last = local_date(now, zone)
    expected = [
        day
        for day in (
            challenge.since + timedelta(days=n) for n in range((last - challenge.since).days + 1)
        )
        if day.isoweekday() in days and posts_at(challenge, day) <= now
    ]
    assert seen == expected
