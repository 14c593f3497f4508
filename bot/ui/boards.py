"""Boards and a member's own score. Members appear as mentions that ping nobody."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.core.board import Score, Standing
from bot.core.period import PERIOD_NAMES, PERIODS, Period
from bot.core.score import DAILY_POINTS, QUIZ_POINTS, QUIZ_POINTS_A_DAY
from bot.ui.press import press_button
from bot.ui.words import plural

BOARD = discord.Colour(0x6B5BA6)
ROWS = 10


def board_card(
    standings: Sequence[Standing], own: Standing | None, *, period: Period, members: int
) -> ui.LayoutView:
    """Render the first rows of a board, the reader's own rank, and the other periods as buttons."""
    lines = [_row(standing) for standing in standings]
    if not lines:
        lines = ["Nobody has points yet. Answer the daily challenge or try `/quiz`."]
    if own is None:
        footer = (
            "You are not on it yet: an answer to the daily challenge or a `/quiz` puts you there."
        )
    else:
        footer = f"You: rank {own.rank} of {members} with {plural(own.points, 'point')}."
    footer += "\n-# A daily challenge counts from its reveal on, for the day on which it was asked."
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"## Leaderboard · {PERIOD_NAMES[period]}"),
            ui.TextDisplay("\n".join(lines)),
            ui.Separator(),
            ui.TextDisplay(footer),
            accent_colour=BOARD,
        )
    )
    view.add_item(
        ui.ActionRow(
            *(
                press_button(
                    PERIOD_NAMES[name],
                    "board",
                    name,
                    style=discord.ButtonStyle.primary
                    if name == period
                    else discord.ButtonStyle.secondary,
                    disabled=name == period,
                )
                for name in PERIODS
            )
        )
    )
    return view


def score_card(score: Score, standing: Standing | None, *, in_server: bool) -> ui.LayoutView:
    """Render a member's own score and where it comes from."""
    lines = [
        f"- Daily challenges: {score.daily_right} of {score.daily_answered} right, "
        f"{plural(score.daily_points, 'point')}",
        f"- Quiz: {score.quiz_right} of {score.quiz_answered} right"
        + (f", {plural(score.quiz_points, 'point')}" if in_server else ""),
    ]
    if in_server:
        head = f"## {plural(score.daily_points + score.quiz_points, 'point')}"
        if standing is not None:
            head += f" · rank {standing.rank}"
        rules = (
            f"-# A right daily answer is {DAILY_POINTS} points, counted at the reveal. A right "
            f"quiz answer is {QUIZ_POINTS}, once per question and day, at most "
            f"{QUIZ_POINTS_A_DAY} points a day."
        )
    else:
        head = "## Your practice"
        rules = "-# Points count in servers that have me; here you practise for yourself."
        lines = lines[1:]
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.TextDisplay(head),
            ui.TextDisplay("\n".join(lines)),
            ui.TextDisplay(rules),
            accent_colour=BOARD,
        )
    )
    return view


def _row(standing: Standing) -> str:
    points = plural(standing.points, "point")
    right = f"{standing.right} of {standing.answered} right"
    return f"**{standing.rank}.** <@{standing.member_id}>  {points}  ·  {right}"
