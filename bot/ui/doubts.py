"""The managers' queue of questions that are said to be wrong, and the members' form."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.core.doubt import GOOD_ANSWERS, GOOD_SHARE, REASON_CHARS, Doubt, Statistics
from bot.core.post import LETTERS
from bot.ui.card import Card
from bot.ui.limits import clip
from bot.ui.press import Press, press_button
from bot.ui.words import echo, link, moment, plural

DOUBT = discord.Colour(0xB08A2E)
REASONS_SHOWN = 5
REASON_SHOWN_CHARS = 200


def report_form(post_id: int) -> ui.Modal:
    """Return the form with which a member says what is wrong; its id says about what."""
    form = ui.Modal(title="This is wrong", custom_id=f"report:{post_id}")
    form.add_item(
        ui.Label(
            text="What is wrong? (optional)",
            description="The server's managers read it, without your name.",
            component=ui.TextInput(
                style=discord.TextStyle.paragraph,
                required=False,
                max_length=REASON_CHARS,
                placeholder="Two answers fit, the key is outdated, a word misleads …",
            ),
        )
    )
    return form


def queue_card(doubt: Doubt, statistics: Statistics, *, page: int, pages: int) -> ui.LayoutView:
    """Render one doubted question with how it was answered; ``page`` counts from 0."""
    question = doubt.question
    rows = []
    for choice, option in enumerate(question.choices):
        mark = "  ← key" if choice == question.answer else ""
        name = f"{LETTERS[choice]}  {option}{mark}"
        rows.append(
            (f"**{name}**" if mark else name)
            + f"\n-# {statistics.everyone[choice]} in all, {statistics.good[choice]} of them good"
        )
    texts = [
        f"-# Question {page + 1} of {pages} · {plural(len(doubt.reports), 'report')}",
        f"### {question.prompt}",
        "\n".join(rows) + f"\n-# Good: {GOOD_SHARE:.0%} or more right of {GOOD_ANSWERS} others.",
        f"**Why:** {question.explanation}\n-# Source: {link(question.source)} · `{question.id}`",
    ]
    if doubt.state == "held":
        texts.append(f"**Held: it is not asked here.** {doubt.why or ''}".strip())
    reasons = [report for report in doubt.reports if report.reason][:REASONS_SHOWN]
    if reasons:
        texts.append(
            "**Members say**\n"
            + "\n".join(
                f"- “{echo(report.reason or '', REASON_SHOWN_CHARS)}” {moment(report.at)}"
                for report in reasons
            )
        )
    view = Card()
    view.add_item(
        ui.Container(*(ui.TextDisplay(clip(text, 1500)) for text in texts), accent_colour=DOUBT)
    )
    view.add_item(ui.ActionRow(*_decisions(doubt, page), *_turns(page, pages)))
    return view


def empty_queue_card() -> ui.LayoutView:
    """Say that there is nothing to look at."""
    view = Card()
    view.add_item(
        ui.TextDisplay(
            "Nothing is reported and nothing is held. Members report a question with the button "
            "under its answer."
        )
    )
    return view


def _decisions(doubt: Doubt, page: int) -> list[Press]:
    if doubt.state == "held":
        return [press_button("Release: ask it again", "settle", doubt.id, page)]
    return [
        press_button(
            "Hold: don't ask it", "hold", doubt.id, page, style=discord.ButtonStyle.danger
        ),
        press_button("It is fine", "settle", doubt.id, page),
    ]


def _turns(page: int, pages: int) -> list[ui.Item[Any]]:
    turns: list[ui.Item[Any]] = []
    if page > 0:
        turns.append(press_button("Back", "doubts", page - 1))
    if page + 1 < pages:
        turns.append(press_button("Next", "doubts", page + 1))
    return turns
