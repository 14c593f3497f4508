"""What a close does: freeze what the post was worth, then write what each answer brought.

Freezing is one small write. Awards, boards and streaks follow in portions, so that members who
press a button meanwhile do not wait behind a hundred thousand rows; each portion notes how far it
came in the same transaction. A settling that was cut off goes on at the next look.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from bot.core.daily import local_date
from bot.core.score import FORMULA_VERSION, Award, daily_award, hard_bonus
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.season_streaks import open_season, put_season_streak
from bot.store.settings import zone_of
from bot.store.streaks import (
    ENDED_AT_ONCE,
    closed_days,
    end_streaks,
    put_streak,
    streak_with,
    studied_days,
    write_streak,
)
from bot.store.totals import Counted, count

PORTION = 50
"""Answers to a write; about a fiftieth of a second."""
Write = Callable[[Callable[[sqlite3.Connection], bool]], Awaitable[bool]]


class Settling(Access):
    """Finishing what a close began."""

    async def settle_closed(self) -> int:
        """Settle every post whose settling was cut off; return how many there were."""

        def unsettled(connection: sqlite3.Connection) -> list[int]:
            return [
                int(row["post_id"])
                for row in connection.execute("SELECT post_id FROM closes WHERE is_settled = 0")
            ]

        found = await self._read(unsettled)
        for post_id in found:
            await settle(self._write, post_id)
        return len(found)

    async def settle_post(self, post_id: int) -> None:
        """Finish one post's settling, if its close was cut off; done before changes nothing."""
        await settle(self._write, post_id)


def freeze(connection: sqlite3.Connection, post_id: int, *, at: datetime, base: int) -> bool:
    """Close a daily post and freeze what a right answer to it is worth; False when it was closed.

    ``base`` is what it is worth before the bonuses; 0 for a question that was withdrawn.
    """
    row = connection.execute(
        "SELECT 1 FROM posts WHERE id = ? AND closed_at IS NULL", (post_id,)
    ).fetchone()
    if row is None:
        return False
    right, answers = connection.execute(
        "SELECT coalesce(sum(is_correct), 0), count(*) FROM answers WHERE post_id = ?", (post_id,)
    ).fetchone()
    hard = hard_bonus(right, answers) if base else 0
    connection.execute(
        "UPDATE posts SET closed_at = ?, worth = ?, formula = ? WHERE id = ?",
        (to_text(at), base + hard, FORMULA_VERSION, post_id),
    )
    connection.execute(
        "INSERT INTO closes (post_id, base, hard, right, answers) VALUES (?, ?, ?, ?, ?)",
        (post_id, base, hard, right, answers),
    )
    return True


async def settle(write: Write, post_id: int) -> None:
    """Write what the answers to a closed post brought, in portions; done before does nothing."""
    while not await write(lambda connection: _settle_some(connection, post_id)):
        pass


def add_award(
    connection: sqlite3.Connection, answer_id: int, counted: Counted, kind: str, award: Award
) -> None:
    """Write what an answer brought; its boards are the caller's to move."""
    connection.execute(
        "INSERT INTO awards (answer_id, post_id, guild_id, member_id, kind, study_date, topic,"
        " is_correct, reason, base, hard, streak, paid, points, days, formula)"
        " SELECT id, post_id, ?, member_id, ?, ?, ?, is_correct, ?, ?, ?, ?, ?, ?, ?, ?"
        " FROM answers WHERE id = ?",
        (
            counted.guild_id,
            kind,
            counted.day.isoformat(),
            counted.topic,
            award.reason,
            award.base,
            award.hard,
            award.streak,
            award.paid,
            award.points,
            award.days,
            FORMULA_VERSION,
            answer_id,
        ),
    )


