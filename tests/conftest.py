"""A study hall for every test that wants one: the real bot in a simulated Discord."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import discord
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from simcord import ChannelHandle, Env, GuildHandle, InteractionResult, MemberActor

from bot.app import StudyBot
from bot.config import DEFAULT_KNOWLEDGE
from bot.content.shelf import Shelf
from bot.store.store import Store
from tests.conformance import conforming, pytest_terminal_summary
from tests.database import hurry, put_empty
from tests.simworld import buttons

__all__ = ["conforming", "pytest_terminal_summary"]

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how fast a machine is proves nothing

TICK = timedelta(minutes=15)
"""Coarser than in production, so that simulated days pass quickly."""
LONGEST = ("tests/year/", "tests/crash/", "tests/cogs/test_year")
PATIENCE = 60.0
"""Seconds of real time that one step of a simulated world may take."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; let SimCord wait longer than 5 s: a busy machine is no failure."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if item.get_closest_marker("simcord") is None:
            item.add_marker(pytest.mark.simcord(settle_timeout=PATIENCE))


@cache
def shipped() -> Shelf:
    """Read the knowledge that comes with the bot, once for all tests of a process."""
    shelf = Shelf.read(DEFAULT_KNOWLEDGE)
    gc.collect()
    gc.freeze()  # as bot/runner.py does: Python looks for garbage in the rest only
    return shelf


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return shipped()


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(put_empty(tmp_path / "study.db")) as opened:
        hurry(opened)
        yield opened


def make_bot(store: Store, shelf: Shelf, seed: int = 1) -> StudyBot:
    return StudyBot(
        store=store, shelf=shelf, knowledge_path=DEFAULT_KNOWLEDGE, rng=Random(seed), tick=TICK
    )


@pytest_asyncio.fixture
async def simcord_bot(store: Store, shelf: Shelf) -> StudyBot:
    return make_bot(store, shelf)


async def saved(manager: MemberActor, proposed: InteractionResult) -> None:
    """Press "Save" on a proposed challenge, if it was not refused."""
    message = proposed.response
    if message is not None and any(b.label == "Save" for b in buttons(message)):
        await manager.click(message, label="Save")


@dataclass(frozen=True)
class Hall:
    """A server with a channel, a manager and three members."""

    env: Env
    bot: StudyBot
    store: Store
    guild: GuildHandle
    channel: ChannelHandle
    manager: MemberActor
    alice: MemberActor
    ben: MemberActor
    chi: MemberActor

    def messages(self) -> list[discord.Message]:
        """The bot's messages in the channel, oldest first."""
        me = self.bot.user
        assert me is not None
        found = [m for m in self.channel.history() if m.author.id == me.id]
        return sorted(found, key=lambda message: message.id)

    async def setup_daily(self, time: str = "09:00", zone: str = "Europe/Berlin", **options):
        """Propose a challenge and save it; return the result, whose message says what became."""
        options = {"channel": self.channel, "time": time, "timezone": zone, **options}
        result = await self.manager.slash(self.channel, "daily setup", **options)
        await saved(self.manager, result)
        return result


@pytest_asyncio.fixture
async def hall(simcord_env: Env, simcord_bot: StudyBot, store: Store) -> Hall:
    guild = simcord_env.create_guild("Study group")
    channel = guild.create_text_channel("study-hall")
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    manager = guild.add_member(simcord_env.create_user("mara"), roles=[managers])
    alice, ben, chi = (
        guild.add_member(simcord_env.create_user(name)) for name in ("alice", "ben", "chi")
    )
    await simcord_env.settle()
    return Hall(simcord_env, simcord_bot, store, guild, channel, manager, alice, ben, chi)
