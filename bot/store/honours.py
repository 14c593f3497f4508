"""Winners of weeks and months: claimed with their places, then sent, then recorded."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from bot.core.honour import PLACES_KEPT, Honour, Winner
from bot.core.period import Span, span_of
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.totals import ALL_TOPICS, find_board, first_text


class Honours(Access):
    """Who won, told once."""

    async def claim_honour(
        self, guild_id: int, span: Span, *, channel_id: int, nonce: str, now: datetime
    ) -> Honour | None:
        """Freeze the winners of a period that is over, for the one message that tells them.

        None when that was done before, when a challenge of the period is still open or not
        settled, or when nobody has a point.
        """
        claimed_at = to_text(now)

        def work(connection: sqlite3.Connection) -> Honour | None:
            board_id = find_board(connection, guild_id, span, ALL_TOPICS)
            if board_id is None or is_unfinished(connection, guild_id, span):
                return None
            rows = connection.execute(
                "SELECT member_id, points, right, answered FROM totals"
                " WHERE board_id = ? AND is_listed AND points > 0"
                " ORDER BY points DESC, member_id LIMIT ?",
                (board_id, PLACES_KEPT),
            ).fetchall()
            if not rows:
                return None
            (members,) = connection.execute(
                "SELECT sum(members) FROM rank_counts WHERE board_id = ? AND measure = 'points'",
                (board_id,),
            ).fetchone()
            inserted = connection.execute(
                "INSERT INTO honours (guild_id, kind, first, channel_id, members, nonce,"
                " claimed_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (guild_id, span.kind, first_text(span), channel_id, members, nonce, claimed_at),
            )
            if inserted.rowcount == 0:
                return None
            for place, row in enumerate(rows):
                rank = 1 + sum(other["points"] > row["points"] for other in rows)
                connection.execute(
                    "INSERT INTO winners (honour_id, place, member_id, rank, points, right,"
                    " answered) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (inserted.lastrowid, place, row["member_id"], rank, *tuple(row)[1:]),
                )
            return _honour(connection, inserted.lastrowid or 0)

        return await self._write(work)

    async def honour(self, honour_id: int) -> Honour | None:
        """Return the winners of a period; forgotten members among them have no name."""
        return await self._read(lambda connection: _honour(connection, honour_id))

    async def is_honoured(self, guild_id: int, span: Span) -> bool:
        """Return whether a period's winners have been claimed."""

        def work(connection: sqlite3.Connection) -> bool:
            return (
                connection.execute(
                    "SELECT 1 FROM honours WHERE guild_id = ? AND kind = ? AND first = ?",
                    (guild_id, span.kind, first_text(span)),
                ).fetchone()
                is not None
            )

        return await self._read(work)

    async def waiting_honours(self) -> tuple[Honour, ...]:
        """Return those whose message is not known to exist, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[Honour, ...]:
            rows = connection.execute(
                "SELECT id FROM honours WHERE message_id IS NULL AND given_up_at IS NULL"
                " ORDER BY id"
            ).fetchall()
            found = [_honour(connection, int(row["id"])) for row in rows]
            return tuple(honour for honour in found if honour is not None)

        return await self._read(work)

    async def record_honour(self, honour_id: int, *, message_id: int, at: datetime) -> None:
        """Note the message that tells the winners; the first one stays."""
        values = (message_id, to_text(at), honour_id)
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE honours SET message_id = ?, posted_at = ?"
                    " WHERE id = ? AND message_id IS NULL",
                    values,
                ).rowcount
            )
        )

    async def give_up_honour(self, honour_id: int, at: datetime) -> None:
        """Send no message any more; the places stay."""
        values = (to_text(at), honour_id)
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE honours SET given_up_at = ? WHERE id = ? AND message_id IS NULL",
                    values,
                ).rowcount
            )
        )


def is_unfinished(connection: sqlite3.Connection, guild_id: int, span: Span) -> bool:
    """Return whether a challenge of a period is still open or not settled."""
    first, last = first_text(span), "" if span.last is None else span.last.isoformat()
    return (
        connection.execute(
            "SELECT 1 FROM posts LEFT JOIN closes ON closes.post_id = posts.id"
            " WHERE posts.kind = 'daily' AND posts.guild_id = ?"
            " AND posts.study_date BETWEEN ? AND ?"
            " AND (posts.closed_at IS NULL OR NOT coalesce(closes.is_settled, 1)) LIMIT 1",
            (guild_id, first, last),
        ).fetchone()
        is not None
    )


def _honour(connection: sqlite3.Connection, honour_id: int) -> Honour | None:
    row = connection.execute("SELECT * FROM honours WHERE id = ?", (honour_id,)).fetchone()
    if row is None:
        return None
    winners = connection.execute(
        "SELECT winners.*, coalesce(members.name, '') AS name FROM winners"
        " LEFT JOIN members ON members.guild_id = ? AND members.member_id = winners.member_id"
        " WHERE honour_id = ? ORDER BY place",
        (row["guild_id"], honour_id),
    ).fetchall()
    return Honour(
        id=row["id"],
        guild_id=row["guild_id"],
        span=span_of(row["kind"], date.fromisoformat(row["first"])),
        channel_id=row["channel_id"],
        members=row["members"],
        nonce=row["nonce"],
        claimed_at=from_text(row["claimed_at"]),
        message_id=row["message_id"],
        winners=tuple(
            Winner(w["member_id"], w["name"], w["rank"], w["points"], w["right"], w["answered"])
            for w in winners
        ),
    )
