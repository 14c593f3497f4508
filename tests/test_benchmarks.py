"""What the benchmarks stand on: a Discord on local sockets that real clients connect to."""

from __future__ import annotations

import json

from tests.benchmarks import payloads
from tests.benchmarks.connecting import connected, standing_in
from tests.benchmarks.interactions import bare
from tests.benchmarks.standin import Window


async def test_interactions_reach_a_real_client_and_its_answers_come_back():
    who = payloads.user(5, "ada")
    async with standing_in(servers=1) as there, connected(bare()) as bot:
        assert [guild.id for guild in bot.guilds] == [payloads.server_id(0)]
        fed = await there.feed([payloads.slash(0, who, "ping")] * 3, 2)
        await bot.get_partial_messageable(payloads.channel_id(0)).send("Hello", nonce="once")
        await bot.get_partial_messageable(payloads.channel_id(0)).send("Hello", nonce="once")
        seen = await there.report()
    assert [json.loads(answer)["data"]["content"] for answer in fed.answers] == ["Pong."] * 3
    assert all(0 < wait <= fed.seconds for wait in fed.waits)
    assert [nonce for _, _, nonce in seen["sent"]] == ["once"]


def test_a_window_takes_so_many_and_begins_anew():
    window = Window(limit=2, seconds=5.0)
    assert [window.take(at) for at in (10.0, 11.0, 14.9)] == [True, True, False]
    assert [window.take(at) for at in (15.0, 15.1, 19.9, 20.0)] == [True, True, False, True]
