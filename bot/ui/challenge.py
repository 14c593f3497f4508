"""Cards for the daily challenge: open, revealed, explained, and a member's own result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from discord import ui

from bot.core.post import LETTERS, Answer, Post, Recorded
from bot.ui.card import Card
from bot.ui.press import press_button
from bot.ui.questions import (
    ASKED,
    RIGHT,
    WRONG,
    answer_buttons,
    judged_text,
    options_text,
    report_button,
)
from bot.ui.words import link, message_url, moment, plural

BAR_CELLS = 10
KEEPERS_SHOWN = 10


def open_card(
    post: Post,
    *,
    answers: int,
    domain: str,
    previous: Post | None = None,
    role_id: int | None = None,
    is_example: bool = False,
) -> ui.LayoutView:
    """Render an open challenge. Shows how many answered, never what.

    ``role_id`` is mentioned above it. An example's buttons cannot be pressed.
    """
    assert post.closes_at is not None  # noqa: S101 - every daily post has one
    lines = [
        f"-# First answer counts, and only you see it. Reveal {moment(post.closes_at)}.",
        f"-# {plural(answers, 'answer')} so far",
    ]
    if previous is not None and previous.message_id and previous.channel_id:
        url = message_url(previous.guild_id, previous.channel_id, previous.message_id)
        # Still open when this one was posted by hand; its answer is one click away later, too.
        text = "see its answer" if previous.closed_at is not None else "go to it"
        lines.append(f"-# Last challenge: {link(url, text)}")
    view = Card()
    if role_id is not None:
        view.add_item(ui.TextDisplay(f"<@&{role_id}>"))
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Daily challenge · {_day(post)} · {domain}"),
            ui.TextDisplay(f"## {post.shown.question.prompt}"),
            ui.TextDisplay(options_text(post.shown)),
            ui.Separator(),
            ui.TextDisplay("\n".join(lines)),
            accent_colour=ASKED,
        )
    )
    view.add_item(answer_buttons("daily", post, disabled=is_example))
    return view


def revealed_card(
    post: Post,
    *,
    tally: Sequence[int],
    domain: str,
    first_right: int | None,
    following: Post | None = None,
    keepers: Sequence[tuple[int, int]] = (),
) -> ui.LayoutView:
    """Render a closed challenge: the key, how the group answered, why, and who was first.

    ``keepers`` are members who keep a streak by it, with its length in days, longest first.
    """
    question = post.shown.question
    total = sum(tally)
    right = tally[post.shown.key] if total else 0
    rows = []
    for place, option in enumerate(post.shown.options):
        is_key = place == post.shown.key
        count = tally[place] if place < len(tally) else 0
        name = (
            f"**{LETTERS[place]}  {option}  ← right**" if is_key else f"{LETTERS[place]}  {option}"
        )
        rows.append(f"{name}\n-# {_bar(count, total)} {count}")
    if total:
        story = f"{right} of {plural(total, 'answer')} right."
        if first_right is not None:
            story += f" First: <@{first_right}>."
    else:
        story = "Nobody answered this one."
    if post.worth == 0:
        story += " The question is held as doubtful, so it brings no points."
    streaks = ", ".join(f"<@{member}> ({days})" for member, days in keepers[:KEEPERS_SHOWN])
    if len(keepers) > KEEPERS_SHOWN:
        streaks += f" and {len(keepers) - KEEPERS_SHOWN} more"
    foot = f"-# Source: {link(question.source)}"
    if following is not None and following.message_id and following.channel_id:
        url = message_url(following.guild_id, following.channel_id, following.message_id)
        foot += f" · {link(url, 'Next challenge')}"
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Daily challenge · {_day(post)} · {domain} · closed"),
            ui.TextDisplay(f"## {question.prompt}"),
            ui.TextDisplay("\n".join(rows)),
            ui.TextDisplay(f"**{story}**" + (f"\nStreaks kept: {streaks}" if streaks else "")),
            ui.Separator(),
            ui.TextDisplay(f"**Why:** {question.explanation}\n{foot}"),
            accent_colour=RIGHT,
        )
    )
    view.add_item(
        ui.ActionRow(
            press_button("My result", "mine", post.id),
            press_button("Look it up", "show", question.entry_id),
            report_button(post.id),
        )
    )
    return view


def explanation_card(post: Post) -> ui.LayoutView:
    """Render what a challenge's thread is told after the reveal."""
    question = post.shown.question
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"### {LETTERS[post.shown.key]}  {question.key}"),
            ui.TextDisplay(f"**Why:** {question.explanation}"),
            ui.TextDisplay(f"-# Source: {link(question.source)}"),
            accent_colour=RIGHT,
        )
    )
    view.add_item(ui.ActionRow(press_button("My result", "mine", post.id)))
    return view


def thread_name(post: Post) -> str:
    """Return the name of a challenge's thread; it tells nothing of the answer."""
    return f"{_day(post)}: talk it over"


def practice_card(post: Post, place: int) -> ui.LayoutView:
    """Render an answer that came after the close: judged, and counted nowhere."""
    question = post.shown.question
    right = place == post.shown.key
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(
                "That challenge is closed. This is practice, without points: "
                + ("**right!**" if right else "**not this time.**")
            ),
            ui.TextDisplay(judged_text(post.shown, place)),
            ui.TextDisplay(f"{question.explanation}\n-# Source: {link(question.source)}"),
            accent_colour=RIGHT if right else WRONG,
        )
    )
    return view


def recorded_text(post: Post, recorded: Recorded, now: datetime) -> str:
    """Say privately that an answer was recorded, without a word on whether it is right."""
    assert post.closes_at is not None  # noqa: S101 - every daily post has one
    letter = LETTERS[recorded.answer.place]
    option = post.shown.options[recorded.answer.place]
    reveal = f"The answer comes {moment(post.closes_at)}, {moment(post.closes_at, 't')} your time."
    if recorded.is_new:
        return f"Recorded: **{letter}  {option}**. {reveal}"
    return f"Your first answer stands: **{letter}  {option}**. {reveal}"


def own_result_card(post: Post, answer: Answer | None, *, points: int) -> ui.LayoutView:
    """Render a member's own result of a closed challenge."""
    if answer is None:
        verdict, colour = "You did not answer this one.", ASKED
    elif answer.is_correct and post.worth == 0:
        verdict, colour = "You were right, but the question was withdrawn: 0 points.", RIGHT
    elif answer.is_correct:
        verdict, colour = f"You were right: {plural(points, 'point')}.", RIGHT
    else:
        verdict, colour = "Not this time.", WRONG
    picked = answer.place if answer is not None else None
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(f"### {verdict}"),
        ui.TextDisplay(judged_text(post.shown, picked)),
        ui.TextDisplay(post.shown.question.explanation),
    ]
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=colour))
    return view


def _day(post: Post) -> str:
    return f"{post.study_date:%A}, {post.study_date.day} {post.study_date:%B}"


def _bar(count: int, total: int) -> str:
    filled = round(BAR_CELLS * count / total) if total else 0
    return "█" * filled + "░" * (BAR_CELLS - filled)
