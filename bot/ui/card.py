"""What every message of the bot is made of."""

from __future__ import annotations

from discord import ui


class Card(ui.LayoutView):
    """A message of text and of buttons whose ids say everything (bot/ui/press.py).

    discord.py would keep each that is sent, with a timer, in order to find its buttons again: for
    15 minutes, or for ever. Nothing needs it here, so a card is done before it is sent.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()
