"""Help, and how the bot is doing."""

from __future__ import annotations

from bot import __version__
from tests.cogs.acting import posted_now, revealed_now
from tests.simworld import texts


async def test_help_is_private_and_names_where_to_begin(hall):
    result = await hall.alice.slash(hall.channel, "help")
    said = texts(result.response)
    for command in ("/ask", "/quiz", "/score", "/leaderboard", "/data delete", "/daily setup"):
        assert command in said
    assert "Look this up" in said
    assert result.ephemeral


async def test_help_works_in_direct_messages(hall):
    result = await hall.alice.user.slash("help")
    assert "/ask" in texts(result.response)


async def test_status_tells_the_owner_how_the_bot_is_doing(hall):
    hall.bot.owner_id = hall.alice.id
    await posted_now(hall)
    result = await hall.alice.slash(hall.channel, "status")
    said = texts(result.response)
    assert f"Study bot {__version__}" in said
    assert "SQLite" in said
    assert "1 server" in said
    assert "0 writes waiting" in said
    assert f"{len(hall.bot.shelf.library.entries)} entries" in said
    assert "- Post 1 of 2026-01-01: open" in said
    assert result.ephemeral
    await revealed_now(hall)
    result = await hall.alice.slash(hall.channel, "status")
    assert "- Post 1 of 2026-01-01: closed" in texts(result.response)


async def test_status_shows_a_post_that_is_not_sent(hall):
    hall.bot.owner_id = hall.alice.id
    await hall.setup_daily()
    hall.env.inject_error("POST", "/channels/*/messages", status=403)
    await hall.manager.slash(hall.channel, "daily now")
    result = await hall.alice.slash(hall.channel, "status")
    assert "- Post 1 of 2026-01-01: not sent" in texts(result.response)


async def test_the_owner_is_who_discord_says_it_is(hall):
    """Without an ``owner_id``, the application's own description decides."""
    info = await hall.bot.application_info()
    assert info.owner.id not in (hall.alice.id, hall.manager.id)
    refused = await hall.alice.slash(hall.channel, "status")
    assert "for the owner" in texts(refused.response)
