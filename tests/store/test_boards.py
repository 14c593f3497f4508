from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.board import MEASURES, BoardPage, Score
from bot.core.period import Span, span_of
from bot.core.score import QUIZ_POINTS, QUIZ_POINTS_A_DAY
from bot.errors import UserError
from bot.store.rebuilding import rebuild
from bot.store.store import Store
from tests.store.ledger import Standing, standings
from tests.store.samples import DAY, GUILD, KEY, NOW, TODAY, new_store, open_post, rows, start

ALL_TIME = span_of("all", TODAY)


async def board(store: Store, span: Span = ALL_TIME, reader: int = 1, **options) -> list[Standing]:
    """Read all pages of a board that is kept ready."""
    found: list[Standing] = []
    first: BoardPage | None = None
    for number in range(first.pages if first else 999):
        page = await store.board_page(GUILD, reader, span=span, page=number, **options)
        if number and page.number != number:
            break
        found += [Standing(p.member_id, p.points, p.right, p.answered, p.rank) for p in page.places]
        assert page.size >= len(found)
    assert page.size == len(found)
    return found


def kept(path: Path) -> dict[str, list]:
    """What is kept ready, without what tells when it was made."""
    names = "boards.guild_id, boards.kind, boards.first, boards.topic"
    return {
        "totals": rows(
            path,
            f"SELECT {names}, member_id, points, right, answered, accuracy, gain, is_listed"
            " FROM totals JOIN boards ON boards.id = board_id ORDER BY 1, 2, 3, 4, 5",
        ),
        "counts": rows(
            path,
            f"SELECT {names}, measure, value, members FROM rank_counts"
            " JOIN boards ON boards.id = board_id WHERE members > 0 ORDER BY 1, 2, 3, 4, 5, 6",
        ),
        "streaks": rows(path, "SELECT * FROM streaks ORDER BY guild_id, member_id"),
        "streak counts": rows(
            path, "SELECT * FROM streak_counts WHERE members > 0 ORDER BY guild_id, length"
        ),
        "first answers": rows(path, "SELECT * FROM first_answers ORDER BY 1, 2, 3"),
        "question counts": rows(
            path,
            "SELECT guild_id, question_id, right, answered FROM question_counts"
            " WHERE answered > 0 ORDER BY 1, 2",
        ),
    }


async def assert_rebuilt_equal(store: Store, path: Path, now=NOW) -> None:
    """Throw away what is kept ready and make it again; nothing may differ."""
    grown = kept(path)
    await store._write(lambda connection: rebuild(connection, now))
    assert kept(path) == grown


async def test_a_board_of_nobody(store):
    for measure in MEASURES:
        page = await store.board_page(GUILD, 1, span=ALL_TIME, measure=measure, page=7)
        assert page == BoardPage((), size=0, number=0, own=None, is_listed=True)
        assert page.pages == 1
    assert await standings(store, GUILD) == ()
    assert await store.score(GUILD, 1) == Score()


async def test_ties_share_a_rank_and_the_next_is_skipped(store):
    post = await open_post(store)
    for member_id, place in [(30, KEY), (10, KEY), (20, 0), (40, 1)]:
        await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    extra = (await start(store, 50)).posts[0]
    await store.record_answer(extra.id, member_id=50, place=KEY, at=NOW)
    expected = (
        Standing(10, points=10, right=1, answered=1, rank=1),
        Standing(30, points=10, right=1, answered=1, rank=1),
        Standing(50, points=2, right=1, answered=1, rank=3),
        Standing(20, points=0, right=0, answered=1, rank=4),
        Standing(40, points=0, right=0, answered=1, rank=4),
    )
    assert await board(store) == list(expected)
    assert await standings(store, GUILD) == expected
    assert await standings(store, GUILD + 1) == ()


async def test_an_answer_to_an_open_challenge_moves_nothing(store):
    post = await open_post(store)
    await store.record_answer(post.id, member_id=1, place=KEY, at=NOW)
    assert await board(store) == []
    assert await standings(store, GUILD) == ()
    assert await store.score(GUILD, 1) == Score()
    await store.close_post(post.id, at=NOW, worth=10)
    assert await store.score(GUILD, 1) == Score(daily_right=1, daily_answered=1, daily_points=10)


