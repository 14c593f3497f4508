"""Discord's limits, checked on a view as it would be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord
from discord import ui

from bot.ui.limits import (
    BUTTON_LABEL_CHARS,
    BUTTONS_IN_ROW,
    COMPONENTS,
    CUSTOM_ID_CHARS,
    DISPLAY_CHARS,
)

ROW = discord.ComponentType.action_row.value
BUTTON = discord.ComponentType.button.value
TEXT = discord.ComponentType.text_display.value


def parts(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones included."""
    for component in components:
        yield component
        yield from parts(component.get("components", ()))


def overruns(view: ui.LayoutView) -> list[str]:
    """Return what Discord would refuse of ``view``, in words."""
    found: list[str] = []
    everything = list(parts(view.to_components()))
    if len(everything) > COMPONENTS:
        found.append(f"{len(everything)} components")
    if view.content_length() > DISPLAY_CHARS:
        found.append(f"{view.content_length()} characters")
    ids = [part["custom_id"] for part in everything if part["type"] == BUTTON]
    if len(ids) != len(set(ids)):
        found.append("a custom_id twice")
    for part in everything:
        if part["type"] == TEXT and not part["content"].strip():
            found.append("an empty text")
        if part["type"] == ROW and not 1 <= len(part["components"]) <= BUTTONS_IN_ROW:
            found.append(f"{len(part['components'])} buttons in a row")
        if part["type"] == BUTTON:
            if not 1 <= len(part["custom_id"]) <= CUSTOM_ID_CHARS:
                found.append(f"custom_id of {len(part['custom_id'])} characters")
            if not 1 <= len(part["label"]) <= BUTTON_LABEL_CHARS:
                found.append(f"label of {len(part['label'])} characters")
    return found


def said(view: ui.LayoutView) -> str:
    """Return all texts of a view, one a line."""
    texts = (part["content"] for part in parts(view.to_components()) if part["type"] == TEXT)
    return "\n".join(texts)


def pressable(view: ui.LayoutView) -> dict[str, str]:
    """Return the labels of a view's buttons with their ids."""
    return {
        part["label"]: part["custom_id"]
        for part in parts(view.to_components())
        if part["type"] == BUTTON
    }
