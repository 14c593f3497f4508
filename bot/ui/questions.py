"""Cards for questions: asked, answered, and a finished round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.core.post import LETTERS, Answer, Post, Shown
from bot.ui.card import Card
from bot.ui.limits import clip
from bot.ui.press import Press, press_button
from bot.ui.words import link, plural

ASKED = discord.Colour(0x4C6FAE)
RIGHT = discord.Colour(0x2E8B57)
WRONG = discord.Colour(0xB5473C)
MISSED_SHOWN = 10
MISSED_CHARS = 240
"""Of a question in the list of those that went wrong; ten fit into one message."""


def options_text(shown: Shown) -> str:
    """Return the options, one a line, with their letters."""
    return "\n".join(
        f"**{LETTERS[place]}**  {option}" for place, option in enumerate(shown.options)
    )


def judged_text(shown: Shown, picked: int | None) -> str:
    """Return the options with the right one and the picked one marked in words."""
    lines = []
    for place, option in enumerate(shown.options):
        marks = []
        if place == shown.key:
            marks.append("right")
        if place == picked:
            marks.append("your answer")
        note = f"  ← {' and '.join(marks)}" if marks else ""
        text = (
            f"**{LETTERS[place]}  {option}**"
            if place == shown.key
            else f"{LETTERS[place]}  {option}"
        )
        lines.append(text + note)
    return "\n".join(lines)


def answer_buttons(feature: str, post: Post, *, disabled: bool = False) -> ui.ActionRow[Any]:
    """Return one button an option; its id holds the post and the place, never the answer."""
    return ui.ActionRow(
        *(
            press_button(
                LETTERS[place],
                feature,
                post.id,
                place,
                style=discord.ButtonStyle.primary,
                disabled=disabled,
            )
            for place in range(len(post.shown.options))
        )
    )


def report_button(post_id: int) -> Press:
    """Return the button with which a member says that a question is wrong."""
    return press_button("Report: this is wrong", "report", post_id)


def quiz_card(post: Post, total: int) -> ui.LayoutView:
    """Render an open question of a member's round of ``total`` questions."""
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Question {post.place + 1} of {total}"),
            ui.TextDisplay(f"### {post.shown.question.prompt}"),
            ui.TextDisplay(options_text(post.shown)),
            accent_colour=ASKED,
        )
    )
    view.add_item(answer_buttons("quiz", post))
    return view


def quiz_result_card(
    post: Post, answer: Answer, total: int, *, points: int | None, is_last: bool
) -> ui.LayoutView:
    """Render an answered question: what was right and why. ``points`` None means unscored."""
    question = post.shown.question
    verdict = "Right!" if answer.is_correct else "Not this time."
    if points is not None and answer.is_correct:
        earned = (
            plural(points, "point") if points else "no points: asked before or capped for today"
        )
        verdict += f" ({earned})"
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Question {post.place + 1} of {total}"),
            ui.TextDisplay(f"### {question.prompt}"),
            ui.TextDisplay(judged_text(post.shown, answer.place)),
            ui.Separator(),
            ui.TextDisplay(f"**{verdict}** {question.explanation}"),
            ui.TextDisplay(f"-# Source: {link(question.source)}"),
            accent_colour=RIGHT if answer.is_correct else WRONG,
        )
    )
    label = "See my result" if is_last else "Next question"
    view.add_item(
        ui.ActionRow(
            press_button(
                label, "next", post.round_id or 0, post.place + 1, style=discord.ButtonStyle.primary
            ),
            press_button("Look it up", "show", question.entry_id),
            *([report_button(post.id)] if post.guild_id is not None else []),
        )
    )
    return view


def round_card(
    posts: Sequence[Post], answers: Sequence[Answer | None], *, points: int | None
) -> ui.LayoutView:
    """Render a finished round: the count, and each question that went wrong with its key."""
    right = sum(1 for answer in answers if answer is not None and answer.is_correct)
    head = f"## {right} of {len(posts)} right"
    if points is not None:
        head += f" · {plural(points, 'point')}"
    missed = [
        f"- {_one_line(post.shown.question.prompt)} **{post.shown.question.key}**"
        for post, answer in zip(posts, answers, strict=True)
        if answer is None or not answer.is_correct
    ]
    items: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    if missed:
        items.append(ui.TextDisplay("**Worth another look**\n" + "\n".join(missed[:MISSED_SHOWN])))
    else:
        items.append(ui.TextDisplay("A clean round. Try a bigger one, or another topic."))
    if points is None:
        items.append(ui.TextDisplay("-# Practice: points count in servers that have me."))
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=RIGHT))
    return view


def _one_line(prompt: str) -> str:
    return clip(" ".join(prompt.replace("\n> ", " ").split()), MISSED_CHARS)
