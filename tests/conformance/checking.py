"""Check recorded requests against one OpenAPI document: path, method, query and JSON body.

Schemas are closed and compiled the first time an operation is seen, and a body that was judged once
is not judged again: a test suite synchronises the same commands hundreds of times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from tests.conformance.closing import Closing, Schema

_METHODS = ("get", "put", "post", "patch", "delete")
_DIGITS = re.compile(r"(0|[1-9][0-9]*)\Z")
_FORMATS = FormatChecker(formats=())


class Request(Protocol):
    """What is read of a recorded request; SimCord's HttpLogEntry has more."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...
    @property
    def json(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in one request that the document does not allow."""

    operation: str
    """Method and templated path, or method and real path where no template fits."""
    pointer: str
    """JSON pointer into the body, ``?name`` for a query parameter, ``""`` for the request."""
    kind: str
    """``path``, ``method``, ``body``, ``query``, ``unknown`` (a key or a parameter),
    ``id-as-number``, ``flag-as-digit``, or the schema keyword that failed."""
    problem: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.pointer or '(request)'}: {self.problem}"


@dataclass(slots=True)
class _Operation:
    name: str
    needs_body: bool
    body: Schema | None
    query: Mapping[str, Mapping[str, Any]]
    validator: Any = None


class Document:
    """One parsed OpenAPI document, ready to judge requests."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._closing = Closing(document["components"]["schemas"])
        self._items: Mapping[str, Mapping[str, Any]] = document["paths"]
        self._paths: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
        for template, item in self._items.items():
            parts = tuple(_part(name, item) for name in template.strip("/").split("/"))
            self._paths.setdefault(len(parts), []).append((template, parts))
        self._operations: dict[tuple[str, str], _Operation] = {}
        self._query_validators: dict[tuple[str, str], Any] = {}
        self._judged: dict[tuple[str, str], tuple[Violation, ...]] = {}

    def violations(self, requests: Iterable[Request]) -> Iterator[Violation]:
        """Yield every violation, in the order of the requests, then of the body."""
        for request in requests:
            yield from self._request(request)

    def _request(self, request: Request) -> Iterator[Violation]:
        method, where = request.method.lower(), f"{request.method} {request.path}"
        template = self._template(request.path, method)
        if template is None:
            yield Violation(where, "", "path", "no such path in Discord's API")
            return
        if method not in self._items[template]:
            known = [name.upper() for name in _METHODS if name in self._items[template]]
            yield Violation(where, "", "method", f"this path knows only {', '.join(known)}")
            return
        operation = self._operation(template, method)
        yield from self._query(operation, request.params)
        yield from self._body(operation, request.json)

    def _template(self, path: str, method: str) -> str | None:
        """Return the template with the most literal parts; one that has the method goes first."""
        parts = path.strip("/").split("/")
        found = [
            (method in self._items[template], len(set(parts) & set(wanted)), template)
            for template, wanted in self._paths.get(len(parts), ())
            if all(_fits(part, want) for part, want in zip(parts, wanted, strict=True))
        ]
        return max(found)[2] if found else None

    def _operation(self, template: str, method: str) -> _Operation:
        key = (template, method)
        if key not in self._operations:
            item = self._items[template]
            described = item[method]
            wanted = described.get("requestBody", {})
            content = wanted.get("content", {})
            # discord.py puts the JSON of a request with files into its part "payload_json", which
            # SimCord records: it has the shape of the plain JSON body.
            schema = next((content[kind]["schema"] for kind in sorted(content)), None)
            parameters = [*item.get("parameters", ()), *described.get("parameters", ())]
            self._operations[key] = _Operation(
                name=f"{method.upper()} {template}",
                needs_body=bool(wanted.get("required")),
                body=schema,
                query={p["name"]: p for p in parameters if p["in"] == "query"},
            )
        return self._operations[key]

    def _body(self, operation: _Operation, body: Any) -> Iterator[Violation]:
        if operation.body is None:
            if body is not None:
                yield Violation(operation.name, "", "body", "this request takes no body")
            return
        if body is None:
            if operation.needs_body:
                yield Violation(operation.name, "", "body", "a JSON body is required")
            return
        try:
            key = (operation.name, json.dumps(body))
        except (TypeError, ValueError) as error:
            yield Violation(operation.name, "", "body", f"not JSON: {error}")
            return
        if key not in self._judged:
            if operation.validator is None:
                operation.validator = _compile(self._closing.close(operation.body))
            self._judged[key] = tuple(
                Violation(operation.name, _pointer(error), str(error.validator), error.message)
                for error in operation.validator.iter_errors(body)
            )
        yield from self._judged[key]

    def _query(self, operation: _Operation, params: Mapping[str, Any]) -> Iterator[Violation]:
        for name, described in operation.query.items():
            if described.get("required") and name not in params:
                yield Violation(
                    operation.name, f"?{name}", "required", "this parameter is required"
                )
        for name, value in params.items():
            if name not in operation.query:
                yield Violation(operation.name, f"?{name}", "unknown", "unknown query parameter")
                continue
            key = (operation.name, name)
            if key not in self._query_validators:
                schema = self._closing.close(operation.query[name]["schema"])
                self._query_validators[key] = _compile(schema)
            if not any(self._query_validators[key].is_valid(read) for read in _readings(value)):
                flag = operation.query[name]["schema"].get("type") == "boolean"
                kind = "flag-as-digit" if flag and str(value) in {"0", "1"} else "query"
                problem = f"{value!r} is not what this parameter takes"
                yield Violation(operation.name, f"?{name}", kind, problem)


def _part(name: str, item: Mapping[str, Any]) -> str:
    """Return a literal part as it is, ``{id}`` for a snowflake and ``{}`` for any other text."""
    if not name.startswith("{"):
        return name
    described = {f"{{{p['name']}}}": p["schema"] for p in item.get("parameters", ())}
    return "{id}" if described[name].get("$ref", "").endswith("/SnowflakeType") else "{}"


def _fits(part: str, wanted: str) -> bool:
    if wanted == "{id}":
        return _DIGITS.match(part) is not None
    return part == wanted or (wanted == "{}" and bool(part))


def _readings(value: Any) -> Iterator[Any]:
    """Yield what a query value may mean: on the wire it is text."""
    yield value
    text = str(value)
    yield text
    if text.lstrip("-").isdigit():
        yield int(text)
    if text.lower() in {"true", "false"}:
        yield text.lower() == "true"


def _pointer(error: ValidationError) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
    return "".join(f"/{part}" for part in parts)


def _object(validator: Any, known: Schema, body: Any, _schema: Schema) -> Iterator[ValidationError]:
    if not isinstance(body, dict):
        return
    for key, value in body.items():
        if key in known:
            yield from validator.descend(value, known[key], path=key)
        else:
            yield ValidationError(
                f"unknown key (known: {', '.join(known)})", path=(key,), validator="unknown"
            )


def _nullable(
    validator: Any, inner: Schema, value: Any, _schema: Schema
) -> Iterator[ValidationError]:
    if value is not None:
        yield from validator.descend(value, inner)


def _by_key(
    validator: Any, union: Schema, value: Any, _schema: Schema
) -> Iterator[ValidationError]:
    key, cases = union["key"], union["cases"]
    if not isinstance(value, dict):
        yield ValidationError(f"{value!r:.80} is not an object", validator="type")
    elif key not in value:
        yield ValidationError(f"{key!r} is a required property", validator="required")
    elif isinstance(value[key], bool) or value[key] not in cases:
        problem = f"{value[key]!r:.80} is not one of {sorted(cases)} here"
        yield ValidationError(problem, path=(key,), validator="enum")
    else:
        yield from validator.descend(value, cases[value[key]])


def _any(
    validator: Any, cases: list[Schema], value: Any, _schema: Schema
) -> Iterator[ValidationError]:
    """Report the faults of the nearest case: of the right type, then with the fewest."""
    faults = [list(validator.descend(value, case)) for case in cases]
    yield from min(faults, key=lambda some: (any(_is_other_type(f) for f in some), len(some)))


def _is_other_type(fault: ValidationError) -> bool:
    return fault.validator == "type" and not fault.path


def _snowflake(
    _validator: Any, _on: bool, value: Any, _schema: Schema
) -> Iterator[ValidationError]:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        yield ValidationError("an id as a number, not as a string", validator="id-as-number")
    elif not isinstance(value, str) or not _DIGITS.match(value):
        yield ValidationError(f"{value!r:.80} is not an id", validator="x-snowflake")


_Strict = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "x-object": _object,
        "x-nullable": _nullable,
        "x-by-key": _by_key,
        "x-any": _any,
        "x-snowflake": _snowflake,
    },
)


def _compile(schema: Schema) -> Any:
    return _Strict(schema, format_checker=_FORMATS)


@_FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@_FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return (
        not isinstance(value, str)
        or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+\Z", value) is not None
    )
