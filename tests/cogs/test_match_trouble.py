"""A match in foul weather: forged and late presses, lost places and permissions, members who go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.cogs import match_opening, match_play
from bot.core.match import OUTAGE_MOST, PAUSE_LASTS
from tests.cogs.acting import forge
from tests.cogs.playing import (
    at_second,
    begun,
    closed,
    current,
    finale,
    killed,
    labels,
    late_click,
    lobby,
    message,
    next_question,
    pick,
    question_message,
    round_now,
    wait,
)
from tests.cogs.test_trouble import deny, lower_the_bot
from tests.simworld import race, texts

NOT_MINE = "That button is not one of mine."
NOT_HERE = "That match is not one of this server's."
NO_QUESTION = "That question is not of a match in this server."


async def said(action) -> str:
    return texts((await action).response)


async def results(hall, member) -> str:
    """Return the last match's results, from another channel."""
    other = hall.guild.create_text_channel("other")
    return await said(member.slash(other, "match results"))


# --------------------------------------------------------------------- who presses what


async def test_a_second_match_in_the_channel_is_refused_and_shown_the_first(hall):
    opened = await lobby(hall, hall.alice)
    told = await said(hall.ben.slash(hall.channel, "match start"))
    assert told.startswith("There is a match in this channel already. One at a time: [here it is]")
    assert str(opened.id) in told
    assert len(await hall.store.running_matches()) == 1
    other = hall.guild.create_text_channel("other")
    assert "Your match is open" in await said(hall.ben.slash(other, "match start"))


async def test_an_answer_after_the_bell_does_not_count(hall):
    await begun(hall, hall.alice, hall.ben, late=2)
    await pick(hall, hall.alice)
    await at_second(hall, 22)
    first = await round_now(hall)
    told = await late_click(hall, hall.ben, first)
    assert texts(told.response).startswith("The bell rang before your answer came")
    assert await hall.store.answer_of(first.post.id, hall.ben.id) is None


async def test_an_answer_for_a_round_long_gone_says_what_was_right(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    first = await round_now(hall)
    await closed(hall)
    await next_question(hall)
    for member in (hall.ben, hall.chi):  # a player, and one who is none
        told = await late_click(hall, member, first)
        assert "It would have been right." in texts(told.response)
    await finale(hall)
    shown = message(hall, first.post.message_id)
    wrong = f"match:{first.post.id}:{(first.post.shown.key + 1) % len(first.post.shown.options)}"
    told = await forge(hall, wrong, by=hall.ben, on=shown)
    assert f"The right one was **{'ABCDE'[first.post.shown.key]}" in texts(told.response)
    assert await hall.store.answer_count(first.post.id) == 0


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("match", NOT_MINE),
        ("match:1", NOT_MINE),
        ("match:1:0:0", NOT_MINE),
        ("match:x:0", NOT_MINE),
        ("match:1:x", NOT_MINE),
        ("match:1:9", "That option is not one of this question's."),
        ("match:2:0", "That question has not been asked yet."),
        ("match:99:0", NO_QUESTION),
        (f"match:{'9' * 80}:0", NOT_MINE),
        ("matchjoin:99", NOT_HERE),
        ("matchjoin:x", NOT_MINE),
        ("matchleave:1", "You are not in this match."),
        ("matchstart:1", "That is for the host"),
        ("matchpause:1", "That is for the host"),
        ("matchgo:1", "That is for the host"),
        ("matchskip:1", "That is for the host"),
        ("matchstop:1", "That is for the host"),
        ("matchstop:99", NOT_HERE),
        ("matchmenu:99", NOT_HERE),
        ("matchmine:1", "You have not played in this match."),
        ("matchmine:99", NOT_HERE),
        ("matchagain:1", "There is a match in this channel already."),
        ("daily:1:0", "That challenge is not one of this server's."),
        ("quiz:1:0", "That question is gone."),
        ("report:1", "That question is still open."),
    ],
)
async def test_a_forged_button_gets_a_sentence_and_changes_nothing(hall, custom_id, sentence):
    shown = await begun(hall, hall.alice, hall.ben)
    before = (await current(hall), (await hall.store.contest(1)).contestants)
    told = await forge(hall, custom_id, by=hall.chi, on=shown)
    assert sentence in texts(told.response)
    assert told.ephemeral
    after = await current(hall)
    assert (after.phase, after.place, after.until) == (
        before[0].phase, before[0].place, before[0].until,
    )  # fmt: skip
    assert (await hall.store.contest(1)).contestants == before[1]
    assert await hall.store.contest_answers(1) == ()


