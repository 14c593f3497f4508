"""Reports that a question is wrong, what the answers say about it, and which are held."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from bot.core.doubt import (
    LOOK_BACK,
    Doubt,
    DoubtState,
    Report,
    Statistics,
    is_good,
)
from bot.core.model import Question
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.rows import question_of, question_to_text
from bot.store.settings import ensure_server

# One row a member and question: their first answer, and how they did at all other questions.
_FIRSTS = """
    WITH given AS (
        SELECT answers.id AS id, answers.member_id AS member_id, answers.place AS place,
            answers.is_correct AS is_correct, answers.post_id AS post_id,
            posts.question_id AS question_id
        FROM posts JOIN answers ON answers.post_id = posts.id
        WHERE posts.guild_id = :guild_id AND posts.closed_at IS NOT NULL
        AND posts.study_date >= :since
    ), totals AS (
        SELECT member_id, count(*) AS answered, sum(is_correct) AS right FROM given
        GROUP BY member_id
    ), firsts AS (
        SELECT member_id, question_id, min(id) AS id, count(*) AS answered,
            sum(is_correct) AS right
        FROM given GROUP BY member_id, question_id
    )
    SELECT posts.question AS question, given.place AS place, posts.shown_order AS shown_order,
        totals.answered - firsts.answered AS answered, totals.right - firsts.right AS right
    FROM firsts JOIN totals ON totals.member_id = firsts.member_id
    JOIN given ON given.id = firsts.id JOIN posts ON posts.id = given.post_id
    LEFT JOIN doubts ON doubts.guild_id = :guild_id AND doubts.question_id = firsts.question_id
    WHERE (:question_id IS NULL OR firsts.question_id = :question_id)
    AND (:is_whole OR doubts.settled_at IS NULL OR
        (SELECT answered_at FROM answers WHERE id = firsts.id) > doubts.settled_at)
    ORDER BY given.id
