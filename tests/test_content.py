"""The shipped knowledge: every file, and what docs/KNOWLEDGE.md asks of an entry."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.config import DEFAULT_KNOWLEDGE, ROOT
from bot.content.load import find_files, load_knowledge, shown_path
from bot.content.shelf import Shelf
from bot.content.source import LOADER
from bot.core.quiz import question_pool
from bot.errors import ContentError, Fault

FILES = find_files(DEFAULT_KNOWLEDGE)
SCHEMA_LINE = "# yaml-language-server: $schema=../schema.json"


def name_of(path: Path) -> str:
    return path.relative_to(DEFAULT_KNOWLEDGE).as_posix()


@cache
def faults() -> tuple[Fault, ...]:
    """Read once; every case looks for its own file's."""
    try:
        load_knowledge(DEFAULT_KNOWLEDGE, strict=True)
    except ContentError as error:
        return error.faults
    return ()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_shipped_file_is_clean(path: Path):
    own = [str(fault) for fault in faults() if fault.path == shown_path(path)]
    assert own == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_shipped_file_tells_editors_its_schema(path: Path):
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert first == SCHEMA_LINE
    assert (path.parent / "../schema.json").is_file()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_entry_has_enough_clues_and_facts(path: Path):
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    poor = [
        entry["id"]
        for entry in data.get("entries", [])
        if len(entry["clues"]) < 3 or len(entry["facts"]) < 4
    ]
    assert poor == []


def test_the_domains_of_the_notes_are_taught(shelf):
    taught = {entry.domain for entry in shelf.knowledge.entries if entry.exam == "CLF-C02"}
    assert taught >= {"security-compliance", "technology-services", "billing-support"}


def test_what_an_exam_asks_most_about_is_in_the_knowledge(shelf: Shelf):
    """A name without an entry would favour nothing, without a word."""
    names = [name for exam in shelf.exams for name in exam.core]
    assert names
    assert [name for name in names if shelf.library.id_named(name) is None] == []


def test_the_example_of_the_guide_is_clean(tmp_path: Path):
    guide = (ROOT / "docs" / "KNOWLEDGE.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "data-protection.yaml").write_text(example, encoding="utf-8")
    exams = (DEFAULT_KNOWLEDGE / "aws" / "exams.yaml").read_text(encoding="utf-8")
    (tmp_path / "exams.yaml").write_text(exams, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_knowledge(tmp_path)
    # The example's neighbour is an entry of another file.
    assert [fault.problem for fault in caught.value.faults] == [
        "There is no entry `amazon-comprehend`."
    ]


def test_the_five_minutes_example_is_clean_and_asked(tmp_path: Path):
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = textwrap.dedent(guide.split("```yaml\n")[1].split("```")[0])
    (tmp_path / "remote-access.yaml").write_text(example, encoding="utf-8")
    for path in FILES:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    found = load_knowledge(tmp_path, strict=True)
    asked = [q for q in question_pool(found) if q.entry_id == "ssh"]
    assert {q.id.split(".")[1] for q in asked} >= {"clue", "blank"}
