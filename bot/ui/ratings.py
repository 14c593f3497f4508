"""A member's rating, with how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.rating import NEW_ABOVE, Rating, RatingStep
from bot.ui.boards import BOARD, rating_text
from bot.ui.card import Card
from bot.ui.words import plural

STEPS_SHOWN = 5
RULES = (
    "-# Ratings come from duels and matches in which two or more answered; in a duel it is enough "
    "to have seen a question. The strength lies in the range with about 95 %; every contest that "
    f"counts narrows it, and from ± {NEW_ABOVE} on it is on the board. Of two members' contests "
    "only the first of a day counts, and none right after another of the same two."
)


def rating_card(
    found: tuple[Rating, int] | None, steps: Sequence[RatingStep], *, member_id: int | None = None
) -> ui.LayoutView:
    """Render a rating with the last contests that moved it, newest first.

    ``found`` is the rating and after how many contests, None before the first; ``member_id`` is
    whose it is, None for the reader's own.
    """
    items: list[ui.Item[Any]] = []
    whose = "Your rating" if member_id is None else f"The rating of <@{member_id}>"
    if found is None:
        begin = "`/duel challenge` somebody, or join a match."
        items.append(ui.TextDisplay(f"### {whose}: none yet"))
        items.append(ui.TextDisplay(begin if member_id is None else "They played no contest yet."))
    else:
        rating, contests = found
        items.append(ui.TextDisplay(f"### {whose}: {rating_text(rating)}"))
        lines = [f"After {plural(contests, 'contest')} that counted:"]
        lines += [
            f"- {step.kind.capitalize()}, {ordinal(step.rank)} of {step.of}: "
            f"{step.before.value} → **{step.after.value}** "
            f"({step.after.value - step.before.value:+d})"
            for step in steps
        ]
        if contests > len(steps):
            lines.append(f"-# The last {len(steps)}.")
        items.append(ui.TextDisplay("\n".join(lines)))
    view = Card()
    view.add_item(ui.Container(*items, ui.TextDisplay(RULES), accent_colour=BOARD))
    return view


def ordinal(number: int) -> str:
    """Return a rank as it is said.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
