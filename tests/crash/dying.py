"""A bot that dies at its n-th step, in one process with the test that watches.

A step is a call of the store or a request to Discord; each can be cut off before it happens and
after it happened, before anybody learns of it. From then on everything the bot tries fails, as in
a process that is gone; SimCord drains and replaces it in ``restart_bot``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
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

    def step(self) -> None:
        """Raise when the time has come.

        Raises:
            asyncio.CancelledError: which no ``except Exception`` catches.
        """
        self.steps += 1
        if self.at is not None and self.steps >= self.at:
            raise asyncio.CancelledError

    async def around(self, work: Any) -> Any:
        try:
            self.step()
        except BaseException:
            work.close()
            raise
        result = await work
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

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._death.around(value(*args, **kwargs))

        return call


@contextmanager
def dying_writes(store: Store, death: Death) -> Iterator[None]:
    """Make every write of the store two steps, and no read: a death there changes nothing."""
    real = store._write
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_write", lambda work: death.around(real(work)))
        yield


@contextmanager
def dying_requests(death: Death) -> Iterator[None]:
    """Make every request to Discord two steps."""
    with pytest.MonkeyPatch.context() as patch:
        for transport in (FakeHTTPClient, FakeWebhookAdapter):
            real = transport.request

            def request(*args: Any, real: Any = real, **kwargs: Any) -> Any:
                return death.around(real(*args, **kwargs))

            patch.setattr(transport, "request", request)
        yield
