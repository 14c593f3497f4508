"""The knowledge as terms: every text of every entry cut once, for the index and the speller.

An entry becomes passages: its names, its summary, each clue, each fact with its terms, and so on.
A passage is what a question is held against; the field of each text says how much it weighs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.index import Text
from bot.core.model import Entry
from bot.core.phrases import PhraseBook
from bot.core.text import STOP_WORDS, american, stem, tokens

FIRST_FACT = 1
"""The passage of an entry's first fact; the others follow."""


class _Cut(dict[str, tuple[str, str]]):
    """A word as it is written to its stem, and to its stem again or nothing for a stop word."""

    def __missing__(self, raw: str) -> tuple[str, str]:
        word = american(raw.casefold())
        stemmed = stem(word)
        cut = self[raw] = (stemmed, "" if word in STOP_WORDS else stemmed)
        return cut


class Corpus:
    """All entries as documents of terms, with the words they are written in."""

    def __init__(
        self,
        entries: Sequence[Entry],
        field_terms: PhraseBook[str],
        watched: frozenset[str] = frozenset(),
    ) -> None:
        """``field_terms`` stand for several wordings each; they are terms like words.

        ``watched`` are words in lower case; ``saying`` tells who uses them so.
        """
        self._field_terms = field_terms
        self._cut = _Cut()
        self.saying: dict[str, set[int]] = {word: set() for word in watched}
        """Each watched word and the entries whose prose has it in lower case."""
        self.documents = [self._document(number, entry) for number, entry in enumerate(entries)]

    def vocabulary(self) -> frozenset[str]:
        """Return every word that was cut, in lower case and normal spelling."""
        return frozenset(american(raw.casefold()) for raw in self._cut)

    def terms(self, texts: Iterable[str], seen: set[str] | None = None) -> list[str]:
        """Return the terms of ``texts``: stems but for stop words, then the terms of the field.

        ``seen`` collects the words as they are written.
        """
        found: list[str] = []
        for text in texts:
            raw = tokens(text)
            if seen is not None:
                seen.update(raw)
            cut = [self._cut[word] for word in raw]
            found += [content for _, content in cut if content]
            for match in self._field_terms.find([stemmed for stemmed, _ in cut], overlapping=True):
                found += match.values
        return found

    def _document(self, number: int, entry: Entry) -> list[Text]:
        texts = [Text("names", 0, self.terms(entry.names))]
        passage = 0
        prose: set[str] = set()

        def add(*parts: tuple[str, Iterable[str]]) -> None:
            nonlocal passage
            passage += 1
            for field, part in parts:
                seen = None if field in ("terms", "category") else prose
                texts.append(Text(field, passage, self.terms(part, seen)))

        for fact in entry.facts:  # from FIRST_FACT on
            add(("facts", (fact.text,)), ("terms", fact.terms))
        add(("summary", (entry.summary,)))
        for clue in entry.clues:
            add(("clues", (clue,)))
        for term in entry.terms:
            add(("terms", (term,)))
        for difference in entry.differences:
            add(("differences", (difference.this,)))
            prose.update(tokens(difference.that))
        for duties in entry.duties.values():
            for duty in duties:
                add(("duties", (duty,)))
        add(("category", (entry.category,)))
        for word in prose & self.saying.keys():
            self.saying[word].add(number)
        return texts
