"""Reports that a question is wrong, what the answers say about it, and which are held."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.core.doubt import LOOK_BACK, Doubt, DoubtState, Report, Statistics
from bot.core.model import Question
from bot.core.period import Span
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.rows import question_of, question_to_text
from bot.store.settings import ensure_server
from bot.store.totals import ALL_TOPICS, find_board

# Members' first answers to a question, by the post and the choice: how many in all, and of good
# members, who are judged by all that they answered there but this question.
_FIRSTS = """
    SELECT post_id, choice, count(*) AS everyone,
        sum(is_good(coalesce(totals.right, 0) - first_answers.right,
            coalesce(totals.answered, 0) - first_answers.answered)) AS good
    FROM first_answers
    LEFT JOIN totals ON totals.board_id = :board_id AND totals.member_id = first_answers.member_id
    WHERE guild_id = :guild_id AND question_id = :question_id
    AND answered_at >= :since AND answered_at > :settled_at
    GROUP BY post_id, choice
"""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A question that was answered since it was last looked at."""

    question_id: str
    answered: int
    """Its answers when this was read."""
    wordings: tuple[tuple[Question, Statistics], ...]
    """Each wording that it was asked in, since managers settled it last."""


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

    async def question_tallies(self, guild_id: int) -> dict[str, tuple[int, int]]:
        """Return right and all answers of a server's closed posts by question id."""
        return await self._read(
            lambda connection: {
                row["question_id"]: (row["right"], row["answered"])
                for row in connection.execute(
                    "SELECT question_id, right, answered FROM question_counts"
                    " WHERE guild_id = ? AND answered > 0",
                    (guild_id,),
                )
            }
        )

    async def statistics(self, guild_id: int, question: Question, now: datetime) -> Statistics:
        """Return how a server answered a question as it is worded here, forgotten members too."""
        since = to_text(now - LOOK_BACK)

        def work(connection: sqlite3.Connection) -> Statistics:
            found = _counted(connection, guild_id, question.id, since, settled_at="")
            counted = found.get(_wording(question), (question, *_zeros(question)))
            everyone = list(counted[1])
            for row in connection.execute(
                "SELECT posts.question, posts.shown_order, former_answers.place,"
                " former_answers.count FROM posts JOIN former_answers"
                " ON former_answers.post_id = posts.id WHERE guild_id = ?"
                " AND question_id = ? AND study_date >= ?",
                (guild_id, question.id, (now - LOOK_BACK).date().isoformat()),
            ):
                if _wording(question_of(row)) == _wording(question):
                    everyone[json.loads(row["shown_order"])[row["place"]]] += row["count"]
            return Statistics(tuple(everyone), tuple(counted[2]))

        return await self._read(work)

    async def unchecked(self, guild_id: int, now: datetime) -> tuple[Unchecked, ...]:
        """Return the questions of a server that were answered since ``mark_checked``, by id."""
        since = to_text(now - LOOK_BACK)

        def work(connection: sqlite3.Connection) -> tuple[Unchecked, ...]:
            rows = connection.execute(
                "SELECT question_counts.question_id, answered, settled_at FROM question_counts"
                " LEFT JOIN doubts ON doubts.guild_id = question_counts.guild_id"
                " AND doubts.question_id = question_counts.question_id"
                " WHERE question_counts.guild_id = ? AND answered <> checked"
                " ORDER BY question_counts.question_id",
                (guild_id,),
            ).fetchall()
            return tuple(
                Unchecked(
                    question_id,
                    answered,
                    tuple(
                        (question, Statistics(tuple(everyone), tuple(good)))
                        for question, everyone, good in _counted(
                            connection, guild_id, question_id, since, settled_at or ""
                        ).values()
                    ),
                )
                for question_id, answered, settled_at in rows
            )

        return await self._read(work)

    async def mark_checked(self, guild_id: int, found: Collection[Unchecked]) -> None:
        """Note that these were looked at; what was answered meanwhile stays to be looked at."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE question_counts SET checked = ? WHERE guild_id = ? AND question_id = ?",
                [(one.answered, guild_id, one.question_id) for one in found],
            )

        await self._write(work)


_Counted = tuple[Question, list[int], list[int]]


def _wording(question: Question) -> tuple[object, ...]:
    return question.id, question.prompt, question.choices, question.answer


def _zeros(question: Question) -> tuple[list[int], list[int]]:
    return [0] * len(question.choices), [0] * len(question.choices)


def _counted(
    connection: sqlite3.Connection, guild_id: int, question_id: str, since: str, settled_at: str
) -> dict[tuple[object, ...], _Counted]:
    """Count first answers by the wording of their question: a corrected one starts anew."""
    values = {
        "guild_id": guild_id,
        "question_id": question_id,
        "since": since,
        "settled_at": settled_at,
        "board_id": find_board(connection, guild_id, Span("all", None), ALL_TOPICS),
    }
    found: dict[tuple[object, ...], _Counted] = {}
    read: dict[str, _Counted] = {}
    """By text, which is mostly one for all posts."""
    for post_id, choice, everyone, good in connection.execute(_FIRSTS, values).fetchall():
        row = connection.execute("SELECT question FROM posts WHERE id = ?", (post_id,)).fetchone()
        if row["question"] not in read:
            question = question_of(row)
            counted = found.setdefault(_wording(question), (question, *_zeros(question)))
            read[row["question"]] = counted
        counted = read[row["question"]]
        counted[1][choice] += everyone
        counted[2][choice] += good
    return found
