"""How well questions are answered: judging replies and counting, with 95 % intervals.

Right first: the entry shown as the answer, sure or as a guess, is right. Right in three adds the
candidates offered. A scenario or chat question that is declined counts as neither.

Source: Wilson, "Probable inference" (1927), for the interval of a share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.facts import FACTS_SHOWN
from bot.core.post import LETTERS
from bot.core.reply import Reply

KINDS = ("chat", "fact", "comparison", "scenario", "outside")
IN_THREE = 3
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Probe:
    """A question and what would be right."""

    ask: str
    kind: str
    accepted: tuple[frozenset[str], ...] = ()
    """Each a set of entry ids that is right: one for an answer, two for a comparison; none when
    the bot has to decline."""
    shows: tuple[str, ...] = ()
    """One of these has to stand in the summary or in one of the first facts, whatever its case."""
    options: tuple[str, ...] = ()
    """What can be chosen from when it is pasted as a multiple-choice question."""
    keys: frozenset[int] = frozenset()
    """The places of the options that are right, from 0."""

    @property
    def pasted(self) -> str:
        """The question with its options, as members paste it."""
        lines = (f"{LETTERS[place]}. {option}" for place, option in enumerate(self.options))
        return "\n".join((self.ask, *lines))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one probe."""

    probe: Probe
    reply: Reply
    is_first: bool
    is_in_three: bool
    is_declined: bool

    @property
    def is_sure(self) -> bool:
        """Whether the reply claims to be right."""
        return self.reply.confidence == "sure"

    @property
    def is_surely_wrong(self) -> bool:
        """Whether it claims so and is not."""
        return self.is_sure and not self.is_first


def judge(probe: Probe, reply: Reply) -> Verdict:
    """Compare a reply with what would be right."""
    declined = reply.kind == "none"
    if not probe.accepted:
        return Verdict(probe, reply, declined, declined, declined)
    shown = frozenset(found.entry.id for found in reply.answers)
    offered = [found.entry.id for found in reply.answers]
    offered += [hit.entry.id for hit in reply.alternatives]
    if probe.kind == "comparison":
        first = reply.kind == "comparison" and shown in probe.accepted
        in_three = any(accepted <= set(offered[:IN_THREE]) for accepted in probe.accepted)
    else:
        wanted = frozenset().union(*probe.accepted)
        first = not declined and bool(offered) and offered[0] in wanted
        in_three = not declined and bool(wanted & set(offered[:IN_THREE]))
    if first and probe.shows:
        first = _shows(probe, reply)
    return Verdict(probe, reply, first, in_three or first, declined)


def chose_right(probe: Probe, reply: Reply) -> bool:
    """Return whether the reply to ``probe.pasted`` chose none but its keys, or all of them.

    Of a question for two, a file may know but one; of a question for one, two may be right.
    """
    if reply.choice is None:
        return False
    chosen = {LETTERS.find(reason.letter) for reason in reply.choice.fitting}
    return chosen <= probe.keys or probe.keys <= chosen


def _shows(probe: Probe, reply: Reply) -> bool:
    found = reply.answers[0]
    said = [found.entry.summary, *(fact.text for fact in found.facts[:FACTS_SHOWN])]
    text = "\n".join(said).casefold()
    return any(wanted.casefold() in text for wanted in probe.shows)


@dataclass(frozen=True, slots=True)
class Share:
    """A count of a whole, with its 95 % interval."""

    count: int
    whole: int

    @property
    def percent(self) -> float:
        """From 0 to 100; 0 of nothing is 0."""
        return 100 * self.count / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval in percent.

        >>> tuple(round(x, 1) for x in Share(95, 100).interval)
        (88.8, 97.8)
        """
        n = self.whole
        if not n:
            return 0.0, 100.0
        share, z2 = self.count / n, _Z95**2
        middle = share + z2 / (2 * n)
        spread = _Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        scale = 1 + z2 / n
        return 100 * max(0.0, (middle - spread) / scale), 100 * min(1.0, (middle + spread) / scale)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.percent:5.1f} % ({self.count}/{self.whole}, {low:.0f}-{high:.0f})"


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one kind."""

    kind: str
    first: Share
    in_three: Share
    sure: Share
    surely_wrong: Share
    declined: Share


def summarise(verdicts: Iterable[Verdict]) -> tuple[Row, ...]:
    """Count by kind, in the order of KINDS, then the others by name."""
    by_kind: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_kind.setdefault(verdict.probe.kind, []).append(verdict)
    order = sorted(by_kind, key=lambda k: (KINDS.index(k) if k in KINDS else len(KINDS), k))
    return tuple(_row(kind, by_kind[kind]) for kind in order)


def _row(kind: str, verdicts: Sequence[Verdict]) -> Row:
    def share(flags: Iterable[bool]) -> Share:
        return Share(sum(flags), len(verdicts))

    return Row(
        kind,
        share(v.is_first for v in verdicts),
        share(v.is_in_three for v in verdicts),
        share(v.is_sure for v in verdicts),
        share(v.is_surely_wrong for v in verdicts),
        share(v.is_declined for v in verdicts),
    )
