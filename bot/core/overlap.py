"""How far what is said of one entry is said of others too.

Two uses: a wrong option must not fit the question as well, and the most plausible wrong options
are those that share most with the right one. Words are compared as stems and weighed by rarity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log

from bot.core.model import Entry
from bot.core.text import roots

FITS = 0.5
"""A clue of which another entry's sentence says at least this share may fit that entry too.

Chosen by reading the 300 nearest pairs of knowledge/aws: above it lie the clues that fit two
(a role for an application is said of IAM and of STS), below it what only shares the field."""

Terms = frozenset[str]


class Overlap:
    """Compares the sentences of entries. The order of the entries makes no difference."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._of_others: defaultdict[str, list[str]] = defaultdict(list)
        """What other entries say of an entry to tell it apart, by its id."""
        for entry in entries:
            for difference in entry.differences:
                self._of_others[difference.entry_id].append(difference.that)
        self._all = {entry.id: _union(self._said(entry)) for entry in entries}
        self._core = {entry.id: _union((entry.summary, *entry.clues)) for entry in entries}
        counts = Counter(term for terms in self._all.values() for term in terms)
        self._unknown = log(1 + len(entries))
        self._weight = {term: log(1 + len(entries) / count) for term, count in counts.items()}
        self._weighed: dict[str, tuple[dict[str, float], float]] = {}

    def fits_too(self, clue: str, other: str) -> bool:
        """Return whether a clue of another entry may fit ``other``, given by id, as well.

        One sentence about the other says much of the clue, and has its numbers.
        """
        terms, needed = self._weigh(clue)
        if self._share(terms, self._all[other]) < needed:
            return False
        numbers = {term for term in terms if term.isdigit()}
        sentences = (frozenset(roots(text)) for text in self._said(self._entries[other]))
        return any(numbers <= said and self._share(terms, said) >= needed for said in sentences)

    def _weigh(self, clue: str) -> tuple[dict[str, float], float]:
        """Return the weight of each term of ``clue``, and how much of it has to be shared."""
        if clue not in self._weighed:
            weight = self._weight
            terms = {term: weight.get(term, self._unknown) for term in roots(clue)}
            self._weighed[clue] = terms, FITS * sum(terms.values())
        return self._weighed[clue]

    def likeness(self, entry_id: str, other_id: str) -> float:
        """Return how much ``other_id`` shares of what is characteristic of ``entry_id``."""
        weight, terms = self._weight, self._core[entry_id] & self._core[other_id]
        return sum(weight[term] for term in terms)

    def _said(self, entry: Entry) -> Iterator[str]:
        yield entry.summary
        yield from entry.clues
        for fact in entry.facts:
            yield fact.text
        for difference in entry.differences:
            yield difference.this
        yield from self._of_others[entry.id]

    @staticmethod
    def _share(terms: dict[str, float], said: Terms) -> float:
        return sum(weight for term, weight in terms.items() if term in said)


def _union(texts: Iterable[str]) -> Terms:
    return frozenset().union(*map(roots, texts))
