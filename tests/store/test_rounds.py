from __future__ import annotations

import pytest

from bot.core.post import Answer, Post
from bot.store.store import Store
from tests.store.samples import DAY, GUILD, KEY, NOW, TODAY, rows, shown, start


async def test_a_round_is_its_posts_in_order(store):
    round_ = await start(store, 5, ["one", "two", "three"])
    assert (round_.id, round_.member_id, round_.guild_id) == (1, 5, GUILD)
    assert round_.posts[1] == Post(
        id=2,
        kind="quiz",
        guild_id=GUILD,
        shown=shown("two"),
        study_date=TODAY,
        claimed_at=NOW,
        nonce="",
        round_id=1,
        place=1,
        member_id=5,
    )
    assert [post.shown.question.id for post in round_.posts] == ["one", "two", "three"]
    assert await store.round_posts(1) == round_.posts


async def test_a_rounds_answers_stand_beside_its_posts(store):
    round_ = await start(store, 5, ["one", "two", "three"], guild_id=None)
    await start(store, 5, ["other"])
    assert await store.round_answers(round_.id) == (None, None, None)
    last = round_.posts[2]
    await store.record_answer(last.id, member_id=5, place=KEY, at=NOW)
    assert await store.round_answers(round_.id) == (
        None,
        None,
        Answer(last.id, 5, KEY, True, NOW),
    )


async def test_a_round_goes_on_after_a_restart(path):
    async with Store(path) as store:
        round_ = await start(store, 5, ["one", "two"])
        await store.record_answer(round_.posts[0].id, member_id=5, place=KEY, at=NOW)
    async with Store(path) as store:
        assert (await store.round_posts(round_.id))[1] == round_.posts[1]
        second = round_.posts[1].id
        assert (await store.record_answer(second, member_id=5, place=0, at=NOW)).is_new
        assert [a.is_correct for a in await store.round_answers(round_.id)] == [True, False]


async def test_a_round_that_is_not_there(store):
    assert await store.round_posts(1) == ()
    assert await store.round_answers(1) == ()


async def test_a_round_of_nothing_is_refused(store, path):
    with pytest.raises(ValueError, match="one question or more"):
        await start(store, 5, [])
    assert rows(path, "SELECT count(*) FROM rounds") == [(0,)]


async def test_unanswered_questions_go_after_two_days_and_answered_ones_stay(store, path):
    begun = await start(store, 5, ["one", "two"])
    await start(store, 6, ["three"])
    await store.record_answer(begun.posts[0].id, member_id=5, place=KEY, at=NOW)
    assert await store.purge(NOW + 2 * DAY) == 0
    assert await store.purge(NOW + 3 * DAY) == 3  # two questions, one empty round
    assert rows(path, "SELECT id FROM posts") == [(begun.posts[0].id,)]
    assert rows(path, "SELECT id FROM rounds") == [(begun.id,)]
    assert (await store.score(GUILD, 5)).quiz_answered == 1
