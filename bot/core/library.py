"""The library: all knowledge, indexed once, asked in plain words.

``answer`` reads the question (typos, names, terms of the field), ranks the entries by weighted
words plus names, and decides how sure it is: sure, a guess with candidates, or nothing at all.
Fuzzy matching repairs single words only; whole texts are never matched fuzzily, because over
short notes that scores nonsense as high as sense.

Thresholds are set by `study-bot evaluate`; scores are never shown as percentages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core import choice
from bot.core.index import Index
from bot.core.model import Entry, Fact, Knowledge
from bot.core.phrases import Match, PhraseBook
from bot.core.reading import Naming, Word, asks_for_other, is_comparing, is_defining
from bot.core.reply import Confidence, Found, Hit, Reply
from bot.core.spelling import Speller
from bot.core.text import STOP_WORDS, normalize, singular, stem, words

FIELDS: Mapping[str, float] = {
    "names": 3.0,
    "clues": 1.6,
    "summary": 1.4,
    "terms": 1.2,
    "facts": 1.0,
    "differences": 0.8,
    "duties": 0.7,
    "category": 0.5,
}
PAIR_WEIGHT = 0.45
"""Two neighbouring words against one: keeps "speech to text" from "text to speech"."""
TERM_WEIGHT = 1.0
REPAIRED_WEIGHT = 0.75
NAME_BONUS = {Naming.SCENERY: 0.0, Naming.MENTION: 1.0, Naming.SUBJECT: 3.0}
"""In units of the rarest word's idf."""
SURE_COVERAGE = 0.55
"""Share of the question's weight that the best entry must have."""
SURE_MARGIN = 0.18
"""How far ahead of the runner-up, as a share of its score."""
LEAST_COVERAGE = 0.34
LEAST_SCORE = 0.4
"""In units of the rarest word's idf."""
ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library understands it."""

    question: str
    text: str
    words: tuple[Word, ...]
    weights: Mapping[str, float]
    """Term of the index to its weight."""
    named: tuple[tuple[int, Naming], ...]
    """Entries named, in order of naming, each once with its strongest naming."""


class Library:
    """Immutable: a reload makes a new one."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.entries = knowledge.entries
        self.by_id = {entry.id: entry for entry in self.entries}
        self._names: PhraseBook[int] = PhraseBook(
            (name, number)
            for number, entry in enumerate(self.entries)
            for form in entry.names
            for name in _name_forms(form)
        )
        self._terms: PhraseBook[str] = PhraseBook(
            (_stemmed(phrase), f"={group[0]}") for group in knowledge.synonyms for phrase in group
        )
        self._index = Index([self._document(entry) for entry in self.entries], FIELDS)
        self._speller = Speller(self._vocabulary())
        self._plain = self._plain_names()
        self._facts = [
            [(fact, frozenset(self._analyse((fact.text, *fact.terms)))) for fact in entry.facts]
            for entry in self.entries
        ]

    # ------------------------------------------------------------------ building

    def _document(self, entry: Entry) -> dict[str, list[str]]:
        return {
            "names": self._analyse(entry.names),
            "clues": self._analyse(entry.clues),
            "summary": self._analyse((entry.summary,)),
            "terms": self._analyse(tuple(t for fact in entry.facts for t in fact.terms)),
            "facts": self._analyse(tuple(fact.text for fact in entry.facts)),
            "differences": self._analyse(tuple(d.this for d in entry.differences)),
            "duties": self._analyse(tuple(d for all_ in entry.duties.values() for d in all_)),
            "category": self._analyse((entry.category,)),
        }

    def _analyse(self, texts: Sequence[str]) -> list[str]:
        terms: list[str] = []
        for text in texts:
            terms.extend(self._terms_of(_read(words(text))))
        return terms

    def _terms_of(self, sequence: Sequence[Word]) -> list[str]:
        """Words, pairs of neighbours, and field terms (marked ``=``) of one text."""
        content = [word.stem for word in sequence if not word.is_stop]
        terms = list(content)
        terms.extend(f"{a} {b}" for a, b in pairwise(content))
        found = self._terms.find([word.stem for word in sequence], overlapping=True)
        terms.extend(value for match in found for value in match.values)
        return terms

    def _vocabulary(self) -> set[str]:
        known: set[str] = set(STOP_WORDS)
        for entry in self.entries:
            texts = [*entry.names, *entry.clues, entry.summary, entry.category]
            for fact in entry.facts:
                texts.extend((fact.text, *fact.terms))
            for difference in entry.differences:
                texts.extend((difference.this, difference.that))
            for duties in entry.duties.values():
                texts.extend(duties)
            for text in texts:
                known.update(words(text))
        for group in self.knowledge.synonyms:
            for phrase in group:
                known.update(words(phrase))
        return known

    def _plain_names(self) -> frozenset[str]:
        """Stems of one-word names that are common words too: "connect", "translate".

        A name counts as common when another entry's prose has the word in lower case; codes and
        abbreviations (S3, WAF) never do. Terms are left out: authors write names there as members
        type them.
        """
        prose = [_prose(entry) for entry in self.entries]
        lower = [frozenset(re.findall(r"\b[a-z]+\b", text)) for text in prose]
        counts = Counter(word for found in lower for word in found)
        plain: set[str] = set()
        for number, entry in enumerate(self.entries):
            for form in entry.names:
                head, _, last = form.rpartition(" ")
                if head not in ("", "AWS", "Amazon") or not last.isalpha() or last.isupper():
                    continue
                word = last.lower()
                if counts[word] - (word in lower[number]) > 0:
                    plain.add(singular(word))
        return frozenset(plain)

    # ------------------------------------------------------------------- reading

    def read(self, question: str) -> Reading:
        """Return ``question`` as words, weighted terms and named entries."""
        text = normalize(question)
        raw = words(question)
        sequence = self._repaired(raw)
        weights: dict[str, float] = {}
        content = [word for word in sequence if not word.is_stop]
        for word in content:
            weights[word.stem] = max(weights.get(word.stem, 0.0), word.weight)
        for first, second in pairwise(content):
            weights[f"{first.stem} {second.stem}"] = PAIR_WEIGHT * min(first.weight, second.weight)
        stems = [word.stem for word in sequence]
        for match in self._terms.find(stems, overlapping=True):
            for value in match.values:
                weights[value] = TERM_WEIGHT
        return Reading(question, text, sequence, weights, self._named(question, text, sequence))

    def _repaired(self, raw: Sequence[str]) -> tuple[Word, ...]:
        out: list[Word] = []
        skip = False
        for place, word in enumerate(raw):
            if skip:
                skip = False
                continue
            following = raw[place + 1] if place + 1 < len(raw) else ""
            if word in STOP_WORDS:
                out.append(_word(word))
            elif following and (both := self._speller.joined(word, following)):
                out.append(_word(both))
                skip = True
            elif word in self._speller or stem(word) in self._index:
                out.append(_word(word))
            elif parts := self._speller.parted(word):
                out.extend(_word(part) for part in parts)
            elif repaired := self._speller.repair(word):
                out.append(_word(repaired, REPAIRED_WEIGHT))
            else:
                out.append(_word(word))
        return tuple(out)

    def _named(
        self, question: str, text: str, sequence: Sequence[Word]
    ) -> tuple[tuple[int, Naming], ...]:
        matches = self._names.find([word.form for word in sequence])
        in_match = {place for match in matches for place in range(match.start, match.end)}
        others = [w for place, w in enumerate(sequence) if not w.is_stop and place not in in_match]
        comparing = is_comparing(text)
        found: dict[int, Naming] = {}
        for match in matches:
            naming = Naming.MENTION
            if self._is_plain_use(question, sequence, match) and others and not comparing:
                continue
            if asks_for_other(text) and not comparing:
                naming = Naming.SCENERY
            elif not others or comparing or is_defining(text):
                naming = Naming.SUBJECT
            for number in match.values:
                found[number] = max(found.get(number, Naming.SCENERY), naming)
        return tuple(found.items())

    def _is_plain_use(self, question: str, sequence: Sequence[Word], match: Match[int]) -> bool:
        """Whether a one-word name is meant as the common word it also is."""
        word = sequence[match.start]
        if word.form not in self._plain or match.end - match.start > 1:
            return False
        if match.start and sequence[match.start - 1].text in ("aws", "amazon"):
            return False
        written = question.find(word.text.capitalize())
        return not (written > 0 and not question.isupper() and not question.istitle())

    # ----------------------------------------------------------------- answering

    def answer(self, question: str) -> Reply:
        """Return what the library has to say; never raises, whatever the text."""
        pasted = choice.parse(question)
        if pasted is not None:
            return self._choice(question, pasted)
        reading = self.read(question)
        subjects = [number for number, naming in reading.named if naming is Naming.SUBJECT]
        if len(subjects) >= 2 and is_comparing(reading.text):
            return self._comparison(reading, subjects)
        ranked = self._rank(reading)
        if not ranked:
            return Reply(question, "none", "none")
        best = ranked[0]
        coverage = self._coverage(reading, best[0])
        unit = self._index.rarest_idf
        named = dict(reading.named)
        is_subject = named.get(best[0]) is Naming.SUBJECT
        if not is_subject and (coverage < LEAST_COVERAGE or best[1] < LEAST_SCORE * unit):
            return Reply(question, "none", "none", alternatives=self._hits(ranked))
        margin = 1.0 if len(ranked) == 1 else (best[1] - ranked[1][1]) / best[1]
        sure = is_subject or (coverage >= SURE_COVERAGE and margin >= SURE_MARGIN)
        return Reply(
            question,
            "answer",
            "sure" if sure else "unsure",
            (self._found(reading, best[0]),),
            self._hits(ranked[1:]),
        )

    def found(self, entry_id: str) -> Found | None:
        """Return an entry with its facts as written; None when there is none of that id."""
        entry = self.by_id.get(entry_id)
        return Found(entry, entry.facts) if entry else None

    def id_named(self, name: str) -> str | None:
        """Return the id of the entry that has this name, in any of its forms; None if none has."""
        sequence = _forms(name)
        for match in self._names.find(sequence):
            if match.start == 0 and match.end == len(sequence):
                return self.entries[match.values[0]].id
        return None

    def explain(self, question: str, most: int = 3) -> list[str]:
        """Return why the best entries rank as they do: words matched and what each adds."""
        reading = self.read(question)
        ranked = self._rank(reading)
        named = dict(reading.named)
        lines = [
            "read as: " + " ".join(f"({w.text})" if w.is_stop else w.text for w in reading.words)
        ]
        for number, score in ranked[:most]:
            parts = sorted(
                (
                    (weight * self._index.impact(term, number), term)
                    for term, weight in reading.weights.items()
                    if self._index.impact(term, number)
                ),
                reverse=True,
            )
            words_ = ", ".join(f"{term} {value:.2f}" for value, term in parts[:8])
            naming = f", named as {named[number].name.lower()}" if number in named else ""
            coverage = self._coverage(reading, number)
            lines.append(
                f"{score:6.2f}  {self.entries[number].id}: {words_}{naming}; "
                f"covers {coverage:.0%} of the question"
            )
        return lines

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

    def _choice(self, question: str, pasted: choice.Pasted) -> Reply:
        """Judge a pasted question: each option scores as the entry that it names, on the stem."""
        reading = self.read(pasted.stem)
        ranked = dict(self._rank(reading))
        numbers = [self._named_in(text) for _, text in pasted.options]
        scores = [
            ranked.get(number, 0.0) if number is not None else self._likeness(reading, text)
            for number, (_, text) in zip(numbers, pasted.options, strict=True)
        ]
        entries = [self.entries[n] if n is not None else None for n in numbers]
        judged, sure = choice.judge(pasted, scores, entries)
        best = next(place for place, reason in enumerate(judged.reasons) if reason.fits)
        number = numbers[best]
        answers = (self._found(reading, number),) if number is not None else ()
        confidence: Confidence = "sure" if sure else "unsure"
        return Reply(question, "choice", confidence, answers, (), judged)

    def _named_in(self, option: str) -> int | None:
        """Return the entry that an option names, the longest name first; None if none."""
        matches = self._names.find(_forms(option))
        longest = max(matches, key=lambda match: match.end - match.start, default=None)
        return longest.values[0] if longest is not None else None

    def _likeness(self, reading: Reading, option: str) -> float:
        """Return how well an option's words fit what the stem is about; for options in prose."""
        ranked = self._rank(reading)
        if not ranked:
            return 0.0
        best = ranked[0][0]
        terms = self._analyse((option,))
        return sum(self._index.impact(term, best) for term in terms) / max(len(terms), 1)

    def _rank(self, reading: Reading) -> list[tuple[int, float]]:
        totals: defaultdict[int, float] = defaultdict(float)
        for scored in self._index.search(reading.weights):
            totals[scored.doc] = scored.score
        for number, naming in reading.named:
            totals[number] += NAME_BONUS[naming] * self._index.rarest_idf
        return sorted(totals.items(), key=lambda item: (-item[1], item[0]))

    def _coverage(self, reading: Reading, doc: int) -> float:
        """Return the share, by rarity, of the question's words that ``doc`` has; 0 to 1."""
        whole = have = 0.0
        covered = self._covered_by_terms(reading, doc)
        for place, word in enumerate(reading.words):
            if word.is_stop:
                continue
            weight = self._index.idf(word.stem) or self._index.rarest_idf
            whole += weight
            if self._index.impact(word.stem, doc) or place in covered:
                have += weight * word.weight
        return have / whole if whole else 0.0

    def _covered_by_terms(self, reading: Reading, doc: int) -> set[int]:
        stems = [word.stem for word in reading.words]
        return {
            place
            for match in self._terms.find(stems, overlapping=True)
            if any(self._index.impact(value, doc) for value in match.values)
            for place in range(match.start, match.end)
        }

    def _comparison(self, reading: Reading, subjects: Sequence[int]) -> Reply:
        pair = subjects[:2]
        others = tuple(Hit(self.entries[number], 0.0) for number in subjects[2 : 2 + ALTERNATIVES])
        return Reply(
            reading.question,
            "comparison",
            "sure",
            tuple(self._found(reading, number) for number in pair),
            others,
        )

    def _found(self, reading: Reading, number: int) -> Found:
        entry = self.entries[number]
        own = {term for name in entry.names for term in _stemmed(name)}
        wanted = {
            term: weight * (self._index.idf(term) or 0.0)
            for term, weight in reading.weights.items()
            if not own.issuperset(term.split())
        }

        def relevance(fact_terms: frozenset[str]) -> float:
            return sum(weight for term, weight in wanted.items() if term in fact_terms)

        ranked: list[tuple[float, int, Fact]] = sorted(
            (
                (-relevance(terms), place, fact)
                for place, (fact, terms) in enumerate(self._facts[number])
            ),
            key=lambda item: item[:2],
        )
        return Found(entry, tuple(fact for _, _, fact in ranked))

    def _hits(self, ranked: Sequence[tuple[int, float]]) -> tuple[Hit, ...]:
        floor = 0.35 * ranked[0][1] if ranked else 0.0
        return tuple(
            Hit(self.entries[number], round(score, 3))
            for number, score in ranked[:ALTERNATIVES]
            if score >= floor
        )


def _prose(entry: Entry) -> str:
    parts = [entry.summary, *entry.clues, *(fact.text for fact in entry.facts)]
    parts += [half for d in entry.differences for half in (d.this, d.that)]
    parts += [duty for duties in entry.duties.values() for duty in duties]
    return "\n".join(parts)


def _word(text: str, weight: float = 1.0) -> Word:
    return Word(text, stem(text), singular(text), text in STOP_WORDS, weight)


def _read(raw: Sequence[str]) -> tuple[Word, ...]:
    return tuple(_word(word) for word in raw)


def _stemmed(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(phrase))


def _forms(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in words(text))


def _name_forms(name: str) -> list[tuple[str, ...]]:
    """Return the ways a name is written: whole, and without the vendor's word before it.

    "AWS Config" is Config, but "AWS responsibilities" is not any responsibilities.
    """
    forms = [_forms(name)]
    vendor, _, rest = name.partition(" ")
    if vendor in ("AWS", "Amazon") and not rest[:1].islower():
        forms.append(_forms(rest))
    return forms
