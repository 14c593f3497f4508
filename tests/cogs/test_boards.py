"""Scores and boards, as members read them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from simcord.backend.errors import SetupError

from bot.core.board import MEASURE_NAMES, MEASURES
from bot.core.period import PERIOD_NAMES, PERIODS
from bot.core.post import show
from tests.cogs.acting import (
    START,
    advance_to,
    elsewhere,
    forge,
    open_post,
    posted_now,
    quiz_right,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.simworld import buttons, texts


async def board(hall, member, period="all", **options):
    return await member.slash(hall.channel, "leaderboard", period=period, **options)


async def answered(hall, name: str, right_ones=(), wrong_ones=(), worth: int = 10) -> None:
    """Have a challenge of a day answered and closed, without the clock."""
    day = START.date() + timedelta(days=int(name))
    challenge = await hall.store.challenge(hall.guild.id)
    if challenge is None:
        await hall.setup_daily()
        challenge = await hall.store.challenge(hall.guild.id)
    asked = show(hall.bot.shelf.pool[int(name)], Random(1))
    post = await hall.store.claim_post(
        challenge=challenge,
        study_date=day,
        shown=asked,
        nonce=f"test {name}",
        now=START,
        closes_at=START + timedelta(days=99),
    )
    await hall.store.record_post(post.id, channel_id=1, message_id=10 + int(name), at=START)
    for places, members in ((asked.key, right_ones), ((asked.key + 1) % 2, wrong_ones)):
        for member in members:
            await hall.store.record_answer(
                post.id, member_id=getattr(member, "id", member), place=places, at=START
            )
    await hall.store.close_post(post.id, at=START, worth=worth)


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
        disabled = [b.label for b in buttons(shown.response) if b.disabled]
        assert disabled == [PERIOD_NAMES[period], "Points"]


async def test_periods_hold_what_belongs_to_their_days(hall):
    """Thursday the 1st, Friday the 2nd, Sunday the 4th, Monday the 5th."""
    await slowed(hall)

    async def points(period):
        said = texts((await board(hall, hall.alice, period)).response)
        return int(said.split("of 1 with ")[1].split(" ")[0]) if "of 1 with" in said else None

    await quiz_right(hall, hall.alice)
    assert [await points(p) for p in PERIODS] == [2, None, 2, 2, 2]
    await advance_to(hall, START + timedelta(days=1))
    assert [await points(p) for p in PERIODS] == [None, 2, 2, 2, 2]
    await advance_to(hall, START + timedelta(days=3))
    assert [await points(p) for p in PERIODS] == [None, None, 2, 2, 2]
    await advance_to(hall, START + timedelta(days=4))
    assert [await points(p) for p in PERIODS] == [None, None, None, 2, 2]


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


# ------------------------------------------------------------------------ measures


async def test_every_measure_of_every_period_is_shown_and_says_what_it_is(hall):
    await slowed(hall)
    await quiz_right(hall, hall.alice)
    shown = await board(hall, hall.alice)
    for measure in reversed(MEASURES):
        await hall.alice.click(shown.response, label=MEASURE_NAMES[measure])
        for period in (
            ("today", "week", "month", "yesterday") if measure not in ("streak", "rating") else ()
        ):
            await hall.alice.click(shown.response, label=PERIOD_NAMES[period])
            await hall.env.advance_time(10)
            assert PERIOD_NAMES[period] in texts(shown.response)
        ids = [b.custom_id for b in buttons(shown.response)]
        assert len(set(ids)) == len(ids)


async def test_accuracy_ranks_those_with_enough_answers_by_what_is_sure(hall):
    for day in range(12):
        await answered(hall, str(day), [hall.alice, *([hall.ben] if day > 1 else [])], [hall.chi])
    said = texts((await board(hall, hall.chi, by="accuracy")).response)
    assert f"**1.** <@{hall.alice.id}>  75.7 %  ·  12 of 12 right" in said
    assert f"**2.** <@{hall.ben.id}>  72.2 %  ·  10 of 10 right" in said
    assert f"**3.** <@{hall.chi.id}>  0.0 %  ·  0 of 12 right" in said
    assert "You: rank 3 of 3 with 0.0 %." in said
    assert "Wilson" in said


async def test_few_answers_are_not_ranked_by_accuracy(hall):
    await quiz_right(hall, hall.alice)
    said = texts((await board(hall, hall.alice, by="accuracy")).response)
    assert "Nobody has 10 answers here yet" in said
    assert "You are not on it yet: it takes 10 answers." in said


async def test_streaks_are_ranked_as_of_the_last_reveal(hall):
    await answered(hall, "0", [hall.alice, hall.ben])
    await answered(hall, "1", [hall.alice], [hall.chi])
    said = texts((await board(hall, hall.ben, by="streak")).response)
    assert "Leaderboard · Streaks, just now" in said
    assert f"**1.** <@{hall.alice.id}>  2 days" in said
    assert f"**2.** <@{hall.chi.id}>  1 day" in said
    assert "You have no streak just now" in said


async def test_improvement_compares_with_the_week_before(hall):
    await slowed(hall)
    for number in range(10):
        await hall.store.close_post(
            (await quiz_answer(hall, f"w{number}", number % 2 == 0, START)), at=START, worth=0
        )
    await advance_to(hall, START + timedelta(days=5))
    for number in range(10):
        await quiz_answer(hall, f"n{number}", number < 8, START + timedelta(days=5))
    said = texts((await board(hall, hall.alice, "week", by="improvement")).response)
    assert f"**1.** <@{hall.alice.id}>  +30.0 points  ·  8 of 10 right" in said
    said = texts((await board(hall, hall.alice, "all", by="improvement")).response)
    assert "Improvement compares a week or a month with the one before." in said


async def quiz_answer(hall, name, is_right, at):
    """Answer one quiz question of a day through the store; return its post's id."""
    question = hall.bot.shelf.pool[hash(name) % 1000]
    round_ = await hall.store.start_round(
        member_id=hall.alice.id,
        guild_id=hall.guild.id,
        shown=[show(question, Random(1))],
        study_date=at.date(),
        now=at,
    )
    (post,) = round_.posts
    key = post.shown.key
    await hall.store.record_answer(
        post.id, member_id=hall.alice.id, place=key if is_right else (key + 1) % 2, at=at
    )
    return post.id


