"""Make the schemas of Discord's OpenAPI document strict, flat and quick to check.

In the document every object is open, so a misspelt key would pass. A closed schema says the same as
the open one, and that no other key exists. References are resolved on the way, and unions are
sorted out, so that a fault is reported where it is and not as "fits none of seven schemas".

A closed schema is draft 2020-12 with five keywords of our own, which ``checking`` implements:

* ``x-object``     its properties; any other key is a fault
* ``x-nullable``   null, or what the schema below says
* ``x-by-key``     a union told apart by one key: ``{"key": "type", "cases": {17: schema, ...}}``
* ``x-any``        a union that no key tells apart: at least one schema must fit
* ``x-snowflake``  an id, as a string of digits

Source: https://spec.openapis.org/oas/v3.1.0#schema-object
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

_REFERENCE = "#/components/schemas/"
_NOTES = frozenset({"title", "description", "contentEncoding", "default", "x-discord-union"})
_KEPT = frozenset(
    "type const enum format pattern minimum maximum minLength maxLength minItems maxItems "
    "uniqueItems minProperties maxProperties required".split()
)
_COMPOUND = frozenset(
    {"$ref", "allOf", "oneOf", "anyOf", "properties", "items", "additionalProperties"}
)


class UnknownKeyword(ValueError):
    """The document uses a keyword that nobody taught this module: it must not be skipped."""


class Closing:
    """Closes schemas of one document; each named schema is closed once."""

    def __init__(self, named: Mapping[str, Schema]) -> None:
        self._named = named
        self._closed: dict[str, Schema] = {}

    def close(self, schema: Schema) -> Schema:
        """Return the strict form of ``schema``.

        Raises:
            UnknownKeyword: the schema holds a keyword that would be lost.
        """
        unknown = set(schema) - _NOTES - _KEPT - _COMPOUND
        if unknown:
            raise UnknownKeyword(f"{sorted(unknown)} in {schema!r:.200}")
        if "$ref" in schema:
            return self._reference(schema)
        if schema.get("format") == "snowflake":
            return {"x-snowflake": True}
        closed = {key: value for key, value in schema.items() if key in _KEPT}
        for part in schema.get("allOf", ()):
            closed = _both(closed, self.close(part))
        for word in ("oneOf", "anyOf"):
            if word in schema:
                closed = _both(closed, self._union(schema[word]))
        if "items" in schema:
            closed["items"] = self.close(schema["items"])
        return _both(closed, self._object(schema))

    def _reference(self, schema: Schema) -> Schema:
        beside = set(schema) - _NOTES - {"$ref"}
        if beside or not schema["$ref"].startswith(_REFERENCE):
            raise UnknownKeyword(f"{schema!r:.200}")
        name = schema["$ref"].removeprefix(_REFERENCE)
        if name not in self._closed:
            self._closed[name] = self.close(self._named[name])
        return self._closed[name]

    def _object(self, schema: Schema) -> dict[str, Any]:
        rest = schema.get("additionalProperties")
        if "properties" in schema:
            if rest:
                raise UnknownKeyword(f"properties and additionalProperties: {schema!r:.200}")
            return {"x-object": {k: self.close(v) for k, v in schema["properties"].items()}}
        if isinstance(rest, Mapping):
            return {"additionalProperties": self.close(rest)}
        return {} if rest is None else {"additionalProperties": rest}

    def _union(self, branches: Sequence[Schema]) -> dict[str, Any]:
        if all("const" in branch for branch in branches):
            return {"enum": [branch["const"] for branch in branches]}
        cases = [self.close(branch) for branch in branches if branch.get("type") != "null"]
        inner = dict(cases[0]) if len(cases) == 1 else _told_apart(cases)
        return inner if len(cases) == len(branches) else {"x-nullable": inner}


def _told_apart(cases: Sequence[Schema]) -> dict[str, Any]:
    """Return a union by the first key whose values differ in every case, if there is one."""
    for key in cases[0].get("x-object", {}):
        values = [
            case["x-object"][key].get("enum", []) if key in case.get("required", ()) else []
            for case in cases
            if key in case.get("x-object", {})
        ]
        flat = [value for some in values for value in some]
        if len(values) == len(cases) and all(values) and len(flat) == len(set(flat)):
            by_value = {value: case for case in cases for value in case["x-object"][key]["enum"]}
            return {"x-by-key": {"key": key, "cases": by_value}}
    return {"x-any": list(cases)}


def _both(left: Mapping[str, Any], right: Schema) -> dict[str, Any]:
    """Return the schema that demands what both demand; two objects become one closed object."""
    merged = dict(left)
    for word, value in right.items():
        if word not in merged or merged[word] == value:
            merged[word] = value
        elif word == "enum":
            # The document writes an empty list where it means the whole enumeration beside it.
            merged[word] = [item for item in merged[word] if item in value] or list(value)
        elif word == "x-object":
            shared = {key: _both(merged[word].get(key, {}), value[key]) for key in value}
            merged[word] = {**merged[word], **shared}
        elif word == "required":
            merged[word] = sorted({*merged[word], *value})
        else:
            raise UnknownKeyword(f"two different {word!r}: {merged[word]!r:.80} and {value!r:.80}")
    return merged
