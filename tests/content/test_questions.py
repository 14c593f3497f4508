"""What makes bad questions, and what authors are told of it."""

# ruff: noqa: E501
# Messages stand here whole, so that they can be searched for and read as authors read them.

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.load import load_knowledge
from bot.errors import ContentError
from tests.content.samples import GOOD, changed, faults_of

CHOICES = "choices: [Amazon Macie, Amazon Inspector, AWS Config]"
WRONG = "wrong: [Amazon EBS, Amazon RDS, AWS Lambda]"
MORE = """\
  - id: {id}
    name: {name}
    kind: service
    category: {category}
    summary: Is another one.
    clues: [is number {number}]
    facts:
      - text: It is so.
    source: https://docs.aws.amazon.com/
    unverified: made up
"""


def with_entries(text: str, *names: str, category: str = "x") -> str:
    """The text with more entries before its questions."""
    more = "".join(
        MORE.format(
            id=name.lower().replace(" ", "-"),
            name=name,
            category=category,
            number=sum(map(ord, name)),
        )
        for name in names
    )
    return text.replace("questions:\n", more + "questions:\n")


def told(folder: Path, text: str) -> list[str]:
    return faults_of(folder, text, strict=True)


def test_good_knowledge_makes_good_questions(tmp_path: Path):
    assert told(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (WRONG, "wrong: [a fee per user, a fee per call, a monthly fee]"),
        (CHOICES, "choices: [Amazon Macie, Amazon Comprehend]"),
    ],
)
def test_only_a_strict_reading_looks_for_them(tmp_path: Path, old: str, new: str):
    """A bot starts with them: it makes no such question."""
    assert faults_of(tmp_path, changed(old, new)) == []


# -------------------------------------------------------------------------------- clues


def test_a_clue_with_a_word_that_only_its_own_name_has(tmp_path: Path):
    text = GOOD.replace("name: Amazon Macie", "name: Amazon Data Scout", 1)
    text = text.replace("clues:\n", "clues:\n      - scouts for personal files\n", 1)
    assert told(tmp_path, with_entries(text, "Amazon Elk", "Amazon Emu"))[0] == (
        "13: entries[0].clues[0]: Of all names only the right one has “Scout”, as the clue."
        " Fix: say it without that word"
    )
    # An option with the same word keeps the question open.
    assert told(tmp_path, with_entries(text, "Amazon Elk", "Scout Tower"))[0].startswith("14: ")
    # Unless it is of another field: then nobody would take it.
    afar = with_entries(text, "Amazon Elk", "Scout Tower")
    at = afar.index("id: scout-tower")
    afar = afar[:at] + afar[at:].replace("source", "domain: cloud-concepts\n    source", 1)
    assert told(tmp_path, afar)[0].startswith("13: ")


def test_a_clue_that_spells_the_name_out(tmp_path: Path):
    text = GOOD.replace("name: Amazon Macie", "name: Amazon EBS", 1)
    text = text.replace("- discovers personal data in S3 buckets", "- stores elastic blocks safely")
    assert told(tmp_path, text)[0] == (
        "13: entries[0].clues[0]: The clue's words begin with the letters of “EBS”, as the name's do."
        " Fix: say it in other words"
    )


def test_what_is_never_asked_about_may_say_what_it_likes(tmp_path: Path):
    text = GOOD.replace("clues: [finds sentiment", "clues: [comprehends sentiment")
    assert told(tmp_path, text) == []


# ------------------------------------------------------------------------------- blanks


@pytest.mark.parametrize(
    ("text", "wrong", "reason"),
    [
        (
            "It looks at Macie findings.",
            "[logs, keys, bills]",
            "alone says “Macie”, as the question does",
        ),
        (
            "It costs nothing.",
            "[a fee a day, a fee a call, a monthly fee]",
            "alone does not say “fee”",
        ),
        ("It takes 5 minutes.", "[an hour, a day, a week]", "alone has a number"),
        ("It writes to Amazon S3.", "[a disk, a tape, paper]", "alone names an AWS service"),
    ],
)
def test_a_blank_that_gives_itself_away(tmp_path: Path, text: str, wrong: str, reason: str):
    hidden = {"It l": "Macie findings", "It c": "nothing", "It t": "5 minutes", "It w": "Amazon S3"}
    file = GOOD.replace("It looks at objects in Amazon S3 only.", text)
    file = file.replace("blank: Amazon S3", f"blank: {hidden[text[:4]]}").replace(
        WRONG, f"wrong: {wrong}"
    )
    assert told(tmp_path, file) == [
        f"19: entries[0].facts[0].wrong: The right filling {reason}."
        " Fix: give the wrong fillings its form, or ask for another"
    ]


