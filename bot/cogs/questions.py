"""Questions that are said to be wrong: members report, managers look, the bot holds back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.choosing import hold_refuted
from bot.cogs.gates import MANAGER, for_servers, require_manager
from bot.core.doubt import REASON_CHARS, DoubtState
from bot.core.post import Post
from bot.errors import UserError
from bot.ui.doubts import empty_queue_card, queue_card, report_form
from bot.ui.press import number
from bot.ui.report import reporting

if TYPE_CHECKING:
    from bot.app import StudyBot

FORM = "report:"
BY_HAND = "A manager held it."


@app_commands.default_permissions(MANAGER)
@for_servers
class Questions(
    commands.GroupCog, group_name="questions", group_description="Questions said to be wrong"
):
    """Reports, their queue, and what managers decide."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        bot.on_press("report", self.ask_what_is_wrong)
        bot.on_press("doubts", self.turn)
        bot.on_press("hold", self.hold)
        bot.on_press("settle", self.settle)
        super().__init__()

    @app_commands.command()
    async def reports(self, interaction: discord.Interaction[Any]) -> None:
        """Look at questions that members report or that are held, with their answers (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            await hold_refuted(self.bot, guild_id, self.bot.clock())
            await interaction.response.send_message(
                view=await self._queue(guild_id, 0), ephemeral=True
            )

    # -------------------------------------------------------------------- members

    async def ask_what_is_wrong(self, interaction: discord.Interaction[Any], post_id: str) -> None:
        """Show the form."""
        post = await self._answered(interaction, post_id)
        await interaction.response.send_modal(report_form(post.id))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take a form that was sent; here, because a form's own callback dies with a restart."""
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit and custom_id.startswith(FORM):
            async with reporting(interaction):
                if await self.bot.admits(interaction):
                    await self._record(interaction, custom_id.removeprefix(FORM), data)

    async def _record(
        self, interaction: discord.Interaction[Any], post_id: str, data: Mapping[str, Any]
    ) -> None:
        post = await self._answered(interaction, post_id)
        assert post.guild_id is not None  # noqa: S101 - refused above
        reason = " ".join(" ".join(_values(data)).split())[:REASON_CHARS]
        is_new = await self.bot.store.report_question(
            post.guild_id,
            post.shown.question,
            member_id=interaction.user.id,
            reason=reason or None,
            at=self.bot.clock(),
        )
        text = "Thank you. " if is_new else "Your report is updated. "
        text += "The managers see it beside how the group answered, without your name."
        await interaction.response.send_message(text, ephemeral=True)

    async def _answered(self, interaction: discord.Interaction[Any], post_id: str) -> Post:
        """Return a post whose answer is out for this member."""
        post = await self.bot.store.post(number(post_id))
        if post is None or post.guild_id is None or post.guild_id != interaction.guild_id:
            raise UserError("That question is not one of this server's.")
        if post.kind == "quiz" and post.member_id != interaction.user.id:
            raise UserError("These buttons belong to someone else. Start your own with /quiz.")
        if post.closed_at is None:
            raise UserError("That question is still open. Report it when its answer is out.")
        return post

    # ------------------------------------------------------------------- managers

    async def turn(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show another question of the queue."""
        guild_id = require_manager(self.bot, interaction)
        await interaction.response.edit_message(view=await self._queue(guild_id, number(page)))

    async def hold(self, interaction: discord.Interaction[Any], doubt_id: str, page: str) -> None:
        """Have a question not asked any more."""
        await self._decide(interaction, doubt_id, page, "held", BY_HAND)

    async def settle(self, interaction: discord.Interaction[Any], doubt_id: str, page: str) -> None:
        """Let a question be asked as before."""
        await self._decide(interaction, doubt_id, page, "settled", None)

    async def _decide(
        self,
        interaction: discord.Interaction[Any],
        doubt_id: str,
        page: str,
        state: DoubtState,
        why: str | None,
    ) -> None:
        guild_id = require_manager(self.bot, interaction)
        await self.bot.store.set_doubt(
            number(doubt_id), guild_id, state, why=why, at=self.bot.clock()
        )
        view = await self._queue(guild_id, number(page), doubt_id=number(doubt_id))
        await interaction.response.edit_message(view=view)

    async def _queue(
        self, guild_id: int, page: int, *, doubt_id: int | None = None
    ) -> ui.LayoutView:
        """Render a page of the queue: the one of ``doubt_id``, wherever it is now, if it is."""
        hidden = await self.bot.store.open_question_ids(guild_id)  # managers take part too
        doubts = [d for d in await self.bot.store.doubts(guild_id) if d.question.id not in hidden]
        if not doubts:
            return empty_queue_card()
        places = [place for place, doubt in enumerate(doubts) if doubt.id == doubt_id]
        page = min(places[0] if places else page, len(doubts) - 1)
        question = doubts[page].question
        statistics = await self.bot.store.statistics(guild_id, question, self.bot.clock())
        return queue_card(doubts[page], statistics, page=page, pages=len(doubts))


def _values(part: Any) -> Iterator[str]:
    """Return the texts that were typed into a form, however deep Discord puts them."""
    if isinstance(part, Mapping):
        if isinstance(part.get("value"), str):
            yield part["value"]
        for key in ("components", "component"):
            yield from _values(part.get(key))
    elif isinstance(part, list):
        for one in part:
            yield from _values(one)
