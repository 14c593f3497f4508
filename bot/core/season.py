"""Seasons: named ranges of study dates over the answers, and what is told when one is over.

A season adds nothing up itself: its board is that of its dates. A server has one at a time; two
may follow each other, never overlap. Its ceremony waits until every challenge of its dates is
closed and settled, and, unless a manager ended it by hand, until ``TOLD_FROM`` of the day after.
What quizzes bring later moves the other boards only, and so do contests: their points belong to
the date on which they end, so a duel that is still open holds up no ceremony.

Most improved is whose share of right answers rose most from the first half of the season's days
to the second (the longer one of an odd number), from ``MIN_ANSWERS`` answers in each on. The
longest streak is counted within the season: it begins at none, and so do its freezes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.accuracy import improvement
from bot.core.honour import TOLD_FROM, Winner
from bot.core.period import Span
from bot.core.team import TeamStanding
from bot.errors import UserError

WEEKS = 4
"""Of a season whose length nobody chose."""
WEEKS_MOST = 52
DAYS_MOST = 7 * WEEKS_MOST
AHEAD_MOST = timedelta(days=90)
"""How long before its first day a season may be made."""
SHARING_MOST = 5
"""Members who share a prize; of more with equal values nobody is singled out."""
STREAK_FROM = 2
"""Days from which on a streak is one that is told."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Stage = Literal["planned", "running", "over", "closed"]
"""``over``: its last day has passed or a manager ended it, and it is not closed yet."""
PrizeKind = Literal["improved", "streak"]


@dataclass(frozen=True, slots=True)
class Season:
    """A season as it was set up."""

    id: int
    guild_id: int
    name: str
    """As ``season_name`` lets it through; not escaped."""
    first: date
    last: date
    """Both study dates of the server's zone, both included."""
    channel_id: int
    """Where its ceremony is told."""
    role_id: int | None
    """The champion's role; None for none."""
    ended_at: datetime | None = None
    """When a manager ended it early."""
    closed_at: datetime | None = None
    """Since when nothing moves its board any more; its standings are written down from there."""
    set_by: int | None = None
    """Who set it up; None once they had themselves forgotten."""

    @property
    def days(self) -> int:
        """How many study dates it has, at least 1."""
        return (self.last - self.first).days + 1

    @property
    def span(self) -> Span:
        """Its days as those of a board."""
        return Span("season", self.first, self.last)

    def stage(self, today: date) -> Stage:
        """Return how far it is on the server's study date ``today``."""
        if self.closed_at is not None:
            return "closed"
        if self.ended_at is not None or today > self.last:
            return "over"
        return "planned" if today < self.first else "running"

    def days_left(self, today: date) -> int:
        """Return how many study dates are left with ``today``, never below 0."""
        return max(0, (self.last - max(today, self.first)).days + 1)

    def may_close(self, now: datetime, zone: str) -> bool:
        """Return whether its ceremony may be held at ``now`` (aware), as far as the time goes.

        One that is closed may: whatever was cut off then is gone on with.
        """
        if self.closed_at is not None or self.ended_at is not None:
            return True
        local = now.astimezone(ZoneInfo(zone))
        return local.date() > self.last and (
            local.date() > self.last + timedelta(days=1) or local.time() >= TOLD_FROM
        )


@dataclass(frozen=True, slots=True)
class Halves:
    """A member's answers in the two halves of a season."""

    member_id: int
    right_before: int
    answered_before: int
    right: int
    answered: int

    @property
    def gain(self) -> int | None:
        """By how many thousandths the share of right answers rose; None for too few answers."""
        return improvement(self.right, self.answered, self.right_before, self.answered_before)


@dataclass(frozen=True, slots=True)
class Prize:
    """What a member did best of all in a season, besides points."""

    kind: PrizeKind
    member_id: int | None
    """None once the member had themselves forgotten."""
    name: str
    value: int
    """Thousandths for ``improved``, days for ``streak``."""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class TeamPlace:
    """A team's place in a season, as it was told."""

    team_id: int
    name: str
    rank: int
    score: int
    """Points a member, in hundredths."""
    members: int
    """How many took part."""

    @classmethod
    def of(cls, standing: TeamStanding) -> TeamPlace | None:
        """Return the place of a team; None for one in which too few took part to be ranked."""
        if standing.rank is None:
            return None
        score = round(standing.score * 100)
        return cls(standing.team_id, standing.name, standing.rank, score, standing.members)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """All that is told at the end of a season, frozen when its message was claimed."""

    season: Season
    members: int
    """How many took part."""
    winners: tuple[Winner, ...]
    """The first places, at most ``PLACES_KEPT`` (bot/core/honour.py)."""
    prizes: tuple[Prize, ...]
    teams: tuple[TeamPlace, ...]
    nonce: str
    claimed_at: datetime
    tried_at: datetime | None = None
    """When it was last sent without anybody knowing that it arrived; None before the first time."""
    tried_in: int | None = None
    """The channel of that time."""
    message_id: int | None = None
    told_in: int | None = None
    """The channel of the message."""

    @property
    def champions(self) -> tuple[Winner, ...]:
        """Those who share the first place; nobody without a point."""
        return tuple(winner for winner in self.winners if winner.rank == 1 and winner.points)


