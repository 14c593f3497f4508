"""A regular expression that is searched for in many texts, and stands in few of them."""

from __future__ import annotations

import re


class Cue:
    """Words that tell what a text is about, looked for in the quickest way."""

    def __init__(self, letters: str, pattern: str) -> None:
        """Find ``pattern``; ``letters`` are parted by "|", and it is in no text without any.

        To look for letters takes a tenth of the time that most expressions take.
        """
        self._letters = tuple(letters.split("|"))
        self.pattern = re.compile(pattern)

    def is_in(self, text: str) -> bool:
        """Return whether ``text`` has it anywhere."""
        for letters in self._letters:
            if letters in text:
                return self.pattern.search(text) is not None
        return False
