"""Helpers over SimCord: read what a person sees, let interactions race, lose a response.

What SimCord keeps private is touched here and nowhere else in the tests; ``test_simworld`` fails
loudly when a release changes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, NamedTuple

import aiohttp
import discord
import pytest
from simcord import Env, InteractionResult, ResponseMessage
from simcord.backend import serializers
from simcord.backend.errors import BackendError
from simcord.http import FakeHTTPClient, FakeWebhookAdapter, RequestContext, router

Message = discord.Message | ResponseMessage
Payload = Mapping[str, Any]
Action = Coroutine[Any, Any, InteractionResult]

NONCE_WINDOW = timedelta(minutes=3)
"""Discord says "the past few minutes"; the shortest reading is the strictest for the bot.

Source: https://docs.discord.com/developers/resources/message#create-message
"""


class ShownButton(NamedTuple):
    """A button as a person meets it; a link has no ``custom_id``."""

    label: str
    custom_id: str | None
    disabled: bool


def texts(message: Message | None) -> str:
    """Return every word of a message, one part a line, from top to bottom.

    Content, embeds, then components: text displays, a section's texts before its accessory, button
    labels in brackets, a select menu's placeholder and options in brackets, alt texts in brackets.

    Raises:
        AssertionError: there is no message.
    """
    assert message is not None, "the bot sent no message"
    parts = [message.content, *(line for embed in message.embeds for line in _embed(embed))]
    parts += [line for component in _components(message) for line in _words(component)]
    return "\n".join(part for part in parts if part)


def modal_texts(modal: Mapping[str, Any] | None) -> str:
    """Return every word of a modal (``InteractionResult.modal``): title, labels, options.

    Raises:
        AssertionError: there is no modal.
    """
    assert modal is not None, "the bot showed no modal"
    lines = [line for component in modal["components"] for line in _words(component)]
    return "\n".join([modal["title"], *lines])


def buttons(message: Message | None) -> list[ShownButton]:
    """Return the buttons of a message in the order in which they are shown.

    Raises:
        AssertionError: there is no message.
    """
    assert message is not None, "the bot sent no message"
    return [
        ShownButton(
            component.get("label") or "",
            component.get("custom_id"),
            bool(component.get("disabled")),
        )
        for root in _components(message)
        for component in _walk(root)
        if component["type"] == discord.ComponentType.button.value
    ]


def _components(message: Message) -> list[dict[str, Any]]:
    if isinstance(message, ResponseMessage):
        return message.components
    return [dict(component.to_dict()) for component in message.components]


def _walk(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield component
    below = [*component.get("components", ())]
    below += [component[key] for key in ("accessory", "component") if key in component]
    for child in below:
        yield from _walk(child)


def _words(root: dict[str, Any]) -> Iterator[str]:
    for component in _walk(root):
        kind = component["type"]
        if kind == discord.ComponentType.button.value:
            yield f"[{component.get('label') or _emoji(component)}]"
        elif kind == discord.ComponentType.text_display.value:
            yield component["content"]
        else:
            yield from filter(None, (component.get("label"), component.get("value")))
            yield from _bracketed(component, "placeholder", "description")
        for option in component.get("options", ()):
            yield from _bracketed(option, "label", "description")
        for item in component.get("items", ()):
            yield from _bracketed(item, "description")


def _bracketed(part: Mapping[str, Any], *keys: str) -> Iterator[str]:
    yield from (f"[{part[key]}]" for key in keys if part.get(key))


def _emoji(component: Mapping[str, Any]) -> str:
    return str((component.get("emoji") or {}).get("name") or "")


def _embed(embed: discord.Embed) -> Iterator[str]:
    yield from filter(None, (embed.author.name, embed.title, embed.description))
    for field in embed.fields:
        yield from filter(None, (field.name, field.value))
    yield from filter(None, (embed.footer.text,))


async def held(env: Env, *actions: Action) -> list[Payload]:
    """Run members' actions up to the moment of sending, and return the payloads instead.

    ``await held(env, alice.click(post, label="A"), ben.click(post, label="B"))``: SimCord checks
    what each may do as if nothing had happened yet, so both may press before either is answered.
    """
    payloads: list[Payload] = []

    def keep(event: str, payload: Payload) -> None:
        assert event == "INTERACTION_CREATE", f"{event} cannot be held"
        payloads.append(payload)

    async def settle_later(**_: Any) -> None:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(env.backend, "emit", keep)
        patch.setattr(env, "_settle_internal", settle_later)
        try:
            for action in actions:
                await action
        finally:
            for action in actions:
                action.close()
    assert len(payloads) == len(actions), "an action sent no interaction"
    return payloads


async def payload_feed(env: Env, payloads: Sequence[Payload]) -> list[InteractionResult]:
    """Feed interactions to the bot without a pause between them, then settle once.

    The bot starts on all of them in order, and they take turns at every request, as over a real
    network: by itself SimCord answers a request without giving anyone else a turn. The same
    payload twice is a gateway event delivered twice. Results are in the order of the payloads.
    """
    with _taking_turns():
        for payload in payloads:
            env.backend.emit("INTERACTION_CREATE", payload)
        await env.settle()
    return [
        InteractionResult(env, env.backend.interactions[int(payload["id"])]) for payload in payloads
    ]


@contextmanager
def _taking_turns() -> Iterator[None]:
    """Let each request give way to other tasks, once on its way there and once on its way back."""
    with pytest.MonkeyPatch.context() as patch:
        for transport in (FakeHTTPClient, FakeWebhookAdapter):
            patch.setattr(transport, "request", _giving_way(transport.request))
        yield


def _giving_way(request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def give_way(*args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0)
        try:
            return await request(*args, **kwargs)
        finally:
            await asyncio.sleep(0)

    return give_way


async def race(env: Env, *actions: Action) -> list[InteractionResult]:
    """Let members act at the same moment: ``held``, then ``payload_feed``."""
    return await payload_feed(env, await held(env, *actions))


@dataclass(frozen=True, slots=True)
class _Refusal:
    """As much of a response as discord.py's exceptions read."""

    status: int
    reason: str


