"""Which entries a bag of words points at: field-weighted BM25 over postings held in memory.

The impact of every (term, document) pair is computed once, when the tables are made, so a question
costs one merge of short lists. The idf is Lucene's, which is positive for every term. The tables
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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that an index knows, in few flat arrays: quickly kept and quickly read again."""

    size: int
    """The number of documents."""
    terms: tuple[str, ...]
    ends: array[int]
    """For each term where the rows of its documents end; they follow those of the term before."""
    docs: array[int]
    """For each row its document, from the first on ..."""
    impacts: array[float]
    """... what the term adds to its score ..."""
    place_ends: array[int]
    """... and where its places in the next two end."""
    places: array[int]
    """Where in all documents the term stands; neighbours in a passage differ by one."""
    passages: array[int]
    """For each of those the passage of its document."""

    @classmethod
    def of(cls, stream: Stream, weights: Mapping[str, float]) -> Tables:
        """Work them out of documents. Runs of fields without a weight are left out."""
        stream = stream.only(weights)
        grouped = _grouped(stream.terms)
        passage_ends = grouped.pop(PASSAGE_END, array("I"))
        passages = _repeated(stream.passages, [*passage_ends, len(stream.terms)])
        runs = _repeated(range(len(stream.docs)), [*stream.begins[1:], len(stream.terms)])
        units = _units(stream, weights)
        ends, docs, place_ends, all_places, in_passages = (array("I") for _ in range(5))
        impacts = array("f")
        for places in grouped.values():
            having: list[int] = []
            frequencies: list[float] = []
            for at, run in enumerate(map(runs.__getitem__, places), len(all_places)):
                doc = stream.docs[run]
                if having and having[-1] == doc:
                    frequencies[-1] += units[run]
                    continue
                if having:
                    place_ends.append(at)
                having.append(doc)
                frequencies.append(units[run])
            idf = _idf(stream.size, len(having))
            docs.extend(having)
            impacts.extend([idf * count / (K1 + count) for count in frequencies])
            ends.append(len(docs))
            all_places.extend(places)
            place_ends.append(len(all_places))
            in_passages.extend(map(passages.__getitem__, places))
        terms = tuple(grouped)
        return cls(stream.size, terms, ends, docs, impacts, place_ends, all_places, in_passages)


class Standing(NamedTuple):
    """Where a term stands in a document."""

    places: frozenset[int]
    passages: frozenset[int]
    """By their numbers in the document."""


def follows(first: Standing, second: Standing) -> bool:
    """Return whether the second of two terms of a document stands right after the first."""
    if first.passages.isdisjoint(second.passages):
        return False
    return not second.places.isdisjoint(map((1).__add__, first.places))


class Posting:
    """The documents that have a term."""

    __slots__ = ("begin", "end", "idf", "impacts", "standing")

    def __init__(self, begin: int, end: int, idf: float) -> None:
        """``begin`` and ``end`` are those of its rows."""
        self.begin = begin
        self.end = end
        self.idf = idf
        self.impacts: Mapping[int, float] | None = None
        """What it adds to the score of each, in order; None while nobody asked for all of them."""
        self.standing: dict[int, Standing] = {}
        """Where it stands in those that were looked at."""


