"""Reading a question: its words, the names and field terms in it, and what is asked of them.

A name in a question is often what it is about ("is Shield Standard free?") and sometimes only
scenery ("what does CloudFront use to reach users?"). Three grades of naming keep them apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import pairwise

from bot.core.model import Entry, Kind, Knowledge
from bot.core.phrases import Match, PhraseBook
from bot.core.spelling import LENGTH_FOR_TWO_EDITS, Speller
from bot.core.text import STOP_WORDS, normalize, singular, stem, words
from bot.core.tuning import Tuning

ENGLISH_WORDS = 16_000
"""Size of the list of everyday words; a word outside it is as telling as a word can be."""

LEAST_PART_TO_REPAIR = 4
"""Letters in each of two words that may be one name, written apart and misspelt."""
NUMBER_RANK = 20
"""A number counts as one of the commonest words: which one it is hardly ever matters."""


class Naming(IntEnum):
    """How strongly a name in a question is what the question is about."""

    SCENERY = 0
    MENTION = 1
    SUBJECT = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question after typo repair."""

    text: str
    stem: str
    form: str
    """As names are compared: without a plural ending only."""
    is_stop: bool
    rarity: float = 1.0
    """From near 0 (everybody says it every day) to 1 (not an everyday word)."""
    repair: float = 1.0
    """Less than 1 when it had to be repaired."""


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
    asked_kinds: frozenset[Kind]
    """Kinds of entry that it asks for ("which service"); empty when it does not say."""
    in_names: Mapping[int, frozenset[int]]
    """Entries named, each with the places of the words that name it."""


