"""What the bot says to a question: values that a terminal and Discord render each in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.model import Entry, Fact

ReplyKind = Literal["answer", "comparison", "choice", "none"]
Confidence = Literal["sure", "unsure", "none"]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with its facts, those that answer the question first."""

    entry: Entry
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate. The score ranks within one reply and means nothing beside another's."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class OptionReason:
    """One option of a pasted question and what it is."""

    letter: str
    text: str
    reason: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A judged multiple-choice question."""

    option: str
    """The letter of the option that fits, of several the one that fits best."""
    reasons: tuple[OptionReason, ...]

    @property
    def fitting(self) -> tuple[OptionReason, ...]:
        """The options that fit, as many as the question asks for, in its order."""
        return tuple(reason for reason in self.reasons if reason.fits)

    @property
    def letters(self) -> str:
        """Their letters, to be read: "B", "A and D"."""
        return " and ".join(reason.letter for reason in self.fitting)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to one question.

    ``answers`` holds one entry for an answer or a choice, two for a comparison, none when the
    bot declines. ``alternatives`` are the runners-up, best first.
    """

    question: str
    kind: ReplyKind
    confidence: Confidence
    answers: tuple[Found, ...] = ()
    alternatives: tuple[Hit, ...] = ()
    choice: Choice | None = None
