"""Discord's limits, as data, and the one place where text is cut to them.

Sources: https://docs.discord.com/developers/components/reference,
https://docs.discord.com/developers/interactions/application-commands,
https://docs.discord.com/developers/resources/message,
https://docs.discord.com/developers/topics/rate-limits
"""

from __future__ import annotations

COMPONENTS = 40
"""Components in one message, nested ones included."""
DISPLAY_CHARS = 4000
"""All text displays of one message together."""
CUSTOM_ID_CHARS = 100
BUTTON_LABEL_CHARS = 80
BUTTONS_IN_ROW = 5
AUTOCOMPLETE_CHOICES = 25
CHOICE_NAME_CHARS = 100
CHOICE_VALUE_CHARS = 100
NONCE_CHARS = 25
ALT_TEXT_CHARS = 1024
COMMAND_CHARS = 8000
"""All names, descriptions and values of one command together."""
GLOBAL_COMMANDS = 100
REQUESTS_A_SECOND = 50
"""Of one bot, whatever they are; answers to interactions are not counted."""


def clip(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters; a cut ends in "…", at a space if near.

    >>> clip("Amazon GuardDuty", 12)
    'Amazon…'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    if space >= limit // 2:
        head = head[:space]
    return head.rstrip(" ,;:") + "…"
