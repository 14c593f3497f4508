"""Setting up: what a manager sees before saving, and what bad input or bad luck does to it."""

from __future__ import annotations

import json
from datetime import timedelta

import discord
import pytest

from bot.cogs.choosing import pool_of
from bot.core.weekdays import EVERY_DAY
from tests.cogs.acting import START, advance_to, forge, slowed
from tests.conftest import make_bot, saved
from tests.simworld import buttons, held, payload_feed, race, texts


async def proposed(hall, **options):
    given = {"channel": hall.channel, "time": "09:00", "timezone": "Europe/Berlin", **options}
    return await hall.manager.slash(hall.channel, "daily setup", **given)


def role_in(hall, **fields):
    return hall.guild.create_role("Daily", **fields)


async def test_nothing_is_saved_before_the_card_was_looked_at(hall):
    role = role_in(hall, mentionable=True)
    result = await proposed(
        hall, topic="threat-detection", role=role, thread=True, days="Mon-Fri", late=3
    )
    said = texts(result.response)
    assert result.ephemeral
    assert "Save this new challenge?" in said
    assert f"in <#{hall.channel.id}>" in said
    assert "Posted at 09:00 (Europe/Berlin)" in said
    assert "Days: Mon-Fri" in said
    assert "After an outage: at most 3 hours late, else left out" in said
    assert f"Mentions <@&{role.id}>, with a thread to talk in" in said
    assert f"<t:{int((START + timedelta(hours=8)).timestamp())}:f> your time" in said
    assert "I say so once" in said
    assert [b.label for b in buttons(result.response)] == ["Save", "Cancel", "Mention nobody"]
    assert await hall.store.challenges_of(hall.guild.id) == ()


async def test_save_keeps_everything_and_cancel_nothing(hall):
    role = role_in(hall, mentionable=True)
    options = {"exam": "CLF-C02", "role": role, "thread": True, "days": "weekends", "late": 3}
    given_up = await proposed(hall, **options)
    await hall.manager.click(given_up.response, label="Cancel")
    assert texts(given_up.response) == "Nothing was changed."
    assert await hall.store.challenges_of(hall.guild.id) == ()
    result = await proposed(hall, **options)
    await saved(hall.manager, result)
    assert texts(result.response).startswith("Saved.\n")
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.exam, challenge.role_id, challenge.has_thread) == ("CLF-C02", role.id, True)
    assert (challenge.days, challenge.catch_up) == (frozenset({6, 7}), timedelta(hours=3))


async def test_save_works_after_a_restart_and_once(hall, shelf):
    result = await proposed(hall)
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    presses = await race(
        hall.env, *(hall.manager.click(result.response, label="Save") for _ in range(3))
    )
    assert all(press.acknowledged for press in presses)
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert challenge.version == 1
    told = [texts(press.response) for press in presses if press.response is not None]
    assert sum("saved or given up already" in text for text in told) == 2


async def test_the_role_can_be_taken_out_on_the_card(hall):
    result = await proposed(hall, role=role_in(hall, mentionable=True))
    await hall.manager.click(result.response, label="Mention nobody")
    assert "Mentions nobody" in texts(result.response)
    await saved(hall.manager, result)
    assert (await hall.store.challenge(hall.guild.id)).role_id is None


async def test_again_it_changes_only_what_is_given(hall):
    await hall.setup_daily(topic="threat-detection", days="Mon-Fri")
    result = await hall.manager.slash(hall.channel, "daily setup", time="10:30")
    assert "Save these changes?" in texts(result.response)
    await saved(hall.manager, result)
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.at.hour, challenge.at.minute) == (10, 30)
    assert (challenge.topic, challenge.days) == ("threat-detection", frozenset(range(1, 6)))
    result = await hall.manager.slash(
        hall.channel, "daily setup", topic="the whole exam", days="every day", reveal="20:00"
    )
    await saved(hall.manager, result)
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.topic, challenge.days, challenge.reveal_at.hour) == (None, EVERY_DAY, 20)
    result = await hall.manager.slash(hall.channel, "daily setup", reveal="default", exam="CLF-C02")
    await saved(hall.manager, result)
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.reveal_at, challenge.exam) == (None, "CLF-C02")


async def test_without_options_it_shows_what_there_is(hall):
    await hall.setup_daily()
    result = await hall.manager.slash(hall.channel, "daily setup")
    assert "Nothing would change yet" in texts(result.response)
    await hall.manager.slash(hall.channel, "daily off")
    result = await hall.manager.slash(hall.channel, "daily setup")
    assert "Save these changes?" in texts(result.response)  # it would be on again