def server_error() -> discord.DiscordServerError:
    """Return what discord.py raises when Discord answered 500 to the last try."""
    response: Any = _Refusal(500, "Internal Server Error")
    return discord.DiscordServerError(response, "500: Internal Server Error")


def disconnected() -> aiohttp.ServerDisconnectedError:
    """Return what aiohttp raises when the connection closed before the response came."""
    return aiohttp.ServerDisconnectedError()


class NonceRoute(AbstractContextManager["NonceRoute"]):
    """Creating messages as Discord does it: a nonce counts once, and a response can be lost.

    Inside the block a message with ``enforce_nonce`` and a nonce which the bot used less than
    ``window`` ago (simulated time) is not created: the first message is returned, in whichever
    channel it is. It holds for one world, and goes on over ``env.restart_bot()``. A first message
    that was deleted is forgotten; what Discord does then is not documented.
    """

    def __init__(self, env: Env, *, window: timedelta = NONCE_WINDOW) -> None:
        self.returned: list[int] = []
        """Ids of messages that were returned again instead of being created, in order."""
        self._env = env
        self._window = window
        self._known: dict[str, tuple[datetime, int, int]] = {}
        self._losses: list[Callable[[], BaseException]] = []

    def lose_response(
        self, error: Callable[[], BaseException] = disconnected, *, times: int = 1
    ) -> None:
        """Let the next ``times`` messages be created, then raise ``error()`` instead of the answer.

        This also happens to a message that is returned again. It waits in line behind earlier ones.
        """
        self._losses += [error] * times

    def __enter__(self) -> NonceRoute:
        self._place, (self._parts, self._real) = _message_route()
        router._ROUTES["POST"][self._place] = (self._parts, self._create)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        router._ROUTES["POST"][self._place] = (self._parts, self._real)
        if kind is None:
            assert not self._losses, f"{len(self._losses)} responses were never lost"

    def _create(self, ctx: RequestContext) -> Any:
        if ctx.backend is not self._env.backend:
            return self._real(ctx)
        body = ctx.body()
        nonce = str(body["nonce"]) if body.get("enforce_nonce") and "nonce" in body else None
        answer = self._first(nonce) if nonce is not None else None
        if answer is None:
            answer = self._real(ctx)
            if nonce is not None:
                place = (int(answer["channel_id"]), int(answer["id"]))
                self._known[nonce] = (self._env.now(), *place)
        if "nonce" in body:
            answer["nonce"] = body["nonce"]
        if self._losses:
            raise self._losses.pop(0)()
        return answer

    def _first(self, nonce: str) -> Any:
        """Return the message that had this nonce within the window, or None."""
        used_at, channel_id, message_id = self._known.get(nonce, (None, 0, 0))
        if used_at is None or self._env.now() - used_at >= self._window:
            return None
        message = self._env.backend.messages[channel_id].get(message_id)
        if message is None:
            return None
        self.returned.append(message_id)
        return dict(serializers.message_payload(self._env.backend, message))


@contextmanager
def one_thread_a_message(env: Env) -> Iterator[None]:
    """Let a message have one thread, as on Discord, which refuses a second with code 160004.

    Nor does Discord write into the channel that a message got a thread; SimCord does.
    """
    backend = env.backend
    real = backend.create_thread

    def create_thread(
        parent_id: int, name: str, owner_id: int, *, message_id: int | None = None, **options: Any
    ) -> Any:
        if message_id is None:
            return real(parent_id, name, owner_id, **options)
        if message_id in backend.channels:
            raise BackendError(400, 160004, "A thread has already been created for this message")
        options["broadcast"] = False
        thread = real(parent_id, name, owner_id, message_id=message_id, **options)
        backend.announce_thread_create(thread)
        return thread

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "create_thread", create_thread)
        yield


def _message_route() -> tuple[int, tuple[list[str], Callable[[RequestContext], Any]]]:
    """Return SimCord's handler for creating a message, with its place in the table."""
    wanted = ["channels", "{channel_id}", "messages"]
    for place, entry in enumerate(router._ROUTES["POST"]):
        if entry[0] == wanted:
            return place, entry
    raise LookupError("SimCord has no route POST /channels/{channel_id}/messages any more")
