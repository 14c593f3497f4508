"""Cards of seasons at their fullest, and what they say when there is little."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.board import ROWS, BoardPage, Place
from bot.core.honour import PLACES_KEPT, Winner
from bot.core.season import SHARING_MOST, Ceremony, FinalPage, Prize, Season, TeamPlace
from bot.ui.limits import ALT_TEXT_CHARS
from bot.ui.seasons import (
    ARCHIVED,
    archive_card,
    begun_card,
    ceremony_card,
    end_card,
    final_card,
    prize_lines,
    season_text,
    standing_card,
)
from tests.ui.rendering import overruns

SNOWFLAKE = 10**19 - 1

NOW = datetime(2026, 12, 29, tzinfo=UTC)
SEASON = Season(
    10**9, SNOWFLAKE, "*" * 40, date(2026, 9, 30), date(2027, 9, 28), SNOWFLAKE, SNOWFLAKE
)
WINNERS = (Winner(SNOWFLAKE, "n" * 32, 10**6, 10**9, 10**6, 10**6),) * PLACES_KEPT
PRIZES = tuple(
    Prize(kind, SNOWFLAKE, "n" * 32, 365) for kind in ("improved", "streak")
    for _ in range(SHARING_MOST)
)  # fmt: skip
TEAMS = (TeamPlace(1, "*" * 32, 10**3, 10**9, 25),) * 1000
FULL = Ceremony(SEASON, 10**6, tuple(replace(w, rank=1) for w in WINNERS), PRIZES, TEAMS, "n", NOW)
BOARD = BoardPage(
    (Place(SNOWFLAKE, "n", 1, 10**9, 10**9, 9, 9),) * ROWS, 10**6, 0,
    Place(SNOWFLAKE, "n", 1, 10**9, 10**9, 9, 9), True,
)  # fmt: skip


@pytest.mark.parametrize("alt", [None, "a" * ALT_TEXT_CHARS])
def test_the_fullest_ceremony_fits(alt):
    assert overruns(ceremony_card(FULL, alt)) == []


def test_the_fullest_pages_and_cards_fit():
    page = FinalPage(SEASON, WINNERS, 10**6, 0, 10**5, WINNERS[0])
    assert overruns(final_card(page, FULL)) == []
    others = [replace(FULL, season=replace(SEASON, id=number)) for number in range(ARCHIVED)]
    assert overruns(archive_card(others, page=3, pages=9)) == []
    text = season_text(SEASON, NOW.date(), "America/Argentina/ComodRivadavia")
    assert overruns(standing_card([text] * 3, BOARD, ["x" * 300] * 4)) == []
    assert overruns(begun_card(SEASON, NOW.date(), "UTC", "A season begins")) == []
    assert overruns(end_card(SEASON, NOW.date(), True)) == []


def test_prizes_name_all_who_share_them():
    prizes = [
        Prize("streak", 1, "Ana", 9),
        Prize("streak", None, "", 9),
        Prize("improved", 3, "Chi", 123, is_hidden=True),
    ]
    assert prize_lines(prizes) == [
        "**Most improved:** a hidden member, 12.3 percentage points more right in the second half "
        "than in the first",
        "**Longest streak:** <@1> and a former member, 9 days in a row",
    ]
    assert prize_lines([]) == []


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (-2, "begins in 2 days"),
        (0, "364 days to go with today"),
        (363, "this is its last day"),
        (364, "over; told once its last challenge is revealed"),
    ],
)
def test_how_far_a_season_is(offset, state):
    assert state in season_text(SEASON, SEASON.first + timedelta(days=offset), "UTC")
