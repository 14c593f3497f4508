"""How well ratings foretell the next duel, in groups whose strength is known because it is made up.

Each group of twelve plays duels of five questions and matches of ten; whoever knows a share of the
answers is right that often. Over the last three quarters of the contests it is noted what each
model gave the winner of a duel. Lower loss is better (a coin has 0.693); rho says how well the
order at the end is the true one (1 is the same); ± is half the range that members are shown, and
"inside" how many of them have their true rating in it, the one that foretells duels best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from openskill.models import BradleyTerryFull, PlackettLuce

from bot.core.rating import BETA, START, START_SIGMA, TAU, Rating, Z, rate

GROUPS, MEMBERS = 12, 12
CONTESTS = (60, 200, 600)
MATCHES = 0.3
Rate = Callable[[Sequence[Rating], Sequence[int]], Sequence[Rating]]


@dataclass(frozen=True)
class Outcome:
    loss: float
    rho: float
    spread: float
    inside: float


def report(groups: int = GROUPS) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"Ratings: {groups} groups of {MEMBERS} members, {MATCHES:.0%} matches"
    yield f"{'model':<34}{'contests':>9}{'loss':>8}{'rho':>7}{'±':>6}{'inside':>8}"
    options = {"mu": START, "sigma": START_SIGMA, "beta": BETA, "tau": TAU}
    models: dict[str, Rate] = {
        "as it is (partial pairing)": rate,
        "openskill, Plackett-Luce": _of(PlackettLuce(**options)),
        "openskill, full Bradley-Terry": _of(BradleyTerryFull(**options)),
    }
    for contests in CONTESTS:
        for name, model in models.items():
            found = [_group(model, contests, Random(seed)) for seed in range(groups)]
            loss = sum(one.loss for one in found) / groups
            rho = sum(one.rho for one in found) / groups
            spread = sum(one.spread for one in found) / groups
            inside = sum(one.inside for one in found) / groups
            yield (f"{name:<34}{contests:>9}{loss:>8.3f}{rho:>7.3f}{spread:>6.0f}{inside:>8.0%}")


def _of(model: PlackettLuce | BradleyTerryFull) -> Rate:
    def rated(ratings: Sequence[Rating], ranks: Sequence[int]) -> Sequence[Rating]:
        teams = [[model.rating(mu=one.mu, sigma=one.sigma)] for one in ratings]
        after = model.rate(teams, ranks=[float(rank) for rank in ranks])
        return [Rating(one.mu, one.sigma) for (one,) in after]

    return rated


def _group(model: Rate, contests: int, rng: Random) -> Outcome:
    strengths = [min(0.95, max(0.3, rng.gauss(0.7, 0.12))) for _ in range(MEMBERS)]
    ratings = [Rating() for _ in range(MEMBERS)]
    losses = []
    for number in range(contests):
        is_match = rng.random() < MATCHES
        size, questions = (rng.randint(3, 10), 10) if is_match else (2, 5)
        players = rng.sample(range(MEMBERS), size)
        scores = {
            who: (sum(rng.random() < strengths[who] for _ in range(questions)), rng.random())
            for who in players
        }
        players.sort(key=scores.__getitem__, reverse=True)
        if not is_match and number >= contests / 4:
            losses.append(-math.log(_chance(ratings[players[0]], ratings[players[1]])))
        after = model([ratings[who] for who in players], list(range(1, size + 1)))
        for who, rating in zip(players, after, strict=True):
            ratings[who] = rating
    told = sorted(range(MEMBERS), key=lambda who: ratings[who].mu)
    true = sorted(range(MEMBERS), key=strengths.__getitem__)
    apart = sum((told.index(who) - true.index(who)) ** 2 for who in range(MEMBERS))
    rho = 1 - 6 * apart / (MEMBERS * (MEMBERS**2 - 1))
    spread = sum(one.spread for one in ratings) / MEMBERS
    goals = _true_ratings(strengths)
    middle = sum(one.mu for one in ratings) / MEMBERS
    hits = [
        abs(one.mu - middle - goal) <= Z * one.sigma
        for one, goal in zip(ratings, goals, strict=True)
    ]
    return Outcome(sum(losses) / len(losses), rho, spread, sum(hits) / MEMBERS)


def _true_ratings(strengths: Sequence[float]) -> list[float]:
    """Return what ratings would be around 0 if all members met each other for ever."""

    def against(one: float, other: float) -> float:
        chance = _wins(one, other)
        return math.sqrt(2) * BETA * math.log(chance / (1 - chance))

    found = [sum(against(one, other) for other in strengths) / MEMBERS for one in strengths]
    middle = sum(found) / MEMBERS
    return [value - middle for value in found]


def _wins(one: float, other: float, questions: int = 5) -> float:
    """Return the chance to win a duel, ties counted half."""

    def right(strength: float) -> list[float]:
        return [
            math.comb(questions, n) * strength**n * (1 - strength) ** (questions - n)
            for n in range(questions + 1)
        ]

    mine, theirs = right(one), right(other)
    ahead = sum(m * t for i, m in enumerate(mine) for j, t in enumerate(theirs) if i > j)
    even = sum(m * t for m, t in zip(mine, theirs, strict=True))
    return ahead + even / 2


def _chance(winner: Rating, loser: Rating) -> float:
    scale = math.sqrt(2 * BETA**2 + winner.sigma**2 + loser.sigma**2)
    return 1 / (1 + math.exp((loser.mu - winner.mu) / scale))