async def test_the_first_one_goes_where_it_is_typed(hall):
    result = await hall.manager.slash(
        hall.channel, "daily setup", time="09:00", timezone="Europe/Berlin"
    )
    await saved(hall.manager, result)
    assert (await hall.store.challenge(hall.guild.id)).channel_id == hall.channel.id


@pytest.mark.parametrize(
    ("options", "sentences"),
    [
        ({"time": "25:00"}, ["“25:00” is not a time."]),
        ({"time": "8"}, ["“8” is not a time."]),
        ({"timezone": "Berlin"}, ["Did you mean Europe/Berlin"]),
        ({"timezone": "@everyone"}, ["“@\u200beveryone” is not a time zone I know."]),
        ({"days": "someday"}, ["are no days of the week."]),
        ({"topic": "cooking"}, ["no topic of that name"]),
        ({"exam": "cooking"}, ["no exam of that name"]),
        ({"topic": "threat-detection", "exam": "CLF-C02"}, ["a topic or an exam, not both"]),
        ({"time": "8", "timezone": "x", "days": "y"}, ["“8”", "“x”", "“y”"]),
        ({"challenge": "12"}, ["no challenge of that name here"]),
        ({"challenge": "x"}, ["no challenge of that name here"]),
    ],
)
async def test_bad_input_gets_a_sentence_for_each_fault(hall, options, sentences):
    result = await proposed(hall, **options)
    for sentence in sentences:
        assert sentence in texts(result.response)
    assert result.ephemeral
    assert await hall.store.challenges_of(hall.guild.id) == ()


async def test_a_new_one_says_what_it_needs(hall):
    result = await hall.manager.slash(hall.channel, "daily setup")
    assert "A new challenge needs `time` and `timezone`" in texts(result.response)
    result = await hall.manager.slash(hall.channel, "daily setup", timezone="UTC")
    assert "A new challenge needs `time`:" in texts(result.response)


async def test_a_role_that_no_mention_reaches_is_refused(hall):
    me = hall.env.backend.get_member(hall.guild.id, hall.bot.user.id)
    for role_id in me.role_ids:  # SimCord's bot may mention everybody
        role = hall.env.backend.get_role(hall.guild.id, role_id)
        hall.env.backend.edit_role(
            hall.guild.id,
            role_id,
            {"permissions": role.permissions & ~discord.Permissions(mention_everyone=True).value},
        )
    everyone = hall.env.backend.get_role(hall.guild.id, hall.guild.id)
    kept = everyone.permissions & ~discord.Permissions(mention_everyone=True).value
    hall.env.backend.edit_role(hall.guild.id, hall.guild.id, {"permissions": kept})
    await hall.env.settle()
    role = role_in(hall)
    result = await proposed(hall, role=role)
    assert f"I can't mention <@&{role.id}>" in texts(result.response)
    allowed = await proposed(hall, role=role_in(hall, mentionable=True))
    assert "Save this new challenge?" in texts(allowed.response)
    everybody = await proposed(hall, role=hall.guild.default_role)
    assert "I never mention everyone." in texts(everybody.response)


async def test_a_thread_needs_two_permissions_more(hall):
    nobody = {
        hall.guild.default_role: discord.PermissionOverwrite(
            create_public_threads=False, send_messages_in_threads=False
        )
    }
    flat = hall.guild.create_text_channel("flat", overwrites=nobody)
    result = await proposed(hall, channel=flat, thread=True)
    assert "I lack Create Public Threads and Send Messages In Threads there" in texts(
        result.response
    )
    result = await proposed(hall, channel=flat)
    assert "Save this new challenge?" in texts(result.response)


async def test_a_channel_of_the_wrong_kind_is_not_offered_and_gets_a_sentence(hall):
    voice = hall.guild.create_voice_channel("talk")
    with pytest.raises(Exception, match=r"(?i)channel"):  # Discord's client does not let them
        await proposed(hall, channel=voice)
    proposed_there = await hall.manager.slash(
        voice, "daily setup", time="09:00", timezone="Europe/Berlin"
    )
    assert "That is no channel I can post in." in texts(proposed_there.response)
    (payload,) = await held(hall.env, proposed(hall))  # and a client of somebody's own making
    data = json.dumps(payload["data"]).replace(str(hall.channel.id), str(voice.id))
    (result,) = await payload_feed(hall.env, [{**payload, "data": json.loads(data)}])
    assert "One of the options is not of the kind it should be." in texts(result.response)
    with pytest.raises(ExceptionGroup, match="bot raised 1 error"):
        hall.env.raise_errors()


