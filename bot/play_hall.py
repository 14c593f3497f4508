"""`study-bot play`: opens store, knowledge and bot, sets up today's challenge, shows the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

from bot.app import StudyBot
from bot.config import Settings
from bot.content.shelf import Shelf
from bot.core.daily import local_date
from bot.play import StudyHall, local_zone, play
from bot.store.store import Store

POSTED_AT = time(0, 0)
"""Midnight, so that there is a challenge to answer whenever somebody comes to play."""


async def open_hall(
    settings: Settings,
    *,
    database: Path,
    port: int,
    open_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Play until told to stop.

    Raises:
        ConfigError, ContentError, StoreError: something cannot be opened.
    """
    shelf = await asyncio.to_thread(Shelf.read, settings.knowledge, settings.copy)
    # Made here, because a slow machine's page would not wait for it (SimCord gives it 5 seconds).
    await asyncio.to_thread(getattr, shelf, "pool")
    async with Store(database) as store:
        bot = StudyBot(
            store=store,
            shelf=shelf,
            knowledge_path=settings.knowledge,
            always_sync=True,
            repost_missing=True,
        )

        async def prepare(hall: StudyHall) -> None:
            bot.owner_id = hall.owner_id
            if await store.challenge(hall.guild_id) is not None:
                return
            now = datetime.now(UTC)
            zone = local_zone()
            await store.save_challenge(
                guild_id=hall.guild_id,
                channel_id=hall.channel_id,
                at=POSTED_AT,
                zone=zone,
                reveal_at=None,
                topic=None,
                since=local_date(now, zone),
                by=hall.owner_id,
                now=now,
            )

        await play(bot, port=port, open_browser=open_browser, say=say, prepare=prepare)
