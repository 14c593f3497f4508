"""Weekly and monthly winners: told once, with a podium, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import discord
import pytest

from bot.core.period import span_of
from bot.core.post import show
from tests.cogs.acting import START, advance_to, forge, slowed
from tests.cogs.test_boards import answered
from tests.conftest import saved
from tests.simworld import NonceRoute, buttons, texts

HOUR = timedelta(hours=1)
MONDAY = START + timedelta(days=4, hours=8)  # 09:00 in Berlin
WEEK = span_of("week", START.date())


async def week(hall, tick=4 * HOUR, days=5):
    """Three members study from Thursday to Sunday; the challenge itself rests."""
    await answered(hall, "0", [hall.alice, hall.ben], [hall.chi])
    await answered(hall, "1", [hall.alice], [hall.ben])
    await hall.manager.slash(hall.channel, "daily off")
    challenge = await hall.store.challenge(hall.guild.id)
    await hall.store.switch_challenge(challenge.id, is_on=True)
    for number in range(2, days):
        await answered(hall, str(number), [])
    return await slowed(hall, tick)


def told(hall):
    return [message for message in hall.messages() if "well done" in texts(message)]


async def test_a_weeks_winners_are_told_on_monday_morning(hall):
    await week(hall)
    await advance_to(hall, MONDAY - HOUR)
    assert told(hall) == []
    await advance_to(hall, MONDAY + HOUR)
    (message,) = told(hall)
    said = texts(message)
    assert "## Week of 29 December to 4 January: well done!" in said
    assert f"**1.** <@{hall.alice.id}>  21 points  ·  2 of 2 right" in said
    assert f"**2.** <@{hall.ben.id}>  10 points  ·  1 of 2 right" in said
    assert f"<@{hall.chi.id}>" not in said
    assert "3 members took part." in said
    assert "[Podium, Week of 29 December to 4 January. 1. " in said
    (attachment,) = message.attachments
    assert hall.env.backend.cdn.get(attachment.url).startswith(b"\x89PNG")
    bodies = [r.json for r in hall.env.http_requests if r.method == "POST" and r.json]
    sent = [body for body in bodies if "well done" in str(body)]
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent)
    await advance_to(hall, MONDAY + timedelta(days=3))
    assert len(told(hall)) == 1


async def test_a_server_that_wants_no_winners_told_has_none(hall):
    await week(hall)
    result = await hall.manager.slash(hall.channel, "daily setup", winners=False)
    assert "- Tells nobody who won a week or month" in texts(result.response)
    await saved(hall.manager, result)
    await advance_to(hall, MONDAY + HOUR)
    assert told(hall) == []
    result = await hall.manager.slash(hall.channel, "daily setup", winners=True)
    await saved(hall.manager, result)
    await advance_to(hall, MONDAY + 5 * HOUR)
    assert len(told(hall)) == 1


async def test_another_channel_tells_the_winners_when_the_first_does_not(hall):
    await week(hall, HOUR)
    other = hall.guild.create_text_channel("second-hall")
    await hall.setup_daily(channel=other)
    result = await hall.manager.slash(
        hall.channel, "daily setup", channel=hall.channel, winners=False
    )
    note = f"<#{other.id}> tells the winners of weeks and months then."
    assert note in texts(result.response)
    await saved(hall.manager, result)
    await advance_to(hall, MONDAY + HOUR)
    assert told(hall) == []
    assert sum("well done" in texts(message) for message in other.history()) == 1


async def test_a_week_waits_for_its_last_reveal(hall):
    await week(hall, timedelta(minutes=30), days=3)
    challenge = await hall.store.challenge(hall.guild.id)
    post = await hall.store.claim_post(
        challenge=challenge,
        study_date=START.date() + timedelta(days=3),
        shown=show(hall.bot.shelf.pool[50], Random(1)),
        nonce="late",
        now=START,
        closes_at=MONDAY + 3 * HOUR,
    )
    await hall.store.record_post(post.id, channel_id=hall.channel.id, message_id=1, at=START)
    await hall.store.record_answer(
        post.id, member_id=hall.chi.id, place=post.shown.key, at=MONDAY - HOUR
    )
    await advance_to(hall, MONDAY + 2 * HOUR)
    assert told(hall) == []
    await advance_to(hall, MONDAY + 4 * HOUR)
    (message,) = told(hall)
    assert f"<@{hall.chi.id}>  10 points" in texts(message)


async def test_a_months_winners_are_told_on_the_first(hall):
    await week(hall, timedelta(hours=6))
    await advance_to(hall, START + timedelta(days=31, hours=23))
    assert [texts(m).split(":")[0] for m in told(hall)][-1] == "## January 2026"
    assert len(told(hall)) == 2


async def test_nobody_with_points_is_no_message(hall):
    await answered(hall, "0", [], [hall.alice])
    await slowed(hall, HOUR)
    await advance_to(hall, MONDAY + HOUR)
    assert told(hall) == []


@pytest.mark.parametrize("reason", ["hid", "left"])
async def test_whoever_is_not_to_be_seen_is_not_told(hall, reason):
    await week(hall)
    if reason == "hid":
        await hall.alice.slash(hall.channel, "data visibility", wish="hide me from boards")
    else:
        hall.guild.remove_member(hall.alice)
    await advance_to(hall, MONDAY + HOUR)
    (message,) = told(hall)
    assert f"**1.** <@{hall.ben.id}>" in texts(message)
    assert f"<@{hall.alice.id}>" not in texts(message)


async def test_after_a_long_absence_nothing_old_is_told(hall):
    await week(hall, timedelta(days=4))
    await advance_to(hall, START + timedelta(days=9))
    assert told(hall) == []


async def test_a_lost_response_makes_no_second_message(hall):
    await week(hall)
    await advance_to(hall, MONDAY - HOUR)
    with NonceRoute(hall.env) as route:
        route.lose_response()
        await advance_to(hall, MONDAY + timedelta(minutes=50))
        (message,) = told(hall)
        await slowed(hall, HOUR)
        await advance_to(hall, MONDAY + 3 * HOUR)
    assert [m.id for m in told(hall)] == [message.id]
    assert await hall.store.waiting_honours() == ()


async def test_what_was_claimed_before_a_crash_is_told_after_it(hall):
    await week(hall, timedelta(hours=12))
    honour = await hall.store.claim_honour(
        hall.guild.id, WEEK, channel_id=hall.channel.id, nonce="n", now=MONDAY
    )
    assert honour is not None
    await advance_to(hall, MONDAY + 2 * HOUR)
    await slowed(hall, HOUR)
    await hall.env.advance_time(10)
    (message,) = told(hall)
    assert f"**1.** <@{hall.alice.id}>" in texts(message)
    assert (await hall.store.honour(honour.id)).message_id == message.id


async def test_a_refusal_is_tried_again_and_given_up_in_the_end(hall):
    await week(hall, 8 * HOUR)
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=403, times=10_000)
    await advance_to(hall, MONDAY + timedelta(days=4))
    assert told(hall) == []
    assert await hall.store.waiting_honours() == ()


async def test_without_the_right_to_attach_the_words_come_alone(hall, monkeypatch):
    await week(hall)
    real = discord.abc.GuildChannel.permissions_for

    def permissions_for(self, who):
        held = real(self, who)
        held.attach_files = False
        return held

    monkeypatch.setattr(discord.TextChannel, "permissions_for", permissions_for)
    await advance_to(hall, MONDAY + HOUR)
    (message,) = told(hall)
    assert message.attachments == []
    assert f"**1.** <@{hall.alice.id}>" in texts(message)


async def test_ones_own_place_is_one_press_away(hall):
    await week(hall)
    await advance_to(hall, MONDAY + HOUR)
    (message,) = told(hall)
    assert [b.label for b in buttons(message)] == ["My place"]
    result = await hall.ben.click(message, label="My place")
    assert result.ephemeral
    assert "You: rank 2 of 3 with 10 points." in texts(result.response)
    result = await hall.manager.click(message, label="My place")
    assert "You did not take part that time." in texts(result.response)
    forged = await forge(hall, "won:99", by=hall.ben, on=message)
    assert "Those winners are not of this server." in texts(forged.response)


async def test_a_forgotten_winner_is_a_former_member(hall):
    await week(hall)
    honour = await hall.store.claim_honour(
        hall.guild.id, WEEK, channel_id=hall.channel.id, nonce="n", now=MONDAY
    )
    await hall.store.forget_member(hall.alice.id, None)
    await advance_to(hall, MONDAY + HOUR)
    (message,) = told(hall)
    assert "**1.** a former member  21 points" in texts(message)
    assert "1. A former member, 21 points" in texts(message)
    assert honour.winners[0].member_id == hall.alice.id
