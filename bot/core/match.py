"""A match: everybody gets the same questions at the same moment; its phases, and what is due.

A match is a chain of phases, each with an end by the clock, so that it needs nobody to go on:

    lobby -> ready -> asking -> ready -> asking -> ready -> ... -> finale -> over

``ready`` counts down to a question or to the finale, which is over once it was shown. A pause keeps
what was left of the phase; so does an outage, which is a gap between two signs of life of the bot.
What right answers are worth is in bot/core/match_standing.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Literal

from bot.core.contest import Contest
from bot.core.model import Exam, Question
from bot.core.quiz import draw_exam, draw_round

QUESTIONS, QUESTIONS_MOST = 10, 30
SECONDS, SECONDS_LEAST, SECONDS_MOST = 20, 5, 120
LATE, LATE_MOST = 2, 15
"""Seconds after the bell in which answers still count, for whoever types or clicks slowly."""
PLAYERS_MOST = 200

LOBBY_LASTS = timedelta(minutes=15)
GET_READY = timedelta(seconds=5)
"""From "Start" to the first question."""
BETWEEN = timedelta(seconds=8)
"""For reading the answer and the standings."""
PAUSE_LASTS = timedelta(minutes=10)
"""A pause that nobody ends goes on by itself, so that a host who is gone hangs nothing."""
OUTAGE = timedelta(seconds=5)
"""A longer gap between two signs of life is an outage, and the countdown is extended by it."""
OUTAGE_MOST = timedelta(hours=6)
"""After a longer outage nobody waits any more: the match ends with the results so far."""
SEEN_FOR = timedelta(days=14)
"""Questions that a player answered within it are not asked while there are others."""

Phase = Literal["lobby", "ready", "asking", "finale", "over"]
Ending = Literal["played", "stopped", "idle", "outage", "lost", "expired", "called_off"]
"""``lost``: its channel, or the bot's right to post there, was taken away. ``called_off``: stopped
before a question was over."""
PauseCause = Literal["host", "trouble"]
"""``trouble``: Discord does not let the bot post."""


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """What was chosen at the start."""

    questions: int = QUESTIONS
    """1 to ``QUESTIONS_MOST``."""
    seconds: int = SECONDS
    """For one question, ``SECONDS_LEAST`` to ``SECONDS_MOST``."""
    late: int = LATE
    """Seconds after the bell in which answers count, 0 to ``LATE_MOST``."""
    has_speed: bool = True
    subject: str | None = None
    """Id of a topic or an exam; None for the main exam."""
    in_thread: bool = False
    for_teams: bool = False
    """Whether teams are ranked beside the players; see bot/core/team_match.py."""

    @property
    def time(self) -> timedelta:
        """The time that a question has."""
        return timedelta(seconds=self.seconds)

    @property
    def wait(self) -> timedelta:
        """How long after the bell answers are taken."""
        return timedelta(seconds=self.late)


@dataclass(frozen=True, slots=True)
class Match:
    """How a match stands. Every change returns a new value. Times are aware UTC."""

    id: int
    """Of its contest."""
    guild_id: int
    channel_id: int
    """Where it was started."""
    settings: MatchSettings
    phase: Phase
    until: datetime | None
    """When the phase ends by itself; while asking, the bell. None in a pause and after the end."""
    alive_at: datetime
    """The bot's last sign of life."""
    place: int = 0
    """Of the question that is asked or is next, from 0; as many as there are before the finale."""
    paused_at: datetime | None = None
    left: timedelta | None = None
    """What was left of the phase at the pause; below 0 between the bell and the close."""
    cause: PauseCause | None = None
    ending: Ending | None = None
    thread_id: int | None = None
    lobby_message_id: int | None = None
    finale_message_id: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended, shown or not."""
        return self.phase in ("finale", "over")

    @property
    def is_playing(self) -> bool:
        """Whether it has begun and not ended."""
        return self.phase in ("ready", "asking")

    def counts_down_after(self, place: int) -> bool:
        """Whether what comes next follows the question of ``place``."""
        return self.phase == "ready" and self.place == place + 1

    @property
    def play_channel_id(self) -> int:
        """Where its questions are asked."""
        return self.thread_id or self.channel_id

    @property
    def closes_at(self) -> datetime | None:
        """Until when the question that is asked takes answers."""
        if self.phase != "asking" or self.until is None:
            return None
        return self.until + self.settings.wait

    @property
    def resumes_at(self) -> datetime | None:
        """When a pause ends by itself."""
        return None if self.paused_at is None else self.paused_at + PAUSE_LASTS

    def begun(self, now: datetime, questions: int) -> Match:
        """End the lobby; there are ``questions`` questions to ask."""
        return replace(
            self,
            settings=replace(self.settings, questions=questions),
            phase="ready",
            place=0,
            until=whole_second(now + GET_READY),
        )

    def asked(self, now: datetime) -> Match:
        """Ask the next question. The bell is at a whole second, as a message can show it."""
        return replace(self, phase="asking", until=whole_second(now) + self.settings.time)

    def answered(self, now: datetime) -> Match:
        """End the question that is asked; count down to the next one, or to the finale."""
        return replace(
            self,
            phase="ready",
            place=self.place + 1,
            until=whole_second(now + BETWEEN),
            paused_at=None,
            left=None,
            cause=None,
        )

    def ended(self, ending: Ending) -> Match:
        """End it. What was never played has nothing to show but its lobby."""
        return replace(
            self, phase="finale", until=None, paused_at=None, left=None, cause=None, ending=ending
        )

    def paused(self, now: datetime, cause: PauseCause = "host") -> Match:
        """Stop the clock."""
        assert self.until is not None  # noqa: S101 - what has ended or stands is not paused
        return replace(self, until=None, paused_at=now, left=self.until - now, cause=cause)

    def resumed(self, now: datetime) -> Match:
        """Let the clock go on."""
        assert self.left is not None  # noqa: S101 - only a pause is resumed
        until = whole_second(now + self.left)
        return replace(self, until=until, paused_at=None, left=None, cause=None)

    def extended(self, now: datetime, since: datetime | None = None) -> Match:
        """Extend the phase by an outage that ends now; it began at the last sign of life.

        Or ``since``, when something shows that the bot was still alive then.
        """
        return replace(self.extended_by(now - (since or self.alive_at)), alive_at=now)

    def extended_by(self, span: timedelta) -> Match:
        """Extend the phase. A pause has no clock to extend."""
        until = None if self.until is None else whole_second(self.until + span)
        return replace(self, until=until)


def whole_second(moment: datetime) -> datetime:
    """Return the first whole second that is not before ``moment``."""
    rest = timedelta(microseconds=moment.microsecond)
    return moment + (timedelta(seconds=1) - rest) if rest else moment


Step = Literal["extend", "expire", "ask", "close", "finish", "resume", "give_up"]


def due(match: Match, now: datetime) -> Step | None:
    """Return what the clock wants of a match; None when it has to wait or has ended."""
    if match.is_over:
        return None
    away = now - match.alive_at
    if away > OUTAGE_MOST:
        return "give_up"
    if away > OUTAGE:
        return "extend"
    if match.resumes_at is not None:
        if now < match.resumes_at:
            return None
        return "resume" if match.cause == "host" else "give_up"
    ends: dict[Phase, tuple[datetime | None, Step]] = {
        "lobby": (match.until, "expire"),
        "ready": (match.until, "finish" if match.place >= match.settings.questions else "ask"),
        "asking": (match.closes_at, "close"),
    }
    end, step = ends[match.phase]
    return step if end is not None and now >= end else None


def draw_match(
    pool: Sequence[Question],
    count: int,
    rng: Random,
    *,
    exam: Exam | None,
    avoid: Collection[str],
    avoid_entries: Collection[str] = (),
    seen: Collection[str] = (),
) -> tuple[Question, ...]:
    """Draw up to ``count`` questions, of a whole ``exam`` by the weights of its domains.

    None of ``avoid`` or ``avoid_entries`` is drawn, and one of ``seen`` only when there are no
    others.
    """
    draw = draw_round if exam is None else partial(draw_exam, exam=exam)
    drawn = draw(pool, count, rng, avoid={*avoid, *seen}, avoid_entries=avoid_entries)
    if len(drawn) < count:
        taken = {*avoid, *(question.id for question in drawn)}
        drawn += draw(pool, count - len(drawn), rng, avoid=taken, avoid_entries=avoid_entries)
    return drawn


def host_of(contest: Contest) -> int | None:
    """Return who runs it: of those who are in, whoever joined first. None when nobody is in.

    The one who started it has joined first; when they leave, the next one takes over, and they
    have it back when they return.
    """
    return next((one.member_id for one in contest.contestants if one.is_in), None)
