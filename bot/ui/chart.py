"""Pictures of boards: bars with names, and a podium.

Drawing takes tens of milliseconds and never runs in the event loop: callers use a thread. A
picture says nothing that the words beside it do not: the rank, the name and the value stand in it
as text, and its alt text reads it out. Colours only decorate.

DejaVu Sans comes with the bot (bot/ui/fonts); a letter that it lacks is looked for in the fonts of
the machine, and left out if it is nowhere.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from discord import MediaGalleryItem, ui
from PIL import Image, ImageDraw, ImageFont

from bot.core.board import BoardPage, Measure, Place
from bot.core.honour import Winner
from bot.ui.boards import BOARD, rating_text
from bot.ui.card import Card
from bot.ui.limits import ALT_TEXT_CHARS, DISPLAY_CHARS, clip
from bot.ui.words import plural

PICTURE = "board.png"
NAMELESS = "A member"
FORMER = "A former member"
HIDDEN = "A hidden member"
_FONTS = Path(__file__).with_name("fonts")
_OTHERS = ("NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf", "unifont.otf")
"""Looked for by name wherever the system keeps its fonts."""
_SCALE = 2
"""Pixels a unit: sharp on a phone."""
_SMOOTH = 3
"""Shapes are drawn this much larger, because Pillow does not smooth their edges."""
WIDTH = 440
PAPER, INK, SOFT, TRACK, BAR, OWN = (
    "#2b2d31", "#f2f3f5", "#b5bac1", "#41434a", "#8f80d8", "#e0a13c",
)  # fmt: skip
"""Dark, as the cards around it mostly are."""
CAPTION = 13
"""Size of the title under a picture: the heading above says it too, until somebody saves it."""
MEDALS = {1: "#e0b12e", 2: "#aeb6bf", 3: "#cd8f55"}
ON_MEDAL = "#22232b"


Step = tuple[int, list[str], int]
"""Rank, names and points."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what it shows in words."""

    png: bytes
    alt: str
    """At most ``ALT_TEXT_CHARS`` characters."""


def picture_card(title: str, text: str, alt: str) -> ui.LayoutView:
    """Render a message around an attached picture, with the same words below it."""
    view = Card()
    heading = f"## {title}"
    view.add_item(
        ui.Container(
            ui.TextDisplay(heading),
            ui.MediaGallery(MediaGalleryItem(f"attachment://{PICTURE}", description=alt)),
            ui.TextDisplay(clip(text, DISPLAY_CHARS - len(heading))),
            accent_colour=BOARD,
        )
    )
    return view


def board_picture(title: str, measure: Measure, page: BoardPage, reader_id: int) -> Picture:
    """Draw a page of a board as bars; the reader's own is said to be theirs."""
    rows = [
        _Row(
            f"{place.rank}.",
            shown_name(place.name) + (" (you)" if place.member_id == reader_id else ""),
            _value(measure, place),
            place.value,
            OWN if place.member_id == reader_id else BAR,
        )
        for place in page.places
    ]
    spoken = "; ".join(f"{row.rank} {row.name}, {row.value}" for row in rows)
    alt = clip(f"Bar chart, {title}. {spoken}.", ALT_TEXT_CHARS)
    return Picture(_bars(title, rows), alt)


def podium(title: str, winners: Sequence[Winner]) -> Picture:
    """Draw winners on a podium."""
    return podium_of(title, steps_of(winners))


def podium_of(title: str, steps: Sequence[Step]) -> Picture:
    """Draw the first three ranks on a podium, the second left and the third right of the first."""
    spoken = "; ".join(
        f"{rank}. {' & '.join(names)}, {plural(points, 'point')}" for rank, names, points in steps
    )
    alt = clip(f"Podium, {title}. {spoken}.", ALT_TEXT_CHARS)
    return Picture(_podium(title, steps), alt)


def steps_of(winners: Sequence[Winner]) -> list[Step]:
    """Return the first three ranks; equal ranks share a step, and of many there two are named."""
    steps: list[Step] = []
    for rank in (1, 2, 3):
        there = [winner for winner in winners if winner.rank == rank]
        if there:
            names = [_winner_name(winner) for winner in there]
            shown = names[:2] + ([f"{len(names) - 2} more"] if len(names) > 2 else [])
            steps.append((rank, shown, there[0].points))
    return steps


def shown_name(name: str) -> str:
    """Return a name as it can be drawn: one line, no control characters, never empty."""
    text = "".join(" " if c.isspace() else c for c in name if unicodedata.category(c)[0] != "C")
    text = "".join(c for c in text if _font_for(c) is not None or c == " ")
    return " ".join(text.split()) or NAMELESS


def _winner_name(winner: Winner) -> str:
    if winner.member_id is None:
        return FORMER
    return HIDDEN if winner.is_hidden else shown_name(winner.name)


def _value(measure: Measure, place: Place) -> str:
    if measure == "points":
        return plural(place.points, "point")
    if measure == "streak":
        return plural(place.value, "day")
    if place.rating is not None:
        return rating_text(place.rating)
    if measure == "accuracy":
        return f"{place.value / 10:.1f} %"
    return f"{place.value / 10:+.1f} points"


# ------------------------------------------------------------------------------ drawing


@dataclass(frozen=True, slots=True)
class _Row:
    rank: str
    name: str
    value: str
    size: int
    colour: str


