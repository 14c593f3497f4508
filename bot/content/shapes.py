"""The words in which a file format is declared: text, numbers, lists, records and their rules.

One declaration (bot/content/schema.py) serves twice: bot/content/reader.py validates by it, and
bot/content/export.py turns it into JSON Schema. So patterns keep to what Python's ``re`` and
ECMAScript read alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Form:
    """What a text must look like, besides its length."""

    pattern: str
    """Found in every right text, as by ``re.search``."""
    problem: str
    """Continues the text itself: "is not an https address"."""
    fix: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    says: str
    """A sentence for authors; editors show it while they type."""
    limit: int
    """Most characters."""
    form: Form | None = None
    choices: tuple[str, ...] = ()
    """The only texts that are allowed; empty when any is."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, both ends included."""

    says: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Any number of one shape."""

    says: str
    of: Shape
    least: int = 0
    most: int | None = None
    distinct: bool = False
    """No two texts alike; the reader ignores case, JSON Schema cannot."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """At most one of the keys is there; exactly one when ``needed``."""

    keys: tuple[str, ...]
    needed: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """Where ``key`` is there, one of ``partners`` is too."""

    key: str
    partners: tuple[str, ...]
    values: tuple[str, ...] = ()
    """Only where the key has one of these values; empty for any."""


@dataclass(frozen=True, slots=True)
class Record:
    """Keys and values; no other keys than the declared ones."""

    says: str
    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    rules: tuple[OneOf | Needs, ...] = ()

    @property
    def fields(self) -> dict[str, Shape]:
        """Every key's shape, required ones first, in the order of declaration."""
        return {**self.required, **self.optional}


Shape: TypeAlias = Text | Number | Listing | Record

UNPRINTABLE = (
    "[\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u180e\\u2007\\u200b-\\u200f"
    "\\u2028-\\u202f\\u2060-\\u206f\\ufeff]"
)
"""Line breaks, controls, odd spaces and invisible characters: words around them never match."""
MENTION = "@(?:everyone|here)\\b|<(?:@|#|/|t:|id:|a?:)"
"""What Discord would turn into a mention, a command, a time or an emoji."""
