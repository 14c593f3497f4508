"""Teams, as members read them. A member who hid is counted and not named.

A team's name is made of characters that format and mention nothing (bot/core/team_name.py); it is
echoed all the same, and never begins a line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import discord
from discord import ui

from bot.core.board import ROWS
from bot.core.period import PERIOD_NAMES
from bot.core.season import Season
from bot.core.team import (
    ANSWERS_TO_TAKE_PART,
    CHANGE_AFTER,
    MEMBERS_MOST,
    MEMBERS_TO_RANK,
    REQUEST_LASTS,
    JoinRequest,
    Membership,
    Share,
    Team,
    TeamStanding,
)
from bot.ui.boards import BoardView
from bot.ui.card import Card
from bot.ui.press import Press, press_button
from bot.ui.words import echo, moment, plural

TEAM = discord.Colour(0x2F7D8C)
TeamPeriod = Literal["week", "month", "all", "season"]
"""What the team board can be asked for; a season only while there is one."""
TEAM_PERIODS: tuple[TeamPeriod, ...] = get_args(TeamPeriod)
REQUESTS_SHOWN = 5
"""Each takes a row of buttons."""
TEAMS_OFFERED = 4
"""With the button to the board, one row."""
RULE = (
    f"-# A team's score is the average of its members with {ANSWERS_TO_TAKE_PART} answers or more, "
    f"from {MEMBERS_TO_RANK} of them on. An answer counts for the team it was given in."
)


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team as somebody looks at it."""

    team: Team
    members: Sequence[Membership]
    listed: Collection[int]
    """Those that others may see."""
    shares: Sequence[Share]
    """What each member, also a former one, brought this week; most first."""
    standings: Sequence[TeamStanding]
    """Of this week."""
    reader_id: int
    reader_team_id: int | None
    is_leader: bool
    """Whether the reader may decide for the team: its captain, or a manager."""
    requests: Sequence[JoinRequest] = ()
    """For leaders."""
    invited: Sequence[int] = ()
    """Who was invited and has not joined, for members and leaders."""


def average_text(standing: TeamStanding, of: str = "member") -> str:
    """Return a team's score with what it is the average of.

    >>> average_text(TeamStanding(1, "Foxes", 1, members=3, points=50, right=9, answered=15))
    '16.7 points a member'
    """
    tenths = (20 * standing.points + standing.members) // (2 * standing.members)
    return f"{tenths // 10:,}.{tenths % 10} points a {of}"


def team_card(view: TeamView) -> ui.LayoutView:
    """Render a team with its members, for them who is invited, for its captain who asks to join."""
    team = view.team
    card = Card()
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=TEAM)
    box.add_item(ui.TextDisplay(f"## Team {echo(team.name)}"))
    entry = "anybody may join" if team.is_open else "the captain chooses who joins"
    box.add_item(
        ui.TextDisplay(
            f"{_captain_text(view)} · {team.size} of {plural(MEMBERS_MOST, 'member')} · {entry}\n"
            f"**This week:** {place_text(view.standings, team.id)}"
        )
    )
    box.add_item(ui.TextDisplay(_members_text(view)))
    if view.invited:
        box.add_item(ui.TextDisplay(_invited_text(view)))
    if view.requests:
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(_requests_text(view.requests)))
    box.add_item(ui.TextDisplay(RULE))
    card.add_item(box)
    for number, request in enumerate(view.requests[:REQUESTS_SHOWN], 1):
        args = (team.id, request.member_id)
        accept = press_button(
            f"Accept {number}", "teamyes", *args, style=discord.ButtonStyle.success
        )
        card.add_item(ui.ActionRow(accept, press_button(f"Decline {number}", "teamno", *args)))
    card.add_item(ui.ActionRow(*_team_buttons(view)))
    return card


def place_text(standings: Sequence[TeamStanding], team_id: int) -> str:
    """Say where a team stands, or what it lacks."""
    ranked = [standing for standing in standings if standing.rank is not None]
    own = next((standing for standing in standings if standing.team_id == team_id), None)
    if own is not None and own.rank is not None:
        return f"rank {own.rank:,} of {len(ranked):,} with {average_text(own)}."
    part = "nobody" if own is None else plural(own.members, "member")
    return f"not ranked, {part} with {ANSWERS_TO_TAKE_PART} answers so far."


