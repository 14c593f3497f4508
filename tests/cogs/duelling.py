"""Duelling as members do: challenge, accept, play."""

from __future__ import annotations

from datetime import timedelta

import discord
from simcord import MemberActor

from bot.core.duel import QUESTIONS
from bot.core.post import LETTERS, Post
from tests.cogs.acting import START, advance_to, slowed
from tests.conftest import Hall
from tests.simworld import texts


async def challenged(hall: Hall, by: MemberActor | None = None, **options) -> discord.Message:
    """Have Alice challenge Ben; return the public message."""
    options = {"member": hall.ben, **options}
    result = await (by or hall.alice).slash(hall.channel, "duel challenge", **options)
    assert "You challenged" in texts(result.response)
    return hall.messages()[-1]


async def accepted(hall: Hall) -> discord.Message:
    message = await challenged(hall)
    await hall.ben.click(message, label="Accept")
    return hall.messages()[-1]


async def questions(hall: Hall) -> tuple[Post, ...]:
    duel = (await hall.store.open_duels(hall.guild.id, hall.alice.id))[-1]
    return await hall.store.contest_posts(duel.contest.id)


async def play(hall: Hall, member: MemberActor, right: int, seconds: float = 2) -> object:
    """Play a whole duel from its message; the first ``right`` answers are right."""
    posts = await questions(hall)
    result = await member.click(hall.messages()[-1], label="Play")
    for place, post in enumerate(posts):
        assert f"question {place + 1} of {QUESTIONS}" in texts(result.response)
        assert post.shown.question.prompt in texts(result.response)
        await hall.env.advance_time(seconds)
        key = post.shown.key
        pick = key if place < right else (key + 1) % len(post.shown.options)
        await member.click(result.response, label=LETTERS[pick])
    return result.response


async def finished(hall: Hall, right: tuple[int, int] = (4, 2)) -> discord.Message:
    await accepted(hall)
    await play(hall, hall.alice, right[0])
    await play(hall, hall.ben, right[1])
    await hall.env.advance_time(30)
    return hall.messages()[-1]


async def last_id(hall: Hall) -> int:
    found = await hall.store._read(lambda c: c.execute("SELECT max(id) FROM duels").fetchone())
    return int(found[0])


async def past_the_deadline(hall: Hall) -> None:
    """Let a day and some hours pass, quickly: the clock ticks twice a day."""
    await slowed(hall)
    await advance_to(hall, START + timedelta(hours=37))
