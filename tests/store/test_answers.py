from __future__ import annotations

import asyncio

import pytest

from bot.core.post import Answer, Recorded
from bot.core.score import QUIZ_POINTS, QUIZ_POINTS_A_DAY
from bot.errors import UserError
from tests.store.samples import (
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    open_post,
    rows,
    set_up,
    start,
)

ENOUGH = QUIZ_POINTS_A_DAY // QUIZ_POINTS


async def test_the_first_answer_counts(store):
    post = await open_post(store)
    first = await store.record_answer(post.id, member_id=1, place=0, at=NOW)
    assert first == Recorded(Answer(post.id, 1, 0, False, NOW), is_new=True)
    again = await store.record_answer(post.id, member_id=1, place=KEY, at=NOW + HOUR)
    assert again == Recorded(Answer(post.id, 1, 0, False, NOW), is_new=False)
    other = await store.record_answer(post.id, member_id=2, place=KEY, at=NOW)
    assert other == Recorded(Answer(post.id, 2, KEY, True, NOW), is_new=True)


async def test_two_hundred_presses_at_once_make_one_row_a_member(store, path):
    post = await open_post(store)
    presses = [(press % 40 + 1, press % 4) for press in range(200)]
    outcomes = await asyncio.gather(
        *(
            store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
            for member_id, place in presses
        )
    )
    assert sum(outcome.is_new for outcome in outcomes) == 40
    kept = rows(path, "SELECT member_id, place FROM answers ORDER BY member_id")
    assert [member_id for member_id, _ in kept] == list(range(1, 41))
    for (member_id, _), outcome in zip(presses, outcomes, strict=True):
        assert (member_id, outcome.answer.place) in kept
    assert await store.answer_count(post.id) == 40


async def test_presses_that_race_with_the_close_are_in_or_refused(store, path):
    post = await open_post(store)

    async def press(member_id: int) -> bool:
        try:
            await store.record_answer(post.id, member_id=member_id, place=KEY, at=NOW)
        except UserError:
            return False
        return True

    early = [press(member_id) for member_id in range(1, 51)]
    late = [press(member_id) for member_id in range(51, 101)]
    results = await asyncio.gather(*early, store.close_post(post.id, at=NOW, worth=10), *late)
    assert results == [True] * 51 + [False] * 50
    assert rows(path, "SELECT count(*), max(member_id) FROM answers") == [(50, 50)]


async def test_a_closed_challenge_takes_no_answer_but_says_the_one_that_stands(store):
    post = await open_post(store)
    await store.record_answer(post.id, member_id=1, place=KEY, at=NOW)
    await store.close_post(post.id, at=NOW + HOUR, worth=10)
    with pytest.raises(UserError, match="That challenge is closed"):
        await store.record_answer(post.id, member_id=2, place=KEY, at=NOW)
    stands = await store.record_answer(post.id, member_id=1, place=0, at=NOW + 2 * HOUR)
    assert stands == Recorded(Answer(post.id, 1, KEY, True, NOW), is_new=False)


async def test_a_challenge_whose_time_is_over_is_closed_though_nobody_closed_it(store):
    post = await open_post(store)
    before = post.closes_at - HOUR
    assert (await store.record_answer(post.id, member_id=1, place=0, at=before)).is_new
    with pytest.raises(UserError, match="That challenge is closed"):
        await store.record_answer(post.id, member_id=2, place=0, at=post.closes_at)


@pytest.mark.parametrize("place", [-1, 4, 99])
async def test_an_option_that_is_not_there_is_refused(store, place):
    post = await open_post(store)
    with pytest.raises(UserError, match="not one of this question's"):
        await store.record_answer(post.id, member_id=1, place=place, at=NOW)
    assert await store.answer_count(post.id) == 0


async def test_a_post_that_is_not_there_is_refused(store):
    with pytest.raises(UserError, match="That question is gone"):
        await store.record_answer(1, member_id=1, place=0, at=NOW)


async def test_an_answer_keeps_its_day_in_the_servers_zone(store, path):
    post = await open_post(store)  # Europe/Zurich, one hour ahead of UTC
    late = NOW.replace(hour=23, minute=30)
    await store.record_answer(post.id, member_id=1, place=0, at=NOW)
    await store.record_answer(post.id, member_id=2, place=0, at=late)
    await set_up(store, zone="America/Los_Angeles")
    assert rows(path, "SELECT member_id, answered_on FROM answers ORDER BY member_id") == [
        (1, "2026-11-24"),
        (2, "2026-11-25"),
    ]


# ---------------------------------------------------------------------------- quiz


