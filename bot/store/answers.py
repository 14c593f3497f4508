"""The ledger: taking answers.

Whether an answer counts is decided inside the writer, where nothing else happens at the same
time: a double click, a second process's retry and a close cannot come in between. What a post
asks never changes (a trigger sees to it), so it is read once and remembered; whether it is open
is read each time.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal

from bot.core.daily import local_date
from bot.core.post import Answer, PostKind, Recorded
from bot.core.score import FORMULA_VERSION, quiz_award
from bot.core.secrecy import WITHHELD
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.rows import answer_of, shown_of
from bot.store.settings import DEFAULT_ZONE
from bot.store.settling import add_award, practice_of
from bot.store.totals import Counted, count

ROUND_LASTS = timedelta(days=1)
"""A round begun before midnight may be finished after it; later it would move old boards."""
REMEMBERED = 1000
"""Posts whose question is remembered; open challenges are far fewer."""
GONE = "That question is gone. Start a new one with /quiz."


class NoContestant(UserError):
    """The member has no part in the contest that a question belongs to."""

    def __init__(self) -> None:
        super().__init__("You are not taking part in that one.")


_OPEN = """
    SELECT closed_at, closes_at, member_id,
        (SELECT zone FROM servers WHERE servers.guild_id = posts.guild_id) AS zone
    FROM posts WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What never changes about a post, as far as an answer needs it."""

    kind: PostKind
    guild_id: int | None
    key: int
    options: int
    question_id: str
    topic: str
    study_date: date
    contest_id: int | None = None


class Answers(Access):
    """Taking answers, each once."""

    _asked: dict[int, Asked]
    """Remembered by post; only the writer's thread looks at it."""

    async def record_answer(
        self, post_id: int, *, member_id: int, place: int, at: datetime
    ) -> Recorded:
        """Record a member's pick; when they answered before, the first answer stands.

        A quiz post is closed by its answer, which brings what ``quiz_award`` says and moves the
        boards at once.

        Raises:
            UserError: there is no such post or option, it is not open, it is another member's or
                of a contest that the member has no part in, or its question is an open one of
                the server.
        """
        moment = to_text(at)
        answered_at = at.astimezone(UTC)

        def work(connection: sqlite3.Connection) -> Recorded:
            row = connection.execute(_OPEN, (post_id,)).fetchone()
            if row is None:
                raise UserError(GONE)
            closed_at, closes_at, owner_id, zone = row
            asked = self._asked.get(post_id) or self._what(connection, post_id)
            if asked.kind == "quiz" and owner_id != member_id:
                raise UserError("These buttons belong to someone else. Start your own with /quiz.")
            # ISO texts of one width: their order is the order of time.
            is_open = closed_at is None and not (closes_at is not None and moment >= closes_at)
            today = local_date(at, zone or DEFAULT_ZONE)
            refused: Refusal | None = "closed"
            if asked.contest_id is not None:
                refused = _not_in_contest(connection, asked.contest_id, member_id)
                is_open = is_open and closes_at is not None and refused is None
                refused = refused or "bell"
            if is_open:
                refused = _refusal(connection, asked, place, today)
            answer_id = None
            if refused is None:
                answer_id = _insert(
                    connection, (post_id, member_id, place, place == asked.key, moment, today)
                )
            if answer_id is None:
                earlier = connection.execute(
                    "SELECT * FROM answers WHERE post_id = ? AND member_id = ?",
                    (post_id, member_id),
                ).fetchone()
                if earlier is None:
                    if refused == "stranger":
                        raise NoContestant
                    raise UserError(_REFUSALS[refused or "closed"])
                return Recorded(answer_of(earlier), is_new=False)
            answer = Answer(post_id, member_id, place, place == asked.key, answered_at)
            if asked.kind == "quiz":
                _close_quiz(connection, asked, answer, answer_id, today)
            return Recorded(answer, is_new=True)

        return await self._write(work)

    def _what(self, connection: sqlite3.Connection, post_id: int) -> Asked:
        """Read what a post asks, and remember it if many will answer."""
        row = connection.execute("SELECT * FROM posts WHERE id = ?", (post_id,)).fetchone()
        shown = shown_of(row)
        asked = Asked(
            kind=row["kind"],
            guild_id=row["guild_id"],
            key=shown.key,
            options=len(shown.order),
            question_id=shown.question.id,
            topic=shown.question.topic,
            study_date=date.fromisoformat(row["study_date"]),
            contest_id=row["contest_id"],
        )
        if asked.kind != "quiz":  # which is answered once
            while len(self._asked) >= REMEMBERED:
                del self._asked[next(iter(self._asked))]
            self._asked[post_id] = asked
        return asked


