"""Seasons, as members read them: how one stands, its ceremony, and the final standings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord
from discord import MediaGalleryItem, ui

from bot.core.board import BoardPage
from bot.core.season import Ceremony, FinalPage, Prize, PrizeKind, Season, TeamPlace
from bot.ui.boards import BOARD
from bot.ui.card import Card
from bot.ui.chart import PICTURE
from bot.ui.honours import HONOUR, who, winner_lines
from bot.ui.limits import DISPLAY_CHARS, clip
from bot.ui.press import press_button
from bot.ui.words import dates_text, echo, listed, plural

ARCHIVED = 5
"""Seasons on one page of the archive, each with a button."""
TEAMS_TOLD = 5
PODIUM_SHOWN = 3
STILL_OPEN = "its last challenge is revealed"
_LINE = ""
"""Among the texts of a card: a line across it."""
_PRIZES: dict[PrizeKind, str] = {"improved": "Most improved", "streak": "Longest streak"}


def season_days(season: Season) -> str:
    """Return the days of a season with their year."""
    return dates_text(season.first, season.last)


def season_text(season: Season, today: date, zone: str) -> str:
    """Describe a season that is not closed: its name, its days and how far it is."""
    stage = season.stage(today)
    if stage == "planned":
        begins = (season.first - today).days
        state = f"begins in {plural(begins, 'day')}"
    elif stage == "running":
        left = season.days_left(today)
        state = "this is its last day" if left == 1 else f"{plural(left, 'day')} to go with today"
    else:
        state = f"over; told once {STILL_OPEN}"
    lines = [
        f"**{echo(season.name)}** · {season_days(season)} ({zone}), {state}",
        f"- Its end is told in <#{season.channel_id}>",
        "- The champion gets "
        + (
            f"<@&{season.role_id}>, until the next one" if season.role_id else "the honour, no role"
        ),
    ]
    return "\n".join(lines)


def begun_card(season: Season, today: date, zone: str, head: str) -> ui.LayoutView:
    """Tell the channel of a new or changed season, and how to take part."""
    return _card(
        [
            f"## {head}",
            season_text(season, today, zone),
            "-# Every answer of these days counts, for its usual points. "
            "`/leaderboard period: Season` has the board.",
        ]
    )


def standing_card(
    parts: Sequence[str], board: BoardPage | None, notes: Sequence[str]
) -> ui.LayoutView:
    """Render how a server's seasons stand; ``board`` is the running one's."""
    texts = ["## Seasons", *parts]
    if board is not None:
        texts += [_LINE, _board_text(board)]
    texts += [_LINE, *(f"⚠ {note}" for note in notes)]
    texts.append("-# `/leaderboard period: Season` · `/season archive`")
    return _card(texts)


def end_card(season: Season, today: date, is_open: bool) -> ui.LayoutView:
    """Ask whether a season is to end now; ``is_open`` says whether a challenge of it still is."""
    if season.stage(today) == "planned":
        text = "It has not begun; it goes as if it had never been planned."
        label = "Give it up"
    else:
        text = (
            "Today is its last day then, and its standings are final. "
            + (
                f"They are told once {STILL_OPEN}. `/daily reveal` reveals a challenge now."
                if is_open
                else f"They are told in <#{season.channel_id}> at once."
            )
            + "\nIf nobody has answered anything yet, it goes without a trace."
        )
        label = "End it now"
    return _card(
        [f"### End “{echo(season.name)}”?", f"{season_days(season)}. {text}"],
        [
            press_button(label, "seasonend", season.id, style=discord.ButtonStyle.danger),
            press_button("Let it run", "seasonrun", season.id),
        ],
    )


def ceremony_card(ceremony: Ceremony, alt: str | None) -> ui.LayoutView:
    """Render a season's end; ``alt`` reads out the attached podium, None when there is none."""
    season = ceremony.season
    name = echo(season.name)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=HONOUR)
    view = Card()
    view.add_item(container)
    if not ceremony.winners:
        container.add_item(ui.TextDisplay(f"## {name} is over"))
        container.add_item(
            ui.TextDisplay(
                "Nobody took part this time, so there is no champion. The next one can begin: "
                f"`/season start`.\n-# {season_days(season)}"
            )
        )
        view.add_item(ui.ActionRow(press_button("Standings", "seasonmy", season.id)))
        return view
    container.add_item(ui.TextDisplay(f"## {name} is over: well done!"))
    if alt is not None:
        container.add_item(
            ui.MediaGallery(MediaGalleryItem(f"attachment://{PICTURE}", description=alt))
        )
    container.add_item(ui.TextDisplay(winner_lines(ceremony.winners)))
    if ceremony.teams:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(_team_text(ceremony.teams)))
    told = prize_lines(ceremony.prizes)
    if season.role_id is not None and ceremony.champions:
        names = [who(one.member_id, one.is_hidden) for one in ceremony.champions]
        told.append(f"**Champion:** <@&{season.role_id}> for {listed(names)}")
    if told:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay("\n".join(told)))
    container.add_item(ui.Separator())
    container.add_item(
        ui.TextDisplay(
            f"-# {season_days(season)} · {plural(ceremony.members, 'member')} took part · "
            "`/season archive` keeps the standings."
        )
    )
    view.add_item(
        ui.ActionRow(
            press_button("My place", "seasonmy", season.id),
            press_button("All places", "final", season.id, 0),
        )
    )
    return view


