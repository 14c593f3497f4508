"""Running for real, as far as that goes without Discord: processes that are signalled."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot import cli, runner
from bot.app import StudyBot
from bot.config import SETTING_NAMES, Settings
from bot.store.store import Store
from tests.content.samples import GOOD

ROOT = Path(__file__).parent.parent
TOKEN = "marked.token.text"


@pytest.fixture(autouse=True)
def put_aside() -> Iterator[None]:
    """Put back what ``runner.opened`` releases: what all tests share is no garbage."""
    yield
    gc.freeze()


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A small knowledge, quick to read: what is in it is not the point here."""
    path = tmp_path / "data-protection.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@contextmanager
def running(how: str, knowledge: Path) -> Iterator[subprocess.Popen[str]]:
    clean = {name: value for name, value in os.environ.items() if name not in SETTING_NAMES}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.running", how],
        cwd=knowledge.parent,
        env={
            **clean,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": TOKEN,
            "STUDY_BOT_KNOWLEDGE": str(knowledge),
            "STUDY_BOT_LOG_LEVEL": "DEBUG",
            "PYTHONWARNINGS": "ignore",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    """Wait for the end; return exit code, lines and errors."""
    out, err = process.communicate(timeout=60)
    assert TOKEN not in out + err
    return process.returncode, out.splitlines(), err


def is_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "ready\n", process.communicate()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_bot_and_then_the_store(knowledge, name):
    with running("wait", knowledge) as process:
        is_ready(process)
        process.send_signal(name)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"])
    assert "Traceback" not in err
    assert "Stopped: bot closed, store closed" in err
    left = {path.name for path in (knowledge.parent / "data").iterdir()}
    assert "study.db" in left
    assert "study.db-wal" not in left  # folded into the file: nothing is lost by copying it


def test_a_second_signal_while_closing_changes_nothing(knowledge):
    with running("wait", knowledge) as process:
        is_ready(process)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"]), err


def test_a_signal_while_it_logs_in_is_no_accident(knowledge):
    with running("slow", knowledge) as process:
        is_ready(process)
        process.send_signal(signal.SIGTERM)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"]), err
    assert "Traceback" not in err


@pytest.fixture
def started(monkeypatch, caplog, capsys, knowledge):
    """Run a command here with a Discord that raises ``error``; return code, lines and errors."""

    def started(command: str, error: Exception) -> tuple[int, list[str], str]:
        async def fail(bot: StudyBot, token: str) -> None:
            assert token == TOKEN
            raise error

        close = Store.close

        async def close_and_tell(store: Store) -> None:
            await close(store)
            print("store closed")  # noqa: T201

        monkeypatch.setattr(StudyBot, {"run": "start", "sync": "login"}[command], fail)
        monkeypatch.setattr(Store, "close", close_and_tell)
        code = cli.main([command])
        out, err = capsys.readouterr()
        err += caplog.text
        assert TOKEN not in out + err
        assert "Traceback" not in err
        return code, out.splitlines(), err

    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(knowledge.parent)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(knowledge))
    caplog.set_level("DEBUG")
    return started


@pytest.mark.parametrize("command", ["run", "sync"])
def test_a_refused_token_is_a_sentence(started, command):
    refused = discord.LoginFailure("Improper token has been passed.")
    code, lines, err = started(command, refused)
    assert (code, lines) == (1, ["store closed"])
    assert "Discord does not accept DISCORD_TOKEN." in err


def test_a_refusal_at_the_start_is_a_sentence(started):
    response: Any = SimpleNamespace(status=403, reason="Forbidden")
    forbidden = discord.Forbidden(response, {"code": 20001, "message": "marked text"})
    code, lines, err = started("run", forbidden)
    assert (code, lines) == (1, ["store closed"])
    assert "Discord refused a request at the start: 403, code 20001." in err
    assert "marked text" not in err


@pytest.mark.parametrize("command", ["run", "sync"])
def test_discord_out_of_reach_is_a_sentence(started, command):
    code, lines, err = started(command, aiohttp.ClientConnectionError("cannot connect to host"))
    assert (code, lines) == (1, ["store closed"])
    assert "Discord cannot be reached just now" in err


def test_a_second_process_on_the_same_database_is_refused_until_the_first_is_gone(knowledge):
    with running("wait", knowledge) as first:
        is_ready(first)
        with running("wait", knowledge) as second:
            code, lines, err = said(second)
        assert (code, lines) == (1, [])
        assert "is already in use by another study bot" in err
        assert "Traceback" not in err
        first.send_signal(signal.SIGKILL)
        first.wait()
    with running("wait", knowledge) as third:
        is_ready(third)
        third.send_signal(signal.SIGTERM)
        assert said(third)[:2] == (0, ["bot closed", "store closed"])


async def test_a_signal_while_the_bot_is_still_opening_is_heeded(monkeypatch, tmp_path):
    started = []

    class Opening:
        async def start(self, token: str) -> None:
            started.append(token)

        async def close(self) -> None:
            started.append("closed")

    @contextlib.asynccontextmanager
    async def opened(settings):
        signal.raise_signal(signal.SIGTERM)
        for _ in range(10):  # the loop hands a signal over within a few turns
            await asyncio.sleep(0)
        yield Opening()

    monkeypatch.setattr(runner, "opened", opened)
    await runner.run(Settings(token="not-a-token", database=tmp_path / "study.db"))
    assert started == []


async def test_the_knowledge_is_not_looked_through_for_garbage(knowledge, tmp_path):
    settings = Settings(knowledge=knowledge, database=tmp_path / "study.db", token=TOKEN)
    gc.unfreeze()
    async with runner.opened(settings) as bot:
        assert gc.get_freeze_count() > 0
        assert not any(bot.shelf.library is looked_at for looked_at in gc.get_objects())
    assert gc.get_freeze_count() == 0
    assert any(bot.shelf.library is looked_at for looked_at in gc.get_objects())
