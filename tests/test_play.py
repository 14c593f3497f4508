"""The page and its clock, with a tiny bot; tests/browser drives the real one in Chromium."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord
import pytest
from discord.ext import commands, tasks
from simcord import Env, Preview

from bot.errors import ConfigError
from bot.play import StudyHall, local_zone, make_world, play
from bot.play_clock import LivePage, seed_message, set_clock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Wave(discord.ui.View):
    """One button that makes the bot say hello to all."""

    @discord.ui.button(label="Wave", custom_id="wave")
    async def wave(self, interaction: discord.Interaction[Any], _: object) -> None:
        await interaction.response.send_message("hello, all")


class TinyBot(commands.Bot):
    """Posts a button every minute; ``/count`` answers, ``/break`` raises."""

    def __init__(self) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents(guilds=True))
        self.posted_at: list[datetime] = []

    async def setup_hook(self) -> None:
        @self.tree.command()
        async def count(interaction: discord.Interaction[Any]) -> None:
            """Count the posts."""
            await interaction.response.send_message(f"{len(self.posted_at)} posts", ephemeral=True)

        @self.tree.command(name="break")
        async def break_(interaction: discord.Interaction[Any]) -> None:
            """Raise an error."""
            raise RuntimeError("broken on purpose")

        await self.tree.sync()
        self.post.start()

    @tasks.loop(minutes=1)
    async def post(self) -> None:
        for guild in self.guilds:
            self.posted_at.append(discord.utils.utcnow())
            await guild.text_channels[0].send(f"post {len(self.posted_at)}", view=Wave())

    @post.before_loop
    async def wait_for_the_server(self) -> None:
        await self.wait_until_ready()


class Hands:
    """A member's browser, reduced to what it sends."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        parts = urlsplit(url)
        self._http, self._base = http, f"http://{parts.netloc}"
        self._headers = {"X-Simcord-Capability": parts.fragment}
        self.state: dict[str, Any] = {}
        self._sequence = 0

    async def open(self) -> None:
        async with self._http.post(
            f"{self._base}/api/pages", json={}, headers=self._headers
        ) as response:
            self.state = await response.json()
        self._headers["X-Simcord-Context"] = self.state["context"]["id"]

    async def poll(self) -> None:
        async with self._http.get(f"{self._base}/api/state", headers=self._headers) as response:
            self.state = await response.json()

    async def act(self, kind: str, **extra: Any) -> dict[str, Any]:
        self._sequence += 1
        body = {
            "protocol_version": 3,
            "sequence": self._sequence,
            "request_id": f"r{self._sequence}",
            "generation": self.state["context"]["generation"],
            "bot_generation": self.state["botGeneration"],
            "published_revision": self.state["publishedRevision"],
            "kind": kind,
            **extra,
        }
        async with self._http.post(
            f"{self._base}/api/action", json=body, headers=self._headers
        ) as response:
            receipt: dict[str, Any] = await response.json()
        self._sequence = receipt["expectedSequence"]
        return receipt

    async def run(self, command: str) -> dict[str, Any]:
        async with self._http.get(f"{self._base}/api/commands", headers=self._headers) as response:
            entries = (await response.json())["entries"]
        entry = next(entry for entry in entries if entry["invocation"] == command)
        return await self.act(
            "run_command",
            command_id=entry["commandId"],
            path=entry["path"],
            options={},
            schema_fingerprint=entry["schemaFingerprint"],
        )

    async def click(self, label: str) -> dict[str, Any]:
        newest = self.state["timeline"][-1]
        rows = self.state["messages"][newest]["components"]
        button = next(item for row in rows for item in row["components"] if item["label"] == label)
        return await self.act("click", target_id=newest, control_key=button["control_key"])

    def texts(self) -> list[str]:
        return [self.state["messages"][key]["content"] for key in self.state["timeline"]]


class Scene:
    def __init__(self, bot: TinyBot, env: Env, preview: Preview, page: LivePage, hands: Hands):
        self.bot, self.env, self.preview, self.page, self.hands = bot, env, preview, page, hands
        self.now = NOON


@asynccontextmanager
async def playing(settle_timeout: float = 5.0) -> AsyncIterator[Scene]:
    """Do what ``play`` does, with a clock that the test moves."""
    bot = TinyBot()
    env = Env(bot, check_errors=False, settle_timeout=settle_timeout)
    world = make_world(env)
    set_clock(env, NOON)
    await env.start()
    try:
        async with (
            env.preview(world.channel, viewers=world.members, layout="channel") as preview,
            aiohttp.ClientSession() as http,
        ):
            with LivePage(env, preview, now=lambda: scene.now) as page:
                scene = Scene(bot, env, preview, page, Hands(http, preview.url))
                await scene.hands.open()
                yield scene
    finally:
        await bot.close()
        await env.shutdown()


