"""A word of a question, and the two ways in which texts are cut to be compared."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.text import singular, stem, words


@dataclass(frozen=True, slots=True)
class Word:
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
    ours: float = 0.0
    """How much it speaks for a question about the subject (above 0) or about something else."""


def forms(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` as names are compared."""
    return tuple(singular(word) for word in words(text))


def stemmed(phrase: str) -> tuple[str, ...]:
    """Return the stems of all words of ``phrase``, stop words too."""
    return tuple(stem(word) for word in words(phrase))
