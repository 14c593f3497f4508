"""Everyday English words and how common they are, from english.txt beside this file.

``scripts/make-english`` writes the file and says where the counts come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def load_english() -> Mapping[str, int]:
    """Return each word's rank, from 0 for the most common."""
    text = resources.files("bot.content").joinpath("english.txt").read_text(encoding="utf-8")
    return {word: rank for rank, word in enumerate(text.split())}


@cache
def load_telling() -> Mapping[str, float]:
    """Return how telling the words of questions are, by stem, from 0 (filler) to 1.

    ``scripts/fit`` writes the file from the open questions; words it does not have are judged by
    how common they are.
    """
    text = resources.files("bot.content").joinpath("telling.txt").read_text(encoding="utf-8")
    return {stem: float(value) for stem, value in map(str.split, text.splitlines())}
