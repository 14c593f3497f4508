"""Whether a question asks an open challenge's question, near enough word for word."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.model import Question
from bot.core.text import stems

SHARE = 0.8
"""Of the challenge's telling words, so that leaving one out does not help."""
SHORT = 3
"""A challenge of fewer telling words is only asked by these and no others."""
WITHHELD = (
    "That question is part of an open challenge, match or duel now. Here it waits until that is "
    "over."
)


def asks_one_of(question: str, challenges: Iterable[Question]) -> bool:
    """Return whether ``question`` repeats the prompt of one of ``challenges``."""
    asked = frozenset(stems(question))
    for challenge in challenges:
        wanted = frozenset(stems(challenge.prompt))
        if len(wanted) < SHORT:
            if wanted and wanted == asked:
                return True
        elif len(wanted & asked) >= SHARE * len(wanted):
            return True
    return False
