"""A match: everybody gets the same questions at the same moment, and everybody who is right scores.

Points of a right answer, in the match's own points:

    t   time from the question to the answer; pauses and outages do not count
    T   time that a question has

    FULL                              t < GRACE
    round(FULL x (1 - t / T / 2))     up to T
    FULL / 2                          after T, as long as late answers are taken
    FULL                              whenever it comes, where speed is switched off

A wrong answer and none bring nothing. These points stay inside the match; what an answer brings on
the server's boards is in bot/core/score.py.

A match is a chain of phases, each with an end by the clock, so that it needs nobody to go on:

    lobby -> ready -> asking -> ready -> asking -> ready -> ... -> finale -> over

``ready`` counts down to a question or to the finale, which is over once it was shown. A pause keeps
what was left of the phase; so does an outage, which is a gap between two signs of life of the bot.

Source: https://support.kahoot.com/hc/en-us/articles/115002303908-How-points-work
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Literal

from bot.core.contest import Contest, Contestant, Result
from bot.core.model import Exam, Question
from bot.core.post import Answer, Post
from bot.core.quiz import draw_exam, draw_round

FULL = 1000
"""Points of a right answer at once; half of it is the least."""
GRACE = timedelta(seconds=0.5)
"""No slower than anybody can read a click's way through the network."""

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
IDLE_ROUNDS = 3
"""So many questions in a row without any answer end a match."""
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


# ----------------------------------------------------------------------------- points


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the clock of a question stood still: a pause or an outage."""

    since: datetime
    until: datetime | None = None
    """None while it lasts."""


@dataclass(frozen=True, slots=True)
class MatchRound:
    """One question of a match that was asked."""

    post: Post
    opened_at: datetime
    """The bell less the question's time, so at a whole second and up to one after it was sent."""
    gaps: tuple[Gap, ...] = ()
    is_void: bool = False
    """Whether it was skipped: then it brings nobody anything."""
    shown_at: datetime | None = None
    """When its message was there; None until it is known to be."""

    def took(self, at: datetime) -> timedelta:
        """Return the time that an answer at ``at`` took, from 0."""
        lost = timedelta(0)
        for gap in self.gaps:
            end = at if gap.until is None else min(gap.until, at)
            lost += max(end - max(gap.since, self.opened_at), timedelta(0))
        return max(at - self.opened_at - lost, timedelta(0))


