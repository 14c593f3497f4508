"""Cutting, echoing and the small formats."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.limits import clip
from bot.ui.words import echo, link, listed, message_url, moment, plural


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("short", 4, "sho…"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one, two", 6, "one…"),
        ("a verylongword", 8, "a veryl…"),
        ("abc", 1, "…"),
        ("", 1, ""),
    ],
)
def test_clipping(text, limit, expected):
    assert clip(text, limit) == expected


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_is_never_longer_and_says_that_it_was_cut(text, limit):
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    if len(text) <= limit:
        assert clipped == text
    else:
        assert clipped.endswith("…")
        assert text.startswith(clipped[:-1])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 100% – ok?", "plain words, 100% – ok?"),
        ("two\n lines\t here ", "two lines here"),
        ("**bold** _it_ ~~s~~", r"\*\*bold\*\* \_it\_ \~\~s\~\~"),
        ("||spoiler|| `code`", r"\|\|spoiler\|\| \`code\`"),
        ("# heading", r"\# heading"),
        ("> quote", r"\> quote"),
        ("[text](https://evil.example)", r"\[text](https://evil.example)"),
        ("@everyone @here", "@\u200beveryone @\u200bhere"),
        ("<@123456789012345678>", "<@\u200b123456789012345678>"),
        ("<@!123456789012345678>", "<@\u200b!123456789012345678>"),
        ("<@&123456789012345678>", "<@\u200b&123456789012345678>"),
        ("<#123456789012345678>", "<\u200b#123456789012345678>"),
        ("<t:0:R> <id:browse>", "<\u200bt:0:R> <\u200bid:browse>"),
        ("<:cat:42> <a:cat:42>", "<\u200b:cat:42> <\u200ba:cat:42>"),
        ("</quiz:42>", "<\u200b/quiz:42>"),
        ("1 < 2 <b>", "1 < 2 <b>"),
    ],
)
def test_an_echo_is_defused(text, shown):
    assert echo(text) == shown


def test_an_echo_is_clipped_before_it_is_escaped():
    assert echo("*" * 300, 10) == r"\*" * 9 + "…"
    assert len(echo("word " * 100)) <= 200


@given(
    st.lists(
        st.sampled_from(
            [
                "@everyone",
                "@here",
                "<@123456789012345678>",
                "<@&123456789012345678>",
                "**",
                "`",
                "<#123456789012345678>",
                "||",
                "a",
                " ",
                "\n",
                "_",
                "\\",
                "# ",
            ]
        )
    ).map("".join)
)
def test_no_echo_pings_or_formats(text):
    shown = echo(text, 400)
    assert re.search(r"@(everyone|here)|<(@[!&]?|#)\d", shown) is None
    assert "\n" not in shown
    # Every sign of markdown has an odd number of backslashes before it.
    plain = re.sub(r"\\[\\*_`|~#>-]", "", shown)
    assert not set(plain) & set("*`_|")


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        (0, ("point",), "0 points"),
        (1, ("point",), "1 point"),
        (2, ("reply", "replies"), "2 replies"),
        (1, ("reply", "replies"), "1 reply"),
        (12345, ("point",), "12,345 points"),
    ],
)
def test_counts_with_their_nouns(count, nouns, expected):
    assert plural(count, *nouns) == expected


def test_lists_read_as_sentences():
    assert listed([]) == ""
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C", "D"], "or") == "A, B, C or D"


def test_a_moment_is_the_same_in_every_zone():
    at = datetime(2026, 11, 24, 9, 30, 15, 999_999, tzinfo=UTC)
    assert moment(at) == "<t:1795512615:R>"
    assert moment(at.astimezone(timezone(timedelta(hours=13))), "f") == "<t:1795512615:f>"


def test_links_are_masked_and_show_no_preview():
    assert link("https://docs.example.com/a?b=1") == (
        "[docs.example.com](<https://docs.example.com/a?b=1>)"
    )
    assert link("https://x.example", "more") == "[more](<https://x.example>)"


def test_the_address_of_a_message():
    assert message_url(1, 2, 3) == "https://discord.com/channels/1/2/3"
    assert message_url(None, 2, 3) == "https://discord.com/channels/@me/2/3"
