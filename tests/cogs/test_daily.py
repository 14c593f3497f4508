"""The daily challenge, as managers set it up, members answer it and the clock moves on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.core.post import LETTERS
from tests.conftest import make_bot
from tests.simworld import NonceRoute, buttons, race, texts

START = datetime(2026, 1, 1, tzinfo=UTC)  # SimCord's first moment: 01:00 in Berlin


async def advance_to(hall, moment: datetime) -> None:
    assert moment > hall.env.now()
    while (left := (moment - hall.env.now()).total_seconds()) > 0:
        await hall.env.advance_time(min(left, 6 * 3600))  # SimCord limits one call's real time


async def posted(hall):
    """Set up for 09:00 in Berlin, let the time come, and return the message."""
    result = await hall.setup_daily()
    assert "Saved." in texts(result.response)
    await advance_to(hall, START + timedelta(hours=8, minutes=10))
    (message,) = hall.messages()
    return message


async def open_post(hall):
    (post,) = await hall.store.open_posts()
    return post


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
    assert {b.label for b in buttons(hall.messages()[0])} == {"My result", "Look it up"}


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


async def test_members_may_not_set_it_up(hall):
    with pytest.raises(Exception, match="daily"):  # Discord hides it from them
        await hall.alice.slash(hall.channel, "daily off")


async def test_a_member_who_was_let_in_by_an_override_is_still_checked(hall):
    visible = hall.env.backend.visible_commands(
        user_id=hall.manager.id, channel_id=hall.channel.id
    )
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
    mute = hall.guild.create_text_channel(
        "quiet", overwrites={hall.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
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
    await hall.env.advance_time(600)
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


async def test_a_forged_button_is_refused(hall):
    message = await posted(hall)
    post = await open_post(hall)
    other = hall.env.create_guild("Elsewhere")
    channel = other.create_text_channel("general")
    stranger = other.add_member(hall.env.create_user("stranger"))
    assert post.guild_id != other.id
    from simcord import interactions
    from simcord.enums import ComponentType, InteractionType

    from tests.simworld import payload_feed

    stored = hall.env.backend.get_message(message.channel.id, message.id)
    from simcord.backend import serializers

    for custom_id, sentence in (
        (f"daily:{post.id}:0", "not one of this server's"),
        ("daily:999999:0", "not one of this server's"),
    ):
        _, payload = interactions.base_payload(
            hall.env.backend,
            type=InteractionType.MESSAGE_COMPONENT,
            channel_id=channel.id,
            guild_id=other.id,
            user_id=stranger.id,
            data={"custom_id": custom_id, "component_type": ComponentType.BUTTON},
        )
        rendered = dict(serializers.message_payload(hall.env.backend, stored))
        for row in rendered["components"]:
            for item in row.get("components", ()):
                if item.get("custom_id", "").endswith(":0"):
                    item["custom_id"] = custom_id
        payload["message"] = rendered
        (result,) = await payload_feed(hall.env, [payload])
        assert sentence in texts(result.response)
    assert await hall.store.answer_count(post.id) == 0


async def test_an_open_challenges_question_is_not_drawn_in_a_quiz(hall):
    await hall.setup_daily(topic="threat-detection")
    await hall.manager.slash(hall.channel, "daily now")
    post = await open_post(hall)
    result = await hall.alice.slash(hall.channel, "quiz", topic="threat-detection", count=20)
    first = next(b.custom_id for b in buttons(result.response) if b.custom_id.startswith("quiz:"))
    round_id = (await hall.store.post(int(first.split(":")[1]))).round_id
    drawn = await hall.store.round_posts(round_id)
    assert post.shown.question.entry_id not in {p.shown.question.entry_id for p in drawn}
