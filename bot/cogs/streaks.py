"""Streaks: ``/streak``, and reminders that a member asked for before one ends."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands, ui

from bot.cogs.gates import for_servers, require_server
from bot.cogs.ticking import Ticking
from bot.core.daily import local_date
from bot.core.reminder import Reminder
from bot.core.streak import DayState
from bot.errors import UserError
from bot.ui.card import Card
from bot.ui.press import FORGED, number, press_button, snowflake
from bot.ui.report import reporting
from bot.ui.streaks import (
    WEEKS,
    ShownDay,
    first_day,
    reminder_text,
    reminders_said,
    streak_card,
)
from bot.ui.words import echo, message_url

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

AT_ONCE = 20
"""Reminders sent in one look, so that Discord's limits are far away."""
PAGES_MOST = 200


class Streaks(Ticking):
    """How long members keep going."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        for feature in ("streaknew", "streakold"):
            bot.on_press(feature, self.leaf)
        bot.on_press("remind", self.remind)
        bot.on_press("remindoff", self.stop)

    @app_commands.command()
    @for_servers
    async def streak(self, interaction: discord.Interaction[Any]) -> None:
        """Show your streak, and why each day did or did not count."""
        async with reporting(interaction):
            await interaction.response.send_message(
                view=await self._card(interaction, 0), ephemeral=True
            )

    async def leaf(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show older or newer weeks."""
        view = await self._card(interaction, min(number(page), PAGES_MOST))
        await interaction.response.edit_message(view=view)

    async def remind(self, interaction: discord.Interaction[Any], wish: str) -> None:
        """Switch the member's reminders in this server on or off."""
        guild_id = require_server(self.bot, interaction)
        if wish not in ("on", "off"):
            raise UserError(FORGED)
        if wish == "on":
            await self.bot.store.remind(guild_id, interaction.user.id, self.bot.clock())
        else:
            await self.bot.store.stop_reminding(guild_id, interaction.user.id)
        await interaction.response.edit_message(view=await self._card(interaction, 0))
        await interaction.followup.send(reminders_said(wish == "on"), ephemeral=True)

    async def stop(self, interaction: discord.Interaction[Any], guild_id: str) -> None:
        """Stop reminders, from the button under one of them."""
        await self.bot.store.stop_reminding(snowflake(guild_id), interaction.user.id)
        await interaction.response.send_message(reminders_said(False), ephemeral=True)

    # ------------------------------------------------------------------- reminding

    async def tick(self) -> None:
        """Write to each member who is to be reminded, once a challenge."""
        now = self.bot.clock()
        for reminder in await self.bot.store.due_reminders(now, AT_ONCE):
            if self.bot.get_guild(reminder.guild_id) is None:
                continue
            if await self.bot.store.claim_reminder(reminder.post_id, reminder.member_id, now):
                await self._write_to(reminder)

    async def _write_to(self, reminder: Reminder) -> None:
        guild = self.bot.get_guild(reminder.guild_id)
        streak, _ = await self.bot.store.streak(reminder.guild_id, reminder.member_id)
        text = reminder_text(
            streak.length,
            streak.freezes,
            reminder.closes_at,
            message_url(reminder.guild_id, reminder.channel_id, reminder.message_id),
            echo(guild.name, 100) if guild is not None else "your server",
        )
        view = Card()
        view.add_item(ui.TextDisplay(text))
        view.add_item(ui.ActionRow(press_button("Stop reminders", "remindoff", reminder.guild_id)))
        try:
            user = discord.Object(reminder.member_id)
            channel = await self.bot.create_dm(user)
            await channel.send(view=view)
        except discord.Forbidden:
            await self.bot.store.note_refused(
                reminder.guild_id, reminder.member_id, self.bot.clock()
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            self.bot.log_refusal("a reminder", error)

    # --------------------------------------------------------------------- showing

    async def _card(self, interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
        guild_id, member_id = require_server(self.bot, interaction), interaction.user.id
        store = self.bot.store
        today = local_date(self.bot.clock(), await store.zone(guild_id))
        since = first_day(today, page)
        streak, states = await store.streak(guild_id, member_id)
        days = await self._days(guild_id, member_id, since, today, states)
        return streak_card(
            streak,
            days,
            reminds=await store.reminds(guild_id, member_id),
            page=page,
            has_older=any(day < since for day in states) and page < PAGES_MOST,
        )

    async def _days(
        self,
        guild_id: int,
        member_id: int,
        since: date,
        today: date,
        states: dict[date, DayState],
    ) -> list[ShownDay]:
        store = self.bot.store
        until = since + timedelta(weeks=WEEKS, days=-1)
        posted = await store.challenge_days(guild_id, since, until)
        practised = await store.practised_days(guild_id, member_id, since, until)
        shown = []
        for offset in range(7 * WEEKS):
            day = since + timedelta(days=offset)
            quiz = day in practised
            if day in states:
                shown.append(ShownDay(day, states[day], quiz))
            elif day in posted:
                shown.append(await self._open_day(day, posted[day], member_id, quiz))
            else:
                shown.append(ShownDay(day, "future" if day > today else "none", quiz))
        return shown

    async def _open_day(
        self, day: date, post_ids: tuple[int, ...], member_id: int, practised: bool
    ) -> ShownDay:
        closes_at = None
        for post_id in post_ids:
            if await self.bot.store.answer_of(post_id, member_id) is not None:
                return ShownDay(day, "answered", practised)
            post = await self.bot.store.post(post_id)
            if post is not None and post.closed_at is None:
                closes_at = max(filter(None, (closes_at, post.closes_at)), default=None)
        return ShownDay(day, "open", practised, closes_at)
