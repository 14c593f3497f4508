from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from bot.core.duel import DUEL_LASTS, INVITATION_LASTS, Played
from bot.errors import UserError
from tests.store.samples import (
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    TODAY,
    duel,
    invite,
    open_post,
    play_duel,
    played_match,
    rows,
    shown,
    start,
)

ADA, BEN, CHI = 5, 6, 7
QUESTIONS = [shown("one"), shown("two")]


async def accept(store, invited, *, at=NOW):
    return await store.accept_duel(
        invited.id, invited.opponent_id, shown=QUESTIONS, study_date=TODAY, now=at
    )


async def test_an_invitation_is_kept_before_anything_is_sent(store):
    invited = await invite(store, ADA, BEN)
    assert (invited.challenger_id, invited.opponent_id) == (ADA, BEN)
    assert (invited.changes, invited.told, invited.message_id) == (1, 0, None)
    assert invited.expires_at == NOW + INVITATION_LASTS
    assert invited == await store.duel(invited.id)
    assert (await store.duels_due(NOW)).untold == (invited.id,)


async def test_the_table_itself_refuses_a_second_open_duel_of_two(store, path):
    await invite(store, ADA, BEN)
    columns = (
        "guild_id, channel_id, challenger_id, opponent_id, made_at, expires_at, changes, nonce"
    )
    values = "guild_id, channel_id, opponent_id, challenger_id, made_at, expires_at, changes, 'x'"
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        connection.execute(f"INSERT INTO duels ({columns}) SELECT {values} FROM duels")
    connection.close()


async def test_the_same_two_may_duel_in_another_server(store):
    await invite(store, ADA, BEN)
    other = await invite(store, ADA, BEN, guild_id=GUILD + 1)
    assert [one.id for one in await store.open_duels(GUILD, ADA)] == [other.id - 1]


async def test_nobody_is_pinged_again_and_again_by_challenges_that_are_withdrawn(store):
    for minute in range(3):
        invited = await invite(store, ADA, BEN, at=NOW + minute * MINUTE)
        await store.end_invitation(invited.id, "withdrawn", NOW + minute * MINUTE)
    with pytest.raises(UserError, match="You challenged them 3 times within a day"):
        await invite(store, ADA, BEN, at=NOW + HOUR)
    await invite(store, ADA, CHI, at=NOW + HOUR)
    await invite(store, ADA, BEN, at=NOW + DAY)


async def test_a_challenge_that_could_not_be_sent_pinged_nobody(store):
    for _ in range(3):
        invited = await invite(store, ADA, BEN)
        await store.end_invitation(invited.id, "unsent", NOW)
    await invite(store, ADA, BEN)


async def test_accepting_begins_a_contest_of_the_two_in_one_step(store):
    started = await accept(store, await invite(store, ADA, BEN))
    assert started.is_running
    assert started.deadline == NOW + DUEL_LASTS
    assert [one.member_id for one in started.contest.contestants] == [ADA, BEN]
    posts = await store.contest_posts(started.contest.id)
    assert [post.shown for post in posts] == QUESTIONS
    assert {post.closes_at for post in posts} == {started.deadline}
    assert await store.open_question_ids(GUILD) == {"one", "two"}
    assert await store.duel_of_contest(started.contest.id) == started


async def test_only_the_challenged_accepts_and_only_once(store, path):
    invited = await invite(store, ADA, BEN)
    with pytest.raises(UserError, match="Only who was challenged"):
        await store.accept_duel(invited.id, ADA, shown=QUESTIONS, study_date=TODAY, now=NOW)
    await accept(store, invited)
    with pytest.raises(UserError, match="accepted already"):
        await accept(store, invited)
    assert rows(path, "SELECT count(*) FROM contests") == [(1,)]


async def test_an_invitation_cannot_be_accepted_at_its_end(store):
    invited = await invite(store, ADA, BEN)
    with pytest.raises(UserError, match="over"):
        await accept(store, invited, at=invited.expires_at)
    assert (await store.duels_due(invited.expires_at)).lapsed == (invited,)
    assert await store.end_invitation(invited.id, "expired", invited.expires_at)
    assert not await store.end_invitation(invited.id, "declined", invited.expires_at)
    assert (await store.duel(invited.id)).ending == "expired"


async def test_a_running_duel_is_no_invitation_to_end(store):
    started = await accept(store, await invite(store, ADA, BEN))
    assert not await store.end_invitation(started.id, "withdrawn", NOW)
    assert (await store.duel(started.id)).is_running


