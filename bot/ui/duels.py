"""Cards for duels: the public message in each of its states, and what the two see in private.

Buttons carry the duel's id and nothing of what is asked. ``FEATURES`` are those of the public
message, by which it is found again after a crash.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.core.contest import FORMER_MEMBER, Contestant
from bot.core.duel import (
    QUESTIONS,
    Decision,
    Duel,
    decided_by,
)
from bot.core.rating import RatingStep, Verdict
from bot.ui.card import Card
from bot.ui.press import Press, press_button
from bot.ui.questions import ASKED, RIGHT
from bot.ui.words import moment

DUEL = discord.Colour(0xB07A2A)
FEATURES = ("duelyes", "duelno", "duelback", "duelplay", "duelseen", "rematch")

_DECIDED: dict[Decision, str] = {
    "answers": "More right answers decided.",
    "completeness": "Equally many right: who answered more questions is ahead.",
    "time": "Equally many right: the shorter time decided.",
    "default": "Won by default: the other one answered nothing in time.",
    "draw": "Equal in everything: a draw.",
}
_UNRATED: dict[Verdict, str] = {
    "alone": "It does not count for ratings: only one of the two played.",
    "again": "It does not count for ratings: the two had one that counts on that day.",
    "in a row": "It does not count for ratings: one of them met the other last time, too.",
}


def mention(member_id: int | None) -> str:
    """Return how a member is named in a message; a former one has no name."""
    return FORMER_MEMBER if member_id is None else f"<@{member_id}>"


def duel_card(
    duel: Duel,
    *,
    subject: str,
    done: Collection[int] = (),
    rated: tuple[Verdict, Mapping[int, RatingStep]] | None = None,
) -> ui.LayoutView:
    """Render the public message of a duel as it stands.

    ``subject`` is what it is about; ``done`` are those of a running one who answered everything;
    ``rated`` is what one with a result did to ratings, None while that is not known.
    """
    lines, buttons, colour = state_of(duel, done, rated)
    view = Card()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"-# Duel · {subject}"),
            *(ui.TextDisplay(line) for line in lines),
            accent_colour=colour,
        )
    )
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def state_of(
    duel: Duel,
    done: Collection[int],
    rated: tuple[Verdict, Mapping[int, RatingStep]] | None,
) -> tuple[list[str], list[Press], discord.Colour]:
    """Return the texts, the buttons and the colour of a duel as it stands."""
    one, two = mention(duel.challenger_id), mention(duel.opponent_id)
    if duel.is_invitation:
        lines = [
            f"## {one} challenges {two}",
            f"{QUESTIONS} questions, the same for both, played in private whenever each has time. "
            "More right answers win; when equal, the shorter time over all questions.",
            f"-# It can be accepted until {moment(duel.expires_at, 'f')}. Then both have 24 hours.",
        ]
        buttons = [
            press_button("Accept", "duelyes", duel.id, style=discord.ButtonStyle.success),
            press_button("Decline", "duelno", duel.id),
            press_button("Withdraw", "duelback", duel.id),
        ]
        return lines, buttons, DUEL
    if duel.is_running:
        assert duel.deadline is not None  # noqa: S101 - every accepted duel has one
        lines = [
            f"## {one} against {two}",
            "\n".join(_progress(duel, who, done) for who in (duel.challenger_id, duel.opponent_id)),
            f"-# Open until {moment(duel.deadline, 'f')}, {moment(duel.deadline)}. The time of a "
            "question runs from when you see it, so press Play when you have some minutes. Once "
            "you have seen one, leaving without an answer can cost you rating.",
        ]
        return lines, [play_button(duel)], ASKED
    if duel.ending == "played" and duel.contest is not None:
        ranked = sorted(
            (one for one in duel.contest.contestants if one.result is not None),
            key=lambda one: (one.result.rank if one.result else 0, one.id),
        )
        lines = [_headline(ranked), "\n".join(_result_line(one) for one in ranked)]
        lines.append(_decision(ranked) + _rating_text(ranked, rated))
        buttons = [
            press_button("What I missed", "duelseen", duel.id),
            press_button("Rematch", "rematch", duel.id, style=discord.ButtonStyle.primary),
        ]
        return lines, buttons, RIGHT
    text = {
        "unplayed": f"{one} and {two}: neither played in time, so there is no result.",
        "declined": f"{two} declined the challenge of {one}. Another time!",
        "withdrawn": f"{one} withdrew the challenge to {two}.",
        "expired": f"{two} did not answer the challenge of {one} in time.",
        "off": "This challenge is off: one of the two is not here any more.",
        "unsent": f"The challenge of {one} to {two} could not be sent.",
    }[duel.ending or "off"]
    buttons = []
    if duel.ending == "unplayed" and duel.has_both:
        buttons = [press_button("Rematch", "rematch", duel.id)]
    return [text], buttons, DUEL


def _progress(duel: Duel, member_id: int | None, done: Collection[int]) -> str:
    state = "has played" if member_id in done else "has yet to play"
    return f"{mention(member_id)} {state}"


def play_button(duel: Duel) -> Press:
    """Return the button with which a member gets their next question."""
    return press_button("Play", "duelplay", duel.id, style=discord.ButtonStyle.primary)


def _headline(ranked: Sequence[Contestant]) -> str:
    first, second = ranked
    if _results(ranked)[0].rank == _results(ranked)[1].rank:
        return f"## A draw between {mention(first.member_id)} and {mention(second.member_id)}"
    return f"## {mention(first.member_id)} wins against {mention(second.member_id)}"


def _results(ranked: Sequence[Contestant]) -> tuple[Any, Any]:
    first, second = (one.result for one in ranked)
    return first, second


def _result_line(contestant: Contestant) -> str:
    result = contestant.result
    assert result is not None  # noqa: S101 - those without are left out
    name = f"**{result.rank}.** {mention(contestant.member_id)}"
    if not result.answered:
        return f"{name}  did not answer in time"
    text = f"{name}  {result.right} of {QUESTIONS} right in {duration(result.took_ms or 0)}"
    if result.answered < QUESTIONS:
        text += f" ({result.answered} answered)"
    return text


def _decision(ranked: Sequence[Contestant]) -> str:
    return f"-# {_DECIDED[decided_by(*_results(ranked))]}"


def _rating_text(
    ranked: Sequence[Contestant], rated: tuple[Verdict, Mapping[int, RatingStep]] | None
) -> str:
    if rated is None:
        return ""
    verdict, steps = rated
    if verdict != "counts":
        return f"\n-# {_UNRATED[verdict]}"
    parts = [
        f"{mention(one.member_id)} {rating_step_text(steps[one.member_id])}"
        for one in ranked
        if one.member_id is not None and one.member_id in steps
    ]
    if not parts:
        return ""
    is_default = decided_by(*_results(ranked)) == "default"
    intro = "Both had seen a question, so ratings move" if is_default else "Ratings"
    return f"\n-# {intro}: {', '.join(parts)}"


def rating_step_text(step: RatingStep) -> str:
    """Return a rating with how far it moved.

    >>> from bot.core.rating import Rating
    >>> rating_step_text(RatingStep(Rating(), Rating(1532.4, 148), 1, 2, "duel"))
    '1532 (+32)'
    """
    return f"{step.after.value} ({step.after.value - step.before.value:+d})"


def duration(milliseconds: int) -> str:
    """Return a time as people read it, to a tenth of a second below an hour.

    >>> duration(9_300), duration(83_449), duration(3_600_000), duration(59_960)
    ('9.3 s', '1 min 23.4 s', '1 h 0 min', '59.9 s')
    """
    tenths = milliseconds // 100
    minutes, rest = divmod(tenths, 600)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    seconds = f"{rest // 10}.{rest % 10} s"
    return f"{minutes} min {seconds}" if minutes else seconds
