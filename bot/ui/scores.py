"""A member's own score: how much, and where each point came from, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from discord import ui

from bot.core.board import Earned, Place, Score, ScoreDay
from bot.core.score import (
    ATTEMPTS,
    DAILY_POINTS,
    HARD_POINTS,
    QUIZ_POINTS,
    QUIZ_POINTS_A_DAY,
    STREAK_POINTS,
)
from bot.ui.boards import BOARD
from bot.ui.card import Card
from bot.ui.limits import clip
from bot.ui.press import press_button
from bot.ui.words import listed, plural

DAYS = 5
"""Study dates on one page."""
CHALLENGES_SHOWN = 3
"""Of one day; more than that many challenges a day are summed up."""
TOPIC_CHARS = 40
RULES = (
    f"-# A right daily answer is {DAILY_POINTS} points, up to {HARD_POINTS} more when many were "
    f"wrong (from {ATTEMPTS} answers on), and 1 more for each earlier day of your streak, up to "
    f"{STREAK_POINTS}; it counts at the reveal. A right answer in a quiz, match or duel is "
    f"{QUIZ_POINTS}, once per question and day, at most {QUIZ_POINTS_A_DAY} points a day."
)


def score_card(
    score: Score,
    own: Place | None,
    days: Sequence[ScoreDay],
    *,
    page: int,
    total: int,
    topics: Mapping[str, str],
) -> ui.LayoutView:
    """Render a member's score in a server. ``total`` is how many days they have; topics by id."""
    head = f"## {plural(score.points, 'point')}"
    if own is not None:
        head += f" · rank {own.rank:,}"
    lines = [
        f"- Daily challenges: {score.daily_right} of {score.daily_answered} right, "
        f"{plural(score.daily_points, 'point')}",
        f"- Quiz: {score.quiz_right} of {score.quiz_answered} right, "
        f"{plural(score.quiz_points, 'point')}",
    ]
    if score.contest_answered:
        lines.append(
            f"- Matches and duels: {score.contest_right} of {score.contest_answered} right, "
            f"{plural(score.contest_points, 'point')}"
        )
    items: list[ui.Item[Any]] = [ui.TextDisplay(head), ui.TextDisplay("\n".join(lines))]
    if days:
        items += [ui.TextDisplay("\n".join(_day_text(day, topics) for day in days))]
    items.append(ui.TextDisplay(RULES))
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=BOARD))
    last = max(0, -(-total // DAYS) - 1)
    if last:
        view.add_item(
            ui.ActionRow(
                press_button("Newer", "scorenew", max(0, page - 1), disabled=page == 0),
                press_button("Older", "scoreold", min(last, page + 1), disabled=page >= last),
            )
        )
    return view


def practice_card(score: Score) -> ui.LayoutView:
    """Render what a member did where no points count."""
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay("## Your practice"),
            ui.TextDisplay(f"- Quiz: {score.quiz_right} of {score.quiz_answered} right"),
            ui.TextDisplay(
                "-# Points count in servers that have me; here you practise for yourself."
            ),
            accent_colour=BOARD,
        )
    )
    return view


def day_name(day: date) -> str:
    """Return a date as people say it.

    >>> day_name(date(2026, 11, 4))
    'Wed 4 Nov 2026'
    """
    return f"{day:%a} {day.day} {day:%b %Y}"


def earned_text(earned: Earned) -> str:
    """Say what an answer to a challenge brought and why."""
    award = earned.award
    if award.reason == "wrong":
        return "not right, 0 points"
    if award.reason == "void":
        return "right, but the question was withdrawn: 0 points"
    parts = [f"{award.base} right"]
    if award.hard:
        wrong = earned.answers - earned.right
        parts.append(f"{award.hard} hard ({wrong} of {earned.answers} were wrong)")
    if award.streak:
        parts.append(f"{award.streak} streak (day {award.days})")
    text = " + ".join(parts)
    if award.paid:
        text += f" - {award.paid} paid in a quiz before"
    return f"{text} = **{award.points}**" if len(parts) > 1 or award.paid else f"**{text}**"


def _day_text(day: ScoreDay, topics: Mapping[str, str]) -> str:
    lines = [f"**{day_name(day.day)}** · {plural(day.points, 'point')}"]
    shown = day.challenges[:CHALLENGES_SHOWN]
    lines += [
        f"- Challenge, {clip(topics.get(earned.topic, earned.topic), TOPIC_CHARS)}: "
        f"{earned_text(earned)}"
        for earned in shown
    ]
    rest = day.challenges[CHALLENGES_SHOWN:]
    if rest:
        points = sum(earned.award.points for earned in rest)
        lines.append(f"- {plural(len(rest), 'more challenge')}: {points}")
    if day.quiz_answers:
        lines.append(f"- Quiz: {_practice_text(day.quiz_points, day.quiz_answers)}")
    if day.contest_answers:
        text = _practice_text(day.contest_points, day.contest_answers)
        lines.append(f"- Matches and duels: {text}")
    return "\n".join(lines)


def _practice_text(points: int, counts: Mapping[str, int]) -> str:
    paid = counts.get("right", 0)
    text = f"{paid} right"
    if paid and points == paid * QUIZ_POINTS:
        text += f" x {QUIZ_POINTS}"
    text += f" = **{points}**"
    rest = [
        f"{counts[reason]} {words}"
        for reason, words in (
            ("wrong", "not right"),
            ("asked", "asked before that day"),
            ("capped", "above the day's limit"),
        )
        if counts.get(reason)
    ]
    return f"{text}; no points: {listed(rest)}" if rest else text
