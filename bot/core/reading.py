"""Reading a question: its words, repaired and weighed, the names and field terms in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.core.model import Kind, Knowledge
from bot.core.naming import Names, Naming, prose
from bot.core.phrases import Match, PhraseBook
from bot.core.spelling import LENGTH_FOR_TWO_EDITS, Speller
from bot.core.text import STOP_WORDS, normalize, singular, stem, words
from bot.core.tuning import Tuning
from bot.core.word import Word, forms, stemmed

ENGLISH_WORDS = 16_000
"""Size of the list of everyday words; a word outside it is as telling as a word can be."""

LEAST_PART_TO_REPAIR = 4
"""Letters in each of two words that may be one name, written apart and misspelt."""
NUMBER_RANK = 20
"""A number counts as one of the commonest words: which one it is hardly ever matters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library understands it."""

    question: str
    words: tuple[Word, ...]
    weights: Mapping[str, float]
    """Term of the index to its weight."""
    named: Mapping[int, Naming]
    """Entries named, in order of naming, each with its strongest naming."""
    compared: tuple[int, int] | None
    """The two entries that it asks to tell apart; None when it does not."""
    is_elsewhere: bool
    """Whether it names something outside the subject, and nothing of ours."""
    is_long: bool
    """Whether it has several sentences."""
    asked_kinds: frozenset[Kind]
    """Kinds of entry that it asks for ("which service"); empty when it does not say."""
    in_names: Mapping[int, frozenset[int]]
    """Entries named, each with the places of the words that name it."""


_ASKED_KINDS: tuple[tuple[re.Pattern[str], frozenset[Kind]], ...] = (
    (re.compile(r"\b(?:which|what|a|an|the|aws|amazon) (?:\w+ ){0,2}(?:service|tool)s?\b"),
     frozenset({"service", "tool"})),
    (re.compile(r"\b(?:purchas\w+|pricing|payment|instance) (?:option|model|type|plan)s?\b"),
     frozenset({"option"})),
    (re.compile(r"\bsupport (?:plan|tier|level)s?\b"), frozenset({"plan"})),
    (re.compile(r"\b(?:concept|pillar|perspective|principle|benefit|advantage|strateg(?:y|ies)"
                r"|characteristic|term)s?\b"), frozenset({"concept"})),
    (re.compile(r"\b(?:storage class(?:es)?|features?)\b"), frozenset({"feature", "policy"})),
)  # fmt: skip
_SENTENCE = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` that hold a word.

    >>> sentences("It runs on EC2. Which service? ...")
    ['It runs on EC2', ' Which service']
    """
    return [part for part in _SENTENCE.split(text) if any(c.isalnum() for c in part)]