async def test_another_server_is_out_of_reach(hall):
    shown = await begun(hall, hall.alice, hall.ben)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    stranger = other.add_member(hall.env.create_user("stranger"))
    await hall.env.settle()
    for custom_id in ("match:1:0", "matchjoin:1", "matchstop:1", "matchmine:1", "matchagain:1"):
        told = await forge(hall, custom_id, by=stranger, on=shown)
        assert "this server" in texts(told.response)
        told = await forge(hall, custom_id, by=hall.alice.user, on=shown)
        assert "This works in a server that I was added to" in texts(told.response)
    assert await hall.store.contest_answers(1) == ()


async def test_a_full_match_says_so(hall, monkeypatch):
    monkeypatch.setattr(match_play, "PLAYERS_MOST", 2)
    opened = await lobby(hall, hall.alice)
    await hall.ben.click(opened, label="Join")
    assert await said(hall.chi.click(opened, label="Join")) == "The match is full: 2 players."
    await hall.alice.click(opened, label="Start")
    await next_question(hall)
    told = await pick(hall, hall.chi)
    assert texts(told.response) == "The match is full: 2 players."
    await hall.ben.slash(hall.channel, "match leave")
    assert texts((await pick(hall, hall.chi)).response).startswith("You are in")


async def test_a_topic_that_is_none(hall):
    told = await said(hall.alice.slash(hall.channel, "match start", topic="Cooking"))
    assert told == "I have no topic of that name. Pick one from the list."


# ------------------------------------------------------------------ places and permissions


async def test_a_channel_that_is_deleted_in_mid_match_loses_no_result(hall):
    await begun(hall, hall.alice, hall.ben, questions=3)
    await pick(hall, hall.ben)
    await closed(hall)
    await next_question(hall)
    await pick(hall, hall.alice)
    hall.env.backend.delete_channel(hall.channel.id)
    await hall.env.settle()
    await hall.env.advance_time(3)
    assert await hall.store.running_matches() == ()
    contest = await hall.store.contest(1)
    assert contest.contestant(hall.ben.id).result.rank == 1
    told = await results(hall, hall.alice)
    assert f"## <@{hall.ben.id}> wins the match!" in told
    assert "I could not post where it was played any more" in told


async def test_a_channel_that_was_deleted_while_nobody_heard_of_it(hall):
    await begun(hall, hall.alice, hall.ben, questions=3)
    await pick(hall, hall.ben)
    await closed(hall)
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=404, code=10003)
    hall.env.inject_error(
        "PATCH", f"/channels/{hall.channel.id}/messages/", status=404, code=10003, times=None
    )
    match = await current(hall)
    await wait(hall, match.until - hall.env.now() + timedelta(seconds=30))
    assert await hall.store.running_matches() == ()
    assert (await hall.store.last_match(hall.guild.id)).ending == "lost"


async def in_thread(hall, *members, **options):
    """Begin a match in a thread; return the thread's handle and the match."""
    opened = await lobby(hall, members[0], thread=True, **options)
    for member in members[1:]:
        await member.click(opened, label="Join")
    await members[0].click(opened, label="Start")
    await hall.env.advance_time(7)
    (thread,) = hall.channel.threads
    return thread, await current(hall)


def last_in(thread):
    return max(thread.history(), key=lambda shown: shown.id)


async def test_a_match_in_a_thread_of_its_own(hall):
    thread, match = await in_thread(hall, hall.alice, hall.ben, questions=1)
    assert (match.thread_id, match.phase) == (thread.id, "asking")
    assert f"It has begun in <#{thread.id}>." in texts(message(hall, match.lobby_message_id))
    shown = last_in(thread)
    post = (await round_now(hall)).post
    for member in (hall.alice, hall.ben):
        told = await member.click(shown, label="ABCD"[post.shown.key])
        assert texts(told.response).startswith("Recorded")
    assert (await said(hall.ben.slash(thread, "match skip"))).startswith("That is for the host")
    await hall.env.advance_time(15)
    assert await hall.store.running_matches() == ()
    assert "win" in texts(last_in(thread))
    assert [m.id for m in hall.messages() if m.components] == [match.lobby_message_id]


async def test_a_second_match_in_a_matchs_thread_is_refused(hall):
    thread, _ = await in_thread(hall, hall.alice, hall.ben, questions=1)
    refused = await said(hall.chi.slash(thread, "match start"))
    assert refused.startswith("There is a match in this channel already.")
    assert len(await hall.store.running_matches()) == 1


