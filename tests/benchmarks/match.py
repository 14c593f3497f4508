"""A match of many players who all answer in the same moment: how long each waits.

A real discord.py client, connected to the stand-in for Discord (tests/benchmarks/standin.py) over
sockets, runs a whole StudyBot with a real store. All players join, and answer each question, at
once: the stand-in sends all their presses before it waits for anything, and times each from the
sending to the arrival of its acknowledgement, which comes after the commit. The bot has one core
and the stand-in the other. Every answer is then looked for in the store, and the time between two
edits of one message is taken from the requests that arrived.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord

from bot.app import StudyBot
from bot.config import DEFAULT_KNOWLEDGE
from bot.content.shelf import Shelf
from bot.core.match import Match
from bot.core.match_standing import MatchRound
from bot.store.store import Store
from tests.benchmarks import payloads
from tests.benchmarks.connecting import Discord, Fed, connected, standing_in
from tests.benchmarks.payloads import COMMAND, Payload, channel_id

PLAYERS, QUESTIONS = 200, 5
FIRST_PLAYER = 4 * 10**17
POLL_SECONDS, WAITED_SECONDS = 0.05, 60


@dataclass(frozen=True)
class Burst:
    """Presses of one moment, and what became of them."""

    fed: Fed
    cpu: float
    """Seconds of processor time of the bot, all its threads, until the last was acknowledged."""


async def report(number: int = PLAYERS) -> AsyncIterator[str]:
    """Yield a table of a match of ``number`` players, 2 to 200."""
    logging.disable(logging.WARNING)
    players = [payloads.user(FIRST_PLAYER + n, f"m{n}") for n in range(number)]
    yield f"A match of {number} players who all press at once; {QUESTIONS} questions\n"
    yield (
        f"{'':16}{'presses':>9}{'recorded':>10}{'told':>7}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'slowest ms':>12}{'CPU ms':>9}"
    )
    with TemporaryDirectory(prefix="study-bot-bench-") as folder:
        shelf = Shelf.read(DEFAULT_KNOWLEDGE)
        _ = shelf.pool
        async with standing_in(servers=1) as there, Store(Path(folder) / "study.db") as store:
            bot = StudyBot(store=store, shelf=shelf, knowledge_path=DEFAULT_KNOWLEDGE)
            async with connected(bot):
                opened = await there.feed([_start(players[0])], 1)
                assert "Your match is open" in opened.answers[0], opened.answers[0]
                match = await _until(store, lambda match: match.lobby_message_id is not None)
                lobby = await _message(there, match.lobby_message_id)
                joins = [_press(who, lobby, f"matchjoin:{match.id}") for who in players[1:]]
                burst = await _at_once(there, joins)
                contest = await store.contest(match.id)
                assert contest is not None
                yield _line("join", burst, len(contest.contestants) - 1, "You are in.")
                await there.feed([_press(players[0], lobby, f"matchstart:{match.id}")], 1)
                for place in range(QUESTIONS):
                    round_ = await _asked(store, match.id, place)
                    shown = await _message(there, round_.post.message_id)
                    options = len(round_.post.shown.options)
                    answers = [
                        _press(who, shown, f"match:{round_.post.id}:{n % options}")
                        for n, who in enumerate(players)
                    ]
                    burst = await _at_once(there, answers)
                    recorded = await store.answer_count(round_.post.id)
                    yield _line(f"question {place + 1}", burst, recorded, "Recorded: **")
                await _until(store, lambda match: match.phase == "over")
                edited = (await there.report())["edited"]
        times: dict[int, list[float]] = {}
        for at, message_id in edited:
            times.setdefault(message_id, []).append(at)
        gaps = [after - before for some in times.values() for before, after in pairwise(some)]
    yield (
        f"\n{len(edited)} edits of {len(times)} messages, two of one message never closer than "
        f"{min(gaps):.2f} s"
    )


def _line(name: str, burst: Burst, recorded: int, says: str) -> str:
    fed = burst.fed
    waits = sorted(fed.waits)
    number = len(waits)
    told = sum(says in answer for answer in fed.answers)
    return (
        f"{name:16}{number:>9}{recorded:>10}{told:>7}{waits[number // 2] * 1e3:>9.1f}"
        f"{waits[number * 99 // 100] * 1e3:>9.1f}{waits[-1] * 1e3:>12.1f}"
        f"{burst.cpu / number * 1e3:>9.2f}"
    )


async def _at_once(there: Discord, presses: Sequence[Payload]) -> Burst:
    gc.collect()
    cpu = time.process_time()
    fed = await there.feed(presses, len(presses))
    return Burst(fed, time.process_time() - cpu)


def _start(who: Payload) -> Payload:
    options = [
        {"name": "questions", "type": 4, "value": QUESTIONS},
        {"name": "seconds", "type": 4, "value": 60},
    ]
    start = {"name": "start", "type": 1, "options": options}
    data = {"id": "1", "name": "match", "type": 1, "options": [start]}
    held = discord.Permissions.text() | discord.Permissions(view_channel=True)
    return {**payloads.interaction(COMMAND, 0, who, data), "app_permissions": str(held.value)}


def _press(who: Payload, on: Payload, custom_id: str) -> Payload:
    return payloads.press(0, who, on, custom_id)


async def _until(store: Store, is_so: Any) -> Match:
    async with asyncio.timeout(WAITED_SECONDS):
        while True:
            match = await store.match(1)
            if match is not None and is_so(match):
                return match
            await asyncio.sleep(POLL_SECONDS)


async def _asked(store: Store, match_id: int, place: int) -> MatchRound:
    """Wait until a question was sent."""
    async with asyncio.timeout(WAITED_SECONDS):
        while True:
            rounds = await store.match_rounds(match_id)
            if len(rounds) > place and rounds[place].post.message_id is not None:
                return rounds[place]
            await asyncio.sleep(POLL_SECONDS)


async def _message(there: Discord, message_id: int | None) -> Payload:
    """Return a message as members have it."""
    sent = (await there.report())["messages"][str(channel_id(0))]
    (found,) = [message for message in sent if message["id"] == str(message_id)]
    return dict(found)
