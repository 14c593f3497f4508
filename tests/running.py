"""``study-bot run`` with Discord cut out, in a process of its own, to be signalled.

``python -m tests.running HOW``. ``wait``: connected until it is closed. ``slow``: closed while it
logs in.
Prints ``ready`` when it is there, then each thing that is closed, in order.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp

from bot import cli
from bot.app import StudyBot
from bot.store.store import Store


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def wait(bot: StudyBot, token: str, **_: Any) -> None:
    assert token == "marked.token.text"
    bot.closed = asyncio.Event()  # type: ignore[attr-defined]
    say("ready")
    await bot.closed.wait()  # type: ignore[attr-defined]


async def slow(bot: StudyBot, token: str, **_: Any) -> None:
    bot.closed = asyncio.Event()  # type: ignore[attr-defined]
    say("ready")
    await bot.closed.wait()  # type: ignore[attr-defined]
    raise aiohttp.ClientConnectionError("the session was closed under a request")


def main(how: str) -> int:
    start = {"wait": wait, "slow": slow}[how]
    close_bot, close_store = StudyBot.close, Store.close

    async def bot_closes(bot: StudyBot) -> None:
        await close_bot(bot)
        if hasattr(bot, "closed") and not bot.closed.is_set():
            say("bot closed")
            bot.closed.set()

    async def store_closes(store: Store) -> None:
        await close_store(store)
        say("store closed")

    StudyBot.start = start  # type: ignore[method-assign, assignment]
    StudyBot.close = bot_closes  # type: ignore[method-assign]
    Store.close = store_closes  # type: ignore[method-assign]
    return cli.main(["run"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
