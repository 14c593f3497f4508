"""Typo repair: the word of the knowledge that a member meant, or none.

Edits are counted with swaps of neighbours as one (optimal string alignment). The budget grows
with the length, and short words and codes (S3, SNS, EBS) are never repaired: at that length
one edit is a different service.

Source: https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

LENGTH_FOR_ONE_EDIT = 5
LENGTH_FOR_TWO_EDITS = 8
LEAST_BEGINNING = 5
LEAST_SHARE = 0.45
"""Letters of a word that is only begun, at least, and the share of the whole."""
LEAST_UNIT = 2
"""Letters of a unit that is written right after its number."""
_DIGITS = "0123456789"
LEAST_PART = 3
"""Letters in the shorter half of a word that is two."""


def budget(word: str) -> int:
    """Return how many edits ``word`` may be away from what was meant: 0, 1 or 2."""
    if len(word) < LENGTH_FOR_ONE_EDIT or not word.isalpha():
        return 0
    return 1 if len(word) < LENGTH_FOR_TWO_EDITS else 2


class Speller:
    """Knows the words of the knowledge and what a misspelt one was meant to be."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """``vocabulary`` may come in any order; results do not depend on it."""
        self.words = frozenset(vocabulary)
        """Every known word."""
        self._sorted = sorted(self.words)
        self._beginning: defaultdict[str, list[str]] = defaultdict(list)
        """Words that may be meant, by first letter and by the first two, the shortest first."""
        for word in sorted(self._sorted, key=len):
            if len(word) >= LENGTH_FOR_ONE_EDIT and word.isalpha():
                self._beginning[word[0]].append(word)
                self._beginning[word[:2]].append(word)

    def repair(self, word: str) -> str | None:
        """Return the nearest known word within the budget; ties break by the alphabet.

        The first letter, or the first two swapped, must be right: people rarely miss it, and
        it keeps the search small.
        """
        edits = budget(word)
        if not edits or word in self.words:
            return None
        swapped = word[1] + word[0]
        beginnings = (word[0],) if swapped[0] == word[0] else (word[0], swapped)
        for within in range(1, edits + 1):
            found: list[str] = []
            for beginning in beginnings:
                if not (known := self._beginning.get(beginning)):
                    continue
                shortest = bisect_left(known, len(word) - within, key=len)
                longest = bisect_right(known, len(word) + within, key=len)
                near = process.extract(
                    word,
                    known[shortest:longest],
                    scorer=OSA.distance,
                    processor=None,
                    score_cutoff=within,
                    limit=None,
                )
                found += [candidate for candidate, _, _ in near]
            if found:
                return min(found)
        return None

    def singular(self, word: str) -> str | None:
        """Return the known code that ``word`` has several of: "ec2s", "azs"."""
        code = word.removesuffix("s")
        return code if code != word and len(code) > 1 and code in self.words else None

    def begun(self, word: str) -> str | None:
        """Return the one known word that ``word`` is the beginning of: "rekog", "dynamo"."""
        if len(word) < LEAST_BEGINNING or not word.isalpha():
            return None
        place = bisect_left(self._sorted, word)
        found = self._sorted[place : place + 2]
        fitting = [known for known in found if known.startswith(word)]
        if len(fitting) != 1 or len(word) < LEAST_SHARE * len(fitting[0]):
            return None
        return fitting[0]

    def joined(self, first: str, second: str) -> str | None:
        """Return the known word that two written apart make: "guard duty" is "guardduty"."""
        word = first + second
        return word if len(word) > LENGTH_FOR_ONE_EDIT and word in self.words else None

    def parted(self, word: str, is_pair: Callable[[str, str], bool]) -> tuple[str, str] | None:
        """Return the two words that one written together holds: "layer7", "autoscaling", "80tb".

        ``is_pair`` tells whether the two stand side by side somewhere in the knowledge; a code
        with a number needs only both halves to be known, a number with its unit ("80tb") the unit.
        """
        head = word.rstrip(_DIGITS)
        if head != word and head in self.words and word[len(head) :] in self.words:
            return head, word[len(head) :]
        unit = word.lstrip(_DIGITS)
        if unit != word and len(unit) >= LEAST_UNIT and unit in self.words:
            return word[: -len(unit)], unit
        for cut in range(LEAST_PART, len(word) - LEAST_PART + 1):
            first, second = word[:cut], word[cut:]
            if first in self.words and second in self.words and is_pair(first, second):
                return first, second
        return None
