"""Entries by what people call them."""

from __future__ import annotations

import pytest

from bot.core.catalogue import SUGGESTIONS, Catalogue
from tests.core.samples import ENTRIES, entry

CATALOGUE = Catalogue(ENTRIES)


@pytest.mark.parametrize(
    "called",
    [
        "amazon-macie",
        "Amazon-Macie ",
        "Amazon Macie",
        "macie",
        "MACIE",
        "macie classic",
    ],
)
def test_an_id_and_any_name_find_the_entry(called):
    found = CATALOGUE.find(called)
    assert found is not None
    assert found.id == "amazon-macie"


@pytest.mark.parametrize("called", ["", " ", "?", "mace", "amazon", "macie and inspector"])
def test_anything_else_finds_none(called):
    assert CATALOGUE.find(called) is None


@pytest.mark.parametrize(
    ("called", "names"),
    [
        ("maice", ("Amazon Macie",)),
        ("guardduti", ("Amazon GuardDuty",)),
        ("guard duty", ("Amazon GuardDuty",)),
        ("trans", ("Amazon Translate", "Amazon Transcribe")),
        ("what is it", ()),
        ("", ()),
        ("x" * 500, ()),
    ],
)
def test_a_typo_and_a_part_suggest_names(called, names):
    assert CATALOGUE.meant(called) == names


def test_only_the_nearest_names_are_suggested():
    many = [entry(f"gateway-{letter}", f"Gateway {letter.upper()}x") for letter in "abcdef"]
    assert len(Catalogue(many).meant("gateway")) == SUGGESTIONS
