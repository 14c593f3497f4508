"""Running for real: opens the store and the knowledge, connects, and leaves in good order.

SIGTERM and Ctrl-C close the bot first, so nothing new comes in, and the store after it, so
nothing that was told is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Self

import aiohttp
import discord

from bot.app import StudyBot
from bot.config import Settings
from bot.content.shelf import Shelf, kept_for_good
from bot.errors import ConfigError, StudyBotError
from bot.store.store import Store

_log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run the bot until it is told to stop.

    Raises:
        ConfigError: no token, or Discord does not take it.
        ContentError: the knowledge has faults.
        StoreError: the database cannot be used.
        StudyBotError: Discord cannot be reached, or refuses to go on.
    """
    token = settings.require_token()
    with _Stop() as stop:
        async with opened(settings) as bot:
            stop.bot = bot
            if not stop.is_asked:
                with _connecting(bot):
                    await bot.start(token)
    _log.info("Stopped: bot closed, store closed")


async def sync(settings: Settings) -> None:
    """Register the commands with Discord, whether or not they changed.

    Raises:
        ConfigError, ContentError, StoreError, StudyBotError: as ``run``.
    """
    token = settings.require_token()
    async with opened(settings, always_sync=True) as bot:
        with _connecting(bot):
            await bot.login(token)


@contextlib.asynccontextmanager
async def opened(settings: Settings, *, always_sync: bool = False) -> AsyncIterator[StudyBot]:
    """Open knowledge, store and bot, in this order, and close them in the other."""
    shelf = await asyncio.to_thread(Shelf.read, settings.knowledge, settings.copy)
    with kept_for_good():
        async with Store(settings.database) as store:
            bot = StudyBot(
                store=store,
                shelf=shelf,
                knowledge_path=settings.knowledge,
                always_sync=always_sync,
            )
            async with bot:
                yield bot


@contextlib.contextmanager
def _connecting(bot: StudyBot) -> Iterator[None]:
    """Turn what goes wrong with Discord inside into a sentence.

    Raises:
        ConfigError: it does not take the token.
        StudyBotError: it cannot be reached, or refuses to go on.
    """
    try:
        yield
    except discord.LoginFailure:
        raise ConfigError(
            "Discord does not accept DISCORD_TOKEN. Reset the token on the application's Bot page "
            "and put the new one into .env."
        ) from None
    except Exception as error:
        if bot.is_closed():  # it was told to stop while it connected, which cuts requests off
            _log.info("Stopped while connecting: %s", type(error).__name__)
        elif isinstance(error, discord.HTTPException) and error.status < 500:
            raise StudyBotError(
                f"Discord refused a request at the start: {error.status}, code {error.code}."
            ) from error
        elif isinstance(error, (discord.HTTPException, aiohttp.ClientError, OSError)):
            raise StudyBotError(
                f"Discord cannot be reached just now ({type(error).__name__}). Check this "
                "machine's connection and https://discordstatus.com, then start again."
            ) from error
        else:
            raise


class _Stop:
    """Listens to SIGTERM and Ctrl-C inside its ``with`` block, from before the bot exists."""

    def __init__(self) -> None:
        self.is_asked = False
        self.bot: StudyBot | None = None
        """Closed when it is asked to stop."""
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Task[None] | None = None
        self._caught: list[signal.Signals] = []

    def __enter__(self) -> Self:
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                self._loop.add_signal_handler(name, self._ask)
                self._caught.append(name)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._caught:
            self._loop.remove_signal_handler(name)

    def _ask(self) -> None:
        if not self.is_asked:
            _log.info("Asked to stop")
        self.is_asked = True
        if self.bot is not None and self._closing is None:
            self._closing = self._loop.create_task(self.bot.close())
