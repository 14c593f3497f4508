"""Care for the knowledge: the owner reloads it, managers see what it lacks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import StudyBot
from bot.content.shelf import Shelf
from tests.cogs.acting import open_post, posted_now, revealed_now, right, slowed
from tests.simworld import texts

FAMILY = """\
topic: Gardens
exam: CLF-C02
domain: security-compliance
entries:
  - id: {id}
    name: {name}
    kind: service
    category: gardens
    summary: Waters plants.
    clues: [waters plants at night]
    facts:
      - text: It needs a tap.
    source: https://docs.example.com/garden.html
    unverified: it is an example
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge folder that a test may break."""
    from bot import config

    folder = tmp_path / "knowledge"
    folder.mkdir()
    exams = config.DEFAULT_KNOWLEDGE / "aws" / "exams.yaml"
    (folder / "exams.yaml").write_text(exams.read_text(encoding="utf-8"), encoding="utf-8")
    write(folder)
    return folder


def write(folder: Path, id: str = "sprinkler", name: str = "Sprinkler") -> None:
    (folder / "gardens.yaml").write_text(FAMILY.format(id=id, name=name), encoding="utf-8")


@pytest.fixture
async def garden(hall, folder) -> StudyBot:
    bot = StudyBot(store=hall.store, shelf=Shelf.read(folder), knowledge_path=folder)
    bot.owner_id = hall.manager.id
    await hall.env.restart_bot(bot)
    return bot


async def answer(hall, question):
    result = await hall.alice.slash(hall.channel, "ask", question=question)
    return texts(result.response)


async def test_a_good_file_is_swapped_in(hall, garden, folder):
    assert "Sprinkler" in await answer(hall, "sprinkler")
    write(folder, "irrigator", "Irrigator")
    assert "I don't know that one" in await answer(hall, "irrigator")
    result = await hall.manager.slash(hall.channel, "knowledge reload")
    assert texts(result.response).startswith("Reloaded: 1 entry, ")
    assert result.ephemeral
    assert "Irrigator" in await answer(hall, "irrigator")
    assert "I don't know that one" in await answer(hall, "sprinkler")


async def test_a_broken_file_shows_every_fault_and_keeps_the_old_knowledge(hall, garden, folder):
    broken = FAMILY.format(id="irrigator", name="Irrigator")
    broken = broken.replace("summary: Waters plants.", "summary: yes")
    broken = broken.replace("kind: service", "kynd: service")
    (folder / "gardens.yaml").write_text(broken, encoding="utf-8")
    result = await hall.manager.slash(hall.channel, "knowledge reload")
    said = texts(result.response)
    assert "The old knowledge stays." in said
    assert "gardens.yaml:7" in said
    assert "kynd" in said
    assert "summary" in said
    assert "Fix:" in said
    assert result.ephemeral
    assert "Sprinkler" in await answer(hall, "sprinkler")


async def test_a_file_that_is_no_yaml_keeps_the_old_knowledge(hall, garden, folder):
    (folder / "gardens.yaml").write_text("```\n: [", encoding="utf-8")
    result = await hall.manager.slash(hall.channel, "knowledge reload")
    said = texts(result.response)
    assert "The old knowledge stays." in said
    assert said.count("```") == 2
    assert "Sprinkler" in await answer(hall, "sprinkler")


async def test_a_hundred_faults_fit_into_the_message(hall, garden, folder):
    for number in range(100):
        (folder / f"family{number}.yaml").write_text("topic: 12:30\n", encoding="utf-8")
    result = await hall.manager.slash(hall.channel, "knowledge reload")
    said = texts(result.response)
    assert "The old knowledge stays." in said
    assert len(said) <= 2000


async def test_a_folder_that_went_away_keeps_the_old_knowledge(hall, garden, folder):
    folder.rename(folder.parent / "moved")
    result = await hall.manager.slash(hall.channel, "knowledge reload")
    assert "The old knowledge stays." in texts(result.response)
    assert "Sprinkler" in await answer(hall, "sprinkler")


async def test_what_vanished_from_the_knowledge_is_said_on_its_buttons(hall, garden, folder):
    card = await hall.alice.slash(hall.channel, "ask", question="sprinkler")
    write(folder, "irrigator", "Irrigator")
    await hall.manager.slash(hall.channel, "knowledge reload")
    pressed = await hall.alice.click(card.response, label="Quiz me on this")
    assert "There are no questions about that yet." in texts(pressed.response)


async def test_what_is_open_goes_on_with_the_questions_it_began_with(hall, folder):
    message = await posted_now(hall)
    started = await hall.alice.slash(hall.channel, "quiz", count=2)
    hall.bot.shelf = Shelf.read(folder)
    for label in ("A", "Next question", "B", "See my result"):
        await hall.alice.click(started.response, label=label)
    assert "of 2 right" in texts(started.response)
    await hall.alice.click(message, label=right(await open_post(hall)))
    assert "1 of 1 answer right." in texts(await revealed_now(hall))


async def test_missed_questions_are_counted_and_the_most_asked_comes_first(hall):
    for _ in range(2):
        await hall.alice.slash(hall.channel, "ask", question="capital of france")
    await hall.ben.slash(hall.channel, "ask", question="capital of peru")
    result = await hall.manager.slash(hall.channel, "knowledge missed")
    first, second = texts(result.response).splitlines()[1:]
    assert first.startswith("- “capital of france” (2 times) <t:")
    assert second.startswith("- “capital of peru” <t:")
    assert str(hall.alice.id) not in texts(result.response)
    assert result.ephemeral


async def test_nothing_missed_is_said(hall):
    result = await hall.manager.slash(hall.channel, "knowledge missed")
    assert "I had an answer to everything" in texts(result.response)


async def test_missed_questions_stay_in_their_server(hall):
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("study-hall")
    there = other.add_member(hall.alice.user)
    await hall.env.settle()
    await there.slash(channel, "ask", question="capital of france")
    result = await hall.manager.slash(hall.channel, "knowledge missed")
    assert "france" not in texts(result.response)


async def test_missed_questions_are_shown_for_thirty_days_and_then_gone(hall):
    await slowed(hall, timedelta(days=1))
    await hall.alice.slash(hall.channel, "ask", question="capital of france")
    for _ in range(29):
        await hall.env.advance_time(24 * 3600)
    shown = await hall.manager.slash(hall.channel, "knowledge missed")
    assert "capital of france" in texts(shown.response)
    for _ in range(2):
        await hall.env.advance_time(24 * 3600)
    gone = await hall.manager.slash(hall.channel, "knowledge missed")
    assert "france" not in texts(gone.response)
    assert await hall.store.missed(None, since=hall.bot.clock().replace(year=2020)) == ()


async def test_more_than_twenty_are_counted(hall):
    at = hall.bot.clock()
    for number in range(25):
        await hall.store.record_missed(hall.guild.id, text=f"about @everyone {number}", at=at)
    result = await hall.manager.slash(hall.channel, "knowledge missed")
    said = texts(result.response)
    assert said.count("\n- ") == 20
    assert "and 5 more" in said
    assert "@everyone" not in said
