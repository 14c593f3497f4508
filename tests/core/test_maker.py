"""Questions made from entries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.giveaway import GAP
from bot.core.maker import KIND_NOUNS, Maker, Unasked
from bot.core.model import Blank, Difference, Entry, Question
from tests.core.samples import ENTRIES, EVIDENCE, MACIE, SNOWBALL, entry, fact

BOTH = "AWS and the customer, each for its own part"
GREEK = ("alpha", "beta", "gamma", "delta")


def questions_of(of: Entry, *others: Entry) -> tuple[Question, ...]:
    """What ``of`` produces among ``others``; alone when there are none."""
    return Maker((of, *others)).questions_of(of)


def made(form: str, of=MACIE, entries=ENTRIES):
    return [q for q in Maker(entries).questions_of(of) if q.id.split(".")[1] == form]


def unasked(of: Entry, *others: Entry) -> list[str]:
    found = Maker((of, *others)).attempts(of)
    return [f"{one.text}: {one.why}" for one in found if isinstance(one, Unasked)]


def greek(of: str = "alpha", **parts) -> list[Entry]:
    """Four entries alike, the first with ``parts``; their words have nothing in common."""
    first, *others = (of, *(name for name in GREEK if name != of))
    made_of = {name: f"turns {name[::-1]}ite into {name[::-1]}dust" for name in GREEK}
    return [
        entry(first, first.title(), **{"clues": (made_of[first],), **parts}),
        *(entry(name, name.title(), clues=(made_of[name],)) for name in others),
    ]


# -------------------------------------------------------------------------------- clues


def test_a_clue_asks_which_one_fits():
    first, second = made("clue")
    assert first.prompt == (
        "Which service discovers personally identifiable information (PII) in S3 buckets?"
    )
    assert first.key == first.choices[0] == "Amazon Macie"
    assert first.explanation == "Amazon Macie: Finds sensitive data in Amazon S3 and reports it."
    assert first.source == "https://docs.example.com/page"
    assert (first.entry_id, first.topic, first.exam, first.domain) == (
        "amazon-macie",
        "security",
        "X-1",
        "one",
    )
    # The one it is confused with is always an option.
    assert first.choices[1] == second.choices[1] == "Amazon Inspector"


@pytest.mark.parametrize("kind", sorted(KIND_NOUNS))
def test_a_clue_is_asked_with_the_noun_of_its_kind(kind):
    alike = [replace(one, kind=kind) for one in greek(clues=("weighs air",))]
    asked = [q for q in questions_of(*alike) if ".clue." in q.id]
    assert [q.prompt for q in asked] == [f"Which {KIND_NOUNS[kind]} weighs air?"]


def test_a_clue_needs_three_others_of_its_kind():
    alpha, beta, gamma, delta = greek(clues=("weighs air",))
    assert len(questions_of(alpha, beta, gamma, delta)) >= 1
    for other in (replace(delta, kind="policy"), replace(delta, status="retired")):
        assert questions_of(alpha, beta, gamma, other) == ()
        assert unasked(alpha, beta, gamma, other) == [
            "weighs air: no three neighbours make fair wrong options"
        ]


def test_nothing_is_asked_about_what_is_closed_or_retired():
    alpha, *others = greek()
    assert questions_of(alpha, *others)
    for status in ("closed", "retired"):
        assert questions_of(replace(alpha, status=status), *others) == ()


# ------------------------------------------------------------------------------- traits

TWO = ("counts air", "counts clouds")  # by their checksums the second only is turned round


def test_every_second_clue_is_turned_round():
    alpha, *others = greek(clues=TWO)
    (asked,) = made("trait", alpha, [alpha, *others])
    assert asked.prompt == "Alpha: which of these describes it?"
    assert asked.key == asked.choices[0] == "counts clouds"
    assert set(asked.choices[1:]) == {other.clues[0] for other in others}
    assert asked.explanation == "Alpha: Does the alpha work."


def test_the_wrong_traits_are_about_as_long_and_do_not_fit():
    alpha, beta, *others = greek(clues=TWO, facts=(fact("It also mends kettles."),))
    long = "is a very long way of saying what this one does all day and night"
    beta = replace(beta, clues=(long, "mends kettles", "polishes brass"))
    (asked,) = made("trait", alpha, [alpha, beta, *others])
    assert "polishes brass" in asked.choices
    assert not {long, "mends kettles"} & set(asked.choices)


def test_a_wrong_trait_does_not_name_what_is_asked_about():
    alpha, beta, *others = greek(clues=TWO)
    beta = replace(beta, clues=("follows Alpha",))
    assert made("trait", alpha, [alpha, beta, *others]) == []


# ------------------------------------------------------------------------------- blanks


def test_a_blank_asks_for_what_was_left_out():
    (asked,) = made("blank")
    assert (
        asked.prompt
        == f"Amazon Macie: what fills the gap?\n> Macie analyses objects in {GAP} only."
    )
    assert asked.choices == ("Amazon S3", "Amazon EBS", "Amazon RDS", "AWS Lambda")
    assert asked.key == "Amazon S3"
    assert asked.explanation == "Macie analyses objects in Amazon S3 only."


def test_a_blank_is_sourced_by_its_fact():
    own = replace(EVIDENCE, source="https://docs.example.com/other")
    gapped = replace(fact("X is 3.", blank=Blank("3", ("4", "5", "6"))), evidence=own)
    (asked,) = questions_of(entry("x", "X", facts=(gapped,)))
    assert asked.source == "https://docs.example.com/other"


def test_a_blank_leaves_the_article_open():
    gapped = fact("It sends an event.", blank=Blank("event", ("invoice", "letter", "parcel")))
    (asked,) = questions_of(entry("x", "X", facts=(gapped,)))
    assert asked.prompt == f"X: what fills the gap?\n> It sends a(n) {GAP}."
    assert asked.explanation == "It sends an event."


@pytest.mark.parametrize(
    ("text", "hide", "wrong", "why"),
    [
        (
            "Amplify Hosting serves sites.",
            "Amplify Hosting",
            ("CodeBuild", "AppSync", "Device Farm"),
            "alone says “Amplify”, as the question does",
        ),
        (
            "It costs nothing extra.",
            "nothing extra",
            ("a fee per user", "a fee per call", "a monthly fee"),
            "alone does not say “fee”",
        ),
    ],
)
def test_a_blank_that_gives_itself_away_is_not_asked(text, hide, wrong, why):
    of = entry("x", "AWS Amplify", clues=(), facts=(fact(text, blank=Blank(hide, wrong)),))
    assert questions_of(of) == ()
    assert unasked(of) == [f"{text.replace(hide, GAP)}: the right filling {why}"]


# ------------------------------------------------------------------------------- duties


def test_a_duty_asks_whose_it_is():
    by_prompt = {q.prompt: q for q in made("owner")}
    assert {prompt: q.choices for prompt, q in by_prompt.items()} == {
        "Amazon Macie: who is responsible for running the discovery jobs?": (
            "AWS",
            "The customer",
            BOTH,
        ),
        "Amazon Macie: who is responsible for choosing the buckets?": ("The customer", "AWS", BOTH),
        "Amazon Macie: who is responsible for handling of findings?": (BOTH, "AWS", "The customer"),
    }
    shared = by_prompt["Amazon Macie: who is responsible for handling of findings?"]
    assert shared.explanation == (
        "With Amazon Macie, handling of findings is shared: "
        "AWS and the customer each do their part."
    )


def test_with_enough_duties_on_the_other_side_they_are_the_wrong_options():
    duties = {"aws": ("racks", "power"), "customer": ("data", "users", "keys", "code")}
    asked = questions_of(entry("x", "X", duties=duties))
    of_aws = [q for q in asked if "AWS's" in q.prompt]
    assert [q.prompt for q in of_aws] == ["X: which of these is AWS's responsibility?"] * 2
    assert [q.choices for q in of_aws] == [
        ("racks", "data", "users", "keys"),
        ("power", "users", "keys", "code"),
    ]
    assert of_aws[0].explanation == "With X, AWS is responsible for racks."
    # Two duties of AWS are too few to hide one of the customer's behind.
    assert [q.choices[0] for q in asked if "who is responsible" in q.prompt] == ["The customer"] * 4


def test_a_duty_that_names_its_owner_is_not_asked():
    duties = {"aws": ("racks", "power", "cooling"), "customer": ("training the customer's staff",)}
    of = entry("x", "X", clues=(), duties=duties)
    assert "training the customer's staff" not in {q.key for q in questions_of(of)}
    assert unasked(of) == ["training the customer's staff: it alone names its owner"]


# -------------------------------------------------------------------------- differences


def test_a_difference_asks_which_of_two():
    (asked,) = made("difference")
    assert asked.prompt == (
        "Amazon Inspector or Amazon Macie: which one reads what lies in S3 objects?"
    )
    assert asked.choices == ("Amazon Macie", "Amazon Inspector")
    assert asked.key == "Amazon Macie"
    assert asked.explanation == (
        "Amazon Macie reads what lies in S3 objects; "
        "Amazon Inspector scans workloads for software vulnerabilities."
    )


@pytest.mark.parametrize(
    ("other", "this", "why"),
    [
        (SNOWBALL, "is here", "AWS Snowball is retired"),
        (
            entry("idea", "The idea", kind="concept"),
            "is a product",
            "between an idea and a product the wording decides",
        ),
        (
            entry("b", "Beta queue"),
            "sends streams of data",
            "the right name alone says “Streams”, as the question does",
        ),
    ],
)
def test_a_difference_that_decides_itself_is_not_asked(other, this, why):
    mixed_up = entry(
        "a", "Alpha Streams", clues=(), differences=(Difference(other.id, this, "is another"),)
    )
    assert questions_of(mixed_up, other) == ()
    assert unasked(mixed_up, other) == [f"{this}: {why}"]


# ---------------------------------------------------------------------------------- ids


def test_ids_are_what_they_were():
    # Answers refer to them for ever.
    assert [q.id for q in Maker(ENTRIES).questions_of(MACIE)] == [
        "amazon-macie.clue.bd2a61c8",
        "amazon-macie.clue.6985972d",
        "amazon-macie.trait.55853c91",
        "amazon-macie.blank.7a681c56",
        "amazon-macie.owner.f72a7aaa",
        "amazon-macie.owner.66799c64",
        "amazon-macie.owner.b2769d57",
        "amazon-macie.difference.f6294236",
    ]


def test_a_question_keeps_its_id_when_others_come_or_wrong_options_change():
    more = replace(
        MACIE,
        clues=("is new here", *MACIE.clues),
        facts=(fact("Back.", blank=Blank("Back", ("Fore", "Odd", "Ill"))), *MACIE.facts),
    )
    others = [one for one in ENTRIES if one != MACIE]
    before = {q.id for q in questions_of(MACIE, *others)}
    assert before < {q.id for q in questions_of(more, *others, entry("aardvark", "Aardvark"))}


def test_a_question_whose_words_change_is_another_one():
    others = [one for one in ENTRIES if one != MACIE]
    reworded = replace(MACIE, clues=("discovers PII in S3 buckets", MACIE.clues[1]))
    before, after = ({q.id for q in questions_of(of, *others)} for of in (MACIE, reworded))
    assert len(before - after) == len(after - before) == 1
