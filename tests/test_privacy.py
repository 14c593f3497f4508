"""PRIVACY.md says what the code does: what is kept where and how long, what erasure leaves."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.core.honour import PLACES_KEPT
from bot.core.team import REQUEST_LASTS
from bot.store.lookups import MISSED_KEPT, QUESTIONS_KEPT, ROUNDS_KEPT
from bot.store.migrations import MIGRATIONS
from bot.store.purging import SERVERS_KEPT
from bot.store.reminders import CLAIMS_KEPT
from bot.store.store import Store
from tests.store.ledger import standing
from tests.store.samples import GUILD, TODAY, rows
from tests.store.test_members import ALICE, held, live

PRIVACY = (Path(__file__).parent.parent / "PRIVACY.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this heading."""
    lines = PRIVACY.split(f"| {heading} |", 1)[1].splitlines()[2:]
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


ERASURE = table("what | where it is kept")


def tables() -> set[str]:
    with closing(Database(memory=True)) as database:
        MIGRATIONS.apply(database)
        names = set(database.table_names())
    return {name for name in names if not name.startswith(("_", "sqlite_"))}


def said_of(name: str) -> str:
    """Return what the rows about a table say happens when a member deletes themselves."""
    return " ".join(row[2] for row in ERASURE if f"`{name}`" in row[1])


def test_the_table_of_erasure_names_every_table_and_no_other():
    named = {name for row in ERASURE for name in re.findall(r"`(\w+)`", row[1])}
    assert named == tables()
    assert all(len(row) == 4 for row in ERASURE)


async def test_what_is_said_to_be_deleted_is(store, tmp_path):
    path = tmp_path / "study.db"
    await live(store)
    with_member = set(held(path, ALICE))
    before = {name: len(rows(path, f"SELECT 1 FROM {name}")) for name in tables()}
    await store.forget_member(ALICE, None)
    assert held(path, ALICE) == {}
    for name in with_member:
        assert "deleted" in said_of(name) or "former member" in said_of(name), name
    fewer = {name for name in tables() if len(rows(path, f"SELECT 1 FROM {name}")) < before[name]}
    for name in fewer:
        assert "deleted" in said_of(name), name
    assert len(rows(path, "SELECT 1 FROM winners")) == before["winners"]
    assert len(rows(path, "SELECT 1 FROM closes")) == before["closes"]


async def test_what_others_earned_stays(store):
    await live(store)
    told = await standing(store, GUILD, ALICE + 1, since=None, until=TODAY)
    await store.forget_member(ALICE, None)
    kept = await standing(store, GUILD, ALICE + 1, since=None, until=TODAY)
    assert (kept.points, kept.right, kept.answered) == (told.points, told.right, told.answered)


@pytest.mark.parametrize(
    "sentence",
    [
        f"your last {QUESTIONS_KEPT} questions",
        f"{MISSED_KEPT.days} days since it was last asked",
        f"goes {SERVERS_KEPT.days} days after the bot was removed",
        f"unanswered go after {ROUNDS_KEPT.days} days",
        f"for {CLAIMS_KEPT.days} days, that you got one",
        f"first {PLACES_KEPT} places",
        f"a request {REQUEST_LASTS.days} days",
        "`secure_delete`",
        "cryptsetup luksFormat",
    ],
)
def test_spans_and_numbers_are_those_of_the_code(sentence):
    assert sentence in PRIVACY


async def test_the_file_overwrites_what_is_deleted(tmp_path):
    async with Store(tmp_path / "s.db") as store:
        found = await store._write(lambda c: c.execute("PRAGMA secure_delete").fetchone()[0])
    assert found == 1


async def test_both_rights_and_hiding_are_commands(hall):
    for name in re.findall(r"`/(data \w+)`", PRIVACY):
        group, command = name.split()
        assert hall.bot.tree.get_command(group).get_command(command) is not None
