"""What a word of a question weighs: how telling it is, here and in everyday English."""

from __future__ import annotations

import math

from bot.core.index import Index
from bot.core.language import Language, share_of_rank
from bot.core.text import STOP_WORDS, singular, stem
from bot.core.tuning import Tuning
from bot.core.word import Word

ENGLISH_WORDS = 16_000
"""Size of the list of everyday words; a word outside it is as telling as a word can be."""
SPECIAL_MOST = 3.0
WORDS_AN_ENTRY = 700
"""How many words an entry has, about: how often it would have a word of everyday language."""
NUMBER_RANK = 20
"""A number counts as one of the commonest words: which one it is hardly ever matters."""


class Weigher:
    """Knows how telling words are, in the knowledge and in everyday English."""

    def __init__(self, index: Index, language: Language, tuning: Tuning) -> None:
        """``index`` is of the knowledge, ``language`` of everyday English."""
        self._index = index
        self._english = language.ranks
        self._language = language
        self._tuning = tuning

    def word(self, text: str, repair: float = 1.0) -> Word:
        """Return a word with what it weighs; ``repair`` is less than 1 when it was repaired."""
        stemmed = stem(text)
        rarity = self._language.telling.get(stemmed)
        if rarity is None:
            rank = NUMBER_RANK if text.isdigit() else self._english.get(text, ENGLISH_WORDS)
            rarity = math.log(2 + rank) / math.log(2 + ENGLISH_WORDS)
        return Word(
            text,
            stemmed,
            singular(text),
            is_stop=text in STOP_WORDS,
            rarity=rarity,
            repair=repair,
            weight=math.pow(rarity, self._tuning.english_rank),
            cover=math.pow(rarity, self._tuning.english_cover),
            ours=self._language.ours.get(stemmed, 0.0),
            special=self._special(text, stemmed),
        )

    def _special(self, text: str, stemmed: str) -> float:
        """Return how much commoner a word is in the knowledge than in everyday language."""
        size = self._index.size
        if not size:
            return 0.0
        unknown = 2 * ENGLISH_WORDS
        rank = min(self._english.get(text, unknown), self._english.get(stemmed, unknown))
        everyday = WORDS_AN_ENTRY * share_of_rank(rank)
        unseen = 0.3 / size
        ratio = math.log((self._index.frequency(stemmed) / size + unseen) / (everyday + unseen))
        return max(-SPECIAL_MOST, min(SPECIAL_MOST, ratio))