async def test_a_topic_has_its_own_board(hall):
    topic = hall.bot.shelf.topics[0]
    started = await hall.alice.slash(hall.channel, "quiz", count=1, topic=topic.name)
    await hall.alice.click(started.response, label="A")
    said = texts((await board(hall, hall.alice, topic=topic.name)).response)
    assert f"Leaderboard · All time · {topic.name}" in said
    assert f"<@{hall.alice.id}>" in said
    other = hall.bot.shelf.topics[1]
    said = texts((await board(hall, hall.alice, topic=other.id)).response)
    assert "Nobody has points yet." in said
    said = texts((await board(hall, hall.alice, topic="no such topic")).response)
    assert "I have no topic of that name." in said


# --------------------------------------------------------------------------- pages


async def test_pages_go_on_and_back_and_to_ones_own_over_a_restart(hall):
    crowd = [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(23)]
    await answered(hall, "0", crowd, [hall.alice])
    shown = await board(hall, hall.alice)
    assert f"**1.** <@{crowd[0].id}>" in texts(shown.response)
    await hall.alice.click(shown.response, label="Next")
    assert f"**1.** <@{crowd[10].id}>" in texts(shown.response)
    await slowed(hall)
    await hall.alice.click(shown.response, label="My place")
    said = texts(shown.response)
    assert f"**24.** <@{hall.alice.id}>  0 points" in said
    assert "You: rank 24 of 24 with 0 points." in said
    assert [b.label for b in buttons(shown.response) if b.disabled][-1] == "Next"
    await hall.alice.click(shown.response, label="Previous")
    assert f"**1.** <@{crowd[19].id}>" in texts(shown.response)


async def test_forged_boards_are_refused(hall):
    message = await posted_now(hall)
    for custom_id in (
        "board:never",
        "board:week:fame",
        "board:week:points:-:x",
        "boardpic:week:points:no-topic:0",
        "scoreold:x",
    ):
        forged = await forge(hall, custom_id, by=hall.alice, on=message)
        said = texts(forged.response)
        assert "not one of mine" in said or "topic is gone" in said or "older version" in said


# -------------------------------------------------------------------------- pictures


async def test_a_board_as_a_picture_has_names_alt_text_and_the_same_words(hall):
    await quiz_right(hall, hall.alice)
    shown = await board(hall, hall.alice)
    result = await hall.alice.click(shown.response, label="As a picture")
    (attachment,) = result.response.attachments
    png = hall.env.backend.cdn.get(attachment.url)
    assert png.startswith(b"\x89PNG")
    said = texts(result.response)
    assert "[Bar chart, All time. 1. alice (you), 2 points.]" in said
    assert f"**1.** <@{hall.alice.id}>  2 points  ·  1 of 1 right" in said
    assert result.ephemeral


# ---------------------------------------------------------------- hidden and gone