def prize_lines(prizes: Sequence[Prize]) -> list[str]:
    """Return the prizes, one a line: those who share one stand together."""
    lines = []
    for kind, title in _PRIZES.items():
        won = [prize for prize in prizes if prize.kind == kind]
        if not won:
            continue
        names = listed([who(prize.member_id, prize.is_hidden) for prize in won])
        if kind == "streak":
            value = f"{plural(won[0].value, 'day')} in a row"
        else:
            value = (
                f"{won[0].value / 10:.1f} percentage points more right in the second half than in "
                "the first"
            )
        lines.append(f"**{title}:** {names}, {value}")
    return lines


def archive_card(ceremonies: Sequence[Ceremony], *, page: int, pages: int) -> ui.LayoutView:
    """Render a page of the closed seasons, newest first, with a button to each."""
    if not ceremonies:
        return _card(
            ["## Past seasons", "None is over yet. `/season status` tells of the one that runs."]
        )
    buttons = [
        press_button(ceremony.season.name, "final", ceremony.season.id, 0)
        for ceremony in ceremonies
    ]
    texts = ["## Past seasons"]
    for ceremony in ceremonies:
        texts += [_LINE, _archived(ceremony)]
    view = _card(texts, buttons)
    if pages > 1:
        view.add_item(
            ui.ActionRow(
                press_button("Newer", "seasonsnew", page - 1, disabled=page == 0),
                press_button("Older", "seasonsold", page + 1, disabled=page == pages - 1),
            )
        )
    return view


def final_card(page: FinalPage, ceremony: Ceremony) -> ui.LayoutView:
    """Render a page of a season's final standings, with the reader's own place."""
    season = page.season
    texts = [f"## {echo(season.name)}", f"-# {season_days(season)}"]
    if not page.winners:
        texts.append("Nobody took part.")
    else:
        texts.append(winner_lines(page.winners))
    if page.number == 0:
        if ceremony.teams:
            texts += [_LINE, _team_text(ceremony.teams)]
        prizes = prize_lines(ceremony.prizes)
        if prizes:
            texts += [_LINE, "\n".join(prizes)]
    if page.own is not None:
        points = plural(page.own.points, "point")
        texts += [_LINE, f"You: rank {page.own.rank:,} of {page.size:,} with {points}."]
    elif page.winners:
        texts += [_LINE, "You are not among these places."]
    buttons = []
    if page.pages > 1:
        buttons += [
            press_button(
                "Previous", "finalprev", season.id, max(0, page.number - 1),
                disabled=page.number == 0,
            ),
            press_button(
                "Next", "finalnext", season.id, min(page.pages - 1, page.number + 1),
                disabled=page.number == page.pages - 1,
            ),
        ]  # fmt: skip
        if page.own is not None:
            buttons.append(press_button("My place", "finalmy", season.id))
    buttons.append(press_button("All seasons", "seasons", 0))
    return _card(texts, buttons)


def _archived(ceremony: Ceremony) -> str:
    season = ceremony.season
    head = f"**{echo(season.name)}** · {season_days(season)}"
    podium = [winner for winner in ceremony.winners if winner.rank <= 3][:PODIUM_SHOWN]
    if not podium:
        return f"{head}\n-# Nobody took part."
    return f"{head}\n{winner_lines(podium)}\n-# {plural(ceremony.members, 'member')} took part"


def _team_text(teams: Sequence[TeamPlace]) -> str:
    return "**Teams**\n" + "\n".join(
        f"**{team.rank}.** {echo(team.name)}  {team.score / 100:,.1f} points a member  ·  "
        f"{plural(team.members, 'member')}"
        for team in teams[:TEAMS_TOLD]
    )


def _board_text(board: BoardPage) -> str:
    if not board.places:
        return "Nobody has points yet."
    lines = [
        f"**{place.rank}.** <@{place.member_id}>  {plural(place.points, 'point')}"
        for place in board.places[:PODIUM_SHOWN]
    ]
    if board.own is not None and board.is_listed:
        lines.append(
            f"You: rank {board.own.rank:,} of {board.size:,} with "
            f"{plural(board.own.points, 'point')}."
        )
    return "\n".join(lines)


def _card(texts: Sequence[str], buttons: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    view = Card()
    left = DISPLAY_CHARS
    shown = []
    for text in texts:
        if left > 1:
            shown.append(clip(text, left))
            left -= len(shown[-1])
    view.add_item(
        ui.Container(
            *(ui.Separator() if text == _LINE else ui.TextDisplay(text) for text in shown),
            accent_colour=BOARD,
        )
    )
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view
