"""Cards for duels that only one member sees: questions, what was missed, open ones, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.core.duel import Duel, Meeting, Played, Tally, Turn
from bot.core.post import Answer, Post
from bot.ui.card import Card
from bot.ui.duels import DUEL, duration, mention, play_button, state_of
from bot.ui.limits import clip
from bot.ui.press import press_button
from bot.ui.questions import ASKED, RIGHT, answer_buttons, options_text
from bot.ui.words import link, message_url, moment, plural

PROMPT_CHARS, EXPLANATION_CHARS = 240, 260
"""Of a question in the list of those that were missed; five fit into one message."""
OPPONENTS_SHOWN, MEETINGS_SHOWN = 15, 5
DUELS_SHOWN = 12
"""Three components each."""


def turn_card(duel: Duel, turn: Turn, *, member_id: int) -> ui.LayoutView:
    """Render the question that a member has before them, without a word on earlier ones."""
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(
                f"-# Duel with {mention(duel.other(member_id))} · question {turn.post.place + 1} "
                f"of {turn.of} · shown {moment(turn.shown_at)}"
            ),
            ui.TextDisplay(f"### {turn.post.shown.question.prompt}"),
            ui.TextDisplay(options_text(turn.post.shown)),
            ui.TextDisplay("-# The first press counts. What was right comes when it is over."),
            accent_colour=ASKED,
        )
    )
    view.add_item(answer_buttons("duelpick", turn.post))
    return view


def waiting_card(duel: Duel, played: Played, *, member_id: int) -> ui.LayoutView:
    """Render what a member sees who has answered everything while the other has not."""
    assert duel.deadline is not None  # noqa: S101 - every accepted duel has one
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"### All {played.answered} answered in {duration(played.took_ms)}"),
            ui.TextDisplay(
                f"The result comes when {mention(duel.other(member_id))} has played, "
                f"{moment(duel.deadline)} at the latest."
            ),
            accent_colour=DUEL,
        )
    )
    return view


def finished_card(duel: Duel, *, subject: str) -> ui.LayoutView:
    """Render a duel that is over, for one of the two."""
    lines, _, colour = state_of(duel, (), None)
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Duel · {subject}"),
            *(ui.TextDisplay(line) for line in lines),
            accent_colour=colour,
        )
    )
    if duel.ending == "played":
        view.add_item(ui.ActionRow(press_button("What I missed", "duelseen", duel.id)))
    return view


def missed_card(posts: Sequence[Post], answers: Mapping[int, Answer]) -> ui.LayoutView:
    """Render what a member missed in a duel that is over. ``answers`` are theirs, by post."""
    missed = [post for post in posts if post.id not in answers or not answers[post.id].is_correct]
    items: list[ui.Item[Any]] = []
    if missed:
        items.append(ui.TextDisplay(f"### {plural(len(missed), 'question')} to look at again"))
    else:
        items.append(ui.TextDisplay("### You missed nothing"))
    for post in missed:
        items += [ui.Separator(), ui.TextDisplay(_missed_text(post, answers.get(post.id)))]
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=RIGHT))
    if missed:
        view.add_item(
            ui.ActionRow(
                *(
                    press_button(f"Report question {post.place + 1}", "report", post.id)
                    for post in missed
                )
            )
        )
    return view


def _missed_text(post: Post, answer: Answer | None) -> str:
    question = post.shown.question
    prompt = clip(" ".join(question.prompt.replace("\n> ", " ").split()), PROMPT_CHARS)
    own = "no answer" if answer is None else post.shown.options[answer.place]
    return (
        f"**{post.place + 1}. {prompt}**\n"
        f"Right: **{clip(question.key, 120)}** · you: {clip(own, 120)}\n"
        f"{clip(question.explanation, EXPLANATION_CHARS)}\n-# Source: {link(question.source)}"
    )


def duels_card(duels: Sequence[Duel], *, member_id: int) -> ui.LayoutView:
    """Render a member's open duels, each with its button."""
    view = Card()
    if not duels:
        view.add_item(ui.TextDisplay("You have no open duel. `/duel challenge` starts one."))
        return view
    for duel in duels[:DUELS_SHOWN]:
        other = mention(duel.other(member_id))
        if duel.deadline is not None:
            text = f"**Against {other}**, open until {moment(duel.deadline)}"
            press = play_button(duel)
        elif duel.challenger_id == member_id:
            text = f"**You challenged {other}**; it can be accepted until {moment(duel.expires_at)}"
            press = press_button("Withdraw", "duelback", duel.id)
        else:
            text = f"**{other} challenges you**; accept until {moment(duel.expires_at)}"
            press = press_button("Accept", "duelyes", duel.id, style=discord.ButtonStyle.success)
        if duel.message_id is not None:
            url = message_url(duel.guild_id, duel.channel_id, duel.message_id)
            text += f" · {link(url, 'the message')}"
        view.add_item(ui.Section(ui.TextDisplay(text), accessory=press))
    if len(duels) > DUELS_SHOWN:
        rest = f"-# And {len(duels) - DUELS_SHOWN} more, when these are over."
        view.add_item(ui.TextDisplay(rest))
    return view


def record_text(meetings: Sequence[Meeting], total: Tally, *, opponent_id: int, period: str) -> str:
    """Say how two members stand against each other, as one of them sees it."""
    if not meetings:
        return f"You and {mention(opponent_id)} have no finished duel: {period}."
    lines = [
        f"**You against {mention(opponent_id)}** · {period}\n"
        f"### {total.won} won · {total.drawn} drawn · {total.lost} lost"
    ]
    for one in meetings[:MEETINGS_SHOWN]:
        verdict = {True: "won", False: "lost"}[one.own.rank < one.other.rank]
        if one.own.rank == one.other.rank:
            verdict = "drawn"
        lines.append(
            f"- {one.day.day} {one.day:%B %Y}: **{verdict}** {one.own.right}:{one.other.right}"
            f" · {_time(one.own.answered, one.own.took_ms)} against "
            f"{_time(one.other.answered, one.other.took_ms)}"
        )
    if len(meetings) > MEETINGS_SHOWN:
        lines.append(f"-# The last {MEETINGS_SHOWN} of {plural(len(meetings), 'duel')}.")
    return "\n".join(lines)


def _time(answered: int, took_ms: int | None) -> str:
    return duration(took_ms or 0) if answered else "no answer"


def opponents_text(
    tallies: Sequence[tuple[int | None, Tally]], total: Tally, *, period: str
) -> str:
    """Say how a member stands against everybody they met."""
    if not tallies:
        return f"You have no finished duel: {period}. `/duel challenge` starts one."
    lines = [
        f"**Your duels** · {period}\n### {total.won} won · {total.drawn} drawn · {total.lost} lost"
    ]
    lines += [
        f"- {mention(who)}: {one.won} won, {one.drawn} drawn, {one.lost} lost"
        for who, one in tallies[:OPPONENTS_SHOWN]
    ]
    if len(tallies) > OPPONENTS_SHOWN:
        lines.append(f"-# And {plural(len(tallies) - OPPONENTS_SHOWN, 'other')}.")
    return "\n".join(lines)
