"""How matches stand and how they ended, as far as the store has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.cogs.choosing import hold_refuted
from bot.cogs.topics import subject_name
from bot.core.contest import Contest
from bot.core.match import Match
from bot.core.match_standing import MatchStanding, final_standings, results, standings
from bot.core.team_match import MatchTeam, team_standings
from bot.ui.chart import Picture, podium_of, steps_of
from bot.ui.match_finale import finale_card, podium_winners, team_steps

if TYPE_CHECKING:
    from bot.app import StudyBot

PODIUM_TITLE = "Match: {subject}"


class MatchResults:
    """Standings of matches, and their end."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    def subject_of(self, match: Match) -> str:
        """Return the name of what a match asks about."""
        return subject_name(self.bot, match.settings.subject)

    async def freeze(self, match: Match) -> bool:
        """Freeze the results of a match that has ended; False when it has them, or gets none."""
        store, now = self.bot.store, self.bot.clock()
        if match.ending in ("expired", "called_off"):
            await store.cancel_contest(match.id, now)
            return False
        contest = await store.contest(match.id)
        if contest is None or contest.finished_at is not None:
            return False
        found = results(await self.standings(match, contest))
        if not await store.finish_contest(match.id, found, now):
            return False
        await store.rate_contests()
        await hold_refuted(self.bot, match.guild_id, now)
        return True

    async def finale(
        self, match: Match, *, may_attach: bool | None = None
    ) -> tuple[ui.LayoutView, Picture | None]:
        """Return the results of a finished match, with a picture where it can be attached."""
        found = await self.final(match)
        names = await self.bot.store.member_names(
            match.guild_id, [one.member_id for one in found if one.member_id is not None]
        )
        teams = team_standings(found, await self.teams(match))
        steps = team_steps(teams) or steps_of(podium_winners(found, names))
        picture = None
        if steps and (self._may_attach(match) if may_attach is None else may_attach):
            title = PODIUM_TITLE.format(subject=self.subject_of(match))
            picture = await asyncio.to_thread(podium_of, title, steps)
        alt = None if picture is None else picture.alt
        return finale_card(match, found, teams, self.topic_names(), alt), picture

    async def final(self, match: Match) -> tuple[MatchStanding, ...]:
        """Return the frozen results of a finished match, best first."""
        contest = await self.bot.store.contest(match.id)
        assert contest is not None  # noqa: S101 - a match has one
        return final_standings(contest, await self.standings(match, contest))

    async def standings(self, match: Match, contest: Contest) -> tuple[MatchStanding, ...]:
        """Return how a match stands after the questions that are closed."""
        rounds = await self.bot.store.match_rounds(match.id)
        closed = [one for one in rounds if one.post.closed_at is not None]
        answers = await self.bot.store.contest_answers(match.id)
        return standings(contest, closed, answers, match.settings)

    async def teams(self, match: Match) -> dict[int, MatchTeam]:
        """Return the teams that play, by contestant's id."""
        return await self.bot.store.match_teams(match.id) if match.settings.for_teams else {}

    def topic_names(self) -> dict[str, str]:
        """Return the names of all topics, by id."""
        return {topic.id: topic.name for topic in self.bot.shelf.topics}

    def _may_attach(self, match: Match) -> bool:
        channel = self.bot.get_channel(match.channel_id)
        if isinstance(channel, discord.Thread):
            channel = channel.parent
        if not isinstance(channel, discord.abc.GuildChannel):
            return True
        return channel.permissions_for(channel.guild.me).attach_files
