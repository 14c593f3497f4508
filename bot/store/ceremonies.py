"""Ceremonies: the end of a season, frozen and told once.

As with winners (bot/store/honours.py): claimed with all that will be told, then sent, then
recorded. A claim may wait for weeks for a channel that takes it, so each attempt is noted before
it is made, and the message is looked for from there on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.core.accuracy import MIN_ANSWERS
from bot.core.honour import PLACES_KEPT
from bot.core.season import (
    STREAK_FROM,
    Ceremony,
    Halves,
    Prize,
    PrizeKind,
    Season,
    TeamPlace,
    best_of,
    most_improved,
    second_half,
)
from bot.core.team import shown_name
from bot.store.access import Access
from bot.store.champions import crown
from bot.store.final_standings import place_some, winners
from bot.store.honours import is_unfinished
from bot.store.moment import from_text, maybe_from_text, to_text
from bot.store.seasons import find_season
from bot.store.totals import ALL_TOPICS, find_board

_HALVES = """
    SELECT member_id, sum(is_correct * (study_date < :middle)), sum(study_date < :middle) AS before,
        sum(is_correct * (study_date >= :middle)), sum(study_date >= :middle) AS after
    FROM awards INDEXED BY awards_by_day
    WHERE guild_id = :guild_id AND study_date BETWEEN :first AND :last
    AND NOT EXISTS (SELECT 1 FROM unlisted WHERE unlisted.guild_id = :guild_id
        AND unlisted.member_id = awards.member_id)
    GROUP BY member_id HAVING before >= :least AND after >= :least
