"""How well an entry answers a question: a few plain numbers, and their weighted sum.

The index finds candidates by all their words together. This looks closer at the best of them:
whether what the question says stands in one passage or is strewn about, how much of it is covered,
and what its names say. Each number can be shown, and ``bot.core.tuning`` has their weights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from bot.core.index import PASSAGE, Index
from bot.core.model import Entry
from bot.core.naming import Naming
from bot.core.reading import Reading
from bot.core.tuning import Tuning
from bot.core.word import Word, stemmed

LOOKED_AT = 12
"""Candidates of the index that are looked at closely."""


class Signs(NamedTuple):
    """What speaks for an entry. Scores are in units of the idf of a term of one entry only."""

    bag: float
    """BM25 over all its fields."""
    cover: float
    """Share of what the question says that the entry has, 0 to 1."""
    passage: float
    """The best single passage."""
    second: float
    """The next best passage."""
    pairs: float
    """Neighbouring words of the question that are neighbours in the entry."""
    is_subject: float
    """1 when the question is about it by name."""
    is_first: float
    """1 when it is the first name of several that the question is about."""
    is_mentioned: float
    """1 when it is named in passing."""
    is_scenery: float
    """1 when it is named, and another thing is asked for."""
    own_scenery: float
    """What of ``bag`` is its own name, where another thing is asked for."""
    own_mention: float
    """What of ``bag`` is its own name, where it is named in passing."""
    head: float
    """Share of the asked-for thing ("which deployment model") that it is called or filed under."""
    prominence: float
    """How much the rest of the knowledge speaks of it, 0 to 1."""
    is_other_kind: float
    """1 when the question asks for another kind of thing."""


NAMES = Signs._fields


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, what speaks for it, and its score."""

    number: int
    score: float
    signs: Signs
    evidence: float
    """What of the question it has, in units."""
    matched: int
    """How many words of the question it has; those of names and field terms count twice."""
    passages: Mapping[int, float]
    """Passage to score, for the passages that have anything of the question."""


class Ranker:
    """Ranks entries for a reading."""

    def __init__(self, index: Index, entries: Sequence[Entry], tuning: Tuning) -> None:
        """``entries[i]`` is what document ``i`` of the index was made of."""
        self._index = index
        self._kinds = [entry.kind for entry in entries]
        self._filed = [frozenset(stemmed(f"{entry.name} {entry.category}")) for entry in entries]
        self._prominence = [_prominence(index, entry) for entry in entries]
        self._tuning = tuning
        self._weights = [tuning.signs[name] for name in NAMES]
        self._naming = {
            Naming.SCENERY: 0.0,
            Naming.MENTION: tuning.mention,
            Naming.SUBJECT: tuning.subject,
        }

    def rank(self, reading: Reading) -> list[Candidate]:
        """Return the best entries, best first; ties break by their order."""
        totals = self._index.search(reading.weights)
        unit = self._index.rarest_idf or 1.0
        rough = dict(totals)
        for number, naming in reading.named.items():
            rough[number] = rough.get(number, 0.0) + self._naming[naming] * unit
        chosen = _best(rough, LOOKED_AT)
        look = _Look(self._index, reading, self._tuning, chosen)
        found = [
            self._candidate(look, reading, number, totals.get(number, 0.0) / unit)
            for number in chosen
        ]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.number))

    def look(self, reading: Reading, number: int) -> Candidate:
        """Return what speaks for one entry, found or not."""
        weights = reading.weights.items()
        bag = sum(weight * self._index.impact(term, number) for term, weight in weights)
        look = _Look(self._index, reading, self._tuning, [number])
        return self._candidate(look, reading, number, bag / (self._index.rarest_idf or 1.0))

    def _candidate(self, look: _Look, reading: Reading, number: int, bag: float) -> Candidate:
        passages, pairs, matched = look.at(number)
        own = look.own(number, matched)
        cover, evidence, count = look.cover(number, matched)
        best = [*nlargest(2, passages.values()), 0.0, 0.0]
        naming = reading.named.get(number)
        subjects = [n for n, grade in reading.named.items() if grade is Naming.SUBJECT]
        asked = reading.asked_kinds
        signs = Signs(
            bag=bag,
            cover=cover,
            passage=best[0],
            second=best[1],
            pairs=pairs,
            is_subject=float(naming is Naming.SUBJECT),
            is_first=float(len(subjects) > 1 and number == subjects[0]),
            is_mentioned=float(naming is Naming.MENTION),
            is_scenery=float(naming is Naming.SCENERY),
            own_scenery=own * (naming is Naming.SCENERY),
            own_mention=own * (naming is Naming.MENTION),
            head=look.head(self._filed[number]),
            prominence=self._prominence[number],
            is_other_kind=float(bool(asked) and self._kinds[number] not in asked),
        )
        score = sum(map(mul, self._weights, signs))
        return Candidate(number, score, signs, evidence, count, passages)


