"""What is kept of a match, so that a kill between any two writes loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.match import MatchSettings
from bot.core.match_standing import Gap, standings
from bot.core.score import QUIZ_POINTS
from bot.errors import StoreError, UserError
from bot.store.answers import NoContestant
from bot.store.match_rounds import Count
from bot.store.matches import SecondMatch
from bot.store.store import Store
from tests.store.samples import (
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    asking,
    lobby,
    open_post,
    rows,
)

ANN, BEN, CAT = 5, 6, 7
SECOND = timedelta(seconds=1)


async def answered(store: Store, post_id: int, member_id: int, after: float, place: int = KEY):
    at = NOW + timedelta(seconds=after)
    return await store.record_answer(post_id, member_id=member_id, place=place, at=at)


async def test_a_lobby_is_kept_with_its_settings_and_its_host(path):
    settings = MatchSettings(7, 33, 4, has_speed=False, subject="storage", in_thread=True)
    async with Store(path) as store:
        made = await store.make_match(
            guild_id=GUILD,
            channel_id=CHANNEL,
            host_id=ANN,
            settings=settings,
            study_date=TODAY,
            now=NOW,
            until=NOW + HOUR,
        )
    async with Store(path) as store:
        assert await store.match(made.id) == made
        assert await store.running_matches() == (made,)
        assert (made.settings, made.phase, made.until) == (settings, "lobby", NOW + HOUR)
        contest = await store.contest(made.id)
        assert [one.member_id for one in contest.contestants] == [ANN]


async def test_one_match_a_channel(store):
    first = await lobby(store, ANN)
    with pytest.raises(SecondMatch) as refused:
        await lobby(store, BEN)
    assert refused.value.match == first
    assert await store.running_matches() == (first,)
    elsewhere = await lobby(store, BEN, channel_id=CHANNEL + 1)
    assert await store.match_in(CHANNEL + 1) == elsewhere
    await store.save_match(first.ended("expired"))
    with pytest.raises(SecondMatch):  # its end was not shown yet
        await lobby(store, BEN)
    await store.record_finale(first.id, None)
    assert await store.match_in(CHANNEL) is None
    await lobby(store, BEN)


async def test_a_match_is_found_by_its_thread(store):
    match = await lobby(store, ANN)
    await store.record_match_thread(match.id, 333)
    found = await store.match_in(333)
    assert (found.id, found.play_channel_id) == (match.id, 333)


async def test_joining_twice_leaving_and_coming_back(store):
    match = await lobby(store, ANN)
    assert await store.join_match(match.id, BEN, NOW, most=2) is True
    assert await store.join_match(match.id, BEN, NOW, most=2) is False
    assert await store.join_match(match.id, CAT, NOW, most=2) is None
    assert await store.leave_contest(match.id, ANN, NOW + SECOND)
    assert not await store.leave_contest(match.id, ANN, NOW + SECOND)
    assert await store.join_match(match.id, CAT, NOW + SECOND, most=2) is True
    assert await store.join_match(match.id, ANN, NOW + SECOND, most=2) is None
    assert await store.join_match(match.id, ANN, NOW + SECOND, most=3) is True
    contest = await store.contest(match.id)
    assert [one.member_id for one in contest.contestants if one.is_in] == [ANN, BEN, CAT]
    assert contest.contestants[0].joined_at == NOW


async def test_only_the_question_that_is_asked_takes_answers(store):
    match = await asking(store, ANN, BEN)
    first, second, _ = await store.contest_posts(match.id)
    assert (await answered(store, first.id, ANN, 3)).is_new
    assert not (await answered(store, first.id, ANN, 4, 0)).is_new
    with pytest.raises(UserError, match="takes no answers"):
        await answered(store, second.id, ANN, 3)
    with pytest.raises(NoContestant):
        await answered(store, first.id, CAT, 3)
    assert (await answered(store, first.id, BEN, 21.9)).is_new  # 20 seconds and 2 more
    assert await store.match_count(match.id, first.id) == Count(answers=2, players=2, waiting=0)


async def test_after_the_wait_no_answer_counts_even_before_the_close(store):
    match = await asking(store, ANN, BEN)
    post = (await store.contest_posts(match.id))[0]
    with pytest.raises(UserError, match="takes no answers"):
        await answered(store, post.id, BEN, 22)


async def test_a_pause_takes_no_answers_and_costs_no_time(store):
    match = await asking(store, ANN, BEN)
    post = (await store.contest_posts(match.id))[0]
    paused = match.paused(NOW + 5 * SECOND)
    await store.pause_match(paused, NOW + 5 * SECOND)
    assert await store.match(match.id) == paused
    with pytest.raises(UserError, match="takes no answers"):
        await answered(store, post.id, ANN, 6)
    resumed = paused.resumed(NOW + 65 * SECOND)
    await store.resume_match(resumed, NOW + 65 * SECOND)
    assert await store.match(match.id) == resumed
    recorded = await answered(store, post.id, ANN, 66)
    (round_,) = await store.match_rounds(match.id)
    assert round_.gaps == (Gap(NOW + 5 * SECOND, NOW + 65 * SECOND),)
    assert round_.took(recorded.answer.answered_at) == 6 * SECOND


async def test_an_outage_moves_the_bell(store):
    match = await asking(store, ANN)
    now = NOW + 100 * SECOND
    after = match.extended(now)
    await store.extend_match(after, since=NOW, at=now)
    found = await store.match(match.id)
    assert (found.until, found.alive_at) == (NOW + 120 * SECOND, now)
    post = (await store.contest_posts(match.id))[0]
    assert (await answered(store, post.id, ANN, 121)).is_new


async def test_signs_of_life_leave_a_long_silence_as_it_is(store):
    silent = await lobby(store, ANN)
    await store.keep_matches_alive(NOW + 5 * SECOND)
    assert (await store.match(silent.id)).alive_at == NOW + 5 * SECOND
    await store.keep_matches_alive(NOW + 11 * SECOND)
    assert (await store.match(silent.id)).alive_at == NOW + 5 * SECOND
    # Nor does what was read before it put the clock back.
    await store.save_match(silent)
    assert (await store.match(silent.id)).alive_at == NOW + 5 * SECOND


async def test_a_close_scores_on_the_boards_and_a_skipped_question_does_not(store):
    match = await asking(store, ANN, BEN)
    first, second, _ = await store.contest_posts(match.id)
    await answered(store, first.id, ANN, 3)
    after = match.answered(NOW + 22 * SECOND)
    await store.close_match_round(after, place=0, at=NOW + 22 * SECOND)
    assert await store.match(match.id) == after
    assert (await store.score(GUILD, ANN)).points == QUIZ_POINTS
    asked = after.asked(NOW + 30 * SECOND)
    await store.ask_match_round(asked)
    await answered(store, second.id, ANN, 33)
    await store.close_match_round(
        asked.answered(NOW + 40 * SECOND), place=1, at=NOW + 40 * SECOND, is_void=True
    )
    assert (await store.score(GUILD, ANN)).points == QUIZ_POINTS
    rounds = await store.match_rounds(match.id)
    assert [one.is_void for one in rounds] == [False, True]
    assert (await store.award_of(second.id, ANN)).reason == "void"
    contest = await store.contest(match.id)
    found = standings(contest, rounds, await store.contest_answers(match.id), match.settings)
    assert [(one.member_id, one.score) for one in found] == [(ANN, 925), (BEN, 0)]


async def test_the_last_match_is_the_last_that_has_a_result(store):
    assert await store.last_match(GUILD) is None
    played = await asking(store, ANN)
    await store.save_match(played.ended("stopped"))
    await store.finish_contest(played.id, {}, NOW)
    await store.record_finale(played.id, 77)
    assert (await store.last_match(GUILD)).finale_message_id == 77
    unplayed = await lobby(store, ANN)
    await store.cancel_contest(unplayed.id, NOW + SECOND)
    assert (await store.last_match(GUILD)).id == played.id


async def test_a_message_that_is_posted_again_takes_the_place_of_the_first(store):
    match = await asking(store, ANN)
    post = (await store.contest_posts(match.id))[0]
    for number, second in ((71, 1), (72, 9)):
        await store.record_round_message(
            post.id, channel_id=CHANNEL, message_id=number, at=NOW + second * SECOND
        )
    (round_,) = await store.match_rounds(match.id)
    assert (round_.post.message_id, round_.shown_at) == (72, NOW + SECOND)
    # A deleted message of a match is none of the daily challenge's.
    assert await store.post_of_message(72) is None
    daily = await open_post(store)
    assert (await store.post_of_message(daily.message_id)).id == daily.id


async def test_a_forgotten_member_is_in_no_match_any_more(store, path):
    match = await asking(store, ANN, BEN)
    post = (await store.contest_posts(match.id))[0]
    await answered(store, post.id, ANN, 3)
    await answered(store, post.id, BEN, 3)
    await store.forget_member(ANN, GUILD)
    contest = await store.contest(match.id)
    assert [one.member_id for one in contest.contestants] == [None, BEN]
    count = await store.match_count(match.id, post.id)
    assert (count.players, count.waiting) == (1, 0)
    for table in ("matches", "match_rounds", "match_gaps"):
        assert all(ANN not in row for row in rows(path, f"SELECT * FROM {table}"))


async def test_a_server_that_is_forgotten_leaves_nothing_of_its_matches(store, path):
    await store.record_server(GUILD, NOW)
    match = await asking(store, ANN, BEN)
    await store.extend_match(match.extended(NOW), since=NOW, at=NOW)
    await store.record_server_left(GUILD, NOW)
    await store.purge_servers(NOW + 31 * DAY)
    for table in ("matches", "match_rounds", "match_gaps", "contests", "contestants"):
        assert rows(path, f"SELECT * FROM {table}") == []
    assert rows(path, "PRAGMA foreign_key_check") == []


async def test_what_is_not_there_cannot_be_changed(store):
    match = await lobby(store, ANN)
    with pytest.raises(StoreError, match="no match 99"):
        await store.save_match(replace(match, id=99))
    with pytest.raises(StoreError, match="no question 99"):
        await store.record_round_message(99, channel_id=1, message_id=1, at=NOW)
    with pytest.raises(StoreError, match="question 0 of match"):
        await store.pause_match(match.begun(NOW, 3).asked(NOW).paused(NOW), NOW)
