"""Care for the knowledge: ``/knowledge reload`` (owner) and ``/knowledge missed`` (managers)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.gates import MANAGER, for_servers, require_manager, require_owner
from bot.errors import ContentError
from bot.ui.limits import clip
from bot.ui.report import reporting, tell
from bot.ui.words import echo, moment, plural

if TYPE_CHECKING:
    from bot.app import StudyBot

MISSED_KEPT = timedelta(days=30)
MISSED_SHOWN = 20
MESSAGE_CHARS = 1900


@app_commands.default_permissions(MANAGER)
@for_servers
class KnowledgeDesk(
    commands.GroupCog, group_name="knowledge", group_description="What the bot knows, and what not"
):
    """Reloading, and what members could not get answered."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        super().__init__()

    @app_commands.command()
    async def reload(self, interaction: discord.Interaction[Any]) -> None:
        """Read the knowledge files again (the bot's owner)."""
        async with reporting(interaction):
            await require_owner(self.bot, interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                shelf = await self.bot.reload_knowledge()
            except ContentError as error:
                text = f"The old knowledge stays. {error}"
                await tell(interaction, f"```\n{clip(text.replace('```', ''), MESSAGE_CHARS)}\n```")
                return
            await tell(
                interaction,
                f"Reloaded: {plural(len(shelf.library.entries), 'entry', 'entries')}, "
                f"{plural(len(shelf.pool), 'question')}.",
            )

    @app_commands.command()
    async def missed(self, interaction: discord.Interaction[Any]) -> None:
        """Show what members asked here and I could not answer, last 30 days (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            since = self.bot.clock() - MISSED_KEPT
            rows = await self.bot.store.missed(guild_id, since=since)
            if not rows:
                text = "Nothing in the last 30 days: I had an answer to everything."
            else:
                lines = [
                    f"- “{echo(row.text, 120)}”"
                    + (f" ({row.count} times)" if row.count > 1 else "")
                    + f" {moment(row.last_at)}"
                    for row in rows[:MISSED_SHOWN]
                ]
                text = "**I could not answer**\n" + "\n".join(lines)
                if len(rows) > MISSED_SHOWN:
                    text += f"\n-# and {len(rows) - MISSED_SHOWN} more"
            await interaction.response.send_message(clip(text, MESSAGE_CHARS), ephemeral=True)