_COMPARING = re.compile(
    r"\b(?:vs?|versus|differ(?:s|ent|ently|ence|ences)?|diff|compare[ds]?|comparison|comparing"
    r"|distinguish(?:es)?|distinction|as opposed to|confus(?:e|es|ed|ing)|mix(?:ing|ed)? up)\b"
)
_WEAKLY_COMPARING = re.compile(
    r"\b(?:instead of|rather than|better than|apart|the same|same as|over|choose|pick|prefer)\b"
)
_JOINING = frozenset(
    """or and over than instead rather better same different compared from with as vs versus
    v""".split()
)
_ASKS_FOR_OTHER = re.compile(
    r"\b(?:which|what|name the|name an?|is there an?|the)\s+(?:\w+\s+){0,3}?"
    r"(?:services?|tools?|features?|options?|solutions?|products?|offerings?|databases?"
    r"|polic(?:y|ies)|plans?|types?|models?|components?|capabilit(?:y|ies)|resources?|thing)\b"
)
_USES = re.compile(
    r"\bwhat (?:does|do|can|should)\b.*\b(?:use|uses|used|need|needs|rely|relies|add|choose)\b"
)
_DEFINING = re.compile(
    r"^(?:so |ok |hey |hi |yo |please |can you |could you )*"
    r"(?:wh?at(?:'?s| is| are| even| does| do|s)|whats|is|are|does|do|can|who|about|explain"
    r"|describe|define|how (?:does|do|much|is|many|long)|why (?:is|does|do|use)"
    r"|when (?:should|do|to)|definition of|meaning of|info on|more on|remind me what"
    r"|tell me(?: more)?(?: about)?)\b"
)
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
_LOWER_WORD = re.compile(r"\b[a-z]+\b")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` that hold a word.

    >>> sentences("It runs on EC2. Which service? ...")
    ['It runs on EC2', ' Which service']
    """
    return [part for part in _SENTENCE.split(text) if any(c.isalnum() for c in part)]


def forms(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` as names are compared."""
    return tuple(singular(word) for word in words(text))


def stemmed(phrase: str) -> tuple[str, ...]:
    """Return the stems of all words of ``phrase``, stop words too."""
    return tuple(stem(word) for word in words(phrase))


def name_forms(name: str) -> list[tuple[str, ...]]:
    """Return the ways a name is written: whole, and without the vendor's word before it.

    "AWS Config" is Config, but "AWS responsibilities" is not any responsibilities.
    """
    found = [forms(name)]
    vendor, _, rest = name.partition(" ")
    if vendor in ("AWS", "Amazon") and not rest[:1].islower():
        found.append(forms(rest))
    return found


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
        self._names: PhraseBook[int] = PhraseBook(
            (form, number)
            for number, entry in enumerate(knowledge.entries)
            for name in entry.names
            for form in name_forms(name)
        )
        self._terms: PhraseBook[str] = PhraseBook(
            (stemmed(phrase), f"={group[0]}") for group in knowledge.synonyms for phrase in group
        )
        # Every text of the knowledge is split several times while the library is built.
        self.split = cache(words)
        self._speller = Speller(self._vocabulary(knowledge))
        name_words = {
            word for entry in knowledge.entries for name in entry.names for word in words(name)
        }
        self._name_words = Speller(name_words)
        self._joined_names = Speller(
            word for word in name_words if len(word) >= LENGTH_FOR_TWO_EDITS and word not in english
        )
        self._elsewhere: PhraseBook[bool] = PhraseBook(
            (forms(name), True) for name in knowledge.elsewhere
        )
        self._plain = _plain_names(knowledge.entries)

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

    def named_in(self, text: str) -> int | None:
        """Return the entry that ``text`` names, the longest name first; None if none."""
        matches = self._names.find(forms(text))
        longest = max(matches, key=lambda match: match.end - match.start, default=None)
        return longest.values[0] if longest is not None else None

    def named_exactly(self, name: str) -> int | None:
        """Return the entry whose name ``name`` is, in any form; None if none."""
        wanted = forms(name)
        for match in self._names.find(wanted):
            if match.start == 0 and match.end == len(wanted):
                return match.values[0]
        return None

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
        named, compared = self._named(question, parts, read)
        word_forms = [word.form for word in sequence]
        in_names: dict[int, frozenset[int]] = {}
        for match in self._names.find(word_forms):
            for number in match.values:
                places = in_names.get(number, frozenset())
                in_names[number] = places.union(range(match.start, match.end))
        is_ours = bool(named) or any(word.text in ("aws", "amazon") for word in sequence)
        foreign = self._elsewhere.find(word_forms)
        # A vendor's whole name ("amazon prime") says more than the word "amazon" in it.
        elsewhere = bool(foreign) and (
            not is_ours or (not named and any(m.end - m.start > 1 for m in foreign))
        )
        kinds = _asked_kinds(parts[-1])
        return Reading(question, sequence, weights, named, compared, elsewhere, kinds, in_names)

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

    # ---------------------------------------------------------------------- naming

    def _named(
        self, question: str, parts: Sequence[str], read: Sequence[Sequence[Word]]
    ) -> tuple[dict[int, Naming], tuple[int, int] | None]:
        found: dict[int, Naming] = {}
        compared: tuple[int, int] | None = None
        last = len(parts) - 1
        for place, (part, sequence) in enumerate(zip(parts, read, strict=True)):
            matches = self._names.find([word.form for word in sequence])
            if not matches:
                continue
            pair = _compared(part, sequence, matches) if place == last else None
            if pair is not None:
                compared = (pair[0].values[0], pair[1].values[0])
            for match, naming in self._graded(
                question, part, sequence, matches, compares=bool(pair), is_last=place == last
            ):
                for number in match.values:
                    found[number] = max(found.get(number, Naming.SCENERY), naming)
        return found, compared

    def _graded(
        self,
        question: str,
        part: str,
        sequence: Sequence[Word],
        matches: Sequence[Match[int]],
        *,
        compares: bool,
        is_last: bool,
    ) -> list[tuple[Match[int], Naming]]:
        inside = {place for match in matches for place in range(match.start, match.end)}
        others = any(
            not word.is_stop and place not in inside for place, word in enumerate(sequence)
        )
        graded = []
        for match in matches:
            if others and not compares and self._is_plain_use(question, sequence, match):
                continue
            if compares or not others:
                naming = Naming.SUBJECT
            elif not is_last or _ASKS_FOR_OTHER.search(part) or _USES.search(part):
                naming = Naming.SCENERY
            else:
                naming = Naming.SUBJECT if _DEFINING.search(part.strip()) else Naming.MENTION
            graded.append((match, naming))
        return graded

    def _is_plain_use(self, question: str, sequence: Sequence[Word], match: Match[int]) -> bool:
        """Whether a one-word name is meant as the common word it also is."""
        word = sequence[match.start]
        if word.form not in self._plain or match.end - match.start > 1:
            return False
        if match.start and sequence[match.start - 1].text in ("aws", "amazon"):
            return False
        written = question.find(word.text.capitalize())
        return not (written > 0 and not question.isupper() and not question.istitle())


def _asked_kinds(part: str) -> frozenset[Kind]:
    for pattern, kinds in _ASKED_KINDS:
        if pattern.search(part):
            return kinds
    return frozenset()


def _compared(
    part: str, sequence: Sequence[Word], matches: Sequence[Match[int]]
) -> tuple[Match[int], Match[int]] | None:
    """Return the two names that a sentence asks to tell apart; None when it does not.

    Of several names, the two that are joined by nothing but "and", "or", "vs" and the like.
    """
    different = [
        (first, second) for first, second in pairwise(matches) if first.values != second.values
    ]
    if not different:
        return None
    strongly = _COMPARING.search(part) is not None
    weakly = _WEAKLY_COMPARING.search(part) is not None
    for first, second in different:
        between = [word.text for word in sequence[first.end : second.start]]
        if not all(text in STOP_WORDS or text in _JOINING for text in between):
            continue
        if "or" in between or strongly or (weakly and _JOINING.intersection(between)):
            return first, second
    return different[0] if strongly else None


def prose(entry: Entry) -> list[str]:
    """Return the sentences and half-sentences of an entry, as written."""
    parts = [entry.summary, *entry.clues, *(fact.text for fact in entry.facts)]
    parts += [half for d in entry.differences for half in (d.this, d.that)]
    parts += [duty for duties in entry.duties.values() for duty in duties]
    return parts


def _plain_names(entries: Sequence[Entry]) -> frozenset[str]:
    """Return one-word names that are common words too: "connect", "translate".

    A name counts as common when another entry's prose has the word in lower case; codes and
    abbreviations (S3, WAF) never do. Terms are left out: authors write names there as members
    type them.
    """
    lower = [frozenset(_LOWER_WORD.findall("\n".join(prose(entry)))) for entry in entries]
    counts = Counter(word for found in lower for word in found)
    plain: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.kind != "service":  # a concept is called by a common word
            continue
        for name in entry.names:
            head, _, last = name.rpartition(" ")
            if head not in ("", "AWS", "Amazon") or not last.isalpha() or last.isupper():
                continue
            word = last.lower()
            if counts[word] - (word in lower[number]) > 0:
                plain.add(singular(word))
    return frozenset(plain)
