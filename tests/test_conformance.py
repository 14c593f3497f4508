"""The check itself: it finds every kind of mistake, and nothing in what discord.py really sends."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simcord import HttpLogEntry

from tests import conformance
from tests.conformance import (
    ALLOWANCES,
    Document,
    document_path,
    load_document,
    violations,
    watched,
)
from tests.conformance.closing import Closing, UnknownKeyword
from tests.conformance.sample import do_everything, sample_world

needs_document = pytest.mark.skipif(
    document_path() is None, reason="no description of Discord's API beside the repository"
)

CARD = "POST /interactions/{interaction_id}/{interaction_token}/callback"
SEND = "POST /channels/{channel_id}/messages"
SYNC = "PUT /applications/{application_id}/commands"


@pytest.fixture(scope="module")
def recorded() -> list[HttpLogEntry]:
    """What the sample bot sends, once for the module."""

    async def record() -> list[HttpLogEntry]:
        async with sample_world() as world:
            await do_everything(world)
            return list(world.env.http_requests)

    return asyncio.run(record())


def pick(
    recorded: list[HttpLogEntry], method: str, ending: str, fits: Callable[[Any], bool]
) -> HttpLogEntry:
    """Return a copy of the first request of this kind, so that it can be spoilt."""
    return copy.deepcopy(
        next(r for r in recorded if r.method == method and r.path.endswith(ending) and fits(r.json))
    )


def card(recorded: list[HttpLogEntry]) -> HttpLogEntry:
    return pick(recorded, "POST", "/callback", lambda body: body["type"] == 4)


def message(recorded: list[HttpLogEntry]) -> HttpLogEntry:
    return pick(recorded, "POST", "/messages", lambda body: body.get("nonce") == "daily-7")


def sync(recorded: list[HttpLogEntry]) -> HttpLogEntry:
    return pick(recorded, "PUT", "/commands", bool)


def as_body(request: HttpLogEntry) -> Any:
    return request.json


@needs_document
def test_nothing_is_wrong_with_what_discord_py_sends(recorded: list[HttpLogEntry]) -> None:
    assert violations(recorded) == []


def test_the_sample_makes_every_kind_of_request(recorded: list[HttpLogEntry]) -> None:
    callbacks = {as_body(r)["type"] for r in recorded if r.path.endswith("/callback")}
    assert callbacks == {4, 5, 6, 7, 8, 9}
    assert as_body(message(recorded))["enforce_nonce"] is True
    commands = {command["name"]: command for command in as_body(sync(recorded))}
    assert {command["type"] for command in commands.values()} == {1, 2, 3}
    assert commands["card"]["contexts"] == [0, 1, 2]
    assert commands["card"]["integration_types"] == [0, 1]
    kinds = {component["type"] for component in walk(as_body(message(recorded))["components"])}
    assert kinds == {1, 2, 3, 9, 10, 11, 12, 14, 17}
    methods_and_ends = {(r.method, r.path.rsplit("/", 1)[1]) for r in recorded}
    assert {
        ("PATCH", "@original"),
        ("POST", "threads"),
        ("POST", "channels"),
        ("PUT", "@me"),
        ("POST", "typing"),
    } <= methods_and_ends


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        yield from walk([component["accessory"]] if "accessory" in component else [])


@needs_document
def test_every_allowance_is_needed(recorded: list[HttpLogEntry]) -> None:
    path = document_path()
    assert path is not None
    raw = list(load_document(path).violations(recorded))
    idle = [a.pointer for a in ALLOWANCES if not any(a.covers(violation) for violation in raw)]
    assert idle == []


def first_button(body: Any) -> dict[str, Any]:
    return next(c for c in walk(body["data"]["components"]) if c["type"] == 2 and "custom_id" in c)


def test_ids_that_the_mutations_rely_on(recorded: list[HttpLogEntry]) -> None:
    assert first_button(card(recorded).json)["custom_id"] == "count:1"
    assert as_body(message(recorded))["components"][0]["components"][1]["type"] == 9


Spoil = Callable[[Any], Any]

# What is spoilt, how, and what must be said of it.
MUTATIONS: dict[str, tuple[Callable[[list[HttpLogEntry]], HttpLogEntry], Spoil, str]] = {
    "wrong type": (
        message,
        lambda body: body.update(content=7),
        f"{SEND}: /content: 7 is not of type 'string', 'null'",
    ),
    "text for a flag": (
        message,
        lambda body: body.update(enforce_nonce="yes"),
        f"{SEND}: /enforce_nonce: 'yes' is not of type 'boolean', 'null'",
    ),
    "nonce too long": (
        message,
        lambda body: body.update(nonce="n" * 26),
        f"{SEND}: /nonce: '{'n' * 26}' is too long",
    ),
    "misspelt key": (
        message,
        lambda body: body.update(enforced_nonce=body.pop("enforce_nonce")),
        f"{SEND}: /enforced_nonce: unknown key",
    ),
    "misspelt key deep in a card": (
        card,
        lambda body: first_button(body).update(lable="A"),
        f"{CARD}: /data/components/2/components/0/lable: unknown key",
    ),
    "misspelt key in a section's accessory": (
        message,
        lambda body: body["components"][0]["components"][1]["accessory"].update(alt="A logo"),
        f"{SEND}: /components/0/components/1/accessory/alt: unknown key",
    ),
    "missing required": (
        card,
        lambda body: first_button(body).pop("style"),
        f"{CARD}: /data/components/2/components/0: 'style' is a required property",
    ),
    "component without a type": (
        message,
        lambda body: body["components"][0].pop("type"),
        f"{SEND}: /components/0: 'type' is a required property",
    ),
    "component that has no place there": (
        message,
        lambda body: body["components"].append({"type": 4, "custom_id": "x", "style": 1}),
        f"{SEND}: /components/3/type: 4 is not one of [1, 9, 10, 12, 13, 14, 17] here",
    ),
    "callback of an unknown type": (
        card,
        lambda body: body.update(type=3),
        f"{CARD}: /type: 3 is not one of [1, 4, 5, 6, 7, 8, 9, 12, 13] here",
    ),
    "embed colour out of range": (
        message,
        lambda body: body.update(embeds=[{"color": 0x1000000}]),
        f"{SEND}: /embeds/0/color: 16777216 is greater than the maximum of 16777215",
    ),
    "link without a scheme": (
        message,
        lambda body: body.update(embeds=[{"url": "example.com"}]),
        f"{SEND}: /embeds/0/url: 'example.com' is not a 'uri'",
    ),
    "moment without a zone": (
        message,
        lambda body: body.update(embeds=[{"timestamp": "2026-01-01T00:00:00"}]),
        f"{SEND}: /embeds/0/timestamp: '2026-01-01T00:00:00' is not a 'date-time'",
    ),
    "id that is none": (
        message,
        lambda body: body.update(message_reference={"message_id": "latest"}),
        f"{SEND}: /message_reference/message_id: 'latest' is not an id",
    ),
    "number where only discord.py's habits are allowed": (
        message,
        lambda body: body.update(sticker_ids=[7]),
        f"{SEND}: /sticker_ids/0: an id as a number, not as a string",
    ),
    "misspelt key in a command's option": (
        sync,
        lambda body: body[0]["options"][0].update(autocompleted=True),
        f"{SYNC}: /0/options/0/autocompleted: unknown key",
    ),
    "unknown context": (
        sync,
        lambda body: body[0].update(contexts=[9]),
        f"{SYNC}: /0/contexts/0: 9 is not one of [0, 1, 2]",
    ),
    "command without a name": (
        sync,
        lambda body: body[0].pop("name"),
        f"{SYNC}: /0: 'name' is a required property",
    ),
    "subcommand's option of a wrong type": (
        sync,
        lambda body: next(c for c in body if c["name"] == "daily")["options"][0].update(required=1),
        f"{SYNC}: /3/options/0/required: 1 is not of type 'boolean', 'null'",
    ),
}


@needs_document
@pytest.mark.parametrize("case", MUTATIONS)
def test_a_spoilt_body_is_found(recorded: list[HttpLogEntry], case: str) -> None:
    choose, spoil, expected = MUTATIONS[case]
    request = choose(recorded)
    assert violations([request]) == []
    spoil(request.json)
    found = violations([request])
    assert len(found) == 1
    assert found[0].startswith(expected)


@needs_document
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"path": "/channels/1/mesages"}, "POST /channels/1/mesages: (request): no such path"),
        ({"path": "/channels/one/messages"}, "POST /channels/one/messages: (request): no such"),
        ({"method": "PUT"}, "PUT /channels/{id}/messages: (request): this path knows only GET, P"),
        ({"json": None}, f"{SEND}: (request): a JSON body is required"),
        ({"json": {"content": {1, 2}}}, f"{SEND}: (request): not JSON"),
        ({"params": {"wait": 1}}, f"{SEND}: ?wait: unknown query parameter"),
    ],
)
def test_a_spoilt_request_is_found(
    recorded: list[HttpLogEntry], change: dict[str, Any], expected: str
) -> None:
    request = message(recorded)
    expected = expected.replace("{id}", request.path.split("/")[2])
    found = violations([replace(request, **change)])
    assert len(found) == 1
    assert found[0].startswith(expected)


@needs_document
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"limit": 5, "after": 1456074443980800038}, []),
        ({"limit": "many"}, ["?limit: 'many' is not what this parameter takes"]),
        ({"limit": 101}, ["?limit: 101 is not what this parameter takes"]),
        ({"after": "-1"}, ["?after: '-1' is not what this parameter takes"]),
    ],
)
def test_query_values_are_checked(params: dict[str, Any], expected: list[str]) -> None:
    request = HttpLogEntry("GET", "/channels/1/messages", params, None, None)
    operation = "GET /channels/{channel_id}/messages"
    assert violations([request]) == [f"{operation}: {line}" for line in expected]


@needs_document
def test_a_body_where_none_belongs_is_found() -> None:
    request = HttpLogEntry("POST", "/channels/1/typing", {}, {"now": True}, None)
    expected = "POST /channels/{channel_id}/typing: (request): this request takes no body"
    assert violations([request]) == [expected]


@needs_document
async def test_a_violation_fails_the_block_that_made_it() -> None:
    async def send_a_long_nonce() -> None:
        with watched():
            async with sample_world() as world:
                with world.env.time_context():
                    await world.channel().send("Well done", nonce="n" * 26)

    with pytest.raises(AssertionError, match=r"/nonce: 'n+' is too long"):
        await send_a_long_nonce()


async def test_an_error_of_the_block_is_not_hidden() -> None:
    with pytest.raises(KeyError, match="mine"), watched():
        raise KeyError("mine")


def small(schema: dict[str, Any], named: dict[str, Any] | None = None) -> Document:
    """Return a document that knows one request, ``POST /things``, with this body."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return Document(
        {
            "paths": {"/things": {"post": {"requestBody": body}}},
            "components": {"schemas": named or {}},
        }
    )


