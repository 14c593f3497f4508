"""Seasons: begun, changed and ended by managers; told once, with the right winners."""

from __future__ import annotations

from datetime import timedelta

from tests.cogs.acting import START
from tests.cogs.test_boards import answered
from tests.simworld import texts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = START.date()


async def begin(hall, name="Winter sprint", **options):
    return await hall.manager.slash(hall.channel, "season start", name=name, **options)


async def end(hall, label="End it now", **options):
    asked = await hall.manager.slash(hall.channel, "season end", **options)
    return await hall.manager.click(asked.response, label=label)


def told(hall, words="is over"):
    return [message for message in hall.messages() if words in texts(message)]


async def played(hall):
    """Alice leads with 21 points before Ben with 10; Chi took part."""
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily off")
    challenge = await hall.store.challenge(hall.guild.id)
    await begin(hall)
    await answered(hall, "0", [hall.alice, hall.ben], [hall.chi])
    await hall.env.advance_time(24 * 3600)
    await answered(hall, "1", [hall.alice], [hall.ben])
    return challenge


async def test_a_season_begins_has_a_board_and_ends(hall):
    begun = await begin(hall, weeks=4)
    assert not begun.ephemeral
    said = texts(begun.response)
    assert "**Winter sprint** · 1 to 28 January 2026 (UTC), 28 days to go with today" in said
    await answered(hall, "0", [hall.alice, hall.ben], [hall.chi])
    shown = await hall.ben.slash(hall.channel, "leaderboard", period="season")
    said = texts(shown.response)
    assert "## Leaderboard · Winter sprint\n" in said
    assert f"**1.** <@{hall.alice.id}>  10 points  ·  1 of 1 right" in said
    assert "1 to 28 January 2026." in said
    asked = await hall.manager.slash(hall.channel, "season end")
    assert "End “Winter sprint”?" in texts(asked.response)
    ended = await hall.manager.click(asked.response, label="End it now")
    assert "Its standings are final, and [told]" in texts(ended.response)
    (message,) = told(hall)
    said = texts(message)
    assert "## Winter sprint is over: well done!" in said
    assert f"**1.** <@{hall.alice.id}>  10 points  ·  1 of 1 right" in said
    assert f"**1.** <@{hall.ben.id}>  10 points  ·  1 of 1 right" in said
    assert f"-# **3.** <@{hall.chi.id}>  0 points" not in said
    assert f"**3.** <@{hall.chi.id}>  0 points" in said
    assert "[Podium, Winter sprint. 1. " in said
    gone = await hall.ben.slash(hall.channel, "leaderboard", period="season")
    assert "No season runs just now." in texts(gone.response)