class Index:
    """Documents of several weighted fields, each a sequence of terms."""

    def __init__(self, tables: Tables) -> None:
        """Answer from ``tables``."""
        self.size = tables.size
        self.tables = tables
        self._numbers = {term: number for number, term in enumerate(tables.terms)}
        self._postings: dict[str, Posting] = {}
        self.rarest_idf = _idf(self.size, 1) if self.size else 0.0
        """The idf of a term of one document: what an unknown word is taken to be worth."""

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

    def idf(self, term: str) -> float:
        """Return how rare ``term`` is; 0 when no document has it."""
        posting = self._postings.get(term) or self._posting(term)
        return 0.0 if posting is None else posting.idf

    def frequency(self, term: str) -> int:
        """Return how many documents have ``term``."""
        posting = self._posting(term)
        return 0 if posting is None else posting.end - posting.begin

    def impact(self, term: str, doc: int) -> float:
        """Return what ``term`` adds to the score of ``doc``, from 0 to its idf."""
        posting = self._posting(term)
        return 0.0 if posting is None else self._impact(posting, doc)

    def terms(self) -> Iterable[str]:
        """Return every term, in no order."""
        return self.tables.terms

    def search(self, query: Mapping[str, float]) -> dict[int, float]:
        """Return the score of every document that a telling term of ``query`` leads to.

        Terms are taken from the rarest on. When SCAN_LIMIT postings have been read, the commoner
        terms left only add to the best documents found so far: alone they lead nowhere, and their
        long lists are what a question over a large corpus would cost.
        """
        known = [
            (posting.end - posting.begin, term, posting, weight)
            for term, weight in query.items()
            if (posting := self._posting(term)) is not None
        ]
        known.sort(key=itemgetter(0, 1))
        totals: defaultdict[int, float] = defaultdict(float)
        best: list[int] | None = None
        scanned = 0
        docs, impacts = self.tables.docs, self.tables.impacts
        for frequency, _, posting, weight in known:
            if best is None and scanned and scanned + frequency > SCAN_LIMIT:
                best = sorted(best_of(totals, REFINED))
            if best is None:
                for doc, impact in self._impacts(posting).items():
                    totals[doc] += weight * impact
                scanned += frequency
                continue
            row, end = posting.begin, posting.end
            for doc in best:
                row = bisect_left(docs, doc, row, end)
                if row < end and docs[row] == doc:
                    totals[doc] += weight * impacts[row]
        return totals

    def standing(self, term: str, docs: Iterable[int]) -> list[tuple[int, Standing]]:
        """Return where a term stands in those of ``docs`` that have it."""
        posting = self._posting(term)
        if posting is None:
            return []
        known, having = posting.standing, posting.impacts
        found = []
        for doc in docs:
            where = known.get(doc)
            if where is None:
                if having is not None and doc not in having:
                    continue
                row = self._row(posting, doc)
                if row is None:
                    continue
                where = known[doc] = self._standing(row)
            found.append((doc, where))
        return found

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether ``second`` follows ``first`` in a passage.

        Only the first NEIGHBOURS_LOOKED_AT documents that have ``first`` are looked at.
        """
        posting = self._posting(first)
        if posting is None:
            return False
        docs = self.tables.docs[posting.begin : posting.end][:NEIGHBOURS_LOOKED_AT]
        before = dict(self.standing(first, docs))
        return any(follows(before[doc], where) for doc, where in self.standing(second, docs))

    def _posting(self, term: str) -> Posting | None:
        found = self._postings.get(term)
        if found is None:
            number = self._numbers.get(term)
            if number is None:
                return None
            ends = self.tables.ends
            begin, end = ends[number - 1] if number else 0, ends[number]
            found = self._postings[term] = Posting(begin, end, _idf(self.size, end - begin))
        return found

    def _impacts(self, posting: Posting) -> Mapping[int, float]:
        """Return what a term adds to the score of each document that has it, in order."""
        found = posting.impacts
        if found is None:
            begin, end, tables = posting.begin, posting.end, self.tables
            found = dict(zip(tables.docs[begin:end], tables.impacts[begin:end], strict=True))
            posting.impacts = found
        return found

    def _impact(self, posting: Posting, doc: int) -> float:
        if posting.impacts is not None:
            return posting.impacts.get(doc, 0.0)
        row = self._row(posting, doc)
        return 0.0 if row is None else self.tables.impacts[row]

    def _row(self, posting: Posting, doc: int) -> int | None:
        docs, end = self.tables.docs, posting.end
        row = bisect_left(docs, doc, posting.begin, end)
        return row if row < end and docs[row] == doc else None

    def _standing(self, row: int) -> Standing:
        tables = self.tables
        begin, end = tables.place_ends[row - 1] if row else 0, tables.place_ends[row]
        places, passages = tables.places[begin:end], tables.passages[begin:end]
        return Standing(frozenset(places), frozenset(passages))


def best_of(totals: Mapping[int, float], most: int) -> list[int]:
    """Return the documents of the highest totals, best first; ties break by their order."""
    if len(totals) > most:
        least = sorted(totals.values())[-most]
        totals = {doc: total for doc, total in totals.items() if total >= least}
    return sorted(totals, key=lambda doc: (-totals[doc], doc))[:most]


def _idf(size: int, frequency: int) -> float:
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


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
