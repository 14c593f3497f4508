"""How fast requests may follow each other: so many a second, with time as an argument."""

from __future__ import annotations


class Pace:
    """Gives out turns, ``burst`` at once after a rest and ``a_second`` a second from then on."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._gap = 1 / a_second
        self._credit = (burst - 1) * self._gap
        self._next = float("-inf")

    def take(self, now: float) -> float:
        """Take a turn at ``now``, in seconds that only grow; return the seconds until it comes."""
        turn = max(self._next, now - self._credit)
        self._next = turn + self._gap
        return max(0.0, turn - now)
