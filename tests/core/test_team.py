"""Teams' rules, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.team import (
    CHANGE_AFTER,
    TRIED,
    Membership,
    Share,
    TeamSum,
    next_captain,
    standings,
    sums,
    waiting_text,
    waits_until,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = {n: f"Team {n}" for n in range(9)}
SHARES = st.lists(
    st.builds(
        Share,
        st.integers(1, 4),
        st.integers(1, 40),
        st.integers(0, 50),
        st.integers(0, 20),
        st.integers(1, 20),
    ),
    unique_by=lambda share: share[:2],
    max_size=40,
)


def table(shares):
    return standings(sums(shares), NAMES)


def test_the_average_ranks_and_size_does_not():
    small = [Share(1, n, 30, 3, 6) for n in (11, 12)]
    large = [Share(2, n, 20, 3, 6) for n in range(20, 40)]
    first, second = table([*large, *small])
    assert (first.name, first.rank, first.score, first.members) == ("Team 1", 1, 30, 2)
    assert (second.name, second.rank, second.score, second.members) == ("Team 2", 2, 20, 20)


def test_equal_averages_share_a_rank_and_the_next_one_is_skipped():
    shares = [
        Share(team, member, points, 1, 5)
        for team, member, points in (
            (3, 1, 10),
            (3, 2, 11),
            (1, 3, 21),
            (1, 4, 0),
            (2, 5, 1),
            (2, 6, 1),
        )
    ]
    assert [(s.team_id, s.rank) for s in table(shares)] == [(1, 1), (3, 1), (2, 3)]
    assert table(shares)[0].score == Fraction(21, 2)


def test_who_answered_too_little_did_not_take_part():
    (only,) = table([Share(1, 1, 10, 5, 5), Share(1, 2, 8, 4, 4), Share(1, 3, 6, 3, 5)])
    assert (only.rank, only.members, only.points, only.right, only.answered) == (1, 2, 16, 8, 10)


def test_one_member_is_no_team_yet_and_comes_last():
    shares = [
        Share(1, 1, 99, 9, 9),
        Share(2, 2, 1, 1, 5),
        Share(2, 3, 0, 0, 5),
        Share(3, 4, 9, 4, 4),
    ]
    assert [(s.team_id, s.rank) for s in table(shares)] == [(2, 1), (1, None)]


def test_a_match_may_ask_for_less():
    shares = [Share(1, 1, 900, 1, 1), Share(1, 2, 0, 0, 0)]
    (only,) = standings(sums(shares, answers=1), NAMES, members=1)
    assert (only.rank, only.score) == (1, 900)


@given(SHARES)
def test_better_averages_have_better_ranks(shares):
    ranked = [s for s in table(shares) if s.rank is not None]
    assert all(s.members >= 2 for s in ranked)
    for team in ranked:
        assert team.rank == 1 + sum(other.score > team.score for other in ranked)
        own = [s for s in shares if s.team_id == team.team_id and s.answered >= 5]
        assert team.score * len(own) == sum(s.points for s in own)
    rest = table(shares)[len(ranked) :]
    assert all(s.rank is None for s in rest)


@given(SHARES)
def test_members_who_did_not_take_part_change_nothing(shares):
    idle = [Share(team, 99, 50, 4, 4) for team in range(1, 5)]
    assert table([*idle, *shares]) == table(shares)


@given(SHARES, st.randoms())
def test_the_order_of_what_is_counted_does_not_matter(shares, random):
    mixed = list(shares)
    random.shuffle(mixed)
    assert table(mixed) == table(shares)


@given(SHARES)
def test_twice_as_many_of_the_same_kind_score_the_same(shares):
    doubled = [*shares, *(s._replace(member_id=s.member_id + 100) for s in shares)]
    before = {s.team_id: s.score for s in table(shares)}
    assert {s.team_id: s.score for s in table(doubled)} == before


# ------------------------------------------------------------------------- captains


def member(number, joined=NOW, *, team=1, left=None, end=None, is_captain=False):
    return Membership(number, team, 100 + number, is_captain, joined, left, end)


def test_the_longest_standing_follows():
    third, first, second = member(1, NOW + DAY), member(9, NOW - DAY), member(2)
    assert next_captain([third, first, second]) == first
    assert next_captain([member(3), member(2)]) == member(2)
    assert next_captain([]) is None


# -------------------------------------------------------------------------- waiting


@pytest.mark.parametrize(
    ("end", "stayed", "team_id", "until"),
    [
        ("left", DAY, 2, NOW + CHANGE_AFTER),
        ("left", DAY, None, NOW + CHANGE_AFTER),
        ("gone", DAY, 2, NOW + CHANGE_AFTER),
        ("left", TRIED, 2, NOW + CHANGE_AFTER),
        ("left", TRIED - timedelta(seconds=1), 2, None),
        ("left", DAY, 1, None),
        ("removed", DAY, 2, None),
        ("disbanded", DAY, 2, None),
    ],
)
def test_who_waits_for_another_team(end, stayed, team_id, until):
    past = [member(1, NOW - stayed, left=NOW, end=end)]
    found = waits_until(past, team_id, NOW + timedelta(seconds=1))
    assert found == (None if until is None else (until, 1))


def test_the_wait_ends_and_the_latest_team_decides():
    past = [
        member(1, NOW - 9 * DAY, team=1, left=NOW - 2 * DAY, end="left"),
        member(2, NOW - 2 * DAY, team=2, left=NOW, end="left"),
    ]
    assert waits_until(past, 3, NOW) == (NOW + CHANGE_AFTER, 2)
    assert waits_until(past, 2, NOW) == (NOW + CHANGE_AFTER - 2 * DAY, 1)
    assert waits_until(past, 3, NOW + CHANGE_AFTER) is None


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (CHANGE_AFTER, "7 days"),
        (timedelta(days=6, seconds=1), "7 days"),
        (DAY + timedelta(seconds=1), "2 days"),
        (DAY, "1 day"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=61), "2 hours"),
        (timedelta(seconds=1), "1 hour"),
    ],
)
def test_a_wait_is_said_in_words(left, said):
    assert f"can take you in {said}." in waiting_text(NOW + left, "Foxes", NOW)


@given(
    st.lists(
        st.builds(TeamSum, st.integers(0, 8), st.integers(1, 3), *[st.integers(0, 9)] * 3),
        unique_by=lambda s: s.team_id,
    )
)
def test_every_team_is_listed_once(found):
    assert sorted(s.team_id for s in standings(found, NAMES)) == sorted(s.team_id for s in found)
