"""Scores: ``/score`` and ``/leaderboard``."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.gates import for_servers, require_server
from bot.cogs.topics import topic_choices, topic_id
from bot.core.board import MEASURES, BoardPage, Measure
from bot.core.daily import local_date
from bot.core.period import PERIOD_NAMES, BoardPeriod, Span, span, span_of
from bot.errors import UserError
from bot.ui.boards import ANY_TOPIC, OWN_PAGE, BoardView, board_card, board_text, board_title
from bot.ui.chart import PICTURE, board_picture, picture_card
from bot.ui.press import FORGED, number
from bot.ui.report import reporting
from bot.ui.scores import DAYS, practice_card, score_card
from bot.ui.words import echo

if TYPE_CHECKING:
    from bot.app import StudyBot


LOOKS = 3
"""Members looked for after one look at a board."""


class Boards(commands.Cog):
    """Who has how many points."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        for feature in ("board", "boardby", "boardprev", "boardnext", "boardown"):
            bot.on_press(feature, self.turn)
        bot.on_press("boardpic", self.picture)
        for feature in ("scorenew", "scoreold"):
            bot.on_press(feature, self.leaf)

    @app_commands.command()
    async def score(self, interaction: discord.Interaction[Any]) -> None:
        """Show your own score and where each point came from."""
        async with reporting(interaction):
            await interaction.response.send_message(
                view=await self._score(interaction, 0), ephemeral=True
            )

    async def leaf(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show older or newer days of the score."""
        await interaction.response.edit_message(view=await self._score(interaction, number(page)))

    @app_commands.command()
    @app_commands.describe(
        period="Which days count (default: this week)",
        by="What decides (default: points)",
        topic="One topic only (default: all of them)",
    )
    @for_servers
    async def leaderboard(
        self,
        interaction: discord.Interaction[Any],
        period: BoardPeriod = "week",
        by: Measure = "points",
        topic: str | None = None,
    ) -> None:
        """Show the server's board, with your own rank."""
        async with reporting(interaction):
            subject = topic_id(self.bot, topic)
            view = await self._found(interaction, BoardView(period, by, subject))
            page = await self._page(interaction, view)
            await interaction.response.send_message(view=board_card(view, page), ephemeral=True)
            await self._look_for(interaction, page)

    @leaderboard.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return topic_choices(self.bot, current)

    async def turn(
        self,
        interaction: discord.Interaction[Any],
        period: str,
        measure: str = "points",
        topic: str = ANY_TOPIC,
        page: str = "0",
    ) -> None:
        """Show another board or page on the same card."""
        view = await self._found(interaction, self._view(period, measure, topic, page))
        shown = await self._page(interaction, view)
        await interaction.response.edit_message(view=board_card(view, shown))
        await self._look_for(interaction, shown)

    async def picture(
        self,
        interaction: discord.Interaction[Any],
        period: str,
        measure: str,
        topic: str,
        page: str,
    ) -> None:
        """Send the page as a picture, with the same words beside it."""
        view = await self._found(interaction, self._view(period, measure, topic, page))
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self._page(interaction, view)
        title, text = board_title(view), board_text(view, shown)
        drawn = await asyncio.to_thread(
            board_picture, title, view.measure, shown, interaction.user.id
        )
        await interaction.followup.send(
            view=picture_card(f"Leaderboard · {echo(title)}", text, drawn.alt),
            file=discord.File(io.BytesIO(drawn.png), PICTURE, description=drawn.alt),
            ephemeral=True,
        )

    async def _look_for(self, interaction: discord.Interaction[Any], page: BoardPage) -> None:
        """Notice, for the next look at the board, who of those on it has left."""
        if interaction.guild_id is not None:
            ids = [place.member_id for place in page.places]
            await self.bot.presence.look(interaction.guild_id, ids, LOOKS)

    def _view(self, period: str, measure: str, topic: str, page: str) -> BoardView:
        """Return the board that a button's id names.

        Raises:
            UserError: it names none, so the button was forged.
        """
        for known in PERIOD_NAMES:
            for by in MEASURES:
                if (known, by) == (period, measure):
                    topic_id = None if topic == ANY_TOPIC else topic
                    at = None if page == OWN_PAGE else number(page)
                    return BoardView(known, by, topic_id, page=at)
        raise UserError(FORGED)

    async def _found(self, interaction: discord.Interaction[Any], view: BoardView) -> BoardView:
        """Return a view with its topic's name and the season that there is.

        Raises:
            UserError: the topic is gone, or there is no season.
        """
        guild_id = require_server(self.bot, interaction)
        season = await self.bot.store.season_now(guild_id, await self._today(guild_id))
        if season is None and view.period == "season":
            raise UserError("No season runs just now. `/season archive` has those that are over.")
        view = replace(view, season=season)
        if view.topic is None:
            return view
        found = self.bot.shelf.topic_named(view.topic)
        if found is None:
            raise UserError("That topic is gone. Choose another with /leaderboard.")
        return replace(view, topic=found.id, topic_name=found.name)

    async def _page(self, interaction: discord.Interaction[Any], view: BoardView) -> BoardPage:
        guild_id, member_id = require_server(self.bot, interaction), interaction.user.id
        if view.measure == "streak":
            await self.bot.store.end_missed_streaks(guild_id)
        read = partial(
            self.bot.store.board_page,
            guild_id,
            member_id,
            span=await self._span(guild_id, view),
            measure=view.measure,
            topic=view.topic,
            page=view.page,
        )
        page = await read()
        if not page.is_listed and await self.bot.store.note_back(guild_id, member_id):
            return await read()  # they had left; whoever looks is here
        return page

    async def _span(self, guild_id: int, view: BoardView) -> Span:
        today = await self._today(guild_id)
        if view.period != "season":
            return span(view.period, today)
        assert view.season is not None  # noqa: S101 - _found saw to it
        return view.season.span

    async def _today(self, guild_id: int) -> date:
        return local_date(self.bot.clock(), await self.bot.store.zone(guild_id))

    async def _score(
        self, interaction: discord.Interaction[Any], page: int
    ) -> discord.ui.LayoutView:
        guild_id = self.bot.server_of(interaction)
        member_id = interaction.user.id
        store = self.bot.store
        score = await store.score(guild_id, member_id)
        if guild_id is None:
            return practice_card(score)
        today = await self._today(guild_id)
        board = await store.board_page(guild_id, member_id, span=span_of("all", today))
        days, total = await store.score_days(guild_id, member_id, limit=DAYS, offset=page * DAYS)
        return score_card(
            score,
            board.own,
            days,
            page=page,
            total=total,
            topics={topic.id: topic.name for topic in self.bot.shelf.topics},
        )