async def test_playing_again_in_a_matchs_thread_stays_there(hall):
    thread, _ = await in_thread(hall, hall.alice, hall.ben, questions=1)
    post = (await round_now(hall)).post
    for member in (hall.alice, hall.ben):
        await member.click(last_in(thread), label="ABCD"[post.shown.key])
    await hall.env.advance_time(15)
    again = await said(hall.chi.click(last_in(thread), label="Play again"))
    assert again.startswith("Your match is open")
    match = await current(hall)
    assert (match.channel_id, match.settings.in_thread) == (thread.id, False)


async def test_where_discord_makes_no_threads_none_is_promised(hall):
    talk = hall.guild.create_voice_channel("talk")
    refused = await hall.alice.slash(talk, "match start", thread=True)
    assert "Discord makes no threads here" in texts(refused.response)
    assert await hall.store.running_matches() == ()


async def test_a_thread_that_is_deleted_in_mid_match_is_told_in_its_channel(hall):
    thread, match = await in_thread(hall, hall.alice, hall.ben, questions=2)
    shown = last_in(thread)
    post = (await round_now(hall)).post
    for member in (hall.alice, hall.ben):
        await member.click(shown, label="ABCD"[post.shown.key])
    await hall.env.advance_time(3)
    hall.env.backend.delete_channel(thread.id)
    await hall.env.settle()
    await hall.env.advance_time(4)
    assert await hall.store.running_matches() == ()
    ended = hall.messages()[-1]
    assert "I could not post where it was played any more" in texts(ended)
    assert "win" in texts(ended)
    assert (await hall.store.match(match.id)).finale_message_id == ended.id


async def test_a_lost_permission_stops_the_clock_until_it_is_back(hall):
    lower_the_bot(hall)
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.ben)
    await closed(hall)
    deny(hall, hall.channel.id, send_messages=True)
    await hall.env.advance_time(60)
    match = await current(hall)
    assert (match.phase, match.place, match.cause) == ("asking", 1, "trouble")
    hall.env.backend.delete_overwrite(hall.channel.id, hall.guild.default_role.id)
    await hall.env.advance_time(12)
    match = await current(hall)
    assert (match.phase, match.place, match.cause) == ("asking", 1, None)
    assert match.until - hall.env.now() > timedelta(seconds=6)
    assert "question 2 of 2" in texts(await question_message(hall))
    told = await pick(hall, hall.ben)
    assert texts(told.response).startswith("Recorded: **")
    ended = texts(await finale(hall))
    assert f"<@{hall.ben.id}> wins the match!" in ended
    assert "2 of 2 right" in ended


async def test_a_permission_that_stays_away_ends_it_and_keeps_the_results(hall):
    lower_the_bot(hall)
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.ben)
    await closed(hall)
    deny(hall, hall.channel.id, view_channel=True, send_messages=True)
    await wait(hall, 2 * PAUSE_LASTS + timedelta(minutes=2))
    assert await hall.store.running_matches() == ()
    told = await results(hall, hall.alice)
    assert f"## <@{hall.ben.id}> wins the match!" in told


async def test_without_the_permissions_no_match_is_opened(hall):
    lower_the_bot(hall)
    deny(hall, hall.channel.id, send_messages=True, read_message_history=True)
    told = await said(hall.alice.slash(hall.channel, "match start"))
    assert told == (
        "I can't hold a match here yet: I lack Send Messages and Read Message History. Give me "
        "that in the channel's settings and try again."
    )
    deny(hall, hall.channel.id, create_public_threads=True)
    told = await said(hall.alice.slash(hall.channel, "match start", thread=True))
    assert "Create Public Threads" in told
    assert await hall.store.running_matches() == ()


async def test_without_attaching_files_the_words_come_alone(hall):
    lower_the_bot(hall)
    deny(hall, hall.channel.id, attach_files=True)
    await begun(hall, hall.alice, hall.ben, questions=1)
    await pick(hall, hall.ben)
    ended = await finale(hall)
    assert ended.attachments == []
    assert f"<@{hall.ben.id}> wins the match!" in texts(ended)
    assert "Podium" not in texts(ended)


@pytest.mark.parametrize("what", ["lobby", "question"])
async def test_a_message_that_is_deleted_is_shown_again(hall, what):
    shown = await lobby(hall, hall.alice) if what == "lobby" else await begun(hall, hall.alice)
    hall.env.backend.delete_message(hall.channel.id, shown.id)
    await hall.env.settle()
    await hall.env.advance_time(2)
    again = hall.messages()[-1]
    assert again.id != shown.id
    assert texts(again) == texts(shown)
    match = await current(hall)
    if what == "lobby":
        assert match.lobby_message_id == again.id
        assert labels(again)[0] == "Join"
    else:
        assert (await question_message(hall)).id == again.id
        assert texts((await pick(hall, hall.alice)).response).startswith("Recorded")