def practice_of(
    connection: sqlite3.Connection, guild_id: int, member_id: int, day: date, question_id: str
) -> tuple[bool, int]:
    """Return whether a member met a question on a date, and their points of practice of it.

    Practice is quizzes and contests; closed posts only, because open ones move nothing.
    """
    met, points = connection.execute(
        "SELECT coalesce(max(posts.question_id = ?), 0),"
        " coalesce(sum(awards.points * (awards.kind <> 'daily')), 0)"
        " FROM awards CROSS JOIN posts ON posts.id = awards.post_id"
        " WHERE awards.guild_id = ? AND awards.member_id = ? AND awards.study_date = ?",
        (question_id, guild_id, member_id, day.isoformat()),
    ).fetchone()
    return bool(met), int(points)


def _settle_some(connection: sqlite3.Connection, post_id: int) -> bool:
    """Settle the next portion; return whether that was the last."""
    post = connection.execute(
        "SELECT closes.*, posts.guild_id, posts.study_date, posts.question_id, posts.closed_at,"
        " json_extract(posts.question, '$.topic') AS topic"
        " FROM closes JOIN posts ON posts.id = closes.post_id WHERE closes.post_id = ?",
        (post_id,),
    ).fetchone()
    if post is None or post["is_settled"]:
        return True
    guild_id = int(post["guild_id"])
    day = date.fromisoformat(post["study_date"])
    today = local_date(from_text(post["closed_at"]), zone_of(connection, guild_id))
    days = closed_days(connection, guild_id, settling=post_id)
    season = open_season(connection, guild_id, day)
    answers = connection.execute(
        "SELECT id, member_id, is_correct FROM answers WHERE post_id = ? AND member_id > ?"
        " ORDER BY member_id LIMIT ?",
        (post_id, post["settled_to"], PORTION),
    ).fetchall()
    for answer in answers:
        member_id, is_correct = int(answer["member_id"]), bool(answer["is_correct"])
        studied = studied_days(connection, guild_id, member_id) | {day}
        streak = streak_with(days, studied, day)
        award = daily_award(
            is_correct=is_correct,
            base=post["base"],
            hard=post["hard"],
            days=streak.length,
            paid=_paid(connection, post, member_id) if is_correct else 0,
        )
        counted = Counted(guild_id, member_id, day, post["topic"], award.points, is_correct)
        add_award(connection, answer["id"], counted, "daily", award)
        count(connection, counted, today)
        if day != max(studied):  # it closed after a later day
            streak = streak_with(days, studied, max(studied))
        write_streak(connection, guild_id, member_id, streak)
        if season is not None:
            put_season_streak(connection, guild_id, member_id, season, days, studied)
    is_last = len(answers) < PORTION
    if is_last:
        _revise_later_streaks(connection, guild_id, day, days)
        is_last = end_streaks(connection, guild_id, days, ENDED_AT_ONCE) < ENDED_AT_ONCE
    connection.execute(
        "UPDATE closes SET settled_to = ?, is_settled = ? WHERE post_id = ?",
        (answers[-1]["member_id"] if answers else post["settled_to"], int(is_last), post_id),
    )
    return is_last


def _paid(connection: sqlite3.Connection, post: Any, member_id: int) -> int:
    """Return what the post's question brought a member on the same study date before."""
    row = connection.execute(
        "SELECT coalesce(sum(awards.points), 0) FROM awards"
        " CROSS JOIN posts ON posts.id = awards.post_id"
        " WHERE awards.guild_id = ? AND awards.member_id = ? AND awards.study_date = ?"
        " AND posts.question_id = ?",
        (post["guild_id"], member_id, post["study_date"], post["question_id"]),
    ).fetchone()
    return int(row[0])


def _revise_later_streaks(
    connection: sqlite3.Connection, guild_id: int, day: date, days: list[date]
) -> None:
    """Let a day that closed after a later one tell on the streaks that go on past it."""
    if day not in days:
        return
    season = open_season(connection, guild_id, day)
    for row in connection.execute(
        "SELECT member_id FROM streaks WHERE guild_id = ? AND last_day > ?",
        (guild_id, day.isoformat()),
    ).fetchall():
        member_id = int(row["member_id"])
        studied = studied_days(connection, guild_id, member_id)
        put_streak(connection, guild_id, member_id, days, studied)
        if season is not None:
            put_season_streak(connection, guild_id, member_id, season, days, studied)
