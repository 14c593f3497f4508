"""Teams: founding, leading, leaving and ending them.

A member's id is in ``memberships``, ``team_requests`` and ``team_totals`` only; their deletion is
``forget_in_teams``. How members get into a team is in bot/store/team_entry.py.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.team import (
    MEMBERS_MOST,
    TEAMS_MOST,
    Departure,
    End,
    Membership,
    Team,
    TeamState,
    next_captain,
)
from bot.core.team_name import TeamName, name_key
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import to_text
from bot.store.settings import ensure_server
from bot.store.team_rows import (
    NO_TEAM,
    SELECT_TEAMS,
    existing_team,
    led_member,
    led_team,
    members_now,
    membership_now,
    require_free,
    require_new_name,
    take_in,
    team_of_id,
    team_of_row,
)


class Teams(Access):
    """Teams and who is in them."""

    # ----------------------------------------------------------------------- looking

    async def team(self, guild_id: int, team_id: int) -> Team | None:
        """Return a server's team, also one that ended."""
        return await self._read(lambda connection: team_of_id(connection, guild_id, team_id))

    async def team_of(self, guild_id: int, member_id: int) -> Team | None:
        """Return the team that a member is in."""

        def work(connection: sqlite3.Connection) -> Team | None:
            now_in = membership_now(connection, guild_id, member_id)
            return None if now_in is None else team_of_id(connection, guild_id, now_in.team_id)

        return await self._read(work)

    async def team_named(self, guild_id: int, name: str) -> Team | None:
        """Return the active team that goes by a name, written in whatever way."""

        def work(connection: sqlite3.Connection) -> Team | None:
            row = connection.execute(
                f"{SELECT_TEAMS} WHERE guild_id = ? AND name_key = ? AND state = 'active'",
                (guild_id, name_key(name)),
            ).fetchone()
            return None if row is None else team_of_row(row)

        return await self._read(work)

    async def team_names(self, guild_id: int, part: str, limit: int) -> tuple[str, ...]:
        """Return names of active teams that hold ``part``, in the order of the alphabet."""

        def work(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows = connection.execute(
                "SELECT name FROM teams WHERE guild_id = ? AND state = 'active'"
                " AND instr(name_key, ?) ORDER BY name_key LIMIT ?",
                (guild_id, name_key(part), limit),
            )
            return tuple(str(row["name"]) for row in rows)

        return await self._read(work)

    async def teams_with_room(self, guild_id: int, limit: int) -> tuple[Team, ...]:
        """Return active teams that are not full, the newest first."""

        def work(connection: sqlite3.Connection) -> tuple[Team, ...]:
            rows = connection.execute(
                f"{SELECT_TEAMS} WHERE guild_id = ? AND state = 'active' AND size < ?"
                " ORDER BY id DESC LIMIT ?",
                (guild_id, MEMBERS_MOST, limit),
            )
            return tuple(map(team_of_row, rows))

        return await self._read(work)

    async def team_members(self, team_id: int) -> tuple[Membership, ...]:
        """Return who is in a team now, the longest-standing first."""
        return await self._read(lambda connection: members_now(connection, team_id))

    # ------------------------------------------------------------- founding, leading

    async def found_team(
        self, guild_id: int, member_id: int, name: TeamName, *, is_open: bool, at: datetime
    ) -> Team:
        """Make a team whose captain and only member ``member_id`` is.

        Raises:
            UserError: they are in a team, left one lately, the name is taken, or there are too
                many teams.
        """

        def work(connection: sqlite3.Connection) -> Team:
            ensure_server(connection, guild_id)
            require_free(connection, guild_id, member_id, None, at)
            (count,) = connection.execute(
                "SELECT count(*) FROM teams WHERE guild_id = ? AND state = 'active'", (guild_id,)
            ).fetchone()
            if count >= TEAMS_MOST:
                raise UserError(f"This server has {TEAMS_MOST:,} teams already. Join one of them.")
            require_new_name(connection, guild_id, name)
            team_id = connection.execute(
                "INSERT INTO teams (guild_id, name, name_key, is_open, made_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (guild_id, name.text, name.key, int(is_open), to_text(at)),
            ).lastrowid
            assert team_id is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
            take_in(connection, guild_id, team_id, member_id, at, is_captain=True)
            return existing_team(connection, guild_id, team_id)

        return await self._write(work)

    async def rename_team(
        self, guild_id: int, team_id: int, name: TeamName, *, by: int, is_manager: bool
    ) -> Team:
        """Give a team another name. One from a manager who does not lead it stays a manager's.

        Raises:
            UserError: ``by`` may not, or the name is taken.
        """

        def work(connection: sqlite3.Connection) -> Team:
            team = led_team(connection, guild_id, team_id, by, is_manager)
            if team.is_name_fixed and not is_manager:
                raise UserError("A manager of the server gave this name, so a manager changes it.")
            require_new_name(connection, guild_id, name, team_id)
            own = membership_now(connection, guild_id, by)
            is_moderated = own is None or own.team_id != team_id
            connection.execute(
                "UPDATE teams SET name = ?, name_key = ?, is_name_fixed = max(is_name_fixed, ?)"
                " WHERE id = ?",
                (name.text, name.key, int(is_moderated), team_id),
            )
            return existing_team(connection, guild_id, team_id)

        return await self._write(work)

    async def set_captain(
        self, guild_id: int, member_id: int, *, by: int, is_manager: bool
    ) -> Team:
        """Let another member of a team lead it.

        Raises:
            UserError: ``by`` may not, or the member is in no such team, or leads it.
        """

        def work(connection: sqlite3.Connection) -> Team:
            now_in = led_member(connection, guild_id, member_id, by, is_manager)
            if now_in.is_captain:
                raise UserError("They are the captain already.")
            connection.execute(
                "UPDATE memberships SET is_captain = 0 WHERE team_id = ? AND is_captain",
                (now_in.team_id,),
            )
            connection.execute("UPDATE memberships SET is_captain = 1 WHERE id = ?", (now_in.id,))
            return existing_team(connection, guild_id, now_in.team_id)

        return await self._write(work)

    # ------------------------------------------------------------------------ leaving

    async def leave_team(self, guild_id: int, member_id: int, at: datetime) -> Departure:
        """Let a member go. A captain is followed by the longest-standing member.

        Raises:
            UserError: they are in no team.
        """

        def work(connection: sqlite3.Connection) -> Departure:
            now_in = membership_now(connection, guild_id, member_id)
            if now_in is None:
                raise UserError(NO_TEAM)
            return _end(connection, guild_id, now_in, at, "left")

        return await self._write(work)

    async def remove_from_team(
        self, guild_id: int, member_id: int, *, by: int, is_manager: bool, at: datetime
    ) -> Departure:
        """Put a member out of their team.

        Raises:
            UserError: ``by`` may not, is that member, or the member is in no such team.
        """

        def work(connection: sqlite3.Connection) -> Departure:
            now_in = led_member(connection, guild_id, member_id, by, is_manager)
            if member_id == by:
                raise UserError("To go yourself, use `/team leave`.")
            return _end(connection, guild_id, now_in, at, "removed")

        return await self._write(work)

    async def disband_team(self, guild_id: int, team_id: int, at: datetime) -> Team:
        """End a team and every membership in it; return it as it was.

        Raises:
            UserError: there is no such team.
        """

        def work(connection: sqlite3.Connection) -> Team:
            team = existing_team(connection, guild_id, team_id)
            connection.execute(
                "UPDATE memberships SET left_at = max(joined_at, ?), end = 'disbanded',"
                " is_captain = 0 WHERE team_id = ? AND left_at IS NULL",
                (to_text(at), team_id),
            )
            _end_team(connection, team_id, "disbanded")
            return team

        return await self._write(work)


def end_in_server(
    connection: sqlite3.Connection, guild_id: int, member_id: int, at: datetime
) -> None:
    """Let a member who left the server be in no team of it, and wait for none."""
    now_in = membership_now(connection, guild_id, member_id)
    if now_in is not None:
        _end(connection, guild_id, now_in, at, "gone")
    connection.execute(
        "DELETE FROM team_requests WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    )


def forget_in_teams(connection: sqlite3.Connection, member_id: int, guild_id: int | None) -> None:
    """Delete a member's places in teams, in a server or with None everywhere."""
    values = {"member_id": member_id, "guild_id": guild_id}
    mine = "member_id = :member_id AND (:guild_id IS NULL OR guild_id = :guild_id)"
    teams = connection.execute(
        f"SELECT team_id FROM memberships WHERE {mine} AND left_at IS NULL", values
    ).fetchall()
    for table in ("team_totals", "team_requests", "memberships"):
        connection.execute(f"DELETE FROM {table} WHERE {mine}", values)
    for row in teams:
        _follow(connection, row["team_id"])


def _end(
    connection: sqlite3.Connection, guild_id: int, membership: Membership, at: datetime, end: End
) -> Departure:
    team = existing_team(connection, guild_id, membership.team_id)
    connection.execute(
        "UPDATE memberships SET left_at = max(joined_at, ?), end = ?, is_captain = 0 WHERE id = ?",
        (to_text(at), end, membership.id),
    )
    captain_id, has_ended = _follow(connection, team.id)
    return Departure(team, captain_id, has_ended)


def _follow(connection: sqlite3.Connection, team_id: int) -> tuple[int | None, bool]:
    """Give a team that lost its captain another one, or end it with its last member.

    Return who leads it now, if that changed, and whether it ended.
    """
    members = members_now(connection, team_id)
    heir = next_captain(members)
    if heir is None:
        _end_team(connection, team_id, "ended")
        return None, True
    if any(membership.is_captain for membership in members):
        return None, False
    connection.execute("UPDATE memberships SET is_captain = 1 WHERE id = ?", (heir.id,))
    return heir.member_id, False


def _end_team(connection: sqlite3.Connection, team_id: int, state: TeamState) -> None:
    connection.execute("UPDATE teams SET state = ? WHERE id = ?", (state, team_id))
    # Invitations stay for their time: a new team of the same captain must not ask again and again.
    connection.execute("DELETE FROM team_requests WHERE team_id = ? AND kind = 'asked'", (team_id,))
