"""Teams: who may join one, who leads it, and how they are ranked.

    a team's score  points / members, of all members who took part in the period
    took part       gave at least ANSWERS_TO_TAKE_PART answers in it as a member of the team
    is ranked       when at least MEMBERS_TO_RANK members took part

The average makes size no advantage, and the two minimums keep one lucky answer, or one strong
member alone, from being a team. Points are those of the server's boards (bot/core/score.py).

An answer counts for the team its member was in when they gave it, whatever comes later: nothing
that somebody earned before they joined comes along, and what they earned stays when they leave or
are removed, so a team cannot improve its average by sending its weakest away. Whoever leaves waits
CHANGE_AFTER before another team takes them; the old one does so at once. There is no wait after
being removed or disbanded, which nobody does to themselves, nor after a look of less than TRIED.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

ANSWERS_TO_TAKE_PART = 5
MEMBERS_TO_RANK = 2
CHANGE_AFTER = timedelta(days=7)
TRIED = timedelta(hours=1)
MEMBERS_MOST = 25
TEAMS_MOST = 1000
"""In one server, those that ended not counted."""
REQUESTS_MOST = 10
"""That wait for one team's captain."""
INVITATIONS_MOST = 10
"""Of one team within REQUEST_LASTS that were not accepted; each of them pings somebody."""
INVITED_A_DAY = 3
"""Invitations of one member within 24 hours, by whatever teams, also such as ended since."""
REQUEST_LASTS = timedelta(days=14)
"""Of a request and of an invitation; for as long a refused one is not repeated."""

End = Literal["left", "removed", "disbanded", "gone"]
"""Why a membership ended; ``gone``: the member left the server."""
TeamState = Literal["active", "ended", "disbanded"]
"""``ended``: its last member is gone. ``disbanded``: a manager ended it."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a server. With its last member it ends, and its results stay."""

    id: int
    guild_id: int
    name: str
    is_open: bool
    """Whether anybody may join, or only whom the captain accepts."""
    is_name_fixed: bool
    """A manager gave the name, so only a manager changes it."""
    made_at: datetime
    size: int
    """Members it has now."""
    state: TeamState = "active"


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's time in a team, from ``joined_at`` up to but without ``left_at``."""

    id: int
    team_id: int
    member_id: int
    is_captain: bool
    joined_at: datetime
    left_at: datetime | None = None
    end: End | None = None
    is_told: bool = False
    """They asked for a direct message about each request to join, as long as they lead."""


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A member's wish to join a team whose captain chooses."""

    team_id: int
    member_id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """What a member's leaving changed."""

    team: Team
    """As it was before."""
    captain_id: int | None = None
    """Who leads it now, if that changed."""
    has_ended: bool = False


class Share(NamedTuple):
    """What one member brought a team in a period."""

    team_id: int
    member_id: int
    points: int
    right: int
    answered: int


class TeamSum(NamedTuple):
    """What those who took part for a team brought it in a period."""

    team_id: int
    members: int
    """Who took part, at least 1; the rest of the numbers is of these alone."""
    points: int
    right: int
    answered: int


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """A team's place in a period."""

    team_id: int
    name: str
    rank: int | None
    """From 1; equal scores share one and the next is skipped. None: too few took part."""
    members: int
    """Who took part, at least 1; the rest of the numbers is of these alone."""
    points: int
    right: int
    answered: int

    @property
    def score(self) -> Fraction:
        """Points a member who took part."""
        return Fraction(self.points, self.members)


def shown_name(name: str, state: TeamState) -> str:
    """Return how boards call a team; a manager may have disbanded it because of its name.

    >>> shown_name("Foxes", "active"), shown_name("Foxes", "ended"), shown_name("x", "disbanded")
    ('Foxes', 'Foxes (ended)', 'a disbanded team')
    """
    if state == "disbanded":
        return "a disbanded team"
    return f"{name} (ended)" if state == "ended" else name


