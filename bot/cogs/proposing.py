"""``/daily setup``: its options, and what Discord offers while they are typed."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.cogs.checks import zones
from bot.cogs.gates import require_manager
from bot.cogs.setup import DEFAULT, Options
from bot.cogs.topics import WHOLE_EXAM, topic_choices
from bot.cogs.which import Which, challenge_choices
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, clip
from bot.ui.report import reporting

DAYS_OFFERED = ("every day", "Mon-Fri", "Sat, Sun", "Mon, Wed, Fri", "Tue, Thu")
REVEALS_OFFERED = (DEFAULT, "18:00", "20:00", "21:30")


class Proposing(Which):
    """Options in, a card to look at out; ``Setup`` does the rest."""

    @app_commands.command()
    @app_commands.describe(
        channel="Where it appears; one challenge a channel (default: here)",
        time="When, on the 24-hour clock, like 09:00",
        timezone="The server's zone, like Europe/Berlin; start typing your city",
        topic="Ask about one topic only (default: the whole exam)",
        exam="Ask about one exam as a whole, where there are several",
        role="Who is mentioned by each post (default: nobody)",
        thread="Whether each post gets a thread to talk in (default: no)",
        winners="Whether it tells who won the week and the month (default: yes, once a server)",
        days="Days of the week, like Mon-Fri (default: every day)",
        late="Hours after which an overdue post is left out, 1 to 24 (default: 12)",
        reveal="When the answer is shown, like 20:00 (default: 30 minutes before the next one)",
        challenge="Which one to change (default: the one in that channel)",
    )
    @app_commands.autocomplete(challenge=challenge_choices)
    async def setup(
        self,
        interaction: discord.Interaction[Any],
        channel: discord.TextChannel | None = None,
        time: str | None = None,
        timezone: str | None = None,
        topic: str | None = None,
        exam: str | None = None,
        role: discord.Role | None = None,
        thread: bool | None = None,
        winners: bool | None = None,
        days: str | None = None,
        late: app_commands.Range[int, 1, 24] | None = None,
        reveal: str | None = None,
        challenge: str | None = None,
    ) -> None:
        """Post a question a day in a channel; shown before it is saved (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            chosen = await self.named(guild_id, challenge) if challenge else None
            options = Options(
                channel, time, timezone, topic, exam, role, thread, winners, days, late, reveal
            )
            await self.drafts.propose(interaction, chosen, options)

    @setup.autocomplete("timezone")
    async def _zones(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.strip().casefold().replace(" ", "_")
        found = [name for name in zones() if wanted in name.casefold()]
        return [app_commands.Choice(name=n, value=n) for n in found[:AUTOCOMPLETE_CHOICES]]

    @setup.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return [*_offered((WHOLE_EXAM,), current), *topic_choices(self.bot, current)][
            :AUTOCOMPLETE_CHOICES
        ]

    @setup.autocomplete("exam")
    async def _exams(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.strip().casefold()
        exams = [
            app_commands.Choice(name=clip(exam.name, CHOICE_NAME_CHARS), value=exam.id)
            for exam in self.bot.shelf.exams
            if wanted in exam.name.casefold() or wanted in exam.id.casefold()
        ]
        return exams[:AUTOCOMPLETE_CHOICES]

    @setup.autocomplete("days")
    async def _days(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return _offered(DAYS_OFFERED, current)

    @setup.autocomplete("reveal")
    async def _reveals(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return _offered(REVEALS_OFFERED, current)


def _offered(texts: tuple[str, ...], current: str) -> list[app_commands.Choice[str]]:
    """Return those of ``texts`` that hold ``current``, for completion."""
    wanted = current.strip().casefold()
    found = [text for text in texts if wanted in text.casefold()]
    return [app_commands.Choice(name=text, value=text) for text in found]
