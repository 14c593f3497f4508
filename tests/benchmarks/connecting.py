"""Connecting real discord.py clients to the stand-in for Discord.

``async with standing_in(servers=1) as there:``, in it ``async with connected(client):``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.benchmarks.payloads import Payload

ClientT = TypeVar("ClientT", bound=discord.Client)

TOKEN = "bench"
READY_WITHIN = 60.0


@dataclass(frozen=True)
class Fed:
    """What became of interactions."""

    seconds: float
    """From the first interaction to the last answer."""
    waits: tuple[float, ...]
    """Seconds from each interaction to its answer."""
    answers: tuple[str, ...]
    """The answers as Discord got them, JSON."""


class Discord:
    """The stand-in, as a benchmark speaks to it."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self.port = port

    async def feed(self, interactions: Sequence[Payload], at_once: int) -> Fed:
        """Let members act, ``at_once`` of them waiting for an answer at any time."""
        body = {"payloads": interactions, "at_once": at_once}
        found = await self._ask("POST", "feed", json=body)
        waits, answers = zip(*found["answers"], strict=True)
        return Fed(found["seconds"], waits, answers)

    async def report(self) -> dict[str, Any]:
        """Return what was sent, refused and asked for since the last reset."""
        return dict(await self._ask("GET", "report"))

    async def reset(self) -> None:
        """Forget all messages and counts."""
        await self._ask("POST", "reset")

    async def _ask(self, method: str, what: str, **options: Any) -> Any:
        address = f"http://127.0.0.1:{self.port}/control/{what}"
        async with self._session.request(method, address, **options) as response:
            response.raise_for_status()
            text = await response.text()
            return json.loads(text) if text else None


@asynccontextmanager
async def standing_in(
    *, servers: int, latency: float = 0.0, is_limited: bool = False
) -> AsyncIterator[Discord]:
    """Start the stand-in, lead discord.py's addresses there, and end it afterwards."""
    options = {"servers": servers, "latency": latency, "is_limited": is_limited}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.standin", json.dumps(options),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        port = int(await process.stdout.readline())
        Route.BASE = f"http://127.0.0.1:{port}/api/v10"
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway/")
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as session:
            yield Discord(session, port)
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def connected(client: ClientT) -> AsyncIterator[ClientT]:
    """Run a client until it is ready, and close it at the end."""
    async with client:
        await client.login(TOKEN)
        running = asyncio.create_task(client.connect())
        try:
            await asyncio.wait_for(client.wait_until_ready(), READY_WITHIN)
            yield client
        finally:
            await client.close()
            await running
