"""Cards for what the library says: an answer, a guess, a comparison, a judged choice, nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import ui

from bot.core.model import Difference, Duty, Entry, Evidence, Exam
from bot.core.reply import Found, Reply
from bot.ui.card import Card
from bot.ui.limits import BUTTONS_IN_ROW, DISPLAY_CHARS, clip
from bot.ui.press import Press, press_button
from bot.ui.words import echo, link

SHOWN = ((5, 3), (4, 2), (3, 1), (2, 1))
"""How many facts and confusions a card shows: the first pair that fits into one message."""
FACTS_COMPARED = 3
GUESS_LEAD = "-# My best guess. If it is not what you meant, try a button below."
SURE = discord.Colour(0x2E8B57)
GUESS = discord.Colour(0xC9A227)
NEUTRAL = discord.Colour(0x5B6B7B)

KIND_LABELS = {"account": "Account or user", "option": "Pricing option", "plan": "Plan"}
_DUTY_LABELS: Sequence[tuple[Duty, str]] = (
    ("aws", "AWS takes care of"),
    ("customer", "You take care of"),
    ("shared", "Shared"),
)


def reply_card(reply: Reply, exams: Sequence[Exam], by_id: dict[str, Entry]) -> ui.LayoutView:
    """Render a reply; ``exams`` are what can be asked about when there is none."""
    if reply.kind == "none":
        return none_card(reply, exams)
    if reply.kind == "comparison":
        return comparison_card(reply)
    if reply.choice is not None:
        return choice_card(reply)
    return answer_card(reply, by_id)


def answer_card(reply: Reply, by_id: dict[str, Entry]) -> ui.LayoutView:
    """Render one entry as an answer, or as a guess with its candidates as buttons."""
    found = reply.answers[0]
    sure = reply.confidence == "sure"
    lead = [] if sure else [GUESS_LEAD]
    items = [*_texts(lead), *_entry_items(found, by_id)]
    buttons = [press_button("Quiz me on this", "quizme", found.entry.id)]
    buttons += _candidates(reply)
    return _card(items, buttons, SURE if sure else GUESS)


def entry_card(found: Found, by_id: dict[str, Entry]) -> ui.LayoutView:
    """Render one entry that was asked for by name."""
    buttons = [press_button("Quiz me on this", "quizme", found.entry.id)]
    return _card(_entry_items(found, by_id), buttons, SURE)


def comparison_card(reply: Reply) -> ui.LayoutView:
    """Render two entries side by side: what tells them apart first, then the facts of each."""
    left, right = reply.answers
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"## {left.entry.name} and {right.entry.name}"),
    ]
    difference = _difference(left.entry, right.entry)
    if difference is not None:
        items += _texts(
            [
                "**What tells them apart**\n"
                f"- **{left.entry.name}** {difference.this}.\n"
                f"- **{right.entry.name}** {difference.that}."
            ]
        )
    for found in (left, right):
        facts = "\n".join(f"- {fact.text}" for fact in found.facts[:FACTS_COMPARED])
        items.append(ui.Separator())
        items += _texts([f"### {found.entry.name}\n{found.entry.summary}", facts])
        items += _texts([_source(found.entry.evidence)])
    buttons = [
        press_button(f"Quiz: {found.entry.name}", "quizme", found.entry.id)
        for found in (left, right)
    ]
    return _card(items, buttons + _candidates(reply), SURE)


def choice_card(reply: Reply) -> ui.LayoutView:
    """Render a judged multiple-choice question: what fits, and what the other options are."""
    choice = reply.choice
    assert choice is not None  # noqa: S101 - the caller looked
    sure = reply.confidence == "sure"
    fit = "fit" if len(choice.fitting) > 1 else "fits"
    verdict = f"{choice.letters} {fit}" if sure else f"My best guess is {choice.letters}"
    texts = " + ".join(echo(reason.text, 100) for reason in choice.fitting)
    lines = [
        f"- **{reason.letter}. {echo(reason.text, 100)}**{' (this one)' if reason.fits else ''}: "
        f"{reason.reason}"
        for reason in choice.reasons
    ]
    items: list[ui.Item[Any]] = [
        *_texts([f"## {verdict}: {texts}"]),
        *_texts(["\n".join(clip(line, 420) for line in lines)]),
    ]
    if reply.answers:
        items += _texts([_source(reply.answers[0].entry.evidence)])
    return _card(items, _candidates(reply), SURE if sure else GUESS)


def none_card(reply: Reply, exams: Sequence[Exam]) -> ui.LayoutView:
    """Say that nothing is known, and what can be asked instead."""
    subjects = "\n".join(
        f"- **{exam.name}**: {' · '.join(domain.name for domain in exam.domains)}" for exam in exams
    )
    items = _texts(
        [
            f"## I don't know that one\nNothing I have read answers “{echo(reply.question)}”.",
            "You can ask me about\n" + clip(subjects, 1200),
            "-# Try a name (“GuardDuty”), a need (“which service detects PII?”), "
            "or two names (“Shield vs WAF”).",
            *(["Or did you mean one of these?"] if reply.alternatives else []),
        ]
    )
    return _card(items, _candidates(reply), NEUTRAL)


def _entry_items(found: Found, by_id: dict[str, Entry]) -> list[ui.Item[Any]]:
    items: list[ui.Item[Any]] = []
    for facts, confusions in SHOWN:
        items = _entry_parts(found, by_id, facts, confusions)
        chars = sum(len(item.content) for item in items if isinstance(item, ui.TextDisplay))
        if chars <= DISPLAY_CHARS - len(GUESS_LEAD):
            break
    return items


def _entry_parts(
    found: Found, by_id: dict[str, Entry], facts_shown: int, confusions_shown: int
) -> list[ui.Item[Any]]:
    entry = found.entry
    kind = KIND_LABELS.get(entry.kind, entry.kind.capitalize())
    known = entry.name.casefold()
    also = [
        *[alias for alias in entry.aliases if alias.casefold() not in known][:3],
        *(f"formerly {name}" for name in entry.former[:2]),
    ]
    under = f"-# {kind} · {entry.category}" + (f" · {', '.join(also)}" if also else "")
    items: list[ui.Item[Any]] = _texts([f"## {entry.name}\n{under}", entry.summary])
    if entry.status != "active":
        state = "Retired" if entry.status == "retired" else "Closed to new customers"
        items += _texts([f"**{state}.** {entry.status_note or ''}".strip()])
    facts = "\n".join(f"- {fact.text}" for fact in found.facts[:facts_shown])
    items += [ui.Separator(), *_texts([facts])]
    items += _texts([_duties(entry)])
    confusions = [
        f"- **{by_id[difference.entry_id].name}** {difference.that}; this one {difference.this}."
        for difference in entry.differences[:confusions_shown]
    ]
    if confusions:
        items += [ui.Separator(), *_texts(["**Often confused with**\n" + "\n".join(confusions)])]
    if entry.correction:
        items += _texts([f"> **Careful with older notes:** {entry.correction}"])
    evidences = [fact.evidence for fact in found.facts[:facts_shown]]
    return [*items, *_texts([_source(entry.evidence, evidences)])]


def _duties(entry: Entry) -> str:
    parts = [
        f"- **{label}:** {'; '.join(entry.duties[duty])}"
        for duty, label in _DUTY_LABELS
        if entry.duties.get(duty)
    ]
    return clip("**Who does what**\n" + "\n".join(parts), 900) if parts else ""


def _source(evidence: Evidence, others: Iterable[Evidence] = ()) -> str:
    """One small line: where this can be read and when somebody did."""
    read = f"read on {evidence.verified_on}" if evidence.verified_on else "not yet read by us"
    more = sorted({e.source for e in others if e.source != evidence.source})[:2]
    extra = "".join(f" · {link(url, 'more')}" for url in more)
    unread = sum(1 for e in others if e.unverified)
    doubt = f" · {unread} of these facts not yet checked" if unread else ""
    return f"-# Source: {link(evidence.source)}, {read}{extra}{doubt}"


def _difference(left: Entry, right: Entry) -> Difference | None:
    """Return what tells ``left`` (this) from ``right`` (that), whichever of them says it."""
    for difference in left.differences:
        if difference.entry_id == right.id:
            return difference
    for difference in right.differences:
        if difference.entry_id == left.id:
            return Difference(right.id, this=difference.that, that=difference.this)
    return None


def _candidates(reply: Reply) -> list[Press]:
    return [press_button(hit.entry.name, "show", hit.entry.id) for hit in reply.alternatives]


def _texts(parts: Iterable[str]) -> list[ui.Item[Any]]:
    return [ui.TextDisplay(part) for part in parts if part]


def _card(
    items: Sequence[ui.Item[Any]], buttons: Sequence[Press], colour: discord.Colour
) -> ui.LayoutView:
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=colour))
    shown = buttons[:BUTTONS_IN_ROW]
    if shown:
        view.add_item(ui.ActionRow(*shown))
    return view
