"""The messages of matches in Discord: each sent once, and edited when it should show another thing.

A message is edited at most once in ``EDIT_EVERY``: a hundred answers in a second are one edit. One
that a killed process sent and did not record is found again before it is sent.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.cogs.delivery import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, find_sent
from bot.ui.chart import PICTURE, Picture

if TYPE_CHECKING:
    from bot.app import StudyBot

EDIT_EVERY = timedelta(seconds=1)
KNOWN = 500
"""Messages of which it is remembered what they show; forgetting one costs an edit."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a message of a match shows, and since when."""

    match_id: int
    key: object
    at: datetime


class MatchMessages:
    """What the messages of all matches show."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.waiting: set[int] = set()
        """Matches with a message that was edited a moment ago."""
        self._seen: dict[int, _Seen] = {}
        """By message."""
        self._unsent: set[str] = set()
        """By nonce: claimed by this process and not sent yet, so nobody needs to look for them."""

    def is_unsent(self, nonce: str) -> None:
        """Note that a message was claimed just now and surely is not there yet."""
        self._unsent.add(nonce)

    def forget(self, message_id: int) -> int | None:
        """Have a message looked after again; return the id of its match, None without one."""
        seen = self._seen.pop(message_id, None)
        return None if seen is None else seen.match_id

    def is_shown(self, message_id: int, key: object) -> bool:
        """Return whether a message shows ``key``."""
        seen = self._seen.get(message_id)
        return seen is not None and seen.key == key

    async def edit(
        self,
        match_id: int,
        channel_id: int,
        message_id: int,
        key: object,
        view: Callable[[], ui.LayoutView],
        *,
        may_repost: bool = True,
    ) -> int | None:
        """Edit a message unless it shows ``key`` already or was edited a moment ago.

        A message that somebody deleted is sent again, if it may be; return the new one's id then.
        """
        now = self.bot.clock()
        seen = self._seen.get(message_id)
        if seen is not None and seen.key == key:
            return None
        if seen is not None and now - seen.at < EDIT_EVERY:
            self.waiting.add(match_id)
            return None
        channel = self.bot.get_partial_messageable(channel_id)
        try:
            await channel.get_partial_message(message_id).edit(view=view())
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            self._seen.pop(message_id, None)
            if may_repost:
                nonce = f"match-again-{message_id % 10**10}"
                return await self.send(match_id, channel_id, view(), nonce, key)
        self._note(match_id, message_id, key)
        return None

    async def send(
        self,
        match_id: int,
        channel_id: int,
        view: ui.LayoutView,
        nonce: str,
        key: object,
        *,
        prefix: str | None = None,
        since: datetime | None = None,
        picture: Picture | None = None,
    ) -> int:
        """Send a message, unless it was sent before and only not recorded; return its id."""
        channel = self.bot.get_partial_messageable(channel_id)
        message_id = None
        if nonce in self._unsent:
            self._unsent.discard(nonce)
        elif prefix is not None and since is not None and self.bot.user is not None:
            after = since - timedelta(minutes=1)
            message_id = await find_sent(channel, self.bot.user.id, prefix, after=after)
        if message_id is not None:
            return message_id  # what it shows is not known, so it is edited the next time
        if picture is None:
            message = await channel.send(view=view, nonce=nonce)
        else:
            file = discord.File(io.BytesIO(picture.png), PICTURE, description=picture.alt)
            message = await channel.send(view=view, nonce=nonce, file=file)
        self._note(match_id, message.id, key)
        return message.id

    def _note(self, match_id: int, message_id: int, key: object) -> None:
        while len(self._seen) >= KNOWN:
            del self._seen[next(iter(self._seen))]
        self._seen[message_id] = _Seen(match_id, key, self.bot.clock())


def is_place_gone(error: Exception) -> bool:
    """Return whether the channel or the thread was deleted."""
    return isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL
