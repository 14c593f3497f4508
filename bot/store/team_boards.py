"""What members brought their teams, and teams in their order.

The rule is bot/core/team.py; that of who took part is told to SQL as a number, and a test holds
the two together. Sums are kept by day, month and for all time (bot/store/team_tables.py), so a
range of dates is its whole months and the days around them. Bounds are study dates, both included;
None is unbounded.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

from bot.core.period import span_of
from bot.core.team import (
    ANSWERS_TO_TAKE_PART,
    Share,
    TeamStanding,
    TeamSum,
    shown_name,
    standings,
)
from bot.store.access import Access

_FIRST, _LAST = date(1, 1, 1), date(9998, 12, 31)
"""Around every date, and far enough from the calendar's end to count a month on."""
_DAY = timedelta(days=1)


class TeamBoards(Access):
    """Teams' results."""

    async def team_standings(
        self, guild_id: int, since: date | None, until: date | None
    ) -> tuple[TeamStanding, ...]:
        """Return a server's teams in a period, best first, those that are not ranked last.

        Teams that ended are among them; those in which nobody took part are not.
        """

        def work(connection: sqlite3.Connection) -> tuple[TeamStanding, ...]:
            shares, values = _shares(guild_id, since, until)
            found = connection.execute(
                "SELECT team_id, count(*), sum(points), sum(right), sum(answered)"
                f" FROM ({shares}) WHERE answered >= ? GROUP BY team_id",
                (*values, ANSWERS_TO_TAKE_PART),
            ).fetchall()
            names = {
                team_id: shown_name(name, state)
                for team_id, name, state in connection.execute(
                    "SELECT id, name, state FROM teams WHERE guild_id = ?", (guild_id,)
                )
            }
            return standings([TeamSum(*row) for row in found], names)

        return await self._read(work)

    async def team_shares(
        self, guild_id: int, team_id: int, since: date | None, until: date | None
    ) -> tuple[Share, ...]:
        """Return what each member, also a former one, brought a team in a period; most first."""
        shares, values = _shares(guild_id, since, until, team_id)
        sql = f"SELECT * FROM ({shares}) ORDER BY points DESC, answered DESC, member_id"
        return await self._read(
            lambda connection: tuple(Share(*row) for row in connection.execute(sql, values))
        )


def _shares(
    guild_id: int, since: date | None, until: date | None, team_id: int | None = None
) -> tuple[str, tuple[object, ...]]:
    """Return a SELECT of shares and its values."""
    parts, values = [], []
    for kind, first, last in _parts(since, until):
        is_one = first == last
        parts.append(
            "SELECT team_id, member_id, points, right, answered FROM team_totals"
            f" WHERE guild_id = ? AND kind = ? AND first {'= ?' if is_one else 'BETWEEN ? AND ?'}"
            + ("" if team_id is None else " AND team_id = ?")
        )
        values += [guild_id, kind, first, *([] if is_one else [last])]
        values += [] if team_id is None else [team_id]
    if len(parts) == 1 and is_one:
        return parts[0], tuple(values)
    return (
        "SELECT team_id, member_id, sum(points) AS points, sum(right) AS right,"
        f" sum(answered) AS answered FROM ({' UNION ALL '.join(parts)})"
        " GROUP BY team_id, member_id",
        tuple(values),
    )


def _parts(since: date | None, until: date | None) -> Iterator[tuple[str, str, str]]:
    """Return which sums make up a range: their kind, and the first and last of their first days.

    >>> list(_parts(date(2026, 1, 31), date(2026, 3, 31)))
    [('day', '2026-01-31', '2026-01-31'), ('month', '2026-02-01', '2026-03-01')]
    """
    if since is None and until is None:
        yield "all", "", ""
        return
    since, until = since or _FIRST, until or _LAST
    begin = since if since.day == 1 else _after_month(since)
    end = until if _after_month(until) == until + _DAY else until.replace(day=1) - _DAY
    if begin > end:
        yield "day", since.isoformat(), until.isoformat()
        return
    if since < begin:
        yield "day", since.isoformat(), (begin - _DAY).isoformat()
    yield "month", begin.isoformat(), end.replace(day=1).isoformat()
    if end < until:
        yield "day", (end + _DAY).isoformat(), until.isoformat()


def _after_month(day: date) -> date:
    """Return the first day of the next month."""
    last = span_of("month", day).last
    assert last is not None  # noqa: S101 - a month has one
    return last + _DAY
