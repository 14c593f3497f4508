"""Boards straight from the awards, for any range of dates: what the kept ones must agree with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.store.dates import between
from bot.store.store import Store

_RANKED = """
    WITH sums AS (
        SELECT member_id, sum(points) AS points, sum(is_correct) AS right, count(*) AS answered
        FROM awards WHERE guild_id = :guild_id AND study_date BETWEEN :since AND :until
        AND (:topic = '' OR topic = :topic)
        AND NOT EXISTS (SELECT 1 FROM unlisted WHERE unlisted.guild_id = :guild_id
            AND unlisted.member_id = awards.member_id)
        GROUP BY member_id
    )
    SELECT member_id, points, right, answered, rank() OVER (ORDER BY points DESC) AS rank
    FROM sums ORDER BY rank, member_id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's place on a board, from closed posts only."""

    member_id: int
    points: int
    right: int
    answered: int
    rank: int
    """From 1. Equal points share a rank and the next one is skipped: 1, 1, 3."""


async def standings(
    store: Store,
    guild_id: int,
    *,
    since: date | None = None,
    until: date | None = None,
    topic: str | None = None,
    limit: int = -1,
) -> tuple[Standing, ...]:
    """Return the board by points between two study dates, both included; -1 is all of it."""
    values = {**between(since, until), "guild_id": guild_id, "topic": topic or "", "limit": limit}
    return await store._read(
        lambda connection: tuple(Standing(*row) for row in connection.execute(_RANKED, values))
    )


async def standing(
    store: Store,
    guild_id: int,
    member_id: int,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Standing | None:
    """Return one member's place among them; None when they have none."""
    found = await standings(store, guild_id, since=since, until=until)
    return next((one for one in found if one.member_id == member_id), None)
