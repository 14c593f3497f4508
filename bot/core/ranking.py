"""How well an entry answers a question: a few plain numbers, and their weighted sum.

The index finds candidates by all their words together. This looks closer at the best of them:
whether what the question says stands in one passage or is strewn about, how much of it is covered,
and what its names say. Each number can be shown, and ``bot.core.tuning`` has their weights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from bot.core.field import Fields
from bot.core.index import Index, Standing, best_of, follows
from bot.core.model import Entry
from bot.core.naming import Naming
from bot.core.reading import Reading
from bot.core.text import stem
from bot.core.tuning import Tuning
from bot.core.word import cut_all

LOOKED_AT = 6
"""Candidates of the index that are looked at closely."""
FILED_AHEAD = 1.0
"""What a service of the field that is asked for has ahead in becoming one of them, in units."""
_VENDOR = frozenset(("aws", "amazon"))


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
    is_alone: float
    """Where it is named in passing: 1 for one further word that says something, 1/2 for two ..."""
    is_passing: float
    """1 when it only says where."""
    is_scenery: float
    """1 when it is named, and another thing is asked for."""
    is_plain: float
    """1 when its name is there as the common word that it also is."""
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
    is_core: float
    """1 when the question asks for a service, and an exam asks about it most."""
    is_filed: float
    """1 when the question asks for a service of a field ("storage service"), and it is one."""


NAMES = Signs._fields


class Candidate(NamedTuple):
    """An entry, what speaks for it, and its score."""

    number: int
    score: float
    signs: Signs
    evidence: float
    """What of the question it has, in units."""
    matched: int
    """How many words of the question it has; those of names and field terms count twice."""
    told: float
    """The best passage as a share of what the question says beside the entry's name, 0 to 1; 1
    when it says nothing else."""
    passages: Mapping[int, float]
    """Passage to score, for the passages that have anything of the question beside its name."""


class Ranker:
    """Ranks entries for a reading."""

    def __init__(
        self,
        index: Index,
        entries: Sequence[Entry],
        tuning: Tuning,
        core: Collection[int],
        fields: Fields,
    ) -> None:
        """``entries[i]`` is what document ``i`` of the index was made of.

        ``core`` are those that an exam asks about most.
        """
        self._fields = fields
        self._index = index
        self._core = frozenset(core)
        self._kinds = [entry.kind for entry in entries]
        self._concepts = {n for n, kind in enumerate(self._kinds) if kind == "concept"}
        said = cut_all([entry.name for entry in entries], stem)
        filed = cut_all([entry.category for entry in entries], stem)
        self._filed = [frozenset((*name, *under)) for name, under in zip(said, filed, strict=True)]
        """The words that each entry is called by or filed under."""
        self._prominence = [_prominence(index, name) for name in said]
        self._tuning = tuning
        self._weights = [tuning.signs[name] for name in NAMES]
        self._naming = {
            Naming.PLAIN: 0.0,
            Naming.SCENERY: 0.0,
            Naming.PASSING: tuning.mention,
            Naming.MENTION: tuning.mention,
            Naming.SUBJECT: tuning.subject,
        }

    def rank(self, reading: Reading) -> list[Candidate]:
        """Return the best entries, best first; ties break by their order."""
        totals = self._index.search(reading.weights)
        unit = self._index.rarest_idf or 1.0
        rough = totals
        if reading.named:
            rough = dict(totals)
            for number, naming in reading.named.items():
                rough[number] = rough.get(number, 0.0) + self._naming[naming] * unit
        filed = self._filed_asked(reading)
        if "service" in reading.asked_kinds:
            if filed:
                rough = {n: rough[n] + FILED_AHEAD * unit * (n in filed) for n in rough}
            # Concepts share the words of the services that serve them, and take their seats.
            concepts = self._concepts
            rough = {n: total for n, total in rough.items() if n not in concepts} or rough
        chosen = best_of(rough, LOOKED_AT)
        look = _Look(self._index, reading, self._tuning, chosen, filed)
        found = [
            self._candidate(look, reading, number, totals.get(number, 0.0) / unit)
            for number in chosen
        ]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.number))

    def look(self, reading: Reading, number: int) -> Candidate:
        """Return what speaks for one entry, found or not."""
        weights = reading.weights.items()
        bag = sum(weight * self._index.impact(term, number) for term, weight in weights)
        filed = self._filed_asked(reading)
        look = _Look(self._index, reading, self._tuning, [number], filed)
        return self._candidate(look, reading, number, bag / (self._index.rarest_idf or 1.0))

    def _candidate(self, look: _Look, reading: Reading, number: int, bag: float) -> Candidate:
        passages, pairs, matched = look.at(number)
        cover, evidence, count = look.cover(number, matched)
        best = [*sorted(passages.values(), reverse=True)[:2], 0.0, 0.0]
        naming = reading.named.get(number)
        asked = reading.asked_kinds
        is_there = naming in (Naming.MENTION, Naming.PASSING)
        is_beside = naming in (Naming.SCENERY, Naming.PLAIN)
        own = look.own(number, matched) if is_there or is_beside else 0.0
        signs = Signs(
            bag=bag,
            cover=cover,
            passage=best[0],
            second=best[1],
            pairs=pairs,
            is_subject=float(naming is Naming.SUBJECT),
            is_first=float(number == look.first_subject),
            is_mentioned=float(naming is Naming.MENTION),
            is_alone=look.alone(number) if is_there else 0.0,
            is_passing=float(naming is Naming.PASSING),
            is_plain=float(naming is Naming.PLAIN),
            is_scenery=float(naming is Naming.SCENERY),
            own_scenery=own if is_beside else 0.0,
            own_mention=own if is_there else 0.0,
            head=look.head(self._filed[number]),
            prominence=self._prominence[number],
            is_other_kind=float(bool(asked) and self._kinds[number] not in asked),
            is_core=float("service" in asked and number in self._core),
            is_filed=float(number in look.filed),
        )
        score = sum(map(mul, self._weights, signs))
        told = look.told(number, best[0])
        return Candidate(number, score, signs, evidence, count, told, passages)

    def _filed_asked(self, reading: Reading) -> frozenset[int]:
        """Return the entries of the field of services that is asked for; none when none is."""
        if "service" not in reading.asked_kinds:
            return frozenset()
        return self._fields.of(reading.asked)


def _prominence(index: Index, name: Sequence[str]) -> float:
    """Return how many entries say the rarest word of a name, on a scale from 0 to 1."""
    words = [word for word in name if word not in _VENDOR]
    least = min(map(index.frequency, words), default=0)
    return math.log1p(least) / math.log1p(max(index.size, 1))


class _Look:
    """A question, ready to be held against one entry after another."""

    def __init__(
        self,
        index: Index,
        reading: Reading,
        tuning: Tuning,
        docs: Sequence[int],
        filed: Set[int],
    ) -> None:
        """``docs`` are the entries to be looked at, ``filed`` those of the field asked for."""
        self.filed = filed
        self._tuning = tuning
        self._names = reading.in_names
        self._asked = reading.asked
        unit = index.rarest_idf or 1.0
        content = [(place, word) for place, word in enumerate(reading.words) if not word.is_stop]
        self._words = [
            (place, (index.idf(word.stem) or unit) * word.cover / unit, word.repair)
            for place, word in content
        ]
        """The places of words that say something, each with what it weighs and its repair."""
        self._whole = sum([weight for _, weight, _ in self._words])
        self._worth = {place: 0.0 for place, _ in content}
        """What each place is worth at most, in units; an unknown word is a rare one."""
        values: dict[str, float] = {}
        standing: defaultdict[int, set[str]] = defaultdict(set)
        for term, weight, places in reading.wants:
            share = weight / len(places)
            rarity = index.idf(term) / unit
            value = share * (rarity or 1.0)
            for place in places:
                if value > self._worth.get(place, 0.0):
                    self._worth[place] = value
            if rarity:
                if value > values.get(term, -1.0):
                    values[term] = value
                for place in places:
                    standing[place].add(term)
        self._all_worth = sum(self._worth.values())
        self._wanted = {
            place: sorted([(values[term], term) for term in terms], reverse=True)
            for place, terms in standing.items()
        }
        """The terms of the index that each place stands for, with what they are worth in units."""
        self._neighbours = _neighbours(self._wanted, [place for place, _ in content])
        self._having: dict[int, dict[str, Standing]] = {doc: {} for doc in docs}
        """For each entry the wanted terms that it has, each with where it stands there."""
        for term in values:
            for doc, where in index.standing(term, docs):
                self._having[doc][term] = where
        subjects = [n for n, grade in reading.named.items() if grade is Naming.SUBJECT]
        self.first_subject = subjects[0] if len(subjects) > 1 else None

    def at(self, number: int) -> tuple[dict[int, float], float, dict[int, float]]:
        """Return the score of each passage, of neighbours, and of each place what it is worth.

        Of the terms that a place stands for the best one counts. The entry's own name counts for
        no passage: all of them are about it.
        """
        passages: defaultdict[int, float] = defaultdict(float)
        matched: dict[int, float] = {}
        having = self._having[number]
        own = self._names.get(number, ())
        for place, wanted in self._wanted.items():
            counted: Set[int] = frozenset()
            for value, term in wanted:
                where = having.get(term)
                if where is None:
                    continue
                spots = where.passages
                if not counted:
                    matched[place] = value
                    if place in own:
                        break
                    counted = spots
                else:
                    spots -= counted
                    counted |= spots
                for passage in spots:
                    passages[passage] += value
        pairs = 0.0
        for couples in self._neighbours:
            for value, first, second in couples:
                if first in having and second in having and follows(having[first], having[second]):
                    pairs += value
                    break
        return passages, pairs, matched

    def told(self, number: int, passage: float) -> float:
        """Return what share ``passage`` is of all that is wanted beside the entry's name."""
        rest = self._all_worth
        if own := self._names.get(number):
            rest = sum([value for place, value in self._worth.items() if place not in own])
        return min(1.0, passage / rest) if rest else 1.0

    def own(self, number: int, matched: Mapping[int, float]) -> float:
        """Return how much of what matches is the entry's own name, in units."""
        return sum([matched.get(place, 0.0) for place in self._names.get(number, ())])

    def alone(self, number: int) -> float:
        """Return one over the words that say something beside the entry's name; 1 for none."""
        own = self._names.get(number, ())
        return 1 / max(1, sum([place not in own for place, _, _ in self._words]))

    def head(self, filed: frozenset[str]) -> float:
        """Return the share of the asked-for thing's words that an entry is filed under."""
        return len(self._asked & filed) / len(self._asked) if self._asked else 0.0

    def cover(self, number: int, matched: Mapping[int, float]) -> tuple[float, float, int]:
        """Return how much of the question is covered: a share, units, and a count of words."""
        in_names = self._names.get(number)
        have = 0.0
        count = 0
        if not in_names:
            for place, weight, repair in self._words:
                if place in matched:
                    have += weight * repair
                    count += 1
            return (have / self._whole if self._whole else 0.0), have, count
        whole = 0.0
        for place, weight, repair in self._words:
            is_name = place in in_names
            if is_name:
                weight = self._tuning.name_cover
            whole += weight
            if is_name or place in matched:
                have += weight * repair
                count += 2 if is_name else 1
        return (have / whole if whole else 0.0), have, count


def _neighbours(
    wanted: Mapping[int, Sequence[tuple[float, str]]], content: Sequence[int]
) -> list[list[tuple[float, str, str]]]:
    """Return the pairs of terms that neighbouring words stand for, those of two words together.

    Each is what it is worth when an entry has them as neighbours too, and both terms; the best
    first.
    """
    return [
        sorted(
            [
                (min(value, other), first, second)
                for value, first in wanted[place]
                for other, second in wanted[following]
            ],
            reverse=True,
        )
        for place, following in pairwise(content)
        if place in wanted and following in wanted
    ]