async def test_a_channel_that_went_before_save_is_named(hall):
    other = hall.guild.create_text_channel("other")
    result = await proposed(hall, channel=other)
    hall.env.backend.delete_channel(other.id)
    await hall.env.settle()
    press = await hall.manager.click(result.response, label="Save")
    assert "Its channel is gone" in texts(press.response)
    assert await hall.store.challenges_of(hall.guild.id) == ()


# -------------------------------------------------------------------- two managers at once


async def test_of_two_managers_nobody_overwrites_the_other_unseen(hall):
    await hall.setup_daily()
    mine = await hall.manager.slash(hall.channel, "daily setup", time="10:00")
    theirs = await hall.manager.slash(hall.channel, "daily setup", time="11:00")
    await saved(hall.manager, theirs)
    await hall.manager.click(mine.response, label="Save")
    said = texts(mine.response)
    assert "Somebody else changed this challenge meanwhile" in said
    assert said.index("Posted at 11:00") < said.index("Yours, not saved")
    assert said.index("Yours, not saved") < said.index("Posted at 10:00")
    assert (await hall.store.challenge(hall.guild.id)).at.hour == 11
    await hall.manager.click(mine.response, label="Save mine over it")
    assert "Saved." in texts(mine.response)
    assert (await hall.store.challenge(hall.guild.id)).at.hour == 10


async def test_keeping_what_is_saved_changes_nothing(hall):
    first = await proposed(hall)
    second = await proposed(hall, time="12:00")
    await saved(hall.manager, first)
    await hall.manager.click(second.response, label="Save")
    assert "Somebody else changed this challenge" in texts(second.response)
    await hall.manager.click(second.response, label="Keep what is saved")
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.at.hour, challenge.version) == (9, 1)


async def test_two_that_save_at_the_same_moment(hall):
    cards = [await proposed(hall, time=time) for time in ("10:00", "11:00", "12:00")]
    await race(hall.env, *(hall.manager.click(card.response, label="Save") for card in cards))
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    said = [texts(card.response) for card in cards]
    assert sum(text.startswith("Saved.") for text in said) == 1
    assert sum("Somebody else changed" in text for text in said) == 2
    assert challenge.version == 1


@pytest.mark.parametrize("feature", ["save", "discard", "norole"])
async def test_a_forged_or_foreign_draft_is_refused(hall, feature):
    result = await proposed(hall)
    message = await hall.alice.send(hall.channel, "hello")
    number = buttons(result.response)[0].custom_id.split(":")[1]
    refused = await forge(hall, f"{feature}:{number}", by=hall.alice, on=message)
    assert "Manage Server" in texts(refused.response)
    for custom_id in (f"{feature}:99", f"{feature}:{9**15}"):
        refused = await forge(hall, custom_id, by=hall.manager, on=message)
        assert "saved or given up already" in texts(refused.response)
    refused = await forge(hall, f"{feature}:x", by=hall.manager, on=message)
    assert "That button is not one of mine." in texts(refused.response)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    role = other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(hall.env.create_user("boss"), roles=[role])
    await hall.env.settle()
    refused = await forge(hall, f"{feature}:{number}", by=boss, on=message)
    assert "saved or given up already" in texts(refused.response)
    assert await hall.store.challenges_of(hall.guild.id) == ()
    await saved(hall.manager, result)
    assert "Saved." in texts(result.response)


# --------------------------------------------------------------------- several challenges


async def second_one(hall, **options):
    other = hall.guild.create_text_channel("exam-hall")
    await hall.setup_daily(channel=other, **{"time": "10:00", **options})
    return other


async def test_several_challenges_post_each_in_its_channel(hall):
    await slowed(hall, timedelta(hours=1))
    await hall.setup_daily(topic="threat-detection")
    proposed_second = await hall.manager.slash(
        hall.channel,
        "daily setup",
        channel=hall.guild.create_text_channel("exam-hall"),
        time="10:00",
        topic="threat-detection",
    )
    assert f"This is one more: <#{hall.channel.id}> stays as it is." in texts(
        proposed_second.response
    )
    await saved(hall.manager, proposed_second)
    await advance_to(hall, START + timedelta(hours=10, minutes=30))
    other = hall.guild.channels["exam-hall"]
    assert "so far" in texts(hall.messages()[0])
    assert "so far" in texts(other.last_message)
    first, second = await hall.store.open_posts()
    assert first.challenge_id != second.challenge_id
    assert first.shown.question.id != second.shown.question.id
    await advance_to(hall, START + timedelta(days=3, hours=12))
    assert len(hall.messages()) == len(other.history()) == 4
    posts = await hall.store.last_posts(hall.guild.id, 20)
    assert len({post.shown.question.id for post in posts}) == 8


