"""The bot dies at each step of a match; it goes on where it was, and nothing is lost or doubled.

Only writes and requests are steps: dying at a read leaves what dying after the write before it
leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import discord
from simcord import MemberActor

from bot.app import StudyBot
from bot.cogs.match import Matches
from bot.cogs.match_play import MatchPlay
from bot.content.shelf import Shelf
from bot.core.match import Match
from tests.crash import scenes
from tests.crash.scenes import Place, nothing, place
from tests.simworld import NonceRoute, buttons, texts


@dataclass
class World(Place):
    alice: MemberActor
    ben: MemberActor

    def messages(self, prefix: str) -> list[discord.Message]:
        """The bot's messages with a button whose id begins so."""
        return [
            shown
            for shown in self.channel.history()
            if any((b.custom_id or "").startswith(prefix) for b in buttons(shown))
        ]

    def play(self) -> MatchPlay:
        bot = self.env.bot
        assert isinstance(bot, StudyBot)
        cog = bot.get_cog("Matches")
        assert isinstance(cog, Matches)
        return cog.play

    async def match(self) -> Match:
        found = await self.store.match(1)
        assert found is not None
        return found

    async def restart(self) -> None:
        await super().restart()
        await self.env.advance_time(2)


@asynccontextmanager
async def world(path: Path, shelf: Shelf) -> AsyncIterator[World]:
    async with place(path, shelf) as here:
        env, guild = here.env, here.guild
        alice, ben = (guild.add_member(env.create_user(name)) for name in ("alice", "ben"))
        await env.settle()
        with NonceRoute(env):
            yield World(env, here.store, shelf, guild, here.channel, alice, ben)


at_every_step = partial(scenes.at_every_step, world)


async def attend(here: World) -> None:
    """Do once what a beat does, and bear it when the bot dies of it."""
    await asyncio.wait([asyncio.create_task(here.play().attend(1))])


def when_due(times: int = 1) -> scenes.Scene[World]:
    """Let the phase end without the bot's own beats, then attend."""

    async def scene(here: World) -> None:
        match = await here.match()
        end = match.closes_at or match.until
        assert end is not None
        left = (end - here.env.now()).total_seconds()
        here.env.backend.advance_clock(max(0.0, left))
        for _ in range(times):
            await attend(here)
            here.env.backend.advance_clock(1)

    return scene


async def open_lobby(here: World) -> None:
    await here.alice.slash(here.channel, "match start", questions=2, seconds=5, late=0)
    await here.env.advance_time(1)
    await here.ben.click(here.messages("matchjoin:1")[0], label="Join")


async def begun(here: World) -> None:
    await open_lobby(here)
    await here.alice.click(here.messages("matchjoin:1")[0], label="Start")
    await here.env.advance_time(2)


async def asked(here: World) -> None:
    await begun(here)
    await here.env.advance_time(5)
    assert (await here.match()).phase == "asking"
    await answer(here)


async def answer(here: World) -> None:
    """Ben is right in the question that is asked."""
    match = await here.match()
    post = (await here.store.contest_posts(1))[match.place]
    (shown,) = here.messages(f"match:{post.id}:")
    told = await here.ben.click(shown, label="ABCDE"[post.shown.key])
    assert texts(told.response).startswith(("Recorded: **", "Your first answer stands: **"))


async def last_closed(here: World) -> None:
    await asked(here)
    await here.env.advance_time(14)
    assert (await here.match()).place == 1
    await answer(here)
    await here.env.advance_time(7)
    match = await here.match()
    assert (match.phase, match.place) == ("ready", 2)


