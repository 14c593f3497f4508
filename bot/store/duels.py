"""Duels from the invitation to the end; what they share with matches is in contests.py.

Each step is one transaction that looks at the state first, so of two presses at the same moment
the second finds the first one's work done, and everything may be tried again after a crash.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.core.contest import Contest, Result
from bot.core.duel import (
    CHALLENGES_A_DAY,
    DUEL_LASTS,
    INVITATION_LASTS,
    INVITATIONS_MOST,
    RESTS_AFTER_DECLINE,
    Duel,
    DuelsDue,
    Ending,
    Meeting,
    Played,
    Turn,
    results,
)
from bot.core.post import Shown
from bot.errors import UserError
from bot.store.access import Access
from bot.store.contests import ask, contest_of, finish, make, posts_of
from bot.store.moment import from_text, maybe_from_text, maybe_to_text, to_text
from bot.store.ratings import has_unrated, rate_finished
from bot.store.rows import returned
from bot.store.settings import ensure_server

GONE = "That duel is not one of this server's."
NOT_YOURS = "That duel is between two others. Challenge somebody with `/duel challenge`."
OVER = "That duel is over."
MILLISECOND = timedelta(milliseconds=1)
_FIRST, _LAST = "0000-01-01", "9999-12-31"


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
            return _duel(connection, row)

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
            duel = _require(connection, duel_id)
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
            return _require(connection, duel_id)

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
            duel = _require(connection, duel_id)
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
            return {} if contest is None else _played(connection, contest)

        return await self._read(work)

    async def finish_duel(self, duel_id: int, at: datetime) -> bool:
        """End a running duel that both have played or whose time is up, and rate it.

        One that a forgotten member was in ends too. False when there is nothing to end (yet).
        """

        def work(connection: sqlite3.Connection) -> bool:
            duel = _find(connection, "id", duel_id)
            if duel is None or duel.contest is None or not _can_finish(connection, duel, at):
                return False
            played = _played(connection, duel.contest)
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

    async def keep_duels_alive(self, now: datetime, outage: timedelta) -> int:
        """Note a sign of life for all open duels; return how many an outage extended.

        When the last one is longer ago than ``outage``, the bot was down in between: their ends
        move by that time, and so does the showing of questions that wait for their answer.
        """
        moment, before = to_text(now), to_text(now - outage)

        def work(connection: sqlite3.Connection) -> int:
            late = connection.execute(
                "SELECT * FROM duels WHERE ended_at IS NULL AND alive_at < ?", (before,)
            ).fetchall()
            for row in late:
                _extend(connection, _duel(connection, row), now - from_text(row["alive_at"]))
            connection.execute(
                "UPDATE duels SET alive_at = ? WHERE ended_at IS NULL AND alive_at IS NOT ?",
                (moment, moment),
            )
            return len(late)

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
        return await self._read(lambda connection: _find(connection, "id", duel_id))

    async def duel_of_contest(self, contest_id: int) -> Duel | None:
        """Return the duel that a contest is; None when it is none."""
        return await self._read(lambda connection: _find(connection, "contest_id", contest_id))

    async def duel_of_message(self, message_id: int) -> Duel | None:
        """Return the duel that a message shows; None for any other message."""
        return await self._read(lambda connection: _find(connection, "message_id", message_id))

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

        def work(connection: sqlite3.Connection) -> DuelsDue:
            opened = [
                _duel(connection, row)
                for row in connection.execute(
                    "SELECT * FROM duels WHERE ended_at IS NULL ORDER BY id"
                ).fetchall()
            ]
            untold = connection.execute("SELECT id FROM duels WHERE told < changes ORDER BY id")
            return DuelsDue(
                has_open=bool(opened),
                lapsed=tuple(duel for duel in opened if duel.is_invitation and duel.is_over(now)),
                finished=tuple(duel for duel in opened if _can_finish(connection, duel, now)),
                untold=tuple(int(row["id"]) for row in untold),
                has_unrated=has_unrated(connection),
            )

        return await self._read(work)

    async def meetings(
        self,
        guild_id: int,
        member_id: int,
        *,
        opponent_id: int | None = None,
        since: date | None,
        until: date | None,
    ) -> tuple[Meeting, ...]:
        """Return a member's finished duels, against one opponent or with None all, newest first.

        Bounds are study dates, both included; None is unbounded.
        """
        values = {
            "guild_id": guild_id,
            "member_id": member_id,
            "opponent_id": opponent_id,
            "since": _FIRST if since is None else since.isoformat(),
            "until": _LAST if until is None else until.isoformat(),
        }

        def work(connection: sqlite3.Connection) -> tuple[Meeting, ...]:
            return tuple(
                Meeting(
                    day=date.fromisoformat(row["study_date"]),
                    own=_result(row, "own"),
                    other=_result(row, "other"),
                    opponent_id=row["other_member_id"],
                )
                for row in connection.execute(_MEETINGS, values)
            )

        return await self._read(work)

    async def _duels(self, condition: str, *values: object) -> tuple[Duel, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Duel, ...]:
            rows = connection.execute(f"SELECT * FROM duels {condition}", values).fetchall()
            return tuple(_duel(connection, row) for row in rows)

        return await self._read(work)


def _columns(part: str) -> str:
    names = ("member_id", "rank", "score", "right", "answered", "took_ms")
    return ", ".join(f"{part}.{name} AS {part}_{name}" for name in names)


_MEETINGS = f"""
    SELECT contests.study_date, {_columns("own")}, {_columns("other")}
    FROM contestants AS own
    JOIN contests ON contests.id = own.contest_id
    JOIN contestants AS other ON other.contest_id = own.contest_id AND other.id <> own.id
    WHERE own.member_id = :member_id AND own.rank IS NOT NULL AND other.rank IS NOT NULL
    AND contests.kind = 'duel' AND contests.guild_id = :guild_id
    AND contests.study_date BETWEEN :since AND :until
    AND (:opponent_id IS NULL OR other.member_id = :opponent_id)
    ORDER BY contests.finished_at DESC, contests.id DESC
