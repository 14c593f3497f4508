"""A match is the same for all, tells nothing too early, and stays within Discord's limits."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from tests.cogs.acting import quiz_post_id
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
    watched_edits,
)
from tests.simworld import buttons, held, payload_feed, race, texts


def crowd(hall, count: int):
    return [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(count)]


async def test_forty_who_answer_at_once_are_all_recorded_and_told(hall):
    players = crowd(hall, 40)
    shown = await begun(hall, *players[:2], questions=1)
    post = (await round_now(hall)).post
    letters = "ABCD"[: len(post.shown.options)]
    results = await race(
        hall.env,
        *(who.click(shown, label=letters[n % len(letters)]) for n, who in enumerate(players)),
    )
    told = [texts(result.response) for result in results]
    assert all("Recorded: **" in text for text in told)
    assert all(result.ephemeral for result in results)
    assert sum(text.startswith("You are in, from this question on.") for text in told) == 38
    assert await hall.store.answer_count(post.id) == 40
    ended = texts(await finale(hall))
    assert "40 players, 1 question." in ended
    assert "30 more played: **My result** shows you yours." in ended


async def test_a_message_is_edited_once_a_second_at_most(hall):
    players = crowd(hall, 12)
    with watched_edits(hall) as edits:
        opened = await lobby(hall, hall.alice, questions=1)
        for who in players[:6]:
            await who.click(opened, label="Join")
            await hall.env.advance_time(0.25)
        await hall.env.advance_time(2)
        assert "**Players (7)**" in texts(message(hall, opened.id))
        await hall.alice.click(opened, label="Start")
        shown = await next_question(hall)
        for who in players:
            await pick(hall, who)
            await hall.env.advance_time(0.25)
        await hall.env.advance_time(1.5)
        assert "12 of 13 players answered." in texts(message(hall, shown.id))
        await finale(hall)
    assert {opened.id, shown.id} <= set(edits)
    for times in edits.values():
        gaps = [after - before for before, after in pairwise(times)]
        assert all(gap >= timedelta(seconds=1) for gap in gaps)
    assert 3 <= len(edits[shown.id]) <= 8


async def test_nothing_tells_who_answered_what_before_the_end(hall):
    shown = await begun(hall, hall.alice, hall.ben, hall.chi, questions=2)
    post = (await round_now(hall)).post
    for button in buttons(shown)[: len(post.shown.options)]:
        assert button.custom_id == f"match:{post.id}:{'ABCDE'.index(button.label)}"
    before = texts(shown)
    told = texts((await pick(hall, hall.alice)).response)
    assert "right" not in told
    await hall.env.advance_time(2)
    after = texts(await question_message(hall))
    assert after == before.replace("0 of 3 players answered", "1 of 3 players answered")
    mine = await hall.ben.click(
        (await hall.ben.click(shown, label="Menu")).response, label="My place"
    )
    assert "with 0 points" in texts(mine.response)
    for what in ("score", "leaderboard"):
        said = texts((await hall.alice.slash(hall.channel, what)).response)
        assert "2 points" not in said.replace("is 2", "")
    exported = await hall.alice.slash(hall.channel, "data export")
    assert post.shown.question.prompt not in texts(exported.response)


async def test_what_a_match_asks_is_not_drawn_elsewhere(hall):
    shown = await begun(hall, hall.alice, questions=3, topic="Storage")
    assert shown is not None
    open_ids = await hall.store.open_question_ids(hall.guild.id)
    asked = {p.shown.question.id for p in await hall.store.contest_posts(1)}
    assert asked <= open_ids
    for _ in range(3):
        started = await hall.ben.slash(hall.channel, "quiz", topic="Storage", count=20)
        first = await hall.store.post(quiz_post_id(started.response))
        drawn = await hall.store.round_posts(first.round_id)
        assert not asked & {p.shown.question.id for p in drawn}


async def test_players_do_not_meet_again_what_they_saw_lately(hall):
    seen: set[str] = set()
    for _ in range(4):
        await begun(hall, hall.alice, hall.ben, questions=2, seconds=5, late=0)
        for place in range(2):
            await pick(hall, hall.alice)
            await closed(hall)
            if place == 0:
                await next_question(hall)
        posts = await hall.store.contest_posts((await current(hall)).id)
        await finale(hall)
        drawn = {p.shown.question.id for p in posts}
        assert not drawn & seen
        seen |= drawn


async def test_all_see_the_options_in_one_order(hall):
    shown = await begun(hall, hall.alice, hall.ben, questions=1)
    post = (await round_now(hall)).post
    for place, option in enumerate(post.shown.options):
        assert f"**{'ABCDE'[place]}**  {option}" in texts(shown)
    told = [await who.click(shown, label="B") for who in (hall.alice, hall.ben)]
    assert all(f"**B  {post.shown.options[1]}**" in texts(one.response) for one in told)


async def test_a_doubled_click_counts_once(hall):
    shown = await begun(hall, hall.alice, hall.ben)
    post = (await round_now(hall)).post
    results = await race(hall.env, *(hall.ben.click(shown, label=x) for x in "ABBA"))
    told = [texts(result.response) for result in results]
    assert sum(text.startswith("Recorded: **") for text in told) == 1
    assert sum(text.startswith("Your first answer stands: **") for text in told) == 3
    assert await hall.store.answer_count(post.id) == 1


async def test_a_newcomers_press_that_is_delivered_twice_joins_once(hall):
    shown = await begun(hall, hall.alice)
    (payload,) = await held(hall.env, hall.chi.click(shown, label="A"))
    await payload_feed(hall.env, [payload, payload])
    contest = await hall.store.contest(1)
    assert [one.member_id for one in contest.contestants] == [hall.alice.id, hall.chi.id]
    assert len(await hall.store.contest_answers(1)) == 1


async def test_an_answer_that_races_a_skip_is_told_the_truth(hall):
    shown = await begun(hall, hall.alice, hall.ben, questions=2)
    post = (await round_now(hall)).post
    skip, answer = await race(
        hall.env, hall.alice.slash(hall.channel, "match skip"), hall.ben.click(shown, label="A")
    )
    assert texts(skip.response).startswith("Skipped")
    told = texts(answer.response)
    recorded = await hall.store.answer_of(post.id, hall.ben.id)
    assert (recorded is not None) == told.startswith("Recorded: **")
    await hall.env.advance_time(3)
    assert "skipped" in texts(message(hall, shown.id))


async def test_speed_switched_off_makes_all_right_answers_equal(hall):
    await begun(hall, hall.alice, hall.ben, questions=1, speed=False)
    await at_second(hall, 1)
    await pick(hall, hall.alice)
    await at_second(hall, 15)
    await pick(hall, hall.ben)
    ended = texts(await finale(hall))
    assert f"## <@{hall.alice.id}> and <@{hall.ben.id}> win the match!" in ended
    assert ended.count("1,000 points  ·") == 2


async def test_a_hidden_member_who_joins_is_seen_in_the_match_only(hall):
    await hall.ben.slash(hall.channel, "data visibility", wish="hide me from boards")
    await begun(hall, hall.alice, hall.ben, questions=1)
    await pick(hall, hall.ben)
    shown = texts(await closed(hall))
    assert f"<@{hall.ben.id}>  " in shown
    assert f"Fastest: <@{hall.ben.id}>" in shown
    await finale(hall)
    board = texts((await hall.alice.slash(hall.channel, "leaderboard")).response)
    assert f"<@{hall.ben.id}>" not in board


async def test_the_question_of_a_match_can_be_reported_and_looked_up_once_it_is_over(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.ben)
    shown = await closed(hall)
    assert labels(shown) == ["My place", "Look it up", "Report: this is wrong", "Menu"]
    form = await hall.ben.click(shown, label="Report: this is wrong")
    assert form.modal is not None
