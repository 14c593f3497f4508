"""Members' names, and their rights: all that is kept about one, and forgetting them.

Every query here that touches a table with a member's id has its place in both halves; a test
scans all tables after a member was forgotten.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.core.kept import Forgotten
from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.ratings import rate_all_finished
from bot.store.settings import ensure_server
from bot.store.teams import forget_in_teams
from bot.store.visibility import relist

# A server of None stands for everywhere, so each condition lets all rows through then.
_HERE = "(:guild_id IS NULL OR posts.guild_id = :guild_id)"
_IN_SERVER = "(:guild_id IS NULL OR guild_id = :guild_id)"


class Members(Access):
    """Who members are, as far as it is known, and what they may ask for."""

    async def record_name(self, guild_id: int, member_id: int, name: str, at: datetime) -> None:
        """Keep the name a member goes by in a server, over the last one.

        Whoever was noted as having left is there again.
        """
        seen_at = to_text(at)

        def work(connection: sqlite3.Connection) -> None:
            ensure_server(connection, guild_id)
            connection.execute(
                "INSERT INTO members (guild_id, member_id, name, seen_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (guild_id, member_id) DO UPDATE"
                " SET name = excluded.name, seen_at = excluded.seen_at",
                (guild_id, member_id, name, seen_at),
            )
            relist(connection, guild_id, member_id, "left")

        await self._write(work)

    async def member_names(self, guild_id: int, member_ids: Collection[int]) -> dict[int, str]:
        """Return the names of those members of a server whose names are known."""
        return await self._read(lambda connection: names_of(connection, guild_id, member_ids))

    async def export_member(
        self, member_id: int, guild_id: int | None
    ) -> dict[str, list[dict[str, Any]]]:
        """Return all that is kept about a member, in a server or with None everywhere.

        Plain rows of JSON's types, by what they are, oldest first. Answers to challenges that
        are still open are left out, as is the key of a quiz question that is not answered yet.
        What belongs to no server, such as their questions, comes with None only.
        """
        values = {"member_id": member_id, "guild_id": guild_id}

        def work(connection: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
            def rows(sql: str) -> list[dict[str, Any]]:
                return [dict(row) for row in connection.execute(sql, values)]

            return {
                "answers": [_answer(row) for row in rows(_ANSWERS)],
                "rounds": rows(
                    "SELECT id, guild_id, member_id, study_date, started_at FROM rounds"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY id"
                ),
                "open_quiz_questions": [_question(row) for row in rows(_OPEN_QUIZ_POSTS)],
                "questions_asked": rows(
                    "SELECT member_id, question, entry_id, asked_at FROM lookups"
                    " WHERE member_id = :member_id AND :guild_id IS NULL ORDER BY id"
                ),
                "names": rows(
                    "SELECT guild_id, member_id, name, seen_at FROM members"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY guild_id"
                ),
                "questions_reported": [
                    {**row, "question": json.loads(row["question"])["prompt"]}
                    for row in rows(
                        "SELECT guild_id, member_id, question, reason, reports.at AS at"
                        " FROM reports JOIN doubts ON doubts.id = reports.doubt_id"
                        f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY reports.id"
                    )
                ],
                "challenges_set_up": rows(
                    "SELECT id, guild_id, set_by, set_at FROM challenges"
                    f" WHERE set_by = :member_id AND {_IN_SERVER} ORDER BY id"
                ),
                "streaks": rows(
                    "SELECT guild_id, member_id, length, best, freezes, last_day FROM streaks"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY guild_id"
                ),
                "wins": rows(_WINS),
                "contests": rows(_CONTESTS),
                "duels": rows(_DUELS),
                "duel_questions_shown": rows(_DUEL_TIMES),
                "ratings": rows(
                    "SELECT guild_id, member_id, mu, sigma, contests FROM ratings"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY guild_id"
                ),
                "rating_steps": rows(
                    "SELECT guild_id, member_id, contest_id, rank, mu_before, sigma_before, mu,"
                    " sigma FROM rating_steps"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY contest_id"
                ),
                "season_places": rows(_SEASON_PLACES),
                "season_prizes": rows(_SEASON_PRIZES),
                "season_streaks": rows(
                    "SELECT seasons.guild_id, seasons.name AS season, member_id, best"
                    " FROM season_streaks JOIN seasons ON seasons.id = season_id"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY season_id"
                ),
                "champion_roles": rows(
                    "SELECT seasons.guild_id, seasons.name AS season, member_id,"
                    " champions.role_id, given_at FROM champions"
                    " JOIN seasons ON seasons.id = season_id"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY season_id"
                ),
                "seasons_set_up": rows(
                    "SELECT id, guild_id, name, set_by, set_at FROM seasons"
                    f" WHERE set_by = :member_id AND {_IN_SERVER} ORDER BY id"
                ),
                "not_listed": rows(
                    "SELECT guild_id, member_id, reason, since FROM unlisted"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY guild_id, reason"
                ),
                "teams": rows(
                    "SELECT memberships.guild_id, member_id, teams.name AS team, is_captain,"
                    " is_told, joined_at, left_at, end"
                    " FROM memberships JOIN teams ON teams.id = memberships.team_id"
                    " WHERE member_id = :member_id"
                    " AND (:guild_id IS NULL OR memberships.guild_id = :guild_id)"
                    " ORDER BY memberships.id"
                ),
                "team_requests": rows(
                    "SELECT team_requests.guild_id, member_id, teams.name AS team, kind, asked_at"
                    " FROM team_requests JOIN teams ON teams.id = team_requests.team_id"
                    " WHERE member_id = :member_id"
                    " AND (:guild_id IS NULL OR team_requests.guild_id = :guild_id)"
                    " ORDER BY asked_at, team_id"
                ),
                "brought_to_teams": rows(
                    "SELECT team_totals.guild_id, member_id, teams.name AS team, kind, first,"
                    " points, right, answered"
                    " FROM team_totals JOIN teams ON teams.id = team_totals.team_id"
                    " WHERE member_id = :member_id AND kind = 'all'"
                    " AND (:guild_id IS NULL OR team_totals.guild_id = :guild_id)"
                    " ORDER BY team_id"
                ),
                "reminders": rows(
                    "SELECT guild_id, member_id, set_at, refused_at FROM reminders"
                    f" WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY guild_id"
                ),
                "reminded": rows(
                    "SELECT posts.guild_id, reminded.member_id, post_id, reminded.claimed_at"
                    " FROM reminded"
                    " JOIN posts ON posts.id = reminded.post_id"
                    " WHERE reminded.member_id = :member_id"
                    f" AND {_HERE} ORDER BY post_id"
                ),
            }

        return await self._read(work)

    async def forget_member(self, member_id: int, guild_id: int | None) -> Forgotten:
        """Delete a member, in a server or with None everywhere; return what went.

        Answers to closed posts become counts that name nobody; those to open challenges are
        withdrawn, so the member could answer again. What belongs to no server goes with None
        only. Points, streaks and places on boards go with the answers; in kept standings a
        place stays that names nobody.
        """
        values = {"member_id": member_id, "guild_id": guild_id}

        def work(connection: sqlite3.Connection) -> Forgotten:
            def run(sql: str) -> int:
                return connection.execute(sql, values).rowcount

            rate_all_finished(connection)  # or what they played would not tell on the others
            run(_COUNT_ANSWERS)
            forget_in_teams(connection, member_id, guild_id)
            for table in ("awards", "streaks", "ratings", "rating_steps", "unlisted", "reminders"):
                run(f"DELETE FROM {table} WHERE member_id = :member_id AND {_IN_SERVER}")
            run(
                "DELETE FROM totals WHERE member_id = :member_id"
                f" AND board_id IN (SELECT id FROM boards WHERE {_IN_SERVER})"
            )
            run(
                "DELETE FROM reminded WHERE member_id = :member_id AND EXISTS"
                f" (SELECT 1 FROM posts WHERE id = reminded.post_id AND {_HERE})"
            )
            run(
                "UPDATE winners SET member_id = NULL WHERE member_id = :member_id"
                f" AND honour_id IN (SELECT id FROM honours WHERE {_IN_SERVER})"
            )
            run(
                "UPDATE contestants SET member_id = NULL WHERE member_id = :member_id"
                f" AND contest_id IN (SELECT id FROM contests WHERE {_IN_SERVER})"
            )
            for role in ("challenger_id", "opponent_id"):
                run(f"UPDATE duels SET {role} = NULL WHERE {role} = :member_id AND {_IN_SERVER}")
            run(
                "DELETE FROM duel_times WHERE member_id = :member_id"
                f" AND contest_id IN (SELECT id FROM contests WHERE {_IN_SERVER})"
            )
            for table in ("season_places", "season_prizes"):
                run(
                    f"UPDATE {table} SET member_id = NULL WHERE member_id = :member_id"
                    f" AND season_id IN (SELECT id FROM seasons WHERE {_IN_SERVER})"
                )
            for table in ("season_streaks", "champions"):
                run(
                    f"DELETE FROM {table} WHERE member_id = :member_id"
                    f" AND season_id IN (SELECT id FROM seasons WHERE {_IN_SERVER})"
                )
            run(f"UPDATE seasons SET set_by = NULL WHERE set_by = :member_id AND {_IN_SERVER}")
            answers = run(
                "DELETE FROM answers WHERE member_id = :member_id AND EXISTS"
                f" (SELECT 1 FROM posts WHERE id = answers.post_id AND {_HERE})"
            )
            run(f"DELETE FROM posts WHERE member_id = :member_id AND closed_at IS NULL AND {_HERE}")
            # Without its round, a post is not even known to be of the same member as another.
            run(
                "UPDATE posts SET member_id = NULL, round_id = NULL, place = 0"
                f" WHERE member_id = :member_id AND {_HERE}"
            )
            rounds = run(f"DELETE FROM rounds WHERE member_id = :member_id AND {_IN_SERVER}")
            names = run(f"DELETE FROM members WHERE member_id = :member_id AND {_IN_SERVER}")
            run(
                "DELETE FROM reports WHERE member_id = :member_id AND doubt_id IN"
                f" (SELECT id FROM doubts WHERE {_IN_SERVER})"
            )
            run(
                f"DELETE FROM doubts WHERE state = 'reported' AND {_IN_SERVER}"
                " AND settled_at IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM reports WHERE doubt_id = doubts.id)"
            )
            run(f"UPDATE challenges SET set_by = NULL WHERE set_by = :member_id AND {_IN_SERVER}")
            lookups = run("DELETE FROM lookups WHERE member_id = :member_id AND :guild_id IS NULL")
            return Forgotten(answers=answers, rounds=rounds, lookups=lookups, names=names)

        return await self._write(work)


def names_of(
    connection: sqlite3.Connection, guild_id: int, member_ids: Collection[int]
) -> dict[int, str]:
    """Return the names by which members were last seen in a server, as far as they are known."""
    marks = ", ".join("?" * len(member_ids))
    return {
        int(row["member_id"]): str(row["name"])
        for row in connection.execute(
            f"SELECT member_id, name FROM members WHERE guild_id = ? AND member_id IN ({marks})",
            (guild_id, *member_ids),
        )
    }


_ANSWERS = f"""
    SELECT posts.kind, posts.guild_id, posts.study_date, posts.question, posts.shown_order,
        answers.post_id, answers.member_id, answers.place, answers.is_correct,
        answers.answered_at, answers.answered_on, coalesce(awards.points, 0) AS points,
        awards.reason, awards.base, awards.hard, awards.streak, awards.paid,
        awards.days AS streak_days, awards.formula
    FROM answers JOIN posts ON posts.id = answers.post_id
    LEFT JOIN awards ON awards.answer_id = answers.id
    WHERE answers.member_id = :member_id AND posts.closed_at IS NOT NULL AND {_HERE}
    AND (posts.guild_id IS NULL OR awards.answer_id IS NOT NULL)
    ORDER BY answers.id