def test_wrong_fillings_that_nobody_would_take(tmp_path: Path):
    """Two of them are of the right one's category or topic, or confused with it."""
    other = tmp_path / "other.yaml"
    head = "topic: Other\nexam: CLF-C02\ndomain: security-compliance\nentries:\n"
    (tmp_path / "data-protection.yaml").write_text(
        with_entries(GOOD, "Amazon S3", category="stores"), encoding="utf-8"
    )

    def faults() -> list[str]:
        try:
            load_knowledge(tmp_path, strict=True)
        except ContentError as error:
            return [f"{fault.where} {fault.problem}" for fault in error.faults]
        return []

    def others(*categories: str) -> str:
        names = ("Amazon EBS", "Amazon RDS", "AWS Lambda")
        return head + "".join(
            with_entries("questions:\n", name, category=category).removesuffix("questions:\n")
            for name, category in zip(names, categories, strict=True)
        )

    other.write_text(others("a", "b", "c"), encoding="utf-8")
    assert faults() == [
        "entries[0].facts[0].wrong Nobody takes these for “Amazon S3”: only 0 of them is near it."
    ]
    near = others("stores", "stores", "c")
    other.write_text(near, encoding="utf-8")
    assert faults() == []
    confused = (
        "    confused_with:\n      - {id: amazon-s3, this: is one, that: is another}\n    source"
    )
    linked = others("stores", "b", "c")
    other.write_text(linked, encoding="utf-8")
    assert len(faults()) == 1
    at = linked.index("id: amazon-rds")
    other.write_text(linked[:at] + linked[at:].replace("    source", confused, 1), encoding="utf-8")
    assert faults() == []


# ------------------------------------------------------------------------------ options


def test_options_are_alive_and_called_what_they_are_called_today(tmp_path: Path):
    dead = changed(CHOICES, "choices: [Amazon Macie, Amazon Comprehend, AWS Config]")
    assert told(tmp_path, dead) == [
        "56: questions[0].choices[1]: “Amazon Comprehend” is closed to new customers. Fix: offer what there is today"
    ]
    old = changed(WRONG, "wrong: [Amazon EBS, Macie Classic, AWS Lambda]")
    assert told(tmp_path, old) == [
        "19: entries[0].facts[0].wrong[1]: “Macie Classic” is called “Amazon Macie” today. Fix: write `Amazon Macie`"
    ]


def test_a_retired_option(tmp_path: Path):
    text = changed(CHOICES, "choices: [Amazon Macie, Amazon Comprehend, AWS Config]")
    assert "is retired." in told(tmp_path, text.replace("status: closed", "status: retired"))[0]


# ------------------------------------------------------------------------------ written


def test_a_written_question_with_a_word_of_its_answer(tmp_path: Path):
    text = changed(
        "Which of 400 buckets hold passport numbers?", "Which Macie tool finds passports?"
    )
    assert told(tmp_path, text) == [
        "55: questions[0].question: The right choice alone says “Macie”, as the question does."
        " Fix: say it without that, or add a choice with it"
    ]


def test_a_written_question_whose_answer_stands_out(tmp_path: Path):
    text = changed(CHOICES, "choices: [for 90 days, for ever, for a day, for a week]")
    text = text.replace("answer: Amazon Macie", "answer: for 90 days")
    assert told(tmp_path, text) == [
        "56: questions[0].choices: The right choice alone has a number. Fix: give the wrong choices its form"
    ]


def test_names_differ_in_form_without_giving_anything_away(tmp_path: Path):
    text = changed(CHOICES, "choices: [Amazon Macie, a bastion host, a spreadsheet]")
    assert told(tmp_path, text) == []


# ------------------------------------------------------------------------------ at once


def test_all_are_told_at_once_and_beside_other_faults(tmp_path: Path):
    text = changed("    kind: service\n", "    kind: service\n    colour: red\n")
    text = text.replace(WRONG, "wrong: [a fee per user, a fee per call, a monthly fee]")
    text = text.replace(
        "Which of 400 buckets hold passport numbers?", "Which Macie tool finds passports?"
    )
    assert [line.split(" ")[0] for line in told(tmp_path, text)] == ["10:", "20:", "56:"]
    # What is missing is not judged.
    for gone in (
        "    name: Amazon Macie\n",
        "    answer: Amazon Macie\n",
        "    id: amazon-macie\n",
    ):
        assert told(tmp_path, text.replace(gone, ""))
