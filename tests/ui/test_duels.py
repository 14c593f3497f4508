from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.core.contest import Contest, Contestant, Result
from bot.core.duel import QUESTIONS, Duel, Meeting, Played, Tally, Turn
from bot.core.post import Answer, Post, show
from bot.core.rating import Rating, RatingStep
from bot.ui.duel_private import (
    duels_card,
    finished_card,
    missed_card,
    opponents_text,
    record_text,
    turn_card,
    waiting_card,
)
from bot.ui.duels import duel_card
from bot.ui.ratings import rating_card
from tests.ui.rendering import overruns, said

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LARGEST = 2**63 - 1
SMALLER = LARGEST - 1
DAY = date(2026, 11, 24)
STEP = RatingStep(Rating(), Rating(1532, 147), 1, 2, "duel")


def contest(first: Result | None = None, second: Result | None = None) -> Contest:
    return Contest(
        id=LARGEST,
        kind="duel",
        guild_id=LARGEST,
        study_date=DAY,
        made_at=NOW,
        finished_at=None,
        is_cancelled=False,
        contestants=(
            Contestant(1, LARGEST, NOW, result=first),
            Contestant(2, SMALLER, NOW, result=second),
        ),
    )


def duel(**changes) -> Duel:
    fields = {
        "id": LARGEST,
        "guild_id": LARGEST,
        "channel_id": LARGEST,
        "challenger_id": LARGEST,
        "opponent_id": SMALLER,
        "topic": None,
        "nonce": "n",
        "made_at": NOW,
        "expires_at": NOW + timedelta(days=1),
        "message_id": LARGEST,
        **changes,
    }
    return Duel(**fields)


def running() -> Duel:
    return duel(contest=contest(), deadline=NOW + timedelta(days=1))


def played(first: Result, second: Result) -> Duel:
    return replace(running(), contest=contest(first, second), ended_at=NOW, ending="played")


WON = (Result(1, 4, 4, 5, took_ms=83_400), Result(2, 4, 4, 5, took_ms=90_000))


def test_every_state_of_the_message_fits():
    states = [duel(), running(), played(*WON)]
    states += [
        duel(ended_at=NOW, ending=ending)
        for ending in ("declined", "withdrawn", "expired", "unsent", "off")
    ]
    states.append(replace(running(), ended_at=NOW, ending="unplayed"))
    for state in states:
        card = duel_card(
            state, subject="x" * 100, done={LARGEST}, rated=("counts", {LARGEST: STEP})
        )
        assert overruns(card) == []
        assert overruns(finished_card(state, subject="x" * 100)) == []


def test_a_running_duel_says_who_has_played():
    text = said(duel_card(running(), subject="AWS", done={SMALLER}))
    assert f"<@{LARGEST}> has yet to play\n<@{SMALLER}> has played" in text


@pytest.mark.parametrize(
    ("results", "sentences"),
    [
        (WON, ["wins against", "4 of 5 right in 1 min 23.4 s", "the shorter time decided"]),
        (WON[::-1], [f"## <@{SMALLER}> wins against <@{LARGEST}>"]),
        (
            (Result(1, 3, 3, 5, took_ms=1), Result(2, 2, 2, 5, took_ms=1)),
            ["More right answers decided."],
        ),
        (
            (Result(1, 3, 3, 5, took_ms=1), Result(2, 3, 3, 4, took_ms=1)),
            ["3 of 5 right in 0.0 s (4 answered)", "who answered more questions is ahead"],
        ),
        (
            (Result(1, 1, 1, 2, took_ms=1), Result(2, 0, 0, 0, took_ms=0)),
            ["did not answer in time", "Won by default"],
        ),
        (
            (Result(1, 3, 3, 5, took_ms=1), Result(1, 3, 3, 5, took_ms=1)),
            ["## A draw between", "a draw."],
        ),
    ],
)
def test_the_result_says_who_won_and_what_decided(results, sentences):
    text = said(duel_card(played(*results), subject="AWS"))
    for sentence in sentences:
        assert sentence in text


@pytest.mark.parametrize(
    ("rated", "sentence"),
    [
        (("counts", {LARGEST: STEP}), f"Ratings: <@{LARGEST}> 1532 (+32)"),
        (("again", {}), "the two had one that counts on that day"),
        (("in a row", {}), "one of them met the other last time, too"),
        (("alone", {}), "only one of the two played"),
    ],
)
def test_the_result_says_what_it_did_to_ratings(rated, sentence):
    assert sentence in said(duel_card(played(*WON), subject="AWS", rated=rated))


def test_a_defeat_by_default_that_counts_says_why():
    results = Result(1, 1, 1, 2, took_ms=1), Result(2, 0, 0, 0, took_ms=0)
    text = said(duel_card(played(*results), subject="AWS", rated=("counts", {LARGEST: STEP})))
    assert f"Both had seen a question, so ratings move: <@{LARGEST}> 1532 (+32)" in text


def posts(questions) -> list[Post]:
    rng = Random(1)
    return [
        Post(LARGEST - place, "duel", LARGEST, show(question, rng), DAY, NOW, "", place=place)
        for place, question in enumerate(questions)
    ]


def test_every_question_can_be_asked_in_a_duel(shelf):
    for post in posts(shelf.pool):
        turn = Turn(replace(post, place=4), NOW, QUESTIONS)
        assert overruns(turn_card(running(), turn, member_id=LARGEST)) == []


def test_the_five_longest_questions_can_all_be_missed(shelf):
    def size(question) -> int:
        return len(question.prompt) + len(question.explanation) + max(map(len, question.choices))

    longest = posts(sorted(shelf.pool, key=size)[-QUESTIONS:])
    wrong = {
        post.id: Answer(post.id, LARGEST, int(post.shown.key == 0), False, NOW) for post in longest
    }
    for answers in ({}, wrong):
        card = missed_card(longest, answers)
        assert overruns(card) == []
        assert "5 questions to look at again" in said(card)


def test_many_open_duels_fit_and_the_rest_is_counted():
    many = [replace(running(), id=n) for n in range(1, 21)]
    card = duels_card(many, member_id=LARGEST)
    assert overruns(card) == []
    assert "And 8 more, when these are over." in said(card)


def test_waiting_says_how_long_it_took():
    text = said(waiting_card(running(), Played(3, 5, 61_000), member_id=LARGEST))
    assert "All 5 answered in 1 min 1.0 s" in text
    assert f"<@{SMALLER}> has played" in text


def test_the_longest_records_fit_a_message():
    met = Meeting(DAY, WON[0], replace(WON[1], took_ms=86_399_999), LARGEST)
    text = record_text([met] * 99, Tally(99, 0, 0), opponent_id=LARGEST, period="yesterday")
    assert len(text) <= 2000
    assert "The last 5 of 99 duels." in text
    tallies = [(LARGEST - n, Tally(1000, 1000, 1000)) for n in range(99)]
    text = opponents_text(tallies, Tally(99_000, 99_000, 99_000), period="yesterday")
    assert len(text) <= 2000
    assert "And 84 others." in text


def test_a_rating_fits_with_its_last_contests():
    found = (Rating(1532, 147), 7)
    card = rating_card(found, [STEP] * 5, member_id=LARGEST)
    assert overruns(card) == []
    assert "1532 ± 294, new" in said(card)
    assert "The last 5." in said(card)
    assert overruns(rating_card(None, [])) == []
