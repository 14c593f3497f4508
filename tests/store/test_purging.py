from __future__ import annotations

import pytest

from bot.store import purging
from bot.store.purging import SERVERS_KEPT
from tests.store.samples import DAY, GUILD, HOUR, NOW, rows
from tests.store.test_members import ALICE, OTHER_GUILD, live


def of_server(path, guild_id: int) -> dict[str, int]:
    """Count a server's rows, by table."""
    found = {}
    for (table,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        if rows(path, f"SELECT 1 FROM pragma_table_info('{table}') WHERE name = 'guild_id'"):
            (found[table],) = rows(
                path, f"SELECT count(*) FROM {table} WHERE guild_id = {guild_id}"
            )[0]
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize("portion", [1, 7, 2000])
async def test_a_server_is_gone_after_thirty_days_and_the_others_stay(
    store, path, monkeypatch, portion
):
    monkeypatch.setattr(purging, "PORTION", portion)
    await live(store)
    answers = rows(path, "SELECT count(*) FROM answers")[0][0]
    await store.forget_member(ALICE, GUILD)
    await store.record_server_left(GUILD, NOW)
    assert await store.purge_servers(NOW + SERVERS_KEPT - HOUR) == 0
    assert of_server(path, GUILD) != {}
    before = of_server(path, OTHER_GUILD)
    assert await store.purge_servers(NOW + SERVERS_KEPT) == 1
    assert of_server(path, GUILD) == {}
    assert of_server(path, OTHER_GUILD) == before
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert 0 < rows(path, "SELECT count(*) FROM answers")[0][0] < answers
    assert await store.purge_servers(NOW + SERVERS_KEPT) == 0


async def test_a_server_that_took_the_bot_back_in_time_keeps_everything(store, path):
    await live(store)
    before = of_server(path, GUILD)
    await store.record_server_left(GUILD, NOW)
    await store.record_server(GUILD, NOW + DAY)
    assert await store.purge_servers(NOW + 99 * DAY) == 0
    assert of_server(path, GUILD) == before


async def test_who_left_and_who_came_back_unheard_is_noted(store, path):
    await live(store)
    await store.record_server_left(OTHER_GUILD, NOW)
    assert await store.note_servers([OTHER_GUILD], NOW) == 2
    assert await store.note_servers([OTHER_GUILD], NOW + DAY) == 0
    assert rows(path, "SELECT guild_id FROM servers WHERE left_at IS NOT NULL") == [(GUILD,)]
