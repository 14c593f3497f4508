"""A pasted multiple-choice question: its stem, its options, and the one or several that fit.

Options begin with A, B, C ... (or 1, 2, 3 ... on lines of their own) in order; two or more make a
choice. A stem that asks for what is NOT so turns the judgement round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.model import Entry
from bot.core.reply import Choice, OptionReason
from bot.core.text import QUESTION_LIMIT_CHARS

OPTIONS_MOST = 8
UNKNOWN = "I know nothing of that name."
SURE_LEAD = 0.25
"""How far the option that fits is ahead of the next, as a share of its score."""

_LETTERED = re.compile(r"(?:^|(?<=\s))\(?([A-Ha-h])[.):]\s+(?=\S)")
# Not \s at the beginning: from each of many empty lines it would read all that follow.
_NUMBERED = re.compile(r"^[^\S\n]*\(?([1-8])[.):]\s+(?=\S)", re.MULTILINE)
_SECOND = re.compile(r"[Bb2][.):]\s")
"""Every second option has it, and few other texts."""
_NEGATED = re.compile(
    r"(?i:\bexcept\b"
    r"|\b(?:which|what)(?: one)?(?: of (?:these|the following|them|the))?(?: \w+){0,2}"
    r" (?:is|are|was|does|do|can|would) not\b)"
    r"|\bEXCEPT\b|\bLEAST (?:likely|suitable|appropriate|useful|relevant|important)\b"
    r"|\bNOT (?:a|an|one|part|true|correct|included|considered)\b"
)
"""Asks for the one that does not belong. "A link that does not cross the internet" does not, nor
does "with the LEAST effort"."""
_SEVERAL = re.compile(
    r"\b(?:choose|select|pick|which|name)\s+(?:the\s+|any\s+)?(two|three|four|[234])(?![\w-])",
    re.IGNORECASE,
)
"""Says how many fit: "(Choose two.)", "Which TWO of the following"."""
_NUMBERS = {"two": 2, "three": 3, "four": 4}


@dataclass(frozen=True, slots=True)
class Pasted:
    """A question with its options as they were written."""

    stem: str
    options: tuple[tuple[str, str], ...]
    """Letter and text."""

    @property
    def is_negated(self) -> bool:
        """Whether the stem asks for the option that does not belong."""
        return _NEGATED.search(self.stem) is not None

    @property
    def many(self) -> int:
        """How many options fit by what the stem says; one where it says nothing or too many."""
        said = _SEVERAL.search(self.stem)
        many = (_NUMBERS.get(said[1].lower()) or int(said[1])) if said is not None else 1
        return many if many < len(self.options) else 1


def parse(question: str) -> Pasted | None:
    """Return the stem and options of ``question``; None when it has no options.

    No more than QUESTION_LIMIT_CHARS of it are read.

    >>> parse("Which one detects PII? A. Amazon Macie B. Amazon Polly")
    ... # doctest: +NORMALIZE_WHITESPACE
    Pasted(stem='Which one detects PII?',
           options=(('A', 'Amazon Macie'), ('B', 'Amazon Polly')))
    >>> parse("What is plan A. or B in AWS?") is None
    True
    """
    question = question[:QUESTION_LIMIT_CHARS]
    if _SECOND.search(question) is None:
        return None
    for pattern, first in ((_LETTERED, "A"), (_NUMBERED, "1")):
        marks = _in_order(list(pattern.finditer(question)), first)
        if len(marks) < 2:
            continue
        stem = question[: marks[0].start()].strip()
        ends = [*(mark.start() for mark in marks[1:]), len(question)]
        options = tuple(
            (chr(ord("A") + place), " ".join(question[mark.end() : end].split()).rstrip(" ,;"))
            for place, (mark, end) in enumerate(zip(marks, ends, strict=True))
        )
        if stem and all(text for _, text in options):
            return Pasted(stem, options)
    return None


def _in_order(marks: Sequence[re.Match[str]], first: str) -> list[re.Match[str]]:
    """Return the longest run of marks that counts up from ``first``, the last that begins so.

    Each mark of a run is the next of its kind, so one walk from the end finds every run.
    """
    nearest: dict[int, _Run] = {}
    best: _Run | None = None
    for mark in reversed(marks):
        place = ord(mark[1].upper())
        following = nearest.get(place + 1)
        run = _Run(mark, following, 1 + (following.length if following is not None else 0))
        nearest[place] = run
        if place == ord(first) and (best is None or run.length > best.length):
            best = run
    found: list[re.Match[str]] = []
    while best is not None:
        found.append(best.mark)
        best = best.following
    return found[:OPTIONS_MOST]


@dataclass(frozen=True, slots=True)
class _Run:
    mark: re.Match[str]
    following: _Run | None
    length: int


def judge(
    pasted: Pasted, scores: Sequence[float], entries: Sequence[Entry | None]
) -> tuple[Choice, bool]:
    """Return the options that fit, as many as are asked for, and whether that is sure.

    ``scores[i]`` says how well option ``i`` answers the stem, ``entries[i]`` what it is; equal
    scores go to the earlier option.
    """
    sign = -1.0 if pasted.is_negated else 1.0
    order = sorted(range(len(scores)), key=lambda place: (-sign * scores[place], place))
    chosen, others = order[: pasted.many], order[pasted.many :]
    lead = abs(scores[chosen[-1]] - scores[others[0]])
    top = max(scores)
    reasons = tuple(
        OptionReason(
            letter,
            text,
            entry.summary if entry is not None else UNKNOWN,
            fits=place in chosen,
        )
        for place, ((letter, text), entry) in enumerate(zip(pasted.options, entries, strict=True))
    )
    known = all(entries[place] is not None for place in chosen)
    sure = top > 0 and lead >= SURE_LEAD * top and known
    return Choice(pasted.options[chosen[0]][0], reasons), sure