async def test_a_score_by_kind_and_practice_apart(store):
    post = await open_post(store, name="daily")
    await store.record_answer(post.id, member_id=1, place=0, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    for guild_id, place in [(GUILD, KEY), (None, KEY), (None, 0)]:
        quiz = (await start(store, 1, [f"quiz {guild_id} {place}"], guild_id=guild_id)).posts[0]
        await store.record_answer(quiz.id, member_id=1, place=place, at=NOW)
    score = await store.score(GUILD, 1)
    assert score == Score(daily_answered=1, quiz_right=1, quiz_answered=1, quiz_points=2)
    assert score.points == 2
    assert await store.score(None, 1) == Score(quiz_right=1, quiz_answered=2)
    assert await store.score(GUILD, 1, since=TODAY + DAY) == Score()


# ---------------------------------------------------------- against plain Python

MEMBERS = st.integers(1, 6)
DAYS = st.integers(0, 4)
PLACES = st.integers(0, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), DAYS, MEMBERS, PLACES),
        st.tuples(st.just("close"), DAYS, st.sampled_from([10, 12])),
        st.tuples(st.just("quiz"), DAYS, MEMBERS, PLACES, st.integers(0, 14)),
    ),
    max_size=60,
)


@dataclass
class Oracle:
    """The rules said once more, with lists and loops; five days are too few for a freeze."""

    daily: dict[int, dict[int, int]]
    """Picks by member by day."""
    worth: dict[int, dict[int, int]]
    """Of a right answer, by member by day, once closed."""
    quiz: list[tuple[int, int, int, int, int]]
    """Day, member, question, place, worth."""

    def close(self, day: int, base: int) -> None:
        picks = self.daily[day]
        wrong = sum(place != KEY for place in picks.values())
        hard = int(5 * wrong / len(picks) + 0.5) if len(picks) >= 5 else 0
        self.worth[day] = {}
        for member_id in picks:
            streak = 0
            for other in sorted(self.worth):
                if other <= day:
                    streak = streak + 1 if member_id in self.daily[other] else 0
            self.worth[day][member_id] = base + hard + min(streak - 1, 5)

    def take_quiz(self, day: int, member_id: int, place: int, number: int) -> None:
        own = [row for row in self.quiz if row[:2] == (day, member_id)]
        points = sum(row[4] for row in own if row[3] == KEY)
        asked = any(row[2] == number for row in own)
        worth = 0 if asked or points >= QUIZ_POINTS_A_DAY else QUIZ_POINTS
        self.quiz.append((day, member_id, number, place, worth))

    def board(self, first: int, last: int) -> list[Standing]:
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        rows = [
            (member_id, place, self.worth[day][member_id])
            for day, picks in self.daily.items()
            if day in self.worth and first <= day <= last
            for member_id, place in picks.items()
        ]
        rows += [(row[1], row[3], row[4]) for row in self.quiz if first <= row[0] <= last]
        for member_id, place, worth in rows:
            right = place == KEY
            sums[member_id][0] += worth if right else 0
            sums[member_id][1] += right
            sums[member_id][2] += 1
        points = {member_id: values[0] for member_id, values in sums.items()}
        return [
            Standing(
                member_id, *sums[member_id], 1 + sum(other > mine for other in points.values())
            )
            for mine, member_id in sorted((-value, key) for key, value in points.items())
            for mine in (points[member_id],)
        ]


def day_of(number: int) -> date:
    return TODAY + timedelta(days=number)


async def compare(store: Store, path: Path, steps: list[tuple], first: int, last: int) -> None:
    oracle = Oracle(defaultdict(dict), {}, [])
    posts = [await open_post(store, day_of(day), f"daily {day}") for day in range(5)]
    for kind, day, *rest in steps:
        if kind == "answer":
            member_id, place = rest
            try:
                await store.record_answer(posts[day].id, member_id=member_id, place=place, at=NOW)
            except UserError:
                assert day in oracle.worth
            else:
                oracle.daily[day].setdefault(member_id, place)
        elif kind == "close":
            if await store.close_post(posts[day].id, at=NOW, worth=rest[0]):
                oracle.close(day, rest[0])
        else:
            member_id, place, number = rest
            post = (await start(store, member_id, [f"quiz {number}"], day=day_of(day))).posts[0]
            await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
            oracle.take_quiz(day, member_id, place, number)
    bounds = {"since": day_of(first), "until": day_of(last)}
    expected = oracle.board(first, last)
    assert list(await standings(store, GUILD, **bounds)) == expected
    assert await board(store) == oracle.board(0, 9)
    for day in range(5):
        assert await board(store, span_of("day", day_of(day))) == oracle.board(day, day)
    await assert_rebuilt_equal(store, path)
    for place in expected:
        score = await store.score(GUILD, place.member_id, **bounds)
        assert score.points == place.points
        assert score.daily_right + score.quiz_right == place.right
        assert score.daily_answered + score.quiz_answered == place.answered


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, first=DAYS, last=DAYS)
async def test_boards_agree_with_plain_python(steps, first, last):
    async with new_store() as (store, path):
        await compare(store, path, steps, first, last)
