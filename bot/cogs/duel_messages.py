"""The public message of each duel: sent once, and edited until it shows how the duel stands.

Claimed in the store, sent with the claim's nonce, recorded; one that was sent and not recorded is
looked for. Which change of a duel its message shows is in the store, so whatever was cut off is
done at the next tick. Only whoever is challenged is pinged, by the first message.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import discord

from bot.cogs.delivery import (
    LOOK_BACK,
    RETRY_AFTER,
    UNDELIVERED,
    UNKNOWN_CHANNEL,
    custom_ids,
    is_gone,
)
from bot.cogs.topics import subject_name
from bot.core.duel import SENT_WITHIN, Duel
from bot.core.rating import RatingStep, Verdict
from bot.ui.duels import FEATURES, duel_card
from bot.ui.limits import NONCE_CHARS

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(days=1)
"""How long after a duel's end its result is offered to a channel that does not take it."""


def new_nonce() -> str:
    """Return a nonce that was never used."""
    return uuid4().hex[:NONCE_CHARS]


class DuelMessages:
    """Keeps what is shown in step with what is stored."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._busy: set[int] = set()
        self._rests_until: dict[int, datetime] = {}

    def subject(self, duel: Duel) -> str:
        """Return the name of what a duel is about."""
        return subject_name(self.bot, duel.topic)

    async def card(self, duel: Duel) -> discord.ui.LayoutView:
        """Render a duel's public message."""
        done: set[int] = set()
        rated: tuple[Verdict, Mapping[int, RatingStep]] | None = None
        if duel.contest is not None and duel.is_running:
            total = len(await self.bot.store.contest_posts(duel.contest.id))
            played = await self.bot.store.played(duel.contest.id)
            done = {member_id for member_id, one in played.items() if one.answered == total}
        elif duel.contest is not None:
            rated = await self.bot.store.rated(duel.contest.id)
        return duel_card(duel, subject=self.subject(duel), done=done, rated=rated)

    async def catch_up(self, duel_ids: Iterable[int]) -> None:
        """Show what is not shown yet of these duels."""
        now = self.bot.clock()
        for duel_id in duel_ids:
            if self._rests_until.get(duel_id, now) <= now:
                try:
                    await self.refresh(duel_id)
                except Exception:  # one duel's failure is no other's
                    _log.exception("Duel %d could not be shown; it is tried again later", duel_id)
                    self._rests_until[duel_id] = now + RETRY_AFTER

    async def refresh(self, duel_id: int) -> None:
        """Bring the message of a duel up to date; what Discord refuses is tried again later."""
        if duel_id in self._busy:  # whoever is at it looks again before it leaves
            return
        self._busy.add(duel_id)
        try:
            while (duel := await self.bot.store.duel(duel_id)) and duel.told < duel.changes:
                if self.bot.get_guild(duel.guild_id) is None:
                    return
                await self._show(duel)
            self._rests_until.pop(duel_id, None)
        except UNDELIVERED as error:
            await self._refused(duel_id, error)
        finally:
            self._busy.discard(duel_id)

    async def send_first(self, duel: Duel) -> bool:
        """Send a new invitation; False when it is not known whether it got there.

        Raises:
            discord.Forbidden, discord.NotFound: it did not, and cannot.
        """
        self._busy.add(duel.id)
        try:
            await self._send(duel)
        except (discord.Forbidden, discord.NotFound):
            raise
        except UNDELIVERED as error:
            self.bot.log_refusal("an invitation to a duel", error)
            return False
        finally:
            self._busy.discard(duel.id)
        return True

    async def message_deleted(self, message_id: int) -> None:
        """Withdraw the invitation that a deleted message was; a duel that runs goes on."""
        duel = await self.bot.store.duel_of_message(message_id)
        if duel is None or not duel.is_invitation:
            return
        await self.bot.store.end_invitation(duel.id, "withdrawn", self.bot.clock())
        await self._leave(duel.id)

    # ---------------------------------------------------------------------- showing

    async def _show(self, duel: Duel) -> None:
        store, now = self.bot.store, self.bot.clock()
        if duel.message_id is not None:
            message = self._place(duel).get_partial_message(duel.message_id)
            await message.edit(view=await self.card(duel))
            await store.record_told(duel.id, duel.changes)
            return
        found = await self._sent_before(duel)
        if found is not None:
            await store.record_duel_message(duel.id, found, told=0)
        elif duel.ending is not None and duel.ending not in ("played", "unplayed"):
            await store.record_told(duel.id, duel.changes)
        elif duel.is_invitation and now - duel.made_at > SENT_WITHIN:
            await store.end_invitation(duel.id, "unsent", now)
        else:
            await self._send(duel)

    async def _send(self, duel: Duel) -> None:
        pinged = []
        if duel.is_invitation and duel.opponent_id is not None:
            pinged = [discord.Object(duel.opponent_id)]
        message = await self._place(duel).send(
            view=await self.card(duel),
            nonce=duel.nonce,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, users=pinged, roles=False, replied_user=False
            ),
        )
        await self.bot.store.record_duel_message(duel.id, message.id, told=duel.changes)

    async def _sent_before(self, duel: Duel) -> int | None:
        after = (duel.ended_at or duel.made_at) - timedelta(minutes=1)
        async for message in self._place(duel).history(limit=LOOK_BACK, after=after):
            is_own = self.bot.user is not None and message.author.id == self.bot.user.id
            if is_own and _shows(message.components, duel.id):
                return message.id
        return None

    async def _refused(self, duel_id: int, error: Exception) -> None:
        store, now = self.bot.store, self.bot.clock()
        duel = await store.duel(duel_id)
        if duel is None:
            return
        if not is_gone(error):
            self.bot.log_refusal("the message of a duel", error)
            self._rests_until[duel_id] = now + RETRY_AFTER
            if duel.ended_at is not None and now - duel.ended_at > GIVEN_UP_AFTER:
                await self._leave(duel_id)
            return
        if duel.is_invitation:
            await store.end_invitation(duel_id, "withdrawn", now)
        has_channel = getattr(error, "code", None) != UNKNOWN_CHANNEL
        if duel.ending in ("played", "unplayed") and has_channel and duel.message_id is not None:
            await store.send_duel_again(duel_id, new_nonce())
            return
        await self._leave(duel_id)

    async def _leave(self, duel_id: int) -> None:
        """Leave a message as it is."""
        duel = await self.bot.store.duel(duel_id)
        if duel is not None:
            await self.bot.store.record_told(duel_id, duel.changes)
        self._rests_until.pop(duel_id, None)

    def _place(self, duel: Duel) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(duel.channel_id, guild_id=duel.guild_id)


def _shows(components: Any, duel_id: int) -> bool:
    """Return whether a message's buttons are those of a duel."""
    for custom_id in custom_ids(components):
        feature, _, args = custom_id.partition(":")
        if feature in FEATURES and args == str(duel_id):
            return True
    return False
