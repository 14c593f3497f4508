"""Which entries may stand beside another as wrong options.

The ones that learners mix up with it: those it is confused with, of its category, of its topic,
and then those whose texts share most with its own. Always alive and of its kind, and of its exam
where that has enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from bot.core.giveaway import mention, says, spelt_out, telltale
from bot.core.model import Entry, Kind
from bot.core.overlap import Overlap

BENCH = 8
"""Most neighbours of which the wrong options of an entry's questions are taken by turns."""
FEW = 5
"""With fewer that are confused with it or of its category, others fill the bench to this."""
_FAR = 2
_MIX = 0x9E3779B1
"""Knuth's multiplicative hashing; 2 ** 32 divided by the golden ratio."""


class Neighbours:
    """The neighbours of every entry. The order of the entries makes no difference."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._overlap = Overlap(entries)
        self._alive: defaultdict[Kind, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.status == "active":
                self._alive[entry.kind].append(entry)
        self._confused: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            for difference in entry.differences:
                self._confused[entry.id].add(difference.entry_id)
                self._confused[difference.entry_id].add(entry.id)
        self._benches: dict[tuple[str, bool], tuple[Entry, ...]] = {}

    def bench(self, entry: Entry, *, any_kind: bool = False) -> tuple[Entry, ...]:
        """Return the nearest neighbours, at most BENCH, the likeliest to be mixed up first."""
        key = (entry.id, any_kind)
        if key not in self._benches:
            self._benches[key] = tuple(self._nearest(entry, any_kind))
        return self._benches[key]

    def near(self, entry: Entry) -> int:
        """Return how many on the bench are mixed up with ``entry`` or of its category."""
        return sum(self._rank(entry, other) < _FAR for other in self.bench(entry))

    def beside(self, entry: Entry, clue: str, count: int) -> tuple[Entry, ...]:
        """Return ``count`` neighbours that ``clue`` does not fit, or none when there are too few.

        The first is one that is mixed up with ``entry``; which ones, changes from clue to clue.
        None is named by the clue. Where the clue has a word of the entry's name, one of them has
        that word as well; where none can, there is no fair question.
        """
        fair = self._fair(clue, self.bench(entry))
        if len(fair) < count:
            return ()
        turn = {other.id: _turn(clue, other.id) for other in fair}
        rank = {other.id: self._rank(entry, other) for other in fair}
        first = min(fair, key=lambda other: (rank[other.id], turn[other.id]))
        rest = [other for other in fair if other is not first]
        # Who is near is on the bench before who is not: those wait until they are needed.
        near = sum(rank[other.id] < _FAR for other in rest)
        rest = sorted(rest[: max(near, count)], key=lambda other: turn[other.id])
        chosen = (first, *rest[: count - 1])
        names = [other.name for other in chosen]
        root = telltale(clue, entry.name, names)
        if root is None:
            return () if spelt_out(clue, entry.name, names) else chosen
        for other in self._having(root, entry, clue):
            if other not in chosen:
                exchanged = (*chosen[:-1], other)
                if telltale(clue, entry.name, [one.name for one in exchanged]) is None:
                    return exchanged
        return ()

    def apart(self, entry: Entry, clue: str) -> list[Entry]:
        """Return neighbours of any kind that ``clue`` does not fit, for their texts, not names.

        The nearest come first; which of them, changes from clue to clue.
        """
        fair = self._fair(clue, self.bench(entry, any_kind=True))
        return sorted(
            fair,
            key=lambda other: (self._rank(entry, other) == _FAR, _turn(clue, other.id)),
        )

    def _rank(self, entry: Entry, other: Entry) -> int:
        if other.id in self._confused[entry.id]:
            return 0
        return 1 if other.category == entry.category else _FAR

    def fits_too(self, clue: str, other: Entry) -> bool:
        """Return whether ``clue`` may fit ``other`` as well."""
        return bool(self._overlap.fits_too(clue, (other.id,)))

    def _fair(self, clue: str, others: Iterable[Entry]) -> list[Entry]:
        named = [other for other in others if not mention(clue, other.names)]
        fits = self._overlap.fits_too(clue, [other.id for other in named])
        return [other for other in named if other.id not in fits]

    def _nearest(self, entry: Entry, any_kind: bool) -> Iterator[Entry]:
        confused = self._confused[entry.id]
        kinds = self._alive.values() if any_kind else (self._alive[entry.kind],)
        alike = [other for kind in kinds for other in kind if other.id != entry.id]
        own = [other for other in alike if other.exam == entry.exam]
        taken: set[str] = set()

        def take(some: Iterable[Entry], most: int) -> Iterator[Entry]:
            if len(taken) < most:
                free = (other for other in some if other.id not in taken)
                for other in self._by_likeness(entry, free)[: most - len(taken)]:
                    taken.add(other.id)
                    yield other

        yield from take((other for other in alike if other.id in confused), BENCH)
        yield from take((other for other in own if other.category == entry.category), BENCH)
        yield from take((other for other in own if other.topic == entry.topic), FEW)
        yield from take((other for other in own if other.domain == entry.domain), FEW)
        yield from take(own, FEW)
        yield from take(alike, FEW)

    def _by_likeness(self, entry: Entry, others: Iterable[Entry]) -> list[Entry]:
        likeness = self._overlap.likeness
        return sorted(others, key=lambda other: (-likeness(entry.id, other.id), other.id))

    def _having(self, root: str, entry: Entry, clue: str) -> list[Entry]:
        """Return who is of the same field and has that very word in its name, the nearest first."""
        some = [
            other
            for other in self._alive[entry.kind]
            if other.id != entry.id
            and (other.exam, other.domain) == (entry.exam, entry.domain)
            and says(other.name, root)
        ]
        return self._by_likeness(entry, self._fair(clue, some))


def _turn(clue: str, entry_id: str) -> int:
    """Return a number that is another for each pair, and the same at every start.

    Checksums alone keep almost one order for all clues: they are linear. A factor mixes them.
    """
    return (crc32(clue.encode()) ^ crc32(entry_id.encode())) * _MIX % 2**32
