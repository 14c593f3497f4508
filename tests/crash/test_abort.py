"""The bot dies at each step of posting, answering and revealing; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import discord
from simcord import InteractionResult, MemberActor

from bot.app import StudyBot
from bot.cogs.daily import Daily
from bot.cogs.posting import Posting
from bot.content.shelf import Shelf
from tests.crash import scenes
from tests.crash.scenes import TICK, Place, nothing, place
from tests.simworld import NonceRoute, buttons, one_thread_a_message, texts


@dataclass
class World(Place):
    manager: MemberActor
    alice: MemberActor

    def thread_texts(self) -> list[str]:
        """What was said in the threads; fails when a message has two."""
        threads = self.channel.threads
        assert len({thread.id for thread in threads}) == len(threads)
        return [texts(message) for thread in threads for message in thread.history()]

    def posts(self) -> list[discord.Message]:
        me = self.env.bot.user
        assert me is not None
        return [m for m in self.channel.history() if m.author.id == me.id]

    def posting(self) -> Posting:
        bot = self.env.bot
        assert isinstance(bot, StudyBot)
        daily = bot.get_cog("Daily")
        assert isinstance(daily, Daily)
        return daily.posting


@asynccontextmanager
async def world(path: Path, shelf: Shelf) -> AsyncIterator[World]:
    async with place(path, shelf) as here:
        env, guild, channel = here.env, here.guild, here.channel
        role = guild.create_role("M", permissions=discord.Permissions(manage_guild=True))
        manager = guild.add_member(env.create_user("mara"), roles=[role])
        alice = guild.add_member(env.create_user("alice"))
        await env.settle()
        with NonceRoute(env), one_thread_a_message(env):
            result = await manager.slash(
                channel, "daily setup", time="09:00", timezone="UTC", thread=True
            )
            assert result.response is not None
            await manager.click(result.response, label="Save")
            assert "Saved." in texts(result.response)
            yield World(env, here.store, shelf, guild, channel, manager, alice)


at_every_step = partial(scenes.at_every_step, world)


async def tick(here: World) -> None:
    """Do once what the clock does, and bear it when the bot dies of it."""
    await asyncio.wait([asyncio.create_task(here.posting().tick())])


def clock_says(hours: int) -> scenes.Scene[World]:
    async def scene(here: World) -> None:
        here.env.backend.advance_clock(hours * 3600)  # without the bot's own tick
        await tick(here)

    return scene


async def one_open_post(here: World) -> None:
    """A tick after the restart there is the one post, open, with its one message."""
    await here.env.advance_time(2 * TICK.total_seconds())
    (post,) = await here.store.last_posts(here.guild.id, 9)
    (message,) = here.posts()
    assert post.message_id == post.thread_id == message.id
    assert len(here.channel.threads) == 1
    assert post.closed_at is None
    (line,) = await here.store.audit_lines(post.challenge_id)
    assert line.event in ("posted", "late", "by_hand")
    assert [b.custom_id for b in buttons(message)] == [f"daily:{post.id}:{n}" for n in range(4)]
    result = await here.alice.click(message, label="A")
    assert "Recorded: **A" in texts(result.response)


async def test_posting_by_the_clock(tmp_path, shelf):
    await at_every_step(tmp_path, shelf, nothing, clock_says(10), one_open_post, least=6)


async def test_posting_by_hand(tmp_path, shelf):
    async def now(here: World) -> None:
        await here.manager.slash(here.channel, "daily now")

    async def found_or_posted(here: World) -> None:
        here.env.backend.advance_clock(10 * 3600)
        await one_open_post(here)

    await at_every_step(tmp_path, shelf, nothing, now, found_or_posted, least=8)


async def answered(here: World) -> None:
    await here.manager.slash(here.channel, "daily now")
    (post,) = await here.store.open_posts()
    await here.alice.click(here.posts()[0], label="ABCD"[post.shown.key])


async def revealed_once(here: World) -> None:
    await here.env.advance_time(2 * TICK.total_seconds())
    message = min(here.posts(), key=lambda m: m.id)
    said = texts(message)
    assert "closed" in said
    assert "1 of 1 answer right." in said
    assert {b.label for b in buttons(message)} == {
        "My result",
        "Look it up",
        "Report: this is wrong",
    }
    posts = await here.store.last_posts(here.guild.id, 9)
    assert len({post.study_date for post in posts}) == len(posts) == len(here.posts())
    assert all(p.revealed_at is not None for p in posts if p.closed_at is not None)
    revealed = [p for p in posts if p.closed_at is not None]
    assert len(here.thread_texts()) == len(revealed)
    lines = await here.store.audit_lines(posts[0].challenge_id)
    assert len(lines) == len(posts)
    score = await here.alice.slash(here.channel, "score")
    assert "## 10 points" in texts(score.response)


async def test_revealing_by_the_clock_and_posting_the_next(tmp_path, shelf):
    await at_every_step(tmp_path, shelf, answered, clock_says(34), revealed_once, least=14)


async def test_revealing_by_hand(tmp_path, shelf):
    async def reveal(here: World) -> None:
        await here.manager.slash(here.channel, "daily reveal")

    async def revealed(here: World) -> None:
        (post,) = await here.store.last_posts(here.guild.id, 9)
        if post.closed_at is None:  # it died before it did anything: the manager asks again
            await here.manager.slash(here.channel, "daily reveal")
        await revealed_once(here)

    await at_every_step(tmp_path, shelf, answered, reveal, revealed, least=10)


async def test_answering(tmp_path, shelf):
    """What a member was told is there; what was not told may be, and is told the next time."""
    told: list[str] = []

    async def post(here: World) -> None:
        told.clear()
        await here.manager.slash(here.channel, "daily now")

    async def answer(here: World) -> None:
        result = await here.alice.click(here.posts()[0], label="B")
        if result.response is not None:
            told.append(texts(result.response))

    async def stands(here: World) -> None:
        (open_post,) = await here.store.open_posts()
        kept = await here.store.answer_of(open_post.id, here.alice.id)
        if told:
            assert told[0].startswith("Recorded: **B")
            assert kept is not None
        again = await here.alice.click(here.posts()[0], label="B")
        said = texts(again.response)
        assert said.startswith("Your first answer stands: **B" if kept else "Recorded: **B")
        assert await here.store.answer_count(open_post.id) == 1

    await at_every_step(tmp_path, shelf, post, answer, stands, least=4)


async def test_a_deleted_message(tmp_path, shelf):
    """Whenever the bot dies, the post is closed by the next time it would be looked at."""

    async def delete(here: World) -> None:
        here.env.backend.delete_message(here.channel.id, here.posts()[0].id)
        await here.env.settle()

    async def closed(here: World) -> None:
        here.env.backend.advance_clock(25 * 3600)
        await here.env.advance_time(2 * TICK.total_seconds())
        lines = await here.store.audit_lines(1)
        assert [line.event for line in lines if line.event == "deleted"] == ["deleted"]
        post = await here.store.post(1)
        assert post is not None
        assert post.closed_at is not None
        assert await here.store.unrevealed_posts() == ()
        assert await here.store.answer_count(1) == 1

    await at_every_step(tmp_path, shelf, answered, delete, closed, least=3)


async def test_telling_the_managers(tmp_path, shelf):
    """At most once, and the trouble is known and ends by itself whenever the bot dies."""

    async def refused(here: World) -> None:
        here.env.inject_error("POST", f"/channels/{here.channel.id}/messages", status=403, times=9)
        await clock_says(10)(here)

    async def told_once(here: World) -> None:
        await here.env.advance_time(2 * TICK.total_seconds())
        assert len(here.manager.user.dm_channel.history()) <= 1
        here.env.backend.faults.clear()
        await one_open_post(here)

    await at_every_step(tmp_path, shelf, nothing, refused, told_once, least=5)


async def test_saving(tmp_path, shelf):
    """A draft is saved whole or not at all, and can be pressed again as long as it is not."""
    cards: list[InteractionResult] = []

    async def propose(here: World) -> None:
        cards.append(await here.manager.slash(here.channel, "daily setup", time="11:00"))

    async def save(here: World) -> None:
        await here.manager.click(cards[-1].response, label="Save")

    async def saved(here: World) -> None:
        challenge = await here.store.challenge(here.guild.id)
        assert challenge is not None
        if challenge.version == 1:
            assert challenge.at.hour == 9
            await here.manager.click(cards[-1].response, label="Save")
        again = await here.store.challenge(here.guild.id)
        assert again is not None
        assert (again.at.hour, again.version) == (11, 2)

    await at_every_step(tmp_path, shelf, propose, save, saved, least=2)
