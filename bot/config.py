"""Settings, from the environment: named once, read once, checked together.

``Settings.from_env`` takes the environment as an argument, so tests pass a dict. The token never
appears in a repr, an error or a log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_KNOWLEDGE = ROOT / "knowledge"
DEFAULT_DATABASE = Path("data/study.db")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

HOW_TO_CONNECT = """\
DISCORD_TOKEN is not set, so there is no bot account to run as.

To get a token (free, about five minutes):
  1. Open https://discord.com/developers/applications and choose "New Application".
  2. Under "Bot", choose "Reset Token" and copy it. Leave all privileged intents off.
  3. Put it into a file named .env in this folder:   DISCORD_TOKEN=your-token
  4. Start again with `make run`.

To try everything without any account or token:   make play"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. README's table of settings is tested against this class."""

    token: str = field(default="", repr=False)
    """DISCORD_TOKEN"""
    database: Path = DEFAULT_DATABASE
    """STUDY_BOT_DB"""
    knowledge: Path = DEFAULT_KNOWLEDGE
    """STUDY_BOT_KNOWLEDGE"""
    log_level: str = "INFO"
    """STUDY_BOT_LOG_LEVEL"""

    @property
    def copy(self) -> Path:
        """Where knowledge found faultless is kept for a quicker start: beside the database."""
        return self.database.with_name("knowledge.json")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings; an unset or empty variable keeps its default.

        Raises:
            ConfigError: one or more variables are malformed; the text names each.
        """
        level = env.get("STUDY_BOT_LOG_LEVEL", "").strip().upper() or "INFO"
        knowledge = Path(env.get("STUDY_BOT_KNOWLEDGE", "").strip() or DEFAULT_KNOWLEDGE)
        faults = []
        if level not in LEVELS:
            faults.append(f"STUDY_BOT_LOG_LEVEL must be one of {', '.join(LEVELS)}.")
        if not knowledge.exists():
            faults.append("STUDY_BOT_KNOWLEDGE names a folder or file that is not there.")
        token = env.get("DISCORD_TOKEN", "").strip()
        if token and any(character.isspace() for character in token):
            faults.append("DISCORD_TOKEN has white space in it; copy it again, on one line.")
        if faults:
            raise ConfigError("\n".join(faults))
        return cls(
            token=token,
            database=Path(env.get("STUDY_BOT_DB", "").strip() or DEFAULT_DATABASE),
            knowledge=knowledge,
            log_level=level,
        )

    def require_token(self) -> str:
        """Return the token.

        Raises:
            ConfigError: there is none; the text says how to get one.
        """
        if not self.token:
            raise ConfigError(HOW_TO_CONNECT)
        return self.token

    @property
    def level(self) -> int:
        """The log level as ``logging`` counts it."""
        return logging.getLevelNamesMapping()[self.log_level]


SETTING_NAMES = ("DISCORD_TOKEN", "STUDY_BOT_DB", "STUDY_BOT_KNOWLEDGE", "STUDY_BOT_LOG_LEVEL")
"""Exactly what ``from_env`` reads; .env.example lists the same."""
