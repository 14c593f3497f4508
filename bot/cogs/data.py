"""Members' rights over their own data: ``/data export``, ``delete`` and ``visibility``."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.gates import for_servers, require_server
from bot.errors import UserError
from bot.ui.card import Card
from bot.ui.press import FORGED, press_button
from bot.ui.report import reporting
from bot.ui.words import plural

if TYPE_CHECKING:
    from bot.app import StudyBot

UPLOAD_BYTES = 5_000_000
"""A larger export is packed; Discord takes 10 MB."""
JSON, TABLES = "study-bot-data.json", "study-bot-tables.zip"
Scope = Literal["this server", "everywhere"]
Shown = Literal["hide me from boards", "show me on boards"]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

KEPT = (
    "How many people chose which option of a past question stays as a bare count, and places in "
    "past winners' lists stay as “a former member”; messages I posted before stay in their "
    "channels. Backups that the bot's operator made earlier keep what they had until they are "
    "thrown away."
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
        """Get everything kept about you, as JSON and as tables (CSV)."""
        async with reporting(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            rows = await self.bot.store.export_member(interaction.user.id, None)
            files = await asyncio.to_thread(_files, rows)
            counted = sum(len(table) for table in rows.values())
            await interaction.followup.send(
                f"Everything kept about you: {plural(counted, 'row')}, as JSON and as tables for a "
                "spreadsheet. Answers to a challenge that is still open come with its reveal.",
                files=files,
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(where="What to delete: your data of this server, or all of it")
    async def delete(self, interaction: discord.Interaction[Any], where: Scope) -> None:
        """Delete what is kept about you, after a confirmation."""
        async with reporting(interaction):
            guild_id = self._scope(interaction, where)
            place = "in this server" if guild_id else "everywhere"
            view = Card()
            view.add_item(
                ui.Container(
                    ui.TextDisplay(f"### Delete your data {place}?"),
                    ui.TextDisplay(
                        "Your answers, points, streak, rating, quiz rounds, reports, reminders, "
                        "name and the wish to be hidden go, and so does your place on the boards; "
                        "nobody else's points change. With “everywhere”, your recent questions "
                        "go too. An answer to an open challenge or contest is withdrawn.\n"
                        + KEPT
                        + "\n**It cannot be undone.**"
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

    @app_commands.command()
    @app_commands.describe(wish="Whether others see you on this server's boards")
    @for_servers
    async def visibility(self, interaction: discord.Interaction[Any], wish: Shown) -> None:
        """Hide from this server's boards, or show yourself again."""
        async with reporting(interaction):
            guild_id = require_server(self.bot, interaction)
            if wish == "hide me from boards":
                await self.bot.store.hide(guild_id, interaction.user.id, self.bot.clock())
                text = (
                    "You are hidden: boards, pictures, winners' lists and reveals of this server "
                    "do not name you from now on. You still collect points, and `/score` and "
                    "`/leaderboard` show you your own. Nobody else's points change."
                )
            else:
                await self.bot.store.show(guild_id, interaction.user.id)
                text = "You are on this server's boards, with all that you collected."
            await interaction.response.send_message(text, ephemeral=True)

    async def forget(
        self, interaction: discord.Interaction[Any], member_id: str, guild_id: str
    ) -> None:
        """Erase, for the member who asked and nobody else."""
        if member_id != str(interaction.user.id):
            raise UserError("That button belongs to someone else. Use /data delete yourself.")
        if guild_id not in ("0", str(interaction.guild_id)):
            raise UserError(FORGED)
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
    view = Card()
    view.add_item(ui.TextDisplay(text))
    return view


def _files(rows: Rows) -> list[discord.File]:
    """Write an export as a JSON file and as a folder of tables; a large one is packed."""
    content, name = json.dumps(rows, indent=2, ensure_ascii=False, sort_keys=True).encode(), JSON
    if len(content) > UPLOAD_BYTES:
        content, name = gzip.compress(content), f"{name}.gz"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for table, found in rows.items():
            folder.writestr(f"{table}.csv", _table(found))
    packed.seek(0)
    return [discord.File(io.BytesIO(content), name), discord.File(packed, TABLES)]


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows as CSV with a heading; ids as text, which spreadsheets would round."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    text = "" if value is None else str(value)
    # A spreadsheet takes these for formulas, and more than 15 digits for a rounded number.
    is_risky = text[:1] in ("=", "+", "-", "@", "\t", "\r") and not isinstance(value, int)
    return f"'{text}" if is_risky or (isinstance(value, int) and abs(value) > 10**15) else text
