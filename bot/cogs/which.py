"""Which of a server's challenges is meant; what all rooms of ``/daily`` share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.checks import lacking
from bot.cogs.choosing import about
from bot.cogs.gates import MANAGER, require_manager
from bot.cogs.posting import Posting
from bot.cogs.setup import Setup
from bot.core.daily import Challenge, local_date, next_day
from bot.core.post import Post
from bot.errors import UserError
from bot.ui.limits import AUTOCOMPLETE_CHOICES
from bot.ui.press import number
from bot.ui.settings import challenge_label
from bot.ui.words import link, listed, message_url

if TYPE_CHECKING:
    from bot.app import StudyBot

WHICH = "Which challenge, where there are several"


async def challenge_choices(
    interaction: discord.Interaction[StudyBot], current: str
) -> list[app_commands.Choice[str]]:
    """Offer a server's challenges to its managers, for completion."""
    bot = interaction.client
    guild_id = bot.server_of(interaction)
    if guild_id is None or not interaction.permissions.is_superset(MANAGER):
        return []
    wanted = current.strip().casefold()
    choices = []
    for one in await bot.store.challenges_of(guild_id):
        channel = bot.get_channel(one.channel_id)
        name = getattr(channel, "name", None)
        label = challenge_label(one, f"#{name}" if name else "a deleted channel", about(bot, one))
        if wanted in label.casefold():
            choices.append(app_commands.Choice(name=label, value=str(one.id)))
    return choices[:AUTOCOMPLETE_CHOICES]


class Which(commands.Cog):
    """The base of the rooms of ``/daily``: finds the challenge that a command is about."""

    bot: StudyBot
    posting: Posting
    drafts: Setup

    async def some(self, guild_id: int, challenge: str | None) -> tuple[Challenge, ...]:
        """Return the challenge that was named, or all of the server's."""
        if challenge:
            return (await self.named(guild_id, challenge),)
        known = await self.bot.store.challenges_of(guild_id)
        if not known:
            raise UserError("There is no daily challenge yet. `/daily setup` makes one.")
        return known

    async def challenge(
        self, interaction: discord.Interaction[Any], challenge: str | None
    ) -> Challenge:
        """Return the one that is meant: the one that was named, the only one, the only one on."""
        known = await self.some(require_manager(self.bot, interaction), challenge)
        switched_on = [one for one in known if one.is_on] or known
        if len(switched_on) > 1:
            raise several(known)
        return switched_on[0]

    async def named(self, guild_id: int, challenge: str) -> Challenge:
        """Return the server's challenge of an id as Discord's list gave it.

        Raises:
            UserError: the server has none of that id.
        """
        found = None
        if challenge.isdigit():
            found = await self.bot.store.challenge_by_id(number(challenge))
        if found is None or found.guild_id != guild_id:
            raise UserError("I have no challenge of that name here. Pick one from the list.")
        return found

    async def next_day(self, challenge: Challenge) -> date | None:
        """Return the study date that is posted next; None when it is switched off."""
        now = self.bot.clock()
        settled = await self.bot.store.left_out(challenge.id, local_date(now, challenge.zone))
        posted = await self.drafts.posted_on(challenge)
        return next_day(challenge, now, posted=posted, settled=settled)

    def missing(self, challenge: Challenge) -> list[str]:
        """Return the permissions that I lack in its channel, by their names."""
        channel = self.bot.get_channel(challenge.channel_id)
        if not isinstance(channel, discord.TextChannel):
            return []
        return lacking(channel, threads=challenge.has_thread)


def several(known: tuple[Challenge, ...]) -> UserError:
    """Return the request to say which of several is meant."""
    places = [f"<#{one.channel_id}>" for one in known]
    return UserError(f"There are several: {listed(places)}. Say which with `challenge`.")


def post_link(post: Post) -> str:
    """Return a link to a challenge's message."""
    if post.channel_id is None or post.message_id is None:
        return "not posted yet"
    return link(message_url(post.guild_id, post.channel_id, post.message_id), "the challenge")
