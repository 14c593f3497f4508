"""Typo repair: what is repaired, to what, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.core.spelling import Speller, budget

VOCABULARY = (
    "s3 sns sqs ses ebs efs waf lex polly guardduty inspector detective firewall shield macie "
    "translate transcribe comprehend duty guard data database layer 7 route 53 ipv4 tb ec2"
).split()
SPELLER = Speller(VOCABULARY)
WORD = st.text("abcde", min_size=3, max_size=10)


@pytest.mark.parametrize(
    ("word", "edits"),
    [
        ("s3", 0),
        ("sns", 0),
        ("waff", 0),
        ("macie", 1),
        ("shieldd", 1),
        ("guardduti", 2),
        ("ipv4s", 0),
        ("route53", 0),
        ("detectiv", 2),
        ("abcdefg", 1),
        ("abcdefgh", 2),
    ],
)
def test_the_budget_grows_with_the_length(word, edits):
    assert budget(word) == edits


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("guardduti", "guardduty"),
        ("gaurdduty", "guardduty"),
        ("guarduty", "guardduty"),
        ("gardduti", "guardduty"),
        ("ugardduty", "guardduty"),
        ("macei", "macie"),
        ("macy", None),
        ("amcie", "macie"),
        ("maccie", "macie"),
        ("maxix", None),
        ("sheild", "shield"),
        ("inpsector", "inspector"),
        ("xnspector", None),
        ("firwall", "firewall"),
        ("fierwal", None),
        ("compreh", None),
        ("transcrib", "transcribe"),
        ("pollly", "polly"),
    ],
)
def test_a_typo_is_repaired_within_its_budget(typo, meant):
    assert SPELLER.repair(typo) == meant


@pytest.mark.parametrize("code", ["s4", "sms", "sss", "ebz", "eks", "wav", "lax", "ipv5", "ipv4x"])
def test_codes_are_never_repaired(code):
    assert SPELLER.repair(code) is None


def test_nothing_is_repaired_to_a_code():
    assert Speller(["waf", "sns", "abcd"]).repair("abcde") is None


def test_a_known_word_is_left_alone():
    assert SPELLER.repair("translate") is None
    assert "translate" in SPELLER.words
    assert "translation" not in SPELLER.words


def test_the_nearest_word_wins_and_ties_go_by_the_alphabet():
    assert Speller(["tables", "cabled", "cables"]).repair("cablex") == "cabled"
    assert Speller(["detectives", "detecting", "detection"]).repair("detectio") == "detection"


def test_the_nearest_word_is_found_behind_a_crowd():
    # As near and before it in the alphabet, but without the swap that its first letter needs.
    crowd = ["bbcdefgha", "bbcdefghb", "bbcdefghc", "bbcdefghd"]
    speller = Speller([*crowd, "bzcdefghx"])
    assert speller.repair("zbcdefgh") == "bzcdefghx"


def test_two_words_that_make_one_are_joined():
    assert SPELLER.joined("guard", "duty") == "guardduty"
    assert SPELLER.joined("data", "base") == "database"
    assert SPELLER.joined("s", "3") is None
    assert SPELLER.joined("guard", "rail") is None


def pair_of(*pairs: tuple[str, str]):
    return lambda first, second: (first, second) in pairs


def test_a_code_and_its_number_are_parted():
    never = pair_of()
    assert SPELLER.parted("layer7", never) == ("layer", "7")
    assert SPELLER.parted("route53", never) == ("route", "53")
    assert SPELLER.parted("layer9", never) is None
    assert SPELLER.parted("7", never) is None


def test_a_number_and_its_unit_are_parted():
    assert SPELLER.parted("80tb", pair_of()) == ("80", "tb")
    assert SPELLER.parted("80xy", pair_of()) is None


def test_several_of_a_code_are_the_code():
    assert SPELLER.singular("ec2s") == "ec2"
    assert SPELLER.singular("ec3s") is None
    assert SPELLER.singular("s3") is None


def test_two_words_are_parted_when_they_stand_side_by_side_somewhere():
    layered = pair_of(("shield", "layer"))
    assert SPELLER.parted("shieldlayer", layered) == ("shield", "layer")
    assert SPELLER.parted("layershield", layered) is None
    assert SPELLER.parted("shieldlayers", layered) is None
    assert SPELLER.parted("shieldlayer", pair_of()) is None


@given(st.lists(WORD, max_size=12), WORD, st.randoms(use_true_random=False))
def test_the_order_of_the_vocabulary_does_not_matter(vocabulary, word, rng):
    shuffled = list(vocabulary)
    rng.shuffle(shuffled)
    assert Speller(vocabulary).repair(word) == Speller(shuffled).repair(word)


@given(st.sets(WORD, max_size=20), WORD)
def test_repair_is_what_looking_at_every_word_finds(vocabulary, word):
    edits = budget(word)
    near = sorted(
        (OSA.distance(word, known), known)
        for known in vocabulary
        if budget(known) and (known[0] == word[0] or known[:2] == word[1::-1])
    )
    expected = None
    if edits and word not in vocabulary and near and near[0][0] <= edits:
        expected = near[0][1]
    assert Speller(vocabulary).repair(word) == expected


@given(st.text(max_size=12), st.text(max_size=6))
def test_any_text_may_be_asked_about(word, other):
    assert SPELLER.repair(word) in {None, *VOCABULARY}
    assert SPELLER.joined(word, other) in {None, *VOCABULARY}
    parts = SPELLER.parted(word, lambda first, second: True)
    assert parts is None or "".join(parts) == word
