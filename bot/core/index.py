"""Which entries a bag of words points at: field-weighted BM25 over postings held in memory.

The impact of every (term, document) pair is computed once, when the index is built, so a question
costs one merge of short arrays. The idf is Lucene's, which is positive for every term. Beside the
postings each document keeps its terms in order, passage by passage, so that it can be told for the
few best documents whether what a question says stands together or is strewn about.

Source: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004);
https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import count, pairwise

K1 = 1.2
"""How soon another occurrence of a term stops adding."""
LENGTH_NORM = 0.5
"""From 0 (a long field is as good as a short one) to 1."""
SCAN_LIMIT = 5_000
"""Postings read for a question before common terms stop leading to new documents."""
NEIGHBOURS_LOOKED_AT = 30
REFINED = 200
"""Documents that the common terms left then still add to, the best so far."""


@dataclass(frozen=True, slots=True)
class Text:
    """A run of terms in one field. Texts of the same passage follow one another."""

    field: str
    passage: int
    """From 0, counting up within a document."""
    terms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A wanted term in a document."""

    passage: int
    position: int
    """Counted over the whole document; neighbours in a passage differ by one."""
    term: str


class Index:
    """Documents of several weighted fields, each a sequence of terms."""

    def __init__(
        self, documents: Sequence[Sequence[Text]], weights: Mapping[str, float]
    ) -> None:
        """Texts of fields without a weight are left out."""
        self.size = len(documents)
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        lengths: list[dict[str, int]] = []
        self._streams: list[array[int]] = []
        self._starts: list[array[int]] = []
        """Where each passage begins in its document's stream."""
        for document in documents:
            stream, starts, length = array("I"), array("I"), dict.fromkeys(weights, 0)
            for text in document:
                while len(starts) <= text.passage:
                    starts.append(len(stream))
                if text.field in weights:
                    stream.extend(map(numbers.__getitem__, text.terms))
                    length[text.field] += len(text.terms)
            self._streams.append(stream)
            self._starts.append(starts)
            lengths.append(length)
        self._numbers = dict(numbers)
        self._terms = tuple(numbers)
        self._fill(documents, weights, lengths)

    def _fill(
        self,
        documents: Sequence[Sequence[Text]],
        weights: Mapping[str, float],
        lengths: Sequence[Mapping[str, int]],
    ) -> None:
        average = {
            field: sum(length[field] for length in lengths) / max(self.size, 1) for field in weights
        }
        docs: list[array[int]] = [array("I") for _ in self._terms]
        frequencies: list[array[float]] = [array("f") for _ in self._terms]
        for doc, document in enumerate(documents):
            stream, found, place = self._streams[doc], {}, 0
            for text in document:
                if text.field not in weights or not text.terms:
                    continue
                share = lengths[doc][text.field] / average[text.field]
                unit = weights[text.field] / (1 - LENGTH_NORM + LENGTH_NORM * share)
                end = place + len(text.terms)
                for term in stream[place:end]:
                    found[term] = found.get(term, 0.0) + unit
                place = end
            for term, frequency in found.items():
                docs[term].append(doc)
                frequencies[term].append(frequency)
        self._idf = [
            math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5)) for found in docs
        ]
        self._docs = docs
        self._impacts = [
            array("f", [idf * frequency / (K1 + frequency) for frequency in found])
            for idf, found in zip(self._idf, frequencies, strict=True)
        ]
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

    def numbers(self, terms: Iterable[str]) -> dict[int, str]:
        """Return the known ones of ``terms`` by number, for ``occurrences``."""
        return {self._numbers[term]: term for term in terms if term in self._numbers}

    def occurrences(self, doc: int, wanted: Mapping[int, str]) -> list[Occurrence]:
        """Return where a document has the ``wanted`` terms, in order."""
        starts = self._starts[doc]
        return [
            Occurrence(bisect_right(starts, position) - 1, position, wanted[number])
            for position, number in enumerate(self._streams[doc])
            if number in wanted
        ]

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether ``second`` follows ``first`` in a passage of one of the first documents
        that have both.
        """
        if first not in self or second not in self:
            return False
        numbers = self.numbers((first, second))
        both = set(self._docs[self._numbers[first]]) & set(self._docs[self._numbers[second]])
        for doc in sorted(both)[:NEIGHBOURS_LOOKED_AT]:
            for before, after in pairwise(self.occurrences(doc, numbers)):
                if (before.term, after.term) == (first, second) and (
                    before.passage == after.passage and before.position + 1 == after.position
                ):
                    return True
        return False
