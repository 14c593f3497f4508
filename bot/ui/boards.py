"""Boards, as members read them. Members appear as mentions that ping nobody.

A button's id holds everything: period, measure, topic and page. Ids on one card must differ, so
what a row of buttons does is part of the feature's name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.core.accuracy import MIN_ANSWERS
from bot.core.board import MEASURE_NAMES, MEASURES, BoardPage, Measure, Place
from bot.core.period import PERIOD_NAMES, PERIODS, BoardPeriod
from bot.core.rating import Rating
from bot.core.season import Season
from bot.ui.card import Card
from bot.ui.limits import BUTTONS_IN_ROW
from bot.ui.press import Press, press_button
from bot.ui.words import dates_text, echo, plural

BOARD = discord.Colour(0x6B5BA6)
ANY_TOPIC = "-"
"""Stands for all topics in a button's id."""
OWN_PAGE = "own"


@dataclass(frozen=True, slots=True)
class BoardView:
    """Which board is looked at."""

    period: BoardPeriod = "week"
    measure: Measure = "points"
    topic: str | None = None
    """Id of the topic; None for all of them."""
    topic_name: str = ""
    page: int | None = 0
    """From 0; None for the reader's own."""
    season: Season | None = None
    """The season that there is, whether or not this is its board."""

    def args(self, page: int | None = 0) -> tuple[str, ...]:
        """Return a button's arguments for this board at a page."""
        number = OWN_PAGE if page is None else str(page)
        return (self.period, self.measure, self.topic or ANY_TOPIC, number)


def board_card(view: BoardView, page: BoardPage) -> ui.LayoutView:
    """Render a page of a board with the reader's own rank, and buttons to every other board."""
    card = Card()
    card.add_item(
        ui.Container(
            ui.TextDisplay(f"## Leaderboard · {echo(board_title(view))}"),
            ui.TextDisplay(board_text(view, page)),
            ui.Separator(),
            ui.TextDisplay(f"{own_text(view, page)}\n-# {_rule(view)}"),
            accent_colour=BOARD,
        )
    )
    for row in _rows(view, page):
        card.add_item(row)
    return card


def board_title(view: BoardView) -> str:
    """Return what a board is of: the period unless it is of streaks, the measure, the topic.

    A season's name is as its manager wrote it, not escaped.
    """
    if view.measure == "streak" and view.period != "season":
        return "Streaks, just now"
    if view.measure == "rating":
        return "Ratings, just now"
    parts = [PERIOD_NAMES[view.period]]
    if view.period == "season" and view.season is not None:
        parts = [view.season.name]
    if view.measure != "points":
        parts.append(MEASURE_NAMES[view.measure])
    if view.topic is not None:
        parts.append(view.topic_name or view.topic)
    return " · ".join(parts)


def board_text(view: BoardView, page: BoardPage) -> str:
    """Return a page's places, one a line; the text that a picture of it says, too."""
    if page.places:
        return "\n".join(
            f"**{place.rank}.** <@{place.member_id}>  {value_text(view.measure, place)}"
            for place in page.places
        )
    if view.measure == "streak":
        when = "in this season yet" if view.period == "season" else "just now"
        return f"Nobody has a streak {when}. Answer the daily challenge and begin one."
    if view.measure == "rating":
        return "Nobody has a rating that is not new yet. `/duel challenge` somebody."
    if view.measure == "accuracy":
        return f"Nobody has {MIN_ANSWERS} answers here yet; fewer say too little."
    if view.measure == "improvement":
        if view.period == "season":
            return (
                "Who improved most is told when the season ends: its second half is compared with "
                f"its first, from {MIN_ANSWERS} answers in each on."
            )
        if view.period not in ("week", "month"):
            return "Improvement compares a week or a month with the one before. Choose one of them."
        return (
            f"Nobody can be compared yet: it takes {MIN_ANSWERS} answers in this "
            f"{view.period} and {MIN_ANSWERS} in the last."
        )
    return "Nobody has points yet. Answer the daily challenge or try `/quiz`."


def value_text(measure: Measure, place: Place) -> str:
    """Return a place's value with what it is made of."""
    right = f"{place.right:,} of {place.answered:,} right"
    if measure == "points":
        return f"{plural(place.points, 'point')}  ·  {right}"
    if measure == "streak":
        return plural(place.value, "day")
    if place.rating is not None:
        return rating_text(place.rating)
    if measure == "accuracy":
        return f"{percent(place.value)}  ·  {right}"
    return f"{percent(place.value, signed=True)}  ·  {right}"


def rating_text(rating: Rating) -> str:
    """Return a rating with its range.

    >>> rating_text(Rating(1526.4, 90)), rating_text(Rating())
    ('1526 ± 180', '1500 ± 300, new')
    """
    text = f"{rating.value} ± {rating.spread}"
    return f"{text}, new" if rating.is_new else text


