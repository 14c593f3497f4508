"""Cards of teams: what they say, and that they fit Discord's limits at their fullest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.season import Season
from bot.core.team import (
    INVITATIONS_MOST,
    MEMBERS_MOST,
    REQUESTS_MOST,
    JoinRequest,
    Membership,
    Share,
    Team,
    TeamStanding,
)
from bot.ui.teams import (
    TEAM_PERIODS,
    TEAMS_OFFERED,
    TeamView,
    average_text,
    founded_card,
    leave_card,
    no_team_card,
    place_text,
    team_board_card,
    team_card,
)
from tests.ui.rendering import overruns, pressable, said

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HUGE = 2**63 - 1
TEAM = Team(1, 900, "Foxes", True, False, NOW, 2)
WIDEST = replace(TEAM, id=HUGE, name="W" * 32, size=MEMBERS_MOST)
SEASON = Season(1, 900, "S" * 50, date(2026, 11, 1), date(2026, 11, 28), 5, None)


def standing(number: int, *, rank: int | None = None, points: int = 40) -> TeamStanding:
    return TeamStanding(number, f"Team {number}", rank or number, 2, points, 8, 12)


def view(**changes) -> TeamView:
    members = [Membership(n, 1, 100 + n, n == 1, NOW) for n in (1, 2)]
    whole = TeamView(
        team=TEAM,
        members=members,
        listed={101, 102},
        shares=[],
        standings=[],
        reader_id=7,
        reader_team_id=None,
        is_leader=False,
    )
    return replace(whole, **changes)


@pytest.mark.parametrize(
    ("points", "members", "text"),
    [
        (0, 2, "0.0 points a member"),
        (1, 2, "0.5 points a member"),
        (50, 3, "16.7 points a member"),
        (5, 3, "1.7 points a member"),
        (1, 20, "0.1 points a member"),  # 0.05
        (123_456, 1, "123,456.0 points a member"),
    ],
)
def test_an_average_is_rounded_half_up(points, members, text):
    assert average_text(TeamStanding(1, "x", 1, members, points, 0, 9)) == text


def test_a_place_or_what_is_lacking():
    ranked = [standing(1), standing(2), replace(standing(3), rank=None, members=1)]
    assert place_text(ranked, 2) == "rank 2 of 2 with 20.0 points a member."
    assert place_text(ranked, 3) == "not ranked, 1 member with 5 answers so far."
    assert place_text(ranked, 4) == "not ranked, nobody with 5 answers so far."


def test_members_come_by_what_they_brought_and_former_ones_are_counted():
    shares = [Share(1, 102, 10, 5, 5), Share(1, 55, 4, 2, 3)]
    text = said(team_card(view(shares=shares)))
    assert (
        "- <@102>  10 points  ·  5 of 5 right\n- <@101>\n- 1 former member took part as well"
    ) in text


def test_hidden_members_are_counted_and_not_named():
    text = said(team_card(view(listed={102}, shares=[Share(1, 101, 10, 5, 5)])))
    assert "The captain is hidden" in text
    assert "- <@102>\n- 1 hidden member" in text
    assert "101" not in text


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({}, ["Join", "Team board"]),
        ({"reader_team_id": 9}, ["Team board"]),
        ({"reader_team_id": 1}, ["Leave", "Team board"]),
        ({"is_leader": True}, ["Join", "By request", "Team board"]),
        (
            {"team": replace(TEAM, is_open=False), "is_leader": True, "reader_team_id": 1},
            ["Open to all", "Leave", "Team board"],
        ),
    ],
)
def test_buttons_are_those_that_the_reader_may_press(changes, labels):
    assert list(pressable(team_card(view(**changes)))) == labels


def test_who_is_invited_is_named_unless_they_hid():
    card = team_card(view(listed={101, 102, 500}, invited=[500, 501]))
    assert "**Invited:** <@500>, 1 hidden member" in said(card)
    assert "Invited" not in said(team_card(view()))


def test_every_request_has_its_own_buttons():
    requests = [JoinRequest(1, 500 + n, NOW) for n in range(7)]
    card = team_card(view(requests=requests, is_leader=True))
    found = pressable(card)
    assert found["Accept 2"] == "teamyes:1:501"
    assert found["Decline 5"] == "teamno:1:504"
    assert "Accept 6" not in found
    assert "-# and 2 more, when these are answered" in said(card)


def test_a_board_has_ten_teams_a_page_and_the_last_one_says_who_is_not_ranked():
    found = [*(standing(n) for n in range(1, 24)), replace(standing(24), rank=None, members=1)]
    first = team_board_card("week", found, None, 0)
    assert said(first).count("points a member  ·") == 10
    assert "not ranked" not in said(first)
    last = team_board_card("week", found, replace(TEAM, id=23), 99)
    assert "**23.** Team 23 (yours)" in said(last)
    assert "-# 1 more team with too few members who took part." in said(last)
    assert pressable(last)["Previous"] == "teamprev:week:1"
    assert [label for label in pressable(last) if label == "Season"] == []


def test_a_seasons_board_is_offered_while_there_is_one():
    card = team_board_card("season", [standing(1)], None, 0, SEASON)
    assert f"## Teams · {'S' * 50}" in said(card)
    assert "Season" in pressable(card)


def test_an_empty_board_says_what_counts():
    assert "No team has 2 members with 5 answers yet." in said(team_board_card("all", [], None, 0))


@pytest.mark.parametrize(
    ("waits", "is_captain", "size", "text"),
    [
        (True, False, 2, "You may come back, if there is room. What you earned for it stays with "
         "it. Another team can take you in 7 days."),
        (False, False, 2, "Another team can take you at once."),
        (True, True, 2, "The member who has been in it longest becomes captain."),
        (True, True, 1, "You are the last one: the team ends, its name is free again"),
    ],
)  # fmt: skip
def test_who_leaves_is_told_what_follows(waits, is_captain, size, text):
    card = leave_card(replace(TEAM, size=size), is_captain=is_captain, waits=waits)
    assert text in said(card)


def test_the_fullest_cards_fit_discords_limits():
    members = [Membership(n, HUGE, HUGE - n, n == 0, NOW) for n in range(MEMBERS_MOST)]
    fullest = view(
        team=WIDEST,
        members=members,
        listed=range(HUGE - MEMBERS_MOST - INVITATIONS_MOST, HUGE + 1),
        invited=range(HUGE - MEMBERS_MOST - INVITATIONS_MOST, HUGE - MEMBERS_MOST),
        shares=[Share(HUGE, m.member_id, 10**7, 10**6, 10**6) for m in members],
        standings=[replace(standing(1), team_id=HUGE, points=10**9)],
        reader_team_id=HUGE,
        is_leader=True,
        requests=[JoinRequest(HUGE, HUGE - n, NOW + timedelta(n)) for n in range(REQUESTS_MOST)],
    )
    board = [replace(standing(n, points=10**9), name="W" * 32 + " (ended)") for n in range(1, 99)]
    cards = [
        team_card(fullest),
        founded_card(WIDEST, HUGE),
        leave_card(WIDEST, is_captain=True, waits=True),
        no_team_card([WIDEST] * 0),
        no_team_card([replace(WIDEST, id=HUGE - n) for n in range(TEAMS_OFFERED)]),
        *(team_board_card(period, board, WIDEST, 1, SEASON) for period in TEAM_PERIODS),
    ]
    assert [overruns(card) for card in cards] == [[]] * len(cards)
