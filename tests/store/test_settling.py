"""What a close brings: awards, in portions, over a crash, and over closes in any order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.period import span_of
from bot.core.score import FORMULA_VERSION, QUIZ_POINTS
from bot.core.streak import Streak
from bot.store import settling
from bot.store.rebuilding import rebuild
from bot.store.store import Store
from tests.store.ledger import standings
from tests.store.samples import (
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    claim,
    new_store,
    open_post,
    rows,
    set_up,
    start,
)
from tests.store.test_boards import ALL_TIME, assert_rebuilt_equal, board, kept

WRONG = 0


async def closed(store: Store, day, answers: dict[int, int], worth: int = 10, name: str = ""):
    """Post, take answers by member, close."""
    post = await open_post(store, day, name or f"of {day}")
    for member_id, place in answers.items():
        await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    await store.close_post(post.id, at=NOW, worth=worth)
    return post


async def awards(path, post_id=None):
    return rows(
        path,
        "SELECT member_id, reason, base, hard, streak, paid, points, days, formula FROM awards"
        " WHERE ?1 IS NULL OR post_id = ?1 ORDER BY answer_id",
        post_id,
    )


async def test_a_hard_question_brings_more_and_a_streak_too(store, path):
    await closed(store, TODAY - DAY, {1: WRONG})
    post = await closed(store, TODAY, {1: KEY, 2: KEY, 3: WRONG, 4: WRONG, 5: WRONG})
    assert await awards(path, post.id) == [
        (1, "right", 10, 3, 1, 0, 14, 2, FORMULA_VERSION),
        (2, "right", 10, 3, 0, 0, 13, 1, FORMULA_VERSION),
        *((member, "wrong", 0, 0, 0, 0, 0, 1, FORMULA_VERSION) for member in (3, 4, 5)),
    ]
    assert (await store.post(post.id)).worth == 13
    assert (await store.score(GUILD, 1)).daily_points == 14
    await assert_rebuilt_equal(store, path)


async def test_what_was_told_stays_when_others_are_forgotten(store, path):
    post = await closed(store, TODAY, {1: KEY, 2: KEY, 3: WRONG, 4: WRONG, 5: WRONG})
    told = (await awards(path, post.id))[0]
    for member_id in (2, 3, 4, 5):
        await store.forget_member(member_id, None)
    assert await awards(path, post.id) == [told]
    ((day,), total) = await store.score_days(GUILD, 1, limit=5, offset=0)
    assert (total, day.points, day.challenges[0].right, day.challenges[0].answers) == (1, 13, 2, 5)


async def test_a_question_that_was_withdrawn_is_worth_nothing_and_keeps_the_streak(store, path):
    post = await closed(store, TODAY, {1: KEY, 2: WRONG, 3: WRONG, 4: WRONG, 5: WRONG}, worth=0)
    assert (await awards(path, post.id))[0][1:8] == ("void", 0, 0, 0, 0, 0, 1)
    assert (await store.streak(GUILD, 1))[0].length == 1


async def test_a_question_pays_once_a_day(store, path):
    quiz = (await start(store, 1, ["macie"])).posts[0]
    await store.record_answer(quiz.id, member_id=1, place=KEY, at=NOW)
    post = await closed(store, TODAY, {1: KEY, 2: KEY}, name="macie")
    assert await awards(path, post.id) == [
        (1, "right", 10, 0, 0, QUIZ_POINTS, 8, 1, FORMULA_VERSION),
        (2, "right", 10, 0, 0, 0, 10, 1, FORMULA_VERSION),
    ]
    assert (await store.score(GUILD, 1)).points == 10


async def test_portions_make_the_same_as_one_go(store, path, monkeypatch):
    monkeypatch.setattr(settling, "PORTION", 3)
    post = await closed(store, TODAY, {member: member % 4 for member in range(1, 12)})
    assert len(await awards(path, post.id)) == 11
    assert rows(path, "SELECT is_settled FROM closes") == [(1,)]
    assert len(await board(store)) == 11
    await assert_rebuilt_equal(store, path)


async def test_many_streaks_end_in_portions(store, path, monkeypatch):
    monkeypatch.setattr(settling, "ENDED_AT_ONCE", 2)
    await closed(store, TODAY - DAY, dict.fromkeys(range(1, 8), KEY))
    await closed(store, TODAY, {7: KEY})
    page = await store.board_page(GUILD, 1, span=ALL_TIME, measure="streak")
    assert [(place.member_id, place.value) for place in page.places] == [(7, 2)]
    assert rows(path, "SELECT count(*) FROM closes WHERE is_settled") == [(2,)]
    await assert_rebuilt_equal(store, path)


async def test_a_settling_that_was_cut_off_goes_on(path, monkeypatch):
    monkeypatch.setattr(settling, "PORTION", 3)
    async with Store(path) as store:
        post = await open_post(store)
        for member_id in range(1, 12):
            await store.record_answer(post.id, member_id=member_id, place=KEY, at=NOW)
        await store._write(lambda c: settling.freeze(c, post.id, at=NOW, base=10))
        assert not await store._write(lambda c: settling._settle_some(c, post.id))
    async with Store(path) as store:
        assert len(await awards(path)) == 3
        assert (await store.score(GUILD, 5)).points == 0
        assert await store.settle_closed() == 1
        assert await store.settle_closed() == 0
        assert (await store.score(GUILD, 5)).points == 10
        assert len(await board(store)) == 11
        await assert_rebuilt_equal(store, path)


async def test_points_of_another_server_stay_there(store):
    await closed(store, TODAY, {1: KEY})
    other = await open_post(store, TODAY, "there", GUILD + 1)
    await store.record_answer(other.id, member_id=2, place=KEY, at=NOW)
    await store.close_post(other.id, at=NOW, worth=10)
    assert [standing.member_id for standing in await board(store)] == [1]
    assert (await store.streak(GUILD, 2))[0] == Streak()


async def test_a_post_that_never_appeared_makes_no_day(store):
    await closed(store, TODAY - 2 * DAY, {1: KEY})
    unsent = await claim(store, await store.challenge(GUILD), TODAY - DAY, "unsent")
    await store.close_post(unsent.id, at=NOW, worth=10)
    await closed(store, TODAY, {1: KEY})
    streak, states = await store.streak(GUILD, 1)
    assert (streak.length, list(states.values())) == (2, ["counted", "counted"])


async def test_a_missed_day_ends_a_streak_on_the_board(store):
    await closed(store, TODAY - DAY, {1: KEY, 2: KEY})
    await closed(store, TODAY, {2: KEY})
    page = await store.board_page(GUILD, 1, span=ALL_TIME, measure="streak")
    assert [(place.member_id, place.value) for place in page.places] == [(2, 2)]
    assert page.own is None
    assert (await store.streak(GUILD, 1))[1][TODAY] == "ended"


async def test_a_freeze_covers_one_day_and_is_never_counted(store, path):
    for number in range(8, 1, -1):
        await closed(store, TODAY - number * DAY, {1: WRONG, 9: KEY})
    assert (await store.streak(GUILD, 1))[0].freezes == 1
    await closed(store, TODAY - DAY, {9: KEY})
    streak, states = await store.streak(GUILD, 1)
    assert (streak.length, streak.freezes, states[TODAY - DAY]) == (7, 0, "frozen")
    page = await store.board_page(GUILD, 1, span=ALL_TIME, measure="streak")
    assert page.own.value == 7
    await closed(store, TODAY, {9: KEY})
    assert (await store.streak(GUILD, 1))[0].length == 0
    page = await store.board_page(GUILD, 1, span=ALL_TIME, measure="streak")
    assert page.own is None
    assert page.size == 1
    await assert_rebuilt_equal(store, path)


async def test_keepers_of_a_streak_are_named_unless_they_hid(store):
    await closed(store, TODAY - DAY, {1: KEY, 2: WRONG, 3: KEY})
    await store.hide(GUILD, 3, NOW)
    post = await closed(store, TODAY, {1: KEY, 2: KEY, 3: KEY, 4: KEY})
    assert await store.streak_keepers(post.id) == ((1, 2), (2, 2))
    assert await store.streak_keepers(post.id, 1) == ((1, 2),)


async def test_a_day_is_not_missed_while_another_challenge_of_it_is_to_come(store, path):
    await closed(store, TODAY - DAY, {1: KEY, 2: KEY})
    evening = await set_up(store, channel_id=CHANNEL + 1)
    await closed(store, TODAY, {1: KEY})
    assert (await store.streak(GUILD, 1))[0].length == 2
    streak, states = await store.streak(GUILD, 2)
    assert (streak.length, TODAY in states) == (1, False)
    assert (await store.board_page(GUILD, 2, span=ALL_TIME, measure="streak")).own is not None
    post = await claim(store, evening, TODAY, "evening")
    await store.record_post(post.id, channel_id=CHANNEL + 1, message_id=77, at=NOW)
    await store.record_answer(post.id, member_id=2, place=WRONG, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    assert (await store.award_of(post.id, 2)).days == 2
    assert (await store.streak(GUILD, 2))[0].length == 2
    await assert_rebuilt_equal(store, path)


async def test_a_day_is_over_when_its_other_challenge_was_left_out(store):
    await closed(store, TODAY - DAY, {2: KEY})
    evening = await set_up(store, channel_id=CHANNEL + 1)
    await closed(store, TODAY, {1: KEY})
    assert TODAY not in (await store.streak(GUILD, 2))[1]
    assert await store.leave_out(evening.id, TODAY, "missed", "x", NOW)
    streak, states = await store.streak(GUILD, 2)
    assert (streak.length, states[TODAY]) == (0, "ended")


async def test_a_paused_or_other_days_challenge_keeps_no_day_open(store):
    await closed(store, TODAY - DAY, {2: KEY})
    evening = await set_up(store, channel_id=CHANNEL + 1)
    await closed(store, TODAY, {1: KEY})
    await store.pause_challenge(evening.id, is_paused=True)
    assert (await store.streak(GUILD, 2))[1][TODAY] == "ended"


async def test_the_award_of_an_answer(store):
    post = await closed(store, TODAY, {1: KEY})
    assert (await store.award_of(post.id, 1)).points == 10
    assert await store.award_of(post.id, 2) is None


# --------------------------------------------------- anything, in any order

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 11), st.integers(1, 5), st.integers(0, 3)),
        st.tuples(st.just("close"), st.integers(0, 11)),
        st.tuples(st.just("quiz"), st.integers(0, 11), st.integers(1, 5), st.integers(0, 3)),
        st.tuples(st.just("forget"), st.integers(1, 5)),
        st.tuples(st.just("hide"), st.integers(1, 5)),
        st.tuples(st.just("show"), st.integers(1, 5)),
    ),
    max_size=90,
)


async def do(store: Store, posts: list, step: tuple) -> None:
    kind, first, *rest = step
    if kind == "answer":
        post = await store.post(posts[first].id)
        if post.closed_at is None:
            await store.record_answer(post.id, member_id=rest[0], place=rest[1], at=NOW)
    elif kind == "close":
        await store.close_post(posts[first].id, at=NOW, worth=10)
    elif kind == "quiz":
        names = [f"{first} {number}" for number in range(6)]
        round_ = await start(store, rest[0], names, day=TODAY - first % 2 * DAY)
        for post in round_.posts:
            await store.record_answer(post.id, member_id=rest[0], place=rest[1], at=NOW)
    elif kind == "forget":
        await store.forget_member(first, None)
    elif kind == "hide":
        await store.hide(GUILD, first, NOW)
    else:
        await store.show(GUILD, first)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
async def test_what_grew_is_what_is_made_again(steps):
    """Two challenges a day, closed in any order, with members who go, hide and come back."""
    async with new_store() as (store, path):
        first = await set_up(store)
        second = await store._write(
            lambda c: (
                c.execute(
                    "INSERT INTO challenges"
                    " (guild_id, channel_id, at, zone, since, set_at, is_on)"
                    " SELECT guild_id, channel_id, at, zone, since, set_at, 1 FROM challenges"
                ).lastrowid
            )
        )
        posts = []
        for number in range(12):
            challenge = first if number % 2 else await store.challenge_by_id(second)
            post = await claim(store, challenge, TODAY - number // 2 * DAY, f"q{number}")
            await store.record_post(post.id, channel_id=CHANNEL, message_id=5000 + number, at=NOW)
            posts.append(post)
        for step in steps:
            await do(store, posts, step)
        grown = kept(path)
        await store._write(lambda connection: rebuild(connection, NOW))
        assert kept(path) == grown
        for span in (span_of("week", TODAY), ALL_TIME):
            bounds = {"since": span.first, "until": span.last}
            for topic in (None, "data-protection"):
                from_awards = await standings(store, GUILD, **bounds, topic=topic)
                assert await board(store, span, topic=topic) == list(from_awards)
        for member_id in range(1, 6):
            streak, _ = await store.streak(GUILD, member_id)
            page = await store.board_page(GUILD, member_id, span=ALL_TIME, measure="streak")
            assert (page.own.value if page.own else 0) == streak.length


# ------------------------------------------------------------------ boards that are over


async def test_old_boards_go_and_do_not_begin_again(store, path):
    await closed(store, TODAY, {1: KEY})
    assert await store.drop_old_boards(NOW) == 0
    later = NOW + timedelta(days=6)
    assert await store.drop_old_boards(later) == 2
    kinds = {kind for (kind,) in rows(path, "SELECT DISTINCT kind FROM boards")}
    assert kinds == {"week", "month", "all"}
    assert await store.drop_old_boards(NOW + timedelta(days=400)) == 4
    assert rows(path, "SELECT DISTINCT kind FROM boards") == [("all",)]
    assert rows(path, "SELECT count(*) FROM totals") == [(2,)]
    # A challenge of long ago that closes now moves all time only.
    late = await open_post(store, TODAY - 90 * DAY, "late")
    await store.record_answer(late.id, member_id=1, place=KEY, at=NOW)
    await store.close_post(late.id, at=NOW, worth=10)
    assert rows(path, "SELECT DISTINCT kind FROM boards") == [("all",)]


async def test_boards_are_made_again_once_after_an_update(store, path):
    await closed(store, TODAY, {1: KEY})
    await store._write(lambda c: c.execute("DELETE FROM totals").rowcount)
    assert await store.prepare_boards(NOW)
    assert len(await board(store)) == 1
    assert not await store.prepare_boards(NOW + HOUR)


@pytest.mark.parametrize("count", [23])
async def test_every_page_and_everybodys_own(store, count):
    await closed(store, TODAY, {member: KEY if member % 3 else 0 for member in range(1, count + 1)})
    everyone = await board(store)
    assert len(everyone) == count
    for place, standing in enumerate(everyone):
        page = await store.board_page(GUILD, standing.member_id, span=ALL_TIME, page=None)
        assert page.number == place // 10
        assert standing.member_id in [p.member_id for p in page.places]
        assert page.own.rank == standing.rank
    assert (await store.board_page(GUILD, 1, span=ALL_TIME, page=99)).number == 2