def kinds(document: Document, body: Any) -> list[tuple[str, str]]:
    request = HttpLogEntry("POST", "/things", {}, body, None)
    return [(found.pointer, found.kind) for found in document.violations([request])]


def thing(**properties: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in properties.items()},
        "required": list(properties),
    }


def test_parts_of_one_object_are_closed_together() -> None:
    document = small(
        {"allOf": [{"$ref": "#/components/schemas/Named"}, thing(size="integer")]},
        {"Named": thing(name="string")},
    )
    assert kinds(document, {"name": "a", "size": 1}) == []
    assert kinds(document, {"name": "a", "size": 1, "colour": 2}) == [("/colour", "unknown")]
    assert kinds(document, {"name": "a"}) == [("", "required")]


def test_a_union_without_a_telling_key_reports_the_nearest_case() -> None:
    document = small({"anyOf": [thing(name="string", size="integer"), thing(title="string")]})
    assert kinds(document, {"title": "a"}) == []
    assert kinds(document, {"name": "a", "size": "b"}) == [("/size", "type")]


def test_an_object_with_free_keys_stays_open() -> None:
    document = small({"type": "object", "additionalProperties": {"type": "string"}})
    assert kinds(document, {"de": "Frage"}) == []
    assert kinds(document, {"de": 1}) == [("/de", "type")]


