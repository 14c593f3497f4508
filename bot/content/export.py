"""The declared format as JSON Schema, so that editors complete keys and explain them.

It says all that can be said of one value or one record. What holds between records (links, unique
names) only `study-bot check` sees.

Source: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import json
from typing import Any

from bot.content.schema import KNOWLEDGE_FILE
from bot.content.shapes import (
    MENTION,
    UNPRINTABLE,
    Listing,
    Needs,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_EDGE_SPACE = "^\\s|\\s$"


def schema_text() -> str:
    """Return what stands in knowledge/schema.json; ``scripts/make-schema`` writes it."""
    return json.dumps(json_schema(), ensure_ascii=True, indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a knowledge file."""
    return {
        "$schema": DRAFT,
        "title": "Knowledge file",
        **_schema(KNOWLEDGE_FILE),
        "$defs": {
            "text": {
                "type": "string",
                "minLength": 1,
                "not": {"pattern": f"{UNPRINTABLE}|{MENTION}|{_EDGE_SPACE}"},
            }
        },
    }


def _schema(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Text):
        return _text(shape)
    if isinstance(shape, Listing):
        return _listing(shape)
    if isinstance(shape, Record):
        return _record(shape)
    return _number(shape)


def _text(shape: Text) -> dict[str, Any]:
    if shape.choices:
        return {"description": shape.says, "enum": list(shape.choices)}
    schema: dict[str, Any] = {
        "description": shape.says,
        "$ref": "#/$defs/text",
        "maxLength": shape.limit,
    }
    if shape.form:
        schema["pattern"] = shape.form.pattern
    return schema


def _number(shape: Number) -> dict[str, Any]:
    return {
        "description": shape.says,
        "type": "integer",
        "minimum": shape.least,
        "maximum": shape.most,
    }


def _listing(shape: Listing) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "description": shape.says,
        "type": "array",
        "items": _schema(shape.of),
    }
    if shape.least:
        schema["minItems"] = shape.least
    if shape.most is not None:
        schema["maxItems"] = shape.most
    if shape.distinct:
        schema["uniqueItems"] = True
    return schema


def _record(shape: Record) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "description": shape.says,
        "type": "object",
        "properties": {key: _schema(field) for key, field in shape.fields.items()},
        "additionalProperties": False,
    }
    if shape.required:
        schema["required"] = list(shape.required)
    if shape.rules:
        schema["allOf"] = [_rule(rule) for rule in shape.rules]
    return schema


def _rule(rule: OneOf | Needs) -> dict[str, Any]:
    if isinstance(rule, OneOf):
        if rule.needed:
            return {"oneOf": [{"required": [key]} for key in rule.keys]}
        return {"not": {"required": list(rule.keys)}}
    there: dict[str, Any] = {"required": [rule.key]}
    if rule.values:
        there["properties"] = {rule.key: {"enum": list(rule.values)}}
    return {"if": there, "then": {"anyOf": [{"required": [key]} for key in rule.partners]}}
