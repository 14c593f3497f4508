"""As much of Discord as a bot and its members need, in a few lists: quick enough for a year.

Requests fail when they are told to: before the effect, or after it with the answer lost. A bot
that dies (``Death``) is cut off at a request or at a call of its store, before or after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import discord
from discord import ui

from bot.app import StudyBot
from bot.cogs.boards import Boards
from bot.cogs.daily import Daily
from bot.cogs.data import Data
from bot.cogs.quiz import Quiz
from bot.cogs.streaks import Streaks
from bot.cogs.winners import Winners
from bot.config import DEFAULT_KNOWLEDGE
from bot.content.shelf import Shelf
from bot.ui.report import reporting
from tests.crash.dying import Death
from tests.simworld import NONCE_WINDOW, disconnected, server_error
from tests.ui.rendering import pressable, said

GUILD, ME = 900, 7


class _Refused:
    status, reason = 404, "Not Found"


def gone(code: int) -> discord.NotFound:
    response: Any = _Refused()
    return discord.NotFound(response, {"code": code, "message": "Unknown"})


class Message:
    def __init__(self, message_id: int, view: ui.LayoutView, sent_at: datetime, nonce: str) -> None:
        self.id, self.view, self.sent_at, self.nonce = message_id, view, sent_at, nonce

    @property
    def author(self) -> Any:
        return discord.Object(ME)

    @property
    def components(self) -> Any:
        return self.view.children

    def text(self) -> str:
        return said(self.view)


class Place(discord.abc.GuildChannel):
    """A channel; with less than all permissions, so that no picture is drawn."""

    def __init__(self, server: Server, channel_id: int) -> None:
        self.server, self.id = server, channel_id
        self.guild: Any = server
        self.messages: dict[int, Message] = {}

    def permissions_for(self, obj: Any, /) -> discord.Permissions:
        return discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)

    async def send(self, *, view: Any, nonce: str, **_: Any) -> Message:
        self.server.before("send")
        for message in reversed(self.messages.values()):
            if self.server.now - message.sent_at >= NONCE_WINDOW:
                break
            if message.nonce == nonce:
                return message
        message = Message(self.server.snowflake(), view, self.server.now, nonce)
        self.messages[message.id] = message
        self.server.after("send")
        return message

    async def history(self, *, limit: int, after: datetime) -> AsyncIterator[Message]:
        self.server.before("read")
        found = [message for message in self.messages.values() if message.sent_at > after]
        for message in found[:limit]:
            yield message

    def get_partial_message(self, message_id: int) -> Handle:
        return Handle(self, message_id)


@dataclass
class Handle:
    place: Place
    message_id: int

    async def edit(self, *, view: Any, **_: Any) -> None:
        self.place.server.before("edit")
        if self.message_id not in self.place.messages:
            raise gone(10008)
        self.place.messages[self.message_id].view = view
        self.place.server.after("edit")


@dataclass
class Server:
    """A server with its clock, its channels and its members."""

    now: datetime
    rng: Random
    id: int = GUILD
    members: set[int] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    """How many of the next requests of a kind fail before they have an effect."""
    losses: Counter[str] = field(default_factory=Counter)
    """How many of the next requests of a kind have their effect and no answer."""
    death: Death | None = None
    system_channel: Any = None
    me: Any = None
    _last_id: int = 0

    def __post_init__(self) -> None:
        self.places: dict[int, Place] = {}

    def place(self, channel_id: int) -> Place:
        return self.places.setdefault(channel_id, Place(self, channel_id))

    def snowflake(self) -> int:
        self._last_id = max(self._last_id + 1, discord.utils.time_snowflake(self.now))
        return self._last_id

    async def fetch_member(self, member_id: int) -> None:
        self.before("read")
        if member_id not in self.members:
            raise gone(10007)

    def before(self, kind: str) -> None:
        if self.death is not None:
            self.death.step()
        if self.refusals[kind] > 0:
            self.refusals[kind] -= 1
            raise server_error()

    def after(self, kind: str) -> None:
        if self.death is not None:
            self.death.step()
        if self.losses[kind] > 0:
            self.losses[kind] -= 1
            raise disconnected() if self.rng.random() < 0.5 else server_error()


class Interaction:
    """One use of a command or button by a member, and what they were shown for it."""

    type = discord.InteractionType.component
    command = None
    data: Any = None

    def __init__(
        self, bot: YearBot, member_id: int, permissions: discord.Permissions, card: Card | None
    ) -> None:
        self.client = bot
        self.server = bot.server
        self.user = discord.Object(member_id)
        self.user.bot = False  # type: ignore[attr-defined]
        self.user.display_name = f"member {member_id}"  # type: ignore[attr-defined]
        self.guild_id = GUILD
        self.permissions = permissions
        self.card = card
        self.shown: Card | None = None
        """What they were shown for it; the pressed card itself, if that changed."""

    @property
    def response(self) -> Interaction:
        return self

    def is_done(self) -> bool:
        return self.shown is not None

    async def send_message(
        self, content: str = "", *, view: ui.LayoutView | None = None, ephemeral: bool = False
    ) -> None:
        assert ephemeral
        self.server.before("reply")
        self.shown = Card(content, view)
        self.server.after("reply")

    async def edit_message(self, *, view: ui.LayoutView) -> None:
        assert self.card is not None
        self.server.before("reply")
        self.card.view = view
        self.shown = self.card
        self.server.after("reply")

    async def defer(self, **_: Any) -> None:
        self.server.before("reply")

    async def edit_original_response(self, *, view: ui.LayoutView) -> None:
        await self.edit_message(view=view)


@dataclass(eq=False)
class Card:
    """What one member sees alone."""

    content: str
    view: ui.LayoutView | None

    def text(self) -> str:
        return self.content if self.view is None else said(self.view)

    def buttons(self) -> dict[str, str]:
        """Return labels and ids of what can be pressed."""
        return {} if self.view is None else pressable(self.view)


class YearBot(StudyBot):
    """The real bot and its cogs, in that server instead of on Discord."""

    def __init__(self, server: Server, store: Any, shelf: Shelf, rng: Random) -> None:
        super().__init__(
            store=store,
            shelf=shelf,
            knowledge_path=DEFAULT_KNOWLEDGE,
            clock=lambda: server.now,
            rng=Random(rng.random()),
            tick=timedelta(hours=1),
        )
        self.server = server
        self.daily, self.winners = Daily(self), Winners(self)
        self.commands_by_name = {
            command.qualified_name: (cog, command)
            for cog in (
                self.daily,
                self.winners,
                Quiz(self),
                Boards(self),
                Streaks(self),
                Data(self),
            )
            for command in cog.walk_app_commands()
        }
        self.uncounted: set[int] = set()
        """Posts whose count of answers is to be edited."""
        self.daily.posting.revealing.count = self.uncounted.add  # type: ignore[method-assign]

    @property
    def user(self) -> Any:
        return discord.Object(ME)

    def get_guild(self, id: int, /) -> Any:
        return self.server if id == GUILD else None

    def get_channel(self, id: int, /) -> Any:
        return self.server.place(id)

    def get_partial_messageable(self, id: int, **_: Any) -> Any:
        return self.server.place(id)

    async def create_dm(self, user: Any) -> Any:
        raise server_error()

    async def wake(self) -> None:
        """Do what the bot does when it starts."""
        await self.store.prepare_boards(self.server.now)
        await self.store.settle_closed()
        await self.daily.posting.reconcile()

    async def work(self) -> None:
        """Do once what its clocks do."""
        await self.daily.posting.tick()
        await self.winners.tick()

    async def tidy(self) -> None:
        """Do what its pulse does once a day."""
        await self.store.purge(self.server.now)
        await self.store.drop_old_boards(self.server.now)

    async def count(self) -> None:
        """Edit the live counts, as happens some seconds after an answer."""
        revealing = self.daily.posting.revealing
        revealing._counted |= self.uncounted
        self.uncounted.clear()
        if revealing._counted:
            await type(revealing).edit_counts.coro(revealing)

    async def used(self, interaction: Interaction, name: str, options: dict[str, Any]) -> None:
        """Run a command for a member."""
        cog, command = self.commands_by_name[name]
        given: Any = interaction
        if await self.admits(given):
            await command.callback(cog, given, **options)  # type: ignore[call-arg, arg-type]

    async def press(self, interaction: Interaction, custom_id: str) -> None:
        """Run what a button does."""
        feature, *args = custom_id.split(":")
        given: Any = interaction
        async with reporting(given):
            await self.pressed(given, feature, tuple(args))
