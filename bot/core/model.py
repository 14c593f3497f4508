"""What there is to know: entries and their parts, questions, and the exams they belong to.

Every value is frozen. One entry serves asking (names, clues, facts), quizzing (clues, blanks,
duties, differences) and comparing (differences), so that an author writes each thing once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["service", "feature", "concept", "policy", "account", "tool", "plan", "option"]
Status = Literal["active", "closed", "retired"]
Duty = Literal["aws", "customer", "shared"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a claim can be read, and when somebody last did."""

    source: str
    """An https address."""
    verified_on: str | None = None
    """ISO date on which the page was read; None when nobody has read it for this claim."""
    unverified: str | None = None
    """Why nobody has; None when somebody has."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a fact that can be left out and asked for."""

    hide: str
    """Stands exactly once in the fact's text."""
    wrong: tuple[str, ...]
    """Three or more false fillings of the same form."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is true of an entry, in one or two sentences."""

    text: str
    evidence: Evidence
    terms: tuple[str, ...] = ()
    """Words people would search this fact by that do not stand in its text."""
    blank: Blank | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How an entry differs from one it is confused with.

    Both halves continue "Which service ...", so they read the same whichever comes first.
    """

    entry_id: str
    this: str
    that: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing to know: a service, a concept, a policy."""

    id: str
    name: str
    kind: Kind
    topic: str
    """Id of the topic family, the knowledge file's stem."""
    category: str
    summary: str
    clues: tuple[str, ...]
    """Each completes "Which service ...?" and fits no other entry."""
    facts: tuple[Fact, ...]
    evidence: Evidence
    exam: str
    domain: str
    aliases: tuple[str, ...] = ()
    """Other names in use today: short names, abbreviations."""
    former: tuple[str, ...] = ()
    """Names it had before."""
    terms: tuple[str, ...] = ()
    """Words people search it by that are no names: lay words, verbs of need."""
    differences: tuple[Difference, ...] = ()
    duties: Mapping[Duty, tuple[str, ...]] = field(default_factory=dict)
    """Who does what, where responsibility is divided; phrases that follow "is responsible for"."""
    correction: str | None = None
    """What older notes say about it that is not, or no longer, so."""
    status: Status = "active"
    status_note: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is found by, today's first."""
        return (self.name, *self.aliases, *self.former)


@dataclass(frozen=True, slots=True)
class Question:
    """A multiple-choice question with one right choice."""

    id: str
    """Stable: the same question keeps it from one start of the bot to the next."""
    prompt: str
    choices: tuple[str, ...]
    """Two to five; in the order of writing, not of showing."""
    answer: int
    """Index into ``choices``, from 0."""
    explanation: str
    source: str
    entry_id: str
    topic: str
    exam: str
    domain: str

    @property
    def key(self) -> str:
        """The right choice's text."""
        return self.choices[self.answer]


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of an exam and its weight in percent of the scored questions."""

    id: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class ScopeList:
    """Names of services or concepts under one heading of an exam guide, word for word."""

    heading: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exam:
    """A certification exam; the weights of its domains add up to 100."""

    id: str
    name: str
    domains: tuple[Domain, ...]
    in_scope: tuple[ScopeList, ...] = ()
    """What its guide lists, in the guide's order."""
    covered_by: tuple[tuple[str, str], ...] = ()
    """Listed names that no entry bears, each with the id of the entry that tells about it."""
    out_of_scope: tuple[str, ...] = ()
    """What its guide says is not asked."""
    core: tuple[str, ...] = ()
    """Listed names of what it asks about most: the likelier answers where little else tells."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that its guide lists as in scope, and those of ``core``."""
        return (*(name for group in self.in_scope for name in group.names), *self.core)


@dataclass(frozen=True, slots=True)
class Topic:
    """A family of entries: one knowledge file."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Related:
    """Everyday words and what they stand for in the field; it does not hold the other way."""

    say: tuple[str, ...]
    """Words and phrases that a member may use."""
    mean: tuple[str, ...]
    """Words and phrases of the field that they count as, at a lower weight."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that was read from the knowledge files, in an order that does not depend on theirs."""

    entries: tuple[Entry, ...]
    """By id."""
    questions: tuple[Question, ...]
    """The hand-written ones, by id."""
    exams: tuple[Exam, ...]
    topics: tuple[Topic, ...]
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words and phrases of the field that mean the same."""
    elsewhere: tuple[str, ...] = ()
    """Names that put a question outside the subject, such as other vendors' products."""
    related: tuple[Related, ...] = ()
    """Everyday words for words of the field."""
    other_subjects: tuple[str, ...] = ()
    """Words of other subjects; each makes it less likely that a question is about this one."""
