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

import pytest

from bot import config, runner
from bot.config import SETTING_NAMES, Settings

ROOT = Path(__file__).parent.parent
TOKEN = "marked.token.text"


@contextmanager
def running(how: str, folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    clean = {name: value for name, value in os.environ.items() if name not in SETTING_NAMES}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.running", how, *more],
        cwd=folder,
        env={
            **clean,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": TOKEN,
            "STUDY_BOT_KNOWLEDGE": str(config.DEFAULT_KNOWLEDGE),
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
def test_a_signal_closes_the_bot_and_then_the_store(tmp_path, name):
    with running("wait", tmp_path) as process:
        is_ready(process)
        process.send_signal(name)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"])
    assert "Traceback" not in err
    assert "Stopped: bot closed, store closed" in err
    left = {path.name for path in (tmp_path / "data").iterdir()}
    assert "study.db" in left
    assert "study.db-wal" not in left  # folded into the file: nothing is lost by copying it


def test_a_second_signal_while_closing_changes_nothing(tmp_path):
    with running("wait", tmp_path) as process:
        is_ready(process)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"]), err


def test_a_signal_while_it_logs_in_is_no_accident(tmp_path):
    with running("slow", tmp_path) as process:
        is_ready(process)
        process.send_signal(signal.SIGTERM)
        code, lines, err = said(process)
    assert (code, lines) == (0, ["bot closed", "store closed"]), err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", [(), ("sync",)])
def test_a_refused_token_is_a_sentence(tmp_path, command):
    with running("refuse", tmp_path, *command) as process:
        code, lines, err = said(process)
    assert (code, lines) == (1, ["store closed"])
    assert "Discord does not accept DISCORD_TOKEN." in err
    assert "Traceback" not in err


def test_a_refusal_at_the_start_is_a_sentence(tmp_path):
    with running("forbid", tmp_path) as process:
        code, lines, err = said(process)
    assert (code, lines) == (1, ["store closed"])
    assert "Discord refused a request at the start: 403, code 20001." in err
    assert "Traceback" not in err
    assert "marked text" not in err


@pytest.mark.parametrize("command", [(), ("sync",)])
def test_discord_out_of_reach_is_a_sentence(tmp_path, command):
    with running("offline", tmp_path, *command) as process:
        code, lines, err = said(process)
    assert (code, lines) == (1, ["store closed"])
    assert "Discord cannot be reached just now" in err
    assert "Traceback" not in err


def test_a_second_process_on_the_same_database_is_refused(tmp_path):
    with running("wait", tmp_path) as first:
        is_ready(first)
        with running("wait", tmp_path) as second:
            code, lines, err = said(second)
        assert (code, lines) == (1, [])
        assert "is already in use by another study bot" in err
        assert "Traceback" not in err
        first.send_signal(signal.SIGTERM)
        assert said(first)[0] == 0


def test_after_a_kill_the_next_one_starts(tmp_path):
    with running("wait", tmp_path) as first:
        is_ready(first)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with running("wait", tmp_path) as second:
        is_ready(second)
        second.send_signal(signal.SIGTERM)
        assert said(second)[:2] == (0, ["bot closed", "store closed"])


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


async def test_the_knowledge_is_not_looked_through_for_garbage(tmp_path):
    settings = Settings(database=tmp_path / "study.db", token=TOKEN)
    gc.unfreeze()
    async with runner.opened(settings):
        assert gc.get_freeze_count() > 100_000
    assert gc.get_freeze_count() == 0
