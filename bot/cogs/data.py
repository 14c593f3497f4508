"""Members' rights over their own data: ``/data export`` and ``/data delete``."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import UserError
from bot.ui.press import press_button
from bot.ui.report import reporting
from bot.ui.words import plural

if TYPE_CHECKING:
    from bot.app import StudyBot

UPLOAD_BYTES = 5_000_000
"""A larger export is packed; Discord takes 10 MB."""
Scope = Literal["this server", "everywhere"]

KEPT = (
    "How many people chose which option of a past question stays as a bare count, without you. "
    "Backups that the bot's operator made earlier keep what they had until they are thrown away."
)


class Data(
    commands.GroupCog, group_name="data", group_description="What is kept about you, and your say"
):
    """Export and erasure."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        bot.on_press("forget", self.forget)
        bot.on_press("keep", self.keep)
        super().__init__()

    @app_commands.command()
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Get everything kept about you, as one JSON file."""
        async with reporting(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            rows = await self.bot.store.export_member(interaction.user.id, None)
            text = json.dumps(rows, indent=2, ensure_ascii=False, sort_keys=True)
            content, name = text.encode(), "study-bot-data.json"
            if len(content) > UPLOAD_BYTES:
                content, name = gzip.compress(content), f"{name}.gz"
            file = discord.File(io.BytesIO(content), filename=name)
            counted = sum(len(table) for table in rows.values())
            await interaction.followup.send(
                f"Everything kept about you: {plural(counted, 'row')}. Answers to a challenge that "
                "is still open come with its reveal.",
                file=file,
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(where="What to delete: your data of this server, or all of it")
    async def delete(self, interaction: discord.Interaction[Any], where: Scope) -> None:
        """Delete what is kept about you, after a confirmation."""
        async with reporting(interaction):
            guild_id = self._scope(interaction, where)
            place = "in this server" if guild_id else "everywhere"
            view = ui.LayoutView(timeout=None)
            view.add_item(
                ui.Container(
                    ui.TextDisplay(f"### Delete your data {place}?"),
                    ui.TextDisplay(
                        "Your answers, points, quiz rounds and name go, and so does your place on "
                        "the boards. With “everywhere”, your recent questions go too. An answer to "
                        "an open challenge is withdrawn.\n" + KEPT + "\n**It cannot be undone.**"
                    ),
                )
            )
            view.add_item(
                ui.ActionRow(
                    press_button(
                        "Delete it",
                        "forget",
                        interaction.user.id,
                        guild_id or 0,
                        style=discord.ButtonStyle.danger,
                    ),
                    press_button("Keep it", "keep"),
                )
            )
            await interaction.response.send_message(view=view, ephemeral=True)

    async def forget(
        self, interaction: discord.Interaction[Any], member_id: str, guild_id: str
    ) -> None:
        """Erase, for the member who asked and nobody else."""
        if member_id != str(interaction.user.id):
            raise UserError("That button belongs to someone else. Use /data delete yourself.")
        if guild_id not in ("0", str(interaction.guild_id)):
            raise UserError("That button is not one of mine.")
        await interaction.response.defer()
        gone = await self.bot.store.forget_member(interaction.user.id, int(guild_id) or None)
        await interaction.edit_original_response(
            view=_said(
                f"Done: {plural(gone.answers, 'answer')} and {plural(gone.lookups, 'question')} "
                f"deleted. {KEPT}"
            )
        )

    async def keep(self, interaction: discord.Interaction[Any]) -> None:
        """Change nothing."""
        await interaction.response.edit_message(view=_said("Nothing was deleted."))

    def _scope(self, interaction: discord.Interaction[Any], where: Scope) -> int | None:
        if where == "everywhere":
            return None
        guild_id = self.bot.server_of(interaction)
        if guild_id is None:
            raise UserError("This is not a server that has me. Choose “everywhere”.")
        return guild_id


def _said(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view
