"""The champion's role, and seasons whose end can't be told: what is missing is said exactly."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from tests.cogs.acting import START, advance_to, forge, slowed, ticked
from tests.cogs.test_boards import answered
from tests.cogs.test_seasons import DAY, HOUR, TODAY, begin, end, played, told
from tests.cogs.test_trouble import deny, private, with_system_channel
from tests.conftest import TICK
from tests.simworld import texts


@pytest.fixture
def champion(hall):
    """A role for the champion, below that of a manager who may give it: ``hall.manager``."""
    role = hall.guild.create_role("Champion")
    may = discord.Permissions(manage_guild=True, manage_roles=True)
    boss = hall.guild.create_role("Boss", permissions=may)
    hall.env.backend.add_member_role(hall.guild.id, hall.manager.id, boss.id)
    return role


def roles(hall, member) -> list[int]:
    return hall.env.backend.get_member(hall.guild.id, member.id).role_ids


def bots_role(hall) -> int:
    (role_id,) = hall.env.backend.get_member(hall.guild.id, hall.bot.user.id).role_ids
    return role_id


def allow_the_bot(hall, **permissions: bool) -> None:
    allowed = {"view_channel", "send_messages", "read_message_history", "attach_files"}
    held = discord.Permissions(**dict.fromkeys(allowed, True), **permissions)
    hall.env.backend.edit_role(hall.guild.id, bots_role(hall), {"permissions": held.value})


async def one_day(hall, number: int, winner, role=None) -> None:
    """Let a season of one day, before today, be over by itself; somebody won it."""
    day = TODAY + (number - 9) * DAY
    await answered(hall, str(number - 9), [winner])
    await hall.store.start_season(
        hall.guild.id,
        name=f"Season {number}",
        first=day,
        last=day,
        channel_id=hall.channel.id,
        role_id=None if role is None else role.id,
        by=hall.manager.id,
        now=START,
    )
    await hall.env.advance_time(TICK.total_seconds())


async def test_the_role_goes_to_the_champion_and_on_to_the_next_one(hall, champion):
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily off")
    await one_day(hall, 0, hall.alice, champion)
    assert champion.id in roles(hall, hall.alice)
    (message,) = told(hall)
    assert f"**Champion:** <@&{champion.id}> for <@{hall.alice.id}>" in texts(message)
    sent = [r.json for r in hall.env.http_requests if r.method == "POST" and r.json]
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent if "is over" in str(body))
    await one_day(hall, 1, hall.alice, champion)
    assert champion.id in roles(hall, hall.alice)
    await one_day(hall, 2, hall.ben, champion)
    assert champion.id not in roles(hall, hall.alice)
    assert champion.id in roles(hall, hall.ben)
    await one_day(hall, 3, hall.chi)
    assert champion.id in roles(hall, hall.ben)
    assert champion.id not in roles(hall, hall.chi)
    assert len(told(hall)) == 4


async def test_a_new_season_has_the_role_and_the_channel_of_the_last_one(hall, champion):
    home = hall.guild.create_text_channel("home")
    await hall.setup_daily()
    await begin(hall, role=champion, channel=home, weeks=1)
    await begin(hall, name="Next", begins="2026-01-08")
    after, before = await hall.store.seasons(hall.guild.id)
    assert (after.role_id, after.channel_id) == (before.role_id, before.channel_id)
    assert (after.role_id, after.channel_id) == (champion.id, home.id)
    edited = await hall.manager.slash(hall.channel, "season edit", season="Next", no_role=True)
    assert "The champion gets the honour, no role" in texts(edited.response)
    assert (await hall.store.season(after.id)).role_id is None


async def test_all_who_share_the_first_place_get_it(hall, champion):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice, hall.ben], [hall.chi])
    await end(hall)
    assert champion.id in roles(hall, hall.alice)
    assert champion.id in roles(hall, hall.ben)
    assert champion.id not in roles(hall, hall.chi)


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("permission", "I lack Manage Roles. Switch it on for my role in Server Settings > Roles."),
        ("order", "it is not below my highest role"),
    ],
)
async def test_what_is_missing_is_said_at_the_start_and_at_the_end_and_passes_by_itself(
    hall, champion, prepare, sentence
):
    staff = with_system_channel(hall)

    def spoil() -> None:
        if prepare == "permission":
            allow_the_bot(hall)
        else:
            boss = roles(hall, hall.manager)[-1]
            hall.env.backend.reorder_roles(
                hall.guild.id,
                [{"id": champion.id, "position": 98}, {"id": boss, "position": 99}],
            )

    def mend() -> None:
        if prepare == "permission":
            allow_the_bot(hall, manage_roles=True)
        else:
            hall.env.backend.reorder_roles(hall.guild.id, [{"id": champion.id, "position": 1}])

    await begin(hall, role=champion)
    spoil()
    await hall.env.settle()
    edited = await hall.manager.slash(hall.channel, "season edit", name="Sprint")
    assert sentence in texts(edited.followups[0])
    await answered(hall, "0", [hall.alice])
    await end(hall)
    assert champion.id not in roles(hall, hall.alice)
    (word,) = [m for m in staff.history() if sentence in m.content]
    assert f"<@&{champion.id}>" in word.content
    assert len(told(hall)) == 1
    status = texts((await hall.manager.slash(hall.channel, "season status")).response)
    assert sentence in status
    seen = texts((await hall.alice.slash(hall.channel, "season status")).response)
    assert sentence not in seen
    await hall.env.advance_time(3600)
    assert len(staff.history()) == 1
    mend()
    await ticked(hall)
    assert champion.id in roles(hall, hall.alice)
    status = texts((await hall.manager.slash(hall.channel, "season status")).response)
    assert sentence not in status


async def test_roles_that_nobody_should_win_are_refused(hall, champion):
    moderators = hall.guild.create_role("Mods", permissions=discord.Permissions(ban_members=True))
    above = hall.guild.create_role("Above")
    hall.env.backend.reorder_roles(
        hall.guild.id,
        [{"id": moderators.id, "position": 1}, {"id": above.id, "position": 9}],
    )
    await hall.env.settle()
    for role, sentence in [
        (hall.guild.default_role, "can't be given to one member"),
        (moderators, "comes with Ban Members: nobody should win that"),
        (above, "is not yours to give: it takes Manage Roles and a role of yours above it"),
    ]:
        refused = await begin(hall, role=role)
        assert sentence in texts(refused.response)
        assert refused.ephemeral
    assert await hall.store.seasons(hall.guild.id) == ()


async def test_a_role_that_became_a_moderators_is_won_by_nobody(hall, champion):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice])
    ban = discord.Permissions(ban_members=True).value
    hall.env.backend.edit_role(hall.guild.id, champion.id, {"permissions": ban})
    await hall.env.settle()
    await end(hall)
    assert champion.id not in roles(hall, hall.alice)
    (word,) = private(hall)
    assert "comes with Ban Members: nobody should win that" in word
    hall.env.backend.edit_role(hall.guild.id, champion.id, {"permissions": 0})
    await ticked(hall)
    assert champion.id in roles(hall, hall.alice)


async def test_while_the_servers_roles_are_not_known_none_is_lost_and_nobody_decides_on_one(
    hall, champion, monkeypatch
):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice])
    allow_the_bot(hall)
    await hall.env.settle()
    known = hall.bot.get_guild(hall.guild.id)
    # As a server is in an outage of Discord, until it is there.
    with monkeypatch.context() as patch:
        patch.setattr(known, "_roles", {})
        patch.setattr(known, "unavailable", True)
        refused = await hall.manager.slash(hall.channel, "season end")
        assert "I can't see this server's roles just now." in texts(refused.response)
    await end(hall)
    with monkeypatch.context() as patch:
        patch.setattr(known, "_roles", {})
        patch.setattr(known, "unavailable", True)
        await ticked(hall)
    allow_the_bot(hall, manage_roles=True)
    await ticked(hall)
    assert champion.id in roles(hall, hall.alice)


async def test_a_manager_without_manage_roles_gives_no_role(hall):
    role = hall.guild.create_role("Champion")
    await hall.env.settle()
    refused = await begin(hall, role=role)
    assert "is not yours to give" in texts(refused.response)


async def test_a_manager_without_manage_roles_takes_no_role_over_from_the_last_season(
    hall, champion
):
    await begin(hall, role=champion, weeks=1)
    may = discord.Permissions(manage_guild=True)
    deputies = hall.guild.create_role("Deputies", permissions=may)
    deputy = hall.guild.add_member(hall.env.create_user("deputy"), roles=[deputies])
    await hall.env.settle()
    begun = await deputy.slash(hall.channel, "season start", name="Coup", begins="2026-01-08")
    assert f"<@&{champion.id}>" not in texts(begun.response)
    (withheld,) = map(texts, begun.followups)
    assert f"<@&{champion.id}> is not yours to give: it takes Manage Roles" in withheld
    assert "`/season edit role:` adds one." in withheld
    after, before = await hall.store.seasons(hall.guild.id)
    assert (after.role_id, before.role_id) == (None, champion.id)


async def test_when_a_season_with_a_role_ends_is_only_for_those_who_may_give_it(hall, champion):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice])
    deputies = hall.guild.create_role(
        "Deputies", permissions=discord.Permissions(manage_guild=True)
    )
    deputy = hall.guild.add_member(hall.env.create_user("deputy"), roles=[deputies])
    await hall.env.settle()
    for command, options in (("season end", {}), ("season edit", {"until": str(TODAY + DAY)})):
        refused = texts((await deputy.slash(hall.channel, command, **options)).response)
        assert f"<@&{champion.id}> is not yours to give" in refused
        assert "`/season edit no_role:`" in refused
    pressed = await forge(hall, "seasonend:1", by=deputy, on=hall.messages()[-1])
    assert "is not yours to give" in texts(pressed.response)
    await deputy.slash(hall.channel, "season edit", no_role=True)
    asked = await deputy.slash(hall.channel, "season end")
    await deputy.click(asked.response, label="End it now")
    assert len(told(hall)) == 1
    assert champion.id not in roles(hall, hall.alice)


async def test_a_champion_who_left_is_done_with(hall, champion):
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily off")
    await one_day(hall, 0, hall.alice, champion)
    hall.guild.remove_member(hall.alice)
    await one_day(hall, 1, hall.ben, champion)
    assert champion.id in roles(hall, hall.ben)
    assert await hall.store.roles_to_take() == ()


async def test_a_role_that_went_is_told_once_and_done_with(hall, champion):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice])
    hall.env.backend.delete_role(hall.guild.id, champion.id)
    await hall.env.settle()
    await end(hall)
    assert await hall.store.roles_to_give() == ()
    (word,) = private(hall)
    assert "The champion's role is gone. Choose another with `/season edit`." in word
    await hall.env.advance_time(3600)
    assert len(private(hall)) == 1


async def test_a_refusal_of_discord_is_tried_again(hall, champion):
    await begin(hall, role=champion)
    await answered(hall, "0", [hall.alice])
    hall.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=500, times=9)
    await end(hall)
    assert champion.id not in roles(hall, hall.alice)
    hall.env.backend.faults.clear()
    await hall.env.advance_time(40 * 60)
    assert champion.id in roles(hall, hall.alice)


# ------------------------------------------------------------------ the message's channel


async def test_a_channel_that_is_deleted_is_told_once_and_another_one_hears_of_it(hall):
    home = hall.guild.create_text_channel("home")
    await played(hall, channel=home)
    hall.env.backend.delete_channel(home.id)
    await hall.env.settle()
    ended = await end(hall)
    assert "telling them did not work yet: `/season status`" in texts(ended.response)
    (word,) = [word for word in private(hall) if "is not told yet" in word]
    assert "its channel is gone. Choose another with `/season edit channel:`" in word
    await hall.env.advance_time(2 * 3600)
    assert len([word for word in private(hall) if "is not told yet" in word]) == 1
    status = texts((await hall.manager.slash(hall.channel, "season status")).response)
    assert "its channel is gone" in status
    archive = texts((await hall.ben.slash(hall.channel, "season archive")).response)
    assert f"**1.** <@{hall.alice.id}>  21 points" in archive
    moved = await hall.manager.slash(hall.channel, "season edit", channel=hall.channel)
    assert f"Its end is told in <#{hall.channel.id}> in a moment." in texts(moved.response)
    await ticked(hall)
    (message,) = told(hall)
    assert f"**1.** <@{hall.alice.id}>  21 points" in texts(message)
    status = texts((await hall.manager.slash(hall.channel, "season status")).response)
    assert "its channel is gone" not in status


async def test_a_channel_that_may_not_be_used_is_refused_and_later_waited_for(hall):
    allow_the_bot(hall)
    mute = hall.guild.create_text_channel("mute")
    deny(hall, mute.id, send_messages=True)
    await hall.env.settle()
    refused = await begin(hall, channel=mute)
    assert f"I can't post in <#{mute.id}> yet: I lack Send Messages there." in texts(
        refused.response
    )
    await played(hall)
    deny(hall, hall.channel.id, send_messages=True)
    await hall.env.settle()
    await end(hall)
    (word,) = [word for word in private(hall) if "is not told yet" in word]
    assert "Give me View Channel, Send Messages and Read Message History there" in word
    assert told(hall) == []
    hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
    await hall.env.advance_time(40 * 60)
    assert len(told(hall)) == 1


async def test_without_the_right_to_attach_the_words_come_alone(hall):
    await played(hall)
    deny(hall, hall.channel.id, attach_files=True)
    held = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
    hall.env.backend.edit_role(hall.guild.id, bots_role(hall), {"permissions": held.value})
    await hall.env.settle()
    await end(hall)
    (message,) = told(hall)
    assert message.attachments == []
    assert f"**1.** <@{hall.alice.id}>  21 points" in texts(message)


async def test_a_server_that_took_the_bot_back_hears_of_it_however_late(hall):
    await played(hall, days=7)
    payload = {"id": str(hall.guild.id), "unavailable": False}
    hall.env.backend.emit("GUILD_DELETE", payload)
    await hall.env.settle()
    await slowed(hall, timedelta(hours=12))
    hall.env.backend.emit("GUILD_DELETE", payload)
    await hall.env.settle()
    await advance_to(hall, START + 20 * DAY)
    assert told(hall) == []
    await slowed(hall, HOUR)  # which is told of the server again
    await hall.env.advance_time(2 * 3600)
    (message,) = told(hall)
    assert f"**1.** <@{hall.alice.id}>  21 points" in texts(message)
    assert "31 December 2025 to 6 January 2026" in texts(message)
