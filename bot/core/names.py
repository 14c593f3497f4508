"""Every name of every entry, in every form in which it is written."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from bot.core.model import Entry
from bot.core.phrases import Match, PhraseBook
from bot.core.text import STOP_WORDS, singular
from bot.core.word import Word, cut_all, forms

LEAST_SHARE = 0.5
"""Share of a name's words that must be said where two things are told apart."""
LEAST_PREFIX = 5
"""Letters of the beginning of a name's word that stand for it."""
LEAST_WRITTEN_TOGETHER = 6
"""Letters of a name of several words that is found written as one: "autoscaling"."""
_VENDOR = frozenset(("aws", "amazon"))
_NO_PARTS = STOP_WORDS | _VENDOR
_AND_OR = frozenset(("and", "or", "vs", "versus", "v", "n", "not", "than", "against"))


def name_forms(name: str, whole: tuple[str, ...] | None = None) -> list[tuple[str, ...]]:
    """Return the ways a name is written: whole, and without the vendor's word before it.

    "AWS Config" is Config, but "AWS responsibilities" is not any responsibilities. A name of
    several words is found written as one too. ``whole`` is what ``forms`` gives, if known.
    """
    found = [forms(name) if whole is None else whole]
    vendor, _, rest = name.partition(" ")
    if vendor in ("AWS", "Amazon") and not rest[:1].islower():
        found.append(found[0][1:])
    together = "".join(found[-1])
    if len(found[-1]) > 1 and len(together) >= LEAST_WRITTEN_TOGETHER:
        found.append((together,))
    return found


class Names:
    """Every name of every entry, in every form in which it is written."""

    def __init__(
        self,
        entries: Sequence[Entry],
        saying: Mapping[str, Collection[int]] | None = None,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """``saying`` tells which entries say a word of ``common_names`` in their prose.

        ``spellings`` maps short forms of single words to the word: "gw" is "gateway".
        """
        self._spellings = spellings or {}
        self._parts: dict[str, list[tuple[str, ...]]] = {}
        """Words and initials that stand for a part of a name, with the names; made when wanted."""
        self._whole: list[str] = []
        """Those words of them that may be only begun."""
        self._by_word: defaultdict[str, list[tuple[tuple[str, ...], list[int]]]] = defaultdict(list)
        named = [(number, name) for number, entry in enumerate(entries) for name in entry.names]
        cut = cut_all([name for _, name in named], str)
        self._book: PhraseBook[int] = PhraseBook(
            (self._spelt(form), number)
            for (number, name), said in zip(named, cut, strict=True)
            for form in name_forms(name, tuple(map(singular, said)))
        )
        numbers = {entry.id: number for number, entry in enumerate(entries)}
        linked = {
            (number, numbers[difference.entry_id])
            for number, entry in enumerate(entries)
            for difference in entry.differences
            if difference.entry_id in numbers
        }
        self._confused = linked | {(second, first) for first, second in linked}
        saying = saying or {}
        self.plain = frozenset(
            singular(word)
            for word, owners in common_names(entries).items()
            if any(number not in owners for number in saying.get(word, ()))
        )
        self.concepts = frozenset(
            number for number, entry in enumerate(entries) if entry.kind == "concept"
        )
        self.words = frozenset(chain.from_iterable(cut))
        """Every word of every name."""

    def _spelt(self, form: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._spellings.get, form, form))

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
        fitting = [
            (-len(rest), values[0])
            for form, values in (self._holding(min(said)) if said else ())
            if said <= set(form) and (rest := set(form) - said) <= around | _VENDOR
        ]
        return min(fitting)[1] if fitting else self.in_text(option)

    def _holding(self, word: str) -> Iterable[tuple[tuple[str, ...], list[int]]]:
        """Return the forms of names that hold ``word``, and whose they are."""
        if not self._by_word:
            for form, values in self._book.phrases():
                for part in set(form):
                    self._by_word[part].append((form, values))
        return self._by_word.get(word, ())

    def partly(self, sequence: Sequence[Word]) -> dict[int, tuple[float, frozenset[int]]]:
        """Return entries of which a name is partly said: the share of it, and where.

        A word counts when it is in the name, begins a word of it ("dynamo"), or has its initials
        ("SP"). Only half a name or more is reported.
        """
        if not self._parts:
            self._parts = _parts(self._book.phrases())
            self._whole = sorted(self._parts.keys() & set(map(singular, self.words)))
        found: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for place, word in enumerate(sequence):
            if word.is_stop:
                continue
            spelt = self._spellings.get(word.form, word.form)
            for part in (spelt, *self._begun(spelt)):
                for form in self._parts.get(part, ()):
                    found[form].add(place)
        best: dict[int, tuple[float, frozenset[int]]] = {}
        for form, places in found.items():
            initials = len(form) > 1 and any(
                sequence[place].form == _initials(form) for place in places
            )
            share = 1.0 if initials else len(places) / len(set(form) - _VENDOR)
            if share < LEAST_SHARE:
                continue
            for number in self._book.get(form):
                if number not in best or share > best[number][0]:
                    best[number] = share, frozenset(places)
        return best

    def _begun(self, word: str) -> Iterator[str]:
        """Yield the words of names that ``word`` is the beginning of."""
        if len(word) < LEAST_PREFIX:
            return
        for place in range(bisect_right(self._whole, word), len(self._whole)):
            if not self._whole[place].startswith(word):
                return
            yield self._whole[place]

    def are_confused(self, first: int, second: int) -> bool:
        """Return whether the knowledge says how two entries differ."""
        return (first, second) in self._confused

    def exactly(self, name: str) -> int | None:
        """Return the entry whose name ``name`` is, in any form; None if none."""
        return self._number_of(forms(name))

    def numbers_of(self, names: Sequence[str]) -> list[int | None]:
        """Return what ``exactly`` does, for each of many names that an author wrote."""
        return [self._number_of(form) for form in cut_all(names, singular)]

    def _number_of(self, form: Sequence[str]) -> int | None:
        return next(iter(self._book.get(self._spelt(form))), None)


def _initials(form: Sequence[str]) -> str:
    return "".join([word[0] for word in form if word not in _VENDOR])


def _parts(phrases: Iterable[tuple[tuple[str, ...], object]]) -> dict[str, list[tuple[str, ...]]]:
    """Return the words and initials that stand for a part of a name, with the names."""
    found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for form, _ in phrases:
        for word in set(form) - _NO_PARTS:
            found[word].append(form)
        initials = _initials(form)
        if len(initials) > 1 and initials not in STOP_WORDS and initials not in _AND_OR:
            found[initials].append(form)
    return dict(found)


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
