"""What is known of English words, from the files beside this one.

english.txt has everyday words in the order of how common they are (``scripts/make-english`` writes
it and says where the counts come from), telling.txt and ours.txt what ``scripts/fit`` found on the
open questions of tests/questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import count
from operator import itemgetter

from bot.core.language import Language


@cache
def load_language() -> Language:
    """Return the words' statistics."""
    ranks = dict(zip(_text("english.txt").split(), count()))
    return Language(ranks, _numbers("telling.txt"), _numbers("ours.txt"))


def _text(name: str) -> str:
    return resources.files("bot.content").joinpath(name).read_text(encoding="utf-8")


def _numbers(name: str) -> Mapping[str, float]:
    parts = [line.rpartition(" ") for line in _text(name).splitlines()]
    return dict(zip(map(itemgetter(0), parts), map(float, map(itemgetter(2), parts)), strict=True))
