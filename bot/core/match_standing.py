"""Points and standings of a match: everybody who is right scores, and who is quicker scores more.

Points of a right answer, in the match's own points:

    t   time from the question to the answer; pauses and outages do not count
    T   time that a question has

    FULL                              t < GRACE
    round(FULL x (1 - t / T / 2))     up to T
    FULL / 2                          after T, as long as late answers are taken
    FULL                              whenever it comes, where speed is switched off

A wrong answer and none bring nothing. These points stay inside the match; what an answer brings on
the server's boards is in bot/core/score.py.

Source: https://support.kahoot.com/hc/en-us/articles/115002303908-How-points-work
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.contest import Contest, Contestant, Result
from bot.core.match import MatchSettings
from bot.core.post import Answer, Post

FULL = 1000
"""Points of a right answer at once; half of it is the least."""
GRACE = timedelta(seconds=0.5)
"""No slower than anybody can read a click's way through the network."""
IDLE_ROUNDS = 3
"""So many questions in a row without any answer end a match."""


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


def _joined(contestant: Contestant, rounds: Sequence[MatchRound]) -> int:
    closed = [one.post.closed_at for one in rounds]
    return sum(at is not None and at <= contestant.joined_at for at in closed)
