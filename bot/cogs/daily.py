"""The daily challenge: managers set it up, members answer it, the clock does the rest."""

from __future__ import annotations

import logging
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import discord
from discord import app_commands
from discord.ext import commands, tasks
from rapidfuzz import process

from bot.cogs.gates import MANAGER, for_servers, require_manager
from bot.cogs.posting import UNDELIVERED, Posting, trouble
from bot.cogs.quiz import number, topic_choices
from bot.core.daily import Challenge, local_date, next_post, parse_time, posts_at
from bot.core.post import Post
from bot.errors import UserError
from bot.ui.challenge import own_result_card, recorded_text, settings_text
from bot.ui.limits import AUTOCOMPLETE_CHOICES
from bot.ui.report import reporting, tell
from bot.ui.words import link, listed, message_url, moment

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

NEEDED = ("view_channel", "send_messages", "read_message_history")
"""What the bot needs in the challenge's channel; the last to find its own posts after a crash."""


@cache
def zones() -> tuple[str, ...]:
    """Return the IANA names that people know, by alphabet."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


@app_commands.default_permissions(MANAGER)
@for_servers
class Daily(commands.GroupCog, group_name="daily", group_description="The daily challenge"):
    """Setup, posting and answering."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.posting = Posting(bot)
        bot.on_press("daily", self.answer)
        bot.on_press("mine", self.own_result)
        self.clock.change_interval(seconds=bot.tick.total_seconds())
        super().__init__()

    async def cog_load(self) -> None:
        """Start looking for what is due."""
        self.clock.start()

    async def cog_unload(self) -> None:
        """Stop both loops."""
        self.clock.cancel()
        self.posting.edit_counts.cancel()

    @tasks.loop(seconds=60)
    async def clock(self) -> None:
        """Do what is due; nothing that goes wrong may end the loop."""
        try:
            await self.posting.tick()
        except Exception:
            _log.exception("The daily tick failed; it runs again soon")

    @clock.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()
        try:
            await self.posting.reconcile()
        except Exception:
            _log.exception("Open challenges could not be looked after at start")

    # ------------------------------------------------------------------- commands

    @app_commands.command()
    @app_commands.describe(
        channel="Where the challenge appears",
        time="When, on the 24-hour clock, like 09:00",
        timezone="The zone of that time, like Europe/Berlin; start typing your city",
        topic="Ask about one topic only (default: the whole exam)",
        reveal="When the answer is shown, like 20:00 (default: 30 minutes before the next one)",
    )
    async def setup(
        self,
        interaction: discord.Interaction[Any],
        channel: discord.TextChannel,
        time: str,
        timezone: str,
        topic: str | None = None,
        reveal: str | None = None,
    ) -> None:
        """Post one question a day in a channel (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            at = parse_time(time)
            reveal_at = parse_time(reveal) if reveal else None
            zone = _zone(timezone)
            topic_id = self._topic_id(topic)
            _check_permissions(channel)
            now = self.bot.clock()
            today = local_date(now, zone)
            challenge = await self.bot.store.save_challenge(
                guild_id=guild_id,
                channel_id=channel.id,
                at=at,
                zone=zone,
                reveal_at=reveal_at,
                topic=topic_id,
                since=today,
                by=interaction.user.id,
                now=now,
            )
            posted = await self._posted_on(guild_id)
            text = "Saved.\n" + self._settings(challenge, posted)
            if posts_at(challenge, today) <= now and (posted is None or posted < today):
                text += "\nToday's time has passed, so the first one is on its way."
            await interaction.response.send_message(text, ephemeral=True)

    @setup.autocomplete("timezone")
    async def _zones(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.strip().casefold().replace(" ", "_")
        found = [name for name in zones() if wanted in name.casefold()]
        return [app_commands.Choice(name=n, value=n) for n in found[:AUTOCOMPLETE_CHOICES]]

    @setup.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return topic_choices(self.bot, current)

    @app_commands.command()
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        """Post today's challenge at once, instead of at its time (managers)."""
        async with reporting(interaction):
            challenge = await self._challenge(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            today = local_date(self.bot.clock(), challenge.zone)
            try:
                post = await self.posting.post_now(challenge, today)
            except UNDELIVERED as error:
                self.bot.log_refusal("a daily challenge", error)
                raise UserError(trouble(error)) from error
            await tell(interaction, f"Posted: {_link(post)}")

    @app_commands.command()
    async def reveal(self, interaction: discord.Interaction[Any]) -> None:
        """Close the open challenge and show its answer now (managers)."""
        async with reporting(interaction):
            challenge = await self._challenge(interaction)
            open_posts = [
                post
                for post in await self.bot.store.open_posts()
                if post.challenge_id == challenge.id and post.message_id is not None
            ]
            if not open_posts:
                raise UserError("No challenge is open just now.")
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                await self.posting.reveal_now(open_posts[0])
            except UNDELIVERED as error:
                self.bot.log_refusal("a reveal", error)
                raise UserError(
                    "It is closed, but Discord did not let me show the answer. I try again soon."
                ) from error
            await tell(interaction, f"Revealed: {_link(open_posts[0])}")

    @app_commands.command()
    async def off(self, interaction: discord.Interaction[Any]) -> None:
        """Stop posting; an open challenge is still revealed (managers)."""
        async with reporting(interaction):
            challenge = await self._challenge(interaction)
            await self.bot.store.switch_challenge(challenge.id, is_on=False)
            await interaction.response.send_message(
                "Switched off. Scores stay; `/daily setup` starts it again.", ephemeral=True
            )

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the settings, the next time and what went wrong last (managers)."""
        async with reporting(interaction):
            challenge = await self._challenge(interaction)
            posted = await self._posted_on(challenge.guild_id)
            lines = [self._settings(challenge, posted)]
            failed = await self.bot.store.trouble(challenge.id)
            if failed is not None:
                lines.append(f"- Trouble {moment(failed.at)}: {failed.text}")
            missing = self._missing(challenge)
            if missing:
                lines.append(f"- I lack {listed(missing)} in <#{challenge.channel_id}>.")
            last = await self.bot.store.last_posts(interaction.guild_id, 1)
            if last and last[0].message_id:
                state = "closed" if last[0].closed_at else "open"
                lines.append(f"- Last: {last[0].study_date} ({state}), {_link(last[0])}")
            await interaction.response.send_message("\n".join(lines), ephemeral=True)

    # -------------------------------------------------------------------- buttons

    async def answer(self, interaction: discord.Interaction[Any], post_id: str, place: str) -> None:
        """Record a member's answer, then acknowledge it privately."""
        post = await self._post(interaction, post_id)
        now = self.bot.clock()
        recorded = await self.bot.store.record_answer(
            post.id, member_id=interaction.user.id, place=number(place), at=now
        )
        if recorded.is_new:
            self.posting.count(post.id)
        await interaction.response.send_message(recorded_text(post, recorded, now), ephemeral=True)
        if recorded.is_new:
            name = interaction.user.display_name
            if post.guild_id is not None:
                await self.bot.store.record_name(
                    post.guild_id, interaction.user.id, name=name, at=now
                )

    async def own_result(self, interaction: discord.Interaction[Any], post_id: str) -> None:
        """Show a member how they did in a closed challenge."""
        post = await self._post(interaction, post_id)
        if post.closed_at is None:
            raise UserError("That challenge is still open. Its answer comes with the reveal.")
        answer = await self.bot.store.answer_of(post.id, interaction.user.id)
        award = await self.bot.store.award_of(post.id, interaction.user.id)
        points = award.points if award is not None else 0
        await interaction.response.send_message(
            view=own_result_card(post, answer, points=points), ephemeral=True
        )

    async def _post(self, interaction: discord.Interaction[Any], post_id: str) -> Post:
        post = await self.bot.store.post(number(post_id))
        if post is None or post.kind != "daily" or post.guild_id != interaction.guild_id:
            raise UserError("That challenge is not one of this server's.")
        return post

    # -------------------------------------------------------------------- helpers

    async def _challenge(self, interaction: discord.Interaction[Any]) -> Challenge:
        guild_id = require_manager(self.bot, interaction)
        challenge = await self.bot.store.challenge(guild_id)
        if challenge is None:
            raise UserError("There is no daily challenge yet. `/daily setup` makes one.")
        return challenge

    def _topic_id(self, topic: str | None) -> str | None:
        if not topic:
            return None
        found = self.bot.shelf.topic_named(topic)
        if found is None:
            raise UserError("I have no topic of that name. Pick one from the list.")
        return found.id

    async def _posted_on(self, guild_id: int) -> date | None:
        """Return the newest study date whose challenge was posted; None before the first."""
        for post in await self.bot.store.last_posts(guild_id, 2):  # the newest may wait to be sent
            if post.message_id is not None or post.closed_at is not None:
                return post.study_date
        return None

    def _settings(self, challenge: Challenge, posted: date | None) -> str:
        topic = "everything"
        if challenge.topic is not None:
            found = self.bot.shelf.topic_named(challenge.topic)
            topic = found.name if found is not None else challenge.topic
        next_at = next_post(challenge, self.bot.clock(), posted=posted)
        return settings_text(challenge, topic=topic, next_at=next_at)

    def _missing(self, challenge: Challenge) -> list[str]:
        channel = self.bot.get_channel(challenge.channel_id)
        return _lacking(channel) if isinstance(channel, discord.TextChannel) else []


def _lacking(channel: discord.TextChannel) -> list[str]:
    """Return the permissions the bot lacks in ``channel``, as Discord's settings name them."""
    held = channel.permissions_for(channel.guild.me)
    return [name.replace("_", " ").title() for name in NEEDED if not getattr(held, name)]


def _check_permissions(channel: discord.TextChannel) -> None:
    missing = _lacking(channel)
    if missing:
        raise UserError(
            f"I can't post in {channel.mention} yet: I lack {listed(missing)} there. "
            "Give me that in the channel's settings and try again."
        )


def _zone(text: str) -> str:
    wanted = text.strip()
    by_name = {name.casefold(): name for name in zones()}
    if wanted.casefold() in by_name:
        return by_name[wanted.casefold()]
    near = [name for name, _, _ in process.extract(wanted, zones(), limit=2, score_cutoff=60)]
    hint = f" Did you mean {listed(near, 'or')}?" if near else ""
    raise UserError(
        f"“{discord.utils.escape_markdown(wanted[:40])}” is not a time zone I know.{hint} "
        "Write it like Europe/Berlin."
    )


def _link(post: Post) -> str:
    if post.channel_id is None or post.message_id is None:
        return "not posted yet"
    return link(message_url(post.guild_id, post.channel_id, post.message_id), "the challenge")
