"""Teams in the store: who may what, what counts for whom, and what is left of whom."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from random import Random

import pytest

from bot.core.team import (
    CHANGE_AFTER,
    INVITATIONS_MOST,
    INVITED_A_DAY,
    MEMBERS_MOST,
    REQUEST_LASTS,
    REQUESTS_MOST,
    TRIED,
    Share,
    TeamStanding,
    standings,
    sums,
)
from bot.core.team_name import team_name
from bot.errors import UserError
from bot.store import teams
from bot.store.team_boards import _shares
from tests.store.samples import (
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    duel,
    open_post,
    rows,
    start,
    team,
)

ADA, BEN, CHI, DAN = 1, 2, 3, 4
MONTH = (date(2026, 11, 1), date(2026, 11, 30))


async def answer(store, member_id, count=5, *, at=NOW, day=TODAY, right=True, guild_id=GUILD):
    """Answer quiz questions of a day, each 2 points when right."""
    names = [f"{day}-{at}-{number}" for number in range(count)]
    round_ = await start(store, member_id, names, guild_id=guild_id, day=day)
    for post in round_.posts:
        place = KEY if right else 0
        await store.record_answer(post.id, member_id=member_id, place=place, at=at)


async def members(store, found):
    return [(m.member_id, m.is_captain) for m in await store.team_members(found.id)]


# ------------------------------------------------------------------- who may do what


async def test_one_team_a_server_and_another_in_another_server(store):
    await team(store, ADA, guild_id=GUILD)
    with pytest.raises(UserError, match=r"You are in Foxes\. A member has one team"):
        await team(store, ADA, name="Owls")
    await team(store, ADA, guild_id=GUILD + 1)


async def test_a_name_is_taken_by_its_look_in_one_server_while_the_team_lasts(store):
    await team(store, ADA, name="Cloud 9")
    with pytest.raises(UserError, match="looks like Cloud 9, which is taken"):
        await team(store, BEN, name="CLOUD-9")
    await team(store, BEN, name="CLOUD-9", guild_id=GUILD + 1)
    await store.leave_team(GUILD, ADA, NOW + HOUR)
    await team(store, CHI, name="cloud 9")


async def test_a_team_may_change_the_spelling_of_its_own_name(store):
    found = await team(store, ADA, name="Cloud 9")
    renamed = await store.rename_team(
        GUILD, found.id, team_name("CLOUD 9"), by=ADA, is_manager=False
    )
    assert renamed.name == "CLOUD 9"


async def test_teams_a_server_are_limited(store, monkeypatch):
    monkeypatch.setattr(teams, "TEAMS_MOST", 2)
    await team(store, ADA, name="Foxes")
    await team(store, BEN, name="Owls")
    with pytest.raises(UserError, match="has 2 teams already"):
        await team(store, CHI, name="Bears")


async def test_a_team_is_full(store):
    found = await team(store, *range(1, MEMBERS_MOST + 1))
    assert found.size == MEMBERS_MOST
    with pytest.raises(UserError, match="Foxes is full: a team has at most 25 members"):
        await store.join_team(GUILD, 99, found.id, NOW)
    assert found not in await store.teams_with_room(GUILD, 5)


async def test_a_request_is_answered_once_and_goes_with_any_joining(store):
    foxes = await team(store, ADA, is_open=False)
    owls = await team(store, BEN, name="Owls", is_open=False)
    for found in (foxes, owls):
        assert (await store.join_team(GUILD, CHI, found.id, NOW))[1] is False
    with pytest.raises(UserError, match="You have asked Foxes already"):
        await store.join_team(GUILD, CHI, foxes.id, NOW + HOUR)
    by = {"by": BEN, "is_manager": False, "at": NOW + HOUR}
    with pytest.raises(UserError, match="Only the team's captain"):
        await store.accept_request(GUILD, foxes.id, CHI, **by)
    taken_in = await store.accept_request(GUILD, owls.id, CHI, **by)
    assert taken_in.size == 2
    by["by"] = ADA
    for answered in (store.accept_request, store.decline_request):
        with pytest.raises(UserError, match="That request is gone"):
            await answered(GUILD, foxes.id, CHI, **by)


async def test_a_full_team_takes_nobody_in_by_request_either(store):
    found = await team(store, ADA, *range(50, 50 + MEMBERS_MOST - 2))
    await store.set_team_entry(GUILD, found.id, is_open=False, by=ADA, is_manager=False)
    by = {"by": ADA, "is_manager": False, "at": NOW}
    for member_id in (BEN, CHI):
        await store.join_team(GUILD, member_id, found.id, NOW)
    await store.accept_request(GUILD, found.id, BEN, **by)
    with pytest.raises(UserError, match="is full"):
        await store.accept_request(GUILD, found.id, CHI, **by)
    assert [r.member_id for r in await store.team_requests(found.id, NOW)] == [CHI]


async def test_requests_end_by_themselves_and_are_limited(store, path):
    found = await team(store, ADA, is_open=False)
    for member_id in range(10, 10 + REQUESTS_MOST):
        await store.join_team(GUILD, member_id, found.id, NOW)
    with pytest.raises(UserError, match="10 members wait for Foxes already"):
        await store.join_team(GUILD, BEN, found.id, NOW)
    over = NOW + REQUEST_LASTS
    assert await store.team_requests(found.id, over) == ()
    with pytest.raises(UserError, match="That request is gone"):
        await store.accept_request(GUILD, found.id, 10, by=ADA, is_manager=False, at=over)
    await store.join_team(GUILD, 10, found.id, over)
    assert len(await store.team_requests(found.id, over)) == 1
    await store.purge(over)
    assert rows(path, "SELECT member_id FROM team_requests") == [(10,)]


async def test_an_invitation_opens_a_team_to_the_one_it_names_for_a_while(store):
    found = await team(store, ADA, BEN)
    by = {"by": ADA, "is_manager": False}
    await store.set_team_entry(GUILD, found.id, is_open=False, **by)
    with pytest.raises(UserError, match="Only the team's captain"):
        await store.invite_to_team(GUILD, CHI, by=BEN, is_manager=False, at=NOW)
    with pytest.raises(UserError, match="They are in Foxes already"):
        await store.invite_to_team(GUILD, BEN, **by, at=NOW)
    for member_id in (CHI, DAN):
        await store.invite_to_team(GUILD, member_id, **by, at=NOW)
    with pytest.raises(UserError, match="Foxes has invited them already"):
        await store.invite_to_team(GUILD, CHI, **by, at=NOW + HOUR)
    assert await store.team_requests(found.id, NOW) == ()
    with pytest.raises(UserError, match="That request is gone"):
        await store.accept_request(GUILD, found.id, CHI, **by, at=NOW)
    assert (await store.join_team(GUILD, CHI, found.id, NOW + HOUR))[1] is True
    assert (await store.join_team(GUILD, DAN, found.id, NOW + REQUEST_LASTS))[1] is False
    with pytest.raises(UserError, match="They ask to join already"):
        await store.invite_to_team(GUILD, DAN, **by, at=NOW + REQUEST_LASTS)


async def test_a_refused_invitation_is_not_repeated_and_lets_the_member_ask(store):
    found = await team(store, ADA, is_open=False)
    by = {"by": ADA, "is_manager": False, "at": NOW}
    await store.invite_to_team(GUILD, BEN, **by)
    await store.refuse_invitation(found.id, BEN, NOW)
    for member_id in (BEN, CHI):
        with pytest.raises(UserError, match="not yours, or it is over"):
            await store.refuse_invitation(found.id, member_id, NOW)
    with pytest.raises(UserError, match="Foxes has invited them already"):
        await store.invite_to_team(GUILD, BEN, **by)
    assert (await store.join_team(GUILD, BEN, found.id, NOW))[1] is False
    assert [r.member_id for r in await store.team_requests(found.id, NOW)] == [BEN]


async def test_invitations_that_wait_are_limited_and_a_full_team_sends_none(store):
    await team(store, ADA)
    by = {"by": ADA, "is_manager": False, "at": NOW}
    for member_id in range(10, 10 + INVITATIONS_MOST):
        await store.invite_to_team(GUILD, member_id, **by)
    with pytest.raises(UserError, match="10 invitations of Foxes were not accepted yet"):
        await store.invite_to_team(GUILD, BEN, **by)
    await team(store, CHI, *range(50, 50 + MEMBERS_MOST - 1), name="Owls")
    with pytest.raises(UserError, match="Owls is full"):
        await store.invite_to_team(GUILD, BEN, by=CHI, is_manager=False, at=NOW)
    with pytest.raises(UserError, match="You are in no team"):
        await store.invite_to_team(GUILD, BEN, by=DAN, is_manager=True, at=NOW)


async def test_one_team_after_the_other_pings_nobody_again_and_again(store):
    by = {"by": ADA, "is_manager": False}
    for _ in range(INVITED_A_DAY):
        await team(store, ADA)
        await store.invite_to_team(GUILD, BEN, **by, at=NOW)
        await store.leave_team(GUILD, ADA, NOW)
    last = await team(store, ADA)
    with pytest.raises(UserError, match="They were invited 3 times within a day"):
        await store.invite_to_team(GUILD, BEN, **by, at=NOW + HOUR)
    await store.invite_to_team(GUILD, BEN, **by, at=NOW + 24 * HOUR)
    assert (await store.join_team(GUILD, BEN, last.id, NOW + 24 * HOUR))[1] is True


async def test_a_wait_is_for_other_teams_and_ends(store):
    foxes = await team(store, ADA, BEN)
    owls = await team(store, CHI, name="Owls")
    left = NOW + TRIED
    await store.leave_team(GUILD, BEN, left)
    with pytest.raises(UserError, match="You left Foxes: another team can take you in 7 days"):
        await store.join_team(GUILD, BEN, owls.id, left)
    await store.join_team(GUILD, BEN, foxes.id, left)
    await store.leave_team(GUILD, BEN, left)
    await store.join_team(GUILD, BEN, owls.id, left + CHANGE_AFTER)


async def test_nobody_waits_after_being_put_out_or_disbanded(store):
    foxes = await team(store, ADA, BEN)
    owls = await team(store, CHI, name="Owls")
    later = NOW + DAY
    await store.remove_from_team(GUILD, BEN, by=ADA, is_manager=False, at=later)
    await store.join_team(GUILD, BEN, owls.id, later)
    await store.disband_team(GUILD, foxes.id, later)
    await store.join_team(GUILD, ADA, owls.id, later)
    assert await members(store, owls) == [(CHI, True), (BEN, False), (ADA, False)]


async def test_captains_put_out_only_their_own_and_managers_anybody(store):
    foxes = await team(store, ADA, BEN)
    await team(store, CHI, DAN, name="Owls")
    with pytest.raises(UserError, match="They are not in your team"):
        await store.remove_from_team(GUILD, DAN, by=ADA, is_manager=False, at=NOW)
    with pytest.raises(UserError, match="Only the team's captain"):
        await store.remove_from_team(GUILD, ADA, by=BEN, is_manager=False, at=NOW)
    with pytest.raises(UserError, match="use `/team leave`"):
        await store.remove_from_team(GUILD, ADA, by=ADA, is_manager=False, at=NOW)
    with pytest.raises(UserError, match="They are in no team here"):
        await store.remove_from_team(GUILD, 99, by=77, is_manager=True, at=NOW)
    gone = await store.remove_from_team(GUILD, ADA, by=77, is_manager=True, at=NOW)
    assert (gone.captain_id, gone.has_ended) == (BEN, False)
    gone = await store.remove_from_team(GUILD, BEN, by=77, is_manager=True, at=NOW)
    assert gone.has_ended
    assert (await store.team(GUILD, foxes.id)).state == "ended"


async def test_the_lead_goes_to_a_member_of_the_team_and_nobody_else(store):
    found = await team(store, ADA, BEN)
    await team(store, CHI, name="Owls")
    for member_id, by, is_manager, said in (
        (BEN, BEN, False, "Only the team's captain"),
        (CHI, ADA, False, "They are not in your team"),
        (99, 77, True, "They are in no team here"),
        (ADA, ADA, False, "They are the captain already"),
    ):
        with pytest.raises(UserError, match=said):
            await store.set_captain(GUILD, member_id, by=by, is_manager=is_manager)
    await store.set_captain(GUILD, BEN, by=ADA, is_manager=False)
    assert await members(store, found) == [(ADA, False), (BEN, True)]
    await store.set_captain(GUILD, ADA, by=77, is_manager=True)
    assert await members(store, found) == [(ADA, True), (BEN, False)]


async def test_a_managers_name_stays_and_a_manager_who_leads_names_like_a_captain(store):
    found = await team(store, ADA)

    async def rename(name, by, is_manager):
        return await store.rename_team(
            GUILD, found.id, team_name(name), by=by, is_manager=is_manager
        )

    assert not (await rename("Owls", ADA, True)).is_name_fixed
    assert (await rename("Bears", 77, True)).is_name_fixed
    with pytest.raises(UserError, match="a manager changes it"):
        await rename("Owls", ADA, False)
    assert (await rename("Owls", ADA, True)).is_name_fixed


async def test_another_servers_team_is_out_of_reach(store):
    found = await team(store, ADA)
    await team(store, BEN, guild_id=GUILD + 1)
    there = {"by": BEN, "is_manager": True}
    for refused in (
        store.join_team(GUILD + 1, CHI, found.id, NOW),
        store.set_team_entry(GUILD + 1, found.id, is_open=False, **there),
        store.rename_team(GUILD + 1, found.id, team_name("Mine"), **there),
        store.disband_team(GUILD + 1, found.id, NOW),
    ):
        with pytest.raises(UserError, match="There is no such team here"):
            await refused
    assert await store.team(GUILD + 1, found.id) is None
    with pytest.raises(UserError, match="They are in no team here"):
        await store.remove_from_team(GUILD + 1, ADA, at=NOW, **there)


async def test_who_left_the_server_is_in_no_team_and_waits_for_none(store):
    found = await team(store, ADA, BEN)
    other = await team(store, CHI, name="Owls", is_open=False)
    await store.join_team(GUILD, DAN, other.id, NOW)
    await store.note_left(GUILD, ADA, NOW + DAY)
    await store.note_left(GUILD, DAN, NOW + DAY)
    assert await members(store, found) == [(BEN, True)]
    assert await store.team_requests(other.id, NOW) == ()
    await store.hide(GUILD, BEN, NOW + DAY)
    assert await members(store, found) == [(BEN, True)]
    await store.record_name(GUILD, ADA, "Ada", NOW + 2 * DAY)  # back again
    with pytest.raises(UserError, match="You left Foxes"):
        await store.join_team(GUILD, ADA, other.id, NOW + 2 * DAY)
    await store.join_team(GUILD, ADA, found.id, NOW + 2 * DAY)
    assert await members(store, found) == [(BEN, True), (ADA, False)]


async def test_a_clock_that_goes_back_is_survived(store):
    await team(store, ADA, at=NOW)
    await store.leave_team(GUILD, ADA, NOW - HOUR)
    await team(store, ADA, at=NOW)
    await store.disband_team(GUILD, 2, NOW - HOUR)


# ------------------------------------------------------------------------ what counts


async def test_what_was_earned_before_joining_does_not_come_along(store):
    await answer(store, ADA, at=NOW - HOUR)
    found = await team(store, ADA, BEN)
    await answer(store, ADA, 3)
    assert await store.team_shares(GUILD, found.id, None, None) == (Share(found.id, ADA, 6, 3, 3),)


async def test_a_challenge_counts_for_the_team_in_which_it_was_answered(store):
    """Whenever it is revealed: Ada answers before she joins, Ben leaves before the reveal."""
    post = await open_post(store)
    await store.record_answer(post.id, member_id=ADA, place=KEY, at=NOW)
    foxes = await team(store, BEN, CHI, at=NOW + HOUR)
    await store.join_team(GUILD, ADA, foxes.id, NOW + HOUR)
    await store.record_answer(post.id, member_id=BEN, place=KEY, at=NOW + 2 * HOUR)
    await store.leave_team(GUILD, BEN, NOW + 3 * HOUR)
    await store.close_post(post.id, at=NOW + 4 * HOUR, worth=10)
    assert await store.team_shares(GUILD, foxes.id, *MONTH) == (Share(foxes.id, BEN, 10, 1, 1),)


async def test_an_answer_at_the_moment_of_leaving_is_for_the_next_team(store):
    foxes = await team(store, ADA, BEN)
    await store.remove_from_team(GUILD, BEN, by=ADA, is_manager=False, at=NOW + HOUR)
    owls = await team(store, CHI, BEN, name="Owls", at=NOW + HOUR)
    await answer(store, BEN, 2, at=NOW + HOUR)
    assert await store.team_shares(GUILD, foxes.id, None, None) == ()
    assert await store.team_shares(GUILD, owls.id, None, None) == (Share(owls.id, BEN, 4, 2, 2),)


async def test_what_was_earned_stays_when_its_member_is_put_out(store):
    found = await team(store, ADA, BEN)
    await answer(store, ADA)
    await answer(store, BEN, right=False)
    before = await store.team_standings(GUILD, None, None)
    assert before == (TeamStanding(found.id, "Foxes", 1, 2, 10, 5, 10),)
    await store.remove_from_team(GUILD, BEN, by=ADA, is_manager=False, at=NOW + HOUR)
    await answer(store, BEN, at=NOW + 2 * HOUR)
    assert await store.team_standings(GUILD, None, None) == before


async def test_hidden_members_count(store):
    found = await team(store, ADA, BEN)
    await store.hide(GUILD, BEN, NOW)
    await answer(store, ADA)
    await answer(store, BEN)
    assert await store.team_standings(GUILD, *MONTH) == (
        TeamStanding(found.id, "Foxes", 1, 2, 20, 10, 10),
    )


async def test_teams_that_ended_keep_their_results_and_a_disbanded_one_loses_its_name(store):
    foxes = await team(store, ADA, BEN)
    owls = await team(store, CHI, DAN, name="Owls")
    for member_id in (ADA, BEN, CHI, DAN):
        await answer(store, member_id, right=member_id != DAN)
    for member_id in (ADA, BEN):
        await store.leave_team(GUILD, member_id, NOW + HOUR)
    await store.disband_team(GUILD, owls.id, NOW + HOUR)
    found = await store.team_standings(GUILD, None, None)
    assert [(s.team_id, s.name, s.rank) for s in found] == [
        (foxes.id, "Foxes (ended)", 1),
        (owls.id, "a disbanded team", 2),
    ]


async def test_other_servers_points_stay_there(store):
    found = await team(store, ADA, BEN)
    await answer(store, ADA, guild_id=GUILD + 1)
    await answer(store, BEN, guild_id=None)
    assert await store.team_shares(GUILD, found.id, None, None) == ()
    assert await store.team_standings(GUILD + 1, None, None) == ()


async def test_any_range_is_what_the_ledger_says(store, path):
    """Sums by month, day and all time against a count of the answers themselves."""
    chance = Random(6)
    made = [
        await team(store, 10 * n, *range(10 * n + 1, 10 * n + 5), name=f"T{n}", at=NOW - 200 * DAY)
        for n in (1, 2, 3)
    ]
    days = sorted(chance.sample(range(120), 25))
    for ago in days:
        for found in made:
            for member_id in chance.sample(range(10 * found.id, 10 * found.id + 5), 2):
                await answer(
                    store,
                    member_id,
                    chance.randint(1, 6),
                    at=NOW - ago * DAY,
                    day=TODAY - ago * DAY,
                    right=chance.random() < 0.6,
                )
    ledger = rows(
        path,
        "SELECT memberships.team_id, awards.member_id, points, is_correct, study_date FROM awards"
        " JOIN memberships ON memberships.member_id = awards.member_id",
    )
    names = {found.id: found.name for found in made}
    bounds = [None, *(TODAY - n * DAY for n in (0, 1, 23, 24, 40, 54, 55, 85, 119, 130))]
    compared = 0
    for since in bounds:
        for until in bounds:
            by: dict[tuple[int, int], list[int]] = {}
            for team_id, member_id, points, is_correct, day in ledger:
                if (since is None or str(since) <= day) and (until is None or day <= str(until)):
                    share = by.setdefault((team_id, member_id), [0, 0, 0])
                    for place, value in enumerate((points, is_correct, 1)):
                        share[place] += value
            shares = [Share(*key, *values) for key, values in by.items()]
            assert await store.team_standings(GUILD, since, until) == standings(sums(shares), names)
            for team_id in names:
                found = await store.team_shares(GUILD, team_id, since, until)
                assert sorted(found) == sorted(s for s in shares if s.team_id == team_id)
            compared += bool(shares)
    assert compared > 50


async def test_a_contests_answers_count(store):
    found = await team(store, ADA, BEN)
    await duel(store, ADA, CHI, right=(2, 0), at=NOW + HOUR)
    assert await store.team_shares(GUILD, found.id, None, None) == (Share(found.id, ADA, 4, 2, 2),)


# ---------------------------------------------------------------------- what is left


async def test_a_forgotten_captain_leaves_nothing_and_is_followed(store, path):
    found = await team(store, ADA, BEN)
    await answer(store, ADA)
    await answer(store, BEN)
    await store.forget_member(ADA, GUILD)
    assert await members(store, found) == [(BEN, True)]
    assert await store.team_shares(GUILD, found.id, None, None) == (Share(found.id, BEN, 10, 5, 5),)
    await store.forget_member(BEN, None)
    assert (await store.team(GUILD, found.id)).state == "ended"
    assert rows(path, "SELECT 1 FROM memberships UNION SELECT 1 FROM team_totals") == []


async def test_forgetting_in_one_server_leaves_the_team_of_another(store):
    await team(store, ADA)
    other = await team(store, ADA, guild_id=GUILD + 1)
    await store.forget_member(ADA, GUILD)
    assert await store.team_of(GUILD, ADA) is None
    assert await store.team_of(GUILD + 1, ADA) == other


async def test_the_board_reads_the_sums_by_their_key(store, path):
    """A scan of all servers' sums would be slow, and nobody would notice here."""
    await store.zone(GUILD)
    with closing(sqlite3.connect(path)) as connection:
        for since, until in ((None, None), (TODAY, TODAY), (date(2026, 9, 5), TODAY)):
            sql, values = _shares(GUILD, since, until)
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            reads = [step for step in plan if "team_totals" in step]
            assert reads
            assert all("USING PRIMARY KEY (guild_id=? AND kind=?" in step for step in reads), plan
