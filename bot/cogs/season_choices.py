"""What the options of ``/season`` offer while one types: dates, and a server's seasons."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.core.daily import local_date
from bot.core.season import AHEAD_MOST, parse_day
from bot.errors import UserError
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, clip
from bot.ui.scores import day_name
from bot.ui.seasons import season_days
from bot.ui.words import plural

if TYPE_CHECKING:
    from bot.app import StudyBot

Choices = list[app_commands.Choice[str]]
WEEKS_OFFERED = (1, 2, 3, 4, 6, 8, 12)
SUNDAYS_OFFERED = 12


async def last_days(interaction: discord.Interaction[StudyBot], current: str) -> Choices:
    """Offer last days of a new season: after whole weeks, and ends of months."""
    first = today = await _today(interaction)
    try:
        begins = parse_day(str(interaction.namespace.begins))
        if today <= begins <= today + AHEAD_MOST:
            first = begins
    except UserError:
        pass  # none given yet, or not to its end
    names = {
        first + timedelta(days=7 * weeks - 1): plural(weeks, "week") for weeks in WEEKS_OFFERED
    }
    for day in _month_ends(first):
        names.setdefault(day, f"end of {day:%B}")
    return _dates({day: f"{day_name(day)} · {name}" for day, name in names.items()}, current)


async def later_last_days(interaction: discord.Interaction[StudyBot], current: str) -> Choices:
    """Offer other last days of a season that runs: Sundays."""
    today = await _today(interaction)
    sunday = today + timedelta(days=6 - today.weekday())
    days = (sunday + timedelta(weeks=number) for number in range(SUNDAYS_OFFERED))
    return _dates({day: day_name(day) for day in days}, current)


async def first_days(interaction: discord.Interaction[StudyBot], current: str) -> Choices:
    """Offer first days of a new season."""
    today = await _today(interaction)
    monday = today + timedelta(days=7 - today.weekday())
    month = _month_ends(today)[0] + timedelta(days=1)
    names = {today: f"{day_name(today)} · today", monday: f"{day_name(monday)} · next week"}
    names.setdefault(month, f"{day_name(month)} · next month")
    return _dates(names, current)


async def present_seasons(interaction: discord.Interaction[StudyBot], current: str) -> Choices:
    """Offer a server's seasons that are not closed."""
    return await _seasons(interaction, current, is_closed=False)


async def past_seasons(interaction: discord.Interaction[StudyBot], current: str) -> Choices:
    """Offer a server's seasons that are closed, the newest first."""
    return await _seasons(interaction, current, is_closed=True)


async def _seasons(
    interaction: discord.Interaction[StudyBot], current: str, *, is_closed: bool
) -> Choices:
    bot = interaction.client
    guild_id = bot.server_of(interaction)
    if guild_id is None:
        return []
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(
            name=clip(f"{season.name} · {season_days(season)}", CHOICE_NAME_CHARS),
            value=str(season.id),
        )
        for season in await bot.store.seasons(guild_id)
        if (season.closed_at is not None) == is_closed and wanted in season.name.casefold()
    ][:AUTOCOMPLETE_CHOICES]


async def _today(interaction: discord.Interaction[StudyBot]) -> date:
    bot = interaction.client
    return local_date(bot.clock(), await bot.store.zone(bot.server_of(interaction) or 0))


def _month_ends(day: date) -> tuple[date, date]:
    """Return the last days of this month and the next."""
    first = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    after = first + timedelta(days=1)
    return first, after.replace(day=calendar.monthrange(after.year, after.month)[1])


def _dates(names: dict[date, str], current: str) -> Choices:
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(name=name, value=day.isoformat())
        for day, name in sorted(names.items())
        if wanted in name.casefold() or day.isoformat().startswith(wanted)
    ][:AUTOCOMPLETE_CHOICES]
