from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest

from bot.core.daily import Challenge
from bot.core.kept import Trouble
from bot.errors import StoreError, UserError
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
    assert second == replace(first, version=2)
    assert await store.challenges() == (second,)
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
    assert await store.trouble(challenge.id) == Trouble(
        "The channel is gone.", NOW + DAY, since=NOW, set_by=MANAGER
    )
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


SETTINGS = {
    "at": time(9),
    "zone": "Europe/Zurich",
    "reveal_at": None,
    "topic": None,
    "since": TODAY,
    "by": MANAGER,
    "now": NOW,
}


async def test_every_setting_comes_back(store):
    saved = await store.save_challenge(
        guild_id=GUILD,
        channel_id=CHANNEL,
        exam="CLF-C02",
        role_id=55,
        has_thread=True,
        has_winners=False,
        days=frozenset({1, 3, 7}),
        catch_up=timedelta(hours=3),
        **SETTINGS,
    )
    assert (saved.exam, saved.role_id, saved.has_thread) == ("CLF-C02", 55, True)
    assert (saved.days, saved.catch_up) == (frozenset({1, 3, 7}), timedelta(hours=3))
    assert not saved.has_winners
    assert (saved.version, saved.is_paused, saved.accounted_on) == (1, False, None)
    assert await store.challenge_by_id(saved.id) == saved


async def test_a_server_has_one_challenge_a_channel_and_one_zone(store):
    first = await set_up(store)
    second = await store.save_challenge(
        guild_id=GUILD, channel_id=CHANNEL + 1, **{**SETTINGS, "zone": "Asia/Kolkata"}
    )
    assert second.id != first.id
    moved = replace(first, zone="Asia/Kolkata", version=2)
    assert await store.challenges_of(GUILD) == (moved, second)
    assert await store.zone(GUILD) == "Asia/Kolkata"
    third = await store.save_challenge(
        guild_id=GUILD,
        channel_id=CHANNEL + 2,
        challenge_id=first.id,
        **{**SETTINGS, "zone": "Asia/Kolkata"},
    )
    assert third == replace(moved, channel_id=CHANNEL + 2, version=3)


async def test_of_two_managers_the_second_hears_of_the_first(store):
    looked_at = await set_up(store)
    await set_up(store)
    with pytest.raises(UserError, match="Somebody else changed this challenge"):
        await store.save_challenge(
            guild_id=GUILD,
            channel_id=CHANNEL + 1,
            challenge_id=looked_at.id,
            version=looked_at.version,
            **SETTINGS,
        )
    assert (await store.challenge(GUILD)).channel_id == CHANNEL
    with pytest.raises(UserError, match="Somebody else"):  # there was none when they looked
        await store.save_challenge(guild_id=GUILD, channel_id=CHANNEL, version=0, **SETTINGS)
    saved = await store.save_challenge(
        guild_id=GUILD, channel_id=CHANNEL, challenge_id=looked_at.id, version=2, **SETTINGS
    )
    assert saved.version == 3


async def test_another_servers_challenge_cannot_be_changed(store):
    theirs = await set_up(store, GUILD + 1)
    with pytest.raises(UserError, match="not one of this server's"):
        await store.save_challenge(
            guild_id=GUILD, channel_id=CHANNEL, challenge_id=theirs.id, **SETTINGS
        )


async def test_a_pause_survives_a_change_of_the_settings(store):
    challenge = await set_up(store)
    await store.pause_challenge(challenge.id, is_paused=True)
    assert (await set_up(store)).is_paused
    await store.restart_challenge(challenge.id, since=TODAY + DAY)
    again = await store.challenge(GUILD)
    assert (again.is_paused, again.is_on, again.since) == (False, True, TODAY + DAY)


async def test_managers_are_told_of_a_trouble_once(store):
    challenge = await set_up(store)
    assert not await store.claim_word(challenge.id, NOW)
    await store.note_trouble(challenge.id, "The channel is gone.", NOW)
    told = await asyncio.gather(*(store.claim_word(challenge.id, NOW) for _ in range(5)))
    assert told.count(True) == 1
    await store.note_trouble(challenge.id, "Still gone.", NOW + DAY)
    assert not await store.claim_word(challenge.id, NOW + DAY)
    await store.note_trouble(challenge.id, None, NOW + DAY)
    await store.note_trouble(challenge.id, "Gone again.", NOW + 2 * DAY)
    assert await store.claim_word(challenge.id, NOW + 2 * DAY)


async def test_a_draft_comes_back_until_it_is_dropped_or_a_day_old(store):
    challenge = replace(await set_up(store), topic="ai", days=frozenset({1}), role_id=5)
    draft_id = await store.save_draft(challenge, NOW)
    assert await store.draft(draft_id, GUILD) == challenge
    assert await store.draft(draft_id, GUILD + 1) is None
    await store.drop_draft(draft_id)
    await store.drop_draft(draft_id)
    assert await store.draft(draft_id, GUILD) is None
    draft_id = await store.save_draft(replace(challenge, has_winners=False), NOW)
    assert (await store.draft(draft_id, GUILD)).has_winners is False
    old = await store.save_draft(challenge, NOW)
    newer = await store.save_draft(challenge, NOW + 2 * DAY)
    assert newer > old
    assert await store.draft(old, GUILD) is None
