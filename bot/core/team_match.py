"""Matches for teams: each plays as in any match, and teams are ranked by their players' average.

A player belongs to the team that they were in when they first joined the match; whoever was in
none plays for themselves. A team's score is the average of its players who answered at least one
question, and it is ranked from MEMBERS_TO_RANK of them on (bot/core/team.py). Who left the match,
or had themselves forgotten after it, still counts with what they had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.core.contest import Contest
from bot.core.match_standing import MatchStanding
from bot.core.team import Share, TeamStanding, standings, sums

ANSWERS_TO_COUNT = 1


class MatchTeam(NamedTuple):
    """The team of a player in a match."""

    id: int
    name: str
    """As it is called now."""


def team_standings(
    found: Sequence[MatchStanding], teams: Mapping[int, MatchTeam]
) -> tuple[TeamStanding, ...]:
    """Rank a match's teams, best first, those that are not ranked last.

    ``teams`` has the team by contestant's id, of those who are in one.
    """
    shares = [
        Share(teams[one.contestant.id].id, one.contestant.id, one.score, one.right, one.answered)
        for one in found
        if one.contestant.id in teams
    ]
    return standings(sums(shares, answers=ANSWERS_TO_COUNT), dict(teams.values()))


def players_by_team(
    contest: Contest, teams: Mapping[int, MatchTeam]
) -> tuple[tuple[MatchTeam, int], ...]:
    """Return how many play for each team now, most first; equal ones come by id."""
    counts = Counter(teams[one.id] for one in contest.contestants if one.is_in and one.id in teams)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0].id)))
