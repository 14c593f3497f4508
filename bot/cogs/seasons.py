"""``/season``: managers begin, change and end seasons; everybody sees how they stand and ended.

What everybody sees has a room of its own: bot/cogs/season_looking.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.champions import Champions, check_champion_role, check_may_give
from bot.cogs.checks import check_permissions
from bot.cogs.closing import Closing
from bot.cogs.gates import for_servers, require_manager
from bot.cogs.season_choices import first_days, last_days, later_last_days, present_seasons
from bot.cogs.season_looking import SeasonLooking
from bot.cogs.ticking import Ticking
from bot.core.daily import local_date
from bot.core.season import WEEKS_MOST, Season, first_free, parse_day, planned_days
from bot.core.season_name import NAME_CHARS, season_name
from bot.errors import UserError
from bot.store.seasons import OVER, UNSET
from bot.ui.report import reporting, tell
from bot.ui.seasons import (
    STILL_OPEN,
    begun_card,
    end_card,
    season_days,
)
from bot.ui.settings import said_card
from bot.ui.words import echo, link, message_url

if TYPE_CHECKING:
    from bot.app import StudyBot

T = TypeVar("T")
ADDS_ROLE = "`/season edit role:` adds one. Until then the champion has the honour only."


@for_servers
class Seasons(
    SeasonLooking,
    Ticking,
    commands.GroupCog,
    group_name="season",
    group_description="Seasons of the board",
):
    """The commands, and the clock that ends seasons."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.closing = Closing(bot)
        self.champions = Champions(bot)
        for feature in ("final", "finalprev", "finalnext"):
            bot.on_press(feature, self.turn)
        for feature in ("seasonmy", "finalmy"):
            bot.on_press(feature, self.own_page)
        for feature in ("seasons", "seasonsnew", "seasonsold"):
            bot.on_press(feature, self.leaf)
        bot.on_press("seasonend", self.end_now)
        bot.on_press("seasonrun", self.let_run)
        super().__init__()

    async def tick(self) -> None:
        """Close seasons whose time has come, tell of them, and see to the champions' roles."""
        now = self.bot.clock()
        await self.closing.tick(now)
        await self.champions.tick(now)

    @app_commands.command()
    @app_commands.describe(
        name=f"What it is called, up to {NAME_CHARS} characters",
        weeks="How many weeks it runs (default: 4)",
        until="Or its last day, like 2026-12-24",
        begins="Its first day, like 2026-12-01 (default: today)",
        channel="Where its end is told (default: as last time, or the daily challenge's)",
        role="What the champion gets until the next one (default: as last time, if you may)",
    )
    @app_commands.autocomplete(until=last_days, begins=first_days)
    async def start(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        weeks: app_commands.Range[int, 1, WEEKS_MOST] | None = None,
        until: str | None = None,
        begins: str | None = None,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Begin a season: a board of its own, and a ceremony at its end (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            known = await self.bot.store.seasons(guild_id)
            zone = await self.bot.store.zone(guild_id)
            now = self.bot.clock()
            today = local_date(now, zone)
            faults: list[str] = []
            called = _read(faults, name, season_name)
            last = _read(faults, until, parse_day)
            first = _read(faults, begins, parse_day)
            _read(faults, role, lambda given: self._check_role(interaction, given))
            if not faults:
                begin = first or first_free(today, known)
                days = _read(
                    faults,
                    today,
                    lambda day: planned_days(day, begins=begin, weeks=weeks, until=last),
                )
            if faults or called is None or days is None:
                raise UserError("\n".join(faults))
            place = await self._place(interaction, known, channel)
            withheld: list[str] = []
            if role is None and (role := _last_role(interaction, known)) is not None:
                role = _read(withheld, role, lambda given: self._check_role(interaction, given))
            season = await self.bot.store.start_season(
                guild_id,
                name=called,
                first=days[0],
                last=days[1],
                channel_id=place.id,
                role_id=role.id if role is not None else None,
                by=interaction.user.id,
                now=now,
            )
            head = "A season begins" if season.first <= today else "A season is planned"
            await interaction.response.send_message(view=begun_card(season, today, zone, head))
            for fault in withheld:
                await tell(interaction, f"There is no role as last time. {fault}\n{ADDS_ROLE}")
            await self._warn(interaction, season)

    @app_commands.command()
    @app_commands.describe(
        name="A new name",
        until="A new last day, like 2026-12-24; today or later",
        channel="Another channel for its end",
        role="Another role for the champion",
        no_role="Whether the champion gets no role",
        season="Which one (default: the one that runs)",
    )
    @app_commands.autocomplete(until=later_last_days, season=present_seasons)
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        name: str | None = None,
        until: str | None = None,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
        no_role: bool = False,
        season: str | None = None,
    ) -> None:
        """Rename, lengthen or shorten a season, or change its channel or role (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            zone = await self.bot.store.zone(guild_id)
            today = local_date(self.bot.clock(), zone)
            faults: list[str] = []
            called = _read(faults, name, season_name)
            last = _read(faults, until, parse_day)
            _read(faults, role, lambda given: self._check_role(interaction, given))
            _read(faults, channel, lambda given: check_permissions(given, threads=False))
            if role is not None and no_role:
                faults.append("Choose a role or no role, not both.")
            if faults:
                raise UserError("\n".join(faults))
            if not (name or until or channel or role or no_role):
                raise UserError("Give the option that should change: `name`, `until`, `channel` …")
            chosen = await self.chosen(guild_id, season, today, waiting=channel is not None)
            if until and role is None and not no_role:
                self._check_may_end(interaction, chosen)
            changed = await self.bot.store.change_season(
                chosen.id,
                today=today,
                name=called,
                last=last,
                channel_id=channel.id if channel is not None else None,
                role_id=UNSET if no_role else role.id if role is not None else None,
            )
            self.closing.wake(changed.id)
            if changed.closed_at is not None:
                await interaction.response.send_message(
                    f"Its end is told in <#{changed.channel_id}> in a moment.", ephemeral=True
                )
                return
            head = f"The season “{echo(chosen.name)}” is changed"
            await interaction.response.send_message(view=begun_card(changed, today, zone, head))
            await self._warn(interaction, changed)

    @app_commands.command()
    @app_commands.describe(season="Which one (default: the one that runs)")
    @app_commands.autocomplete(season=present_seasons)
    async def end(self, interaction: discord.Interaction[Any], season: str | None = None) -> None:
        """End a season early, or give up one that is planned; asks before it does (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            now = self.bot.clock()
            today = local_date(now, await self.bot.store.zone(guild_id))
            chosen = await self.chosen(guild_id, season, today)
            if chosen.stage(today) in ("over", "closed"):
                raise UserError(OVER)
            self._check_may_end(interaction, chosen)
            is_open = await self.bot.store.is_season_open(chosen)
            await interaction.response.send_message(
                view=end_card(chosen, today, is_open), ephemeral=True
            )

    async def end_now(self, interaction: discord.Interaction[Any], season_id: str) -> None:
        """End a season, after the question whether it should."""
        guild_id = require_manager(self.bot, interaction)
        chosen = await self.of_server(guild_id, season_id)
        self._check_may_end(interaction, chosen)
        await interaction.response.defer()
        now = self.bot.clock()
        today = local_date(now, await self.bot.store.zone(guild_id))
        ended = await self.bot.store.end_season(chosen.id, today=today, now=now)
        if ended is None:
            text = f"“{echo(chosen.name)}” is gone, as if it had never been."
        else:
            await self.tick()
            ceremony = await self.bot.store.ceremony(ended.id)
            text = f"“{echo(ended.name)}” is over. "
            if ceremony is None:
                text += f"Its end is told once {STILL_OPEN}; `/daily reveal` reveals one now."
            elif ceremony.message_id is None or ceremony.told_in is None:
                text += "Its standings are final; telling them did not work yet: `/season status`."
            else:
                url = message_url(guild_id, ceremony.told_in, ceremony.message_id)
                text += f"Its standings are final: {link(url, 'the ceremony')}."
        await interaction.edit_original_response(view=said_card(text))

    async def let_run(self, interaction: discord.Interaction[Any], season_id: str) -> None:
        """Leave a season as it is."""
        guild_id = require_manager(self.bot, interaction)
        chosen = await self.of_server(guild_id, season_id)
        await interaction.response.edit_message(
            view=said_card(f"“{echo(chosen.name)}” goes on: {season_days(chosen)}.")
        )

    async def _place(
        self,
        interaction: discord.Interaction[Any],
        known: tuple[Season, ...],
        given: discord.TextChannel | None,
    ) -> discord.TextChannel:
        """Return where a new season's end is told.

        Raises:
            UserError: the bot may not post there.
        """
        if given is not None:
            check_permissions(given, threads=False)
            return given
        ids = [season.channel_id for season in known[:1]]
        ids += [
            one.channel_id for one in await self.bot.store.challenges_of(interaction.guild_id or 0)
        ]
        for channel in (*map(self.bot.get_channel, ids), interaction.channel):
            if isinstance(channel, discord.TextChannel):
                check_permissions(channel, threads=False)
                return channel
        raise UserError("Its end has to be told in a text channel. Choose one: `channel`.")

    def _check_role(
        self, interaction: discord.Interaction[Any], role: discord.Role
    ) -> discord.Role:
        """Return a role that this manager may have the bot give to a champion.

        Raises:
            UserError: it is none.
        """
        if not isinstance(interaction.user, discord.Member):
            raise UserError("Choose the champion's role in the server itself.")
        check_champion_role(role, interaction.user)
        return role

    def _check_may_end(self, interaction: discord.Interaction[Any], season: Season) -> None:
        """Let only those decide when somebody gets a role who might hand it out themselves.

        Raises:
            UserError: the season's champion gets a role that is not this manager's to give, or
                the server's roles are not known just now.
        """
        if season.role_id is None:
            return
        guild, manager = interaction.guild, interaction.user
        if guild is None or guild.unavailable or not isinstance(manager, discord.Member):
            raise UserError("I can't see this server's roles just now. Try again in a minute.")
        role = guild.get_role(season.role_id)
        if role is None:  # it was deleted: nobody gets it
            return
        try:
            check_may_give(role, manager)
        except UserError as fault:
            raise UserError(
                f"Its end decides who gets a role. {fault}\nOr end it without: "
                "`/season edit no_role:` first."
            ) from None

    async def _warn(self, interaction: discord.Interaction[Any], season: Season) -> None:
        """Tell the manager privately what will be in the way at the end."""
        fault = self.role_fault(season)
        if fault is not None:
            await tell(interaction, f"{fault}\nUntil then the champion has the honour only.")


def _read(faults: list[str], given: T | None, parse: Callable[[T], Any]) -> Any:
    """Return what an option says, or None; what is wrong with it goes to ``faults``."""
    if given is None:
        return None
    try:
        return parse(given)
    except UserError as fault:
        faults.append(str(fault))
        return None


def _last_role(
    interaction: discord.Interaction[Any], known: tuple[Season, ...]
) -> discord.Role | None:
    """Return the role of the last season, if the server still has it."""
    role_id = known[0].role_id if known else None
    guild = interaction.guild
    return None if role_id is None or guild is None else guild.get_role(role_id)
