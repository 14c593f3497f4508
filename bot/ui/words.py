"""Small formats that every card shares: safe echoes, counts, lists, moments, links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

import discord

from bot.ui.limits import clip

_CHANNEL_EMOJI_TIME = re.compile(r"<(?=[#:/]|a:|t:|id:)")


def echo(text: str, limit: int = 200) -> str:
    r"""Return a member's own text, safe to show: one line, no markdown, no mentions.

    >>> echo("*hi* @everyone")
    '\\*hi\\* @\u200beveryone'
    """
    line = " ".join(text.split())
    escaped = discord.utils.escape_mentions(discord.utils.escape_markdown(clip(line, limit)))
    return _CHANNEL_EMOJI_TIME.sub("<\u200b", escaped)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> plural(1, "answer"), plural(3, "answer"), plural(0, "reply", "replies")
    ('1 answer', '3 answers', '0 replies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Return items as a sentence part.

    >>> listed(["A", "B", "C"]), listed(["A", "B"], "or"), listed(["A"])
    ('A, B and C', 'A or B', 'A')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def days_text(first: date, last: date) -> str:
    """Return the days from the first to the last, without the year.

    >>> days_text(date(2026, 11, 16), date(2026, 11, 22))
    '16 to 22 November'
    """
    if first == last:
        return f"{first.day} {first:%B}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B}"


def dates_text(first: date, last: date) -> str:
    """Return the days from the first to the last with the year.

    >>> dates_text(date(2026, 11, 30), date(2026, 12, 27))
    '30 November to 27 December 2026'
    >>> dates_text(date(2026, 12, 28), date(2027, 1, 24))
    '28 December 2026 to 24 January 2027'
    """
    if first.year == last.year:
        return f"{days_text(first, last)} {last.year}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def moment(at: datetime, style: str = "R") -> str:
    """Return a timestamp that each reader's client shows in their own zone."""
    return f"<t:{int(at.timestamp())}:{style}>"


def link(url: str, text: str | None = None) -> str:
    """Return a masked link; the host's name when no text is given."""
    return f"[{text or urlsplit(url).hostname}](<{url}>)"


def message_url(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the address of a message in the Discord client."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"
