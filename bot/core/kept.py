"""What is kept beside answers, and what is left when a member goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that found no answer in a server."""

    text: str
    count: int
    """How often it was asked, from 1."""
    last_at: datetime
    guild_id: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a challenge could not be posted the last time."""

    text: str
    at: datetime
    since: datetime | None = None
    """When the first of the posts failed that did without a success between."""
    set_by: int | None = None
    """Who set the challenge up and may be told."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted about a member, in rows."""

    answers: int = 0
    """Those to open challenges included."""
    rounds: int = 0
    lookups: int = 0
    names: int = 0
