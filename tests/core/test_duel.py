from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contest import Contest, Contestant, Result
from bot.core.duel import (
    Duel,
    Meeting,
    Played,
    Tally,
    by_opponent,
    decided_by,
    results,
    tally,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONTEST = Contest(
    id=3,
    kind="duel",
    guild_id=9,
    study_date=date(2026, 11, 24),
    made_at=NOW,
    finished_at=None,
    is_cancelled=False,
    contestants=(Contestant(1, 10, NOW), Contestant(2, 20, NOW)),
)


def duel(**changes) -> Duel:
    fields = {
        "id": 1,
        "guild_id": 9,
        "channel_id": 8,
        "challenger_id": 10,
        "opponent_id": 20,
        "topic": None,
        "nonce": "n",
        "made_at": NOW,
        "expires_at": NOW + HOUR,
    }
    return Duel(**{**fields, **changes})


@pytest.mark.parametrize(
    ("one", "two", "ranks", "decision"),
    [
        (Played(4, 5, 90_000), Played(3, 5, 10_000), (1, 2), "answers"),
        (Played(4, 5, 90_000), Played(4, 5, 80_000), (2, 1), "time"),
        (Played(4, 5, 90_000), Played(4, 5, 89_999), (2, 1), "time"),
        (Played(4, 5, 90_000), Played(4, 5, 90_000), (1, 1), "draw"),
        (Played(3, 4, 10_000), Played(3, 5, 90_000), (2, 1), "completeness"),
        (Played(3, 3, 10_000), Played(2, 5, 90_000), (1, 2), "answers"),
        (Played(3, 3, 10_000), Played(3, 3, 9_000), (2, 1), "time"),
        (Played(0, 1, 10_000), Played(), (1, 2), "default"),
        (Played(), Played(5, 5, 10_000), (2, 1), "default"),
    ],
)
def test_right_answers_then_answers_then_time_decide(one, two, ranks, decision):
    found = results({1: one, 2: two})
    assert (found[1].rank, found[2].rank) == ranks
    assert decided_by(found[1], found[2]) == decided_by(found[2], found[1]) == decision
    assert (found[1].right, found[1].answered, found[1].took_ms) == (
        one.right,
        one.answered,
        one.took_ms,
    )


def test_when_nobody_answered_there_is_no_result():
    assert results({1: Played(), 2: Played()}) == {}


played = st.integers(0, 5).flatmap(
    lambda answered: st.builds(
        Played,
        right=st.integers(0, answered),
        answered=st.just(answered),
        took_ms=st.integers(0, 10**8) if answered else st.just(0),
    )
)


@given(played, played)
def test_a_result_does_not_depend_on_who_is_named_first(one, two):
    there, back = results({1: one, 2: two}), results({2: two, 1: one})
    assert there == back
    if there:
        ranks = sorted(result.rank for result in there.values())
        assert ranks == ([1, 1] if one == two else [1, 2])


@given(played, played)
def test_one_more_right_answer_never_makes_it_worse(one, two):
    better = Played(one.right + 1, max(one.answered, one.right + 1), one.took_ms)
    before, after = results({1: one, 2: two}), results({1: better, 2: two})
    if before:
        assert after[1].rank <= before[1].rank


def test_an_invitation_is_over_at_its_end_and_a_running_duel_at_its_own():
    invited = duel()
    assert (invited.is_invitation, invited.is_running) == (True, False)
    assert not invited.is_over(NOW + HOUR - timedelta(microseconds=1))
    assert invited.is_over(NOW + HOUR)
    running = duel(contest=CONTEST, deadline=NOW + 24 * HOUR)
    assert (running.is_invitation, running.is_running) == (False, True)
    assert not running.is_over(NOW + 23 * HOUR)
    assert running.is_over(NOW + 24 * HOUR)


def test_a_duel_that_a_forgotten_member_was_in_is_over():
    assert duel(opponent_id=None).is_over(NOW)
    assert duel(contest=CONTEST, deadline=NOW + HOUR, challenger_id=None).is_over(NOW)


def test_one_that_ended_is_neither_open_nor_running():
    ended = duel(ended_at=NOW, ending="declined")
    assert (ended.is_invitation, ended.is_running, ended.is_over(NOW)) == (False, False, True)


def test_who_is_in_it_and_against_whom():
    assert duel().is_of(10)
    assert duel().is_of(20)
    assert not duel().is_of(30)
    assert (duel().other(10), duel().other(20)) == (20, 10)
    assert duel(opponent_id=None).other(10) is None


def meeting(own: int, other: int, opponent: int | None = 20) -> Meeting:
    ranks = (1, 1) if own == other else (1, 2) if own > other else (2, 1)
    return Meeting(
        date(2026, 11, 24),
        Result(ranks[0], own, own, 5, took_ms=1),
        Result(ranks[1], other, other, 5, took_ms=1),
        opponent,
    )


def test_duels_are_counted_as_won_drawn_and_lost():
    assert tally([meeting(3, 2), meeting(2, 2), meeting(1, 2), meeting(0, 2)]) == Tally(1, 1, 2)
    assert tally([]).played == 0


def test_opponents_come_by_how_often_they_were_met_and_former_members_last():
    meetings = [
        meeting(3, 2, None),
        meeting(3, 2, None),
        meeting(3, 2, None),
        meeting(3, 2, 30),
        meeting(1, 2, 40),
        meeting(1, 2, 40),
        meeting(1, 1, 20),
    ]
    assert by_opponent(meetings) == (
        (40, Tally(0, 0, 2)),
        (20, Tally(0, 1, 0)),
        (30, Tally(1, 0, 0)),
        (None, Tally(3, 0, 0)),
    )
