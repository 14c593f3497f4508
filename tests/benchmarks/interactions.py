"""Interactions handled a second, and how long a member waits, beside a bare slash command.

A real discord.py client, connected to the stand-in (tests/benchmarks/standin.py) over sockets,
gets interactions through its gateway and answers them over HTTP. Each is timed by the stand-in,
from sending it to the arrival of the acknowledgement. The bare peer is a discord.py bot with one
slash command that says "Pong."; StudyBot runs whole, with a real store in which a server has a
history. What goes on after an acknowledgement (recording a look-up, editing the live count) takes
its share of the same process, and a run ends only when all of it is done.

The bot has one core and the stand-in the other.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import discord
from discord.ext import commands

from bot.app import StudyBot
from bot.config import DEFAULT_KNOWLEDGE
from bot.content.probes import load_probes
from bot.content.shelf import Shelf
from bot.core.post import Post
from bot.store.store import Store
from tests.benchmarks import payloads
from tests.benchmarks.connecting import Discord, connected, standing_in
from tests.benchmarks.payloads import OWNER_ID, Payload, channel_id, server_id
from tests.benchmarks.store import FIRST_MEMBER, fill

ASKED = sorted((Path(__file__).parents[1] / "questions").glob("held-apart*.yaml"))
MEMBERS, ANSWERS = 10_000, 100_000
"""What the server's history holds."""
AT_ONCE = (1, 64)
"""Members who wait for an answer at the same time."""
ROUNDS = 3
"""The best of each counts, because other programs only ever take time away."""
BARE = "bare /ping"
HANDLING = ("CommandTree-invoker", "discord-ui-dynamic-item")
"""How discord.py names the tasks that handle an interaction."""


@dataclass(frozen=True)
class Run:
    """How some interactions went."""

    a_second: float
    p50: float
    p99: float
    """Seconds from an interaction to its acknowledgement."""
    cpu: float
    """Seconds of processor time an interaction, all threads of the bot."""


@dataclass(frozen=True)
class Kind:
    """One kind of interaction."""

    name: str
    make: Callable[[], list[Payload]]
    """Makes them, each by a member who did not act lately."""
    says: str
    """What every acknowledgement holds."""


def bare() -> commands.Bot:
    """Return the peer: as little as a discord.py bot with a slash command can be."""
    bot = commands.Bot(
        command_prefix=commands.when_mentioned,
        intents=discord.Intents(guilds=True),
        max_messages=None,
        chunk_guilds_at_startup=False,
    )

    @bot.tree.command(description="Say pong.")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Pong.", ephemeral=True)

    return bot


async def report(number: int = 1000) -> AsyncIterator[str]:
    """Yield a table of ``number`` interactions a kind."""
    logging.disable(logging.WARNING)
    found: dict[tuple[str, int], list[Run]] = {}
    with TemporaryDirectory(prefix="study-bot-bench-") as folder:
        path = Path(folder) / "study.db"
        await _history(path)
        shelf = Shelf.read(DEFAULT_KNOWLEDGE)
        _ = shelf.pool
        gc.collect()
        gc.freeze()  # as bot/runner.py does; the bare bot must not pay for knowledge either
        async with standing_in(servers=1) as there:
            for turn in range(ROUNDS):
                new = _newcomers(turn)
                async with connected(bare()):
                    await _measure(there, [_ping(new, number)], found)
                async with Store(path) as store:
                    bot = StudyBot(store=store, shelf=shelf, knowledge_path=DEFAULT_KNOWLEDGE)
                    async with connected(bot):
                        post, shown = await _challenge(there, store)
                        kinds = [
                            _ask(new, number),
                            _answer(new, number, post, shown),
                            _board(number, turn),
                        ]
                        await _measure(there, kinds, found)
    yield (
        f"{number:,} interactions a kind, the best of {ROUNDS} rounds; "
        f"a server with {MEMBERS:,} members and {ANSWERS:,} answers\n"
    )
    yield (
        f"{'':16}{'at once':>9}{'a second':>10}{'of bare':>9}"
        f"{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}"
    )
    for at_once in AT_ONCE:
        alone = max(run.a_second for run in found[BARE, at_once])
        for (name, level), runs in found.items():
            if level == at_once:
                yield _line(name, level, runs, alone)


