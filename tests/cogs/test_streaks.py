"""Streaks and reminders, as members meet them."""

from __future__ import annotations

from datetime import timedelta

from bot.ui.streaks import ShownDay, calendar_text, why
from tests.cogs.acting import (
    START,
    advance_to,
    forge,
    open_post,
    posted_now,
    quiz_right,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.cogs.test_boards import answered
from tests.simworld import buttons, texts

DAY = timedelta(days=1)


async def streak(hall, member):
    return await member.slash(hall.channel, "streak")


def written(days: str) -> list[str]:
    """The calendar's first lines."""
    return days.split("```")[1].strip().splitlines()


async def test_no_streak_yet(hall):
    result = await streak(hall, hall.alice)
    said = texts(result.response)
    assert "## No streak yet" in said
    assert "Freezes: 0 of 2 (the next in 7 counted days)" in said
    assert result.ephemeral


async def test_a_day_counts_at_the_reveal_whether_right_or_wrong(hall):
    message = await posted_now(hall)
    await hall.alice.click(message, label=wrong(await open_post(hall)))
    said = texts((await streak(hall, hall.alice)).response)
    assert "## No streak yet" in said
    assert "**Thu 1 Jan 2026**: answered; it counts at the reveal." in said
    said = texts((await streak(hall, hall.ben)).response)
    assert "**Thu 1 Jan 2026**: still open: answer until <t:" in said
    await revealed_now(hall)
    said = texts((await streak(hall, hall.alice)).response)
    assert "## 1 day in a row" in said
    assert "counted: you answered before the reveal." in said
    said = texts((await streak(hall, hall.ben)).response)
    assert "not answered; there was no streak to lose." in said


async def test_every_kind_of_day_is_explained(hall):
    everyone = [hall.alice, hall.ben]
    for day in range(7):
        await answered(hall, str(day), everyone)
    await answered(hall, "7", [hall.ben])
    await answered(hall, "9", [hall.alice])
    await answered(hall, "10", [hall.ben])
    await hall.manager.slash(hall.channel, "daily off")
    await slowed(hall)
    await advance_to(hall, START + 11 * DAY + timedelta(hours=1))
    await quiz_right(hall, hall.alice)
    said = texts((await streak(hall, hall.alice)).response)
    assert "## No streak yet" in said
    assert "Best so far: 8 days · Freezes: 0 of 2 (the next in 6 counted days)" in said
    assert "**Thu 8 Jan 2026**: missed; a freeze kept your streak." in said
    assert "**Sat 10 Jan 2026**: counted" in said
    assert "**Sun 11 Jan 2026**: missed, and no freeze was left: your streak ended." in said
    assert "no challenge, so it neither adds nor breaks. A quiz earns points, not a day." in said
    lines = said.split("```")[1].splitlines()
    assert "29 Dec · · · x x x x" in lines
    assert " 5 Jan x x x f · x -" in lines


async def test_older_weeks_are_a_press_away(hall):
    for day in (0, 1, 60):
        await answered(hall, str(day), [hall.alice])
    await slowed(hall)
    await advance_to(hall, START + 61 * DAY)
    shown = await streak(hall, hall.alice)
    assert "29 Dec" not in texts(shown.response)
    await hall.alice.click(shown.response, label="Older")
    assert "29 Dec · · · x x" in texts(shown.response)
    assert "Older" not in [b.label for b in buttons(shown.response)]
    await hall.alice.click(shown.response, label="Newer")
    assert "29 Dec" not in texts(shown.response)


def test_the_calendar_says_in_letters_what_a_day_was():
    day = START.date() - timedelta(days=3)
    states = ("counted", "frozen", "ended", "missed", "open", "answered", "none")
    days = [ShownDay(day + timedelta(days=n), state) for n, state in enumerate(states)]
    assert "29 Dec x f - - o o ·" in calendar_text(days)
    assert all(why(shown).startswith("**") for shown in days)


# ------------------------------------------------------------------------- reminders


def letters(hall, member):
    return [texts(message) for message in member.user.dm_channel.history()]


async def reminded_hall(hall):
    """Alice has a streak of a day, asked to be reminded, and has not answered today's."""
    await posted_now(hall, reveal="08:00")
    message = hall.messages()[-1]
    post = await open_post(hall)
    for member in (hall.alice, hall.ben):
        await member.click(message, label=right(post))
    await revealed_now(hall)
    shown = await streak(hall, hall.alice)
    pressed = await hall.alice.click(shown.response, label="Remind me before it ends")
    assert "Stop reminding me" in [b.label for b in buttons(shown.response)]
    assert "I will write to you" in texts(pressed.followups[-1])
    await slowed(hall, timedelta(minutes=30))
    await advance_to(hall, START + DAY + timedelta(hours=9))
    (post,) = await hall.store.open_posts()
    return post


async def test_a_reminder_comes_once_before_the_end_to_those_who_asked(hall):
    post = await reminded_hall(hall)
    assert letters(hall, hall.alice) == []
    await advance_to(hall, post.closes_at - timedelta(hours=2))
    (letter,) = letters(hall, hall.alice)
    assert "Your streak of 1 day in **Study group** waits for today's challenge" in letter
    assert f"<t:{int(post.closes_at.timestamp())}:R>" in letter
    assert "[Stop reminders]" in letter
    assert letters(hall, hall.ben) == []
    await slowed(hall, timedelta(minutes=5))
    await hall.env.advance_time(1800)
    assert len(letters(hall, hall.alice)) == 1


async def test_whoever_has_answered_is_not_reminded(hall):
    post = await reminded_hall(hall)
    await hall.alice.click(hall.messages()[-1], label=right(post))
    await advance_to(hall, post.closes_at - timedelta(minutes=10))
    assert letters(hall, hall.alice) == []


async def test_one_press_stops_reminders(hall):
    post = await reminded_hall(hall)
    await advance_to(hall, post.closes_at - timedelta(hours=2))
    (message,) = hall.alice.user.dm_channel.history()
    result = await hall.alice.user.click(message, label="Stop reminders")
    assert "No more reminders." in texts(result.response)
    assert await hall.store.reminds(hall.guild.id, hall.alice.id) is None
    shown = await streak(hall, hall.alice)
    assert "Remind me before it ends" in [b.label for b in buttons(shown.response)]


async def test_reminders_are_switched_off_on_the_card_too(hall):
    shown = await streak(hall, hall.alice)
    await hall.alice.click(shown.response, label="Remind me before it ends")
    await hall.alice.click(shown.response, label="Stop reminding me")
    assert await hall.store.reminds(hall.guild.id, hall.alice.id) is None


async def test_closed_direct_messages_are_noted_and_tried_no_more(hall):
    post = await reminded_hall(hall)
    hall.env.inject_error("POST", "/channels/*/messages", status=403)
    await advance_to(hall, post.closes_at - timedelta(hours=2))
    assert await hall.store.reminds(hall.guild.id, hall.alice.id) is False
    said = texts((await streak(hall, hall.alice)).response)
    assert "I could not write to you: your direct messages are closed." in said


async def test_forged_wishes_are_refused(hall):
    message = await posted_now(hall)
    for custom_id in ("remind:perhaps", "remindoff:x", "streakold:x"):
        forged = await forge(hall, custom_id, by=hall.alice, on=message)
        assert "That button is not one of mine." in texts(forged.response)
