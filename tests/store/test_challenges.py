from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time

import pytest

from bot.core.daily import Challenge
from bot.core.kept import Trouble
from bot.errors import StoreError
from tests.store.samples import CHANNEL, DAY, GUILD, MANAGER, NOW, TODAY, set_up


async def test_a_challenge_comes_back_as_it_was_saved(store):
    saved = await store.save_challenge(
        guild_id=GUILD,
        channel_id=CHANNEL,
        at=time(7, 30),
        zone="Asia/Kolkata",
        reveal_at=time(21, 15),
        topic="ai",
        since=date(2026, 12, 1),
        by=MANAGER,
        now=NOW,
    )
    expected = Challenge(
        id=saved.id,
        guild_id=GUILD,
        channel_id=CHANNEL,
        at=time(7, 30),
        zone="Asia/Kolkata",
        topic="ai",
        is_on=True,
        since=date(2026, 12, 1),
        reveal_at=time(21, 15),
    )
    assert saved == expected
    assert await store.challenge(GUILD) == expected
    assert await store.challenge_by_id(saved.id) == expected


async def test_setting_up_again_changes_the_same_challenge_and_switches_it_on(store):
    first = await set_up(store)
    await store.switch_challenge(first.id, is_on=False)
    await store.note_trouble(first.id, "The channel is gone.", NOW)
    second = await set_up(store)
    assert second == first
    assert await store.challenges() == (first,)
    assert await store.trouble(first.id) is None


async def test_only_those_that_are_on_are_listed_by_id(store):
    later = await set_up(store, GUILD + 5)
    off = await set_up(store, GUILD + 1)
    other = await set_up(store, GUILD)
    await store.switch_challenge(off.id, is_on=False)
    assert await store.challenges() == (later, other)
    assert await store.challenge(GUILD + 1) == replace(off, is_on=False)


async def test_a_server_without_a_challenge(store):
    assert await store.challenge(GUILD) is None
    assert await store.challenge_by_id(1) is None
    assert await store.trouble(1) is None
    with pytest.raises(StoreError, match="There is no challenge 1"):
        await store.switch_challenge(1, is_on=True)
    with pytest.raises(StoreError, match="There is no challenge 1"):
        await store.note_trouble(1, "x", NOW)


async def test_the_last_trouble_is_kept_until_it_is_over(store):
    challenge = await set_up(store)
    assert await store.trouble(challenge.id) is None
    await store.note_trouble(challenge.id, "No right to post.", NOW)
    await store.note_trouble(challenge.id, "The channel is gone.", NOW + DAY)
    assert await store.trouble(challenge.id) == Trouble("The channel is gone.", NOW + DAY)
    await store.note_trouble(challenge.id, None, NOW + DAY)
    assert await store.trouble(challenge.id) is None


async def test_a_time_with_a_zone_is_refused(store):
    with pytest.raises(ValueError, match="naive"):
        await store.save_challenge(
            guild_id=GUILD,
            channel_id=CHANNEL,
            at=time(9, tzinfo=UTC),
            zone="UTC",
            reveal_at=None,
            topic=None,
            since=TODAY,
            by=MANAGER,
            now=NOW,
        )
