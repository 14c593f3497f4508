"""The lobby of a match: its rules, and who plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord
from discord import ui

from bot.core.contest import Contest
from bot.core.match import Match, MatchSettings, host_of
from bot.core.match_standing import FULL, points
from bot.core.score import QUIZ_POINTS, QUIZ_POINTS_A_DAY
from bot.core.team import MEMBERS_TO_RANK
from bot.core.team_match import MatchTeam, players_by_team
from bot.ui.card import Card
from bot.ui.match import ENDINGS, MATCH, STILL, TEAMS_SHOWN, next_text
from bot.ui.press import press_button
from bot.ui.words import echo, moment, plural

PLAYERS_SHOWN = 20
TEAM_RULE = (
    "- Your team is the one you are in when you join; without one you play for yourself. A team's "
    f"score is the average of its players who answered, from {MEMBERS_TO_RANK} of them on."
)


def lobby_card(
    match: Match, contest: Contest, subject: str, teams: Mapping[int, MatchTeam]
) -> ui.LayoutView:
    """Render the rules and who plays; with buttons as long as it has not begun.

    ``subject`` is the name of what is asked about; ``teams`` the players' by contestant's id.
    """
    is_open = match.phase == "lobby"
    players = [one.member_id for one in contest.contestants if one.is_in]
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(
                f"## Match: {plural(match.settings.questions, 'question')} on {subject}"
            ),
            ui.TextDisplay(rules_text(match.settings)),
            ui.Separator(),
            ui.TextDisplay(
                f"**Players ({len(players)})**\n{_players_text(players)}"
                + _teams_text(match, contest, teams)
            ),
            ui.TextDisplay(_lobby_foot(match, contest)),
            accent_colour=MATCH if is_open else STILL,
        )
    )
    if is_open:
        view.add_item(
            ui.ActionRow(
                press_button("Join", "matchjoin", match.id, style=discord.ButtonStyle.success),
                press_button("Leave", "matchleave", match.id),
                press_button("Start", "matchstart", match.id, style=discord.ButtonStyle.primary),
                press_button("Call it off", "matchstop", match.id),
            )
        )
    return view


def rules_text(settings: MatchSettings) -> str:
    """Return the rules that hold with these settings."""
    half = points(settings.time, settings)
    if settings.has_speed:
        worth = (
            f"Everybody who is right scores: {FULL:,} points at once, falling evenly to {half} at "
            "the bell."
        )
    else:
        worth = f"Everybody who is right scores {FULL:,} points; speed counts for nothing."
    late = "Then the bell rings, and no answer counts."
    if settings.late:
        ends = f", for {half} points" if settings.has_speed else ""
        late = f"After the bell, answers count for {plural(settings.late, 'more second')}{ends}."
    return "\n".join(
        (
            f"- {plural(settings.seconds, 'second')} for each question; sooner when all have "
            "answered.",
            f"- Your first answer counts, and nobody sees it before the end. {late}",
            f"- {worth}",
            "- Come late by answering: you score from then on. Leave and come back as you like; "
            "what you missed brings nothing.",
            f"- On the server's boards a right answer is {QUIZ_POINTS} points, as in `/quiz`: at "
            f"most {QUIZ_POINTS_A_DAY} a day. Others see you here even if you are hidden there.",
            *((TEAM_RULE,) if settings.for_teams else ()),
        )
    )


def _teams_text(match: Match, contest: Contest, teams: Mapping[int, MatchTeam]) -> str:
    if not match.settings.for_teams:
        return ""
    playing = players_by_team(contest, teams)
    named = [f"{echo(team.name)} {count:,}" for team, count in playing[:TEAMS_SHOWN]]
    if len(playing) > TEAMS_SHOWN:
        named.append(f"{len(playing) - TEAMS_SHOWN:,} more")
    return f"\nTeams: {', '.join(named)}" if named else "\nNo team plays yet."


def _players_text(players: Sequence[int | None]) -> str:
    if not players:
        return "Nobody yet. Whoever joins first is the host."
    text = ", ".join(f"<@{member_id}>" for member_id in players[:PLAYERS_SHOWN])
    more = len(players) - PLAYERS_SHOWN
    return f"{text} and {more} more" if more > 0 else text


def _lobby_foot(match: Match, contest: Contest) -> str:
    if match.phase == "lobby":
        assert match.until is not None  # noqa: S101 - a lobby's clock always runs
        host = host_of(contest)
        who = f"Host: <@{host}>, who starts it. " if host is not None else ""
        return f"-# {who}It closes {moment(match.until)} if nobody does."
    if match.ending is not None:
        return f"-# {ENDINGS[match.ending] or 'It is over.'}"
    where = f" in <#{match.thread_id}>" if match.thread_id is not None else ""
    lines = [f"-# It has begun{where}. Come in by answering."]
    if match.phase == "ready" and match.place == 0:
        lines.insert(0, f"**{next_text(match)}**")
    return "\n".join(lines)
