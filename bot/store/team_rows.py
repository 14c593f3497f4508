"""What the modules of teams share: rows as values, and who may do what.

Whether somebody may do what they ask is decided inside the writer, where nothing else happens at
the same time: of two who join for the last place at once, the second finds none.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from bot.core.team import MEMBERS_MOST, Membership, Team, waiting_text, waits_until
from bot.core.team_name import TeamName
from bot.errors import UserError
from bot.store.moment import from_text, maybe_from_text, to_text

NO_TEAM = "You are in no team. `/team create` begins one, `/team join` takes you into another."
NO_SUCH_TEAM = "There is no such team here. Pick one from the list."
NOT_CAPTAIN = "Only the team's captain may do that, or a manager of the server."
SELECT_TEAMS = (
    "SELECT teams.*, (SELECT count(*) FROM memberships WHERE team_id = teams.id"
    " AND left_at IS NULL) AS size FROM teams"
)


def existing_team(connection: sqlite3.Connection, guild_id: int, team_id: int) -> Team:
    """Return a team that did not end."""
    team = team_of_id(connection, guild_id, team_id)
    if team is None or team.state != "active":
        raise UserError(NO_SUCH_TEAM)
    return team


def team_of_id(connection: sqlite3.Connection, guild_id: int, team_id: int) -> Team | None:
    """Return a server's team, also one that ended."""
    row = connection.execute(
        f"{SELECT_TEAMS} WHERE guild_id = ? AND id = ?", (guild_id, team_id)
    ).fetchone()
    return None if row is None else team_of_row(row)


def membership_now(
    connection: sqlite3.Connection, guild_id: int, member_id: int
) -> Membership | None:
    """Return the membership that a member has now."""
    row = connection.execute(
        "SELECT * FROM memberships WHERE guild_id = ? AND member_id = ? AND left_at IS NULL",
        (guild_id, member_id),
    ).fetchone()
    return None if row is None else membership_of_row(row)


def members_now(connection: sqlite3.Connection, team_id: int) -> tuple[Membership, ...]:
    """Return who is in a team now, the longest-standing first."""
    rows = connection.execute(
        "SELECT * FROM memberships WHERE team_id = ? AND left_at IS NULL ORDER BY joined_at, id",
        (team_id,),
    )
    return tuple(map(membership_of_row, rows))


def led_team(
    connection: sqlite3.Connection, guild_id: int, team_id: int, by: int, is_manager: bool
) -> Team:
    """Return an active team that ``by`` may lead."""
    team = existing_team(connection, guild_id, team_id)
    own = membership_now(connection, guild_id, by)
    if is_manager or (own is not None and own.team_id == team_id and own.is_captain):
        return team
    raise UserError(NOT_CAPTAIN)


def led_member(
    connection: sqlite3.Connection, guild_id: int, member_id: int, by: int, is_manager: bool
) -> Membership:
    """Return the membership of somebody whose team ``by`` may lead."""
    now_in = membership_now(connection, guild_id, member_id)
    own = membership_now(connection, guild_id, by)
    if not is_manager and (own is None or not own.is_captain):
        raise UserError(NOT_CAPTAIN)
    if now_in is None and is_manager:
        raise UserError("They are in no team here.")
    if now_in is None or not (is_manager or (own is not None and own.team_id == now_in.team_id)):
        raise UserError("They are not in your team.")
    return now_in


def require_free(
    connection: sqlite3.Connection,
    guild_id: int,
    member_id: int,
    team_id: int | None,
    at: datetime,
) -> None:
    """Refuse who is in a team, or left one lately and wants into another."""
    now_in = membership_now(connection, guild_id, member_id)
    if now_in is not None:
        team = existing_team(connection, guild_id, now_in.team_id)
        if team.id == team_id:
            raise UserError(f"You are in {team.name} already.")
        raise UserError(f"You are in {team.name}. A member has one team: `/team leave` first.")
    past = connection.execute(
        "SELECT * FROM memberships WHERE guild_id = ? AND member_id = ? AND left_at IS NOT NULL",
        (guild_id, member_id),
    )
    wait = waits_until(map(membership_of_row, past), team_id, at)
    if wait is not None:
        until, left = wait
        (name,) = connection.execute("SELECT name FROM teams WHERE id = ?", (left,)).fetchone()
        raise UserError(waiting_text(until, name, at))


def require_room(team: Team) -> None:
    """Refuse a full team."""
    if team.size >= MEMBERS_MOST:
        raise UserError(f"{team.name} is full: a team has at most {MEMBERS_MOST} members.")


def require_new_name(
    connection: sqlite3.Connection, guild_id: int, name: TeamName, team_id: int | None = None
) -> None:
    """Refuse a name that looks like another team's; ``team_id`` may keep its own."""
    row = connection.execute(
        "SELECT name FROM teams WHERE guild_id = ? AND name_key = ? AND state = 'active'"
        " AND id IS NOT ?",
        (guild_id, name.key, team_id),
    ).fetchone()
    if row is not None:
        raise UserError(f"That looks like {row['name']}, which is taken. Choose another name.")


def take_in(
    connection: sqlite3.Connection,
    guild_id: int,
    team_id: int,
    member_id: int,
    at: datetime,
    *,
    is_captain: bool = False,
) -> None:
    """Make a member one of a team; they wait for no other any more."""
    connection.execute(
        "INSERT INTO memberships (guild_id, team_id, member_id, is_captain, joined_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (guild_id, team_id, member_id, int(is_captain), to_text(at)),
    )
    connection.execute(
        "DELETE FROM team_requests WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    )


def team_of_row(row: Any) -> Team:
    """Return the team of a row of ``SELECT_TEAMS``."""
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


def membership_of_row(row: Any) -> Membership:
    """Return the membership of a row with all columns."""
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
