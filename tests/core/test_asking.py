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
        # What a service does is not what it is.
        ("which storage service keeps tapes", {"storag"}),
        ("which fully managed database services would fit", {"databas"}),
        ("what service model is it", {"model"}),
    ],
)
def test_the_thing_asked_for(question, stems):
    assert asked_things(question) == stems


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("which aws service scans images", {"service", "tool"}),
        ("which of the following aws services helps", {"service", "tool"}),
        ("what is the fully-managed serverless service that runs it", {"service", "tool"}),
        ("which aws service or feature hides it", {"service", "tool", "feature", "policy"}),
        ("which ec2 instance class is cheapest", {"option"}),
        ("which cloud service model is it", {"concept"}),
        ("platform as a service explain", set()),
        ("what divides the work, depending on the service used", set()),
        # What is said of services is not asked for.
        ("which is a benefit of aws services", {"concept"}),
        ("which service is best for long-term storage", {"service", "tool"}),
        ("is this long-term", set()),
        ("what ec2 option would be cheapest", {"option"}),
        # A service that does something to the thing is none that is asked for.
        ("which identity can be assumed by a service", set()),
        ("i look for a service which scans images", {"service", "tool"}),
        ("which support plan", {"plan"}),
        ("which pillar", {"concept"}),
        ("scan my images", set()),
    ],
)
def test_the_kind_asked_for(question, kinds):
    assert asked_kinds(question) == kinds
