"""What managers get to read of a question that nobody could answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.privacy import KEPT_CHARS, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # Mentions and what else Discord makes of angle brackets.
        ("<@1234> asks", "asks"),
        ("<@!1234> <@&99> <#77> hi", "hi"),
        ("nice <:cat:42> <a:dance:42> at <t:1700000000:R>", "nice at"),
        ("try </daily setup:12345>", "try"),
        ("@everyone and @here and @ana hello", "and and hello"),
        # Links.
        ("see https://x.example/a?b=1 now", "see [link] now"),
        ("HTTP://X.EXAMPLE", "[link]"),
        ("ftp://x.example/f s3://bucket/key www.x.example", "[link] [link] [link]"),
        ("join discord.gg/abc", "join [link]"),
        ("[text](https://x.example)", "[text]([link]"),
        # Addresses.
        ("ask ana.b+c@mail.example.com please", "ask [address] please"),
        ("is 10.0.0.1 or 10.0.0.0/16 blocked", "is [address] or [address] blocked"),
        ("2001:db8::1 is mine", "[address] is mine"),
        ("aa:bb:cc:dd:ee:ff", "[address]"),
        # Long numbers, however they are written.
        ("account 123456789012", "account [number]"),
        ("account 1234-5678-9012", "account [number]"),
        ("account 1234–5678–9012", "account [number]"),
        ("account 1234 - 5678 - 9012", "account [number]"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("card 4111  1111 \n 1111\u00a01111", "card [number]"),
        ("card 4111\u200b1111\u200b11111111", "card [number]"),
        ("call +49 (30) 123.45-67", "call [number]"),
        ("key AB12CD34EF5", "key [number]"),
        ("vpc-0a1b2c3d4e5f", "vpc-[number]"),
        ("١٢٣٤٥٦٧٨", "[number]"),
    ],
)
def test_what_could_tell_somebody_is_removed(text, kept):
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "what is the capital of france?",
        "does S3 have 11 nines, or EC2 99.99%?",
        "is layer 7 of 24/7/365 TCP/IP and/or UDP",
        "port 443 or 8443, TLS 1.3",
        "e.g. Node.js",
        "c'est où — 日本?",
    ],
)
def test_what_tells_nobody_is_kept(text):
    assert redact(text) == text


def test_it_is_one_line_and_clipped():
    assert redact(" a\n\n b\t c ") == "a b c"
    assert redact("word " * 100) == ("word " * 100)[:KEPT_CHARS]
    assert redact("") == ""


@given(st.text())
def test_any_text_becomes_one_short_line(text):
    kept = redact(text)
    assert len(kept) <= KEPT_CHARS
    assert kept.splitlines() in ([], [kept])


@given(st.text(max_size=60), st.integers(10**6, 10**18), st.text(max_size=60))
def test_a_long_number_is_never_kept_whole(before, number, after):
    assert str(number) not in redact(f"{before} {number} {after}")


@given(
    st.text("abc <@#:>!&123/.", max_size=40),
    st.sampled_from(["<@123456>", "<@!123456>", "<@&123456>", "<#123456>", "@everyone"]),
)
def test_no_mention_survives(before, mention):
    kept = redact(f"{before} {mention} tail")
    assert re.search(r"<[@#][!&]?\d+>|@\w", kept) is None
