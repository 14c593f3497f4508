"""Which entries a bag of words points at: field-weighted BM25 over postings held in memory.

Building it only notes where each term stands. What a term adds to the score of each document is
worked out when it is first asked for, so a question costs one merge of short lists. The idf is
Lucene's, which is positive for every term. Because it is known where a term stands, it can be told
for the few best documents whether what a question says stands together or is strewn about.

Source: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004);
https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import chain, compress, count, islice, pairwise, repeat
from operator import itemgetter, sub
from typing import NamedTuple

K1 = 1.5
"""How soon another occurrence of a term stops adding."""
LENGTH_NORM = 0.5
"""From 0 (a long field is as good as a short one) to 1."""
SCAN_LIMIT = 1_000
"""Postings read for a question before common terms stop leading to new documents."""
NEIGHBOURS_LOOKED_AT = 30
REFINED = 60
"""Documents that the common terms left then still add to, the best so far."""


COMMON = 10_000
"""A term that stands in so many places is counted when the index is built: no question waits."""
GROUPED_AT_ONCE = 1 << 20
"""Terms whose places are held in memory as objects."""
PASSAGE_END = "\n"
"""Stands in a stream between two passages."""


class Stream:
    """Documents as one run of terms after another, each of one field.

    A term's place is where it stands in all of this. Neighbours in a passage differ by one, and
    places in two passages never do.
    """

    def __init__(self, size: int) -> None:
        """``size`` is the number of documents."""
        self.size = size
        self.terms: list[str] = []
        self.passages: list[int] = []
        """The passages, one after the other, each by its number in its document."""
        self.begins: list[int] = []
        """For each run its first place ..."""
        self.lengths: list[int] = []
        """... how many terms it has ..."""
        self.docs: list[int] = []
        """... its document ..."""
        self.fields: list[str] = []
        """... and its field."""

    def add(self, doc: int, passage: int, field: str, terms: Sequence[str]) -> None:
        """Add a run that begins in ``passage``; PASSAGE_END between its terms begins the next.

        Documents, and passages in a document, count up from 0.
        """
        further = terms.count(PASSAGE_END)
        if not self.docs:
            self.passages.append(passage)
        elif self.docs[-1] != doc or self.passages[-1] != passage:
            self.terms.append(PASSAGE_END)
            self.passages.append(passage)
        self.passages += range(passage + 1, passage + 1 + further)
        self.begins.append(len(self.terms))
        self.lengths.append(len(terms) - further)
        self.docs.append(doc)
        self.fields.append(field)
        self.terms += terms

    def only(self, fields: Iterable[str]) -> Stream:
        """Return the same without the runs of other fields."""
        kept = frozenset(fields)
        if kept.issuperset(self.fields):
            return self
        found = Stream(self.size)
        ends = list(compress(count(), map(PASSAGE_END.__eq__, self.terms)))
        for (begin, end), doc, field in zip(
            pairwise((*self.begins, len(self.terms))), self.docs, self.fields, strict=True
        ):
            terms = self.terms[begin:end]
            if terms[-1:] == [PASSAGE_END]:
                terms.pop()
            if field in kept:
                found.add(doc, self.passages[bisect_left(ends, begin)], field, terms)
        return found


class Standing(NamedTuple):
    """Where a term stands in a document."""

    places: Sequence[int]
    passages: Collection[int]
    """Each once, by its number in the document."""


_NOWHERE = Standing((), ())


class Posting:
    """The documents that have a term."""

    __slots__ = ("frequency", "idf", "impacts", "places", "standing")

    def __init__(self, places: Sequence[int], size: int, frequency: int) -> None:
        """``frequency`` counts the documents that have it, of ``size``."""
        self.places = places
        """Where it stands, in order."""
        self.frequency = frequency
        self.idf = math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
        self.impacts: Mapping[int, float] | None = None
        """What it adds to the score of each; None while nobody asked for all of them."""
        self.standing: dict[int, Standing] = {}
        """Where it stands in those that were looked at."""


class Index:
    """Documents of several weighted fields, each a sequence of terms."""

    def __init__(self, stream: Stream, weights: Mapping[str, float]) -> None:
        """Leave out the runs of fields without a weight."""
        stream = stream.only(weights)
        self.size = stream.size
        self._places = _grouped(stream.terms)
        ends = self._places.pop(PASSAGE_END, array("I"))
        self._passages = _repeated(stream.passages, [*ends, len(stream.terms)])
        """For each place its passage ..."""
        self._runs = _repeated(range(len(stream.docs)), [*stream.begins[1:], len(stream.terms)])
        """... and its run."""
        self._docs = array("I", stream.docs)
        """For each run its document ..."""
        self._units = array("d", _units(stream, weights))
        """... and what one occurrence of a term in it counts."""
        self._begins = _begins(stream)
        """For each document its first place, and the end."""
        self._postings: dict[str, Posting] = {}
        self.rarest_idf = math.log(1 + (self.size - 0.5) / 1.5) if self.size else 0.0
        """The idf of a term of one document: what an unknown word is taken to be worth."""
        for term, places in self._places.items():
            if len(places) >= COMMON:
                self._posting(term)

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def idf(self, term: str) -> float:
        """Return how rare ``term`` is; 0 when no document has it."""
        posting = self._posting(term)
        return 0.0 if posting is None else posting.idf

    def frequency(self, term: str) -> int:
        """Return how many documents have ``term``."""
        posting = self._posting(term)
        return 0 if posting is None else posting.frequency

    def impact(self, term: str, doc: int) -> float:
        """Return what ``term`` adds to the score of ``doc``, from 0 to its idf."""
        posting = self._posting(term)
        return 0.0 if posting is None else self._impact(posting, doc)

    def terms(self) -> Iterable[str]:
        """Return every term, in no order."""
        return self._places.keys()

    def search(self, query: Mapping[str, float]) -> dict[int, float]:
        """Return the score of every document that a telling term of ``query`` leads to.

        Terms are taken from the rarest on. When SCAN_LIMIT postings have been read, the commoner
        terms left only add to the best documents found so far: alone they lead nowhere, and their
        long lists are what a question over a large corpus would cost.
        """
        known = [
            (posting.frequency, term, posting, weight)
            for term, weight in query.items()
            if (posting := self._posting(term)) is not None
        ]
        known.sort(key=itemgetter(0, 1))
        totals: dict[int, float] = {}
        best: list[int] | None = None
        scanned = 0
        for frequency, _, posting, weight in known:
            if best is None and scanned and scanned + frequency > SCAN_LIMIT:
                best = nlargest(REFINED, totals, key=lambda doc: (totals[doc], -doc))
            if best is not None:
                for doc in best:
                    totals[doc] += weight * self._impact(posting, doc)
                continue
            impacts = self._impacts(posting)
            if not scanned:
                totals = {doc: weight * impact for doc, impact in impacts.items()}
            else:
                for doc, impact in impacts.items():
                    totals[doc] = totals.get(doc, 0.0) + weight * impact
            scanned += frequency
        return totals

    def standing(self, term: str, docs: Iterable[int]) -> list[tuple[int, Standing]]:
        """Return where a term stands in those of ``docs`` that have it."""
        posting = self._posting(term)
        if posting is None:
            return []
        having, known = posting.impacts, posting.standing
        if having is not None:
            docs = [doc for doc in docs if doc in having]
        found = [
            (doc, known[doc] if doc in known else self._standing(posting, doc)) for doc in docs
        ]
        return found if having is not None else [item for item in found if item[1].places]

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether ``second`` follows ``first`` in a passage.

        Only the first NEIGHBOURS_LOOKED_AT documents that have ``first`` are looked at.
        """
        before, after = self._posting(first), self._posting(second)
        if before is None or after is None:
            return False
        docs = islice(self._impacts(before), NEIGHBOURS_LOOKED_AT)
        following = {at + 1 for doc in docs for at in self._places_in(before, doc)}
        return not following.isdisjoint(after.places)

    def _posting(self, term: str) -> Posting | None:
        found = self._postings.get(term)
        if found is None and (places := self._places.get(term)) is not None:
            docs = set(map(self._docs.__getitem__, map(self._runs.__getitem__, places)))
            found = self._postings[term] = Posting(places, self.size, len(docs))
        return found

    def _impacts(self, posting: Posting) -> Mapping[int, float]:
        """Return what a term adds to the score of each document that has it, in order."""
        if posting.impacts is None:
            frequencies: dict[int, float] = {}
            docs, units = self._docs, self._units
            for run in map(self._runs.__getitem__, posting.places):
                doc = docs[run]
                frequencies[doc] = frequencies.get(doc, 0.0) + units[run]
            found = _saturated(posting.idf, frequencies.values())
            posting.impacts = dict(zip(frequencies, found, strict=True))
        return posting.impacts

    def _impact(self, posting: Posting, doc: int) -> float:
        if posting.impacts is not None:
            return posting.impacts.get(doc, 0.0)
        runs = map(self._runs.__getitem__, self._places_in(posting, doc))
        return _saturated(posting.idf, [sum(map(self._units.__getitem__, runs))])[0]

    def _standing(self, posting: Posting, doc: int) -> Standing:
        places = self._places_in(posting, doc)
        if not places:
            return _NOWHERE
        passages = tuple(set(map(self._passages.__getitem__, places)))
        found = posting.standing[doc] = Standing(tuple(places), passages)
        return found

    def _places_in(self, posting: Posting, doc: int) -> Sequence[int]:
        if not 0 <= doc < self.size:
            return ()
        begin = bisect_left(posting.places, self._begins[doc])
        return posting.places[begin : bisect_left(posting.places, self._begins[doc + 1], begin)]


