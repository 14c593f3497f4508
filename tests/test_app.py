"""The bot itself: how it starts, what it registers, what it hears."""

from __future__ import annotations

from datetime import timedelta

import discord

from bot.app import APOLOGY, intents
from bot.cogs.pulse import KEY
from tests.cogs.acting import forge, posted_now
from tests.conftest import make_bot
from tests.simworld import texts


def synchronised(hall) -> int:
    """Return how often the commands were sent to Discord."""
    return sum(r.method == "PUT" and r.path.endswith("/commands") for r in hall.env.http_requests)


def test_no_privileged_intent_is_asked_for():
    assert not intents().members
    assert not intents().presences
    assert not intents().message_content
    assert intents().guilds


async def test_commands_are_registered_when_they_changed_and_only_then(hall, shelf):
    assert synchronised(hall) == 1
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    assert synchronised(hall) == 1
    await hall.store.set_meta(f"commands of {hall.bot.application_id}", "other commands")
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    assert synchronised(hall) == 2


async def test_a_forced_sync_registers_them_in_any_case(hall):
    assert not await hall.bot.sync_commands()
    assert await hall.bot.sync_commands(force=True)
    assert synchronised(hall) == 2


async def test_registered_commands_have_the_same_hash_in_another_process(hall, shelf):
    """A tree that hashed differently each time would be sent at every start."""
    key = f"commands of {hall.bot.application_id}"
    first = await hall.store.get_meta(key)
    await hall.store.set_meta(key, "")
    await hall.env.restart_bot(make_bot(hall.store, shelf, seed=2))
    assert await hall.store.get_meta(key) == first


async def test_it_remembers_when_it_joined_and_left_a_server(hall):
    guild = hall.env.create_guild("Another")
    await hall.env.settle()
    hall.bot.dispatch("guild_join", hall.bot.get_guild(guild.id))  # SimCord says "available"
    await hall.env.settle()
    hall.env.backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    await hall.env.settle()
    joined, left = await hall.store._read(
        lambda c: tuple(
            c.execute(
                "SELECT joined_at, left_at FROM servers WHERE guild_id = ?", (guild.id,)
            ).fetchone()
        )
    )
    assert joined is not None
    assert left is not None


async def test_nothing_it_says_can_ping(hall):
    assert hall.bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> @everyone <@{hall.ben.id}>")
    sent = [
        r.json
        for r in hall.env.http_requests
        if r.method == "POST" and r.path.endswith("/messages")
    ]
    assert sent
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent)


async def test_a_sign_of_life_is_written_again_and_again(hall):
    await hall.env.advance_time(700)
    first = await hall.store.get_meta(KEY)
    await hall.env.advance_time(700)
    second = await hall.store.get_meta(KEY)
    assert first is not None
    assert first < second
    assert second <= hall.env.now().isoformat()


async def test_a_pulse_that_cannot_be_written_beats_again(hall, monkeypatch):
    async def broken(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(hall.store, "set_meta", broken)
        await hall.env.advance_time(700)
    await hall.env.advance_time(700)
    assert await hall.store.get_meta(KEY) > (hall.env.now() - timedelta(minutes=11)).isoformat()


async def test_a_tick_that_fails_is_followed_by_the_next(hall, monkeypatch):
    await hall.setup_daily(time="00:05", zone="UTC")

    async def broken() -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(hall.store, "challenges", broken)
        await hall.env.advance_time(600)
        assert hall.messages() == []
    await hall.env.advance_time(600)
    assert len(hall.messages()) == 1


async def test_a_bug_in_a_command_is_an_apology_and_a_line_in_the_log(hall, monkeypatch, caplog):
    async def broken(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(hall.store, "score", broken)
        result = await hall.alice.slash(hall.channel, "score")
    assert texts(result.response) == APOLOGY
    assert result.ephemeral
    assert "Failed in /score" in caplog.text
    again = await hall.alice.slash(hall.channel, "score")
    assert "points" in texts(again.response)


async def test_other_bots_press_nothing(hall):
    message = await posted_now(hall)
    robot = hall.guild.add_member(hall.env.create_user("robot", bot=True))
    result = await forge(hall, "daily:1:0", by=robot, on=message)
    assert not result.acknowledged
    assert await hall.store.answer_count(1) == 0


async def test_a_bot_that_lost_the_gateway_shows_no_sign_of_life(hall):
    await hall.env.advance_time(600)
    before = await hall.store.get_meta(KEY)
    hall.bot.dispatch("disconnect")
    await hall.env.advance_time(600)
    assert await hall.store.get_meta(KEY) == before
    hall.bot.dispatch("resumed")
    await hall.env.advance_time(600)
    assert await hall.store.get_meta(KEY) > before