async def test_whoever_hides_is_seen_by_themselves_only(hall):
    await quiz_right(hall, hall.alice)
    await quiz_right(hall, hall.ben)
    said = await hall.alice.slash(hall.channel, "data visibility", wish="hide me from boards")
    assert "You are hidden" in texts(said.response)
    seen = texts((await board(hall, hall.ben)).response)
    assert f"<@{hall.alice.id}>" not in seen
    assert "You: rank 1 of 1 with 2 points." in seen
    own = texts((await board(hall, hall.alice)).response)
    assert "You: 2 points, which would be rank 1. You are hidden" in own
    await hall.alice.slash(hall.channel, "data visibility", wish="show me on boards")
    assert f"<@{hall.alice.id}>" in texts((await board(hall, hall.ben)).response)


async def test_whoever_left_is_off_the_board_at_the_next_look_and_back_when_seen(hall):
    await quiz_right(hall, hall.alice)
    await quiz_right(hall, hall.ben)
    hall.guild.remove_member(hall.alice)
    await hall.env.settle()
    await board(hall, hall.ben)
    seen = texts((await board(hall, hall.ben)).response)
    assert f"<@{hall.alice.id}>" not in seen
    assert "You: rank 1 of 1 with 2 points." in seen
    again = hall.guild.add_member(hall.alice.user)
    await hall.env.advance_time(60)
    await again.slash(hall.channel, "quiz", count=1)
    seen = texts((await board(hall, hall.ben)).response)
    assert f"<@{hall.alice.id}>" in seen


async def test_whoever_left_and_came_back_is_not_told_that_they_hid(hall):
    await quiz_right(hall, hall.alice)
    hall.guild.remove_member(hall.alice)
    await hall.env.settle()
    await board(hall, hall.ben)
    assert f"<@{hall.alice.id}>" not in texts((await board(hall, hall.ben)).response)
    again = hall.guild.add_member(hall.alice.user)
    await hall.env.advance_time(60)
    own = texts((await board(hall, again)).response)
    assert "You: rank 1 of 1 with 2 points." in own
    assert f"<@{hall.alice.id}>" in texts((await board(hall, hall.ben)).response)


async def test_a_streak_that_ended_without_a_close_is_not_on_the_board(hall):
    """The day was over when its second challenge was left out."""
    await answered(hall, "0", [hall.alice, hall.ben])
    evening = hall.guild.create_text_channel("evening-hall")
    await hall.setup_daily(channel=evening, time="23:00")
    await answered(hall, "1", [hall.ben])
    known = await hall.store.challenges_of(hall.guild.id)
    (other,) = (one for one in known if one.channel_id == evening.id)
    today = START.date() + timedelta(days=1)
    before = texts((await board(hall, hall.ben, by="streak")).response)
    assert f"<@{hall.alice.id}>  1 day" in before  # today can still be studied
    await hall.store.leave_out(other.id, today, "skipped", None, hall.env.now())
    said = texts((await board(hall, hall.ben, by="streak")).response)
    assert f"<@{hall.alice.id}>" not in said
    assert f"**1.** <@{hall.ben.id}>  2 days" in said


# ----------------------------------------------------------------------------- score


async def test_a_score_says_where_each_point_came_from(hall):
    crowd = list(range(1, 5))
    await answered(hall, "0", [hall.alice, hall.ben])
    await answered(hall, "1", [hall.alice, hall.ben], crowd)
    await answered(hall, "2", [], [hall.alice])
    score = await hall.store.score(hall.guild.id, hall.alice.id)
    said = texts((await hall.alice.slash(hall.channel, "score")).response)
    assert f"## {score.points} points · rank 1" in said
    assert "**Thu 1 Jan 2026** · 10 points" in said
    assert "**Fri 2 Jan 2026** · 14 points" in said
    assert "10 right + 3 hard (4 of 6 were wrong) + 1 streak (day 2) = **14**" in said
    assert "not right, 0 points" in said


async def test_a_score_names_what_brought_nothing(hall):
    topic = hall.bot.shelf.topics[0]
    for _ in range(2):
        post_id = await quiz_answer(hall, "same", True, START)
    assert post_id
    await quiz_answer(hall, "other", False, START)
    said = texts((await hall.alice.slash(hall.channel, "score")).response)
    assert "Quiz: 1 right x 2 = **2**; no points: 1 not right and 1 asked before that day" in said
    assert topic


async def test_older_days_of_a_score_are_a_press_away(hall):
    for day in range(7):
        await answered(hall, str(day), [hall.alice])
    shown = await hall.alice.slash(hall.channel, "score")
    assert "Wed 7 Jan 2026" in texts(shown.response)
    assert "Thu 1 Jan 2026" not in texts(shown.response)
    await hall.alice.click(shown.response, label="Older")
    assert "Thu 1 Jan 2026" in texts(shown.response)
    await hall.alice.click(shown.response, label="Newer")
    assert "Wed 7 Jan 2026" in texts(shown.response)
