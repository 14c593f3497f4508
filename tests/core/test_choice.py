"""Pasted multiple-choice questions: cutting them up and judging their options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.choice import OPTIONS_MOST, UNKNOWN, Pasted, judge, parse
from tests.core.samples import MACIE, POLLY, SHIELD

THREE = (("A", "one"), ("B", "two"), ("C", "three"))


@pytest.mark.parametrize(
    "text",
    [
        "Which? A. one B. two C. three",
        "Which?\nA) one\nB) two\nC) three",
        "Which?\n(a) one\n(b) two\n(c) three",
        "Which?\na: one,\nb: two;\nc: three",
        "Which?\n1. one\n2. two\n3. three",
        "Which?\n 1) one \n 2) two \n 3)  three ",
        "Which? A. one\nB. two C. three",
    ],
)
def test_stem_and_options_are_told_apart(text):
    assert parse(text) == Pasted("Which?", THREE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "which service detects PII?",
        "What is plan A. or B in AWS?",
        "Which? A. one",
        "A. one B. two",
        "Which? B. two C. three",
        "Which? 1. one 2. two",
        "Which? A.one B.two",
        "e.g. A or B",
    ],
)
def test_what_has_no_options_is_no_choice(text):
    assert parse(text) is None


def test_a_mark_inside_the_stem_does_not_begin_the_options():
    pasted = parse("Is plan A. enough for us? A. Yes B. No")
    assert pasted == Pasted("Is plan A. enough for us?", (("A", "Yes"), ("B", "No")))


def test_no_more_options_are_read_than_there_are_letters():
    text = "Which? " + " ".join(f"{letter}. {letter}{letter}" for letter in "ABCDEFGHIJ")
    pasted = parse(text)
    assert pasted is not None
    assert [letter for letter, _ in pasted.options] == list("ABCDEFGH")
    assert len(pasted.options) == OPTIONS_MOST


@pytest.mark.parametrize(
    ("stem", "is_negated"),
    [
        ("Which is NOT managed by AWS?", True),
        ("All of these EXCEPT which?", True),
        ("Which is LEAST likely?", True),
        ("Which service does it with the LEAST operational overhead?", False),
        ("Which service does not scan?", True),
        ("all except one are managed", True),
        ("Which is managed with least effort?", False),
        ("Which is a notable service?", False),
        ("What do you do if S3 is down?", False),
    ],
)
def test_a_negated_stem_is_seen(stem, is_negated):
    assert Pasted(stem, THREE).is_negated is is_negated


def test_the_best_score_fits_and_each_option_is_explained():
    pasted = Pasted("Which detects PII?", (("A", "Polly"), ("B", "Macie"), ("C", "Quantum")))
    choice, sure = judge(pasted, [1.0, 4.0, 0.0], [POLLY, MACIE, None])
    assert choice.option == "B"
    assert sure
    assert [reason.reason for reason in choice.reasons] == [POLLY.summary, MACIE.summary, UNKNOWN]
    assert [reason.fits for reason in choice.reasons] == [False, True, False]


def test_a_negated_stem_turns_the_judgement_round():
    pasted = Pasted("Which does NOT detect PII?", (("A", "Macie"), ("B", "Polly")))
    choice, sure = judge(pasted, [4.0, 1.0], [MACIE, POLLY])
    assert choice.option == "B"
    assert sure


@pytest.mark.parametrize(
    ("stem", "many"),
    [
        ("Which service detects PII?", 1),
        ("Which services detect PII? (Select TWO.)", 2),
        ("Which services detect PII? (choose 2)", 2),
        ("Which two of the following detect PII?", 2),
        ("Pick any two.", 2),
        # As many as there are options would choose nothing.
        ("Which three services are regional?", 1),
        ("Which two-year plan is cheapest?", 1),
    ],
)
def test_a_stem_says_how_many_options_fit(stem, many):
    assert Pasted(stem, THREE).many == many


def test_of_several_that_fit_all_are_shown_and_the_best_one_leads():
    options = (("A", "Polly"), ("B", "Shield"), ("C", "Macie"))
    choice, sure = judge(Pasted("Which two?", options), [3.0, 1.0, 4.0], [POLLY, SHIELD, MACIE])
    assert (choice.option, choice.letters, sure) == ("C", "A and C", True)
    assert [reason.fits for reason in choice.reasons] == [True, False, True]
    # The second is no better than what is left out.
    _, sure = judge(Pasted("Which two?", options), [1.0, 1.0, 4.0], [POLLY, SHIELD, MACIE])
    assert not sure


@pytest.mark.parametrize(
    ("scores", "entries"),
    [
        ([4.0, 3.5], [MACIE, POLLY]),
        ([0.0, 0.0], [MACIE, POLLY]),
        ([2.0, 2.0], [SHIELD, POLLY]),
        ([4.0, 1.0], [None, POLLY]),
    ],
)
def test_a_narrow_lead_no_score_or_an_unknown_name_is_a_guess(scores, entries):
    choice, sure = judge(Pasted("Which?", (("A", "x"), ("B", "y"))), scores, entries)
    assert choice.option == "A"
    assert not sure


@given(st.text("ABCDabcd123.):( \n?x", max_size=80))
def test_options_count_up_from_a_and_hold_text(text):
    pasted = parse(text)
    if pasted is not None:
        letters = [letter for letter, _ in pasted.options]
        assert letters == list("ABCDEFGH"[: len(letters)])
        assert len(letters) >= 2
        assert pasted.stem
        assert all(option.strip() for _, option in pasted.options)


def longest_run(letters: str) -> tuple[int, ...]:
    """Return the places of the longest run from A, tried from every A; the last of the longest."""
    best: tuple[int, ...] = ()
    for start in (place for place, letter in enumerate(letters) if letter == "A"):
        run = (start,)
        while (following := letters.find(chr(ord(letters[run[-1]]) + 1), run[-1])) >= 0:
            run = (*run, following)
        best = run if len(run) >= len(best) else best
    return best


@given(st.text("ABCDE", max_size=30))
def test_the_options_are_the_longest_run_of_marks(letters):
    pasted = parse("Which? " + " ".join(f"{letter}. x{n}" for n, letter in enumerate(letters)))
    run = longest_run(letters)
    assert (pasted is None) == (len(run) < 2)
    if pasted is not None:
        assert [text.split()[0] for _, text in pasted.options] == [f"x{place}" for place in run]
