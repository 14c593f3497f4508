"""Generated knowledge of any size, with the real mix of lengths.

Words are made of syllables and drawn by Zipf's law (exponent 1.05) from a vocabulary that grows
with the corpus as in Heaps' law (30 x words^0.55). Every generated entry has the shape of a real
one, chosen at random: as many clues and facts, of as many words each. Names are two words of their
own. Questions are eight words of one entry, one of them with a typo.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import replace
from itertools import accumulate
from random import Random

from bot.core.model import Entry, Fact, Knowledge
from bot.core.text import STOP_WORDS

SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
ZIPF = 1.05
QUESTION_WORDS = 8


class Words:
    """Draws words of a made-up language."""

    def __init__(self, size: int, rng: Random) -> None:
        words: set[str] = set()
        while len(words) < size:
            words.add("".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3, 3, 4)))))
        self._words = sorted(words - STOP_WORDS)
        rng.shuffle(self._words)
        weights = (1 / (rank + 2) ** ZIPF for rank in range(len(self._words)))
        self._sums = list(accumulate(weights))
        self._rng = rng

    def draw(self, count: int) -> str:
        """Return ``count`` words as a text."""
        top = self._sums[-1]
        return " ".join(
            self._words[bisect(self._sums, self._rng.random() * top)] for _ in range(count)
        )


def generate(real: Knowledge, size: int, rng: Random) -> Knowledge:
    """Return ``size`` generated entries."""
    total = size * 150
    words = Words(int(30 * total**0.55), rng)

    def like(text: str) -> str:
        return words.draw(max(1, len(text.split())))

    def entry(number: int) -> Entry:
        model = rng.choice(real.entries)
        return replace(
            model,
            id=f"entry-{number:06}",
            name=f"{words.draw(1)} {words.draw(1)} {number}".title(),
            aliases=(),
            former=(),
            terms=tuple(like(term) for term in model.terms),
            summary=like(model.summary),
            clues=tuple(like(clue) for clue in model.clues),
            facts=tuple(
                Fact(like(f.text), f.evidence, tuple(like(t) for t in f.terms)) for f in model.facts
            ),
            differences=(),
            duties={},
        )

    entries = tuple(entry(number) for number in range(size))
    return Knowledge(entries, (), real.exams, real.topics)


def questions(knowledge: Knowledge, count: int, rng: Random) -> list[str]:
    """Return questions made of words of one entry each, with one typo."""
    made = []
    for _ in range(count):
        entry = rng.choice(knowledge.entries)
        source = " ".join((*entry.clues, *(fact.text for fact in entry.facts))).split()
        chosen = rng.sample(source, min(QUESTION_WORDS, len(source)))
        place = rng.randrange(len(chosen))
        word = chosen[place]
        cut = rng.randrange(len(word))
        chosen[place] = word[:cut] + rng.choice("aeiourstln") + word[cut + 1 :]
        made.append(" ".join(chosen))
    return made
