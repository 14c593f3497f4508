"""Cards of a match while it is played: a question, its answer with the standings, the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.core.contest import FORMER_MEMBER
from bot.core.match import Ending, Match
from bot.core.match_standing import FULL, IDLE_ROUNDS, MatchRound, MatchStanding
from bot.core.post import LETTERS, Post, Recorded
from bot.core.team import MEMBERS_TO_RANK, TeamStanding
from bot.core.team_match import MatchTeam, team_standings
from bot.ui.card import Card
from bot.ui.limits import BUTTONS_IN_ROW
from bot.ui.press import press_button
from bot.ui.questions import RIGHT, options_text, report_button
from bot.ui.teams import average_text
from bot.ui.words import echo, link, moment, plural

MATCH = discord.Colour(0xC2571A)
STILL = discord.Colour(0x6C7078)
STANDINGS_SHOWN = 5
TEAMS_SHOWN = 5
BAR_CELLS = 10

ENDINGS: dict[Ending, str] = {
    "played": "",
    "stopped": "It was stopped before the last question.",
    "idle": f"Nobody answered {IDLE_ROUNDS} questions in a row, so it ended there.",
    "outage": "I was away for too long, so it ended there.",
    "lost": "I could not post where it was played any more, so it ended there.",
    "expired": "Nobody started it in time. `/match start` opens a new one.",
    "called_off": "It was called off. `/match start` opens a new one.",
}


# ---------------------------------------------------------------------------- questions


def asking_card(match: Match, post: Post, *, answers: int, players: int) -> ui.LayoutView:
    """Render the question that is asked. Shows how many answered, never what.

    A pause hides the question, so that nobody thinks on while the clock stands.
    """
    view = Card()
    head = ui.TextDisplay[ui.LayoutView](f"-# {question_title(match, post)}")
    if match.until is None:
        view.add_item(
            ui.Container(
                head,
                ui.TextDisplay(f"## Paused\n{paused_text(match)}"),
                ui.TextDisplay("-# The question comes back with the time that was left."),
                accent_colour=STILL,
            )
        )
        view.add_item(ui.ActionRow(_resume(match), _menu(match)))
        return view
    view.add_item(
        ui.Container(
            head,
            ui.TextDisplay(f"## {post.shown.question.prompt}"),
            ui.TextDisplay(options_text(post.shown)),
            ui.Separator(),
            ui.TextDisplay(
                f"**The bell rings {moment(match.until)}**\n"
                f"-# {answers:,} of {plural(max(players, answers), 'player')} answered. "
                "Only you see yours."
            ),
            accent_colour=MATCH,
        )
    )
    buttons = [
        press_button(LETTERS[place], "match", post.id, place, style=discord.ButtonStyle.primary)
        for place in range(len(post.shown.options))
    ]
    if len(buttons) < BUTTONS_IN_ROW:
        view.add_item(ui.ActionRow(*buttons, _menu(match)))
    else:
        view.add_item(ui.ActionRow(*buttons))
        view.add_item(ui.ActionRow(_menu(match)))
    return view


def answer_card(
    match: Match,
    round_: MatchRound,
    *,
    tally: Sequence[int],
    found: Sequence[MatchStanding],
    teams: Sequence[TeamStanding],
    fastest: tuple[int, timedelta] | None,
) -> ui.LayoutView:
    """Render a question that is over: the key, how all answered, why, and how the match stands.

    ``fastest`` is who was right first, with the time it took; ``found`` the standings with it,
    ``teams`` those of teams.
    """
    post = round_.post
    question = post.shown.question
    total = sum(tally)
    if round_.is_void:
        story = "This question was skipped and brings nobody anything."
    elif not total:
        story = "Nobody answered this one."
    else:
        story = f"{tally[post.shown.key]:,} of {plural(total, 'answer')} right."
        if fastest is not None:
            story += f" Fastest: <@{fastest[0]}>, {fastest[1].total_seconds():.1f} s."
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# {question_title(match, post)} · closed"),
            ui.TextDisplay(f"### {question.prompt}"),
            ui.TextDisplay(_tally_text(post, tally)),
            ui.TextDisplay(f"**Why:** {question.explanation}\n-# Source: {link(question.source)}"),
            ui.Separator(),
            ui.TextDisplay(f"**{story}**"),
            *([ui.TextDisplay(match_teams_text(teams, TEAMS_SHOWN))] if teams else []),
            ui.TextDisplay(standings_text(found, STANDINGS_SHOWN)),
            *_foot(match, post),
            accent_colour=RIGHT,
        )
    )
    row = ui.ActionRow[Any](
        press_button("My place", "matchmine", match.id),
        press_button("Look it up", "show", question.entry_id),
        report_button(post.id),
    )
    if match.counts_down_after(post.place):
        row.add_item(_menu(match))
        if match.until is None:
            row.add_item(_resume(match))
    view.add_item(row)
    return view


def question_title(match: Match, post: Post) -> str:
    """Return which question it is of how many."""
    return f"Match · question {post.place + 1} of {match.settings.questions}"


def match_teams_text(teams: Sequence[TeamStanding], most: int) -> str:
    """Return the first teams, one a line, and how many are not ranked."""
    ranked = [team for team in teams if team.rank is not None]
    lines = [
        f"**{team.rank}.** Team {echo(team.name)}  {average_text(team, 'player')}"
        for team in ranked[:most]
    ]
    if len(ranked) > most:
        lines.append(f"-# and {plural(len(ranked) - most, 'more team')}")
    rest = len(teams) - len(ranked)
    if rest:
        lines.append(
            f"-# {plural(rest, 'team')} not ranked: it takes {MEMBERS_TO_RANK} players who answer"
        )
    return "\n".join(lines)


def standings_text(found: Sequence[MatchStanding], most: int) -> str:
    """Return the first of the standings, one a line, with what the last question brought."""
    if not found:
        return "Nobody plays just now. Come in by answering the next question."
    lines = []
    for one in found[:most]:
        gained = f"  (+{one.gained:,})" if one.gained else ""
        lines.append(f"**{one.rank}.** {who(one)}  {one.score:,}{gained}")
    if len(found) > most:
        lines.append(f"-# and {len(found) - most:,} more: **My place** shows you yours")
    return "\n".join(lines)


def who(one: MatchStanding) -> str:
    """Return a player as a mention, with when they joined if that was late, and whether they left.

    Mentions ping nobody.
    """
    name = FORMER_MEMBER if one.member_id is None else f"<@{one.member_id}>"
    notes = []
    if one.joined:
        notes.append(f"from question {one.joined + 1}")
    if one.contestant.left_at is not None:
        notes.append("left")
    return f"{name} ({', '.join(notes)})" if notes else name


def next_text(match: Match) -> str:
    """Say when what comes next."""
    what = "The finale" if match.place >= match.settings.questions else "Next question"
    if match.until is None:
        return f"Paused. {paused_text(match)}"
    return f"{what} {moment(match.until)}"


def paused_text(match: Match) -> str:
    """Say why the clock stands, and when it goes on."""
    assert match.resumes_at is not None  # noqa: S101 - asked of a pause only
    if match.cause == "trouble":
        return (
            "I may not post here. It goes on as soon as I may, and ends with the results "
            f"{moment(match.resumes_at)} otherwise."
        )
    return f"The host or a manager goes on; by itself it goes on {moment(match.resumes_at)}."


def _foot(match: Match, post: Post) -> list[ui.Item[Any]]:
    if not match.counts_down_after(post.place):
        return []
    return [ui.TextDisplay(f"**{next_text(match)}**")]


def _tally_text(post: Post, tally: Sequence[int]) -> str:
    rows = []
    total = sum(tally)
    for place, option in enumerate(post.shown.options):
        count = tally[place] if place < len(tally) else 0
        filled = round(BAR_CELLS * count / total) if total else 0
        bar = "█" * filled + "░" * (BAR_CELLS - filled)
        name = f"{LETTERS[place]}  {option}"
        if place == post.shown.key:
            name = f"**{name}  ← right**"
        rows.append(f"{name}\n-# {bar} {count:,}")
    return "\n".join(rows)


def _menu(match: Match) -> Any:
    return press_button("Menu", "matchmenu", match.id)


def _resume(match: Match) -> Any:
    return press_button("Go on", "matchgo", match.id, style=discord.ButtonStyle.success)


# ------------------------------------------------------------------------------ private


def menu_card(match: Match, *, is_in: bool, runs_it: bool, host_id: int | None) -> ui.LayoutView:
    """Render what a member may do in a running match; ``runs_it`` for its host and managers."""
    lines = ["### Match menu"]
    if host_id is not None:
        lines.append(f"Host: <@{host_id}>. The host and the server's managers pause, skip, stop.")
    if match.settings.has_speed:
        lines.append(
            f"A right answer is worth {FULL:,} × (1 − t ÷ {2 * match.settings.seconds}) after t "
            f"seconds; {FULL:,} under half a second."
        )
    view = Card()
    view.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=MATCH))
    row = ui.ActionRow[Any](press_button("My place", "matchmine", match.id))
    if is_in:
        row.add_item(press_button("Leave the match", "matchleave", match.id))
    else:
        row.add_item(press_button("Join", "matchjoin", match.id, style=discord.ButtonStyle.success))
    view.add_item(row)
    if runs_it:
        skip = "Skip this question" if match.phase == "asking" else "Skip the wait"
        pause = (
            press_button("Go on", "matchgo", match.id, style=discord.ButtonStyle.success)
            if match.until is None
            else press_button("Pause", "matchpause", match.id)
        )
        view.add_item(
            ui.ActionRow(
                pause,
                press_button(skip, "matchskip", match.id),
                press_button(
                    "Stop, with results", "matchstop", match.id, style=discord.ButtonStyle.danger
                ),
            )
        )
    return view


def recorded_text(match: Match | None, post: Post, recorded: Recorded, *, came_in: bool) -> str:
    """Say privately that an answer was recorded, without a word on whether it is right.

    ``came_in``: the member joined with it.
    """
    letter = LETTERS[recorded.answer.place]
    text = f"**{letter}  {post.shown.options[recorded.answer.place]}**"
    if not recorded.is_new:
        return f"Your first answer stands: {text}."
    came = "You are in, from this question on. " if came_in else ""
    when = ""
    if match is not None and match.phase == "asking" and match.place == post.place:
        when = f" The bell rings {moment(match.until)}." if match.until is not None else ""
    return f"{came}Recorded: {text}.{when}"


def too_late_text(post: Post, place: int) -> str:
    """Say privately that a question is over, and whether the pick would have been right."""
    verdict = (
        "It would have been right."
        if place == post.shown.key
        else (f"The right one was **{LETTERS[post.shown.key]}  {post.shown.question.key}**.")
    )
    return f"The bell rang before your answer came, so it does not count. {verdict}"


def own_place_text(
    found: Sequence[MatchStanding],
    member_id: int,
    topics: Mapping[str, str],
    teams: Mapping[int, MatchTeam],
) -> str:
    """Say privately where a member stands.

    ``topics`` are the names of topics by id, ``teams`` the players' by contestant's id.
    """
    own = next((one for one in found if one.member_id == member_id), None)
    if own is None:
        return "You have not played in this match."
    text = (
        f"**Rank {own.rank:,} of {len(found):,}** with {plural(own.score, 'point')}: "
        f"{own.right} of {plural(own.answered, 'answer')} right."
    )
    if own.gained:
        text += f" The last question brought you {own.gained:,}."
    team = teams.get(own.contestant.id)
    if team is not None:
        text += f"\nYour team {echo(team.name)}: {_team_place(found, teams, team)}"
    return text + topics_text(own, topics, "\n")


def _team_place(
    found: Sequence[MatchStanding], teams: Mapping[int, MatchTeam], team: MatchTeam
) -> str:
    standings = team_standings(found, teams)
    ranked = sum(one.rank is not None for one in standings)
    own = next((one for one in standings if one.team_id == team.id), None)
    if own is None or own.rank is None:
        return f"not ranked yet, it takes {MEMBERS_TO_RANK} players who answer."
    return f"rank {own.rank:,} of {ranked:,} with {average_text(own, 'player')}."


def topics_text(one: MatchStanding, topics: Mapping[str, str], before: str) -> str:
    """Return a player's best and worst topic; empty when all are alike."""
    if one.best is None or one.worst is None:
        return ""
    best, worst = (topics.get(topic, topic) for topic in (one.best, one.worst))
    return f"{before}Best: {best} · to review: {worst}"
