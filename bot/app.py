"""StudyBot: the one place where store, knowledge, cogs and Discord meet.

Everything it needs is opened by the caller and passed in. Zero privileged intents: messages are
read only where Discord sends their text anyway (direct messages and mentions of the bot).
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import __version__
from bot.cogs.ask import Ask
from bot.cogs.boards import Boards
from bot.cogs.daily import Daily
from bot.cogs.data import Data
from bot.cogs.duel import Duels
from bot.cogs.guide import Guide
from bot.cogs.knowledge import KnowledgeDesk
from bot.cogs.match import Matches
from bot.cogs.presence import Presence
from bot.cogs.pulse import Pulse
from bot.cogs.questions import Questions
from bot.cogs.quiz import Quiz
from bot.cogs.rating import Ratings
from bot.cogs.seasons import Seasons
from bot.cogs.streaks import Streaks
from bot.cogs.teams import Teams
from bot.cogs.winners import Winners
from bot.content.shelf import Shelf
from bot.core.cooldown import Cooldown
from bot.errors import UserError
from bot.store.store import Store
from bot.ui.press import FORGED, Press, PressHandler
from bot.ui.report import APOLOGY, tell

_log = logging.getLogger(__name__)

WRONG_KIND = "One of the options is not of the kind it should be. Pick it from the list."
TICK = timedelta(seconds=20)
"""How often due posts and reveals are looked for."""


def intents() -> discord.Intents:
    """Return the intents the bot connects with; none of them is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def _read_whole(path: Path) -> Shelf:
    """Read the knowledge and make its questions, so that nobody waits for them later."""
    shelf = Shelf.read(path)
    _ = shelf.pool
    return shelf


class StudyTree(app_commands.CommandTree["StudyBot"]):
    """The command tree: a gate before every command, and the last net under all of them."""

    async def interaction_check(self, interaction: discord.Interaction[StudyBot], /) -> bool:
        """Let nobody hurry the bot; autocomplete is not counted."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return await interaction.client.admits(interaction)

    async def on_error(
        self, interaction: discord.Interaction[StudyBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Bugs only: commands turn their own failures into sentences.

        But for options that no honest client sends, such as a channel of another kind.
        """
        if isinstance(error, app_commands.TransformerError):
            await tell(interaction, WRONG_KIND)
            return
        _log.error("Failed in a command", exc_info=error)
        if interaction.type is not discord.InteractionType.autocomplete:
            await tell(interaction, APOLOGY)


