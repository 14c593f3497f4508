"""Reading a question: its words, repaired and weighed, the names and field terms in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.corpus import Corpus
from bot.core.model import Kind, Knowledge
from bot.core.naming import Names, Naming, common_names
from bot.core.phrases import Match, PhraseBook
from bot.core.spelling import LENGTH_FOR_TWO_EDITS, Speller
from bot.core.text import STOP_WORDS, normalize, singular, stem, words
from bot.core.tuning import Tuning
from bot.core.word import Word, forms, stemmed

ENGLISH_WORDS = 16_000
"""Size of the list of everyday words; a word outside it is as telling as a word can be."""

LEAST_PART_TO_REPAIR = 4
"""Letters in each of two words that may be one name, written apart and misspelt."""
RARE_RANK = 4_000
"""An everyday word from this rank on may be a name that was only begun."""
NUMBER_RANK = 20
"""A number counts as one of the commonest words: which one it is hardly ever matters."""


@dataclass(frozen=True, slots=True)
class Want:
    """A term that a question asks for."""

    term: str
    weight: float
    """How telling its wording is, from 0 to 1; how rare the term is comes on top."""
    places: tuple[int, ...]
    """The places of the question's words that it stands for, from 0."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library understands it."""

    question: str
    words: tuple[Word, ...]
    wants: tuple[Want, ...]
    """What to look for; a term may be wanted for several places."""
    named: Mapping[int, Naming]
    """Entries named, in order of naming, each with its strongest naming."""
    compared: tuple[int, int] | None
    """The two entries that it asks to tell apart; None when it does not."""
    is_elsewhere: bool
    """Whether it names something outside the subject, and nothing of ours."""
    is_ours: bool
    """Whether it names something of ours, if only the vendor."""
    other_words: int
    """How many words it has that belong to other subjects."""
    is_long: bool
    """Whether it has several sentences."""
    asked: frozenset[str]
    """Stems of the thing that it asks for: "deployment", "model" in "which deployment model"."""
    asked_kinds: frozenset[Kind]
    """Kinds of entry that it asks for ("which service"); empty when it does not say."""
    in_names: Mapping[int, frozenset[int]]
    """Entries named, each with the places of the words that name it."""

    @property
    def weights(self) -> dict[str, float]:
        """Term of the index to the weight of its most telling wording."""
        found: dict[str, float] = {}
        for want in self.wants:
            found[want.term] = max(found.get(want.term, 0.0), want.weight)
        return found


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
        telling: Mapping[str, float],
        tuning: Tuning,
        is_known: Callable[[str], bool],
        are_neighbours: Callable[[str, str], bool],
    ) -> None:
        """``english`` ranks everyday words from 0, ``telling`` weighs some stems better.

        ``is_known`` tells the index's stems, ``are_neighbours`` which follow one another somewhere.
        """
        self._english = english
        self._telling = telling
        self._tuning = tuning
        self._terms: PhraseBook[str] = PhraseBook(
            (stemmed(phrase), f"={group[0]}") for group in knowledge.synonyms for phrase in group
        )
        self.corpus = Corpus(knowledge.entries, self._terms, frozenset(common_names(knowledge.entries)))
        self.names = Names(
            knowledge.entries, self.corpus.saying, _spellings(knowledge.synonyms), tuning.comparing
        )
        self._is_known = is_known
        self._are_neighbours = are_neighbours
        self._related: PhraseBook[tuple[str, ...]] = PhraseBook(
            (stemmed(said), tuple(self._meant(meant)))
            for related in knowledge.related
            for said in related.say
            for meant in related.mean
        )
        synonyms = {word for group in knowledge.synonyms for phrase in group for word in words(phrase)}
        said = {
            word for related in knowledge.related for phrase in related.say for word in words(phrase)
        }
        self._speller = Speller(STOP_WORDS | self.corpus.vocabulary() | synonyms | said)
        self._name_words = Speller(self.names.words)
        self._joined_names = Speller(
            word
            for word in self.names.words
            if len(word) >= LENGTH_FOR_TWO_EDITS and word not in english
        )
        self._elsewhere: PhraseBook[bool] = PhraseBook(
            (forms(name), True) for name in knowledge.elsewhere
        )
        self._other_subjects: PhraseBook[bool] = PhraseBook(
            (stemmed(word), True) for word in knowledge.other_subjects
        )

    # ------------------------------------------------------------------ knowledge

    def terms_of(self, texts: Iterable[str]) -> list[str]:
        """Return the index terms of texts: words and field terms."""
        return self.corpus.terms(texts)

    def _meant(self, phrase: str) -> list[str]:
        """Return the terms of a phrase: one of the field if it is one, or else its words."""
        cut = stemmed(phrase)
        for match in self._terms.find(cut):
            if match.end - match.start == len(cut):
                return list(match.values)
        return [term for term in self.corpus.terms((phrase,)) if not term.startswith("=")]

    def covered_by_terms(self, sequence: Sequence[Word]) -> list[Match[str]]:
        """Return the field terms in a question and the places they take."""
        return self._terms.find([word.stem for word in sequence], overlapping=True)

    # ------------------------------------------------------------------- questions

    def read(self, question: str) -> Reading:
        """Return ``question`` as words, weighted terms and named entries."""
        parts = sentences(normalize(question)) or [""]
        read = [self._repaired(words(part)) for part in parts]
        sequence = tuple(word for sentence in read for word in sentence)
        wants: list[Want] = []
        begin = 0
        for number, sentence in enumerate(read):
            scale = 1.0 if number == len(read) - 1 else self._tuning.scenery
            wants += self._wanted(sentence, begin, scale)
            begin += len(sentence)
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
        others = self._other_subjects.find([word.stem for word in sequence])
        return Reading(
            question=question,
            words=sequence,
            wants=tuple(wants),
            named=named,
            compared=compared,
            is_elsewhere=elsewhere,
            is_ours=is_ours,
            other_words=len(others) + len(foreign),
            is_long=len(parts) > 1,
            asked=_asked(parts[-1]),
            asked_kinds=_asked_kinds(parts[-1]),
            in_names=in_names,
        )

    def _wanted(self, sentence: Sequence[Word], begin: int, scale: float) -> list[Want]:
        """Return what one sentence asks for; its words take the places from ``begin`` on."""
        tuning = self._tuning
        stems = [word.stem for word in sentence]

        def weight(word: Word) -> float:
            return scale * math.pow(word.rarity, tuning.english_rank) * word.repair

        found = [
            Want(word.stem, weight(word), (begin + place,))
            for place, word in enumerate(sentence)
            if not word.is_stop
        ]
        for match in self._terms.find(stems, overlapping=True):
            places = tuple(range(begin + match.start, begin + match.end))
            found += [Want(value, scale * tuning.term, places) for value in match.values]
        for related in self._related.find(stems, overlapping=True):
            places = tuple(range(begin + related.start, begin + related.end))
            for terms in related.values:
                part = scale * tuning.related / math.sqrt(len(terms) or 1)
                found += [Want(term, part, places) for term in terms if term not in stems]
        return found

    def _word(self, text: str, repair: float = 1.0) -> Word:
        rank = NUMBER_RANK if text.isdigit() else self._english.get(text, ENGLISH_WORDS)
        rarity = math.log(2 + rank) / math.log(2 + ENGLISH_WORDS)
        rarity = self._telling.get(stem(text), rarity)
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
            elif self._is_rare(word) and (name := self._name_words.begun(word)):
                out.append(self._word(name, self._tuning.repaired))
            elif word not in self._english and (repaired := self._speller.repair(word)):
                out.append(self._word(repaired, self._tuning.repaired))
            else:
                out.append(self._word(word))
        return out

    def _is_rare(self, word: str) -> bool:
        return self._english.get(word, ENGLISH_WORDS) >= RARE_RANK

    def _joined(self, first: str, second: str) -> str | None:
        """Return the word that two written apart make, if need be a name with a typo in it."""
        both = first + second
        if both in self.names.words and both not in self._english and self._is_code(both):
            return both
        if both := self._speller.joined(first, second):
            return both
        if min(len(first), len(second)) < LEAST_PART_TO_REPAIR or {first, second} & STOP_WORDS:
            return None
        return self._joined_names.repair(first + second)

    def _is_code(self, word: str) -> bool:
        return len(word) >= LEAST_PART_TO_REPAIR

    def _is_pair(self, first: str, second: str) -> bool:
        return self._are_neighbours(stem(first), stem(second))


def _spellings(synonyms: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return single words that stand for one another, each with the first of its group."""
    found: dict[str, str] = {}
    for group in synonyms:
        single = [form[0] for phrase in group if len(form := forms(phrase)) == 1]
        found.update((word, single[0]) for word in single[1:])
    return found


_ASKED = re.compile(r"\b(?:which|what|name the|what kind of|what type of) ((?:[\w-]+ ?){1,7})")
_ENDS_HEAD = frozenset(
    """is are was does do did can could should would will may might must lets let helps help has have
    that which who whom when where to for in with on from by at and or""".split()
)


def _asked(part: str) -> frozenset[str]:
    """Return the stems of the thing asked for; none when the question does not say."""
    found: set[str] = set()
    for match in _ASKED.finditer(part):
        for word in words(match[1]):
            if word in _ENDS_HEAD:
                break
            if word not in STOP_WORDS:
                found.add(stem(word))
    return frozenset(found)


def _asked_kinds(part: str) -> frozenset[Kind]:
    for pattern, kinds in _ASKED_KINDS:
        if pattern.search(part):
            return kinds
    return frozenset()
