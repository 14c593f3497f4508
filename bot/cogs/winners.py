"""Telling the winners of a week and of a month, once, in the challenge's channel.

As with the daily post: claim in the store, with the places frozen; send with the claim's nonce;
record the message. What was claimed and not recorded is looked for before it is sent again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import discord

from bot.cogs.delivery import UNDELIVERED, find_sent, send_picture
from bot.cogs.gates import require_server
from bot.cogs.ticking import Ticking
from bot.core.board import ROWS
from bot.core.daily import Challenge
from bot.core.honour import HONOUR_KINDS, LATE_AT_MOST, Honour, honoured
from bot.core.period import Span
from bot.errors import UserError
from bot.ui.boards import BoardView, own_text
from bot.ui.chart import podium
from bot.ui.honours import honour_card, honour_title
from bot.ui.limits import NONCE_CHARS
from bot.ui.press import number

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=30)


class Winners(Ticking):
    """Weekly and monthly honours."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._told: set[tuple[int, Span]] = set()
        """Claimed before; asked from the store only once."""
        self._rests_until: dict[int, datetime] = {}
        bot.on_press("won", self.own_place)

    async def tick(self) -> None:
        """Claim the winners of periods that are over, and send what waits to be sent."""
        now = self.bot.clock()
        await self.bot.store.settle_closed()
        seen: set[int] = set()
        for challenge in await self.bot.store.challenges():
            if not challenge.has_winners or self.bot.get_guild(challenge.guild_id) is None:
                continue
            if challenge.guild_id not in seen:  # the oldest tells for the server
                seen.add(challenge.guild_id)
                await self._claim_due(challenge, now)
        for honour in await self.bot.store.waiting_honours():
            if self.bot.get_guild(honour.guild_id) and self._rests_until.get(honour.id, now) <= now:
                await self._tell(honour, now)

    async def own_place(self, interaction: discord.Interaction[Any], honour_id: str) -> None:
        """Show a member their own place of that week or month."""
        guild_id = require_server(self.bot, interaction)
        honour = await self.bot.store.honour(number(honour_id))
        if honour is None or honour.guild_id != guild_id:
            raise UserError("Those winners are not of this server.")
        page = await self.bot.store.board_page(guild_id, interaction.user.id, span=honour.span)
        if not page.size:
            raise UserError("That board is over. `/leaderboard` has the new one.")
        text = f"**{honour_title(honour.span)}**\n"
        if page.own is None:
            text += "You did not take part that time. The new board is open!"
        else:
            text += own_text(BoardView(), page)
        await interaction.response.send_message(text, ephemeral=True)

    # --------------------------------------------------------------------- claiming

    async def _claim_due(self, challenge: Challenge, now: datetime) -> None:
        store, guild_id = self.bot.store, challenge.guild_id
        for kind in HONOUR_KINDS:
            span = honoured(kind, now, challenge.zone)
            if span is None or (guild_id, span) in self._told:
                continue
            if not await store.is_honoured(guild_id, span):
                page = await store.board_page(guild_id, 0, span=span)
                if not page.places:
                    continue
                leaders = [place.member_id for place in page.places]
                while await self.bot.presence.look(guild_id, leaders, ROWS):
                    page = await store.board_page(guild_id, 0, span=span)
                    leaders = [place.member_id for place in page.places]
                await store.claim_honour(
                    guild_id,
                    span,
                    channel_id=challenge.channel_id,
                    nonce=uuid4().hex[:NONCE_CHARS],
                    now=now,
                )
                continue  # whether it was claimed shows at the next look
            self._told.add((guild_id, span))

    # ---------------------------------------------------------------------- telling

    async def _tell(self, honour: Honour, now: datetime) -> None:
        try:
            message_id = None
            if honour.claimed_at < now:  # not of this very tick: it may have been sent
                message_id = await self._sent_before(honour)
            if message_id is None:
                if now - honour.claimed_at > LATE_AT_MOST:
                    await self.bot.store.give_up_honour(honour.id, now)
                    return
                message_id = await self._send(honour)
        except UNDELIVERED as error:
            self.bot.log_refusal("a message with winners", error)
            self._rests_until[honour.id] = now + RETRY_AFTER
            return
        await self.bot.store.record_honour(honour.id, message_id=message_id, at=self.bot.clock())
        self._rests_until.pop(honour.id, None)

    async def _send(self, honour: Honour) -> int:
        return await send_picture(
            self.bot,
            self._channel(honour),
            honour.nonce,
            partial(honour_card, honour),
            partial(podium, honour_title(honour.span), honour.winners),
        )

    async def _sent_before(self, honour: Honour) -> int | None:
        assert self.bot.user is not None  # noqa: S101 - nothing is told before the bot is ready
        after = honour.claimed_at - timedelta(minutes=1)
        return await find_sent(
            self._channel(honour), self.bot.user.id, f"won:{honour.id}", after=after
        )

    def _channel(self, honour: Honour) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(honour.channel_id, guild_id=honour.guild_id)
