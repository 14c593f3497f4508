from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.doubt import Report, Statistics, why_held
from bot.errors import UserError
from tests.store.samples import DAY, GUILD, HOUR, KEY, NOW, TODAY, open_post, question, start

WRONG = 1
"""A place whose option is the first wrong one, index 1 of the choices."""


async def unchecked(store, now=NOW):
    found = await store.unchecked(GUILD, now)
    return [wording for one in found for wording in one.wordings]


async def close(store, post):
    await store.close_post(post.id, at=NOW, worth=10)


async def seasoned(store, members, *, right=12):
    """Give members answers to other questions, so many of twelve right."""
    for number in range(12):
        post = await open_post(store, TODAY - (20 - number) * DAY, f"old-{number}")
        for member_id in members:
            place = KEY if number < right else WRONG
            await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
        await close(store, post)


async def test_a_report_is_counted_once_a_member_and_keeps_the_last_reason(store):
    assert await store.report_question(GUILD, question(), member_id=1, reason="B", at=NOW)
    assert not await store.report_question(GUILD, question(), member_id=1, reason="C", at=NOW)
    later = NOW + HOUR
    assert await store.report_question(GUILD, question(), member_id=2, reason="", at=later)
    await store.report_question(GUILD + 1, question(), member_id=2, reason=None, at=NOW)
    (doubt,) = await store.doubts(GUILD)
    assert doubt.reports == (Report(None, later), Report("C", NOW))
    assert (doubt.question, doubt.state, doubt.why) == (question(), "reported", None)
    assert await store.held_questions(GUILD) == frozenset()


async def test_a_settled_doubt_is_gone_until_the_next_report(store):
    await store.report_question(GUILD, question(), member_id=1, reason="B", at=NOW)
    (doubt,) = await store.doubts(GUILD)
    with pytest.raises(UserError, match="not in this server's list"):
        await store.set_doubt(doubt.id, GUILD + 1, "settled", why=None, at=NOW)
    await store.set_doubt(doubt.id, GUILD, "settled", why=None, at=NOW + HOUR)
    assert await store.doubts(GUILD) == ()
    at = NOW + 2 * HOUR
    await store.report_question(GUILD, question(), member_id=3, reason="again", at=at)
    (again,) = await store.doubts(GUILD)
    assert (again.id, again.reports) == (doubt.id, (Report("again", at),))


async def test_held_questions_come_first_and_are_known_by_id(store):
    for name, members in (("one", 1), ("two", 2)):
        for member_id in range(members):
            await store.report_question(
                GUILD, question(name), member_id=member_id + 1, reason=None, at=NOW
            )
    assert await store.hold_question(GUILD, question("three"), why="so", at=NOW)
    assert not await store.hold_question(GUILD, question("three"), why="again", at=NOW)
    found = await store.doubts(GUILD)
    assert [doubt.question.id for doubt in found] == ["three", "two", "one"]
    assert found[0].why == "so"
    assert await store.held_questions(GUILD) == {"three"}
    assert await store.held_questions(GUILD + 1) == frozenset()
    await store.set_doubt(found[0].id, GUILD, "settled", why=None, at=NOW)
    assert await store.held_questions(GUILD) == frozenset()


async def test_statistics_count_each_members_first_answer_by_choice(store):
    first = await open_post(store, TODAY, "macie")
    for member_id, place in [(1, KEY), (2, 0), (3, WRONG)]:
        await store.record_answer(first.id, member_id=member_id, place=place, at=NOW)
    assert (await store.statistics(GUILD, question(), NOW)).everyone == (0, 0, 0, 0)  # it is open
    await close(store, first)
    again = await open_post(store, TODAY + DAY, "macie")
    for member_id in (1, 4):
        await store.record_answer(again.id, member_id=member_id, place=0, at=NOW)
    await close(store, again)
    quiz = await start(store, 5)
    await store.record_answer(quiz.posts[0].id, member_id=5, place=WRONG, at=NOW)
    stats = await store.statistics(GUILD, question(), NOW)
    assert stats == Statistics((1, 2, 0, 2), (0, 0, 0, 0))  # by choice, not by place
    await store.forget_member(2, None)
    assert (await store.statistics(GUILD, question(), NOW)).everyone == (1, 2, 0, 2)
    reworded = replace(question(), prompt="Which one?")
    assert (await store.statistics(GUILD, reworded, NOW)).everyone == (0, 0, 0, 0)


