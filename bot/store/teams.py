"""Teams and who is in them.

Whether somebody may do what they ask is decided inside the writer, where nothing else happens at
the same time: of two who join for the last place at once, the second finds none. A member's id is
in ``memberships`` and ``team_requests`` only; their deletion is ``forget_in_teams``.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from bot.core.team import (
    MEMBERS_MOST,
    REQUEST_LASTS,
    REQUESTS_MOST,
    TEAMS_MOST,
    Departure,
    End,
    JoinRequest,
    Membership,
    Team,
    next_captain,
    waiting_text,
    waits_until,
)
from bot.core.team_name import TeamName, name_key
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, maybe_from_text, to_text
from bot.store.settings import ensure_server

NO_TEAM = "You are in no team. `/team create` begins one, `/team join` takes you into another."
NO_SUCH_TEAM = "There is no such team here. Pick one from the list."
NOT_CAPTAIN = "Only the team's captain may do that, or a manager of the server."
_TEAMS = (
    "SELECT teams.*, (SELECT count(*) FROM memberships WHERE team_id = teams.id"
    " AND left_at IS NULL) AS size FROM teams"
)


class Teams(Access):
    """Founding, joining, leading and leaving teams."""

    # ----------------------------------------------------------------------- looking

    async def team(self, guild_id: int, team_id: int) -> Team | None:
        """Return a server's team, also one that ended."""
        return await self._read(lambda connection: _team(connection, guild_id, team_id))

    async def team_of(self, guild_id: int, member_id: int) -> Team | None:
        """Return the team that a member is in."""

        def work(connection: sqlite3.Connection) -> Team | None:
            now_in = _membership(connection, guild_id, member_id)
            return None if now_in is None else _team(connection, guild_id, now_in.team_id)

        return await self._read(work)

    async def team_named(self, guild_id: int, name: str) -> Team | None:
        """Return the active team that goes by a name, written in whatever way."""

        def work(connection: sqlite3.Connection) -> Team | None:
            row = connection.execute(
                f"{_TEAMS} WHERE guild_id = ? AND name_key = ? AND state = 'active'",
                (guild_id, name_key(name)),
            ).fetchone()
            return None if row is None else _team_of(row)

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
                f"{_TEAMS} WHERE guild_id = ? AND state = 'active' AND size < ?"
                " ORDER BY id DESC LIMIT ?",
                (guild_id, MEMBERS_MOST, limit),
            )
            return tuple(map(_team_of, rows))

        return await self._read(work)

    async def team_members(self, team_id: int) -> tuple[Membership, ...]:
        """Return who is in a team now, the longest-standing first."""
        return await self._read(lambda connection: _members(connection, team_id))

    async def team_requests(self, team_id: int, now: datetime) -> tuple[JoinRequest, ...]:
        """Return who waits for a team's captain, the longest-waiting first."""

        def work(connection: sqlite3.Connection) -> tuple[JoinRequest, ...]:
            rows = connection.execute(
                "SELECT * FROM team_requests WHERE team_id = ? AND asked_at > ?"
                " ORDER BY asked_at, member_id",
                (team_id, to_text(now - REQUEST_LASTS)),
            )
            return tuple(
                JoinRequest(row["team_id"], row["member_id"], from_text(row["asked_at"]))
                for row in rows
            )

        return await self._read(work)

    # ------------------------------------------------------------------------ joining

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
            _require_free(connection, guild_id, member_id, None, at)
            (count,) = connection.execute(
                "SELECT count(*) FROM teams WHERE guild_id = ? AND state = 'active'", (guild_id,)
            ).fetchone()
            if count >= TEAMS_MOST:
                raise UserError(f"This server has {TEAMS_MOST:,} teams already. Join one of them.")
            _require_new_name(connection, guild_id, name)
            team_id = connection.execute(
                "INSERT INTO teams (guild_id, name, name_key, is_open, made_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (guild_id, name.text, name.key, int(is_open), to_text(at)),
            ).lastrowid
            assert team_id is not None  # noqa: S101 - sqlite3 always knows it after an INSERT
            _take_in(connection, guild_id, team_id, member_id, at, is_captain=True)
            return _existing(connection, guild_id, team_id)

        return await self._write(work)

    async def join_team(
        self, guild_id: int, member_id: int, team_id: int, at: datetime
    ) -> tuple[Team, bool]:
        """Take a member into an open team, or put them before its captain.

        Return the team, and whether the member is in it; False: their request waits.

        Raises:
            UserError: they are in a team, left one lately, have asked already, there is no such
                team, it is full, or too many wait.
        """

        def work(connection: sqlite3.Connection) -> tuple[Team, bool]:
            team = _existing(connection, guild_id, team_id)
            _require_free(connection, guild_id, member_id, team_id, at)
            _require_room(team)
            if team.is_open:
                _take_in(connection, guild_id, team_id, member_id, at)
                return _existing(connection, guild_id, team_id), True
            _ask(connection, team, member_id, at)
            return team, False

        return await self._write(work)

    async def accept_request(
        self,
        guild_id: int,
        team_id: int,
        member_id: int,
        *,
        by: int,
        is_manager: bool,
        at: datetime,
    ) -> Team:
        """Take in a member who asked.

        Raises:
            UserError: ``by`` may not, the request is gone, or the team is full.
        """

        def work(connection: sqlite3.Connection) -> Team:
            team = _led(connection, guild_id, team_id, by, is_manager)
            _require_request(connection, team_id, member_id, at)
            _require_room(team)
            _take_in(connection, guild_id, team_id, member_id, at)
            return _existing(connection, guild_id, team_id)

        return await self._write(work)

    async def decline_request(
        self,
        guild_id: int,
        team_id: int,
        member_id: int,
        *,
        by: int,
        is_manager: bool,
        at: datetime,
    ) -> Team:
        """Let a member who asked wait no longer.

        Raises:
            UserError: ``by`` may not, or the request is gone.
        """

        def work(connection: sqlite3.Connection) -> Team:
            team = _led(connection, guild_id, team_id, by, is_manager)
            _require_request(connection, team_id, member_id, at)
            connection.execute(
                "DELETE FROM team_requests WHERE team_id = ? AND member_id = ?",
                (team_id, member_id),
            )
            return team

        return await self._write(work)

    # ------------------------------------------------------------------------ leaving

    async def leave_team(self, guild_id: int, member_id: int, at: datetime) -> Departure:
        """Let a member go. A captain is followed by the longest-standing member.

        Raises:
            UserError: they are in no team.
        """

        def work(connection: sqlite3.Connection) -> Departure:
            now_in = _membership(connection, guild_id, member_id)
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
            now_in = _led_member(connection, guild_id, member_id, by, is_manager)
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
            team = _existing(connection, guild_id, team_id)
            connection.execute(
                "UPDATE memberships SET left_at = max(joined_at, ?), end = 'disbanded',"
                " is_captain = 0 WHERE team_id = ? AND left_at IS NULL",
                (to_text(at), team_id),
            )
            _end_team(connection, team_id, "disbanded")
            return team

        return await self._write(work)

    # ------------------------------------------------------------------------ leading

    async def rename_team(
        self, guild_id: int, team_id: int, name: TeamName, *, by: int, is_manager: bool
    ) -> Team:
        """Give a team another name. One from a manager who does not lead it stays a manager's.

        Raises:
            UserError: ``by`` may not, or the name is taken.
        """

        def work(connection: sqlite3.Connection) -> Team:
            team = _led(connection, guild_id, team_id, by, is_manager)
            if team.is_name_fixed and not is_manager:
                raise UserError("A manager of the server gave this name, so a manager changes it.")
            _require_new_name(connection, guild_id, name, team_id)
            own = _membership(connection, guild_id, by)
            is_moderated = own is None or own.team_id != team_id
            connection.execute(
                "UPDATE teams SET name = ?, name_key = ?, is_name_fixed = max(is_name_fixed, ?)"
                " WHERE id = ?",
                (name.text, name.key, int(is_moderated), team_id),
            )
            return _existing(connection, guild_id, team_id)

        return await self._write(work)

    async def set_captain(
        self, guild_id: int, member_id: int, *, by: int, is_manager: bool
    ) -> Team:
        """Let another member of a team lead it.

        Raises:
            UserError: ``by`` may not, or the member is in no such team, or leads it.
        """

        def work(connection: sqlite3.Connection) -> Team:
            now_in = _led_member(connection, guild_id, member_id, by, is_manager)
            if now_in.is_captain:
                raise UserError("They are the captain already.")
            connection.execute(
                "UPDATE memberships SET is_captain = 0 WHERE team_id = ? AND is_captain",
                (now_in.team_id,),
            )
            connection.execute("UPDATE memberships SET is_captain = 1 WHERE id = ?", (now_in.id,))
            return _existing(connection, guild_id, now_in.team_id)

        return await self._write(work)

    async def set_told(self, guild_id: int, member_id: int, *, is_told: bool) -> None:
        """Note whether a member wants to hear of requests to join while they lead their team.

        For one who is in no team it does nothing.
        """
        await self._write(
            lambda connection: connection.execute(
                "UPDATE memberships SET is_told = ?"
                " WHERE guild_id = ? AND member_id = ? AND left_at IS NULL",
                (int(is_told), guild_id, member_id),
            )
        )

    async def set_team_entry(
        self, guild_id: int, team_id: int, *, is_open: bool, by: int, is_manager: bool
    ) -> Team:
        """Say whether anybody may join; those who wait go on waiting.

        Raises:
            UserError: ``by`` may not.
        """

        def work(connection: sqlite3.Connection) -> Team:
            _led(connection, guild_id, team_id, by, is_manager)
            connection.execute("UPDATE teams SET is_open = ? WHERE id = ?", (int(is_open), team_id))
            return _existing(connection, guild_id, team_id)

        return await self._write(work)


