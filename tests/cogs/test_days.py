"""Day by day: what is skipped, paused, late, missed or deleted, and how managers hear of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.content.shelf import Shelf
from bot.core.post import LETTERS
from tests.cogs.acting import (
    START,
    advance_to,
    forge,
    open_post,
    posted_now,
    right,
    slowed,
    ticked,
    wrong,
)
from tests.conftest import make_bot, saved
from tests.simworld import buttons, race, texts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
"""A Thursday."""


async def events(hall, challenge_id=1):
    lines = await hall.store.audit_lines(challenge_id)
    ordered = sorted(lines, key=lambda line: line.study_date)
    return [(line.study_date.day, line.event) for line in ordered]


async def slash(hall, command, **options):
    return texts((await hall.manager.slash(hall.channel, f"daily {command}", **options)).response)


# ------------------------------------------------------------------------------ the days


async def test_only_the_chosen_days_have_a_post(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily(days="Mon-Fri")
    await advance_to(hall, START + 7 * DAY)
    days = [post.study_date.day for post in await hall.store.last_posts(hall.guild.id, 9)]
    assert days == [7, 6, 5, 2, 1]  # the 3rd and 4th are a weekend
    assert await events(hall) == [(day, "posted") for day in (1, 2, 5, 6, 7)]
    closed = await hall.store.post(2)
    assert closed.closes_at - closed.claimed_at <= DAY  # Friday's is not open until Monday


async def test_a_post_on_a_day_off_may_be_made_by_hand(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily(days="weekends")
    assert "Posted:" in await slash(hall, "now")
    assert await events(hall) == [(1, "by_hand")]


async def test_skip_leaves_out_the_next_one_and_says_when_it_goes_on(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    said = await slash(hall, "skip")
    assert f"Skipped: the one of **Thursday, 1 January** in <#{hall.channel.id}>." in said
    assert f"<t:{int((START + timedelta(hours=32)).timestamp())}:f>" in said
    again = await slash(hall, "skip")
    assert "the one of **Friday, 2 January**" in again
    await advance_to(hall, START + 3 * DAY)
    assert await events(hall) == [(1, "skipped"), (2, "skipped"), (3, "posted")]
    assert len(hall.messages()) == 1
    assert "skipped by a manager" in await slash(hall, "status")


async def test_a_skip_can_be_taken_back_until_its_time(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    result = await hall.manager.slash(hall.channel, "daily skip")
    await hall.manager.click(result.response, label="Post it after all")
    assert "posted after all" in texts(result.response)
    await advance_to(hall, START + timedelta(hours=9, minutes=30))
    (message,) = hall.messages()
    for custom_id, sentence in (
        ("unskip:1:2026-01-01", "Its time has passed."),
        ("unskip:1:2026-01-09", "It is not skipped any more."),
        ("unskip:1:soon", "That button is not one of mine."),
        ("unskip:9:2026-01-09", "no challenge of that name here"),
    ):
        result = await forge(hall, custom_id, by=hall.manager, on=message)
        assert sentence in texts(result.response), custom_id


async def test_todays_skipped_one_may_still_be_posted_by_hand(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    await slash(hall, "skip")
    await advance_to(hall, START + timedelta(hours=10))
    assert hall.messages() == []
    assert "Posted:" in await slash(hall, "now")
    assert await events(hall) == [(1, "skipped"), (1, "by_hand")]


async def test_a_pause_accounts_for_its_days_and_resume_goes_on(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=9, minutes=30))
    assert "Paused in" in await slash(hall, "pause")
    assert "Paused. `/daily resume` lets it go on." in await slash(hall, "status")
    await advance_to(hall, START + 3 * DAY + timedelta(hours=4))
    (message,) = hall.messages()
    assert "closed" in texts(message)  # what was open is still revealed
    said = await slash(hall, "resume")
    assert "It goes on." in said
    assert "Next: <t:" in said
    await advance_to(hall, START + 3 * DAY + timedelta(hours=10))
    assert await events(hall) == [(1, "posted"), (2, "paused"), (3, "paused"), (4, "posted")]
    assert len(hall.messages()) == 2


async def test_resume_on_a_day_that_was_accounted_for_as_paused_waits_for_the_next(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    await slash(hall, "pause")
    await advance_to(hall, START + timedelta(hours=10))
    said = await slash(hall, "resume")
    assert f"Next: <t:{int((START + timedelta(hours=32)).timestamp())}:f>" in said
    await advance_to(hall, START + timedelta(hours=20))
    assert hall.messages() == []


async def test_off_days_are_no_days_and_resume_begins_anew(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=10))
    await slash(hall, "off")
    assert "Switched off." in await slash(hall, "status")
    for command in ("pause", "skip"):
        assert "switched off" in await slash(hall, command)
    await advance_to(hall, START + 3 * DAY)
    assert "It goes on." in await slash(hall, "resume")
    await advance_to(hall, START + 3 * DAY + timedelta(hours=10))
    assert await events(hall) == [(1, "posted"), (4, "posted")]


async def test_resume_in_the_evening_misses_nothing(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily(late=3)
    await slash(hall, "off")
    await advance_to(hall, START + timedelta(hours=20))
    await slash(hall, "resume")
    await advance_to(hall, START + timedelta(hours=34))
    assert await events(hall) == [(2, "posted")]


# ------------------------------------------------------------------------ late and missed


async def test_a_late_post_says_how_late_and_why(hall):
    await hall.setup_daily()
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500, times=None)
    await slowed(hall, HOUR)
    await advance_to(hall, START + timedelta(hours=10, minutes=30))
    hall.env.backend.faults.clear()
    await advance_to(hall, START + timedelta(hours=12))
    (line,) = await hall.store.audit_lines(1)
    assert (line.event, line.study_date) == ("late", FIRST)
    assert line.detail == "3 hours: Discord did not take the post. I try again every few minutes."
    said = await slash(hall, "status")
    assert "posted late (3 hours: Discord" in said
    assert "Trouble" not in said


async def test_what_cannot_be_posted_in_time_is_left_out_with_its_reason(hall):
    await hall.setup_daily(late=2)
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500, times=None)
    await slowed(hall, HOUR)
    await advance_to(hall, START + timedelta(hours=11, minutes=30))
    hall.env.backend.faults.clear()
    await advance_to(hall, START + timedelta(hours=30))
    assert hall.messages() == []
    (line,) = await hall.store.audit_lines(1)
    assert (line.event, line.detail) == (
        "missed",
        "Discord did not take the post. I try again every few minutes.",
    )
    await advance_to(hall, START + timedelta(hours=34))
    assert len(hall.messages()) == 1
    assert await events(hall) == [(1, "missed"), (2, "posted")]
    # The question that nobody saw is not spent.
    assert len(await hall.store.asked_in_order(hall.guild.id)) == 1


async def test_a_missed_one_may_still_be_posted_by_hand_on_its_day(hall):
    await hall.setup_daily(late=1)
    hall.env.backend.advance_clock(11 * 3600)
    await slowed(hall, HOUR)
    await ticked(hall)
    assert await events(hall) == [(1, "missed")]
    assert hall.messages() == []
    assert "Posted:" in await slash(hall, "now")
    assert await events(hall) == [(1, "missed"), (1, "by_hand")]


async def test_a_bot_that_was_not_there_accounts_for_every_day(hall):
    await slowed(hall, HOUR)
    await hall.setup_daily(late=6)
    await advance_to(hall, START + timedelta(hours=10))
    hall.env.backend.advance_clock(4 * 86400)
    await slowed(hall, HOUR)
    await ticked(hall)
    lines = await hall.store.audit_lines(1)
    assert [(line.study_date.day, line.event) for line in lines] == [
        (5, "late"),
        (4, "missed"),
        (3, "missed"),
        (2, "missed"),
        (1, "posted"),
    ]
    assert "I was not running, or not connected" in lines[1].detail
    history = await slash(hall, "history")
    assert "- **Mon 5 Jan** posted late (" in history
    assert (
        "- **Sun 4 Jan** not posted (I was not running, or not connected, at its time)" in history
    )
    assert "0 answers · [revealed](" in history


async def test_setup_in_the_evening_begins_tomorrow_and_misses_nothing(hall):
    await advance_to(hall, START + timedelta(hours=22))
    await slowed(hall, HOUR)
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=34))
    assert await events(hall) == [(2, "posted")]


async def test_history_of_nothing(hall):
    await hall.setup_daily()
    assert "Nothing yet." in await slash(hall, "history")


# ------------------------------------------------------------------------------- deletion


async def test_a_moderator_who_deletes_the_message_closes_the_post(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    hall.env.backend.delete_message(hall.channel.id, message.id)
    await hall.env.settle()
    assert await hall.store.open_posts() == ()
    assert await hall.store.unrevealed_posts() == ()
    assert await events(hall) == [(1, "by_hand"), (1, "deleted")]
    assert "10 points" in texts((await hall.alice.slash(hall.channel, "score")).response)
    said = await slash(hall, "history")
    assert "deleted (The message was deleted while it was open. Its answers stay and count)" in said
    await advance_to(hall, START + timedelta(hours=20))
    assert hall.messages() == []  # today had its post


async def test_many_messages_deleted_at_once_close_theirs(hall):
    message = await posted_now(hall)
    hall.env.backend.bulk_delete_messages(hall.channel.id, [message.id])
    await hall.env.settle()
    assert await events(hall) == [(1, "by_hand"), (1, "deleted")]


async def test_a_deletion_that_nobody_heard_of_is_noticed_at_the_next_count(hall):
    message = await posted_now(hall)
    await hall.alice.click(message, label="A")
    del hall.env.backend.messages[hall.channel.id][message.id]
    hall.bot.get_cog("Daily").posting.revealing.count(1)  # as another click does
    await hall.env.advance_time(5)
    assert await events(hall) == [(1, "by_hand"), (1, "deleted")]


async def test_another_deleted_message_means_nothing(hall):
    await posted_now(hall)
    other = await hall.alice.send(hall.channel, "hello")
    hall.env.backend.delete_message(hall.channel.id, other.id)
    await hall.env.settle()
    assert len(await hall.store.open_posts()) == 1


# ----------------------------------------------------------------------- late answers, ping


async def test_an_answer_after_the_close_is_practice_without_points(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=wrong(post))
    await slash(hall, "reveal")
    late = await forge(hall, f"daily:{post.id}:{post.shown.key}", by=hall.ben, on=message)
    said = texts(late.response)
    assert said.startswith("That challenge is closed. This is practice, without points: **right!**")
    assert post.shown.question.explanation in said
    assert late.ephemeral
    other = (post.shown.key + 1) % 4
    again = await forge(hall, f"daily:{post.id}:{other}", by=hall.ben, on=message)
    assert "**not this time.**" in texts(again.response)
    assert await hall.store.answer_count(post.id) == 1
    assert "## 0 points" in texts((await hall.ben.slash(hall.channel, "score")).response)
    first = await forge(hall, f"daily:{post.id}:{post.shown.key}", by=hall.alice, on=message)
    assert f"Your first answer stands: **{wrong(post)}" in texts(first.response)


async def test_an_answer_between_its_time_and_the_reveal_is_practice_too(hall):
    await slowed(hall, 6 * HOUR)
    message = await posted_now(hall)
    post = await open_post(hall)
    hall.env.backend.advance_clock(24 * 3600 + 60)
    late = await hall.alice.click(message, label=LETTERS[post.shown.key])
    assert "This is practice, without points" in texts(late.response)
    assert await hall.store.answer_count(post.id) == 0


async def test_only_the_chosen_role_is_mentioned_and_only_by_the_post(hall):
    role = hall.guild.create_role("Daily", mentionable=True)
    await hall.setup_daily(role=role)
    await slash(hall, "now")
    (message,) = hall.messages()
    assert texts(message).startswith(f"<@&{role.id}>\n")
    sent = next(r for r in hall.env.http_requests if r.method == "POST" and "nonce" in str(r.json))
    assert sent.json["allowed_mentions"]["roles"] == [role.id]
    assert sent.json["allowed_mentions"].get("parse", []) == []
    await hall.alice.click(message, label="A")
    await hall.env.advance_time(4)
    assert texts(hall.messages()[0]).startswith(f"<@&{role.id}>\n")
    await slash(hall, "reveal")
    assert f"<@&{role.id}>" not in texts(hall.messages()[0])
    count, reveal = [r.json for r in hall.env.http_requests if r.method == "PATCH"]
    assert count["allowed_mentions"] == sent.json["allowed_mentions"]  # an edit pings nobody
    assert reveal["allowed_mentions"] == {"parse": []}


async def test_without_a_role_nothing_is_mentioned(hall):
    await posted_now(hall)
    sent = next(r for r in hall.env.http_requests if r.method == "POST" and "nonce" in str(r.json))
    assert sent.json["allowed_mentions"] == {"parse": []}
    (post,) = await hall.store.open_posts()
    assert sent.json["nonce"] == post.nonce


# -------------------------------------------------------------------------------- preview


async def test_a_preview_shows_an_example_that_cannot_be_answered(hall):
    role = hall.guild.create_role("Daily", mentionable=True)
    await hall.setup_daily(role=role, topic="threat-detection")
    result = await hall.manager.slash(hall.channel, "daily preview")
    said = texts(result.response)
    assert result.ephemeral
    assert "Daily challenge · Thursday, 1 January · Example" in said
    assert f"<@&{role.id}>" in said
    assert "An example, only for you." in said
    assert all(button.disabled for button in buttons(result.response))
    assert await hall.store.last_posts(hall.guild.id, 1) == ()
    assert hall.messages() == []


async def test_a_preview_never_shows_what_is_open_now(hall):
    await hall.setup_daily(topic="threat-detection")
    await slash(hall, "now")
    post = await open_post(hall)
    for _ in range(10):
        await hall.env.advance_time(20)
        assert post.shown.question.prompt not in await slash(hall, "preview")


@pytest.mark.parametrize("command", ["skip", "pause", "resume", "history", "preview", "status"])
async def test_without_a_challenge_every_command_says_so(hall, command):
    assert "There is no daily challenge yet." in await slash(hall, command)


async def test_skip_and_the_tick_at_once_skip_or_post_and_never_both(hall):
    await hall.setup_daily()
    await advance_to(hall, START + timedelta(hours=7, minutes=59))
    hall.env.backend.advance_clock(120)
    posting = hall.bot.get_cog("Daily").posting
    tick = hall.bot.loop.create_task(posting.tick())
    (result,) = await race(hall.env, hall.manager.slash(hall.channel, "daily skip"))
    await tick
    kinds = [event for day, event in await events(hall) if day == 1]
    assert kinds == ["posted"]
    assert "Friday, 2 January" in texts(result.response)


async def test_a_topic_that_lost_its_questions_is_told_and_not_posted(hall, shelf):
    proposed = await hall.manager.slash(
        hall.channel, "daily setup", time="09:00", timezone="UTC", topic="threat-detection"
    )
    await saved(hall.manager, proposed)
    bare = Shelf(shelf.knowledge, shelf.library)
    vars(bare)["pool"] = ()
    bot = make_bot(hall.store, bare)
    await hall.env.restart_bot(bot)
    await advance_to(hall, START + timedelta(hours=9, minutes=10))
    assert "There is nothing to ask" in await slash(hall, "status")
    assert "There is nothing to ask" in await slash(hall, "now")
    assert "There is nothing to ask" in await slash(hall, "preview")
