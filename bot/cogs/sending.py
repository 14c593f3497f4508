"""Doing many things at Discord side by side, without running into its limits.

Everything above Discord's limit is answered with "429: try again", and a request that is answered
so five times in a row is given up by discord.py. So a crowd of requests, such as all challenges
that are due in one minute, is started at a pace that leaves room for what members ask meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.core.pace import Pace
from bot.ui.limits import REQUESTS_A_SECOND

SHARE = 0.8
"""How much of Discord's limit a crowd may use."""
BURST = 5
"""Started at once; with the pace after it, any second has less than Discord allows."""
AT_ONCE = 40
"""Requests under way at the same time, so that slow answers hold up few others."""

Work = Callable[[], Awaitable[object]]


class Sending:
    """One pace for everything that is done in crowds."""

    def __init__(self) -> None:
        self._pace = Pace(REQUESTS_A_SECOND * SHARE, BURST)
        self._room = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def crowd(self) -> AsyncIterator[Callable[[Work], None]]:
        """Give a function that starts ``work``, one request, in its turn; at the end wait for all.

        What one raises, or what is raised inside, ends the others, and is raised when they have
        ended.
        """
        crowd: list[asyncio.Task[None]] = []

        def start(work: Work) -> None:
            crowd.append(asyncio.create_task(self._in_turn(work)))

        try:
            yield start
            await asyncio.gather(*crowd)
        except BaseException:
            for one in crowd:
                one.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
            raise

    async def _in_turn(self, work: Work) -> None:
        async with self._room:
            wait = self._pace.take(asyncio.get_running_loop().time())
            if wait:
                await asyncio.sleep(wait)
            await work()
