from __future__ import annotations

from bot.core.period import span_of
from tests.store.samples import GUILD, KEY, NOW, TODAY
from tests.store.test_boards import ALL_TIME, assert_rebuilt_equal, board
from tests.store.test_settling import closed


async def test_whoever_hides_is_on_no_board_and_nobodys_points_change(store, path):
    await closed(store, TODAY, {1: KEY, 2: KEY, 3: 0})
    before = {s.member_id: s.points for s in await board(store)}
    await store.hide(GUILD, 1, NOW)
    assert [(s.member_id, s.rank) for s in await board(store)] == [(2, 1), (3, 2)]
    assert {s.member_id: s.points for s in await board(store)} == {2: before[2], 3: before[3]}
    assert await store.is_hidden(GUILD, 1)
    page = await store.board_page(GUILD, 1, span=ALL_TIME)
    assert (page.is_listed, page.own.rank, page.own.points) == (False, 1, before[1])
    streaks = await store.board_page(GUILD, 2, span=ALL_TIME, measure="streak")
    assert [place.member_id for place in streaks.places] == [2, 3]
    await assert_rebuilt_equal(store, path)
    await store.show(GUILD, 1)
    assert [s.member_id for s in await board(store)] == [1, 2, 3]
    assert not await store.is_hidden(GUILD, 1)
    await assert_rebuilt_equal(store, path)


async def test_hiding_lasts_over_new_answers(store):
    await store.hide(GUILD, 1, NOW)
    await store.hide(GUILD, 1, NOW)
    await closed(store, TODAY, {1: KEY, 2: KEY})
    assert [s.member_id for s in await board(store, span_of("day", TODAY))] == [2]


async def test_coming_back_does_not_show_whoever_hid(store):
    await closed(store, TODAY, {1: KEY})
    await store.hide(GUILD, 1, NOW)
    await store.note_left(GUILD, 1, NOW)
    await store.record_name(GUILD, 1, "Ada", NOW)
    assert await board(store) == []
    await store.show(GUILD, 1)
    assert len(await board(store)) == 1
    await store.note_left(GUILD, 1, NOW)
    assert await board(store) == []
    assert not await store.is_hidden(GUILD, 1)
    assert await store.listed(GUILD, [1, 2]) == {2}
