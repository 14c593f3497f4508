"""Questions made from entries, and drawing from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Blank, Difference, Domain, Exam
from bot.core.quiz import (
    GAP,
    KIND_NOUNS,
    distractors,
    draw_daily,
    draw_exam,
    draw_round,
    main_exam,
    question_pool,
    questions_of,
)
from tests.core.samples import (
    ENTRIES,
    EVIDENCE,
    EXAM,
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


# --------------------------------------------------------------------------------- exam

TWO_DOMAINS = [question(f"one-{n}.0", domain="one") for n in range(10)] + [
    question(f"two-{n}.0", domain="two") for n in range(90)
]


def domains_of(drawn) -> Counter[str]:
    return Counter(q.domain for q in drawn)


@pytest.mark.parametrize("seed", range(20))
def test_domains_of_an_exam_come_by_their_weight(seed):
    drawn = draw_exam(TWO_DOMAINS, 10, Random(seed), EXAM)
    assert domains_of(drawn) == {"one": 7, "two": 3}
    drawn = draw_exam(TWO_DOMAINS, 5, Random(seed), EXAM)  # 3.5 and 1.5
    assert domains_of(drawn) in ({"one": 4, "two": 1}, {"one": 3, "two": 2})


def test_even_single_questions_follow_the_weights():
    rng = Random(3)
    drawn = [draw_exam(TWO_DOMAINS, 1, rng, EXAM)[0] for _ in range(2000)]
    assert 1330 < domains_of(drawn)["one"] < 1470


def test_what_a_domain_lacks_comes_from_the_others():
    drawn = draw_exam(TWO_DOMAINS, 50, Random(1), EXAM)
    assert domains_of(drawn) == {"one": 10, "two": 40}
    assert len({q.id for q in drawn}) == 50
    assert len(draw_exam(TWO_DOMAINS, 500, Random(1), EXAM)) == 100
    assert draw_exam([], 5, Random(1), EXAM) == draw_exam(TWO_DOMAINS, 0, Random(1), EXAM) == ()


def test_an_exam_asks_nothing_of_another_and_nothing_that_is_to_be_avoided():
    pool = [*TWO_DOMAINS, question("other.0", exam="X-2", domain="one")]
    drawn = draw_exam(pool, 500, Random(1), EXAM, avoid={"one-1.0"}, avoid_entries={"two-2"})
    assert {q.id for q in TWO_DOMAINS} - {q.id for q in drawn} == {"one-1.0", "two-2.0"}
    assert "other.0" not in {q.id for q in drawn}


def test_the_domains_of_an_exam_come_mixed():
    orders = {tuple(q.domain for q in draw_exam(TWO_DOMAINS, 4, Random(s), EXAM)) for s in range(9)}
    assert len(orders) > 3


def test_the_main_exam_is_that_of_most_entries():
    assert main_exam(KNOWLEDGE) == EXAM
    small = Exam("A-1", "Small", (Domain("one", "First", 100),))
    assert main_exam(replace(KNOWLEDGE, exams=(small, EXAM))) == EXAM
    assert main_exam(replace(KNOWLEDGE, exams=(small, EXAM), entries=())) == small
    assert main_exam(replace(KNOWLEDGE, exams=())) is None


# -------------------------------------------------------------------------------- daily


def test_no_question_comes_again_before_the_pool_is_through():
    rng = Random(5)
    asked: dict[str, date] = {}
    for number in range(len(PAIRS)):
        drawn = draw_daily(PAIRS, rng, asked=asked, exams=[EXAM])
        assert drawn is not None
        assert drawn.id not in asked
        asked[drawn.id] = DAY + timedelta(days=number)
    assert len(asked) == 9


def test_after_that_the_longest_ago_comes_again():
    asked = {q.id: DAY + timedelta(days=place) for place, q in enumerate(reversed(PAIRS))}
    drawn = draw_daily(PAIRS, Random(5), asked=asked)
    assert drawn == PAIRS[-1]


def test_of_those_as_long_ago_each_may_come():
    asked = dict.fromkeys((q.id for q in PAIRS), DAY) | {"a.0": DAY + timedelta(days=1)}
    drawn = {draw_daily(PAIRS, Random(seed), asked=asked) for seed in range(200)}
    assert {q.id for q in drawn if q is not None} == {q.id for q in PAIRS} - {"a.0"}


def test_an_empty_pool_has_no_daily_question():
    assert draw_daily([], Random(1), asked={}) is None
    assert draw_daily([], Random(1), asked={"a.0": DAY}, exams=[EXAM]) is None
    assert draw_daily(PAIRS, Random(1), asked={}, avoid={q.id for q in PAIRS}) is None


def test_what_is_to_be_avoided_is_not_asked_even_when_all_else_was():
    asked = dict.fromkeys((q.id for q in PAIRS if q.id != "b.1"), DAY)
    drawn = [draw_daily(PAIRS, Random(seed), asked=asked, avoid={"b.1"}) for seed in range(50)]
    assert all(q is not None and q.id != "b.1" for q in drawn)
    assert draw_daily(PAIRS, Random(1), asked=asked) == question("b.1")


def test_fewer_than_four_options_are_asked_only_when_there_is_nothing_else():
    short = question("z.0", choices=("a", "b"))
    full = [question("a.0"), question("a.1")]
    asked = dict.fromkeys(("a.0", "a.1"), DAY)
    assert {draw_daily([short, *full], Random(s), asked={}) for s in range(30)} == set(full)
    assert draw_daily([short, *full], Random(1), asked=asked) in full
    assert draw_daily([short], Random(1), asked={}) == short


def test_domains_come_up_by_their_weight():
    # Ten questions of the light domain, one of the heavy one.
    pool = [question(f"light.{n}", domain="two") for n in range(10)]
    pool.append(question("heavy.0", domain="one"))
    rng = Random(11)
    drawn = Counter(draw_daily(pool, rng, asked={}, exams=[EXAM]).domain for _ in range(4000))
    assert 2700 < drawn["one"] < 2900  # 70 of 100
    assert 1100 < drawn["two"] < 1300


def test_the_weights_are_the_own_exams():
    other = Exam("X-2", "Exam two", (Domain("one", "First", 10),))
    pool = [question("a.0"), question("b.0", exam="X-2")]
    rng = Random(11)
    drawn = Counter(draw_daily(pool, rng, asked={}, exams=[EXAM, other]).exam for _ in range(4000))
    assert 3400 < drawn["X-1"] < 3600  # 70 of 80


def test_entries_of_a_domain_come_up_equally():
    pool = [question(f"many.{n}") for n in range(9)] + [question("one.0")]
    rng = Random(11)
    drawn = Counter(draw_daily(pool, rng, asked={}).entry_id for _ in range(2000))
    assert 900 < drawn["one"] < 1100


def test_a_domain_without_a_known_weight_still_comes_up():
    pool = [question("a.0", domain="unheard of")]
    assert draw_daily(pool, Random(1), asked={}, exams=[EXAM]) == pool[0]


@given(
    st.sets(st.sampled_from(PAIRS)),
    st.dictionaries(st.sampled_from([q.id for q in PAIRS]), st.dates()),
    st.sets(st.sampled_from([q.id for q in PAIRS])),
    st.randoms(use_true_random=False),
)
def test_any_daily_question_is_free_and_fresh_while_there_are_fresh_ones(pool, asked, avoid, rng):
    free = {q.id for q in pool} - avoid
    drawn = draw_daily(sorted(pool, key=lambda q: q.id), rng, asked=asked, avoid=avoid)
    if drawn is None:
        assert not free
    else:
        assert drawn.id in (free - asked.keys() or free)
