"""The library: all knowledge, indexed once, asked in plain words.

``answer`` reads the question (typos, names, terms of the field), ranks the entries by weighted
words plus names, and decides how sure it is: sure, a guess with candidates, or nothing at all.
Fuzzy matching repairs single words only; whole texts are never matched fuzzily, because over
short notes that scores nonsense as high as sense. Scores are never shown as percentages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from bot.core import choice
from bot.core.index import Index
from bot.core.model import Entry, Fact, Knowledge
from bot.core.naming import Naming
from bot.core.reading import Reader, Reading
from bot.core.reply import Confidence, Found, Hit, Reply
from bot.core.tuning import Tuning
from bot.core.word import stemmed

ALTERNATIVES = 4
ALTERNATIVE_SHARE = 0.35
"""A candidate has at least this share of the best one's score."""

Ranked = Sequence[tuple[int, float]]


class Library:
    """Immutable: a reload makes a new one. The order of files and entries changes no answer."""

    def __init__(
        self,
        knowledge: Knowledge,
        english: Mapping[str, int] | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        """``english`` ranks everyday words from 0, the most common first; they weigh less."""
        self.knowledge = knowledge
        self.entries = knowledge.entries
        self.by_id = {entry.id: entry for entry in self.entries}
        self._tuning = tuning or Tuning()
        self._reader = Reader(
            knowledge, english or {}, self._tuning, lambda term: term in self._index
        )
        self._index = Index([self._document(e) for e in self.entries], self._tuning.fields)
        self._bonus = {
            Naming.SCENERY: 0.0,
            Naming.MENTION: self._tuning.mention,
            Naming.SUBJECT: self._tuning.subject,
        }
        self._reader.split.cache_clear()
        self._facts: dict[int, tuple[frozenset[str], ...]] = {}

    def _fact_terms(self, number: int) -> tuple[frozenset[str], ...]:
        """Return the terms of each fact of an entry; worked out when the entry is first shown."""
        if number not in self._facts:
            terms_of, facts = self._reader.terms_of, self.entries[number].facts
            self._facts[number] = tuple(frozenset(terms_of((f.text, *f.terms))) for f in facts)
        return self._facts[number]

    def _document(self, entry: Entry) -> dict[str, list[str]]:
        terms_of = self._reader.terms_of
        return {
            "names": terms_of(entry.names),
            "clues": terms_of(entry.clues),
            "summary": terms_of((entry.summary,)),
            "terms": terms_of(
                [*entry.terms, *(term for fact in entry.facts for term in fact.terms)]
            ),
            "facts": terms_of([fact.text for fact in entry.facts]),
            "differences": terms_of([difference.this for difference in entry.differences]),
            "duties": terms_of([duty for duties in entry.duties.values() for duty in duties]),
            "category": terms_of((entry.category,)),
        }

    # ------------------------------------------------------------------- answering

    def answer(self, question: str) -> Reply:
        """Return what the library has to say; never raises, whatever the text."""
        pasted = choice.parse(question)
        if pasted is not None:
            return self._choice(question, pasted)
        reading = self._reader.read(question)
        if reading.compared is not None:
            return self._comparison(reading, reading.compared)
        ranked = self._rank(reading)
        confidence = self._confidence(reading, ranked)
        if confidence == "none":
            return Reply(question, "none", "none", alternatives=self._hits(ranked))
        answers = (self._found(reading, ranked[0][0]),)
        return Reply(question, "answer", confidence, answers, self._hits(ranked[1:], ranked[0][1]))

    def _confidence(self, reading: Reading, ranked: Ranked) -> Confidence:
        if not ranked or reading.is_elsewhere:
            return "none"
        tuning = self._tuning
        best, score = ranked[0]
        score /= self._index.rarest_idf
        cover, evidence, matched = self._cover(reading, best)
        if evidence < tuning.least_evidence:
            return "none"
        if matched < 2 and cover < tuning.single_cover:
            return "none"
        if reading.named.get(best) is Naming.SUBJECT:
            return "sure" if cover >= tuning.subject_cover else "none"
        if cover < tuning.low_cover or score < tuning.tiny_score:
            return "none"
        least = tuning.least_score_long if reading.is_long else tuning.least_score
        if cover < tuning.least_cover and score < least:
            return "none"
        margin = 1.0 if len(ranked) == 1 else 1 - ranked[1][1] / ranked[0][1]
        full = cover >= tuning.sure_cover
        strong = score >= tuning.sure_score and cover >= tuning.sure_low_cover
        return "sure" if (full or strong) and margin >= tuning.sure_margin else "unsure"

    def _totals(self, reading: Reading) -> dict[int, float]:
        totals = self._index.search(reading.weights)
        if reading.asked_kinds:
            for number in totals:
                if self.entries[number].kind not in reading.asked_kinds:
                    totals[number] *= self._tuning.other_kind
        first = next((n for n, naming in reading.named.items() if naming is Naming.SUBJECT), None)
        for number, naming in reading.named.items():
            bonus = self._bonus[naming] + (self._tuning.named_first if number == first else 0.0)
            totals[number] = totals.get(number, 0.0) + bonus * self._index.rarest_idf
        return totals

    def _rank(self, reading: Reading) -> list[tuple[int, float]]:
        """Return the best entries and their scores; ties break by id."""
        return nsmallest(
            ALTERNATIVES + 1, self._totals(reading).items(), key=lambda item: (-item[1], item[0])
        )

    def _cover(self, reading: Reading, number: int) -> tuple[float, float, int]:
        """Return how much of what a question says an entry has: a share, units, and words.

        The share is 0 to 1; words of names and of field terms are counted twice. Rare
        words weigh more, everyday words less, words of no entry as the rarest, and words that
        name the entry fully.
        """
        tuning, unit = self._tuning, self._index.rarest_idf
        whole = have = 0.0
        matched = 0
        by_terms = {
            place
            for match in self._reader.covered_by_terms(reading.words)
            if any(self._index.impact(value, number) for value in match.values)
            for place in range(match.start, match.end)
        }
        in_names = reading.in_names.get(number, frozenset())
        for place, word in enumerate(reading.words):
            if word.is_stop:
                continue
            weight = self._index.idf(word.stem) or unit
            weight *= math.pow(word.rarity, tuning.english_cover)
            if place in in_names:
                weight = unit * tuning.name_cover
            whole += weight
            if place in by_terms or place in in_names or self._index.impact(word.stem, number):
                have += weight * word.repair
                matched += 2 if place in by_terms or place in in_names else 1
        return (have / whole, have / unit, matched) if whole else (0.0, 0.0, 0)

    def _comparison(self, reading: Reading, pair: tuple[int, int]) -> Reply:
        others = [number for number in reading.named if number not in pair][:ALTERNATIVES]
        hits = tuple(Hit(self.entries[number], 0.0) for number in others)
        answers = tuple(self._found(reading, number) for number in pair)
        return Reply(reading.question, "comparison", "sure", answers, hits)

    def _choice(self, question: str, pasted: choice.Pasted) -> Reply:
        """Judge a pasted question: each option scores as the entry that it names, on the stem."""
        reading = self._reader.read(pasted.stem)
        ranked = self._rank(reading)
        by_number = self._totals(reading)
        numbers = [self._reader.names.in_text(text) for _, text in pasted.options]
        scores = [
            by_number.get(number, 0.0) if number is not None else self._likeness(ranked, text)
            for number, (_, text) in zip(numbers, pasted.options, strict=True)
        ]
        entries = [self.entries[n] if n is not None else None for n in numbers]
        judged, sure = choice.judge(pasted, scores, entries)
        best = next(place for place, reason in enumerate(judged.reasons) if reason.fits)
        number = numbers[best]
        answers = (self._found(reading, number),) if number is not None else ()
        return Reply(question, "choice", "sure" if sure else "unsure", answers, (), judged)

    def _likeness(self, ranked: Ranked, option: str) -> float:
        """Return how well an option in prose fits what the stem is about."""
        if not ranked:
            return 0.0
        terms = self._reader.terms_of((option,))
        impact = sum(self._index.impact(term, ranked[0][0]) for term in terms)
        return impact / max(len(terms), 1)

    def _found(self, reading: Reading, number: int) -> Found:
        """Return an entry with the facts first that share most with the question.

        The words of its own names are left out: every fact is about it.
        """
        entry = self.entries[number]
        own = {term for name in entry.names for term in stemmed(name)}
        wanted = {
            term: weight * self._index.idf(term)
            for term, weight in reading.weights.items()
            if not own.issuperset(term.split())
        }

        def relevance(terms: frozenset[str]) -> float:
            return sum(weight for term, weight in wanted.items() if term in terms)

        ranked: list[tuple[float, int, Fact]] = sorted(
            (
                (-relevance(terms), place, fact)
                for place, (fact, terms) in enumerate(
                    zip(entry.facts, self._fact_terms(number), strict=True)
                )
            ),
            key=lambda item: item[:2],
        )
        return Found(entry, tuple(fact for _, _, fact in ranked))

    def _hits(self, ranked: Ranked, best: float | None = None) -> tuple[Hit, ...]:
        if not ranked:
            return ()
        floor = ALTERNATIVE_SHARE * (ranked[0][1] if best is None else best)
        return tuple(
            Hit(self.entries[number], round(score, 3))
            for number, score in ranked[:ALTERNATIVES]
            if score >= floor
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
        reading = self._reader.read(question)
        lines = [
            "read as: " + " ".join(f"({w.text})" if w.is_stop else w.text for w in reading.words)
        ]
        for number, score in self._rank(reading)[:most]:
            parts = sorted(
                (
                    (weight * self._index.impact(term, number), term)
                    for term, weight in reading.weights.items()
                    if self._index.impact(term, number)
                ),
                reverse=True,
            )
            matched = ", ".join(f"{term} {value:.2f}" for value, term in parts[:8])
            naming = reading.named.get(number)
            note = f", named as {naming.name.lower()}" if naming is not None else ""
            cover, evidence, _ = self._cover(reading, number)
            lines.append(
                f"{score:6.2f} = {score / self._index.rarest_idf:.2f} units  "
                f"{self.entries[number].id}: {matched}{note}; "
                f"covers {cover:.0%}, {evidence:.2f} units"
            )
        return lines
