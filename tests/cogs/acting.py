"""What members of the study hall do again and again, and what only a forger does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import discord
from simcord import Env, InteractionResult, MemberActor, UserHandle, interactions
from simcord.backend import serializers
from simcord.enums import ComponentType, InteractionType, OptionType

from bot.app import StudyBot
from bot.core.post import LETTERS, Post
from tests.conftest import TICK, Hall
from tests.simworld import buttons, payload_feed, texts

START = datetime(2026, 1, 1, tzinfo=UTC)
"""SimCord's first moment: 01:00 of a Thursday in Berlin."""
ELSEWHERE = 880_000_000_000_000_000
"""A server that the bot was never added to."""


async def advance_to(hall: Hall, moment: datetime) -> None:
    assert moment > hall.env.now()
    while (left := (moment - hall.env.now()).total_seconds()) > 0:
        await hall.env.advance_time(min(left, 6 * 3600))  # SimCord limits one call's real time


async def ticked(hall: Hall) -> None:
    """Let the bot's clock tick twice: what is due is done, and what comes of that."""
    await hall.env.advance_time(2 * TICK.total_seconds())


async def slowed(hall: Hall, tick: timedelta = timedelta(hours=12)) -> StudyBot:
    """Restart the bot with a coarse clock, so that many simulated days pass in a moment."""
    bot = StudyBot(
        store=hall.store,
        shelf=hall.bot.shelf,
        knowledge_path=hall.bot.knowledge_path,
        rng=Random(1),
        tick=tick,
    )
    await hall.env.restart_bot(bot)
    return bot


async def posted_now(hall: Hall, **options: str) -> discord.Message:
    """Set up, post at once, and return the message; the time of day has not come."""
    await hall.setup_daily(**options)
    result = await hall.manager.slash(hall.channel, "daily now")
    assert "Posted:" in texts(result.response)
    return hall.messages()[-1]


async def revealed_now(hall: Hall) -> discord.Message:
    result = await hall.manager.slash(hall.channel, "daily reveal")
    assert "Revealed:" in texts(result.response)
    return hall.messages()[-1]


async def open_post(hall: Hall) -> Post:
    (post,) = await hall.store.open_posts()
    return post


def right(post: Post) -> str:
    """Return the letter of the right option."""
    return LETTERS[post.shown.key]


def wrong(post: Post) -> str:
    return LETTERS[(post.shown.key + 1) % len(post.shown.options)]


def quiz_post_id(message: Any) -> int:
    ids = [b.custom_id or "" for b in buttons(message)]
    return int(next(i for i in ids if i.startswith("quiz:")).split(":")[1])


async def quiz_right(hall: Hall, member: MemberActor, count: int = 1) -> None:
    """Play a whole round and be right each time."""
    started = await member.slash(hall.channel, "quiz", count=count)
    for place in range(count):
        post = await hall.store.post(quiz_post_id(started.response))
        assert post is not None
        await member.click(started.response, label=right(post))
        assert "Right!" in texts(started.response)
        last = place + 1 == count
        await member.click(started.response, label="See my result" if last else "Next question")


def let_in(hall: Hall, command: str, *members: MemberActor) -> None:
    """Have a server's settings show members a command that is hidden from them by default."""
    visible = hall.env.backend.visible_commands(user_id=hall.manager.id, channel_id=hall.channel.id)
    found = next(c for c in visible if c["name"] == command)
    hall.guild.set_command_permissions(int(found["id"]), {m.user: True for m in members})


async def forge(
    hall: Hall,
    custom_id: str,
    *,
    by: MemberActor | UserHandle,
    on: discord.Message,
) -> InteractionResult:
    """Press a button which the bot never made, on one of its messages."""
    channel = by.guild.channels[hall.channel.name] if isinstance(by, MemberActor) else by.dm_channel
    record, payload = interactions.base_payload(
        hall.env.backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=channel.id,
        guild_id=by.guild.id if isinstance(by, MemberActor) else None,
        user_id=by.id,
        data={"custom_id": custom_id, "component_type": ComponentType.BUTTON},
    )
    record.source_message_id = on.id
    stored = hall.env.backend.get_message(on.channel.id, on.id)
    message = dict(serializers.message_payload(hall.env.backend, stored))
    forged = {"type": 2, "style": 2, "label": "forged", "custom_id": custom_id, "id": 99}
    message["components"] = [
        *message["components"],
        {"type": 1, "id": 98, "components": [forged]},
    ]
    payload["message"] = message
    (result,) = await payload_feed(hall.env, [payload])
    return result


async def elsewhere(
    env: Env, user: UserHandle, command: str, **options: str | int
) -> InteractionResult:
    """Use a command in a server that the bot is no member of, as one who installed it."""
    found = env.backend.find_command(command, None, type=1)
    assert found is not None
    kinds = {str: OptionType.STRING, int: OptionType.INTEGER}
    data = {
        "id": found["id"],
        "name": command,
        "type": 1,
        "options": [
            {"name": name, "type": kinds[type(value)], "value": value}
            for name, value in options.items()
        ],
    }
    return await _feed_elsewhere(env, user, InteractionType.APPLICATION_COMMAND, data, {})


async def press_elsewhere(
    env: Env, user: UserHandle, shown: InteractionResult, label: str
) -> InteractionResult:
    """Press a button on what ``elsewhere`` returned."""
    assert shown.response is not None
    custom_id = next(b.custom_id for b in buttons(shown.response) if b.label == label)
    data = {"custom_id": custom_id, "component_type": ComponentType.BUTTON}
    stored = env.backend.get_message(shown.response.channel_id, shown.response.id)
    message = dict(serializers.message_payload(env.backend, stored))
    return await _feed_elsewhere(
        env, user, InteractionType.MESSAGE_COMPONENT, data, {"message": message}
    )


async def _feed_elsewhere(
    env: Env, user: UserHandle, kind: int, data: Mapping[str, Any], extra: Mapping[str, Any]
) -> InteractionResult:
    record, payload = interactions.base_payload(
        env.backend,
        type=kind,
        channel_id=user.dm_channel.id,
        guild_id=None,
        user_id=user.id,
        data=dict(data),
    )
    if "message" in extra:
        record.source_message_id = int(extra["message"]["id"])
    account = payload.pop("user")
    payload |= extra
    payload |= {
        "context": 0,
        "guild_id": str(ELSEWHERE),
        "guild": {"id": str(ELSEWHERE), "locale": "en-US", "features": []},
        "authorizing_integration_owners": {"1": str(user.id)},
        "app_permissions": "0",
        "member": {
            "user": account,
            "roles": [],
            "joined_at": (START - timedelta(days=9)).isoformat(),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(discord.Permissions.all().value),
        },
    }
    (result,) = await payload_feed(env, [payload])
    return result
