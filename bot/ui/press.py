"""One kind of button for the whole bot: its ``custom_id`` names a feature and its arguments.

The id is the whole state, so a button works after a restart and on any process. It is sent to
clients: never put an answer in it. Cogs register what a feature does; see ``StudyBot.on_press``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self, cast

import discord
from discord.ui import Button, DynamicItem

from bot.errors import UserError
from bot.ui.limits import BUTTON_LABEL_CHARS, CUSTOM_ID_CHARS, clip
from bot.ui.report import reporting

ARGUMENT = r"[A-Za-z0-9._-]{1,80}"
FORGED = "That button is not one of mine."


PressHandler = Callable[..., Awaitable[None]]
"""What a feature does when its button is pressed: takes the interaction and the id's arguments,
which may be forged."""


class Presses(Protocol):
    """The client as a button sees it."""

    async def pressed(
        self, interaction: discord.Interaction[Any], feature: str, args: tuple[str, ...]
    ) -> None:
        """Run the feature's handler."""


class Press(
    DynamicItem[Button[Any]],
    template=rf"(?P<feature>[a-z]{{2,12}})(?P<args>(?::{ARGUMENT}){{0,4}})",
):
    """A button that carries ``feature:argument:argument``."""

    def __init__(self, button: Button[Any], feature: str, args: tuple[str, ...]) -> None:
        super().__init__(button)
        self.feature = feature
        self.args = args

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Any, match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id."""
        return cls(item, match["feature"], tuple(match["args"].split(":")[1:]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over to the feature, guarded: nobody else hears of an exception here."""
        async with reporting(interaction):
            await cast(Presses, interaction.client).pressed(interaction, self.feature, self.args)


def press_button(
    label: str,
    feature: str,
    *args: str | int,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> Press:
    """Make a button.

    Raises:
        ValueError: the id does not fit Discord's limit or the template.
    """
    custom_id = ":".join((feature, *map(str, args)))
    if len(custom_id) > CUSTOM_ID_CHARS:
        raise ValueError(f"custom_id of {len(custom_id)} characters: {custom_id}")
    button: Button[Any] = Button(
        label=clip(label, BUTTON_LABEL_CHARS), custom_id=custom_id, style=style, disabled=disabled
    )
    press = Press(button, feature, tuple(map(str, args)))
    if press.template.fullmatch(custom_id) is None:  # discord.py itself looks at the beginning only
        raise ValueError(f"custom_id does not fit the template: {custom_id}")
    return press


def number(text: str) -> int:
    """Return a number from a button's arguments.

    Raises:
        UserError: it is none, so the button was forged.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise UserError(FORGED)
    return int(text)


def snowflake(text: str) -> int:
    """Return the id of a member or a server from a button's arguments.

    Raises:
        UserError: it is none, so the button was forged.
    """
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) < 2**63:
        raise UserError(FORGED)
    return int(text[:20])
