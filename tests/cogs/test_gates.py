"""Who may do what: hidden by Discord, and refused by the bot to those it was shown to anyway."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands
from simcord.backend.errors import SetupError

from tests.cogs.acting import ELSEWHERE, elsewhere, let_in, press_elsewhere, quiz_post_id, right
from tests.simworld import texts

MANAGERS = ("daily setup", "daily preview", "daily now", "daily reveal", "daily skip")
MANAGERS += ("daily pause", "daily resume", "daily off", "daily status", "daily history")
MANAGERS += ("questions reports", "knowledge missed")
IN_OPEN_GROUPS = ("season start", "season edit", "season end")
"""Managers' commands beside members' own, so that Discord hides neither."""
OWNERS = ("knowledge reload", "status")
SERVERS = {"daily", "questions", "knowledge", "leaderboard", "streak", "team", "match", "duel"}
SERVERS |= {"season", "rating"}


def options(hall, command):
    if command == "daily setup":
        return {"channel": hall.channel, "time": "09:00", "timezone": "UTC"}
    return {}


def test_the_lists_are_whole():
    """Every command of a hidden group is refused in a test below."""
    from bot.cogs.daily import Daily
    from bot.cogs.knowledge import KnowledgeDesk
    from bot.cogs.questions import Questions

    named = {
        f"{cog.__cog_group_name__} {command.name}"
        for cog in (Daily, Questions, KnowledgeDesk)
        for command in cog.__cog_app_commands__
    }
    assert named == {*MANAGERS, "knowledge reload"}


@pytest.mark.parametrize("command", MANAGERS)
async def test_managers_commands_are_hidden_from_members_and_refused_to_them(hall, command):
    with pytest.raises(SetupError, match="default-member-permissions"):
        await hall.alice.slash(hall.channel, command, **options(hall, command))
    let_in(hall, command.split()[0], hall.alice)
    refused = await hall.alice.slash(hall.channel, command, **options(hall, command))
    assert "it takes the permission Manage Server" in texts(refused.response)
    assert refused.ephemeral
    assert await hall.store.challenge(hall.guild.id) is None


@pytest.mark.parametrize("command", IN_OPEN_GROUPS)
async def test_managers_commands_beside_members_own_are_refused_to_members(hall, command):
    given = {"name": "Mine"} if command == "season start" else {}
    refused = await hall.alice.slash(hall.channel, command, **given)
    assert "it takes the permission Manage Server" in texts(refused.response)
    assert refused.ephemeral
    assert await hall.store.seasons(hall.guild.id) == ()


@pytest.mark.parametrize("command", OWNERS)
async def test_owners_commands_are_refused_to_managers(hall, command):
    refused = await hall.manager.slash(hall.channel, command)
    assert texts(refused.response) == "That is for the owner of this bot's application."
    assert refused.ephemeral


@pytest.mark.parametrize("command", MANAGERS)
async def test_a_manager_of_another_server_has_no_say_here(hall, command):
    other = hall.env.create_guild("Other")
    other.create_text_channel("study-hall")
    role = other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    other.add_member(hall.alice.user, roles=[role])
    await hall.env.settle()
    let_in(hall, command.split()[0], hall.alice)
    refused = await hall.alice.slash(hall.channel, command, **options(hall, command))
    assert "Manage Server" in texts(refused.response)


@pytest.mark.parametrize("command", [*MANAGERS, "knowledge reload", "leaderboard"])
async def test_servers_commands_are_hidden_in_direct_messages(hall, command):
    with pytest.raises(SetupError, match="context"):
        await hall.manager.user.slash(command, **options(hall, command))


async def test_discord_is_told_where_each_command_belongs(hall):
    told = {
        command["name"]: (command["contexts"], command["integration_types"])
        for request in hall.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
        for command in request.json
    }
    assert {name for name, place in told.items() if place == ([0], [0])} == SERVERS
    everywhere = {name for name, place in told.items() if place == ([0, 1, 2], [0, 1])}
    assert everywhere == set(told) - SERVERS
    assert everywhere >= {"ask", "quiz", "score", "data", "help", "status", "Look this up"}


@pytest.mark.parametrize("command", ["daily", "knowledge"])
async def test_hidden_groups_carry_discords_own_default(hall, command):
    group = hall.bot.tree.get_command(command)
    assert isinstance(group, app_commands.Group)
    assert group.default_permissions == discord.Permissions(manage_guild=True)


async def test_practice_in_a_server_without_the_bot_gives_no_points(hall):
    user = hall.alice.user
    shown = await elsewhere(hall.env, user, "quiz", count=1)
    post = await hall.store.post(quiz_post_id(shown.response))
    assert post.guild_id is None
    pressed = await press_elsewhere(hall.env, user, shown, right(post))
    said = texts(pressed.response or shown.response)
    assert "Right!" in said
    assert "point" not in said
    score = await elsewhere(hall.env, user, "score")
    assert "Your practice" in texts(score.response)
    assert "Quiz: 1 of 1 right" in texts(score.response)
    here = await hall.alice.slash(hall.channel, "score")
    assert "## 0 points" in texts(here.response)


async def test_nothing_of_a_server_without_the_bot_is_kept(hall):
    result = await elsewhere(
        hall.env, hall.alice.user, "ask", question="what is the capital of france"
    )
    assert "I don't know that one" in texts(result.response)
    since = hall.bot.clock().replace(year=2020)
    assert await hall.store.missed(None, since=since) == ()
    assert str(ELSEWHERE) not in str(await hall.store.export_member(hall.alice.id, None))


async def test_a_server_that_let_the_bot_go_gives_no_points(hall):
    hall.env.backend.emit("GUILD_DELETE", {"id": str(hall.guild.id)})
    await hall.env.settle()
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    assert (await hall.store.post(quiz_post_id(started.response))).guild_id is None
    refused = await hall.manager.slash(hall.channel, "daily status")
    assert "This works in a server that I was added to" in texts(refused.response)


async def test_presses_count_towards_the_cooldown(hall):
    card = await hall.alice.slash(hall.channel, "ask", question="guardduti")
    for _ in range(8):
        result = await hall.ben.click(card.response, label="Quiz me on this")
        assert "Question 1 of" in texts(result.response)
    slowed = await hall.ben.click(card.response, label="Quiz me on this")
    assert "You are quick!" in texts(slowed.response)
    assert slowed.ephemeral
    other = await hall.chi.click(card.response, label="Quiz me on this")
    assert "Question 1 of" in texts(other.response)


async def test_mentions_count_towards_the_cooldown(hall):
    for _ in range(8):
        await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> waf")
    await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> waf")
    assert "You are quick!" in texts(hall.channel.last_message)
    assert len(hall.messages()) == 9


async def test_completion_does_not_count_towards_the_cooldown(hall):
    for _ in range(12):
        assert await hall.alice.autocomplete(hall.channel, "ask", "question", "wa")
    result = await hall.alice.slash(hall.channel, "ask", question="waf")
    assert "AWS WAF" in texts(result.response)