@dataclass(frozen=True, slots=True)
class FinalPage:
    """A page of a season's final standings, and where the reader stands."""

    season: Season
    winners: tuple[Winner, ...]
    size: int
    """Members on all pages."""
    number: int
    """Of this page, from 0."""
    pages: int
    own: Winner | None


def parse_day(text: str) -> date:
    """Return a date written as ``YYYY-MM-DD``, the one form that means the same everywhere.

    >>> parse_day("2026-12-24")
    datetime.date(2026, 12, 24)

    Raises:
        UserError: it is none, or there is no such day.
    """
    wanted = text.strip()
    if _DAY.fullmatch(wanted) is None:
        raise UserError(f"“{_short(wanted)}” is not a date I can read. Write it like 2026-12-24.")
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise UserError(f"There is no {wanted} in the calendar.") from None


def first_free(today: date, seasons: Iterable[Season]) -> date:
    """Return the first day on which a new season could begin: today, or after one that is over."""
    over = [season.last for season in seasons if season.stage(today) in ("over", "closed")]
    return max([today, *(last + timedelta(days=1) for last in over)])


def planned_days(
    today: date, *, begins: date, weeks: int | None, until: date | None
) -> tuple[date, date]:
    """Return the first and the last day of a new season.

    ``weeks`` and ``until`` say how long it is; neither means ``WEEKS``.

    Raises:
        UserError: that is no season; the sentence says which option to change.
    """
    if weeks is not None and until is not None:
        raise UserError("Say how long it runs with `weeks` or with `until`, not both.")
    if begins < today:
        raise UserError(
            f"{begins} has passed; it is {today} here. A season begins today or later, before "
            "anybody knows who would lead."
        )
    if begins > today + AHEAD_MOST:
        raise UserError(f"{begins} is too far away: `begins` is within {AHEAD_MOST.days} days.")
    last = until if until is not None else begins + timedelta(days=7 * (weeks or WEEKS) - 1)
    check_last(begins, last, today)
    return begins, last


def check_last(first: date, last: date, today: date) -> None:
    """Refuse a last day that makes no season.

    Raises:
        UserError: it is before the first day or today, or the season would be too long.
    """
    if last < first:
        raise UserError(f"It would end on {last}, before it begins on {first}. Choose a later day.")
    if last < today:
        raise UserError(f"{last} has passed; it is {today} here. Choose today or a later day.")
    if (last - first).days >= DAYS_MOST:
        latest = first + timedelta(days=DAYS_MOST - 1)
        raise UserError(f"A season has at most {WEEKS_MOST} weeks: until {latest} at the latest.")


def second_half(first: date, last: date) -> date:
    """Return the day on which the second half of a season begins.

    >>> second_half(date(2026, 12, 1), date(2026, 12, 28)).day, second_half(
    ...     date(2026, 12, 1), date(2026, 12, 3)).day
    (15, 2)
    """
    return first + timedelta(days=((last - first).days + 1) // 2)


def best_of(values: Iterable[tuple[int, int]], least: int) -> tuple[tuple[int, int], ...]:
    """Return those members whose value is the highest, at least ``least``, by member.

    ``values`` are members and values. Nobody when more than ``SHARING_MOST`` share it.

    >>> best_of([(3, 5), (1, 7), (2, 7)], 1), best_of([(1, 0)], 1)
    (((1, 7), (2, 7)), ())
    """
    known = [(member_id, value) for member_id, value in values if value >= least]
    most = max((value for _, value in known), default=0)
    first = sorted(found for found in known if found[1] == most)
    return tuple(first) if len(first) <= SHARING_MOST else ()


def most_improved(halves: Iterable[Halves]) -> tuple[tuple[int, int], ...]:
    """Return who improved most, as members and thousandths; nobody when nobody rose."""
    gains = ((half.member_id, half.gain) for half in halves)
    return best_of([(member_id, gain) for member_id, gain in gains if gain is not None], 1)


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"
