"""Which entries a bag of words points at: field-weighted BM25 over postings held in memory.

The impact of every (word, entry) pair is computed once, when the index is built, so a question
costs one dictionary merge. The idf is Lucene's, which is positive for every word.

Source: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004);
https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

K1 = 1.2
"""How soon another occurrence of a word stops adding."""
LENGTH_NORM = 0.5
"""From 0 (a long field is as good as a short one) to 1."""
SCAN_LIMIT = 5_000
"""Postings read for a question before common terms stop leading to new documents."""


class Index:
    """Documents of several weighted fields, each a sequence of terms."""

    def __init__(
        self, documents: Sequence[Mapping[str, Sequence[str]]], weights: Mapping[str, float]
    ) -> None:
        """``documents[i][field]`` are the terms of document ``i``; unknown fields weigh nothing."""
        self.size = len(documents)
        average = {
            name: sum(len(document.get(name, ())) for document in documents) / max(self.size, 1)
            for name in weights
        }
        frequencies: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for doc, document in enumerate(documents):
            for name, weight in weights.items():
                terms = document.get(name)
                if not terms:
                    continue
                unit = weight / (1 - LENGTH_NORM + LENGTH_NORM * len(terms) / average[name])
                for term, count in Counter(terms).items():
                    postings = frequencies[term]
                    postings[doc] = postings.get(doc, 0.0) + unit * count
        self._idf = {
            term: math.log(1 + (self.size - len(docs) + 0.5) / (len(docs) + 0.5))
            for term, docs in frequencies.items()
        }
        self._postings = {
            term: {doc: self._idf[term] * tf / (K1 + tf) for doc, tf in docs.items()}
            for term, docs in frequencies.items()
        }
        self.rarest_idf = math.log(1 + (self.size - 0.5) / 1.5) if self.size else 0.0
        """The idf of a term of one document: what an unknown word is taken to be worth."""

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def idf(self, term: str) -> float:
        """Return how rare ``term`` is; 0 when no document has it."""
        return self._idf.get(term, 0.0)

    def frequency(self, term: str) -> int:
        """Return how many documents have ``term``."""
        return len(self._postings.get(term, ()))

    def impact(self, term: str, doc: int) -> float:
        """Return what ``term`` adds to the score of ``doc``, from 0 to its idf."""
        return self._postings.get(term, {}).get(doc, 0.0)

    def terms(self) -> Iterable[str]:
        """Return every term, in no order."""
        return self._postings.keys()

    def search(self, query: Mapping[str, float]) -> dict[int, float]:
        """Return the score of every document that a telling term of ``query`` leads to.

        Terms are taken from the rarest on. When SCAN_LIMIT postings have been read, the commoner
        terms left only add to the documents found so far: alone they lead nowhere, and their
        long lists are what a question over a large corpus would cost.
        """
        terms = sorted(
            (term for term in query if term in self._postings),
            key=lambda term: (len(self._postings[term]), term),
        )
        totals: dict[int, float] = {}
        scanned = 0
        for term in terms:
            postings, weight = self._postings[term], query[term]
            if scanned and scanned + len(postings) > SCAN_LIMIT:
                for doc in totals.keys() & postings.keys():
                    totals[doc] += weight * postings[doc]
                continue
            scanned += len(postings)
            for doc, impact in postings.items():
                totals[doc] = totals.get(doc, 0.0) + weight * impact
        return totals