def end_in_server(
    connection: sqlite3.Connection, guild_id: int, member_id: int, at: datetime
) -> None:
    """Let a member who left the server be in no team of it, and wait for none."""
    now_in = _membership(connection, guild_id, member_id)
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


# ------------------------------------------------------------------------------ steps


def _take_in(
    connection: sqlite3.Connection,
    guild_id: int,
    team_id: int,
    member_id: int,
    at: datetime,
    *,
    is_captain: bool = False,
) -> None:
    connection.execute(
        "INSERT INTO memberships (guild_id, team_id, member_id, is_captain, joined_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (guild_id, team_id, member_id, int(is_captain), to_text(at)),
    )
    connection.execute(
        "DELETE FROM team_requests WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    )


def _ask(connection: sqlite3.Connection, team: Team, member_id: int, at: datetime) -> None:
    (waiting,) = connection.execute(
        "SELECT count(*) FROM team_requests WHERE team_id = ? AND asked_at > ?",
        (team.id, to_text(at - REQUEST_LASTS)),
    ).fetchone()
    if waiting >= REQUESTS_MOST:
        raise UserError(f"{REQUESTS_MOST} members wait for {team.name} already. Try again later.")
    asked = connection.execute(
        "INSERT INTO team_requests (team_id, member_id, guild_id, asked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (team_id, member_id) DO UPDATE SET asked_at = excluded.asked_at"
        " WHERE asked_at <= ?",
        (team.id, member_id, team.guild_id, to_text(at), to_text(at - REQUEST_LASTS)),
    )
    if not asked.rowcount:
        raise UserError(f"You have asked {team.name} already; the captain sees it in `/team show`.")


def _end(
    connection: sqlite3.Connection, guild_id: int, membership: Membership, at: datetime, end: End
) -> Departure:
    team = _existing(connection, guild_id, membership.team_id)
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
    members = _members(connection, team_id)
    heir = next_captain(members)
    if heir is None:
        _end_team(connection, team_id, "ended")
        return None, True
    if any(membership.is_captain for membership in members):
        return None, False
    connection.execute("UPDATE memberships SET is_captain = 1 WHERE id = ?", (heir.id,))
    return heir.member_id, False


def _end_team(connection: sqlite3.Connection, team_id: int, state: str) -> None:
    connection.execute("UPDATE teams SET state = ? WHERE id = ?", (state, team_id))
    connection.execute("DELETE FROM team_requests WHERE team_id = ?", (team_id,))


# ----------------------------------------------------------------------- requirements


def _require_free(
    connection: sqlite3.Connection,
    guild_id: int,
    member_id: int,
    team_id: int | None,
    at: datetime,
) -> None:
    """Refuse who is in a team, or left one lately and wants into another."""
    now_in = _membership(connection, guild_id, member_id)
    if now_in is not None:
        team = _existing(connection, guild_id, now_in.team_id)
        if team.id == team_id:
            raise UserError(f"You are in {team.name} already.")
        raise UserError(f"You are in {team.name}. A member has one team: `/team leave` first.")
    past = connection.execute(
        "SELECT * FROM memberships WHERE guild_id = ? AND member_id = ? AND left_at IS NOT NULL",
        (guild_id, member_id),
    )
    wait = waits_until(map(_membership_of, past), team_id, at)
    if wait is not None:
        until, left = wait
        (name,) = connection.execute("SELECT name FROM teams WHERE id = ?", (left,)).fetchone()
        raise UserError(waiting_text(until, name, at))


def _require_room(team: Team) -> None:
    if team.size >= MEMBERS_MOST:
        raise UserError(f"{team.name} is full: a team has at most {MEMBERS_MOST} members.")


def _require_new_name(
    connection: sqlite3.Connection, guild_id: int, name: TeamName, team_id: int | None = None
) -> None:
    row = connection.execute(
        "SELECT name FROM teams WHERE guild_id = ? AND name_key = ? AND state = 'active'"
        " AND id IS NOT ?",
        (guild_id, name.key, team_id),
    ).fetchone()
    if row is not None:
        raise UserError(f"That looks like {row['name']}, which is taken. Choose another name.")


def _require_request(
    connection: sqlite3.Connection, team_id: int, member_id: int, at: datetime
) -> None:
    row = connection.execute(
        "SELECT 1 FROM team_requests WHERE team_id = ? AND member_id = ? AND asked_at > ?",
        (team_id, member_id, to_text(at - REQUEST_LASTS)),
    ).fetchone()
    if row is None:
        raise UserError("That request is gone: it was answered, or they found another team.")


def _led(
    connection: sqlite3.Connection, guild_id: int, team_id: int, by: int, is_manager: bool
) -> Team:
    """Return an active team that ``by`` may lead."""
    team = _existing(connection, guild_id, team_id)
    own = _membership(connection, guild_id, by)
    if is_manager or (own is not None and own.team_id == team_id and own.is_captain):
        return team
    raise UserError(NOT_CAPTAIN)


def _led_member(
    connection: sqlite3.Connection, guild_id: int, member_id: int, by: int, is_manager: bool
) -> Membership:
    """Return the membership of somebody whose team ``by`` may lead."""
    now_in = _membership(connection, guild_id, member_id)
    own = _membership(connection, guild_id, by)
    if not is_manager and (own is None or not own.is_captain):
        raise UserError(NOT_CAPTAIN)
    if now_in is None and is_manager:
        raise UserError("They are in no team here.")
    if now_in is None or not (is_manager or (own is not None and own.team_id == now_in.team_id)):
        raise UserError("They are not in your team.")
    return now_in


# ------------------------------------------------------------------------------- rows


def _existing(connection: sqlite3.Connection, guild_id: int, team_id: int) -> Team:
    """Return a team that did not end."""
    team = _team(connection, guild_id, team_id)
    if team is None or team.state != "active":
        raise UserError(NO_SUCH_TEAM)
    return team


def _team(connection: sqlite3.Connection, guild_id: int, team_id: int) -> Team | None:
    row = connection.execute(
        f"{_TEAMS} WHERE guild_id = ? AND id = ?", (guild_id, team_id)
    ).fetchone()
    return None if row is None else _team_of(row)


def _membership(connection: sqlite3.Connection, guild_id: int, member_id: int) -> Membership | None:
    """Return the membership that a member has now."""
    row = connection.execute(
        "SELECT * FROM memberships WHERE guild_id = ? AND member_id = ? AND left_at IS NULL",
        (guild_id, member_id),
    ).fetchone()
    return None if row is None else _membership_of(row)


def _members(connection: sqlite3.Connection, team_id: int) -> tuple[Membership, ...]:
    rows = connection.execute(
        "SELECT * FROM memberships WHERE team_id = ? AND left_at IS NULL ORDER BY joined_at, id",
        (team_id,),
    )
    return tuple(map(_membership_of, rows))


def _team_of(row: Any) -> Team:
    return Team(
        id=row["id"],
        guild_id=row["guild_id"],
        name=row["name"],
        is_open=bool(row["is_open"]),
        is_name_fixed=bool(row["is_name_fixed"]),
        made_at=from_text(row["made_at"]),
        size=row["size"],
        state=row["state"],
    )


def _membership_of(row: Any) -> Membership:
    return Membership(
        id=row["id"],
        team_id=row["team_id"],
        member_id=row["member_id"],
        is_captain=bool(row["is_captain"]),
        joined_at=from_text(row["joined_at"]),
        left_at=maybe_from_text(row["left_at"]),
        end=row["end"],
        is_told=bool(row["is_told"]),
    )
