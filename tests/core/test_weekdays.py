from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.weekdays import EVERY_DAY, days_text, parse_days
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon-Fri", {1, 2, 3, 4, 5}),
        ("monday to friday", {1, 2, 3, 4, 5}),
        ("mon – wed", {1, 2, 3}),
        ("Mon, Wed and Fri", {1, 3, 5}),
        ("sat sun", {6, 7}),
        ("Fri-Mon", {5, 6, 7, 1}),
        ("Tue-Tue", {2}),
        ("weekends", {6, 7}),
        ("  Every   Day ", EVERY_DAY),
        ("Mon-Sun", EVERY_DAY),
        ("tues., thurs", {2, 4}),
    ],
)
def test_days_are_read_as_people_write_them(text, expected):
    assert parse_days(text) == expected


@pytest.mark.parametrize(
    "text", ["", "M", "mo", "8", "Mon-", "-Fri", "Mon-Fri-Sun", "lundi", "1-5"]
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(UserError, match="Write them like Mon-Fri"):
        parse_days(text)


@given(st.sets(st.integers(1, 7), min_size=1).map(frozenset))
def test_what_is_shown_is_read_back(days):
    assert parse_days(days_text(days)) == days
