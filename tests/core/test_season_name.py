"""Names of seasons: kept as they are meant, refused where they could harm."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.season_name import NAME_CHARS, season_name
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Winter sprint", "Winter sprint"),
        ("  Winter \t  sprint ", "Winter sprint"),
        ("two\nlines", "two lines"),
        ("*bold* `code` C# (v2)", "*bold* `code` C# (v2)"),
        ("2027", "2027"),
        ("Cafe\u0301", "Café"),
        ("👨‍👩‍👧 cup", "👨‍👩‍👧 cup"),
        ("שלום עולם", "שלום עולם"),
        ("หมายเลข", "หมายเลข"),
        ("नमस्ते", "नमस्ते"),
        ("a" * NAME_CHARS, "a" * NAME_CHARS),
    ],
)
def test_a_name_is_kept_on_one_line(text, kept):
    assert season_name(text) == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs a letter, a digit or an emoji"),
        (" \n ", "needs a letter"),
        ("***", "needs a letter"),
        ("```", "needs a letter"),
        ("@everyone", "no @ and no <"),
        ("hi <@123>", "no @ and no <"),
        ("<#123>", "no @ and no <"),
        ("see https://example.org", "no link"),
        ("discord.gg/abc", "no link"),
        ("www.example.org", "no link"),
        ("a\u202eb", "no invisible characters"),
        ("a\u200bb", "no invisible characters"),
        ("a\x00b", "no invisible characters"),
        ("e\u0301\u0302\u0303\u0304", "too many marks"),
        ("a" * (NAME_CHARS + 1), "it has 41 characters and may have 40"),
    ],
)
def test_a_name_that_could_harm_is_refused(text, reason):
    with pytest.raises(UserError, match="A season can't be called that") as refused:
        season_name(text)
    assert reason in str(refused.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(UserError) as refused:
        season_name("@here https://x.y " + "z" * 40)
    said = str(refused.value)
    assert all(part in said for part in ("characters", "no @", "no link"))


@given(st.text(max_size=60))
def test_what_is_let_through_is_harmless_and_stays_the_same(text):
    try:
        name = season_name(text)
    except UserError:
        return
    assert season_name(name) == name
    assert 1 <= len(name) <= NAME_CHARS
    assert not set(name) & set("@<\n\r\t")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
