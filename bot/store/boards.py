"""Boards, from the rows that are kept ready (bot/store/board_pages.py).

Only awards count, and they are written at the close: an answer to an open challenge moves
nothing. A test holds the rows to the awards that they are made from.
"""

from __future__ import annotations

from bot.core.board import BoardPage, Measure
from bot.core.period import Span
from bot.store.access import Access
from bot.store.board_pages import read_page


class Boards(Access):
    """Who has how many points in a server."""

    async def board_page(
        self,
        guild_id: int,
        member_id: int,
        *,
        span: Span,
        measure: Measure = "points",
        topic: str | None = None,
        page: int | None = 0,
    ) -> BoardPage:
        """Return a page of a board as ``member_id`` sees it; page None is the one they are on.

        Best first; equal values share a rank and come by member id. Members who are not listed
        are left out, and the others' ranks are among those who are. A page past the end is the
        last one. Streaks are the current ones, whatever ``span`` and ``topic`` are, but those of a
        season are the longest in it; ratings are always the current ones.
        """
        return await self._read(
            lambda connection: read_page(
                connection,
                guild_id,
                member_id,
                span=span,
                measure=measure,
                topic=topic,
                page=page,
            )
        )
