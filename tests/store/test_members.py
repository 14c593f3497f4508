from __future__ import annotations

import json

import pytest

from bot.core.board import Score
from bot.core.kept import Forgotten
from bot.core.period import span_of
from bot.core.post import Answer
from bot.core.score import FORMULA_VERSION
from bot.store.store import Store
from tests.store.ledger import standing, standings
from tests.store.samples import (
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    NOW,
    TODAY,
    asking,
    duel,
    open_post,
    question,
    rows,
    season,
    set_up,
    start,
    team,
)

ALICE = 4_000_000_000_000_001
BEN = 4_000_000_000_000_002
OTHER_GUILD = GUILD + 1


async def live(store: Store) -> None:
    """Give Alice and Ben a life in two servers and in private."""
    for guild_id in (GUILD, OTHER_GUILD):
        await set_up(store, guild_id, by=ALICE)
        captain, other = (ALICE, BEN) if guild_id == GUILD else (BEN, ALICE)
        await team(store, captain, other, guild_id=guild_id, is_open=False)
        closed = await open_post(store, TODAY - DAY, "closed", guild_id)
        for member_id in (ALICE, BEN):
            await store.record_answer(closed.id, member_id=member_id, place=KEY, at=NOW)
        await store.close_post(closed.id, at=NOW, worth=10)
        opened = await open_post(store, TODAY, "open", guild_id)
        for member_id in (ALICE, BEN):
            await store.record_answer(opened.id, member_id=member_id, place=0, at=NOW)
        match = await asking(store, ALICE, BEN, guild_id=guild_id, channel_id=guild_id + 5)
        post = (await store.contest_posts(match.id))[0]
        for member_id in (ALICE, BEN):
            await store.record_answer(post.id, member_id=member_id, place=KEY, at=NOW)
        await duel(store, ALICE, BEN, guild_id=guild_id)
    for guild_id in (GUILD, OTHER_GUILD, None):
        for member_id in (ALICE, BEN):
            round_ = await start(store, member_id, ["one", "two"], guild_id=guild_id)
            await store.record_answer(round_.posts[0].id, member_id=member_id, place=1, at=NOW)
    for member_id in (ALICE, BEN):
        await store.record_name(GUILD, member_id, f"name {member_id}", NOW)
        await store.record_name(OTHER_GUILD, member_id, f"name {member_id}", NOW)
        await store.record_question(member_id, "what is macie", "amazon-macie", NOW)
        for guild_id in (GUILD, OTHER_GUILD):
            await store.report_question(
                guild_id, question("closed"), member_id=member_id, reason="B is right", at=NOW
            )
    honour = await store.claim_honour(
        GUILD, span_of("day", TODAY - DAY), channel_id=CHANNEL, nonce="n", now=NOW
    )
    assert honour is not None
    ended = await season(store, TODAY - DAY, 1, by=ALICE, role_id=5)
    ceremony = await store.claim_ceremony(ended, improved=[(ALICE, 100)], nonce="n", now=NOW)
    assert ceremony is not None
    await store.hide(GUILD, ALICE, NOW)
    await store.show(GUILD, BEN)
    await store.remind(GUILD, ALICE, NOW)
    assert await store.claim_reminder(2, ALICE, NOW)
    await store.note_left(GUILD, ALICE, NOW)
    await store.show(GUILD, ALICE)


