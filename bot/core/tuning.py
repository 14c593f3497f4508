"""Every number that decides how questions are answered, in one place.

They were chosen on the open half of tests/questions with `study-bot evaluate`, and judged on the
held-apart half and the exam-style file, of which only counts were looked at. Scores are measured
in units of the idf of a word that only one entry has, so the numbers hold as knowledge grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core import fitted

FIELDS: Mapping[str, float] = {
    "names": 2.4,
    "clues": 2.2,
    "summary": 1.4,
    "terms": 0.96,
    "facts": 0.8,
    "differences": 1.44,
    "duties": 0.5,
    "category": 0.3,
}


@dataclass(frozen=True, slots=True)
class Comparing:
    """What speaks for and against a question comparing two things; see bot.core.comparing."""

    strong: float = 1.8
    """A word such as "versus" or "difference"."""
    weak: float = 1.0
    """A word such as "same" or "instead"."""
    twice: float = 0.7
    """ "when A and when B", "which ... and which ..."."""
    joined: float = 0.8
    """Nothing but small words stands between the names."""
    either: float = 0.8
    """One of them is "or" or "vs"."""
    confused: float = 2.0
    """The knowledge says how the two differ."""
    other: float = 3.2
    """It asks for another thing: "which service ..."."""
    passing: float = 1.0
    """The first name stands behind "in", "to", "from", or a verb between says how they relate."""
    word: float = 0.55
    """Each further word beyond ``words_free``."""
    words_free: int = 2
    crowd: float = 0.8
    """It names more than two, and has no comparing word."""
    half_named: float = 1.0
    """Shares that are said of two names that are named in part."""
    stands_out: float = 5.0
    """How far ahead another entry must be for it to be what is asked for after all."""
    enough: float = 2.0
    """The evidence from which on it compares."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """Weights and thresholds of the library."""

    fields: Mapping[str, float] = field(default_factory=lambda: FIELDS)
    """How much a word counts by where it stands in an entry."""
    term: float = 0.8
    """A term of the field, such as PII, in any of its wordings."""
    repaired: float = 0.75
    """A word that had to be repaired."""
    english_rank: float = 0.55
    """How strongly everyday words are damped in ranking; 0 is not at all."""
    english_cover: float = 1.2
    """The same where it is counted how much of a question an entry covers."""
    related: float = 0.5
    """A word of the field that an everyday word stands for."""
    scenery: float = 1.0
    """A word of a sentence before the last."""
    comparing: Comparing = field(default_factory=Comparing)
    signs: Mapping[str, float] = field(default_factory=lambda: fitted.SIGNS)
    """How much each sign of an entry counts in its score."""
    mention: float = 0.5
    """Bonus of an entry named in passing."""
    subject: float = 4.0
    """Bonus of an entry that a question is about."""
    about: Mapping[str, float] = field(default_factory=lambda: fitted.ABOUT)
    """Weights of "is this about the subject?"."""
    least_about: float = fitted.LEAST_ABOUT
    """Below this nothing is answered."""
    least_near: float = -4.0
    """Below this not even candidates are offered: six of seven messages from outside the subject
    are, and hardly ever a question about it."""
    least_about_sure: float = fitted.LEAST_ABOUT_SURE
    """Below this nothing is answered surely."""
    right: Mapping[str, float] = field(default_factory=lambda: fitted.RIGHT)
    """Weights of "is the first entry the right one?"."""
    right_exam: Mapping[str, float] = field(default_factory=lambda: fitted.RIGHT_EXAM)
    """The same for a question in the manner of an exam: several sentences, or "which service"."""
    least_right: float = fitted.LEAST_RIGHT
    """From this on an answer is sure, below it is a guess."""
    least_right_named: float = fitted.LEAST_RIGHT_NAMED
    """The same for a question that names the entry, where the fact may be the wrong one."""
    least_right_exam: float = fitted.LEAST_RIGHT_EXAM
    """The same for a question in the manner of an exam, by ``right_exam``."""
    name_cover: float = 0.95
    """A word of the entry's own name, in units, where coverage is counted."""
