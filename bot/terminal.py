"""Replies and questions in a terminal, and a reply as one JSON object for a program."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from bot.core.model import Exam
from bot.core.post import LETTERS, Shown
from bot.core.reply import Found, Reply

WIDTH = 96
FACTS_SHOWN = 5
FACTS_COMPARED = 3


def reply_text(reply: Reply, exams: tuple[Exam, ...], *, width: int = WIDTH) -> str:
    """Return a reply as readable text, wrapped at ``width`` columns."""
    if reply.kind == "none":
        lines = ["I don't know that one.", "You can ask about:"]
        for exam in exams:
            domains = "; ".join(domain.name for domain in exam.domains)
            lines += _wrap(f"- {exam.name}: {domains}", "  ", width)
    elif reply.choice is not None:
        fit = "fit" if len(reply.choice.fitting) > 1 else "fits"
        lines = [
            f"{reply.choice.letters} {fit}."
            if reply.confidence == "sure"
            else f"My best guess is {reply.choice.letters}."
        ]
        for reason in reply.choice.reasons:
            mark = "*" if reason.fits else " "
            lines += _wrap(
                f"{mark} {reason.letter}. {reason.text}: {reason.reason}", "     ", width
            )
    elif reply.kind == "comparison":
        lines = []
        for found in reply.answers:
            lines += [*_entry(found, FACTS_COMPARED, width), ""]
        lines += _apart(reply, width)
    else:
        lines = [] if reply.confidence == "sure" else ["My best guess:", ""]
        lines += _entry(reply.answers[0], FACTS_SHOWN, width)
    if reply.alternatives:
        names = ", ".join(hit.entry.name for hit in reply.alternatives)
        lines += ["", *_wrap(f"See also: {names}", "", width)]
    return "\n".join(lines)


def reply_json(reply: Reply) -> str:
    """Return a reply as one line of JSON; README documents the keys."""
    choice: dict[str, Any] | None = None
    if reply.choice is not None:
        choice = {
            "option": reply.choice.option,
            "reasons": [
                {"option": r.letter, "text": r.text, "reason": r.reason, "fits": r.fits}
                for r in reply.choice.reasons
            ],
        }
    document = {
        "question": reply.question,
        "kind": reply.kind,
        "confidence": reply.confidence,
        "answers": [
            {
                "id": found.entry.id,
                "name": found.entry.name,
                "summary": found.entry.summary,
                "facts": [fact.text for fact in found.facts],
                "source": found.entry.evidence.source,
            }
            for found in reply.answers
        ],
        "alternatives": [
            {"id": hit.entry.id, "name": hit.entry.name, "score": hit.score}
            for hit in reply.alternatives
        ],
        "choice": choice,
    }
    # ASCII, because some readers also end a line at U+0085 or U+2028.
    return json.dumps(document)


def question_text(shown: Shown, number: int, *, width: int = WIDTH) -> str:
    """Return a question with its options, the right one marked, and why; ``number`` counts it."""
    question = shown.question
    stem = question.prompt.split("\n")
    lines = _wrap(f"{number}. {stem[0]}", "   ", width)
    lines += [f"   {line}" for line in stem[1:]]
    for place, option in enumerate(shown.options):
        mark = "*" if place == shown.key else " "
        lines += _wrap(f" {mark} {LETTERS[place]}. {option}", "      ", width)
    lines += _wrap(f"   {question.explanation}", "   ", width)
    lines.append(f"   {question.source}")
    lines.append(f"   {question.id}")
    return "\n".join(lines)


def _entry(found: Found, facts: int, width: int) -> list[str]:
    entry = found.entry
    lines = [entry.name, f"{entry.kind} · {entry.category}", ""]
    lines += _wrap(entry.summary, "", width)
    lines.append("")
    for fact in found.facts[:facts]:
        lines += _wrap(f"- {fact.text}", "  ", width)
    if entry.correction:
        lines += ["", *_wrap(f"Careful with older notes: {entry.correction}", "", width)]
    read = entry.evidence.verified_on
    lines += ["", f"Source: {entry.evidence.source}" + (f" (read on {read})" if read else "")]
    return lines


def _apart(reply: Reply, width: int) -> list[str]:
    left, right = (found.entry for found in reply.answers)
    for first, second in ((left, right), (right, left)):
        for difference in first.differences:
            if difference.entry_id == second.id:
                text = f"{first.name} {difference.this}; {second.name} {difference.that}."
                return _wrap(text, "", width)
    return []


def _wrap(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