def no_team_card(teams: Sequence[Team]) -> ui.LayoutView:
    """Render what somebody without a team can do; ``teams`` are some with room."""
    text = "## Your team\nYou are in none. `/team create` begins one, and you lead it."
    if teams:
        text += " These have room:\n" + "\n".join(
            f"{number}. Team {echo(team.name)} · {plural(team.size, 'member')}"
            + ("" if team.is_open else " · the captain chooses")
            for number, team in enumerate(teams, 1)
        )
    card = Card()
    card.add_item(ui.Container(ui.TextDisplay(text), ui.TextDisplay(RULE), accent_colour=TEAM))
    if teams:
        joins = [
            press_button(f"{'Join' if team.is_open else 'Ask'} {number}", "teamjoin", team.id)
            for number, team in enumerate(teams, 1)
        ]
        card.add_item(ui.ActionRow(*joins, press_button("Team board", "teamboard", "week", 0)))
    return card


def founded_card(team: Team, member_id: int) -> ui.LayoutView:
    """Render the news of a new team."""
    entry = (
        "Anybody may join."
        if team.is_open
        else "Who wants in asks; the captain sees it in `/team show` and chooses."
    )
    card = Card()
    card.add_item(
        ui.Container(
            ui.TextDisplay(f"## Team {echo(team.name)}\n<@{member_id}> founded it. {entry}"),
            ui.TextDisplay(RULE),
            accent_colour=TEAM,
        )
    )
    label = "Join" if team.is_open else "Ask to join"
    join = press_button(label, "teamjoin", team.id, style=discord.ButtonStyle.primary)
    card.add_item(ui.ActionRow(join, press_button("Look at it", "teamlook", team.id)))
    return card


def invitation_card(team: Team, *, by: int, member_id: int) -> ui.LayoutView:
    """Ask a member, for all to see, to join a team."""
    card = Card()
    card.add_item(
        ui.Container(
            ui.TextDisplay(
                f"## Team {echo(team.name)}\n<@{by}> invites <@{member_id}> to join; "
                f"{team.size} of {plural(MEMBERS_MOST, 'member')} so far."
            ),
            ui.TextDisplay(f"{RULE}\n-# The invitation is open for {REQUEST_LASTS.days} days."),
            accent_colour=TEAM,
        )
    )
    card.add_item(
        ui.ActionRow(
            press_button("Join", "teamjoin", team.id, style=discord.ButtonStyle.primary),
            press_button("No, thanks", "teamrefuse", team.id),
            press_button("Look at it", "teamlook", team.id),
        )
    )
    return card


def request_card(team: Team, member_id: int, server: str) -> ui.LayoutView:
    """Tell a captain, who asked for it, that somebody wants to join; ``server`` is its name."""
    card = Card()
    card.add_item(
        ui.TextDisplay(
            f"<@{member_id}> asks to join your team **{echo(team.name)}** in "
            f"**{echo(server, 100)}**. `/team show` there lets you accept or decline."
        )
    )
    card.add_item(ui.ActionRow(press_button("Stop notifying me", "teamquiet", team.guild_id)))
    return card


def leave_card(team: Team, *, is_captain: bool, waits: bool) -> ui.LayoutView:
    """Ask whether a member really goes, with what follows; ``waits``: before another team."""
    if team.size == 1:
        follows = "You are the last one: the team ends, its name is free again, its results stay."
    elif is_captain:
        follows = "The member who has been in it longest becomes captain."
    else:
        follows = "You may come back, if there is room."
    when = f"in {plural(CHANGE_AFTER.days, 'day')}" if waits else "at once"
    text = (
        f"### Leave {echo(team.name)}?\n{follows} What you earned for it stays with it. Another "
        f"team can take you {when}."
    )
    card = Card()
    card.add_item(ui.Container(ui.TextDisplay(text), accent_colour=TEAM))
    leave = press_button("Leave", "teamgo", team.id, style=discord.ButtonStyle.danger)
    card.add_item(ui.ActionRow(leave, press_button("Stay", "teamlook", team.id)))
    return card


