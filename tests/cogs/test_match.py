"""A match, played from the lobby to the podium, in fair weather and through a restart."""

from __future__ import annotations

from datetime import timedelta

from tests.cogs.acting import forge
from tests.cogs.playing import (
    at_second,
    begun,
    closed,
    current,
    finale,
    killed,
    late_click,
    next_question,
    pick,
    question_message,
    round_now,
)
from tests.simworld import texts


def crowd(hall, count: int):
    return [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(count)]


async def test_eight_members_a_restart_two_late_answers_and_a_forged_click(hall):
    """Four questions of 20 seconds with speed, late answers for 5 more.

    A right answer after t seconds is 1000 - 25 t; after the bell, 500.

            question 1      2               3                       4               sum
    alice   2 s  950        2 s  950        2 s  950, before        4 s  900        3750
                                            the restart
    ben     4 s  900        6 s  850        12 s 700, after it      2 s  950        3400
    chi     6 s  850        wrong           14 s 650                2 s  950        2450
    dan     8 s  800        8 s  800        -                       -               1600
    eva     wrong           10 s 750        forged: nothing         10 s 750        1500
    fay     10 s 750        10 s 750        wrong                   wrong           1500
    gus     22 s 500, late  wrong           -                       4 s  900        1400
    hal     after the bell  -               16 s 600                6 s  850        1450
            and the close
    """
    dan, eva, fay, gus, hal = (
        hall.guild.add_member(hall.env.create_user(name))
        for name in ("dan", "eva", "fay", "gus", "hal")
    )
    alice, ben, chi = hall.alice, hall.ben, hall.chi
    await begun(hall, alice, ben, chi, dan, eva, fay, gus, hal, questions=4, seconds=20, late=5)

    for second, member, is_right in (
        (2, alice, True), (4, ben, True), (6, chi, True), (8, dan, True), (10, eva, False),
        (10, fay, True),
    ):  # fmt: skip
        await at_second(hall, second)
        told = await pick(hall, member, is_right=is_right)
        assert texts(told.response).startswith("Recorded: **")
        assert told.ephemeral
    await at_second(hall, 22)
    late = await pick(hall, gus)
    assert texts(late.response).startswith("Recorded: **")
    first = await round_now(hall)
    shown = await closed(hall)
    assert "6 of 7 answers right." in texts(shown)
    too_late = await late_click(hall, hal, first)
    assert texts(too_late.response).startswith("The bell rang before your answer came")
    assert f"**1.** <@{alice.id}>  950  (+950)" in texts(shown)

    await next_question(hall)
    for second, member, is_right in (
        (2, alice, True), (3, chi, False), (3, gus, False), (6, ben, True), (8, dan, True),
        (10, eva, True), (10, fay, True),
    ):  # fmt: skip
        await at_second(hall, second)
        await pick(hall, member, is_right=is_right)
    await closed(hall)

    shown = await next_question(hall)
    await at_second(hall, 2)
    await pick(hall, alice)
    await at_second(hall, 10)
    before = await current(hall)
    post = (await round_now(hall)).post
    await killed(hall, timedelta(seconds=61))
    after = await current(hall)
    assert (after.phase, after.place) == ("asking", 2)
    assert (await round_now(hall)).post.id == post.id
    # The last sign of life was up to a second before.
    assert timedelta(seconds=61) <= after.until - before.until <= timedelta(seconds=62)
    assert f"<t:{int(after.until.timestamp())}:R>" in texts(await question_message(hall))
    assert (await question_message(hall)).id == shown.id

    posts = await hall.store.contest_posts(after.id)
    forged = f"match:{posts[3].id}:{posts[3].shown.key}"
    told = await forge(hall, forged, by=eva, on=shown)
    assert texts(told.response) == "That question has not been asked yet."
    assert await hall.store.answer_count(posts[3].id) == 0

    for second, member, is_right in (
        (12, ben, True), (14, chi, True), (15, fay, False), (16, hal, True),
    ):  # fmt: skip
        await at_second(hall, second)
        await pick(hall, member, is_right=is_right)
    again = await alice.click(await question_message(hall), label="A")
    assert texts(again.response).startswith("Your first answer stands: **")
    await closed(hall)

    await next_question(hall)
    for second, member, is_right in (
        (2, ben, True), (2, chi, True), (3, fay, False), (4, alice, True), (4, gus, True),
        (6, hal, True), (10, eva, True),
    ):  # fmt: skip
        await at_second(hall, second)
        await pick(hall, member, is_right=is_right)
    ended = await finale(hall)

    match = await hall.store.last_match(hall.guild.id)
    contest = await hall.store.contest(match.id)
    found = {
        one.member_id: (one.result.rank, one.result.score, one.result.right, one.result.answered)
        for one in contest.contestants
    }
    assert found == {
        alice.id: (1, 3750, 4, 4),
        ben.id: (2, 3400, 4, 4),
        chi.id: (3, 2450, 3, 4),
        dan.id: (4, 1600, 2, 2),
        eva.id: (5, 1500, 2, 3),
        fay.id: (5, 1500, 2, 4),
        hal.id: (7, 1450, 2, 2),
        gus.id: (8, 1400, 2, 3),
    }
    said = texts(ended)
    assert f"## <@{alice.id}> wins the match!" in said
    assert (
        "[Podium, Match: AWS Certified Cloud Practitioner. 1. alice, 3,750 points; "
        "2. ben, 3,400 points; 3. chi, 2,450 points.]"
    ) in said
    assert [line.split("  ")[:2] for line in said.splitlines() if line.startswith("**")] == [
        [f"**1.** <@{alice.id}>", "3,750 points"],
        [f"**2.** <@{ben.id}>", "3,400 points"],
        [f"**3.** <@{chi.id}>", "2,450 points"],
        [f"**4.** <@{dan.id}>", "1,600 points"],
        [f"**5.** <@{eva.id}>", "1,500 points"],
        [f"**5.** <@{fay.id}>", "1,500 points"],
        [f"**7.** <@{hal.id}>", "1,450 points"],
        [f"**8.** <@{gus.id}>", "1,400 points"],
    ]
    topics = [(await hall.store.post(p.id)).shown.question.topic for p in posts]
    names = {topic.id: topic.name for topic in hall.bot.shelf.topics}
    if topics.count(topics[1]) == 1:  # chi was wrong in the second question only
        assert f"to review: {names[topics[1]]}" in said
    # On the server's boards a right answer is 2 points, and nothing else counts.
    score = await hall.store.score(hall.guild.id, alice.id)
    assert score.points == 8
    # Without one of the bot's own, discord.py sends a nonce that is new each time.
    path = f"/channels/{hall.channel.id}/messages"
    sent = [r.json for r in hall.env.http_requests if (r.method, r.path) == ("POST", path)]
    assert [body["nonce"] for body in sent] == [
        f"match-{match.id}-lobby",
        *(f"match-{post.id}" for post in posts),
        f"match-{match.id}-finale",
    ]
