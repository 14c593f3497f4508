"""Reveals that do not go as planned: another channel, a lost right, a server that is gone."""

from __future__ import annotations

from datetime import timedelta

from bot.store import settling
from tests.cogs.acting import (
    START,
    advance_to,
    open_post,
    posted_now,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.cogs.test_boards import answered
from tests.simworld import texts

A_DAY = timedelta(days=1)
FIRST_REVEAL = START + timedelta(hours=24)
"""A post by hand at 01:00 is open for 24 hours at most."""


async def moved(hall):
    """Have a challenge in another channel, with one in the old channel still to be revealed."""
    await posted_now(hall)
    other = hall.guild.create_text_channel("new-hall")
    (known,) = await hall.store.challenges_of(hall.guild.id)
    await hall.setup_daily(channel=other, challenge=str(known.id))
    return other


async def test_a_reveal_that_is_refused_for_ever_holds_up_no_later_one(hall):
    other = await moved(hall)
    await slowed(hall, timedelta(hours=1))
    hall.env.inject_error(
        "PATCH", f"/channels/{hall.channel.id}/messages/*", status=403, times=None
    )
    await advance_to(hall, START + 2 * A_DAY + timedelta(hours=9))
    first, second = sorted(other.history(), key=lambda message: message.id)
    assert "closed" in texts(first)
    assert "so far" in texts(second)


async def test_a_refused_reveal_does_not_delay_the_next_post(hall):
    other = await moved(hall)
    await slowed(hall, timedelta(hours=1))
    hall.env.inject_error(
        "PATCH", f"/channels/{hall.channel.id}/messages/*", status=403, times=None
    )
    await advance_to(hall, START + A_DAY + timedelta(hours=7, minutes=58))
    await slowed(hall, timedelta(minutes=1))  # tries the reveal again at 08:58 and is refused
    await advance_to(hall, START + A_DAY + timedelta(hours=8, minutes=1, seconds=30))
    assert len(other.history()) == 1


async def test_no_answer_is_shown_to_a_server_that_let_the_bot_go(hall):
    await posted_now(hall)
    await slowed(hall, timedelta(hours=1))
    hall.env.backend.emit("GUILD_DELETE", {"id": str(hall.guild.id), "unavailable": False})
    await hall.env.settle()
    before = len(hall.env.http_requests)
    await advance_to(hall, FIRST_REVEAL + timedelta(hours=3))
    later = [request.path for request in hall.env.http_requests[before:]]
    assert [path for path in later if path.startswith("/channels/")] == []
    assert await hall.store.open_posts() == ()


async def test_a_reveal_after_the_next_post_leads_on_to_it(hall):
    await posted_now(hall)  # on Thursday at 01:00
    await slowed(hall, timedelta(hours=1))
    await advance_to(hall, START + timedelta(hours=23, minutes=30))  # Friday 00:30, still open
    await hall.manager.slash(hall.channel, "daily now")
    first, second = hall.messages()
    assert "see its answer" not in texts(second)
    assert f"/{first.id}" in texts(second)
    await advance_to(hall, FIRST_REVEAL + timedelta(hours=1))
    assert "Next challenge" in texts(hall.messages()[0])
    assert f"/{second.id}" in texts(hall.messages()[0])


async def test_the_reveal_names_who_keeps_a_streak_unless_they_hid(hall):
    await answered(hall, "-1", [hall.alice, hall.ben, hall.chi])
    await hall.store.hide(hall.guild.id, hall.chi.id, START)
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=wrong(post))
    await hall.chi.click(message, label=right(post))
    said = texts(await revealed_now(hall))
    assert f"Streaks kept: <@{hall.alice.id}> (2)\n" in said
    assert f"<@{hall.ben.id}>" not in said
    assert f"<@{hall.chi.id}>" not in said
    assert "1 of 2 answers right" in said


async def test_the_reveal_names_nobody_who_left(hall):
    await answered(hall, "-1", [hall.alice, hall.ben, hall.chi])
    message = await posted_now(hall)
    post = await open_post(hall)
    for member in (hall.alice, hall.ben, hall.chi):
        await hall.env.advance_time(60)
        await member.click(message, label=right(post))
    for member in (hall.alice, hall.chi):
        hall.guild.remove_member(member)
    await hall.env.settle()
    said = texts(await revealed_now(hall))
    assert f"First: <@{hall.ben.id}>." in said
    assert f"Streaks kept: <@{hall.ben.id}> (2)\n" in said
    assert "3 of 3 answers right" in said


async def test_a_reveal_asks_for_few_members_and_names_the_rest(hall, monkeypatch):
    monkeypatch.setattr("bot.cogs.posting.LOOKS", 1)
    await answered(hall, "-1", [hall.alice, hall.ben])
    message = await posted_now(hall)
    post = await open_post(hall)
    for member in (hall.alice, hall.ben):
        await member.click(message, label=wrong(post))
        hall.guild.remove_member(member)
    await hall.env.settle()
    said = texts(await revealed_now(hall))
    assert f"<@{hall.alice.id}>" not in said  # the first by id, and the one that was asked for
    assert f"Streaks kept: <@{hall.ben.id}> (2)\n" in said


async def test_a_close_that_was_cut_off_is_settled_before_the_reveal(hall):
    await answered(hall, "-1", [hall.alice])
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    await hall.store._write(lambda c: settling.freeze(c, post.id, at=START, base=10))
    assert await hall.store.award_of(post.id, hall.alice.id) is None
    await hall.bot.get_cog("Daily").posting.tick()
    await hall.env.settle()
    assert f"Streaks kept: <@{hall.alice.id}> (2)" in texts(hall.messages()[-1])
    assert (await hall.store.award_of(post.id, hall.alice.id)).points == 11


async def test_a_challenge_whose_question_is_held_brings_no_points_and_says_so(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    await hall.store.hold_question(hall.guild.id, post.shown.question, why="a test", at=START)
    message = await revealed_now(hall)
    assert "The question is held as doubtful, so it brings no points." in texts(message)
    mine = await hall.alice.click(message, label="My result")
    assert "You were right, but the question was withdrawn: 0 points." in texts(mine.response)
    award = await hall.store.award_of(post.id, hall.alice.id)
    assert (award.reason, award.points) == ("void", 0)
    score = await hall.alice.slash(hall.channel, "score")
    assert "the question was withdrawn" in texts(score.response)
