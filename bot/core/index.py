"""Which entries a bag of words points at: field-weighted BM25 over postings held in memory.

The impact of every (term, document) pair is computed once, when the index is built, so a question
costs one merge of short arrays. The idf is Lucene's, which is positive for every term. Postings
say where in a document a term stands, so that it can be told for the few best documents whether
what a question says stands together or is strewn about.

Source: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004);
https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import accumulate, chain
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


class Text(NamedTuple):
    """A run of terms in one field. Texts of the same passage follow one another."""

    field: str
    passage: int
    """From 0, counting up within a document."""
    terms: Sequence[str]


PASSAGE = 1 << 16
"""A place is its passage times this, plus its position in the document; neighbours in a passage
differ by one, and places in two passages never do."""


class Index:
    """Documents of several weighted fields, each a sequence of terms."""

    def __init__(self, documents: Sequence[Sequence[Text]], weights: Mapping[str, float]) -> None:
        """Texts of fields without a weight are left out."""
        self.size = len(documents)
        lengths = [_lengths(document, weights) for document in documents]
        average = {
            field: sum(length[field] for length in lengths) / max(self.size, 1) for field in weights
        }
        found: defaultdict[str, list[tuple[int, float, list[int]]]] = defaultdict(list)
        for doc, document in enumerate(documents):
            units = {
                field: weight
                / (1 - LENGTH_NORM + LENGTH_NORM * lengths[doc][field] / (average[field] or 1.0))
                for field, weight in weights.items()
            }
            _find(doc, document, units, found)
        self._terms = tuple(found)
        self._numbers = {term: number for number, term in enumerate(self._terms)}
        self._idf: list[float] = []
        self._docs: list[array[int]] = []
        """For each term the documents that have it, in order."""
        self._impacts: list[array[float]] = []
        """What the term adds to the score of each of those."""
        self._ends: list[array[int]] = []
        """For each of those the end of its places in the next."""
        self._places: list[array[int]] = []
        for postings in found.values():
            idf = math.log(1 + (self.size - len(postings) + 0.5) / (len(postings) + 0.5))
            self._idf.append(idf)
            self._docs.append(array("I", [doc for doc, _, _ in postings]))
            impacts = [idf * frequency / (K1 + frequency) for _, frequency, _ in postings]
            self._impacts.append(array("f", impacts))
            self._ends.append(array("I", accumulate(len(places) for _, _, places in postings)))
            self._places.append(array("I", chain.from_iterable(p for _, _, p in postings)))
        self.rarest_idf = math.log(1 + (self.size - 0.5) / 1.5) if self.size else 0.0
        """The idf of a term of one document: what an unknown word is taken to be worth."""

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

    def idf(self, term: str) -> float:
        """Return how rare ``term`` is; 0 when no document has it."""
        number = self._numbers.get(term)
        return 0.0 if number is None else self._idf[number]

    def frequency(self, term: str) -> int:
        """Return how many documents have ``term``."""
        number = self._numbers.get(term)
        return 0 if number is None else len(self._docs[number])

    def impact(self, term: str, doc: int) -> float:
        """Return what ``term`` adds to the score of ``doc``, from 0 to its idf."""
        number = self._numbers.get(term)
        return 0.0 if number is None else self._impact(number, doc)

    def _impact(self, number: int, doc: int) -> float:
        docs = self._docs[number]
        place = bisect_left(docs, doc)
        return self._impacts[number][place] if place < len(docs) and docs[place] == doc else 0.0

    def terms(self) -> Iterable[str]:
        """Return every term, in no order."""
        return self._terms

    def search(self, query: Mapping[str, float]) -> dict[int, float]:
        """Return the score of every document that a telling term of ``query`` leads to.

        Terms are taken from the rarest on. When SCAN_LIMIT postings have been read, the commoner
        terms left only add to the best documents found so far: alone they lead nowhere, and their
        long lists are what a question over a large corpus would cost.
        """
        known = [(self._numbers[term], weight) for term, weight in query.items() if term in self]
        known.sort(key=lambda item: (len(self._docs[item[0]]), self._terms[item[0]]))
        totals: dict[int, float] = {}
        best: list[int] | None = None
        scanned = 0
        for number, weight in known:
            docs = self._docs[number]
            if best is None and scanned and scanned + len(docs) > SCAN_LIMIT:
                best = nlargest(REFINED, totals, key=lambda doc: (totals[doc], -doc))
            if best is not None:
                for doc in best:
                    totals[doc] += weight * self._impact(number, doc)
                continue
            scanned += len(docs)
            for doc, impact in zip(docs, self._impacts[number], strict=True):
                totals[doc] = totals.get(doc, 0.0) + weight * impact
        return totals

    def places(self, term: str, docs: Iterable[int]) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield those of ``docs`` that have ``term``, each with its places there (see PASSAGE)."""
        number = self._numbers.get(term)
        if number is None:
            return
        having, ends = self._docs[number], self._ends[number]
        for doc in docs:
            at = bisect_left(having, doc)
            if at < len(having) and having[at] == doc:
                yield doc, self._places[number][ends[at - 1] if at else 0 : ends[at]]

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether ``second`` follows ``first`` in a passage.

        Only the first NEIGHBOURS_LOOKED_AT documents that have ``first`` are looked at.
        """
        number = self._numbers.get(first)
        if number is None:
            return False
        docs = self._docs[number][:NEIGHBOURS_LOOKED_AT]
        before = {doc: set(places) for doc, places in self.places(first, docs)}
        return any(
            place - 1 in before[doc]
            for doc, places in self.places(second, docs)
            for place in places
        )


def _lengths(document: Sequence[Text], fields: Iterable[str]) -> dict[str, int]:
    lengths = dict.fromkeys(fields, 0)
    for text in document:
        if text.field in lengths:
            lengths[text.field] += len(text.terms)
    return lengths


def _find(
    doc: int,
    document: Sequence[Text],
    units: Mapping[str, float],
    found: Mapping[str, list[tuple[int, float, list[int]]]],
) -> None:
    """Add each term of a document with its weighted frequency and its places to ``found``."""
    frequencies: dict[str, float] = {}
    places: dict[str, list[int]] = {}
    position = 0
    for field, passage, terms in document:
        unit = units.get(field)
        if unit is None:
            continue
        for place, term in enumerate(terms, passage * PASSAGE + position):
            if term in places:
                frequencies[term] += unit
                places[term].append(place)
            else:
                frequencies[term] = unit
                places[term] = [place]
        position += len(terms)
    for term, frequency in frequencies.items():
        found[term].append((doc, frequency, places[term]))