class StudyBot(commands.Bot):
    """A study group's bot. Use as discord.py's client: ``async with bot: await bot.start(...)``."""

    def __init__(
        self,
        *,
        store: Store,
        shelf: Shelf,
        knowledge_path: Path,
        clock: Callable[[], datetime] = discord.utils.utcnow,
        rng: Random | None = None,
        tick: timedelta = TICK,
        always_sync: bool = False,
        repost_missing: bool = False,
    ) -> None:
        """Wire the parts.

        ``always_sync`` registers commands at every start, for worlds that forget them.
        ``repost_missing`` posts an open challenge again when its message is gone, for worlds
        that forget messages.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(),
            tree_cls=StudyTree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.store = store
        self.shelf = shelf
        self.knowledge_path = knowledge_path
        self.clock = clock
        self.rng = rng or Random()  # noqa: S311 - chooses questions, not secrets
        self.tick = tick
        self.repost_missing = repost_missing
        self.started_at: datetime | None = None
        self._always_sync = always_sync
        self.presence = Presence(self)
        self.drawing: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By server, held while questions of a challenge or a contest are drawn and asked: two that
        begin at once must not ask the same ones, or the first to close tells the other's keys."""
        self._cooldown = Cooldown()
        self._press_handlers: dict[str, PressHandler] = {}
        self._takes: dict[str, inspect.Signature] = {}

    # ------------------------------------------------------------------- starting

    async def setup_hook(self) -> None:
        """Add the cogs and tell Discord about the commands when they changed.

        Raises:
            discord.HTTPException: it does not take them, and ``always_sync`` asked for it.
        """
        self.started_at = self.clock()
        await self.store.prepare_boards(self.started_at)
        await self.store.settle_closed()
        self.add_dynamic_items(Press)
        for cog in (
            Ask, Quiz, Matches, Daily, Questions, Boards, Streaks, Teams, Winners, Duels, Ratings,
            Seasons, Data, KnowledgeDesk, Guide, Pulse,
        ):  # fmt: skip
            await self.add_cog(cog(self))
        try:
            await self.sync_commands(force=self._always_sync)
        except discord.HTTPException as error:  # the commands that Discord has still work
            if self._always_sync:
                raise
            self.log_refusal("the commands", error)
        # So that the first quiz need not wait for all questions to be made.
        self.loop.run_in_executor(None, getattr, self.shelf, "pool")

    async def sync_commands(self, *, force: bool = False) -> bool:
        """Register the commands unless Discord has these already; return whether it did."""
        tree = [
            command.to_dict(self.tree)
            for kind in discord.AppCommandType
            for command in self.tree.get_commands(type=kind)
        ]
        digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
        key = f"commands of {self.application_id}"
        if not force and await self.store.get_meta(key) == digest:
            return False
        await self.tree.sync()
        await self.store.set_meta(key, digest)
        _log.info("Registered %d commands", len(tree))
        return True

    async def reload_knowledge(self) -> Shelf:
        """Read the files again and swap them in whole; on a fault the old ones stay.

        Raises:
            ContentError: with every fault.
        """
        self.shelf = await self.loop.run_in_executor(None, _read_whole, self.knowledge_path)
        return self.shelf

    # ------------------------------------------------------------------ dispatching

    def on_press(self, feature: str, handler: PressHandler) -> None:
        """Register what buttons whose id begins with ``feature`` do."""
        self._press_handlers[feature] = handler
        self._takes[feature] = inspect.signature(handler)

    async def pressed(
        self, interaction: discord.Interaction[Any], feature: str, args: tuple[str, ...]
    ) -> None:
        """Run the handler of a pressed button. Called inside ``reporting``."""
        handler = self._press_handlers.get(feature)
        if handler is None:
            raise UserError("That button belongs to an older version of me. Try the command again.")
        if not await self.admits(interaction):
            return
        try:
            self._takes[feature].bind(interaction, *args)
        except TypeError:
            raise UserError(FORGED) from None
        await handler(interaction, *args)

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether the member may go on; if not, they have been told why."""
        if interaction.user.bot:
            return False
        try:
            self.check_pace(interaction.user.id)
        except UserError as error:
            await tell(interaction, str(error))
            return False
        return True

    def check_pace(self, member_id: int) -> None:
        """Count one use by a member.

        Raises:
            UserError: they were too quick.
        """
        self._cooldown.check(member_id, self.clock())

    def log_refusal(self, what: str, error: Exception) -> None:
        """Log that Discord did not take ``what``; never what it said."""
        if isinstance(error, discord.HTTPException):
            _log.warning("Discord refused %s: %s %s", what, error.status, error.code)
        else:
            _log.warning("Discord was not reached with %s: %s", what, type(error).__name__)

    def server_of(self, interaction: discord.Interaction[Any]) -> int | None:
        """Return the server where points count; None in DMs and where the bot is no member."""
        guild_id = interaction.guild_id
        if guild_id is None or self.get_guild(guild_id) is None:
            return None
        return guild_id

    async def record_name(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the name of a member who does something that counts; nothing outside of servers."""
        guild_id = self.server_of(interaction)
        if guild_id is not None:
            await self.store.record_name(
                guild_id, interaction.user.id, name=interaction.user.display_name, at=self.clock()
            )

    # ---------------------------------------------------------------------- events

    async def on_ready(self) -> None:
        """Note which servers came and went meanwhile. Discord may say so more than once."""
        await self.store.note_servers([guild.id for guild in self.guilds], self.clock())
        _log.info("Ready as %s in %d servers, version %s", self.user, len(self.guilds), __version__)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs' listeners; there are no prefix commands."""

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Remember the server."""
        await self.store.record_server(guild.id, self.clock())

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remember that the server let the bot go."""
        await self.store.record_server_left(guild.id, self.clock())
