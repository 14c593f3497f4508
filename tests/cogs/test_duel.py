"""Duels as members click through them, up to the result."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.duel import QUESTIONS
from tests.cogs.acting import START, advance_to, forge, open_post, posted_now, slowed
from tests.cogs.duelling import (
    accepted,
    challenged,
    last_id,
    past_the_deadline,
    play,
    questions,
)
from tests.cogs.test_trouble import deny
from tests.conftest import TICK
from tests.simworld import buttons, race, texts


async def test_a_duel_from_the_challenge_to_the_result(hall):
    message = await challenged(hall)
    said = texts(message)
    assert f"<@{hall.alice.id}> challenges <@{hall.ben.id}>" in said
    assert [b.label for b in buttons(message)] == ["Accept", "Decline", "Withdraw"]
    await hall.ben.click(message, label="Accept")
    said = texts(hall.messages()[-1])
    assert f"<@{hall.alice.id}> has yet to play" in said
    own = await play(hall, hall.alice, 4)
    assert "All 5 answered in 10.0 s" in texts(own)
    said = texts(hall.messages()[-1])
    assert f"<@{hall.alice.id}> has played" in said
    assert f"<@{hall.ben.id}> has yet to play" in said
    own = await play(hall, hall.ben, 4, seconds=3)
    assert "wins against" in texts(own)
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in said
    assert f"**1.** <@{hall.alice.id}>  4 of 5 right in 10.0 s" in said
    assert f"**2.** <@{hall.ben.id}>  4 of 5 right in 15.0 s" in said
    assert "the shorter time decided" in said
    assert f"Ratings: <@{hall.alice.id}> 1532 (+32), <@{hall.ben.id}> 1468 (-32)" in said
    assert [b.label for b in buttons(hall.messages()[-1])] == ["What I missed", "Rematch"]
    assert len(hall.messages()) == 1


# -------------------------------------------------------------------- the invitation


async def test_only_who_is_challenged_is_pinged(hall):
    await challenged(hall)
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.ben.id)
    sent = [r.json for r in hall.env.http_requests if r.method == "POST" and "/messages" in r.path]
    assert sent[-1]["allowed_mentions"] == {
        "parse": [],
        "users": [hall.ben.id],
    }
    # Without one of the bot's own, discord.py sends a nonce that is new each time.
    assert sent[-1]["nonce"] == duel.nonce


@pytest.mark.parametrize("label", ["Accept", "Decline", "Withdraw"])
async def test_a_third_one_cannot_press_for_them(hall, label):
    message = await challenged(hall)
    result = await hall.chi.click(message, label=label)
    assert "That duel is between two others." in texts(result.response)
    assert result.ephemeral
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.ben.id)
    assert duel.is_invitation


async def test_each_may_press_their_own_buttons_only(hall):
    message = await challenged(hall)
    accept = await hall.alice.click(message, label="Accept")
    assert "now it is the other one's turn" in texts(accept.response)
    decline = await hall.alice.click(message, label="Decline")
    assert "You can withdraw." in texts(decline.response)
    withdraw = await hall.ben.click(message, label="Withdraw")
    assert "You can decline." in texts(withdraw.response)
    assert (await hall.store.open_duels(hall.guild.id, hall.ben.id))[0].is_invitation


async def test_declined_and_not_asked_again_at_once(hall):
    message = await challenged(hall)
    await hall.ben.click(message, label="Decline")
    said = texts(hall.messages()[-1])
    assert f"<@{hall.ben.id}> declined the challenge of <@{hall.alice.id}>." in said
    assert buttons(hall.messages()[-1]) == []
    again = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben)
    assert "They declined your last challenge less than 6 hours ago." in texts(again.response)
    await challenged(hall, by=hall.ben, member=hall.alice)  # the other way round
    assert len(hall.messages()) == 2


async def test_after_some_hours_somebody_who_declined_may_be_asked_again(hall):
    message = await challenged(hall)
    await hall.ben.click(message, label="Decline")
    await slowed(hall)
    await hall.env.advance_time(6 * 3600)
    await challenged(hall)


async def test_withdrawn(hall):
    message = await challenged(hall)
    await hall.alice.click(message, label="Withdraw")
    assert f"<@{hall.alice.id}> withdrew the challenge" in texts(hall.messages()[-1])
    late = await forge(hall, f"duelyes:{await last_id(hall)}", by=hall.ben, on=message)
    assert "That duel is over." in texts(late.followups[0])
    await challenged(hall)


async def test_an_invitation_expires(hall):
    message = await challenged(hall)
    await slowed(hall)
    await advance_to(hall, START + timedelta(hours=24, seconds=-1))
    assert [b.label for b in buttons(hall.messages()[-1])] == ["Accept", "Decline", "Withdraw"]
    await hall.env.advance_time(1)
    late = await forge(hall, "duelyes:1", by=hall.ben, on=message)
    assert "That duel is over." in texts(late.followups[0])
    await hall.env.advance_time(12 * 3600)
    assert f"<@{hall.ben.id}> did not answer the challenge" in texts(hall.messages()[-1])
    await challenged(hall)


async def test_a_second_open_duel_between_the_same_two_is_refused_whoever_asks(hall):
    message = await challenged(hall)
    again = await hall.ben.slash(hall.channel, "duel challenge", member=hall.alice)
    assert "You two have an open duel already" in texts(again.response)
    await hall.ben.click(message, label="Accept")
    again = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben)
    assert "You two have an open duel already" in texts(again.response)
    await challenged(hall, member=hall.chi)
    assert len(hall.messages()) == 2


async def test_two_challenges_at_the_same_moment_make_one_duel(hall):
    results = await race(
        hall.env,
        hall.alice.slash(hall.channel, "duel challenge", member=hall.ben),
        hall.ben.slash(hall.channel, "duel challenge", member=hall.alice),
        hall.alice.slash(hall.channel, "duel challenge", member=hall.ben),
    )
    said = sorted(texts(result.response) for result in results)
    assert sum("You challenged" in one for one in said) == 1
    assert sum("You two have an open duel already" in one for one in said) == 2
    assert len(hall.messages()) == 1


async def test_nobody_duels_themselves_a_bot_or_who_is_not_there(hall):
    bot_user = hall.guild.add_member(hall.env.create_user("robot", bot=True))
    stranger = hall.env.create_user("stranger")
    for member, sentence in (
        (hall.alice, "You cannot duel yourself."),
        (bot_user, "Bots do not duel"),
        (stranger, "is not in this server."),
    ):
        result = await hall.alice.slash(hall.channel, "duel challenge", member=member)
        assert sentence in texts(result.response)
        assert result.ephemeral
    assert hall.messages() == []


async def test_a_sixth_open_challenge_is_refused(hall):
    others = [hall.guild.add_member(hall.env.create_user(f"m{n}")) for n in range(6)]
    for other in others[:5]:
        await challenged(hall, member=other)
    refused = await hall.alice.slash(hall.channel, "duel challenge", member=others[5])
    assert "You have 5 challenges open" in texts(refused.response)
    await hall.alice.click(hall.messages()[0], label="Withdraw")
    await challenged(hall, member=others[5])


async def test_a_topic_is_kept_and_an_unknown_one_refused(hall):
    unknown = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben, topic="x")
    assert "I have no topic of that name." in texts(unknown.response)
    topic = hall.bot.shelf.topics[0]
    message = await challenged(hall, topic=topic.id)
    assert f"Duel · {topic.name}" in texts(message)
    await hall.ben.click(message, label="Accept")
    assert {post.shown.question.topic for post in await questions(hall)} == {topic.id}


async def test_where_the_bot_may_not_write_nothing_is_left_open(hall):
    deny(hall, hall.channel.id, send_messages=True)
    refused = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben)
    assert "I can't post in this channel" in texts(refused.response)
    assert await hall.store.open_duels(hall.guild.id, hall.alice.id) == ()


async def test_the_challenger_left_before_it_was_accepted(hall):
    message = await challenged(hall)
    hall.guild.remove_member(hall.alice.user)
    result = await hall.ben.click(message, label="Accept")
    assert "Who challenged you is not in this server any more." in texts(result.followups[0])
    assert "This challenge is off" in texts(hall.messages()[-1])


async def test_a_deleted_invitation_is_withdrawn(hall):
    message = await challenged(hall)
    await message.delete()
    await hall.env.settle()
    assert await hall.store.open_duels(hall.guild.id, hall.alice.id) == ()
    await challenged(hall)


# -------------------------------------------------------------------------- playing


async def test_both_get_the_same_questions_with_the_options_in_the_same_order(hall):
    message = await accepted(hall)
    seen = []
    for member in (hall.alice, hall.ben):
        result = await member.click(message, label="Play")
        own = []
        for _ in range(QUESTIONS):
            own.append(texts(result.response).split("\n", 1)[1])
            await member.click(result.response, label="A")
        seen.append(own)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == QUESTIONS


async def test_nothing_tells_the_key_before_it_is_over(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    for post in posts:
        said = texts(result.response)
        assert post.shown.question.explanation not in said
        assert "Right" not in said
        ids = [b.custom_id for b in buttons(result.response)]
        assert ids == [f"duelpick:{post.id}:{n}" for n in range(len(post.shown.options))]
        await hall.alice.click(result.response, label="B")
    waiting = texts(result.response)
    assert "All 5 answered" in waiting
    assert "right" not in waiting
    assert "right" not in texts(hall.messages()[-1]).replace("More right answers", "")
    await hall.env.advance_time(30)  # or they would be told that they are quick
    early = await forge(hall, f"duelseen:{await last_id(hall)}", by=hall.alice, on=message)
    assert "This duel is not over yet." in texts(early.response)
    report = await forge(hall, f"report:{posts[0].id}", by=hall.alice, on=message)
    assert "still open" in texts(report.response)
    assert (await hall.store.score(hall.guild.id, hall.alice.id)).points == 0


async def test_asking_for_a_question_of_an_open_duel_is_no_way_to_its_answer(hall):
    await accepted(hall)
    for post in (await questions(hall))[:3]:
        asked = await hall.chi.slash(hall.channel, "ask", question=post.shown.question.prompt)
        said = texts(asked.response)
        assert "That is an open question of this server." in said
        assert post.shown.question.explanation not in said


async def test_points_move_when_it_is_over(hall):
    await accepted(hall)
    await play(hall, hall.alice, 4)
    await play(hall, hall.ben, 1)
    scores = [await hall.store.score(hall.guild.id, one.id) for one in (hall.alice, hall.ben)]
    assert [(s.contest_right, s.contest_answered, s.points) for s in scores] == [
        (4, 5, 8),
        (1, 5, 2),
    ]


async def test_time_runs_from_when_a_question_was_first_shown(hall):
    message = await accepted(hall)
    result = await hall.alice.click(message, label="Play")
    await hall.env.advance_time(20)
    again = await hall.alice.click(message, label="Play")
    assert texts(again.response) == texts(result.response)
    await hall.env.advance_time(10)
    await hall.alice.click(again.response, label="A")
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    assert (await hall.store.played(duel.contest.id))[hall.alice.id].took_ms == 30_000


async def test_of_presses_at_the_same_moment_one_counts(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await race(hall.env, *(hall.alice.click(result.response, label=x) for x in "BAAB"))
    assert await hall.store.answer_count(posts[0].id) == 1
    assert (await hall.store.answer_of(posts[0].id, hall.alice.id)).place in (0, 1)
    assert await hall.store.answer_count(posts[1].id) == 0
    assert "question 2 of 5" in texts(result.response)


async def test_two_who_finish_at_the_same_moment_get_one_result(hall):
    message = await accepted(hall)
    shown = []
    for member in (hall.alice, hall.ben):
        result = await member.click(message, label="Play")
        for _ in range(QUESTIONS - 1):
            await member.click(result.response, label="A")
        shown.append(result.response)
    await race(
        hall.env,
        hall.alice.click(shown[0], label="A"),
        hall.ben.click(shown[1], label="A"),
        hall.ben.click(shown[1], label="B"),
    )
    await hall.env.advance_time(TICK.total_seconds())
    said = texts(hall.messages()[-1])
    assert "of 5 right in" in said
    assert [b.label for b in buttons(hall.messages()[-1])] == ["What I missed", "Rematch"]
    assert len(hall.messages()) == 1
    assert await hall.store.rating(hall.guild.id, hall.alice.id) is not None
    contests = await hall.store._read(lambda c: c.execute("SELECT id FROM rated").fetchall())
    assert len(contests) == 1


async def test_accepting_twice_at_once_begins_once(hall):
    message = await challenged(hall)
    results = await race(hall.env, *(hall.ben.click(message, label="Accept") for _ in range(2)))
    assert sum(bool(r.followups) for r in results) == 1
    found = await hall.store._read(lambda c: c.execute("SELECT count(*) FROM posts").fetchone())
    assert found[0] == QUESTIONS


async def test_accepting_and_withdrawing_at_once_ends_in_one_of_both(hall):
    message = await challenged(hall)
    await race(
        hall.env,
        hall.alice.click(message, label="Withdraw"),
        hall.ben.click(message, label="Accept"),
    )
    duel = await hall.store.duel(await last_id(hall))
    labels = [b.label for b in buttons(hall.messages()[-1])]
    assert (duel.is_running, labels) in ((True, ["Play"]), (False, []))


# --------------------------------------------------------------------- forged and late


async def test_a_question_that_was_not_shown_yet_cannot_be_answered(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    await hall.alice.click(message, label="Play")
    for post in posts[1:]:
        result = await forge(hall, f"duelpick:{post.id}:0", by=hall.alice, on=message)
        assert "That question is not yours yet." in texts(result.response)
        assert await hall.store.answer_count(post.id) == 0


async def test_a_third_one_sees_and_answers_nothing(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    duel_id = await last_id(hall)
    for custom_id in (
        f"duelplay:{duel_id}",
        f"duelpick:{posts[0].id}:0",
        f"duelseen:{duel_id}",
        f"rematch:{duel_id}",
    ):
        result = await forge(hall, custom_id, by=hall.chi, on=message)
        assert "That duel is between two others." in texts(result.response)
        assert result.ephemeral
    assert await hall.store.answer_count(posts[0].id) == 0


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("duelplay:99", "That duel is not one of this server's."),
        ("duelyes:99", "That duel is not one of this server's."),
        ("duelplay:x", "That button is not one of mine."),
        ("duelplay", "That button is not one of mine."),
        ("duelpick:1", "That button is not one of mine."),
        ("duelpick:999:0", "That duel is over."),
        ("duelpick:1:9", "That option is not one of this question's."),
        ("rematch:1", "This duel is not over yet."),
    ],
)
async def test_a_forged_button_gets_a_sentence(hall, custom_id, sentence):
    message = await accepted(hall)
    assert (await questions(hall))[0].id == 1
    await hall.alice.click(message, label="Play")
    result = await forge(hall, custom_id, by=hall.alice, on=message)
    assert sentence in texts(result.response)
    assert result.ephemeral
    assert await hall.store.answer_count(1) == 0


async def test_a_challenges_post_is_no_question_of_a_duel(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    result = await forge(hall, f"duelpick:{post.id}:0", by=hall.alice, on=message)
    assert "That duel is not one of this server's." in texts(result.response)
    assert await hall.store.answer_count(post.id) == 0


async def test_another_server_reaches_nothing_of_it(hall):
    message = await accepted(hall)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    there = other.add_member(hall.alice.user)
    await hall.env.settle()
    for custom_id in ("duelplay:1", "duelpick:1:0"):
        result = await forge(hall, custom_id, by=there, on=message)
        assert "That duel is not one of this server's." in texts(result.response)


async def test_after_the_deadline_who_played_wins_by_default(hall):
    await accepted(hall)
    await play(hall, hall.alice, 1)
    await past_the_deadline(hall)
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in said
    assert f"**2.** <@{hall.ben.id}>  did not answer in time" in said
    assert "Won by default" in said
    assert "It does not count for ratings: only one of the two played." in said
    assert await hall.store.rating(hall.guild.id, hall.alice.id) is None


async def test_an_answer_after_the_deadline_is_not_counted_and_shows_how_it_ended(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await hall.alice.click(result.response, label="A")
    await play(hall, hall.ben, 5)
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    await slowed(hall)
    await advance_to(hall, duel.deadline - timedelta(seconds=1))
    late = await hall.alice.click(message, label="Play")
    assert "question 2 of 5" in texts(late.response)
    await hall.env.advance_time(1)
    await hall.alice.click(late.response, label="A")
    assert f"<@{hall.ben.id}> wins against" in texts(late.response)
    assert "did not play" not in texts(late.response)
    assert await hall.store.answer_of(posts[1].id, hall.alice.id) is None
    again = await hall.alice.click(hall.messages()[-1], label="What I missed")
    assert "you: no answer" in texts(again.response)


async def test_a_button_of_a_question_that_is_gone_says_that_it_is_over(hall):
    """Nobody answered it before the deadline, so it was deleted."""
    message = await accepted(hall)
    result = await hall.alice.click(message, label="Play")
    await past_the_deadline(hall)
    late = await hall.alice.click(result.response, label="A")
    assert "That duel is over." in texts(late.response)
    assert late.ephemeral


async def test_when_neither_plays_there_is_no_result(hall):
    await accepted(hall)
    await past_the_deadline(hall)
    said = texts(hall.messages()[-1])
    assert "neither played in time, so there is no result." in said
    assert [b.label for b in buttons(hall.messages()[-1])] == ["Rematch"]
    record = await hall.alice.slash(hall.channel, "duel record")
    assert "You have no finished duel" in texts(record.response)


async def test_one_duels_failure_is_no_others(hall, monkeypatch, caplog):
    messages = hall.bot.get_cog("Duels").messages
    seen = []

    async def fail_at_first(duel_id):
        seen.append(duel_id)
        if duel_id == 1:
            raise ValueError("broken")

    monkeypatch.setattr(messages, "refresh", fail_at_first)
    await messages.catch_up([1, 2])
    await messages.catch_up([1, 2])  # what failed rests for a while
    assert seen == [1, 2, 2]
    assert "Duel 1 could not be shown" in caplog.text
