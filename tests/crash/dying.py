"""A bot that dies at its n-th step, in one process with the test that watches.

From then on everything that it tries fails, as in a process that is gone; SimCord drains and
replaces it in ``restart_bot``. What a death leaves behind are the writes and requests before it,
so dying after each of those, before anybody learns of it, is dying everywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from simcord.http import FakeHTTPClient, FakeWebhookAdapter

from bot.store.store import Store


class Death:
    """Counts steps; the ``at``-th and all that follow raise. ``at`` None never does."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.steps = 0

    def check(self) -> None:
        """Raise when the time has come.

        Raises:
            asyncio.CancelledError: which no ``except Exception`` catches.
        """
        if self.at is not None and self.steps >= self.at:
            raise asyncio.CancelledError

    def step(self) -> None:
        """Take a step; raise as ``check`` does."""
        self.steps += 1
        self.check()

    async def after(self, work: Awaitable[Any], *, is_change: bool = True) -> Any:
        """Take one step when ``work`` is done, if it changes anything; don't begin it when dead."""
        try:
            self.check()
        except BaseException:
            if asyncio.iscoroutine(work):
                work.close()
            raise
        result = await work
        if is_change:
            self.step()
        return result


class DyingStore:
    """A store whose every call is two steps; reading and writing alike."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self._death = death

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        if not asyncio.iscoroutinefunction(value):
            return value

        async def call(*args: Any, **kwargs: Any) -> Any:
            self._death.step()
            result = await value(*args, **kwargs)
            self._death.step()
            return result

        return call


@contextmanager
def dying(store: Store, death: Death) -> Iterator[None]:
    """Make every write of the store, and every request to Discord that changes it, a step."""
    write = store._write

    def dying_write(work: Any) -> Any:
        death.check()  # before it is handed to the writer
        return death.after(write(work))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_write", dying_write)
        for transport in (FakeHTTPClient, FakeWebhookAdapter):
            real = transport.request

            def request(self: Any, route: Any, *args: Any, real: Any = real, **kwargs: Any) -> Any:
                work = real(self, route, *args, **kwargs)
                return death.after(work, is_change=route.method != "GET")

            patch.setattr(transport, "request", request)
        yield
