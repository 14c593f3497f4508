"""Discord says no: at every request that the bot makes, whatever the reason.

A member gets a sentence or nothing, never a traceback; what was recorded stays; the bot goes on.
SimCord's own error check fails a test in which an exception escaped.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from simcord import InteractionResult

from bot.app import StudyBot
from bot.ui.report import APOLOGY
from tests.cogs.acting import (
    START,
    advance_to,
    open_post,
    posted_now,
    quiz_post_id,
    quiz_right,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.cogs.duelling import accepted, questions
from tests.cogs.test_streaks import reminded_hall
from tests.conftest import TICK, Hall, make_bot
from tests.content.samples import GOOD
from tests.simworld import NonceRoute, buttons, one_thread_a_message, texts
from tests.store.ledger import standing

Act = Callable[[], Awaitable[InteractionResult]]
STATUSES = [(403, 50013), (404, 10062), (500, 0)]
CALLBACK = ("POST", "/interactions/{id}/{token}/callback")
FOLLOW_UP = ("POST", "/webhooks/{id}/{token}")
EDIT_ORIGINAL = ("PATCH", "/webhooks/{id}/{token}/messages/@original")
SEND = ("POST", "/channels/{id}/messages")
EDIT = ("PATCH", "/channels/{id}/messages/{id}")
HISTORY = ("GET", "/channels/{id}/messages")
FETCH = ("GET", "/channels/{id}/messages/{id}")
OWNER = ("GET", "/oauth2/applications/@me")
COMMANDS = ("PUT", "/applications/{id}/commands")
THREAD = ("POST", "/channels/{id}/messages/{id}/threads")
MEMBER = ("GET", "/guilds/{id}/members/{id}")
OPEN_DM = ("POST", "/users/@me/channels")


def route_of(request) -> tuple[str, str]:
    path = re.sub(r"simcord_interaction_\d+", "{token}", request.path)
    return request.method, re.sub(r"\d{15,}", "{id}", path)


def refuse(hall, route, status, code=0, times: int | None = 1) -> None:
    pattern = re.sub(r"{\w+}", "*", route[1])
    hall.env.inject_error(route[0], pattern, status=status, code=code, times=times)


def know_little(hall: Hall) -> None:
    """Put a small file in place of the shipped knowledge, which takes long to read again."""
    hall.bot.knowledge_path = hall.store.path.with_name("data-protection.yaml")
    hall.bot.knowledge_path.write_text(GOOD, encoding="utf-8")


async def acts(hall: Hall) -> dict[str, Act]:
    """Return everything a person can do that is answered, by name; the order matters."""
    card = (await hall.alice.slash(hall.channel, "ask", question="guardduti")).response
    comparing = await hall.alice.slash(hall.channel, "ask", question="which service detects PII?")
    show = next(b.label for b in buttons(comparing.response) if b.custom_id.startswith("show:"))
    started = (await hall.alice.slash(hall.channel, "quiz", count=2)).response
    board = (await hall.ben.slash(hall.channel, "leaderboard")).response
    ask = (await hall.ben.slash(hall.channel, "data delete", where="this server")).response
    ask2 = (await hall.ben.slash(hall.channel, "data delete", where="everywhere")).response
    message = await hall.ben.send(hall.channel, "which service converts text to speech")
    await hall.setup_daily()
    await hall.env.advance_time(40)
    drafts = [
        (await hall.manager.slash(hall.channel, "daily setup", time="09:30", role=role)).response
        for role in [hall.guild.create_role("Daily", mentionable=True)] * 3
    ]
    skipped = (await hall.manager.slash(hall.channel, "daily skip")).response
    for number in range(2):
        question = hall.bot.shelf.pool[number]
        await hall.store.report_question(
            hall.guild.id, question, member_id=5, reason=None, at=START
        )
    await hall.env.advance_time(40)
    reports = (await hall.manager.slash(hall.channel, "questions reports")).response
    hall.bot.owner_id = hall.manager.id
    know_little(hall)

    def slash(member, name, **options):
        return lambda: member.slash(hall.channel, name, **options)

    def click(member, on, **button):
        return lambda: member.click(on() if callable(on) else on, **button)

    def last():
        return hall.messages()[-1]

    return {
        "ask": slash(hall.alice, "ask", question="waf"),
        "ask privately": slash(hall.alice, "ask", question="waf", private=True),
        "ask in vain": slash(hall.alice, "ask", question="capital of france"),
        "look up": lambda: hall.alice.context_menu(hall.channel, "Look this up", message),
        "show": click(hall.ben, comparing.response, label=show),
        "quiz me": click(hall.ben, card, label="Quiz me on this"),
        "quiz": slash(hall.ben, "quiz", count=1),
        "quiz answer": click(hall.alice, started, custom_id=f"quiz:{quiz_post_id(started)}:0"),
        "score": slash(hall.alice, "score"),
        "leaderboard": slash(hall.alice, "leaderboard"),
        "turn": click(hall.ben, board, label="All time"),
        "take a skip back": click(hall.manager, skipped, label="Post it after all"),
        "setup": slash(hall.manager, "daily setup", time="09:00"),
        "mention nobody": click(hall.manager, drafts[0], label="Mention nobody"),
        "discard": click(hall.manager, drafts[1], label="Cancel"),
        "save": click(hall.manager, drafts[2], label="Save"),
        "preview": slash(hall.manager, "daily preview"),
        "skip": slash(hall.manager, "daily skip"),
        "pause": slash(hall.manager, "daily pause"),
        "resume": slash(hall.manager, "daily resume"),
        "history": slash(hall.manager, "daily history"),
        "reports": slash(hall.manager, "questions reports"),
        "next report": click(hall.manager, reports, label="Next"),
        "hold": click(hall.manager, reports, custom_id="hold:2:1"),
        "settle": click(hall.manager, reports, label="Release: ask it again"),
        "status of the challenge": slash(hall.manager, "daily status"),
        "now": slash(hall.manager, "daily now"),
        "answer": click(hall.chi, last, label="A"),
        "reveal": slash(hall.manager, "daily reveal"),
        "own result": click(hall.chi, last, label="My result"),
        "look it up": click(hall.chi, last, label="Look it up"),
        "report": click(hall.chi, last, label="Report: this is wrong"),
        "off": slash(hall.manager, "daily off"),
        "missed": slash(hall.manager, "knowledge missed"),
        "reload": slash(hall.manager, "knowledge reload"),
        "status": slash(hall.manager, "status"),
        "help": slash(hall.alice, "help"),
        "export": slash(hall.ben, "data export"),
        "delete": slash(hall.alice, "data delete", where="everywhere"),
        "keep": click(hall.ben, ask, label="Keep it"),
        "forget": click(hall.ben, ask2, label="Delete it"),
    }


ONCE_ONLY = {"take a skip back", "mention nobody", "discard", "save", "next report", "hold"}
ONCE_ONLY |= {"settle", "quiz answer", "turn", "now", "reveal", "keep", "forget"}
"""Their button or occasion is gone when they have succeeded."""


@pytest.mark.parametrize(("status", "code"), STATUSES)
@pytest.mark.parametrize("times", [1, None])
async def test_a_refused_answer_to_a_person_is_survived_and_the_next_one_comes(
    hall, status, code, times
):
    await advance_to(hall, START + timedelta(hours=1))
    for name, act in (await acts(hall)).items():
        await hall.env.advance_time(40)  # for the cooldown
        refuse(hall, CALLBACK, status, code, times)
        refused = await act()
        hall.env.backend.faults.clear()
        if times == 1:
            assert texts(refused.response) == APOLOGY, name
            assert refused.ephemeral, name
        else:
            assert refused.response is None, name
        again = await act()
        assert again.acknowledged, name
        if again.modal is None:
            assert APOLOGY not in texts(again.response), name


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_acknowledgement_loses_no_answer(hall, status, code):
    message = await posted_now(hall)
    post = await open_post(hall)
    refuse(hall, CALLBACK, status, code, None)
    await hall.alice.click(message, label=right(post))
    hall.env.backend.faults.clear()
    await hall.env.advance_time(4)
    assert "1 answer so far" in texts(hall.messages()[0])
    again = await hall.alice.click(message, label=wrong(post))
    assert f"Your first answer stands: **{right(post)}" in texts(again.response)
    assert "1 of 1 answer right." in texts(await revealed_now(hall))
    assert (await standing(hall.store, hall.guild.id, hall.alice.id)).rank == 1


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_quiz_result_loses_no_answer(hall, status, code):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post = await hall.store.post(quiz_post_id(started.response))
    refuse(hall, CALLBACK, status, code, None)
    await hall.alice.click(started.response, label=right(post))
    hall.env.backend.faults.clear()
    again = await hall.alice.click(started.response, label=wrong(post))
    assert again.acknowledged
    assert "Right! (2 points)" in texts(started.response)


async def test_a_duels_question_that_was_refused_takes_no_time_and_is_shown_again(hall):
    message = await accepted(hall)
    first, second, *_ = await questions(hall)

    async def refused(act: Awaitable[InteractionResult], place: int) -> None:
        await act
        hall.env.backend.faults.clear()
        assert not await hall.store.was_shown(first.contest_id, place, hall.ben.id)

    refuse(hall, CALLBACK, 404, 10062, None)
    await refused(hall.ben.click(message, label="Play"), 0)
    shown = (await hall.ben.click(message, label="Play")).response
    assert first.shown.question.prompt in texts(shown)
    refuse(hall, CALLBACK, 404, 10062, None)
    await refused(hall.ben.click(shown, label=right(first)), 1)
    await hall.env.advance_time(60)
    again = await hall.ben.click(shown, label=wrong(first))
    assert second.shown.question.prompt in texts(again.response)
    turn = await hall.store.duel_turn(1, hall.ben.id, hall.bot.clock())
    assert (turn.post.id, turn.shown_at) == (second.id, hall.bot.clock())
    assert (await hall.store.answer_of(first.id, hall.ben.id)).is_correct


async def test_a_refused_invitation_to_a_team_uses_none_up(hall):
    await hall.alice.slash(hall.channel, "team create", name="Foxes")
    for status, code in STATUSES:  # as often as a member may be invited within a day
        refuse(hall, CALLBACK, status, code, None)
        await hall.alice.slash(hall.channel, "team invite", member=hall.ben)
        hall.env.backend.faults.clear()
    invited = await hall.alice.slash(hall.channel, "team invite", member=hall.ben)
    assert f"invites <@{hall.ben.id}> to join" in texts(invited.response)


@pytest.mark.parametrize(("status", "code"), STATUSES)
@pytest.mark.parametrize("times", [1, None])
async def test_a_refused_follow_up_undoes_nothing(hall, status, code, times):
    know_little(hall)
    hall.bot.owner_id = hall.manager.id
    await hall.setup_daily()
    for command in ("daily now", "daily reveal", "knowledge reload", "data export"):
        refuse(hall, FOLLOW_UP, status, code, times)
        await hall.manager.slash(hall.channel, command)
        hall.env.backend.faults.clear()
        (message,) = hall.messages()
        assert ("closed" in texts(message)) == (command != "daily now")
        again = await hall.manager.slash(hall.channel, command)
        assert again.acknowledged
        assert APOLOGY not in texts(again.response)
        assert len(hall.messages()) == 1


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_confirmation_does_not_bring_the_data_back(hall, status, code):
    message = await posted_now(hall)
    await hall.alice.click(message, label="A")
    asked = await hall.alice.slash(hall.channel, "data delete", where="this server")
    refuse(hall, EDIT_ORIGINAL, status, code)
    result = await hall.alice.click(asked.response, label="Delete it")
    assert APOLOGY in [texts(m) for m in result.followups]
    assert await hall.store.answer_count(1) == 0


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_post_by_hand_says_why_and_the_clock_sends_it(hall, status, code):
    await hall.setup_daily()
    refuse(hall, SEND, status, code)
    result = await hall.manager.slash(hall.channel, "daily now")
    sentence = {403: "I may not post", 404: "The channel is gone", 500: "I try again"}[status]
    assert sentence in texts(result.response)
    assert hall.messages() == []
    again = await hall.manager.slash(hall.channel, "daily now")
    assert "Posted:" in texts(again.response)
    assert len(hall.messages()) == 1


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_live_count_is_caught_up(hall, status, code):
    message = await posted_now(hall)
    refuse(hall, EDIT, status, code)
    await hall.alice.click(message, label="A")
    await hall.env.advance_time(4)
    await hall.ben.click(message, label="A")
    await hall.env.advance_time(4)
    assert "2 answers so far" in texts(hall.messages()[0])


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_link_to_the_next_challenge_does_not_lose_it(hall, status, code):
    await posted_now(hall)
    await revealed_now(hall)
    await slowed(hall, timedelta(hours=1))
    refuse(hall, EDIT, status, code)
    await advance_to(hall, START + timedelta(hours=32, minutes=10))
    first, second = hall.messages()
    assert "closed" in texts(first)
    assert "so far" in texts(second)
    assert (await open_post(hall)).message_id == second.id


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_reveal_is_tried_until_it_shows(hall, status, code):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    refuse(hall, EDIT, status, code, None)
    await hall.env.advance_time(4)
    await hall.manager.slash(hall.channel, "daily reveal")
    await hall.env.advance_time(3 * TICK.total_seconds())
    hall.env.backend.faults.clear()
    await hall.env.advance_time(3 * TICK.total_seconds())
    if status == 404:  # the message is gone: nothing is left to be shown
        assert await hall.store.unrevealed_posts() == ()
    else:
        assert "closed" in texts(hall.messages()[0])
    score = await hall.alice.slash(hall.channel, "score")
    assert "## 10 points" in texts(score.response)


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_look_at_the_channel_sends_nothing_twice(hall, status, code, shelf):
    await hall.setup_daily()
    with NonceRoute(hall.env) as route:
        route.lose_response()
        await hall.manager.slash(hall.channel, "daily now")
    refuse(hall, HISTORY, status, code, 3)
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    await advance_to(hall, START + timedelta(hours=9))
    (message,) = hall.messages()
    assert (await open_post(hall)).message_id == message.id


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_look_at_an_open_message_posts_it_again_only_when_it_is_gone(
    hall, status, code, shelf
):
    await posted_now(hall)
    refuse(hall, FETCH, status, code)
    bot = StudyBot(
        store=hall.store,
        shelf=shelf,
        knowledge_path=hall.bot.knowledge_path,
        tick=TICK,
        repost_missing=True,
    )
    await hall.env.restart_bot(bot)
    assert len(hall.messages()) == (2 if status == 404 else 1)


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_word_on_the_owner_lets_nobody_in(hall, status, code):
    refuse(hall, OWNER, status, code)
    result = await hall.manager.slash(hall.channel, "status")
    assert texts(result.response) == APOLOGY


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_refused_commands_do_not_keep_the_bot_from_its_challenges(hall, status, code, shelf):
    await hall.setup_daily()
    refuse(hall, COMMANDS, status, code, None)
    bot = make_bot(hall.store, shelf)
    await hall.store.set_meta(f"commands of {hall.bot.application_id}", "older")
    await hall.env.restart_bot(bot)
    await advance_to(hall, START + timedelta(hours=8, minutes=10))
    assert len(hall.messages()) == 1
    assert await hall.store.get_meta(f"commands of {hall.bot.application_id}") == "older"
    hall.env.backend.faults.clear()
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    assert await hall.store.get_meta(f"commands of {hall.bot.application_id}") != "older"


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_look_for_a_member_takes_nobody_off_the_board(hall, status, code):
    await quiz_right(hall, hall.alice)
    refuse(hall, MEMBER, status, code, None)
    for _ in range(2):
        board = await hall.ben.slash(hall.channel, "leaderboard")
        assert f"<@{hall.alice.id}>" in texts(board.response)
        assert APOLOGY not in texts(board.response)


@pytest.mark.parametrize(("status", "code"), STATUSES)
async def test_a_refused_reminder_holds_up_nothing(hall, status, code):
    post = await reminded_hall(hall)
    refuse(hall, OPEN_DM, status, code, None)
    await advance_to(hall, post.closes_at - timedelta(hours=2))
    hall.env.backend.faults.clear()
    assert await hall.store.reminds(hall.guild.id, hall.alice.id) is (status != 403)
    await advance_to(hall, post.closes_at + timedelta(hours=1))
    assert (await hall.store.post(post.id)).revealed_at is not None


async def test_every_request_that_the_bot_makes_has_its_refusal_above(hall, shelf):
    for act in (await acts(hall)).values():
        await hall.env.advance_time(40)
        await act()
    await hall.alice.autocomplete(hall.channel, "ask", "question", "wa")
    await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> waf")
    await hall.alice.send_dm("waf")
    hall.bot.owner_id = None
    await hall.manager.slash(hall.channel, "status")
    hall.bot.shelf = shelf  # one of the acts reloads a small one
    await hall.setup_daily(thread=True)
    await slowed(hall, timedelta(hours=1))
    with NonceRoute(hall.env) as route, one_thread_a_message(hall.env):
        route.lose_response()
        await advance_to(hall, START + timedelta(hours=34))
        refuse(hall, SEND, 403, times=1)
        await advance_to(hall, START + timedelta(hours=60))
    for _ in range(2):
        bot = StudyBot(
            store=hall.store,
            shelf=shelf,
            knowledge_path=hall.bot.knowledge_path,
            always_sync=True,
            repost_missing=True,
        )
        await hall.env.restart_bot(bot)
    refused = {CALLBACK, FOLLOW_UP, EDIT_ORIGINAL, SEND, EDIT, HISTORY, FETCH, OWNER, COMMANDS}
    refused |= {MEMBER, OPEN_DM}
    refused |= {THREAD}  # in test_threads
    assert {route_of(request) for request in hall.env.http_requests} == refused
