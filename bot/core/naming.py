"""Names in a question: which entries they mean, and how strongly it is about them.

A name is often what a question is about ("is Shield Standard free?") and sometimes only scenery
("what does CloudFront use to reach users?"). Three grades of naming keep them apart, and a
comparing word between two names makes the question about both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum

from bot.core.comparing import compared
from bot.core.model import Entry
from bot.core.phrases import Match, PhraseBook
from bot.core.text import singular, words
from bot.core.tuning import Comparing
from bot.core.word import Word, forms

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


_VENDOR = frozenset(("aws", "amazon"))
_AND_OR = frozenset(("and", "or", "vs", "versus", "v", "n", "not", "than", "against"))
WHOLE_WORDS = 25
"""A question of up to so many words may compare across its sentences."""


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

    def __init__(
        self,
        entries: Sequence[Entry],
        saying: Mapping[str, Collection[int]] | None = None,
        spellings: Mapping[str, str] | None = None,
        tuning: Comparing | None = None,
    ) -> None:
        """``saying`` tells which entries say a word of ``common_names`` in their prose.

        ``spellings`` maps short forms of single words to the word: "gw" is "gateway".
        """
        self._spellings = spellings or {}
        self._book: PhraseBook[int] = PhraseBook(
            (self._spelt(form), number)
            for number, entry in enumerate(entries)
            for name in entry.names
            for form in name_forms(name)
        )
        self._tuning = tuning or Comparing()
        numbers = {entry.id: number for number, entry in enumerate(entries)}
        linked = {
            (number, numbers[difference.entry_id])
            for number, entry in enumerate(entries)
            for difference in entry.differences
            if difference.entry_id in numbers
        }
        self._confused = linked | {(second, first) for first, second in linked}
        saying = saying or {}
        self._plain = frozenset(
            singular(word)
            for word, owners in common_names(entries).items()
            if any(number not in owners for number in saying.get(word, ()))
        )
        self._concepts = frozenset(
            number for number, entry in enumerate(entries) if entry.kind == "concept"
        )
        self.words = frozenset(
            word for entry in entries for name in entry.names for word in words(name)
        )
        """Every word of every name."""

    def _spelt(self, form: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._spellings.get(word, word) for word in form)

    def find(self, sequence: Sequence[Word]) -> list[Match[int]]:
        """Return the names in a sequence of words, each with the entries that it may mean."""
        spelt = self._spelt([word.form for word in sequence])
        matches = self._book.find(spelt)
        for match in tuple(matches):
            matches += self._shortened(spelt, match)
        return sorted(set(matches), key=lambda match: match.start)

    def _shortened(self, spelt: Sequence[str], match: Match[int]) -> list[Match[int]]:
        """Return the names that share a word with the one beside them.

        "Dedicated or reserved instances" names both, as "Shield Standard and Advanced" does.
        """
        if match.end - match.start < 2:
            return []
        found = []
        before, after = match.start - 2, match.end + 1
        if before >= 0 and spelt[before + 1] in _AND_OR:
            values = self._book.get((spelt[before], spelt[match.end - 1]))
            found += [Match(before, before + 1, values)] if values else []
        if after < len(spelt) and spelt[match.end] in _AND_OR:
            head = spelt[match.start : match.end - 1]
            values = self._book.get((*head, spelt[after]))
            found += [Match(after, after + 1, values)] if values else []
        return found

    def in_text(self, text: str) -> int | None:
        """Return the entry that ``text`` names, the longest name first; None if none."""
        matches = self._book.find(self._spelt(forms(text)))
        longest = max(matches, key=lambda match: match.end - match.start, default=None)
        return longest.values[0] if longest is not None else None

    def of_option(self, option: str, stem: str) -> int | None:
        """Return the entry that an option of a pasted question names; None if none.

        Its whole text counts first. A part of a name is enough when ``stem`` has the rest: under
        "which perspective of the CAF?" the option "People" is the people perspective. Last comes
        the longest name that stands in it.
        """
        number = self.exactly(option)
        if number is not None:
            return number
        said, around = set(self._spelt(forms(option))), set(self._spelt(forms(stem)))
        best: tuple[int, int] | None = None
        for form, values in self._book.phrases():
            rest = set(form) - said
            if said and said <= set(form) and rest and rest <= around | _VENDOR:
                best = max(best or (0, 0), (len(rest), -values[0]))
        return -best[1] if best is not None else self.in_text(option)

    def exactly(self, name: str) -> int | None:
        """Return the entry whose name ``name`` is, in any form; None if none."""
        wanted = self._spelt(forms(name))
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
        pair = self._pair(question, read)
        last = len(parts) - 1
        for place, (part, sequence) in enumerate(zip(parts, read, strict=True)):
            matches = self.find(sequence)
            for match, naming in self._graded(
                question, part, sequence, matches, pair is not None, place == last, not last
            ):
                for number in match.values:
                    found[number] = max(found.get(number, Naming.SCENERY), naming)
        return found, pair

    def _pair(self, question: str, read: Sequence[Sequence[Word]]) -> tuple[int, int] | None:
        """Return the two entries that a question compares.

        A short one is read as a whole, of a long one only the last sentence asks.
        """
        whole = [word for sentence in read for word in sentence]
        for sequence in (whole, read[-1]) if len(whole) <= WHOLE_WORDS else (read[-1],):
            matches = self.find(sequence)
            text = question.casefold() if sequence is whole else " ".join(w.text for w in sequence)
            pair = compared(text, sequence, matches, self._are_confused, self._tuning)
            if pair is not None:
                return pair[0].values[0], pair[1].values[0]
        return None

    def _are_confused(self, first: int, second: int) -> bool:
        return (first, second) in self._confused

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


def common_names(entries: Sequence[Entry]) -> dict[str, set[int]]:
    """Return one-word names that may be common words too, such as "connect", and whose they are.

    They are when another entry's prose has the word in lower case; codes and abbreviations (S3,
    WAF) never do. Terms are no prose: authors write names there as members type them.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, entry in enumerate(entries):
        if entry.kind != "service":  # a concept is called by a common word
            continue
        for name in entry.names:
            head, _, last = name.rpartition(" ")
            if head in ("", "AWS", "Amazon") and last.isalpha() and not last.isupper():
                found[last.lower()].add(number)
    return dict(found)
