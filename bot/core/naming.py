"""Names in a question: which entries they mean, and how strongly it is about them.

A name is often what a question is about ("is Shield Standard free?") and sometimes only scenery
("what does CloudFront use to reach users?"). Three grades of naming keep them apart, and a
comparing word between two names makes the question about both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from bot.core.model import Entry
from bot.core.phrases import Match, PhraseBook
from bot.core.text import STOP_WORDS, singular, words
from bot.core.word import Word, forms

_COMPARING = re.compile(
    r"\b(?:vs?|versus|differ(?:s|ent|ently|ence|ences)?|diff|compare[ds]?|comparison|comparing"
    r"|distinguish(?:es)?|distinction|separates?|contrast(?:s|ed)?|against|as opposed to"
    r"|confus(?:e|es|ed|ing)|mix(?:ing|ed)? up)\b"
)
_WEAKLY_COMPARING = re.compile(
    r"\b(?:instead of|rather than|better than|apart|the same|same as|over|choose|pick|prefer)\b"
)
_JOINING = frozenset(
    """against or and over than instead rather better same different compared from with as vs versus
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
    r"|definition of|meaning of|info on|more on|remind me what"
    r"|tell me(?: more)?(?: about)?)\b"
    r"(?! (?:i|we|you|my|our|they|someone|people|companies)\b)"
    r"|^when (?:should|do|to)\b"
)
_IN_PASSING = frozenset(("in", "on", "of", "to", "from", "for", "with", "via", "inside", "within"))
_ARTICLES = frozenset(("a", "an", "the", "my", "our", "your", "aws", "amazon", "its"))
_LOWER_WORD = re.compile(r"\b[a-z]+\b")


class Naming(IntEnum):
    """How strongly a name in a question is what the question is about."""

    SCENERY = 0
    MENTION = 1
    SUBJECT = 2


def name_forms(name: str) -> list[tuple[str, ...]]:
    """Return the ways a name is written: whole, and without the vendor's word before it.

    "AWS Config" is Config, but "AWS responsibilities" is not any responsibilities.
    """
    found = [forms(name)]
    vendor, _, rest = name.partition(" ")
    if vendor in ("AWS", "Amazon") and not rest[:1].islower():
        found.append(forms(rest))
    return found


class Names:
    """Every name of every entry, in every form in which it is written."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._book: PhraseBook[int] = PhraseBook(
            (form, number)
            for number, entry in enumerate(entries)
            for name in entry.names
            for form in name_forms(name)
        )
        self._plain = _plain_names(entries)
        self._concepts = frozenset(
            number for number, entry in enumerate(entries) if entry.kind == "concept"
        )
        self.words = frozenset(
            word for entry in entries for name in entry.names for word in words(name)
        )
        """Every word of every name."""

    def find(self, sequence: Sequence[Word]) -> list[Match[int]]:
        """Return the names in a sequence of words, each with the entries that it may mean."""
        return self._book.find([word.form for word in sequence])

    def in_text(self, text: str) -> int | None:
        """Return the entry that ``text`` names, the longest name first; None if none."""
        matches = self._book.find(forms(text))
        longest = max(matches, key=lambda match: match.end - match.start, default=None)
        return longest.values[0] if longest is not None else None

    def exactly(self, name: str) -> int | None:
        """Return the entry whose name ``name`` is, in any form; None if none."""
        wanted = forms(name)
        for match in self._book.find(wanted):
            if match.start == 0 and match.end == len(wanted):
                return match.values[0]
        return None

    def read(
        self, question: str, parts: Sequence[str], read: Sequence[Sequence[Word]]
    ) -> tuple[dict[int, Naming], tuple[int, int] | None]:
        """Return the entries named, each with its strongest naming, and the two compared.

        ``parts`` are the sentences of ``question`` as text, ``read`` the same as words. Only the
        last sentence asks; names in earlier ones are scenery.
        """
        found: dict[int, Naming] = {}
        compared: tuple[int, int] | None = None
        last = len(parts) - 1
        for place, (part, sequence) in enumerate(zip(parts, read, strict=True)):
            matches = self.find(sequence)
            if not matches:
                continue
            pair = _compared(part, sequence, matches) if place == last else None
            if pair is not None:
                compared = (pair[0].values[0], pair[1].values[0])
            for match, naming in self._graded(
                question, part, sequence, matches, bool(pair), place == last, not last
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
        compares: bool,
        is_last: bool,
        is_only: bool,
    ) -> list[tuple[Match[int], Naming]]:
        inside = {place for match in matches for place in range(match.start, match.end)}
        others = any(
            not word.is_stop and place not in inside for place, word in enumerate(sequence)
        )
        defining = _DEFINING.search(part.strip()) is not None
        graded = []
        for match in matches:
            if others and not compares and self._is_plain_use(question, sequence, match):
                continue
            if compares or (not others and is_only):
                naming = Naming.SUBJECT
            elif not is_last or _ASKS_FOR_OTHER.search(part) or _USES.search(part):
                naming = Naming.SCENERY
            elif not others or (defining and not self._concepts.issuperset(match.values)):
                naming = Naming.SUBJECT
            else:
                naming = Naming.SCENERY if _in_passing(sequence, match) else Naming.MENTION
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


def _in_passing(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a name only says where: "in S3", "of the Cloud Adoption Framework"."""
    place = match.start - 1
    while place >= 0 and sequence[place].text in _ARTICLES:
        place -= 1
    return place >= 0 and sequence[place].text in _IN_PASSING


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


def prose(entry: Entry) -> list[str]:
    """Return the sentences and half-sentences of an entry, as written."""
    parts = [entry.summary, *entry.clues, *(fact.text for fact in entry.facts)]
    parts += [half for d in entry.differences for half in (d.this, d.that)]
    parts += [duty for duties in entry.duties.values() for duty in duties]
    return parts
