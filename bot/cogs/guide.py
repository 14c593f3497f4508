"""Finding one's way: ``/help`` for everybody, ``/status`` for the application's owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import __version__
from bot.cogs.gates import require_owner
from bot.ui.card import Card
from bot.ui.report import reporting
from bot.ui.words import moment, plural

if TYPE_CHECKING:
    from bot.app import StudyBot

HELP = (
    "## Study bot\nAsk me about AWS in plain words, practise, and compete with your group.",
    "**Ask**\n"
    "- `/ask` a name, a need, or “A vs B”: which service detects PII?\n"
    "- Mention me with a question, or write to me directly.\n"
    "- On a message, Apps → Look this up answers it, and Apps → Explain the options judges a "
    "multiple-choice question. Only you see that.",
    "**Practise**\n- `/quiz` private questions with explanations; choose a topic and a count.",
    "**Compete**\n"
    "- The daily challenge: one question a day, your first answer counts, the reveal shows why.\n"
    "- `/match start` the same questions for all at the same moment; `join`, `leave`, `results`, "
    "and for its host `pause`, `resume`, `skip`, `stop`\n"
    "- `/score` your points and where each came from · `/streak` your days in a row, and why\n"
    "- `/duel challenge` somebody to five questions · `/duel list` your open ones · `/duel record` "
    "won, drawn, lost\n"
    "- `/rating` how strong you are in duels and matches, and how sure that is\n"
    "- `/leaderboard` the group's board: by points, accuracy, streak, improvement or rating\n"
    "- `/team create`, `join`, `leave`, `show`, `board`: teams, ranked by their members' average; "
    "captains also `invite`, `rename`, `captain` (hand over) and `kick`\n"
    "- `/season status` the season that runs · `/season archive` how past ones ended",
    "**Your data**\n- `/data export` everything kept about you · `/data delete` and it is gone · "
    "`/data visibility` hides you from boards",
    "**For managers** (Manage Server)\n"
    "- `/daily setup` starts or changes a daily challenge · `/daily preview`, `now`, `reveal`, "
    "`skip`, `pause`, `resume`, `off`, `status`, `history`\n"
    "- `/season start` begins a season with a ceremony at its end · `/season edit`, `end`\n"
    "- `/questions reports` what members say is wrong · `/knowledge missed` what I could not "
    "answer · `/team disband` ends a team; `/team rename` and `kick` work for any",
)


class Guide(commands.Cog):
    """Help and status."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    @app_commands.command()
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show what I can do and how to begin."""
        async with reporting(interaction):
            view = Card()
            view.add_item(ui.Container(*(ui.TextDisplay(part) for part in HELP)))
            await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show how the bot is doing (the bot's owner)."""
        async with reporting(interaction):
            await require_owner(self.bot, interaction)
            bot = self.bot
            versions = await bot.store.versions()
            posts = await bot.store.last_posts(None, 3)
            latency = f"{bot.latency * 1000:.0f} ms" if bot.latency == bot.latency else "unknown"
            lines = [
                f"**Study bot {__version__}** · discord.py {discord.__version__} · "
                + " · ".join(f"{name} {value}" for name, value in versions.items()),
                f"- Up since {moment(bot.started_at or bot.clock())}, latency {latency}, "
                f"{plural(len(bot.guilds), 'server')}",
                f"- Store: {plural(bot.store.queue_length, 'write')} waiting",
                f"- Knowledge: {plural(len(bot.shelf.library.entries), 'entry', 'entries')}, "
                f"{plural(len(bot.shelf.pool), 'question')}",
            ]
            lines += [
                f"- Post {post.id} of {post.study_date}: "
                + ("closed" if post.closed_at else "open" if post.message_id else "not sent")
                for post in posts
            ]
            await interaction.response.send_message("\n".join(lines), ephemeral=True)
