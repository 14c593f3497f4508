"""The message that tells a week's or a month's winners."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import MediaGalleryItem, ui

from bot.core.honour import Honour, Winner
from bot.core.period import Span
from bot.ui.card import Card
from bot.ui.chart import PICTURE
from bot.ui.press import press_button
from bot.ui.words import days_text, plural

HONOUR = discord.Colour(0xC9A227)


def honour_title(span: Span) -> str:
    """Return what was won.

    >>> from datetime import date
    >>> honour_title(Span("week", date(2026, 11, 30)))
    'Week of 30 November to 6 December'
    >>> honour_title(Span("month", date(2026, 11, 1)))
    'November 2026'
    """
    assert span.first is not None and span.last is not None  # noqa: S101, PT018 - never all time
    if span.kind == "month":
        return f"{span.first:%B %Y}"
    return f"Week of {days_text(span.first, span.last)}"


def honour_card(honour: Honour, alt: str | None) -> ui.LayoutView:
    """Render the winners; ``alt`` reads out the attached podium, None when there is none."""
    title = honour_title(honour.span)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=HONOUR)
    container.add_item(ui.TextDisplay(f"## {title}: well done!"))
    if alt is not None:
        container.add_item(
            ui.MediaGallery(MediaGalleryItem(f"attachment://{PICTURE}", description=alt))
        )
    container.add_item(ui.TextDisplay(winner_lines(honour.winners)))
    container.add_item(
        ui.TextDisplay(
            f"-# {plural(honour.members, 'member')} took part. Points were frozen at each reveal; "
            "`/leaderboard` has the new board."
        )
    )
    view = Card()
    view.add_item(container)
    view.add_item(ui.ActionRow(press_button("My place", "won", honour.id)))
    return view


def winner_lines(winners: Sequence[Winner]) -> str:
    """Return places as they were told, one a line; those below the podium in small letters."""
    return "\n".join(
        ("" if winner.rank <= 3 else "-# ") + f"**{winner.rank}.** {winner_text(winner)}"
        for winner in winners
    )


def winner_text(winner: Winner) -> str:
    """Return who has a place, and with what."""
    return (
        f"{who(winner.member_id, winner.is_hidden)}  {plural(winner.points, 'point')}  ·  "
        f"{winner.right:,} of {winner.answered:,} right"
    )


def who(member_id: int | None, is_hidden: bool) -> str:
    """Mention a member in what was told before; None is one who had themselves forgotten."""
    if member_id is None:
        return "a former member"
    return "a hidden member" if is_hidden else f"<@{member_id}>"
