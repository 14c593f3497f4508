"""Reports: a member says that a question is wrong, managers look at it, the bot holds it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.doubt import ENOUGH, GOOD_ANSWERS
from bot.core.post import show
from tests.cogs.acting import (
    START,
    advance_to,
    forge,
    open_post,
    posted_now,
    quiz_post_id,
    revealed_now,
    right,
    slowed,
)
from tests.conftest import make_bot
from tests.simworld import buttons, modal_texts, texts

REPORT = "Report: this is wrong"


async def reported(hall, member, message, reason=None):
    form = await member.click(message, label=REPORT)
    assert "What is wrong? (optional)" in modal_texts(form.modal)
    field = form.modal["components"][0]["component"]["custom_id"]
    return await member.submit_modal(form, {field: reason} if reason else {})


async def queue(hall):
    return await hall.manager.slash(hall.channel, "questions reports")


async def test_a_report_reaches_the_managers_without_a_name(hall):
    await posted_now(hall)
    message = await revealed_now(hall)
    post = await hall.store.post(1)
    said = await reported(hall, hall.alice, message, "Two answers fit.")
    assert texts(said.response).startswith("Thank you. The managers see it")
    assert said.ephemeral
    again = await reported(hall, hall.alice, message, "Three answers *fit*.")
    assert texts(again.response).startswith("Your report is updated.")
    await reported(hall, hall.ben, message)
    shown = await queue(hall)
    text = texts(shown.response)
    assert shown.ephemeral
    assert "Question 1 of 1 · 2 reports" in text
    assert post.shown.question.prompt in text
    assert f"{post.shown.question.key}  ← key**" in text
    assert "“Three answers \\*fit\\*.”" in text
    assert "Two answers fit" not in text
    assert str(hall.alice.id) not in text
    status = await hall.manager.slash(hall.channel, "daily status")
    assert "1 question to look at, 0 of them held: `/questions reports`" in texts(status.response)


async def test_a_quiz_question_can_be_reported_once_it_is_answered(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post = await hall.store.post(quiz_post_id(started.response))
    message = await hall.chi.send(hall.channel, "hello")
    early = await forge(hall, f"report:{post.id}", by=hall.alice, on=message)
    assert "That question is still open." in texts(early.response)
    await hall.alice.click(started.response, label=right(post))
    said = await reported(hall, hall.alice, started.response, "An old name.")
    assert "Thank you." in texts(said.response)
    foreign = await forge(hall, f"report:{post.id}", by=hall.ben, on=message)
    assert "These buttons belong to someone else." in texts(foreign.response)
    text = texts((await queue(hall)).response)
    assert post.shown.question.prompt in text
    assert "1 in all" in text


async def test_an_open_challenge_cannot_be_reported_and_tells_nothing(hall):
    message = await posted_now(hall)
    refused = await forge(hall, "report:1", by=hall.alice, on=message)
    assert "Report it when its answer is out." in texts(refused.response)
    for custom_id in ("report:x", "report:99", "report"):
        refused = await forge(hall, custom_id, by=hall.alice, on=message)
        assert "not one of" in texts(refused.response)
    assert REPORT not in {b.label for b in buttons(message)}


async def test_a_form_that_was_open_over_a_restart_is_taken(hall, shelf):
    await posted_now(hall)
    message = await revealed_now(hall)
    form = await hall.alice.click(message, label=REPORT)
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    field = form.modal["components"][0]["component"]["custom_id"]
    said = await hall.alice.submit_modal(form, {field: "Outdated."})
    assert "Thank you." in texts(said.response)
    (doubt,) = await hall.store.doubts(hall.guild.id)
    assert doubt.reports[0].reason == "Outdated."


async def test_managers_hold_and_release(hall):
    await posted_now(hall, topic="threat-detection")
    message = await revealed_now(hall)
    question = (await hall.store.post(1)).shown.question
    await reported(hall, hall.alice, message, "Wrong.")
    shown = (await queue(hall)).response
    assert [b.label for b in buttons(shown)] == ["Hold: don't ask it", "It is fine"]
    await hall.manager.click(shown, label="Hold: don't ask it")
    assert "**Held: it is not asked here.** A manager held it." in texts(shown)
    assert await hall.store.held_questions(hall.guild.id) == {question.id}
    for member in (hall.alice, hall.ben):
        started = await member.slash(hall.channel, "quiz", topic="threat-detection", count=20)
        post = await hall.store.post(quiz_post_id(started.response))
        drawn = await hall.store.round_posts(post.round_id)
        assert question.id not in {p.shown.question.id for p in drawn}
    await hall.manager.click(shown, label="Release: ask it again")
    assert "Nothing is reported and nothing is held." in texts(shown)
    assert await hall.store.held_questions(hall.guild.id) == frozenset()


async def test_the_queue_turns_its_pages(hall):
    for question in hall.bot.shelf.pool[:3]:
        await hall.store.report_question(
            hall.guild.id, question, member_id=5, reason=None, at=START
        )
    shown = (await queue(hall)).response
    assert "Question 1 of 3" in texts(shown)
    await hall.manager.click(shown, label="Next")
    assert "Question 2 of 3" in texts(shown)
    await hall.manager.click(shown, label="Next")
    assert [b.label for b in buttons(shown)][-1] == "Back"
    await hall.manager.click(shown, label="It is fine")
    assert "Question 2 of 2" in texts(shown)
    await hall.manager.click(shown, label="Back")
    assert "Question 1 of 2" in texts(shown)


@pytest.mark.parametrize("custom_id", ["hold:1:0", "settle:1:0", "doubts:0"])
async def test_the_queue_is_the_managers(hall, custom_id):
    message = await posted_now(hall)
    await hall.store.report_question(
        hall.guild.id, hall.bot.shelf.pool[0], member_id=5, reason=None, at=START
    )
    refused = await forge(hall, custom_id, by=hall.alice, on=message)
    assert "Manage Server" in texts(refused.response)
    (doubt,) = await hall.store.doubts(hall.guild.id)
    assert doubt.state == "reported"
    gone = await forge(hall, "hold:99:0", by=hall.manager, on=message)
    assert "not in this server's list any more" in texts(gone.response)


async def test_the_queue_hides_a_question_that_is_asked_just_now(hall):
    await posted_now(hall)
    question = (await open_post(hall)).shown.question
    await hall.store.report_question(
        hall.guild.id, question, member_id=5, reason=None, at=hall.bot.clock()
    )
    assert question.prompt not in texts((await queue(hall)).response)
    await revealed_now(hall)
    assert question.prompt in texts((await queue(hall)).response)


# ------------------------------------------------------------------------- held by itself


async def seasoned(hall, members, pool):
    """Let members be right at enough other questions, as quizzes do it."""
    for member_id in members:
        round_ = await hall.store.start_round(
            member_id=member_id,
            guild_id=hall.guild.id,
            shown=[show(question, hall.bot.rng) for question in pool[:GOOD_ANSWERS]],
            study_date=START.date(),
            now=START,
        )
        for post in round_.posts:
            await hall.store.record_answer(
                post.id, member_id=member_id, place=post.shown.key, at=START
            )


async def test_a_key_that_good_members_refute_is_held_and_named(hall):
    await hall.setup_daily(topic="threat-detection")
    await hall.manager.slash(hall.channel, "daily now")
    post = await open_post(hall)
    question = post.shown.question
    others = [q for q in hall.bot.shelf.pool if q.id != question.id]
    good = range(1001, 1001 + ENOUGH)
    await seasoned(hall, good, others)
    wrong = (post.shown.key + 1) % 4
    for member_id in good:
        await hall.store.record_answer(post.id, member_id=member_id, place=wrong, at=START)
    await revealed_now(hall)
    assert await hall.store.held_questions(hall.guild.id) == {question.id}
    text = texts((await queue(hall)).response)
    assert "**Held: it is not asked here.**" in text
    assert f"Of {ENOUGH} good members {ENOUGH} took “{post.shown.options[wrong]}”" in text
    assert f"{ENOUGH} in all, {ENOUGH} of them good" in text
    assert await hall.store.held_questions(hall.guild.id) == {question.id}


async def test_the_next_challenge_is_not_one_that_is_held(hall):
    await slowed(hall, timedelta(hours=1))
    await hall.setup_daily(topic="threat-detection")
    pool = hall.bot.shelf.questions_on("threat-detection")
    allowed = [q for q in pool if len(q.choices) == 4][:2]
    for question in pool:
        if question not in allowed:
            await hall.store.hold_question(hall.guild.id, question, why="a test", at=START)
    await advance_to(hall, START + timedelta(days=2, hours=10))
    asked = {p.shown.question.id for p in await hall.store.last_posts(hall.guild.id, 9)}
    assert asked == {question.id for question in allowed}
