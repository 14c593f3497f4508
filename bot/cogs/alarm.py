"""Telling a server's managers that something of theirs is stuck: once, where they can see it.

In the server's system channel, or else by direct message to the manager who set it up, which
``/daily setup`` says beforehand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.cogs.delivery import UNDELIVERED
from bot.core.daily import Challenge

if TYPE_CHECKING:
    from bot.app import StudyBot

OUTAGE_TOLD_AFTER = timedelta(minutes=30)
"""Discord's own troubles mostly pass before this; then nobody needs to hear of them."""


async def tell_managers(bot: StudyBot, challenge: Challenge, *, is_lasting: bool) -> None:
    """Say once in a time of trouble what is wrong; never raises over Discord's refusal.

    ``is_lasting``: it will not pass by itself. The word is claimed before it is sent, so that a
    crash between the two costs the word rather than sending it twice; ``/daily status`` has it.
    """
    now = bot.clock()
    found = await bot.store.trouble(challenge.id)
    if found is None:
        return
    if not is_lasting and now - (found.since or found.at) < OUTAGE_TOLD_AFTER:
        return
    if not await bot.store.claim_word(challenge.id, now):
        return
    text = (
        f"The daily challenge in <#{challenge.channel_id}> is on hold. {found.text}\n"
        "Nothing is lost: I go on by myself when I can, and `/daily status` shows how it stands."
    )
    await send_word(bot, challenge.guild_id, text, not_in=challenge.channel_id, set_by=found.set_by)


async def send_word(
    bot: StudyBot, guild_id: int, text: str, *, not_in: int | None, set_by: int | None
) -> None:
    """Write to a server's managers; never raises over Discord's refusal.

    In the system channel unless that is ``not_in``, the channel in trouble; else to ``set_by``.
    """
    if await _in_system_channel(bot, guild_id, text, not_in) or set_by is None:
        return
    try:
        private = await bot.create_dm(discord.Object(set_by))
        guild = bot.get_guild(guild_id)
        await private.send(f"**{guild}**: {text}" if guild is not None else text)
    except UNDELIVERED as error:
        bot.log_refusal("a word to the managers", error)


async def _in_system_channel(bot: StudyBot, guild_id: int, text: str, not_in: int | None) -> bool:
    guild = bot.get_guild(guild_id)
    channel = guild.system_channel if guild is not None else None
    if channel is None or channel.id == not_in:
        return False
    held = channel.permissions_for(channel.guild.me)
    if not (held.view_channel and held.send_messages):
        return False
    try:
        await channel.send(text)
    except UNDELIVERED as error:
        bot.log_refusal("a word to the managers", error)
        return False
    return True
