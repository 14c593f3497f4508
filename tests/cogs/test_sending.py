"""Crowds of requests: in turn, side by side, and over when one fails."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.cogs.sending import AT_ONCE, BURST, SHARE, Sending
from bot.ui.limits import REQUESTS_A_SECOND


def test_a_crowd_leaves_room_under_discords_limit():
    assert BURST + REQUESTS_A_SECOND * SHARE < REQUESTS_A_SECOND


async def test_all_are_started_in_order_and_waited_for():
    done = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    async with Sending().crowd() as start:
        for number in range(BURST):
            start(partial(work, number))
        assert done == []
    assert done == list(range(BURST))


async def test_a_slow_answer_holds_up_no_other_until_there_is_no_room(monkeypatch):
    monkeypatch.setattr("bot.cogs.sending.BURST", 10 * AT_ONCE)
    sending, answered = Sending(), asyncio.Event()
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        await answered.wait()

    async with sending.crowd() as start:
        for _ in range(AT_ONCE + 7):
            start(work)
        for _ in range(10):
            await asyncio.sleep(0)
        assert begun == AT_ONCE
        answered.set()
    assert begun == AT_ONCE + 7


async def test_a_failure_ends_the_others_and_is_told():
    ended = []

    async def wait(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("nowhere")

    async def crowd() -> None:
        async with Sending().crowd() as start:
            start(partial(wait, "first"))
            start(fail)
            start(partial(wait, "last"))

    with pytest.raises(LookupError, match="nowhere"):
        await crowd()
    assert ended == ["first", "last"]


async def test_what_fails_inside_ends_the_crowd_too():
    ended = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waiting")

    async def crowd() -> None:
        async with Sending().crowd() as start:
            start(wait)
            await asyncio.sleep(0)
            raise KeyError

    with pytest.raises(KeyError):
        await crowd()
    assert ended == ["waiting"]
