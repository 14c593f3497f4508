"""What gives the answer of a multiple-choice question away without any knowledge.

The usual flaws of item writing: a word of the right option stands in the question, or the right
option differs from all others in form. Both the maker of questions and ``study-bot check`` use
these rules.

Source: NBME, "Constructing Written Test Questions" (2016), technical item flaws;
https://www.nbme.org/educators/item-writing-guide
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.core.text import roots

GAP = "______"
LEAST_PREFIX = 5
"""Letters that two words share at the beginning to count as one: server, serverless."""
LEAST_SUFFIX = 6
"""Letters at the end: platform, replatform."""
_HEAD = 4
"""Letters at the beginning that words of one stem have in common, in any spelling."""
LEAST_SHARE = 0.5
"""Of the words of a right option that is no name, so many must stand in the question to tell."""
LENGTH_RATIO = 1.8
LENGTH_MARGIN_CHARS = 12
"""The right option is longer than the longest other by both."""

_JOINED = re.compile(r"\b\w*[a-z][A-Z]\w*\b")
_CAMEL = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])")
_SHORT = re.compile(r"(?<![A-Z])(?!AWS\b)[A-Z]{3,6}(?=s?\b)")
_PLAIN = re.compile(r"[A-Za-z]+")
_LITTLE = frozenset("a an and for in of on or the to".split())
_ARTICLE = re.compile(rf"\b([Aa])n?(?= {GAP})")
_VOWEL = re.compile(r"^(?:[aeio]|u(?!ni|se|ti)|(?:[AEFHILMNORSX](?=[A-Z0-9])))", re.IGNORECASE)


def mention(text: str, names: Iterable[str]) -> str | None:
    """Return the first name that stands in ``text`` as whole words, whatever its case.

    >>> mention("detects PII with macie's help", ["Macie"])
    'Macie'
    >>> mention("connects callers", ["Connect"]) is None
    True
    """
    folded = text.casefold()
    for name in names:
        needle = name.casefold()
        if needle not in folded:
            continue
        start = folded.find(needle)
        while needle and start >= 0:
            if is_whole(folded, start, start + len(needle)):
                return name
            start = folded.find(needle, start + 1)
    return None


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether ``text[start:end]`` begins and ends where words do."""
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not before and not after


class _Said:
    """The words of a text that say something, as stems, ready to be compared.

    The parts of a joined name count too: "EventBridge" also says "event" and "bridge".
    """

    __slots__ = ("_ends", "roots")

    def __init__(self, text: str) -> None:
        found = list(roots(text))
        for joined in _JOINED.findall(text):
            parts = [part for part in _CAMEL.findall(joined) if len(part) >= LEAST_PREFIX]
            found += roots(" ".join(parts))
        self.roots = tuple(dict.fromkeys(found))
        self._ends: frozenset[str] | None = None

    def has(self, root: str) -> bool:
        """Return whether a word is ``root``, or one begins or ends with the other."""
        if root in self.roots:
            return True
        if self._ends is None:
            ends = (end for own in self.roots for end in _ends(own))
            self._ends = frozenset(ends)
        return not self._ends.isdisjoint(_ends(root)) and any(_alike(root, o) for o in self.roots)


def _ends(root: str) -> tuple[str, str]:
    """Return how a stem begins and ends; without a beginning in common two are not alike."""
    return root[:LEAST_PREFIX], root[-LEAST_SUFFIX:]


_said = lru_cache(maxsize=20_000)(_Said)


def telltale(question: str, key: str, others: Sequence[str], *, is_name: bool = True) -> str | None:
    """Return the stem of a word that the question and the right option have, but no other option.

    Of a name every word tells. Of another text only when LEAST_SHARE of its words do. None when
    nothing tells.

    >>> telltale("collects a stream of clicks", "Kinesis Data Streams", ["Amazon SNS"])
    'stream'
    """
    own = _said(key).roots
    told = [root for root in own if _said(question).has(root)] if _may(question, own) else []
    if told:
        elsewhere = [_said(other) for other in others]
        told = [root for root in told if not any(said.has(root) for said in elsewhere)]
    if not told or (not is_name and len(told) < LEAST_SHARE * len(own)):
        return None
    return told[0]


def _may(text: str, stems: Iterable[str]) -> bool:
    """Return whether ``text`` may have a word that is alike, by its letters: cheap and often no."""
    plain = text.lower()
    return any(stem[:_HEAD] in plain or stem[-LEAST_SUFFIX:] in plain for stem in stems)


