from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.period import span_of
from bot.core.rating import Rating
from bot.store.ratings import rebuild_ratings
from tests.store.samples import (
    DAY,
    GUILD,
    NOW,
    TODAY,
    duel,
    lobby,
    new_store,
    played_match,
    rate_many,
    rows,
)

ADA, BEN, CHI, DAN = 5, 6, 7, 8
ALL_TIME = span_of("all", TODAY)


async def values(store, *members):
    found = [await store.rating(GUILD, member) for member in members]
    return [None if one is None else (one[0].value, one[1]) for one in found]


async def test_a_match_is_rated_like_a_duel_when_it_is_there(store):
    contest_id = await played_match(store, {ADA: 1, BEN: 2, CHI: 3})
    assert await store.rated(contest_id) is None
    assert await store.rate_contests() == 1
    assert await store.rate_contests() == 0
    assert await values(store, ADA, BEN, CHI, DAN) == [(1532, 1), (1500, 1), (1468, 1), None]
    verdict, steps = await store.rated(contest_id)
    assert verdict == "counts"
    assert {who: (step.rank, step.of) for who, step in steps.items()} == {
        ADA: (1, 3),
        BEN: (2, 3),
        CHI: (3, 3),
    }


async def test_who_answered_nothing_is_left_out_and_alone_nothing_is_rated(store):
    first = await played_match(store, {ADA: 1, BEN: 2, CHI: 3}, silent=[CHI])
    alone = await played_match(store, {ADA: 1, BEN: 2}, day=TODAY + DAY, silent=[BEN])
    called_off = await lobby(store, ADA, CHI)
    await store.cancel_contest(called_off.id, NOW)
    await store.rate_contests()
    assert await values(store, ADA, BEN, CHI) == [(1532, 1), (1468, 1), None]
    assert (await store.rated(first))[0] == "counts"
    assert await store.rated(alone) == ("alone", {})
    assert await store.rated(called_off.id) is None


async def test_of_one_day_only_the_first_contest_of_the_same_members_counts(store):
    first = await played_match(store, {ADA: 1, BEN: 2, CHI: 3})
    await played_match(store, {ADA: 1, DAN: 2})
    again = await played_match(store, {CHI: 1, BEN: 2, ADA: 3})
    tomorrow = await played_match(store, {CHI: 1, BEN: 2, ADA: 3}, day=TODAY + DAY)
    await store.rate_contests()
    verdicts = [(await store.rated(one))[0] for one in (first, again, tomorrow)]
    assert verdicts == ["counts", "again", "counts"]


async def test_two_in_a_row_do_not_raise_each_other_even_on_other_days(store):
    await duel(store, ADA, BEN)
    before = await values(store, ADA, BEN)
    for day in (1, 2, 3):
        played = await duel(store, ADA, BEN, at=NOW + day * DAY, day=TODAY + day * DAY)
        assert await store.rated(played.contest.id) == ("in a row", {})
    assert await values(store, ADA, BEN) == before == [(1532, 1), (1468, 1)]


async def test_it_takes_both_to_have_met_somebody_else_in_between(store):
    await played_match(store, {ADA: 1, BEN: 2})
    await played_match(store, {ADA: 1, CHI: 2}, day=TODAY + DAY)
    only_ada = await played_match(store, {ADA: 1, BEN: 2}, day=TODAY + 2 * DAY)
    await played_match(store, {BEN: 1, DAN: 2}, day=TODAY + 3 * DAY)
    both = await played_match(store, {ADA: 1, BEN: 2}, day=TODAY + 4 * DAY)
    await store.rate_contests()
    assert (await store.rated(only_ada))[0] == "in a row"
    assert (await store.rated(both))[0] == "counts"


async def test_a_group_that_always_plays_together_is_rated_every_day(store):
    await rate_many(store, GUILD, [ADA, BEN, CHI], contests=4)
    assert [one[1] for one in await values(store, ADA, BEN, CHI)] == [4, 4, 4]


async def test_ratings_of_servers_are_apart(store):
    await duel(store, ADA, BEN)
    await duel(store, BEN, ADA, guild_id=GUILD + 1)
    found = [await store.rating(guild, ADA) for guild in (GUILD, GUILD + 1)]
    assert [one[0].value for one in found] == [1532, 1468]


async def test_the_last_contests_come_newest_first(store):
    await rate_many(store, GUILD, [ADA, BEN, CHI], contests=3)
    steps = await store.rating_steps(GUILD, ADA, 2)
    assert len(steps) == 2
    assert steps[0].before == steps[1].after
    assert (await store.rating(GUILD, ADA))[0] == steps[0].after


