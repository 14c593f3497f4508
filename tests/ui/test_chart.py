"""Pictures: what they say, and that any name can be drawn."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.board import MEASURES, BoardPage, Place
from bot.core.honour import Winner
from bot.ui.chart import (
    FORMER,
    HIDDEN,
    NAMELESS,
    WIDTH,
    board_picture,
    picture_card,
    podium,
    shown_name,
    steps_of,
)
from bot.ui.limits import ALT_TEXT_CHARS, COMPONENTS, DISPLAY_CHARS

NAMES = ["Ana", "Bénédicte Müller-Lüdenscheidt von und zu Hohenstein", "Иван", "田中", "‮", "a\nb"]


def page(names=NAMES, value=420) -> BoardPage:
    places = tuple(
        Place(number, name, number, value - number, value, 3, 4)
        for number, name in enumerate(names, 1)
    )
    return BoardPage(places, len(places), 0, None, True)


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_drawn_with_names_values_and_the_readers_own(measure):
    drawn = board_picture("This week", measure, page(), reader_id=1)
    image = opened(drawn.png)
    assert image.width == 2 * WIDTH
    assert len(drawn.png) < 200_000
    assert drawn.alt.startswith("Bar chart, This week. 1. Ana (you), ")
    assert "Иван" in drawn.alt
    assert len(drawn.alt) <= ALT_TEXT_CHARS


def test_an_empty_board_and_noughts_can_be_drawn():
    assert opened(board_picture("Today", "points", page([]), 1).png)
    assert opened(board_picture("Today", "improvement", page(["x", "y"], value=1), 1).png)


def test_the_podium_names_the_first_three_ranks():
    drawn = podium(
        "Week",
        (
            Winner(1, "Ana", 1, 30, 3, 3),
            Winner(2, "Ben", 2, 20, 2, 2),
            Winner(3, "Chi", 2, 20, 2, 2),
            Winner(None, "", 4, 5, 1, 2),
        ),
    )
    assert drawn.alt == "Podium, Week. 1. Ana, 30 points; 2. Ben & Chi, 20 points."
    assert opened(drawn.png).width == 2 * WIDTH


def test_many_on_one_step_are_counted_and_the_forgotten_have_no_name():
    crowd = (
        *(Winner(number, f"m{number}", 1, 9, 1, 1) for number in range(1, 6)),
        Winner(None, "", 6, 2, 1, 1),
    )
    assert steps_of(crowd) == [(1, ["m1", "m2", "3 more"], 9)]
    assert steps_of([Winner(None, "", 1, 2, 1, 1)]) == [(1, [FORMER], 2)]
    hidden = Winner(7, "Ana", 1, 2, 1, 1, is_hidden=True)
    assert steps_of([hidden]) == [(1, [HIDDEN], 2)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ana", "Ana"), ("a\n b\t", "a b"), ("", NAMELESS), ("\u202e\u200b", NAMELESS), ("É", "É")],
)
def test_a_name_as_it_is_drawn(name, shown):
    assert shown_name(name) == shown


@settings(max_examples=15)
@given(st.lists(st.text(max_size=32), min_size=1, max_size=10))
def test_any_name_can_be_drawn(names):
    drawn = board_picture("This week", "points", page(names), reader_id=2)
    assert opened(drawn.png).height > 0
    assert len(drawn.alt) <= ALT_TEXT_CHARS


def test_the_message_around_a_picture_fits_discord():
    view = picture_card("Title", "x" * 9000, "y" * ALT_TEXT_CHARS)
    assert view.content_length() <= DISPLAY_CHARS
    assert view.total_children_count <= COMPONENTS
