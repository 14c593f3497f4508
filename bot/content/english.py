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
