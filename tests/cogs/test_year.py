"""A year of posting in zones of every kind, with outages, kills and pauses at random.

The real ``Posting`` and the real store; Discord is a few lists, which is what makes a year
affordable. What must be true at the end is counted from those lists, not from the store.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.cogs.delivery import custom_ids
from bot.cogs.posting import LOOKED_FOR, Posting
from bot.content.shelf import Shelf
from bot.core.daily import Challenge
from bot.core.weekdays import EVERY_DAY, Days
from bot.store.store import Store
from tests.database import hurry, put_empty
from tests.inline import InlineStore
from tests.simworld import disconnected, server_error

GUILD, ME, MANAGER = 900, 7, 77
NONCE_WINDOW = timedelta(minutes=3)
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process is gone; nothing of it runs on."""


@dataclass
class Message:
    id: int
    view: Any
    sent_at: datetime
    nonce: str
    edits: list[Any] = field(default_factory=list)

    @property
    def author(self) -> Any:
        return discord.Object(ME)

    @property
    def components(self) -> Any:
        return self.view.children

    def shows(self) -> str:
        return str((self.edits or [self.view])[-1].to_components())


class Place:
    """A channel that keeps messages, loses responses and has outages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.messages: list[Message] = []

    async def send(self, *, view: Any, nonce: str, **_: Any) -> Message:
        self.world.may_fail()
        for message in self.messages:
            if message.nonce == nonce and self.world.now - message.sent_at < NONCE_WINDOW:
                return message
        message = Message(self.world.snowflake(), view, self.world.now, nonce)
        self.messages.append(message)
        self.world.may_fail()  # it was taken; the bot does not learn of it
        return message

    async def history(self, *, limit: int, after: datetime) -> AsyncIterator[Message]:
        self.world.may_fail()
        for message in [m for m in self.messages if m.sent_at > after][:limit]:
            yield message

    def get_partial_message(self, message_id: int) -> Any:
        return Handle(self, message_id)


@dataclass
class Handle:
    place: Place
    message_id: int

    async def edit(self, *, view: Any, **_: Any) -> None:
        self.place.world.may_fail()
        next(m for m in self.place.messages if m.id == self.message_id).edits.append(view)

    async def create_thread(self, **_: Any) -> Any:
        self.place.world.may_fail()
        self.place.world.places.setdefault(self.message_id, Place(self.place.world))
        self.place.world.may_fail()
        return discord.Object(self.message_id)


class World:
    """As much of a bot as ``Posting`` knows, with a clock, and trouble by ``rng``."""

    def __init__(self, store: Store, shelf: Shelf, rng: Random, now: datetime) -> None:
        self.store, self.shelf, self.rng, self.now = store, shelf, rng, now
        self.drawing: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.user = discord.Object(ME)
        self.repost_missing = False
        self.places: dict[int, Place] = {}
        self.trouble = 0.0
        """The chance that any request goes wrong."""
        self.is_mortal = False
        self._last_id = 0

    def clock(self) -> datetime:
        return self.now

    def snowflake(self) -> int:
        at = discord.utils.time_snowflake(self.now)
        self._last_id = max(self._last_id + 1, at)
        return self._last_id

    def may_fail(self) -> None:
        if self.rng.random() < self.trouble:
            if self.is_mortal and self.rng.random() < 0.3:
                raise Killed
            raise server_error() if self.rng.random() < 0.5 else disconnected()

    def get_guild(self, guild_id: int) -> Any:
        return discord.Object(guild_id) if guild_id == GUILD else None

    def get_partial_messageable(self, channel_id: int, *, guild_id: int | None = None) -> Place:
        return self.places.setdefault(channel_id, Place(self))

    async def create_dm(self, user: Any) -> Any:
        raise server_error()

    def log_refusal(self, what: str, error: Exception) -> None:
        pass


@pytest.fixture(scope="module")
def shelf(shelf: Shelf) -> Shelf:
    """Questions for two years only: to draw from all of them is what would take longest."""
    few = Shelf(shelf.knowledge, shelf.library)
    few.__dict__["pool"] = shelf.pool[::4]
    assert len(few.questions_on(None)) > 2 * 365
    return few


@pytest.fixture(autouse=True)
def no_system_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nowhere(*_: Any) -> bool:
        return False

    monkeypatch.setattr("bot.cogs.alarm._in_system_channel", nowhere)


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of requests is kept in real time, in which a year passes in seconds."""
    monkeypatch.setattr("bot.cogs.sending.REQUESTS_A_SECOND", 10**6)


