"""The library: all knowledge, indexed once, asked in plain words.

``answer`` reads the question (typos, names, terms of the field), ranks the entries by weighted
words plus names, and decides how sure it is: sure, a guess with candidates, or nothing at all.
Fuzzy matching repairs single words only; whole texts are never matched fuzzily, because over
short notes that scores nonsense as high as sense. Scores are never shown as percentages.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import choice, confidence
from bot.core.comparing import says_so
from bot.core.corpus import Corpus, Indexed
from bot.core.facts import Facts
from bot.core.field import Fields
from bot.core.index import Index
from bot.core.language import Language
from bot.core.model import Knowledge
from bot.core.names import common_names
from bot.core.ranking import NAMES, Candidate, Ranker
from bot.core.reading import Reader, Reading
from bot.core.reply import Found, Hit, Reply
from bot.core.tuning import Tuning

ALTERNATIVES = 4
ALTERNATIVE_SHARE = 0.2
"""A candidate has at least this share of the best one's score."""

Ranked = Sequence[Candidate]


class Library:
    """Immutable: a reload makes a new one. The order of files and entries changes no answer."""

    def __init__(
        self,
        knowledge: Knowledge,
        language: Language | None = None,
        tuning: Tuning | None = None,
        indexed: Indexed | None = None,
    ) -> None:
        """Index ``knowledge``, which takes a moment, unless ``indexed`` was kept of the same."""
        self.knowledge = knowledge
        self.entries = knowledge.entries
        self.by_id = {entry.id: entry for entry in self.entries}
        self._tuning = tuning or Tuning()
        corpus = Corpus(knowledge.synonyms)
        self.indexed = indexed or corpus.indexed(
            self.entries, common_names(self.entries), self._tuning.fields
        )
        self.index = Index(self.indexed.tables)
        self._reader = Reader(
            knowledge, corpus, self.indexed, self.index, language or Language(), self._tuning
        )
        self._facts: dict[int, Facts] = {}
        """Those of the entries that were shown."""
        listed = [name for exam in knowledge.exams for name in exam.names]
        named = dict(zip(listed, self._reader.names.numbers_of(listed), strict=True))
        numbers = (named[name] for exam in knowledge.exams for name in exam.core)
        core = [number for number in numbers if number is not None]
        fields = Fields(self.entries, knowledge.exams, named.get, knowledge.synonyms)
        self.ranker = Ranker(self.index, self.entries, self._tuning, core, fields)

    # ------------------------------------------------------------------- answering

    def read(self, question: str) -> Reading:
        """Return ``question`` as the library understands it."""
        return self._reader.read(question)

    def answer(self, question: str) -> Reply:
        """Return what the library has to say; never raises, whatever the text."""
        pasted = choice.parse(question)
        if pasted is not None:
            return self._choice(question, pasted)
        reading = self.read(question)
        pair = reading.compared
        if pair is not None and says_so(question.casefold()):
            return self._comparison(reading, pair)
        ranked = self.ranker.rank(reading)
        if pair is not None and not self._stands_out(ranked, pair):
            return self._comparison(reading, pair)
        if not ranked:
            return Reply(question, "none", "none")
        found = self.found_by(reading, ranked[0])
        sureness, is_near = confidence.judge(reading, ranked, self.index, found, self._tuning)
        if sureness == "none":
            hits = self._hits(ranked) if is_near else ()
            return Reply(question, "none", "none", alternatives=hits)
        return Reply(question, "answer", sureness, (found,), self._hits(ranked[1:], ranked[0]))

    def _stands_out(self, ranked: Ranked, pair: tuple[int, int]) -> bool:
        """Whether a third answers far better: "share a subnet or gateway with other accounts"."""
        if not ranked or ranked[0].number in pair:
            return False
        best = max([one.score for one in ranked if one.number in pair], default=0.0)
        return ranked[0].score - best >= self._tuning.comparing.stands_out

    def _comparison(self, reading: Reading, pair: tuple[int, int]) -> Reply:
        others = [number for number in reading.named if number not in pair][:ALTERNATIVES]
        hits = tuple(Hit(self.entries[number], 0.0) for number in others)
        answers = tuple(self.found_by(reading, self.ranker.look(reading, n)) for n in pair)
        return Reply(reading.question, "comparison", "sure", answers, hits)

    def _choice(self, question: str, pasted: choice.Pasted) -> Reply:
        """Judge a pasted question: each option scores as the entry that it names, on the stem."""
        reading = self.read(pasted.stem)
        ranked = self.ranker.rank(reading)
        names = self._reader.names
        numbers = [names.of_option(text, pasted.stem) for _, text in pasted.options]
        looks = {n: self.ranker.look(reading, n) for n in numbers if n is not None}
        scores = [
            looks[number].score if number is not None else self._likeness(ranked, text)
            for number, (_, text) in zip(numbers, pasted.options, strict=True)
        ]
        entries = [self.entries[n] if n is not None else None for n in numbers]
        judged, sure = choice.judge(pasted, scores, entries)
        best = next(n for n, (letter, _) in enumerate(pasted.options) if letter == judged.option)
        number = numbers[best]
        answers = (self.found_by(reading, looks[number]),) if number is not None else ()
        return Reply(question, "choice", "sure" if sure else "unsure", answers, (), judged)

    def _likeness(self, ranked: Ranked, option: str) -> float:
        """Return how well an option in prose fits what the stem is about."""
        if not ranked:
            return 0.0
        terms = self._reader.terms_of(option)
        impact = sum(self.index.impact(term, ranked[0].number) for term in terms)
        return impact / max(len(terms), 1)

    def found_by(self, reading: Reading, candidate: Candidate) -> Found:
        """Return an entry with the facts first that share most with the question."""
        entry = self.entries[candidate.number]
        own = reading.in_names.get(candidate.number, ())
        stems = frozenset(
            [
                word.stem
                for place, word in enumerate(reading.words)
                if not word.is_stop and place not in own
            ]
        )
        ready = self._facts.get(candidate.number)
        if ready is None:
            ready = self._facts[candidate.number] = Facts(entry.facts)
        return Found(entry, ready.order(reading.asked_facts, stems, candidate.passages))

    def _hits(self, ranked: Ranked, best: Candidate | None = None) -> tuple[Hit, ...]:
        if not ranked:
            return ()
        floor = ALTERNATIVE_SHARE * (ranked[0] if best is None else best).score
        return tuple(
            Hit(self.entries[candidate.number], round(candidate.score, 3))
            for candidate in ranked[:ALTERNATIVES]
            if candidate.score >= floor
        )

    # ------------------------------------------------------------------- looking up

    def found(self, entry_id: str) -> Found | None:
        """Return an entry with its facts as written; None when there is none of that id."""
        entry = self.by_id.get(entry_id)
        return Found(entry, entry.facts) if entry else None

    def id_named(self, name: str) -> str | None:
        """Return the id of the entry that has this name, in any of its forms; None if none."""
        number = self._reader.names.exactly(name)
        return self.entries[number].id if number is not None else None

    def names_like(self, text: str, limit: int) -> tuple[str, ...]:
        """Return names of entries for completion: those that begin so, then those that hold it.

        With no ``text``, the first by alphabet.
        """
        wanted = text.strip().casefold()
        ranked: list[tuple[int, str]] = []
        for entry in self.entries:
            places = [name.casefold().find(wanted) for name in entry.names]
            tail = entry.name.casefold().removeprefix("amazon ").removeprefix("aws ")
            if 0 in places or tail.startswith(wanted):
                ranked.append((0, entry.name))
            elif any(place > 0 for place in places):
                ranked.append((1, entry.name))
        return tuple(name for _, name in sorted(ranked)[:limit])

    def explain(self, question: str, most: int = 3) -> list[str]:
        """Return why the best entries rank as they do: words matched and what each adds."""
        reading = self.read(question)
        lines = [
            "read as: " + " ".join(f"({w.text})" if w.is_stop else w.text for w in reading.words)
        ]
        for candidate in self.ranker.rank(reading)[:most]:
            number = candidate.number
            parts = sorted(
                (
                    (weight * self.index.impact(term, number), term)
                    for term, weight in reading.weights.items()
                    if self.index.impact(term, number)
                ),
                reverse=True,
            )
            matched = ", ".join(f"{term} {value:.2f}" for value, term in parts[:8])
            signs = ", ".join(
                f"{name} {getattr(candidate.signs, name):.2f}"
                for name in NAMES
                if getattr(candidate.signs, name)
            )
            lines.append(f"{candidate.score:6.2f}  {self.entries[number].id}: {signs}")
            lines.append(f"        {matched}")
        return lines
