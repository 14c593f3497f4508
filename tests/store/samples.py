"""Questions, a server and its challenge, and short ways to post and to answer."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from bot.core.contest import Result
from bot.core.daily import Challenge
from bot.core.duel import Duel
from bot.core.match import Match, MatchSettings
from bot.core.model import Question
from bot.core.post import Post, Round, Shown
from bot.core.season import Season
from bot.core.team import Team
from bot.core.team_name import team_name
from bot.store.store import Store
from tests.database import hurry, put_empty

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GUILD = 900
CHANNEL = 901
MANAGER = 77
KEY = 2
"""The place of the right option in all that ``shown`` returns."""
_CHANNELS = count(CHANNEL + 1)
"""There is one match at a time in a channel."""


@asynccontextmanager
async def new_store() -> AsyncIterator[tuple[Store, Path]]:
    """Give one example of a property a store of its own, quick to make and gone after it."""
    with TemporaryDirectory() as folder:
        path = put_empty(Path(folder) / "study.db")
        async with Store(path) as store:
            hurry(store)
            yield store, path


def question(name: str = "macie") -> Question:
    return Question(
        id=name,
        prompt=f"Which service is {name}?",
        choices=("right", "wrong one", "wrong two", "wrong three"),
        answer=0,
        explanation="Because it says “so”.",
        source="https://docs.example/",
        entry_id=f"entry-{name}",
        topic="data-protection",
        exam="CLF-C02",
        domain="security",
    )


def shown(name: str = "macie") -> Shown:
    return Shown(question(name), (3, 1, 0, 2))


async def set_up(
    store: Store,
    guild_id: int = GUILD,
    *,
    zone: str = "Europe/Zurich",
    by: int = MANAGER,
    channel_id: int = CHANNEL,
) -> Challenge:
    return await store.save_challenge(
        guild_id=guild_id,
        channel_id=channel_id,
        at=time(9),
        zone=zone,
        reveal_at=None,
        topic=None,
        since=TODAY,
        by=by,
        now=NOW,
    )


async def duel(
    store: Store,
    challenger: int,
    opponent: int,
    *,
    right: tuple[int, int] = (2, 1),
    guild_id: int = GUILD,
    at: datetime = NOW,
    day: date = TODAY,
) -> Duel:
    """Play a duel of two questions to its end; ``right`` answers of the one and the other."""
    started = await begin_duel(store, challenger, opponent, guild_id=guild_id, at=at, day=day)
    for member_id, many in zip((challenger, opponent), right, strict=True):
        await play_duel(store, started, member_id, many, at=at)
    assert await store.finish_duel(started.id, at + MINUTE)
    found = await store.duel(started.id)
    assert found is not None
    return found


async def team(
    store: Store,
    captain: int,
    *members: int,
    name: str = "Foxes",
    guild_id: int = GUILD,
    is_open: bool = True,
    at: datetime = NOW,
) -> Team:
    """Found a team that others join, in this order at this moment."""
    made = await store.found_team(guild_id, captain, team_name(name), is_open=is_open, at=at)
    for member_id in members:
        await store.join_team(guild_id, member_id, made.id, at)
    found = await store.team(guild_id, made.id)
    assert found is not None
    return found


async def invite(
    store: Store, challenger: int, opponent: int, *, guild_id: int = GUILD, at: datetime = NOW
) -> Duel:
    return await store.invite_to_duel(
        guild_id=guild_id,
        channel_id=CHANNEL,
        challenger_id=challenger,
        opponent_id=opponent,
        topic=None,
        nonce=uuid4().hex[:25],
        now=at,
    )


async def begin_duel(
    store: Store,
    challenger: int,
    opponent: int,
    *,
    guild_id: int = GUILD,
    at: datetime = NOW,
    day: date = TODAY,
) -> Duel:
    """Have a duel of two questions accepted."""
    invited = await invite(store, challenger, opponent, guild_id=guild_id, at=at)
    return await store.accept_duel(
        invited.id, opponent, shown=[shown("one"), shown("two")], study_date=day, now=at
    )


async def play_duel(
    store: Store, started: Duel, member_id: int, right: int, *, at: datetime = NOW
) -> None:
    """Answer all of a duel's questions, the first ``right`` of them right, a second each."""
    place = 0
    while (turn := await store.duel_turn(started.id, member_id, at)) is not None:
        pick = KEY if place < right else KEY - 1
        at += timedelta(seconds=1)
        await store.record_answer(turn.post.id, member_id=member_id, place=pick, at=at)
        place += 1


