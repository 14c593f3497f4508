"""YAML text to nodes: what stands in a file and on which line, before anything is interpreted.

Nodes, not Python objects: YAML's own rules would turn ``12:30`` into 750 and ``yes`` into True
before anybody could say which line to quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.events import AliasEvent
from yaml.nodes import Node
from yaml.reader import ReaderError

from bot.errors import Fault

LOADER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)
# The characters that YAML 1.1 does not allow unescaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ADVICE = (
    ("tab character", "indent with spaces, not with tabs"),
    ("mapping values are not allowed", 'put text that holds ": " in quotes, or mend the indent'),
    ("cannot start any token", "put text that begins with @, `, % or a tab in quotes"),
    ("unexpected end of stream", "close the quote or the bracket that is still open"),
    ("expected ',' or", "close the bracket, or put text that holds a comma or bracket in quotes"),
    ("expected key", "put the whole text in quotes, or mend the indent"),
    ("expected ':'", "put a colon and a space after the key"),
    ("undefined alias", "put text that begins with * in quotes"),
    ("another document", "leave out the line `---`; one file holds one document"),
    ("escape", "write the character itself, or put the text in single quotes"),
)
_OPENED = ("while scanning a quoted scalar", "while parsing a flow")
_PLAIN_ADVICE = "mend the indent and the quotes around this line"


class Unreadable(Exception):
    """A file holds nothing that can be looked at any further; ``faults`` says why."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(*faults)


def compose(path: Path, data: bytes) -> Node:
    """Return the root node of a file's content; ``path`` is only named in faults.

    Raises:
        Unreadable: it is not UTF-8, not YAML, empty, or uses aliases.
    """
    text = _decode(path, data)
    try:
        # Aliases could make the nodes a loop; they are refused before anything walks them.
        if "*" in text and (aliases := tuple(_alias_lines(text))):
            raise Unreadable(
                *(
                    Fault(path, line, "", "Aliases (`*name`) are not read.", "write the text out")
                    for line in aliases
                )
            )
        root: Node | None = yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(_syntax_fault(path, text, error)) from error
    if root is None:
        raise Unreadable(
            Fault(path, 0, "", "The file is empty.", "write `topic:` and `entries:` into it")
        )
    return root


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            Fault(path, line, "", "The file is not UTF-8.", "save it as UTF-8")
        ) from error


def _alias_lines(text: str) -> Iterator[int]:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, AliasEvent) and event.start_mark is not None:
            yield event.start_mark.line + 1


def _syntax_fault(path: Path, text: str, error: Exception) -> Fault:
    if isinstance(error, ReaderError):
        found = _ILLEGAL.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 0
        char = f" (U+{ord(found.group()):04X})" if found else ""
        return Fault(path, line, "", f"A control character{char} stands here.", "delete it")
    if isinstance(error, RecursionError):
        return Fault(path, 0, "", "Lists stand in lists without end.", "see docs/KNOWLEDGE.md")
    line, said = 0, "cannot be read"
    if isinstance(error, yaml.MarkedYAMLError):
        said = error.problem or said
        mark = error.problem_mark
        # What was opened and never closed is found where it begins, not where the file ends.
        if mark is None or (error.context or "").startswith(_OPENED):
            mark = error.context_mark
        if mark is not None:
            # An end that came too early is reported behind the last line.
            last = text.rstrip().count("\n") + 1
            line = max(1, min(mark.line + 1, last))
    advice = next((fix for sign, fix in _ADVICE if sign in said), _PLAIN_ADVICE)
    return Fault(path, line, "", f"This is not YAML: {said}.", advice)
