"""What is known of words beyond the knowledge: how common, how telling, whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Language:
    """Statistics of words; all may be empty."""

    ranks: Mapping[str, int] = field(default_factory=dict)
    """Everyday words, ranked from 0, the most common first; they weigh less."""
    telling: Mapping[str, float] = field(default_factory=dict)
    """Stem to how telling it is of which entry is meant, from 0 (filler) to 1."""
    ours: Mapping[str, float] = field(default_factory=dict)
    """Stem to how much it speaks for a question about the subject (above 0) or for small talk, in
    log odds. Two stems with a space between stand for neighbours; EDGE is the beginning and the
    end of a question."""


EDGE = "|"
_RANK_SHIFT = 30
_RANKS_TOTAL = 10.3
"""By these the shares of 16,000 ranks add up to about 0.6; the rest is rarer words."""


def share_of_rank(rank: int) -> float:
    """Return what share of everyday language the word of a rank is, by Zipf's law."""
    return 1 / ((rank + _RANK_SHIFT) * _RANKS_TOTAL)


def pairs(stems: Sequence[str]) -> list[str]:
    """Return the neighbours in a question, with its edges.

    >>> pairs(["are", "you"])
    ['| are', 'are you', 'you |']
    """
    return [f"{first} {second}" for first, second in pairwise((EDGE, *stems, EDGE))]