Refusal = Literal["option", "closed", "over", "open", "bell", "stranger"]
_REFUSALS: dict[Refusal, str] = {
    "option": "That option is not one of this question's.",
    "closed": "That challenge is closed. The next one comes soon.",
    "over": "That round is over. Start a new one with /quiz.",
    "open": WITHHELD,
    "bell": "That question takes no answers any more.",
}


def _refusal(
    connection: sqlite3.Connection, asked: Asked, place: int, today: date
) -> Refusal | None:
    """Return why a first answer to an open post would not be taken; None when it would."""
    if not 0 <= place < asked.options:
        return "option"
    if asked.kind == "quiz":
        if today > asked.study_date + ROUND_LASTS:
            return "over"
        # A round that was drawn before the challenge must not tell the challenge's key.
        row = connection.execute(
            "SELECT 1 FROM posts WHERE kind = 'daily' AND closed_at IS NULL AND guild_id = ?1"
            " AND question_id = ?2 UNION ALL"
            " SELECT 1 FROM posts WHERE contest_id IS NOT NULL AND closed_at IS NULL"
            " AND guild_id = ?1 AND question_id = ?2",
            (asked.guild_id, asked.question_id),
        ).fetchone()
        if row is not None:
            return "open"
    return None


def _not_in_contest(
    connection: sqlite3.Connection, contest_id: int, member_id: int
) -> Refusal | None:
    row = connection.execute(
        "SELECT 1 FROM contestants WHERE contest_id = ? AND member_id = ? AND left_at IS NULL",
        (contest_id, member_id),
    ).fetchone()
    return "stranger" if row is None else None


def _insert(
    connection: sqlite3.Connection, answer: tuple[int, int, int, bool, str, date]
) -> int | None:
    """Write an answer; return its id, or None when the member had answered before."""
    post_id, member_id, place, is_correct, moment, today = answer
    cursor = connection.execute(
        "INSERT INTO answers (post_id, member_id, place, is_correct, answered_at, answered_on)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (post_id, member_id) DO NOTHING",
        (post_id, member_id, place, int(is_correct), moment, today.isoformat()),
    )
    return cursor.lastrowid if cursor.rowcount else None


def _close_quiz(
    connection: sqlite3.Connection, asked: Asked, answer: Answer, answer_id: int, today: date
) -> None:
    """Close a quiz post with its answer, and write what that brought."""
    asked_before, points_today = False, 0
    if asked.guild_id is not None:
        asked_before, points_today = practice_of(
            connection, asked.guild_id, answer.member_id, asked.study_date, asked.question_id
        )
    value = partial(
        quiz_award,
        in_server=asked.guild_id is not None,
        asked_before=asked_before,
        points_today=points_today,
    )
    connection.execute(
        "UPDATE posts SET closed_at = ?, worth = ?, formula = ? WHERE id = ?",
        (
            to_text(answer.answered_at),
            value(is_correct=True).points,  # of a right one, whatever was picked
            FORMULA_VERSION,
            answer.post_id,
        ),
    )
    if asked.guild_id is not None:
        award = value(is_correct=answer.is_correct)
        counted = Counted(
            asked.guild_id,
            answer.member_id,
            asked.study_date,
            asked.topic,
            award.points,
            answer.is_correct,
        )
        add_award(connection, answer_id, counted, "quiz", award)
        count(connection, counted, today)
