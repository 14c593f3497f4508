from __future__ import annotations

from datetime import datetime

import pytest

from bot.errors import UserError
from bot.store.store import Store
from tests.store.samples import DAY, GUILD, NOW, rows, set_up


async def test_a_server_is_in_utc_until_a_challenge_is_set_up_and_then_in_the_last_ones_zone(store):
    assert await store.zone(GUILD) == "UTC"
    for zone in ("Asia/Tokyo", "Europe/Zurich"):
        await set_up(store, zone=zone)
        assert await store.zone(GUILD) == zone
    assert await store.zone(GUILD + 1) == "UTC"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "Europe"])
async def test_a_zone_that_is_none_is_refused(store, zone):
    with pytest.raises(UserError, match="I know no time zone"):
        await set_up(store, zone=zone)
    assert await store.zone(GUILD) == "UTC"
    assert await store.challenge(GUILD) is None


async def test_joining_leaving_and_coming_back(store, path):
    await store.record_server(GUILD, NOW)
    await store.record_server(GUILD, NOW + DAY)
    seen = rows(path, "SELECT joined_at, left_at FROM servers")
    assert seen == [("2026-11-24T08:00:00.000000+00:00", None)]
    await store.record_server_left(GUILD, NOW + 2 * DAY)
    await store.record_server(GUILD, NOW + 3 * DAY)
    seen = rows(path, "SELECT joined_at, left_at FROM servers")
    assert seen == [("2026-11-27T08:00:00.000000+00:00", None)]


async def test_leaving_a_server_that_was_never_noted(store, path):
    await store.record_server_left(GUILD, NOW)
    assert rows(path, "SELECT guild_id, left_at FROM servers") == [
        (GUILD, "2026-11-24T08:00:00.000000+00:00")
    ]


async def test_notes_are_written_over(store):
    assert await store.get_meta("commands") is None
    await store.set_meta("commands", "a")
    await store.set_meta("commands", "b")
    assert await store.get_meta("commands") == "b"


async def test_everything_is_there_after_reopening(path):
    async with Store(path) as store:
        await store.set_meta("key", "välue")
        await set_up(store)
    async with Store(path) as store:
        assert await store.get_meta("key") == "välue"
        assert (await store.challenge(GUILD)).guild_id == GUILD


async def test_a_naive_time_is_refused(store):
    with pytest.raises(ValueError, match="naive"):
        await store.record_server(GUILD, datetime(2026, 11, 24, 8))  # noqa: DTZ001
    assert await store.zone(GUILD) == "UTC"
