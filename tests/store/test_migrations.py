"""The tables: what they refuse, and that steps once applied stay as they were.

first.sql is what step m001_first made when it was written, with some rows; it stands for the
files that groups have. steps.sql is what each later step made of it. Neither is ever edited, only
added to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

import bot.store.file as file
from bot.core.period import span_of
from bot.core.score import DAILY_POINTS
from bot.core.season import TeamPlace
from bot.errors import StoreError
from bot.store.migrations import MIGRATIONS
from bot.store.store import Store
from tests.store.ledger import standing
from tests.store.samples import (
    GUILD,
    KEY,
    NOW,
    asking,
    duel,
    open_post,
    question,
    rows,
    season,
    set_up,
    start,
    team,
)

FIRST = Path(__file__).with_name("first.sql")
STEPS = Path(__file__).with_name("steps.sql")


def write_first(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))


def schema(path: Path) -> list[tuple[str, str]]:
    return rows(
        path,
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name",
    )


def copy_of_steps() -> Migrations:
    steps = Migrations("study-bot")
    with Database(memory=True) as empty:
        for step in MIGRATIONS.pending(empty):
            steps(name=step.name)(step.fn)
    return steps


async def test_an_empty_file_gets_all_tables(path):
    path.touch()
    async with Store(path) as store:
        assert await store.zone(GUILD) == "UTC"
        assert (await store.versions())["schema"] == "m324_unrated_contests"


def test_the_steps_are_as_they_were_when_they_were_applied(path, tmp_path):
    write_first(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(STEPS.read_text(encoding="utf-8"))
    fresh = tmp_path / "fresh.db"
    with Database(fresh) as database:
        MIGRATIONS.apply(database)
    assert schema(path) == schema(fresh)


@pytest.mark.parametrize("next_step", ["m201_awards", "m101_challenge_settings"])
async def test_a_file_of_main_gets_the_steps_that_it_lacks(path, tmp_path, next_step):
    write_first(path)
    with Database(path) as database:
        MIGRATIONS.apply(database, stop_before=[next_step])
        assert MIGRATIONS.pending(database)[0].name == next_step
    async with Store(path) as store:
        assert await store.answer_count(1) == 3
        assert (await store.award_of(1, 5)).points == DAILY_POINTS
        (challenge,) = await store.challenges_of(GUILD)
        assert (challenge.exam, challenge.is_paused, len(challenge.days)) == (None, False, 7)
        assert await store.doubts(GUILD) == ()
    fresh = tmp_path / "fresh.db"
    with Database(fresh) as database:
        MIGRATIONS.apply(database)
    assert schema(path) == schema(fresh)


async def test_what_was_rated_before_the_mark_is_not_rated_again(path):
    with Database(path) as database:
        MIGRATIONS.apply(database, stop_before=["m324_unrated_contests"])
        database.executescript(f"""
            INSERT INTO servers (guild_id) VALUES ({GUILD});
            INSERT INTO contests (kind, guild_id, study_date, made_at, finished_at)
            SELECT 'match', {GUILD}, '2026-11-24', at, at
            FROM (SELECT '2026-11-24T08:00:00.000000+00:00' AS at), (SELECT 1 UNION ALL SELECT 2);
            INSERT INTO rated (contest_id, guild_id, verdict, counted)
            VALUES (1, {GUILD}, 'alone', 0);
        """)
    async with Store(path) as store:
        assert await store.rate_contests() == 1
        assert await store.rate_contests() == 0
    assert rows(path, "SELECT contest_id FROM rated ORDER BY id") == [(1,), (2,)]


async def test_yesterdays_file_opens_with_all_that_is_in_it(path):
    write_first(path)
    async with Store(path) as store:
        challenge = await store.challenge(GUILD)
        assert (challenge.at.hour, challenge.zone, challenge.topic) == (9, "Europe/Zurich", None)
        post = await store.post(1)
        assert post.shown.question.prompt == "Which service is macie?"
        assert (post.shown.key, post.worth, post.closed_at) == (KEY, DAILY_POINTS, NOW)
        assert await store.tally(1) == (1, 0, 2, 0)
        assert sum((await store.statistics(GUILD, post.shown.question, NOW)).everyone) == 3
        assert (await standing(store, GUILD, 5)).points == DAILY_POINTS
        assert (await store.award_of(1, 5)).points == DAILY_POINTS
        assert (await store.streak(GUILD, 5))[0].length == 1
        assert await store.prepare_boards(NOW)
        page = await store.board_page(GUILD, 5, span=span_of("all", NOW.date()))
        assert (page.size, page.own.points) == (2, DAILY_POINTS)
        assert await store.recent_questions(5, 5) == ("what is macie",)
        assert (await store.missed(GUILD, NOW))[0].text == "capital of france"


async def test_yesterdays_file_is_brought_up_to_date_and_then_refused_by_yesterdays_bot(
    path, monkeypatch
):
    write_first(path)
    tomorrow = copy_of_steps()

    @tomorrow()
    def m999_lessons(db: Database) -> None:
        db.executescript("CREATE TABLE lessons (id INTEGER PRIMARY KEY) STRICT;")

    with monkeypatch.context() as patched:
        patched.setattr(file, "MIGRATIONS", tomorrow)
        with pytest.raises(StoreError, match=r"older study bot\. Start the bot once"):
            await Store.open(path, read_only=True)
        async with Store(path) as store:
            assert (await store.versions())["schema"] == "m999_lessons"
            assert await store.answer_count(1) == 3
    before = schema(path)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer study bot \(it has m999_lessons\)\. Update"):
            await Store.open(path, read_only=read_only)
    assert schema(path) == before


async def test_a_step_that_fails_leaves_yesterdays_file_as_it_was(path, monkeypatch):
    write_first(path)
    async with Store(path):  # earlier steps stay, each is whole by itself
        pass
    before = schema(path)
    broken = copy_of_steps()

    @broken()
    def m999_broken(db: Database) -> None:
        db.executescript("CREATE TABLE lessons (id INTEGER PRIMARY KEY); DROP TABLE absent;")

    with monkeypatch.context() as patched:
        patched.setattr(file, "MIGRATIONS", broken)
        with pytest.raises(StoreError, match="no such table: absent"):
            await Store.open(path)
    assert schema(path) == before
    async with Store(path) as store:  # and the lock was let go
        assert await store.answer_count(1) == 3


async def test_a_start_that_was_cut_off_before_the_first_step_is_gone_on_with(path):
    with closing(sqlite3.connect(path)) as connection:
        MIGRATIONS.ensure_migrations_table(Database(connection))
    async with Store(path) as store:
        assert await store.zone(GUILD) == "UTC"


# ------------------------------------------------------------- what the tables refuse


@pytest.fixture
async def filled(store: Store, path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own to a file with a row in each table."""
    foxes = await team(store, 5, 8, is_open=False)
    post = await open_post(store)
    await store.record_answer(post.id, member_id=5, place=KEY, at=NOW)
    await store.record_answer(post.id, member_id=6, place=KEY, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    await store.forget_member(6, None)
    await start(store, 5)
    await store.record_question(5, "what is macie", None, NOW)
    await store.record_missed(GUILD, "capital of france", NOW)
    await store.record_name(GUILD, 5, "Ada", NOW)
    await store.hide(GUILD, 7, NOW)
    await store.remind(GUILD, 5, NOW)
    await store.claim_reminder(post.id, 5, NOW)
    week = span_of("week", post.study_date)
    await store.claim_honour(GUILD, week, channel_id=1, nonce="n", now=NOW)
    await store.set_meta("key", "value")
    await store.save_draft(await store.challenge(GUILD), NOW)
    ended = await season(store, days=1, role_id=4)
    teams = [TeamPlace(foxes.id, "Foxes", 1, 1000, 1)]
    await store.claim_ceremony(ended, improved=[(5, 100)], teams=teams, nonce="n", now=NOW)
    await duel(store, 5, 6)
    match = await asking(store, 5, 6)
    await store.extend_match(match.extended(NOW), since=NOW, at=NOW)
    await store.report_question(GUILD, question(), member_id=5, reason="x", at=NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def our_tables(connection: sqlite3.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite_%'"
        )
    ]


async def test_no_column_takes_a_value_of_another_type(filled):
    refused = 0
    for table in our_tables(filled):
        columns = filled.execute(f"PRAGMA table_info({table})").fetchall()
        assert filled.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
        for _, column, kind, *_ in columns:
            wrong = b"\x00" if kind == "TEXT" else "no number"
            others = [name for _, name, *_ in columns if name != column]
            values = ", ".join(["?", *others])
            with pytest.raises(sqlite3.IntegrityError, match=r"cannot store|datatype mismatch"):
                filled.execute(
                    f"INSERT INTO {table} ({', '.join([column, *others])})"
                    f" SELECT {values} FROM {table} LIMIT 1",
                    (wrong,),
                )
            refused += 1
    assert refused > 60


async def test_every_table_is_strict(filled):
    listed = filled.execute("PRAGMA table_list").fetchall()
    strict = {row[1]: bool(row[5]) for row in listed}
    assert [name for name in our_tables(filled) if not strict[name]] == []


async def test_no_required_column_takes_null(filled):
    for table in our_tables(filled):
        for _, column, _, required, _, key in filled.execute(f"PRAGMA table_info({table})"):
            if required and not key:
                with pytest.raises(sqlite3.IntegrityError):
                    filled.execute(f"UPDATE {table} SET {column} = NULL")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE answers SET place = 0", "a recorded answer never changes"),
        ("UPDATE answers SET is_correct = 1", "a recorded answer never changes"),
        ("INSERT OR REPLACE INTO answers SELECT * FROM answers", "a closed post takes no answers"),
        ("UPDATE posts SET worth = 99 WHERE id = 1", "worth never changes"),
        ("UPDATE posts SET closed_at = NULL, worth = NULL, formula = NULL WHERE id = 1", "worth"),
        ("UPDATE posts SET question = '{}'", "what a post asks never changes"),
        ("UPDATE posts SET shown_order = '[0]'", "what a post asks never changes"),
        ("UPDATE posts SET study_date = '2026-11-25'", "what a post asks never changes"),
        ("DELETE FROM posts WHERE id = 1", "FOREIGN KEY"),
        ("DELETE FROM challenges", "FOREIGN KEY"),
        ("DELETE FROM servers", "FOREIGN KEY"),
        ("UPDATE posts SET message_id = NULL WHERE id = 1", "CHECK"),
        ("UPDATE posts SET member_id = 5 WHERE id = 1", "CHECK"),
        ("UPDATE posts SET member_id = NULL WHERE kind = 'quiz'", "CHECK"),
        ("UPDATE posts SET closed_at = claimed_at WHERE kind = 'quiz'", "CHECK"),
        ("UPDATE posts SET claimed_at = '2026-11-24 08:00:00'", "CHECK"),
        ("UPDATE posts SET claimed_at = '2026-11-24T08:00:00.000000+01:00'", "CHECK"),
        ("UPDATE rounds SET study_date = '24.11.2026'", "CHECK"),
        ("UPDATE challenges SET at = '9:00'", "CHECK"),
        ("UPDATE challenges SET is_on = 2", "CHECK"),
        ("UPDATE challenges SET trouble = 'x'", "CHECK"),
        ("UPDATE challenges SET days = ''", "CHECK"),
        ("UPDATE challenges SET days = '0'", "CHECK"),
        ("UPDATE challenges SET catch_up_hours = 25", "CHECK"),
        ("UPDATE audit SET event = 'forgotten'", "CHECK"),
        ("INSERT INTO audit SELECT 9, 1, study_date, event, detail, at FROM audit", "UNIQUE"),
        ("UPDATE drafts SET settings = 'x'", "CHECK"),
        ("UPDATE doubts SET state = 'x'", "CHECK"),
        ("DELETE FROM doubts", "FOREIGN KEY"),
        ("INSERT INTO reports SELECT 9, doubt_id, member_id, reason, at FROM reports", "UNIQUE"),
        ("UPDATE former_answers SET count = 0", "CHECK"),
        ("UPDATE seasons SET last = '2026-11-23'", "what was told of a season never changes"),
        ("UPDATE seasons SET closed_at = NULL", "what was told of a season never changes"),
        ("UPDATE season_places SET points = 1", "final standings never change"),
        (
            "INSERT INTO seasons SELECT 9, guild_id, 'x', first, '2027-01-01', 1, NULL, NULL,"
            " set_at, NULL, NULL FROM seasons",
            "one season at a time",
        ),
        ("DELETE FROM seasons", "FOREIGN KEY"),
        (
            "UPDATE posts SET contest_id = NULL WHERE kind = 'duel'",
            "what a post asks never changes",
        ),
        ("UPDATE contests SET is_cancelled = 1", "CHECK"),
        ("UPDATE contestants SET rank = 1 WHERE rank IS NULL", "CHECK"),
        (
            "INSERT INTO contestants (contest_id, member_id, joined_at)"
            " SELECT contest_id, member_id, joined_at FROM contestants",
            "UNIQUE",
        ),
        ("DELETE FROM contests", "FOREIGN KEY"),
        ("UPDATE duels SET ending = NULL", "CHECK"),
        ("UPDATE duels SET challenger_id = opponent_id", "CHECK"),
        ("UPDATE duels SET told = changes + 1", "CHECK"),
        ("UPDATE duels SET deadline = NULL", "CHECK"),
        ("UPDATE duel_times SET shown_at = '2026-11-24T08:00:00.000000+00:00'", "never changes"),
        ("UPDATE rated SET verdict = 'alone'", "CHECK"),
        ("UPDATE rating_steps SET sigma = 0", "CHECK"),
        ("UPDATE matches SET phase = 'over'", "CHECK"),
        ("UPDATE matches SET phase_ends_at = NULL", "CHECK"),
        ("UPDATE matches SET paused_at = alive_at", "CHECK"),
        ("UPDATE matches SET questions = 31", "CHECK"),
        (
            "INSERT INTO matches (contest_id, channel_id, questions, seconds, late_seconds,"
            " has_speed, in_thread, phase, phase_ends_at, alive_at) SELECT 1, channel_id, 1, 5, 0,"
            " 0, 0, 'lobby', alive_at, alive_at FROM matches",
            "UNIQUE",
        ),
        ("UPDATE awards SET points = 99", "what an answer brought never changes"),
        ("UPDATE closes SET hard = 5", "how a closed challenge was answered never changes"),
        (
            "INSERT INTO honours (guild_id, kind, first, channel_id, members, nonce, claimed_at)"
            " SELECT guild_id, kind, first, channel_id, members, 'o', claimed_at FROM honours",
            "UNIQUE",
        ),
        ("UPDATE streaks SET freezes = 3", "CHECK"),
        ("UPDATE teams SET state = 'x'", "CHECK"),
        (
            "INSERT INTO teams SELECT 9, guild_id, 'x', name_key, 1, 0, made_at, state FROM teams",
            "UNIQUE",
        ),
        (
            "INSERT INTO memberships"
            " SELECT 9, guild_id, team_id, member_id, 0, joined_at, NULL, NULL, 0 FROM memberships",
            "UNIQUE",
        ),
        (
            "INSERT INTO memberships SELECT 9, guild_id, team_id, 8, 1, joined_at, NULL, NULL, 0"
            " FROM memberships",
            "UNIQUE",
        ),
        ("UPDATE memberships SET left_at = joined_at", "CHECK"),
        ("UPDATE memberships SET left_at = joined_at, end = 'left'", "CHECK"),
        (
            "UPDATE memberships SET is_captain = 0, left_at = '2020' || substr(joined_at, 5),"
            " end = 'left'",
            "CHECK",
        ),
        ("UPDATE team_totals SET right = answered + 1", "CHECK"),
        ("DELETE FROM teams", "FOREIGN KEY"),
        ("DELETE FROM contestants", "FOREIGN KEY"),
        ("UPDATE matches SET for_teams = 2", "CHECK"),
        ("INSERT INTO rounds SELECT 9, 5, 12345, study_date, started_at FROM rounds", "FOREIGN"),
    ],
)
async def test_the_tables_refuse(filled, statement, reason):
    with pytest.raises(sqlite3.IntegrityError, match=reason):
        filled.execute(statement)


async def test_a_post_on_a_day_that_is_taken_is_refused_by_the_table_too(filled, store):
    await set_up(store)
    columns = (
        "kind, guild_id, challenge_id, question_id, question, shown_order, study_date, closes_at,"
        " claimed_at"
    )
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*challenge_id, posts\.study_date"):
        filled.execute(
            f"INSERT INTO posts ({columns}, nonce) SELECT {columns}, 'other' FROM posts"
            " WHERE kind = 'daily'"
        )
