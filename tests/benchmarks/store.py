"""The store with one large server: pages of boards, and answers that are durable.

One server of ``members`` members who gave ``answers`` answers in 90 days: each member at least
one, the rest as groups are, a few give most. Four fifths are answers to daily challenges. Awards
are what a close writes; boards and streaks are then made by the store's own rebuilding.

Recording is measured beside bare sqlite3: the very statements that the writer ran, savepoints
included, with the same values and in groups of the same sizes to a commit, on a copy of the same
file with the same settings. What the store adds to that is the queue, the event loop, and core's
rules.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bot.core.board import MEASURES, Measure
from bot.core.period import PERIODS, Period, span
from bot.core.post import Shown
from bot.store.file import CACHE_KIB
from bot.store.moment import to_text
from bot.store.rows import order_to_text, question_to_text
from bot.store.store import Store
from bot.store.totals import add_functions
from tests.benchmarks.seasons import season_table
from tests.store.samples import GUILD, KEY, NOW, TODAY, question, set_up

DAYS = 90
TOPICS = 12
LOOKS = 150
"""At each board."""
FIRST_MEMBER = 10**17
MANY = 200
ANSWERS = (("daily", 1, 200), ("daily", MANY, 2000), ("quiz", 1, 100), ("quiz", MANY, 1000))
"""Recorded a round: which kind, how many clients give them together, how many answers."""
ROUNDS = 9
"""Of both, in turn; the best of each counts, because other programs only ever take time away."""
CLOSED = 10_000
"""Answers to the challenge whose close is measured."""


def shown(number: int) -> Shown:
    """Return a question of one of the topics, of an ordinary length."""
    asked = question(f"question-{number}")
    object.__setattr__(asked, "topic", f"topic-{number % TOPICS}")
    object.__setattr__(asked, "prompt", "Which service " + "does this and that, " * 6 + "?")
    object.__setattr__(asked, "explanation", "Because " + "it says so, " * 12)
    return Shown(asked, (3, 1, 0, 2))


# ----------------------------------------------------------------------------- filling


def fill(
    path: Path, members: int, answers: int, challenge_id: int, *, guild_id: int = GUILD
) -> None:
    """Write ``answers`` answers of ``members`` members, with their posts and awards."""
    rng = Random(5)
    ids = [FIRST_MEMBER + 7 * number for number in range(members)]
    daily = answers * 4 // 5
    once = list(ids)
    rng.shuffle(once)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for number in range(DAYS):
            post_id = _post(connection, "daily", guild_id, number, challenge_id, None)
            wanted = daily // DAYS
            picked = set(once[number::DAYS][:wanted])
            while len(picked) < wanted:
                picked.add(ids[int(members * rng.random() ** 3)])
            _answers(connection, post_id, number, sorted(picked), rng)
        for number in range(1, 1 + answers - daily // DAYS * DAYS):
            member_id = ids[int(members * rng.random() ** 2)]
            post_id = _post(connection, "quiz", guild_id, number % DAYS, None, member_id, number)
            _answers(connection, post_id, number % DAYS, [member_id], rng)
        connection.execute(
            "UPDATE posts SET closed_at = claimed_at, formula = 2,"
            " revealed_at = CASE kind WHEN 'daily' THEN claimed_at END,"
            " worth = CASE kind WHEN 'daily' THEN 10 + id % 6 ELSE 2 END"
        )
        connection.execute(
            "INSERT INTO awards SELECT answers.id, post_id, guild_id, answers.member_id, kind,"
            " study_date, json_extract(question, '$.topic'), is_correct,"
            " CASE is_correct WHEN 1 THEN 'right' ELSE 'wrong' END, is_correct * worth, 0, 0, 0,"
            " is_correct * worth, 1, 2 FROM answers JOIN posts ON posts.id = post_id"
        )
        connection.execute(
            "INSERT INTO closes SELECT id, worth, 0, 0, 0, 0, 1 FROM posts WHERE kind = 'daily'"
        )
        connection.execute(
            "INSERT INTO members SELECT DISTINCT ?, member_id, 'name ' || member_id, ?"
            " FROM answers",
            (guild_id, to_text(NOW)),
        )
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def _post(
    connection: sqlite3.Connection,
    kind: str,
    guild_id: int,
    day: int,
    challenge_id: int | None,
    member_id: int | None,
    number: int = 0,
) -> int:
    item = shown(day + number)
    is_daily = kind == "daily"
    at = to_text(NOW - timedelta(days=day))
    round_id = None
    if not is_daily:
        round_id = connection.execute(
            "INSERT INTO rounds (member_id, guild_id, study_date, started_at) VALUES (?, ?, ?, ?)",
            (member_id, guild_id, (TODAY - timedelta(days=day)).isoformat(), at),
        ).lastrowid
    made = connection.execute(
        "INSERT INTO posts (kind, guild_id, challenge_id, round_id, member_id, question_id,"
        " question, shown_order, study_date, nonce, channel_id, message_id, posted_at, claimed_at,"
        " closes_at, revealed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            kind,
            guild_id,
            challenge_id,
            round_id,
            member_id,
            item.question.id,
            question_to_text(item.question),
            order_to_text(item),
            (TODAY - timedelta(days=day)).isoformat(),
            f"n{day}" if is_daily else None,
            1 if is_daily else None,
            10 + day if is_daily else None,
            at if is_daily else None,
            at,
            at if is_daily else None,
        ),
    ).lastrowid
    assert made is not None
    return made


def _answers(
    connection: sqlite3.Connection, post_id: int, day: int, ids: Sequence[int], rng: Random
) -> None:
    at = NOW - timedelta(days=day)
    connection.executemany(
        "INSERT INTO answers (post_id, member_id, place, is_correct, answered_at, answered_on)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (post_id, member_id, KEY if right else 0, right, to_text(at), at.date().isoformat())
            for member_id in ids
            for right in (int(rng.random() < 0.5 + (member_id % 1000) / 2500),)
        ],
    )


# ------------------------------------------------------------------------------ reading


async def looks(path: Path, members: int) -> list[str]:
    """Measure pages of every kind of board."""
    async with Store(path) as store:
        return await _looks(store, members)


async def _looks(store: Store, members: int) -> list[str]:
    rng = Random(9)
    lines = [f"{'':34}{'members':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}"]
    everything: list[float] = []
    boards: list[tuple[str, Period, Measure, str | None]] = []
    for measure in MEASURES:
        for period in PERIODS if measure != "streak" else PERIODS[:1]:
            for topic in (None, "topic-3") if measure != "streak" else (None,):
                if measure != "improvement" or period in ("week", "month"):
                    name = f"{measure}, {period}" + (", one topic" if topic else "")
                    boards.append((name, period, measure, topic))
    for own in (False, True):
        lines.append("Each member's own page" if own else "Any page, with the own rank")
        for name, period, measure, topic in boards:
            times, size = await _look(store, rng, members, period, measure, topic, own=own)
            everything += times
            lines.append(f"  {name:32}{size:>9,}{_spread(times)}")
    lines.append(f"{'All of them':34}{'':>9}{_spread(everything)}")
    nothing = [await _timed(store._read(lambda _: None)) for _ in everything]
    lines.append(f"{'Reading nothing, as often':34}{'':>9}{_spread(nothing)}")
    return lines


async def _look(
    store: Store,
    rng: Random,
    members: int,
    period: Period,
    measure: Measure,
    topic: str | None,
    *,
    own: bool,
) -> tuple[list[float], int]:
    times = []
    options = {"span": span(period, TODAY), "measure": measure, "topic": topic}
    pages = (await store.board_page(GUILD, 1, **options)).pages
    for _ in range(LOOKS):
        reader = FIRST_MEMBER + 7 * int(members * rng.random())
        page = None if own else rng.randrange(pages)
        times.append(await _timed(store.board_page(GUILD, reader, page=page, **options)))
    return times, (await store.board_page(GUILD, 1, **options)).size


async def _timed(work: Awaitable[object]) -> float:
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


def _spread(times: Sequence[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{ordered[len(ordered) // 2] * 1e3:9.2f}{p99 * 1e3:9.2f}{ordered[-1] * 1e3:9.2f}"


# ---------------------------------------------------------------------------- recording

Statement = tuple[str, Any]
Job = tuple[int, int, int]
"""Post, member and place of an answer to give."""


SAVEPOINT, RELEASE = "SAVEPOINT job", "RELEASE job"


class Recorder:
    """The writer's connection, remembering each job's statements with their values."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.groups: list[list[list[Statement]]] = []
        """By commit and answer."""

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            self.groups.append([])
        elif sql not in ("COMMIT", RELEASE):
            if sql == SAVEPOINT or not self.groups[-1]:
                self.groups[-1].append([])
            if sql != SAVEPOINT:
                self.groups[-1][-1].append((sql, values))
        return self._connection.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


