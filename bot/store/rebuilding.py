"""Making boards and streaks again from the awards, and letting old boards go.

What is kept ready can be wrong only by a bug or an older version's rule; raising ``VERSION`` has
every database made again at its next start. Tests compare what has grown with what is made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter

from bot.core.daily import local_date
from bot.core.period import DROPPED_AFTER, KEPT, KINDS, Kind, Span, span_of
from bot.store.access import Access
from bot.store.dates import between
from bot.store.score_tables import COUNT_QUESTIONS
from bot.store.season_streaks import OpenSeason, put_season_streak
from bot.store.settings import zone_of
from bot.store.streaks import closed_days, end_streaks, put_streak, studied_days
from bot.store.totals import ALL_TOPICS, first_text

VERSION = "1"
"""Of the rules behind ``totals`` and ``streaks``."""
_KEY = "version of the boards"
PORTION = 5000
"""Rows of an old board that go in one write."""


class Rebuilding(Access):
    """What is derived, derived again."""

    async def prepare_boards(self, now: datetime) -> bool:
        """Make boards and streaks again if an older version made them; return whether it did."""

        def work(connection: sqlite3.Connection) -> bool:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
            if row is not None and row["value"] == VERSION:
                return False
            rebuild(connection, now)
            connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_KEY, VERSION),
            )
            return True

        return await self._write(work)

    async def drop_old_boards(self, now: datetime) -> int:
        """Delete boards that nobody can look at any more; return how many.

        In portions, so that nobody waits behind a large one.
        """
        today = now.astimezone(UTC).date()
        dropped = 0
        while await self._write(lambda connection: _drop_some(connection, today)):
            dropped += 1
        return dropped


def rebuild(connection: sqlite3.Connection, now: datetime) -> None:
    """Make all boards that are kept at that moment, all streaks, and how questions were answered.

    From the awards.
    """
    for table in ("first_answers", "question_counts"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
    for statement in COUNT_QUESTIONS.split(";")[:-1]:
        connection.execute(statement)
    kept = ("totals", "rank_counts", "boards", "streaks", "streak_counts")
    for table in (*kept, "season_streaks", "season_streak_counts"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
    servers = connection.execute("SELECT DISTINCT guild_id FROM awards").fetchall()
    for (guild_id,) in servers:
        today = local_date(now, zone_of(connection, guild_id))
        for kind in KINDS:
            for span in _spans(connection, guild_id, kind, today):
                _make_boards(connection, guild_id, span)
        days = closed_days(connection, guild_id)
        for (member_id,) in connection.execute(
            "SELECT DISTINCT member_id FROM awards WHERE guild_id = ? AND kind = 'daily'",
            (guild_id,),
        ).fetchall():
            studied = studied_days(connection, guild_id, member_id)
            put_streak(connection, guild_id, member_id, days, studied)
        end_streaks(connection, guild_id, days)
    for (season_id,) in connection.execute(
        # Until its ceremony is claimed, a season's standings are read from its board.
        "SELECT id FROM seasons WHERE id NOT IN (SELECT season_id FROM ceremonies)"
    ).fetchall():
        make_season(connection, season_id)


def make_season(connection: sqlite3.Connection, season_id: int) -> None:
    """Make the boards and the streaks of a season that has none from the awards."""
    row = connection.execute("SELECT * FROM seasons WHERE id = ?", (season_id,)).fetchone()
    guild_id, first, last = row["guild_id"], row["first"], row["last"]
    season = OpenSeason(season_id, date.fromisoformat(first), date.fromisoformat(last))
    _make_boards(connection, guild_id, Span("season", season.first, season.last))
    days = closed_days(connection, guild_id)
    studied = connection.execute(
        "SELECT DISTINCT member_id, study_date FROM awards WHERE guild_id = ? AND kind = 'daily'"
        " AND study_date BETWEEN ? AND ? ORDER BY member_id",
        (guild_id, first, last),
    )
    for member_id, rows in groupby(studied.fetchall(), key=itemgetter("member_id")):
        own = {date.fromisoformat(row["study_date"]) for row in rows}
        put_season_streak(connection, guild_id, member_id, season, days, own)


def drop_season(connection: sqlite3.Connection, season_id: int, limit: int) -> bool:
    """Delete up to ``limit`` rows of a season's boards and streaks; return whether all are gone."""
    gone = connection.execute(
        "DELETE FROM season_streaks WHERE season_id = ?1 AND member_id IN"
        " (SELECT member_id FROM season_streaks WHERE season_id = ?1 LIMIT ?2)",
        (season_id, limit),
    ).rowcount
    for (board_id,) in connection.execute(
        "SELECT boards.id FROM boards JOIN seasons USING (guild_id, first)"
        " WHERE boards.kind = 'season' AND seasons.id = ?",
        (season_id,),
    ).fetchall():
        if gone < limit:
            gone += _drop_board(connection, board_id, limit - gone)
    if gone < limit:
        connection.execute("DELETE FROM season_streak_counts WHERE season_id = ?", (season_id,))
    return gone < limit


