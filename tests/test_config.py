"""Settings from the environment."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.config import DEFAULT_DATABASE, SETTING_NAMES, Settings
from bot.errors import ConfigError

TOKEN = "marked.token.text"


class Recording(dict):
    """An environment that remembers what was asked for."""

    def __init__(self, **values: str) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)


def test_an_empty_environment_has_defaults():
    settings = Settings.from_env({})
    assert settings.token == ""
    assert settings.database == DEFAULT_DATABASE == Path("data/study.db")
    assert settings.knowledge.is_dir()
    assert settings.level == logging.INFO


def test_set_and_empty_are_the_same_as_unset():
    assert Settings.from_env(dict.fromkeys(SETTING_NAMES, " ")) == Settings.from_env({})


def test_all_are_read_and_nothing_else(tmp_path):
    env = Recording(
        DISCORD_TOKEN=f" {TOKEN} ",
        STUDY_BOT_DB=str(tmp_path / "x.db"),
        STUDY_BOT_KNOWLEDGE=str(tmp_path),
        STUDY_BOT_LOG_LEVEL="debug",
    )
    settings = Settings.from_env(env)
    assert settings.require_token() == TOKEN
    assert settings.database == tmp_path / "x.db"
    assert settings.knowledge == tmp_path
    assert settings.level == logging.DEBUG
    assert env.asked == set(SETTING_NAMES)


def test_all_faults_come_at_once_and_name_their_variables_only(tmp_path):
    with pytest.raises(ConfigError) as caught:
        Settings.from_env(
            {
                "DISCORD_TOKEN": "marked token",
                "STUDY_BOT_KNOWLEDGE": str(tmp_path / "nowhere"),
                "STUDY_BOT_LOG_LEVEL": "loud",
            }
        )
    lines = str(caught.value).splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "STUDY_BOT_LOG_LEVEL",
        "STUDY_BOT_KNOWLEDGE",
        "DISCORD_TOKEN",
    ]
    for value in ("marked", "nowhere", "loud"):
        assert value not in str(caught.value)


def test_the_token_is_in_no_repr():
    assert TOKEN not in repr(Settings.from_env({"DISCORD_TOKEN": TOKEN}))


def test_without_a_token_it_is_said_how_to_get_one_and_how_to_do_without():
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({}).require_token()
    said = str(caught.value)
    assert "https://discord.com/developers/applications" in said
    assert "make play" in said
    assert ".env" in said