def _best(totals: Mapping[int, float], most: int) -> list[int]:
    """Return the entries of the highest totals, best first; ties break by their order."""
    if len(totals) > most:
        least = nlargest(most, totals.values())[-1]
        totals = {number: total for number, total in totals.items() if total >= least}
    return sorted(totals, key=lambda number: (-totals[number], number))[:most]


def _prominence(index: Index, entry: Entry) -> float:
    """Return how many entries say the rarest word of its name, on a scale from 0 to 1."""
    words = [word for word in stemmed(entry.name) if word not in ("aws", "amazon")]
    least = min((index.frequency(word) for word in words), default=0)
    return math.log1p(least) / math.log1p(max(index.size, 1))


class _Look:
    """A question, ready to be held against one entry after another."""

    def __init__(self, index: Index, reading: Reading, tuning: Tuning, docs: Sequence[int]) -> None:
        """``docs`` are the entries that will be looked at."""
        self._index = index
        self._reading = reading
        self._tuning = tuning
        self._unit = index.rarest_idf or 1.0
        values: dict[str, float] = {}
        places: dict[str, set[int]] = {}
        for want in reading.wants:
            value = want.weight * index.idf(want.term) / self._unit / len(want.places)
            values[want.term] = max(values.get(want.term, 0.0), value)
            places.setdefault(want.term, set()).update(want.places)
        self._values, self._places = values, places
        self._standing: dict[int, list[tuple[int, str]]] = {doc: [] for doc in docs}
        """For each entry the places of wanted terms, in order, each with its term."""
        for term in values:
            for doc, where in index.places(term, docs):
                self._standing[doc] += [(place, term) for place in where]
        for standing in self._standing.values():
            standing.sort()
        content = [p for p, word in enumerate(reading.words) if not word.is_stop]
        self._next = dict(pairwise(content))
        self._weights = {place: self._weight(reading.words[place]) for place in content}

    def _weight(self, word: Word) -> float:
        """Return how much a word counts where it is asked how much is covered."""
        weight = self._index.idf(word.stem) or self._unit
        return weight * math.pow(word.rarity, self._tuning.english_cover) / self._unit

    def at(self, number: int) -> tuple[dict[int, float], float, dict[int, float]]:
        """Return the score of each passage, of neighbours, and of each place what it is worth.

        The entry's own name counts for no passage: all of them are about it.
        """
        by_passage: defaultdict[int, dict[int, float]] = defaultdict(dict)
        matched: dict[int, float] = {}
        pairs: dict[int, float] = {}
        last, last_term = -2, ""
        own = self._reading.in_names.get(number, frozenset())
        for at, term in self._standing[number]:
            value = self._values[term]
            scores = by_passage[at // PASSAGE]
            for place in self._places[term]:
                if value > scores.get(place, 0.0) and place not in own:
                    scores[place] = value
                if value > matched.get(place, -1.0):
                    matched[place] = value
            if last == at - 1:
                for place in self._places[last_term]:
                    if self._next.get(place) in self._places[term]:
                        pairs[place] = min(value, self._values[last_term])
            last, last_term = at, term
        passages = {p: sum(scores.values()) for p, scores in by_passage.items()}
        return passages, sum(pairs.values()), matched

    def own(self, number: int, matched: Mapping[int, float]) -> float:
        """Return how much of what matches is the entry's own name, in units."""
        places = self._reading.in_names.get(number, ())
        return sum(matched.get(place, 0.0) for place in places)

    def head(self, filed: frozenset[str]) -> float:
        """Return the share of the asked-for thing's words that an entry is filed under."""
        asked = self._reading.asked
        return len(asked & filed) / len(asked) if asked else 0.0

    def cover(self, number: int, matched: Mapping[int, float]) -> tuple[float, float, int]:
        """Return how much of the question is covered: a share, units, and a count of words."""
        tuning, words = self._tuning, self._reading.words
        in_names = self._reading.in_names.get(number, frozenset())
        whole = have = 0.0
        count = 0
        for place, weight in self._weights.items():
            weight = tuning.name_cover if place in in_names else weight
            whole += weight
            if place in matched or place in in_names:
                have += weight * words[place].repair
                count += 2 if place in in_names else 1
        return (have / whole if whole else 0.0), have, count
