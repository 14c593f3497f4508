"""Seasons as they are set up: one at a time in a server, whoever asks at the same moment."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from bot.core.season import Season, check_last
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import maybe_from_text, to_text
from bot.store.rebuilding import PORTION, drop_season, make_season
from bot.store.rows import returned
from bot.store.settings import ensure_server

OVER = "That season is over already; only the channel that hears of it can still be changed."
UNSET = 0
"""A role that is to be chosen for nobody; Discord gives no id of 0."""


class Seasons(Access):
    """Making, changing and finding seasons."""

    async def start_season(
        self,
        guild_id: int,
        *,
        name: str,
        first: date,
        last: date,
        channel_id: int,
        role_id: int | None,
        by: int,
        now: datetime,
    ) -> Season:
        """Make a season; answers of its first day that were counted before are its own, too.

        Raises:
            UserError: another season of the server has one of its days.
        """
        values = (name, first.isoformat(), last.isoformat(), channel_id, role_id, by, to_text(now))

        def work(connection: sqlite3.Connection) -> Season:
            ensure_server(connection, guild_id)
            _refuse_overlap(connection, guild_id, first, last)
            row = returned(
                connection,
                "INSERT INTO seasons (guild_id, name, first, last, channel_id, role_id, set_by,"
                " set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (guild_id, *values),
            )
            make_season(connection, row["id"])
            return season_of(row)

        return await self._write(work)

    async def change_season(
        self,
        season_id: int,
        *,
        today: date,
        name: str | None = None,
        last: date | None = None,
        channel_id: int | None = None,
        role_id: int | None = None,
    ) -> Season:
        """Change what is given of a season that is not over; ``role_id`` ``UNSET`` is no role.

        The channel may also be changed while its ceremony waits to be told.

        Raises:
            UserError: it is over, or its new last day is none.
        """

        def work(connection: sqlite3.Connection) -> Season:
            season = find_season(connection, season_id)
            if season is None:
                raise UserError(OVER)
            if season.stage(today) in ("over", "closed") and (name or last or role_id is not None):
                raise UserError(OVER)
            if last is not None:
                check_last(season.first, last, today)
                _refuse_overlap(connection, season.guild_id, season.first, last, season_id)
            for column, value in (
                ("name", name),
                ("last", None if last is None else last.isoformat()),
                ("channel_id", channel_id),
            ):
                if value is not None:
                    connection.execute(
                        f"UPDATE seasons SET {column} = ? WHERE id = ?",  # noqa: S608 - the above
                        (value, season_id),
                    )
            if role_id is not None:
                connection.execute(
                    "UPDATE seasons SET role_id = ? WHERE id = ?",
                    (None if role_id == UNSET else role_id, season_id),
                )
            changed = find_season(connection, season_id)
            assert changed is not None  # noqa: S101 - it was there a moment ago
            return changed

        return await self._write(work)

    async def end_season(self, season_id: int, *, today: date, now: datetime) -> Season | None:
        """End a season early, with ``today`` as its last day; return it as it is then.

        One that nobody has answered anything in, or that has not begun, is deleted: None.

        Raises:
            UserError: it is over already.
        """

        def work(connection: sqlite3.Connection) -> Season | None:
            season = find_season(connection, season_id)
            if season is None or season.stage(today) in ("over", "closed"):
                raise UserError(OVER)
            if today < season.first or not _was_played(connection, season):
                drop_season(connection, season.id, PORTION)
                connection.execute("DELETE FROM seasons WHERE id = ?", (season_id,))
                return None
            connection.execute(
                "UPDATE seasons SET last = ?, ended_at = ? WHERE id = ?",
                (today.isoformat(), to_text(now), season_id),
            )
            return find_season(connection, season_id)

        return await self._write(work)

    async def season(self, season_id: int) -> Season | None:
        """Return a season; None when there is none of that id."""
        return await self._read(lambda connection: find_season(connection, season_id))

    async def seasons(self, guild_id: int) -> tuple[Season, ...]:
        """Return all seasons of a server, the newest first."""
        return await self._read(
            lambda connection: tuple(
                season_of(row)
                for row in connection.execute(
                    "SELECT * FROM seasons WHERE guild_id = ? ORDER BY first DESC", (guild_id,)
                )
            )
        )

    async def season_now(self, guild_id: int, today: date) -> Season | None:
        """Return the season whose board is to be seen: the last that began and is not closed."""

        def work(connection: sqlite3.Connection) -> Season | None:
            row = connection.execute(
                "SELECT * FROM seasons WHERE guild_id = ? AND closed_at IS NULL AND first <= ?"
                " ORDER BY first DESC LIMIT 1",
                (guild_id, today.isoformat()),
            ).fetchone()
            return None if row is None else season_of(row)

        return await self._read(work)

    async def seasons_to_close(self) -> tuple[tuple[Season, str], ...]:
        """Return the seasons without a ceremony, each with its server's zone, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[Season, str], ...]:
            return tuple(
                (season_of(row), str(row["zone"]))
                for row in connection.execute(
                    "SELECT seasons.*, zone FROM seasons JOIN servers USING (guild_id)"
                    " WHERE id NOT IN (SELECT season_id FROM ceremonies) ORDER BY first, id"
                )
            )

        return await self._read(work)


def season_of(row: sqlite3.Row) -> Season:
    """Return the season of a row with all columns of ``seasons``."""
    return Season(
        id=row["id"],
        guild_id=row["guild_id"],
        name=row["name"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        channel_id=row["channel_id"],
        role_id=row["role_id"],
        ended_at=maybe_from_text(row["ended_at"]),
        closed_at=maybe_from_text(row["closed_at"]),
        set_by=row["set_by"],
    )


def find_season(connection: sqlite3.Connection, season_id: int) -> Season | None:
    """Return a season; None when there is none of that id."""
    row = connection.execute("SELECT * FROM seasons WHERE id = ?", (season_id,)).fetchone()
    return None if row is None else season_of(row)


def _refuse_overlap(
    connection: sqlite3.Connection, guild_id: int, first: date, last: date, but: int | None = None
) -> None:
    row = connection.execute(
        "SELECT * FROM seasons WHERE guild_id = ? AND id IS NOT ? AND first <= ? AND last >= ?"
        " ORDER BY first LIMIT 1",
        (guild_id, but, last.isoformat(), first.isoformat()),
    ).fetchone()
    if row is not None:
        raise UserError(
            f"The season “{row['name']}” has the days from {row['first']} to {row['last']}; "
            "a server has one season at a time. Choose days after it, or change it with "
            "`/season edit` or `/season end`."
        )


def _was_played(connection: sqlite3.Connection, season: Season) -> bool:
    """Return whether anybody answered anything that is of a season, counted or still to count."""
    return (
        connection.execute(
            "SELECT 1 FROM posts WHERE guild_id = ? AND study_date BETWEEN ? AND ?"
            " AND EXISTS (SELECT 1 FROM answers WHERE post_id = posts.id) LIMIT 1",
            (season.guild_id, season.first.isoformat(), season.last.isoformat()),
        ).fetchone()
        is not None
    )
