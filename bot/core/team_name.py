"""Names of teams: what may be one, and when two are the same to the eye.

A name is shown to everybody, so what could ping, link, format or hide is refused, all faults in
one sentence. What is allowed is a list, because what Discord reads as markup grows: letters and
digits of one writing system, their accents, spaces, emoji, and a little punctuation.

Two names are the same when their keys are: compatibility characters, case, accents, spaces and
punctuation folded away, and letters that look alike made one.

Source: https://www.unicode.org/reports/tr39/ (confusables; the commonest of them)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.core.privacy import redact
from bot.errors import UserError

NAME_CHARS = (2, 32)
"""Shortest and longest name, in characters."""
READ_CHARS = 200
"""What is read of a longer text."""
ACCENTS_IN_A_ROW = 3
"""On one letter; more of them pile up over other lines, and no language needs them."""
STRANGE_SHOWN = 8

_PUNCTUATION = frozenset("'’-.!?&+,")
_EMOJI = (range(0x2190, 0x2800), range(0x2900, 0x2C00), range(0x1F000, 0x1FB00))
_EMOJI_STYLE = "\ufe0f"
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
"""Letters and accents that show nothing; what else cannot be seen has a category of its own."""
_SELECTORS = (range(0xFE00, 0xFE0F), range(0xE0100, 0xE01F0))
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Alphabets whose letters are mistaken for one another's."""
_ALIKE = {
    ord(other): group[0]
    for group in (
        "o0оοօ", "l1iıіιӏ", "aаα", "eеε", "pрρ", "cс", "yу", "xхχ", "sѕ", "jј", "hһнη", "dԁ", "qԛ",
        "wԝω", "kкκ", "mмμ", "tтτ", "bвβ", "uυս", "vν", "zζ", "nո",
    )
    for other in group[1:]
}  # fmt: skip
"""Letters as ``casefold`` leaves them, so that capitals count, too."""
_DOMAIN = re.compile(r"[^\W_]\.[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class TeamName:
    """A name that may be shown, and what it is compared by."""

    text: str
    key: str


def team_name(text: str) -> TeamName:
    """Return a name with its spaces tidied.

    >>> team_name("  Cloud   Nine ")
    TeamName(text='Cloud Nine', key='cloudnlne')

    Raises:
        UserError: it cannot be a name; the sentence has all that is wrong with it.
    """
    name = unicodedata.normalize("NFC", re.sub(" +", " ", text[:READ_CHARS]).strip(" "))
    faults = list(_faults(name))
    if faults:
        raise UserError(f"A team cannot be called that: {'; '.join(faults)}.")
    return TeamName(name, name_key(name))


def name_key(text: str) -> str:
    """Return what a name is compared by; of any text, and empty if it has no letter or digit.

    >>> name_key("ＣＬＯＵＤ-9") == name_key("cloud 9") == name_key("сloud 9")
    True
    """
    folded = unicodedata.normalize("NFKD", text[:READ_CHARS]).casefold()
    folded = unicodedata.normalize("NFKD", folded).translate(_ALIKE)
    # Signs of class 0 are vowels of Indic scripts, not accents.
    return "".join(
        c
        for c in folded
        if unicodedata.category(c)[0] in "LN" or (_is_accent(c) and not unicodedata.combining(c))
    )


def _faults(name: str) -> Iterator[str]:
    """Say what to do about each rule that a name breaks."""
    shortest, longest = NAME_CHARS
    if not shortest <= len(name) <= longest:
        yield f"use {shortest} to {longest} characters"
    if not name_key(name):
        yield "use a letter or a digit"
    unseen = {c for c in name if _is_unseen(c)}
    if unseen or _has_lone_style(name):
        yield "leave out what cannot be seen"
    strange = sorted({c for c in name if not _is_allowed(c)} - unseen)
    if strange:
        yield f"leave out {' '.join(strange[:STRANGE_SHOWN])}"
    if name[:1] in _PUNCTUATION:
        yield "begin with a letter or a digit"
    apart = unicodedata.normalize("NFD", name)
    runs = (len(list(run)) for is_accent, run in groupby(apart, _is_accent) if is_accent)
    if max(runs, default=0) > ACCENTS_IN_A_ROW:
        yield f"put at most {ACCENTS_IN_A_ROW} accents on a letter"
    plain = unicodedata.normalize("NFKC", "".join(c for c in name if c not in unseen))
    if redact(plain) != " ".join(plain.split()) or _DOMAIN.search(plain):
        yield "leave out mentions, links, addresses and long numbers"
    if len({script for c in name if (script := _script(c))}) > 1:
        yield "use letters of one alphabet"


def _is_unseen(c: str) -> bool:
    if c in _UNSEEN or any(ord(c) in selectors for selectors in _SELECTORS):
        return True
    return unicodedata.category(c)[0] in "CZ" and c != " "


def _is_accent(c: str) -> bool:
    return unicodedata.category(c) in ("Mn", "Mc") and c != _EMOJI_STYLE


def _is_emoji(c: str) -> bool:
    return any(ord(c) in block for block in _EMOJI)


def _has_lone_style(name: str) -> bool:
    """Return whether what makes a picture of a sign stands after something else."""
    pairs = zip(" " + name, name, strict=False)
    return any(c == _EMOJI_STYLE and not _is_emoji(before) for before, c in pairs)


def _is_allowed(c: str) -> bool:
    if c == " " or c in _PUNCTUATION or _is_emoji(c):
        return True
    return unicodedata.category(c)[0] in "LN" or _is_accent(c) or c == _EMOJI_STYLE


def _script(c: str) -> str:
    """Return the alphabet of a letter that may be mistaken for another's; empty for all else."""
    script = unicodedata.name(c, "").split(" ")[0]
    return script if script in _SCRIPTS and unicodedata.category(c)[0] == "L" else ""