def _line(name: str, at_once: int, runs: Sequence[Run], alone: float) -> str:
    best = max(runs, key=lambda run: run.a_second)
    return (
        f"{name:16}{at_once:>9}{best.a_second:>10,.0f}{best.a_second / alone:>9.0%}"
        f"{best.p50 * 1e3:>9.2f}{best.p99 * 1e3:>9.2f}{best.cpu * 1e3:>9.2f}"
    )


# --------------------------------------------------------------------------- measuring


async def _measure(
    there: Discord, kinds: Sequence[Kind], found: dict[tuple[str, int], list[Run]]
) -> None:
    for kind in kinds:
        for at_once in AT_ONCE:
            run = await _run(there, kind, at_once)
            found.setdefault((kind.name, at_once), []).append(run)


async def _run(there: Discord, kind: Kind, at_once: int) -> Run:
    """Feed interactions and wait until the bot has nothing left to do for them."""
    interactions = kind.make()
    start, cpu = time.perf_counter(), time.process_time()
    fed = await there.feed(interactions, at_once)
    while left := [task for task in asyncio.all_tasks() if task.get_name().startswith(HANDLING)]:
        await asyncio.wait(left)
    taken, cpu = time.perf_counter() - start, time.process_time() - cpu
    for answer in fed.answers:
        assert kind.says in answer, f"{kind.name}: {answer[:300]}"
    waits = sorted(fed.waits)
    number = len(interactions)
    return Run(number / taken, waits[number // 2], waits[number * 99 // 100], cpu / number)


# ------------------------------------------------------------------------ interactions


def _newcomers(turn: int) -> Iterator[Payload]:
    return (payloads.user(number, f"m{number}") for number in count((5 + turn) * 10**17))


def _ping(new: Iterator[Payload], number: int) -> Kind:
    return Kind(
        BARE,
        lambda: [payloads.slash(0, who, "ping") for who in islice(new, number)],
        "Pong.",
    )


def _ask(new: Iterator[Payload], number: int) -> Kind:
    asked = [probe.ask for file in ASKED for probe in load_probes(file, lambda _: None)[0]]

    def make() -> list[Payload]:
        return [
            payloads.slash(0, who, "ask", question=question)
            for who, question in zip(islice(new, number), cycle(asked), strict=False)
        ]

    return Kind("/ask", make, '"components"')


def _answer(new: Iterator[Payload], number: int, post: Post, shown: Payload) -> Kind:
    def make() -> list[Payload]:
        return [
            payloads.press(0, who, shown, f"daily:{post.id}:{place % 4}")
            for place, who in enumerate(islice(new, number))
        ]

    return Kind("daily answer", make, "Recorded: **")


def _board(number: int, turn: int) -> Kind:
    rng = Random(turn)

    def make() -> list[Payload]:
        readers = rng.sample(range(MEMBERS), number)
        return [
            payloads.slash(
                0, payloads.user(FIRST_MEMBER + 7 * n, f"m{n}"), "leaderboard", period="all"
            )
            for n in readers
        ]

    return Kind("/leaderboard", make, "Leaderboard")


# ------------------------------------------------------------------------- the server


async def _history(path: Path) -> None:
    """Write a server with a past, and a challenge that is due."""
    now = datetime.now(UTC)
    async with Store(path) as store:
        past, _ = [
            await store.save_challenge(
                guild_id=server_id(0),
                channel_id=where,
                at=now.time().replace(second=0, microsecond=0),
                zone="UTC",
                reveal_at=None,
                topic=None,
                since=now.date(),
                by=OWNER_ID,
                now=now,
            )
            for where in (channel_id(0) + 1, channel_id(0))
        ]
        await store.pause_challenge(past.id, is_paused=True)
    await asyncio.to_thread(fill, path, MEMBERS, ANSWERS, past.id, guild_id=server_id(0))
    async with Store(path) as store:
        await store.prepare_boards(now)


async def _challenge(there: Discord, store: Store) -> tuple[Post, Payload]:
    """Wait until the bot has posted what is due; return it, and its message as members have it."""
    while True:
        for post in await store.open_posts():
            if post.message_id is not None:
                messages = (await there.report())["messages"][str(channel_id(0))]
                return post, messages[0]
        await asyncio.sleep(0.1)
