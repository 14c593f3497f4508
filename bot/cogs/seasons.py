"""``/season``: managers begin, change and end seasons; everybody sees how they stand and ended."""

from __future__ import annotations

import calendar
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.champions import Champions, check_champion_role, role_fault
from bot.cogs.checks import check_permissions
from bot.cogs.closing import Closing
from bot.cogs.gates import MANAGER, for_servers, require_manager, require_server
from bot.cogs.quiz import number
from bot.cogs.ticking import Ticking
from bot.core.daily import local_date
from bot.core.season import WEEKS_MOST, Season, first_free, parse_day, planned_days
from bot.core.season_name import NAME_CHARS, season_name
from bot.errors import UserError
from bot.store.seasons import OVER, UNSET
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, clip
from bot.ui.report import reporting, tell
from bot.ui.scores import day_name
from bot.ui.seasons import (
    ARCHIVED,
    STILL_OPEN,
    archive_card,
    begun_card,
    end_card,
    final_card,
    season_days,
    season_text,
    standing_card,
)
from bot.ui.settings import said_card
from bot.ui.words import echo, link, message_url

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

T = TypeVar("T")
WEEKS_OFFERED = (1, 2, 3, 4, 6, 8, 12)
NOT_OVER = "That season is not over yet. `/leaderboard period: Season` has its board."
NOTHING = "There is no season. `/season start` begins one."


