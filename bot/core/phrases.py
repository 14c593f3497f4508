"""Finding known phrases (names, terms of the field) in a sequence of words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A phrase that stands at ``start:end`` and all that it may stand for."""

    start: int
    end: int
    values: tuple[T, ...]


class PhraseBook(Generic[T]):
    """Phrases of one or more words, each standing for one or more values."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], T]]) -> None:
        """Phrases without words are left out; the same phrase may come with several values."""
        self._values: dict[tuple[str, ...], list[T]] = {}
        for words, value in phrases:
            phrase = tuple(words)
            known = self._values.get(phrase)
            if known is None:
                self._values[phrase] = [value]
            elif value not in known:
                known.append(value)
        self._values.pop((), None)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for phrase in self._values:
            lengths[phrase[0]].add(len(phrase))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def following(self) -> dict[str, set[str | None]]:
        """Return each word that a phrase begins with, and those that follow it there.

        None stands for the end of a phrase.
        """
        found: defaultdict[str, set[str | None]] = defaultdict(set)
        for phrase in self._values:
            found[phrase[0]].add(phrase[1] if len(phrase) > 1 else None)
        return dict(found)

    def at(self, words: Sequence[str], start: int) -> Iterator[Match[T]]:
        """Yield the phrases that begin at ``start``, the longest first."""
        for length in self._lengths.get(words[start], ()):
            end = start + length
            values = self._values.get(tuple(words[start:end]))
            if values is not None and end <= len(words):
                yield Match(start, end, tuple(values))

    def find(self, words: Sequence[str], *, overlapping: bool = False) -> list[Match[T]]:
        """Return the phrases in ``words`` from left to right, the longest at each place.

        Unless ``overlapping``, a word belongs to one match only.
        """
        found: list[Match[T]] = []
        free_from = 0
        for start in compress(range(len(words)), map(self._lengths.__contains__, words)):
            if start < free_from:
                continue
            for length in self._lengths[words[start]]:
                end = start + length
                values = self._values.get(tuple(words[start:end]))
                if values is not None and end <= len(words):
                    found.append(Match(start, end, tuple(values)))
                    if not overlapping:
                        free_from = end
                        break
        return found

    def get(self, words: Sequence[str]) -> tuple[T, ...]:
        """Return what exactly these words stand for; nothing when they are no phrase."""
        return tuple(self._values.get(tuple(words), ()))

    def phrases(self) -> Iterable[tuple[tuple[str, ...], list[T]]]:
        """Return every phrase and what it stands for."""
        return self._values.items()
