"""The end of a season: its standings frozen, and told once in its channel.

As with winners: claim in the store, with all that will be told; note the attempt; send with the
claim's nonce; record the message. What was tried and not recorded is looked for, where and since
it was tried, before it is sent again. It never comes too late: a server that was out of reach for
a month still hears who won.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import discord

from bot.cogs.alarm import send_word
from bot.cogs.delivery import UNDELIVERED, find_sent, is_gone, is_lasting, send_picture
from bot.core.honour import PLACES_KEPT
from bot.core.season import Ceremony, Season, TeamPlace
from bot.ui.chart import podium
from bot.ui.limits import NONCE_CHARS
from bot.ui.seasons import ceremony_card
from bot.ui.words import echo

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=30)
BUTTON = "seasonmy"
"""The first button of every ceremony; its argument is the season."""


class Closing:
    """Closes seasons whose time has come, and tells of them."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._turn = asyncio.Lock()
        """The clock and a manager's command must not send the same message at once."""
        self._rests_until: dict[int, datetime] = {}

    async def tick(self, now: datetime) -> None:
        """Close what is due, and send what waits to be sent."""
        async with self._turn:
            await self.bot.store.settle_closed()
            for season, zone in await self.bot.store.seasons_to_close():
                if season.may_close(now, zone) and self._may_try(season, now):
                    await self._guarded(season, now, self._close(season, now))
            for ceremony in await self.bot.store.waiting_ceremonies():
                if self._may_try(ceremony.season, now):
                    await self._guarded(ceremony.season, now, self._tell(ceremony, now))

    def wake(self, season_id: int) -> None:
        """Try a ceremony again at the next tick, although it was refused a moment ago."""
        self._rests_until.pop(season_id, None)

    def _may_try(self, season: Season, now: datetime) -> bool:
        if self.bot.get_guild(season.guild_id) is None:
            return False
        return self._rests_until.get(season.id, now) <= now

    async def _guarded(self, season: Season, now: datetime, work: Awaitable[None]) -> None:
        """Do one season's work; what goes wrong with it must not keep others waiting."""
        try:
            await work
        except Exception:
            _log.exception("The end of season %d failed; it is tried again later", season.id)
            self._rests_until[season.id] = now + RETRY_AFTER

    async def _close(self, season: Season, now: datetime) -> None:
        store = self.bot.store
        if season.closed_at is None and await store.is_season_open(season):
            return
        leaders = await store.season_leaders(season)
        while await self.bot.presence.look(season.guild_id, leaders, PLACES_KEPT):
            leaders = await store.season_leaders(season)
        improved = await store.season_improved(season)
        while await self.bot.presence.look(
            season.guild_id, [member_id for member_id, _ in improved], PLACES_KEPT
        ):
            improved = await store.season_improved(season)
        standings = await store.team_standings(season.guild_id, season.first, season.last)
        ceremony = await store.claim_ceremony(
            season,
            improved=improved,
            teams=[team for one in standings if (team := TeamPlace.of(one)) is not None],
            nonce=uuid4().hex[:NONCE_CHARS],
            now=now,
        )
        if ceremony is not None:
            _log.info("Season %d is closed with %d members", season.id, ceremony.members)

    async def _tell(self, ceremony: Ceremony, now: datetime) -> None:
        season, store = ceremony.season, self.bot.store
        channel_id = season.channel_id
        try:
            message_id = await self._sent_before(ceremony)
            if message_id is not None and ceremony.tried_in is not None:
                channel_id = ceremony.tried_in
            else:
                await store.note_attempt(season.id, channel_id=channel_id, at=self.bot.clock())
                message_id = await self._send(ceremony)
        except UNDELIVERED as error:
            self.bot.log_refusal("the end of a season", error)
            self._rests_until[season.id] = now + RETRY_AFTER
            if is_lasting(error):
                await self._complain(season, error)
            return
        await store.record_ceremony(
            season.id, channel_id=channel_id, message_id=message_id, at=self.bot.clock()
        )
        self._rests_until.pop(season.id, None)

    async def _send(self, ceremony: Ceremony) -> int:
        season = ceremony.season
        channel = self.bot.get_partial_messageable(season.channel_id, guild_id=season.guild_id)
        if not ceremony.champions:
            return (await channel.send(view=ceremony_card(ceremony, None), nonce=ceremony.nonce)).id
        return await send_picture(
            self.bot,
            channel,
            ceremony.nonce,
            partial(ceremony_card, ceremony),
            partial(podium, season.name, [winner for winner in ceremony.winners if winner.points]),
        )

    async def _sent_before(self, ceremony: Ceremony) -> int | None:
        """Look for the message of the last attempt; None when there was none or its place is gone.

        Raises:
            discord.HTTPException: the place is there and Discord does not let the bot look.
        """
        if ceremony.tried_at is None or ceremony.tried_in is None:
            return None
        assert self.bot.user is not None  # noqa: S101 - nothing is told before the bot is ready
        season = ceremony.season
        try:
            return await find_sent(
                self.bot.get_partial_messageable(ceremony.tried_in, guild_id=season.guild_id),
                self.bot.user.id,
                f"{BUTTON}:{season.id}",
                after=ceremony.tried_at - timedelta(minutes=1),
            )
        except discord.HTTPException as error:
            moved = ceremony.tried_in != season.channel_id
            if is_gone(error) or (moved and isinstance(error, discord.Forbidden)):
                return None
            raise

    async def _complain(self, season: Season, error: Exception) -> None:
        """Tell the managers once why a ceremony waits."""
        place = f"<#{season.channel_id}>"
        if isinstance(error, discord.NotFound):
            reason = "its channel is gone. Choose another with `/season edit channel:`"
        else:
            reason = (
                f"I may not post in {place}. Give me View Channel, Send Messages and Read Message "
                "History there, or choose another with `/season edit channel:`"
            )
        text = f"The end of the season “{echo(season.name)}” is not told yet: {reason}."
        if await self.bot.store.note_ceremony_trouble(season.id, text):
            await send_word(
                self.bot, season.guild_id, text, not_in=season.channel_id, set_by=season.set_by
            )