async def to_the_end(here: World) -> None:
    """Play on from wherever it is: one message a question, one finale, all answers counted."""
    for _ in range(60):
        match = await here.match()
        if match.phase == "over":
            break
        if match.phase == "asking":
            post = (await here.store.contest_posts(1))[match.place]
            if await here.store.answer_of(post.id, here.ben.id) is None:
                await answer(here)
        await here.env.advance_time(1)
    match = await here.match()
    assert (match.phase, match.ending) == ("over", "played")
    posts = await here.store.contest_posts(1)
    shown = [m for m in here.channel.history() if "Match · question" in texts(m)]
    assert sorted(m.id for m in shown) == [post.message_id for post in posts]
    assert all("closed" in texts(m) for m in shown)
    (ended,) = here.messages("matchagain:1")
    assert match.finale_message_id == ended.id
    assert f"<@{here.ben.id}> wins the match!" in texts(ended)
    assert "2 of 2 right" in texts(ended)
    contest = await here.store.contest(1)
    assert contest is not None
    assert [one.result.rank for one in contest.contestants if one.result] == [2, 1]
    assert (await here.store.score(contest.guild_id, here.ben.id)).points == 4


async def test_asking(tmp_path, shelf):
    await at_every_step(tmp_path, shelf, begun, when_due(), to_the_end, least=4)


async def test_closing(tmp_path, shelf):
    await at_every_step(tmp_path, shelf, asked, when_due(2), to_the_end, least=3)


async def test_the_finale(tmp_path, shelf):
    await at_every_step(tmp_path, shelf, last_closed, when_due(2), to_the_end, least=8)


async def test_opening(tmp_path, shelf):
    """What the host was told is there: one lobby, once; without that they open it again."""

    async def open_it(here: World) -> None:
        await here.alice.slash(here.channel, "match start", questions=2)

    async def there(here: World) -> None:
        if await here.store.match(1) is None:
            await here.alice.slash(here.channel, "match start", questions=2)
            await here.env.advance_time(2)
        (shown,) = here.messages("matchjoin:1")
        assert (await here.match()).lobby_message_id == shown.id
        assert len(await here.store.running_matches()) == 1
        await here.alice.click(shown, label="Start")
        assert (await here.match()).phase == "ready"

    await at_every_step(tmp_path, shelf, nothing, open_it, there, least=6)


async def test_starting(tmp_path, shelf):
    async def start(here: World) -> None:
        await here.alice.click(here.messages("matchjoin:1")[0], label="Start")

    async def goes_on(here: World) -> None:
        match = await here.match()
        if match.phase == "lobby":
            await start(here)
        assert len(await here.store.contest_posts(1)) == 2
        await to_the_end(here)

    await at_every_step(tmp_path, shelf, open_lobby, start, goes_on, least=3)


async def test_stopping(tmp_path, shelf):
    async def second_question(here: World) -> None:
        await asked(here)
        await here.env.advance_time(14)
        assert (await here.match()).phase == "asking"

    async def stop(here: World) -> None:
        await here.alice.slash(here.channel, "match stop")
        await attend(here)

    async def ended(here: World) -> None:
        match = await here.match()
        if not match.is_over:
            await here.alice.slash(here.channel, "match stop")
        await here.env.advance_time(4)
        match = await here.match()
        assert (match.phase, match.ending) == ("over", "stopped")
        (shown,) = here.messages("matchagain:1")
        assert "1 of 1 right" in texts(shown)

    await at_every_step(tmp_path, shelf, second_question, stop, ended, least=8)


async def test_answering(tmp_path, shelf):
    """What a player was told is recorded is there after the kill."""
    told: list[str] = []

    async def asking(here: World) -> None:
        told.clear()
        await begun(here)
        await here.env.advance_time(5)

    async def press(here: World) -> None:
        post = (await here.store.contest_posts(1))[0]
        (shown,) = here.messages(f"match:{post.id}:")
        result = await here.ben.click(shown, label="B")
        if result.response is not None:
            told.append(texts(result.response))

    async def stands(here: World) -> None:
        post = (await here.store.contest_posts(1))[0]
        kept = await here.store.answer_of(post.id, here.ben.id)
        if told:
            assert told[0].startswith("Recorded: **B")
            assert kept is not None
        (shown,) = here.messages(f"match:{post.id}:")
        again = texts((await here.ben.click(shown, label="B")).response)
        assert again.startswith("Your first answer stands: **B" if kept else "Recorded: **B")

    await at_every_step(tmp_path, shelf, asking, press, stands, least=2)