def _bars(title: str, rows: Sequence[_Row]) -> bytes:
    top, step, margin = 18, 46, 20
    floor = top + step * max(1, len(rows))
    canvas = _Canvas(WIDTH, floor + 30)
    canvas.text(margin + 40, floor + 4, title, CAPTION, SOFT, width=WIDTH - 2 * margin - 40)
    most = max((abs(row.size) for row in rows), default=0) or 1
    left, right = margin + 40, WIDTH - margin
    for place, row in enumerate(rows):
        y = top + place * step
        value_width = canvas.width(row.value, 15, bold=True)
        canvas.text(margin, y, row.rank, 15, SOFT, bold=True)
        canvas.text(left, y, row.name, 15, INK, width=right - left - value_width - 12)
        canvas.text(right - value_width, y, row.value, 15, INK, bold=True)
        canvas.bar(left, y + 23, right, y + 31, TRACK)
        if row.size:
            length = max(8, round((right - left) * abs(row.size) / most))
            canvas.bar(left, y + 23, left + length, y + 31, row.colour)
    return canvas.png()


def _podium(title: str, steps: Sequence[Step]) -> bytes:
    height, floor, wide, line = 274, 238, 129, 20
    canvas = _Canvas(WIDTH, height)
    canvas.text(WIDTH / 2, floor + 12, title, CAPTION, SOFT, width=WIDTH - 48, is_centred=True)
    places = {1: (155, 140), 2: (24, 100), 3: (287, 70)}
    for rank, names, points in steps:
        x, tall = places[rank]
        y = floor - tall
        middle = x + wide / 2
        canvas.bar(x, y, x + wide, floor, MEDALS[rank], radius=10, square_bottom=True)
        canvas.text(middle, y + 12, str(rank), 40, ON_MEDAL, bold=True, is_centred=True)
        for above, name in enumerate(reversed(names)):
            at = y - 28 - line * (above + 1)
            size = 16 if canvas.width(name, 16, bold=True) <= wide else 13
            canvas.text(middle, at, name, size, INK, bold=True, width=wide, is_centred=True)
        canvas.text(middle, y - 26, plural(points, "point"), 15, SOFT, width=wide, is_centred=True)
    canvas.bar(24, floor, WIDTH - 24, floor + 3, SOFT, radius=0)
    return canvas.png()


class _Canvas:
    """Units in, pixels out."""

    def __init__(self, width: int, height: int) -> None:
        size = (width * _SCALE * _SMOOTH, height * _SCALE * _SMOOTH)
        self._shapes = Image.new("RGB", size, PAPER)
        self._words: list[tuple[float, float, str, int, str, bool]] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        width: float | None = None,
        is_centred: bool = False,
    ) -> None:
        """Write a line from ``x`` on, or around it; what is wider than ``width`` is cut."""
        if width is not None:
            text = self._fit(text, size, bold, width)
        if is_centred:
            x -= self.width(text, size, bold=bold) / 2
        self._words.append((x, y, text, size, colour, bold))

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        return sum(font.getlength(part) for font, part in _runs(text, size, bold)) / _SCALE

    def bar(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: str,
        *,
        radius: float = 4,
        square_bottom: bool = False,
    ) -> None:
        unit = _SCALE * _SMOOTH
        ImageDraw.Draw(self._shapes).rounded_rectangle(
            (left * unit, top * unit, right * unit - 1, bottom * unit - 1),
            radius * unit,
            fill=colour,
            corners=(True, True, not square_bottom, not square_bottom),
        )

    def png(self) -> bytes:
        image = self._shapes.reduce(_SMOOTH)
        draw = ImageDraw.Draw(image)
        for x, y, text, size, colour, bold in self._words:
            at, base = x * _SCALE, (y + size) * _SCALE  # all fonts stand on one line
            for font, part in _runs(text, size, bold):
                draw.text((at, base), part, fill=colour, font=font, anchor="ls")
                at += font.getlength(part)
        out = io.BytesIO()
        image.quantize(128).save(out, "PNG", optimize=True)
        return out.getvalue()

    def _fit(self, text: str, size: int, bold: bool, width: float) -> str:
        if self.width(text, size, bold=bold) <= width:
            return text
        while text and self.width(text + "…", size, bold=bold) > width:
            text = text[:-1].rstrip()
        return text + "…"


def _runs(text: str, size: int, bold: bool) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """Return parts of a text with the font that has their letters."""
    runs: list[tuple[ImageFont.FreeTypeFont, str]] = []
    for letter in text:
        name = _font_for(letter) or _own(bold=False)
        font = _load(_own(bold=True) if bold and name == _own(bold=False) else name, size)
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    return runs


def _own(*, bold: bool) -> str:
    return str(_FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


@cache
def _load(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size * _SCALE)


@cache
def _others() -> tuple[str, ...]:
    """Return those of ``_OTHERS`` that this machine has."""
    found = []
    for name in _OTHERS:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        found.append(name)
    return tuple(found)


@cache
def _missing(name: str) -> bytes:
    """Return how a font draws a letter that it does not have."""
    return bytes(_load(name, 12).getmask("\U0010fffe"))


@cache
def _font_for(letter: str) -> str | None:
    """Return the first font that has a letter; None when none has."""
    for name in (_own(bold=False), *_others()):
        if bytes(_load(name, 12).getmask(letter)) != _missing(name):
            return name
    return None
