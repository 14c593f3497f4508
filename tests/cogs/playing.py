"""Playing a match as its members do, with the clock in the test's hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from simcord import InteractionResult, MemberActor
from simcord.http import FakeHTTPClient

from bot.app import StudyBot
from bot.cogs.match_play import BEAT_SECONDS
from bot.core.match import Match
from bot.core.match_standing import MatchRound
from tests.cogs.acting import advance_to, forge, right, wrong
from tests.conftest import Hall, make_bot
from tests.simworld import buttons, texts


async def current(hall: Hall) -> Match:
    """Return the one match that runs."""
    (match,) = await hall.store.running_matches()
    return match


async def round_now(hall: Hall) -> MatchRound:
    """Return the question that was asked last."""
    return (await hall.store.match_rounds((await current(hall)).id))[-1]


def message(hall: Hall, message_id: int | None) -> discord.Message:
    (found,) = [m for m in hall.messages() if m.id == message_id]
    return found


async def lobby(hall: Hall, host: MemberActor, **options: object) -> discord.Message:
    """Open a match and return its lobby."""
    result = await host.slash(hall.channel, "match start", **options)
    assert "Your match is open" in texts(result.response)
    assert result.ephemeral
    await hall.env.advance_time(1)
    return message(hall, (await current(hall)).lobby_message_id)


async def begun(hall: Hall, *members: MemberActor, **options: object) -> discord.Message:
    """Open a match, let everybody join, start it, and return the first question's message."""
    host, *others = members
    opened = await lobby(hall, host, **options)
    for member in others:
        joined = await member.click(opened, label="Join")
        assert texts(joined.response).startswith("You are in.")
    started = await host.click(opened, label="Start")
    assert texts(started.response) == "It begins."
    return await next_question(hall)


async def next_question(hall: Hall) -> discord.Message:
    """Wait for the next question and return its message."""
    match = await current(hall)
    assert match.phase == "ready"
    await advance_to(hall, match.until + timedelta(seconds=0.5))
    match = await current(hall)
    assert match.phase == "asking"
    return await question_message(hall)


async def question_message(hall: Hall) -> discord.Message:
    return message(hall, (await round_now(hall)).post.message_id)


async def at_second(hall: Hall, seconds: float) -> None:
    """Let the clock of the question come to so many seconds."""
    match = await current(hall)
    moment = match.until - match.settings.time + timedelta(seconds=seconds)
    if moment > hall.env.now():
        await advance_to(hall, moment)
    assert hall.env.now() == moment


async def pick(hall: Hall, member: MemberActor, *, is_right: bool = True) -> InteractionResult:
    """Answer the question that is asked."""
    post = (await round_now(hall)).post
    label = right(post) if is_right else wrong(post)
    return await member.click(await question_message(hall), label=label)


async def late_click(hall: Hall, member: MemberActor, round_: MatchRound) -> InteractionResult:
    """Press the right option of a question whose buttons the member's client still shows."""
    shown = message(hall, round_.post.message_id)
    custom_id = f"match:{round_.post.id}:{round_.post.shown.key}"
    return await forge(hall, custom_id, by=member, on=shown)


async def closed(hall: Hall) -> discord.Message:
    """Wait until the question that is asked is over and its answer shown."""
    post = (await round_now(hall)).post
    for _ in range(400):
        await hall.env.advance_time(0.5)
        found = await hall.store.post(post.id)
        if found.revealed_at is not None:
            return message(hall, found.message_id)
    raise AssertionError("the answer was not shown")


async def finale(hall: Hall) -> discord.Message:
    """Wait for the end of the match and return the finale's message."""
    match = await current(hall)
    for _ in range(200):
        await hall.env.advance_time(1)
        found = await hall.store.match(match.id)
        if found.phase == "over":
            return message(hall, found.finale_message_id)
    raise AssertionError("the match did not end")


async def wait(hall: Hall, span: timedelta) -> None:
    """Let minutes pass in which nobody plays, most of them with a slower beat."""
    clock = hall.bot.get_cog("Matches").play.clock
    end = hall.env.now() + span
    clock.change_interval(seconds=4 * BEAT_SECONDS)
    await advance_to(hall, end - timedelta(seconds=10))
    clock.change_interval(seconds=BEAT_SECONDS)
    await advance_to(hall, end)


async def killed(hall: Hall, outage: timedelta, seed: int = 2) -> StudyBot:
    """Let the bot be gone for a while and start another process on the same database."""
    hall.env.backend.advance_clock(outage.total_seconds())
    bot = make_bot(hall.store, hall.bot.shelf, seed)
    await hall.env.restart_bot(bot)
    await hall.env.advance_time(1)
    return bot


def labels(shown: discord.Message) -> list[str]:
    return [button.label for button in buttons(shown)]


@contextmanager
def watched_edits(hall: Hall) -> Iterator[dict[int, list[datetime]]]:
    """Note when each message is edited."""
    edits: dict[int, list[datetime]] = {}
    real = FakeHTTPClient.request

    async def request(self: Any, route: Any, **kwargs: Any) -> Any:
        if route.method == "PATCH" and "/messages/" in route.url:
            message_id = int(route.url.rsplit("/", 1)[1])
            edits.setdefault(message_id, []).append(hall.env.now())
        return await real(self, route, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeHTTPClient, "request", request)
        yield edits
