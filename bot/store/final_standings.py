"""Final standings: a season's places, written down for ever once it is closed."""

from __future__ import annotations

import sqlite3

from bot.core.board import ROWS
from bot.core.honour import Winner
from bot.core.season import FinalPage, Season
from bot.store.access import Access
from bot.store.seasons import find_season
from bot.store.totals import ALL_TOPICS, find_board

PORTION = 1000
"""Places to a write."""
_WINNERS = """
    SELECT places.member_id, coalesce(members.name, '') AS name, places.rank, places.points,
        places.right, places.answered, EXISTS (SELECT 1 FROM unlisted
            WHERE unlisted.guild_id = seasons.guild_id
            AND unlisted.member_id = places.member_id AND reason = 'hidden') AS is_hidden
    FROM season_places AS places JOIN seasons ON seasons.id = places.season_id
    LEFT JOIN members ON members.guild_id = seasons.guild_id
        AND members.member_id = places.member_id
    WHERE places.season_id = ?
"""


class FinalStandings(Access):
    """The places of closed seasons."""

    async def final_page(
        self, season_id: int, member_id: int, page: int | None
    ) -> FinalPage | None:
        """Return a page of a season's final standings; page None is the one ``member_id`` is on.

        A page past the end is the last one. None for a season that is not closed.
        """

        def work(connection: sqlite3.Connection) -> FinalPage | None:
            season = find_season(connection, season_id)
            told = connection.execute(
                "SELECT members FROM ceremonies WHERE season_id = ?", (season_id,)
            ).fetchone()
            if season is None or told is None:
                return None
            size = int(told["members"])
            own = connection.execute(
                "SELECT place FROM season_places WHERE member_id = ? AND season_id = ?",
                (member_id, season_id),
            ).fetchone()
            pages = max(1, -(-size // ROWS))
            wanted = page
            if wanted is None:
                wanted = 0 if own is None else own["place"] // ROWS
            number = max(0, min(wanted, pages - 1))
            return FinalPage(
                season=season,
                winners=winners(connection, season_id, number * ROWS, ROWS),
                size=size,
                number=number,
                pages=pages,
                own=None if own is None else winners(connection, season_id, own["place"], 1)[0],
            )

        return await self._read(work)


def place_some(connection: sqlite3.Connection, season: Season) -> bool:
    """Write down the next places of a closed season; return whether those were the last.

    They go on below the last one that is there. Whoever is not listed when their turn comes has
    none.
    """
    claimed = connection.execute("SELECT 1 FROM ceremonies WHERE season_id = ?", (season.id,))
    if claimed.fetchone() is not None:
        return True
    last = connection.execute(
        "SELECT place, rank, points FROM season_places WHERE season_id = ?"
        " ORDER BY place DESC LIMIT 1",
        (season.id,),
    ).fetchone()
    place, rank, points = (-1, 0, None) if last is None else last
    found = connection.execute(
        "SELECT member_id, points, right, answered FROM totals INDEXED BY totals_by_points"
        " WHERE board_id = ?1 AND is_listed AND points <= coalesce(?2, points)"
        " AND NOT EXISTS (SELECT 1 FROM season_places WHERE season_id = ?3"
        " AND season_places.member_id = totals.member_id)"
        " ORDER BY points DESC, member_id LIMIT ?4",
        (
            find_board(connection, season.guild_id, season.span, ALL_TOPICS),
            points,
            season.id,
            PORTION,
        ),
    ).fetchall()
    rows = []
    for row in found:
        place += 1
        if row["points"] != points:
            rank, points = place + 1, row["points"]
        rows.append((season.id, place, row["member_id"], rank, *tuple(row)[1:]))
    connection.executemany(
        "INSERT INTO season_places (season_id, place, member_id, rank, points, right, answered)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    return len(rows) < PORTION


def winners(
    connection: sqlite3.Connection, season_id: int, start: int, limit: int
) -> tuple[Winner, ...]:
    """Return ``limit`` of a season's places from ``start`` on, 0 being the first."""
    rows = connection.execute(
        f"{_WINNERS} AND places.place >= ? ORDER BY places.place LIMIT ?",
        (season_id, start, limit),
    )
    return tuple(
        Winner(
            row["member_id"],
            row["name"],
            row["rank"],
            row["points"],
            row["right"],
            row["answered"],
            bool(row["is_hidden"]),
        )
        for row in rows
    )
