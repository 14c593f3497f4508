"""A challenge's settings, before and after they are saved; its state and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import discord
from discord import ui

from bot.core.audit import AuditLine
from bot.core.daily import Challenge
from bot.core.post import Post
from bot.core.weekdays import EVERY_DAY, days_text
from bot.ui.card import Card
from bot.ui.limits import CHOICE_NAME_CHARS, DISPLAY_CHARS, clip
from bot.ui.press import press_button
from bot.ui.words import link, message_url, moment, plural

SETTINGS = discord.Colour(0x4C6FAE)
CARD_CHARS = DISPLAY_CHARS - 200
"""Left for the texts around what may be long."""
TOLD_WHERE = (
    "-# If I can't post one day, I say so once: in the server's system channel, or else by direct "
    "message to whoever saved this."
)
_WORDS = {
    "posted": "posted",
    "late": "posted late",
    "by_hand": "posted by hand",
    "skipped": "skipped by a manager",
    "missed": "not posted",
    "paused": "not posted",
    "deleted": "deleted",
}


def settings_text(challenge: Challenge, *, about: str, next_at: datetime | None = None) -> str:
    """Describe a challenge's settings in the server's words and everyone's own zone.

    ``about`` names its topic or exam.
    """
    is_daily = challenge.days == EVERY_DAY
    if challenge.reveal_at is not None:
        reveal = f"{challenge.reveal_at:%H:%M}"
    else:
        reveal = f"30 minutes before {'the next one' if is_daily else 'that time the next day'}"
    hours = int(challenge.catch_up / timedelta(hours=1))
    lines = [
        f"**Daily challenge** in <#{challenge.channel_id}>",
        f"- Posted at {challenge.at:%H:%M} ({challenge.zone}), answer revealed: {reveal}",
        f"- Days: {days_text(challenge.days)}",
        f"- After an outage: at most {plural(hours, 'hour')} late, else left out",
        f"- Asks about: {about}",
        "- Mentions " + (f"<@&{challenge.role_id}>" if challenge.role_id else "nobody")
        + (", with a thread to talk in" if challenge.has_thread else ", no thread"),
        "- Tells who won each week and month, once a server" if challenge.has_winners
        else "- Tells nobody who won a week or month",
    ]  # fmt: skip
    if not challenge.is_on:
        lines.append("- Switched off. `/daily resume` or `/daily setup` starts it again.")
    elif challenge.is_paused:
        lines.append("- Paused. `/daily resume` lets it go on.")
    elif next_at is not None:
        lines.append(f"- Next: {moment(next_at, 'f')} your time, {moment(next_at)}")
    return "\n".join(lines)


def draft_card(
    draft_id: int, head: str, settings: str, notes: Sequence[str], *, has_role: bool
) -> ui.LayoutView:
    """Render settings that wait for "Save"."""
    buttons = [
        press_button("Save", "save", draft_id, style=discord.ButtonStyle.success),
        press_button("Cancel", "discard", draft_id),
    ]
    if has_role:
        buttons.append(press_button("Mention nobody", "norole", draft_id))
    texts = [f"### {head}", settings, *(f"⚠ {note}" for note in notes), TOLD_WHERE]
    return _card(texts, buttons)


def conflict_card(draft_id: int, theirs: str, mine: str) -> ui.LayoutView:
    """Render what two managers want of the same challenge; the reader decides."""
    return _card(
        [
            "### Somebody else changed this challenge meanwhile",
            f"**Saved now**\n{theirs}",
            f"**Yours, not saved**\n{mine}",
        ],
        [
            press_button("Save mine over it", "save", draft_id, style=discord.ButtonStyle.danger),
            press_button("Keep what is saved", "discard", draft_id),
        ],
    )


def skipped_card(text: str, challenge_id: int, day: date) -> ui.LayoutView:
    """Say that a study date is skipped, with the way back."""
    return _card(
        [text], [press_button("Post it after all", "unskip", challenge_id, day.isoformat())]
    )


def said_card(*texts: str) -> ui.LayoutView:
    """Render plain texts as a card, cut to what Discord takes."""
    left = CARD_CHARS
    shown = []
    for text in texts:
        if left > 0:
            shown.append(clip(text, left))
            left -= len(shown[-1])
    return _card(shown, [])


def challenge_label(challenge: Challenge, channel: str, about: str) -> str:
    """Return a challenge's name in a list to choose from."""
    state = "" if challenge.is_on else " · off"
    state = " · paused" if challenge.is_on and challenge.is_paused else state
    return clip(f"{channel} · {challenge.at:%H:%M} · {about}{state}", CHOICE_NAME_CHARS)


def history_lines(
    lines: Sequence[AuditLine], posts: Mapping[date, Post], answers: Mapping[int, int]
) -> list[str]:
    """Say what became of each study date, newest first; a date has one line."""
    told: dict[date, list[str]] = {}
    for day, group in groupby(lines, key=lambda line: line.study_date):
        told[day] = [
            _WORDS[line.event] + (f" ({line.detail.rstrip('.')})" if line.detail else "")
            for line in group
        ]
    rows = []
    for day in sorted({*told, *posts}, reverse=True):
        words = told.get(day, [])
        post = posts.get(day)
        if post is not None and post.message_id is not None and post.channel_id is not None:
            words = words or ["posted"]
            url = message_url(post.guild_id, post.channel_id, post.message_id)
            state = "open" if post.closed_at is None else "revealed"
            words = [*words, plural(answers.get(post.id, 0), "answer"), link(url, state)]
        rows.append(f"- **{day:%a} {day.day} {day:%b}** " + " · ".join(words or ["being posted"]))
    return rows


def _card(texts: Sequence[str], buttons: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    view = Card()
    view.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=SETTINGS))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view
