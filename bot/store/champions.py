"""Champions' roles: to whom one is still to be given, and from whom it is to be taken."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.core.honour import PLACES_KEPT
from bot.core.season import Season
from bot.store.access import Access
from bot.store.moment import to_text


@dataclass(frozen=True, slots=True)
class ChampionRole:
    """A role to give to a champion, or to take from one."""

    guild_id: int
    season_id: int
    member_id: int
    role_id: int


class Champions(Access):
    """Who has or gets a role from the bot."""

    async def roles_to_give(self) -> tuple[ChampionRole, ...]:
        """Return the champions' roles that are still to be given, oldest first."""
        return await self._champions("given_at IS NULL")

    async def roles_to_take(self) -> tuple[ChampionRole, ...]:
        """Return roles that were given to the champions of a season and are not theirs any more.

        That is so once a later season of the server has champions with a role.
        """
        return await self._champions(
            "given_at IS NOT NULL AND EXISTS (SELECT 1 FROM champions AS later"
            " JOIN seasons AS after ON after.id = later.season_id"
            " WHERE after.guild_id = seasons.guild_id AND after.first > seasons.first)"
        )

    async def record_role_given(self, role: ChampionRole, at: datetime) -> None:
        """Note that a champion has the role."""
        values = (to_text(at), role.season_id, role.member_id)
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE champions SET given_at = ? WHERE season_id = ? AND member_id = ?",
                    values,
                ).rowcount
            )
        )

    async def drop_role(self, role: ChampionRole) -> None:
        """Be done with a champion's role: it was taken, or there is nobody to give it to."""
        values = (role.season_id, role.member_id)
        await self._write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM champions WHERE season_id = ? AND member_id = ?", values
                ).rowcount
            )
        )

    async def _champions(self, condition: str) -> tuple[ChampionRole, ...]:
        return await self._read(
            lambda connection: tuple(
                ChampionRole(*row)
                for row in connection.execute(
                    "SELECT guild_id, season_id, member_id, champions.role_id FROM champions"  # noqa: S608 - the conditions above
                    f" JOIN seasons ON seasons.id = season_id WHERE {condition}"
                    " ORDER BY season_id, member_id"
                )
            )
        )

    async def note_role_trouble(self, season_id: int, text: str | None) -> bool:
        """Keep in a sentence why champions have no role yet, or None; return whether it is news."""

        def work(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE ceremonies SET role_trouble = ?1"
                " WHERE season_id = ?2 AND role_trouble IS NOT ?1",
                (text, season_id),
            ).rowcount

        return bool(await self._write(work))


def crown(connection: sqlite3.Connection, season: Season) -> None:
    """Note who is to get the champion's role; earlier ones that were never given lapse."""
    if season.role_id is None:
        return
    crowned = connection.execute(
        "INSERT INTO champions (season_id, member_id, role_id)"
        " SELECT season_id, member_id, ? FROM season_places"
        " WHERE season_id = ? AND rank = 1 AND points > 0 ORDER BY place LIMIT ?",
        (season.role_id, season.id, PLACES_KEPT),
    ).rowcount
    if not crowned:
        return
    # Whoever has it already and gets it again keeps it.
    connection.execute(
        "DELETE FROM champions WHERE season_id IN"
        " (SELECT id FROM seasons WHERE guild_id = ?1 AND first < ?2)"
        " AND (given_at IS NULL OR (member_id, role_id) IN"
        " (SELECT member_id, role_id FROM champions WHERE season_id = ?3))",
        (season.guild_id, season.first.isoformat(), season.id),
    )
