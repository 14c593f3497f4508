"""Names in a question: which entries they mean, and how strongly it is about them.

A name is often what a question is about ("is Shield Standard free?") and sometimes only scenery
("what does CloudFront use to reach users?"). Grades of naming keep them apart, and a
comparing word between two names makes the question about both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from bot.core.comparing import WHETHER, compared
from bot.core.names import Names
from bot.core.phrases import Match
from bot.core.tuning import Comparing
from bot.core.word import Word

_ASKS_FOR_OTHER = re.compile(
    r"\b(?:which|what|name the|name an?|is there an?|the)\s+(?:\w+\s+){0,3}?"
    r"(?:services?|tools?|features?|options?|solutions?|products?|offerings?|databases?"
    r"|polic(?:y|ies)|plans?|types?(?= of\b)|models?|components?|capabilit(?:y|ies)|resources?"
    r"|thing)\b"
)
_USES = re.compile(
    r"\bwhat (?:does|do|can|should)\b.*\b(?:use|uses|used|need|needs|rely|relies|add|choose)\b"
)
_DEFINING = re.compile(
    r"(?:so |ok |hey |hi |yo |please |can you |could you )*"
    r"(?:wh?at(?:'?s| is| are| even| does| do|s)|whats|is|are|does|do|can|who|about|explain"
    r"|describe|define|how (?:does|do|much|is|many|long)|why (?:is|does|do|use)"
    r"|definition of|meaning of|info on|more on|remind me what"
    r"|tell me(?: more)?(?: about)?)\b"
    r"(?! (?:i|we|you|my|our|they|someone|people|companies)\b)"
    r"|when (?:should|do|to)\b"
)
_SOMETHING = frozenset(("something", "smth", "sth", "thing", "thingy", "things", "stuff", "tool"))
_THAT = frozenset(("that", "which", "to", "for", "against"))
_IN_PASSING = frozenset(("in", "on", "of", "to", "from", "for", "with", "via", "inside", "within"))
_ASKS_WHAT = re.compile(
    r"\b(?:stands? for\b|explain(?:ed)?\b|in (?:plain|simple) \w+|eli5\b|like i'?m (?:5|five)\b"
    r"|good for\b|for (?:dummies|beginners)\b|meaning\b|means?\b)"
)
_WHAT_IS = re.compile(r"\W*(?:\w+\W+){0,2}?wh?[ao]t?s?(?:'s| is| are| r| even| the| a)*\b")
_BE = [["is"], ["are"], ["does"], ["do"]]
_WHAT = frozenset(("what", "whats"))
_ARTICLES = frozenset(("a", "an", "the", "my", "our", "your", "aws", "amazon", "its"))


WHOLE_WORDS = 25
"""A question of up to so many words may compare across its sentences."""


class Naming(IntEnum):
    """How strongly a name in a question is what the question is about."""

    PLAIN = 0
    """The common word that the name also is."""
    SCENERY = 1
    """Named where another thing is asked for."""
    PASSING = 2
    """It only says where: "in S3"."""
    MENTION = 3
    SUBJECT = 4


class NamesRead(NamedTuple):
    """The names in a question."""

    named: dict[int, Naming]
    """Entries named, in order of naming, each with its strongest naming."""
    compared: tuple[int, int] | None
    """The two that it compares; None when it does not."""
    places: dict[int, frozenset[int]]
    """Entries named, each with the places of the words that name it."""


def read_names(
    names: Names,
    question: str,
    parts: Sequence[str],
    read: Sequence[Sequence[Word]],
    tuning: Comparing,
) -> NamesRead:
    """Return the entries that a question names, how, and the two that it compares.

    ``parts`` are the sentences of ``question`` as text, ``read`` the same as words. Only the last
    sentence asks; names in earlier ones are scenery.
    """
    found = [names.find(sequence) for sequence in read]
    pair = _pair(names, question, read, found, tuning)
    named: dict[int, Naming] = {}
    places: dict[int, frozenset[int]] = {}
    last, begin = len(parts) - 1, 0
    if last and not found[last]:
        last = _called_upon(parts, read, found)
    for place, (part, sequence, matches) in enumerate(zip(parts, read, found, strict=True)):
        for match, naming in _graded(
            names, question, part, sequence, matches, pair is not None, place == last, not last
        ):
            here = range(begin + match.start, begin + match.end)
            for number in match.values:
                named[number] = max(named.get(number, Naming.PLAIN), naming)
                places[number] = places.get(number, frozenset()).union(here)
        begin += len(sequence)
    return NamesRead(named, pair, places)


def _called_upon(
    parts: Sequence[str], read: Sequence[Sequence[Word]], found: Sequence[Sequence[Match[int]]]
) -> int:
    """Return the sentence to read names in where the last has none.

    "Fargate?? Is that a place?" is about Fargate.
    It is the one before, if that says nothing but a name; or else the last.
    """
    last = len(read) - 1
    named = {place for match in found[last - 1] for place in range(match.start, match.end)}
    says_more = any(
        not word.is_stop for place, word in enumerate(read[last - 1]) if place not in named
    )
    asks_for_other = _ASKS_FOR_OTHER.search(parts[last])
    return last if says_more or not named or asks_for_other else last - 1


def is_defining(question: str) -> bool:
    """Return whether a question, in lower case, wants to know what something is.

    >>> [is_defining(text) for text in ("explain rag like im 5", "wot does ou stand for", "hi")]
    [True, True, False]
    """
    return any(
        found is not None
        for found in (
            _WHAT_IS.match(question),
            _DEFINING.match(question),
            _ASKS_WHAT.search(question),
        )
    )


def _pair(
    names: Names,
    question: str,
    read: Sequence[Sequence[Word]],
    found: Sequence[Sequence[Match[int]]],
    tuning: Comparing,
) -> tuple[int, int] | None:
    """Return the two entries that a question compares.

    A short one is read as a whole, of a long one only the last sentence asks.
    """
    pair = None
    words = [word for sentence in read for word in sentence]
    if len(words) <= WHOLE_WORDS:
        matches, begin = [], 0
        for sequence, here in zip(read, found, strict=True):
            matches += [Match(begin + m.start, begin + m.end, m.values) for m in here]
            begin += len(sequence)
        pair = compared(question.casefold(), words, matches, names, tuning)
    if pair is None and (len(read) > 1 or len(words) > WHOLE_WORDS):
        text = " ".join(word.text for word in read[-1])
        pair = compared(text, read[-1], found[-1], names, tuning)
    return pair


def _graded(
    names: Names,
    question: str,
    part: str,
    sequence: Sequence[Word],
    matches: Sequence[Match[int]],
    compares: bool,
    is_last: bool,
    is_only: bool,
) -> list[tuple[Match[int], Naming]]:
    if not matches:
        return []
    inside = {place for match in matches for place in range(match.start, match.end)}
    others = any(not word.is_stop and place not in inside for place, word in enumerate(sequence))
    defining = _DEFINING.match(part.strip()) is not None
    graded = []
    for match in matches:
        if others and not compares and _is_plain_use(names, question, sequence, match):
            naming = Naming.PLAIN
        elif compares or (not others and is_only):
            naming = Naming.SUBJECT
        elif (
            not is_last
            or _ASKS_FOR_OTHER.search(part)
            or _USES.search(part)
            or _is_something_else(sequence, match)
        ):
            naming = Naming.SCENERY
        elif not others or (
            (defining or _goes_before_what(sequence, match))
            and not names.concepts.issuperset(match.values)
        ):
            naming = Naming.SUBJECT
        else:
            naming = Naming.PASSING if _in_passing(sequence, match) else Naming.MENTION
        graded.append((match, naming))
    if not compares and _asks_whether(sequence, matches[0]):
        graded[1:] = [(match, min(naming, Naming.PASSING)) for match, naming in graded[1:]]
    return graded


def _is_plain_use(names: Names, question: str, sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a one-word name is meant as the common word it also is."""
    word = sequence[match.start]
    if word.form not in names.plain or match.end - match.start > 1:
        return False
    if match.start and sequence[match.start - 1].text in ("aws", "amazon"):
        return False
    written = question.find(word.text.capitalize())
    return not (written > 0 and not question.isupper() and not question.istitle())


def _asks_whether(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a name is what a question asks something of: "is EC2 IaaS or PaaS?"."""
    before = [word.text for word in sequence[: match.start] if word.text not in _ARTICLES]
    return len(before) == 1 and before[0] in WHETHER


def _goes_before_what(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a question begins with a name and asks what that is: "Redshift is for what?"."""
    if any(word.text not in _ARTICLES for word in sequence[: match.start]):
        return False
    after = [word.text for word in sequence[match.end :]]
    return after[:1] in _BE and not _WHAT.isdisjoint(after)


def _is_something_else(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a name says what the thing that is asked for does: "thing that stops DDoS"."""
    return any(
        first.text in _SOMETHING and second.text in _THAT
        for first, second in pairwise(sequence[: match.start])
    )


def _in_passing(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a name only says where: "in S3", "of the Cloud Adoption Framework"."""
    place = match.start - 1
    while place >= 0 and sequence[place].text in _ARTICLES:
        place -= 1
    return place >= 0 and sequence[place].text in _IN_PASSING