async def claim(
    store: Store, challenge: Challenge, day: date = TODAY, name: str = "macie"
) -> Post | None:
    return await store.claim_post(
        challenge=challenge,
        study_date=day,
        shown=shown(name),
        nonce=f"{challenge.id}-{day}",
        now=NOW,
        closes_at=NOW + 20 * HOUR,
    )


async def open_post(
    store: Store, day: date = TODAY, name: str = "macie", guild_id: int = GUILD
) -> Post:
    challenge = await store.challenge(guild_id) or await set_up(store, guild_id)
    post = await claim(store, challenge, day, name)
    assert post is not None
    await store.record_post(post.id, channel_id=CHANNEL, message_id=5000 + post.id, at=NOW)
    found = await store.post(post.id)
    assert found is not None
    return found


async def start(
    store: Store,
    member_id: int,
    names: Iterable[str] = ("macie",),
    *,
    guild_id: int | None = GUILD,
    day: date = TODAY,
) -> Round:
    return await store.start_round(
        member_id=member_id,
        guild_id=guild_id,
        shown=[shown(name) for name in names],
        study_date=day,
        now=NOW,
    )


async def lobby(
    store: Store,
    host: int,
    *others: int,
    guild_id: int = GUILD,
    channel_id: int = CHANNEL,
    day: date = TODAY,
) -> Match:
    """Open a match of three questions and 20 seconds, for teams; all of these join."""
    match = await store.make_match(
        guild_id=guild_id,
        channel_id=channel_id,
        host_id=host,
        settings=MatchSettings(questions=3, for_teams=True),
        study_date=day,
        now=NOW,
        until=NOW + HOUR,
    )
    for member_id in others:
        assert await store.join_match(match.id, member_id, NOW, most=200)
    return match


async def asking(store: Store, host: int, *others: int, **place: int) -> Match:
    """Begin a match and ask its first question at NOW."""
    match = await lobby(store, host, *others, **place)
    await store.ask_contest(match.id, [shown(f"match-{n}") for n in range(3)], now=NOW)
    asked = match.begun(NOW, 3).asked(NOW)
    await store.ask_match_round(asked)
    return asked


async def played_match(
    store: Store,
    ranks: Mapping[int, int],
    *,
    guild_id: int = GUILD,
    day: date = TODAY,
    silent: Collection[int] = (),
) -> int:
    """Finish a match with these ranks by member, ``silent`` having answered nothing.

    Return its id.
    """
    match = await lobby(store, *ranks, guild_id=guild_id, channel_id=next(_CHANNELS), day=day)
    contest = await store.contest(match.id)
    assert contest is not None
    results = {
        one.id: Result(rank, score=0, right=0, answered=int(one.member_id not in silent))
        for one, rank in zip(contest.contestants, ranks.values(), strict=True)
    }
    await store.finish_contest(match.id, results, NOW)
    return match.id


async def season(
    store: Store,
    first: date = TODAY,
    days: int = 28,
    *,
    name: str = "Winter sprint",
    guild_id: int = GUILD,
    by: int = MANAGER,
    role_id: int | None = None,
) -> Season:
    return await store.start_season(
        guild_id,
        name=name,
        first=first,
        last=first + timedelta(days=days - 1),
        channel_id=CHANNEL,
        role_id=role_id,
        by=by,
        now=NOW,
    )


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a program other than the bot sees in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


async def rate_many(
    store: Store, guild_id: int, members: Sequence[int], contests: int = 12
) -> None:
    """Let members meet in matches until none of their ratings is new; the first wins each."""
    for number in range(contests):
        ranks = {member_id: rank for rank, member_id in enumerate(members, 1)}
        await played_match(store, ranks, guild_id=guild_id, day=TODAY + number * DAY)
    await store.rate_contests()