async def save(
    store: Store, channel_id: int, at: time, zone: str, now: datetime, days: Days, late: int
) -> Challenge:
    return await store.save_challenge(
        guild_id=GUILD,
        channel_id=channel_id,
        at=at,
        zone=zone,
        reveal_at=None,
        topic=None,
        since=now.astimezone(ZoneInfo(zone)).date(),
        by=MANAGER,
        now=now,
        has_thread=True,
        days=days,
        catch_up=late * HOUR,
    )


async def _bury() -> None:
    """End what else the killed process was doing: nothing of it goes on."""
    ghosts = asyncio.all_tasks() - {asyncio.current_task()}
    for ghost in ghosts:
        ghost.cancel()
    await asyncio.gather(*ghosts, return_exceptions=True)


async def walk(
    world: World, until: datetime, longest: timedelta, times: Sequence[tuple[time, str]]
) -> int:
    """Tick soon after each of ``times`` (wall time, zone) and at random moments, until then.

    Return how often the process was killed.
    """
    posting = Posting(world)  # type: ignore[arg-type]
    kills = 0
    while world.now < until:
        step = world.now + longest * world.rng.uniform(0.1, 1)
        for at, zone in times:
            today = world.now.astimezone(ZoneInfo(zone)).date()
            soon = timedelta(minutes=world.rng.uniform(1, 20))
            moments = (wall(today + timedelta(days=n), at, zone) + soon for n in (0, 1))
            step = min([step, *(moment for moment in moments if moment > world.now)])
        world.now = step
        try:
            await posting.tick()
        except Killed:
            kills += 1
            await _bury()
            assert not any(lock.locked() for lock in world.drawing.values())
            posting = Posting(world)  # type: ignore[arg-type]
            world.now += timedelta(minutes=world.rng.choice((1, 10, 300, 3000)))
    return kills


def wall(day: date, at: time, zone: str) -> datetime:
    """When a clock on the wall shows that time, or would; the first time if it does twice."""
    moment = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).date() != day:
        moment = datetime.combine(day, at.replace(fold=1), ZoneInfo(zone)).astimezone(UTC)
    return moment


def dates(first: date, last: date, days: Days) -> list[date]:
    span = (last - first).days + 1
    every = [first + timedelta(days=number) for number in range(span)]
    return [day for day in every if day.isoweekday() in days]


async def by_date(world: World, challenge: Challenge) -> dict[date, list[Message]]:
    """Group a channel's messages by the study date of the post that their buttons name."""
    found: dict[date, list[Message]] = {}
    for message in world.places[challenge.channel_id].messages:
        custom_id = next(iter(custom_ids(message.components)))
        post = await world.store.post(int(custom_id.split(":")[1]))
        assert post is not None
        assert post.challenge_id == challenge.id
        found.setdefault(post.study_date, []).append(message)
    return found


@pytest.mark.parametrize(
    ("zone", "at", "days"),
    [
        ("Europe/Berlin", time(2, 30), EVERY_DAY),
        ("America/New_York", time(1, 30), EVERY_DAY),
        ("Pacific/Tongatapu", time(0, 15), EVERY_DAY),
        ("Asia/Kolkata", time(9), frozenset({1, 2, 3, 4, 5})),
        ("Australia/Lord_Howe", time(2, 15), EVERY_DAY),
        ("America/Nuuk", time(23, 30), EVERY_DAY),
    ],
)
async def test_a_quiet_year_has_one_post_in_time_on_every_date(tmp_path, shelf, zone, at, days):
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    async with InlineStore(put_empty(tmp_path / "year.db")) as store:
        hurry(store)
        world = World(store, shelf, Random(3), start)
        challenge = await save(store, 901, at, zone, start, days, late=24)
        first = challenge.since + timedelta(days=1)  # today's time may have passed
        last = date(2026, 12, 30)
        end = wall(last, at, zone) + 30 * HOUR
        await walk(world, end, 11 * HOUR, [(at, zone)])

        found = await by_date(world, challenge)
        expected = dates(first, last, days)
        assert [day for day in sorted(found) if first <= day <= last] == expected
        found.pop(challenge.since, None)
        for day, messages in found.items():
            (message,) = messages
            assert timedelta(0) <= message.sent_at - wall(day, at, zone) <= HOUR
        lines = await store.audit_lines(challenge.id, since=first, limit=1000)
        assert Counter(line.study_date for line in lines) == Counter(dict.fromkeys(found, 1))
        assert {line.event for line in lines} <= {"posted", "late"}


