"""What a question asks for: a kind of entry ("which service") and the thing by name."""

from __future__ import annotations

import re

from bot.core.model import Kind
from bot.core.text import STOP_WORDS, stem, words

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
_ASKED = re.compile(r"\b(?:which|what|name the|what kind of|what type of) ((?:[\w-]+ ?){1,7})")
_OF_KIND = frozenset(("type", "kind", "sort", "form", "types", "kinds"))
"""What follows their "of" is the thing itself; after another word it is where to look for it."""
_ENDS_HEAD = frozenset(
    """is are was does do did can could should would will may might must lets let helps help
    has have that which who whom when where to for in with on from by at and or""".split()
)


def asked_things(part: str) -> frozenset[str]:
    """Return the stems of the thing asked for; none when the question does not say."""
    found: set[str] = set()
    for match in _ASKED.finditer(part):
        before = ""
        for word in words(match[1]):
            if word in _ENDS_HEAD or (word == "of" and before and before not in _OF_KIND):
                break
            before = word
            if word not in STOP_WORDS:
                found.add(stem(word))
    return frozenset(found)


def asked_kinds(part: str) -> frozenset[Kind]:
    """Return the kinds of entry that a sentence asks for; none when it does not say."""
    for pattern, kinds in _ASKED_KINDS:
        if pattern.search(part):
            return kinds
    return frozenset()
