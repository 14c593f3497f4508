"""A process that holds the store is killed outright; what it had committed is there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
import simcord

from bot import config
from bot.app import StudyBot
from bot.errors import StoreError
from bot.store.store import Store
from bot.ui.challenge import open_card
from tests.conftest import make_bot

ROOT = Path(__file__).parents[2]


@contextmanager
def killed_at(place: str, database: Path) -> Iterator[str]:
    """Start the poster, wait until it is there, and kill it inside the block; yield its line."""
    command = [sys.executable, "-m", "tests.crash.poster"]
    process = subprocess.Popen(
        [*command, str(database), str(config.DEFAULT_KNOWLEDGE), place],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline().strip()
        assert line.startswith(place), process.stderr.read()
        yield line
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        process.stderr.close()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("place", ["claimed", "sent", "answered"])
async def test_after_a_kill_everything_committed_is_there(tmp_path, place):
    database = tmp_path / "study.db"
    with killed_at(place, database) as line, pytest.raises(StoreError, match="already in use"):
        async with Store(database):
            pass
    async with Store(database) as store:
        (challenge,) = await store.challenges()
        (post,) = await store.open_posts()
        again = await store.claim_post(
            challenge=challenge,
            study_date=date(2026, 1, 1),
            shown=post.shown,
            nonce="another",
            now=post.claimed_at,
            closes_at=post.claimed_at,
        )
        assert again is None  # the day is taken: a second post cannot be made
        assert (post.message_id is None) == (place != "answered")
        if place == "answered":
            assert await store.answer_of(post.id, int(line.split()[1])) is not None
        assert await store.answer_count(post.id) == (place == "answered")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("kind", ["match", "duel"])
async def test_after_a_kill_a_contest_runs_on_with_the_answer_that_was_committed(tmp_path, kind):
    database = tmp_path / "study.db"
    with killed_at(kind, database) as line:
        member_id = int(line.split()[1])
    async with Store(database) as store:
        (contest,) = await store._read(
            lambda connection: connection.execute(
                "SELECT id FROM contests WHERE finished_at IS NULL AND kind = ?", (kind,)
            ).fetchall()
        )
        (answer,) = await store.contest_answers(contest["id"])
        first = (await store.contest_posts(contest["id"]))[0]
        assert (answer.post_id, answer.member_id, answer.place) == (first.id, member_id, 0)
        assert first.closed_at is None
        again = await store.record_answer(
            first.id, member_id=member_id, place=1, at=answer.answered_at
        )
        assert (again.is_new, again.answer) == (False, answer)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_message_that_a_killed_process_sent_is_adopted(tmp_path, shelf):
    """A world built in the same order has the same ids; the message is put back into it.

    The commands have ids too, so they are registered again as in the first world.
    """
    database = tmp_path / "killed.db"
    with killed_at("sent", database):
        pass
    async with (
        Store(database) as store,
        simcord.run(
            StudyBot(
                store=store, shelf=shelf, knowledge_path=config.DEFAULT_KNOWLEDGE, always_sync=True
            )
        ) as env,
    ):
        guild = env.create_guild("Study group", id=1)
        channel = guild.create_text_channel("study-hall")
        await env.settle()
        (post,) = await store.open_posts()
        (challenge,) = await store.challenges()
        assert (challenge.guild_id, challenge.channel_id) == (guild.id, channel.id)
        assert post.message_id is None
        place = env.bot.get_partial_messageable(channel.id, guild_id=guild.id)
        message = await place.send(view=open_card(post, answers=0, domain="Security"))
        await env.restart_bot(make_bot(store, shelf))
        assert (await store.post(post.id)).message_id == message.id
        await env.advance_time(1200)
        assert len(channel.history()) == 1
