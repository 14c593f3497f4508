"""Duels after their end, and when something goes wrong in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.duel import QUESTIONS
from bot.core.post import LETTERS
from tests.cogs.acting import START, advance_to, slowed
from tests.cogs.duelling import (
    accepted,
    challenged,
    finished,
    past_the_deadline,
    play,
    questions,
)
from tests.conftest import TICK, Hall, make_bot
from tests.simworld import NonceRoute, buttons, disconnected, server_error, texts


async def test_each_sees_what_they_missed_in_private(hall):
    await accepted(hall)
    posts = await questions(hall)
    await play(hall, hall.alice, 4)
    await play(hall, hall.ben, 5)
    message = hall.messages()[-1]
    result = await hall.alice.click(message, label="What I missed")
    said = texts(result.response)
    assert result.ephemeral
    assert "1 question to look at again" in said
    last = posts[-1].shown.question
    assert f"Right: **{last.key[:60]}" in said
    assert [b.custom_id for b in buttons(result.response)] == [f"report:{posts[-1].id}"]
    modal = await hall.alice.click(result.response, label="Report question 5")
    assert modal.modal is not None
    none = await hall.ben.click(message, label="What I missed")
    assert "You missed nothing" in texts(none.response)


async def test_either_may_ask_for_a_rematch(hall):
    message = await finished(hall)
    result = await hall.ben.click(message, label="Rematch")
    assert f"You challenged <@{hall.alice.id}>" in texts(result.response)
    assert f"<@{hall.ben.id}> challenges <@{hall.alice.id}>" in texts(hall.messages()[-1])
    again = await hall.alice.click(message, label="Rematch")
    assert "You two have an open duel already" in texts(again.response)


async def test_a_rematch_on_the_same_day_does_not_count_for_ratings_and_says_so(hall):
    message = await finished(hall)
    before = await hall.store.rating(hall.guild.id, hall.alice.id)
    await hall.ben.click(message, label="Rematch")
    await hall.alice.click(hall.messages()[-1], label="Accept")
    await play(hall, hall.alice, 5)
    await play(hall, hall.ben, 0)
    said = texts(hall.messages()[-1])
    assert "It does not count for ratings: the two had one that counts on that day." in said
    assert await hall.store.rating(hall.guild.id, hall.alice.id) == before


async def test_a_rematch_with_somebody_who_left_is_refused(hall):
    message = await finished(hall)
    hall.guild.remove_member(hall.ben.user)
    result = await hall.alice.click(message, label="Rematch")
    assert "They are not in this server any more." in texts(result.response)


async def test_the_list_shows_open_duels_with_their_buttons(hall):
    empty = await hall.alice.slash(hall.channel, "duel list")
    assert "You have no open duel." in texts(empty.response)
    await challenged(hall)
    own = await hall.alice.slash(hall.channel, "duel list")
    assert f"You challenged <@{hall.ben.id}>" in texts(own.response)
    theirs = await hall.ben.slash(hall.channel, "duel list")
    assert f"<@{hall.alice.id}> challenges you" in texts(theirs.response)
    await hall.ben.click(theirs.response, label="Accept")
    assert f"Against <@{hall.alice.id}>" in texts(theirs.response)
    shown = await hall.ben.click(theirs.response, label="Play")
    assert "question 1 of 5" in texts(shown.response)
    assert "against" in texts(hall.messages()[-1])


async def test_withdrawing_from_the_list(hall):
    await challenged(hall)
    own = await hall.alice.slash(hall.channel, "duel list")
    await hall.alice.click(own.response, label="Withdraw")
    assert "You have no open duel." in texts(own.response)
    assert "withdrew the challenge" in texts(hall.messages()[-1])


async def test_the_record_against_one_and_against_all(hall):
    await finished(hall)
    one = await hall.alice.slash(hall.channel, "duel record", member=hall.ben)
    said = texts(one.response)
    assert f"You against <@{hall.ben.id}>" in said
    assert "1 won · 0 drawn · 0 lost" in said
    assert "- 1 January 2026: **won** 4:2 · 10.0 s against 10.0 s" in said
    everybody = await hall.ben.slash(hall.channel, "duel record")
    assert f"- <@{hall.alice.id}>: 0 won, 0 drawn, 1 lost" in texts(everybody.response)
    none = await hall.alice.slash(hall.channel, "duel record", member=hall.chi)
    assert f"You and <@{hall.chi.id}> have no finished duel: all time." in texts(none.response)
    own = await hall.alice.slash(hall.channel, "duel record", member=hall.alice)
    assert "Nobody has a record against themselves." in texts(own.response)


async def test_the_record_of_a_period(hall):
    await finished(hall)
    await slowed(hall)
    await advance_to(hall, START + timedelta(days=1, hours=12))
    for period, said in (
        ("today", "no finished duel: today"),
        ("yesterday", "1 won · 0 drawn · 0 lost"),
        ("month", "1 won · 0 drawn · 0 lost"),
    ):
        result = await hall.alice.slash(hall.channel, "duel record", member=hall.ben, period=period)
        assert said in texts(result.response)


async def test_a_forgotten_opponent_is_a_former_member(hall):
    await finished(hall)
    await hall.store.forget_member(hall.ben.id, None)
    result = await hall.alice.slash(hall.channel, "duel record")
    assert "- a former member: 1 won, 0 drawn, 0 lost" in texts(result.response)
    (rating, contests) = await hall.store.rating(hall.guild.id, hall.alice.id)
    assert (rating.value, contests) == (1532, 1)


# -------------------------------------------------------- what goes wrong in between


async def test_a_member_who_has_themselves_forgotten_ends_a_running_duel(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    asked = await hall.ben.slash(hall.channel, "data delete", where="everywhere")
    await hall.ben.click(asked.response, label="Delete it")
    await hall.env.advance_time(TICK.total_seconds())
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against a former member" in said
    assert (await hall.store.score(hall.guild.id, hall.alice.id)).contest_right == 3


async def test_a_member_who_has_themselves_forgotten_ends_an_invitation(hall):
    await challenged(hall)
    await hall.store.forget_member(hall.alice.id, hall.guild.id)
    await hall.env.advance_time(TICK.total_seconds())
    assert "This challenge is off" in texts(hall.messages()[-1])


async def test_a_member_who_left_loses_by_default_at_the_deadline(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    hall.guild.remove_member(hall.ben.user)
    await past_the_deadline(hall)
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in texts(hall.messages()[-1])


async def test_a_running_duel_goes_on_when_its_message_is_deleted_and_the_result_is_posted(hall):
    message = await accepted(hall)
    await message.delete()
    await hall.env.settle()
    for member, right in ((hall.alice, 5), (hall.ben, 1)):
        listed = await member.slash(hall.channel, "duel list")
        result = await member.click(listed.response, label="Play")
        posts = await questions(hall)
        for place, post in enumerate(posts):
            key = post.shown.key
            pick = key if place < right else (key + 1) % len(post.shown.options)
            await member.click(result.response, label=LETTERS[pick])
    await hall.env.advance_time(TICK.total_seconds())
    (shown,) = hall.messages()
    assert f"<@{hall.alice.id}> wins against" in texts(shown)
    sent = [r for r in hall.env.http_requests if r.method == "POST" and "/messages" in r.path]
    assert not any(sent[-1].json["allowed_mentions"].values())  # a result pings nobody


async def test_nothing_is_lost_when_the_channel_is_deleted(hall):
    await accepted(hall)
    await play(hall, hall.alice, 5)
    elsewhere = hall.guild.create_text_channel("elsewhere")
    await hall.env.settle()
    await hall.bot.get_channel(hall.channel.id).delete()
    await hall.env.settle()
    listed = await hall.ben.slash(elsewhere, "duel list")
    result = await hall.ben.click(listed.response, label="Play")
    for _ in range(QUESTIONS):
        await hall.ben.click(result.response, label="A")
    assert "wins against" in texts(result.response)
    await hall.env.advance_time(TICK.total_seconds())
    record = await hall.alice.slash(elsewhere, "duel record", member=hall.ben)
    assert "1 won" in texts(record.response)
    due = await hall.store.duels_due(hall.bot.clock())
    assert due.untold == ()


@pytest.mark.parametrize("error", [server_error, disconnected])
async def test_an_invitation_whose_response_was_lost_is_found_and_not_sent_twice(hall, error):
    with NonceRoute(hall.env) as route:
        route.lose_response(error)
        result = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben)
        assert "as soon as Discord lets me" in texts(result.response)
        await hall.env.advance_time(TICK.total_seconds())
    (message,) = hall.messages()
    await hall.ben.click(message, label="Accept")
    assert "has yet to play" in texts(hall.messages()[-1])
    assert len(hall.messages()) == 1


async def test_an_edit_that_discord_refuses_is_made_up_for(hall):
    message = await challenged(hall)
    hall.env.inject_error("PATCH", f"/channels/{hall.channel.id}/messages/*", status=500)
    await hall.ben.click(message, label="Accept")
    assert "challenges" in texts(hall.messages()[-1])
    await hall.env.advance_time(2 * TICK.total_seconds())
    assert "has yet to play" in texts(hall.messages()[-1])


async def test_a_restart_in_the_middle_changes_nothing(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await hall.env.advance_time(3)
    await hall.alice.click(result.response, label=LETTERS[posts[0].shown.key])
    await hall.env.restart_bot(make_bot(hall.store, hall.bot.shelf))
    await hall.env.advance_time(4)
    for post in posts[1:]:
        await hall.alice.click(result.response, label=LETTERS[post.shown.key])
    assert "All 5 answered in 7.0 s" in texts(result.response)
    await play(hall, hall.ben, 2)
    assert f"**1.** <@{hall.alice.id}>  5 of 5 right in 7.0 s" in texts(hall.messages()[-1])


async def outage(hall: Hall, lasts: timedelta) -> None:
    """Let the bot be gone for a while and start another process on the same database."""
    hall.env.backend.advance_clock(lasts.total_seconds())
    await hall.env.restart_bot(make_bot(hall.store, hall.bot.shelf))
    await hall.env.settle()


async def test_an_outage_moves_the_deadline_and_stops_the_time(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    await play(hall, hall.ben, 5)
    result = await hall.alice.click(message, label="Play")
    await hall.env.advance_time(7)
    (before,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    await outage(hall, timedelta(days=2))
    (after,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    moved = after.deadline - before.deadline
    assert timedelta(days=2) <= moved <= timedelta(days=2) + TICK
    assert f"<t:{int(after.deadline.timestamp())}:R>" in texts(hall.messages()[-1])
    await hall.alice.click(result.response, label=LETTERS[posts[0].shown.key])
    assert "question 2 of 5" in texts(result.response)
    took = (await hall.store.played(after.contest.id))[hall.alice.id].took_ms
    assert took <= 7000
    for post in posts[1:]:
        await hall.alice.click(result.response, label=LETTERS[post.shown.key])
    assert f"<@{hall.alice.id}> wins against" in texts(hall.messages()[-1])


async def test_an_outage_moves_the_end_of_an_invitation(hall):
    message = await challenged(hall)
    await outage(hall, timedelta(days=3))
    await hall.ben.click(message, label="Accept")
    assert "has yet to play" in texts(hall.messages()[-1])


async def test_a_deadline_that_comes_after_an_outage_is_kept(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    await outage(hall, timedelta(hours=30))
    assert "has yet to play" in texts(hall.messages()[-1])
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    await slowed(hall)
    await advance_to(hall, duel.deadline + timedelta(hours=12))
    assert "Won by default" in texts(hall.messages()[-1])
    assert len(hall.messages()) == 1
