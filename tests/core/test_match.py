"""The rules of a match: its clock, its points, its standings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contest import Contest, Contestant
from bot.core.match import (
    BETWEEN,
    GET_READY,
    OUTAGE,
    OUTAGE_MOST,
    PAUSE_LASTS,
    Match,
    MatchSettings,
    draw_match,
    due,
    host_of,
    whole_second,
)
from bot.core.match_standing import (
    FULL,
    Gap,
    MatchRound,
    best_and_worst,
    fastest_right,
    is_idle,
    points,
    results,
    standings,
)
from bot.core.model import Domain, Exam, Question
from bot.core.post import Answer, Post, Shown

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANN, BEN, CAT, DAN = 1, 2, 3, 4


def question(name: str, topic: str = "storage", domain: str = "one") -> Question:
    return Question(
        id=name,
        prompt=f"Which is {name}?",
        choices=("right", "wrong", "wrong too", "wrong as well"),
        answer=0,
        explanation="Because.",
        source="https://docs.example/",
        entry_id=f"entry-{name}",
        topic=topic,
        exam="EX",
        domain=domain,
    )


def asked(place: int, opened_at: datetime = NOON, topic: str = "storage", **kwargs) -> MatchRound:
    post = Post(
        id=100 + place,
        kind="match",
        guild_id=9,
        shown=Shown(question(f"q{place}", topic), (0, 1, 2, 3)),
        study_date=date(2026, 11, 28),
        claimed_at=NOON,
        nonce="",
        place=place,
        closed_at=opened_at + 22 * SECOND,
    )
    return MatchRound(post, opened_at, **kwargs)


def contest(*contestants: Contestant) -> Contest:
    return Contest(7, "match", 9, date(2026, 11, 28), NOON, None, False, contestants)


def player(member_id: int | None, joined_at: datetime = NOON - SECOND, **kwargs) -> Contestant:
    return Contestant(10 + (member_id or 99), member_id, joined_at, **kwargs)


def answer(place: int, member_id: int, after: float, *, right: bool = True) -> Answer:
    return Answer(100 + place, member_id, 0 if right else 1, right, NOON + timedelta(seconds=after))


def lobby(**settings) -> Match:
    return Match(
        id=7,
        guild_id=9,
        channel_id=8,
        settings=MatchSettings(**settings),
        phase="lobby",
        until=NOON + 900 * SECOND,
        alive_at=NOON,
    )


# -------------------------------------------------------------------------------- points


@pytest.mark.parametrize(
    ("took", "seconds", "worth"),
    [
        (0, 20, 1000),
        (0.499999, 20, 1000),
        (0.5, 20, 988),
        (1, 20, 975),
        (2, 20, 950),
        (10, 20, 750),
        (19.99, 20, 500),
        (20, 20, 500),
        (22, 20, 500),
        (15, 30, 750),
        (1, 5, 900),
        (60, 120, 750),
    ],
)
def test_points_of_a_right_answer_by_its_time(took, seconds, worth):
    assert points(timedelta(seconds=took), MatchSettings(seconds=seconds)) == worth


def test_without_speed_every_right_answer_is_worth_the_same():
    settings = MatchSettings(has_speed=False)
    assert {points(timedelta(seconds=t), settings) for t in (0, 1, 10, 20, 22)} == {1000}


@given(
    st.integers(5, 120),
    st.floats(0, 200, allow_nan=False),
    st.floats(0, 200, allow_nan=False),
)
def test_quicker_is_never_worth_less_and_right_is_worth_half_at_least(seconds, one, other):
    settings = MatchSettings(seconds=seconds)
    quick, slow = sorted((timedelta(seconds=one), timedelta(seconds=other)))
    assert FULL // 2 <= points(slow, settings) <= points(quick, settings) <= FULL


def test_a_clock_that_stood_still_costs_nothing():
    gaps = (
        Gap(NOON + 4 * SECOND, NOON + 64 * SECOND),
        Gap(NOON + 70 * SECOND, NOON + 80 * SECOND),
    )
    round_ = asked(0, gaps=gaps)
    assert round_.took(NOON + 3 * SECOND) == 3 * SECOND
    assert round_.took(NOON + 65 * SECOND) == 5 * SECOND
    assert round_.took(NOON + 81 * SECOND) == 11 * SECOND


def test_an_answer_in_the_second_before_the_countdown_took_no_time():
    assert asked(0).took(NOON - timedelta(seconds=0.3)) == timedelta(0)


def test_a_gap_that_lasts_counts_up_to_now():
    assert asked(0, gaps=(Gap(NOON + 4 * SECOND),)).took(NOON + 9 * SECOND) == 4 * SECOND


# ----------------------------------------------------------------------------- standings


def test_standings_by_hand():
    """Ann 950 + 900, Ben 0 + 1000, Cat 975; Dan never answered."""
    rounds = [asked(0, NOON), asked(1, NOON + 30 * SECOND, "compute")]
    answers = [
        answer(0, ANN, 2),
        answer(0, BEN, 1, right=False),
        answer(0, CAT, 1),
        answer(1, ANN, 34),
        answer(1, BEN, 30.2),
        answer(1, CAT, 33, right=False),
    ]
    found = standings(
        contest(player(ANN), player(BEN), player(CAT), player(DAN)),
        rounds,
        answers,
        MatchSettings(),
    )
    assert [(s.member_id, s.rank, s.score, s.gained, s.right, s.answered) for s in found] == [
        (ANN, 1, 1850, 900, 2, 2),
        (BEN, 2, 1000, 1000, 1, 2),
        (CAT, 3, 975, 0, 1, 2),
        (DAN, 4, 0, 0, 0, 0),
    ]
    assert [(s.best, s.worst) for s in found] == [
        (None, None),
        ("compute", "storage"),
        ("storage", "compute"),
        (None, None),
    ]
    assert found[0].took == 6 * SECOND
    frozen = results(found)[player(ANN).id]
    assert (frozen.rank, frozen.score, frozen.right, frozen.answered) == (1, 1850, 2, 2)
    assert frozen.took_ms == 6000


def test_equal_scores_share_a_rank_in_the_order_of_joining():
    found = standings(
        contest(player(BEN), player(ANN), player(CAT)),
        [asked(0)],
        [answer(0, CAT, 9), answer(0, ANN, 1), answer(0, BEN, 3)],
        MatchSettings(has_speed=False),
    )
    assert [(s.member_id, s.rank) for s in found] == [(BEN, 1), (ANN, 1), (CAT, 1)]
    found = standings(
        contest(player(BEN), player(ANN), player(CAT)),
        [asked(0)],
        [answer(0, CAT, 9), answer(0, ANN, 1), answer(0, BEN, 3, right=False)],
        MatchSettings(has_speed=False),
    )
    assert [(s.member_id, s.rank) for s in found] == [(ANN, 1), (CAT, 1), (BEN, 3)]


def test_a_skipped_question_brings_nobody_anything():
    (found,) = standings(
        contest(player(ANN)), [asked(0, is_void=True)], [answer(0, ANN, 1)], MatchSettings()
    )
    assert (found.score, found.answered, found.best) == (0, 0, None)


def test_who_left_keeps_what_they_have_and_who_left_empty_handed_is_gone():
    gone = NOON + 40 * SECOND
    found = standings(
        contest(player(ANN, left_at=gone), player(BEN, left_at=gone), player(None)),
        [asked(0)],
        [answer(0, ANN, 10)],
        MatchSettings(),
    )
    assert [(s.member_id, s.score) for s in found] == [(ANN, 750)]


def test_who_joins_late_is_said_to_have():
    rounds = [asked(0, NOON), asked(1, NOON + 30 * SECOND)]
    late = player(BEN, joined_at=NOON + 31 * SECOND)
    found = standings(contest(player(ANN), late), rounds, [], MatchSettings())
    assert [s.joined for s in found] == [0, 1]


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.booleans()), max_size=30))
def test_standings_are_complete_and_in_order(picks):
    first = {(member, place): right for member, place, right in reversed(picks)}
    answers = [
        answer(place, member, 1 + member, right=right) for (member, place), right in first.items()
    ]
    found = standings(
        contest(*(player(member) for member in range(1, 7))),
        [asked(place) for place in range(4)],
        answers,
        MatchSettings(),
    )
    assert sorted(s.member_id or 0 for s in found) == [1, 2, 3, 4, 5, 6]
    scores = [s.score for s in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert one.rank == 1 + sum(score > one.score for score in scores)
        assert one.right == sum(
            right for (member, _), right in first.items() if member == one.member_id
        )


@pytest.mark.parametrize(
    ("picks", "best", "worst"),
    [
        ([], None, None),
        ([("a", True)], None, None),
        ([("a", True), ("b", False)], "a", "b"),
        ([("b", True), ("a", True), ("c", False)], "a", "c"),
        ([("b", True), ("b", True), ("a", True), ("c", False)], "b", "c"),
        ([("c", True), ("c", False), ("a", False), ("b", False), ("b", False)], "c", "b"),
        ([("a", True), ("a", False), ("b", True), ("b", False)], None, None),
    ],
)
def test_best_and_worst_topic(picks, best, worst):
    assert best_and_worst(picks) == (best, worst)


def test_the_fastest_is_who_was_right_first_and_of_equals_the_first_recorded():
    answers = [
        answer(0, CAT, 1, right=False),
        answer(0, BEN, 3),
        answer(0, ANN, 2),
        answer(0, DAN, 2),
        answer(1, CAT, 1),
    ]
    assert fastest_right(asked(0), answers) == (ANN, 2 * SECOND)
    assert fastest_right(asked(0, is_void=True), answers) is None
    assert fastest_right(asked(0), answers[:1]) is None


def test_three_questions_without_an_answer_are_idle():
    rounds = [asked(place) for place in range(4)]
    assert not is_idle(rounds[:2], [])
    assert is_idle(rounds[:3], [])
    assert not is_idle(rounds[:3], [answer(0, ANN, 1)])
    assert is_idle(rounds, [answer(0, ANN, 1)])
    assert not is_idle(rounds, [answer(3, ANN, 1)])


def test_the_host_is_who_joined_first_of_those_who_are_in():
    assert host_of(contest(player(ANN), player(BEN))) == ANN
    assert host_of(contest(player(ANN, left_at=NOON), player(BEN))) == BEN
    assert host_of(contest(player(None), player(BEN))) == BEN
    assert host_of(contest(player(ANN, left_at=NOON))) is None


# --------------------------------------------------------------------------------- clock


def test_a_match_from_lobby_to_finale():
    match = lobby()
    assert due(match, NOON) is None
    at = NOON + timedelta(seconds=1.2)
    match = replace(match.begun(at, 2), alive_at=at)
    assert (match.phase, match.place, match.settings.questions) == ("ready", 0, 2)
    assert match.until == whole_second(at + GET_READY) == NOON + 7 * SECOND
    assert due(match, NOON + 6 * SECOND) is None

    def step(now):
        return due(replace(match, alive_at=now), now)

    assert step(NOON + 7 * SECOND) == "ask"
    match = match.asked(NOON + timedelta(seconds=7.3))
    assert (match.phase, match.until, match.closes_at) == (
        "asking",
        NOON + 28 * SECOND,
        NOON + 30 * SECOND,
    )
    assert step(NOON + 29 * SECOND) is None
    assert step(NOON + 30 * SECOND) == "close"
    match = match.answered(NOON + 30 * SECOND)
    assert (match.phase, match.place, match.until) == ("ready", 1, NOON + 30 * SECOND + BETWEEN)
    assert step(NOON + 38 * SECOND) == "ask"
    match = match.asked(NOON + 38 * SECOND).answered(NOON + 60 * SECOND)
    assert (match.phase, match.place) == ("ready", 2)
    assert step(NOON + 68 * SECOND) == "finish"
    match = match.ended("played")
    assert match.is_over
    assert step(NOON + 69 * SECOND) is None


def test_a_lobby_that_nobody_starts_expires():
    match = replace(lobby(), alive_at=NOON + 900 * SECOND)
    assert due(match, NOON + 899 * SECOND) is None
    assert due(match, NOON + 900 * SECOND) == "expire"


def test_a_pause_keeps_what_was_left_and_ends_by_itself():
    match = lobby().begun(NOON, 3).asked(NOON)
    paused = match.paused(NOON + 5 * SECOND)
    assert (paused.until, paused.left, paused.closes_at) == (None, 15 * SECOND, None)
    assert paused.resumes_at == NOON + 5 * SECOND + PAUSE_LASTS
    later = NOON + 5 * SECOND + PAUSE_LASTS
    assert due(replace(paused, alive_at=later), later - SECOND) is None
    assert due(replace(paused, alive_at=later), later) == "resume"
    resumed = paused.resumed(NOON + 65 * SECOND)
    assert (resumed.until, resumed.left, resumed.paused_at) == (NOON + 80 * SECOND, None, None)


def test_trouble_that_lasts_ends_the_match():
    match = lobby().begun(NOON, 3).paused(NOON, "trouble")
    later = NOON + PAUSE_LASTS
    assert due(replace(match, alive_at=later), later) == "give_up"


def test_a_pause_in_the_wait_after_the_bell_leaves_the_rest_of_the_wait():
    match = lobby(late=5).begun(NOON, 3).asked(NOON).paused(NOON + 22 * SECOND)
    assert match.left == -2 * SECOND
    resumed = match.resumed(NOON + 60 * SECOND)
    assert resumed.closes_at == NOON + 63 * SECOND


@given(st.integers(6, 21_000), st.integers(0, 19))
def test_an_outage_extends_the_countdown_by_its_length(seconds, into):
    alive = NOON + into * SECOND
    match = replace(lobby().begun(NOON, 3).asked(NOON), alive_at=alive)
    now = alive + seconds * SECOND
    assert due(match, now) == "extend"
    extended = match.extended(now)
    assert extended.until is not None
    assert match.until is not None
    assert extended.until - now == match.until - alive
    assert due(extended, now) is None


def test_short_silence_is_no_outage_and_a_very_long_one_ends_the_match():
    match = lobby()
    assert due(match, NOON + OUTAGE) is None
    assert due(match, NOON + OUTAGE + SECOND) == "extend"
    assert due(match, NOON + OUTAGE_MOST + SECOND) == "give_up"


def test_an_outage_in_a_pause_moves_no_clock():
    match = lobby().begun(NOON, 3).paused(NOON)
    extended = match.extended(NOON + 60 * SECOND)
    assert (extended.until, extended.left) == (None, match.left)
    assert extended.alive_at == NOON + 60 * SECOND


# ------------------------------------------------------------------------------- drawing


EXAM = Exam("EX", "Exam", (Domain("one", "One", 70), Domain("two", "Two", 30)))
POOL = tuple(
    question(f"{domain}-{n}", domain=domain) for domain in ("one", "two") for n in range(20)
)


def test_questions_follow_the_weights_of_the_exam():
    drawn = draw_match(POOL, 10, Random(1), exam=EXAM, avoid=())
    assert sorted(q.domain for q in drawn) == ["one"] * 7 + ["two"] * 3


def test_what_players_saw_is_asked_only_when_nothing_else_is_left():
    seen = {q.id for q in POOL[:15] + POOL[20:35]}
    drawn = draw_match(POOL, 10, Random(1), exam=EXAM, avoid=(), seen=seen)
    assert not seen & {q.id for q in drawn}
    drawn = draw_match(POOL, 14, Random(1), exam=EXAM, avoid=(), seen=seen)
    assert len({q.id for q in drawn}) == 14
    assert len(seen & {q.id for q in drawn}) == 4


def test_what_is_open_elsewhere_is_never_asked():
    avoid = {q.id for q in POOL[3:]}
    drawn = draw_match(POOL, 10, Random(1), exam=None, avoid=avoid, avoid_entries={"entry-one-0"})
    assert sorted(q.id for q in drawn) == ["one-1", "one-2"]
