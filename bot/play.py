"""The real bot in a page of this machine: a server, a channel, three members, no account.

The world is made at SimCord's first day, so that server, channel, members and bot have the same
ids in every run and the scores in the database stay theirs; then the clock moves to now.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import discord

from bot.errors import ConfigError

try:
    from simcord import ChannelHandle, Env, MemberActor, Preview, SetupError

    from bot.play_clock import LivePage, name_bot, seed_message, set_clock
except ModuleNotFoundError as error:  # pragma: no cover - the tests need SimCord themselves
    raise ConfigError(
        "`study-bot play` needs SimCord, which is not installed. `make play` installs it."
    ) from error

TICK_SECONDS = 0.5
GUILD = "Study group"
CHANNEL = "study-hall"
BOT = "Study bot"
MEMBERS = (("ana", "Ana"), ("ben", "Ben"), ("chi", "Chi"))
"""Account name and shown name; the first owns the server. Append only: the order makes the ids."""

GREETER = "Read me first"
"""Who says WELCOME: not the bot, which answers only for itself."""
WELCOME = (
    "**Welcome to the study hall.** Below is the real bot in a simulated Discord on your machine.\n"
    "- Type `/` below to see what it can do; try `/ask question: which service detects PII?`\n"
    "- “Viewing as” above makes you Ana (who owns the server), Ben or Chi.\n\n"
    "-# This page shows one channel. Context menus (Apps > Look this up) and direct messages "
    "need a real server. Scores are kept; messages are gone when you stop."
)


@dataclass(frozen=True, slots=True)
class StudyHall:
    """The ids of the simulated place; the same in every run."""

    guild_id: int
    channel_id: int
    owner_id: int
    member_ids: tuple[int, ...]
    """The owner's first."""


@dataclass(frozen=True, slots=True)
class _World:
    hall: StudyHall
    channel: ChannelHandle
    greeter_id: int
    members: tuple[MemberActor, ...]


def make_world(env: Env) -> _World:
    """Make server, channel and members; to be called first of all, for the ids to be stable."""
    name_bot(env, BOT)
    users = [env.create_user(name, global_name=shown) for name, shown in MEMBERS]
    guild = env.create_guild(GUILD, owner=users[0])
    channel = guild.create_text_channel(
        CHANNEL, topic="Ask anything about the exam. One question a day, answered by letter."
    )
    members = tuple(guild.add_member(user) for user in users)
    ids = tuple(user.id for user in users)
    greeter = env.create_user("read-me-first", global_name=GREETER, bot=True)
    return _World(StudyHall(guild.id, channel.id, ids[0], ids), channel, greeter.id, members)


async def play(
    bot: discord.Client,
    *,
    port: int,
    open_browser: bool,
    say: Callable[[str], None],
    prepare: Callable[[StudyHall], Awaitable[None]] | None = None,
) -> None:
    """Run ``bot`` in the page until Ctrl-C, SIGTERM or "End preview session", then close it.

    ``port`` 0 takes any free one. ``say`` gets the page's address as one line. ``prepare`` is
    awaited when the ids are known and the bot has not started.

    Raises:
        ConfigError: the port cannot be used.
    """
    env = Env(bot, check_errors=False)
    world = make_world(env)
    set_clock(env, datetime.now(UTC))
    seed_message(env, world.hall.channel_id, world.greeter_id, WELCOME)
    if prepare is not None:
        await prepare(world.hall)
    stop = asyncio.Event()
    with _signals(stop):
        try:
            await env.start()
            with env.time_context():
                async with _served(env, world, port) as preview:
                    say(f"The study bot is at {preview.url} (Ctrl-C ends it)")
                    if open_browser:
                        await asyncio.to_thread(webbrowser.open, preview.url)
                    with LivePage(env, preview) as page:
                        await _keep_going(page, stop)
        finally:
            await bot.close()
            await env.shutdown()


async def _keep_going(page: LivePage, stop: asyncio.Event) -> None:
    ends = [asyncio.create_task(event.wait()) for event in (stop, page.closing)]
    try:
        while not any(end.done() for end in ends):
            await page.tick()
            await asyncio.wait(ends, timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()


@contextlib.asynccontextmanager
async def _served(env: Env, world: _World, port: int) -> AsyncIterator[Preview]:
    preview = env.preview(
        world.channel,
        viewers=world.members,
        layout="channel",
        locale="en-GB",
        timezone=local_zone(),
        port=port,
    )
    try:
        await preview.__aenter__()
    except SetupError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        is_taken = error.__cause__.errno == errno.EADDRINUSE
        reason = "is taken" if is_taken else "cannot be used here"
        raise ConfigError(
            f"Port {port} {reason}. Choose another with --port, or 0 for any free one."
        ) from error
    try:
        yield preview
    finally:
        await preview.close()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set ``stop``, where the loop can; elsewhere Ctrl-C still cancels."""
    loop = asyncio.get_running_loop()
    before = {}
    for name in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(name)
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(name, stop.set)
            before[name] = handler
    try:
        yield
    finally:
        for name, handler in before.items():
            loop.remove_signal_handler(name)
            signal.signal(name, handler)


def local_zone(link: Path = Path("/etc/localtime")) -> str:
    """Return this machine's IANA zone: ``$TZ``, else what ``link`` points to, else ``UTC``."""
    _, _, linked = link.resolve().as_posix().partition("/zoneinfo/")
    for name in (os.environ.get("TZ", ""), linked):
        with contextlib.suppress(KeyError, ValueError, OSError):
            return ZoneInfo(name).key
    return "UTC"
