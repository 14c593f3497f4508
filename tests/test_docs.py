"""What the documents say is what the code does."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot import app
from bot.cli import _parser
from bot.config import SETTING_NAMES, Settings
from bot.core import duel, rating, score, team
from bot.core.accuracy import MIN_ANSWERS
from bot.core.honour import TOLD_FROM
from bot.core.streak import DAYS_FOR_A_FREEZE, FREEZES_MOST
from bot.ui import limits

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8")


def walk(tree: app_commands.CommandTree) -> list[app_commands.Command]:
    return [c for c in tree.walk_commands() if isinstance(c, app_commands.Command)]


async def test_every_command_is_in_the_readme(hall):
    for command in walk(hall.bot.tree):
        assert f"/{command.qualified_name}" in README, command.qualified_name
    for menu in hall.bot.tree.get_commands(type=discord.AppCommandType.message):
        assert menu.name in README


async def test_every_command_of_the_readme_exists(hall):
    known = {command.qualified_name for command in walk(hall.bot.tree)}
    for name in re.findall(r"`/([a-z]+(?: [a-z]+)?)", README + RULES):
        first, _, second = name.partition(" ")
        assert name in known or first in known or any(k.startswith(f"{first} ") for k in known), (
            name
        )
        if second and first not in known:
            assert name in known, name


async def test_every_option_of_the_readme_exists(hall):
    options = {
        c.qualified_name: {p.display_name for p in c.parameters} for c in walk(hall.bot.tree)
    }
    for call in re.findall(r"`/([a-z ]+?)((?: [a-z]+:)+)`", README):
        named = set(re.findall(r"([a-z]+):", call[1]))
        assert named == options[call[0].strip()], call


async def test_help_names_every_command_that_members_can_use(hall):
    from bot.cogs.guide import HELP
    from tests.simworld import texts

    said = texts((await hall.alice.slash(hall.channel, "help")).response)
    assert said.split() == "\n".join(HELP).split()
    for command in walk(hall.bot.tree):
        if command.qualified_name in ("help", "status", "knowledge reload"):
            continue
        words = command.qualified_name.split()
        assert f"`/{words[0]}" in said, command.qualified_name
        assert words[-1] in said, command.qualified_name
    for menu in hall.bot.tree.get_commands(type=discord.AppCommandType.message):
        assert f"Apps → {menu.name}" in said


def test_env_example_names_exactly_what_the_settings_read():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == SETTING_NAMES
    assert len(fields(Settings)) == len(SETTING_NAMES)
    for name in SETTING_NAMES:
        assert f"`{name}`" in README


class Watched(dict):
    """An environment that remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return default


def test_settings_read_exactly_the_documented_names():
    environment = Watched()
    Settings.from_env(environment)
    assert environment.asked == set(SETTING_NAMES)


def test_every_command_of_the_terminal_is_in_the_readme():
    (subparsers,) = [a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)]
    listed = re.search(r"`study-bot ([a-z |]+)`", README)
    assert listed is not None
    assert set(listed[1].split(" | ")) == set(subparsers.choices)


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_bot_asks_for_no_privileged_intent():
    intents = app.intents()
    privileged = {"members", "presences", "message_content"}
    assert {name for name, on in intents if on} & privileged == set()


async def test_commands_fit_discords_limits(hall):
    commands = [c.to_dict(hall.bot.tree) for c in hall.bot.tree.get_commands()]
    assert len(commands) <= limits.GLOBAL_COMMANDS

    def size(node: dict) -> int:
        own = len(node.get("name", "")) + len(node.get("description", ""))
        own += sum(len(c["name"]) + len(str(c["value"])) for c in node.get("choices") or ())
        return own + sum(size(option) for option in node.get("options") or ())

    for command in commands:
        assert size(command) <= limits.COMMAND_CHARS, command["name"]


@pytest.mark.parametrize("name", ["members", "presences", "message_content"])
async def test_it_connects_where_no_privileged_intent_is_approved(hall, name):
    assert getattr(hall.bot.intents, name) is False


def test_the_published_formula_is_the_one_that_counts():
    said = " ".join(RULES.split())
    for sentence in (
        f"A right daily answer is {score.DAILY_POINTS} points; up to {score.HARD_POINTS} more",
        f"({score.HARD_POINTS} × wrong ÷ answers, to the nearest, from {score.ATTEMPTS} answers",
        f"1 more for each earlier day of your streak, up to {score.STREAK_POINTS}.",
        f"A right answer in a quiz, a match or a duel is {score.QUIZ_POINTS}, at most"
        f" {score.QUIZ_POINTS_A_DAY} a day.",
        f"Every {DAYS_FOR_A_FREEZE} counted days earn a freeze, at most {FREEZES_MOST};",
        f"the Wilson 95 % interval, from {MIN_ANSWERS} answers on",
        f"from {TOLD_FROM.hour}:00 on, the winners are told",
        f"and waits {duel.INVITATION_LASTS // timedelta(hours=1)} hours;",
        f"both have {duel.DUEL_LASTS // timedelta(hours=1)} hours to press **Play**",
        f"{rating.Rating().value} ± {rating.Rating().spread} at the beginning",
        f"Until ± {rating.NEW_ABOVE}, which takes about ten contests",
        f"a team at most {team.MEMBERS_MOST} members",
        f"with {team.ANSWERS_TO_TAKE_PART} answers or more in the period, and it is ranked from"
        f" {team.MEMBERS_TO_RANK} of them on",
        f"waits {team.CHANGE_AFTER.days} days for another team",
    ):
        assert sentence in said, sentence
    short = (
        f"{score.DAILY_POINTS} points for a right one, more when it was hard or you keep a streak;"
        f" {score.QUIZ_POINTS} for a right answer in a quiz, match or duel,"
        f" at most {score.QUIZ_POINTS_A_DAY} a day"
    )
    assert short in " ".join(README.split())
