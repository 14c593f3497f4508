"""A year of a server with 50 members, restarts, kills and outages, held to a second pair of books.

Members answer with more or less diligence, press twice and too late, play quizzes, look at their
scores and boards, hide, leave, come back and delete themselves; managers skip, pause, post and
reveal by hand; moderators delete messages. At the end each study date is accounted for, the ledger
has each answer that a member was told of and no other, and every total is what the books say.
"""

from __future__ import annotations

import ast
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from tests.store.ledger import standings
from tests.year import tally
from tests.year.group import SIDE_DAYS, Group, founded
from tests.year.server import GUILD

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


def test_the_books_share_nothing_with_the_bot():
    tree = ast.parse(Path(tally.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    assert {str(name).split(".")[0] for name in names} <= sys.stdlib_module_names


async def test_a_year_of_fifty_members(tmp_path, shelf):
    path = tmp_path / "year.db"
    async with founded(path, shelf, Random(5)) as group:
        day = FIRST
        while day <= LAST:
            day = await live(group, day)
        await wind_up(group)
        await compare(group)
        ledger(group, path)
        counted = group.tally.counted
    assert set(counted) >= {
        "posted", "recorded", "recorded unheard", "stands", "stands after", "practised",
        "revealed", "keepers", "void", "paid before", "deleted", "own results", "quizzed",
        "asked before", "capped", "forgot", "scores", "streaks", "boards", "streak boards",
        "pressed after the bell", "weeks won", "months won", "killed at work", "killed at a press",
        "day posted", "day late", "day by_hand", "day missed", "day skipped", "day paused",
        "day deleted",
    }  # fmt: skip


async def live(group: Group, day: date) -> date:
    """Live through a day; return the next one on which anybody is there."""
    rng, chance = group.rng, group.rng.random
    if chance() < 0.015:  # the machine is off for days
        group.is_up = False
        if chance() < 0.5:
            await delete_one(group, day)
        until = day + DAY * rng.randint(1, 4)
        await group.until(until, rng.randint(0, 23))
        await group.start()
        return until + DAY * (group.now().hour >= 5)

    await group.until(day, 6)
    await group.play()
    group.revealed.clear()
    await group.bot.tidy()
    await group.quiz([p for p in group.some() if chance() < p.quizzes])
    await members_come_and_go(group)
    await managers_decide(group)

    is_dying = chance() < 0.08
    is_troubled = trouble(group)
    await group.until(day, 9, rng.randint(0, 40), kill=is_dying)
    if is_troubled:
        group.server.refusals.clear()
        await group.until(day, 9, 50)

    if chance() < 0.06:  # off for hours, over the morning's reveal or the evening's post
        group.is_up = False
        await group.until(day, rng.randint(10, 22))
        await group.start()
    await group.until(day, 12)
    await answer_open_ones(group, share=0.7)

    await group.until(day, 18, rng.randint(0, 20), kill=chance() < 0.08)
    await group.until(day, 19)
    await answer_open_ones(group, share=0.6)
    await group.quiz([p for p in group.some() if chance() < p.quizzes])
    if day.isoweekday() not in SIDE_DAYS:
        if chance() < 0.03:
            await group.manage("reveal", group.channel)
        elif chance() < 0.03:
            await delete_one(group, day)
    await members_look(group)

    tomorrow = day + DAY
    answered = [m for m in group.open_posts if group.open_posts[m] == group.channel]
    if chance() < 0.2:
        await press_after_the_bell(group)
    await group.until(tomorrow, 8, rng.randint(34, 50), kill=chance() < 0.06)
    for message_id in answered:
        if message_id in group.revealed:
            await group.look_at_result(message_id, group.some(0.06))
            for person in group.some(0.01):
                await group.press_too_late(message_id, person)
    return tomorrow


async def press_after_the_bell(group: Group) -> None:
    """Let members press a minute after a challenge's time, before the bot has closed it."""
    for message_id, channel in [*group.open_posts.items()]:
        moment = datetime.fromtimestamp(group.tally.sheets[message_id].closes_at + 60, UTC)
        wait = moment - group.server.now
        if channel == group.channel and timedelta(0) < wait < DAY and group.is_up:
            group.server.now = moment
            for person in group.some(0.05):
                await group.press_too_late(message_id, person)
            group.tally.counted["pressed after the bell"] += 1


def trouble(group: Group) -> bool:
    """Let Discord lose the response to the morning's post or refuse it, on some mornings."""
    chance, times = group.rng.random(), group.rng.randint(1, 3)
    if chance < 0.04:
        group.server.losses["send"] = 1
    elif chance < 0.08:
        group.server.refusals["send"] = times
    elif chance < 0.12:
        group.server.refusals["edit"] = times
    return chance < 0.12


async def answer_open_ones(group: Group, *, share: float) -> None:
    for message_id, channel in [*group.open_posts.items()]:
        interest = share if channel == group.channel else share / 2
        people = [p for p in group.some() if group.rng.random() < interest * p.diligence]
        await group.answer(message_id, people, kill=group.rng.random() < 0.03)


async def members_look(group: Group) -> None:
    chance = group.rng.random
    for person in group.some(0.015):
        await group.look_at_score(person)
    for person in group.some(0.015):
        await group.look_at_streak(person)
    for person in group.some()[:1]:
        if chance() < 0.1:
            await group.look_at_board(person, group.rng.choice(("week", "month", "all")))
        elif chance() < 0.05:
            await group.look_at_streaks(person)


async def members_come_and_go(group: Group) -> None:
    chance, today = group.rng.random, group.now().date()
    for person in group.people:
        if person.id not in group.server.members:
            if chance() < 0.03:
                group.server.members.add(person.id)
        elif chance() < 0.0006 and not group.has_answered_an_open_one(person):
            if today.weekday() in (2, 3) and 4 < today.day < 26:  # not when winners are told
                group.leave(person)
        elif chance() < 0.0008:
            await group.hide(person)
        elif person.id in group.tally.hidden and chance() < 0.02:
            await group.show(person)
        elif chance() < 0.0006:
            await group.forget(person)


async def managers_decide(group: Group) -> None:
    chance = group.rng.random
    channel = group.rng.choice((group.channel, group.side))
    known = {one.channel_id: one for one in await group.store.challenges_of(GUILD)}
    if known[channel].is_paused:
        if chance() < 0.5:
            await group.manage("resume", channel)
    elif chance() < 0.01:
        await group.manage("pause", channel)
    elif chance() < 0.02:
        await group.manage("skip", channel)
    elif chance() < 0.02 and (channel == group.channel or group.now().isoweekday() in SIDE_DAYS):
        await group.manage("now", channel)


async def delete_one(group: Group, day: date) -> None:
    if day.isoweekday() in SIDE_DAYS:
        return
    for message_id, channel in [*group.open_posts.items()]:
        if channel == group.channel and group.tally.sheets[message_id].day == day:
            await group.delete(message_id)


async def wind_up(group: Group) -> None:
    """Let everybody come back, everything close, and every round end."""
    for channel in (group.channel, group.side):
        await group.manage("off", channel)
    await group.until(LAST + 3 * DAY, 12)
    await group.until(LAST + 4 * DAY, 12)
    assert group.open_posts == {}
    for person in group.people:
        group.server.members.add(person.id)
        if person.id in group.away:
            await group.quiz([person])  # so that the bot meets them again


async def compare(group: Group) -> None:
    """Hold every total that can be looked at to the books."""
    for person in group.people:
        await group.look_at_score(person)
        await group.look_at_streak(person)
    reader = group.people[0]
    await group.look_at_board(reader, "all")
    await group.look_at_board(reader, "month")
    await group.look_at_streaks(reader)
    group.tally.accuracy_board(await group.board(reader, "all", "accuracy"))
    month = FIRST
    while month <= LAST:
        until = (month + 31 * DAY).replace(day=1) - DAY
        found = await standings(group.store, GUILD, since=month, until=until)
        told = [(s.rank, s.member_id, s.points, s.right, s.answered) for s in found]
        assert told == group.tally.places(month, until, set())
        month = until + DAY

    posts: dict[int, list[date]] = {group.channel: [], group.side: []}
    for message_id, sheet in group.tally.sheets.items():
        post = await group.store.post_of_message(message_id)
        assert post is not None
        assert post.study_date == sheet.day
        posts[post.channel_id].append(sheet.day)
    for challenge in await group.store.challenges_of(GUILD):
        days = posts[challenge.channel_id]
        assert len(days) == len(set(days))
        lines = await group.store.audit_lines(challenge.id, limit=2000)
        group.tally.counted.update(f"day {line.event}" for line in lines)
        told = {line.study_date for line in lines if line.event in ("posted", "late", "by_hand")}
        assert told == set(days)
        scheduled = {FIRST + DAY * n for n in range((LAST - FIRST).days + 1)}
        scheduled = {day for day in scheduled if day.isoweekday() in challenge.days}
        assert scheduled - {line.study_date for line in lines} == set()


def ledger(group: Group, path: Path) -> None:
    """Hold the answers in the file to those that members were told of, one by one."""
    with closing(sqlite3.connect(path)) as connection:
        daily = connection.execute(
            "SELECT message_id, answers.member_id, answers.place FROM answers"
            " JOIN posts ON posts.id = post_id"
            " WHERE kind = 'daily'"
        ).fetchall()
        former = connection.execute(
            "SELECT message_id, former_answers.place, count FROM former_answers"
            " JOIN posts ON posts.id = post_id"
            " WHERE kind = 'daily'"
        ).fetchall()
        quizzes = connection.execute(
            "SELECT answers.member_id, posts.study_date, is_correct, count(*)"
            " FROM answers JOIN posts ON posts.id = post_id WHERE kind = 'quiz' GROUP BY 1, 2, 3"
        ).fetchall()
    sheets = group.tally.sheets.values()
    assert sorted((m, who, "ABCD"[place]) for m, who, place in daily) == sorted(
        (sheet.message_id, who, pick) for sheet in sheets for who, pick in sheet.picks.items()
    )
    assert sorted((m, "ABCD"[place], count) for m, place, count in former) == sorted(
        (sheet.message_id, pick, count) for sheet in sheets for pick, count in sheet.former.items()
    )
    told = Counter(
        (member, entry.day.isoformat(), entry.is_right)
        for member, entries in group.tally.entries.items()
        for entry in entries
        if entry.kind == "quiz"
    )
    assert Counter({(who, day, bool(right)): n for who, day, right, n in quizzes}) == told
