"""Cards of matches: within Discord's limits whatever is asked and however many play."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.match import MatchSettings
from bot.core.match_standing import standings
from bot.core.post import Post, Recorded, Shown
from bot.ui.match import (
    answer_card,
    asking_card,
    menu_card,
    own_place_text,
    recorded_text,
    too_late_text,
)
from bot.ui.match_finale import finale_card, finale_title
from bot.ui.match_lobby import lobby_card, rules_text
from tests.core.test_match import NOON, SECOND, answer, asked, contest, lobby, player
from tests.ui.rendering import overruns, pressable, said

BIG = 10**18
CROWD = contest(*(player(BIG + n) for n in range(200)))
TOPICS = {"storage": "Storage", "compute": "Compute"}


def crowd_standings(rounds=None):
    rounds = rounds or [asked(0), asked(1, NOON + 30 * SECOND, "compute")]
    answers = [answer(0, BIG + n, 1 + n / 20, right=n % 3 > 0) for n in range(200)]
    answers += [answer(1, BIG + n, 31 + n / 20, right=n % 4 > 0) for n in range(200)]
    return standings(CROWD, rounds, answers, MatchSettings())


def test_the_lobby_of_two_hundred_fits_and_names_twenty():
    view = lobby_card(lobby(), CROWD, "AWS Certified Cloud Practitioner", {})
    assert overruns(view) == []
    text = said(view)
    assert "**Players (200)**" in text
    assert "and 180 more" in text
    assert text.count("<@") == 20 + 1  # and the host


def test_every_shipped_question_fits_asked_and_answered(shelf):
    found = crowd_standings()
    match = lobby(questions=30).begun(NOON, 30).asked(NOON)
    for question in shelf.pool:
        shown = Shown(question, tuple(range(len(question.choices))))
        post = replace(asked(0).post, id=10**18 - 1, shown=shown)
        card = asking_card(match, post, answers=200, players=200)
        assert overruns(card) == [], question.id
        assert question.explanation not in said(card)
        card = answer_card(
            match.answered(NOON),
            replace(asked(0), post=post),
            tally=[50] * len(question.choices),
            found=found,
            teams=(),
            fastest=(BIG, timedelta(seconds=1.25)),
        )
        assert overruns(card) == [], question.id


def test_a_pause_shows_no_question():
    paused = lobby().begun(NOON, 3).asked(NOON).paused(NOON)
    card = asking_card(paused, asked(0).post, answers=0, players=2)
    assert asked(0).post.shown.question.prompt not in said(card)
    assert list(pressable(card)) == ["Go on", "Menu"]


def test_the_standings_show_what_a_question_brought_and_who_left():
    gone = player(2, left_at=NOON + 25 * SECOND)
    late = player(3, joined_at=NOON + 25 * SECOND)
    rounds = [asked(0), asked(1, NOON + 30 * SECOND)]
    found = standings(
        contest(player(1), gone, late),
        rounds,
        [answer(0, 1, 2), answer(0, 2, 4), answer(1, 3, 36), answer(1, 1, 33, right=False)],
        MatchSettings(),
    )
    match = lobby(questions=3).begun(NOON, 3).asked(NOON)
    text = said(
        answer_card(
            replace(match, place=1).answered(NOON),
            rounds[1],
            tally=(1, 1, 0, 0),
            found=found,
            teams=(),
            fastest=(3, 6 * SECOND),
        )
    )
    assert (
        "**1.** <@1>  950\n**2.** <@2> (left)  900\n**3.** <@3> (from question 2)  850  (+850)"
        in (text)
    )
    assert "1 of 2 answers right. Fastest: <@3>, 6.0 s." in text
    assert "█████░░░░░ 1" in text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (MatchSettings(), "answers count for 2 more seconds, for 500 points."),
        (MatchSettings(late=1), "answers count for 1 more second, for 500 points."),
        (MatchSettings(late=0), "Then the bell rings, and no answer counts."),
        (MatchSettings(has_speed=False), "answers count for 2 more seconds."),
    ],
)
def test_the_rules_say_what_the_settings_are(settings, words):
    assert words in rules_text(settings)


def test_the_finale_of_two_hundred_fits():
    found = crowd_standings()
    view = finale_card(lobby().begun(NOON, 2).ended("played"), found, (), TOPICS, "a podium")
    assert overruns(view) == []
    text = said(view)
    assert "190 more played" in text


def test_the_finale_tells_each_players_best_and_worst_topic():
    found = standings(
        contest(player(1), player(2)),
        [asked(0), asked(1, NOON + 30 * SECOND, "compute")],
        [answer(0, 1, 2), answer(1, 1, 31, right=False), answer(0, 2, 9), answer(1, 2, 39)],
        MatchSettings(),
    )
    text = said(finale_card(lobby().begun(NOON, 2).ended("played"), found, (), TOPICS, None))
    assert text.splitlines()[1:4] == [
        "**1.** <@2>  1,550 points  ·  2 of 2 right",
        "**2.** <@1>  950 points  ·  1 of 2 right",
        "-# Best: Storage · to review: Compute",
    ]


@pytest.mark.parametrize(
    ("scores", "title"),
    [
        ((900, 800), "<@1> wins the match!"),
        ((900, 900, 1), "<@1> and <@2> win the match!"),
        ((9, 9, 9, 9, 9), "<@1>, <@2>, <@3> and 2 more win the match!"),
        ((0, 0), "The match is over: nobody scored"),
        ((), "The match is over: nobody scored"),
    ],
)
def test_who_wins(scores, title):
    players = [player(n) for n in range(1, len(scores) + 1)]
    (blank,) = standings(contest(player(9)), [], [], MatchSettings())
    found = [
        replace(blank, contestant=one, score=score, rank=1 + sum(other > score for other in scores))
        for one, score in zip(players, scores, strict=True)
    ]
    assert finale_title(found) == title


def test_the_menu_offers_what_one_may_do():
    match = lobby().begun(NOON, 2).asked(NOON)
    guest = menu_card(match, is_in=False, runs_it=False, host_id=5)
    assert list(pressable(guest)) == ["My place", "Join"]
    host = menu_card(match, is_in=True, runs_it=True, host_id=5)
    assert "Pause" in pressable(host)
    assert "Skip this question" in pressable(host)
    paused = menu_card(match.paused(NOON), is_in=True, runs_it=True, host_id=None)
    assert "Go on" in pressable(paused)
    assert all(overruns(card) == [] for card in (guest, host, paused))


def test_acknowledgements_do_not_tell_the_key():
    post: Post = asked(0).post
    recorded = Recorded(answer(0, 1, 2), is_new=True)
    match = lobby().begun(NOON, 2).asked(NOON)
    assert recorded_text(match, post, recorded, came_in=False) == (
        f"Recorded: **A  right**. The bell rings <t:{int(match.until.timestamp())}:R>."
    )
    stands = Recorded(recorded.answer, is_new=False)
    assert recorded_text(None, post, stands, came_in=False) == (
        "Your first answer stands: **A  right**."
    )
    assert recorded_text(None, post, recorded, came_in=True).startswith("You are in, from this")
    assert "It would have been right." in too_late_text(post, 0)
    assert "The right one was **A  right**." in too_late_text(post, 2)


def test_ones_own_place():
    found = crowd_standings()
    own = own_place_text(found, found[0].member_id, TOPICS, {})
    assert own.startswith("**Rank 1 of 200** with 1,")
    assert "The last question brought you " in own
    assert own_place_text(found, 5, TOPICS, {}) == "You have not played in this match."
