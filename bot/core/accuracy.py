"""How sure a share of right answers is, and how much it rose.

Both are whole thousandths, so that equal means equal to everybody and ties share a rank.
"""

from __future__ import annotations

from math import floor, sqrt

MIN_ANSWERS = 10
"""Fewer answers say too little to be ranked by."""
Z = 1.96
"""95 percent, two-sided."""


def lower_bound(right: int, answered: int) -> float:
    """Return the lower end of the Wilson score interval, 0 to 1; 0 without answers.

    Many answers at 90 percent are worth more than a few at 100.

    Source: Wilson, "Probable Inference", JASA 22 (1927), https://doi.org/10.2307/2276774

    >>> round(lower_bound(90, 100), 3), round(lower_bound(10, 10), 3)
    (0.826, 0.722)
    """
    if answered == 0:
        return 0.0
    share = right / answered
    spread = Z * sqrt(share * (1 - share) / answered + Z * Z / (4 * answered * answered))
    return max(0.0, (share + Z * Z / (2 * answered) - spread) / (1 + Z * Z / answered))


def accuracy(right: int, answered: int) -> int | None:
    """Return the lower bound in thousandths; None below ``MIN_ANSWERS``."""
    return None if answered < MIN_ANSWERS else floor(1000 * lower_bound(right, answered) + 0.5)


def improvement(right: int, answered: int, right_before: int, answered_before: int) -> int | None:
    """Return by how many thousandths the share of right answers rose, -1000 to 1000.

    None when there are fewer than ``MIN_ANSWERS`` answers now or before.

    >>> improvement(8, 10, 5, 10), improvement(9, 9, 1, 10)
    (300, None)
    """
    if min(answered, answered_before) < MIN_ANSWERS:
        return None
    return floor(1000 * (right / answered - right_before / answered_before) + 0.5)
