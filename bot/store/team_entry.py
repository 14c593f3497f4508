"""Getting into a team: an open one, by invitation, or asked for and accepted by its captain."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from bot.core.team import (
    INVITATIONS_MOST,
    INVITED_A_DAY,
    REQUEST_LASTS,
    REQUESTS_MOST,
    JoinRequest,
    Team,
)
from bot.errors import UserError
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.team_rows import (
    NO_TEAM,
    existing_team,
    led_team,
    membership_now,
    require_free,
    require_room,
    take_in,
)

NOT_INVITED = "That invitation is not yours, or it is over."


class TeamEntry(Access):
    """Joining, requests to join, and invitations."""

    async def join_team(
        self, guild_id: int, member_id: int, team_id: int, at: datetime
    ) -> tuple[Team, bool]:
        """Take a member into a team that is open or invited them, or put them before its captain.

        Return the team, and whether the member is in it; False: their request waits.

        Raises:
            UserError: they are in a team, left one lately, have asked already, there is no such
                team, it is full, or too many wait.
        """

        def work(connection: sqlite3.Connection) -> tuple[Team, bool]:
            team = existing_team(connection, guild_id, team_id)
            require_free(connection, guild_id, member_id, team_id, at)
            require_room(team)
            if team.is_open or _waiting(connection, team_id, member_id, at) == "invited":
                take_in(connection, guild_id, team_id, member_id, at)
                return existing_team(connection, guild_id, team_id), True
            _ask(connection, team, member_id, at)
            return team, False

        return await self._write(work)

    async def team_requests(self, team_id: int, now: datetime) -> tuple[JoinRequest, ...]:
        """Return who waits for a team's captain, the longest-waiting first."""

        def work(connection: sqlite3.Connection) -> tuple[JoinRequest, ...]:
            rows = connection.execute(
                "SELECT * FROM team_requests WHERE team_id = ? AND asked_at > ? AND kind = 'asked'"
                " ORDER BY asked_at, member_id",
                (team_id, to_text(now - REQUEST_LASTS)),
            )
            return tuple(
                JoinRequest(row["team_id"], row["member_id"], from_text(row["asked_at"]))
                for row in rows
            )

        return await self._read(work)

    async def team_invitations(self, team_id: int, now: datetime) -> tuple[int, ...]:
        """Return who may join a team by invitation, in the order in which they were asked.

        Whoever declined is among them until the invitation is over: nobody is told that they did.
        """
        return await self._read(
            lambda connection: tuple(
                int(row["member_id"])
                for row in connection.execute(
                    "SELECT member_id FROM team_requests"
                    " WHERE team_id = ? AND asked_at > ? AND kind <> 'asked'"
                    " ORDER BY asked_at, member_id",
                    (team_id, to_text(now - REQUEST_LASTS)),
                )
            )
        )

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
            team = led_team(connection, guild_id, team_id, by, is_manager)
            _require_request(connection, team_id, member_id, at)
            require_room(team)
            take_in(connection, guild_id, team_id, member_id, at)
            return existing_team(connection, guild_id, team_id)

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
            team = led_team(connection, guild_id, team_id, by, is_manager)
            _require_request(connection, team_id, member_id, at)
            connection.execute(
                "DELETE FROM team_requests WHERE team_id = ? AND member_id = ?",
                (team_id, member_id),
            )
            return team

        return await self._write(work)

    async def invite_to_team(
        self, guild_id: int, member_id: int, *, by: int, is_manager: bool, at: datetime
    ) -> Team:
        """Let a member into the team of ``by`` without a request, if they want; return the team.

        Raises:
            UserError: ``by`` does not lead it, it is full, the member is in it already, asks to
                join, was invited lately or often, or too many were.
        """

        def work(connection: sqlite3.Connection) -> Team:
            own = membership_now(connection, guild_id, by)
            if own is None:
                raise UserError(NO_TEAM)
            team = led_team(connection, guild_id, own.team_id, by, is_manager)
            invited = membership_now(connection, guild_id, member_id)
            if invited is not None and invited.team_id == team.id:
                raise UserError(f"They are in {team.name} already.")
            require_room(team)
            waiting, days = _waiting(connection, team.id, member_id, at), REQUEST_LASTS.days
            if waiting == "asked":
                raise UserError("They ask to join already: `/team show` lets you accept.")
            if waiting is not None:
                raise UserError(
                    f"{team.name} has invited them already. They are not asked again for {days} "
                    "days, and may join until then."
                )
            (today,) = connection.execute(
                "SELECT count(*) FROM team_requests"
                " WHERE guild_id = ? AND member_id = ? AND kind <> 'asked' AND asked_at > ?",
                (guild_id, member_id, to_text(at - timedelta(days=1))),
            ).fetchone()
            if today >= INVITED_A_DAY:
                raise UserError(
                    f"They were invited {INVITED_A_DAY} times within a day. Wait until tomorrow, "
                    "or let them know of `/team join`."
                )
            (count,) = connection.execute(
                "SELECT count(*) FROM team_requests"
                " WHERE team_id = ? AND kind <> 'asked' AND asked_at > ?",
                (team.id, to_text(at - REQUEST_LASTS)),
            ).fetchone()
            if count >= INVITATIONS_MOST:
                raise UserError(
                    f"{INVITATIONS_MOST} invitations of {team.name} were not accepted yet. Each is "
                    f"over after {days} days; invite others then."
                )
            connection.execute(
                "INSERT OR REPLACE INTO team_requests"
                " (team_id, member_id, guild_id, asked_at, kind) VALUES (?, ?, ?, ?, 'invited')",
                (team.id, member_id, guild_id, to_text(at)),
            )
            return team

        return await self._write(work)

    async def withdraw_invitation(self, team_id: int, member_id: int, at: datetime) -> None:
        """Let an invitation of ``at`` not have been made, as its message was not sent."""
        values = (team_id, member_id, to_text(at))
        await self._write(
            lambda connection: connection.execute(
                "DELETE FROM team_requests"
                " WHERE team_id = ? AND member_id = ? AND asked_at = ? AND kind = 'invited'",
                values,
            )
        )

    async def refuse_invitation(self, team_id: int, member_id: int, at: datetime) -> None:
        """Let an invitation be over for who was invited.

        Raises:
            UserError: they were not, or it is over.
        """

        def work(connection: sqlite3.Connection) -> None:
            if _waiting(connection, team_id, member_id, at) != "invited":
                raise UserError(NOT_INVITED)
            connection.execute(
                "UPDATE team_requests SET kind = 'refused' WHERE team_id = ? AND member_id = ?",
                (team_id, member_id),
            )

        await self._write(work)

    async def set_team_entry(
        self, guild_id: int, team_id: int, *, is_open: bool, by: int, is_manager: bool
    ) -> Team:
        """Say whether anybody may join; those who wait go on waiting.

        Raises:
            UserError: ``by`` may not.
        """

        def work(connection: sqlite3.Connection) -> Team:
            led_team(connection, guild_id, team_id, by, is_manager)
            connection.execute("UPDATE teams SET is_open = ? WHERE id = ?", (int(is_open), team_id))
            return existing_team(connection, guild_id, team_id)

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


