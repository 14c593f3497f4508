"""A question that was shown to somebody, and what came of it.

A post keeps its own copy of the question and the order its options were shown in, so knowledge
may change under an open challenge. Daily posts belong to a server, quiz posts to one member,
match and duel posts to a contest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Literal, NamedTuple

from bot.core.model import Question

PostKind = Literal["daily", "quiz", "match", "duel"]
LETTERS = "ABCDE"


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with its options in the order they are shown."""

    question: Question
    order: tuple[int, ...]
    """``order[place]`` is the index into ``question.choices`` of the option shown at ``place``."""

    @property
    def options(self) -> tuple[str, ...]:
        """The options as shown, A first."""
        return tuple(self.question.choices[index] for index in self.order)

    @property
    def key(self) -> int:
        """The place of the right option, from 0."""
        return self.order.index(self.question.answer)


def show(question: Question, rng: Random) -> Shown:
    """Draw an order for the options of one instance of a question."""
    order = list(range(len(question.choices)))
    rng.shuffle(order)
    return Shown(question, tuple(order))


@dataclass(frozen=True, slots=True)
class Post:
    """One question instance. Times are aware UTC."""

    id: int
    kind: PostKind
    guild_id: int | None
    """None for practice outside a server that has the bot."""
    shown: Shown
    study_date: date
    claimed_at: datetime
    nonce: str
    """At most 25 characters; Discord refuses a second message with it for some minutes.

    Empty for all but daily posts.
    """
    challenge_id: int | None = None
    round_id: int | None = None
    place: int = 0
    """Position in its round or contest, from 0."""
    member_id: int | None = None
    """Whose quiz question it is; None for every other post."""
    channel_id: int | None = None
    message_id: int | None = None
    """None until the message is known to exist."""
    closes_at: datetime | None = None
    """Until when answers count; None for a quiz post, and for a contest's before it is opened."""
    closed_at: datetime | None = None
    revealed_at: datetime | None = None
    """When the message was edited to show the answer."""
    worth: int | None = None
    """Points for a right answer; frozen when the post closes, None before."""
    has_thread: bool = False
    """Whether the message is to have a thread to talk in."""
    thread_id: int | None = None
    """None until the thread is known to exist."""
    contest_id: int | None = None
    """The match or duel that it belongs to."""


class Answer(NamedTuple):
    """One row of the ledger: what a member picked, for ever."""

    post_id: int
    member_id: int
    place: int
    """The place picked, as shown, from 0."""
    is_correct: bool
    answered_at: datetime


class Recorded(NamedTuple):
    """What became of an attempt to answer."""

    answer: Answer
    """The counted one: this attempt's, or the earlier one that stands."""
    is_new: bool
    """False when an earlier answer stands and this attempt changed nothing."""


@dataclass(frozen=True, slots=True)
class Round:
    """One member's run of quiz posts."""

    id: int
    member_id: int
    guild_id: int | None
    """None for practice outside a server that has the bot."""
    posts: tuple[Post, ...]
    """In the order they are asked; at least one."""