def _spans(
    connection: sqlite3.Connection, guild_id: int, kind: Kind, today: date
) -> Iterator[Span]:
    """Yield the spans of a kind that are kept and have answers, oldest first."""
    first, last = connection.execute(
        "SELECT min(study_date), max(study_date) FROM awards WHERE guild_id = ?", (guild_id,)
    ).fetchone()
    if kind == "all":
        yield span_of(kind, today)
        return
    span: Span | None = span_of(kind, max(date.fromisoformat(first), today - KEPT[kind]))
    end = date.fromisoformat(last)
    while span is not None and span.first is not None and span.first <= end:
        if span.is_kept(today):
            yield span
        span = span.after


def _make_boards(connection: sqlite3.Connection, guild_id: int, span: Span) -> None:
    values = {
        "guild_id": guild_id,
        "kind": span.kind,
        "first": first_text(span),
        **between(span.first, span.last),
        "before": "" if span.before is None else first_text(span.before),
        "all": ALL_TOPICS,
    }
    connection.execute(
        "INSERT INTO boards (guild_id, kind, first, topic)"
        " SELECT :guild_id, :kind, :first, :all FROM awards WHERE guild_id = :guild_id"
        " AND study_date BETWEEN :since AND :until UNION"
        " SELECT :guild_id, :kind, :first, topic FROM awards WHERE guild_id = :guild_id"
        " AND study_date BETWEEN :since AND :until",
        values,
    )
    for group, topic in (("", ":all"), (", topic", "topic")):
        connection.execute(
            "INSERT INTO totals (board_id, member_id, points, right, answered, accuracy, is_listed)"  # noqa: S608 - the literals above
            " SELECT boards.id, member_id, points, right, answered, accuracy(right, answered),"
            " NOT EXISTS (SELECT 1 FROM unlisted WHERE unlisted.guild_id = :guild_id"
            " AND unlisted.member_id = sums.member_id)"
            f" FROM (SELECT {topic} AS topic, member_id, sum(points) AS points,"
            " sum(is_correct) AS right, count(*) AS answered FROM awards"
            " WHERE guild_id = :guild_id AND study_date BETWEEN :since AND :until"
            f" GROUP BY member_id{group}) AS sums JOIN boards ON boards.guild_id = :guild_id"
            " AND boards.kind = :kind AND boards.first = :first AND boards.topic = sums.topic"
            + (" WHERE sums.topic <> :all" if group else ""),
            values,
        )
    if span.kind in ("week", "month"):
        connection.execute(
            "UPDATE totals SET gain = improvement(totals.right, totals.answered, earlier.right,"
            " earlier.answered) FROM totals AS earlier, boards AS now, boards AS past"
            " WHERE now.guild_id = :guild_id AND now.kind = :kind AND now.first = :first"
            " AND past.guild_id = :guild_id AND past.kind = :kind AND past.first = :before"
            " AND past.topic = now.topic AND totals.board_id = now.id"
            " AND earlier.board_id = past.id AND earlier.member_id = totals.member_id",
            values,
        )


def _drop_some(connection: sqlite3.Connection, today: date) -> bool:
    """Delete a portion of the oldest board that is over, then the board; False for none left."""
    for kind, kept in KEPT.items():
        span = span_of(kind, today - kept - DROPPED_AFTER)
        if span.first is None:
            continue
        row = connection.execute(
            "SELECT id FROM boards WHERE kind = ? AND first < ? ORDER BY id LIMIT 1",
            (kind, span.first.isoformat()),
        ).fetchone()
        if row is None:
            continue
        _drop_board(connection, row["id"], PORTION)
        return True
    row = connection.execute(
        "SELECT seasons.id FROM seasons JOIN boards USING (guild_id, first)"
        " JOIN ceremonies ON season_id = seasons.id WHERE boards.kind = 'season' LIMIT 1"
    ).fetchone()
    if row is None:
        return False
    drop_season(connection, row["id"], PORTION)
    return True


def _drop_board(connection: sqlite3.Connection, board_id: int, limit: int) -> int:
    """Delete up to ``limit`` rows of a board, and the board with the last; return how many."""
    gone = connection.execute(
        "DELETE FROM totals WHERE board_id = ?1 AND member_id IN"
        " (SELECT member_id FROM totals WHERE board_id = ?1 LIMIT ?2)",
        (board_id, limit),
    ).rowcount
    if gone < limit:
        connection.execute("DELETE FROM rank_counts WHERE board_id = ?", (board_id,))
        connection.execute("DELETE FROM boards WHERE id = ?", (board_id,))
    return gone
