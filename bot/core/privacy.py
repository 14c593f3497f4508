"""What is left of a question before it is kept for a server's managers."""

from __future__ import annotations

import re
import unicodedata

READ_CHARS = 1000
"""What is read of a longer text: the patterns take time by the square of it."""
KEPT_CHARS = 200
_PARTS = (
    (re.compile(r"<[@#][!&]?\d+>|<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|</[^>]+>"), ""),
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?\b"), "[address]"),
    (re.compile(r"\b(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{6,}\b", re.IGNORECASE), "[address]"),
    (re.compile(r"\b(?:[\w-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE), "[link]"),
    (re.compile(r"@\S+"), ""),
    (re.compile(r"\+?\d(?:[\s().‐-―−-]{0,3}\d){5,}"), "[number]"),
    (re.compile(r"\b\w*\d\w*\d\w*\d\w*\d\w*\d\w*\b"), "[number]"),
)


def redact(text: str) -> str:
    """Return ``text`` without mentions, links, addresses and long numbers; one line, clipped.

    >>> redact("<@1234567890> is 10.0.0.1 of ana@example.com on https://x.example/y blocked?")
    'is [address] of [address] on [link] blocked?'
    >>> redact("my account 1234-5678-9012 has no S3")
    'my account [number] has no S3'
    """
    # What cannot be seen must not part a number.
    text = "".join(
        " " if c.isspace() else c for c in text[:READ_CHARS] if unicodedata.category(c) != "Cf"
    )
    for pattern, replacement in _PARTS:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())[:KEPT_CHARS]
