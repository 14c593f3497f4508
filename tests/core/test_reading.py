"""What a question asks of the names in it; each wording with what it must and must not mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.library import Library
from bot.core.names import name_forms
from bot.core.naming import Naming
from bot.core.reading import sentences
from tests.core.samples import KNOWLEDGE

READER = Library(KNOWLEDGE)


def namings(question: str) -> dict[str, Naming]:
    named = READER.read(question).named
    return {KNOWLEDGE.entries[number].id: naming for number, naming in named.items()}


@pytest.mark.parametrize(
    "question",
    [
        "Shield vs Macie",
        "shield versus macie",
        "how do shield and macie differ",
        "how is shield different from macie",
        "the difference between shield and macie",
        "differences of shield and macie",
        "compare shield and macie",
        "shield compared with macie",
        "a comparison of shield and macie",
        "comparing shield to macie",
        "how to distinguish shield from macie",
        "what distinguishes shield from macie",
        "the distinction of shield and macie",
        "use shield instead of macie",
        "shield rather than macie",
        "is shield better than macie",
        "shield as opposed to macie",
        "I confuse shield and macie",
        "shield is confused with macie",
        "I mix up shield and macie",
    ],
)
def test_it_compares_the_two_it_names(question):
    assert READER.read(question).compared
    assert namings(question) == {
        "aws-shield": Naming.SUBJECT,
        "amazon-macie": Naming.SUBJECT,
    }


@pytest.mark.parametrize(
    "question",
    [
        "shield and macie",
        "shield, incomparable macie",
        "indifferent shield with macie",
        "how is shield different",
        "compare macie and macie classic",
        "what is the difference",
        "vs",
    ],
)
def test_it_does_not_compare(question):
    assert not READER.read(question).compared


@pytest.mark.parametrize(
    "question",
    [
        "Which service gets findings of Macie?",
        "which AWS services read macie findings",
        "what tool shows macie findings",
        "what is the best managed AWS database for macie findings",
        "name the feature that hides macie findings",
        "is there a solution for macie findings",
        "is there an option for macie findings",
        "which policies limit macie findings",
        "which plan adds macie findings",
        "which capability hides macie findings",
        "what does macie use to send findings",
        "what should macie need for findings",
        "what do macie findings rely on",
        "free thing that reads macie findings",
        "something to send macie findings",
    ],
)
def test_a_name_is_scenery_when_another_thing_is_asked_for(question):
    assert namings(question) == {"amazon-macie": Naming.SCENERY}


def test_what_type_a_name_is_asks_for_no_other_thing():
    assert namings("is macie regional or what type") == {"amazon-macie": Naming.SUBJECT}


@pytest.mark.parametrize(
    "question",
    [
        "macie?? is that a place or a service",
        "ok macie. so how much is it",
        "macie is for what exactly",
        "macie does like 100 things, whats the idea",
        "is macie regional? my boss pays with a budget",
    ],
)
def test_what_is_asked_of_a_name_before_it_is_asked_about_it(question):
    assert namings(question) == {"amazon-macie": Naming.SUBJECT}


def test_of_names_in_a_yes_or_no_question_the_first_is_the_subject():
    assert namings("is macie better shield or guardduty") == {
        "amazon-macie": Naming.SUBJECT,
        "aws-shield": Naming.PASSING,
        "amazon-guardduty": Naming.PASSING,
    }


def test_a_name_before_a_question_for_another_thing_is_scenery():
    assert namings("we have macie. which service reads its findings") == {
        "amazon-macie": Naming.SCENERY
    }
    assert namings("macie. which service reads its findings") == {"amazon-macie": Naming.SCENERY}


def test_a_name_before_the_thing_is_no_scenery():
    assert namings("is macie something that finds pii") == {"amazon-macie": Naming.SUBJECT}


@pytest.mark.parametrize(
    "opening",
    [
        "what is",
        "What's",
        "what’s",
        "whats",
        "what are",
        "what does",
        "is",
        "are",
        "does",
        "do",
        "can",
        "about",
        "explain",
        "describe",
        "define",
        "how does",
        "how do",
        "how much is",
        "how is",
        "how many",
        "how long is",
        "why is",
        "why use",
        "when should I use",
        "when do I use",
        "when to use",
        "definition of",
        "meaning of",
        "info on",
        "more on",
        "remind me what",
        "tell me about",
        "tell me more about",
        "hey so please can you explain",
        "  what is",
    ],
)
def test_a_name_is_the_subject_of_a_question_that_begins_so(opening):
    assert namings(f"{opening} macie pricing") == {"amazon-macie": Naming.SUBJECT}


@pytest.mark.parametrize("question", ["macie pricing", "pricing, macie", "isolate macie"])
def test_a_name_is_mentioned_otherwise(question):
    assert namings(question) == {"amazon-macie": Naming.MENTION}


@pytest.mark.parametrize(
    "question", ["macie", "Amazon Macie?", "the macie please", "MACIE CLASSIC"]
)
def test_a_name_alone_is_the_subject(question):
    assert namings(question) == {"amazon-macie": Naming.SUBJECT}


def test_names_come_in_the_order_of_naming():
    assert list(namings("shield vs macie vs guardduty")) == [
        "aws-shield",
        "amazon-macie",
        "amazon-guardduty",
    ]


def test_a_name_that_is_a_common_word_is_one_only_when_it_is_meant():
    # Another entry's prose says "translate".
    assert namings("can lexicons translate spoken words?")["amazon-translate"] is Naming.PLAIN
    assert namings("can lexicons in Translate be spoken?")["amazon-translate"] > Naming.PLAIN
    assert namings("can aws translate do lexicons?")["amazon-translate"] > Naming.PLAIN
    assert namings("translate") == {"amazon-translate": Naming.SUBJECT}
    assert "amazon-translate" in namings("translate vs transcribe")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AWS Config", [("aws", "config"), ("config",)]),
        ("Amazon Macie", [("amazon", "macie"), ("macie",)]),
        ("AWS responsibilities", [("aws", "responsibility"), ("awsresponsibility",)]),
        ("Macie", [("macie",)]),
        ("Security Groups", [("security", "group"), ("securitygroup",)]),
    ],
)
def test_the_forms_of_a_name(name, expected):
    assert name_forms(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", ["one two"]),
        ("one. two. three!", ["one", " two", " three"]),
        # What asks comes last.
        ("one. two? three!", ["one", " three", " two"]),
        ("one? two. three? four", ["one", " two", " four", " three"]),
        ("one?! two", [" two", "one"]),
        ("tls 1.3 and s3.x", ["tls 1.3 and s3.x"]),
        ("one\ntwo\n\n", ["one", "two"]),
        ("... ?! \n", []),
        ("", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("power bi refresh fails", True),
        ("cancel amazon kindle", True),
        ("charts like power bi", False),
        ("charts like azure or power bi", False),
        ("i like charts, excel ones or power bi", True),
        ("power bi but aws", False),
        ("what is the equivalent of power bi", False),
        ("is macie in azure too", False),
    ],
)
def test_a_name_of_elsewhere_is_what_it_is_about_or_what_it_is_like(question, expected):
    library = Library(replace(KNOWLEDGE, elsewhere=("power bi", "amazon kindle", "azure")))
    assert library.read(question).is_elsewhere is expected
