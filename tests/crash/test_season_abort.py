"""The bot dies at each step of a season's end; it is told once, and the champion has the role."""

from __future__ import annotations

import asyncio

from bot.cogs.seasons import Seasons
from tests.crash.scenes import TICK
from tests.crash.test_abort import World, answered, at_every_step
from tests.simworld import texts


async def played(here: World) -> None:
    """A season of one day, in which Alice alone was right."""
    await answered(here)
    role = here.guild.create_role("Champion")
    begun = await here.manager.slash(
        here.channel, "season start", name="Sprint", until="2026-01-01"
    )
    assert "A season begins" in texts(begun.response)
    (season,) = await here.store.seasons(here.guild.id)
    await here.store.change_season(season.id, today=season.first, role_id=role.id)
    await here.manager.slash(here.channel, "daily reveal")


async def morning_after(here: World) -> None:
    here.env.backend.advance_clock(34 * 3600)  # without the bot's own tick
    seasons = here.env.bot.get_cog("Seasons")
    assert isinstance(seasons, Seasons)
    await asyncio.wait([asyncio.create_task(seasons.tick())])


async def told_once_and_crowned(here: World) -> None:
    await here.env.advance_time(2 * TICK.total_seconds())
    (message,) = [message for message in here.posts() if "is over" in texts(message)]
    said = texts(message)
    assert "## Sprint is over: well done!" in said
    assert f"**1.** <@{here.alice.id}>  10 points  ·  1 of 1 right" in said
    (season,) = await here.store.seasons(here.guild.id)
    ceremony = await here.store.ceremony(season.id)
    assert ceremony is not None
    assert (ceremony.told_in, ceremony.message_id) == (here.channel.id, message.id)
    member = here.env.backend.get_member(here.guild.id, here.alice.id)
    assert season.role_id in member.role_ids
    assert await here.store.roles_to_give() == ()


async def test_a_seasons_end(tmp_path, shelf):
    assert shelf.pool  # made now, so that no world waits for it
    await at_every_step(tmp_path, shelf, played, morning_after, told_once_and_crowned, least=9)