async def test_questions_come_one_by_one_with_the_time_of_their_first_showing(store):
    started = await accept(store, await invite(store, ADA, BEN))
    first = await store.duel_turn(started.id, ADA, NOW + MINUTE)
    assert (first.post.place, first.shown_at, first.of) == (0, NOW + MINUTE, 2)
    assert await store.duel_turn(started.id, ADA, NOW + HOUR) == first
    assert await store.was_shown(started.contest.id, 0, ADA)
    assert not await store.was_shown(started.contest.id, 1, ADA)
    assert not await store.was_shown(started.contest.id, 0, BEN)
    await store.record_answer(first.post.id, member_id=ADA, place=KEY, at=NOW + 3 * MINUTE)
    second = await store.duel_turn(started.id, ADA, NOW + 4 * MINUTE)
    assert (second.post.place, second.shown_at) == (1, NOW + 4 * MINUTE)
    await store.record_answer(second.post.id, member_id=ADA, place=0, at=NOW + 5 * MINUTE)
    assert await store.duel_turn(started.id, ADA, NOW + HOUR) is None
    assert await store.played(started.contest.id) == {ADA: Played(1, 2, 180_000)}


async def test_a_showing_that_failed_is_taken_back_but_no_earlier_one_and_none_answered(store):
    started = await accept(store, await invite(store, ADA, BEN))
    turn = await store.duel_turn(started.id, ADA, NOW)
    await store.take_turn_back(turn, ADA, NOW + MINUTE)
    assert await store.duel_turn(started.id, ADA, NOW + MINUTE) == turn
    await store.take_turn_back(turn, ADA, NOW)
    again = await store.duel_turn(started.id, ADA, NOW + HOUR)
    assert (again.post, again.shown_at) == (turn.post, NOW + HOUR)
    await store.record_answer(turn.post.id, member_id=ADA, place=KEY, at=NOW + HOUR)
    await store.take_turn_back(again, ADA, NOW + HOUR)
    assert await store.played(started.contest.id) == {ADA: Played(1, 1, 0)}


async def test_there_is_no_turn_for_others_before_it_begins_or_after_it_ended(store):
    invited = await invite(store, ADA, BEN)
    with pytest.raises(UserError, match="waits to be accepted"):
        await store.duel_turn(invited.id, ADA, NOW)
    started = await accept(store, invited)
    with pytest.raises(UserError, match="between two others"):
        await store.duel_turn(started.id, CHI, NOW)
    with pytest.raises(UserError, match="over"):
        await store.duel_turn(started.id, ADA, started.deadline)
    with pytest.raises(UserError, match="not one of this server's"):
        await store.duel_turn(99, ADA, NOW)
    assert not await store.was_shown(started.contest.id, 0, ADA)


async def test_it_ends_when_both_have_played_and_not_before(store):
    started = await accept(store, await invite(store, ADA, BEN))
    await play_duel(store, started, ADA, 2)
    assert not await store.finish_duel(started.id, NOW + MINUTE)
    assert (await store.duels_due(NOW + MINUTE)).finished == ()
    await play_duel(store, started, BEN, 1)
    assert [one.id for one in (await store.duels_due(NOW + MINUTE)).finished] == [started.id]
    assert await store.finish_duel(started.id, NOW + MINUTE)
    assert not await store.finish_duel(started.id, NOW + MINUTE)
    ended = await store.duel(started.id)
    assert (ended.ending, ended.ended_at) == ("played", NOW + MINUTE)
    ada, ben = (one.result for one in ended.contest.contestants)
    assert (ada.rank, ada.right, ada.answered, ada.took_ms) == (1, 2, 2, 2000)
    assert (ben.rank, ben.right, ben.answered, ben.took_ms) == (2, 1, 2, 2000)
    assert await store.open_question_ids(GUILD) == frozenset()


async def test_a_look_for_what_is_due_reads_nothing_that_is_not(store, monkeypatch):
    await accept(store, await invite(store, ADA, BEN))
    await invite(store, ADA, CHI)
    monkeypatch.setattr("bot.store.duels.duel_of", None)  # read one, and it fails
    due = await store.duels_due(NOW + MINUTE)
    assert (due.has_open, due.lapsed, due.finished) == (True, (), ())


