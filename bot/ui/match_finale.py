"""How a match ended: the podium, everybody's result with their best and worst topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import discord
from discord import MediaGalleryItem, ui

from bot.core.honour import Winner
from bot.core.match import Match
from bot.core.match_standing import MatchStanding
from bot.core.team import TeamStanding
from bot.ui.card import Card
from bot.ui.chart import PICTURE, Step, shown_name
from bot.ui.match import ENDINGS, TEAMS_SHOWN, match_teams_text, topics_text, who
from bot.ui.press import press_button
from bot.ui.words import echo, listed, plural

FINALE = discord.Colour(0xC9A227)
RESULTS_SHOWN = 10
WINNERS_NAMED = 3


def finale_card(
    match: Match,
    found: Sequence[MatchStanding],
    teams: Sequence[TeamStanding],
    topics: Mapping[str, str],
    alt: str | None,
) -> ui.LayoutView:
    """Render the results, best first; ``topics`` are the names of topics by id.

    ``alt`` reads out the attached podium, None when there is none.
    """
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=FINALE)
    container.add_item(ui.TextDisplay(f"## {teams_title(teams) or finale_title(found)}"))
    if alt is not None:
        container.add_item(
            ui.MediaGallery(MediaGalleryItem(f"attachment://{PICTURE}", description=alt))
        )
    if teams:
        container.add_item(ui.TextDisplay(f"**Teams**\n{match_teams_text(teams, TEAMS_SHOWN)}"))
    lines = ["**Players**"] if teams else []
    lines += [_line(one, topics) for one in found[:RESULTS_SHOWN]]
    container.add_item(ui.TextDisplay("\n".join(lines)))
    more = len(found) - RESULTS_SHOWN
    foot = [ENDINGS[match.ending]] if match.ending is not None and ENDINGS[match.ending] else []
    foot.append(f"{plural(len(found), 'player')}, {plural(match.settings.questions, 'question')}.")
    if more > 0:
        foot.append(f"{more:,} more played: **My result** shows you yours.")
    if len(found) == 1:
        foot.append("Played alone, so it moves no rating.")
    container.add_item(ui.TextDisplay(f"-# {' '.join(foot)}"))
    view = Card()
    view.add_item(container)
    view.add_item(
        ui.ActionRow(
            press_button("My result", "matchmine", match.id),
            press_button("Play again", "matchagain", match.id, style=discord.ButtonStyle.success),
        )
    )
    return view


def teams_title(teams: Sequence[TeamStanding]) -> str:
    """Return which team won; empty when no two are ranked, or none has a point."""
    first = _placed(teams, 1)
    names = [f"Team {echo(team.name)}" for team in first[:WINNERS_NAMED]]
    if len(first) > WINNERS_NAMED:
        names.append(f"{len(first) - WINNERS_NAMED} more")
    return f"{listed(names)} {'wins' if len(first) == 1 else 'win'} the match!" if names else ""


def team_steps(teams: Sequence[TeamStanding]) -> list[Step]:
    """Return the first three ranks of teams, for the podium's picture; averages to the nearest.

    Empty when no two are ranked: then the podium is the players'.
    """
    steps: list[Step] = []
    for rank in (1, 2, 3):
        there = _placed(teams, rank)
        if there:
            names = [shown_name(team.name) for team in there[:2]]
            names += [f"{len(there) - 2} more"] if len(there) > 2 else []
            steps.append((rank, names, int(there[0].score + Fraction(1, 2))))
    return steps


def _placed(teams: Sequence[TeamStanding], rank: int) -> list[TeamStanding]:
    """Return the teams of a rank with a point; none where there was no other team to beat."""
    if sum(team.rank is not None for team in teams) < 2:
        return []
    return [team for team in teams if team.rank == rank and team.points]


def finale_title(found: Sequence[MatchStanding]) -> str:
    """Return who won; equals share it, and nobody wins without a point."""
    first = [one for one in found if one.rank == 1 and one.score]
    if not first:
        return "The match is over: nobody scored"
    names = [
        "a former member" if one.member_id is None else f"<@{one.member_id}>"
        for one in first[:WINNERS_NAMED]
    ]
    if len(first) > WINNERS_NAMED:
        names.append(f"{len(first) - WINNERS_NAMED} more")
    return f"{listed(names)} {'wins' if len(first) == 1 else 'win'} the match!"


def podium_winners(found: Sequence[MatchStanding], names: Mapping[int, str]) -> list[Winner]:
    """Return who stands on the podium, for its picture; ``names`` by member."""
    return [
        Winner(
            member_id=one.member_id,
            name=names.get(one.member_id or 0, ""),
            rank=one.rank,
            points=one.score,
            right=one.right,
            answered=one.answered,
        )
        for one in found
        if one.rank <= 3 and one.score
    ]


def _line(one: MatchStanding, topics: Mapping[str, str]) -> str:
    text = (
        f"**{one.rank}.** {who(one)}  {plural(one.score, 'point')}  ·  {one.right} of "
        f"{one.answered} right"
    )
    return text + topics_text(one, topics, "\n-# ")
