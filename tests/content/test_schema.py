"""knowledge/schema.json: generated, valid, and of one mind with the loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.config import DEFAULT_KNOWLEDGE
from bot.content.export import schema_text
from bot.content.load import find_files
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


def test_it_accepts_the_good_file():
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(GOOD))] == []


@pytest.mark.parametrize(
    "path",
    find_files(DEFAULT_KNOWLEDGE),
    ids=lambda path: path.relative_to(DEFAULT_KNOWLEDGE).as_posix(),
)
def test_it_accepts_every_shipped_file(path: Path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    faults = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]
    assert faults == []


@pytest.mark.parametrize("case", FORM, ids=lambda case: case.name)
def test_it_refuses_what_the_loader_refuses(case: Case):
    assert not VALIDATOR.is_valid(yaml.safe_load(changed(case.old, case.new)))


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.name)
def test_it_leaves_the_whole_to_the_loader(case: Case):
    assert VALIDATOR.is_valid(yaml.safe_load(changed(case.old, case.new)))
