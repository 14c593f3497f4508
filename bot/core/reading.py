"""Reading a question: its words, repaired and weighed, the names and field terms in it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from bot.core.asking import asked_kinds, asked_things
from bot.core.corpus import Corpus, Indexed
from bot.core.facts import FactKind, wanted
from bot.core.index import Index
from bot.core.language import Language, pairs
from bot.core.model import Kind, Knowledge
from bot.core.names import Names
from bot.core.naming import Naming, is_defining, read_names
from bot.core.phrases import Match, PhraseBook
from bot.core.spelling import LENGTH_FOR_TWO_EDITS, Speller
from bot.core.text import STOP_WORDS, normalize, singular, stem, words
from bot.core.tuning import Tuning
from bot.core.weigher import ENGLISH_WORDS, Weigher
from bot.core.word import Word, cut_all, forms

LEAST_JOINED = 4
"""Letters of a name that may be written apart, "cap ex", unless it is a code: "ec 2"."""
LEAST_PART_TO_REPAIR = 4
"""Letters in each of two words that may be one name, written apart and misspelt."""
RARE_RANK = 4_000
"""An everyday word from this rank on may be a name that was only begun."""
WORDS_REMEMBERED = 20_000
LIKENED_BEFORE = 4
"""Words before a name, "or" among them, of which one may say what it is like: "like A or B"."""


class Want(NamedTuple):
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
    is_coined: bool
    """Whether one of those names is no everyday word: "GuardDuty", "RAG"."""
    other_words: int
    """How many words it has that belong to other subjects."""
    pairs_ours: tuple[float, ...]
    """As Word.ours, for neighbouring words."""
    is_defining: bool
    """Whether it wants to know what something is."""
    is_long: bool
    """Whether it has several sentences."""
    asked: frozenset[str]
    """Stems of the thing that it asks for: "deployment", "model" in "which deployment model"."""
    asked_kinds: frozenset[Kind]
    """Kinds of entry that it asks for ("which service"); empty when it does not say."""
    asked_facts: tuple[FactKind, ...]
    """The kinds of fact that it asks for ("how many")."""
    in_names: Mapping[int, frozenset[int]]
    """Entries named, each with the places of the words that name it."""
    weights: Mapping[str, float]
    """Term of the index to the weight of its most telling wording."""


_VENDOR = frozenset(("aws", "amazon"))
_LIKE = frozenset("like than type style but similar".split())
_INSTEAD_OF = frozenset("similar equivalent alternative replacement version answer instead".split())
"""These stand before "to", "of" or "for" and a name."""
_ALPHANUMERIC = re.compile(r"[^\W_]")
_SENTENCE = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` that hold a word, and that last which asks.

    >>> sentences("It runs on EC2. Which service? ...")
    ['It runs on EC2', ' Which service']
    >>> sentences("Is IAM free? My boss asks.")
    [' My boss asks', 'Is IAM free']
    """
    parts: list[str] = []
    asking: int | None = None
    begin = 0
    for end in _SENTENCE.finditer(text):
        if _ALPHANUMERIC.search(text, begin, end.start()):
            if "?" in end[0]:
                asking = len(parts)
            parts.append(text[begin : end.start()])
        begin = end.end()
    if _ALPHANUMERIC.search(text, begin):
        parts.append(text[begin:])
    if asking is not None:
        parts.append(parts.pop(asking))
    return parts


