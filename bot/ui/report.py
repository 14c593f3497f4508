"""The one place where an exception becomes a sentence.

A UserError is shown as it is. Discord refusing a message, or a bug, is logged with its place and
answered with an apology, once, whether or not the interaction was answered before. discord.py
tells nobody about exceptions in dynamic buttons, so every command, button and modal runs inside
``reporting``.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord

from bot.errors import UserError

_log = logging.getLogger(__name__)

APOLOGY = "Sorry, something went wrong on my side. It is in my log; please try again in a moment."


@asynccontextmanager
async def reporting(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Turn what goes wrong inside into one private sentence for the member."""
    try:
        yield
    except UserError as error:
        await tell(interaction, str(error))
    except discord.HTTPException as error:
        _log.warning("Discord refused %s: %s %s", _place(interaction), error.status, error.code)
        await tell(interaction, APOLOGY)
    except Exception:
        _log.exception("Failed in %s", _place(interaction))
        await tell(interaction, APOLOGY)


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say ``sentence`` privately, as the first answer or as a follow-up; never raises."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except discord.HTTPException as error:
        _log.warning("Could not tell %s: %s %s", _place(interaction), error.status, error.code)
    except (aiohttp.ClientError, OSError) as error:
        _log.warning("Could not tell %s: %s", _place(interaction), type(error).__name__)


def _place(interaction: discord.Interaction[Any]) -> str:
    """Name the command or button, without anything that a member wrote."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data or {}
    return f"button {str(data.get('custom_id', '?')).split(':')[0]}"
