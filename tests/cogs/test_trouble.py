"""A challenge that cannot be posted: told once, kept, and going on by itself."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from tests.cogs.acting import START, advance_to, open_post, posted_now, slowed, ticked
from tests.conftest import make_bot
from tests.simworld import texts

HOUR = timedelta(hours=1)


def deny(hall, channel_id: int, **permissions: bool) -> None:
    overwrite = Overwrite(
        hall.guild.default_role.id,
        OverwriteType.ROLE,
        deny=discord.Permissions(**permissions).value,
    )
    hall.env.backend.set_overwrite(channel_id, overwrite)


def lower_the_bot(hall) -> None:
    """Take the administrator's rights from the bot, so that a channel can refuse it."""
    backend = hall.env.backend
    allowed = discord.Permissions(
        view_channel=True, send_messages=True, read_message_history=True
    ).value
    for role_id in backend.get_member(hall.guild.id, hall.bot.user.id).role_ids:
        backend.edit_role(hall.guild.id, role_id, {"permissions": allowed})


def with_system_channel(hall):
    channel = hall.guild.create_text_channel("staff")
    hall.env.backend.edit_guild(hall.guild.id, {"system_channel_id": channel.id})
    return channel


async def status(hall) -> str:
    return texts((await hall.manager.slash(hall.channel, "daily status")).response)


def private(hall) -> list[str]:
    return [texts(m) for m in hall.manager.user.dm_channel.history()]


async def test_a_lost_permission_suspends_is_told_once_and_ends_by_itself(hall):
    staff = with_system_channel(hall)
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    await advance_to(hall, START + timedelta(hours=9))
    (word,) = staff.history()
    assert f"The daily challenge in <#{hall.channel.id}> is on hold." in word.content
    assert "Give me View Channel, Send Messages" in word.content
    assert "Nothing is lost" in word.content
    said = await status(hall)
    assert "Trouble <t:" in said
    assert f"I lack Send Messages in <#{hall.channel.id}>." in said
    await advance_to(hall, START + timedelta(hours=12))
    assert len(staff.history()) == 1
    assert hall.messages() == []
    hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
    await ticked(hall)
    assert len(hall.messages()) == 1
    assert "Trouble" not in await status(hall)
    (line,) = await hall.store.audit_lines(1)
    assert (line.event, line.detail) == (
        "late",
        "4 hours: I may not post in that channel. Give me View Channel, Send Messages and "
        "Read Message History there.",
    )


async def test_the_next_trouble_is_told_again(hall):
    staff = with_system_channel(hall)
    lower_the_bot(hall)
    await hall.setup_daily()
    await slowed(hall, HOUR)
    for day in range(2):
        deny(hall, hall.channel.id, send_messages=True)
        await advance_to(hall, START + timedelta(days=day, hours=10))
        assert len(staff.history()) == day + 1
        hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
        await advance_to(hall, START + timedelta(days=day, hours=12))
        assert len(hall.messages()) == day + 1


async def test_without_a_system_channel_whoever_set_it_up_is_told(hall):
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    await advance_to(hall, START + timedelta(hours=12))
    (word,) = private(hall)
    assert word.startswith("**Study group**: The daily challenge in")


async def test_a_private_word_that_is_refused_is_no_trouble_of_its_own(hall):
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    hall.env.inject_error("POST", "/users/@me/channels", status=403, times=None)
    await advance_to(hall, START + timedelta(hours=12))
    assert "Trouble" in await status(hall)


async def test_a_system_channel_that_refuses_is_passed_over(hall):
    staff = with_system_channel(hall)
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    deny(hall, staff.id, send_messages=True)
    await advance_to(hall, START + timedelta(hours=9))
    assert staff.history() == []
    assert len(private(hall)) == 1


async def test_a_deleted_channel_is_told_at_once_and_keeps_the_settings(hall):
    home = hall.guild.create_text_channel("home")
    await hall.setup_daily(channel=home, topic="threat-detection", days="Mon-Fri")
    hall.env.backend.delete_channel(home.id)
    await hall.env.settle()
    (word,) = private(hall)
    assert "The channel is gone. Choose another with /daily setup." in word
    await advance_to(hall, START + timedelta(hours=12))
    assert len(private(hall)) == 1
    assert "Trouble" in await status(hall)
    offered = await hall.manager.autocomplete(hall.channel, "daily resume", "challenge", "")
    assert offered[0]["name"].startswith("a deleted channel · 09:00")
    await hall.setup_daily(challenge=offered[0]["value"], channel=hall.channel)
    await ticked(hall)
    assert len(hall.messages()) == 1
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.topic, challenge.days) == ("threat-detection", frozenset(range(1, 6)))


