"""A scene in which the bot dies at each step, once at each, and is started again.

How many steps there are is found by counting them in a run without a death.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import simcord
from simcord import ChannelHandle, Env, GuildHandle

from bot import config
from bot.app import StudyBot
from bot.content.shelf import Shelf
from bot.store.store import Store
from tests.crash.dying import Death, dying
from tests.database import hurry, put_empty

TICK = timedelta(hours=1)


@dataclass
class Place:
    """A server with a channel, and a bot that can be started again."""

    env: Env
    store: Store
    shelf: Shelf
    guild: GuildHandle
    channel: ChannelHandle

    async def restart(self) -> None:
        await self.env.restart_bot(make(self.store, self.shelf))


W = TypeVar("W", bound=Place)
World = Callable[[Path, Shelf], AbstractAsyncContextManager[W]]
Scene = Callable[[W], Awaitable[None]]


def make(store: Store, shelf: Shelf) -> StudyBot:
    return StudyBot(
        store=store,
        shelf=shelf,
        knowledge_path=config.DEFAULT_KNOWLEDGE,
        rng=Random(1),
        tick=TICK,
    )


@asynccontextmanager
async def place(path: Path, shelf: Shelf) -> AsyncIterator[Place]:
    async with Store(put_empty(path)) as store, simcord.run(make(store, shelf)) as env:
        hurry(store)
        guild = env.create_guild("Study group")
        yield Place(env, store, shelf, guild, guild.create_text_channel("study-hall"))


async def die_at(
    at: int | None,
    world: World[W],
    tmp_path: Path,
    shelf: Shelf,
    before: Scene[W],
    scene: Scene[W],
    after: Scene[W],
) -> int:
    """Run ``before``, die in ``scene``, start again, run ``after``; return the steps taken."""
    async with world(tmp_path / f"{at}.db", shelf) as here:
        await before(here)
        death = Death(at)
        with dying(here.store, death):
            await scene(here)
            steps = death.steps
            death.at = 0  # whatever still runs in the background is dead as well
        await here.restart()
        await after(here)
    return steps


async def at_every_step(
    world: World[W],
    tmp_path: Path,
    shelf: Shelf,
    before: Scene[W],
    scene: Scene[W],
    after: Scene[W],
    least: int,
) -> None:
    steps = await die_at(None, world, tmp_path, shelf, before, scene, after)
    assert steps >= least
    for at in range(steps + 1):
        try:
            await die_at(at, world, tmp_path, shelf, before, scene, after)
        except BaseException as error:
            error.add_note(f"died at step {at} of {steps}")
            raise


async def nothing(_: Place) -> None:
    return None
