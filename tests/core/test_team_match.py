"""Teams in a match, as plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.core.contest import Contest, Contestant
from bot.core.match_standing import MatchStanding
from bot.core.team_match import MatchTeam, players_by_team, team_standings

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FOXES, OWLS, BEARS = MatchTeam(1, "Foxes"), MatchTeam(2, "Owls"), MatchTeam(3, "Bears")


def contestant(number: int, *, is_in: bool = True) -> Contestant:
    return Contestant(number, 100 + number, NOW, None if is_in else NOW)


def standing(number: int, score: int, answered: int = 3) -> MatchStanding:
    return MatchStanding(
        contestant(number), 1, score, 0, score // 1000, answered, timedelta(0), None, None, 0
    )


def test_teams_are_ranked_by_the_average_of_their_players_who_answered():
    found = [
        standing(1, 3000), standing(2, 1000), standing(3, 2500), standing(4, 2400),
        standing(5, 2300), standing(6, 0, answered=0), standing(7, 9000), standing(8, 8000),
    ]  # fmt: skip
    teams = {1: FOXES, 2: FOXES, 3: OWLS, 4: OWLS, 5: OWLS, 6: FOXES, 7: BEARS}
    ranked = team_standings(found, teams)
    assert [(t.rank, t.name, t.members, t.score) for t in ranked] == [
        (1, "Owls", 3, 2400),
        (2, "Foxes", 2, 2000),
        (None, "Bears", 1, 9000),
    ]


def test_without_teams_there_is_nothing_to_rank():
    assert team_standings([standing(1, 100)], {}) == ()


def test_a_wrong_answer_takes_part():
    ranked = team_standings([standing(1, 1000), standing(2, 0)], {1: FOXES, 2: FOXES})
    assert [(t.rank, t.members, t.score) for t in ranked] == [(1, 2, 500)]


def test_the_lobby_counts_who_is_in():
    contest = Contest(
        9, "match", 1, date(2026, 11, 24), NOW, None, False,
        (contestant(1), contestant(2), contestant(3, is_in=False), contestant(4), contestant(5)),
    )  # fmt: skip
    teams = {1: OWLS, 2: FOXES, 3: OWLS, 4: FOXES}
    assert players_by_team(contest, teams) == ((FOXES, 2), (OWLS, 1))
