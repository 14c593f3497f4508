"""What became of each study date. A line is written once, with what it tells of, and stays."""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

import sqlite3
from datetime import date, datetime

from bot.core.audit import LEFT_OUT, POSTED, AuditEvent, AuditLine
from bot.store.access import Access
from bot.store.moment import from_text, to_text


def _quoted(events: tuple[AuditEvent, ...]) -> str:
    return ", ".join(f"'{event}'" for event in events)


ACCOUNTED = f"event IN ({_quoted((*POSTED, 'missed', 'paused'))})"
"""Not those skipped: they are written before their day."""
_LEFT_OUT = f"event IN ({_quoted(LEFT_OUT)})"
_POSTED = f"event IN ({_quoted(POSTED)})"
_CLAIMED = (
    "EXISTS (SELECT 1 FROM posts WHERE challenge_id = :challenge_id AND study_date = :study_date)"
)
_SENT = f"{_CLAIMED.removesuffix(')')} AND message_id IS NOT NULL)"
_SETTLED = (
    "EXISTS (SELECT 1 FROM audit WHERE challenge_id = :challenge_id AND study_date = :study_date"
    f" AND {_LEFT_OUT})"
)


class Audit(Access):
    """The daily challenge's book-keeping."""

    async def leave_out(
        self, challenge_id: int, day: date, event: AuditEvent, detail: str | None, at: datetime
    ) -> bool:
        """Write down that a study date gets no post by itself; one of ``LEFT_OUT``.

        Return False, and write nothing, when it has its post or was left out before. One that is
        claimed is about to be sent, so it cannot be skipped any more.
        """
        values = _values(challenge_id, day, event, detail, at)
        return await self._write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO audit (challenge_id, study_date, event, detail, at)"
                    " SELECT :challenge_id, :study_date, :event, :detail, :at"
                    f" WHERE NOT {_SENT} AND NOT {_SETTLED}"
                    f" AND (:event <> 'skipped' OR NOT {_CLAIMED})",
                    values,
                ).rowcount
                == 1
            )
        )

    async def take_back_skip(self, challenge_id: int, day: date) -> bool:
        """Let a skipped study date be posted after all; return whether it was skipped."""
        return await self._write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM audit WHERE challenge_id = ? AND study_date = ?"
                    " AND event = 'skipped'",
                    (challenge_id, day.isoformat()),
                ).rowcount
                == 1
            )
        )

    async def left_out(self, challenge_id: int, since: date) -> frozenset[date]:
        """Return the study dates from ``since`` on that get no post by themselves."""
        return await self._read(
            lambda connection: frozenset(
                date.fromisoformat(row["study_date"])
                for row in connection.execute(
                    "SELECT study_date FROM audit WHERE challenge_id = ? AND study_date >= ?"
                    f" AND {_LEFT_OUT}",
                    (challenge_id, since.isoformat()),
                )
            )
        )

    async def audit_lines(
        self, challenge_id: int, *, since: date | None = None, limit: int = 100
    ) -> tuple[AuditLine, ...]:
        """Return what happened, newest study date first; within one, in order of writing."""
        values = (challenge_id, "" if since is None else since.isoformat(), limit)
        return await self._read(
            lambda connection: tuple(
                AuditLine(
                    challenge_id=row["challenge_id"],
                    study_date=date.fromisoformat(row["study_date"]),
                    event=row["event"],
                    detail=row["detail"],
                    at=from_text(row["at"]),
                    post_id=row["post_id"],
                )
                for row in connection.execute(
                    "SELECT audit.*, posts.id AS post_id FROM audit LEFT JOIN posts"
                    " USING (challenge_id, study_date)"
                    " WHERE audit.challenge_id = ? AND study_date >= ?"
                    " ORDER BY study_date DESC, audit.id LIMIT ?",
                    values,
                )
            )
        )


def write_audit(
    connection: sqlite3.Connection,
    *,
    challenge_id: int,
    day: str,
    event: AuditEvent,
    detail: str | None,
    at: str,
) -> None:
    """Write a line in the transaction of what it tells of; a second time changes nothing."""
    values = {
        "challenge_id": challenge_id,
        "study_date": day,
        "event": event,
        "detail": detail,
        "at": at,
    }
    once = ""
    if event in POSTED:  # a message that took another one's place is the same post
        once = (
            " WHERE NOT EXISTS (SELECT 1 FROM audit WHERE challenge_id = :challenge_id"
            f" AND study_date = :study_date AND {_POSTED})"
        )
    connection.execute(
        "INSERT OR IGNORE INTO audit (challenge_id, study_date, event, detail, at)"
        f" SELECT :challenge_id, :study_date, :event, :detail, :at{once}",
        values,
    )


def _values(
    challenge_id: int, day: date, event: AuditEvent, detail: str | None, at: datetime
) -> dict[str, object]:
    return {
        "challenge_id": challenge_id,
        "study_date": day.isoformat(),
        "event": event,
        "detail": detail,
        "at": to_text(at),
    }