class Reader:
    """Knows the names, terms and words of the knowledge, and everyday English."""

    def __init__(
        self,
        knowledge: Knowledge,
        corpus: Corpus,
        indexed: Indexed,
        index: Index,
        language: Language,
        tuning: Tuning,
    ) -> None:
        """``indexed`` is what the entries of ``knowledge`` come to, ``index`` answers from it."""
        self._corpus = corpus
        self._index = index
        self._english = language.ranks
        self._language = language
        self._tuning = tuning
        self._terms = corpus.field_terms
        self._word = lru_cache(WORDS_REMEMBERED)(Weigher(index, language, tuning).word)
        """Not a method of this reader: it would hold itself, and stay for long after a reload."""
        self.names = Names(knowledge.entries, indexed.saying, _spellings(knowledge.synonyms))
        said = [phrase for related in knowledge.related for phrase in related.say]
        mean = cut_all([phrase for related in knowledge.related for phrase in related.mean], str)
        means = map(self._meant, mean)
        meant = [tuple(islice(means, len(related.mean))) for related in knowledge.related]
        owners = [number for number, related in enumerate(knowledge.related) for _ in related.say]
        cut = cut_all(said, str)
        self._related: PhraseBook[tuple[tuple[str, ...], ...]] = PhraseBook(
            (tuple(map(stem, phrase)), meant[owner])
            for phrase, owner in zip(cut, owners, strict=True)
        )
        synonyms = cut_all([word for group in knowledge.synonyms for word in group], str)
        known = chain.from_iterable((*cut, *synonyms))
        self._speller = Speller(STOP_WORDS.union(indexed.vocabulary, known))
        self._name_words = Speller(self.names.words)
        self._written_apart = self.names.words - self._english.keys()
        self._joined_names = Speller(
            word for word in self._written_apart if len(word) >= LENGTH_FOR_TWO_EDITS
        )
        self._elsewhere: PhraseBook[bool] = PhraseBook(
            (form, True) for form in cut_all(knowledge.elsewhere, singular)
        )
        self._other_subjects: PhraseBook[bool] = PhraseBook(
            (form, True) for form in cut_all(knowledge.other_subjects, stem)
        )

    # ------------------------------------------------------------------ knowledge

    def terms_of(self, text: str) -> list[str]:
        """Return the index terms of a text: words and field terms."""
        return self._corpus.terms(text)

    def _meant(self, phrase: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of a phrase: one of the field if it is one, or else its words."""
        known = self._terms.get(tuple(map(stem, phrase)))
        return known or tuple(stem(word) for word in phrase if word not in STOP_WORDS)

    # ------------------------------------------------------------------- questions

    def read(self, question: str) -> Reading:
        """Return ``question`` as words, weighted terms and named entries."""
        text = normalize(question)
        parts = sentences(text) or [""]
        read = [self._repaired(words(part)) for part in parts]
        sequence = tuple(word for sentence in read for word in sentence)
        wants: list[Want] = []
        begin = 0
        for number, sentence in enumerate(read):
            scale = 1.0 if number == len(read) - 1 else self._tuning.scenery
            wants += self._wanted(sentence, begin, scale)
            begin += len(sentence)
        named, compared, in_names = read_names(
            self.names, question, parts, read, self._tuning.comparing
        )
        is_named = any(naming is not Naming.PLAIN for naming in named.values())
        is_ours = is_named or _has_vendor(sequence)
        stems = [word.stem for word in sequence]
        foreign = [
            match
            for match in self._elsewhere.find([word.form for word in sequence])
            if not _is_likened(sequence, match)
        ]
        # A vendor's whole name ("amazon prime") says more than the word "amazon" in it.
        elsewhere = any(
            not is_ours or (not is_named and _has_vendor(sequence[match.start : match.end]))
            for match in foreign
        )
        others = self._other_subjects.find(stems)
        return Reading(
            question=question,
            words=sequence,
            wants=tuple(wants),
            named=named,
            compared=None if elsewhere else compared,
            is_elsewhere=elsewhere,
            is_ours=is_ours,
            is_coined=self._is_coined(question, sequence, named, in_names),
            other_words=len(others) + len(foreign),
            pairs_ours=tuple([self._language.ours.get(pair, 0.0) for pair in pairs(stems)]),
            is_defining=is_defining(parts[-1].strip()),
            is_long=len(parts) > 1,
            asked=asked_things(parts[-1]),
            asked_kinds=asked_kinds(parts[-1]),
            asked_facts=wanted(text),
            in_names=in_names,
            weights=_weights(wants),
        )

    def _is_coined(
        self,
        question: str,
        sequence: Sequence[Word],
        named: Mapping[int, Naming],
        in_names: Mapping[int, frozenset[int]],
    ) -> bool:
        """Whether a name has a word that is no everyday one, or that is written in capitals."""
        shouts = question.isupper()
        return any(
            not word.text.isdigit()
            and (
                word.text not in self._english
                or (not shouts and len(word.text) > 1 and word.text.upper() in question)
            )
            for number, naming in named.items()
            if naming is not Naming.PLAIN
            for word in map(sequence.__getitem__, in_names[number])
        )

    def _wanted(self, sentence: Sequence[Word], begin: int, scale: float) -> list[Want]:
        """Return what one sentence asks for; its words take the places from ``begin`` on."""
        tuning = self._tuning
        stems = [word.stem for word in sentence]

        found = [
            Want(word.stem, scale * word.weight * word.repair, (begin + place,))
            for place, word in enumerate(sentence)
            if not word.is_stop
        ]
        for match in self._terms.find(stems, overlapping=True):
            places = tuple(range(begin + match.start, begin + match.end))
            found += [Want(value, scale * tuning.term, places) for value in match.values]
        for related in self._related.find(stems, overlapping=True):
            places = tuple(range(begin + related.start, begin + related.end))
            for terms in {terms for meanings in related.values for terms in meanings}:
                part = scale * tuning.related / math.sqrt(len(terms) or 1)
                found += [Want(term, part, places) for term in terms if term not in stems]
        return found

    def _repaired(self, raw: Sequence[str]) -> list[Word]:
        out: list[Word] = []
        skip = False
        known = self._speller.words
        for place, word in enumerate(raw):
            if skip:
                skip = False
                continue
            following = raw[place + 1] if place + 1 < len(raw) else ""
            if following and (both := self._joined(word, following)):
                out.append(self._word(both))
                skip = True
            elif word in known or word in STOP_WORDS:
                out.append(self._word(word))
            elif code := self._speller.singular(word):
                out.append(self._word(code))
            elif word not in self._english and (name := self._name_words.repair(word)):
                out.append(self._word(name, self._tuning.repaired))
            elif stem(word) in self._index:
                out.append(self._word(word))
            elif parts := self._speller.parted(word, self._is_pair):
                out.extend(self._word(part) for part in parts)
            elif self._is_rare(word) and (begun := self._name_words.begun(word)):
                out.append(self._word(begun, self._tuning.repaired))
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
        if both in self._written_apart:
            is_code = second.isdigit() and first.isalpha()
            if is_code or len(both) >= LEAST_JOINED:
                return both
        if self._speller.joined(first, second):
            return both
        if len(first) < LEAST_PART_TO_REPAIR or len(second) < LEAST_PART_TO_REPAIR:
            return None
        if first in STOP_WORDS or second in STOP_WORDS:
            return None
        return self._joined_names.repair(both)

    def _is_pair(self, first: str, second: str) -> bool:
        return self._index.are_neighbours(stem(first), stem(second))


def _has_vendor(words: Iterable[Word]) -> bool:
    return not _VENDOR.isdisjoint([word.text for word in words])


def _is_likened(sequence: Sequence[Word], match: Match[bool]) -> bool:
    """Whether a name only says what something is like: "power bi but aws", "the gcp of amazon"."""
    before = [word.text for word in sequence[: match.start]]
    if before[-1:] == ["or"] and not _LIKE.isdisjoint(before[-LIKENED_BEFORE:]):
        return True
    before = before[-2:]
    after = [word.text for word in sequence[match.end : match.end + 1]]
    if before[-1:] and before[-1] in ("a", "an", "the"):
        before = before[:-1]
    return (
        bool(before) and (before[-1] in _LIKE or before[0] in _INSTEAD_OF)
    ) or not _LIKE.isdisjoint(after)


def _weights(wants: Iterable[Want]) -> dict[str, float]:
    found: dict[str, float] = {}
    for want in wants:
        if want.weight > found.get(want.term, 0.0):
            found[want.term] = want.weight
    return found


def _spellings(synonyms: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return single words that stand for one another, each with the first of its group."""
    found: dict[str, str] = {}
    for group in synonyms:
        single = [form[0] for phrase in group if len(form := forms(phrase)) == 1]
        found.update((word, single[0]) for word in single[1:])
    return found