async def test_a_quiz_answer_closes_its_post_with_its_worth(store):
    post = (await start(store, 5)).posts[0]
    recorded = await store.record_answer(post.id, member_id=5, place=KEY, at=NOW)
    assert recorded.is_new
    closed = await store.post(post.id)
    assert (closed.closed_at, closed.worth) == (NOW, QUIZ_POINTS)
    again = await store.record_answer(post.id, member_id=5, place=0, at=NOW + HOUR)
    assert (again.is_new, again.answer.place) == (False, KEY)
    assert await store.post(post.id) == closed


async def test_a_quiz_post_is_its_members_own(store):
    post = (await start(store, 5)).posts[0]
    with pytest.raises(UserError, match="belong to someone else"):
        await store.record_answer(post.id, member_id=6, place=KEY, at=NOW)
    assert (await store.post(post.id)).closed_at is None


async def answer(store, member_id, name, *, place=KEY, guild_id=GUILD, day=TODAY) -> int:
    """Answer one quiz question; return what it was worth."""
    post = (await start(store, member_id, [name], guild_id=guild_id, day=day)).posts[0]
    await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    return (await store.post(post.id)).worth


async def test_a_question_is_worth_points_once_a_day_for_each_member_and_server(store):
    assert await answer(store, 5, "macie") == QUIZ_POINTS
    assert await answer(store, 5, "macie") == 0
    assert await answer(store, 5, "lex") == QUIZ_POINTS
    assert await answer(store, 6, "macie") == QUIZ_POINTS
    assert await answer(store, 5, "macie", guild_id=GUILD + 1) == QUIZ_POINTS
    assert await answer(store, 5, "macie", day=TODAY + DAY) == QUIZ_POINTS


async def test_trying_again_after_a_wrong_answer_is_worth_nothing(store):
    assert await answer(store, 5, "macie", place=0) == QUIZ_POINTS
    assert await answer(store, 5, "macie") == 0


async def test_a_double_click_on_two_instances_of_a_question_scores_once(store):
    first = (await start(store, 5)).posts[0]
    second = (await start(store, 5)).posts[0]
    await asyncio.gather(
        *(
            store.record_answer(post.id, member_id=5, place=KEY, at=NOW)
            for post in (first, second) * 10
        )
    )
    assert (await store.score(GUILD, 5)).quiz_points == QUIZ_POINTS


async def test_a_days_quiz_points_have_a_limit_that_wrong_answers_do_not_use_up(store):
    for number in range(5):
        assert await answer(store, 5, f"wrong {number}", place=0) == QUIZ_POINTS
    for number in range(ENOUGH):
        assert await answer(store, 5, f"right {number}") == QUIZ_POINTS
    assert await answer(store, 5, "one more") == 0
    assert await answer(store, 5, "tomorrow", day=TODAY + DAY) == QUIZ_POINTS
    assert await answer(store, 5, "elsewhere", guild_id=GUILD + 1) == QUIZ_POINTS
    assert await answer(store, 6, "one more") == QUIZ_POINTS
    assert (await store.score(GUILD, 5, since=TODAY, until=TODAY)).quiz_points == QUIZ_POINTS_A_DAY


async def test_daily_points_do_not_use_up_the_quiz_limit(store):
    post = await open_post(store, name="daily")
    await store.record_answer(post.id, member_id=5, place=KEY, at=NOW)
    await store.close_post(post.id, at=NOW, worth=QUIZ_POINTS_A_DAY)
    assert await answer(store, 5, "macie") == QUIZ_POINTS


async def test_a_question_answered_in_the_revealed_challenge_is_worth_nothing_that_day(store):
    post = await open_post(store, name="macie")
    await store.record_answer(post.id, member_id=5, place=0, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    assert await answer(store, 5, "macie") == 0
    assert await answer(store, 6, "macie") == QUIZ_POINTS


async def test_practice_outside_a_server_is_worth_nothing(store):
    assert await answer(store, 5, "macie", guild_id=None) == 0
    assert await answer(store, 5, "macie") == QUIZ_POINTS


async def test_an_older_round_does_not_tell_the_answer_of_todays_challenge(store):
    quiz = (await start(store, 5)).posts[0]
    elsewhere = (await start(store, 5, guild_id=GUILD + 1)).posts[0]
    post = await open_post(store)
    with pytest.raises(UserError, match="part of an open challenge"):
        await store.record_answer(quiz.id, member_id=5, place=KEY, at=NOW)
    assert (await store.record_answer(elsewhere.id, member_id=5, place=KEY, at=NOW)).is_new
    await store.close_post(post.id, at=NOW, worth=10)
    assert (await store.record_answer(quiz.id, member_id=5, place=KEY, at=NOW)).is_new
