"""Ratings from the results of contests: how strong a member is, and how sure that is.

The model is Weng and Lin's Bradley-Terry with partial pairing, as the library openskill has it:
each contestant is compared with the ``NEIGHBOURS`` before and after them and moved by the mean of
that, so a match of two hundred weighs like one duel and not like two hundred. A rating begins at
``START`` and is shown as ``1510 ± 180``: the strength lies in that range with about 95 %. While
the range is wider than ``NEW_ABOVE`` it is "new" and on no board; boards go by the lower end of
the range, so that few contests never lead.

The numbers below were chosen on made-up groups: `make bench ARGS=ratings` shows how they do beside
the library's other models, and how many true ratings lie in the range.

What counts, so that a rating is not raised alone or with a friend's help:

* a contest counts when two or more took part: they answered something or, in a duel, were shown a
  question, so that nobody looks first and then stays away from a defeat. Others are left out;
* of contests between the very same members on one study date only the first counts;
* a contest of two does not count when the last one that counted for either of them was a contest
  of the same two. Whoever plays somebody else in between can meet them again.

What does not count changes nobody's rating, upwards or downwards.

Source: Weng and Lin, "A Bayesian Approximation Method for Online Ranking", JMLR 12 (2011),
https://jmlr.org/papers/v12/weng11a.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any, Literal

from openskill.models import BradleyTerryPart

START = 1500.0
START_SIGMA = 150.0
BETA = 200.0
"""How much chance there is in one contest; five questions decide little."""
NEIGHBOURS = 4
"""Next ranks to either side that one is compared with."""
TAU = START_SIGMA / 100
"""Added to every uncertainty before a contest, because members learn."""
Z = 2.0
"""Standard deviations to either side that are shown."""
NEW_ABOVE = 250
"""A wider range is new; about ten contests narrow it so far."""
VERSION = "1"
"""Of the numbers above; ratings are derived again when it changes."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An estimate of strength."""

    mu: float = START
    sigma: float = START_SIGMA
    """Its standard deviation."""

    @property
    def value(self) -> int:
        """The estimate as it is shown."""
        return floor(self.mu + 0.5)

    @property
    def spread(self) -> int:
        """Half the width of the range as it is shown."""
        return floor(Z * self.sigma + 0.5)

    @property
    def low(self) -> int:
        """The lower end of the range, by which boards go."""
        return self.value - self.spread

    @property
    def is_new(self) -> bool:
        """Whether too little is known to compare it."""
        return self.spread > NEW_ABOVE


def _gamma(*_: Any) -> float:
    """Let a result narrow the range as far as the model says; the library's default slows it."""
    return 1.0


_MODEL = BradleyTerryPart(
    mu=START, sigma=START_SIGMA, beta=BETA, tau=TAU, gamma=_gamma, window_size=NEIGHBOURS
)


def rate(ratings: Sequence[Rating], ranks: Sequence[int]) -> tuple[Rating, ...]:
    """Return what the ratings of two or more contestants become, in the order given.

    ``ranks`` are from 1, and equals share one.

    >>> winner, loser = rate([Rating(), Rating()], [1, 2])
    >>> winner.value, loser.value, winner.spread == loser.spread < Rating().spread
    (1532, 1468, True)

    Raises:
        ValueError: there are fewer than two, or not a rank for each.
    """
    if len(ratings) < 2 or len(ratings) != len(ranks):
        raise ValueError("It takes two ratings or more, and a rank for each")
    teams = [[_MODEL.rating(mu=one.mu, sigma=one.sigma)] for one in ratings]
    after = _MODEL.rate(teams, ranks=[float(rank) for rank in ranks])
    return tuple(Rating(one.mu, one.sigma) for (one,) in after)


Verdict = Literal["counts", "alone", "again", "in a row"]
"""``alone``: fewer than two took part; ``again``: the same members had a contest that counted on
that date; ``in a row``: for one of the two, the last contest that counted was the same two's."""


def judge(
    members: frozenset[int],
    *,
    met_that_day: bool,
    last_company: Callable[[int], frozenset[int] | None],
) -> Verdict:
    """Return whether a contest between those who took part counts, or why not.

    ``met_that_day``: a contest between exactly these counted on its study date. ``last_company``
    returns whom a member's last contest that counted was between, the member included.

    >>> judge(frozenset({1, 2}), met_that_day=False, last_company={1: frozenset({1, 2})}.get)
    'in a row'
    """
    if len(members) < 2:
        return "alone"
    if met_that_day:
        return "again"
    if len(members) == 2 and any(last_company(one) == members for one in members):
        return "in a row"
    return "counts"


@dataclass(frozen=True, slots=True)
class RatingStep:
    """What a contest did to a member's rating."""

    before: Rating
    after: Rating
    rank: int
    of: int
    """How many contestants counted."""
    kind: Literal["match", "duel"]