async def test_at_the_deadline_it_ends_with_what_there_is(store, path):
    started = await accept(store, await invite(store, ADA, BEN))
    turn = await store.duel_turn(started.id, BEN, NOW)
    await store.record_answer(turn.post.id, member_id=BEN, place=KEY - 1, at=NOW + MINUTE)
    assert await store.finish_duel(started.id, started.deadline)
    ended = await store.duel(started.id)
    ada, ben = (one.result for one in ended.contest.contestants)
    assert (ada.rank, ada.answered, ben.rank, ben.answered) == (2, 0, 1, 1)
    assert await store.rated(ended.contest.id) == ("alone", {})
    assert len(await store.contest_posts(ended.contest.id)) == 1
    assert rows(path, "SELECT kind, points FROM awards") == [("duel", 0)]


async def test_who_saw_a_question_and_stayed_away_is_rated_for_the_defeat(store):
    started = await accept(store, await invite(store, ADA, BEN))
    await play_duel(store, started, BEN, 0)
    await store.duel_turn(started.id, ADA, NOW + MINUTE)
    assert await store.finish_duel(started.id, started.deadline)
    verdict, steps = await store.rated(started.contest.id)
    assert verdict == "counts"
    assert {who: step.rank for who, step in steps.items()} == {BEN: 1, ADA: 2}
    (met,) = await store.meetings(GUILD, ADA, since=None, until=None)
    assert (met.own.rank, met.own.answered) == (2, 0)


async def test_when_nobody_played_it_is_no_contest_that_counts(store):
    started = await accept(store, await invite(store, ADA, BEN))
    assert await store.finish_duel(started.id, started.deadline)
    ended = await store.duel(started.id)
    assert (ended.ending, ended.contest.is_cancelled) == ("unplayed", True)
    assert await store.rated(ended.contest.id) is None
    assert await store.meetings(GUILD, ADA, since=None, until=None) == ()


async def test_a_forgotten_member_ends_a_running_duel_at_the_next_look(store):
    started = await accept(store, await invite(store, ADA, BEN))
    await play_duel(store, started, ADA, 1)
    await play_duel(store, started, BEN, 2)
    await store.forget_member(BEN, GUILD)
    assert [one.id for one in (await store.duels_due(NOW + MINUTE)).finished] == [started.id]
    await store.finish_duel(started.id, NOW + MINUTE)
    (met,) = await store.meetings(GUILD, ADA, since=None, until=None)
    assert (met.own.rank, met.other.rank, met.other.answered) == (1, 2, 0)
    assert met.opponent_id is None


async def test_a_forgotten_member_ends_an_invitation_at_the_next_look(store):
    invited = await invite(store, ADA, BEN)
    await store.forget_member(BEN, None)
    (lapsed,) = (await store.duels_due(NOW)).lapsed
    assert (lapsed.id, lapsed.has_both) == (invited.id, False)


async def test_whoever_comes_back_after_being_forgotten_can_be_challenged_again(store):
    await accept(store, await invite(store, ADA, BEN))
    await store.forget_member(BEN, None)
    assert (await invite(store, ADA, BEN)).is_invitation


async def test_meetings_are_counted_by_day_and_opponent_newest_first(store):
    await duel(store, ADA, BEN, right=(2, 1))
    await duel(store, BEN, ADA, right=(2, 0), at=NOW + DAY, day=TODAY + DAY)
    await duel(store, CHI, ADA, right=(1, 1), at=NOW + 2 * DAY, day=TODAY + 2 * DAY)
    everybody = await store.meetings(GUILD, ADA, since=None, until=None)
    assert [(met.opponent_id, met.own.rank) for met in everybody] == [(CHI, 1), (BEN, 2), (BEN, 1)]
    ben = await store.meetings(GUILD, ADA, opponent_id=BEN, since=TODAY + DAY, until=TODAY + DAY)
    assert [(met.day, met.own.right, met.other.right) for met in ben] == [(TODAY + DAY, 0, 2)]
    assert await store.meetings(GUILD + 1, ADA, since=None, until=None) == ()


async def test_a_match_of_two_is_no_duel_in_the_record(store):
    await played_match(store, {ADA: 1, BEN: 2})
    assert await store.meetings(GUILD, ADA, since=None, until=None) == ()


