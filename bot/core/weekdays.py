"""The days of the week on which something happens: ISO numbers, Monday is 1."""

from __future__ import annotations

import re

from bot.errors import UserError

Days = frozenset[int]
EVERY_DAY: Days = frozenset(range(1, 8))
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_GROUPS: dict[str, Days] = {
    "every day": EVERY_DAY,
    "everyday": EVERY_DAY,
    "daily": EVERY_DAY,
    "all": EVERY_DAY,
    "weekdays": frozenset(range(1, 6)),
    "workdays": frozenset(range(1, 6)),
    "weekends": frozenset((6, 7)),
    "weekend": frozenset((6, 7)),
}
_SEPARATOR = re.compile(r"\s*(?:,|;|\band\b|\s)\s*")
_SPAN = re.compile(r"\s*(?:-|–|\bto\b)\s*")


def parse_days(text: str) -> Days:
    """Return the days of a list such as ``Mon-Fri``, ``mon, wed, fri`` or ``weekends``.

    A span may go over the end of the week. English names, of three letters or more.

    >>> sorted(parse_days("Fri-Mon"))
    [1, 5, 6, 7]

    Raises:
        UserError: it is not one.
    """
    wanted = " ".join(text.casefold().split())
    if wanted in _GROUPS:
        return _GROUPS[wanted]
    days: set[int] = set()
    for part in _SEPARATOR.split(_SPAN.sub("-", wanted)):
        first, dash, last = part.partition("-")
        start = _day(first, text)
        days |= {
            (start - 1 + step) % 7 + 1
            for step in range((_day(last, text) - start) % 7 + 1 if dash else 1)
        }
    return frozenset(days)


def days_text(days: Days) -> str:
    """Return days as people write them; ``parse_days`` reads it.

    >>> days_text(frozenset({1, 2, 3, 4, 5})), days_text(frozenset({1, 3, 5, 6}))
    ('Mon-Fri', 'Mon, Wed, Fri, Sat')
    """
    if days == EVERY_DAY:
        return "every day"
    ordered = sorted(days)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{NAMES[ordered[0] - 1]}-{NAMES[ordered[-1] - 1]}"
    return ", ".join(NAMES[day - 1] for day in ordered)


def _day(word: str, text: str) -> int:
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), start=1
    ):
        if len(word) >= 3 and name.startswith(word.rstrip(".")):
            return number
    raise UserError(
        f"“{text[:30]}” are no days of the week. Write them like Mon-Fri or Mon, Wed, Fri."
    )