def test_server_channel_and_members_have_the_same_ids_in_every_run() -> None:
    first, second = make_world(Env(TinyBot())).hall, make_world(Env(TinyBot())).hall
    assert first == second
    assert first == StudyHall(
        guild_id=1456074443980800005,
        channel_id=1456074443980800007,
        owner_id=1456074443980800002,
        member_ids=(1456074443980800002, 1456074443980800003, 1456074443980800004),
    )


def test_the_bot_has_the_same_id_in_every_run() -> None:
    assert {Env(TinyBot()).backend.bot_user.id for _ in range(2)} == {1456074443980800001}


def test_the_clock_moves_to_now_and_never_back() -> None:
    env = Env(TinyBot())
    set_clock(env, NOON)
    assert env.now() == NOON
    set_clock(env, NOON - timedelta(days=1))
    assert env.now() == NOON


def test_a_later_run_makes_new_and_greater_message_ids() -> None:
    ids: list[int] = []
    for now in (NOON, NOON + timedelta(seconds=1)):
        env = Env(TinyBot())
        world = make_world(env)
        set_clock(env, now)
        for text in ("one", "two"):
            seed_message(env, world.channel.id, world.greeter_id, text)
        ids += sorted(env.backend.messages[world.channel.id])
    assert ids == sorted(set(ids))
    assert len(ids) == 4


async def test_a_tick_lets_pass_what_really_passed() -> None:
    async with playing() as scene:
        assert scene.bot.posted_at == [NOON]
        scene.now += timedelta(seconds=59)
        await scene.page.tick()
        assert scene.env.now() == scene.now
        assert len(scene.bot.posted_at) == 1
        scene.now += timedelta(minutes=2)
        await scene.page.tick()
        assert scene.bot.posted_at == [NOON + timedelta(minutes=n) for n in range(3)]


async def test_a_clock_that_goes_back_is_waited_for() -> None:
    async with playing() as scene:
        scene.now -= timedelta(hours=1)
        await scene.page.tick()
        assert scene.env.now() == NOON


async def test_a_post_appears_in_the_page_without_a_click() -> None:
    async with playing() as scene:
        assert scene.hands.texts() == ["post 1"]
        scene.now += timedelta(minutes=1)
        await scene.page.tick()
        await scene.hands.poll()
        assert scene.hands.texts() == ["post 1", "post 2"]


async def test_a_quiet_tick_leaves_the_page_alone() -> None:
    async with playing() as scene:
        await scene.page.tick()
        before = dict(scene.hands.state)
        scene.now += timedelta(seconds=1)
        await scene.page.tick()
        await scene.hands.poll()
        assert scene.hands.state["publishedRevision"] == before["publishedRevision"]


async def test_a_click_on_a_page_that_a_tick_has_just_renewed_counts() -> None:
    async with playing() as scene:
        scene.now += timedelta(minutes=1)
        await scene.page.tick()
        receipt = await scene.hands.run("count")
        assert not receipt["rejected"]
        assert receipt["settlement"] == "settled"


async def test_simcord_alone_would_refuse_that_click() -> None:
    async with playing() as scene:
        scene.page.__exit__()
        await scene.preview.refresh()
        receipt = await scene.hands.run("count")
        assert [item["code"] for item in receipt["diagnostics"]] == ["stale-revision"]
        scene.page.__enter__()


async def test_clicks_and_ticks_at_once_take_turns() -> None:
    async with playing() as scene:
        scene.now += timedelta(minutes=1)
        receipt, *_ = await asyncio.gather(
            scene.hands.run("count"), *(scene.page.tick() for _ in range(5))
        )
        assert receipt["settlement"] == "settled"
        assert len(scene.bot.posted_at) == 2


async def test_two_tabs_at_once_take_turns_and_see_each_other() -> None:
    async with playing() as scene, aiohttp.ClientSession() as http:
        other = Hands(http, scene.preview.url)
        await other.open()
        receipts = await asyncio.gather(scene.hands.click("Wave"), other.run("count"))
        assert [receipt["settlement"] for receipt in receipts] == ["settled", "settled"]
        await scene.page.tick()
        await other.poll()
        assert "hello, all" in other.texts()


async def test_what_one_tab_does_the_next_tick_shows_in_the_other() -> None:
    async with playing() as scene, aiohttp.ClientSession() as http:
        other = Hands(http, scene.preview.url)
        await other.open()
        await scene.hands.click("Wave")
        await scene.page.tick()
        await other.poll()
        assert other.texts() == ["post 1", "hello, all"]