class Reader:
    """Knows the names, terms and words of the knowledge, and everyday English."""

    def __init__(
        self,
        knowledge: Knowledge,
        english: Mapping[str, int],
        tuning: Tuning,
        is_known: Callable[[str], bool],
    ) -> None:
        """``english`` ranks everyday words from 0; ``is_known`` tells the index's stems."""
        self._english = english
        self._tuning = tuning
        self._is_known = is_known
        self.names = Names(knowledge.entries)
        self._terms: PhraseBook[str] = PhraseBook(
            (stemmed(phrase), f"={group[0]}") for group in knowledge.synonyms for phrase in group
        )
        # Every text of the knowledge is split several times while the library is built.
        self.split = cache(words)
        self._speller = Speller(self._vocabulary(knowledge))
        self._name_words = Speller(self.names.words)
        self._joined_names = Speller(
            word
            for word in self.names.words
            if len(word) >= LENGTH_FOR_TWO_EDITS and word not in english
        )
        self._elsewhere: PhraseBook[bool] = PhraseBook(
            (forms(name), True) for name in knowledge.elsewhere
        )

    # ------------------------------------------------------------------ knowledge

    def terms_of(self, texts: Iterable[str]) -> list[str]:
        """Return the index terms of an entry's texts: words, pairs, and field terms."""
        found: list[str] = []
        for text in texts:
            split = self.split(text)
            stems = [stem(word) for word in split]
            content = [
                term for term, word in zip(stems, split, strict=True) if word not in STOP_WORDS
            ]
            found += content
            found += [f"{first} {second}" for first, second in pairwise(content)]
            for match in self._terms.find(stems, overlapping=True):
                found += match.values
        return found

    def covered_by_terms(self, sequence: Sequence[Word]) -> list[Match[str]]:
        """Return the field terms in a question and the places they take."""
        return self._terms.find([word.stem for word in sequence], overlapping=True)

    def _vocabulary(self, knowledge: Knowledge) -> set[str]:
        known: set[str] = set(STOP_WORDS)
        for entry in knowledge.entries:
            terms = (term for fact in entry.facts for term in fact.terms)
            for text in (*entry.names, entry.category, *prose(entry), *entry.terms, *terms):
                known.update(self.split(text))
        for group in knowledge.synonyms:
            for phrase in group:
                known.update(self.split(phrase))
        return known

    # ------------------------------------------------------------------- questions

    def read(self, question: str) -> Reading:
        """Return ``question`` as words, weighted terms and named entries."""
        parts = sentences(normalize(question)) or [""]
        read = [self._repaired(words(part)) for part in parts]
        sequence = tuple(word for sentence in read for word in sentence)
        weights: dict[str, float] = {}
        for sentence in read:
            self._weigh(sentence, weights)
        named, compared = self.names.read(question, parts, read)
        in_names: dict[int, frozenset[int]] = {}
        for match in self.names.find(sequence):
            for number in match.values:
                places = in_names.get(number, frozenset())
                in_names[number] = places.union(range(match.start, match.end))
        is_ours = bool(named) or any(word.text in ("aws", "amazon") for word in sequence)
        foreign = self._elsewhere.find([word.form for word in sequence])
        # A vendor's whole name ("amazon prime") says more than the word "amazon" in it.
        elsewhere = bool(foreign) and (
            not is_ours or (not named and any(m.end - m.start > 1 for m in foreign))
        )
        kinds = _asked_kinds(parts[-1])
        return Reading(
            question, sequence, weights, named, compared, elsewhere, len(parts) > 1, kinds, in_names
        )

    def _weigh(self, sentence: Sequence[Word], weights: dict[str, float]) -> None:
        tuning = self._tuning

        def add(term: str, weight: float) -> None:
            weights[term] = max(weights.get(term, 0.0), weight)

        def weight_of(word: Word) -> float:
            return math.pow(word.rarity, tuning.english_rank) * word.repair

        content = [word for word in sentence if not word.is_stop]
        for word in content:
            add(word.stem, weight_of(word))
        for first, second in pairwise(content):
            weight = tuning.pair * max(weight_of(first), weight_of(second))
            add(f"{first.stem} {second.stem}", weight)
        for match in self.covered_by_terms(sentence):
            for value in match.values:
                add(value, tuning.term)

    def _word(self, text: str, repair: float = 1.0) -> Word:
        rank = NUMBER_RANK if text.isdigit() else self._english.get(text, ENGLISH_WORDS)
        rarity = math.log(2 + rank) / math.log(2 + ENGLISH_WORDS)
        return Word(text, stem(text), singular(text), text in STOP_WORDS, rarity, repair)

    def _repaired(self, raw: Sequence[str]) -> list[Word]:
        out: list[Word] = []
        skip = False
        for place, word in enumerate(raw):
            if skip:
                skip = False
                continue
            following = raw[place + 1] if place + 1 < len(raw) else ""
            if following and (both := self._joined(word, following)):
                out.append(self._word(both))
                skip = True
            elif word in STOP_WORDS or word in self._speller:
                out.append(self._word(word))
            elif word not in self._english and (name := self._name_words.repair(word)):
                out.append(self._word(name, self._tuning.repaired))
            elif self._is_known(stem(word)):
                out.append(self._word(word))
            elif parts := self._speller.parted(word, self._is_pair):
                out.extend(self._word(part) for part in parts)
            elif word not in self._english and (repaired := self._speller.repair(word)):
                out.append(self._word(repaired, self._tuning.repaired))
            else:
                out.append(self._word(word))
        return out

    def _joined(self, first: str, second: str) -> str | None:
        """Return the word that two written apart make, if need be a name with a typo in it."""
        if both := self._speller.joined(first, second):
            return both
        if min(len(first), len(second)) < LEAST_PART_TO_REPAIR or {first, second} & STOP_WORDS:
            return None
        return self._joined_names.repair(first + second)

    def _is_pair(self, first: str, second: str) -> bool:
        return self._is_known(f"{stem(first)} {stem(second)}")


def _asked_kinds(part: str) -> frozenset[Kind]:
    for pattern, kinds in _ASKED_KINDS:
        if pattern.search(part):
            return kinds
    return frozenset()