async def test_the_board_goes_by_the_lower_end_and_leaves_out_who_is_new_or_hid(store):
    await rate_many(store, GUILD, [ADA, BEN, CHI])
    await duel(store, DAN, ADA, at=NOW + 40 * DAY, day=TODAY + 40 * DAY)
    page = await store.board_page(GUILD, ADA, span=ALL_TIME, measure="rating")
    assert [(one.member_id, one.rank) for one in page.places] == [(ADA, 1), (BEN, 2), (CHI, 3)]
    assert [one.value for one in page.places] == [one.rating.low for one in page.places]
    assert (page.own.rank, page.size) == (1, 3)
    await store.hide(GUILD, BEN, NOW)
    page = await store.board_page(GUILD, BEN, span=ALL_TIME, measure="rating")
    assert [(one.member_id, one.rank) for one in page.places] == [(ADA, 1), (CHI, 2)]
    assert (page.own.rank, page.is_listed) == (2, False)
    new = await store.board_page(GUILD, DAN, span=ALL_TIME, measure="rating")
    assert new.own is None


async def test_a_board_of_many_pages_shares_ranks_and_finds_the_own_page(store, path):
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO ratings VALUES (?, ?, ?, 90, 12, ?, 1)",
            [(GUILD, n, 1500.0 + n // 2, 1320 + n // 2) for n in range(1, 26)],
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.commit()
    first = await store.board_page(GUILD, 1, span=ALL_TIME, measure="rating")
    assert (first.size, first.pages) == (25, 3)
    assert [one.rank for one in first.places] == [1, 1, 3, 3, 5, 5, 7, 7, 9, 9]
    own = await store.board_page(GUILD, 3, span=ALL_TIME, measure="rating", page=None)
    assert own.number == 2
    assert 3 in [one.member_id for one in own.places]


async def test_another_version_derives_all_again_and_ends_at_the_same(store, path):
    assert await store.prepare_ratings()
    assert not await store.prepare_ratings()
    await rate_many(store, GUILD, [ADA, BEN, CHI], contests=5)
    await duel(store, ADA, DAN)
    before = rows(path, "SELECT * FROM ratings"), rows(path, "SELECT * FROM rating_steps")
    await store.set_meta("version of the ratings", "0")
    assert await store.prepare_ratings()
    after = rows(path, "SELECT * FROM ratings"), rows(path, "SELECT * FROM rating_steps")
    assert after == before


async def test_what_was_played_before_somebody_is_forgotten_tells_on_the_others(store):
    await played_match(store, {ADA: 1, BEN: 2})
    await store.forget_member(BEN, None)
    assert await values(store, ADA, BEN) == [(1532, 1), None]


contests = st.lists(
    st.tuples(
        st.lists(st.sampled_from([ADA, BEN, CHI, DAN]), min_size=2, unique=True),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(played=contests, gone=st.sampled_from([ADA, BEN, CHI, DAN]), when=st.integers(0, 12))
async def test_forgetting_anybody_at_any_time_moves_nobody_elses_rating(played, gone, when):
    async with new_store() as (store, path):
        for number, (members, day) in enumerate(played):
            if number == when:
                await store.forget_member(gone, None)
            ranks = {who: rank for rank, who in enumerate(members, 1)}
            await played_match(store, ranks, day=TODAY + day * DAY)
            await store.rate_contests()
        others = f"SELECT * FROM ratings WHERE member_id <> {gone}"
        before = rows(path, others)
        await store.forget_member(gone, None)
        assert rows(path, others) == before
        await store._write(rebuild_ratings)
        assert rows(path, others) == before
        assert rows(path, f"SELECT 1 FROM ratings WHERE member_id = {gone}") == []


async def test_new_numbers_take_over_what_a_contest_with_a_forgotten_member_changed(store, path):
    await played_match(store, {ADA: 1, BEN: 2, CHI: 3})
    await played_match(store, {BEN: 1, ADA: 2, CHI: 3}, day=TODAY + DAY)
    await store.rate_contests()
    await store.forget_member(CHI, None)
    steps = await store.rating_steps(GUILD, ADA, 9)
    moved = sum(step.after.mu - step.before.mu for step in steps)
    with closing(sqlite3.connect(path)) as connection:  # as an older version had it
        connection.execute("UPDATE rating_steps SET mu = mu + 9, mu_before = mu_before + 9")
        connection.commit()
    await store._write(rebuild_ratings)
    rating, count = await store.rating(GUILD, ADA)
    assert count == 2
    assert abs(rating.mu - (Rating().mu + moved)) < 1e-9