async def test_good_members_are_those_who_know_the_other_questions(store):
    good, poor = range(1, 7), range(11, 31)
    await seasoned(store, good)
    post = await open_post(store, TODAY, "suspect")
    for member_id in (*good, *poor):
        place = KEY if member_id in poor or member_id == 1 else WRONG
        await store.record_answer(post.id, member_id=member_id, place=place, at=NOW)
    await close(store, post)
    stats = await store.statistics(GUILD, question("suspect"), NOW)
    assert stats == Statistics((21, 5, 0, 0), (1, 5, 0, 0))
    found = {asked.id: stats for asked, stats in await unchecked(store)}
    assert found["suspect"] == stats
    assert [i for i, s in found.items() if why_held(question(i), s.good)] == ["suspect"]


async def test_a_released_question_is_judged_by_later_answers_alone(store):
    good = range(1, 7)
    await seasoned(store, good)
    post = await open_post(store, TODAY, "suspect")
    for member_id in good:
        await store.record_answer(post.id, member_id=member_id, place=WRONG, at=NOW)
    await close(store, post)
    await store.hold_question(GUILD, question("suspect"), why="so", at=NOW)
    (doubt,) = await store.doubts(GUILD)
    await store.set_doubt(doubt.id, GUILD, "settled", why=None, at=NOW)
    assert "suspect" not in {asked.id for asked, _ in await unchecked(store)}
    assert (await store.statistics(GUILD, question("suspect"), NOW)).good == (0, 6, 0, 0)


async def test_members_who_know_little_hold_nothing(store):
    members = range(1, 7)
    await seasoned(store, members, right=5)
    post = await open_post(store, TODAY, "hard")
    for member_id in members:
        await store.record_answer(post.id, member_id=member_id, place=WRONG, at=NOW)
    await close(store, post)
    assert (await store.statistics(GUILD, question("hard"), NOW)).good == (0, 0, 0, 0)


async def test_a_question_is_looked_at_again_only_after_another_answer(store):
    first = await open_post(store, TODAY, "macie")
    await store.record_answer(first.id, member_id=1, place=KEY, at=NOW)
    assert await store.unchecked(GUILD, NOW) == ()  # it is open
    await close(store, first)
    found = await store.unchecked(GUILD, NOW)
    assert [(one.question_id, one.answered) for one in found] == [("macie", 1)]
    quiz = await start(store, 2)
    await store.record_answer(quiz.posts[0].id, member_id=2, place=KEY, at=NOW)
    await store.mark_checked(GUILD, found)  # of one answer; the second came in between
    (again,) = await store.unchecked(GUILD, NOW)
    assert again.answered == 2
    await store.mark_checked(GUILD, [again])
    assert await store.unchecked(GUILD, NOW) == ()
    assert await store.question_tallies(GUILD) == {"macie": (2, 2)}
    await store.forget_member(2, GUILD)
    assert await store.question_tallies(GUILD) == {"macie": (1, 1)}


async def test_first_answers_of_more_than_a_year_ago_say_nothing(store):
    post = await open_post(store, TODAY, "macie")
    await store.record_answer(post.id, member_id=1, place=KEY, at=NOW)
    await close(store, post)
    assert (await store.statistics(GUILD, question(), NOW + 365 * DAY)).everyone == (1, 0, 0, 0)
    assert (await store.statistics(GUILD, question(), NOW + 366 * DAY)).everyone == (0, 0, 0, 0)
    ((_, stats),) = await unchecked(store, NOW + 365 * DAY)
    assert stats.everyone == (1, 0, 0, 0)
    assert await unchecked(store, NOW + 366 * DAY) == []
