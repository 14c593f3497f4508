"""The knowledge as terms: every text of every entry cut once, for the index and the speller.

An entry becomes passages: its names, its summary, each clue, each fact with its terms, and so on.
A passage is what a question is held against; the field of each text says how much it weighs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.core.index import Text
from bot.core.model import Entry
from bot.core.phrases import PhraseBook
from bot.core.text import STOP_WORDS, american, lines_of_tokens, stem, tokens
from bot.core.word import stemmed

PROSE = frozenset(("facts", "summary", "clues", "differences", "duties"))
"""Fields in which authors write sentences; in the others they write names as members type them."""
FIRST_FACT = 1
"""The passage of an entry's first fact; the others follow."""


class _Cut(dict[str, tuple[str, str]]):
    """A word as it is written to its stem, and to its stem again or nothing for a stop word."""

    def __missing__(self, raw: str) -> tuple[str, str]:
        word = american(raw.casefold())
        whole = stem(word)
        cut = self[raw] = (whole, "" if word in STOP_WORDS else whole)
        return cut


class Corpus:
    """All entries as documents of terms, with the words they are written in."""

    def __init__(
        self,
        entries: Sequence[Entry],
        synonyms: Sequence[Sequence[str]] = (),
        watched: Collection[str] = (),
    ) -> None:
        """Each group of ``synonyms`` is one term of the field, like a word.

        ``watched`` are words in lower case; ``saying`` tells who uses them so.
        """
        self.field_terms: PhraseBook[str] = PhraseBook(
            (stemmed(phrase), f"={group[0]}") for group in synonyms for phrase in group
        )
        self._beginnings = self.field_terms.beginnings
        self._cut = _Cut()
        self.saying: dict[str, set[int]] = {word: set() for word in watched}
        """Each watched word and the entries whose prose has it in lower case."""
        self.documents = [self._document(number, entry) for number, entry in enumerate(entries)]

    def vocabulary(self) -> frozenset[str]:
        """Return every word that was cut, in lower case and normal spelling."""
        return frozenset(american(raw.casefold()) for raw in self._cut)

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text``: stems but for stop words, then the terms of the field."""
        return self._terms([self._cut[raw] for raw in tokens(text)])

    def _terms(self, cut: Sequence[tuple[str, str]]) -> list[str]:
        found = [content for _, content in cut if content]
        if any(whole in self._beginnings for whole, _ in cut):
            for match in self.field_terms.find([whole for whole, _ in cut], overlapping=True):
                found += match.values
        return found

    def _document(self, number: int, entry: Entry) -> list[Text]:
        """Return an entry as texts; all of it is cut in one go, at line ends."""
        parts: list[tuple[str, int, str]] = [("names", 0, name) for name in entry.names]
        passage = FIRST_FACT
        for fact in entry.facts:
            parts.append(("facts", passage, fact.text))
            parts += [("terms", passage, term) for term in fact.terms]
            passage += 1
        single = [("summary", entry.summary), ("category", entry.category)]
        single += [("clues", clue) for clue in entry.clues]
        single += [("differences", difference.this) for difference in entry.differences]
        single += [("duties", duty) for duties in entry.duties.values() for duty in duties]
        single += [("terms", term) for term in entry.terms]
        parts += [(field, passage + place, text) for place, (field, text) in enumerate(single)]
        lines = lines_of_tokens([text for _, _, text in parts])
        texts = []
        for (field, place, _), raw in zip(parts, lines, strict=True):
            if field in PROSE and not self.saying.keys().isdisjoint(raw):
                for word in self.saying.keys() & set(raw):
                    self.saying[word].add(number)
            texts.append(Text(field, place, self._terms([self._cut[word] for word in raw])))
        return texts
