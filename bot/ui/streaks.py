"""A member's streak: how long, which freezes, and why each day did or did not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import discord
from discord import ui

from bot.core.streak import DAYS_FOR_A_FREEZE, FREEZES_MOST, DayState, Streak
from bot.ui.card import Card
from bot.ui.press import press_button
from bot.ui.scores import day_name
from bot.ui.words import moment, plural

STREAK = discord.Colour(0xB8741A)
WEEKS = 5
EXPLAINED = 7
"""Days that are explained in words, the newest."""

ShownState = DayState | Literal["open", "answered", "none", "future"]
"""What a day of the calendar is: also a challenge that is open, or answered and not yet revealed,
no challenge at all, or a day to come."""
SIGNS: Mapping[ShownState, str] = {
    "counted": "x",
    "frozen": "f",
    "ended": "-",
    "missed": "-",
    "open": "o",
    "answered": "o",
    "none": "·",
    "future": " ",
}
LEGEND = "-# `x` counted, `f` freeze used, `-` missed, `o` still open, `·` no challenge"


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of the calendar and what is known about it."""

    day: date
    state: ShownState
    practised: bool = False
    """A quiz was answered on it."""
    closes_at: datetime | None = None
    """When its challenge closes, for one that is open."""


def first_day(today: date, page: int) -> date:
    """Return the Monday with which a page's calendar begins; page 0 ends with this week."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS * (page + 1) - 1)


def streak_card(
    streak: Streak,
    days: Sequence[ShownDay],
    *,
    reminds: bool | None,
    page: int,
    has_older: bool,
) -> ui.LayoutView:
    """Render a streak. ``days`` is a page's calendar; ``reminds`` as ``Store.reminds`` says."""
    head = f"## {plural(streak.length, 'day')} in a row" if streak.length else "## No streak yet"
    facts = [f"Best so far: {plural(streak.best, 'day')}", _freezes_text(streak)]
    past = [day for day in days if day.state not in ("future", "none") or day.practised]
    lines = [f"- {why(day)}" for day in past[-EXPLAINED:][::-1]]
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(head),
        ui.TextDisplay(" · ".join(facts) if streak.best else _freezes_text(streak)),
        ui.TextDisplay(calendar_text(days)),
    ]
    if lines:
        items.append(ui.TextDisplay("**Why**\n" + "\n".join(lines)))
    items.append(
        ui.TextDisplay(
            "-# A day counts when you answer a challenge of it before its reveal, right or wrong. "
            "Days without a challenge neither add nor break; quizzes earn points, not days. Every "
            f"{DAYS_FOR_A_FREEZE} counted days earn a freeze, at most {FREEZES_MOST}; a missed day "
            "uses one by itself."
        )
    )
    view = Card()
    view.add_item(ui.Container(*items, accent_colour=STREAK))
    buttons = []
    if page:
        buttons.append(press_button("Newer", "streaknew", page - 1))
    if has_older:
        buttons.append(press_button("Older", "streakold", page + 1))
    if reminds:
        buttons.append(press_button("Stop reminding me", "remind", "off"))
    else:
        buttons.append(press_button("Remind me before it ends", "remind", "on"))
    view.add_item(ui.ActionRow(*buttons))
    if reminds is False:
        view.add_item(
            ui.TextDisplay(
                "-# I could not write to you: your direct messages are closed. Open them and press "
                "the button again."
            )
        )
    return view


def calendar_text(days: Sequence[ShownDay]) -> str:
    """Return the days as a calendar of letters, weeks from Monday."""
    lines = ["       M T W T F S S"]  # as narrow as a phone
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        first = week[0].day
        signs = " ".join(SIGNS[day.state] for day in week)
        lines.append(f"{first.day:>2} {first:%b} {signs}".rstrip())
    return "```\n" + "\n".join(lines) + f"\n```\n{LEGEND}"


def why(day: ShownDay) -> str:
    """Say why a day did or did not count."""
    quiz = " A quiz earns points, not a day." if day.practised else ""
    text = {
        "counted": "counted: you answered before the reveal.",
        "frozen": f"missed; a freeze kept your streak.{quiz}",
        "ended": f"missed, and no freeze was left: your streak ended.{quiz}",
        "missed": f"not answered; there was no streak to lose.{quiz}",
        "answered": "answered; it counts at the reveal.",
        "open": "still open"
        + (f": answer until {moment(day.closes_at, 't')}." if day.closes_at else "."),
        "none": f"no challenge, so it neither adds nor breaks.{quiz}",
        "future": "not there yet.",
    }[day.state]
    return f"**{day_name(day.day)}**: {text}"


def _freezes_text(streak: Streak) -> str:
    text = f"Freezes: {streak.freezes} of {FREEZES_MOST}"
    if streak.freezes < FREEZES_MOST:
        text += f" (the next in {plural(streak.days_to_a_freeze, 'counted day')})"
    return text


def reminder_text(days: int, freezes: int, closes_at: datetime, url: str, server: str) -> str:
    """Write the reminder that a member asked for."""
    rescue = f" You hold {plural(freezes, 'freeze')}, which would save it." if freezes else ""
    return (
        f"Your streak of {plural(days, 'day')} in **{server}** waits for today's challenge: it "
        f"closes {moment(closes_at)}.{rescue}\n[Answer it]({url})"
    )


def reminders_said(on: bool) -> str:
    """Acknowledge that reminders were switched on or off."""
    if on:
        return (
            "I will write to you when a challenge is about to close and your streak needs it, at "
            "most once a day. Each reminder has a button that stops them."
        )
    return "No more reminders. `/streak` switches them on again."
