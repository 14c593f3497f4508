"""Scores and boards, as members read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from simcord.backend.errors import SetupError

from bot.core.period import PERIOD_NAMES, PERIODS
from tests.cogs.acting import (
    START,
    advance_to,
    elsewhere,
    open_post,
    posted_now,
    quiz_right,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.simworld import buttons, texts


async def board(hall, member, period="all"):
    return await member.slash(hall.channel, "leaderboard", period=period)


async def test_an_empty_board_says_how_to_get_on_it(hall):
    result = await board(hall, hall.alice)
    said = texts(result.response)
    assert "Leaderboard · All time" in said
    assert "Nobody has points yet." in said
    assert "You are not on it yet" in said
    assert result.ephemeral


async def test_an_empty_score_is_all_noughts(hall):
    result = await hall.alice.slash(hall.channel, "score")
    said = texts(result.response)
    assert "## 0 points\n" in said
    assert "Daily challenges: 0 of 0 right, 0 points" in said
    assert "Quiz: 0 of 0 right, 0 points" in said
    assert result.ephemeral


async def test_equal_points_share_a_rank_and_the_next_one_is_skipped(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    await hall.ben.click(message, label=right(post))
    await hall.chi.click(message, label=wrong(post))
    await revealed_now(hall)
    said = texts((await board(hall, hall.chi)).response)
    assert f"**1.** <@{hall.alice.id}>  10 points  ·  1 of 1 right" in said
    assert f"**1.** <@{hall.ben.id}>  10 points  ·  1 of 1 right" in said
    assert f"**3.** <@{hall.chi.id}>  0 points  ·  0 of 1 right" in said
    assert "You: rank 3 of 3 with 0 points." in said


async def test_nothing_of_an_open_challenge_is_on_a_board_or_in_a_score(hall):
    message = await posted_now(hall)
    await hall.alice.click(message, label=right(await open_post(hall)))
    for period in PERIODS:
        said = texts((await board(hall, hall.alice, period)).response)
        assert "Nobody has points yet." in said
        assert "You are not on it yet" in said
    score = texts((await hall.alice.slash(hall.channel, "score")).response)
    assert "Daily challenges: 0 of 0 right, 0 points" in score
    await revealed_now(hall)
    said = texts((await board(hall, hall.alice)).response)
    assert "You: rank 1 of 1 with 10 points." in said


async def test_every_period_is_one_press_away_on_the_same_card(hall):
    await quiz_right(hall, hall.alice)
    shown = await board(hall, hall.alice, "week")
    for period in ("today", "month", "all", "week"):
        await hall.alice.click(shown.response, label=PERIOD_NAMES[period])
        said = texts(shown.response)
        assert f"Leaderboard · {PERIOD_NAMES[period]}" in said
        assert "You: rank 1 of 1 with 2 points." in said
        assert [b.label for b in buttons(shown.response) if b.disabled] == [PERIOD_NAMES[period]]


async def test_periods_hold_what_belongs_to_their_days(hall):
    """Thursday the 1st, Sunday the 4th, Monday the 5th."""
    await slowed(hall)

    async def points(period):
        said = texts((await board(hall, hall.alice, period)).response)
        return int(said.split("of 1 with ")[1].split(" ")[0]) if "of 1 with" in said else None

    await quiz_right(hall, hall.alice)
    assert [await points(p) for p in PERIODS] == [2, 2, 2, 2]
    await advance_to(hall, START + timedelta(days=3))
    assert [await points(p) for p in PERIODS] == [None, 2, 2, 2]
    await advance_to(hall, START + timedelta(days=4))
    assert [await points(p) for p in PERIODS] == [None, None, 2, 2]


async def test_own_rank_is_shown_below_the_first_ten(hall):
    crowd = [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(11)]
    message = await posted_now(hall)
    post = await open_post(hall)
    for member in crowd:
        await member.click(message, label=right(post))
    await hall.alice.click(message, label=wrong(post))
    await revealed_now(hall)
    said = texts((await board(hall, hall.alice)).response)
    assert said.count("**1.** <@") == 10
    assert f"<@{hall.alice.id}>" not in said
    assert "You: rank 12 of 12 with 0 points." in said


async def test_another_servers_points_stay_there(hall):
    await quiz_right(hall, hall.alice)
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("study-hall")
    there = other.add_member(hall.alice.user)
    await hall.env.settle()
    said = texts((await there.slash(channel, "leaderboard", period="all")).response)
    assert "Nobody has points yet." in said
    assert "## 0 points" in texts((await there.slash(channel, "score")).response)


async def test_a_board_is_for_servers(hall):
    with pytest.raises(SetupError, match="context"):  # Discord hides it in direct messages
        await hall.alice.user.slash("leaderboard")
    result = await elsewhere(hall.env, hall.alice.user, "leaderboard")
    assert "This works in a server that I was added to" in texts(result.response)


async def test_mentions_on_a_board_ping_nobody(hall):
    await quiz_right(hall, hall.alice)
    await board(hall, hall.ben)
    sent = [r.json for r in hall.env.http_requests if r.method == "POST" and r.json]
    bodies = [body["data"] for body in sent if body.get("type") == 4]
    assert any(f"<@{hall.alice.id}>" in str(body) for body in bodies)
    assert all(body["allowed_mentions"]["parse"] == [] for body in bodies)


async def test_a_board_says_when_an_open_challenge_will_count(hall):
    message = await posted_now(hall)
    await hall.alice.click(message, label=right(await open_post(hall)))
    board = await hall.alice.slash(hall.channel, "leaderboard", period="today")
    said = texts(board.response)
    assert "Nobody has points yet." in said
    assert "A daily challenge counts from its reveal on, for the day on which it was asked." in said