def spelt_out(question: str, key: str, others: Sequence[str]) -> str | None:
    """Return the abbreviation that the question has and the right option alone spells, or reverse.

    >>> spelt_out("The ______ (SRT) helps during attacks.", "Shield Response Team", ["Help desk"])
    'SRT'
    >>> spelt_out("is an elastic block store", "Amazon EBS", ["Amazon EFS", "Amazon S3"])
    'EBS'
    """
    for text, option in ((question, key), (key, question)):
        for short in _SHORT.findall(text):
            if short in _initials(option) and not any(
                short in _initials(other) or short in other for other in others
            ):
                return str(short)
    return None


@lru_cache(maxsize=20_000)
def _initials(text: str) -> str:
    return "".join(word[0] for word in _PLAIN.findall(text) if word.lower() not in _LITTLE).upper()


def gives_away(
    question: str, key: str, others: Sequence[str], *, is_name: bool = True
) -> str | None:
    """Return what in ``question`` tells the right option, as the question reads; None if nothing.

    The answer continues "the right option ...".
    """
    root = telltale(question, key, others, is_name=is_name)
    if root is not None:
        return f"alone says “{written(root, key)}”, as the question does"
    short = spelt_out(question, key, others)
    return f"alone spells “{short}” out" if short is not None else None


def says(text: str, root: str) -> bool:
    """Return whether ``text`` has a word of exactly this stem."""
    return root in _said(text).roots


def _alike(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < LEAST_PREFIX or not longer.isalpha():
        return False
    return longer.startswith(shorter) or (len(shorter) >= LEAST_SUFFIX and longer.endswith(shorter))


def stands_out(key: str, others: Sequence[str]) -> str | None:
    """Return how the right option differs from all others in form; None when it does not.

    The answer continues "the right one ...".
    """
    longest = max(map(len, others))
    if len(key) > LENGTH_RATIO * longest and len(key) > longest + LENGTH_MARGIN_CHARS:
        return "is much longer than the others"
    for plain, near, has, have in _FORMS:
        if plain.search(key) and not any(map(near.search, others)):
            return f"alone {has}"
        if not near.search(key) and all(map(plain.search, others)):
            return f"alone does not {have}"
    if len(others) > 2 and _heads(others[0]) & _heads(others[1]) & _heads(others[2]):
        shared = set(roots(others[0])).intersection(*map(roots, others[1:]))
        shared.difference_update(roots(key))
        if shared:
            return f"alone does not say “{written(min(shared), others[0])}”"
    return None


def _heads(text: str) -> set[str]:
    return {word[:_HEAD] for word in text.lower().split()}


def written(root: str, text: str) -> str:
    """Return the word of ``text`` that has this stem, as it is written there."""
    found = (word for word in re.findall(r"[^\W_]+", text) if root in roots(word))
    return next(found, root)


_NOT_NAMES = "accounts?|certified|customers?|employees|infrastructure|partners?|regions?"
_COUNTS = (
    "no|one|single|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|half"
    "|several|many|few|some|any|all|each|every"
)
_NAMED = re.compile(rf"^(?:AWS|Amazon) (?!(?i:{_NOT_NAMES})\b)")
_NUMBERED = re.compile(r"\b\d")
_COUNTED = re.compile(rf"\b(?:\d|(?i:{_COUNTS})\b)")
_BRACKETED = re.compile(r"\(.*\)")
# What an option plainly has, what is near enough to it, and how both are said. One stands out by
# what it plainly has when no other comes near, and by what it does not even nearly have.
_FORMS = (
    (_NAMED, _NAMED, "names an AWS service", "name an AWS service"),
    (_NUMBERED, _COUNTED, "has a number", "have a number"),
    (_BRACKETED, _BRACKETED, "has brackets", "have brackets"),
)


def open_article(text: str, fillings: Sequence[str]) -> str:
    """Return ``text`` with "a(n)" before its gap when "a" or "an" would fit some fillings only.

    >>> open_article("It uses an ______.", ["event bus", "queue"])
    'It uses a(n) ______.'
    """
    if len({bool(_VOWEL.search(filling)) for filling in fillings}) < 2:
        return text
    return _ARTICLE.sub(lambda found: f"{found[1]}(n)", text)
