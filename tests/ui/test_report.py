"""What goes wrong becomes one private sentence; what is forged becomes another."""

from __future__ import annotations

import logging

import aiohttp
import discord
import pytest
from discord import ui

from bot.core.cooldown import BURST
from bot.core.library import Library
from bot.errors import UserError
from bot.ui.report import APOLOGY
from tests.simworld import server_error, texts

SECRET = "what a member wrote"


async def board_of(hall, *custom_ids: str) -> discord.Message:
    """Let the bot post buttons with these ids, labelled so, and return the message."""
    view = ui.LayoutView(timeout=None)
    for start in range(0, len(custom_ids), 5):
        row = custom_ids[start : start + 5]
        view.add_item(ui.ActionRow(*(ui.Button(label=i[:80], custom_id=i) for i in row)))
    channel = hall.bot.get_channel(hall.channel.id)
    with hall.env.time_context():
        message: discord.Message = await channel.send(view=view)
    return message


def raising(error: Exception, before: str):
    """A button's handler that fails at once, after deferring, or after it answered."""

    async def handle(interaction: discord.Interaction) -> None:
        if before == "deferred":
            await interaction.response.defer(ephemeral=True, thinking=True)
        elif before == "answered":
            await interaction.response.send_message("Here you are.", ephemeral=True)
        raise error

    return handle


def sentences(result) -> list[str]:
    """What a member was told privately, in order."""
    told = [message for message in (result.response, *result.followups) if message is not None]
    return [texts(message) for message in told]


@pytest.mark.parametrize("before", ["nothing", "deferred", "answered"])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("There is no topic of that name."), "There is no topic of that name."),
        (server_error(), APOLOGY),
        (RuntimeError(SECRET), APOLOGY),
        (aiohttp.ServerDisconnectedError(), APOLOGY),
    ],
    ids=["user", "discord", "bug", "network"],
)
async def test_a_failure_is_told_once_and_privately(hall, before, error, sentence):
    hall.bot.on_press("boom", raising(error, before))
    message = await board_of(hall, "boom")
    result = await hall.alice.click(message, label="boom")
    expected = ["Here you are.", sentence] if before == "answered" else [sentence]
    assert sentences(result) == expected
    assert result.ephemeral
    assert len(hall.messages()) == 1


@pytest.mark.parametrize(
    ("error", "level", "traceback"),
    [
        (server_error(), logging.WARNING, False),
        (RuntimeError("a bug"), logging.ERROR, True),
    ],
    ids=["discord", "bug"],
)
async def test_the_log_names_the_place(hall, caplog, error, level, traceback):
    handle = raising(error, "nothing")
    hall.bot.on_press("boom", lambda interaction, _: handle(interaction))
    message = await board_of(hall, "boom:argument")
    with caplog.at_level(logging.INFO, logger="bot.ui.report"):
        await hall.alice.click(message, label="boom:argument")
    (record,) = [record for record in caplog.records if record.name == "bot.ui.report"]
    assert record.levelno == level
    assert "button boom" in record.getMessage()
    assert "argument" not in record.getMessage()
    assert bool(record.exc_info) is traceback


async def test_a_sentence_to_a_member_is_not_logged(hall, caplog):
    hall.bot.on_press("boom", raising(UserError(SECRET), "nothing"))
    message = await board_of(hall, "boom")
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await hall.alice.click(message, label="boom")
    assert SECRET not in caplog.text


async def test_when_even_the_apology_is_refused_the_bot_goes_on(hall, caplog):
    hall.bot.on_press("boom", raising(RuntimeError("a bug"), "deferred"))
    message = await board_of(hall, "boom")
    hall.env.inject_error("*", "/webhooks/*", status=404, code=10015)
    with caplog.at_level(logging.WARNING, logger="bot.ui.report"):
        await hall.alice.click(message, label="boom")
    assert "Could not tell button boom: 404 10015" in caplog.text
    again = await hall.ben.slash(hall.channel, "help")
    assert again.response is not None


async def test_when_the_network_goes_the_bot_goes_on(hall, caplog, monkeypatch):
    async def gone(*_, **__):
        raise aiohttp.ClientConnectionError

    async def handle(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        monkeypatch.setattr(discord.Webhook, "send", gone)
        raise UserError("Not today.")

    hall.bot.on_press("boom", handle)
    message = await board_of(hall, "boom")
    with caplog.at_level(logging.WARNING, logger="bot.ui.report"):
        await hall.alice.click(message, label="boom")
    assert "Could not tell button boom: ClientConnectionError" in caplog.text


FORGED = [
    "unheard:1",
    "show",
    "show:no-such-entry",
    "show:amazon-macie:extra",
    "quizme:no-such-entry",
    "quiz:1",
    "quiz:abc:0",
    "quiz:1:abc",
    "quiz:999999:0",
    "quiz:99999999999999999999999999:0",
    "next:0:0",
    "next:abc:1",
    "next:99999999999999999999999999:1",
    "daily:abc:0",
    "daily:999999:0",
    "daily:99999999999999999999999999:99999999999999999999999999",
    "mine:abc",
    "mine:999999",
    "mine:-1",
    "board:for.ever",
    "board:-1",
]


@pytest.mark.parametrize("custom_id", FORGED)
async def test_a_forged_button_gets_one_private_sentence(hall, caplog, custom_id):
    message = await board_of(hall, custom_id)
    with caplog.at_level(logging.WARNING, logger="bot"):
        result = await hall.alice.click(message, label=custom_id)
    (sentence,) = sentences(result)
    assert sentence.endswith(".")
    assert sentence != APOLOGY
    assert result.ephemeral
    assert caplog.text == ""


@pytest.mark.parametrize("place", ["4", "5", "-1", "99", "abc"])
async def test_a_place_that_is_not_there_is_not_recorded(hall, place):
    await hall.setup_daily(time="09:00", zone="UTC")
    await hall.manager.slash(hall.channel, "daily now")
    post_id = next(
        part.custom_id
        for message in hall.messages()
        for part in message.components[-1].children
        if part.custom_id and part.custom_id.startswith("daily:")
    ).split(":")[1]
    message = await board_of(hall, f"daily:{post_id}:{place}")
    result = await hall.alice.click(message, label=f"daily:{post_id}:{place}")
    (sentence,) = sentences(result)
    assert "Recorded" not in sentence
    assert sentence != APOLOGY
    mine = await board_of(hall, f"mine:{post_id}")
    early = await hall.alice.click(mine, label=f"mine:{post_id}")
    assert "right" not in texts(early.response)
    assert early.ephemeral


async def test_a_button_in_a_hurry_is_refused_kindly(hall):
    message = await board_of(hall, "mine:999999")
    told = []
    for _ in range(BURST + 1):
        told += sentences(await hall.alice.click(message, label="mine:999999"))
    assert not any("You are quick!" in sentence for sentence in told[:-1])
    assert told[-1] == "You are quick! Give me 3 more seconds, please."


async def test_a_failing_command_is_told_and_named(hall, caplog, monkeypatch):
    def fail(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Library, "answer", fail)
    with caplog.at_level(logging.WARNING, logger="bot.ui.report"):
        result = await hall.alice.slash(hall.channel, "ask", question=SECRET)
    assert sentences(result) == [APOLOGY]
    assert "Failed in /ask" in caplog.text
    assert SECRET not in caplog.text
