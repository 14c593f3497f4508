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
    """Stem to how much likelier it is in a question about the subject than in small talk: the
    logarithm of that, from -3 to 3. Two stems with a space between stand for neighbours; EDGE is
    the beginning and the end of a question."""


EDGE = "|"


def pairs(stems: Sequence[str]) -> list[str]:
    """Return the neighbours in a question, with its edges.

    >>> pairs(["are", "you"])
    ['| are', 'are you', 'you |']
    """
    return [f"{first} {second}" for first, second in pairwise((EDGE, *stems, EDGE))]
