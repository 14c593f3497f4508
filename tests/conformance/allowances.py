"""What discord.py sends although Discord's document does not list it, and why that is right.

Each allowance names the operation, the place and the kind of violation, so that the same thing
anywhere else still fails. A test shows that the sample bot needs every one of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conformance.checking import Violation

_ANY_MESSAGE = r"(POST|PATCH) /(channels|webhooks|interactions)/.*"
_CALLBACK_OR_WEBHOOK = r"(POST|PATCH) /(interactions|webhooks)/.*"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A deviation that is accepted; ``operation`` and ``pointer`` are regular expressions."""

    operation: str
    pointer: str
    kind: str
    reason: str

    def covers(self, violation: Violation) -> bool:
        """Say whether this is the violation that is meant."""
        return (
            violation.kind == self.kind
            and re.fullmatch(self.operation, violation.operation) is not None
            and re.fullmatch(self.pointer, violation.pointer) is not None
        )


ALLOWANCES: tuple[Allowance, ...] = (
    Allowance(
        r"PUT /applications/\{application_id\}/(guilds/\{guild_id\}/)?commands",
        r"/\d+/nsfw",
        "unknown",
        "Command.to_dict() always writes it; the developer documentation of commands lists "
        "`nsfw`, the OpenAPI description forgot it.",
    ),
    Allowance(
        _CALLBACK_OR_WEBHOOK,
        r"\?(with_response|wait|with_components)",
        "flag-as-digit",
        "discord.py writes query booleans as 0 and 1, which Discord reads as false and true.",
    ),
    Allowance(
        r"PATCH /channels/\{channel_id\}/messages/\{message_id\}"
        r"|PATCH /webhooks/\{webhook_id\}/\{webhook_token\}/messages/(@original|\{message_id\})",
        r"/tts",
        "unknown",
        "handle_message_parameters() writes it into edits as well; Discord ignores it there.",
    ),
    Allowance(
        r"POST /interactions/\{interaction_id\}/\{interaction_token\}/callback",
        r"/data/tts",
        "unknown",
        "As for edits: a callback of type 7 (update the message) carries `tts` too.",
    ),
    Allowance(
        _ANY_MESSAGE,
        r"(/data)?/embeds/\d/flags",
        "unknown",
        "Embed.to_dict() writes the embed's flags; only Discord's responses have them.",
    ),
    Allowance(
        _ANY_MESSAGE,
        r"(/data)?/attachments/\d/id",
        "id-as-number",
        "The id of a new attachment is its index among the files, which discord.py writes as a "
        "number, as the developer documentation does in its examples.",
    ),
    Allowance(
        _ANY_MESSAGE,
        r"(/data)?/allowed_mentions/(users|roles)/\d+",
        "id-as-number",
        "AllowedMentions.to_dict() writes ids as numbers; Discord reads both forms.",
    ),
    Allowance(
        r"POST /channels/\{channel_id\}/messages",
        r"/message_reference/(message_id|channel_id|guild_id)",
        "id-as-number",
        "MessageReference.to_dict() writes ids as numbers; Discord reads both forms.",
    ),
    Allowance(
        r"POST /users/@me/channels",
        r"/recipient_id",
        "id-as-number",
        "HTTPClient.start_private_message() writes the id as a number; Discord reads both forms.",
    ),
)


def allowed(violation: Violation) -> bool:
    """Say whether a violation is a known habit of discord.py."""
    return any(allowance.covers(violation) for allowance in ALLOWANCES)
