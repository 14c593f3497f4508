"""The champion's role: given to whoever won a season, taken from the champions before.

What is in the way is looked for before Discord is asked, so that managers hear which permission
is missing; it is looked for again at every tick, so that nobody needs to press anything once it is
there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.cogs.alarm import send_word
from bot.cogs.delivery import UNDELIVERED
from bot.cogs.presence import GONE
from bot.errors import UserError
from bot.ui.words import listed

if TYPE_CHECKING:
    from bot.app import StudyBot
    from bot.store.champions import ChampionRole

RETRY_AFTER = timedelta(minutes=30)
NO_ROLE = "The champion's role is gone. Choose another with `/season edit`."
MODERATORS = discord.Permissions(
    administrator=True,
    manage_guild=True,
    manage_roles=True,
    manage_channels=True,
    manage_webhooks=True,
    manage_messages=True,
    manage_threads=True,
    manage_nicknames=True,
    kick_members=True,
    ban_members=True,
    moderate_members=True,
    mention_everyone=True,
    view_audit_log=True,
)
"""What nobody should come by through a quiz."""


def check_champion_role(role: discord.Role, manager: discord.Member) -> None:
    """Refuse a role that a champion can't or shouldn't have, or that is not ``manager``'s to give.

    Raises:
        UserError: it is one. That the bot may not give it yet is none: see ``role_fault``.
    """
    if role.is_default() or role.managed:
        raise UserError(
            f"{role.mention} can't be given to one member. Choose a role made for the champion."
        )
    if power := _power(role):
        raise UserError(power)
    check_may_give(role, manager)


def check_may_give(role: discord.Role, manager: discord.Member) -> None:
    """Refuse a manager to whom Discord would not let a role be handed out.

    Raises:
        UserError: they lack Manage Roles, or a role above it.
    """
    is_owner = manager.guild.owner_id == manager.id
    if not is_owner and not (manager.guild_permissions.manage_roles and manager.top_role > role):
        raise UserError(
            f"{role.mention} is not yours to give: it takes Manage Roles and a role of yours above "
            "it. Ask somebody who has both."
        )


def role_fault(guild: discord.Guild, role_id: int, *, is_given: bool = True) -> str | None:
    """Return in a sentence why the bot can't give a role, or take it; None when it can."""
    role = guild.get_role(role_id)
    if role is None:
        return NO_ROLE
    if not guild.me.guild_permissions.manage_roles:
        return (
            f"I can't give or take {role.mention}: I lack Manage Roles. Switch it on for my role "
            "in Server Settings > Roles."
        )
    if guild.me.top_role <= role:
        return (
            f"I can't give or take {role.mention}: it is not below my highest role, "
            f"{guild.me.top_role.mention}. Drag mine above it in Server Settings > Roles."
        )
    return _power(role) if is_given else None


def _power(role: discord.Role) -> str | None:
    """Return in a sentence what a role can do that nobody should win; None for nothing."""
    power = role.permissions & MODERATORS
    held = [name.replace("_", " ").title() for name, is_on in power if is_on]
    if not held:
        return None
    return (
        f"{role.mention} comes with {listed(held)}: nobody should win that. Choose a role made for "
        "the champion."
    )


class Champions:
    """Gives and takes what the store says is due."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._rests_until: dict[int, datetime] = {}
        """By server, after Discord refused or was not reached."""

    async def tick(self, now: datetime) -> None:
        """Take the roles of former champions, then give those of new ones."""
        for role in await self.bot.store.roles_to_take():
            await self._settle(role, now, is_given=False)
        for role in await self.bot.store.roles_to_give():
            await self._settle(role, now, is_given=True)

    async def _settle(self, due: ChampionRole, now: datetime, *, is_given: bool) -> None:
        guild = self.bot.get_guild(due.guild_id)
        if guild is None or guild.unavailable or self._rests_until.get(guild.id, now) > now:
            return
        fault = role_fault(guild, due.role_id, is_given=is_given)
        if fault is not None:
            await self._complain(due, fault)
            if fault == NO_ROLE:
                await self.bot.store.drop_role(due)
            return
        role = discord.Object(due.role_id)
        try:
            member = await guild.fetch_member(due.member_id)
            if is_given:
                await member.add_roles(role, reason="Champion of a season")
            else:
                await member.remove_roles(role, reason="Champion of an earlier season")
        except UNDELIVERED as error:
            if getattr(error, "code", None) in GONE:  # they left, and their roles with them
                await self.bot.store.drop_role(due)
                return
            self.bot.log_refusal("a champion's role", error)
            self._rests_until[guild.id] = now + RETRY_AFTER
            return
        if is_given:
            await self.bot.store.record_role_given(due, now)
        else:
            await self.bot.store.drop_role(due)
        await self.bot.store.note_role_trouble(due.season_id, None)

    async def _complain(self, due: ChampionRole, fault: str) -> None:
        """Tell the managers once what is in the way."""
        if not await self.bot.store.note_role_trouble(due.season_id, fault):
            return
        season = await self.bot.store.season(due.season_id)
        if season is not None:
            await send_word(self.bot, due.guild_id, fault, not_in=None, set_by=season.set_by)