async def test_a_deleted_channel_closes_what_was_open_in_it(hall):
    home = hall.guild.create_text_channel("home")
    await hall.setup_daily(channel=home)
    await hall.manager.slash(hall.channel, "daily now")
    post = await open_post(hall)
    await hall.alice.click(home.last_message, label="ABCD"[post.shown.key])
    hall.env.backend.delete_channel(home.id)
    await hall.env.settle()
    await slowed(hall, HOUR)
    await advance_to(hall, START + timedelta(hours=26))
    assert await hall.store.unrevealed_posts() == ()
    assert "10 points" in texts((await hall.alice.slash(hall.channel, "score")).response)
    events = [line.event for line in await hall.store.audit_lines(1)]
    assert "deleted" in events


async def test_another_channel_that_goes_means_nothing(hall):
    other = hall.guild.create_text_channel("other")
    await hall.setup_daily()
    hall.env.backend.delete_channel(other.id)
    await hall.env.settle()
    assert private(hall) == []
    assert await hall.store.trouble(1) is None


async def test_a_short_outage_is_told_nobody_and_a_long_one_once(hall):
    await hall.setup_daily()
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500, times=None)
    await advance_to(hall, START + timedelta(hours=8, minutes=20))
    assert private(hall) == []
    assert "Trouble" in await status(hall)
    await advance_to(hall, START + timedelta(hours=10))
    (word,) = private(hall)
    assert "Discord did not take the post." in word
    hall.env.backend.faults.clear()
    await ticked(hall)
    assert len(hall.messages()) == 1


async def test_resume_tries_at_once_and_names_what_is_still_in_the_way(hall):
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    await advance_to(hall, START + timedelta(hours=8, minutes=1))
    result = await hall.manager.slash(hall.channel, "daily resume")
    said = texts(result.response)
    assert "I try again at once" in said
    assert f"Still in the way: I lack Send Messages in <#{hall.channel.id}>." in said
    posting = hall.bot.get_cog("Daily").posting
    assert posting._post_rests_until == {}
    hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
    await hall.env.settle()
    said = texts((await hall.manager.slash(hall.channel, "daily resume")).response)
    assert "Still in the way" not in said


async def test_a_restart_in_a_time_of_trouble_tells_nobody_twice(hall, shelf):
    staff = with_system_channel(hall)
    lower_the_bot(hall)
    await hall.setup_daily()
    deny(hall, hall.channel.id, send_messages=True)
    await advance_to(hall, START + timedelta(hours=9))
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    await advance_to(hall, START + timedelta(hours=10))
    assert len(staff.history()) == 1


@pytest.mark.parametrize("when", ["before the claim", "after it"])
async def test_a_challenge_that_was_suspended_over_night_misses_its_day_and_goes_on(hall, when):
    lower_the_bot(hall)
    await hall.setup_daily(late=6)
    await slowed(hall, HOUR)
    deny(hall, hall.channel.id, send_messages=True)
    if when == "before the claim":
        hall.env.backend.advance_clock(16 * 3600)
    await advance_to(hall, START + timedelta(hours=26))
    hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
    await advance_to(hall, START + timedelta(hours=34))
    lines = sorted(await hall.store.audit_lines(1), key=lambda line: line.study_date)
    assert [line.event for line in lines] == ["missed", "posted"]
    assert len(hall.messages()) == 1
    assert await hall.store.unrevealed_posts() == ()


async def test_an_unsent_claim_is_not_sent_when_its_day_is_over(hall):
    await posted_now(hall)
    await slowed(hall, HOUR)
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500, times=None)
    await advance_to(hall, START + timedelta(hours=47))
    hall.env.backend.faults.clear()
    await advance_to(hall, START + timedelta(hours=52))
    assert len(hall.messages()) == 1
    await advance_to(hall, START + timedelta(hours=60))
    assert len(hall.messages()) == 2
