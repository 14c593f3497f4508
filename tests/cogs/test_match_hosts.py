"""Who may do what in a match: joining, leaving, and what a host and managers do."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from bot.cogs import match_results
from bot.core.match import LOBBY_LASTS, PAUSE_LASTS
from tests.cogs.acting import advance_to, forge
from tests.cogs.playing import (
    at_second,
    begun,
    closed,
    current,
    finale,
    labels,
    lobby,
    message,
    next_question,
    pick,
    question_message,
    round_now,
    wait,
)
from tests.simworld import buttons, race, texts

HOSTS_ONLY = "That is for the host of this match and the server's managers."


async def said(action) -> str:
    return texts((await action).response)


async def test_the_lobby_shows_the_rules_of_its_settings(hall):
    opened = await lobby(hall, hall.alice, questions=7, seconds=30, late=0, topic="Storage")
    said = texts(opened)
    assert "## Match: 7 questions on Storage" in said
    assert "30 seconds for each question" in said
    assert "1,000 points at once, falling evenly to 500 at the bell" in said
    assert "Then the bell rings, and no answer counts." in said
    assert labels(opened) == ["Join", "Leave", "Start", "Call it off"]


async def test_without_speed_the_rules_say_so(hall):
    said = texts(await lobby(hall, hall.alice, speed=False, late=5))
    assert "scores 1,000 points; speed counts for nothing" in said
    assert "After the bell, answers count for 5 more seconds." in said


async def test_joining_twice_leaving_twice_and_coming_back(hall):
    opened = await lobby(hall, hall.alice)
    assert (await said(hall.ben.click(opened, label="Join"))).startswith("You are in. It begins")
    assert await said(hall.ben.click(opened, label="Join")) == "You are in already."
    assert await said(hall.ben.slash(hall.channel, "match join")) == "You are in already."
    await hall.env.advance_time(2)
    assert f"**Players (2)**\n<@{hall.alice.id}>, <@{hall.ben.id}>" in texts(hall.messages()[-1])
    assert (await said(hall.ben.click(opened, label="Leave"))).startswith("You left.")
    assert await said(hall.ben.click(opened, label="Leave")) == "You are not in this match."
    await hall.env.advance_time(2)
    assert "**Players (1)**" in texts(hall.messages()[-1])
    assert (await said(hall.ben.slash(hall.channel, "match join"))).startswith("You are in.")


async def test_only_the_host_or_a_manager_starts_it(hall):
    opened = await lobby(hall, hall.alice)
    await hall.ben.click(opened, label="Join")
    assert (await said(hall.ben.click(opened, label="Start"))).startswith(HOSTS_ONLY)
    assert (await said(hall.ben.click(opened, label="Call it off"))).startswith(HOSTS_ONLY)
    assert await said(hall.manager.click(opened, label="Start")) == "It begins."
    assert (await current(hall)).phase == "ready"
    assert [one.is_in for one in (await hall.store.contest(1)).contestants] == [True, True]


async def test_starting_twice_at_once_begins_it_once(hall):
    opened = await lobby(hall, hall.alice, questions=3)
    results = await race(
        hall.env, *(member.click(opened, label="Start") for member in (hall.alice, hall.manager))
    )
    told = sorted(texts(result.response) for result in results)
    assert told == ["It begins.", "It has begun already."]
    assert len(await hall.store.contest_posts(1)) == 3


async def test_a_host_who_leaves_hands_over_and_gets_it_back(hall):
    opened = await lobby(hall, hall.alice)
    await hall.ben.click(opened, label="Join")
    await hall.chi.click(opened, label="Join")
    await hall.alice.click(opened, label="Leave")
    await hall.env.advance_time(2)
    assert f"Host: <@{hall.ben.id}>, who starts it." in texts(hall.messages()[-1])
    assert (await said(hall.alice.click(opened, label="Start"))).startswith(HOSTS_ONLY)
    assert await said(hall.ben.click(opened, label="Start")) == "It begins."
    await next_question(hall)
    assert await said(hall.ben.slash(hall.channel, "match pause")) != ""
    assert (await said(hall.alice.slash(hall.channel, "match join"))).startswith("You are in")
    assert await said(hall.alice.slash(hall.channel, "match resume")) == "It goes on."
    assert (await said(hall.ben.slash(hall.channel, "match skip"))).startswith(HOSTS_ONLY)


async def test_a_lobby_that_all_left_waits_for_the_next_one(hall):
    opened = await lobby(hall, hall.alice)
    await hall.alice.click(opened, label="Leave")
    await hall.env.advance_time(2)
    assert "Nobody yet. Whoever joins first is the host." in texts(hall.messages()[-1])
    assert "Nobody has joined yet." in await said(hall.manager.click(opened, label="Start"))
    await hall.chi.click(opened, label="Join")
    assert await said(hall.chi.click(opened, label="Start")) == "It begins."


async def test_a_lobby_that_nobody_starts_closes_by_itself(hall):
    opened = await lobby(hall, hall.alice)
    await wait(hall, LOBBY_LASTS + timedelta(seconds=5))
    assert await hall.store.running_matches() == ()
    closed_lobby = message(hall, opened.id)
    assert "Nobody started it in time." in texts(closed_lobby)
    assert buttons(closed_lobby) == []
    assert (await hall.store.contest(1)).is_cancelled
    await lobby(hall, hall.ben)  # and the channel is free


async def test_calling_off_a_lobby(hall):
    opened = await lobby(hall, hall.alice)
    assert await said(hall.alice.click(opened, label="Call it off")) == "Called off."
    await hall.env.advance_time(2)
    assert "It was called off." in texts(message(hall, opened.id))
    assert await hall.store.last_match(hall.guild.id) is None


async def test_a_pause_hides_the_question_and_takes_no_answers(hall):
    await begun(hall, hall.alice, hall.ben)
    await at_second(hall, 5)
    post = (await round_now(hall)).post
    told = await said(hall.alice.slash(hall.channel, "match pause"))
    assert told == "Paused. **Go on** or `/match resume` continues it."
    await hall.env.advance_time(2)
    shown = await question_message(hall)
    assert post.shown.question.prompt not in texts(shown)
    assert labels(shown) == ["Go on", "Menu"]
    forged = await forge(hall, f"match:{post.id}:{post.shown.key}", by=hall.ben, on=shown)
    assert texts(forged.response).startswith("The match is paused.")
    assert await hall.store.answer_count(post.id) == 0
    assert await said(hall.alice.slash(hall.channel, "match pause")) == "It is paused already."
    assert (await said(hall.ben.click(shown, label="Go on"))).startswith(HOSTS_ONLY)
    await hall.env.advance_time(100)
    assert await said(hall.manager.click(shown, label="Go on")) == "It goes on."
    match = await current(hall)
    assert timedelta(seconds=15) <= match.until - hall.env.now() <= timedelta(seconds=16)
    await hall.env.advance_time(2)
    assert post.shown.question.prompt in texts(await question_message(hall))
    await at_second(hall, 8)
    await pick(hall, hall.ben)
    await closed(hall)
    assert f"<@{hall.ben.id}>  800  (+800)" in texts(message(hall, shown.id))


async def test_a_pause_that_nobody_ends_ends_by_itself(hall):
    await begun(hall, hall.alice, hall.ben)
    await hall.alice.slash(hall.channel, "match pause")
    await wait(hall, PAUSE_LASTS + timedelta(seconds=2))
    match = await current(hall)
    assert match.paused_at is None
    assert match.phase == "asking"


async def test_a_pause_between_two_questions(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    shown = await closed(hall)
    await hall.alice.slash(hall.channel, "match pause")
    await hall.env.advance_time(30)
    assert (await current(hall)).phase == "ready"
    assert "Paused." in texts(message(hall, shown.id))
    assert await said(hall.alice.click(message(hall, shown.id), label="Go on")) == "It goes on."
    await next_question(hall)


async def test_a_skipped_question_counts_for_nobody(hall):
    shown = await begun(hall, hall.alice, hall.ben, questions=2)
    post = (await round_now(hall)).post
    await pick(hall, hall.ben)
    told = await said(hall.alice.slash(hall.channel, "match skip"))
    assert told == "Skipped: the question counts for nobody."
    await hall.env.advance_time(3)
    assert "This question was skipped and brings nobody anything." in texts(message(hall, shown.id))
    assert (await hall.store.award_of(post.id, hall.ben.id)).points == 0
    assert await said(hall.alice.slash(hall.channel, "match skip")) == "Skipped the wait."
    await hall.env.advance_time(2)
    assert (await current(hall)).phase == "asking"
    await pick(hall, hall.ben)
    ended = texts(await finale(hall))
    assert "1 of 1 right" in ended


async def test_an_answer_counts_down_to_the_next_question_only_until_it_is_there(hall):
    first = await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.alice)
    assert "Next question <t:" in texts(await closed(hall))
    await next_question(hall)
    shown = texts(message(hall, first.id))
    assert "← right" in shown
    assert "Next question" not in shown


async def test_stopping_gives_the_results_so_far(hall):
    await begun(hall, hall.alice, hall.ben, questions=5)
    await pick(hall, hall.ben)
    await closed(hall)
    await next_question(hall)
    await pick(hall, hall.alice)
    told = await said(hall.alice.slash(hall.channel, "match stop"))
    assert told == "Stopped. Here come the results."
    await hall.env.advance_time(4)
    ended = texts(hall.messages()[-1])
    assert f"## <@{hall.ben.id}> wins the match!" in ended
    assert "It was stopped before the last question." in ended
    contest = await hall.store.contest(1)
    alice = contest.contestant(hall.alice.id).result
    assert (alice.score, alice.answered) == (0, 0)  # not everybody had their time for it
    assert "There is no match in this channel." in await said(
        hall.alice.slash(hall.channel, "match stop")
    )


async def test_stopping_before_a_question_is_over_calls_it_off(hall):
    shown = await begun(hall, hall.alice, hall.ben)
    assert await said(hall.alice.slash(hall.channel, "match stop")) == "Called off."
    await hall.env.advance_time(4)
    assert await hall.store.running_matches() == ()
    assert "skipped" in texts(message(hall, shown.id))
    assert (await hall.store.contest(1)).is_cancelled


async def test_whoever_answers_late_in_the_match_is_in_from_then_on(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.alice)
    await closed(hall)
    await next_question(hall)
    told = await pick(hall, hall.chi)
    assert texts(told.response).startswith("You are in, from this question on. Recorded: **")
    ended = texts(await finale(hall))
    assert f"<@{hall.chi.id}> (from question 2)" in ended
    assert "1 of 1 right" in ended


async def test_leaving_in_a_match_keeps_the_points_and_answering_comes_back(hall):
    await begun(hall, hall.alice, hall.ben, hall.chi, questions=3)
    await pick(hall, hall.ben)
    menu = await hall.ben.click(await question_message(hall), label="Menu")
    assert "Leave the match" in labels(menu.response)
    assert "Stop, with results" not in labels(menu.response)
    left = await hall.ben.click(menu.response, label="Leave the match")
    assert "what you have stays yours" in texts(left.response)
    shown = await closed(hall)
    assert f"<@{hall.ben.id}> (left)  " in texts(shown)
    await next_question(hall)
    told = await pick(hall, hall.ben)
    assert texts(told.response).startswith("You are in, from this question on.")
    await closed(hall)
    found = (await hall.store.contest(1)).contestant(hall.ben.id)
    assert found.is_in


async def test_who_left_holds_up_nobody(hall):
    """The question ends when all who are in have answered."""
    shown = await begun(hall, hall.alice, hall.ben, hall.chi)
    await hall.chi.slash(hall.channel, "match leave")
    await pick(hall, hall.alice)
    await hall.env.advance_time(2)
    assert (await current(hall)).phase == "asking"
    await pick(hall, hall.ben)
    await hall.env.advance_time(2)
    assert (await current(hall)).phase == "ready"
    assert "closed" in texts(message(hall, shown.id))


async def test_the_menu_of_a_host(hall):
    shown = await begun(hall, hall.alice, hall.ben)
    menu = await hall.alice.click(shown, label="Menu")
    assert labels(menu.response) == [
        "My place", "Leave the match", "Pause", "Skip this question", "Stop, with results",
    ]  # fmt: skip
    assert menu.ephemeral
    assert await said(hall.alice.click(menu.response, label="Pause")) != ""
    outside = await hall.chi.click(await question_message(hall), label="Menu")
    assert labels(outside.response) == ["My place", "Join"]
    assert await said(hall.chi.click(outside.response, label="My place")) == (
        "You have not played in this match."
    )


async def test_three_questions_without_an_answer_end_it(hall):
    await begun(hall, hall.alice, hall.ben, questions=9, seconds=5, late=0)
    await pick(hall, hall.alice)
    for _ in range(3):
        await closed(hall)
        await next_question(hall)
    match = await current(hall)
    await advance_to(hall, match.until + timedelta(seconds=4))
    assert await hall.store.running_matches() == ()
    ended = texts(hall.messages()[-1])
    assert "Nobody answered 3 questions in a row" in ended
    assert f"<@{hall.alice.id}> wins" in ended


async def test_playing_alone_moves_no_rating(hall):
    await begun(hall, hall.alice, questions=1)
    await pick(hall, hall.alice)
    assert "Played alone, so it moves no rating." in texts(await finale(hall))
    assert await hall.store.rating(hall.guild.id, hall.alice.id) is None


async def test_two_who_play_are_rated(hall):
    await begun(hall, hall.alice, hall.ben, questions=1)
    await pick(hall, hall.alice)
    await pick(hall, hall.ben, is_right=False)
    await finale(hall)
    (better, _), (worse, _) = [
        await hall.store.rating(hall.guild.id, member.id) for member in (hall.alice, hall.ben)
    ]
    assert better.value > worse.value


async def test_results_afterwards_and_playing_again(hall):
    assert "There was no match here yet." in await said(
        hall.alice.slash(hall.channel, "match results")
    )
    await begun(hall, hall.alice, hall.ben, questions=1, seconds=7)
    await pick(hall, hall.alice)
    ended = await finale(hall)
    again = await hall.chi.slash(hall.channel, "match results")
    assert texts(again.response) == texts(ended)
    assert again.ephemeral
    mine = await said(hall.alice.click(ended, label="My result"))
    assert mine.startswith("**Rank 1 of 2** with ")
    await hall.chi.click(ended, label="Play again")
    await hall.env.advance_time(1)
    match = await current(hall)
    assert (match.settings.questions, match.settings.seconds) == (1, 7)
    assert (await hall.store.contest(match.id)).contestants[0].member_id == hall.chi.id


async def test_asking_for_results_is_acknowledged_before_the_podium_is_drawn(hall, monkeypatch):
    await begun(hall, hall.alice, hall.ben, questions=1, seconds=7)
    await pick(hall, hall.alice)
    await finale(hall)
    order = []
    for place, name in ((discord.InteractionResponse, "defer"), (match_results, "podium_of")):
        real = getattr(place, name)

        def noted(*args, _name=name, _real=real, **kwargs):
            order.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(place, name, noted)
    await hall.chi.slash(hall.channel, "match results")
    assert order == ["defer", "podium_of"]


@pytest.mark.parametrize("command", ["pause", "resume", "skip"])
async def test_a_lobby_cannot_be_paused_or_skipped(hall, command):
    await lobby(hall, hall.alice)
    assert await said(hall.alice.slash(hall.channel, f"match {command}")) == (
        "It has not begun yet."
    )


@pytest.mark.parametrize("command", ["join", "leave", "pause", "resume", "skip", "stop"])
async def test_without_a_match_each_command_says_so(hall, command):
    assert await said(hall.alice.slash(hall.channel, f"match {command}")) == (
        "There is no match in this channel. `/match start` opens one."
    )
