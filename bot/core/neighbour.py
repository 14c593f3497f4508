"""Which entries may stand beside another as wrong options.

The ones that learners mix up with it: those it is confused with, of its category, of its topic,
and then those whose texts share most with its own. Always alive and of its kind, and of its exam
where that has enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from zlib import crc32

from bot.core.giveaway import mention, says, spelt_out, telltale
from bot.core.model import Entry
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
        self._alive = {entry.id: entry for entry in entries if entry.status == "active"}
        self._groups: defaultdict[object, list[Entry]] = defaultdict(list)
        for entry in self._alive.values():
            for group in (_category(entry), _topic(entry), _domain(entry), entry.exam, None):
                self._groups[group].append(entry)
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

        The first is one that is mixed up with ``entry``, then come others that are near; which
        ones, changes from clue to clue. None is named by the clue. Where the clue has a word of
        the entry's name, one of them has that word as well; where none can, there is no fair
        question.
        """
        bench = self.bench(entry)
        if not bench:
            return ()
        first = min(bench, key=lambda other: (self._rank(entry, other), _turn(clue, other)))
        rest = [other for other in bench if other is not first]
        # Who is near is on the bench before who is not: those wait until they are needed.
        near = max(sum(self._rank(entry, other) < _FAR for other in rest), count)
        turns = sorted(rest[:near], key=lambda other: _turn(clue, other))
        chosen = tuple(islice(self._fair(clue, (first, *turns, *rest[near:])), count))
        if len(chosen) < count:
            return ()
        names = [other.name for other in chosen]
        root = telltale(clue, entry.name, names)
        if root is None:
            return () if spelt_out(clue, entry.name, names) else chosen
        for other in self._fair(clue, self._having(root, entry)):
            if other not in chosen:
                exchanged = (*chosen[:-1], other)
                if telltale(clue, entry.name, [one.name for one in exchanged]) is None:
                    return exchanged
        return ()

    def apart(self, entry: Entry, clue: str) -> Iterator[Entry]:
        """Yield neighbours of any kind that ``clue`` does not fit, for their texts, not names.

        Those that are near come first; their order changes from clue to clue.
        """
        bench = self.bench(entry, any_kind=True)
        far_last = sorted(
            bench, key=lambda other: (self._rank(entry, other) == _FAR, _turn(clue, other))
        )
        return self._fair(clue, far_last)

    def fits_too(self, clue: str, other: Entry) -> bool:
        """Return whether ``clue`` may fit ``other`` as well."""
        return self._overlap.fits_too(clue, other.id)

    def _rank(self, entry: Entry, other: Entry) -> int:
        if other.id in self._confused[entry.id]:
            return 0
        return 1 if other.category == entry.category else _FAR

    def _fair(self, clue: str, others: Iterable[Entry]) -> Iterator[Entry]:
        for other in others:
            if not mention(clue, other.names) and not self.fits_too(clue, other):
                yield other

    def _nearest(self, entry: Entry, any_kind: bool) -> Iterator[Entry]:
        taken = {entry.id}
        confused = [self._alive[i] for i in self._confused[entry.id] if i in self._alive]
        for some, most in (
            (confused, BENCH),
            (self._groups[_category(entry)], BENCH),
            (self._groups[_topic(entry)], FEW),
            (self._groups[_domain(entry)], FEW),
            (self._groups[entry.exam], FEW),
            (self._groups[None], FEW),
        ):
            room = most + 1 - len(taken)
            if room > 0:
                free = (other for other in some if other.id not in taken)
                alike = [other for other in free if any_kind or other.kind == entry.kind]
                for other in self._by_likeness(entry, alike)[:room]:
                    taken.add(other.id)
                    yield other

    def _by_likeness(self, entry: Entry, others: Iterable[Entry]) -> list[Entry]:
        likeness = self._overlap.likeness
        return sorted(others, key=lambda other: (-likeness(entry.id, other.id), other.id))

    def _having(self, root: str, entry: Entry) -> list[Entry]:
        """Return who is of the same field and has that very word in its name, the nearest first."""
        some = [
            other
            for other in self._groups[_domain(entry)]
            if other.kind == entry.kind and other.id != entry.id and says(other.name, root)
        ]
        return self._by_likeness(entry, some)


def _category(entry: Entry) -> tuple[str, ...]:
    return ("category", entry.exam, entry.category)


def _topic(entry: Entry) -> tuple[str, ...]:
    return ("topic", entry.exam, entry.topic)


def _domain(entry: Entry) -> tuple[str, ...]:
    return ("domain", entry.exam, entry.domain)


def _turn(clue: str, other: Entry) -> int:
    """Return a number that is another for each pair, and the same at every start.

    Checksums alone keep almost one order for all clues: they are linear. A factor mixes them.
    """
    return (_checksum(clue) ^ _checksum(other.id)) * _MIX % 2**32


@lru_cache(maxsize=20_000)
def _checksum(text: str) -> int:
    return crc32(text.encode())