async def test_commands_ask_which_one_is_meant(hall):
    await hall.setup_daily()
    other = await second_one(hall)
    for command in ("now", "skip", "pause", "off", "preview", "history", "resume"):
        await hall.env.advance_time(20)
        result = await hall.manager.slash(hall.channel, f"daily {command}")
        said = texts(result.response)
        assert f"There are several: <#{hall.channel.id}> and <#{other.id}>." in said, command
    offered = await hall.manager.autocomplete(hall.channel, "daily now", "challenge", "exam")
    assert [choice["name"] for choice in offered] == [
        "#exam-hall · 10:00 · AWS Certified Cloud Practitioner"
    ]
    result = await hall.manager.slash(hall.channel, "daily now", challenge=offered[0]["value"])
    assert "Posted:" in texts(result.response)
    assert hall.messages() == []
    assert "so far" in texts(other.last_message)
    status = await hall.manager.slash(hall.channel, "daily status")
    assert f"in <#{hall.channel.id}>" in texts(status.response)
    assert f"in <#{other.id}>" in texts(status.response)
    revealed = await hall.manager.slash(hall.channel, "daily reveal")  # one is open
    assert "Revealed:" in texts(revealed.response)


async def test_the_zone_is_the_servers(hall):
    await hall.setup_daily()
    result = await hall.manager.slash(
        hall.channel,
        "daily setup",
        channel=hall.guild.create_text_channel("other"),
        time="10:00",
        timezone="Asia/Kolkata",
    )
    assert "its other challenges move to Asia/Kolkata too" in texts(result.response)
    await saved(hall.manager, result)
    zones = {one.zone for one in await hall.store.challenges_of(hall.guild.id)}
    assert zones == {"Asia/Kolkata"} == {await hall.store.zone(hall.guild.id)}


async def test_setup_without_a_place_asks_when_there_are_several(hall):
    await hall.setup_daily()
    await second_one(hall)
    third = hall.guild.create_text_channel("third")
    result = await hall.manager.slash(third, "daily setup", time="08:00")
    assert "Say which with `challenge`" in texts(result.response)
    here = await hall.manager.slash(hall.channel, "daily setup", time="08:00")
    assert "Save these changes?" in texts(here.response)


async def test_a_server_has_ten_at_most(hall):
    for number in range(10):
        await hall.env.advance_time(20)
        channel = hall.guild.create_text_channel(f"hall-{number}")
        await hall.setup_daily(channel=channel)
    assert len(await hall.store.challenges_of(hall.guild.id)) == 10
    status = await hall.manager.slash(hall.channel, "daily status")
    assert status.acknowledged
    result = await hall.setup_daily(channel=hall.guild.create_text_channel("one-too-many"))
    assert "at most 10 challenges" in texts(result.response)


async def test_members_see_no_challenges_in_completion(hall):
    from tests.cogs.acting import let_in

    await hall.setup_daily()
    let_in(hall, "daily", hall.alice)
    assert await hall.alice.autocomplete(hall.channel, "daily now", "challenge", "") == []


@pytest.mark.parametrize(
    ("option", "typed", "offered"),
    [
        ("days", "mon", ["Mon-Fri", "Mon, Wed, Fri"]),
        ("exam", "cloud prac", ["CLF-C02"]),
        ("topic", "the whole", ["the whole exam"]),
        ("reveal", "20", ["20:00"]),
        ("timezone", "new york", ["America/New_York"]),
    ],
)
async def test_options_are_completed(hall, option, typed, offered):
    found = await hall.manager.autocomplete(hall.channel, "daily setup", option, typed)
    assert [choice["value"] for choice in found][: len(offered)] == offered


async def test_a_challenge_asks_about_its_exam_or_topic_and_else_about_the_main_exam(hall):
    shelf = hall.bot.shelf
    await hall.setup_daily()
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    whole = pool_of(hall.bot, challenge)
    assert {q.exam for q in whole} == {"CLF-C02"}
    assert not {q.entry_id for q in whole} & shelf.beyond
    second = next(exam.id for exam in shelf.exams if exam.id != "CLF-C02")
    await hall.setup_daily(exam=second)
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert {q.exam for q in pool_of(hall.bot, challenge)} == {second}
    await hall.setup_daily(topic="threat-detection")
    (challenge,) = await hall.store.challenges_of(hall.guild.id)
    assert (challenge.exam, challenge.topic) == (None, "threat-detection")
    assert pool_of(hall.bot, challenge) == shelf.questions_on("threat-detection")
