"""Buttons that the bot never made, or made for somebody else, or a long time ago."""

from __future__ import annotations

import pytest

from bot.core.post import LETTERS
from tests.cogs.acting import forge, open_post, posted_now, quiz_post_id, revealed_now, right
from tests.simworld import buttons, texts

HUGE = "9" * 80
NOT_MINE = "That button is not one of mine."


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("daily", NOT_MINE),
        ("daily:1", NOT_MINE),
        ("daily:1:0:0", NOT_MINE),
        ("daily:1:0:0:0", NOT_MINE),
        ("daily:x:0", NOT_MINE),
        ("daily:-1:0", NOT_MINE),
        (f"daily:{HUGE}:0", NOT_MINE),
        (f"daily:1:{HUGE}", NOT_MINE),
        ("daily:1:x", NOT_MINE),
        ("daily:1:-1", NOT_MINE),
        ("daily:1:9", "That option is not one of this question's."),
        ("daily:1:999999999999999999", "That option is not one of this question's."),
        ("daily:999999999999999999:0", "That challenge is not one of this server's."),
        ("mine:1", "That challenge is still open."),
        ("mine:x", NOT_MINE),
        ("quiz:1", NOT_MINE),
        ("quiz:1:0", "That question is gone."),
        (f"quiz:{HUGE}:0", NOT_MINE),
        ("quiz:999:0", "That question is gone."),
        ("next:1:0", "These buttons belong to someone else."),
        ("next:x:0", NOT_MINE),
        ("next:1", NOT_MINE),
        ("quizme:no-such-entry", "There are no questions about that yet."),
        ("quizme", NOT_MINE),
        ("show:no-such-entry", "That entry is not in my knowledge any more."),
        ("show:a:b", NOT_MINE),
        ("board:year", NOT_MINE),
        ("board", NOT_MINE),
        ("keep:1", NOT_MINE),
        ("forget:1", NOT_MINE),
        ("gone:1", "That button belongs to an older version of me."),
        ("interaction:1", "That button belongs to an older version of me."),
    ],
)
async def test_a_forged_button_gets_a_sentence_and_changes_nothing(hall, custom_id, sentence):
    message = await posted_now(hall)
    post = await open_post(hall)
    assert post.id == 1
    result = await forge(hall, custom_id, by=hall.alice, on=message)
    assert sentence in texts(result.response)
    assert result.ephemeral
    assert await hall.store.answer_count(post.id) == 0
    assert await hall.store.score(hall.guild.id, hall.alice.id) == await hall.store.score(
        hall.guild.id, hall.ben.id
    )


async def test_another_servers_challenge_is_refused(hall):
    message = await posted_now(hall)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    stranger = other.add_member(hall.env.create_user("stranger"))
    await hall.env.settle()
    for custom_id in ("daily:1:0", "mine:1"):
        result = await forge(hall, custom_id, by=stranger, on=message)
        assert "not one of this server's" in texts(result.response)
    for custom_id in ("daily:1:0", "mine:1"):
        result = await forge(hall, custom_id, by=hall.alice.user, on=message)
        assert "not one of this server's" in texts(result.response)
    assert await hall.store.answer_count(1) == 0


async def test_a_quiz_question_is_no_challenge_and_a_challenge_no_quiz_question(hall):
    message = await posted_now(hall)
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post_id = quiz_post_id(started.response)
    as_daily = await forge(hall, f"daily:{post_id}:0", by=hall.alice, on=message)
    assert "not one of this server's" in texts(as_daily.response)
    as_quiz = await forge(hall, "quiz:1:0", by=hall.alice, on=message)
    assert "That question is gone." in texts(as_quiz.response)
    assert await hall.store.answer_count(post_id) == 0
    assert await hall.store.answer_count(1) == 0


async def test_somebody_elses_round_is_out_of_reach(hall):
    message = await posted_now(hall)
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    post = await hall.store.post(quiz_post_id(started.response))
    for custom_id in (f"quiz:{post.id}:0", f"next:{post.round_id}:1", f"next:{post.round_id}:2"):
        result = await forge(hall, custom_id, by=hall.ben, on=message)
        assert "These buttons belong to someone else." in texts(result.response)
    assert await hall.store.answer_count(post.id) == 0


@pytest.mark.parametrize("place", ["1", "2", "99", "999999999999999999"])
async def test_a_round_cannot_be_skipped_to_its_keys(hall, place):
    """The result names what was right, so it is for rounds that were answered."""
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    post = await hall.store.post(quiz_post_id(started.response))
    custom_id = f"next:{post.round_id}:{place}"
    await forge(hall, custom_id, by=hall.alice, on=started.response.message)
    said = texts(started.response)
    assert "Question 1 of 2" in said
    for asked in await hall.store.round_posts(post.round_id):
        assert f"**{asked.shown.question.key}**" not in said
    score = await hall.store.score(hall.guild.id, hall.alice.id)
    assert score.quiz_answered == 0


async def test_an_answered_question_may_be_left_behind_only_for_the_next_one(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=3)
    post = await hall.store.post(quiz_post_id(started.response))
    await hall.alice.click(started.response, label="A")
    custom_id = f"next:{post.round_id}:3"
    await forge(hall, custom_id, by=hall.alice, on=started.response.message)
    assert "Question 2 of 3" in texts(started.response)


async def test_a_late_press_on_an_open_message_meets_a_closed_challenge(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await revealed_now(hall)
    late = await forge(hall, f"daily:{post.id}:{post.shown.key}", by=hall.alice, on=message)
    assert "That challenge is closed." in texts(late.response)
    assert await hall.store.answer_count(post.id) == 0


async def test_a_stale_quiz_button_shows_what_was_answered(hall):
    message = await posted_now(hall)
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    post = await hall.store.post(quiz_post_id(started.response))
    await hall.alice.click(started.response, label=right(post))
    await hall.alice.click(started.response, label="Next question")
    for place in range(len(post.shown.options)):
        await forge(hall, f"quiz:{post.id}:{place}", by=hall.alice, on=message)
    answer = await hall.store.answer_of(post.id, hall.alice.id)
    assert LETTERS[answer.place] == right(post)
    score = await hall.store.score(hall.guild.id, hall.alice.id)
    assert (score.quiz_answered, score.quiz_points) == (1, 2)


async def test_no_button_of_an_open_question_names_its_answer(hall):
    message = await posted_now(hall)
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    ids = [b.custom_id for b in (*buttons(message), *buttons(started.response))]
    assert all(i.split(":")[0] in ("daily", "quiz") for i in ids)
    assert [i.split(":")[2] for i in ids] == [*"0123", *"0123"[: len(ids) - 4]]