async def test_a_lobby_that_is_deleted_once_the_match_runs_stays_away(hall):
    await begun(hall, hall.alice)
    match = await current(hall)
    hall.env.backend.delete_message(hall.channel.id, match.lobby_message_id)
    await hall.env.settle()
    await hall.env.advance_time(3)
    assert ["question 1" in texts(shown) for shown in hall.messages()] == [True]


async def test_a_thread_needs_its_lobby_which_is_sent_again_for_it(hall):
    opened = await lobby(hall, hall.alice, thread=True, questions=1)
    await hall.alice.click(opened, label="Start")
    hall.env.backend.delete_message(hall.channel.id, opened.id)
    await hall.env.settle()
    await hall.env.advance_time(20)
    match = await current(hall)
    assert match.lobby_message_id != opened.id
    (thread,) = hall.channel.threads
    assert (match.thread_id, match.phase) == (thread.id, "asking")


async def test_an_answer_whose_message_is_deleted_is_left_alone(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    shown = await closed(hall)
    hall.env.backend.delete_message(hall.channel.id, shown.id)
    await hall.env.settle()
    await next_question(hall)
    await finale(hall)
    assert shown.id not in [m.id for m in hall.messages()]


async def test_discord_that_fails_for_a_moment_costs_nobody_time(hall):
    opened = await lobby(hall, hall.alice, questions=1)
    await hall.ben.click(opened, label="Join")
    await hall.alice.click(opened, label="Start")
    hall.env.inject_error("POST", f"/channels/{hall.channel.id}/messages", status=500)
    await hall.env.advance_time(20)
    match = await current(hall)
    assert match.phase == "asking"
    round_ = await round_now(hall)
    assert match.until - round_.shown_at >= timedelta(seconds=19)
    await pick(hall, hall.ben)
    assert f"<@{hall.ben.id}> wins" in texts(await finale(hall))


# ------------------------------------------------------------------------- members who go


async def test_members_who_leave_the_server_hold_up_nothing(hall):
    """Nobody tells the bot without a privileged intent; the clock goes on, and results stay."""
    await begun(hall, hall.alice, hall.ben, hall.chi, questions=2)
    await pick(hall, hall.alice)
    await pick(hall, hall.ben)
    hall.guild.remove_member(hall.alice)  # who is the host
    await closed(hall)
    await next_question(hall)
    await pick(hall, hall.ben)
    ended = texts(await finale(hall))
    assert f"<@{hall.ben.id}> wins the match!" in ended
    assert f"<@{hall.alice.id}>" in ended
    assert (await hall.store.contest(1)).contestant(hall.alice.id).result.right == 1


async def test_a_host_who_leaves_the_server_in_a_pause_hangs_nothing(hall):
    await begun(hall, hall.alice, hall.ben, questions=1)
    await hall.alice.slash(hall.channel, "match pause")
    hall.guild.remove_member(hall.alice)
    await wait(hall, PAUSE_LASTS + timedelta(seconds=2))
    assert texts((await pick(hall, hall.ben)).response).startswith("Recorded")
    await finale(hall)


async def test_a_player_who_deletes_their_data_in_mid_match(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.alice)
    await pick(hall, hall.ben)
    await closed(hall)
    asked = await hall.ben.slash(hall.channel, "data delete", where="this server")
    await hall.ben.click(asked.response, label="Delete it")
    await next_question(hall)
    await pick(hall, hall.alice)
    ended = texts(await finale(hall))
    assert f"<@{hall.ben.id}>" not in ended
    assert f"<@{hall.alice.id}> wins" in ended


async def test_a_player_who_deletes_their_data_afterwards_is_a_former_member(hall):
    await begun(hall, hall.alice, hall.ben, questions=1)
    await pick(hall, hall.ben)
    await finale(hall)
    asked = await hall.ben.slash(hall.channel, "data delete", where="this server")
    await hall.ben.click(asked.response, label="Delete it")
    told = await said(hall.alice.slash(hall.channel, "match results"))
    assert "## a former member wins the match!" in told
    assert f"<@{hall.ben.id}>" not in told


async def test_a_server_that_lets_the_bot_go_in_mid_match(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    await pick(hall, hall.ben)
    await closed(hall)
    hall.env.backend.emit("GUILD_DELETE", {"id": str(hall.guild.id), "unavailable": False})
    await hall.env.settle()
    await hall.env.advance_time(12)
    assert await hall.store.running_matches() == ()
    assert (await hall.store.contest(1)).contestant(hall.ben.id).result.rank == 1


# -------------------------------------------------------------------------------- outages


async def test_a_kill_in_the_lobby_goes_on_there(hall):
    opened = await lobby(hall, hall.alice)
    await killed(hall, timedelta(minutes=20))
    match = await current(hall)
    assert match.phase == "lobby"
    assert match.lobby_message_id == opened.id
    assert match.until > hall.env.now() + timedelta(minutes=14)
    await hall.ben.click(message(hall, opened.id), label="Join")
    assert await said(hall.alice.click(message(hall, opened.id), label="Start")) == "It begins."


async def test_a_kill_in_a_pause_and_between_two_questions(hall):
    await begun(hall, hall.alice, hall.ben, questions=2)
    await closed(hall)
    await killed(hall, timedelta(seconds=90))
    match = await current(hall)
    assert (match.phase, match.place) == ("ready", 1)
    await hall.alice.slash(hall.channel, "match pause")
    await killed(hall, timedelta(seconds=90))
    assert (await current(hall)).paused_at is not None
    assert await said(hall.alice.slash(hall.channel, "match resume")) == "It goes on."
    await next_question(hall)
    await pick(hall, hall.ben)
    assert f"<@{hall.ben.id}> wins" in texts(await finale(hall))


async def test_after_a_very_long_outage_the_results_so_far_are_told(hall):
    await begun(hall, hall.alice, hall.ben, questions=3)
    await pick(hall, hall.ben)
    await closed(hall)
    await killed(hall, OUTAGE_MOST + timedelta(minutes=1))
    await hall.env.advance_time(3)
    assert await hall.store.running_matches() == ()
    ended = texts(hall.messages()[-1])
    assert "I was away for too long, so it ended there." in ended
    assert f"<@{hall.ben.id}> wins the match!" in ended


async def test_two_matches_that_begin_at_once_share_no_question(hall):
    other = hall.guild.create_text_channel("elsewhere")
    await hall.alice.slash(hall.channel, "match start", questions=20, topic="End-user computing")
    await hall.ben.slash(other, "match start", questions=20, topic="End-user computing")
    await hall.env.advance_time(1)
    first, second = await hall.store.running_matches()
    (there,) = [m for m in other.history() if m.id == second.lobby_message_id]
    results = await race(
        hall.env,
        hall.alice.click(message(hall, first.lobby_message_id), label="Start"),
        hall.ben.click(there, label="Start"),
    )
    told = sorted(texts(result.response) for result in results)  # either may be the first
    assert told[0] == "It begins."
    assert told[1].startswith("There is nothing to ask about that just now.")
    drawn = [len(await hall.store.contest_posts(match.id)) for match in (first, second)]
    assert sorted(drawn) == [0, 20]


async def test_a_match_and_a_challenge_that_draw_at_once_share_no_question(hall):
    only = hall.bot.shelf.questions_on("end-user-computing")[:1]
    hall.bot.shelf = replace(hall.bot.shelf)
    hall.bot.shelf.__dict__["pool"] = only
    await hall.setup_daily(topic="End-user computing")
    shown = await lobby(hall, hall.alice, questions=1, topic="End-user computing")
    results = await race(
        hall.env,
        hall.alice.click(shown, label="Start"),
        hall.manager.slash(hall.channel, "daily now"),
    )
    told = [texts(result.response) for result in results]
    assert len([text for text in told if text.startswith("There is nothing to ask")]) == 1
    (match,) = await hall.store.running_matches()
    asked = [*await hall.store.contest_posts(match.id), *await hall.store.open_posts()]
    assert [post.shown.question.id for post in asked] == [only[0].id]


async def test_two_servers_play_at_once(hall):
    other = hall.env.create_guild("Other")
    place = other.create_text_channel("elsewhere")
    gil = other.add_member(hall.env.create_user("gil"))
    await hall.env.settle()
    await begun(hall, hall.alice, hall.ben)
    assert "Your match is open" in await said(gil.slash(place, "match start"))
    await hall.env.advance_time(2)
    assert len(await hall.store.running_matches()) == 2
    assert any("## Match:" in texts(m) for m in place.history())


async def test_only_a_text_place_can_be_named(hall):
    thread, _ = await in_thread(hall, hall.alice, questions=1)
    told = await said(hall.ben.slash(thread, "match start", thread=True))
    assert told == "This is a thread already. Leave `thread` out to play here."


def test_permissions_are_named_as_discord_names_them():
    for name in (
        *match_opening.NEEDED,
        *match_opening.NEEDED_IN_THREADS,
        *match_opening.NEEDED_TO_MAKE,
    ):
        assert name in discord.Permissions.VALID_FLAGS
