"""``/daily setup``: from options to a draft that is looked at, and from there to a challenge.

Nothing is kept in memory between the card and its button, so "Save" works after a restart, and a
version tells two managers of each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.cogs.checks import check_permissions, check_role, zone_named
from bot.cogs.choosing import about, pool_of
from bot.cogs.gates import require_manager
from bot.cogs.topics import WHOLE_EXAM, topic_id
from bot.core.daily import (
    CATCH_UP_HOURS,
    Challenge,
    first_day,
    local_date,
    next_post,
    parse_time,
    posts_at,
)
from bot.core.weekdays import EVERY_DAY, parse_days
from bot.errors import UserError
from bot.store.challenges import GONE, StaleSettings
from bot.ui.press import number
from bot.ui.settings import conflict_card, draft_card, said_card, settings_text
from bot.ui.words import listed

if TYPE_CHECKING:
    from bot.app import StudyBot

MOST_CHALLENGES = 10
"""Of one server, off ones included; they all fit into one list to choose from."""
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Options:
    """What a manager gave to ``/daily setup``; None leaves a setting as it is."""

    channel: discord.TextChannel | None
    time: str | None
    timezone: str | None
    topic: str | None
    exam: str | None
    role: discord.Role | None
    thread: bool | None
    winners: bool | None
    days: str | None
    late: int | None
    reveal: str | None


class Setup:
    """Drafts of challenges and their buttons."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        bot.on_press("save", self.save)
        bot.on_press("discard", self.discard)
        bot.on_press("norole", self.mention_nobody)

    async def propose(
        self, interaction: discord.Interaction[Any], chosen: Challenge | None, options: Options
    ) -> None:
        """Show what would be saved.

        Raises:
            UserError: something is missing or cannot be; everything that is, in one sentence each.
        """
        guild_id = require_manager(self.bot, interaction)
        base = await self._base(interaction, guild_id, chosen, options)
        draft = self._changed(base, options)
        if options.role is not None:
            check_role(options.role, self._channel(draft))
        check_permissions(self._channel(draft), threads=draft.has_thread)
        await interaction.response.send_message(view=await self._card(draft), ephemeral=True)

    async def save(self, interaction: discord.Interaction[Any], draft_id: str) -> None:
        """Save a draft, or show who was faster."""
        guild_id = require_manager(self.bot, interaction)
        draft = await self._draft(guild_id, draft_id)
        check_permissions(self._channel(draft), threads=draft.has_thread)
        now = self.bot.clock()
        try:
            saved = await self.bot.store.save_challenge(
                guild_id=guild_id,
                channel_id=draft.channel_id,
                at=draft.at,
                zone=draft.zone,
                reveal_at=draft.reveal_at,
                topic=draft.topic,
                exam=draft.exam,
                role_id=draft.role_id,
                has_thread=draft.has_thread,
                has_winners=draft.has_winners,
                days=draft.days,
                catch_up=draft.catch_up,
                since=first_day(draft, now),
                by=interaction.user.id,
                now=now,
                challenge_id=draft.id or None,
                version=draft.version,
                draft_id=number(draft_id),
            )
        except StaleSettings:
            await interaction.response.edit_message(view=await self._conflict(draft))
            return
        text = "Saved.\n" + await self.described(saved)
        posted = await self.posted_on(saved)
        today = local_date(now, saved.zone)
        is_due = posts_at(saved, today) <= now and saved.since <= today
        is_one = today.isoweekday() in saved.days and (posted is None or posted < today)
        if is_due and is_one and not saved.is_paused:
            text += "\nToday's time has passed, so the first one is on its way."
        await interaction.response.edit_message(view=said_card(text))

    async def discard(self, interaction: discord.Interaction[Any], draft_id: str) -> None:
        """Give a draft up."""
        guild_id = require_manager(self.bot, interaction)
        await self._draft(guild_id, draft_id)
        await self.bot.store.drop_draft(number(draft_id))
        await interaction.response.edit_message(view=said_card("Nothing was changed."))

    async def mention_nobody(self, interaction: discord.Interaction[Any], draft_id: str) -> None:
        """Take the role out of a draft."""
        guild_id = require_manager(self.bot, interaction)
        draft = replace(await self._draft(guild_id, draft_id), role_id=None)
        await interaction.response.edit_message(view=await self._card(draft))

    # -------------------------------------------------------------------- describing

    async def described(self, challenge: Challenge) -> str:
        """Return a challenge's settings with its next time."""
        now = self.bot.clock()
        today = local_date(now, challenge.zone)
        next_at = next_post(
            challenge,
            now,
            posted=await self.posted_on(challenge),
            settled=await self.bot.store.left_out(challenge.id, today),
        )
        return settings_text(challenge, about=about(self.bot, challenge), next_at=next_at)

    async def posted_on(self, challenge: Challenge) -> Any:
        """Return the newest study date of a challenge that was posted; None before the first."""
        # The newest may wait to be sent.
        for post in await self.bot.store.posts_of_challenge(challenge.id, 2):
            if post.message_id is not None or post.closed_at is not None:
                return post.study_date
        return None

    async def _card(self, draft: Challenge) -> ui.LayoutView:
        now = self.bot.clock()
        draft_id = await self.bot.store.save_draft(draft, now)
        others = [
            other
            for other in await self.bot.store.challenges_of(draft.guild_id)
            if other.id != draft.id
        ]
        if not draft.id:
            head = "Save this new challenge?"
        elif draft == await self.bot.store.challenge_by_id(draft.id):
            head = "Nothing would change yet: give the option that should"
        else:
            head = "Save these changes?"
        begun = replace(draft, is_on=True, since=first_day(draft, now))
        settings = settings_text(begun, about=about(self.bot, draft), next_at=next_post(begun, now))
        notes = []
        if not draft.id and others:
            places = [f"<#{other.channel_id}>" for other in others]
            notes.append(f"This is one more: {listed(places)} stays as it is.")
        if any(other.zone != draft.zone for other in others):
            notes.append(
                f"A server has one time zone, so its other challenges move to {draft.zone} too."
            )
        telling = [other for other in others if other.is_on and other.has_winners]
        if not draft.has_winners and telling:
            notes.append(f"<#{telling[0].channel_id}> tells the winners of weeks and months then.")
        if not pool_of(self.bot, draft):
            notes.append("There are no questions about that yet, so nothing would be posted.")
        return draft_card(draft_id, head, settings, notes, has_role=draft.role_id is not None)

    async def _conflict(self, draft: Challenge) -> ui.LayoutView:
        current = None
        for other in await self.bot.store.challenges_of(draft.guild_id):
            if other.id == draft.id or (not draft.id and other.channel_id == draft.channel_id):
                current = other
        if current is None:
            raise UserError(GONE)
        rebased = replace(draft, id=current.id, version=current.version)
        draft_id = await self.bot.store.save_draft(rebased, self.bot.clock())
        theirs = settings_text(current, about=about(self.bot, current))
        return conflict_card(draft_id, theirs, settings_text(draft, about=about(self.bot, draft)))

    # ---------------------------------------------------------------------- drafting

    async def _draft(self, guild_id: int, draft_id: str) -> Challenge:
        draft = await self.bot.store.draft(number(draft_id), guild_id)
        if draft is None:
            raise UserError(GONE)
        return draft

    async def _base(
        self,
        interaction: discord.Interaction[Any],
        guild_id: int,
        chosen: Challenge | None,
        options: Options,
    ) -> Challenge:
        """Return the challenge that is to be changed, or the beginning of a new one."""
        known = await self.bot.store.challenges_of(guild_id)
        if chosen is not None:
            return chosen
        if options.channel is None and len(known) == 1:
            return known[0]
        channel = options.channel or interaction.channel
        if not isinstance(channel, discord.TextChannel):
            raise UserError("That is no channel I can post in. Choose a text channel: `channel`.")
        for challenge in known:
            if challenge.channel_id == channel.id:
                return challenge
        if options.channel is None and known:
            raise UserError(
                "There are several challenges here. Say which with `challenge`, or name a "
                "`channel` for a new one."
            )
        if len(known) >= MOST_CHALLENGES:
            raise UserError(
                f"A server has at most {MOST_CHALLENGES} challenges. Change one of them: "
                "`challenge` and the new `channel`."
            )
        missing = [name for name in ("time", "timezone") if getattr(options, name) is None]
        if known:
            missing = [name for name in missing if name != "timezone"]
        if missing:
            raise UserError(
                f"A new challenge needs {listed([f'`{name}`' for name in missing])}: when it is "
                "posted, like 09:00, and in which zone, like Europe/Berlin."
            )
        now = self.bot.clock()
        zone = known[0].zone if known else "UTC"
        return Challenge(
            id=0,
            guild_id=guild_id,
            channel_id=channel.id,
            at=parse_time("09:00"),
            zone=zone,
            topic=None,
            is_on=True,
            since=local_date(now, zone),
            days=EVERY_DAY,
            catch_up=timedelta(hours=CATCH_UP_HOURS),
            version=0,
        )

    def _changed(self, base: Challenge, options: Options) -> Challenge:
        changes: dict[str, Any] = {"is_on": True}
        faults: list[str] = []

        def read(name: str, given: Any, parse: Any) -> None:
            if given is None:
                return
            try:
                changes[name] = parse(given)
            except UserError as fault:
                faults.append(str(fault))

        read("channel_id", options.channel, lambda channel: channel.id)
        read("at", options.time, parse_time)
        read("zone", options.timezone, zone_named)
        read("days", options.days, parse_days)
        read(
            "reveal_at", options.reveal, lambda text: None if text == DEFAULT else parse_time(text)
        )
        read("role_id", options.role, lambda role: role.id)
        read("has_thread", options.thread, bool)
        read("has_winners", options.winners, bool)
        read("catch_up", options.late, lambda hours: timedelta(hours=hours))
        read("topic", options.topic, self._topic_id)
        read("exam", options.exam, self._exam_id)
        if options.topic is not None and options.exam is not None:
            faults.append("Choose a topic or an exam, not both.")
        elif options.topic is not None:
            changes["exam"] = None
        elif options.exam is not None:
            changes["topic"] = None
        if faults:
            raise UserError("\n".join(faults))
        return replace(base, **changes)

    def _topic_id(self, topic: str) -> str | None:
        if topic.strip().casefold() == WHOLE_EXAM:
            return None
        return topic_id(self.bot, topic)

    def _exam_id(self, exam: str) -> str:
        found = self.bot.shelf.exam_named(exam)
        if found is None:
            raise UserError("I have no exam of that name. Pick one from the list.")
        return found.id

    def _channel(self, challenge: Challenge) -> discord.TextChannel:
        channel = self.bot.get_channel(challenge.channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise UserError(
                "Its channel is gone, or is no text channel. Choose another with `channel`."
            )
        return channel
