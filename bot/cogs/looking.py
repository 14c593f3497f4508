"""Looking at a challenge: ``/daily preview``, ``status`` and ``history``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.cogs.choosing import NOTHING, pool_of
from bot.cogs.gates import require_manager
from bot.cogs.which import WHICH, Which, challenge_choices, post_link
from bot.core.daily import Challenge, local_date, posts_at
from bot.core.post import Post, show
from bot.errors import UserError
from bot.ui.challenge import open_card
from bot.ui.report import reporting
from bot.ui.settings import history_lines, said_card
from bot.ui.words import listed, moment, plural

HISTORY_DAYS = 14
NOTEWORTHY = ("late", "skipped", "missed", "paused", "deleted")
NOTEWORTHY_SHOWN = 3


class Looking(Which):
    """What comes, how it stands, what became of the last days."""

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def preview(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """See how the next one will look, with an example question (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            await interaction.response.send_message(
                view=await self._example(chosen), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def status(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Show settings, the next time, what was late or left out, and what I lack (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            known = await self.some(guild_id, challenge)
            texts = [await self._state(one) for one in known]
            doubts = await self.bot.store.doubts(guild_id)
            if doubts:
                held = sum(doubt.state == "held" for doubt in doubts)
                texts.append(
                    f"{plural(len(doubts), 'question')} to look at, {held} of them held: "
                    "`/questions reports`"
                )
            await interaction.response.send_message(view=said_card(*texts), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=challenge_choices)
    async def history(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Show what became of the last two weeks, day by day (managers)."""
        async with reporting(interaction):
            chosen = await self.challenge(interaction, challenge)
            store = self.bot.store
            since = local_date(self.bot.clock(), chosen.zone) - timedelta(days=HISTORY_DAYS)
            lines = await store.audit_lines(chosen.id, since=since)
            posts = {
                post.study_date: post
                for post in await store.posts_of_challenge(chosen.id, HISTORY_DAYS + 2)
                if post.study_date >= since
            }
            counts = {post.id: await store.answer_count(post.id) for post in posts.values()}
            rows = history_lines(lines, posts, counts) or ["Nothing yet."]
            head = f"**The last two weeks** in <#{chosen.channel_id}>"
            await interaction.response.send_message(
                view=said_card("\n".join([head, *rows])), ephemeral=True
            )

    async def _state(self, challenge: Challenge) -> str:
        store = self.bot.store
        lines = [await self.drafts.described(challenge)]
        failed = await store.trouble(challenge.id)
        if failed is not None:
            lines.append(f"- Trouble {moment(failed.at)}: {failed.text}")
        missing = self.missing(challenge)
        if missing:
            lines.append(f"- I lack {listed(missing)} in <#{challenge.channel_id}>.")
        last = await store.posts_of_challenge(challenge.id, 1)
        if last and last[0].message_id:
            state = "closed" if last[0].closed_at else "open"
            lines.append(f"- Last: {last[0].study_date} ({state}), {post_link(last[0])}")
        since = local_date(self.bot.clock(), challenge.zone) - timedelta(days=HISTORY_DAYS)
        told = await store.audit_lines(challenge.id, since=since)
        notes = [line for line in told if line.event in NOTEWORTHY]
        lines += history_lines(notes[:NOTEWORTHY_SHOWN], {}, {})
        return "\n".join(lines)

    async def _example(self, challenge: Challenge) -> discord.ui.LayoutView:
        """Show an example that gives nothing away: one that was asked before, if there is one."""
        pool = pool_of(self.bot, challenge)
        hidden = await self.bot.store.open_question_ids(challenge.guild_id)
        asked = {id_ for id_, _ in await self.bot.store.asked_in_order(challenge.guild_id)}
        free = [question for question in pool if question.id not in hidden]
        known = [question for question in free if question.id in asked]
        if not free:
            raise UserError(NOTHING)
        now = self.bot.clock()
        day = await self.next_day(challenge) or local_date(now, challenge.zone)
        post = Post(
            id=0,
            kind="daily",
            guild_id=challenge.guild_id,
            shown=show(self.bot.rng.choice(known or free), self.bot.rng),
            study_date=day,
            claimed_at=now,
            nonce="",
            closes_at=posts_at(challenge, day) + timedelta(hours=23, minutes=30),
        )
        view = open_card(
            post, answers=0, domain="Example", role_id=challenge.role_id, is_example=True
        )
        view.add_item(
            discord.ui.TextDisplay(
                "-# An example, only for you. The day's question is drawn when it is posted."
            )
        )
        return view
