"""What servers set up: their daily challenges, and what goes wrong with them."""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.core.daily import CATCH_UP_MOST, Challenge
from bot.core.kept import Trouble
from bot.core.weekdays import EVERY_DAY, Days
from bot.errors import UserError
from bot.store.access import Access
from bot.store.audit import ACCOUNTED
from bot.store.moment import from_text, to_text
from bot.store.rows import require_change, returned
from bot.store.settings import put_zone, require_zone

# A claim of which it is not known yet what became of it leaves its date unaccounted for, whatever
# was written about later ones.
_SELECT = f"""
    SELECT challenges.*, (
        SELECT CASE WHEN max(study_date) IS NOT NULL THEN min(max(study_date), coalesce((
            SELECT date(min(study_date), '-1 day') FROM posts INDEXED BY posts_unsent
            WHERE kind = 'daily' AND message_id IS NULL AND challenge_id = challenges.id
            AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.challenge_id = posts.challenge_id
                AND audit.study_date = posts.study_date)
        ), max(study_date))) END
        FROM audit WHERE challenge_id = challenges.id AND {ACCOUNTED}
    ) AS accounted_on FROM challenges
"""
_COLUMNS = (
    "channel_id", "at", "zone", "reveal_at", "topic", "exam", "role_id", "has_thread",
    "has_winners", "days", "catch_up_hours", "since", "set_by", "set_at",
)  # fmt: skip
_UPDATE = ", ".join(f"{name} = :{name}" for name in _COLUMNS)
GONE = "Those settings were saved or given up already. `/daily setup` starts anew."


class StaleSettings(UserError):
    """Somebody else changed a challenge after these settings were made from it."""

    def __init__(self) -> None:
        super().__init__("Somebody else changed this challenge meanwhile. Nothing was saved.")


