"""A stand-in for Discord in a process of its own: gateway, HTTP and rate limits on local sockets.

``python -m tests.benchmarks.standin '{"servers": 500, "latency": 0.1, "is_limited": true}'``
prints its port and runs until its standard input is closed. A real discord.py client connects to
it (tests/benchmarks/connecting.py); what a benchmark asks of it goes to ``/control/...``.

Limits, where wanted, are those that Discord names: 50 requests a second for a bot as a whole,
interactions excepted, and 5 messages in 5 seconds a channel; above them 429 with Retry-After.
``latency`` is the seconds that every request takes.

Source: https://docs.discord.com/developers/topics/rate-limits
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
from aiohttp import WSMsgType, web

from tests.benchmarks import payloads

GLOBAL_LIMIT, GLOBAL_SECONDS = 50, 1.0
CHANNEL_LIMIT, CHANNEL_SECONDS = 5, 5.0
ANSWERED_WITHIN = 60.0
"""Seconds after which an interaction without an answer ends the feeding."""


@dataclass
class Window:
    """Requests that count together until it ends."""

    limit: int
    seconds: float
    used: int = 0
    ends_at: float = 0.0

    def take(self, now: float) -> bool:
        """Count a request; False when it is one too many."""
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + self.seconds
        if self.used >= self.limit:
            return False
        self.used += 1
        return True


class StandIn:
    """One Discord for one bot."""

    def __init__(self, servers: int, latency: float, *, is_limited: bool) -> None:
        self.servers = servers
        self.latency = latency
        self.is_limited = is_limited
        self.everything = Window(GLOBAL_LIMIT, GLOBAL_SECONDS)
        self.channels: dict[int, Window] = {}
        self.refused: Counter[str] = Counter()
        """Answers of 429, by what was exceeded."""
        self.requests: Counter[str] = Counter()
        self.sent: list[tuple[float, int, str]] = []
        """Messages that were made: time, channel, nonce."""
        self.edited: list[tuple[float, int]] = []
        """Edits of messages: time, message."""
        self.by_nonce: dict[str, payloads.Payload] = {}
        self.by_channel: dict[int, list[payloads.Payload]] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.waiting: dict[str, tuple[float, asyncio.Future[tuple[float, str]]]] = {}
        """Interactions without an answer, by token: when they were sent, and who waits."""
        self._ids = itertools.count(1)

    def new_id(self) -> int:
        """Return a snowflake of this moment."""
        return discord.utils.time_snowflake(datetime.now(UTC)) + next(self._ids) % 2**22

    def app(self) -> web.Application:
        """Return everything that can be requested."""
        app = web.Application(client_max_size=2**28)
        api = "/api/v10"
        in_channel = f"{api}/channels/{{channel_id}}/messages"
        app.add_routes([
            web.get("/gateway/", self.gateway),
            web.get(f"{api}/users/@me", self.limited(self.me)),
            web.get(f"{api}/oauth2/applications/@me", self.limited(self.application)),
            web.put(f"{api}/applications/{{id}}/commands", self.limited(self.commands)),
            web.post(in_channel, self.limited(self.send)),
            web.get(in_channel, self.limited(self.history)),
            web.patch(f"{in_channel}/{{message_id}}", self.limited(self.edit)),
            web.post(f"{in_channel}/{{message_id}}/threads", self.limited(self.thread)),
            web.get(f"{api}/guilds/{{id}}/members/{{user_id}}", self.limited(self.member)),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self.callback),
            web.post("/control/feed", self.feed),
            web.get("/control/report", self.report),
            web.post("/control/reset", self.reset),
        ])  # fmt: skip
        return app

    # ------------------------------------------------------------------------- limits

    def limited(self, handler: Any) -> Any:
        """Refuse what is too much, and let everything take its time."""

        async def limit(request: web.Request) -> web.StreamResponse:
            self.requests[f"{request.method} {handler.__name__}"] += 1
            now = time.monotonic()
            headers: dict[str, str] = {}
            refusal: web.Response | None = None
            if self.is_limited:
                if not self.everything.take(now):
                    refusal = self._refuse("global", self.everything.ends_at - now)
                elif handler == self.send:
                    where = int(request.match_info["channel_id"])
                    window = self.channels.setdefault(where, Window(CHANNEL_LIMIT, CHANNEL_SECONDS))
                    is_free = window.take(now)
                    left = window.ends_at - now
                    headers = {
                        "X-RateLimit-Limit": str(window.limit),
                        "X-RateLimit-Remaining": str(window.limit - window.used),
                        "X-RateLimit-Reset": f"{time.time() + left:.3f}",
                        "X-RateLimit-Reset-After": f"{left:.3f}",
                        "X-RateLimit-Bucket": "messages",
                    }
                    if not is_free:
                        refusal = self._refuse("channel", left)
            await asyncio.sleep(self.latency)
            answer: web.StreamResponse = refusal or await handler(request)
            answer.headers.update(headers)
            return answer

        return limit

    def _refuse(self, what: str, seconds: float) -> web.Response:
        self.refused[what] += 1
        is_global = what == "global"
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(seconds, 3),
            "global": is_global,
        }
        headers = {"Retry-After": str(int(seconds) + 1), "Via": "1.1 google"}
        if is_global:
            headers["X-RateLimit-Global"] = "true"
        return _json(body, status=429, headers=headers)

    # --------------------------------------------------------------------------- HTTP

    async def me(self, _: web.Request) -> web.Response:
        return _json(payloads.ME)

    async def application(self, _: web.Request) -> web.Response:
        return _json({
            "id": str(payloads.BOT_ID),
            "name": "bench",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": payloads.user(payloads.OWNER_ID, "owner"),
            "verify_key": "",
            "flags": 0,
        })  # fmt: skip

    async def commands(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        known = {"application_id": str(payloads.BOT_ID), "version": "1", "description": ""}
        return _json([{**known, **command, "id": str(self.new_id())} for command in wanted])

    async def send(self, request: web.Request) -> web.Response:
        body = await request.json()
        nonce = str(body.get("nonce") or "")
        known = self.by_nonce.get(nonce) if nonce and body.get("enforce_nonce") else None
        if known is not None:
            return _json(known)
        where = int(request.match_info["channel_id"])
        made = payloads.message(self.new_id(), where, body, datetime.now(UTC).isoformat())
        self.sent.append((time.time(), where, nonce))
        self.by_channel.setdefault(where, []).append(made)
        if nonce:
            self.by_nonce[nonce] = made
        return _json(made)

    async def history(self, request: web.Request) -> web.Response:
        found = self.by_channel.get(int(request.match_info["channel_id"]), [])
        return _json(found[::-1])

    async def edit(self, request: web.Request) -> web.Response:
        body = await request.json()
        where, which = (int(request.match_info[key]) for key in ("channel_id", "message_id"))
        self.edited.append((time.time(), which))
        return _json(payloads.message(which, where, body, datetime.now(UTC).isoformat()))

    async def thread(self, request: web.Request) -> web.Response:
        body = await request.json()
        where, which = (int(request.match_info[key]) for key in ("channel_id", "message_id"))
        return _json({
            "id": str(which),
            "guild_id": str(where - 1),
            "parent_id": str(where),
            "owner_id": str(payloads.BOT_ID),
            "type": 11,
            "name": body["name"],
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": datetime.now(UTC).isoformat(),
                "locked": False,
            },
        })  # fmt: skip

    async def member(self, request: web.Request) -> web.Response:
        who = int(request.match_info["user_id"])
        return _json(payloads.member(payloads.user(who, f"member {who}")))

    # ------------------------------------------------------------------------ gateway

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                break
            op = json.loads(received.data)["op"]
            if op == 1:
                await socket.send_json({"op": 11})
            elif op == 2:
                await self._welcome(socket, str(request.url.with_scheme("ws").with_query({})))
                self.sockets.append(socket)
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def _welcome(self, socket: web.WebSocketResponse, address: str) -> None:
        numbers = range(self.servers)
        ready = {
            "v": 10,
            "user": payloads.ME,
            "session_id": "bench",
            "resume_gateway_url": address,
            "application": {"id": str(payloads.BOT_ID), "flags": 0},
            "guilds": [{"id": str(payloads.server_id(n)), "unavailable": True} for n in numbers],
        }
        await socket.send_str(_event("READY", json.dumps(ready)))
        for number in numbers:
            await socket.send_str(_event("GUILD_CREATE", json.dumps(payloads.server(number))))

    # ------------------------------------------------------------------- interactions

    async def callback(self, request: web.Request) -> web.Response:
        """Take the answer to an interaction; from here on the member sees it."""
        body = await request.text()
        arrived = time.perf_counter()
        token = request.match_info["token"]
        sent, future = self.waiting.pop(token)
        future.set_result((arrived - sent, body))
        await asyncio.sleep(self.latency)
        answer = json.loads(body)
        made = payloads.message(
            self.new_id(),
            payloads.channel_id(0),
            answer.get("data") or {},
            datetime.now(UTC).isoformat(),
        )
        return _json({
            "interaction": {
                "id": request.match_info["id"],
                "type": 2,
                "response_message_id": made["id"],
            },
            "resource": {"type": answer["type"], "message": made},
        })  # fmt: skip

    async def feed(self, request: web.Request) -> web.Response:
        """Send interactions, ``at_once`` of them waiting for an answer at any time.

        Returns for each the seconds from sending to the arrival of the answer, and that answer.
        """
        wanted = await request.json()
        (socket,) = self.sockets
        ready = []
        for payload in wanted["payloads"]:
            number = self.new_id()
            token = f"token-{number}"
            text = json.dumps({**payload, "id": str(number), "token": token})
            ready.append((token, _event("INTERACTION_CREATE", text)))
        answers: list[tuple[float, str]] = []
        coming = iter(ready)
        loop = asyncio.get_running_loop()

        async def member() -> None:
            for token, text in coming:
                future: asyncio.Future[tuple[float, str]] = loop.create_future()
                self.waiting[token] = (time.perf_counter(), future)
                await socket.send_str(text)
                answers.append(await asyncio.wait_for(future, ANSWERED_WITHIN))

        start = time.perf_counter()
        await asyncio.gather(*(member() for _ in range(wanted["at_once"])))
        return _json({"seconds": time.perf_counter() - start, "answers": answers})

    # ------------------------------------------------------------------------ control

    async def report(self, _: web.Request) -> web.Response:
        return _json({
            "sent": self.sent,
            "edited": self.edited,
            "refused": self.refused,
            "requests": self.requests,
            "messages": self.by_channel,
        })  # fmt: skip

    async def reset(self, _: web.Request) -> web.Response:
        self.refused.clear()
        self.requests.clear()
        self.sent.clear()
        self.edited.clear()
        self.by_nonce.clear()
        self.by_channel.clear()
        return web.Response()


def _json(
    value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer as Discord does: discord.py takes no other content type than this one for JSON."""
    known = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(value).encode(), status=status, headers=known)


_numbers = itertools.count(1)


def _event(name: str, data: str) -> str:
    return f'{{"op": 0, "s": {next(_numbers)}, "t": "{name}", "d": {data}}}'


async def serve(options: dict[str, Any]) -> None:
    """Run until the standard input ends, so that nothing is left when the benchmark is gone."""
    logging.disable()  # a client may hang up at any time
    runner = web.AppRunner(StandIn(**options).app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])))