async def watched(path: Path, rounds: Sequence[Sequence[Job]]) -> list[list[list[Statement]]]:
    """Give all answers and return what was written, by round and answer."""
    async with Store(path) as store:
        writer = store._writer
        assert writer is not None
        recorder = Recorder(writer._connection)
        writer._connection = recorder  # type: ignore[assignment]
        for jobs in rounds:
            await give(store, jobs, MANY)
        writer._connection = recorder._connection
    written = iter(answer for group in recorder.groups for answer in group)
    return [list(islice(written, len(jobs))) for jobs in rounds]


async def give(store: Store, jobs: Sequence[Job], clients: int) -> tuple[float, list[int]]:
    """Let ``clients`` at a time give the answers; return the seconds, and the sizes of commits."""
    writer = store._writer
    assert writer is not None
    sizes: list[int] = []
    real = writer._commit

    def commit(group: list[Any]) -> None:
        sizes.append(len(group))
        real(group)

    writer._commit = commit  # type: ignore[method-assign]
    waiting = iter(jobs)

    async def client() -> None:
        for post_id, member_id, place in waiting:
            await store.record_answer(post_id, member_id=member_id, place=place, at=NOW)

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    taken = time.perf_counter() - start
    writer._commit = real  # type: ignore[method-assign]
    return taken, sizes


