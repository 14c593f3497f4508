"""Every number that decides how questions are answered, in one place.

They were chosen on the open half of tests/questions with `study-bot evaluate`, and judged on the
held-apart half and the exam-style file, of which only counts were looked at. Scores are measured
in units of the idf of a word that only one entry has, so the numbers hold as knowledge grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS: Mapping[str, float] = {
    "names": 3.0,
    "clues": 2.2,
    "summary": 1.4,
    "terms": 1.2,
    "facts": 0.8,
    "differences": 1.5,
    "duties": 0.5,
    "category": 0.5,
}


@dataclass(frozen=True, slots=True)
class Tuning:
    """Weights and thresholds of the library."""

    fields: Mapping[str, float] = field(default_factory=lambda: FIELDS)
    """How much a word counts by where it stands in an entry."""
    pair: float = 0.3
    """Two neighbouring words against one: tells "speech to text" from "text to speech"."""
    term: float = 1.0
    """A term of the field, such as PII, in any of its wordings."""
    repaired: float = 0.75
    """A word that had to be repaired."""
    english_rank: float = 0.55
    """How strongly everyday words are damped in ranking; 0 is not at all."""
    english_cover: float = 1.2
    """The same where it is counted how much of a question an entry covers."""
    other_kind: float = 0.85
    """What is left of the score of a concept when a service is asked for, and the like."""
    mention: float = 0.5
    """Bonus of an entry named in passing."""
    subject: float = 4.0
    """Bonus of an entry that a question is about."""
    named_first: float = 0.5
    """More for the first named of several: "should the root user have MFA" is about the user."""
    least_cover: float = 0.42
    """Share of the question that the best entry must cover, or else ``least_score`` holds."""
    least_score: float = 1.85
    least_score_long: float = 1.2
    """The same for a question of several sentences: most of it is scenery."""
    low_cover: float = 0.1
    """Below this share nothing is answered, whatever the score."""
    tiny_score: float = 0.3
    """Below this score nothing is answered, whatever the share."""
    least_evidence: float = 0.45
    """Nothing is answered from less than this, in units: a nod to everyday words."""
    single_cover: float = 0.58
    """Share that must be covered when it is a single word that fits."""
    name_cover: float = 0.95
    """A word of the entry's own name, in units, where coverage is counted."""
    subject_cover: float = 0.47
    """As ``least_cover``, for an entry that the question is about."""
    sure_cover: float = 0.3
    sure_score: float = 2.6
    """A guess is sure from this share or from this score on, ..."""
    sure_margin: float = 0.15
    """... if it leads the runner-up by this share of its own score."""
    sure_low_cover: float = 0.38