def sums(shares: Iterable[Share], *, answers: int = ANSWERS_TO_TAKE_PART) -> tuple[TeamSum, ...]:
    """Add up, by team, what members brought who gave at least ``answers`` answers.

    >>> sums([Share(1, 7, 30, 3, 6), Share(1, 8, 10, 1, 5), Share(1, 9, 2, 1, 1)])
    (TeamSum(team_id=1, members=2, points=40, right=4, answered=11),)
    """
    found: dict[int, TeamSum] = {}
    for team_id, _, points, right, answered in shares:
        if answered >= answers:
            so_far = found.get(team_id, TeamSum(team_id, 0, 0, 0, 0))
            found[team_id] = TeamSum(
                team_id,
                so_far.members + 1,
                so_far.points + points,
                so_far.right + right,
                so_far.answered + answered,
            )
    return tuple(found.values())


def standings(
    found: Iterable[TeamSum], names: Mapping[int, str], *, members: int = MEMBERS_TO_RANK
) -> tuple[TeamStanding, ...]:
    """Rank teams by their score, best first; equal ones come by id.

    Teams in which fewer than ``members`` took part come last and have no rank, those with most
    first. ``names`` has the teams' names by id.

    >>> two = [TeamSum(1, 2, 40, 4, 11), TeamSum(2, 5, 75, 9, 30)]
    >>> [(s.rank, s.name, float(s.score)) for s in standings(two, {1: "Foxes", 2: "Owls"})]
    [(1, 'Foxes', 20.0), (2, 'Owls', 15.0)]
    """
    teams = [
        TeamStanding(sum_of.team_id, names[sum_of.team_id], None, *sum_of[1:]) for sum_of in found
    ]
    able = sorted((t for t in teams if t.members >= members), key=lambda t: (-t.score, t.team_id))
    ranked: list[TeamStanding] = []
    for place, team in enumerate(able, 1):
        is_tie = bool(ranked) and ranked[-1].score == team.score
        ranked.append(replace(team, rank=ranked[-1].rank if is_tie else place))
    rest = sorted((t for t in teams if t.members < members), key=lambda t: (-t.members, t.team_id))
    return (*ranked, *rest)


def next_captain(members: Iterable[Membership]) -> Membership | None:
    """Return who leads a team that lost its captain: who has been in it longest without a break.

    None when nobody is left.
    """
    return min(members, key=lambda m: (m.joined_at, m.id), default=None)


def waits_until(
    past: Iterable[Membership], team_id: int | None, now: datetime
) -> tuple[datetime, int] | None:
    """Return until when a member must wait before a team takes them, and the team they left.

    ``past`` are their ended memberships in the server; ``team_id`` is the team they want to join,
    None for a new one. None: no need to wait.
    """
    ends = [
        (membership.left_at + CHANGE_AFTER, membership.team_id)
        for membership in past
        if membership.left_at is not None
        and membership.end in ("left", "gone")
        and membership.team_id != team_id
        and membership.left_at - membership.joined_at >= TRIED
    ]
    latest = max(ends, default=None)
    return latest if latest is not None and latest[0] > now else None


def waiting_text(until: datetime, name: str, now: datetime) -> str:
    """Say how long a member must wait; ``name`` is the team they left.

    >>> waiting_text(datetime(2026, 11, 28), "Foxes", datetime(2026, 11, 27))
    'You left Foxes: another team can take you in 1 day. Foxes itself may have you back at once.'
    """
    left = until - now
    if left > timedelta(days=1):
        wait = f"{math.ceil(left / timedelta(days=1))} days"
    elif left == timedelta(days=1):
        wait = "1 day"
    else:
        hours = math.ceil(left / timedelta(hours=1))
        wait = f"{hours} hour{'s' if hours > 1 else ''}"
    return (
        f"You left {name}: another team can take you in {wait}. {name} itself may have you back at "
        "once."
    )