def _ask(connection: sqlite3.Connection, team: Team, member_id: int, at: datetime) -> None:
    (waiting,) = connection.execute(
        "SELECT count(*) FROM team_requests WHERE team_id = ? AND asked_at > ? AND kind = 'asked'",
        (team.id, to_text(at - REQUEST_LASTS)),
    ).fetchone()
    if waiting >= REQUESTS_MOST:
        raise UserError(f"{REQUESTS_MOST} members wait for {team.name} already. Try again later.")
    asked = connection.execute(
        "INSERT INTO team_requests (team_id, member_id, guild_id, asked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (team_id, member_id) DO UPDATE SET asked_at = excluded.asked_at,"
        " kind = 'asked' WHERE asked_at <= ? OR kind = 'refused'",
        (team.id, member_id, team.guild_id, to_text(at), to_text(at - REQUEST_LASTS)),
    )
    if not asked.rowcount:
        raise UserError(f"You have asked {team.name} already; the captain sees it in `/team show`.")


def _require_request(
    connection: sqlite3.Connection, team_id: int, member_id: int, at: datetime
) -> None:
    if _waiting(connection, team_id, member_id, at) != "asked":
        raise UserError("That request is gone: it was answered, or they found another team.")


def _waiting(
    connection: sqlite3.Connection, team_id: int, member_id: int, at: datetime
) -> Literal["asked", "invited", "refused"] | None:
    """Return what there is between a team and a member who is not in it; None for nothing."""
    row = connection.execute(
        "SELECT kind FROM team_requests WHERE team_id = ? AND member_id = ? AND asked_at > ?",
        (team_id, member_id, to_text(at - REQUEST_LASTS)),
    ).fetchone()
    return None if row is None else row["kind"]
