"""Asking: ``/ask``, "Look this up" on a message, and mentioning the bot or writing to it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.choice import parse
from bot.core.privacy import redact
from bot.core.reply import Reply
from bot.core.secrecy import asks_one_of
from bot.errors import UserError
from bot.ui.answers import entry_card, reply_card
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, CHOICE_VALUE_CHARS, clip
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot

QUESTION_CHARS = 1000
QUIET = timedelta(seconds=30)
"""How long a member who writes too quickly is not told so again."""
_ADDRESSING = re.compile(r"<@!?\d+>")


class Ask(commands.Cog):
    """Questions in plain words."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._quiet_until: dict[int, datetime] = {}
        bot.on_press("show", self.show)
        for name, callback in (
            ("Look this up", self.look_up),
            ("Explain the options", self.explain_options),
        ):
            bot.tree.add_command(app_commands.ContextMenu(name=name, callback=callback))

    @app_commands.command()
    @app_commands.describe(
        question="A service, a concept, or a question in your own words",
        private="Show the answer to you alone (default: everyone here sees it)",
    )
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, QUESTION_CHARS],
        private: bool = False,
    ) -> None:
        """Ask in plain words, such as: which service detects PII."""
        async with reporting(interaction):
            await self._reply(interaction, question, private=private)

    @ask.autocomplete("question")
    async def _suggest(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's own recent questions, then names of entries."""
        recent = await self.bot.store.recent_questions(interaction.user.id, AUTOCOMPLETE_CHOICES)
        names = self.bot.shelf.library.names_like(current, AUTOCOMPLETE_CHOICES)
        wanted = current.casefold().strip()
        mine = [text for text in recent if wanted in text.casefold()][: 5 if wanted else 10]
        values = dict.fromkeys(clip(text, CHOICE_VALUE_CHARS) for text in (*mine, *names))
        return [
            app_commands.Choice(name=clip(value, CHOICE_NAME_CHARS), value=value)
            for value in list(values)[:AUTOCOMPLETE_CHOICES]
        ]

    async def look_up(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Answer what a message asks, for the member alone."""
        async with reporting(interaction):
            if not message.content.strip():
                raise UserError("There is no text in that message that I could look up.")
            await self._reply(interaction, message.content, private=True, is_own=False)

    async def explain_options(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Judge the multiple-choice question in a message, for the member alone."""
        async with reporting(interaction):
            if parse(message.content) is None:
                raise UserError(
                    "I see no options in that message. They have to begin with A, B, C "
                    "(or 1, 2, 3 on lines of their own)."
                )
            await self._reply(interaction, message.content, private=True, is_own=False)

    async def show(self, interaction: discord.Interaction[Any], entry_id: str) -> None:
        """Show one entry to the member who pressed its button."""
        shelf = self.bot.shelf
        found = shelf.library.found(entry_id)
        if found is None:
            raise UserError("That entry is not in my knowledge any more. Try /ask.")
        await interaction.response.send_message(view=entry_card(found, shelf.by_id), ephemeral=True)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention in a server, or any text in a direct message."""
        me = self.bot.user
        if message.author.bot or me is None or message.webhook_id is not None:
            return
        if message.guild is not None and not _mentions(message, me.id):
            return
        question = _ADDRESSING.sub(" ", message.content).strip()
        if not question:
            return
        now = self.bot.clock()
        try:
            self.bot.check_pace(message.author.id)
        except UserError as error:
            if now >= self._quiet_until.get(message.author.id, now):
                self._quiet_until = {k: at for k, at in self._quiet_until.items() if at > now}
                self._quiet_until[message.author.id] = now + QUIET
                await self._say(message, str(error))
            return
        try:
            if message.guild is not None:
                await self._keep_secret(message.guild.id, question)
            reply = self.bot.shelf.library.answer(question)
            await message.reply(view=self._card(reply), mention_author=False)
        except UserError as error:
            await self._say(message, str(error))
            return
        except discord.HTTPException as error:
            self.bot.log_refusal("an answer to a mention", error)
            return
        guild_id = message.guild.id if message.guild is not None else None
        await self._record(message.author.id, guild_id, reply)

    async def _say(self, message: discord.Message, sentence: str) -> None:
        try:
            await message.reply(sentence, mention_author=False)
        except discord.HTTPException as error:
            self.bot.log_refusal("a word to a member", error)

    async def _reply(
        self,
        interaction: discord.Interaction[Any],
        question: str,
        *,
        private: bool,
        is_own: bool = True,
    ) -> None:
        """Answer ``question``; one that stands in a message may not be the member's own."""
        question = question.strip()
        if not question:
            raise UserError("Ask me something: a name, a need, or two names to compare.")
        guild_id = self.bot.server_of(interaction)
        if guild_id is not None:
            await self._keep_secret(guild_id, question)
        reply = self.bot.shelf.library.answer(question)
        await interaction.response.send_message(view=self._card(reply), ephemeral=private)
        member_id = interaction.user.id if is_own else None
        await self._record(member_id, guild_id, reply)

    async def _keep_secret(self, guild_id: int, question: str) -> None:
        """Let nobody have an open challenge answered in its own server.

        Raises:
            UserError: ``question`` is that challenge's.
        """
        ids = await self.bot.store.open_question_ids(guild_id)
        if asks_one_of(question, self.bot.shelf.questions_of_ids(ids)):
            raise UserError(
                "That is an open question of this server. Answer it there; ask me when it is over."
            )

    def _card(self, reply: Reply) -> discord.ui.LayoutView:
        shelf = self.bot.shelf
        return reply_card(reply, shelf.exams, shelf.by_id)

    async def _record(self, member_id: int | None, guild_id: int | None, reply: Reply) -> None:
        """Keep a question for its member's completion, unless None, and a miss for managers."""
        now = self.bot.clock()
        if member_id is not None:
            entry_id = reply.answers[0].entry.id if reply.answers else None
            await self.bot.store.record_question(
                member_id, question=reply.question, entry_id=entry_id, at=now
            )
        if reply.kind == "none" and guild_id is not None:
            text = redact(reply.question)
            if text:
                await self.bot.store.record_missed(guild_id, text=text, at=now)


def _mentions(message: discord.Message, user_id: int) -> bool:
    """Whether the text itself mentions the bot; a reply's ping alone is not a question."""
    return any(f"<@{mark}{user_id}>" in message.content for mark in ("", "!"))
