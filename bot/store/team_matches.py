"""For which team a contestant of a match plays: the one they were in when they first joined it."""

from __future__ import annotations

import sqlite3

from bot.core.team import shown_name
from bot.core.team_match import MatchTeam
from bot.store.access import Access


class TeamMatches(Access):
    """Teams in matches."""

    async def match_teams(self, match_id: int) -> dict[int, MatchTeam]:
        """Return the teams of a match by contestant's id; empty for one that is not for teams."""
        return await self._read(
            lambda connection: {
                row["contestant_id"]: MatchTeam(row["id"], shown_name(row["name"], row["state"]))
                for row in connection.execute(
                    "SELECT contestant_id, teams.id, name, state FROM contestants"
                    " JOIN contestant_teams ON contestant_id = contestants.id"
                    " JOIN teams ON teams.id = team_id WHERE contest_id = ?",
                    (match_id,),
                )
            }
        )


def note_team(connection: sqlite3.Connection, match_id: int, member_id: int) -> None:
    """Note the team of a member who joins a match for teams.

    It is that of the moment in which they first joined, so coming back changes nothing.
    """
    connection.execute(
        "INSERT INTO contestant_teams (contestant_id, guild_id, team_id)"
        " SELECT contestants.id, contests.guild_id, memberships.team_id FROM contestants"
        " JOIN contests ON contests.id = contestants.contest_id"
        " JOIN matches ON matches.contest_id = contests.id AND matches.for_teams"
        " JOIN memberships ON memberships.member_id = contestants.member_id"
        " AND memberships.guild_id = contests.guild_id"
        " AND memberships.joined_at <= contestants.joined_at"
        " AND (memberships.left_at IS NULL OR memberships.left_at > contestants.joined_at)"
        " WHERE contestants.contest_id = ? AND contestants.member_id = ?"
        " ON CONFLICT (contestant_id) DO NOTHING",
        (match_id, member_id),
    )
