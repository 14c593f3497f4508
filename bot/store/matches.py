"""Matches: opening one, who plays, and how each stands.

Who may change what and when is core's (bot/core/match.py); here it is only kept. The questions
that a match asks are in bot/store/match_rounds.py.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import date, datetime

from bot.core.match import OUTAGE, Match, MatchSettings
from bot.errors import UserError
from bot.store.access import Access
from bot.store.contests import is_running, join, make
from bot.store.match_rows import match_where, matches_where, put_match
from bot.store.moment import to_text
from bot.store.rows import require_change
from bot.store.team_matches import note_team

_IN_PLACE = "phase <> 'over' AND ? IN (channel_id, thread_id) ORDER BY contest_id"
"""What is not over in a channel, or in a thread that it was given."""


class SecondMatch(UserError):
    """There is a match in the channel already."""

    def __init__(self, match: Match) -> None:
        self.match = match
        super().__init__("There is a match in this channel already.")


class Matches(Access):
    """Matches, running and past."""

    async def make_match(
        self,
        *,
        guild_id: int,
        channel_id: int,
        host_id: int,
        settings: MatchSettings,
        study_date: date,
        now: datetime,
        until: datetime,
    ) -> Match:
        """Open a lobby until ``until``, with its host in it.

        Raises:
            SecondMatch: there is a match in the channel that is not over.
        """

        def work(connection: sqlite3.Connection) -> Match:
            found = match_where(connection, _IN_PLACE, channel_id)
            if found is not None:
                raise SecondMatch(found)
            contest_id = make(
                connection,
                "match",
                guild_id=guild_id,
                member_ids=[host_id],
                study_date=study_date,
                now=now,
            )
            connection.execute(
                "INSERT INTO matches (contest_id, channel_id, questions, seconds, late_seconds,"
                " has_speed, subject, in_thread, for_teams, phase, phase_ends_at, alive_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'lobby', ?, ?)",
                (
                    contest_id,
                    channel_id,
                    settings.questions,
                    settings.seconds,
                    settings.late,
                    int(settings.has_speed),
                    settings.subject,
                    int(settings.in_thread),
                    int(settings.for_teams),
                    to_text(until),
                    to_text(now),
                ),
            )
            note_team(connection, contest_id, host_id)
            match = match_where(connection, "contest_id = ?", contest_id)
            assert match is not None  # noqa: S101 - it was made above
            return match

        return await self._write(work)

    # --------------------------------------------------------------------- reading

    async def match(self, match_id: int) -> Match | None:
        """Return a match; None when there is none of that id."""
        return await self._read(
            lambda connection: match_where(connection, "contest_id = ?", match_id)
        )

    async def running_matches(self) -> tuple[Match, ...]:
        """Return the matches that are not over, oldest first."""
        return await self._read(
            lambda connection: matches_where(connection, "phase <> 'over' ORDER BY contest_id")
        )

    async def match_in(self, channel_id: int) -> Match | None:
        """Return the match that is not over in a channel or thread; None when there is none."""
        return await self._read(lambda connection: match_where(connection, _IN_PLACE, channel_id))

    async def last_match(self, guild_id: int) -> Match | None:
        """Return the server's match that finished last, with a result; None without one."""
        return await self._read(
            lambda connection: match_where(
                connection,
                "guild_id = ? AND finished_at IS NOT NULL AND is_cancelled = 0"
                " ORDER BY finished_at DESC, contest_id DESC",
                guild_id,
            )
        )

    # -------------------------------------------------------------------- changing

    async def keep_matches_alive(self, at: datetime) -> None:
        """Note a sign of life for all matches that run and were alive a moment ago.

        A match with a longer silence keeps it, so that its clock can be extended by it.
        """
        moment, before = to_text(at), to_text(at - OUTAGE)
        await self._write(
            lambda connection: connection.execute(
                "UPDATE matches SET alive_at = ? WHERE phase <> 'over' AND alive_at >= ?",
                (moment, before),
            )
        )

    async def save_match(self, match: Match) -> None:
        """Keep how a match stands now; its messages and its thread are recorded on their own.

        Raises:
            StoreError: there is no match with that id.
        """
        await self._write(lambda connection: put_match(connection, match))

    async def record_lobby_message(self, match_id: int, message_id: int) -> None:
        """Note the message that shows a match's lobby."""
        await self._record(match_id, "lobby_message_id = ?", message_id)

    async def record_match_thread(self, match_id: int, thread_id: int) -> None:
        """Note the thread in which a match is played."""
        await self._record(match_id, "thread_id = ?", thread_id)

    async def record_finale(self, match_id: int, message_id: int | None) -> None:
        """Note that a match's end was shown, with the message that shows its results.

        None when there is none: nothing was played, or there is no place left to post it.
        """
        await self._record(
            match_id,
            "finale_message_id = ?, phase = CASE phase WHEN 'finale' THEN 'over' ELSE phase END",
            message_id,
        )

    async def _record(self, match_id: int, changes: str, value: int | None) -> None:
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    f"UPDATE matches SET {changes} WHERE contest_id = ?", (value, match_id)
                ),
                f"match {match_id}",
            )
        )

    async def join_match(
        self, match_id: int, member_id: int, at: datetime, *, most: int
    ) -> bool | None:
        """Let a member play, or again after leaving; None when ``most`` play already.

        False when they play already, or when it is over.
        """
        moment = to_text(at)

        def work(connection: sqlite3.Connection) -> bool | None:
            if not is_running(connection, match_id):
                return False
            (players,) = connection.execute(
                "SELECT count(*) FROM contestants WHERE contest_id = ? AND left_at IS NULL"
                " AND member_id IS NOT ?",
                (match_id, member_id),
            ).fetchone()
            if players >= most:
                return None
            joined = join(connection, match_id, member_id, moment)
            note_team(connection, match_id, member_id)
            return joined

        return await self._write(work)