"""


class Doubts(Access):
    """The queue of questions that managers look at."""

    async def report_question(
        self, guild_id: int, question: Question, *, member_id: int, reason: str | None, at: datetime
    ) -> bool:
        """Record a member's word that a question is wrong; return False for their second word.

        The second one takes the place of the first. What managers had settled is open again.
        """
        values = {
            "guild_id": guild_id,
            "question_id": question.id,
            "question": question_to_text(question),
            "member_id": member_id,
            "reason": reason or None,
            "at": to_text(at),
        }

        def work(connection: sqlite3.Connection) -> bool:
            ensure_server(connection, guild_id)
            connection.execute(
                "INSERT INTO doubts (guild_id, question_id, question, state, at)"
                " VALUES (:guild_id, :question_id, :question, 'reported', :at)"
                " ON CONFLICT (guild_id, question_id) DO UPDATE SET"
                " state = iif(state = 'settled', 'reported', state)",
                values,
            )
            is_new = (
                connection.execute(
                    "SELECT 1 FROM reports JOIN doubts ON doubts.id = reports.doubt_id"
                    " WHERE guild_id = :guild_id AND question_id = :question_id"
                    " AND member_id = :member_id",
                    values,
                ).fetchone()
                is None
            )
            connection.execute(
                "INSERT INTO reports (doubt_id, member_id, reason, at)"
                " SELECT id, :member_id, :reason, :at FROM doubts"
                " WHERE guild_id = :guild_id AND question_id = :question_id"
                " ON CONFLICT (doubt_id, member_id) DO UPDATE SET"
                " reason = excluded.reason, at = excluded.at",
                values,
            )
            return is_new

        return await self._write(work)

    async def hold_question(
        self, guild_id: int, question: Question, *, why: str, at: datetime
    ) -> bool:
        """Have a question not asked any more; return False when it is held already."""
        values = (guild_id, question.id, question_to_text(question), why, to_text(at))

        def work(connection: sqlite3.Connection) -> bool:
            ensure_server(connection, guild_id)
            return (
                connection.execute(
                    "INSERT INTO doubts (guild_id, question_id, question, state, why, at)"
                    " VALUES (?, ?, ?, 'held', ?, ?) ON CONFLICT (guild_id, question_id) DO UPDATE"
                    " SET state = 'held', why = excluded.why, at = excluded.at"
                    " WHERE state <> 'held'",
                    values,
                ).rowcount
                == 1
            )

        return await self._write(work)

    async def set_doubt(
        self, doubt_id: int, guild_id: int, state: DoubtState, *, why: str | None, at: datetime
    ) -> None:
        """Settle a doubt, or hold its question.

        What was answered before it is settled holds the question no more.

        Raises:
            UserError: the server has no such doubt.
        """
        moment = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            changed = connection.execute(
                "UPDATE doubts SET state = :state, why = :why,"
                " settled_at = iif(:state = 'settled', :at, settled_at)"
                " WHERE id = :id AND guild_id = :guild_id",
                {"state": state, "why": why, "at": moment, "id": doubt_id, "guild_id": guild_id},
            ).rowcount
            if not changed:
                raise UserError("That question is not in this server's list any more.")

        await self._write(work)

    async def doubts(self, guild_id: int) -> tuple[Doubt, ...]:
        """Return what is not settled: held ones first, then most reported, then oldest."""

        def work(connection: sqlite3.Connection) -> tuple[Doubt, ...]:
            reports: defaultdict[int, list[Report]] = defaultdict(list)
            for row in connection.execute(
                "SELECT reports.* FROM reports JOIN doubts ON doubts.id = reports.doubt_id"
                " WHERE guild_id = ? AND (settled_at IS NULL OR reports.at > settled_at)"
                " ORDER BY reports.at DESC, reports.id DESC",
                (guild_id,),
            ):
                reports[row["doubt_id"]].append(Report(row["reason"], from_text(row["at"])))
            found = [
                Doubt(
                    id=row["id"],
                    guild_id=guild_id,
                    question=question_of(row),
                    state=row["state"],
                    why=row["why"],
                    at=from_text(row["at"]),
                    reports=tuple(reports[row["id"]]),
                )
                for row in connection.execute(
                    "SELECT * FROM doubts WHERE guild_id = ? AND state <> 'settled' ORDER BY id",
                    (guild_id,),
                )
            ]
            open_ones = [d for d in found if d.state == "held" or d.reports]
            return tuple(sorted(open_ones, key=lambda d: (d.state != "held", -len(d.reports))))

        return await self._read(work)

    async def held_questions(self, guild_id: int) -> frozenset[str]:
        """Return the ids of the questions that are not asked in a server."""
        return await self._read(
            lambda connection: frozenset(
                row["question_id"]
                for row in connection.execute(
                    "SELECT question_id FROM doubts WHERE guild_id = ? AND state = 'held'",
                    (guild_id,),
                )
            )
        )

    async def question_tallies(self, guild_id: int, since: date) -> dict[str, tuple[int, int]]:
        """Return right and all answers of a server's closed posts by question id."""
        values = (guild_id, since.isoformat())
        return await self._read(
            lambda connection: {
                row["question_id"]: (row["right"], row["answered"])
                for row in connection.execute(
                    "SELECT question_id, sum(is_correct) AS right, count(*) AS answered"
                    " FROM posts JOIN answers ON answers.post_id = posts.id"
                    " WHERE guild_id = ? AND closed_at IS NOT NULL AND study_date >= ?"
                    " GROUP BY question_id",
                    values,
                )
            }
        )

    async def statistics(self, guild_id: int, question: Question, now: datetime) -> Statistics:
        """Return how a server answered a question as it is worded here, forgotten members too."""

        def work(connection: sqlite3.Connection) -> Statistics:
            values = _values(guild_id, now, question.id, is_whole=True)
            rows = [*connection.execute(_FIRSTS, values)]
            counted = _counted(rows).get(_wording(question), (question, *_zeros(question)))
            everyone = list(counted[1])
            for row in connection.execute(
                "SELECT posts.question, posts.shown_order, former_answers.place,"
                " former_answers.count FROM posts JOIN former_answers"
                " ON former_answers.post_id = posts.id WHERE guild_id = :guild_id"
                " AND question_id = :question_id AND study_date >= :since",
                values,
            ):
                if _wording(question_of(row)) == _wording(question):
                    everyone[json.loads(row["shown_order"])[row["place"]]] += row["count"]
            return Statistics(tuple(everyone), tuple(counted[2]))

        return await self._read(work)

    async def all_statistics(
        self, guild_id: int, now: datetime
    ) -> tuple[tuple[Question, Statistics], ...]:
        """Return each answered question with its statistics since managers settled it last."""
        return await self._read(
            lambda connection: tuple(
                (question, Statistics(tuple(everyone), tuple(good)))
                for question, everyone, good in _counted(
                    connection.execute(_FIRSTS, _values(guild_id, now, None, is_whole=False))
                ).values()
            )
        )


_Counted = tuple[Question, list[int], list[int]]


def _values(
    guild_id: int, now: datetime, question_id: str | None, *, is_whole: bool
) -> dict[str, object]:
    since = (now - LOOK_BACK).date().isoformat()
    return {
        "guild_id": guild_id, "question_id": question_id, "since": since,
        "is_whole": int(is_whole),
    }  # fmt: skip


def _wording(question: Question) -> tuple[object, ...]:
    return question.id, question.prompt, question.choices, question.answer


def _zeros(question: Question) -> tuple[list[int], list[int]]:
    return [0] * len(question.choices), [0] * len(question.choices)


def _counted(rows: Any) -> dict[tuple[object, ...], _Counted]:
    """Count first answers by the wording of their question: a corrected one starts anew."""
    found: dict[tuple[object, ...], _Counted] = {}
    read: dict[tuple[str, str], tuple[list[int], _Counted]] = {}
    """By text, because a large server's thousands of answers are to few questions."""
    for row in rows:
        text = row["question"], row["shown_order"]
        if text not in read:
            question = question_of(row)
            counted = found.setdefault(_wording(question), (question, *_zeros(question)))
            read[text] = json.loads(row["shown_order"]), counted
        order, counted = read[text]
        choice = order[row["place"]]
        counted[1][choice] += 1
        if is_good(row["right"], row["answered"]):
            counted[2][choice] += 1
    return found
