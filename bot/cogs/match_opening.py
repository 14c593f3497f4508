"""Opening a match: where the bot can hold one, and its lobby."""

from __future__ import annotations

from typing import Any

import discord

from bot.cogs.gates import require_server
from bot.cogs.match_play import MatchPlay
from bot.core.daily import local_date
from bot.core.match import LOBBY_LASTS, Match, MatchSettings, whole_second
from bot.errors import UserError
from bot.store.matches import SecondMatch
from bot.ui.words import link, listed, message_url

NEEDED: tuple[str, ...] = ("view_channel", "send_messages", "read_message_history")
NEEDED_IN_THREADS: tuple[str, ...] = (
    "view_channel",
    "send_messages_in_threads",
    "read_message_history",
)
NEEDED_TO_MAKE = ("create_public_threads", "send_messages_in_threads")


async def open_match(
    play: MatchPlay, interaction: discord.Interaction[Any], settings: MatchSettings
) -> None:
    """Open the lobby of a match in the channel of a command or a button.

    Raises:
        UserError: the bot cannot play there, there are no questions, or a match runs there.
    """
    bot = play.bot
    guild_id = require_server(bot, interaction)
    channel = interaction.channel
    assert interaction.channel_id is not None  # noqa: S101 - it comes from a channel
    is_thread = isinstance(channel, discord.Thread)
    if is_thread and settings.in_thread:
        raise UserError("This is a thread already. Leave `thread` out to play here.")
    if settings.in_thread and not isinstance(channel, discord.TextChannel):
        raise UserError("Discord makes no threads here. Leave `thread` out to play here.")
    _check_permissions(interaction, is_thread=is_thread, makes_one=settings.in_thread)
    if not bot.shelf.questions_on(settings.subject):
        raise UserError("There are no questions about that yet.")
    now = bot.clock()
    try:
        match = await bot.store.make_match(
            guild_id=guild_id,
            channel_id=interaction.channel_id,
            host_id=interaction.user.id,
            settings=settings,
            study_date=local_date(now, await bot.store.zone(guild_id)),
            now=now,
            until=whole_second(now + LOBBY_LASTS),
        )
    except SecondMatch as error:
        raise UserError(f"{error} One at a time: {_where(error.match)}.") from None
    play.show.messages.is_unsent(f"match-{match.id}-lobby")
    play.wake(match.id)
    await interaction.response.send_message(
        "Your match is open, and you are in. Press **Start** when the others are, too.",
        ephemeral=True,
    )
    await bot.record_name(interaction)


def _check_permissions(
    interaction: discord.Interaction[Any], *, is_thread: bool, makes_one: bool
) -> None:
    """Refuse a channel in which the bot cannot play.

    Raises:
        UserError: it lacks a permission there, which the sentence names.
    """
    needed = NEEDED_IN_THREADS if is_thread else NEEDED
    if makes_one:
        needed = (*needed, *NEEDED_TO_MAKE)
    held = interaction.app_permissions
    missing = [name.replace("_", " ").title() for name in needed if not getattr(held, name)]
    if missing:
        raise UserError(
            f"I can't hold a match here yet: I lack {listed(missing)}. Give me that in the "
            "channel's settings and try again."
        )


def _where(match: Match) -> str:
    if match.lobby_message_id is None:
        return "it opens just now"
    return link(message_url(match.guild_id, match.channel_id, match.lobby_message_id), "here it is")