def _saturated(idf: float, frequencies: Iterable[float]) -> array[float]:
    return array("f", [idf * frequency / (K1 + frequency) for frequency in frequencies])


def _units(stream: Stream, weights: Mapping[str, float]) -> list[float]:
    """Return what an occurrence counts in each run: its field's weight, for the field's length."""
    lengths: defaultdict[tuple[int, str], int] = defaultdict(int)
    totals = dict.fromkeys(weights, 0)
    keys = list(zip(stream.docs, stream.fields, strict=True))
    for key, length in zip(keys, stream.lengths, strict=True):
        lengths[key] += length
        totals[key[1]] += length
    averages = {field: total / max(stream.size, 1) or 1.0 for field, total in totals.items()}
    units = {
        (doc, field): weights[field] / (1 - LENGTH_NORM + LENGTH_NORM * length / averages[field])
        for (doc, field), length in lengths.items()
    }
    return [units[key] for key in keys]


def _begins(stream: Stream) -> array[int]:
    """Return for each document its first place, and the end of all."""
    found = array("I", bytes(4 * (stream.size + 1)))
    begins = dict(zip(reversed(stream.docs), reversed(stream.begins), strict=True))
    begin = len(stream.terms)
    for doc in range(stream.size, -1, -1):
        begin = found[doc] = begins.get(doc, begin)
    return found


def _grouped(terms: Sequence[str]) -> dict[str, array[int]]:
    """Return each term with its places, in order."""
    found: dict[str, array[int]] = {}
    for begin in range(0, len(terms), GROUPED_AT_ONCE):
        some: defaultdict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(islice(terms, begin, begin + GROUPED_AT_ONCE), begin):
            some[term].append(place)
        for term, places in some.items():
            if term in found:
                found[term].extend(places)
            else:
                found[term] = array("I", places)
    return found


def _repeated(values: Sequence[int], ends: Sequence[int]) -> array[int]:
    """Return each value as often as there are places before its end, from the last one's on."""
    lengths = map(sub, ends, chain((0,), ends))
    return array("I", chain.from_iterable(map(repeat, values, lengths)))
