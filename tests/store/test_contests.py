"""Contests: who may answer, what answers bring and when, and results that stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from bot.core.contest import Result
from bot.core.period import span_of
from bot.core.score import QUIZ_POINTS, QUIZ_POINTS_A_DAY
from bot.errors import UserError
from bot.store.migrations import MIGRATIONS
from bot.store.store import Store
from tests.store.ledger import standings
from tests.store.samples import (
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    asking,
    begin_duel,
    duel,
    lobby,
    open_post,
    rows,
    shown,
    start,
)


async def answer(store, post, member_id, place=KEY, at=NOW):
    return await store.record_answer(post.id, member_id=member_id, place=place, at=at)


async def first_of(store, *members):
    """Begin a match of these members; return its first question, which takes answers."""
    match = await asking(store, *members)
    return (await store.contest_posts(match.id))[0]


async def close(store, post, at=NOW):
    match = await store.match(post.contest_id)
    await store.close_match_round(match.answered(at), place=post.place, at=at)


async def test_a_contest_and_its_questions(store):
    match = await asking(store, 5, 6)
    made = await store.contest(match.id)
    assert (made.kind, made.guild_id, made.study_date) == ("match", GUILD, TODAY)
    assert [one.member_id for one in made.contestants] == [5, 6]
    posts = await store.contest_posts(made.id)
    assert [(post.kind, post.contest_id, post.place) for post in posts] == [
        ("match", made.id, 0),
        ("match", made.id, 1),
        ("match", made.id, 2),
    ]
    assert await store.ask_contest(made.id, [shown("other")], now=NOW) == posts
    assert await store.contest(made.id + 1) is None


async def test_only_contestants_answer_and_the_first_answer_stands(store):
    post = await first_of(store, 5, 6)
    with pytest.raises(UserError, match="not taking part"):
        await answer(store, post, 7)
    assert (await answer(store, post, 5, 0)).is_new
    second = await answer(store, post, 5, KEY)
    assert (second.is_new, second.answer.place) == (False, 0)
    assert await store.leave_contest(post.contest_id, 6, NOW)
    with pytest.raises(UserError, match="not taking part"):
        await answer(store, post, 6)
    assert await store.join_match(post.contest_id, 6, NOW, most=2)
    assert (await answer(store, post, 6)).is_new
    assert [(a.member_id, a.place) for a in await store.contest_answers(post.contest_id)] == [
        (5, 0),
        (6, KEY),
    ]


async def test_leaving_what_one_is_not_in_changes_nothing(store):
    match = await lobby(store, 5)
    assert not await store.leave_contest(match.id, 7, NOW)
    assert not await store.leave_contest(match.id + 1, 5, NOW)
    assert [one.is_in for one in (await store.contest(match.id)).contestants] == [True]


async def test_after_the_close_the_first_answer_still_stands(store):
    post = await first_of(store, 5)
    await answer(store, post, 5)
    await close(store, post)
    second = await answer(store, post, 5, 0, at=NOW + HOUR)
    assert (second.is_new, second.answer.place) == (False, KEY)


async def test_nothing_is_paid_before_the_close_and_everybody_right_after(store):
    post = await first_of(store, 5, 6, 7)
    for member_id, place in ((5, KEY), (6, 0), (7, KEY)):
        await answer(store, post, member_id, place)
    assert await standings(store, GUILD) == ()
    await close(store, post)
    board = await standings(store, GUILD)
    assert [(s.member_id, s.points) for s in board] == [
        (5, QUIZ_POINTS),
        (7, QUIZ_POINTS),
        (6, 0),
    ]
    score = await store.score(GUILD, 5)
    assert (score.contest_right, score.contest_answered, score.points) == (1, 1, QUIZ_POINTS)
    (day,), _ = await store.score_days(GUILD, 5, limit=5, offset=0)
    assert (day.contest_points, day.contest_answers) == (QUIZ_POINTS, {"right": 1})


async def test_what_counts_is_the_day_on_which_it_closes(store):
    post = await first_of(store, 5, 6)
    await answer(store, post, 5)
    await close(store, post, NOW + DAY)
    page = await store.board_page(GUILD, 5, span=span_of("day", TODAY))
    assert page.size == 0
    page = await store.board_page(GUILD, 5, span=span_of("day", TODAY + DAY))
    assert page.own.points == QUIZ_POINTS


async def test_quizzes_and_contests_share_one_daily_limit(store):
    full = QUIZ_POINTS_A_DAY // QUIZ_POINTS
    names = [f"quiz-{number}" for number in range(full - 1)]
    for post in (await start(store, 5, names)).posts:
        await answer(store, post, 5)
    await duel(store, 5, 6, right=(2, 0))
    assert (await store.score(GUILD, 5)).points == QUIZ_POINTS_A_DAY
    (day,), _ = await store.score_days(GUILD, 5, limit=1, offset=0)
    assert day.contest_answers == {"right": 1, "capped": 1}
    (post,) = (await start(store, 5, ["one more"])).posts
    await answer(store, post, 5)
    assert (await store.score(GUILD, 5)).points == QUIZ_POINTS_A_DAY


async def test_a_question_pays_once_a_day_wherever_it_was_asked(store):
    (quiz,) = (await start(store, 5, ["match-0"])).posts
    await answer(store, quiz, 5)
    post = await first_of(store, 5, 6)
    await answer(store, post, 5)
    await close(store, post)
    assert (await store.score(GUILD, 5)).points == QUIZ_POINTS


async def test_an_open_contests_questions_are_kept_apart(store):
    (quiz,) = (await start(store, 5, ["match-0"])).posts
    post = await first_of(store, 5, 6)
    assert await store.open_question_ids(GUILD) == {"match-0", "match-1", "match-2"}
    assert await store.open_question_ids(GUILD + 1) == frozenset()
    with pytest.raises(UserError, match="open challenge, match or duel"):
        await answer(store, quiz, 5)
    await close(store, post)
    assert await store.open_question_ids(GUILD) == {"match-1", "match-2"}
    assert (await answer(store, quiz, 5)).is_new


async def test_results_are_frozen_once(store, path):
    begun = await begin_duel(store, 5, 6)
    first, second = await store.contest_posts(begun.contest.id)
    made = begun.contest
    await answer(store, first, 5)
    one, two = (contestant.id for contestant in made.contestants)
    results = {one: Result(1, 7, 1, 1, 900), two: Result(2, 0, 0, 0)}
    assert await store.finish_contest(made.id, results, NOW)
    assert not await store.finish_contest(made.id, {one: Result(2, 0, 0, 0)}, NOW)
    assert not await store.cancel_contest(made.id, NOW)
    done = await store.contest(made.id)
    assert (done.finished_at, done.is_cancelled) == (NOW, False)
    assert [c.result for c in done.contestants] == list(results.values())
    # What was answered is closed and paid; what nobody answered was never asked.
    assert [post.closed_at for post in await store.contest_posts(made.id)] == [NOW]
    assert (await store.score(GUILD, 5)).points == QUIZ_POINTS
    with pytest.raises(UserError, match="gone"):
        await answer(store, second, 5)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="result of a contest never changes"),
    ):
        connection.execute("UPDATE contestants SET score = 8")


async def test_a_cancelled_contest_has_no_result(store):
    made = await asking(store, 5, 6)
    assert await store.cancel_contest(made.id, NOW)
    done = await store.contest(made.id)
    assert (done.is_cancelled, [c.result for c in done.contestants]) == (True, [None, None])
    assert await store.contest_posts(made.id) == ()
    assert not await store.join_match(made.id, 7, NOW, most=9)


async def test_a_forgotten_contestant_leaves_the_result_to_the_others(store):
    post = await first_of(store, 5, 6)
    made = await store.contest(post.contest_id)
    await answer(store, post, 5)
    results = {c.id: Result(place, 1, 0, 0) for place, c in enumerate(made.contestants, 1)}
    await store.finish_contest(made.id, results, NOW)
    await store.forget_member(5, None)
    done = await store.contest(made.id)
    assert [(c.member_id, c.result.rank) for c in done.contestants] == [(None, 1), (6, 2)]
    assert await store.answer_count(post.id) == 1


async def test_what_members_saw_lately(store):
    daily = await open_post(store, TODAY, "daily")
    await answer(store, daily, 5)
    (quiz,) = (await start(store, 6, ["quiz"])).posts
    await answer(store, quiz, 6)
    assert await store.seen_lately(GUILD, [5, 6, 7], TODAY) == {"daily", "quiz"}
    assert await store.seen_lately(GUILD, [5], TODAY) == {"daily"}
    assert await store.seen_lately(GUILD, [5, 6], TODAY + DAY) == frozenset()
    assert await store.seen_lately(GUILD + 1, [5, 6], TODAY) == frozenset()


async def test_ids_that_were_given_stay_given_when_the_table_is_made_anew(path):
    async with Store(path) as store:
        await start(store, 5, ["one", "two"])
        await store.forget_member(5, None)
        (post,) = (await start(store, 5, ["three"])).posts
        await store.forget_member(5, None)
    assert rows(path, "SELECT count(*) FROM posts") == [(0,)]
    with Database(path) as database:
        steps = [step.name for step in MIGRATIONS.applied(database)]
        assert "m301_contests" in steps
    assert rows(path, "SELECT seq FROM sqlite_sequence WHERE name = 'posts'") == [(post.id,)]