@for_servers
class Seasons(
    Ticking, commands.GroupCog, group_name="season", group_description="Seasons of the board"
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

    # -------------------------------------------------------------------- for managers

    @app_commands.command()
    @app_commands.describe(
        name=f"What it is called, up to {NAME_CHARS} characters",
        weeks="How many weeks it runs (default: 4)",
        until="Or its last day, like 2026-12-24",
        begins="Its first day, like 2026-12-01 (default: today)",
        channel="Where its end is told (default: as last time, or the daily challenge's)",
        role="What the champion gets until the next one (default: as last time)",
    )
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
            season = await self.bot.store.start_season(
                guild_id,
                name=called,
                first=days[0],
                last=days[1],
                channel_id=place.id,
                role_id=role.id if role is not None else _last_role(interaction, known),
                by=interaction.user.id,
                now=now,
            )
            head = "A season begins" if season.first <= today else "A season is planned"
            await interaction.response.send_message(view=begun_card(season, today, zone, head))
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
            chosen = await self._chosen(guild_id, season, today, waiting=channel is not None)
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
    async def end(self, interaction: discord.Interaction[Any], season: str | None = None) -> None:
        """End a season early, or give up one that is planned; asks before it does (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            now = self.bot.clock()
            today = local_date(now, await self.bot.store.zone(guild_id))
            chosen = await self._chosen(guild_id, season, today)
            if chosen.stage(today) in ("over", "closed"):
                raise UserError(OVER)
            is_open = await self.bot.store.is_season_open(chosen)
            await interaction.response.send_message(
                view=end_card(chosen, today, is_open), ephemeral=True
            )

    async def end_now(self, interaction: discord.Interaction[Any], season_id: str) -> None:
        """End a season, after the question whether it should."""
        guild_id = require_manager(self.bot, interaction)
        chosen = await self._of_server(guild_id, season_id)
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
        chosen = await self._of_server(guild_id, season_id)
        await interaction.response.edit_message(
            view=said_card(f"“{echo(chosen.name)}” goes on: {season_days(chosen)}.")
        )

    # ------------------------------------------------------------------- for everybody

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the season that runs, who leads, and what is planned."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            store = self.bot.store
            zone = await store.zone(guild_id)
            today = local_date(self.bot.clock(), zone)
            known = [s for s in await store.seasons(guild_id) if s.closed_at is None]
            parts = [season_text(season, today, zone) for season in reversed(known)]
            running = await store.season_now(guild_id, today)
            board = None
            if running is not None:
                board = await store.board_page(guild_id, interaction.user.id, span=running.span)
            notes: list[str] = []
            if interaction.permissions.is_superset(MANAGER):
                notes += await store.ceremony_troubles(guild_id)
                notes += [fault for s in known if (fault := self._fault(s)) is not None]
            await interaction.response.send_message(
                view=standing_card(parts or [NOTHING], board, list(dict.fromkeys(notes))),
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(season="Which one (default: a list of all)")
    async def archive(
        self, interaction: discord.Interaction[Any], season: str | None = None
    ) -> None:
        """Show how past seasons ended: champions and final standings."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if season is None:
                view = await self._archive(guild_id, 0)
            else:
                chosen = await self._closed(guild_id, season)
                view = await self._final(interaction, chosen, 0)
            await interaction.response.send_message(view=view, ephemeral=True)

    async def leaf(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show a page of the archive on the same card."""
        guild_id = require_server(self.bot, interaction)
        await interaction.response.edit_message(view=await self._archive(guild_id, number(page)))

    async def turn(self, interaction: discord.Interaction[Any], season_id: str, page: str) -> None:
        """Show a page of final standings: on the same card, or privately from a ceremony."""
        guild_id = require_server(self.bot, interaction)
        season = await self._of_server(guild_id, season_id)
        await self._show(interaction, await self._final(interaction, season, number(page)))

    async def own_page(self, interaction: discord.Interaction[Any], season_id: str) -> None:
        """Show the page of final standings that the reader is on."""
        guild_id = require_server(self.bot, interaction)
        season = await self._of_server(guild_id, season_id)
        await self._show(interaction, await self._final(interaction, season, None))

    # ---------------------------------------------------------------------- completing

    @start.autocomplete("until")
    async def _ends(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        today = await self._today(interaction)
        try:
            first = parse_day(str(interaction.namespace.begins or today))
        except UserError:
            first = today
        ends = {first + timedelta(days=7 * weeks - 1): f"{weeks}" for weeks in WEEKS_OFFERED}
        names = {
            day: f"{day_name(day)} · {weeks} week{'' if weeks == '1' else 's'}"
            for day, weeks in ends.items()
        }
        for day in _month_ends(first):
            names.setdefault(day, f"{day_name(day)} · end of {day:%B}")
        return _choices(names, current)

    @edit.autocomplete("until")
    async def _new_ends(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        today = await self._today(interaction)
        sunday = today + timedelta(days=6 - today.weekday())
        names = {day: day_name(day) for day in (sunday + timedelta(weeks=n) for n in range(12))}
        return _choices(names, current)

    @start.autocomplete("begins")
    async def _begins(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        today = await self._today(interaction)
        monday = today + timedelta(days=7 - today.weekday())
        month = _month_ends(today)[0] + timedelta(days=1)
        names = {today: f"{day_name(today)} · today", monday: f"{day_name(monday)} · next week"}
        names.setdefault(month, f"{day_name(month)} · next month")
        return _choices(names, current)

    @edit.autocomplete("season")
    @end.autocomplete("season")
    async def _unclosed(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return await self._named(interaction, current, is_closed=False)

    @archive.autocomplete("season")
    async def _past(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return await self._named(interaction, current, is_closed=True)

    async def _named(
        self, interaction: discord.Interaction[Any], current: str, *, is_closed: bool
    ) -> list[app_commands.Choice[str]]:
        guild_id = self.bot.server_of(interaction)
        if guild_id is None:
            return []
        wanted = current.strip().casefold()
        return [
            app_commands.Choice(
                name=clip(f"{season.name} · {season_days(season)}", CHOICE_NAME_CHARS),
                value=str(season.id),
            )
            for season in await self.bot.store.seasons(guild_id)
            if (season.closed_at is not None) == is_closed and wanted in season.name.casefold()
        ][:AUTOCOMPLETE_CHOICES]

    async def _today(self, interaction: discord.Interaction[Any]) -> date:
        guild_id = self.bot.server_of(interaction) or 0
        return local_date(self.bot.clock(), await self.bot.store.zone(guild_id))

    # ------------------------------------------------------------------------- finding

    async def _chosen(
        self, guild_id: int, named: str | None, today: date, *, waiting: bool = False
    ) -> Season:
        """Return the season that is meant: the one that was named, the running, the planned one.

        ``waiting``: one that is closed and not told yet will do, too.

        Raises:
            UserError: there is none.
        """
        if named:
            return await self._pick(guild_id, named)
        known = await self.bot.store.seasons(guild_id)
        for stage in ("running", "planned", "over"):
            for season in known:
                if season.stage(today) == stage:
                    return season
        if waiting:
            for ceremony in await self.bot.store.waiting_ceremonies():
                if ceremony.season.guild_id == guild_id:
                    return ceremony.season
        raise UserError(NOTHING)

    async def _closed(self, guild_id: int, named: str) -> Season:
        season = await self._pick(guild_id, named)
        if season.closed_at is None:
            raise UserError(NOT_OVER)
        return season

    async def _pick(self, guild_id: int, named: str) -> Season:
        """Return the server's season of an id as Discord's list gave it, or of a name as typed.

        Raises:
            UserError: the server has none.
        """
        wanted = named.strip().casefold()
        for season in await self.bot.store.seasons(guild_id):
            if wanted in (str(season.id), season.name.casefold()):
                return season
        raise UserError("There is no season of that name here. Pick one from the list.")

    async def _of_server(self, guild_id: int, season_id: str) -> Season:
        season = await self.bot.store.season(number(season_id))
        if season is None or season.guild_id != guild_id:
            raise UserError("That season is gone. `/season status` shows what there is.")
        return season

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

    def _check_role(self, interaction: discord.Interaction[Any], role: discord.Role) -> None:
        if not isinstance(interaction.user, discord.Member):
            raise UserError("Choose the champion's role in the server itself.")
        check_champion_role(role, interaction.user)

    def _fault(self, season: Season) -> str | None:
        guild = self.bot.get_guild(season.guild_id)
        if season.role_id is None or guild is None:
            return None
        return role_fault(guild, season.role_id)

    async def _warn(self, interaction: discord.Interaction[Any], season: Season) -> None:
        """Tell the manager privately what will be in the way at the end."""
        fault = self._fault(season)
        if fault is not None:
            await tell(interaction, f"{fault}\nUntil then the champion has the honour only.")

    # ------------------------------------------------------------------------- showing

    async def _archive(self, guild_id: int, page: int) -> discord.ui.LayoutView:
        found, total = await self.bot.store.ceremonies(
            guild_id, limit=ARCHIVED, offset=page * ARCHIVED
        )
        pages = max(1, -(-total // ARCHIVED))
        if page >= pages:
            return await self._archive(guild_id, pages - 1)
        return archive_card(found, page=page, pages=pages)

    async def _final(
        self, interaction: discord.Interaction[Any], season: Season, page: int | None
    ) -> discord.ui.LayoutView:
        shown = await self.bot.store.final_page(season.id, interaction.user.id, page)
        ceremony = await self.bot.store.ceremony(season.id)
        if shown is None or ceremony is None:
            raise UserError(NOT_OVER)
        return final_card(shown, ceremony)

    async def _show(
        self, interaction: discord.Interaction[Any], view: discord.ui.LayoutView
    ) -> None:
        """Show a card in place of a private one, or beside a message that all see."""
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)


def _read(faults: list[str], given: T | None, parse: Callable[[T], Any]) -> Any:
    """Return what an option says, or None; what is wrong with it goes to ``faults``."""
    if given is None:
        return None
    try:
        return parse(given)
    except UserError as fault:
        faults.append(str(fault))
        return None


def _last_role(interaction: discord.Interaction[Any], known: tuple[Season, ...]) -> int | None:
    """Return the role of the last season, if the server still has it."""
    role_id = known[0].role_id if known else None
    guild = interaction.guild
    if role_id is None or guild is None or guild.get_role(role_id) is None:
        return None
    return role_id


def _month_ends(day: date) -> tuple[date, date]:
    """Return the last days of this month and the next."""
    first = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    after = first + timedelta(days=1)
    return first, after.replace(day=calendar.monthrange(after.year, after.month)[1])


def _choices(names: dict[date, str], current: str) -> list[app_commands.Choice[str]]:
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(name=name, value=day.isoformat())
        for day, name in sorted(names.items())
        if wanted in name.casefold() or day.isoformat().startswith(wanted)
    ][:AUTOCOMPLETE_CHOICES]