async def test_what_the_message_shows_is_counted_in_changes(store):
    invited = await invite(store, ADA, BEN)
    await store.record_duel_message(invited.id, 4444, told=invited.changes)
    assert (await store.duels_due(NOW)).untold == ()
    assert (await store.duel_of_message(4444)).id == invited.id
    started = await accept(store, invited)
    assert (await store.duels_due(NOW)).untold == (invited.id,)
    await store.record_told(invited.id, started.changes)
    await store.record_told(invited.id, 1)  # an edit that came late tells less
    assert (await store.duel(invited.id)).told == started.changes
    await store.note_played(invited.id)
    assert (await store.duels_due(NOW)).untold == (invited.id,)
    await store.record_told(invited.id, 99)
    assert (await store.duel(invited.id)).told == started.changes + 1


async def test_a_message_is_sent_again_under_another_nonce(store):
    invited = await invite(store, ADA, BEN)
    await store.record_duel_message(invited.id, 4444, told=1)
    await store.send_duel_again(invited.id, "other")
    found = await store.duel(invited.id)
    assert (found.message_id, found.nonce) == (None, "other")


async def test_questions_of_a_running_duel_are_asked_nowhere_else(store):
    quiz = (await start(store, CHI, ["one"])).posts[0]
    await accept(store, await invite(store, ADA, BEN))
    with pytest.raises(UserError, match="part of an open challenge"):
        await store.record_answer(quiz.id, member_id=CHI, place=KEY, at=NOW)
    post = await open_post(store)
    assert await store.open_question_ids(GUILD) == {"one", "two", post.shown.question.id}


async def test_accepting_ending_and_finishing_at_the_same_moment_leave_one_outcome(store, path):
    invited = await invite(store, ADA, BEN)
    outcomes = await asyncio.gather(
        accept(store, invited),
        store.end_invitation(invited.id, "withdrawn", NOW),
        accept(store, invited),
        return_exceptions=True,
    )
    found = await store.duel(invited.id)
    begun = sum(not isinstance(one, (bool, Exception)) for one in outcomes)
    assert begun == found.is_running
    assert outcomes[1] is not found.is_running
    assert rows(path, "SELECT count(*) FROM contests") == [(begun,)]


async def test_a_sign_of_life_in_time_moves_nothing(store):
    started = await accept(store, await invite(store, ADA, BEN))
    assert await store.keep_duels_alive(NOW + MINUTE, 2 * MINUTE) == 0
    assert await store.keep_duels_alive(NOW + 3 * MINUTE, 2 * MINUTE) == 0
    assert (await store.duel(started.id)).deadline == started.deadline


async def test_an_outage_moves_ends_and_the_showing_of_what_waits_for_an_answer(store, path):
    started = await accept(store, await invite(store, ADA, BEN))
    invited = await invite(store, ADA, CHI)
    first = await store.duel_turn(started.id, ADA, NOW)
    await store.record_answer(first.post.id, member_id=ADA, place=KEY, at=NOW + MINUTE)
    second = await store.duel_turn(started.id, ADA, NOW + MINUTE)
    await store.keep_duels_alive(NOW + MINUTE, 2 * MINUTE)
    assert await store.keep_duels_alive(NOW + 5 * HOUR + MINUTE, 2 * MINUTE) == 2
    moved = await store.duel(started.id)
    assert moved.deadline == started.deadline + 5 * HOUR
    assert {post.closes_at for post in await store.contest_posts(moved.contest.id)} == {
        moved.deadline
    }
    assert moved.changes == started.changes + 1
    assert (await store.duel(invited.id)).expires_at == invited.expires_at + 5 * HOUR
    again = await store.duel_turn(started.id, ADA, NOW + 6 * HOUR)
    assert (again.post, again.shown_at) == (
        replace(second.post, closes_at=moved.deadline),
        NOW + 5 * HOUR + MINUTE,
    )
    assert (await store.played(moved.contest.id))[ADA].took_ms == 60_000
    assert await store.keep_duels_alive(NOW + 5 * HOUR + 2 * MINUTE, 2 * MINUTE) == 0


async def test_an_outage_leaves_what_ended_as_it_was(store):
    ended = await duel(store, ADA, BEN)
    assert await store.keep_duels_alive(NOW + DAY, 2 * MINUTE) == 0
    assert await store.duel(ended.id) == ended


async def test_a_duel_of_an_older_version_gets_its_first_sign_of_life(store, path):
    invited = await invite(store, ADA, BEN)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE duels SET alive_at = NULL")
    connection.close()
    assert await store.keep_duels_alive(NOW + 5 * HOUR, 2 * MINUTE) == 0
    assert await store.keep_duels_alive(NOW + 6 * HOUR, 2 * MINUTE) == 1
    assert (await store.duel(invited.id)).expires_at == invited.expires_at + HOUR