def test_a_keyword_that_would_be_lost_is_refused() -> None:
    with pytest.raises(UnknownKeyword, match="patternProperties"):
        Closing({}).close({"type": "object", "patternProperties": {}})


@needs_document
def test_every_schema_of_the_document_can_be_closed() -> None:
    path = document_path()
    assert path is not None
    document = json.loads(path.read_text(encoding="utf-8"))
    closing = Closing(document["components"]["schemas"])
    bodies = [
        media["schema"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
        for media in operation.get("requestBody", {}).get("content", {}).values()
    ]
    assert all(closing.close(schema) for schema in bodies)


def test_the_description_is_found_by_its_variable(tmp_path: Path) -> None:
    path = tmp_path / "openapi.json"
    path.write_text("{}", encoding="utf-8")
    assert document_path({"STUDY_BOT_OPENAPI": str(path)}) == path
    with pytest.raises(FileNotFoundError, match="STUDY_BOT_OPENAPI names no file"):
        document_path({"STUDY_BOT_OPENAPI": str(tmp_path / "none.json")})


def test_a_run_without_a_description_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []

    class Reporter:
        def write_line(self, line: str) -> None:
            said.append(line)

    monkeypatch.delenv("STUDY_BOT_OPENAPI", raising=False)
    monkeypatch.setattr(conformance, "_BESIDE", tmp_path / "openapi.json")
    reporter: Any = Reporter()
    conformance.pytest_terminal_summary(reporter)
    assert violations([HttpLogEntry("GET", "/nowhere", {}, None, None)]) == []
    assert said == [
        "conformance: skipped, no description of Discord's API was found "
        "(set STUDY_BOT_OPENAPI to an openapi.json)"
    ]