async def prepare(path: Path, kind: str, count: int, rounds: int = 1) -> list[list[Job]]:
    """Make what is answered, by round: one challenge each, or a question for each member."""
    async with Store(path) as store:
        return [await _prepare(store, kind, count, number) for number in range(rounds)]


async def _prepare(store: Store, kind: str, count: int, number: int) -> list[Job]:
    if kind == "daily":
        challenge = await store.challenge(GUILD)
        assert challenge is not None
        post = await store.claim_post(
            challenge=challenge,
            study_date=TODAY + timedelta(days=1 + number),
            shown=shown(3),
            nonce=f"bench-{number}",
            now=NOW,
            closes_at=NOW + timedelta(days=1),
        )
        assert post is not None
        return [(post.id, FIRST_MEMBER + 7 * turn, turn % 4) for turn in range(count)]
    begun = await asyncio.gather(
        *(
            store.start_round(
                member_id=FIRST_MEMBER + 7 * turn,
                guild_id=GUILD,
                shown=[shown(1000 + turn)],
                study_date=TODAY,
                now=NOW,
            )
            for turn in range(number * count, number * count + count)
        )
    )
    return [(r.posts[0].id, r.member_id, place % 4) for place, r in enumerate(begun)]


@contextmanager
def bare_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database as the writer does, without the writer."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"cache_size = -{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        add_functions(connection)
        yield connection


def replay(
    connection: sqlite3.Connection,
    statements: Sequence[Sequence[Statement]],
    sizes: Sequence[int],
) -> float:
    """Run answers' statements on bare sqlite3, ``sizes`` to a commit; return the seconds.

    Each answer has its savepoint, but for one that is alone in its commit, as from the writer.
    """
    waiting = iter(statements)
    start = time.perf_counter()
    for size in sizes:
        connection.execute("BEGIN IMMEDIATE")
        for answer in islice(waiting, size):
            if size > 1:
                connection.execute(SAVEPOINT)
            for sql, values in answer:
                connection.execute(sql, values).fetchall()
            if size > 1:
                connection.execute(RELEASE)
        connection.execute("COMMIT")
    return time.perf_counter() - start


def recording(folder: Path, source: Path) -> Iterator[str]:
    """Yield answers of both kinds by one and by many clients, beside bare sqlite3."""
    yield (
        f"{'':22}{'answers':>9}{'a commit':>10}{'statements':>12}"
        f"{'a second':>10}{'bare':>9}{'share':>8}{'median':>8}"
    )
    for kind, clients, count in ANSWERS:
        yield asyncio.run(_recorded(folder, source, kind, clients, count))


async def _recorded(folder: Path, source: Path, kind: str, clients: int, count: int) -> str:
    ours, bare = folder / "ours.db", folder / "bare.db"
    shutil.copy(source, ours)
    rounds = await prepare(ours, kind, count, ROUNDS)
    shutil.copy(ours, bare)
    statements = await watched(bare, rounds)
    shutil.copy(ours, bare)
    os.sync()  # or the copies would be written while the first rounds wait for the disk
    gc.collect()
    gc.freeze()  # what the benchmark holds is no part of either
    taken: list[float] = []
    alone: list[float] = []
    groups: list[int] = []
    async with Store(ours) as store:
        with bare_connection(bare) as connection:
            for jobs, written in zip(rounds, statements, strict=True):
                seconds, sizes = await give(store, jobs, clients)
                taken.append(seconds)
                alone.append(replay(connection, written, sizes))
                groups += sizes
    gc.unfreeze()
    shares = sorted(b / o for b, o in zip(alone, taken, strict=True))
    written_each = sum(map(len, statements[0])) / count + (2 if clients > 1 else 0)
    return (
        f"{kind + f', {clients} at once':22}{count * ROUNDS:>9,}"
        f"{count * ROUNDS / len(groups):>10.1f}{written_each:>12.1f}"
        f"{count / min(taken):>10,.0f}{count / min(alone):>9,.0f}"
        f"{min(alone) / min(taken):>8.0%}{shares[len(shares) // 2]:>8.0%}"
    )


# ------------------------------------------------------------------------------- report


def report(members: int = 100_000, answers: int = 1_000_000) -> Iterator[str]:
    """Yield all tables; the file is made in a temporary folder and goes with it."""
    with TemporaryDirectory(prefix="study-bot-bench-") as name:
        folder = Path(name)
        path = folder / "study.db"
        start = time.perf_counter()
        asyncio.run(_begin(path, members, answers))
        made = time.perf_counter() - start
        rebuilt = asyncio.run(_rebuild(path))
        yield (
            f"One server, {members:,} members, {answers:,} answers in {DAYS} days: "
            f"{path.stat().st_size / 2**20:,.0f} MiB, filled in {made:.0f} s, boards and streaks "
            f"made again from the answers in {rebuilt:.0f} s.\n"
        )
        yield from asyncio.run(looks(path, members))
        yield "\nAnswers, each told after its commit (synchronous = FULL)"
        yield from recording(folder, path)
        yield "\nA close"
        yield from closing_table(folder, path)
        yield "\nA season of four weeks"
        yield from season_table(folder, path, FIRST_MEMBER, members)


async def _begin(path: Path, members: int, answers: int) -> None:
    async with Store(path) as store:
        challenge = await set_up(store)
    await asyncio.to_thread(fill, path, members, answers, challenge.id)


async def _rebuild(path: Path) -> float:
    async with Store(path) as store:
        start = time.perf_counter()
        await store.prepare_boards(NOW)
        return time.perf_counter() - start


def closing_table(folder: Path, source: Path) -> Iterator[str]:
    """Yield how long a close with many answers takes, and how long others wait meanwhile."""
    path = folder / "ours.db"
    shutil.copy(source, path)
    (jobs,) = asyncio.run(prepare(path, "daily", CLOSED))
    taken, waits = asyncio.run(_close(path, jobs))
    yield f"{'':34}{'seconds':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}"
    yield f"{f'{len(jobs):,} answers settled':34}{taken:9.1f}"
    yield f"{'answers elsewhere meanwhile':34}{'':9}{_spread(waits)}"


async def _close(path: Path, jobs: Sequence[Job]) -> tuple[float, list[float]]:
    waits: list[float] = []
    async with Store(path) as store:
        await asyncio.gather(
            *(store.record_answer(p, member_id=m, place=place, at=NOW) for p, m, place in jobs)
        )
        post_id = jobs[0][0]
        await store.record_post(post_id, channel_id=1, message_id=2, at=NOW)
        start = time.perf_counter()
        close = asyncio.create_task(store.close_post(post_id, at=NOW, worth=10))
        while not close.done():
            asked = time.perf_counter()
            await store.record_name(GUILD + 1, 5, "Ada", NOW)
            waits.append(time.perf_counter() - asked)
            await asyncio.sleep(0.01)
        await close
        return time.perf_counter() - start, waits
