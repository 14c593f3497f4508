"""Weeks around changes of the clock: every study date has its one post, at its time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.cogs.acting import advance_to, slowed
from tests.simworld import texts

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "time", "zone", "tick"),
    [
        ("2026-03-22", "09:00", "Europe/Berlin", 3 * HOUR),
        ("2026-03-22", "02:30", "Europe/Berlin", 2 * HOUR),  # the 29th skips it
        ("2026-10-18", "09:00", "Europe/Berlin", 3 * HOUR),
        ("2026-10-18", "02:30", "Europe/Berlin", 2 * HOUR),  # it comes twice on the 25th
        ("2026-09-20", "00:00", "Pacific/Auckland", 3 * HOUR),  # +13 from the 27th
        ("2026-03-29", "22:30", "Pacific/Auckland", HOUR),  # +12 from the 5th
        ("2026-03-01", "02:30", "America/New_York", 2 * HOUR),  # the 8th skips it
        ("2026-10-25", "01:30", "America/New_York", 2 * HOUR),  # it comes twice on the 1st
        ("2026-09-27", "02:15", "Australia/Lord_Howe", 2 * HOUR),  # half an hour is skipped
        ("2026-03-29", "01:45", "Australia/Lord_Howe", 2 * HOUR),  # and comes twice
        ("2026-03-22T00:45", "23:30", "America/Nuuk", HOUR),  # the 28th has no such time
        ("2026-10-18T00:45", "22:30", "America/Nuuk", HOUR),  # it comes twice on the 24th
        ("2026-06-01", "00:15", "Pacific/Tongatapu", 3 * HOUR),  # +13 all year
        ("2026-06-01", "09:00", "Asia/Kolkata", 3 * HOUR),  # +05:30 all year
    ],
)
async def test_two_weeks_around_a_change_of_the_clock(hall, first, time, zone, tick):
    start = at(first)
    hall.env.backend.advance_clock((start - hall.env.now()).total_seconds())
    await slowed(hall, tick)
    await hall.setup_daily(time=time, zone=zone)
    await advance_to(hall, start + timedelta(days=14))

    posts = list(reversed(await hall.store.last_posts(hall.guild.id, 50)))
    days = [post.study_date for post in posts]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) in (14, 15)
    assert len(hall.messages()) == len(posts)
    assert [message.id for message in hall.messages()] == [post.message_id for post in posts]

    for message, post in zip(hall.messages()[1:], posts[1:], strict=True):
        wall = datetime.combine(post.study_date, datetime.strptime(time, "%H:%M").time())  # noqa: DTZ007
        due = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if due.astimezone(ZoneInfo(zone)).date() != post.study_date:  # skipped at the day's end
            due = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
        assert due <= message.created_at <= due + tick
        assert post.closes_at - post.claimed_at <= timedelta(days=1)
    for earlier, later in pairwise(posts):
        assert earlier.closes_at <= later.claimed_at
    lines = await hall.store.audit_lines(1)
    told = {line.study_date: line.event for line in lines}
    assert len(told) == len(lines)
    assert [day for day in days if told[day] not in ("posted", "late")] == []
    assert [day for day in told if day > days[0] and day not in days] == []
    for message, post in zip(hall.messages()[:-2], posts[:-2], strict=True):
        assert "closed" in texts(message)
        assert post.revealed_at is not None


async def test_days_that_were_slept_through_are_left_out_and_today_is_caught_up_once(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily(time="09:00", zone="UTC")
    await advance_to(hall, at("2026-01-01T10:00"))
    hall.env.backend.advance_clock(4 * 86400)  # as a machine that was switched off
    await slowed(hall, HOUR)
    await hall.env.advance_time(3 * 3600)
    posts = await hall.store.last_posts(hall.guild.id, 9)
    assert [post.study_date for post in posts] == [date(2026, 1, 5), date(2026, 1, 1)]
    first, second = hall.messages()
    assert "closed" in texts(first)
    assert "so far" in texts(second)
