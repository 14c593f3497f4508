"""What a manager gave, checked against Discord and the calendar: a sentence with the way out."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import discord
from rapidfuzz import process

from bot.errors import UserError
from bot.ui.words import echo, listed

NEEDED = ("view_channel", "send_messages", "read_message_history")
"""What the bot needs in the challenge's channel; the last to find its own posts after a crash."""
NEEDED_FOR_THREADS = ("create_public_threads", "send_messages_in_threads")


@cache
def zones() -> tuple[str, ...]:
    """Return the IANA names that people know, by alphabet."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def zone_named(text: str) -> str:
    """Return the IANA name of a zone, whatever its case.

    Raises:
        UserError: there is none; with the nearest names.
    """
    wanted = text.strip()
    by_name = {name.casefold(): name for name in zones()}
    if wanted.casefold() in by_name:
        return by_name[wanted.casefold()]
    near = [name for name, _, _ in process.extract(wanted, zones(), limit=2, score_cutoff=60)]
    hint = f" Did you mean {listed(near, 'or')}?" if near else ""
    raise UserError(
        f"“{echo(wanted, 40)}” is not a time zone I know.{hint} Write it like Europe/Berlin."
    )


def lacking(channel: discord.TextChannel, *, threads: bool) -> list[str]:
    """Return the permissions the bot lacks in ``channel``, as Discord's settings name them."""
    held = channel.permissions_for(channel.guild.me)
    needed = (*NEEDED, *NEEDED_FOR_THREADS) if threads else NEEDED
    return [name.replace("_", " ").title() for name in needed if not getattr(held, name)]


def check_permissions(channel: discord.TextChannel, *, threads: bool) -> None:
    """Refuse a channel that the bot cannot use.

    Raises:
        UserError: it lacks a permission there.
    """
    missing = lacking(channel, threads=threads)
    if missing:
        raise UserError(
            f"I can't post in {channel.mention} yet: I lack {listed(missing)} there. "
            "Give me that in the channel's settings and try again."
        )


def check_role(role: discord.Role, channel: discord.TextChannel) -> None:
    """Refuse a role that a mention would not reach, or would reach everybody.

    Raises:
        UserError: it is one.
    """
    if role.is_default():
        raise UserError(
            "I never mention everyone. Make a role that members choose for themselves, and give "
            "me that one."
        )
    can = role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone
    if not can:
        raise UserError(
            f"I can't mention {role.mention}: in the role's settings, allow anyone to mention it."
        )
