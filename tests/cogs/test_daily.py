"""The daily challenge, as managers set it up, members answer it and the clock moves on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import discord
import pytest

from bot.core.post import LETTERS
from tests.cogs.acting import START, advance_to, open_post, slowed, ticked
from tests.conftest import make_bot, saved
from tests.simworld import NonceRoute, buttons, race, texts


async def posted(hall):
    """Set up for 09:00 in Berlin, let the time come, and return the message."""
    await slowed(hall, timedelta(minutes=10))
    result = await hall.setup_daily()
    assert "Saved." in texts(result.response)
    await advance_to(hall, START + timedelta(hours=8, minutes=10))
    (message,) = hall.messages()
    return message


async def test_it_is_posted_at_its_time_and_not_before(hall):
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=7, minutes=50))
    assert hall.messages() == []
    await advance_to(hall, START + timedelta(hours=8, minutes=10))
    (message,) = hall.messages()
    said = texts(message)
    assert "Daily challenge · Thursday, 1 January" in said
    assert "0 answers so far" in said
    assert [b.label for b in buttons(message)] == ["A", "B", "C", "D"]


async def test_the_message_does_not_tell_the_answer(hall):
    message = await posted(hall)
    post = await open_post(hall)
    assert [b.custom_id for b in buttons(message)] == [
        f"daily:{post.id}:{place}" for place in range(4)
    ]


async def test_an_answer_is_acknowledged_privately_and_counted_live(hall):
    message = await posted(hall)
    result = await hall.alice.click(message, label="B")
    assert result.ephemeral
    assert "Recorded: **B" in texts(result.response)
    assert "<t:" in texts(result.response)
    await hall.env.advance_time(4)
    said = texts(hall.messages()[0])
    assert "1 answer so far" in said
    assert "right" not in said


async def test_the_first_answer_stands(hall):
    message = await posted(hall)
    await hall.alice.click(message, label="B")
    again = await hall.alice.click(message, label="C")
    assert "Your first answer stands: **B" in texts(again.response)
    assert await hall.store.answer_count((await open_post(hall)).id) == 1


async def test_a_hundred_clicks_at_once_count_once_a_member(hall):
    message = await posted(hall)
    members = [hall.alice, hall.ben, hall.chi]
    verbs = [member.click(message, label=label) for label in "ABC" for member in members]
    results = await race(hall.env, *verbs)
    assert all(result.acknowledged for result in results)
    assert await hall.store.answer_count((await open_post(hall)).id) == 3


async def test_points_move_at_the_reveal_only(hall):
    message = await posted(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=LETTERS[post.shown.key])
    before = await hall.alice.slash(hall.channel, "score")
    assert "0 points" in texts(before.response)
    await hall.manager.slash(hall.channel, "daily reveal")
    after = await hall.alice.slash(hall.channel, "score")
    assert "10 points · rank 1" in texts(after.response)


async def test_the_reveal_comes_by_itself_half_an_hour_before_the_next(hall):
    message = await posted(hall)
    post = await open_post(hall)
    right, wrong = post.shown.key, (post.shown.key + 1) % 4
    await hall.alice.click(message, label=LETTERS[right])
    await hall.ben.click(message, label=LETTERS[wrong])
    await advance_to(hall, START + timedelta(hours=31, minutes=20))
    assert "closed" not in texts(hall.messages()[0])
    await advance_to(hall, START + timedelta(hours=31, minutes=40))
    said = texts(hall.messages()[0])
    assert "closed" in said
    assert f"{LETTERS[right]}  {post.shown.question.key}  ← right" in said
    assert "1 of 2 answers right." in said
    assert f"First: <@{hall.alice.id}>" in said
    assert post.shown.question.explanation in said
    assert {b.label for b in buttons(hall.messages()[0])} == {
        "My result",
        "Look it up",
        "Report: this is wrong",
    }


async def test_own_result_is_one_private_click_away(hall):
    message = await posted(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=LETTERS[post.shown.key])
    await hall.manager.slash(hall.channel, "daily reveal")
    mine = await hall.alice.click(hall.messages()[0], label="My result")
    assert "You were right: 10 points." in texts(mine.response)
    assert mine.ephemeral
    none = await hall.chi.click(hall.messages()[0], label="My result")
    assert "You did not answer this one." in texts(none.response)


async def test_the_next_post_and_the_last_reveal_link_each_other(hall):
    first = await posted(hall)
    await advance_to(hall, START + timedelta(hours=32, minutes=10))
    old, new = hall.messages()
    assert old.id == first.id
    assert f"/{old.id}" in texts(new)
    assert f"/{new.id}" in texts(old)


async def test_a_week_has_seven_different_questions(hall):
    await hall.setup_daily()
    await slowed(hall, timedelta(hours=2))
    await advance_to(hall, START + timedelta(days=7))
    posts = await hall.store.last_posts(hall.guild.id, 20)
    assert len(posts) == 7
    assert len({post.shown.question.id for post in posts}) == 7
    assert len(hall.messages()) == 7


async def test_now_posts_once_and_the_clock_does_not_post_again(hall):
    await hall.setup_daily()
    result = await hall.manager.slash(hall.channel, "daily now")
    assert "Posted:" in texts(result.response)
    assert len(hall.messages()) == 1
    again = await hall.manager.slash(hall.channel, "daily now")
    assert "already been posted" in texts(again.response)
    await advance_to(hall, START + timedelta(hours=12))
    assert len(hall.messages()) == 1


async def test_off_stops_posting_and_still_reveals(hall):
    await posted(hall)
    await hall.manager.slash(hall.channel, "daily off")
    await slowed(hall, timedelta(hours=1))
    await advance_to(hall, START + timedelta(days=3))
    (message,) = hall.messages()
    assert "closed" in texts(message)


async def test_status_tells_the_next_time(hall):
    await hall.setup_daily(topic="threat-detection")
    result = await hall.manager.slash(hall.channel, "daily status")
    said = texts(result.response)
    assert "Posted at 09:00 (Europe/Berlin)" in said
    assert f"<t:{int((START + timedelta(hours=8)).timestamp())}:f>" in said
    assert "Asks about: " in said
    assert result.ephemeral


async def test_status_and_setup_know_that_todays_was_posted_by_hand(hall):
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily now")
    tomorrow = f"<t:{int((START + timedelta(hours=32)).timestamp())}:f>"
    result = await hall.manager.slash(hall.channel, "daily status")
    assert tomorrow in texts(result.response)
    again = await hall.setup_daily()
    assert tomorrow in texts(again.response)
    past = await hall.setup_daily(time="00:30")
    assert "on its way" not in texts(past.response)


async def test_setup_after_todays_time_says_that_the_first_one_comes_at_once(hall):
    result = await hall.setup_daily(time="00:30")
    assert "Today's time has passed, so the first one is on its way." in texts(result.response)
    await ticked(hall)
    assert len(hall.messages()) == 1


async def test_members_may_not_set_it_up(hall):
    with pytest.raises(Exception, match="daily"):  # Discord hides it from them
        await hall.alice.slash(hall.channel, "daily off")


async def test_a_member_who_was_let_in_by_an_override_is_still_checked(hall):
    visible = hall.env.backend.visible_commands(user_id=hall.manager.id, channel_id=hall.channel.id)
    command = next(c for c in visible if c["name"] == "daily")
    hall.guild.set_command_permissions(int(command["id"]), {hall.alice.user: True})
    refused = await hall.alice.slash(hall.channel, "daily off")
    assert "Manage Server" in texts(refused.response)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("time", "25:00", "is not a time"),
        ("time", "8", "is not a time"),
        ("zone", "Berlin", "Did you mean Europe/Berlin"),
        ("topic", "cooking", "no topic of that name"),
        ("reveal", "soon", "is not a time"),
    ],
)
async def test_bad_settings_get_one_clear_sentence(hall, field, value, sentence):
    result = await hall.setup_daily(**{field: value})
    assert sentence in texts(result.response)
    assert await hall.store.challenge(hall.guild.id) is None


async def test_setup_names_the_permission_it_lacks(hall):
    nobody = {hall.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    mute = hall.guild.create_text_channel("quiet", overwrites=nobody)
    result = await hall.manager.slash(
        hall.channel, "daily setup", channel=mute, time="09:00", timezone="UTC"
    )
    assert "I lack Send Messages there" in texts(result.response)


async def test_zones_are_completed(hall):
    offered = await hall.manager.autocomplete(hall.channel, "daily setup", "timezone", "berl")
    assert offered == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_refused_post_is_reported_and_tried_again(hall, status):
    await hall.setup_daily()
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=status)
    await advance_to(hall, START + timedelta(hours=8, minutes=2))
    result = await hall.manager.slash(hall.channel, "daily status")
    assert "Trouble" in texts(result.response)
    await advance_to(hall, START + timedelta(hours=9))
    assert len(hall.messages()) == 1
    result = await hall.manager.slash(hall.channel, "daily status")
    assert "Trouble" not in texts(result.response)


@pytest.mark.parametrize("status", [403, 500])
async def test_a_refused_reveal_is_tried_again(hall, status):
    await posted(hall)
    hall.env.inject_error("PATCH", "/channels/*/messages/*", status=status)
    result = await hall.manager.slash(hall.channel, "daily reveal")
    assert "I try again soon" in texts(result.response)
    await hall.env.advance_time(20 * 60)
    assert "closed" in texts(hall.messages()[0])


async def test_a_deleted_message_closes_without_a_reveal_and_its_answers_stay(hall):
    message = await posted(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=LETTERS[post.shown.key])
    await hall.messages()[0].delete()
    await advance_to(hall, START + timedelta(hours=31, minutes=40))
    score = await hall.alice.slash(hall.channel, "score")
    assert "10 points" in texts(score.response)
    assert await hall.store.unrevealed_posts() == ()


async def test_a_restart_between_post_and_answer_changes_nothing(hall, shelf):
    message = await posted(hall)
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    result = await hall.alice.click(message, label="A")
    assert "Recorded: **A" in texts(result.response)
    await hall.env.advance_time(3600)
    assert len(hall.messages()) == 1


async def test_a_claim_that_was_never_sent_is_sent_after_a_restart(hall, shelf):
    await hall.setup_daily()
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500)
    await advance_to(hall, START + timedelta(hours=8, minutes=2))
    assert hall.messages() == []
    await hall.env.restart_bot(make_bot(hall.store, shelf, seed=2))
    await ticked(hall)
    assert len(hall.messages()) == 1
    assert (await open_post(hall)).message_id == hall.messages()[0].id


async def test_a_message_whose_response_was_lost_is_found_and_not_sent_twice(hall, shelf):
    await hall.setup_daily()
    with NonceRoute(hall.env) as route:
        route.lose_response()
        await advance_to(hall, START + timedelta(hours=8, minutes=2))
        assert len(hall.messages()) == 1
        assert (await open_post(hall)).message_id is None
    await hall.env.restart_bot(make_bot(hall.store, shelf, seed=2))
    await hall.env.advance_time(1200)
    assert len(hall.messages()) == 1
    assert (await open_post(hall)).message_id == hall.messages()[0].id


async def test_an_open_challenges_question_is_not_drawn_in_a_quiz(hall):
    await hall.setup_daily(topic="threat-detection")
    await hall.manager.slash(hall.channel, "daily now")
    post = await open_post(hall)
    result = await hall.alice.slash(hall.channel, "quiz", topic="threat-detection", count=20)
    first = next(b.custom_id for b in buttons(result.response) if b.custom_id.startswith("quiz:"))
    round_id = (await hall.store.post(int(first.split(":")[1]))).round_id
    drawn = await hall.store.round_posts(round_id)
    assert post.shown.question.entry_id not in {p.shown.question.entry_id for p in drawn}


async def test_one_servers_broken_challenge_does_not_stop_the_others(hall):
    await hall.setup_daily()
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("study-hall")
    role = other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(hall.env.create_user("boss"), roles=[role])
    await hall.env.settle()
    await saved(
        boss,
        await boss.slash(channel, "daily setup", channel=channel, time="09:00", timezone="UTC"),
    )
    with closing(sqlite3.connect(hall.store.path)) as database:  # a zone that tzdata dropped
        database.execute("UPDATE challenges SET zone = 'Mars/Base' WHERE id = 1")
        database.commit()
    await slowed(hall, timedelta(hours=1))
    await advance_to(hall, START + timedelta(hours=11))
    assert hall.messages() == []
    assert "Daily challenge" in texts(channel.last_message)
    assert (await hall.store.trouble(1)).text.startswith("Something went wrong on my side.")


async def test_a_lost_response_to_one_server_does_not_hold_up_the_next(hall):
    await hall.setup_daily(zone="UTC")
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("study-hall")
    role = other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(hall.env.create_user("boss"), roles=[role])
    await hall.env.settle()
    await saved(
        boss,
        await boss.slash(channel, "daily setup", channel=channel, time="09:00", timezone="UTC"),
    )
    await slowed(hall, timedelta(hours=1))
    with NonceRoute(hall.env) as route:
        route.lose_response()
        await advance_to(hall, START + timedelta(hours=9, minutes=30))
    assert "Daily challenge" in texts(channel.last_message)
    assert "Daily challenge" in texts(hall.messages()[0])
    troubles = [await hall.store.trouble(number) for number in (1, 2)]
    (found,) = filter(None, troubles)  # they are sent at the same time
    assert found.text.startswith("Discord did not take the post.")
    await hall.env.advance_time(3600)
    assert len(hall.messages()) == len(channel.history()) == 1
    assert [await hall.store.trouble(number) for number in (1, 2)] == [None, None]


async def test_a_post_by_hand_whose_response_was_lost_is_known_after_a_restart(hall, shelf):
    """Its own time has not come, so nothing else would look for it."""
    await hall.setup_daily()
    with NonceRoute(hall.env) as route:
        route.lose_response()
        result = await hall.manager.slash(hall.channel, "daily now")
    assert "Discord did not take the post." in texts(result.response)
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    assert (await open_post(hall)).message_id == hall.messages()[0].id


async def test_a_post_whose_response_was_lost_is_revealed_though_it_was_switched_off(hall):
    await hall.setup_daily()
    with NonceRoute(hall.env) as route:
        route.lose_response()
        await hall.manager.slash(hall.channel, "daily now")
    await hall.manager.slash(hall.channel, "daily off")
    await slowed(hall, timedelta(hours=2))
    await advance_to(hall, START + timedelta(hours=34))
    (message,) = hall.messages()
    assert "closed" in texts(message)


async def test_the_study_date_is_the_servers_and_is_the_one_announced(hall):
    await hall.setup_daily(time="09:00", zone="Pacific/Auckland")
    await hall.manager.slash(hall.channel, "daily now")
    assert (await open_post(hall)).study_date == date(2026, 1, 1)
    await slowed(hall, timedelta(hours=1))
    await advance_to(hall, START + timedelta(hours=21))
    post = await hall.store.last_posts(hall.guild.id, 1)
    assert post[0].study_date == date(2026, 1, 2)


async def test_a_server_that_let_the_bot_go_is_left_in_peace(hall):
    await hall.setup_daily()
    hall.env.backend.emit("GUILD_DELETE", {"id": str(hall.guild.id), "unavailable": False})
    await hall.env.settle()
    before = len(hall.env.http_requests)
    await advance_to(hall, START + timedelta(hours=12))
    assert len(hall.env.http_requests) == before
    assert await hall.store.last_posts(hall.guild.id, 1) == ()


async def test_a_reveal_that_discord_refuses_by_itself_shows_in_the_status(hall):
    await posted(hall)
    hall.env.inject_error("PATCH", "/channels/*/messages/*", status=403)
    await advance_to(hall, START + timedelta(hours=31, minutes=32))
    status = await hall.manager.slash(hall.channel, "daily status")
    assert "The answer could not be shown." in texts(status.response)
    await advance_to(hall, START + timedelta(hours=31, minutes=50))
    status = await hall.manager.slash(hall.channel, "daily status")
    assert "Trouble" not in texts(status.response)