"""
_OPEN_QUIZ_POSTS = f"""
    SELECT id, guild_id, member_id, round_id, place, study_date, claimed_at, question, shown_order
    FROM posts WHERE member_id = :member_id AND closed_at IS NULL AND {_HERE} ORDER BY id
"""
_WINS = """
    SELECT honours.guild_id, winners.member_id, honours.kind, honours.first, winners.rank,
        winners.points, winners.right, winners.answered
    FROM winners JOIN honours ON honours.id = winners.honour_id
    WHERE winners.member_id = :member_id AND (:guild_id IS NULL OR honours.guild_id = :guild_id)
    ORDER BY honours.id
"""
_CONTESTS = """
    SELECT contests.kind, contests.guild_id, contests.study_date, contestants.contest_id,
        contestants.member_id, contestants.joined_at, contestants.left_at, contests.finished_at,
        contestants.rank, contestants.score, contestants.right, contestants.answered,
        contestants.took_ms, (SELECT name FROM contestant_teams
            JOIN teams ON teams.id = team_id WHERE contestant_id = contestants.id) AS team
    FROM contestants JOIN contests ON contests.id = contestants.contest_id
    WHERE contestants.member_id = :member_id
    AND (:guild_id IS NULL OR contests.guild_id = :guild_id) ORDER BY contestants.id
