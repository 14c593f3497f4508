"""For which team a contestant plays."""

from __future__ import annotations

from bot.core.contest import Result
from bot.core.match import MatchSettings
from bot.core.team_match import MatchTeam
from bot.store.purging import SERVERS_KEPT
from tests.store.samples import CHANNEL, GUILD, HOUR, NOW, TODAY, lobby, rows, team
from tests.store.test_purging import of_server

ADA, BEN, CHI, DAN = 1, 2, 3, 4


async def playing(store, match) -> dict[int, str]:
    """Return the teams' names by member."""
    teams = await store.match_teams(match.id)
    contest = await store.contest(match.id)
    return {one.member_id: teams[one.id].name for one in contest.contestants if one.id in teams}


async def test_the_team_is_that_of_the_moment_of_joining(store):
    foxes = await team(store, ADA, BEN)
    match = await lobby(store, ADA)
    later = NOW + HOUR
    for member_id in (BEN, CHI, DAN):
        await store.join_match(match.id, member_id, later, most=9)
    await store.join_team(GUILD, CHI, foxes.id, later + HOUR)
    await store.remove_from_team(GUILD, BEN, by=ADA, is_manager=False, at=later + HOUR)
    assert await playing(store, match) == {ADA: "Foxes", BEN: "Foxes"}
    for member_id in (BEN, CHI):
        assert await store.leave_contest(match.id, member_id, later + 2 * HOUR)
        assert await store.join_match(match.id, member_id, later + 3 * HOUR, most=9)
    assert await playing(store, match) == {ADA: "Foxes", BEN: "Foxes"}


async def test_a_match_that_is_not_for_teams_keeps_none(store):
    await team(store, ADA)
    match = await store.make_match(
        guild_id=GUILD,
        channel_id=CHANNEL,
        host_id=ADA,
        settings=MatchSettings(),
        study_date=TODAY,
        now=NOW,
        until=NOW + HOUR,
    )
    assert await store.match_teams(match.id) == {}


async def test_a_team_of_another_server_does_not_play(store):
    await team(store, ADA, guild_id=GUILD + 1)
    match = await lobby(store, ADA)
    assert await store.match_teams(match.id) == {}


async def test_a_teams_result_stays_when_a_member_is_forgotten(store):
    foxes = await team(store, ADA, BEN)
    match = await lobby(store, ADA)
    await store.join_match(match.id, BEN, NOW, most=9)
    contest = await store.contest(match.id)
    first, second = contest.contestants
    results = {first.id: Result(1, 900, 1, 1), second.id: Result(2, 500, 1, 1)}
    await store.finish_contest(match.id, results, NOW)
    await store.forget_member(ADA, None)
    contest = await store.contest(match.id)
    assert [one.member_id for one in contest.contestants] == [None, BEN]
    assert await store.match_teams(match.id) == {
        first.id: MatchTeam(foxes.id, "Foxes"),
        second.id: MatchTeam(foxes.id, "Foxes"),
    }


async def test_a_team_that_ended_or_was_disbanded_is_called_so(store):
    foxes = await team(store, ADA)
    await team(store, BEN, name="Owls")
    match = await lobby(store, ADA)
    await store.join_match(match.id, BEN, NOW, most=9)
    await store.disband_team(GUILD, foxes.id, NOW)
    await store.leave_team(GUILD, BEN, NOW)
    assert await playing(store, match) == {ADA: "a disbanded team", BEN: "Owls (ended)"}


async def test_it_goes_with_its_server(store, path):
    for guild_id in (GUILD, GUILD + 1):
        await team(store, ADA, guild_id=guild_id)
        await lobby(store, ADA, guild_id=guild_id, channel_id=guild_id + 5)
    await store.record_server_left(GUILD, NOW)
    assert await store.purge_servers(NOW + SERVERS_KEPT) == 1
    assert of_server(path, GUILD) == {}
    assert rows(path, "SELECT guild_id FROM contestant_teams") == [(GUILD + 1,)]
    assert rows(path, "PRAGMA foreign_key_check") == []
