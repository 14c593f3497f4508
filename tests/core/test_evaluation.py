"""When a pasted question counts as answered."""

from __future__ import annotations

import pytest

from bot.core.evaluation import Probe, chose_right
from bot.core.reply import Choice, OptionReason, Reply


def chosen(letters: str) -> Reply:
    reasons = tuple(OptionReason(letter, "t", "r", letter in letters) for letter in "ABCD")
    return Reply("q", "choice", "sure", choice=Choice(letters[0], reasons))


@pytest.mark.parametrize(
    ("keys", "letters", "is_right"),
    [
        ({1}, "B", True),
        ({1}, "C", False),
        # Either is right where one is asked for, both are wanted where two are.
        ({1, 2}, "C", True),
        ({0, 2}, "AC", True),
        ({0, 2}, "AB", False),
        # Of two that are wanted a file may know but one.
        ({2}, "AC", True),
        ({3}, "AC", False),
    ],
)
def test_the_keys_are_chosen(keys, letters, is_right):
    probe = Probe("q", "scenario", (), options=("a", "b", "c", "d"), keys=frozenset(keys))
    assert chose_right(probe, chosen(letters)) is is_right


def test_nothing_chosen_is_wrong():
    probe = Probe("q", "scenario", (), options=("a", "b"), keys=frozenset({0}))
    assert not chose_right(probe, Reply("q", "none", "none"))