"""
# Without the other one's id, which is theirs.
_DUELS = f"""
    SELECT id, guild_id, :member_id AS member_id, topic, made_at, deadline, ended_at, ending,
        contest_id, CASE challenger_id WHEN :member_id THEN 'challenger' ELSE 'challenged' END
        AS role
    FROM duels WHERE :member_id IN (challenger_id, opponent_id) AND {_IN_SERVER} ORDER BY id
"""
_DUEL_TIMES = """
    SELECT contests.guild_id, duel_times.member_id, contest_id, place, shown_at FROM duel_times
    JOIN contests ON contests.id = duel_times.contest_id
    WHERE duel_times.member_id = :member_id
    AND (:guild_id IS NULL OR contests.guild_id = :guild_id) ORDER BY contest_id, place
"""
_SEASON_PLACES = f"""
    SELECT guild_id, seasons.name AS season, first, last, member_id, rank, points, right, answered
    FROM season_places JOIN seasons ON seasons.id = season_id
    WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY season_id
"""
_SEASON_PRIZES = f"""
    SELECT guild_id, seasons.name AS season, kind, member_id, value
    FROM season_prizes JOIN seasons ON seasons.id = season_id
    WHERE member_id = :member_id AND {_IN_SERVER} ORDER BY season_id, kind
"""
_COUNT_ANSWERS = f"""
    INSERT INTO former_answers (post_id, place, count)
    SELECT answers.post_id, answers.place, 1
    FROM answers JOIN posts ON posts.id = answers.post_id
    WHERE answers.member_id = :member_id AND posts.closed_at IS NOT NULL AND {_HERE}
    ON CONFLICT (post_id, place) DO UPDATE SET count = count + 1
"""


def _question(row: dict[str, Any]) -> dict[str, Any]:
    """Replace the frozen question by its words, options as they were shown."""
    question = json.loads(row.pop("question"))
    order = json.loads(row.pop("shown_order"))
    return {
        **row,
        "question": question["prompt"],
        "options": [question["choices"][index] for index in order],
    }


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    asked = _question(row)
    return {
        **asked,
        "picked": asked["options"][asked["place"]],
        "is_correct": bool(asked.pop("is_correct")),
    }
