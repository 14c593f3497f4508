"""Practice rounds, as a member clicks them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from simcord.backend.errors import SetupError

from bot.core.post import LETTERS
from tests.cogs.acting import quiz_post_id, right, slowed, wrong
from tests.conftest import make_bot
from tests.simworld import buttons, texts


async def key_of(hall, message) -> int:
    return (await hall.store.post(quiz_post_id(message))).shown.key


async def click(member, message, label):
    return await member.click(message, label=label)


async def test_a_round_is_private_explained_and_scored(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    assert started.ephemeral
    assert "Question 1 of 2" in texts(started.response)
    key = await key_of(hall, started.response)
    await click(hall.alice, started.response, LETTERS[key])
    said = texts(started.response)
    assert "Right! (2 points)" in said
    assert "Source:" in said

    await click(hall.alice, started.response, "Next question")
    assert "Question 2 of 2" in texts(started.response)
    key = await key_of(hall, started.response)
    wrong = (key + 1) % len((await hall.store.post(quiz_post_id(started.response))).shown.options)
    await click(hall.alice, started.response, LETTERS[wrong])
    assert "Not this time." in texts(started.response)
    await click(hall.alice, started.response, "See my result")
    said = texts(started.response)
    assert "1 of 2 right · 2 points" in said
    assert "Worth another look" in said

    score = await hall.alice.slash(hall.channel, "score")
    assert "2 points" in texts(score.response)
    assert "Quiz: 1 of 2 right" in texts(score.response)


async def test_the_buttons_do_not_tell_the_answer(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post_id = quiz_post_id(started.response)
    ids = [b.custom_id for b in buttons(started.response)]
    assert ids == [f"quiz:{post_id}:{place}" for place in range(len(ids))]


async def test_a_topic_limits_the_questions(hall):
    started = await hall.alice.slash(hall.channel, "quiz", topic="threat-detection", count=3)
    post = await hall.store.post(quiz_post_id(started.response))
    assert {p.shown.question.topic for p in await hall.store.round_posts(post.round_id)} == {
        "threat-detection"
    }


async def test_topics_are_completed_by_name(hall):
    offered = await hall.alice.autocomplete(hall.channel, "quiz", "topic", "threat")
    assert [choice["value"] for choice in offered] == ["threat-detection"]


async def test_an_unknown_topic_is_refused(hall):
    refused = await hall.alice.slash(hall.channel, "quiz", topic="cooking")
    assert "no topic of that name" in texts(refused.response)


async def test_quiz_me_asks_about_that_entry_only(hall):
    card = await hall.alice.slash(hall.channel, "ask", question="guardduty")
    started = await hall.ben.click(card.response, label="Quiz me on this")
    assert started.ephemeral
    post = await hall.store.post(quiz_post_id(started.response))
    posts = await hall.store.round_posts(post.round_id)
    assert {p.shown.question.entry_id for p in posts} == {"amazon-guardduty"}
    assert post.member_id == hall.ben.id


async def test_a_doubled_answer_counts_once(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post_id = quiz_post_id(started.response)
    recorded = await hall.store.record_answer(
        post_id, member_id=hall.alice.id, place=0, at=hall.bot.clock()
    )
    assert recorded.is_new
    await click(hall.alice, started.response, "B")  # the button of the first click is still there
    answers = await hall.store.round_answers((await hall.store.post(post_id)).round_id)
    assert [answer.place for answer in answers] == [0]


async def test_a_round_survives_a_restart_before_every_step(hall, shelf):
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    post = await hall.store.post(quiz_post_id(started.response))
    posts = await hall.store.round_posts(post.round_id)
    labels = [right(posts[0]), "Next question", wrong(posts[1]), "See my result"]
    expected = ["Right! (2 points)", "Question 2 of 2", "Not this time.", "1 of 2 right · 2 points"]
    for label, sentence in zip(labels, expected, strict=True):
        await hall.env.restart_bot(make_bot(hall.store, shelf))
        await click(hall.alice, started.response, label)
        assert sentence in texts(started.response)


async def test_a_question_that_became_the_challenge_is_left_out_of_an_open_round(hall):
    """It waits for the reveal: neither asked, nor told in the result, and no dead end."""
    await hall.setup_daily(topic="threat-detection")
    started = await hall.alice.slash(hall.channel, "quiz", topic="threat-detection", count=3)
    first = await hall.store.post(quiz_post_id(started.response))
    challenge = await hall.store.challenge(hall.guild.id)
    now = hall.bot.clock()
    await hall.store.claim_post(
        challenge=challenge,
        study_date=now.date(),
        shown=first.shown,
        nonce="n",
        now=now,
        closes_at=now + timedelta(days=1),
    )
    await click(hall.alice, started.response, "A")
    assert "part of an open challenge, match or duel now" in texts(started.response)
    assert await hall.store.answer_count(first.id) == 0
    await click(hall.alice, started.response, "Go on")
    assert "Question 2 of 3" in texts(started.response)
    for label in ("A", "Next question", "A", "See my result"):
        await click(hall.alice, started.response, label)
    said = texts(started.response)
    assert "of 2 right" in said
    assert f"**{first.shown.question.key}**" not in said


async def test_nobody_answers_for_somebody_else(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    with pytest.raises(SetupError):  # Discord does not even show it to others
        await hall.ben.click(started.response, label="A")


async def test_practice_outside_a_server_gives_no_points(hall):
    started = await hall.alice.user.slash("quiz", count=1)
    post = await hall.store.post(quiz_post_id(started.response))
    assert post.guild_id is None
    await hall.alice.user.click(started.response, label=LETTERS[post.shown.key])
    assert "point" not in texts(started.response)
    score = await hall.alice.slash(hall.channel, "score")
    assert "0 points" in texts(score.response)


async def test_a_round_of_the_day_before_yesterday_is_over(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    await slowed(hall)
    for _ in range(2):
        await hall.env.advance_time(24 * 3600)
    refused = await click(hall.alice, started.response, "A")
    assert "That round is over." in texts(refused.response)
    score = await hall.store.score(hall.guild.id, hall.alice.id)
    assert score.quiz_answered == 0
