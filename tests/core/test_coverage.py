"""What the knowledge has of an exam, and what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.coverage import beyond_scope, coverage
from bot.core.model import Evidence, ScopeList
from bot.core.quiz import question_pool
from tests.core.samples import (
    ENTRIES,
    EXAM,
    KNOWLEDGE,
    SHIELD,
    SNOWBALL,
    entry,
    fact,
    in_order,
)

GUIDE = replace(
    EXAM,
    in_scope=(
        ScopeList(
            "Services", ("Amazon Macie", "AWS Snowball", "Simple Shield Service (AWS Shield)")
        ),
        ScopeList("Concepts", ("Polly", "Sentiment", "Machine Macie", "Subnets", "Macie classic")),
    ),
    covered_by=(("Sentiment", "amazon-translate"),),
)


def covered(exam=GUIDE, entries=ENTRIES):
    knowledge = replace(in_order(tuple(sorted(entries, key=lambda e: e.id))), exams=(exam,))
    (found,) = coverage(knowledge, question_pool(knowledge))
    return found


def test_a_domain_is_counted():
    one, two = covered().rows
    assert (one.domain.id, one.entries, one.clues, one.facts) == ("one", 5, 6, 9)
    assert (two.domain.id, two.entries, two.clues, two.facts) == ("two", 3, 3, 3)
    pool = question_pool(KNOWLEDGE)
    assert one.questions == sum(q.domain == "one" for q in pool)
    assert two.questions == sum(q.domain == "two" for q in pool)


def test_facts_without_a_date_are_unverified():
    evidence = Evidence("https://x.example.com/", None, "nobody did")
    facts = (replace(fact("Unread."), evidence=evidence), fact("Read."))
    found = covered(entries=[*ENTRIES, entry("a", "A", facts=facts, domain="two")])
    assert [(row.facts, row.unverified) for row in found.rows] == [(9, 0), (5, 1)]


def test_what_is_retired_is_never_asked():
    assert covered().rows[0].never_asked == (SNOWBALL,)


def test_a_listed_name_that_no_entry_bears_is_a_gap():
    """Any name answers, also a former one, a plural, and the short form in brackets."""
    found = covered()
    assert found.listed == 8
    assert found.gaps == (("Concepts", "Machine Macie"), ("Concepts", "Subnets"))


def test_a_link_to_no_entry_leaves_the_gap():
    found = covered(replace(GUIDE, covered_by=(("Sentiment", "amazon-comprehend"),)))
    assert ("Concepts", "Sentiment") in found.gaps


def test_without_lists_there_is_no_gap():
    assert covered(EXAM).gaps == ()
    assert covered(EXAM).listed == 0


@pytest.mark.parametrize("listed", ["AWS Shield", "Shields", "Something (Shield)"])
def test_what_the_guide_puts_out_of_scope_is_not_asked_in_the_exam(listed):
    found = covered(replace(GUIDE, in_scope=(), covered_by=(), out_of_scope=(listed, "Unheard of")))
    assert found.beyond == {SHIELD.id}
    assert SHIELD in found.rows[0].never_asked
    assert found.rows[0].questions == covered().rows[0].questions - 1


def test_what_is_on_both_lists_is_in_scope():
    both = replace(GUIDE, out_of_scope=("AWS Shield", "Translate"))
    assert beyond_scope(replace(KNOWLEDGE, exams=(both,))) == frozenset()


def test_another_exams_guide_puts_nothing_out_of_scope():
    other = replace(GUIDE, id="X-2", in_scope=(), covered_by=(), out_of_scope=("AWS Shield",))
    assert beyond_scope(replace(KNOWLEDGE, exams=(other,))) == frozenset()
