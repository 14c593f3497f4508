from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest

from bot.core.post import Answer, Post
from bot.core.score import FORMULA_VERSION
from bot.errors import StoreError
from tests.store.samples import (
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    claim,
    open_post,
    rows,
    set_up,
    shown,
    start,
)


async def test_a_claim_is_a_post_without_a_message(store):
    challenge = await set_up(store)
    post = await claim(store, challenge)
    assert post == Post(
        id=1,
        kind="daily",
        guild_id=GUILD,
        shown=shown(),
        study_date=TODAY,
        claimed_at=NOW,
        nonce=f"{challenge.id}-{TODAY}",
        challenge_id=challenge.id,
        closes_at=NOW + 20 * HOUR,
    )
    assert await store.post(1) == post
    assert await store.post_for(challenge.id, TODAY) == post
    assert await store.open_posts() == (post,)
    assert await store.post(2) is None
    assert await store.post_for(challenge.id, date(2026, 11, 25)) is None


async def test_of_many_claims_at_once_one_wins(store, path):
    challenge = await set_up(store)
    won = await asyncio.gather(*(claim(store, challenge) for _ in range(50)))
    assert len([post for post in won if post is not None]) == 1
    assert rows(path, "SELECT count(*) FROM posts") == [(1,)]


async def test_a_nonce_serves_one_post(store):
    challenge = await set_up(store)
    await claim(store, challenge)
    with pytest.raises(StoreError, match=r"posts\.nonce"):
        await store.claim_post(
            challenge=challenge,
            study_date=TODAY + DAY,
            shown=shown(),
            nonce=f"{challenge.id}-{TODAY}",
            now=NOW,
            closes_at=NOW + HOUR,
        )


async def test_the_message_is_noted_and_can_be_noted_again(store):
    post = await claim(store, await set_up(store))
    await store.record_post(post.id, channel_id=CHANNEL, message_id=1, at=NOW)
    await store.record_post(post.id, channel_id=CHANNEL + 1, message_id=2, at=NOW)
    assert await store.post(post.id) == replace(post, channel_id=CHANNEL + 1, message_id=2)
    with pytest.raises(StoreError, match="There is no post 9"):
        await store.record_post(9, channel_id=1, message_id=2, at=NOW)


async def test_one_call_closes_a_post_and_freezes_its_worth(store, path):
    post = await open_post(store)
    closed = await asyncio.gather(
        *(store.close_post(post.id, at=NOW + worth * HOUR, worth=worth) for worth in range(1, 9))
    )
    assert closed == [True] + [False] * 7
    assert await store.post(post.id) == replace(post, closed_at=NOW + HOUR, worth=1)
    assert rows(path, "SELECT formula FROM posts") == [(FORMULA_VERSION,)]
    assert await store.open_posts() == ()
    assert await store.close_post(99, at=NOW, worth=1) is False


async def test_a_reveal_is_due_once_closed_and_sent_and_noted_once(store):
    post = await open_post(store)
    unsent = await claim(store, await set_up(store), TODAY + DAY)
    assert await store.unrevealed_posts() == ()
    with pytest.raises(StoreError, match=f"There is no closed post {post.id}"):
        await store.record_reveal(post.id, NOW)
    await store.close_post(post.id, at=NOW + HOUR, worth=10)
    await store.close_post(unsent.id, at=NOW + HOUR, worth=10)
    assert [found.id for found in await store.unrevealed_posts()] == [post.id]
    await store.record_reveal(post.id, NOW + HOUR)
    await store.record_reveal(post.id, NOW + 2 * HOUR)
    assert await store.unrevealed_posts() == ()
    assert (await store.post(post.id)).revealed_at == NOW + HOUR


async def test_the_posts_before_and_after_are_the_same_challenges(store):
    await open_post(store, TODAY - 3 * DAY, "first")
    second = await open_post(store, TODAY - DAY, "second")
    await open_post(store, TODAY - DAY, "elsewhere", GUILD + 1)
    third = await open_post(store, TODAY, "third")
    assert await store.previous_post(third) == second
    assert (await store.previous_post(second)).shown.question.id == "first"
    assert await store.previous_post(await store.post(1)) is None
    quiz = (await start(store, 5)).posts[0]
    assert await store.previous_post(quiz) is None
    assert await store.following_post(second) == third
    assert await store.following_post(third) is None
    assert await store.following_post(quiz) is None


async def test_last_posts_are_daily_ones_newest_first(store):
    first = await open_post(store, TODAY - DAY, "first")
    other = await open_post(store, TODAY, "other", GUILD + 1)
    second = await open_post(store, TODAY, "second")
    await start(store, 5)
    assert await store.last_posts(GUILD, 5) == (second, first)
    assert await store.last_posts(None, 2) == (second, other)
    assert await store.last_posts(GUILD + 2, 5) == ()


async def test_open_posts_come_oldest_first(store):
    posts = [await open_post(store, TODAY + days * DAY, str(days)) for days in range(3)]
    await store.close_post(posts[1].id, at=NOW, worth=10)
    assert await store.open_posts() == (posts[0], posts[2])


async def test_the_tally_has_a_count_for_each_option(store):
    post = await open_post(store)
    assert await store.tally(post.id) == (0, 0, 0, 0)
    for member_id, place in [(1, 0), (2, KEY), (3, KEY), (4, 3)]:
        await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    assert await store.tally(post.id) == (1, 0, 2, 1)
    assert await store.answer_count(post.id) == 4
    assert await store.tally(99) == ()
    assert await store.answer_count(99) == 0


async def test_first_right_is_the_earliest_and_then_the_first_recorded(store):
    post = await open_post(store)
    assert await store.first_right(post.id) is None
    await store.record_answer(post.id, member_id=1, place=0, at=NOW)
    assert await store.first_right(post.id) is None
    await store.record_answer(post.id, member_id=9, place=KEY, at=NOW + HOUR)
    await store.record_answer(post.id, member_id=3, place=KEY, at=NOW + HOUR)
    assert await store.first_right(post.id) == 9
    # Recorded last, pressed first: events may overtake each other on the way.
    await store.record_answer(post.id, member_id=4, place=KEY, at=NOW)
    assert await store.first_right(post.id) == 4


async def test_a_members_own_answer_in_utc(store):
    post = await open_post(store)
    there = timezone(timedelta(hours=5, minutes=30))
    await store.record_answer(post.id, member_id=1, place=KEY, at=NOW.astimezone(there))
    answer = await store.answer_of(post.id, 1)
    assert answer == Answer(post.id, 1, KEY, True, NOW)
    assert answer.answered_at.utcoffset() == timedelta(0)
    assert await store.answer_of(post.id, 2) is None


async def test_open_questions_are_a_servers_daily_ones(store):
    await open_post(store, TODAY - 2 * DAY, "macie")
    await open_post(store, TODAY - DAY, "lex")
    again = await open_post(store, TODAY, "macie")
    await open_post(store, TODAY, "elsewhere", GUILD + 1)
    await start(store, 5, ["quiz"])
    assert await store.open_question_ids(GUILD) == {"macie", "lex"}
    await store.close_post(again.id, at=NOW, worth=10)
    await store.close_post(2, at=NOW, worth=10)
    assert await store.open_question_ids(GUILD) == {"macie"}
    await store.close_post(1, at=NOW, worth=10)
    assert await store.open_question_ids(GUILD) == frozenset()