"""


class Ceremonies(Access):
    """What is told at the end of a season, and shown ever after."""

    async def is_season_open(self, season: Season) -> bool:
        """Return whether a challenge of a season is still open or not settled."""
        return await self._read(
            lambda connection: is_unfinished(connection, season.guild_id, season.span)
        )

    async def season_improved(self, season: Season) -> tuple[tuple[int, int], ...]:
        """Return who improved most in a season, as members and thousandths, listed ones only."""
        values = {
            "guild_id": season.guild_id,
            "first": season.first.isoformat(),
            "middle": second_half(season.first, season.last).isoformat(),
            "last": season.last.isoformat(),
            "least": MIN_ANSWERS,
        }

        return await self._read(
            lambda connection: most_improved(
                Halves(*row) for row in connection.execute(_HALVES, values)
            )
        )

    async def season_leaders(self, season: Season) -> tuple[int, ...]:
        """Return who would be named at the end of a season by points or streak, the first first."""

        def work(connection: sqlite3.Connection) -> tuple[int, ...]:
            board_id = find_board(connection, season.guild_id, season.span, ALL_TOPICS)
            points = connection.execute(
                "SELECT member_id FROM totals INDEXED BY totals_by_points WHERE board_id = ?"
                " AND is_listed ORDER BY points DESC, member_id LIMIT ?",
                (board_id, PLACES_KEPT),
            ).fetchall()
            streaks = _longest(connection, season.id)
            return tuple(dict.fromkeys([*(m for (m,) in points), *(m for m, _ in streaks)]))

        return await self._read(work)

    async def claim_ceremony(
        self,
        season: Season,
        *,
        improved: Sequence[tuple[int, int]],
        teams: Sequence[TeamPlace] = (),
        nonce: str,
        now: datetime,
    ) -> Ceremony | None:
        """Close a season, write its standings down, and claim the message that tells its end.

        Closing is one small write: from then on nothing moves the season's board. Its places
        follow in portions, so that nobody who presses a button waits behind them; one that was cut
        off there is gone on with when it is called again.

        ``improved`` are members and thousandths. None when it was claimed before, or changed since
        ``season`` was read, or when a challenge of its dates is still open.
        """
        at = to_text(now)

        def close(connection: sqlite3.Connection) -> bool:
            if find_season(connection, season.id) != season:
                return False
            if season.closed_at is None:
                if is_unfinished(connection, season.guild_id, season.span):
                    return False
                connection.execute("UPDATE seasons SET closed_at = ? WHERE id = ?", (at, season.id))
            return True

        def claim(connection: sqlite3.Connection) -> Ceremony | None:
            inserted = connection.execute(
                "INSERT INTO ceremonies (season_id, members, nonce, claimed_at)"
                " SELECT ?1, count(*), ?2, ?3 FROM season_places WHERE season_id = ?1"
                " ON CONFLICT DO NOTHING",
                (season.id, nonce, at),
            )
            if inserted.rowcount == 0:
                return None
            _put_prizes(connection, season.id, "improved", improved)
            streaks = best_of(_longest(connection, season.id), STREAK_FROM)
            _put_prizes(connection, season.id, "streak", streaks)
            connection.executemany(
                "INSERT INTO season_teams (season_id, place, team_id, name, rank, score, members)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (season.id, place, one.team_id, one.name, one.rank, one.score, one.members)
                    for place, one in enumerate(teams)
                ],
            )
            crown(connection, season)
            return _ceremony(connection, season.id)

        if not await self._write(close):
            return None
        while not await self._write(lambda connection: place_some(connection, season)):
            pass
        return await self._write(claim)

    async def ceremony(self, season_id: int) -> Ceremony | None:
        """Return what was told of a season; None while it is not closed."""
        return await self._read(lambda connection: _ceremony(connection, season_id))

    async def waiting_ceremonies(self) -> tuple[Ceremony, ...]:
        """Return those whose message is not known to exist, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[Ceremony, ...]:
            rows = connection.execute(
                "SELECT season_id FROM ceremonies WHERE message_id IS NULL ORDER BY season_id"
            ).fetchall()
            found = [_ceremony(connection, int(row["season_id"])) for row in rows]
            return tuple(ceremony for ceremony in found if ceremony is not None)

        return await self._read(work)

    async def note_attempt(self, season_id: int, *, channel_id: int, at: datetime) -> None:
        """Note that a ceremony's message is about to be sent; nobody may learn that it arrived."""
        values = (to_text(at), channel_id, season_id)
        await self._change_untold("tried_at = ?, tried_in = ?", values)

    async def record_ceremony(
        self, season_id: int, *, channel_id: int, message_id: int, at: datetime
    ) -> None:
        """Note the message that tells a season's end; the first one stays."""
        values = (message_id, channel_id, to_text(at), season_id)
        await self._change_untold(
            "message_id = ?, told_in = ?, posted_at = ?, trouble = NULL", values
        )

    async def note_ceremony_trouble(self, season_id: int, text: str) -> bool:
        """Keep in a sentence why a ceremony is not told yet; return whether that is news."""
        return bool(
            await self._change_untold("trouble = ?1", (text, season_id), "trouble IS NOT ?1")
        )

    async def ceremony_troubles(self, guild_id: int) -> tuple[str, ...]:
        """Return what is in the way of a server's ceremonies and of their champions' roles."""

        def work(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows = connection.execute(
                "SELECT trouble, role_trouble FROM ceremonies"
                " JOIN seasons ON seasons.id = season_id"
                " WHERE guild_id = ? AND (trouble IS NOT NULL OR role_trouble IS NOT NULL)"
                " ORDER BY season_id DESC",
                (guild_id,),
            )
            return tuple(dict.fromkeys(text for row in rows for text in row if text is not None))

        return await self._read(work)

    async def ceremonies(
        self, guild_id: int, *, limit: int, offset: int
    ) -> tuple[tuple[Ceremony, ...], int]:
        """Return a server's closed seasons, the newest first, and how many there are."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[Ceremony, ...], int]:
            (total,) = connection.execute(
                "SELECT count(*) FROM ceremonies JOIN seasons ON seasons.id = season_id"
                " WHERE guild_id = ?",
                (guild_id,),
            ).fetchone()
            rows = connection.execute(
                "SELECT id FROM seasons JOIN ceremonies ON season_id = id WHERE guild_id = ?"
                " ORDER BY first DESC LIMIT ? OFFSET ?",
                (guild_id, limit, offset),
            ).fetchall()
            found = [_ceremony(connection, int(row["id"])) for row in rows]
            return tuple(ceremony for ceremony in found if ceremony is not None), int(total)

        return await self._read(work)

    async def _change_untold(
        self, changes: str, values: tuple[object, ...], condition: str = "1"
    ) -> int:
        """Change a ceremony that is not told; ``values`` end with its season."""
        sql = (
            f"UPDATE ceremonies SET {changes} WHERE season_id = ?{len(values)}"  # noqa: S608 - literals above
            f" AND message_id IS NULL AND {condition}"
        )
        return await self._write(lambda connection: connection.execute(sql, values).rowcount)


def _put_prizes(
    connection: sqlite3.Connection,
    season_id: int,
    kind: PrizeKind,
    found: Sequence[tuple[int, int]],
) -> None:
    """Write down who won a prize; whoever went or hid since it was worked out has none."""
    connection.executemany(
        "INSERT INTO season_prizes (season_id, kind, place, member_id, value)"
        " SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM season_places"
        " WHERE season_id = ?1 AND member_id = ?4)",
        [(season_id, kind, place, *one) for place, one in enumerate(found)],
    )


def _longest(connection: sqlite3.Connection, season_id: int) -> list[tuple[int, int]]:
    """Return the members with the longest streaks of a season, more than can share a prize."""
    return [
        (int(member_id), int(best))
        for member_id, best in connection.execute(
            "SELECT member_id, best FROM season_streaks INDEXED BY season_streaks_by_best"
            " WHERE season_id = ? AND is_listed ORDER BY best DESC, member_id LIMIT ?",
            (season_id, PLACES_KEPT),
        )
    ]


def _ceremony(connection: sqlite3.Connection, season_id: int) -> Ceremony | None:
    season = find_season(connection, season_id)
    row = connection.execute(
        "SELECT * FROM ceremonies WHERE season_id = ?", (season_id,)
    ).fetchone()
    if season is None or row is None:
        return None
    prizes = connection.execute(
        "SELECT kind, prizes.member_id, coalesce(members.name, '') AS name, value,"
        " EXISTS (SELECT 1 FROM unlisted WHERE unlisted.guild_id = ?1"
        " AND unlisted.member_id = prizes.member_id AND reason = 'hidden') AS is_hidden"
        " FROM season_prizes AS prizes LEFT JOIN members ON members.guild_id = ?1"
        " AND members.member_id = prizes.member_id WHERE season_id = ?2 ORDER BY kind, place",
        (season.guild_id, season_id),
    ).fetchall()
    teams = connection.execute(
        # A manager disbands or renames a team because of its name: then nobody is told the old one.
        "SELECT team_id, CASE WHEN state = 'disbanded' OR is_name_fixed THEN teams.name"
        " ELSE season_teams.name END AS name, state, rank, score, members FROM season_teams"
        " JOIN teams ON teams.id = team_id WHERE season_id = ? ORDER BY place",
        (season_id,),
    ).fetchall()
    return Ceremony(
        season=season,
        members=row["members"],
        winners=winners(connection, season_id, 0, PLACES_KEPT),
        prizes=tuple(
            Prize(p["kind"], p["member_id"], p["name"], p["value"], bool(p["is_hidden"]))
            for p in prizes
        ),
        teams=tuple(
            TeamPlace(
                team["team_id"],
                shown_name(team["name"], "disbanded" if team["state"] == "disbanded" else "active"),
                team["rank"],
                team["score"],
                team["members"],
            )
            for team in teams
        ),
        nonce=row["nonce"],
        claimed_at=from_text(row["claimed_at"]),
        tried_at=maybe_from_text(row["tried_at"]),
        tried_in=row["tried_in"],
        message_id=row["message_id"],
        told_in=row["told_in"],
    )
