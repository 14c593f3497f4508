"""What a question asks for: the head of "which ...", and kinds of entry."""

from __future__ import annotations

import pytest

from bot.core.asking import asked_kinds, asked_things


@pytest.mark.parametrize(
    ("question", "stems"),
    [
        ("which deployment model is meant", {"deploy", "model"}),
        ("what type of storage is it", {"type", "storag"}),
        # Where the thing is looked for is not what is asked for.
        ("which benefit of cloud computing is it", {"benefit"}),
        ("which pillar of the well-architected framework", {"pillar"}),
        ("tell me", set()),
    ],
)
def test_the_thing_asked_for(question, stems):
    assert asked_things(question) == stems


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("which aws service scans images", {"service", "tool"}),
        ("which support plan", {"plan"}),
        ("which pillar", {"concept"}),
        ("scan my images", set()),
    ],
)
def test_the_kind_asked_for(question, kinds):
    assert asked_kinds(question) == kinds
