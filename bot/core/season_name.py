"""Names of seasons, which managers give and everybody sees.

A name is refused for what could ping, link or break a line, and for letters that hide or reorder
others. Unlike a team's (bot/core/team_name.py) it may hold any punctuation, as in "C# (2)":
whoever shows it to Discord escapes its markdown (bot/ui/words.py).
"""

from __future__ import annotations

import re
import unicodedata

from bot.errors import UserError

NAME_CHARS = 40
_TOWER = 3
"""Combining marks on one letter that no language needs; towers of them cover the lines above."""
_JOINERS = "\u200c\u200d"
"""Invisible, and needed inside words of some scripts and inside emoji."""
_HIDDEN = ("Cc", "Cf", "Cs", "Co")
_LINK = re.compile(r"://|\bwww\.|discord\.gg/", re.IGNORECASE)


def season_name(text: str) -> str:
    """Return a name as it is kept: composed, on one line, 1 to ``NAME_CHARS`` characters.

    >>> season_name("  Winter   sprint ")
    'Winter sprint'

    Raises:
        UserError: it cannot be one; with everything that is wrong.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    kinds = [unicodedata.category(letter) for letter in name]
    faults = []
    if not any(kind[0] in "LN" or kind == "So" for kind in kinds):
        faults.append("it needs a letter, a digit or an emoji")
    if len(name) > NAME_CHARS:
        faults.append(f"it has {len(name)} characters and may have {NAME_CHARS}")
    if "@" in name or "<" in name:
        faults.append("it may hold no @ and no <, which could mention somebody")
    if _LINK.search(name):
        faults.append("it may hold no link")
    if any(k in _HIDDEN and c not in _JOINERS for c, k in zip(name, kinds, strict=True)):
        faults.append("it may hold no invisible characters")
    if any(kinds[at : at + _TOWER] == ["Mn"] * _TOWER for at in range(len(kinds))):
        faults.append("it stacks too many marks on one letter")
    if faults:
        raise UserError(f"A season can't be called that: {'; '.join(faults)}.")
    return name
