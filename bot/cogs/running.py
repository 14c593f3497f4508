"""Running a challenge by hand: `now`, `reveal`, `skip`, `pause`, `resume`, `off` of ``/daily``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import discord
from discord import app_commands

from bot.cogs.delivery import UNDELIVERED, trouble
from bot.cogs.gates import require_manager
from bot.cogs.which import WHICH, Which, challenge_choices, post_link, several
from bot.core.daily import first_day, local_date, posts_at
from bot.errors import UserError
from bot.ui.press import FORGED
from bot.ui.report import reporting, tell
from bot.ui.settings import said_card, skipped_card
from bot.ui.words import listed, moment


class Running(Which):
    """What a manager does by hand."""

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def now(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Post today's challenge at once, instead of at its time (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            await interaction.response.defer(ephemeral=True, thinking=True)
            today = local_date(self.bot.clock(), chosen.zone)
            try:
                post = await self.posting.post_now(chosen, today)
            except UNDELIVERED as error:
                self.bot.log_refusal("a daily challenge", error)
                raise UserError(trouble(error)) from error
            await tell(interaction, f"Posted: {post_link(post)}")

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def reveal(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Close the open challenge and show its answer now (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            known = await self.some(guild_id, challenge)
            ids = {one.id for one in known}
            open_posts = [
                post
                for post in await self.bot.store.open_posts()
                if post.challenge_id in ids and post.message_id is not None
            ]
            if not open_posts:
                raise UserError("No challenge is open just now.")
            if len({post.challenge_id for post in open_posts}) > 1:
                raise several(known)
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                await self.posting.reveal_now(open_posts[0])
            except UNDELIVERED as error:
                self.bot.log_refusal("a reveal", error)
                raise UserError(
                    "It is closed, but Discord did not let me show the answer. I try again soon."
                ) from error
            await tell(interaction, f"Revealed: {post_link(open_posts[0])}")

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def skip(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Leave out the next one; everything else goes on (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            day = await self.next_day(chosen)
            if day is None:
                raise UserError("It is switched off, so there is nothing to skip.")
            now = self.bot.clock()
            detail = None
            if not await self.bot.store.leave_out(chosen.id, day, "skipped", detail, now):
                raise UserError(
                    "That one is being posted already. `/daily status` shows how it stands."
                )
            then = await self.next_day(chosen)
            text = f"Skipped: the one of **{_day_text(day)}** in <#{chosen.channel_id}>."
            if then is not None:
                at = posts_at(chosen, then)
                text += f" The next one comes {moment(at, 'f')} your time, {moment(at)}."
            await interaction.response.send_message(
                view=skipped_card(text, chosen.id, day), ephemeral=True
            )

    async def unskip(
        self, interaction: discord.Interaction[Any], challenge_id: str, day: str
    ) -> None:
        """Post after all what was to be skipped."""
        guild_id = require_manager(self.bot, interaction)
        chosen = await self.named(guild_id, challenge_id)
        try:
            skipped = date.fromisoformat(day)
        except ValueError:
            raise UserError(FORGED) from None
        if posts_at(chosen, skipped) <= self.bot.clock():
            raise UserError("Its time has passed. `/daily now` posts today's by hand.")
        if not await self.bot.store.take_back_skip(chosen.id, skipped):
            raise UserError("It is not skipped any more.")
        text = f"Good: the one of **{_day_text(skipped)}** is posted after all."
        await interaction.response.edit_message(view=said_card(text))

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def pause(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Post nothing until you resume it; an open one is still revealed (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            if not chosen.is_on:
                raise UserError("It is switched off already.")
            await self.bot.store.pause_challenge(chosen.id, is_paused=True)
            await interaction.response.send_message(
                f"Paused in <#{chosen.channel_id}>. `/daily resume` lets it go on; streaks do not "
                "suffer from days without a challenge.",
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def resume(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Go on after a pause, a switch-off or trouble (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            now = self.bot.clock()
            self.posting.wake(chosen.id)
            if not chosen.is_on or chosen.is_paused:
                since = chosen.since if chosen.is_on else first_day(chosen, now)
                await self.bot.store.restart_challenge(chosen.id, since=since)
                chosen = replace(chosen, is_on=True, is_paused=False, since=since)
                text = "It goes on."
            else:
                text = "It is on already; if something was in the way, I try again at once."
            missing = self.missing(chosen)
            if missing:
                text += f"\nStill in the way: I lack {listed(missing)} in <#{chosen.channel_id}>."
            await interaction.response.send_message(
                view=said_card(text + "\n" + await self.drafts.described(chosen)), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def off(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Stop posting; an open challenge is still revealed (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            await self.bot.store.switch_challenge(chosen.id, is_on=False)
            await interaction.response.send_message(
                "Switched off. Scores stay; `/daily resume` or `/daily setup` starts it again.",
                ephemeral=True,
            )


def _day_text(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B}"