def points(took: timedelta, settings: MatchSettings) -> int:
    """Return what a right answer is worth that took so long.

    >>> one = MatchSettings(seconds=20)
    >>> [points(timedelta(seconds=t), one) for t in (0, 0.499, 0.5, 5, 20, 21)]
    [1000, 1000, 988, 875, 500, 500]
    """
    if not settings.has_speed or took < GRACE:
        return FULL
    # Round half up, as people do it by hand.
    micro, whole = took // timedelta(microseconds=1), settings.time // timedelta(microseconds=1)
    return max(FULL // 2, (FULL * (2 * whole - micro) + whole) // (2 * whole))


@dataclass(frozen=True, slots=True)
class MatchStanding:
    """Where a contestant stands in a match."""

    contestant: Contestant
    rank: int
    """From 1. Equal scores share one and the next is skipped: 1, 1, 3."""
    score: int
    gained: int
    """Of it, with the last question that was asked."""
    right: int
    answered: int
    took: timedelta
    """Over all answers."""
    best: str | None
    """Id of the topic with the highest share of right answers; None when all are alike."""
    worst: str | None
    joined: int
    """Place of the first question they could answer; 0 for whoever was there from the start."""

    @property
    def member_id(self) -> int | None:
        """The member; None once they had themselves forgotten."""
        return self.contestant.member_id

    @property
    def result(self) -> Result:
        """What is frozen at the finish."""
        took_ms = self.took // timedelta(milliseconds=1)
        return Result(self.rank, self.score, self.right, self.answered, took_ms=took_ms)


def standings(
    contest: Contest,
    rounds: Sequence[MatchRound],
    answers: Iterable[Answer],
    settings: MatchSettings,
) -> tuple[MatchStanding, ...]:
    """Return all contestants, best first; equals in the order in which they joined.

    Who left keeps what they have; who left without an answer, or had themselves forgotten, is not
    among them. ``rounds`` are those that are closed, in order.
    """
    by_post = {round_.post.id: round_ for round_ in rounds if not round_.is_void}
    own: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.post_id in by_post:
            own[answer.member_id].append(answer)
    last = rounds[-1].post.id if rounds else None
    found: list[MatchStanding] = []
    for contestant in contest.contestants:
        given = own[contestant.member_id] if contestant.member_id is not None else []
        if not given and not contestant.is_in:
            continue
        worth = {
            answer.post_id: points(by_post[answer.post_id].took(answer.answered_at), settings)
            for answer in given
            if answer.is_correct
        }
        best, worst = best_and_worst(
            (by_post[answer.post_id].post.shown.question.topic, answer.is_correct)
            for answer in given
        )
        found.append(
            MatchStanding(
                contestant=contestant,
                rank=1,
                score=sum(worth.values()),
                gained=worth.get(last, 0) if last is not None else 0,
                right=len(worth),
                answered=len(given),
                took=sum(
                    (by_post[one.post_id].took(one.answered_at) for one in given), timedelta(0)
                ),
                best=best,
                worst=worst,
                joined=_joined(contestant, rounds),
            )
        )
    ordered = sorted(found, key=lambda one: -one.score)  # which keeps the order among equals
    return tuple(
        replace(one, rank=1 + sum(other.score > one.score for other in ordered)) for one in ordered
    )


def final_standings(contest: Contest, found: Sequence[MatchStanding]) -> tuple[MatchStanding, ...]:
    """Return the results that were frozen, best first; what else is known comes from ``found``."""
    known = {one.contestant.id: one for one in found}
    ended = []
    for contestant in contest.contestants:
        result = contestant.result
        if result is None:
            continue
        now = known.get(contestant.id)
        ended.append(
            MatchStanding(
                contestant=contestant,
                rank=result.rank,
                score=result.score,
                gained=0,
                right=result.right,
                answered=result.answered,
                took=timedelta(milliseconds=result.took_ms or 0),
                best=None if now is None else now.best,
                worst=None if now is None else now.worst,
                joined=0 if now is None else now.joined,
            )
        )
    return tuple(sorted(ended, key=lambda one: one.rank))


def results(found: Iterable[MatchStanding]) -> Mapping[int, Result]:
    """Return what is frozen at the finish, by contestant's id."""
    return {one.contestant.id: one.result for one in found}


def best_and_worst(picks: Iterable[tuple[str, bool]]) -> tuple[str | None, str | None]:
    """Return the topics with the highest and the lowest share of right answers.

    Of equal shares the topic with more answers, then the first by its id. Both are None when all
    shares are alike, or there are none.

    >>> best_and_worst([("s3", True), ("s3", True), ("ec2", True), ("ec2", False), ("iam", False)])
    ('s3', 'iam')
    >>> best_and_worst([("s3", True), ("iam", True)])
    (None, None)
    """
    tallies: dict[str, list[int]] = {}
    for topic, is_right in picks:
        tally = tallies.setdefault(topic, [0, 0])
        tally[0] += is_right
        tally[1] += 1
    shares = {topic: right / total for topic, (right, total) in tallies.items()}
    if len(set(shares.values())) < 2:
        return None, None
    best = min(shares, key=lambda topic: (-shares[topic], -tallies[topic][1], topic))
    worst = min(shares, key=lambda topic: (shares[topic], -tallies[topic][1], topic))
    return best, worst


def fastest_right(round_: MatchRound, answers: Iterable[Answer]) -> tuple[int, timedelta] | None:
    """Return who was right first and the time it took; None for nobody, or a skipped question.

    Of equal times the answer that was recorded first.
    """
    right = [
        (round_.took(one.answered_at), one.member_id)
        for one in answers
        if one.post_id == round_.post.id and one.is_correct
    ]
    if not right or round_.is_void:
        return None
    took, member_id = min(right, key=lambda one: one[0])
    return member_id, took


def is_idle(rounds: Sequence[MatchRound], answers: Iterable[Answer]) -> bool:
    """Return whether nobody answered the last ``IDLE_ROUNDS`` questions."""
    answered = {answer.post_id for answer in answers}
    last = rounds[-IDLE_ROUNDS:]
    return len(last) == IDLE_ROUNDS and not any(one.post.id in answered for one in last)


def host_of(contest: Contest) -> int | None:
    """Return who runs it: of those who are in, whoever joined first. None when nobody is in.

    The one who started it has joined first; when they leave, the next one takes over, and they
    have it back when they return.
    """
    return next((one.member_id for one in contest.contestants if one.is_in), None)


def _joined(contestant: Contestant, rounds: Sequence[MatchRound]) -> int:
    closed = [one.post.closed_at for one in rounds]
    return sum(at is not None and at <= contestant.joined_at for at in closed)
