"""Duels: two members, the same questions in the same order, each played in private.

An invitation is open for ``INVITATION_LASTS``; an accepted duel for ``DUEL_LASTS``, and ends as
soon as both have answered everything. The time of a question runs from when it was shown to that
member until their answer; looking away does not stop it. While the bot is down all these clocks
stand still: an outage moves the ends, and the showing of a question that waits for its answer.

How it ends
    more right answers win; of equals who answered more questions; of equals again who took less
    time over their answers, in milliseconds; of equals in all of it neither: a draw.
    Who answered nothing loses to whoever answered something, by default; that counts for ratings
    if they were shown a question (bot/core/rating.py).
    When neither answered anything there is no result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.core.contest import Contest, Result
from bot.core.post import Post

QUESTIONS = 5
INVITATION_LASTS = timedelta(hours=24)
DUEL_LASTS = timedelta(hours=24)
INVITATIONS_MOST = 5
"""Open invitations of one challenger in a server; each of them pings somebody."""
RESTS_AFTER_DECLINE = timedelta(hours=6)
"""For which a challenger leaves somebody alone who declined."""
CHALLENGES_A_DAY = 3
"""Of one member to another within 24 hours that came to nothing, however they ended."""
SENT_WITHIN = timedelta(hours=1)
"""An invitation whose message could not be sent by then is dropped, and pings nobody."""
SEEN_LATELY = timedelta(days=30)
"""Questions that either of them answered in these days are drawn last."""

Ending = Literal["played", "unplayed", "declined", "withdrawn", "expired", "unsent", "off"]
"""``played`` has a result; ``unplayed``: accepted, and neither answered anything; ``off``: one of
the two had themselves forgotten or left the server before it was accepted."""


@dataclass(frozen=True, slots=True)
class Duel:
    """An invitation and what became of it. Times are aware UTC."""

    id: int
    guild_id: int
    channel_id: int
    challenger_id: int | None
    """None once they had themselves forgotten."""
    opponent_id: int | None
    """Who was challenged; None once they had themselves forgotten."""
    topic: str | None
    """Id of the topic that it is about; None for the whole exam."""
    nonce: str
    made_at: datetime
    expires_at: datetime
    """Until when the invitation can be accepted."""
    message_id: int | None = None
    """None until the message is known to exist."""
    deadline: datetime | None = None
    """Until when both may play; None before it is accepted."""
    ended_at: datetime | None = None
    ending: Ending | None = None
    changes: int = 0
    """Grows with all that the message should show anew."""
    told: int = 0
    """The number of the change that the message shows."""
    contest: Contest | None = None
    """None before it is accepted."""

    @property
    def is_invitation(self) -> bool:
        """Whether it waits to be accepted."""
        return self.ended_at is None and self.contest is None

    @property
    def is_running(self) -> bool:
        """Whether it was accepted and is not over."""
        return self.ended_at is None and self.contest is not None

    @property
    def has_both(self) -> bool:
        """Whether neither of the two had themselves forgotten."""
        return self.challenger_id is not None and self.opponent_id is not None

    def is_of(self, member_id: int) -> bool:
        """Return whether the member is one of the two."""
        return member_id in (self.challenger_id, self.opponent_id)

    def other(self, member_id: int) -> int | None:
        """Return who the member is up against; None when that one had themselves forgotten."""
        return self.opponent_id if member_id == self.challenger_id else self.challenger_id

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing can be accepted or played any more."""
        if self.ended_at is not None:
            return True
        until = self.expires_at if self.deadline is None else self.deadline
        return now >= until or not self.has_both


@dataclass(frozen=True, slots=True)
class DuelsDue:
    """What waits to be done about duels."""

    has_open: bool
    """Whether there is an invitation or a running one."""

    lapsed: tuple[Duel, ...]
    """Invitations that nobody can accept any more."""
    finished: tuple[Duel, ...]
    """Running ones that both have played, or whose time is up."""
    untold: tuple[int, ...]
    """Ids of those whose message is not sent or shows an earlier state."""
    has_unrated: bool
    """Whether a finished contest of either kind is not rated yet."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a member did in a duel, as far as it has come."""

    right: int = 0
    answered: int = 0
    took_ms: int = 0
    """Over the answered questions."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that a member has before them."""

    post: Post
    shown_at: datetime
    """When it was shown to them first; their time runs from then."""
    of: int
    """How many questions the duel has."""


def results(played: Mapping[int, Played]) -> dict[int, Result]:
    """Rank the contestants, by id, as the head of this module says.

    Empty when nobody answered anything, which is no result.

    >>> both = {1: Played(4, 5, 90_000), 2: Played(4, 5, 80_000)}
    >>> [(who, result.rank) for who, result in results(both).items()]
    [(1, 2), (2, 1)]
    """
    if not any(one.answered for one in played.values()):
        return {}
    keys = {who: (one.right, one.answered, -one.took_ms) for who, one in played.items()}
    return {
        who: Result(
            rank=1 + sum(key > keys[who] for key in keys.values()),
            score=one.right,
            right=one.right,
            answered=one.answered,
            took_ms=one.took_ms,
        )
        for who, one in played.items()
    }


Decision = Literal["answers", "completeness", "time", "default", "draw"]


def decided_by(first: Result, second: Result) -> Decision:
    """Return what decided a duel, from the results of the two in either order.

    >>> decided_by(Result(1, 4, 4, 5, 80_000), Result(2, 4, 4, 5, 90_000))
    'time'
    """
    if first.rank == second.rank:
        return "draw"
    if not (first.answered and second.answered):
        return "default"
    if first.right != second.right:
        return "answers"
    return "completeness" if first.answered != second.answered else "time"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A finished duel as one of the two sees it."""

    day: date
    """The server's date when it was accepted."""
    own: Result
    other: Result
    opponent_id: int | None
    """None for a former member."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Duels won, drawn and lost."""

    won: int = 0
    drawn: int = 0
    lost: int = 0

    @property
    def played(self) -> int:
        """All of them."""
        return self.won + self.drawn + self.lost


def tally(meetings: Sequence[Meeting]) -> Tally:
    """Count a member's duels."""
    return Tally(
        won=sum(one.own.rank < one.other.rank for one in meetings),
        drawn=sum(one.own.rank == one.other.rank for one in meetings),
        lost=sum(one.own.rank > one.other.rank for one in meetings),
    )


def by_opponent(meetings: Sequence[Meeting]) -> tuple[tuple[int | None, Tally], ...]:
    """Count a member's duels by opponent, most duels first, then by id; former members last.

    All former members are one: nothing says any more which of them was which.
    """
    found: dict[int | None, list[Meeting]] = {}
    for meeting in meetings:
        found.setdefault(meeting.opponent_id, []).append(meeting)
    counted = [(who, tally(theirs)) for who, theirs in found.items()]
    return tuple(sorted(counted, key=lambda one: (one[0] is None, -one[1].played, one[0] or 0)))
