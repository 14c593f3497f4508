"""What happens at the same moment; SimCord alone would do one thing after the other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.cogs.acting import (
    START,
    advance_to,
    open_post,
    posted_now,
    quiz_post_id,
    revealed_now,
    right,
    wrong,
)
from tests.simworld import held, payload_feed, race, texts


async def test_many_members_answer_at_once(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    crowd = [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(40)]
    results = await race(
        hall.env,
        *(m.click(message, label="ABCD"[n % 4]) for n, m in enumerate(crowd)),
    )
    assert all("Recorded: **" in texts(r.response) and r.ephemeral for r in results)
    assert await hall.store.tally(post.id) == (10, 10, 10, 10)
    await hall.env.advance_time(4)
    assert "40 answers so far" in texts(hall.messages()[0])
    assert "10 of 40 answers right." in texts(await revealed_now(hall))


async def test_the_first_of_a_members_clicks_counts_and_is_the_one_told(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    results = await race(hall.env, *(hall.alice.click(message, label=x) for x in "BCDA"))
    said = [texts(r.response) for r in results]
    recorded = [s for s in said if s.startswith("Recorded: **")]
    assert len(recorded) == 1
    letter = recorded[0].removeprefix("Recorded: **")[0]
    assert all(f"stands: **{letter}" in s for s in said if s not in recorded)
    answer = await hall.store.answer_of(post.id, hall.alice.id)
    assert "ABCD"[answer.place] == letter
    assert await hall.store.answer_count(post.id) == 1


async def test_a_gateway_event_delivered_twice_counts_once(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    (payload,) = await held(hall.env, hall.alice.click(message, label="A"))
    await payload_feed(hall.env, [payload, payload])
    assert await hall.store.answer_count(post.id) == 1


async def test_an_answer_while_the_reveal_runs_is_counted_or_refused_and_told_so(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    crowd = [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(6)]
    clicks = [m.click(message, label=right(post)) for m in crowd]
    reveal, *answers = await race(
        hall.env, hall.manager.slash(hall.channel, "daily reveal"), *clicks
    )
    assert "Revealed:" in texts(reveal.response)
    told = [texts(r.response) for r in answers]
    recorded = sum(t.startswith("Recorded: **") for t in told)
    assert all(t.startswith(("Recorded: **", "That challenge is closed.")) for t in told)
    assert await hall.store.answer_count(post.id) == recorded
    await hall.env.advance_time(10)
    said = texts(hall.messages()[0])
    assert "closed" in said
    if recorded:
        assert f"{recorded} of {recorded} answer" in said


async def test_now_twice_at_once_posts_once(hall):
    await hall.setup_daily()
    results = await race(
        hall.env, *(hall.manager.slash(hall.channel, "daily now") for _ in range(3))
    )
    said = sorted(texts(r.response) for r in results)
    assert sum(s.startswith("Posted: ") for s in said) == 1
    assert sum(s == "Today's challenge has already been posted." for s in said) == 2
    assert len(hall.messages()) == 1
    assert len(await hall.store.last_posts(hall.guild.id, 9)) == 1


async def test_now_and_the_tick_at_once_post_once(hall):
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=7, minutes=59))
    posting = hall.bot.get_cog("Daily").posting
    (payload,) = await held(hall.env, hall.manager.slash(hall.channel, "daily now"))
    ticks = [hall.bot.loop.create_task(posting.tick()) for _ in range(2)]
    await payload_feed(hall.env, [payload])
    await asyncio.gather(*ticks)
    assert len(hall.messages()) == 1


async def test_a_reveal_wins_over_a_count_that_was_asked_for_before_it(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=wrong(post))  # asks for an edit of the count
    await revealed_now(hall)
    await hall.env.advance_time(10)
    assert "closed" in texts(hall.messages()[0])
    assert "so far" not in texts(hall.messages()[0])


async def test_a_reveal_wins_over_a_count_that_runs_at_the_same_time(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    posting = hall.bot.get_cog("Daily").posting
    for member in (hall.alice, hall.ben):
        await race(
            hall.env,
            member.click(message, label=wrong(post)),
        )
        posting.revealing.count(post.id)
    (payload,) = await held(hall.env, hall.manager.slash(hall.channel, "daily reveal"))
    posting.revealing.count(post.id)
    await payload_feed(hall.env, [payload])
    await hall.env.advance_time(10)
    edits = [
        str(r.json)
        for r in hall.env.http_requests
        if r.method == "PATCH" and str(message.id) in r.path
    ]
    assert "closed" in edits[-1]
    assert "closed" in texts(hall.messages()[0])


async def test_two_reveals_at_once_show_it_once(hall):
    await posted_now(hall)
    results = await race(
        hall.env, *(hall.manager.slash(hall.channel, "daily reveal") for _ in range(2))
    )
    assert all(r.acknowledged for r in results)
    assert "closed" in texts(hall.messages()[0])
    assert await hall.store.unrevealed_posts() == ()


async def test_setup_and_now_at_once_leave_one_challenge_and_one_post(hall):
    await hall.setup_daily()
    proposed = await hall.manager.slash(hall.channel, "daily setup", time="10:00")
    again = hall.manager.click(proposed.response, label="Save")
    await race(hall.env, again, hall.manager.slash(hall.channel, "daily now"))
    assert len(await hall.store.challenges()) == 1
    assert len(hall.messages()) == 1


async def test_a_doubled_quiz_answer_scores_once(hall):
    started = await hall.alice.slash(hall.channel, "quiz", count=1)
    post = await hall.store.post(quiz_post_id(started.response))
    await race(hall.env, *(hall.alice.click(started.response, label=right(post)) for _ in range(3)))
    score = await hall.store.score(hall.guild.id, hall.alice.id)
    assert (score.quiz_answered, score.quiz_points) == (1, 2)


async def test_forgetting_while_answering_leaves_all_or_nothing(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    asked = await hall.alice.slash(hall.channel, "data delete", where="everywhere")
    await race(
        hall.env,
        hall.alice.click(asked.response, label="Delete it"),
        hall.alice.click(message, label=right(post)),
    )
    assert "Done:" in texts(asked.response)
    assert await hall.store.answer_count(post.id) in (0, 1)
    answer = await hall.store.answer_of(post.id, hall.alice.id)
    assert (answer is not None) == (await hall.store.answer_count(post.id) == 1)
