"""knowledge/schema.json: generated, valid, and of one mind with the loader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.config import DEFAULT_KNOWLEDGE, ROOT
from bot.content.export import schema_text
from bot.content.load import find_files
from bot.content.schema import DIFFERENCE, ENTRY, FACT, QUESTION
from bot.content.shapes import Record, Text
from bot.content.source import LOADER
from tests.content.mistakes import FORM, LINKS, Case
from tests.content.samples import GOOD, changed

SCHEMA: dict[str, Any] = yaml.safe_load(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_committed_schema_is_the_generated_one():
    committed = (DEFAULT_KNOWLEDGE / "schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run .venv/bin/python scripts/make-schema"


def test_it_is_a_json_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_explained():
    def walk(schema: dict[str, Any], where: str) -> None:
        assert schema.get("description", "").endswith((".", ":", "…", ")", '"')), where
        for key, value in schema.get("properties", {}).items():
            walk(value, f"{where}.{key}")
        if "items" in schema:
            walk(schema["items"], f"{where}[]")

    walk(SCHEMA, "")


def test_the_guide_names_the_limits():
    guide = (ROOT / "docs" / "KNOWLEDGE.md").read_text(encoding="utf-8")
    stated = " ".join(guide.split("## Limits")[1].split())
    limits = {
        "id": ENTRY.fields["id"],
        "name and alias": ENTRY.fields["name"],
        "category": ENTRY.fields["category"],
        "summary": ENTRY.fields["summary"],
        "clue": item(ENTRY, "clues"),
        "fact": FACT.fields["text"],
        "term": item(FACT, "terms"),
        "blank and each wrong filling": FACT.fields["blank"],
        "difference half": DIFFERENCE.fields["this"],
        "responsibility": item(ENTRY.fields["responsibilities"], "aws"),
        "correction": ENTRY.fields["correction"],
        "question": QUESTION.fields["question"],
        "choice": item(QUESTION, "choices"),
        "explanation": QUESTION.fields["explanation"],
        "source": ENTRY.fields["source"],
    }
    found = dict(re.findall(r"([a-z][a-z ]*?) (\d+)(?: characters)?(?= ·|\.)", stated))
    assert found == {name: str(shape.limit) for name, shape in limits.items()}


def item(record: Record, key: str) -> Text:
    """Return the shape of one item of a record's list."""
    return record.fields[key].of


def test_it_accepts_the_good_file():
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(GOOD))] == []


@pytest.mark.parametrize(
    "path",
    find_files(DEFAULT_KNOWLEDGE),
    ids=lambda path: path.relative_to(DEFAULT_KNOWLEDGE).as_posix(),
)
def test_it_accepts_every_shipped_file(path: Path):
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    faults = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]
    assert faults == []


@pytest.mark.parametrize("case", FORM, ids=lambda case: case.name)
def test_it_refuses_what_the_loader_refuses(case: Case):
    assert not VALIDATOR.is_valid(yaml.safe_load(changed(case.old, case.new)))


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.name)
def test_it_leaves_the_whole_to_the_loader(case: Case):
    assert VALIDATOR.is_valid(yaml.safe_load(changed(case.old, case.new)))