"""


def _result(row: sqlite3.Row, part: str) -> Result:
    return Result(
        rank=row[f"{part}_rank"],
        score=row[f"{part}_score"],
        right=row[f"{part}_right"],
        answered=row[f"{part}_answered"],
        took_ms=row[f"{part}_took_ms"],
    )


def _find(connection: sqlite3.Connection, column: str, value: int) -> Duel | None:
    row = connection.execute(f"SELECT * FROM duels WHERE {column} = ?", (value,)).fetchone()
    return None if row is None else _duel(connection, row)


def _require(connection: sqlite3.Connection, duel_id: int) -> Duel:
    duel = _find(connection, "id", duel_id)
    if duel is None:
        raise UserError(GONE)
    return duel


def _duel(connection: sqlite3.Connection, row: sqlite3.Row) -> Duel:
    contest_id = row["contest_id"]
    return Duel(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        challenger_id=row["challenger_id"],
        opponent_id=row["opponent_id"],
        topic=row["topic"],
        nonce=row["nonce"],
        made_at=from_text(row["made_at"]),
        expires_at=from_text(row["expires_at"]),
        message_id=row["message_id"],
        deadline=maybe_from_text(row["deadline"]),
        ended_at=maybe_from_text(row["ended_at"]),
        ending=row["ending"],
        changes=row["changes"],
        told=row["told"],
        contest=None if contest_id is None else contest_of(connection, contest_id),
    )


def _extend(connection: sqlite3.Connection, duel: Duel, outage: timedelta) -> None:
    """Move the end of an open duel, and the times of questions that wait for their answer."""
    expires_at = duel.expires_at + outage if duel.is_invitation else duel.expires_at
    deadline = None if duel.deadline is None else duel.deadline + outage
    connection.execute(
        "UPDATE duels SET expires_at = ?, deadline = ?, changes = changes + 1 WHERE id = ?",
        (to_text(expires_at), maybe_to_text(deadline), duel.id),
    )
    if duel.contest is None:
        return
    connection.execute(
        "UPDATE posts SET closes_at = ? WHERE contest_id = ? AND closed_at IS NULL",
        (maybe_to_text(deadline), duel.contest.id),
    )
    for row in connection.execute(
        "SELECT place, member_id, shown_at FROM duel_times WHERE contest_id = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM posts JOIN answers ON answers.post_id = posts.id"
        " WHERE posts.contest_id = ?1 AND posts.place = duel_times.place"
        " AND answers.member_id = duel_times.member_id)",
        (duel.contest.id,),
    ).fetchall():
        connection.execute(
            "INSERT OR REPLACE INTO duel_times (contest_id, place, member_id, shown_at)"
            " VALUES (?, ?, ?, ?)",
            (
                duel.contest.id,
                row["place"],
                row["member_id"],
                to_text(from_text(row["shown_at"]) + outage),
            ),
        )


def _can_finish(connection: sqlite3.Connection, duel: Duel, now: datetime) -> bool:
    if not duel.is_running or duel.contest is None:
        return False
    if duel.is_over(now):
        return True
    (questions,) = connection.execute(
        "SELECT count(*) FROM posts WHERE contest_id = ?", (duel.contest.id,)
    ).fetchone()
    played = _played(connection, duel.contest)
    return len(played) == 2 and all(one.answered == questions for one in played.values())


def _played(connection: sqlite3.Connection, contest: Contest) -> dict[int, Played]:
    found: dict[int, Played] = {}
    for row in connection.execute(
        "SELECT answers.member_id, answers.is_correct, answers.answered_at, duel_times.shown_at"
        " FROM posts JOIN answers ON answers.post_id = posts.id"
        " JOIN duel_times ON duel_times.contest_id = posts.contest_id"
        " AND duel_times.place = posts.place AND duel_times.member_id = answers.member_id"
        " WHERE posts.contest_id = ?",
        (contest.id,),
    ):
        before = found.get(row["member_id"], Played())
        took = from_text(row["answered_at"]) - from_text(row["shown_at"])
        found[row["member_id"]] = Played(
            right=before.right + row["is_correct"],
            answered=before.answered + 1,
            took_ms=before.took_ms + max(0, took // MILLISECOND),
        )
    return found
