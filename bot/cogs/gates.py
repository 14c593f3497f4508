"""Who may do what: one policy, as Discord's default and as a check at run time.

* Everybody may ask, practise, answer, and see boards and their own data.
* Managers (Manage Server) set up challenges and see what members could not get answered. Discord
  hides these commands from others; a server may allow more people, and then Discord's own
  answer (``interaction.permissions``) decides here too.
* The application's owner reloads knowledge and sees the bot's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.app import StudyBot

MANAGER = discord.Permissions(manage_guild=True)
T = TypeVar("T")


def for_servers(target: T) -> T:
    """Offer a command, or a cog's group, only in servers that the bot was added to.

    ``guild_only`` would say less: the tree's own contexts, which are all, overrule it.
    """
    target = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(target)
    return app_commands.allowed_installs(guilds=True, users=False)(target)


def require_server(bot: StudyBot, interaction: discord.Interaction[Any]) -> int:
    """Return the server.

    Raises:
        UserError: this is not in a server that the bot was added to.
    """
    guild_id = bot.server_of(interaction)
    if guild_id is None:
        raise UserError("This works in a server that I was added to, not here.")
    return guild_id


def require_manager(bot: StudyBot, interaction: discord.Interaction[Any]) -> int:
    """Return the server of a manager.

    Raises:
        UserError: not a server with the bot, or the member may not manage it.
    """
    guild_id = require_server(bot, interaction)
    if not interaction.permissions.is_superset(MANAGER):
        raise UserError("That is for the server's managers: it takes the permission Manage Server.")
    return guild_id


async def require_owner(bot: StudyBot, interaction: discord.Interaction[Any]) -> None:
    """Let the application's owner (or a member of its team) pass.

    Raises:
        UserError: the member is somebody else.
    """
    if not await bot.is_owner(interaction.user):
        raise UserError("That is for the owner of this bot's application.")
