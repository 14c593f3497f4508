"""Which questions compare, and what: wordings against a shelf whose neighbours are known."""

from __future__ import annotations

import pytest

from bot.core.comparing import NAMES_LOOKED_AT
from bot.core.library import Library
from bot.core.model import Difference, Knowledge
from bot.core.names import Names
from bot.core.tuning import Tuning
from tests.core.samples import entry

SHELF = Knowledge(
    (
        entry("ami", "Amazon Machine Image", aliases=("AMI",)),
        entry("dynamodb", "Amazon DynamoDB", aliases=("DynamoDB",)),
        entry("group", "IAM group"),
        entry(
            "rds",
            "Amazon RDS",
            aliases=("RDS",),
            differences=(Difference("dynamodb", "has tables", "has items"),),
        ),
        entry(
            "reserved",
            "Reserved Instances",
            aliases=("RI",),
            differences=(Difference("savings", "fits a family", "fits spending"),),
        ),
        entry(
            "role",
            "IAM role",
            differences=(
                Difference("group", "is assumed", "holds users"),
                Difference("user", "is assumed", "signs in"),
            ),
        ),
        entry("savings", "Savings Plans"),
        entry("snapshot", "EBS snapshot", differences=(Difference("ami", "is data", "boots"),)),
        entry("user", "IAM user"),
    ),
    (),
    (),
    (),
)
LIBRARY = Library(SHELF)
CLUE = "lends an rds or a dynamodb to partner accounts instead of copies"


def compared(question: str) -> set[str] | None:
    pair = LIBRARY.read(question).compared
    return None if pair is None else {SHELF.entries[number].id for number in pair}


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("rds vs dynamodb", {"rds", "dynamodb"}),
        ("rds and dynamodb, whats the difference", {"rds", "dynamodb"}),
        ("when rds and when dynamodb", {"rds", "dynamodb"}),
        ("why bother with rds if dynamodb exists", {"rds", "dynamodb"}),
        ("rds / dynamodb same thing?", {"rds", "dynamodb"}),
        ("why rds over dynamodb", {"rds", "dynamodb"}),
        ("for an ami rds or dynamodb", {"rds", "dynamodb"}),
        ("my ami needs a database, rds or dynamodb", {"rds", "dynamodb"}),
        # Named in part, clear together because they are known to be confused.
        ("dynamo or rds", {"rds", "dynamodb"}),
        ("RI or SP", {"reserved", "savings"}),
        ("snapshot vs ami", {"snapshot", "ami"}),
        ("user vs role", {"user", "role"}),
        ("difference between a role and a group", {"role", "group"}),
        ("when do i create a user and when a role", {"user", "role"}),
        ("is rds or dynamodb the one with items", {"rds", "dynamodb"}),
        ("rds vs dynamodb vs snapshot", {"rds", "dynamodb"}),
    ],
)
def test_it_compares(question, pair):
    assert compared(question) == pair


@pytest.mark.parametrize(
    "question",
    [
        "rds",
        "is rds free",
        "which service copies data from rds to dynamodb every night for the reports",
        "how many users in a role",
        "can one user span two roles",
        "is an iam user allowed in an iam role",
        "does the ami work with rds only or dynamodb",
        "ami per rds or dynamodb",
        "savings plan covers rds and dynamodb too",
        "does the ami also look in my rds or only dynamodb",
        "manage users and roles over all our accounts",
        "user vs snapshot",  # nobody says that these two are confused
        "should a user have a password or not",
        "role of the user in the history of computing",
        # Two are choices of a third, or a third is all that is named.
        "is the ami a snapshot or rds",
        "do savings plans look in rds or only dynamodb",
        "snapshot of rds, of a user or of a role",
        "does an ami have savings plans or reserved",
        "an ami for one user or for a group of them",
        # A list compares nothing without a comparing word.
        "show all findings of snapshot rds dynamodb in one place",
        # "Over" alone does not make two of names in part.
        "user over the whole role of time",
    ],
)
def test_it_does_not_compare(question):
    assert compared(question) is None


def test_of_a_flood_of_names_only_the_first_are_held_against_each_other(monkeypatch):
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(Names, "are_confused", lambda _, *pair: asked.append(pair))
    question = "rds vs dynamodb" + ", rds, dynamodb" * 100
    assert compared(question) == {"rds", "dynamodb"}
    assert len(asked) < NAMES_LOOKED_AT**2


def test_they_are_shown_in_the_order_of_naming():
    reply = LIBRARY.answer("savings plans or reserved instances?")
    assert [found.entry.id for found in reply.answers] == ["savings", "reserved"]
    reply = LIBRARY.answer("SP or RI")
    assert [found.entry.id for found in reply.answers] == ["savings", "reserved"]


def test_what_answers_far_better_than_the_two_is_the_answer():
    shelf = Knowledge((*SHELF.entries, entry("ram", "Amazon Sharing", clues=(CLUE,))), (), (), ())
    library = Library(shelf, tuning=Tuning(least_about=-99.0))
    question = "lend rds or dynamodb to partner accounts instead of copies"
    reply = LIBRARY.answer(question)
    assert [found.entry.id for found in reply.answers] == ["rds", "dynamodb"]
    assert [found.entry.id for found in library.answer(question).answers] == ["ram"]
    # Whoever says that he compares, compares.
    reply = library.answer(f"{question} compared")
    assert [found.entry.id for found in reply.answers] == ["rds", "dynamodb"]
