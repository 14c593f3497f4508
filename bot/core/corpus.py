"""The knowledge as terms: every text of every entry cut once, for the index and the speller.

An entry becomes passages: its names, its summary, each clue, each fact with its terms, and so on.
A passage is what a question is held against; the field of each text says how much it weighs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, islice

from bot.core.index import PASSAGE_END, Stream, Tables
from bot.core.model import Entry
from bot.core.phrases import Match, PhraseBook
from bot.core.text import APART, BETWEEN, STOP_WORDS, american, lines_of_tokens, stem, tokens
from bot.core.word import stemmed

PROSE = frozenset(("facts", "summary", "clues", "differences", "duties"))
"""Fields in which authors write sentences; in the others they write names as members type them."""
FIRST_FACT = 1
"""The passage of an entry's first fact; the others follow."""
CUT_AT_ONCE = 1_000
"""Entries of which all words, as they are written, are held in memory."""
_ONE_PASSAGE = f" {BETWEEN} "
_PASSAGES = f" {APART} "


class _Cut(dict[str, str]):
    """A word as it is written to its stem, or to nothing for a stop word."""

    def __init__(self, field_terms: PhraseBook[str]) -> None:
        super().__init__({BETWEEN: "", APART: PASSAGE_END})
        self._following = field_terms.following()
        self.whole = {BETWEEN: BETWEEN, APART: APART}
        """The same, with the stems of stop words too."""
        self.starting: dict[str, Collection[str | None]] = {}
        """Words, as written, with which a term of the field may begin; see PhraseBook.following."""
        self.vocabulary: set[str] = set()
        """The words in lower case and normal spelling."""

    def __missing__(self, raw: str) -> str:
        word = american(raw.casefold())
        whole = self.whole[raw] = stem(word)
        if following := self._following.get(whole):
            self.starting[raw] = following
        self.vocabulary.add(word)
        cut = self[raw] = "" if word in STOP_WORDS else whole
        return cut


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the texts of all entries come to: takes a moment to work out, and may be kept."""

    tables: Tables
    vocabulary: frozenset[str]
    """Every word of them, in lower case and normal spelling."""
    saying: Mapping[str, frozenset[int]]
    """Each watched word and the entries whose prose has it in lower case."""


class Corpus:
    """Cuts texts into terms."""

    def __init__(self, synonyms: Sequence[Sequence[str]] = ()) -> None:
        """Each group of ``synonyms`` is one term of the field, like a word."""
        self.field_terms: PhraseBook[str] = PhraseBook(
            (stemmed(phrase), f"={group[0]}") for group in synonyms for phrase in group
        )
        self._cut = _Cut(self.field_terms)

    def indexed(
        self, entries: Sequence[Entry], watched: Collection[str], weights: Mapping[str, float]
    ) -> Indexed:
        """Return what ``entries`` come to with ``weights`` of their fields.

        ``watched`` are words in lower case.
        """
        saying: dict[str, set[int]] = {word: set() for word in watched}
        tables = Tables.of(self.stream(entries, saying), weights)
        vocabulary = frozenset(self._cut.vocabulary)
        told = {word: frozenset(numbers) for word, numbers in saying.items()}
        return Indexed(tables, vocabulary, told)

    def stream(self, entries: Sequence[Entry], saying: Mapping[str, set[int]]) -> Stream:
        """Return all texts of ``entries``, and add to ``saying`` who says its words."""
        stream = Stream(len(entries))
        waiting = enumerate(entries)
        while some := tuple(islice(waiting, CUT_AT_ONCE)):
            self._add(some, stream, saying)
        return stream

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text``: stems but for stop words, then the terms of the field."""
        return self._terms(tokens(text))

    def _terms(self, raw: list[str]) -> list[str]:
        """Return the terms of a line of words, those of the field behind each of its texts."""
        cut, starting = self._cut, self._cut.starting
        terms = list(filter(None, map(cut.__getitem__, raw)))
        raw = [*raw, BETWEEN]
        stems: list[str] = []
        found: list[Match[str]] = []
        for place in compress(range(len(raw)), map(starting.__contains__, raw)):
            following = starting[raw[place]]
            if cut.whole[raw[place + 1]] in following or None in following:
                stems = stems or list(map(cut.whole.__getitem__, raw))
                found += self.field_terms.at(stems, place)
        if not found:
            return terms
        terms, begin = [], 0
        ends = [place for place, word in enumerate(raw) if word in (BETWEEN, APART)]
        for match in found:
            end = ends[bisect_left(ends, match.start)]
            terms += filter(None, map(cut.__getitem__, raw[begin:end]))
            terms += match.values
            begin = end
        terms += filter(None, map(cut.__getitem__, raw[begin:]))
        return terms

    def _add(
        self, entries: Sequence[tuple[int, Entry]], stream: Stream, saying: Mapping[str, set[int]]
    ) -> None:
        """Add entries, each with its number, to ``stream``; their words are cut in one go."""
        runs = [(number, *run) for number, entry in entries for run in _runs(entry)]
        lines = lines_of_tokens([line for _, _, _, line in runs])
        watched = saying.keys()
        for (number, passage, field, _), raw in zip(runs, lines, strict=True):
            stream.add(number, passage, field, self._terms(raw))
            if field in PROSE and not watched.isdisjoint(raw):
                for word in watched & set(raw):
                    saying[word].add(number)


def _runs(entry: Entry) -> Iterator[tuple[int, str, str]]:
    """Yield the texts of an entry as lines, each with its first passage and its field."""
    yield 0, "names", _ONE_PASSAGE.join(entry.names)
    passage = FIRST_FACT
    for fact in entry.facts:
        yield passage, "facts", fact.text
        if fact.terms:
            yield passage, "terms", _ONE_PASSAGE.join(fact.terms)
        passage += 1
    for field, texts in (
        ("summary", (entry.summary,)),
        ("category", (entry.category,)),
        ("clues", entry.clues),
        ("differences", [difference.this for difference in entry.differences]),
        ("duties", [duty for duties in entry.duties.values() for duty in duties]),
        ("terms", entry.terms),
    ):
        if texts:
            yield passage, field, _PASSAGES.join(texts)
            passage += len(texts)
