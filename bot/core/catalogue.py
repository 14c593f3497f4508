"""Entries by what people call them, and what they may have meant.

For lists and commands that take a name alone. Questions in plain words are read by the library.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from bot.core.model import Entry
from bot.core.names import name_forms
from bot.core.word import forms

SUGGESTIONS = 3
_TYPOS = 2
"""Most typos between a name and what was typed; one when either has fewer than six letters."""
_PART_CHARS = 4
"""Least letters of a name that is offered because it is a part of the other."""
_SHORT_FORM = re.compile(r"^(.+?)\s*\(([^()]+)\)$")


class Catalogue:
    """Finds entries by id or by any of their names."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._by_form: dict[tuple[str, ...], Entry] = {}
        # Ids and whole names first: "AWS Backup" is no other's "Backup".
        for entry in entries:
            self._by_form.setdefault(forms(entry.id), entry)
        for short in (False, True):
            for entry in entries:
                for name in entry.names:
                    for form in name_forms(name)[short:]:
                        self._by_form.setdefault(form, entry)

    def find(self, called: str) -> Entry | None:
        """Return the entry whose id or name ``called`` is; None if none.

        Case, plural endings and "AWS" or "Amazon" before the name make no difference.
        """
        return self._by_form.get(forms(called))

    def listed(self, name: str) -> Entry | None:
        """Return the entry that a guide's list means, also by the short form in brackets.

        "Amazon Simple Queue Service (Amazon SQS)" is found as a whole, before and in the brackets.
        """
        both = _SHORT_FORM.match(name)
        written = (name, *both.groups()) if both else (name,)
        return next((entry for text in written if (entry := self.find(text))), None)

    def meant(self, called: str) -> tuple[str, ...]:
        """Return up to SUGGESTIONS names that are near ``called``: a typo, or a part of it.

        The nearest come first, then by the alphabet; of each entry today's name stands for all.
        """
        typed = "".join(forms(called))
        if not typed:
            return ()
        found = [
            (distance, entry.name)
            for entry in self._entries
            if (distance := _distance(typed, entry)) is not None
        ]
        return tuple(name for _, name in sorted(found)[:SUGGESTIONS])


def _distance(typed: str, entry: Entry) -> int | None:
    """Return the edits from ``typed`` to the nearest name of ``entry``; None when none is near."""
    written = {"".join(form) for name in entry.names for form in name_forms(name)}
    written.add("".join(forms(entry.id)))
    best: int | None = None
    for name in written:
        shorter, longer = sorted((typed, name), key=len)
        edits = OSA.distance(typed, name)
        near = edits <= (_TYPOS if len(shorter) >= 6 else 1)
        if near or (len(shorter) >= _PART_CHARS and shorter in longer):
            best = edits if best is None else min(best, edits)
    return best
