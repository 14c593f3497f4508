"""Duels from the invitation to the end; what they share with matches is in contests.py.

Each step is one transaction that looks at the state first, so of two presses at the same moment
the second finds the first one's work done, and everything may be tried again after a crash.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.core.duel import (
    CHALLENGES_A_DAY,
    DUEL_LASTS,
    INVITATION_LASTS,
    INVITATIONS_MOST,
    RESTS_AFTER_DECLINE,
    Duel,
    DuelsDue,
    Ending,
    Played,
    Turn,
    results,
)
from bot.core.post import Shown
from bot.errors import UserError
from bot.store.access import Access
from bot.store.contests import ask, contest_of, finish, make, posts_of
from bot.store.duel_rows import (
    FINISHED,
    LAPSED,
    NOT_YOURS,
    OVER,
    can_finish,
    duel_of,
    find_duel,
    played_of,
    require_duel,
)
from bot.store.moment import from_text, to_text
from bot.store.ratings import has_unrated, rate_finished
from bot.store.rows import returned
from bot.store.settings import ensure_server


class Duels(Access):
    """Two members, and what they have going on with each other."""

    # ------------------------------------------------------------------- invitations

    async def invite_to_duel(
        self,
        *,
        guild_id: int,
        channel_id: int,
        challenger_id: int,
        opponent_id: int,
        topic: str | None,
        nonce: str,
        now: datetime,
    ) -> Duel:
        """Store an invitation, before its message is sent.

        Raises:
            UserError: the two have an open duel, the opponent declined lately or was challenged
                too often, or the challenger has too many open invitations.
        """
        moment, until = to_text(now), to_text(now + INVITATION_LASTS)
        values = {
            "guild_id": guild_id,
            "own": challenger_id,
            "other": opponent_id,
            "rested": to_text(now - RESTS_AFTER_DECLINE),
            "yesterday": to_text(now - timedelta(days=1)),
        }

        def work(connection: sqlite3.Connection) -> Duel:
            ensure_server(connection, guild_id)

            def count(condition: str) -> int:
                (found,) = connection.execute(
                    f"SELECT count(*) FROM duels WHERE guild_id = :guild_id AND {condition}", values
                ).fetchone()
                return int(found)

            if count(
                "ended_at IS NULL AND (challenger_id = :own AND opponent_id = :other"
                " OR challenger_id = :other AND opponent_id = :own)"
            ):
                raise UserError("You two have an open duel already: `/duel list` shows yours.")
            if count(
                "challenger_id = :own AND opponent_id = :other AND ending = 'declined'"
                " AND ended_at > :rested"
            ):
                hours = RESTS_AFTER_DECLINE // timedelta(hours=1)
                raise UserError(
                    f"They declined your last challenge less than {hours} hours ago. Give them "
                    "some time, or challenge somebody else."
                )
            if (
                count(
                    "challenger_id = :own AND opponent_id = :other AND contest_id IS NULL"
                    " AND ending <> 'unsent' AND made_at > :yesterday"
                )
                >= CHALLENGES_A_DAY
            ):
                raise UserError(
                    f"You challenged them {CHALLENGES_A_DAY} times within a day, and nothing came "
                    "of it. Wait until tomorrow, or until they challenge you."
                )
            if count("challenger_id = :own AND ended_at IS NULL AND contest_id IS NULL") >= (
                INVITATIONS_MOST
            ):
                raise UserError(
                    f"You have {INVITATIONS_MOST} challenges open that wait for an answer. "
                    "Withdraw one first: `/duel list`."
                )
            row = returned(
                connection,
                "INSERT INTO duels (guild_id, channel_id, challenger_id, opponent_id, topic, nonce,"
                " made_at, expires_at, alive_at, changes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?7, ?8, ?7, 1) RETURNING *",
                (guild_id, channel_id, challenger_id, opponent_id, topic, nonce, moment, until),
            )
            return duel_of(connection, row)

        return await self._write(work)

    async def accept_duel(
        self,
        duel_id: int,
        member_id: int,
        *,
        shown: Sequence[Shown],
        study_date: date,
        now: datetime,
    ) -> Duel:
        """Begin a duel with these questions for both.

        Raises:
            UserError: the member was not the one who was challenged, or it is no open invitation.
        """

        def work(connection: sqlite3.Connection) -> Duel:
            duel = require_duel(connection, duel_id)
            if duel.opponent_id != member_id:
                raise UserError("Only who was challenged can accept.")
            if not duel.is_invitation or duel.is_over(now):
                raise UserError(
                    "You have accepted already: press Play." if duel.is_running else OVER
                )
            assert duel.challenger_id is not None  # noqa: S101 - it would be over
            deadline = now + DUEL_LASTS
            contest_id = make(
                connection,
                "duel",
                guild_id=duel.guild_id,
                member_ids=(duel.challenger_id, member_id),
                study_date=study_date,
                now=now,
            )
            ask(connection, contest_id, shown, now=now, closes_at=deadline)
            connection.execute(
                "UPDATE duels SET contest_id = ?, deadline = ?, changes = changes + 1 WHERE id = ?",
                (contest_id, to_text(deadline), duel_id),
            )
            return require_duel(connection, duel_id)

        return await self._write(work)

    async def end_invitation(self, duel_id: int, ending: Ending, at: datetime) -> bool:
        """Let nobody accept an invitation any more; False when it is none, or none any more."""
        moment = to_text(at)
        return await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE duels SET ended_at = ?, ending = ?, changes = changes + 1"
                    " WHERE id = ? AND ended_at IS NULL AND contest_id IS NULL",
                    (moment, ending, duel_id),
                ).rowcount
                > 0
            )
        )

    # ----------------------------------------------------------------------- playing

    async def duel_turn(self, duel_id: int, member_id: int, at: datetime) -> Turn | None:
        """Return the next question that a member has to answer; None when they answered all.

        That it is shown now is recorded, unless it was shown before: their time runs from the
        first time.

        Raises:
            UserError: there is nothing that this member may play.
        """
        moment = to_text(at)

        def work(connection: sqlite3.Connection) -> Turn | None:
            duel = require_duel(connection, duel_id)
            if not duel.is_of(member_id):
                raise UserError(NOT_YOURS)
            if duel.is_invitation and not duel.is_over(at):
                raise UserError("It waits to be accepted.")
            if duel.contest is None or duel.is_over(at):
                raise UserError(OVER)
            posts = posts_of(connection, duel.contest.id)
            answered = {
                int(row["post_id"])
                for row in connection.execute(
                    "SELECT post_id FROM answers WHERE member_id = ? AND post_id IN"
                    " (SELECT id FROM posts WHERE contest_id = ?)",
                    (member_id, duel.contest.id),
                )
            }
            for post in posts:
                if post.id in answered:
                    continue
                key = (duel.contest.id, post.place, member_id)
                connection.execute(
                    "INSERT INTO duel_times (contest_id, place, member_id, shown_at)"
                    " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (*key, moment),
                )
                (shown_at,) = connection.execute(
                    "SELECT shown_at FROM duel_times"
                    " WHERE contest_id = ? AND place = ? AND member_id = ?",
                    key,
                ).fetchone()
                return Turn(post, from_text(shown_at), len(posts))
            return None

        return await self._write(work)

    async def take_turn_back(self, turn: Turn, member_id: int, at: datetime) -> None:
        """Let a question that was first shown to a member at ``at`` not have been shown.

        One that they have answered stays.
        """
        post = turn.post
        values = (post.contest_id, post.place, member_id, to_text(at), post.id)
        await self._write(
            lambda connection: connection.execute(
                "DELETE FROM duel_times"
                " WHERE contest_id = ?1 AND place = ?2 AND member_id = ?3 AND shown_at = ?4"
                " AND NOT EXISTS (SELECT 1 FROM answers WHERE post_id = ?5 AND member_id = ?3)",
                values,
            )
        )

    async def was_shown(self, contest_id: int, place: int, member_id: int) -> bool:
        """Return whether a question of a duel was shown to a member."""
        return await self._read(
            lambda connection: (
                connection.execute(
                    "SELECT 1 FROM duel_times WHERE contest_id = ? AND place = ? AND member_id = ?",
                    (contest_id, place, member_id),
                ).fetchone()
                is not None
            )
        )

    async def note_played(self, duel_id: int) -> None:
        """Have the message say anew who has played."""
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE duels SET changes = changes + 1 WHERE id = ? AND ended_at IS NULL",
                    (duel_id,),
                ).rowcount
            )
        )

    async def played(self, contest_id: int) -> dict[int, Played]:
        """Return how far each member of a duel has come; whoever answered nothing is left out."""

        def work(connection: sqlite3.Connection) -> dict[int, Played]:
            contest = contest_of(connection, contest_id)
            return {} if contest is None else played_of(connection, contest)

        return await self._read(work)

    async def finish_duel(self, duel_id: int, at: datetime) -> bool:
        """End a running duel that both have played or whose time is up, and rate it.

        One that a forgotten member was in ends too. False when there is nothing to end (yet).
        """

        def work(connection: sqlite3.Connection) -> bool:
            duel = find_duel(connection, "id", duel_id)
            if duel is None or duel.contest is None or not can_finish(connection, duel, at):
                return False
            played = played_of(connection, duel.contest)
            ranked = results(
                {
                    one.id: played.get(one.member_id or 0, Played())
                    for one in duel.contest.contestants
                }
            )
            finish(connection, duel.contest.id, ranked, at, is_cancelled=not ranked)
            connection.execute(
                "UPDATE duels SET ended_at = ?, ending = ?, changes = changes + 1 WHERE id = ?",
                (to_text(at), "played" if ranked else "unplayed", duel_id),
            )
            rate_finished(connection, duel.guild_id)
            return True

        return await self._write(work)

    # ------------------------------------------------------------------- the message

    async def record_duel_message(self, duel_id: int, message_id: int, *, told: int) -> None:
        """Note the message of a duel, and which of its changes it shows."""
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE duels SET message_id = ?, told = max(told, ?) WHERE id = ?",
                    (message_id, told, duel_id),
                ).rowcount
            )
        )

    async def record_told(self, duel_id: int, change: int) -> None:
        """Note that the message shows a duel as of a change, or that it never will."""
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE duels SET told = min(changes, max(told, ?)) WHERE id = ?",
                    (change, duel_id),
                ).rowcount
            )
        )

    async def send_duel_again(self, duel_id: int, nonce: str) -> None:
        """Have a message sent for a duel whose message was deleted."""
        await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE duels SET message_id = NULL, nonce = ? WHERE id = ?", (nonce, duel_id)
                ).rowcount
            )
        )

    # ----------------------------------------------------------------------- reading

    async def duel(self, duel_id: int) -> Duel | None:
        """Return a duel; None when there is none of that id."""
        return await self._read(lambda connection: find_duel(connection, "id", duel_id))

    async def duel_of_contest(self, contest_id: int) -> Duel | None:
        """Return the duel that a contest is; None when it is none."""
        return await self._read(lambda connection: find_duel(connection, "contest_id", contest_id))

    async def duel_of_message(self, message_id: int) -> Duel | None:
        """Return the duel that a message shows; None for any other message."""
        return await self._read(lambda connection: find_duel(connection, "message_id", message_id))

    async def open_duels(self, guild_id: int, member_id: int) -> tuple[Duel, ...]:
        """Return a member's invitations and running duels in a server, oldest first."""
        return await self._duels(
            "WHERE ended_at IS NULL AND guild_id = ?1"
            " AND (challenger_id = ?2 OR opponent_id = ?2) ORDER BY id",
            guild_id,
            member_id,
        )

    async def duels_due(self, now: datetime) -> DuelsDue:
        """Return what there is to do at ``now``, each oldest first."""
        values = {"now": to_text(now)}

        def work(connection: sqlite3.Connection) -> DuelsDue:
            def found(condition: str) -> tuple[Duel, ...]:
                rows = connection.execute(
                    f"SELECT * FROM duels WHERE {condition} ORDER BY id", values
                ).fetchall()
                return tuple(duel_of(connection, row) for row in rows)

            untold = connection.execute("SELECT id FROM duels WHERE told < changes ORDER BY id")
            opened = connection.execute("SELECT 1 FROM duels WHERE ended_at IS NULL LIMIT 1")
            return DuelsDue(
                has_open=opened.fetchone() is not None,
                lapsed=found(LAPSED),
                finished=found(FINISHED),
                untold=tuple(int(row["id"]) for row in untold),
                has_unrated=has_unrated(connection),
            )

        return await self._read(work)

    async def _duels(self, condition: str, *values: object) -> tuple[Duel, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Duel, ...]:
            rows = connection.execute(f"SELECT * FROM duels {condition}", values).fetchall()
            return tuple(duel_of(connection, row) for row in rows)

        return await self._read(work)
