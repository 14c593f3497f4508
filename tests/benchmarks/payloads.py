"""What Discord sends: servers, messages, members and their interactions, as discord.py reads them.

Servers are numbered from 0, and their ids follow from that, so that a bot's store can be filled
before it connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

Payload = dict[str, Any]

BOT_ID = 10**17
OWNER_ID = BOT_ID + 1
FIRST_SERVER = 2 * 10**17
JOINED = "2026-01-01T00:00:00.000000+00:00"
PERMISSIONS = str(discord.Permissions.text().value)
COMMAND, COMPONENT = 2, 3
"""Types of an interaction."""


def server_id(number: int) -> int:
    """Return the id of a server."""
    return FIRST_SERVER + 10 * number


def channel_id(number: int) -> int:
    """Return the id of a server's only channel."""
    return server_id(number) + 1


def user(user_id: int, name: str, *, is_bot: bool = False) -> Payload:
    """Return a user."""
    return {
        "id": str(user_id),
        "username": name,
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": is_bot,
        "public_flags": 0,
    }


ME = user(BOT_ID, "bench", is_bot=True)


def member(who: Payload) -> Payload:
    """Return a user as a member of a server."""
    return {
        "user": who,
        "roles": [],
        "nick": None,
        "avatar": None,
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def channel(number: int) -> Payload:
    """Return a server's text channel."""
    return {
        "id": str(channel_id(number)),
        "guild_id": str(server_id(number)),
        "type": 0,
        "name": "study-hall",
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
    }


def server(number: int) -> Payload:
    """Return a server whose members may all write, as it comes when the bot connects."""
    everyone = {
        "id": str(server_id(number)),
        "name": "@everyone",
        "permissions": PERMISSIONS,
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(server_id(number)),
        "name": f"Study group {number}",
        "owner_id": str(OWNER_ID),
        "member_count": 50,
        "roles": [everyone],
        "channels": [channel(number)],
        "members": [member(ME)],
        "threads": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "icon": None,
        "description": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "vanity_url_code": None,
        "application_id": None,
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
    }


def message(message_id: int, where: int, body: Mapping[str, Any], at: str) -> Payload:
    """Return the bot's message that it made by sending ``body`` to the channel ``where``."""
    return {
        "id": str(message_id),
        "channel_id": str(where),
        "author": ME,
        "content": body.get("content") or "",
        "timestamp": at,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": body.get("flags") or 0,
        "nonce": body.get("nonce"),
    }


def interaction(kind: int, number: int, who: Payload, data: Payload) -> Payload:
    """Return an interaction of a member in a server, without the id and token that it gets."""
    return {
        "application_id": str(BOT_ID),
        "type": kind,
        "version": 1,
        "data": data,
        "guild_id": str(server_id(number)),
        "channel_id": str(channel_id(number)),
        "channel": channel(number),
        "member": {**member(who), "permissions": PERMISSIONS},
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": PERMISSIONS,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(server_id(number))},
        "context": 0,
        "attachment_size_limit": 26214400,
    }


def slash(number: int, who: Payload, name: str, **options: str) -> Payload:
    """Return a member's slash command; every option is a text."""
    given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    return interaction(COMMAND, number, who, {"id": "1", "name": name, "type": 1, "options": given})


def press(number: int, who: Payload, on: Payload, custom_id: str) -> Payload:
    """Return a member's press of a button of the message ``on``."""
    data = {"component_type": 2, "custom_id": custom_id, "id": 1}
    return {**interaction(COMPONENT, number, who, data), "message": on}