def team_board_card(
    period: TeamPeriod,
    standings: Sequence[TeamStanding],
    own: Team | None,
    page: int,
    season: Season | None = None,
) -> ui.LayoutView:
    """Render a page of the team board; one past the end is the last one.

    ``season`` is the one that there is, whether or not this is its board.
    """
    ranked = [standing for standing in standings if standing.rank is not None]
    last = max(0, -(-len(ranked) // ROWS) - 1)
    page = max(0, min(page, last))
    shown = ranked[page * ROWS : (page + 1) * ROWS]
    lines = [_board_line(standing, own) for standing in shown]
    if not lines:
        lines = [
            f"No team has {MEMBERS_TO_RANK} members with {ANSWERS_TO_TAKE_PART} answers yet. The "
            "daily challenge, `/quiz`, duels and matches all count."
        ]
    elif len(standings) > len(ranked) and page == last:
        waiting = plural(len(standings) - len(ranked), "more team")
        lines.append(f"-# {waiting} with too few members who took part.")
    if own is None:
        where = "You are in no team. `/team join` takes you into one, `/team create` begins one."
    else:
        where = f"Your team {echo(own.name)}: {place_text(standings, own.id)}"
    is_season = period == "season" and season is not None
    title = echo(season.name) if season is not None and is_season else PERIOD_NAMES[period]
    periods = [name for name in TEAM_PERIODS if name != "season" or season is not None]
    card = Card()
    card.add_item(
        ui.Container(
            ui.TextDisplay(f"## Teams · {title}"),
            ui.TextDisplay("\n".join(lines)),
            ui.Separator(),
            ui.TextDisplay(f"{where}\n{RULE}"),
            accent_colour=TEAM,
        )
    )
    members = press_button("Members", "board", *BoardView(period).args())
    card.add_item(ui.ActionRow(*(_period_button(name, period) for name in periods), members))
    if last:
        before, after = max(0, page - 1), min(last, page + 1)
        card.add_item(
            ui.ActionRow(
                press_button("Previous", "teamprev", period, before, disabled=page == 0),
                press_button("Next", "teamnext", period, after, disabled=page == last),
            )
        )
    return card


def _board_line(standing: TeamStanding, own: Team | None) -> str:
    mark = " (yours)" if own is not None and own.id == standing.team_id else ""
    return (
        f"**{standing.rank}.** {echo(standing.name)}{mark}  {average_text(standing)}  ·  "
        f"{standing.members} took part, {standing.right:,} of {standing.answered:,} right"
    )


def _period_button(name: TeamPeriod, now: TeamPeriod) -> Press:
    style = discord.ButtonStyle.primary if name == now else discord.ButtonStyle.secondary
    label = PERIOD_NAMES[name]
    return press_button(label, "teamboard", name, 0, style=style, disabled=name == now)


def _captain_text(view: TeamView) -> str:
    captain = next((m.member_id for m in view.members if m.is_captain), None)
    if captain == view.reader_id:
        return "You are the captain"
    if captain is None or captain not in view.listed:
        return "The captain is hidden"
    return f"Captain: <@{captain}>"


def _members_text(view: TeamView) -> str:
    """Say what each member brought this week; hidden and former ones together."""
    brought: Mapping[int, Share] = {share.member_id: share for share in view.shares}
    named = [
        member
        for member in view.members
        if member.member_id in view.listed or member.member_id == view.reader_id
    ]
    order = {share.member_id: place for place, share in enumerate(view.shares)}
    named.sort(key=lambda m: (order.get(m.member_id, len(order)), m.joined_at, m.id))
    lines = [
        f"- <@{member.member_id}>{_brought_text(brought.get(member.member_id))}" for member in named
    ]
    hidden = len(view.members) - len(named)
    if hidden:
        lines.append(f"- {plural(hidden, 'hidden member')}")
    here = {member.member_id for member in view.members}
    former = sum(share.member_id not in here for share in view.shares)
    if former:
        lines.append(f"- {plural(former, 'former member')} took part as well")
    return "\n".join(lines)


def _brought_text(share: Share | None) -> str:
    if share is None:
        return ""
    return f"  {plural(share.points, 'point')}  ·  {share.right:,} of {share.answered:,} right"


def _invited_text(view: TeamView) -> str:
    parts = [f"<@{member_id}>" for member_id in view.invited if member_id in view.listed]
    hidden = len(view.invited) - len(parts)
    if hidden:
        parts.append(plural(hidden, "hidden member"))
    return f"**Invited:** {', '.join(parts)}"


def _requests_text(requests: Sequence[JoinRequest]) -> str:
    lines = [
        f"{number}. <@{request.member_id}> asked {moment(request.asked_at)}"
        for number, request in enumerate(requests[:REQUESTS_SHOWN], 1)
    ]
    rest = len(requests) - REQUESTS_SHOWN
    if rest > 0:
        lines.append(f"-# and {rest} more, when these are answered")
    return "**Wants to join**\n" + "\n".join(lines)


def _team_buttons(view: TeamView) -> list[ui.Item[Any]]:
    team = view.team
    buttons: list[ui.Item[Any]] = []
    if view.reader_team_id is None:
        label = "Join" if team.is_open else "Ask to join"
        buttons.append(press_button(label, "teamjoin", team.id, style=discord.ButtonStyle.primary))
    if view.is_leader:
        label = "By request" if team.is_open else "Open to all"
        buttons.append(press_button(label, "teamentry", team.id, int(not team.is_open)))
    own = next((m for m in view.members if m.member_id == view.reader_id), None)
    if own is not None and own.is_captain and not team.is_open:
        label = "Stop notifying me" if own.is_told else "Notify me"
        buttons.append(press_button(label, "teamtold", team.guild_id, int(not own.is_told)))
    if view.reader_team_id == team.id:
        buttons.append(press_button("Leave", "teamleave", team.id))
    buttons.append(press_button("Team board", "teamboard", "week", 0))
    return buttons
