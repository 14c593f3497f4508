"""Seasons in the store: one at a time, boards like the awards say, standings that stay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.season import Season, TeamPlace
from bot.core.streak import replay
from bot.core.team_name import team_name
from bot.errors import UserError
from bot.store import final_standings
from bot.store.rebuilding import rebuild
from bot.store.seasons import UNSET
from bot.store.store import Store
from tests.store.ledger import Standing, standing, standings
from tests.store.samples import (
    DAY,
    GUILD,
    HOUR,
    KEY,
    MANAGER,
    NOW,
    TODAY,
    begin_duel,
    new_store,
    open_post,
    rows,
    season,
    set_up,
    start,
    team,
)
from tests.store.test_boards import board, kept

ALICE, BEN, CHI = 1, 2, 3


async def closed(
    store: Store, day: date, right: Iterable[int] = (), wrong: Iterable[int] = ()
) -> None:
    """Post a challenge on a day, have it answered, and close it."""
    post = await open_post(store, day, f"of {day}")
    for place, members in ((KEY, right), (0, wrong)):
        for member_id in members:
            await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)


async def quizzed(store: Store, member_id: int, name: str, *, is_right: bool, day=TODAY) -> None:
    (post,) = (await start(store, member_id, [name], day=day)).posts
    await store.record_answer(post.id, member_id=member_id, place=KEY if is_right else 0, at=NOW)


async def claimed(store: Store, held: Season, **options):
    improved = await store.season_improved(held)
    return await store.claim_ceremony(
        held, **{"improved": improved, "nonce": f"n{held.id}", "now": NOW, **options}
    )


# ---------------------------------------------------------------------- one at a time


async def test_two_seasons_never_share_a_day(store, path):
    held = await season(store, TODAY, 7)
    for first, days in [(TODAY, 1), (TODAY + 6 * DAY, 9), (TODAY - DAY, 2), (TODAY - DAY, 30)]:
        with pytest.raises(UserError, match="has the days from 2026-11-24 to 2026-11-30"):
            await season(store, first, days)
    after = await season(store, TODAY + 7 * DAY, 7, name="Next")
    other = await season(store, TODAY, 7, guild_id=GUILD + 1)
    assert await store.seasons(GUILD) == (after, held)
    assert await store.seasons(GUILD + 1) == (other,)
    with pytest.raises(UserError, match="“Next” has the days"):
        await store.change_season(held.id, today=TODAY, last=TODAY + 7 * DAY)
    assert (await store.season(held.id)).last == TODAY + 6 * DAY


async def test_of_two_managers_at_the_same_moment_one_begins_a_season(store):
    found = await asyncio.gather(
        season(store, name="Mara's"), season(store, name="Otto's"), return_exceptions=True
    )
    assert sum(isinstance(one, Season) for one in found) == 1
    assert sum(isinstance(one, UserError) for one in found) == 1
    assert len(await store.seasons(GUILD)) == 1


async def test_what_is_given_is_changed_and_the_rest_stays(store):
    held = await season(store, role_id=5)
    changed = await store.change_season(held.id, today=TODAY, name="Spring")
    assert (changed.name, changed.last, changed.role_id) == ("Spring", held.last, 5)
    changed = await store.change_season(
        held.id, today=TODAY, last=TODAY + DAY, channel_id=7, role_id=UNSET
    )
    assert (changed.name, changed.last, changed.channel_id) == ("Spring", TODAY + DAY, 7)
    assert changed.role_id is None
    with pytest.raises(UserError, match="has passed"):
        await store.change_season(held.id, today=TODAY + DAY, last=TODAY)
    with pytest.raises(UserError, match="over already"):
        await store.change_season(held.id, today=TODAY + 2 * DAY, last=TODAY + 5 * DAY)
    with pytest.raises(UserError, match="over already"):
        await store.change_season(99, today=TODAY, name="x")


async def test_what_nobody_played_in_just_goes_and_what_was_played_in_ends_today(store, path):
    planned = await season(store, TODAY + DAY)
    assert await store.end_season(planned.id, today=TODAY, now=NOW) is None
    empty = await season(store)
    assert await store.end_season(empty.id, today=TODAY, now=NOW) is None
    assert rows(path, "SELECT count(*) FROM seasons") == [(0,)]
    held = await season(store)
    await quizzed(store, ALICE, "a", is_right=True)
    ended = await store.end_season(held.id, today=TODAY + 3 * DAY, now=NOW)
    assert (ended.last, ended.ended_at) == (TODAY + 3 * DAY, NOW)
    with pytest.raises(UserError, match="over already"):
        await store.end_season(held.id, today=TODAY + 3 * DAY, now=NOW)
    with pytest.raises(UserError, match="over already"):
        await store.end_season(99, today=TODAY, now=NOW)


async def test_an_answer_that_waits_for_its_reveal_counts_as_played(store):
    held = await season(store)
    post = await open_post(store)
    await store.record_answer(post.id, member_id=ALICE, place=KEY, at=NOW)
    assert await store.end_season(held.id, today=TODAY, now=NOW) is not None


async def test_the_board_to_be_seen_is_that_of_the_last_season_that_began(store):
    assert await store.season_now(GUILD, TODAY) is None
    first = await season(store, TODAY - 9 * DAY, 9, name="First")
    second = await season(store, TODAY, 7, name="Second")
    assert await store.season_now(GUILD, TODAY - DAY) == first
    assert await store.season_now(GUILD, TODAY) == second
    assert await store.season_now(GUILD, TODAY + 99 * DAY) == second
    assert await store.seasons_to_close() == ((first, "UTC"), (second, "UTC"))


# ------------------------------------------------------------------- boards and streaks


async def test_a_season_counts_its_days_and_no_others(store):
    await closed(store, TODAY - DAY, [ALICE])
    await closed(store, TODAY, [ALICE], [BEN])
    held = await season(store, TODAY, 2)  # what today brought before it was made is its own
    await closed(store, TODAY + DAY, [BEN], [ALICE])
    await closed(store, TODAY + 2 * DAY, [BEN], [ALICE])
    await quizzed(store, CHI, "q", is_right=True)
    expected = await standings(store, GUILD, since=held.first, until=held.last)
    assert await board(store, held.span) == list(expected)
    assert [(s.member_id, s.points) for s in expected] == [(ALICE, 11), (BEN, 11), (CHI, 2)]
    streaks = await store.board_page(GUILD, BEN, span=held.span, measure="streak")
    assert [(p.member_id, p.value) for p in streaks.places] == [(ALICE, 2), (BEN, 2)]
    assert (streaks.own.rank, streaks.size) == (1, 2)
    topic = await store.board_page(GUILD, CHI, span=held.span, topic="data-protection")
    assert (topic.size, topic.own.points) == (3, 2)
    accuracy = await store.board_page(GUILD, CHI, span=held.span, measure="accuracy")
    assert accuracy.size == 0


async def test_a_streak_in_a_season_begins_at_none_and_so_do_its_freezes(store):
    """Seven days before it would have earned a freeze; in the season the gap ends the streak."""
    days = [TODAY + number * DAY for number in range(12)]
    held = await season(store, days[7], 5)
    for number, day in enumerate(days):
        await closed(store, day, [BEN] if number == 9 else [ALICE, BEN])
    streak, _ = await store.streak(GUILD, ALICE)
    assert (streak.length, streak.best) == (11, 11)
    page = await store.board_page(GUILD, ALICE, span=held.span, measure="streak")
    assert [(p.member_id, p.value) for p in page.places] == [(BEN, 5), (ALICE, 2)]


async def test_a_challenge_that_closes_late_tells_on_the_streaks_of_the_season(store, path):
    held = await season(store)
    late = await open_post(store, TODAY, "late")
    await closed(store, TODAY + DAY, [ALICE, BEN])
    await closed(store, TODAY + 2 * DAY, [ALICE])
    await store.record_answer(late.id, member_id=BEN, place=KEY, at=NOW)
    await store.close_post(late.id, at=NOW, worth=10)
    page = await store.board_page(GUILD, ALICE, span=held.span, measure="streak")
    assert [(p.member_id, p.value) for p in page.places] == [(ALICE, 2), (BEN, 2)]


async def test_whoever_hides_is_on_neither_board_of_the_season(store):
    held = await season(store)
    await closed(store, TODAY, [ALICE, BEN])
    await store.hide(GUILD, ALICE, NOW)
    for measure in ("points", "streak"):
        page = await store.board_page(GUILD, ALICE, span=held.span, measure=measure)
        assert [place.member_id for place in page.places] == [BEN]
        assert (page.own.rank, page.is_listed) == (1, False)
    await store.show(GUILD, ALICE)
    page = await store.board_page(GUILD, ALICE, span=held.span, measure="streak")
    assert [place.member_id for place in page.places] == [ALICE, BEN]


moves = st.lists(
    st.tuples(st.integers(0, 9), st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5))),
    max_size=10,
    unique_by=lambda move: move[0],
)


@settings(max_examples=25, deadline=None)
@given(moves=moves, first=st.integers(0, 9), days=st.integers(1, 10), begun=st.integers(0, 10))
async def test_a_seasons_boards_are_what_the_awards_say_in_whatever_order_days_close(
    moves, first, days, begun
):
    async with new_store() as (store, path):
        await set_up(store)
        held = None
        for number, (day, right, wrong) in enumerate(moves):
            if number == begun:
                held = await season(store, TODAY + first * DAY, days)
            await closed(store, TODAY + day * DAY, right - wrong, wrong)
        if held is None:
            held = await season(store, TODAY + first * DAY, days)
        from_awards = await standings(store, GUILD, since=held.first, until=held.last)
        assert await board(store, held.span) == list(from_awards)
        expected = {}
        posted = {TODAY + day * DAY for day, _, _ in moves}
        inside = sorted(day for day in posted if held.first <= day <= held.last)
        for member_id in range(1, 6):
            studied = {
                TODAY + day * DAY for day, right, wrong in moves if member_id in right | wrong
            }
            best = replay(inside, studied)[0].best
            if best:
                expected[member_id] = best
        found = rows(path, "SELECT member_id, best FROM season_streaks")
        assert dict(found) == expected
        grown = kept(path)
        await store._write(lambda connection: rebuild(connection, NOW))
        assert kept(path) == grown
        assert rows(path, "SELECT member_id, best FROM season_streaks") == found


# --------------------------------------------------------------------------- ceremonies


async def played(store: Store, *, role_id: int | None = None) -> Season:
    """Alice 21 points, Ben 11, Chi none; Alice two days in a row."""
    held = await season(store, TODAY, 2, role_id=role_id)
    await closed(store, TODAY, [ALICE, BEN], [CHI])
    await closed(store, TODAY + DAY, [ALICE])
    return held


async def test_the_standings_are_frozen_with_the_claim_and_never_change(store, path):
    held = await played(store)
    ceremony = await claimed(store, held)
    assert [(w.rank, w.member_id, w.points, w.right, w.answered) for w in ceremony.winners] == [
        (1, ALICE, 21, 2, 2),
        (2, BEN, 10, 1, 1),
        (3, CHI, 0, 0, 1),
    ]
    assert [(p.kind, p.member_id, p.value) for p in ceremony.prizes] == [("streak", ALICE, 2)]
    assert ceremony.members == 3
    assert [winner.member_id for winner in ceremony.champions] == [ALICE]
    assert await claimed(store, held) is None
    await quizzed(store, BEN, "late", is_right=True)
    await store.note_left(GUILD, CHI, NOW)
    assert (await store.ceremony(held.id)).winners == ceremony.winners
    page = await store.final_page(held.id, BEN, None)
    assert (page.size, page.own.rank, page.own.points, page.pages) == (3, 2, 10, 1)
    assert await standing(store, GUILD, BEN, since=TODAY, until=TODAY + DAY) == Standing(
        BEN, points=12, right=2, answered=2, rank=2
    )
    with pytest.raises(UserError, match="over already"):
        await store.change_season(held.id, today=TODAY, name="Other")


async def test_a_closed_season_lets_its_board_go_and_keeps_its_standings(store, path):
    held = await played(store)
    running = await season(store, TODAY + 2 * DAY)
    await closed(store, TODAY + 2 * DAY, [ALICE])
    await claimed(store, held)
    await store.drop_old_boards(NOW)
    assert rows(path, "SELECT first FROM boards WHERE kind = 'season' GROUP BY first") == [
        (running.first.isoformat(),)
    ]
    assert rows(path, "SELECT DISTINCT season_id FROM season_streaks") == [(running.id,)]
    assert rows(path, "SELECT count(*) FROM season_places") == [(3,)]
    await store._write(lambda connection: rebuild(connection, NOW))
    assert len(rows(path, "SELECT 1 FROM boards WHERE kind = 'season'")) == 2


async def test_it_waits_for_every_challenge_of_its_days(store):
    held = await season(store, TODAY, 2)
    await closed(store, TODAY, [ALICE])
    post = await open_post(store, TODAY + DAY, "open")
    assert await store.is_season_open(held)
    assert await claimed(store, held) is None
    await store.close_post(post.id, at=NOW, worth=10)
    assert not await store.is_season_open(held)
    assert await claimed(store, held) is not None


async def test_it_waits_for_no_contest_as_its_points_are_those_of_the_day_on_which_it_ends(store):
    held = await season(store, TODAY, 1)
    await closed(store, TODAY, [ALICE])
    begun = await begin_duel(store, ALICE, BEN)
    post = (await store.contest_posts(begun.contest.id))[0]
    await store.record_answer(post.id, member_id=BEN, place=KEY, at=NOW)
    told = await claimed(store, held, now=NOW + DAY)
    assert [winner.member_id for winner in told.winners] == [ALICE]
    assert await store.finish_duel(begun.id, begun.deadline)
    assert (await store.award_of(post.id, BEN)).points == 2
    assert (await store.final_page(held.id, BEN, 0)).size == 1


async def test_a_season_that_changed_since_it_was_read_is_not_closed(store):
    held = await played(store)
    await store.change_season(held.id, today=TODAY, last=TODAY + 9 * DAY)
    assert await claimed(store, held) is None
    assert (await store.season(held.id)).closed_at is None


async def test_a_season_that_nobody_played_in_closes_without_places(store):
    held = await season(store, TODAY, 1, role_id=5)
    ceremony = await claimed(store, held)
    assert (ceremony.members, ceremony.winners, ceremony.prizes) == (0, (), ())
    assert await store.roles_to_give() == ()
    page = await store.final_page(held.id, ALICE, None)
    assert (page.size, page.pages, page.winners, page.own) == (0, 1, (), None)


async def test_most_improved_is_from_one_half_to_the_other(store):
    held = await season(store, TODAY, 4)
    for number in range(10):
        first, second = TODAY + DAY, TODAY + 2 * DAY
        await quizzed(store, ALICE, f"a{number}", is_right=number < 4, day=first)
        await quizzed(store, ALICE, f"b{number}", is_right=number < 9, day=second)
        await quizzed(store, BEN, f"a{number}", is_right=number < 1, day=first)
        if number:
            await quizzed(store, BEN, f"b{number}", is_right=True, day=second)
    assert await store.season_improved(held) == ((ALICE, 500),)
    await store.hide(GUILD, ALICE, NOW)
    assert await store.season_improved(held) == ()
    await store.show(GUILD, ALICE)
    ceremony = await claimed(store, held)
    assert [(p.kind, p.member_id, p.value) for p in ceremony.prizes] == [("improved", ALICE, 500)]


async def test_a_prize_of_one_who_went_between_working_it_out_and_the_claim_lapses(store):
    held = await played(store)
    await store.forget_member(BEN, GUILD)
    ceremony = await claimed(store, held, improved=[(ALICE, 300), (BEN, 300)])
    improved = [prize for prize in ceremony.prizes if prize.kind == "improved"]
    assert [prize.member_id for prize in improved] == [ALICE]


async def test_the_forgotten_and_the_hidden_have_a_place_without_a_name(store):
    held = await played(store)
    await store.record_name(GUILD, ALICE, "Alice", NOW)
    await store.record_name(GUILD, BEN, "Ben", NOW)
    await claimed(store, held)
    await store.forget_member(ALICE, GUILD)
    await store.hide(GUILD, BEN, NOW)
    ceremony = await store.ceremony(held.id)
    assert [(w.member_id, w.name, w.is_hidden) for w in ceremony.winners[:2]] == [
        (None, "", False),
        (BEN, "Ben", True),
    ]
    assert [(p.member_id, p.value) for p in ceremony.prizes] == [(None, 2)]
    assert (await store.final_page(held.id, ALICE, 0)).own is None


async def test_final_standings_have_pages(store):
    held = await season(store, TODAY, 1)
    await closed(store, TODAY, range(1, 13), range(13, 24))
    await claimed(store, held)
    page = await store.final_page(held.id, 23, None)
    assert (page.number, page.pages, page.size) == (2, 3, 23)
    assert [(w.member_id, w.rank) for w in page.winners] == [(21, 13), (22, 13), (23, 13)]
    assert (await store.final_page(held.id, 99, None)).number == 0
    assert (await store.final_page(held.id, 1, 99)).number == 2
    assert await store.final_page(99, 1, 0) is None
    found, total = await store.ceremonies(GUILD, limit=5, offset=0)
    assert (len(found), total, len(found[0].winners)) == (1, 1, 10)


async def test_teams_are_told_as_they_stood_and_a_name_that_managers_took_is_not(store):
    foxes = await team(store, ALICE, CHI)
    owls = await team(store, BEN, name="Owls")
    held = await played(store)
    places = [TeamPlace(foxes.id, "Foxes", 1, 1050, 2), TeamPlace(owls.id, "Owls", 2, 1000, 2)]
    ceremony = await claimed(store, held, teams=places)
    assert list(ceremony.teams) == places
    await store.rename_team(GUILD, foxes.id, team_name("Wolves"), by=ALICE, is_manager=False)
    assert [one.name for one in (await store.ceremony(held.id)).teams] == ["Foxes", "Owls"]
    await store.rename_team(GUILD, foxes.id, team_name("Cubs"), by=MANAGER, is_manager=True)
    await store.disband_team(GUILD, owls.id, NOW)
    told = (await store.ceremony(held.id)).teams
    assert [(one.name, one.rank, one.score) for one in told] == [
        ("Cubs", 1, 1050),
        ("a disbanded team", 2, 1000),
    ]


async def test_what_is_tried_and_told_is_noted_and_the_first_message_stays(store):
    held = await played(store)
    await claimed(store, held)
    (waiting,) = await store.waiting_ceremonies()
    assert (waiting.tried_at, waiting.tried_in) == (None, None)
    await store.note_attempt(held.id, channel_id=7, at=NOW + HOUR)
    (waiting,) = await store.waiting_ceremonies()
    assert (waiting.tried_at, waiting.tried_in) == (NOW + HOUR, 7)
    assert await store.note_ceremony_trouble(held.id, "The channel is gone.")
    assert not await store.note_ceremony_trouble(held.id, "The channel is gone.")
    assert await store.ceremony_troubles(GUILD) == ("The channel is gone.",)
    await store.record_ceremony(held.id, channel_id=7, message_id=70, at=NOW)
    await store.record_ceremony(held.id, channel_id=8, message_id=80, at=NOW)
    told = await store.ceremony(held.id)
    assert (told.told_in, told.message_id) == (7, 70)
    assert await store.waiting_ceremonies() == ()
    assert await store.ceremony_troubles(GUILD) == ()


# ----------------------------------------------------------------------- champions' roles


async def crowned(store: Store, day: date, right: Iterable[int], role_id: int | None) -> Season:
    held = await season(store, day, 1, role_id=role_id)
    await closed(store, day, right)
    await claimed(store, held)
    return held


async def test_a_role_is_given_to_all_who_are_first_and_taken_when_there_is_a_successor(store):
    await crowned(store, TODAY, [ALICE, BEN], 5)
    first = await store.roles_to_give()
    assert [(role.member_id, role.role_id) for role in first] == [(ALICE, 5), (BEN, 5)]
    for role in first:
        await store.record_role_given(role, NOW)
    assert await store.roles_to_give() == ()
    await crowned(store, TODAY + DAY, [], 5)  # nobody won
    await crowned(store, TODAY + 2 * DAY, [CHI], None)  # no role to win
    assert await store.roles_to_take() == ()
    await crowned(store, TODAY + 3 * DAY, [BEN], 5)
    assert await store.roles_to_take() == (first[0],)  # Ben keeps what he has
    assert [role.member_id for role in await store.roles_to_give()] == [BEN]
    await store.drop_role(first[0])
    assert await store.roles_to_take() == ()


async def test_a_role_that_was_never_given_lapses_with_the_next_champion(store):
    await crowned(store, TODAY, [ALICE], 5)
    latest = await crowned(store, TODAY + DAY, [BEN], 6)
    assert [(r.season_id, r.member_id) for r in await store.roles_to_give()] == [(latest.id, BEN)]
    assert await store.roles_to_take() == ()


async def test_another_servers_champions_are_left_alone(store):
    await crowned(store, TODAY, [ALICE], 5)
    (role,) = await store.roles_to_give()
    await store.record_role_given(role, NOW)
    other = await season(store, TODAY, 1, guild_id=GUILD + 1, role_id=5)
    post = await open_post(store, TODAY, "other", GUILD + 1)
    await store.record_answer(post.id, member_id=BEN, place=KEY, at=NOW)
    await store.close_post(post.id, at=NOW, worth=10)
    await claimed(store, other)
    assert await store.roles_to_take() == ()


async def test_role_troubles_are_news_once(store):
    held = await crowned(store, TODAY, [ALICE], 5)
    assert await store.note_role_trouble(held.id, "I lack Manage Roles.")
    assert not await store.note_role_trouble(held.id, "I lack Manage Roles.")
    assert await store.ceremony_troubles(GUILD) == ("I lack Manage Roles.",)
    assert await store.note_role_trouble(held.id, None)
    assert await store.ceremony_troubles(GUILD) == ()


async def test_places_are_written_in_portions_and_gone_on_with_after_a_kill(store, monkeypatch):
    held = await season(store, TODAY, 1)
    await closed(store, TODAY, range(1, 8), range(8, 12))
    whole = [(w, 1) for w in range(1, 8)] + [(w, 8) for w in range(8, 12)]
    monkeypatch.setattr(final_standings, "PORTION", 3)
    real, writes = store._write, []

    async def killed_at_the_third(work):
        writes.append(work)
        if len(writes) == 4:  # it is closed, and six of eleven have their places
            raise asyncio.CancelledError
        return await real(work)

    with monkeypatch.context() as patched:
        patched.setattr(store, "_write", killed_at_the_third)
        with pytest.raises(asyncio.CancelledError):
            await claimed(store, held)
    assert await store.ceremony(held.id) is None
    assert await store.final_page(held.id, 1, 0) is None
    assert await store.ceremonies(GUILD, limit=5, offset=0) == ((), 0)
    ((cut_off, _),) = await store.seasons_to_close()
    assert cut_off.closed_at == NOW
    await store.drop_old_boards(NOW)
    await store._write(lambda connection: rebuild(connection, NOW))
    await quizzed(store, 11, "late", is_right=True)  # moves other boards only
    await store.hide(GUILD, 2, NOW)  # has a place already
    await store.hide(GUILD, 9, NOW)  # gets none any more
    ceremony = await claimed(store, cut_off)
    assert ceremony.members == 10
    page = await store.final_page(held.id, 11, None)
    found = [*ceremony.winners, *(page.winners if page.number else ())]
    assert [(w.member_id, w.rank) for w in found] == [one for one in whole if one[0] != 9]
    assert page.size == 10