async def test_the_page_counts_relative_times_from_the_last_tick() -> None:
    async with playing() as scene:
        scene.now += timedelta(seconds=30)
        await scene.page.tick()
        await scene.hands.run("count")
        await scene.hands.poll()
        assert scene.hands.state["profile"]["presentationTime"] == scene.now.isoformat()


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.name
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.exc_info
    ]


async def test_an_error_that_discord_py_logs_is_not_logged_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with playing() as scene:
        receipt = await scene.hands.run("break")
        assert receipt["settlement"] == "failed"
        await scene.page.tick()
        assert _errors(caplog) == ["discord.app_commands.tree"]


async def test_an_error_that_nobody_logs_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with playing() as scene:

        async def fail() -> None:
            raise RuntimeError("lost without the page")

        @scene.bot.listen()
        async def on_app_command_completion(*_: object) -> None:
            scene.bot.failing = asyncio.create_task(fail())  # type: ignore[attr-defined]

        await scene.hands.run("count")
        await scene.page.tick()
        assert _errors(caplog) == ["bot.play_clock"]


async def test_a_bot_that_does_not_rest_is_complained_about_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with playing(settle_timeout=0.2) as scene:
        release = asyncio.Event()

        @scene.bot.listen()
        async def on_app_command_completion(*_: object) -> None:
            await release.wait()

        await scene.hands.run("count")
        for _ in range(2):
            scene.now += timedelta(seconds=1)
            await scene.page.tick()
        warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
        assert [record.name for record in warnings] == ["bot.play_clock"]
        release.set()
        scene.now += timedelta(minutes=1)
        await scene.page.tick()
        assert scene.env.now() == scene.now


class Played:
    """A run of ``play`` in a task."""

    def __init__(self, **options: Any) -> None:
        self.bot = TinyBot()
        self.lines: list[str] = []
        self.halls: list[StudyHall] = []
        self._is_up = asyncio.Event()
        self.task = asyncio.create_task(
            play(
                self.bot,
                open_browser=False,
                say=self._say,
                prepare=self._prepare,
                **{"port": 0, **options},
            )
        )

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self._is_up.set()

    async def _prepare(self, hall: StudyHall) -> None:
        assert not self.bot.is_ready()
        self.halls.append(hall)

    async def url(self) -> str:
        await asyncio.wait(
            (self.task, asyncio.create_task(self._is_up.wait())),
            return_when=asyncio.FIRST_COMPLETED,
        )
        return next(word for word in self.lines[0].split() if word.startswith("http"))


async def test_play_prints_one_address_and_ends_with_the_session() -> None:
    played = Played()
    url = await played.url()
    assert url.startswith("http://127.0.0.1:")
    async with aiohttp.ClientSession() as http:
        hands = Hands(http, url)
        await hands.open()
        assert hands.texts()[0].startswith("**Welcome to the study hall.**")
        assert [viewer["name"] for viewer in hands.state["viewers"]] == ["Ana", "Ben", "Chi"]
        assert not (await hands.act("close"))["rejected"]
    await played.task
    assert played.bot.is_closed()
    assert len(played.lines) == 1
    assert [hall.channel_id for hall in played.halls] == [1456074443980800007]


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_play_cleanly(name: signal.Signals) -> None:
    before = signal.getsignal(name)
    played = Played()
    await played.url()
    assert signal.getsignal(name) not in (before, signal.SIG_DFL)
    signal.raise_signal(name)
    await played.task
    assert played.bot.is_closed()
    assert signal.getsignal(name) == before


async def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        played = Played(port=port)
        with pytest.raises(ConfigError, match=f"^Port {port} is taken. Choose another with --port"):
            await played.task
    assert played.bot.is_closed()


def _zone(monkeypatch: pytest.MonkeyPatch, folder: Path, target: str, variable: str | None) -> str:
    if variable is None:
        monkeypatch.delenv("TZ", raising=False)
    else:
        monkeypatch.setenv("TZ", variable)
    link = folder / "localtime"
    link.symlink_to(target)
    return local_zone(link)


@pytest.mark.parametrize(
    ("target", "variable", "zone"),
    [
        ("/usr/share/zoneinfo/Europe/Warsaw", None, "Europe/Warsaw"),
        ("/usr/share/zoneinfo/Europe/Warsaw", "Asia/Tokyo", "Asia/Tokyo"),
        ("/usr/share/zoneinfo/Europe/Warsaw", "CET-1CEST", "Europe/Warsaw"),
        ("/etc/hostname", None, "UTC"),
        ("/usr/share/zoneinfo/No/Such/Zone", "../etc/passwd", "UTC"),
    ],
)
def test_the_zone_is_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, target: str, variable: str | None, zone: str
) -> None:
    assert _zone(monkeypatch, tmp_path, target, variable) == zone