@pytest.mark.parametrize(
    ("zone", "at", "seed"),
    [
        ("Europe/Berlin", time(2, 30), 1),
        ("Pacific/Apia", time(0, 15), 2),
        ("Australia/Lord_Howe", time(1, 45), 3),
        ("America/Nuuk", time(23, 30), 4),
    ],
)
async def test_a_stormy_year_accounts_for_every_date_and_posts_none_twice(
    tmp_path: Path, shelf: Shelf, zone: str, at: time, seed: int
) -> None:
    """Outages of hours or days, lost responses, kills, pauses and skips; two challenges."""
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    rng = Random(seed)
    late = 5 * HOUR
    async with InlineStore(put_empty(tmp_path / "year.db")) as store:
        hurry(store)
        world = World(store, shelf, rng, start)
        other_at = time((at.hour + 12) % 24, 5)
        challenges = [
            await save(store, 901, at, zone, start, EVERY_DAY, 5),
            await save(store, 902, other_at, zone, start, frozenset({1, 3, 5}), 5),
        ]
        times = [(at, zone), (other_at, zone)]
        skipped: set[tuple[int, date]] = set()
        kills = 0
        end = start + timedelta(days=365)
        while world.now < end:
            weather = rng.random()
            world.trouble = 0.0 if weather < 0.5 else 0.15 if weather < 0.9 else 1.0
            world.is_mortal = weather < 0.95
            spell = timedelta(hours=rng.choice((6, 30, 80)))
            kills += await walk(world, world.now + spell, 8 * HOUR, times)
            challenge = rng.choice(challenges)
            if rng.random() < 0.1:
                day = world.now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
                if await store.leave_out(challenge.id, day, "skipped", None, world.now):
                    skipped.add((challenge.id, day))
            if rng.random() < 0.15:
                await store.pause_challenge(challenge.id, is_paused=rng.random() < 0.4)
        world.trouble = 0.0
        for challenge in challenges:
            await store.pause_challenge(challenge.id, is_paused=False)
        await walk(world, world.now + timedelta(days=2), 3 * HOUR, times)
        assert kills > 5

        for challenge in challenges:
            wanted = at if challenge is challenges[0] else other_at
            found = await by_date(world, challenge)
            lines = await store.audit_lines(challenge.id, limit=2000)
            told = {line.study_date: line.event for line in lines}
            settled = world.now - late - 3 * HOUR
            last = settled.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
            expected = dates(challenge.since, last, challenge.days)
            assert [day for day in expected if day not in told and day not in found] == []
            unseen: set[date] = set()
            for day, messages in found.items():
                (message,) = messages
                if told[day] in ("missed", "paused"):
                    # Sent and not recorded, and every look for it refused until long after its
                    # close: given up.
                    unseen.add(day)
                    post = await store.post_for(challenge.id, day)
                    told_at = next(line.at for line in lines if line.study_date == day)
                    assert post is not None
                    assert post.message_id is None
                    assert told_at > post.closes_at + LOOKED_FOR
                    continue
                assert told[day] in ("posted", "late")
                overdue = message.sent_at - wall(day, wanted, zone)
                assert timedelta(0) <= overdue <= late
                assert (told[day] == "late") == (overdue > timedelta(minutes=5))
                assert (challenge.id, day) not in skipped
            for day, event in told.items():
                if event in ("skipped", "missed", "paused"):
                    assert day not in found or day in unseen
            assert {told[d] for d in told} >= {"posted", "late", "missed"}
            for day, messages in found.items():
                if day <= last - timedelta(days=2) and day not in unseen:
                    assert "closed" in messages[0].shows(), day
                    thread = world.places.get(messages[0].id)
                    assert thread is None or len(thread.messages) <= 1
        questions = [id_ for id_, _ in await store.asked_in_order(GUILD)]
        assert len(set(questions)) == len(questions)
        assert await store.unrevealed_posts() == ()


async def test_an_outage_after_a_lost_response_is_no_reason_to_give_the_post_up(
    tmp_path: Path, shelf: Shelf
) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    async with InlineStore(put_empty(tmp_path / "outage.db")) as store:
        hurry(store)
        world = World(store, shelf, Random(1), start)
        challenge = await save(store, 901, time(13), "UTC", start, EVERY_DAY, late=2)
        place = world.get_partial_messageable(901)
        world.now = start + HOUR

        async def send_and_die(**sent: Any) -> Message:
            await Place.send(place, **sent)
            raise Killed

        place.send = send_and_die  # type: ignore[method-assign]
        with pytest.raises(Killed):
            await Posting(world).tick()  # type: ignore[arg-type]
        await _bury()
        del place.send  # type: ignore[method-assign]

        world.now += timedelta(days=4)
        posting = Posting(world)  # type: ignore[arg-type]
        for trouble in (1.0, 0.0, 0.0):
            world.trouble = trouble
            world.now += timedelta(minutes=5)
            await posting.tick()
        found = await by_date(world, challenge)
        (message,) = found[start.date()]
        assert "closed" in message.shows()
        lines = await store.audit_lines(challenge.id, limit=10)
        assert [line.event for line in lines if line.study_date == start.date()] == ["posted"]
