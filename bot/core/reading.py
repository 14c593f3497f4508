"""Reading a question: its words, the names and field terms in it, and what is asked of them.

A name in a question is often what it is about ("is Shield Standard free?") and sometimes only
scenery ("what does CloudFront use to reach users?"). Three grades of naming keep them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.core.text import STOP_WORDS


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
    weight: float = 1.0
    """Less than 1 when it had to be repaired."""


_COMPARING = re.compile(
    r"\b(?:vs|versus|differ(?:s|ent|ently|ence|ences)?|compare[ds]?|comparison|comparing"
    r"|distinguish(?:es)?|distinction|instead of|rather than|better than|as opposed to"
    r"|confuse[sd]?|mix up)\b"
)
_ASKS_FOR_OTHER = re.compile(
    r"\b(?:which|what|name the|name an?|an?|is there an?|the)\s+(?:\w+\s+){0,3}?"
    r"(?:services?|tools?|features?|options?|solutions?|products?|offerings?|databases?|polic(?:y|ies)|"
    r"plans?|types?|models?|components?|capabilit(?:y|ies)|resources?)\b"
)
_USES = re.compile(r"\bwhat (?:does|do|can|should)\b.*\b(?:use|uses|used|need|needs|rely|relies)\b")
_DEFINING = re.compile(
    r"^(?:so |ok |hey |hi |please |can you |could you )*"
    r"(?:what(?:'?s| is| are| does| do|s)|whats|is|are|does|do|can|who|about|explain|describe"
    r"|define|how (?:does|do|much|is|many|long)|why (?:is|does|do|use)|when (?:should|do|to)"
    r"|definition of|meaning of|info on|more on|remind me what|tell me(?: more)?(?: about)?)\b"
)


def is_comparing(text: str) -> bool:
    """Return whether normalised ``text`` asks how two things compare."""
    return _COMPARING.search(text) is not None


def asks_for_other(text: str) -> bool:
    """Return whether normalised ``text`` asks for a thing it describes, not about one it names."""
    return _ASKS_FOR_OTHER.search(text) is not None or _USES.search(text) is not None


def is_defining(text: str) -> bool:
    """Return whether normalised ``text`` begins as a question about something named."""
    return _DEFINING.search(text.strip()) is not None


def is_content(word: Word) -> bool:
    """Return whether the word says anything about which entry is meant."""
    return not word.is_stop and word.text not in STOP_WORDS
