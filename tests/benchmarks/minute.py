"""Many challenges due in the same minute, sent through discord.py under Discord's rate limits.

The whole StudyBot runs with a real store and discord.py's own HTTP client and gateway, connected
to the stand-in (tests/benchmarks/standin.py). Each of ``count`` servers has one challenge with a
thread, and yesterday's, revealed, in its channel. All are due at the next full minute of the real
clock, and the bot's own clock loop finds them: nothing is simulated but Discord. Beside it in the
same run: a loop that sends as many plain messages one after the other, and one that sends them
all at once, with a bare discord.py client.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import discord

from bot.app import StudyBot
from bot.config import DEFAULT_KNOWLEDGE
from bot.content.shelf import Shelf
from bot.core.post import show
from bot.store.store import Store
from tests.benchmarks.connecting import Discord, connected, standing_in
from tests.benchmarks.payloads import OWNER_ID, channel_id, server_id

LATENCY = 0.1
"""Seconds that each request takes; Discord's own creating of a message takes about that."""
BAR = 60.0
AHEAD = timedelta(seconds=15)
"""How long before the minute everything must be ready; or it is the next minute."""


async def report(count: int = 500) -> AsyncIterator[str]:
    """Yield a table."""
    logging.disable(logging.WARNING)  # discord.py warns of each 429; the table counts them
    yield (
        f"{count} messages under Discord's limits (50 requests a second, 5 messages a channel in "
        f"5 seconds), each request {LATENCY * 1e3:.0f} ms\n"
    )
    yield (
        f"{'':34}{'claimed':>9}{'handed':>9}{'doubles':>9}{'429s':>7}"
        f"{'first s':>9}{'last s':>9}{'requests':>10}"
    )
    async with standing_in(servers=count, latency=LATENCY, is_limited=True) as there:
        client = discord.Client(intents=discord.Intents(guilds=True))
        async with connected(client):
            yield await _bare(there, client, "bare loop, one after the other", count, 1)
            yield await _bare(there, client, "bare loop, all at once", count, count)
        with TemporaryDirectory(prefix="study-bot-bench-") as folder:
            yield await _study_bot(there, Path(folder) / "study.db", count)


async def _bare(there: Discord, client: discord.Client, name: str, count: int, at_once: int) -> str:
    await there.reset()
    await asyncio.sleep(1)  # what came before has left the limits
    turn = asyncio.Semaphore(at_once)

    async def send(number: int) -> None:
        async with turn:
            place = client.get_partial_messageable(channel_id(number))
            with contextlib.suppress(discord.HTTPException):  # after five answers of 429
                await place.send("Good morning.", nonce=uuid4().hex[:25])

    start = time.time()
    await asyncio.gather(*(send(number) for number in range(count)))
    return await _line(there, name, start, None)


async def _study_bot(there: Discord, path: Path, count: int) -> str:
    """Let the bot find what is due at the next full minute, and wait for the last message."""
    async with Store(path) as store:
        shelf = Shelf.read(DEFAULT_KNOWLEDGE)
        bot = StudyBot(store=store, shelf=shelf, knowledge_path=DEFAULT_KNOWLEDGE)
        due = await _prepare(bot, count)
        await there.reset()
        async with connected(bot):
            assert datetime.now(UTC) < due, "the minute began before the bot was ready"
            await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
            posts = await _until_sent(store, count)
            return await _line(there, "StudyBot", due.timestamp(), posts)


async def _prepare(bot: StudyBot, count: int) -> datetime:
    """Set up a challenge in each server, with yesterday's; return when today's are due."""
    now = datetime.now(UTC)
    due = (now + AHEAD + timedelta(seconds=count / 50)).replace(second=0, microsecond=0)
    due += timedelta(minutes=1)
    yesterday = due - timedelta(days=1)
    questions = bot.shelf.pool

    async def set_up(number: int) -> None:
        store = bot.store
        await store.record_server(server_id(number), yesterday)
        challenge = await store.save_challenge(
            guild_id=server_id(number),
            channel_id=channel_id(number),
            at=due.time(),
            zone="UTC",
            reveal_at=None,
            topic=None,
            since=yesterday.date(),
            by=OWNER_ID,
            now=yesterday,
            has_thread=True,
        )
        post = await store.claim_post(
            challenge=challenge,
            study_date=yesterday.date(),
            shown=show(questions[number], bot.rng),
            nonce=f"yesterday-{number}",
            now=yesterday,
            closes_at=due - timedelta(minutes=30),
        )
        assert post is not None
        await store.record_post(
            post.id, channel_id=channel_id(number), message_id=10**16 + number, at=yesterday
        )
        await store.record_thread(post.id, 10**16 + number)
        await store.close_post(post.id, at=due - timedelta(minutes=30), worth=10)
        await store.record_reveal(post.id, due - timedelta(minutes=30))
        await store.record_explanation(post.id, due - timedelta(minutes=30))

    await asyncio.gather(*(set_up(number) for number in range(count)))
    return due


async def _until_sent(store: Store, count: int) -> int:
    """Wait until all challenges have their message, or long past the bar; return the claims."""
    end = time.monotonic() + 4 * BAR
    while True:
        posts = await store.open_posts()
        if sum(post.message_id is not None for post in posts) == count or time.monotonic() > end:
            return len(posts)
        await asyncio.sleep(0.5)


async def _line(there: Discord, name: str, start: float, claimed: int | None) -> str:
    """Return what the stand-in saw since the last reset, ``start`` being second 0.

    Each channel is to have one message; every further one is a double.
    """
    seen = await there.report()
    times = [at - start for at, _, _ in seen["sent"]]
    channels = {channel for _, channel, _ in seen["sent"]}
    return (
        f"{name:34}{'' if claimed is None else claimed:>9}{len(channels):>9}"
        f"{len(times) - len(channels):>9}{sum(seen['refused'].values()):>7}"
        f"{min(times):>9.1f}{max(times):>9.1f}{sum(seen['requests'].values()):>10}"
    )
