"""Boards, scores, streaks and winners at their fullest fit into a message, and what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.board import MEASURES, ROWS, BoardPage, Earned, Place, Score, ScoreDay
from bot.core.honour import PLACES_KEPT, Honour, Winner
from bot.core.period import PERIODS, span_of
from bot.core.score import Award
from bot.core.streak import Streak
from bot.ui.boards import BoardView, board_card
from bot.ui.honours import honour_card
from bot.ui.limits import ALT_TEXT_CHARS, COMPONENTS, DISPLAY_CHARS
from bot.ui.scores import DAYS, earned_text, practice_card, score_card
from bot.ui.streaks import WEEKS, ShownDay, streak_card
from tests.ui.rendering import overruns, said

SNOWFLAKE = 10**19
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PLACE = Place(SNOWFLAKE, "n" * 32, 10**6, 10**9, 10**9, 10**6, 10**6)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("is_listed", [True, False])
def test_the_fullest_board_fits(measure, is_listed, shelf):
    topic = max(shelf.topics, key=lambda topic: len(topic.id))
    for period in PERIODS:
        view = BoardView(period, measure, topic.id, topic.name, 9)
        page = BoardPage((PLACE,) * ROWS, 10**6, 9, PLACE, is_listed)
        assert overruns(board_card(view, page)) == []
        empty = BoardPage((), 0, 0, None, is_listed)
        assert overruns(board_card(view, empty)) == []


def test_every_topic_fits_into_a_buttons_id(shelf):
    page = BoardPage((PLACE,) * ROWS, 10**6, 9, PLACE, True)
    for topic in shelf.topics:
        board_card(BoardView("yesterday", "improvement", topic.id, topic.name, 9), page)


def test_a_board_shows_the_own_rank_even_when_nobody_else_is_there():
    own = Place(7, "", 12, 1, 1, 1, 2)
    text = said(board_card(BoardView(), BoardPage((own,), 12, 1, own, True)))
    assert "## Leaderboard · This week" in text
    assert "**12.** <@7>  1 point  ·  1 of 2 right" in text
    assert "You: rank 12 of 12 with 1 point." in text
    empty = said(board_card(BoardView("all"), BoardPage((), 0, 0, None, True)))
    assert "Nobody has points yet." in empty
    assert "You are not on it yet" in empty


LONGEST = Earned(Award("right", 10, 5, 5, 2, 10**4), "topic", 10**6, 10**7)


def test_the_fullest_score_fits():
    quiz = dict.fromkeys(("right", "wrong", "asked", "capped"), 10**4)
    days = [ScoreDay(date(2026, 9, 30), (LONGEST,) * 30, 20, quiz)] * DAYS
    score = Score(10**6, 10**6, 10**9, 10**6, 10**6, 10**9)
    view = score_card(score, PLACE, days, page=3, total=99, topics={"topic": "n" * 60})
    assert overruns(view) == []


def test_a_score_in_a_server_and_outside():
    score = Score(
        daily_right=2, daily_answered=3, daily_points=20, quiz_right=4, quiz_answered=5,
        quiz_points=8,
    )  # fmt: skip
    own = Place(7, "", 2, 28, 28, 6, 8)
    inside = said(score_card(score, own, [], page=0, total=0, topics={}))
    assert inside.startswith("## 28 points · rank 2\n- Daily challenges: 2 of 3 right, 20 points\n")
    assert "- Quiz: 4 of 5 right, 8 points" in inside
    assert said(practice_card(score)).startswith("## Your practice\n- Quiz: 4 of 5 right\n")


@pytest.mark.parametrize(
    ("award", "text"),
    [
        (Award("right", 10), "**10 right**"),
        (
            Award("right", 10, 3, 2, 0, 3),
            "10 right + 3 hard (4 of 6 were wrong) + 2 streak (day 3)",
        ),
        (Award("right", 10, 0, 0, 2, 1), "10 right - 2 paid in a quiz before = **8**"),
        (Award("wrong"), "not right, 0 points"),
        (Award("void"), "right, but the question was withdrawn: 0 points"),
    ],
)
def test_where_points_came_from(award, text):
    assert earned_text(Earned(award, "t", 2, 6)).startswith(text)


@pytest.mark.parametrize("reminds", [None, True, False])
def test_the_fullest_streak_fits(reminds):
    days = [
        ShownDay(NOW.date() + timedelta(days=number), "ended", True) for number in range(7 * WEEKS)
    ]
    streak = Streak(10**4, 10**4, 1, 3, NOW.date())
    view = streak_card(streak, days, reminds=reminds, page=9, has_older=True)
    assert overruns(view) == []


def test_the_fullest_honours_fit():
    winners = (Winner(SNOWFLAKE, "n" * 32, 10**6, 10**9, 10**6, 10**6),) * PLACES_KEPT
    span = span_of("week", date(2026, 9, 30))
    honour = Honour(10**9, 1, span, 2, 10**6, "n", NOW, None, winners)
    view = honour_card(honour, "a" * ALT_TEXT_CHARS)
    assert view.content_length() <= DISPLAY_CHARS
    assert view.total_children_count <= COMPONENTS
