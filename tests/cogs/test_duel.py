"""Duels as members click through them."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
from simcord import MemberActor

from bot.core.duel import QUESTIONS
from bot.core.post import LETTERS, Post
from tests.cogs.acting import START, advance_to, forge, open_post, posted_now, slowed
from tests.cogs.test_trouble import deny
from tests.conftest import TICK, Hall, make_bot
from tests.simworld import NonceRoute, buttons, disconnected, race, server_error, texts


async def challenged(hall: Hall, by: MemberActor | None = None, **options) -> discord.Message:
    """Have Alice challenge Ben; return the public message."""
    options = {"member": hall.ben, **options}
    result = await (by or hall.alice).slash(hall.channel, "duel challenge", **options)
    assert "You challenged" in texts(result.response)
    return hall.messages()[-1]


async def accepted(hall: Hall) -> discord.Message:
    message = await challenged(hall)
    await hall.ben.click(message, label="Accept")
    return hall.messages()[-1]


async def questions(hall: Hall) -> tuple[Post, ...]:
    duel = (await hall.store.open_duels(hall.guild.id, hall.alice.id))[-1]
    return await hall.store.contest_posts(duel.contest.id)


async def play(hall: Hall, member: MemberActor, right: int, seconds: float = 2) -> object:
    """Play a whole duel from its message; the first ``right`` answers are right."""
    posts = await questions(hall)
    result = await member.click(hall.messages()[-1], label="Play")
    for place, post in enumerate(posts):
        assert f"question {place + 1} of {QUESTIONS}" in texts(result.response)
        assert post.shown.question.prompt in texts(result.response)
        await hall.env.advance_time(seconds)
        key = post.shown.key
        pick = key if place < right else (key + 1) % len(post.shown.options)
        await member.click(result.response, label=LETTERS[pick])
    return result.response


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
    sent = [r.json for r in hall.env.http_requests if r.method == "POST" and "/messages" in r.path]
    assert sent[-1]["allowed_mentions"] == {
        "parse": [],
        "users": [hall.ben.id],
    }
    assert sent[-1]["enforce_nonce"] is True


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
    await advance_to(hall, START + timedelta(hours=24, seconds=-1))
    assert [b.label for b in buttons(hall.messages()[-1])] == ["Accept", "Decline", "Withdraw"]
    await hall.env.advance_time(1)
    late = await forge(hall, "duelyes:1", by=hall.ben, on=message)
    assert "That duel is over." in texts(late.followups[0])
    await hall.env.advance_time(TICK.total_seconds())
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


async def last_id(hall: Hall) -> int:
    found = await hall.store._read(lambda c: c.execute("SELECT max(id) FROM duels").fetchone())
    return int(found[0])


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


async def test_the_first_of_a_doubled_press_counts(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await race(hall.env, *(hall.alice.click(result.response, label=x) for x in "BAAB"))
    assert await hall.store.answer_count(posts[0].id) == 1
    assert (await hall.store.answer_of(posts[0].id, hall.alice.id)).place == 1
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
    await advance_to(hall, START + timedelta(hours=24, minutes=10))
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in said
    assert f"**2.** <@{hall.ben.id}>  did not play in time" in said
    assert "Won by default" in said
    assert "It does not count for ratings: only one of the two answered." in said
    assert await hall.store.rating(hall.guild.id, hall.alice.id) is None


async def test_an_answer_after_the_deadline_is_not_counted_and_shows_how_it_ended(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await hall.alice.click(result.response, label="A")
    await play(hall, hall.ben, 5)
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
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
    await advance_to(hall, START + timedelta(hours=24, minutes=10))
    late = await hall.alice.click(result.response, label="A")
    assert "That duel is over." in texts(late.response)
    assert late.ephemeral


async def test_when_neither_plays_there_is_no_result(hall):
    await accepted(hall)
    await advance_to(hall, START + timedelta(hours=24, minutes=10))
    said = texts(hall.messages()[-1])
    assert "neither played in time, so there is no result." in said
    assert [b.label for b in buttons(hall.messages()[-1])] == ["Rematch"]
    record = await hall.alice.slash(hall.channel, "duel record")
    assert "You have no finished duel" in texts(record.response)


# ------------------------------------------------------------------------ afterwards


async def finished(hall: Hall, right: tuple[int, int] = (4, 2)) -> discord.Message:
    await accepted(hall)
    await play(hall, hall.alice, right[0])
    await play(hall, hall.ben, right[1])
    await hall.env.advance_time(30)
    return hall.messages()[-1]


async def test_each_sees_what_they_missed_in_private(hall):
    await accepted(hall)
    posts = await questions(hall)
    await play(hall, hall.alice, 4)
    await play(hall, hall.ben, 5)
    message = hall.messages()[-1]
    result = await hall.alice.click(message, label="What I missed")
    said = texts(result.response)
    assert result.ephemeral
    assert "1 question to look at again" in said
    last = posts[-1].shown.question
    assert f"Right: **{last.key[:60]}" in said
    assert [b.custom_id for b in buttons(result.response)] == [f"report:{posts[-1].id}"]
    modal = await hall.alice.click(result.response, label="Report question 5")
    assert modal.modal is not None
    none = await hall.ben.click(message, label="What I missed")
    assert "You missed nothing" in texts(none.response)


async def test_either_may_ask_for_a_rematch(hall):
    message = await finished(hall)
    result = await hall.ben.click(message, label="Rematch")
    assert f"You challenged <@{hall.alice.id}>" in texts(result.response)
    assert f"<@{hall.ben.id}> challenges <@{hall.alice.id}>" in texts(hall.messages()[-1])
    again = await hall.alice.click(message, label="Rematch")
    assert "You two have an open duel already" in texts(again.response)


async def test_a_rematch_on_the_same_day_does_not_count_for_ratings_and_says_so(hall):
    message = await finished(hall)
    before = await hall.store.rating(hall.guild.id, hall.alice.id)
    await hall.ben.click(message, label="Rematch")
    await hall.alice.click(hall.messages()[-1], label="Accept")
    await play(hall, hall.alice, 5)
    await play(hall, hall.ben, 0)
    said = texts(hall.messages()[-1])
    assert "It does not count for ratings: the two had one that counts on that day." in said
    assert await hall.store.rating(hall.guild.id, hall.alice.id) == before


async def test_a_rematch_with_somebody_who_left_is_refused(hall):
    message = await finished(hall)
    hall.guild.remove_member(hall.ben.user)
    result = await hall.alice.click(message, label="Rematch")
    assert "They are not in this server any more." in texts(result.response)


async def test_the_list_shows_open_duels_with_their_buttons(hall):
    empty = await hall.alice.slash(hall.channel, "duel list")
    assert "You have no open duel." in texts(empty.response)
    await challenged(hall)
    own = await hall.alice.slash(hall.channel, "duel list")
    assert f"You challenged <@{hall.ben.id}>" in texts(own.response)
    theirs = await hall.ben.slash(hall.channel, "duel list")
    assert f"<@{hall.alice.id}> challenges you" in texts(theirs.response)
    await hall.ben.click(theirs.response, label="Accept")
    assert f"Against <@{hall.alice.id}>" in texts(theirs.response)
    shown = await hall.ben.click(theirs.response, label="Play")
    assert "question 1 of 5" in texts(shown.response)
    assert "against" in texts(hall.messages()[-1])


async def test_withdrawing_from_the_list(hall):
    await challenged(hall)
    own = await hall.alice.slash(hall.channel, "duel list")
    await hall.alice.click(own.response, label="Withdraw")
    assert "You have no open duel." in texts(own.response)
    assert "withdrew the challenge" in texts(hall.messages()[-1])


async def test_the_record_against_one_and_against_all(hall):
    await finished(hall)
    one = await hall.alice.slash(hall.channel, "duel record", member=hall.ben)
    said = texts(one.response)
    assert f"You against <@{hall.ben.id}>" in said
    assert "1 won · 0 drawn · 0 lost" in said
    assert "- 1 January 2026: **won** 4:2 · 10.0 s against 10.0 s" in said
    everybody = await hall.ben.slash(hall.channel, "duel record")
    assert f"- <@{hall.alice.id}>: 0 won, 0 drawn, 1 lost" in texts(everybody.response)
    none = await hall.alice.slash(hall.channel, "duel record", member=hall.chi)
    assert f"You and <@{hall.chi.id}> have no finished duel: all time." in texts(none.response)
    own = await hall.alice.slash(hall.channel, "duel record", member=hall.alice)
    assert "Nobody has a record against themselves." in texts(own.response)


async def test_the_record_of_a_period(hall):
    await finished(hall)
    await slowed(hall)
    await advance_to(hall, START + timedelta(days=1, hours=12))
    for period, said in (
        ("today", "no finished duel: today"),
        ("yesterday", "1 won · 0 drawn · 0 lost"),
        ("month", "1 won · 0 drawn · 0 lost"),
    ):
        result = await hall.alice.slash(hall.channel, "duel record", member=hall.ben, period=period)
        assert said in texts(result.response)


async def test_a_forgotten_opponent_is_a_former_member(hall):
    await finished(hall)
    await hall.store.forget_member(hall.ben.id, None)
    result = await hall.alice.slash(hall.channel, "duel record")
    assert "- a former member: 1 won, 0 drawn, 0 lost" in texts(result.response)
    (rating, contests) = await hall.store.rating(hall.guild.id, hall.alice.id)
    assert (rating.value, contests) == (1532, 1)


# -------------------------------------------------------- what goes wrong in between


async def test_a_member_who_has_themselves_forgotten_ends_a_running_duel(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    asked = await hall.ben.slash(hall.channel, "data delete", where="everywhere")
    await hall.ben.click(asked.response, label="Delete it")
    await hall.env.advance_time(TICK.total_seconds())
    said = texts(hall.messages()[-1])
    assert f"## <@{hall.alice.id}> wins against a former member" in said
    assert (await hall.store.score(hall.guild.id, hall.alice.id)).contest_right == 3


async def test_a_member_who_has_themselves_forgotten_ends_an_invitation(hall):
    await challenged(hall)
    await hall.store.forget_member(hall.alice.id, hall.guild.id)
    await hall.env.advance_time(TICK.total_seconds())
    assert "This challenge is off" in texts(hall.messages()[-1])


async def test_a_member_who_left_loses_by_default_at_the_deadline(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    hall.guild.remove_member(hall.ben.user)
    await advance_to(hall, START + timedelta(hours=24, minutes=10))
    assert f"## <@{hall.alice.id}> wins against <@{hall.ben.id}>" in texts(hall.messages()[-1])


async def test_a_running_duel_goes_on_when_its_message_is_deleted_and_the_result_is_posted(hall):
    message = await accepted(hall)
    await message.delete()
    await hall.env.settle()
    for member, right in ((hall.alice, 5), (hall.ben, 1)):
        listed = await member.slash(hall.channel, "duel list")
        result = await member.click(listed.response, label="Play")
        posts = await questions(hall)
        for place, post in enumerate(posts):
            key = post.shown.key
            pick = key if place < right else (key + 1) % len(post.shown.options)
            await member.click(result.response, label=LETTERS[pick])
    await hall.env.advance_time(TICK.total_seconds())
    (shown,) = hall.messages()
    assert f"<@{hall.alice.id}> wins against" in texts(shown)
    sent = [r for r in hall.env.http_requests if r.method == "POST" and "/messages" in r.path]
    assert not any(sent[-1].json["allowed_mentions"].values())  # a result pings nobody


async def test_nothing_is_lost_when_the_channel_is_deleted(hall):
    await accepted(hall)
    await play(hall, hall.alice, 5)
    elsewhere = hall.guild.create_text_channel("elsewhere")
    await hall.env.settle()
    await hall.bot.get_channel(hall.channel.id).delete()
    await hall.env.settle()
    listed = await hall.ben.slash(elsewhere, "duel list")
    result = await hall.ben.click(listed.response, label="Play")
    for _ in range(QUESTIONS):
        await hall.ben.click(result.response, label="A")
    assert "wins against" in texts(result.response)
    await hall.env.advance_time(TICK.total_seconds())
    record = await hall.alice.slash(elsewhere, "duel record", member=hall.ben)
    assert "1 won" in texts(record.response)
    due = await hall.store.duels_due(hall.bot.clock())
    assert due.untold == ()


@pytest.mark.parametrize("error", [server_error, disconnected])
async def test_an_invitation_whose_response_was_lost_is_found_and_not_sent_twice(hall, error):
    with NonceRoute(hall.env) as route:
        route.lose_response(error)
        result = await hall.alice.slash(hall.channel, "duel challenge", member=hall.ben)
        assert "as soon as Discord lets me" in texts(result.response)
        await hall.env.advance_time(TICK.total_seconds())
    (message,) = hall.messages()
    await hall.ben.click(message, label="Accept")
    assert "has yet to play" in texts(hall.messages()[-1])
    assert len(hall.messages()) == 1


async def test_an_edit_that_discord_refuses_is_made_up_for(hall):
    message = await challenged(hall)
    hall.env.inject_error("PATCH", f"/channels/{hall.channel.id}/messages/*", status=500)
    await hall.ben.click(message, label="Accept")
    assert "challenges" in texts(hall.messages()[-1])
    await hall.env.advance_time(2 * TICK.total_seconds())
    assert "has yet to play" in texts(hall.messages()[-1])


async def test_a_restart_in_the_middle_changes_nothing(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    result = await hall.alice.click(message, label="Play")
    await hall.env.advance_time(3)
    await hall.alice.click(result.response, label=LETTERS[posts[0].shown.key])
    await hall.env.restart_bot(make_bot(hall.store, hall.bot.shelf))
    await hall.env.advance_time(4)
    for post in posts[1:]:
        await hall.alice.click(result.response, label=LETTERS[post.shown.key])
    assert "All 5 answered in 7.0 s" in texts(result.response)
    await play(hall, hall.ben, 2)
    assert f"**1.** <@{hall.alice.id}>  5 of 5 right in 7.0 s" in texts(hall.messages()[-1])


async def outage(hall: Hall, lasts: timedelta) -> None:
    """Let the bot be gone for a while and start another process on the same database."""
    hall.env.backend.advance_clock(lasts.total_seconds())
    await hall.env.restart_bot(make_bot(hall.store, hall.bot.shelf))
    await hall.env.settle()


async def test_an_outage_moves_the_deadline_and_stops_the_time(hall):
    message = await accepted(hall)
    posts = await questions(hall)
    await play(hall, hall.ben, 5)
    result = await hall.alice.click(message, label="Play")
    await hall.env.advance_time(7)
    (before,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    await outage(hall, timedelta(days=2))
    (after,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    moved = after.deadline - before.deadline
    assert timedelta(days=2) <= moved <= timedelta(days=2) + TICK
    assert f"<t:{int(after.deadline.timestamp())}:R>" in texts(hall.messages()[-1])
    await hall.alice.click(result.response, label=LETTERS[posts[0].shown.key])
    assert "question 2 of 5" in texts(result.response)
    took = (await hall.store.played(after.contest.id))[hall.alice.id].took_ms
    assert took <= 7000
    for post in posts[1:]:
        await hall.alice.click(result.response, label=LETTERS[post.shown.key])
    assert f"<@{hall.alice.id}> wins against" in texts(hall.messages()[-1])


async def test_an_outage_moves_the_end_of_an_invitation(hall):
    message = await challenged(hall)
    await outage(hall, timedelta(days=3))
    await hall.ben.click(message, label="Accept")
    assert "has yet to play" in texts(hall.messages()[-1])


async def test_a_deadline_that_comes_after_an_outage_is_kept(hall):
    await accepted(hall)
    await play(hall, hall.alice, 3)
    await outage(hall, timedelta(hours=30))
    assert "has yet to play" in texts(hall.messages()[-1])
    (duel,) = await hall.store.open_duels(hall.guild.id, hall.alice.id)
    await advance_to(hall, duel.deadline + TICK)
    assert "Won by default" in texts(hall.messages()[-1])
    assert len(hall.messages()) == 1
