"""When a daily challenge is posted and when it is revealed.

Days are civil days of the challenge's zone; arithmetic is done on local wall time and then
converted, so a day of 23 or 25 hours still has exactly one post. A wall time that a clock
change skips is read with the offset before the change (an hour later on the wall); one that
comes twice means its first coming: both are ``fold=0`` of PEP 495. Where the skipped hour is the
last of its day (America/Nuuk) an hour later would be the next day, which has a post of its own:
there the offset after the change is taken, an hour earlier on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.weekdays import EVERY_DAY, Days
from bot.errors import UserError

REVEAL_BEFORE_NEXT = timedelta(minutes=30)
OPEN_AT_MOST = timedelta(hours=24)
LATE_AFTER = timedelta(minutes=5)
"""A post this long after its time is called late; sooner is the clock's own grain."""
CATCH_UP_HOURS = 12
"""How late a post may still be made, unless a server says otherwise."""
CATCH_UP_MOST = timedelta(hours=24)
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server set up: one question a day in one channel."""

    id: int
    guild_id: int
    channel_id: int
    at: time
    """Local wall time of the post, in ``zone``; naive."""
    zone: str
    """IANA name."""
    topic: str | None
    """Id of the topic (or exam) to ask about; None for ``exam``."""
    is_on: bool
    since: date
    """First study date that is posted by itself."""
    reveal_at: time | None = None
    """Local wall time of the reveal; None for half an hour before the next day's time."""
    exam: str | None = None
    """Id of the exam to ask about; None, without a topic, for the main one."""
    role_id: int | None = None
    """The one role that a post mentions; None for nobody."""
    has_thread: bool = False
    """Whether each post gets a thread to talk in."""
    has_winners: bool = True
    """Whether the winners of weeks and months may be told in its channel; a server's oldest that
    is on tells them."""
    days: Days = EVERY_DAY
    """Days of the week with a post; at least one."""
    catch_up: timedelta = CATCH_UP_MOST
    """How late an overdue post may still be made, on its own study date."""
    is_paused: bool = False
    """Nothing is posted until a manager resumes it; days pass and are accounted for."""
    version: int = 1
    """Grows with every change of the settings, so that two managers notice each other."""
    accounted_on: date | None = None
    """The newest study date of which it is written down what became of it; None before any."""


def parse_time(text: str) -> time:
    """Return a wall time written as ``HH:MM`` on the 24-hour clock.

    >>> parse_time("9:05")
    datetime.time(9, 5)

    Raises:
        UserError: it is not one.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise UserError(f"“{text[:20]}” is not a time. Write it like 09:00 or 18:30.")
    return time(int(match[1]), int(match[2]))


def local_date(now: datetime, zone: str) -> date:
    """Return the study date: the civil date of ``now`` (aware) in ``zone``."""
    return now.astimezone(ZoneInfo(zone)).date()


def _instant(day: date, at: time, zone: str) -> datetime:
    moment = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    if local_date(moment, zone) != day:
        return datetime.combine(day, at.replace(fold=1), ZoneInfo(zone)).astimezone(UTC)
    return moment


def posts_at(challenge: Challenge, day: date) -> datetime:
    """Return the moment (UTC) at which the post of study date ``day`` is due."""
    return _instant(day, challenge.at, challenge.zone)


def closes_at(challenge: Challenge, day: date, posted_at: datetime) -> datetime:
    """Return when a post made at ``posted_at`` for study date ``day`` is revealed (UTC).

    At most 24 hours after posting, and half an hour before the next post is due; one that was
    posted by hand later than that closes when the next one is due.
    """
    latest = posts_at(challenge, day + timedelta(days=1)) - REVEAL_BEFORE_NEXT
    if challenge.reveal_at is not None:
        wish = _instant(day, challenge.reveal_at, challenge.zone)
        if wish <= posted_at:
            wish = _instant(day + timedelta(days=1), challenge.reveal_at, challenge.zone)
        if posted_at < wish < latest:
            latest = wish
    if latest <= posted_at:  # posted by hand minutes before the next one is due
        latest = posts_at(challenge, day + timedelta(days=1))
    return min(latest, posted_at + OPEN_AT_MOST)


def is_scheduled(challenge: Challenge, day: date) -> bool:
    """Return whether ``day`` is one of the challenge's days, on or after its first."""
    return day >= challenge.since and day.isoweekday() in challenge.days


def due(challenge: Challenge, now: datetime) -> date | None:
    """Return the study date whose post should exist by ``now``, or None.

    Only today's, from its time until ``catch_up`` after it: an overdue post of today is caught
    up, older ones never are. A pause is not looked at here: see ``unaccounted``.
    """
    today = local_date(now, challenge.zone)
    if not challenge.is_on or not is_scheduled(challenge, today):
        return None
    moment = posts_at(challenge, today)
    return today if moment <= now <= moment + challenge.catch_up else None


def lateness(challenge: Challenge, day: date, posted_at: datetime) -> timedelta | None:
    """Return how late a post of ``day`` is; None when it is in time."""
    late = posted_at - posts_at(challenge, day)
    return late if late > LATE_AFTER else None


def unaccounted(challenge: Challenge, now: datetime) -> tuple[date, ...]:
    """Return the scheduled study dates, oldest first, that can no longer be posted by themselves.

    From the day after ``accounted_on`` on: their time has passed by more than ``catch_up``, the
    day is over, or the challenge is paused and their time has come.
    """
    if not challenge.is_on:
        return ()
    today = local_date(now, challenge.zone)
    day = challenge.since
    if challenge.accounted_on is not None:
        day = max(day, challenge.accounted_on + timedelta(days=1))
    found = []
    while day <= today:
        moment = posts_at(challenge, day)
        grace = timedelta(0) if challenge.is_paused else challenge.catch_up
        if is_scheduled(challenge, day) and (day < today or now > moment + grace):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def first_day(challenge: Challenge, now: datetime) -> date:
    """Return the first study date of a challenge that is saved at ``now``.

    Today, unless its time passed so long ago that it would not be caught up.
    """
    today = local_date(now, challenge.zone)
    if now > posts_at(challenge, today) + challenge.catch_up:
        return today + timedelta(days=1)
    return today


def next_day(
    challenge: Challenge,
    now: datetime,
    *,
    posted: date | None = None,
    settled: Collection[date] = (),
) -> date | None:
    """Return the study date that is posted next after ``now``; None when it is switched off.

    ``posted`` is the newest study date that has its post, which may have been made by hand before
    its time; None when there is none. ``settled`` are dates that are left out.
    """
    if not challenge.is_on:
        return None
    day = max(local_date(now, challenge.zone), challenge.since)
    if posted is not None:
        day = max(day, posted + timedelta(days=1))
    if posts_at(challenge, day) <= now:
        day += timedelta(days=1)
    while day in settled or not is_scheduled(challenge, day):
        day += timedelta(days=1)
    return day


def next_post(
    challenge: Challenge,
    now: datetime,
    *,
    posted: date | None = None,
    settled: Collection[date] = (),
) -> datetime | None:
    """Return when ``next_day`` is due (UTC); None when the challenge is switched off."""
    day = next_day(challenge, now, posted=posted, settled=settled)
    return None if day is None else posts_at(challenge, day)
