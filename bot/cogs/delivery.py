"""What can go wrong between the bot and Discord, in the words of a manager; and what was sent."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import ui

from bot.content.shelf import Shelf
from bot.core.post import Post
from bot.ui.chart import PICTURE, Picture

if TYPE_CHECKING:
    from bot.app import StudyBot

UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Discord refused a request, or it is not known whether it got there."""
RETRY_AFTER = timedelta(minutes=5)
"""How long a post or a reveal rests after Discord refused it."""
LOOK_BACK = 100
"""Messages searched for one whose sending was interrupted."""
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
"""Discord's codes for what is gone.

Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""


def trouble(error: Exception) -> str:
    """Say in a sentence why Discord did not take a post, and what a manager can do."""
    if isinstance(error, discord.Forbidden):
        return (
            "I may not post in that channel. Give me View Channel, Send Messages and Read Message "
            "History there."
        )
    if isinstance(error, discord.NotFound):
        return "The channel is gone. Choose another with /daily setup."
    return "Discord did not take the post. I try again every few minutes."


def is_lasting(error: Exception) -> bool:
    """Return whether it takes a manager to mend it."""
    return isinstance(error, (discord.Forbidden, discord.NotFound))


def is_gone(error: Exception) -> bool:
    """Return whether the message, or its whole channel, was deleted."""
    return isinstance(error, discord.NotFound) and error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE)


async def find_sent(
    channel: discord.abc.Messageable, author_id: int, button: str, *, after: datetime
) -> int | None:
    """Return the bot's message with a button of this id, if there is one.

    ``button`` may be the first parts of the id: ``daily:12`` finds ``daily:12:0``.
    """
    async for message in channel.history(limit=LOOK_BACK, after=after):
        if message.author.id == author_id and any(
            f"{custom_id}:".startswith(f"{button}:") for custom_id in custom_ids(message.components)
        ):
            return message.id
    return None


async def send_picture(
    bot: StudyBot,
    channel: discord.PartialMessageable,
    nonce: str,
    card: Callable[[str | None], ui.LayoutView],
    draw: Callable[[], Picture],
) -> int:
    """Send a message around a picture, whose alt text ``card`` gets; return the message's id.

    Where the bot may not attach files, ``card`` gets None and its words say the same.
    """
    place = bot.get_channel(channel.id)
    if isinstance(place, discord.abc.GuildChannel):
        held = place.permissions_for(place.guild.me)
        if not held.attach_files:
            return (await channel.send(view=card(None), nonce=nonce)).id
    drawn = await asyncio.to_thread(draw)
    file = discord.File(io.BytesIO(drawn.png), PICTURE, description=drawn.alt)
    return (await channel.send(view=card(drawn.alt), file=file, nonce=nonce)).id


def custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """Return the ids of all buttons, nested ones included."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        yield from custom_ids(getattr(component, "children", ()) or ())


def place_of(bot: StudyBot, channel_id: int, post: Post) -> discord.PartialMessageable:
    """Return a post's channel, whether or not it is known to be there."""
    return bot.get_partial_messageable(channel_id, guild_id=post.guild_id)


def domain_of(shelf: Shelf, post: Post) -> str:
    """Return the name of the exam domain of a post's question."""
    question = post.shown.question
    for exam in shelf.exams:
        for domain in exam.domains:
            if (exam.id, domain.id) == (question.exam, question.domain):
                return domain.name
    return question.exam


def only(role_id: int | None) -> discord.AllowedMentions:
    """Let a message mention this role, or nobody."""
    if role_id is None:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role_id)], replied_user=False
    )
