from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.audit import AuditLine
from bot.errors import StoreError
from tests.store.samples import CHANNEL, DAY, GUILD, HOUR, NOW, TODAY, claim, open_post, set_up


async def lines(store, challenge_id=1):
    found = await store.audit_lines(challenge_id)
    return [(line.study_date, line.event, line.detail) for line in found]


async def test_a_post_and_its_line_are_written_together_and_once(store):
    challenge = await set_up(store)
    post = await claim(store, challenge)
    assert (await store.challenge(GUILD)).accounted_on is None
    for message_id in (1, 2):
        await store.record_post(
            post.id,
            channel_id=CHANNEL,
            message_id=message_id,
            at=NOW,
            event="late",
            detail="3 hours",
        )
    await store.record_post(post.id, channel_id=CHANNEL, message_id=3, at=NOW)
    assert await store.audit_lines(challenge.id) == (
        AuditLine(challenge.id, TODAY, "late", "3 hours", NOW, post.id),
    )
    assert (await store.challenge(GUILD)).accounted_on == TODAY
    assert (await store.challenges())[0].accounted_on == TODAY


async def test_a_date_that_is_left_out_takes_no_claim_but_by_hand(store):
    challenge = await set_up(store)
    assert await store.leave_out(challenge.id, TODAY, "skipped", None, NOW)
    assert not await store.leave_out(challenge.id, TODAY, "missed", "too late", NOW)
    assert await claim(store, challenge) is None
    assert await store.left_out(challenge.id, TODAY) == {TODAY}
    assert await store.left_out(challenge.id, TODAY + DAY) == frozenset()
    # It is written before its day, so it does not account for the days before.
    assert (await store.challenge(GUILD)).accounted_on is None
    assert await store.take_back_skip(challenge.id, TODAY)
    assert not await store.take_back_skip(challenge.id, TODAY)
    await store.leave_out(challenge.id, TODAY, "missed", "too late", NOW)
    assert not await store.take_back_skip(challenge.id, TODAY)
    post = await store.claim_post(
        challenge=challenge,
        study_date=TODAY,
        shown=(await claim(store, challenge, TODAY + DAY)).shown,
        nonce="by hand",
        now=NOW,
        closes_at=NOW + HOUR,
        is_by_hand=True,
    )
    await store.record_post(post.id, channel_id=CHANNEL, message_id=9, at=NOW, event="by_hand")
    assert await lines(store) == [(TODAY, "missed", "too late"), (TODAY, "by_hand", None)]


async def test_a_date_with_its_post_is_not_left_out(store):
    post = await open_post(store)
    assert not await store.leave_out(post.challenge_id, TODAY, "missed", "x", NOW)
    assert await lines(store) == [(TODAY, "posted", None)]


async def test_a_claim_without_a_message_may_be_left_out(store):
    challenge = await set_up(store)
    await claim(store, challenge)
    assert await store.leave_out(challenge.id, TODAY, "missed", "no right to post", NOW)
    assert (await store.challenge(GUILD)).accounted_on == TODAY


async def test_a_claim_of_unknown_fate_leaves_its_date_unaccounted_for(store):
    first = await open_post(store, TODAY - DAY, "first")
    challenge = await store.challenge(GUILD)
    unknown = await claim(store, challenge, TODAY, "unknown")
    later = await open_post(store, TODAY + DAY, "later")
    assert (await store.challenge(GUILD)).accounted_on == first.study_date
    await store.leave_out(challenge.id, unknown.study_date, "missed", "x", NOW)
    assert (await store.challenge(GUILD)).accounted_on == later.study_date


async def test_of_a_skip_and_a_claim_at_once_one_wins(store):
    challenge = await set_up(store)
    for number in range(20):
        day = TODAY + number * DAY
        skipped, post = await asyncio.gather(
            store.leave_out(challenge.id, day, "skipped", None, NOW),
            claim(store, challenge, day),
        )
        assert skipped
        assert post is None


async def test_what_is_claimed_cannot_be_skipped_but_missed(store):
    challenge = await set_up(store)
    assert await claim(store, challenge) is not None
    assert not await store.leave_out(challenge.id, TODAY, "skipped", None, NOW)
    assert await store.leave_out(challenge.id, TODAY, "missed", "no right to post", NOW)


async def test_a_deleted_message_leaves_its_answers_and_a_line(store):
    post = await open_post(store)
    with pytest.raises(StoreError, match="no closed post"):
        await store.record_deletion(post.id, at=NOW, detail="by a moderator")
    await store.close_post(post.id, at=NOW, worth=10)
    for _ in range(2):
        await store.record_deletion(post.id, at=NOW + HOUR, detail="by a moderator")
    assert await lines(store) == [(TODAY, "posted", None), (TODAY, "deleted", "by a moderator")]
    assert await store.unrevealed_posts() == ()
    assert await store.post_of_message(post.message_id) == replace(
        post, closed_at=NOW, worth=10, revealed_at=NOW + HOUR
    )
    assert await store.post_of_message(4) is None


async def test_lines_come_newest_first_and_only_the_challenges_own(store):
    challenge = await set_up(store)
    other = await set_up(store, GUILD + 1)
    for number in range(4):
        await store.leave_out(challenge.id, TODAY + number * DAY, "paused", None, NOW)
    await store.leave_out(other.id, TODAY, "paused", None, NOW)
    found = await store.audit_lines(challenge.id, limit=2)
    assert [line.study_date for line in found] == [TODAY + 3 * DAY, TODAY + 2 * DAY]
    found = await store.audit_lines(challenge.id, since=TODAY + 3 * DAY)
    assert [line.study_date for line in found] == [TODAY + 3 * DAY]


async def test_a_thread_is_wanted_then_explained(store):
    challenge = replace(await set_up(store), has_thread=True)
    post = await claim(store, challenge)
    assert post.has_thread
    assert await store.posts_wanting_threads() == ()
    await store.record_post(post.id, channel_id=CHANNEL, message_id=5, at=NOW)
    (wanting,) = await store.posts_wanting_threads()
    assert (wanting.id, wanting.thread_id) == (post.id, None)
    await store.record_thread(post.id, 5)
    assert await store.posts_wanting_threads() == ()
    await store.close_post(post.id, at=NOW, worth=10)
    assert await store.posts_wanting_threads() == ()
    await store.record_reveal(post.id, NOW)
    (wanting,) = await store.posts_wanting_threads()
    assert wanting.thread_id == 5
    await store.record_explanation(post.id, NOW)
    assert await store.posts_wanting_threads() == ()


async def test_a_thread_that_never_came_is_given_up_at_the_close(store):
    challenge = replace(await set_up(store), has_thread=True)
    post = await claim(store, challenge)
    await store.record_post(post.id, channel_id=CHANNEL, message_id=5, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    await store.record_reveal(post.id, NOW)
    assert await store.posts_wanting_threads() == ()


async def test_a_question_that_nobody_saw_counts_as_unasked(store):
    await open_post(store, TODAY - DAY, "seen")
    challenge = await store.challenge(GUILD)
    unsent = await claim(store, challenge, TODAY, "unseen")
    assert await store.asked_in_order(GUILD) == (("seen", TODAY - DAY), ("unseen", TODAY))
    await store.close_post(unsent.id, at=NOW, worth=10)
    assert await store.asked_in_order(GUILD) == (("seen", TODAY - DAY),)
