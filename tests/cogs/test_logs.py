"""What a log never holds: a token, or what a member wrote."""

from __future__ import annotations

import logging

import pytest

from tests.cogs.acting import forge, open_post, posted_now

MARK = "xylophone"
TOKEN = "simcord.fake.token"


@pytest.fixture
def everything(caplog) -> pytest.LogCaptureFixture:
    """All that our own loggers say, from the lowest level up."""
    caplog.set_level(logging.DEBUG, logger="bot")
    return caplog


def said(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(formatter.format(r) for r in caplog.records if r.name.startswith("bot"))


async def converse(hall) -> None:
    """Everything that carries a member's own words to the bot."""
    for private in (True, False):
        await hall.alice.slash(hall.channel, "ask", question=f"{MARK} guardduty", private=private)
    await hall.alice.slash(hall.channel, "ask", question=MARK)
    await hall.alice.autocomplete(hall.channel, "ask", "question", MARK)
    await hall.alice.autocomplete(hall.channel, "quiz", "topic", MARK)
    await hall.alice.slash(hall.channel, "quiz", topic=MARK)
    await hall.ben.send(hall.channel, f"<@{hall.bot.user.id}> {MARK} macie")
    await hall.ben.send_dm(f"{MARK} macie")
    message = await hall.ben.send(hall.channel, f"{MARK} polly")
    await hall.alice.context_menu(hall.channel, "Look this up", message)
    for option in ("time", "zone", "topic", "reveal"):
        await hall.setup_daily(**{option: MARK})


async def test_a_conversation_leaves_none_of_its_words(hall, everything):
    await converse(hall)
    assert MARK not in said(everything)
    assert TOKEN not in said(everything)


async def test_a_conversation_that_discord_refuses_leaves_none_either(hall, everything):
    hall.env.inject_error(
        "*", "/interactions/*", status=500, message=f"refused: {MARK}", times=None
    )
    hall.env.inject_error("*", "/channels/*", status=403, message=f"refused: {MARK}", times=None)
    await converse(hall)
    log = said(everything)
    assert "Discord refused /ask: 500" in log
    assert "Discord refused an answer to a mention: 403" in log
    assert MARK not in log
    assert TOKEN not in log


async def test_a_fault_of_our_own_names_the_command_and_not_the_words(
    hall, everything, monkeypatch
):
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(hall.store, "record_question", broken)
    await hall.alice.slash(hall.channel, "ask", question=f"{MARK} guardduty")
    log = said(everything)
    assert "Failed in /ask" in log
    assert "RuntimeError: on purpose" in log
    assert MARK not in log


async def test_a_forged_button_is_named_by_its_feature_only(hall, everything, monkeypatch):
    message = await posted_now(hall)
    post = await open_post(hall)

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(hall.store, "record_answer", broken)
    result = await forge(hall, f"daily:{post.id}:0", by=hall.alice, on=message)
    assert "Sorry, something went wrong on my side." in result.response.content
    assert "Failed in button daily\n" in said(everything)
    assert f"daily:{post.id}" not in said(everything)
