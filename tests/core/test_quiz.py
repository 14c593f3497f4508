"""Questions made from entries, and drawing from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Blank, Difference
from bot.core.quiz import (
    GAP,
    KIND_NOUNS,
    distractors,
    draw_round,
    question_pool,
    questions_of,
)
from tests.core.samples import (
    ENTRIES,
    EVIDENCE,
    INSPECTOR,
    KNOWLEDGE,
    MACIE,
    SNOWBALL,
    entry,
    fact,
    in_order,
    question,
)

BY_ID = {one.id: one for one in ENTRIES}
POOL = question_pool(KNOWLEDGE)
BOTH = "AWS and the customer, each for its own part"
DAY = date(2026, 11, 24)


def made(form: str, of=MACIE):
    return [q for q in questions_of(of, BY_ID) if q.id.split(".")[1] == form]


def test_a_clue_asks_which_one_fits():
    first, second = made("clue")
    assert first.prompt == (
        "Which service discovers personally identifiable information (PII) in S3 buckets?"
    )
    assert first.key == "Amazon Macie"
    assert first.explanation == "Amazon Macie: Finds sensitive data in Amazon S3 and reports it."
    assert first.source == "https://docs.example.com/page"
    assert (first.entry_id, first.topic, first.exam, first.domain) == (
        "amazon-macie",
        "security",
        "X-1",
        "one",
    )
    # The one it is confused with is always an option; the last changes from clue to clue.
    assert first.choices[1] == second.choices[1] == "Amazon Inspector"
    assert first.choices[2] == second.choices[2]
    assert first.choices[3] != second.choices[3]


@pytest.mark.parametrize("kind", sorted(KIND_NOUNS))
def test_a_clue_is_asked_with_the_noun_of_its_kind(kind):
    alike = {name: entry(name, name.title(), kind=kind) for name in ("a", "b", "c", "d")}
    asked = questions_of(alike["a"], alike)
    assert [q.prompt for q in asked] == [f"Which {KIND_NOUNS[kind]} does the a work?"]


def test_a_clue_needs_three_others_of_its_kind():
    few = {name: entry(name, name.title()) for name in ("a", "b", "c")}
    few["p"] = entry("p", "P", kind="policy")
    few["r"] = entry("r", "R", status="retired", status_note="Gone.")
    assert questions_of(few["a"], few) == ()


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
    (asked,) = questions_of(entry("x", "X", facts=(gapped,)), {})
    assert asked.source == "https://docs.example.com/other"


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
    asked = questions_of(entry("x", "X", duties=duties), {})
    of_aws = [q for q in asked if "AWS's" in q.prompt]
    assert [q.prompt for q in of_aws] == ["X: which of these is AWS's responsibility?"] * 2
    assert [q.choices for q in of_aws] == [
        ("racks", "data", "users", "keys"),
        ("power", "users", "keys", "code"),
    ]
    assert of_aws[0].explanation == "With X, AWS is responsible for racks."
    # Two duties of AWS are too few to hide one of the customer's behind.
    assert [q.choices[0] for q in asked if "who is responsible" in q.prompt] == ["The customer"] * 4


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


def test_a_difference_from_what_is_retired_is_not_asked():
    mixed_up = entry("a", "A", differences=(Difference(SNOWBALL.id, "is here", "was here"),))
    assert questions_of(mixed_up, {SNOWBALL.id: SNOWBALL}) == ()


def test_the_nearest_others_come_first():
    names = [other.id for other in distractors(INSPECTOR, BY_ID)]
    # Both say that they are confused with it; then its topic, then the other topic.
    assert set(names[:2]) == {"amazon-guardduty", "amazon-macie"}
    assert names[2] == "aws-shield"
    assert set(names[3:]) == {"amazon-polly", "amazon-transcribe", "amazon-translate"}
    assert [other.id for other in distractors(MACIE, BY_ID)][:2] == [
        "amazon-inspector",
        "aws-shield",
    ]


@pytest.mark.parametrize("of", ENTRIES, ids=lambda one: one.id)
def test_an_entry_is_never_its_own_wrong_option_nor_is_what_is_retired(of):
    others = distractors(of, BY_ID)
    assert of not in others
    assert SNOWBALL not in others
    assert len({other.id for other in others}) == len(others)


def test_the_pool_holds_written_and_made_questions_by_id():
    ids = [q.id for q in POOL]
    assert ids == sorted(set(ids))
    assert "amazon-macie.written" in ids
    assert {q.id.split(".")[1] for q in POOL} == {"written", "clue", "blank", "owner", "difference"}
    assert not any(q.entry_id == SNOWBALL.id for q in POOL)


def test_every_question_of_the_pool_can_be_asked():
    for asked in POOL:
        assert 2 <= len(asked.choices) <= 5
        assert len(set(asked.choices)) == len(asked.choices)
        assert SNOWBALL.name not in asked.choices
        assert asked.key == asked.choices[asked.answer]


def test_ids_are_what_they_were():
    # Answers refer to them for ever.
    assert [q.id for q in questions_of(MACIE, BY_ID)] == [
        "amazon-macie.clue.bd2a61c8",
        "amazon-macie.clue.6985972d",
        "amazon-macie.blank.7a681c56",
        "amazon-macie.owner.f72a7aaa",
        "amazon-macie.owner.66799c64",
        "amazon-macie.owner.b2769d57",
        "amazon-macie.difference.f6294236",
    ]


@given(st.permutations(ENTRIES))
def test_the_order_of_the_entries_changes_no_question(order):
    assert question_pool(in_order(tuple(order))) == POOL


def test_a_question_keeps_its_id_when_others_come_or_wrong_options_change():
    more = replace(
        MACIE,
        clues=("is new here", *MACIE.clues),
        facts=(fact("New.", blank=Blank("New", ("Old", "Odd", "Ill"))), *MACIE.facts),
    )
    by_id = BY_ID | {"amazon-aardvark": entry("amazon-aardvark", "Amazon Aardvark")}
    before = {q.id for q in questions_of(MACIE, BY_ID)}
    assert before < {q.id for q in questions_of(more, by_id | {MACIE.id: more})}


def test_a_question_whose_words_change_is_another_one():
    reworded = replace(MACIE, clues=("finds PII in S3 buckets", MACIE.clues[1]))
    before, after = ({q.id for q in questions_of(of, BY_ID)} for of in (MACIE, reworded))
    assert len(before - after) == len(after - before) == 1


# ------------------------------------------------------------------------------- rounds

PAIRS = [question(f"{letter}.{number}") for letter in "abc" for number in range(3)]


def test_a_round_goes_through_all_entries_before_one_comes_again():
    drawn = draw_round(PAIRS, 9, Random(1))
    assert len(set(drawn)) == 9
    for start in (0, 3, 6):
        assert {q.entry_id for q in drawn[start : start + 3]} == {"a", "b", "c"}


def test_a_short_round_is_about_any_entry():
    drawn = {draw_round(PAIRS, 1, Random(seed))[0] for seed in range(200)}
    assert drawn == set(PAIRS)


def test_a_round_is_as_long_as_it_can_be():
    assert len(draw_round(PAIRS, 20, Random(1))) == 9
    assert len(draw_round(PAIRS, 2, Random(1))) == 2
    assert draw_round(PAIRS, 0, Random(1)) == ()
    assert draw_round([], 5, Random(1)) == ()
    assert draw_round(PAIRS, 5, Random(1), avoid={q.id for q in PAIRS}) == ()


def test_what_is_to_be_avoided_is_not_drawn():
    drawn = draw_round(PAIRS, 9, Random(1), avoid={"a.0", "a.1"}, avoid_entries={"b"})
    assert {q.id for q in drawn} == {"a.2", "c.0", "c.1", "c.2"}


def test_the_same_chance_draws_the_same_round():
    assert draw_round(PAIRS, 5, Random(3)) == draw_round(PAIRS, 5, Random(3))
    assert len({draw_round(PAIRS, 5, Random(seed)) for seed in range(20)}) > 10


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 5)), unique=True),
    st.integers(0, 12),
    st.sets(st.sampled_from("abcd")),
    st.randoms(use_true_random=False),
)
def test_any_round_is_distinct_spread_and_from_the_pool(keys, count, avoided, rng):
    pool = [question(f"{letter}.{number}") for letter, number in keys]
    drawn = draw_round(pool, count, rng, avoid_entries=avoided)
    free = [q for q in pool if q.entry_id not in avoided]
    assert len(drawn) == min(count, len(free))
    assert len({q.id for q in drawn}) == len(drawn)
    assert set(drawn) <= set(free)
    times = Counter(q.entry_id for q in drawn)
    left = Counter(q.entry_id for q in free) - times
    # Whoever still has a question came at most once less than the most frequent.
    assert all(times[one] >= max(times.values()) - 1 for one in left if times)
