"""What a question asks for: a kind of entry ("which service") and the thing by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.model import Kind
from bot.core.text import STOP_WORDS, stem, words

_KIND = (
    r"(?<![\w-])(?:"
    r"(?P<plan>support (?:plan|tier|level)s?)"
    r"|(?P<option>(?:purchas\w+|pricing|payment|ec2|instances?)"
    r" (?:option|model|type|plan|class)(?:e?s)?)"
    r"|(?P<feature>storage class(?:es)?|features?)"
    r"|(?P<concept>(?:service model|concept|pillar|perspective|principle|benefit|advantage"
    r"|strateg(?:y|ies)|characteristic|term)s?)"
    r"|(?P<service>(?<!as a )(?<!as-a-)(?:service|tool)s?)"
    r")(?![\w-])"
)
_SAYS_KIND = re.compile(_KIND)
_KINDS: dict[str, frozenset[Kind]] = {
    "plan": frozenset({"plan"}),
    "option": frozenset({"option"}),
    "feature": frozenset({"feature", "policy"}),
    "concept": frozenset({"concept"}),
    "service": frozenset({"service", "tool"}),
}
_INTRODUCED = re.compile(
    r"(?<!\bby )(?<!\bfrom )(?<!\bto )(?<!\bwith )(?<!\bin )(?<!\bon )"
    r"\b(?:which|what|an?|(?:is|are|name) the|aws|amazon)\s+(?:[\w-]+ ){0,2}$"
)
"""What stands before a service that is asked for, where no "which" says so."""
_ASKED = re.compile(r"\b(?:which|what|name the|what kind of|what type of) ((?:[\w-]+ ?){1,8})")
_ENDS_WHICH = frozenset(
    """is are was does do did can could should would will may might must lets let helps help
    has have that which who whom when where to for with from""".split()
)
_OF_KIND = frozenset(("type", "kind", "sort", "form", "types", "kinds"))
"""What follows their "of" is the thing itself; after another word it is where to look for it."""
_SERVICE = re.compile(r"(?:service|tool)s?\b(?! (?:model|level))")
"""Ends the thing asked for: "which storage service keeps ..."."""
_MANAGED = frozenset(("managed", "fully"))
"""They are said of services of every field."""
_ENDS_HEAD = frozenset(
    """is are was does do did can could should would will may might must lets let helps help
    has have that which who whom when where to for in with on from by at and or""".split()
)


def asked_things(part: str) -> frozenset[str]:
    """Return the stems of the thing asked for; none when the question does not say."""
    found: set[str] = set()
    for match in _ASKED.finditer(part):
        before = ""
        phrase = match[1]
        if service := _SERVICE.search(phrase):
            phrase = phrase[: service.end()]
        for word in words(phrase):
            if word in _ENDS_HEAD or (word == "of" and before and before not in _OF_KIND):
                break
            before = word
            if word not in STOP_WORDS and word not in _MANAGED:
                found.add(stem(word))
    return frozenset(found)


def asked_kinds(part: str) -> frozenset[Kind]:
    """Return the kinds of entry that a sentence asks for; none when it does not say.

    What "which" says goes first, wherever it stands, then what is said first.
    """
    phrases = [_head(match[1]) for match in _ASKED.finditer(part)]
    for phrase in phrases:
        found = [match.lastgroup or "" for match in _SAYS_KIND.finditer(phrase)]
        if found:
            return _kinds(found if " or " in phrase or " and " in phrase else found[:1])
    for match in _SAYS_KIND.finditer(part):
        if match.lastgroup != "service" or _INTRODUCED.search(part[: match.start()]):
            return _KINDS[match.lastgroup or ""]
    return frozenset()


def _kinds(names: Iterable[str]) -> frozenset[Kind]:
    return frozenset().union(*map(_KINDS.__getitem__, names))


def _head(phrase: str) -> str:
    """Return what follows "which", up to its verb: "of the following services"."""
    kept: list[str] = []
    for word in phrase.split():
        if word in _ENDS_WHICH:
            break
        kept.append(word)
    return " ".join(kept)
