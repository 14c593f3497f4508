"""Duels as members click through them."""

from __future__ import annotations

import discord
from simcord import MemberActor

from bot.core.duel import QUESTIONS
from bot.core.post import LETTERS, Post
from tests.conftest import Hall
from tests.simworld import buttons, texts


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


async def test_a_duel_from_the_challenge_to_the_result(hall):
    message = await challenged(hall)
    said = texts(message)
    assert f"<@{hall.alice.id}> challenges <@{hall.ben.id}>" in said
    assert [b.label for b in buttons(message)] == ["Accept", "Decline", "Withdraw"]
    await hall.ben.click(message, label="Accept")
    said = texts(hall.messages()[-1])
    assert f"<@{hall.alice.id}> has yet to play" in said
    own = await play(hall, hall.alice, 4)
    assert "All 5 answered in 10.0 s" in texts(own)
    said = texts(hall.messages()[-1])
    assert f"<@{hall.alice.id}> has played" in said
    assert f"<@{hall.ben.id}> has yet to play" in said
    own = await play(hall, hall.ben, 4, seconds=3)
    assert "wins against" in texts(own)
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in said
    assert f"**1.** <@{hall.alice.id}>  4 of 5 right in 10.0 s" in said
    assert f"**2.** <@{hall.ben.id}>  4 of 5 right in 15.0 s" in said
    assert "the shorter time decided" in said
    assert f"Ratings: <@{hall.alice.id}> 1532 (+32), <@{hall.ben.id}> 1468 (-32)" in said
    assert [b.label for b in buttons(hall.messages()[-1])] == ["What I missed", "Rematch"]
    assert len(hall.messages()) == 1
