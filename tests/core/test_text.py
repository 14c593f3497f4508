"""Cutting text to words: what is folded, what is kept, and how much is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import (
    QUESTION_LIMIT_CHARS,
    STOP_WORDS,
    WORD_LIMIT_CHARS,
    WORDS_LIMIT,
    normalize,
    stem,
    stems,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GuardDuty", ("guardduty",)),
        ("CAFÉ naïve", ("cafe", "naive")),
        ("ＥＣ２ full width", ("ec2", "full", "width")),
        ("Guard\u200bDuty and soft\u00adhyphen", ("guardduty", "and", "softhyphen")),
        ("\u202eMacie\u202c", ("macie",)),
        ("**bold** __under__ `code` ||hidden||", ("bold", "under", "code", "hidden")),
        ("snake_case", ("snake", "case")),
        ("security & identity", ("security", "and", "identity")),
        ("it's, it’s, it´s, it`s", ("it", "it", "it", "it")),
        ("don't don’t", ("dont", "dont")),
        ("Macie's buckets", ("macie", "buckets")),
        ("e-mail, E-commerce", ("email", "ecommerce")),
        ("layer-7 DDoS", ("layer", "7", "ddos")),
        ("🛡️ shield 🔥🔥", ("shield",)),
        ("ماسي Macie", ("ماسي", "macie")),
        ("Straße", ("strasse",)),
        (
            "Non-relational, non critical; none of non-AZ",
            ("nonrelational", "noncritical", "none", "of", "non", "az"),
        ),
        ("salon chairs", ("salon", "chairs")),
        ("<@123> <@!123> <@&9> <#5> what", ("what",)),
        ("<:aws:42> <a:dance:42> <t:1700000000:R> </quiz:7> hi", ("hi",)),
        ("see https://x.example/guard?a=1 please", ("see", "please")),
        ("", ()),
        ("?!… — · 🛡️", ()),
    ],
)
def test_words_of(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisation", "organization"),
        ("organisations", "organizations"),
        ("authorise", "authorize"),
        ("authorised", "authorized"),
        ("authorisation", "authorization"),
        ("optimising", "optimizing"),
        ("customised", "customized"),
        ("minimises", "minimizes"),
        ("tokeniser", "tokenizer"),
        ("categorise", "categorize"),
        ("virtualisation", "virtualization"),
        ("publicise", "publicize"),
        ("analyse", "analyze"),
        ("analysing", "analyzing"),
        ("recognises", "recognizes"),
    ],
)
def test_british_spelling_meets_american(british, american):
    assert words(british) == (american,)
    assert stems(british) == stems(american)


@pytest.mark.parametrize(
    "word",
    """
    promise promising premises compromise compromised compromising advise advising supervise
    supervising improvisation precise concise exercise exercising enterprise surprising comprised
    raising praise noise disguised likewise otherwise sunrise expertise advertise franchise
    merchandise paradise despised treatise chastised analysis crisis basis disease visited isolation
    registered size
    """.split(),
)
def test_a_word_that_is_spelt_so_everywhere_stays(word):
    assert words(word) == (word,)


@pytest.mark.parametrize(
    "forms",
    [
        ("detect", "detects", "detected", "detecting"),
        ("policy", "policies"),
        ("encrypt", "encrypts", "encrypted", "encrypting"),
        ("bucket", "buckets"),
        ("keep", "keeps", "kept"),
        ("build", "building", "built"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["s3", "ec2", "aws", "iam", "ipv4s", "2fas", "7"])
def test_codes_and_short_words_have_no_stem_but_themselves(word):
    assert stem(word) == word


def test_stop_words_have_no_stems():
    assert stems("Which service is the one that you would use for this?") == ()
    assert "detect" not in STOP_WORDS


def test_no_more_than_a_message_is_read():
    assert words("a" * (QUESTION_LIMIT_CHARS - 1) + " macie guardduty") == ("a" * WORD_LIMIT_CHARS,)


def test_no_more_of_a_word_than_the_limit_is_read():
    assert words("s3 " + "a" * QUESTION_LIMIT_CHARS) == ("s3", "a" * WORD_LIMIT_CHARS)


def test_no_more_words_than_the_limit_are_read():
    assert words("s3 " * 10_000) == ("s3",) * WORDS_LIMIT


def test_a_character_that_unfolds_into_many_is_bounded_too():
    assert len(words("\ufdfa " * 10_000)) == WORDS_LIMIT


@given(st.text())
def test_words_are_words_of_any_text(text):
    found = words(text)
    assert len(found) <= WORDS_LIMIT
    assert all(word and word == word.strip() and "_" not in word for word in found)
    assert words(text) == found


@given(st.text(alphabet=st.characters(exclude_characters="<"), max_size=200))
def test_case_of_ascii_never_matters(text):
    plain = "".join(c for c in text if c.isascii())
    assert words(plain.upper()) == words(plain.lower())


@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), max_size=20))
def test_reading_the_words_again_changes_nothing(plain):
    once = words(" ".join(plain))
    assert words(" ".join(once)) == once


@given(st.text())
def test_normalised_text_has_no_capitals_or_zero_width(text):
    plain = normalize(text)
    assert plain == plain.casefold()
    assert not any(c in plain for c in "\u200b\u200d\u202e\ufeff\u00ad")
