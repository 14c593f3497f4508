"""The books by themselves: what they expect, and that they notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.year.tally import Mismatch, Run, Tally, walk

DAY = date(2026, 1, 5)
DAYS = [DAY + timedelta(days=n) for n in range(40)]
OPEN = (
    "-# Daily challenge · Monday, 5 January · Security\n## Which one?\n"
    "**A**  One\n**B**  Two\n"
    "-# First answer counts, and only you see it. Reveal <t:1767684600:R>.\n"
)


def revealed(a: int, b: int, story: str, streaks: str = "") -> str:
    return (
        "-# Daily challenge · Monday, 5 January · Security · closed\n## Which one?\n"
        f"A  One\n-# ██░░ {a}\n**B  Two  ← right**\n-# ██░░ {b}\n"
        f"**Why:** so\n**{story}**\n{streaks}"
    )


def quiz(verdict: str) -> str:
    return (
        "-# Question 1 of 1\n### Which one?\nA  One\n**B  Two**  ← right and your answer\n"
        f"**{verdict}** so"
    )


def answered(*picks: str) -> Tally:
    tally = Tally()
    tally.posted(1, DAY, OPEN)
    for member, letter in enumerate(picks, 1):
        assert tally.acknowledged(1, member, f"Recorded: **{letter}  x**. The answer comes.")
    return tally


@pytest.mark.parametrize(
    ("studied", "run"),
    [
        (range(0), Run(0, 0, 0, 7)),
        (range(6), Run(6, 6, 0, 1)),
        (range(7), Run(7, 7, 1, 7)),
        (range(20), Run(20, 20, 2, 7)),
        ([*range(7), 8, 9], Run(9, 9, 0, 5)),
        ([*range(7), 9, 10], Run(2, 7, 0, 5)),
        ([*range(14), 16], Run(15, 15, 0, 6)),
    ],
)
def test_a_walk_through_days(studied, run):
    days = DAYS[: max(studied, default=0) + 1]
    assert walk(days, {DAYS[n] for n in studied}) == run


def test_a_day_that_was_missed_ends_a_streak_without_freezes():
    assert walk(DAYS[:3], {DAYS[0]}) == Run(0, 1, 0, 6)


def test_points_of_a_hard_question():
    tally = answered("B", "A", "A", "A", "B")
    tally.revealed(1, revealed(3, 2, "2 of 5 answers right."))
    assert tally.places(None, None, set()) == [
        (1, 1, 13, 1, 1), (1, 5, 13, 1, 1), (3, 2, 0, 0, 1), (3, 3, 0, 0, 1), (3, 4, 0, 0, 1),
    ]  # fmt: skip


def test_a_quiz_that_asked_it_before_is_taken_off():
    tally = answered("B")
    tally.quizzed(7, 1, DAY, quiz("Right! (2 points)"))
    tally.quizzed(7, 1, DAY, quiz("Right! (2 points)"))  # the same card, looked at again
    tally.revealed(1, revealed(0, 1, "1 of 1 answer right."))
    assert tally.places(None, None, set()) == [(1, 1, 10, 2, 2)]
    with pytest.raises(Mismatch, match="for a quiz of 1"):
        tally.quizzed(8, 1, DAY, quiz("Right! (2 points)"))


def test_a_deleted_member_leaves_a_count_and_no_points():
    tally = answered("B", "A")
    tally.forgot(2)  # the challenge is open: as if they had never answered
    tally.revealed(1, revealed(0, 1, "1 of 1 answer right."))
    tally.forgot(1)
    assert tally.sheets[1].former == {"B": 1}
    assert tally.places(None, None, set()) == []


@pytest.mark.parametrize(
    "text",
    [
        revealed(1, 1, "1 of 2 answers right."),
        revealed(0, 2, "1 of 2 answers right."),
        revealed(0, 2, "2 of 2 answers right.", "Streaks kept: <@1> (2)\n"),
    ],
)
def test_a_reveal_that_says_otherwise_is_noticed(text):
    tally = answered("B", "B")
    with pytest.raises(Mismatch):
        tally.revealed(1, text)


def test_an_answer_that_was_lost_or_changed_is_noticed():
    tally = answered("B")
    for text in ("Recorded: **B  x**.", "Your first answer stands: **A  x**."):
        with pytest.raises(Mismatch):
            tally.acknowledged(1, 1, text)
    tally.revealed(1, revealed(0, 1, "1 of 1 answer right."))
    with pytest.raises(Mismatch):
        tally.own_result(
            1, 1, "### You were right: 11 points.\n**B  Two**  ← right and your answer"
        )
    with pytest.raises(Mismatch):
        tally.practised(1, 1, "That challenge is closed. This is practice, without points")
    with pytest.raises(Mismatch):
        tally.score(1, "## 10 points\n- Daily challenges: 2 of 2 right, 10 points\n")
    board = "**1.** <@1>  10 points  ·  1 of 1 right\n**2.** <@9>  2 points  ·  1 of 1 right"
    with pytest.raises(Mismatch):
        tally.board([board], since=None, until=None, left=set())
