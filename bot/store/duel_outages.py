"""An outage of the bot stops the clocks of open duels."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.core.duel import Duel
from bot.store.access import Access
from bot.store.duel_rows import duel_of
from bot.store.moment import from_text, maybe_to_text, to_text


class DuelOutages(Access):
    """Signs of life."""

    async def keep_duels_alive(self, now: datetime, outage: timedelta) -> int:
        """Note a sign of life for all open duels; return how many an outage extended.

        When the last one is longer ago than ``outage``, the bot was down in between: their ends
        move by that time, and so does the showing of questions that wait for their answer.
        """
        moment, before = to_text(now), to_text(now - outage)

        def work(connection: sqlite3.Connection) -> int:
            late = connection.execute(
                "SELECT * FROM duels WHERE ended_at IS NULL AND alive_at < ?", (before,)
            ).fetchall()
            for row in late:
                _extend(connection, duel_of(connection, row), now - from_text(row["alive_at"]))
            connection.execute(
                "UPDATE duels SET alive_at = ? WHERE ended_at IS NULL AND alive_at IS NOT ?",
                (moment, moment),
            )
            return len(late)

        return await self._write(work)


def _extend(connection: sqlite3.Connection, duel: Duel, outage: timedelta) -> None:
    """Move the end of an open duel, and the times of questions that wait for their answer."""
    expires_at = duel.expires_at + outage if duel.is_invitation else duel.expires_at
    deadline = None if duel.deadline is None else duel.deadline + outage
    connection.execute(
        "UPDATE duels SET expires_at = ?, deadline = ?, changes = changes + 1 WHERE id = ?",
        (to_text(expires_at), maybe_to_text(deadline), duel.id),
    )
    if duel.contest is None:
        return
    connection.execute(
        "UPDATE posts SET closes_at = ? WHERE contest_id = ? AND closed_at IS NULL",
        (maybe_to_text(deadline), duel.contest.id),
    )
    for row in connection.execute(
        "SELECT place, member_id, shown_at FROM duel_times WHERE contest_id = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM posts JOIN answers ON answers.post_id = posts.id"
        " WHERE posts.contest_id = ?1 AND posts.place = duel_times.place"
        " AND answers.member_id = duel_times.member_id)",
        (duel.contest.id,),
    ).fetchall():
        connection.execute(
            "INSERT OR REPLACE INTO duel_times (contest_id, place, member_id, shown_at)"
            " VALUES (?, ?, ?, ?)",
            (
                duel.contest.id,
                row["place"],
                row["member_id"],
                to_text(from_text(row["shown_at"]) + outage),
            ),
        )
