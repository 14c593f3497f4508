"""What servers set up: their daily challenge, and what went wrong with it last."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time

from bot.core.daily import Challenge
from bot.core.kept import Trouble
from bot.store.access import Access
from bot.store.moment import from_text, to_text
from bot.store.rows import require_change, returned
from bot.store.settings import put_zone, require_zone


class Challenges(Access):
    """Daily challenges' settings; one to a server for now."""

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
    ) -> Challenge:
        """Switch on a server's challenge with these settings; set the server's zone too.

        A challenge that the server has is changed and keeps its id, and with it its posts.
        ``by`` is the member who set it up.

        Raises:
            UserError: there is no zone of that name.
        """
        require_zone(zone)
        values = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "at": _time_to_text(at),
            "zone": zone,
            "reveal_at": None if reveal_at is None else _time_to_text(reveal_at),
            "topic": topic,
            "since": since.isoformat(),
            "set_by": by,
            "set_at": to_text(now),
        }

        def work(connection: sqlite3.Connection) -> Challenge:
            put_zone(connection, guild_id, zone)
            row = returned(
                connection,
                "UPDATE challenges SET channel_id = :channel_id, at = :at, zone = :zone,"
                " reveal_at = :reveal_at, topic = :topic, since = :since, set_by = :set_by,"
                " set_at = :set_at, is_on = 1, trouble = NULL, trouble_at = NULL"
                " WHERE guild_id = :guild_id RETURNING *",
                values,
            )
            if row is None:
                row = returned(
                    connection,
                    "INSERT INTO challenges (guild_id, channel_id, at, zone, reveal_at, topic,"
                    " since, set_by, set_at, is_on) VALUES (:guild_id, :channel_id, :at, :zone,"
                    " :reveal_at, :topic, :since, :set_by, :set_at, 1) RETURNING *",
                    values,
                )
            return _challenge(row)

        return await self._write(work)

    async def challenge(self, guild_id: int) -> Challenge | None:
        """Return a server's challenge, on or off; None when it never had one."""
        return await self._one_challenge("guild_id = ?", guild_id)

    async def challenge_by_id(self, challenge_id: int) -> Challenge | None:
        """Return a challenge, on or off."""
        return await self._one_challenge("id = ?", challenge_id)

    async def challenges(self) -> tuple[Challenge, ...]:
        """Return those that are switched on, by id."""
        return await self._read(
            lambda connection: tuple(
                _challenge(row)
                for row in connection.execute("SELECT * FROM challenges WHERE is_on ORDER BY id")
            )
        )

    async def switch_challenge(self, challenge_id: int, *, is_on: bool) -> None:
        """Switch a challenge on or off.

        Raises:
            StoreError: there is none with that id.
        """
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE challenges SET is_on = ? WHERE id = ?", (int(is_on), challenge_id)
                ),
                f"challenge {challenge_id}",
            )
        )

    async def note_trouble(self, challenge_id: int, text: str | None, at: datetime) -> None:
        """Keep why a post failed; None when it is over.

        Raises:
            StoreError: there is no challenge with that id.
        """
        trouble = (text, None if text is None else to_text(at))
        await self._write(
            lambda connection: require_change(
                connection.execute(
                    "UPDATE challenges SET trouble = ?, trouble_at = ? WHERE id = ?",
                    (*trouble, challenge_id),
                ),
                f"challenge {challenge_id}",
            )
        )

    async def trouble(self, challenge_id: int) -> Trouble | None:
        """Return why the last post failed; None when it did not."""

        def work(connection: sqlite3.Connection) -> Trouble | None:
            row = connection.execute(
                "SELECT trouble, trouble_at FROM challenges WHERE id = ?", (challenge_id,)
            ).fetchone()
            if row is None or row["trouble"] is None:
                return None
            return Trouble(row["trouble"], from_text(row["trouble_at"]))

        return await self._read(work)

    async def _one_challenge(self, condition: str, value: int) -> Challenge | None:
        def work(connection: sqlite3.Connection) -> Challenge | None:
            row = connection.execute(
                f"SELECT * FROM challenges WHERE {condition}",  # noqa: S608 - a literal above
                (value,),
            ).fetchone()
            return None if row is None else _challenge(row)

        return await self._read(work)


def _challenge(row: sqlite3.Row) -> Challenge:
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
    )


def _time_to_text(at: time) -> str:
    if at.tzinfo is not None:
        raise ValueError(f"A challenge's time is wall time in its zone, so naive: {at!r}")
    return at.isoformat(timespec="seconds")