def held(path, member_id: int) -> dict[str, int]:
    """Count, by table, the rows that hold a member's id in any column, numbers and texts."""
    found = {}
    for (table,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        count = sum(
            any(str(member_id) in str(value) for value in row)
            for row in rows(path, f"SELECT * FROM {table}")
        )
        if count:
            found[table] = count
    return found


async def test_names_of_members(store):
    await store.record_name(GUILD, ALICE, "Alice", NOW)
    assert await store.member_names(GUILD, [ALICE, BEN]) == {ALICE: "Alice"}
    assert await store.member_names(GUILD, []) == {}


async def test_nothing_holds_a_forgotten_member(store, path):
    await live(store)
    before = held(path, BEN)
    assert held(path, ALICE) == {
        "answers": 13,
        "awards": 8,
        "challenges": 2,
        "champions": 1,
        "contestants": 4,
        "duel_times": 4,
        "duels": 2,
        "first_answers": 6,
        "lookups": 1,
        "members": 2,
        "posts": 6,
        "rating_steps": 2,
        "ratings": 2,
        "reminded": 1,
        "reminders": 1,
        "reports": 2,
        "rounds": 3,
        "memberships": 1,
        "team_requests": 1,
        "team_totals": 4,
        "season_places": 1,
        "season_prizes": 1,
        "season_streaks": 1,
        "seasons": 1,
        "streaks": 2,
        "totals": 22,
        "unlisted": 1,
        "winners": 1,
    }
    gone = await store.forget_member(ALICE, None)
    assert gone == Forgotten(answers=13, rounds=3, lookups=1, names=2)
    assert held(path, ALICE) == {}
    assert held(path, BEN) == before
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert await store.forget_member(ALICE, None) == Forgotten()


async def test_forgetting_in_one_server_leaves_the_rest(store, path):
    await live(store)
    gone = await store.forget_member(ALICE, GUILD)
    assert gone == Forgotten(answers=6, rounds=1, lookups=0, names=1)
    assert held(path, ALICE) == {
        "answers": 7,
        "awards": 4,
        "challenges": 1,
        "contestants": 2,
        "duel_times": 2,
        "duels": 1,
        "first_answers": 3,
        "lookups": 1,
        "members": 1,
        "posts": 4,
        "rating_steps": 1,
        "ratings": 1,
        "reports": 1,
        "rounds": 2,
        "streaks": 1,
        "team_requests": 1,
        "totals": 10,
    }
    assert await store.score(GUILD, ALICE) == Score()
    assert (await store.score(OTHER_GUILD, ALICE)).daily_points == 10


async def test_answers_to_closed_posts_stay_as_counts_and_open_ones_are_withdrawn(store, path):
    await live(store)
    closed = await store.post_for(1, TODAY - DAY)
    opened = await store.post_for(1, TODAY)
    await store.forget_member(ALICE, None)
    assert await store.tally(closed.id) == (0, 0, 2, 0)
    assert await store.answer_count(closed.id) == 2
    assert await store.first_right(closed.id) == BEN
    assert await store.tally(opened.id) == (1, 0, 0, 0)
    assert rows(path, "SELECT sum(count) FROM former_answers") == [(9,)]
    await store.forget_member(BEN, None)
    assert await store.tally(closed.id) == (0, 0, 2, 0)
    assert await store.first_right(closed.id) is None
    assert await standings(store, GUILD) == ()


async def test_a_forgotten_members_quiz_posts_stay_without_them(store, path):
    await live(store)
    posts = rows(path, "SELECT id, closed_at FROM posts WHERE member_id = ?", ALICE)
    rounds = rows(path, "SELECT id FROM rounds WHERE member_id = ?", ALICE)
    await store.forget_member(ALICE, None)
    for post_id, closed_at in posts:
        post = await store.post(post_id)
        if closed_at is None:
            assert post is None
        else:
            assert (post.member_id, post.round_id, post.worth is None) == (None, None, False)
            assert await store.tally(post_id) == (0, 1, 0, 0)
    for (round_id,) in rounds:
        assert await store.round_posts(round_id) == ()


async def test_the_ids_of_deleted_posts_and_rounds_are_not_given_again(store):
    round_ = await start(store, ALICE, ["one", "two"])
    await store.forget_member(ALICE, None)
    again = await start(store, BEN, ["one", "two"])
    assert again.id > round_.id
    assert again.posts[0].id > round_.posts[1].id


async def test_whoever_withdrew_an_answer_may_answer_again(store):
    post = await open_post(store)
    await store.record_answer(post.id, member_id=ALICE, place=0, at=NOW)
    await store.forget_member(ALICE, GUILD)
    recorded = await store.record_answer(post.id, member_id=ALICE, place=KEY, at=NOW)
    assert recorded.is_new


async def test_forgetting_loses_the_points_that_the_answers_made(store):
    await live(store)
    await store.forget_member(ALICE, None)
    assert await standing(store, GUILD, ALICE) is None
    assert (await standing(store, GUILD, BEN)).rank == 1


# -------------------------------------------------------------------------- export


async def test_an_export_has_a_row_for_everything_but_open_answers(store, path):
    await live(store)
    export = await store.export_member(ALICE, None)
    assert {name: len(kept) for name, kept in export.items()} == {
        "answers": 9,
        "rounds": 3,
        "open_quiz_questions": 3,
        "questions_asked": 1,
        "names": 2,
        "questions_reported": 2,
        "challenges_set_up": 2,
        "streaks": 2,
        "wins": 1,
        "contests": 4,
        "duels": 2,
        "duel_questions_shown": 4,
        "ratings": 2,
        "rating_steps": 2,
        "season_places": 1,
        "season_prizes": 1,
        "season_streaks": 1,
        "champion_roles": 1,
        "seasons_set_up": 1,
        "not_listed": 1,
        "teams": 1,
        "team_requests": 1,
        "brought_to_teams": 1,
        "reminders": 1,
        "reminded": 1,
    }
    assert json.loads(json.dumps(export)) == export
    assert str(BEN) not in json.dumps(export)
    assert export["answers"][0] == {
        "kind": "daily",
        "guild_id": GUILD,
        "study_date": "2026-11-23",
        "post_id": 1,
        "member_id": ALICE,
        "question": "Which service is closed?",
        "options": ["wrong three", "wrong one", "right", "wrong two"],
        "place": KEY,
        "picked": "right",
        "is_correct": True,
        "points": 10,
        "reason": "right",
        "base": 10,
        "hard": 0,
        "streak": 0,
        "paid": 0,
        "streak_days": 1,
        "formula": FORMULA_VERSION,
        "answered_at": "2026-11-24T08:00:00.000000+00:00",
        "answered_on": "2026-11-24",
    }
    assert [row["kind"] for row in export["answers"][:4]] == ["daily", "duel", "duel", "daily"]
    assert export["answers"][-1]["points"] == 0
    assert export["names"][0]["name"] == f"name {ALICE}"
    assert export["questions_asked"][0]["question"] == "what is macie"


async def test_an_open_answer_joins_the_export_at_the_close(store):
    post = await open_post(store)
    await store.record_answer(post.id, member_id=ALICE, place=0, at=NOW)
    assert (await store.export_member(ALICE, None))["answers"] == []
    await store.close_post(post.id, at=NOW + HOUR, worth=10)
    assert len((await store.export_member(ALICE, None))["answers"]) == 1
    assert await store.answer_of(post.id, ALICE) == Answer(post.id, ALICE, 0, False, NOW)


async def test_an_export_does_not_tell_the_key_of_an_open_question(store):
    await start(store, ALICE, ["one"])
    text = json.dumps(await store.export_member(ALICE, None))
    assert "Which service is one?" in text
    for secret in (
        "explanation",
        "Because",
        '"answer"',
        "is_correct",
        "shown_order",
        "question_id",
    ):
        assert secret not in text


async def test_an_export_of_one_server(store):
    await live(store)
    export = await store.export_member(ALICE, OTHER_GUILD)
    assert {name: len(kept) for name, kept in export.items()} == {
        "answers": 4,
        "rounds": 1,
        "open_quiz_questions": 1,
        "questions_asked": 0,
        "names": 1,
        "questions_reported": 1,
        "challenges_set_up": 1,
        "streaks": 1,
        "wins": 0,
        "contests": 2,
        "duels": 1,
        "duel_questions_shown": 2,
        "ratings": 1,
        "rating_steps": 1,
        "season_places": 0,
        "season_prizes": 0,
        "season_streaks": 0,
        "champion_roles": 0,
        "seasons_set_up": 0,
        "not_listed": 0,
        "teams": 0,
        "team_requests": 1,
        "brought_to_teams": 0,
        "reminders": 0,
        "reminded": 0,
    }
    assert {row["guild_id"] for kept in export.values() for row in kept} == {OTHER_GUILD}


@pytest.mark.parametrize("guild_id", [None, GUILD])
async def test_there_is_nothing_about_a_stranger(store, guild_id):
    await live(store)
    assert not any((await store.export_member(5, guild_id)).values())
    assert await store.forget_member(5, guild_id) == Forgotten()


async def test_the_last_name_is_kept(store, path):
    await store.record_name(GUILD, ALICE, "Ali", NOW)
    await store.record_name(GUILD, ALICE, "Alice", NOW + HOUR)
    assert rows(path, "SELECT name, seen_at FROM members") == [
        ("Alice", "2026-11-24T09:00:00.000000+00:00")
    ]
