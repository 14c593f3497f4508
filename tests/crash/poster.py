"""Posts in a simulated Discord and stays at one step for ever, to be killed there.

``python -m tests.crash.poster DATABASE KNOWLEDGE PLACE``; prints a line when it is there. PLACE is
``claimed`` (before the message), ``sent`` (after the message, before its id is recorded) or
``answered`` (after the answer, before the member is told); at ``match`` and ``duel`` the answer is
to one of their questions.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import discord
import simcord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, ResponseMessage
from simcord.http import FakeHTTPClient, FakeWebhookAdapter

from bot.app import StudyBot
from bot.content.shelf import Shelf
from bot.store.store import Store


def stay(place: str) -> NoReturn:
    """Hold the whole process, as if it had been cut off here."""
    sys.stdout.write(f"{place}\n")
    sys.stdout.flush()
    threading.Event().wait()
    raise AssertionError("nobody sets the event")


async def question_of_a_match(
    env: Env, channel: ChannelHandle, host: MemberActor
) -> discord.Message:
    await host.slash(channel, "match start", questions=1)
    await env.advance_time(1)
    await host.click(newest(channel), label="Start")
    await env.advance_time(10)
    return newest(channel)


async def question_of_a_duel(
    env: Env, guild: GuildHandle, channel: ChannelHandle, challenger: MemberActor
) -> ResponseMessage:
    opponent = guild.add_member(env.create_user("alice"))
    await env.settle()
    await challenger.slash(channel, "duel challenge", member=opponent)
    await opponent.click(newest(channel), label="Accept")
    question = (await challenger.click(newest(channel), label="Play")).response
    assert question is not None
    return question


def newest(channel: ChannelHandle) -> discord.Message:
    return max(channel.history(), key=lambda message: message.id)


async def main(database: Path, knowledge: Path, place: str) -> None:
    async with Store(database) as store:
        bot = StudyBot(store=store, shelf=Shelf.read(knowledge), knowledge_path=knowledge)
        async with simcord.run(bot, strict_sync=False) as env:
            guild = env.create_guild("Study group", id=1)
            channel = guild.create_text_channel("study-hall")
            role = guild.create_role("M", permissions=discord.Permissions(manage_guild=True))
            manager = guild.add_member(env.create_user("mara"), roles=[role])
            await env.settle()

            async def tell(*args: Any, **kwargs: Any) -> Any:
                stay(f"{place} {manager.id}")

            if place in ("match", "duel"):
                question = (
                    await question_of_a_match(env, channel, manager)
                    if place == "match"
                    else await question_of_a_duel(env, guild, channel, manager)
                )
                FakeWebhookAdapter.request = tell  # type: ignore[method-assign]
                await manager.click(question, label="A")
            proposed = await manager.slash(
                channel, "daily setup", channel=channel, time="09:00", timezone="UTC"
            )
            assert proposed.response is not None
            await manager.click(proposed.response, label="Save")

            async def send(self: Any, route: Any, **kwargs: Any) -> Any:
                if route.method == "POST" and place == "claimed":
                    stay(place)
                answer = await real_send(self, route, **kwargs)
                if route.method == "POST" and place == "sent":
                    stay(f"{place} {answer['id']}")
                return answer

            real_send = FakeHTTPClient.request
            FakeHTTPClient.request = send  # type: ignore[method-assign]
            await manager.slash(channel, "daily now")
            FakeWebhookAdapter.request = tell  # type: ignore[method-assign]
            await manager.click(next(iter(channel.history())), label="A")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