def percent(thousandths: int, *, signed: bool = False) -> str:
    """Return thousandths in percent.

    >>> percent(826), percent(-35, signed=True)
    ('82.6 %', '-3.5 points')
    """
    if signed:
        return f"{thousandths / 10:+.1f} points"
    return f"{thousandths / 10:.1f} %"


def own_text(view: BoardView, page: BoardPage) -> str:
    """Say where the reader stands."""
    if page.own is None:
        if view.measure == "improvement" and view.period == "season":
            return "Answer in both halves of the season to be compared."
        if view.measure in ("accuracy", "improvement"):
            return f"You are not on it yet: it takes {MIN_ANSWERS} answers."
        if view.measure == "rating":
            return "You are not on it: `/rating` says how far yours has come."
        if view.measure == "streak":
            when = "in this season yet" if view.period == "season" else "just now"
            return f"You have no streak {when}: the next daily challenge begins one."
        return (
            "You are not on it yet: an answer to the daily challenge or a `/quiz` puts you there."
        )
    value = {
        "points": plural(page.own.points, "point"),
        "streak": plural(page.own.value, "day"),
        "accuracy": percent(page.own.value),
        "improvement": percent(page.own.value, signed=True),
        "rating": value_text("rating", page.own),
    }[view.measure]
    if not page.is_listed:
        return (
            f"You: {value}, which would be rank {page.own.rank}. You are hidden; "
            "`/data visibility` shows you again."
        )
    return f"You: rank {page.own.rank:,} of {page.size:,} with {value}."


def _rule(view: BoardView) -> str:
    if view.period != "season" or view.season is None or view.measure == "rating":
        return _measured(view)
    return f"{dates_text(view.season.first, view.season.last)}. {_measured(view)}"


def _measured(view: BoardView) -> str:
    if view.measure == "accuracy":
        return "The lower end of what your share of right answers allows (Wilson, 95 %)."
    if view.measure == "improvement":
        return "How much the share of right answers rose, in percentage points."
    if view.measure == "rating":
        return "From duels and matches, by the lower end of the range. `/rating` explains yours."
    if view.measure == "streak" and view.period == "season":
        return "The longest run of days with an answer, begun anew with the season."
    if view.measure == "streak":
        return "Days in a row with an answer, as of the last reveal. `/streak` explains yours."
    return "A daily challenge counts from its reveal on, for the day on which it was asked."


def _rows(view: BoardView, page: BoardPage) -> list[ui.ActionRow[Any]]:
    rows = _period_rows(view)
    rows.append(
        ui.ActionRow(
            *(
                _choice(MEASURE_NAMES[name], "boardby", replace(view, measure=name), view)
                for name in MEASURES
            )
        )
    )
    at = page.number
    buttons = []
    if page.pages > 1:
        buttons += [
            press_button("Previous", "boardprev", *view.args(max(0, at - 1)), disabled=at == 0),
            press_button(
                "Next",
                "boardnext",
                *view.args(min(page.pages - 1, at + 1)),
                disabled=at == page.pages - 1,
            ),
        ]
        if page.own is not None and page.is_listed:
            buttons.append(press_button("My place", "boardown", *view.args(None)))
    if page.places:
        buttons.append(press_button("As a picture", "boardpic", *view.args(at)))
    teams = "week" if view.period in ("today", "yesterday") else view.period
    rows.append(ui.ActionRow(*buttons, press_button("Teams", "teamboard", teams, 0)))
    return rows


def _period_rows(view: BoardView) -> list[ui.ActionRow[Any]]:
    """Return buttons to the other periods; streaks have none but the season's, if there is one.

    Ratings have none at all.
    """
    if view.measure == "rating":
        return []
    choices: list[tuple[str, BoardView]] = [
        (PERIOD_NAMES[name], replace(view, period=name)) for name in PERIODS
    ]
    if view.measure == "streak":
        now = replace(view, period=BoardView().period) if view.period == "season" else view
        choices = [("Just now", now)]
    if view.season is not None:
        choices.append((PERIOD_NAMES["season"], replace(view, period="season")))
    elif view.measure == "streak":
        return []
    wide = BUTTONS_IN_ROW if len(choices) <= BUTTONS_IN_ROW else -(-len(choices) // 2)
    return [
        ui.ActionRow(
            *(_choice(label, "board", choice, view) for label, choice in choices[at : at + wide])
        )
        for at in range(0, len(choices), wide)
    ]


def _choice(label: str, feature: str, choice: BoardView, now: BoardView) -> Press:
    is_now = choice == now
    return press_button(
        label,
        feature,
        *choice.args(),
        style=discord.ButtonStyle.primary if is_now else discord.ButtonStyle.secondary,
        disabled=is_now,
    )
