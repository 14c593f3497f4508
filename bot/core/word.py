"""A word of a question, and the two ways in which texts are cut to be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.core.text import american, lines_of_tokens, singular, stem, words


class Word(NamedTuple):
    """One word of a question after typo repair."""

    text: str
    stem: str
    form: str
    """As names are compared: without a plural ending only."""
    is_stop: bool
    rarity: float = 1.0
    """From near 0 (everybody says it every day) to 1 (not an everyday word)."""
    repair: float = 1.0
    """Less than 1 when it had to be repaired."""
    weight: float = 1.0
    """How telling its wording is, from 0 to 1."""
    cover: float = 1.0
    """The same where it is counted how much of a question is covered."""
    ours: float = 0.0
    """How much it speaks for a question about the subject (above 0) or about something else."""
    special: float = 0.0
    """How much commoner it is in the knowledge than in everyday language: the logarithm of that,
    from -3 to 3."""


def cut_all(phrases: Sequence[str], form: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Return the words of many phrases, each by ``form``; the same as one after the other."""
    return [
        tuple(form(american(word.casefold())) for word in line) for line in lines_of_tokens(phrases)
    ]


def forms(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` as names are compared."""
    return tuple(singular(word) for word in words(text))


def stemmed(phrase: str) -> tuple[str, ...]:
    """Return the stems of all words of ``phrase``, stop words too."""
    return tuple(stem(word) for word in words(phrase))
