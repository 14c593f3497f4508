"""Question files to probes: the project's own YAML, and exam-style JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.core.evaluation import KINDS, Probe
from bot.errors import ContentError, Fault

_LINE_KEYS = frozenset(("question", "scope", "answer"))
Resolve = Callable[[str], str | None]
"""A name to the id of its entry; None when there is none."""


def load_probes(
    path: Path, resolve: Resolve, *, scope: str | None = None
) -> tuple[tuple[Probe, ...], tuple[str, ...]]:
    """Return the probes of a file, and the answers it names that the knowledge does not have.

    ``scope`` keeps the lines of that scope of a JSON-lines file.

    Raises:
        ContentError: the file is not in the format, with every fault of the project's own, and the
            first of JSON lines.
    """
    if path.suffix == ".jsonl":
        return _exam_style(path, resolve, scope)
    return _own(path, resolve), ()


def _own(path: Path, resolve: Resolve) -> tuple[Probe, ...]:
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise ContentError([Fault(path, 0, "", f"It cannot be read: {error}", "mend it")]) from None
    questions = document.get("questions") if isinstance(document, dict) else None
    if not isinstance(questions, list):
        fault = Fault(path, 0, "questions", "There is no list.", "write `questions:` with a list")
        raise ContentError([fault])
    faults: list[Fault] = []
    probes: list[Probe] = []
    for number, item in enumerate(questions):
        problem = _problem(item)
        if problem:
            faults.append(Fault(path, 0, f"questions[{number}]", problem, "see tests/questions"))
        else:
            probes.append(_probe(item, resolve))
    if faults:
        raise ContentError(faults)
    return tuple(probes)


def _problem(item: Any) -> str | None:
    if not isinstance(item, dict) or not isinstance(item.get("ask"), str):
        return "It has no text `ask`."
    if item.get("kind") not in KINDS:
        return f"Its kind is none of {', '.join(KINDS)}."
    if item["kind"] == "comparison" and len(item.get("entries") or ()) != 2:
        return "A comparison needs two `entries`."
    if item["kind"] not in ("comparison", "outside") and not item.get("entry"):
        return "It needs an `entry`."
    entry = item.get("entry") or []
    for key, found in (
        ("entry", [entry] if isinstance(entry, str) else entry),
        *((key, item.get(key) or []) for key in ("entries", "shows", "options")),
    ):
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            return f'Its `{key}` is no list of texts; a number wants quotes: "15".'
    return None


def _probe(item: dict[str, Any], resolve: Resolve) -> Probe:
    accepted: tuple[frozenset[str], ...] = ()
    if item["kind"] == "comparison":
        accepted = tuple(frozenset(pair) for pair in [item["entries"], *item.get("or", ())])
    elif item["kind"] != "outside":
        entry = item["entry"]
        ids = [entry] if isinstance(entry, str) else list(entry)
        accepted = tuple(frozenset({one}) for one in ids)
    options = tuple(item.get("options") or ())
    right = frozenset().union(*accepted)
    keys = frozenset(place for place, text in enumerate(options) if resolve(text) in right)
    shows = tuple(item.get("shows") or ())
    return Probe(item["ask"], item["kind"], accepted, shows, options, keys)


def _exam_style(
    path: Path, resolve: Resolve, scope: str | None
) -> tuple[tuple[Probe, ...], tuple[str, ...]]:
    probes: list[Probe] = []
    unknown: set[str] = set()
    for number, record in enumerate(_records(path), 1):
        if _LINE_KEYS - record.keys():
            problem = f"The line has not all of {', '.join(sorted(_LINE_KEYS))}."
            raise ContentError([Fault(path, number, "", problem, "add what is missing")])
        if scope is not None and record["scope"] != scope:
            continue
        entry_id = resolve(record["answer"])
        if entry_id is None:
            unknown.add(record["answer"])
            continue
        accepted = (frozenset({entry_id}),)
        options = tuple(record.get("options") or ())
        keys = frozenset(
            place
            for place, text in enumerate(options)
            if resolve(text) == entry_id or _plain(text) == _plain(record["answer"])
        )
        probes.append(
            Probe(record["question"], record["scope"], accepted, options=options, keys=keys)
        )
    return tuple(probes), tuple(sorted(unknown))


def _records(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Fault(path, 0, "", f"It cannot be read: {error}", "mend it")]) from None
    records: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
        except ValueError as error:
            record, problem = None, f"The line is no JSON: {error}."
        else:
            problem = "The line is no JSON object."
        if not isinstance(record, dict):
            raise ContentError([Fault(path, number, "", problem, "write one object a line")])
        records.append(record)
    return records


def _plain(name: str) -> str:
    """Return a name without the vendor's word and its case."""
    return name.casefold().removeprefix("aws ").removeprefix("amazon ").strip()