class Challenges(Access):
    """Daily challenges' settings; a server may have several."""

    async def save_challenge(
        self,
        *,
        guild_id: int,
        channel_id: int,
        at: time,
        zone: str,
        reveal_at: time | None,
        topic: str | None,
        since: date,
        by: int,
        now: datetime,
        exam: str | None = None,
        role_id: int | None = None,
        has_thread: bool = False,
        has_winners: bool = True,
        days: Days = EVERY_DAY,
        catch_up: timedelta = CATCH_UP_MOST,
        challenge_id: int | None = None,
        version: int | None = None,
        draft_id: int | None = None,
    ) -> Challenge:
        """Switch on a challenge with these settings; set the server's zone too.

        ``challenge_id`` names the one to change; None changes the one in that channel or, when
        there is none, makes one. One that is changed keeps its id, and with it its posts.
        ``version`` is the one that was looked at, 0 for none in that channel; None does not care.
        ``draft_id`` is the draft that these settings come from: it goes, and serves once.
        ``by`` is the member who set it up. The zone is the server's, so its other challenges get
        it too.

        Raises:
            UserError: there is no zone of that name; or the draft is gone.
            StaleSettings: the settings are not of ``version``.
        """
        require_zone(zone)
        values = {
            "id": challenge_id,
            "guild_id": guild_id,
            **settings_row(at=at, zone=zone, reveal_at=reveal_at, days=days, catch_up=catch_up),
            "channel_id": channel_id,
            "topic": topic,
            "exam": exam,
            "role_id": role_id,
            "has_thread": int(has_thread),
            "has_winners": int(has_winners),
            "since": since.isoformat(),
            "set_by": by,
            "set_at": to_text(now),
        }

        def work(connection: sqlite3.Connection) -> Challenge:
            known = connection.execute(
                "SELECT id, version FROM challenges WHERE guild_id = :guild_id AND"
                " CASE WHEN :id IS NULL THEN channel_id = :channel_id ELSE id = :id END"
                " ORDER BY id LIMIT 1",
                values,
            ).fetchone()
            if (
                draft_id is not None
                and not connection.execute("DELETE FROM drafts WHERE id = ?", (draft_id,)).rowcount
            ):
                raise UserError(GONE)
            if version is not None and version != (0 if known is None else known["version"]):
                raise StaleSettings
            if known is None and challenge_id is not None:
                raise UserError("That challenge is not one of this server's.")
            put_zone(connection, guild_id, zone)
            connection.execute(
                "UPDATE challenges SET zone = :zone, version = version + 1"
                " WHERE guild_id = :guild_id AND zone <> :zone AND id IS NOT :id",
                {**values, "id": known and known["id"]},
            )
            if known is not None:
                row = returned(
                    connection,
                    f"UPDATE challenges SET {_UPDATE}, is_on = 1, version = version + 1,"
                    " trouble = NULL, trouble_at = NULL, trouble_since = NULL,"
                    " managers_told_at = NULL WHERE id = :id RETURNING id",
                    {**values, "id": known["id"]},
                )
            else:
                names = ", ".join(_COLUMNS)
                row = returned(
                    connection,
                    f"INSERT INTO challenges (guild_id, is_on, {names}) VALUES (:guild_id, 1,"
                    f" {', '.join(f':{name}' for name in _COLUMNS)}) RETURNING id",
                    values,
                )
            return challenge_of(
                connection.execute(f"{_SELECT} WHERE id = ?", (row["id"],)).fetchone()
            )

        return await self._write(work)

    async def challenge(self, guild_id: int) -> Challenge | None:
        """Return a server's oldest challenge, on or off; None when it never had one."""
        found = await self.challenges_of(guild_id)
        return found[0] if found else None

    async def challenges_of(self, guild_id: int) -> tuple[Challenge, ...]:
        """Return all of a server's challenges, on or off, by id."""
        return await self._some_challenges("WHERE guild_id = ?", guild_id)

    async def challenge_by_id(self, challenge_id: int) -> Challenge | None:
        """Return a challenge, on or off."""
        found = await self._some_challenges("WHERE id = ?", challenge_id)
        return found[0] if found else None

    async def challenges(self) -> tuple[Challenge, ...]:
        """Return those that are switched on, paused ones included, by id."""
        return await self._some_challenges("WHERE is_on")

    async def switch_challenge(self, challenge_id: int, *, is_on: bool) -> None:
        """Switch a challenge on or off.

        Raises:
            StoreError: there is none with that id.
        """
        await self._change(challenge_id, "is_on = ?", int(is_on))

    async def pause_challenge(self, challenge_id: int, *, is_paused: bool) -> None:
        """Pause a challenge, or let it go on.

        Raises:
            StoreError: there is none with that id.
        """
        await self._change(challenge_id, "is_paused = ?", int(is_paused))

    async def restart_challenge(self, challenge_id: int, *, since: date) -> None:
        """Switch a challenge on, not paused, from a study date on.

        Raises:
            StoreError: there is none with that id.
        """
        await self._change(challenge_id, "is_on = 1, is_paused = 0, since = ?", since.isoformat())

    async def note_trouble(self, challenge_id: int, text: str | None, at: datetime) -> None:
        """Keep why a post failed, and since when posts do; None when it is over.

        Raises:
            StoreError: there is no challenge with that id.
        """
        if text is None:
            await self._change(
                challenge_id,
                "trouble = NULL, trouble_at = NULL, trouble_since = NULL, managers_told_at = NULL",
            )
            return
        moment = to_text(at)
        await self._change(
            challenge_id,
            "trouble = ?, trouble_at = ?, trouble_since = coalesce(trouble_since, ?)",
            text,
            moment,
            moment,
        )

    async def claim_word(self, challenge_id: int, at: datetime) -> bool:
        """Return True for the one call in a time of trouble that shall tell the managers."""
        moment = to_text(at)
        return await self._write(
            lambda connection: (
                connection.execute(
                    "UPDATE challenges SET managers_told_at = ? WHERE id = ?"
                    " AND trouble IS NOT NULL AND managers_told_at IS NULL",
                    (moment, challenge_id),
                ).rowcount
                == 1
            )
        )

    async def trouble(self, challenge_id: int) -> Trouble | None:
        """Return why the last post failed; None when it did not."""

        def work(connection: sqlite3.Connection) -> Trouble | None:
            row = connection.execute(
                "SELECT trouble, trouble_at, trouble_since, set_by FROM challenges WHERE id = ?",
                (challenge_id,),
            ).fetchone()
            if row is None or row["trouble"] is None:
                return None
            since = row["trouble_since"] or row["trouble_at"]
            return Trouble(
                row["trouble"], from_text(row["trouble_at"]), from_text(since), row["set_by"]
            )

        return await self._read(work)

    async def _change(self, challenge_id: int, sql: str, *values: object) -> None:
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    f"UPDATE challenges SET {sql} WHERE id = ?", (*values, challenge_id)
                ),
                f"challenge {challenge_id}",
            )
        )

    async def _some_challenges(self, condition: str, *values: object) -> tuple[Challenge, ...]:
        return await self._read(
            lambda connection: tuple(
                challenge_of(row)
                for row in connection.execute(f"{_SELECT} {condition} ORDER BY id", values)
            )
        )


def settings_row(
    *, at: time, zone: str, reveal_at: time | None, days: Days, catch_up: timedelta
) -> dict[str, Any]:
    """Return what is written otherwise than it is: times, days and spans, by column."""
    return {
        "at": _time_to_text(at),
        "zone": zone,
        "reveal_at": None if reveal_at is None else _time_to_text(reveal_at),
        "days": "".join(map(str, sorted(days))),
        "catch_up_hours": int(catch_up / timedelta(hours=1)),
    }


def challenge_of(row: Any) -> Challenge:
    """Return the challenge of a row with all columns of ``challenges``, or of a draft's."""
    accounted_on = row["accounted_on"]
    return Challenge(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        at=time.fromisoformat(row["at"]),
        zone=row["zone"],
        topic=row["topic"],
        is_on=bool(row["is_on"]),
        since=date.fromisoformat(row["since"]),
        reveal_at=None if row["reveal_at"] is None else time.fromisoformat(row["reveal_at"]),
        exam=row["exam"],
        role_id=row["role_id"],
        has_thread=bool(row["has_thread"]),
        has_winners=bool(row["has_winners"]),
        days=frozenset(map(int, row["days"])),
        catch_up=timedelta(hours=row["catch_up_hours"]),
        is_paused=bool(row["is_paused"]),
        version=row["version"],
        accounted_on=None if accounted_on is None else date.fromisoformat(accounted_on),
    )


def _time_to_text(at: time) -> str:
    if at.tzinfo is not None:
        raise ValueError(f"A challenge's time is wall time in its zone, so naive: {at!r}")
    return at.isoformat(timespec="seconds")
