"""Cards of matches for teams, at their fullest, within Discord's limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.core.contest import Contest, Contestant
from bot.core.match import Match, MatchSettings
from bot.core.match_standing import MatchRound, MatchStanding
from bot.core.post import Post, show
from bot.core.team import TeamStanding
from bot.core.team_match import MatchTeam
from bot.ui.match import answer_card, match_teams_text
from bot.ui.match_finale import finale_card, team_steps, teams_title
from bot.ui.match_lobby import lobby_card
from tests.ui.rendering import overruns, said

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HUGE = 2**63 - 1
SETTINGS = MatchSettings(questions=30, for_teams=True)
FOUND = [
    MatchStanding(
        Contestant(HUGE - n, HUGE - n, NOW, NOW),
        1,
        30_000,
        1000,
        30,
        30,
        timedelta(1),
        "a",
        "b",
        29,
    )
    for n in range(200)
]


def team(number: int, rank: int | None, points: int, members: int = 2) -> TeamStanding:
    return TeamStanding(number, f"T{number}", rank, members, points, 1, 2)


TEAMS = [
    *(TeamStanding(n, "W" * 32 + " (ended)", 1, 25, 10**6, 9, 9) for n in range(60)),
    team(99, None, 10, 1),
]


def test_the_fullest_cards_fit_discords_limits(shelf):
    lobby = Match(HUGE, 900, 5, SETTINGS, "lobby", NOW, NOW)
    contest = Contest(
        HUGE, "match", 900, date(2026, 11, 24), NOW, None, False,
        tuple(Contestant(HUGE - n, HUGE - n, NOW) for n in range(200)),
    )  # fmt: skip
    playing = {HUGE - n: MatchTeam(n % 60, "W" * 32) for n in range(200)}
    between = Match(HUGE, 900, 5, SETTINGS, "ready", NOW, NOW, place=30)
    over = Match(HUGE, 900, 5, SETTINGS, "over", None, NOW, place=30, ending="lost")
    longest = max(shelf.pool, key=lambda q: len(q.prompt + "".join(q.choices) + q.explanation))
    post = Post(
        id=HUGE, kind="match", guild_id=900, shown=show(longest, Random(1)), nonce="", place=29,
        study_date=date(2026, 11, 24), claimed_at=NOW,
    )  # fmt: skip
    names = sorted((topic.name for topic in shelf.topics), key=len)
    cards = [
        lobby_card(lobby, contest, "S" * 60, playing),
        answer_card(
            between, MatchRound(post, NOW), tally=[200] * 4, found=FOUND, teams=TEAMS,
            fastest=(HUGE, timedelta(seconds=119.9)),
        ),
        finale_card(over, FOUND, TEAMS, {"a": names[-1], "b": names[-2]}, "x" * 1024),
    ]  # fmt: skip
    assert [overruns(card) for card in cards] == [[], [], []]
    assert "and 55 more" in said(cards[1])
    assert "Teams: " in said(cards[0])


def test_a_team_wins_over_another_and_shares_with_an_equal():
    first, second, alone = team(1, 1, 50), team(2, 2, 30), team(3, None, 90, 1)
    assert teams_title([first, second, alone]) == "Team T1 wins the match!"
    assert teams_title([first, team(2, 1, 50)]) == "Team T1 and Team T2 win the match!"
    assert teams_title([first, alone]) == ""
    assert teams_title([team(1, 1, 0), team(2, 1, 0)]) == ""
    four = [team(n, 1, 50) for n in range(1, 6)]
    assert teams_title(four) == "Team T1, Team T2, Team T3 and 2 more win the match!"


def test_the_podium_of_teams_has_averages():
    found = [team(1, 1, 101), team(2, 2, 100, 3), team(3, 2, 100, 3), team(4, 4, 2)]
    assert team_steps(found) == [(1, ["T1"], 51), (2, ["T2", "T3"], 33)]
    assert team_steps(found[:1]) == []


def test_teams_are_one_a_line_with_those_that_are_not_ranked():
    text = match_teams_text([team(1, 1, 101), team(2, 2, 50), team(3, None, 9, 1)], 1)
    assert text == (
        "**1.** Team T1  50.5 points a player\n"
        "-# and 1 more team\n"
        "-# 1 team not ranked: it takes 2 players who answer"
    )
