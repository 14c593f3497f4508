"""Nodes to plain data by a declared shape, with every fault on the way.

A faulty value is passed on where it can still be told what it is: an over-long name is a name,
and links to it are not faults as well. Otherwise it is left out, as None in lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.content.document import Document, closest
from bot.content.scalar import INT, STR, kind_of, misread, one_line, shown
from bot.content.shapes import MENTION, UNPRINTABLE, Listing, Needs, Number, OneOf, Record, Text
from bot.errors import Fault

_UNPRINTABLE = re.compile(UNPRINTABLE)
_MENTION = re.compile(MENTION)
_WHOLE = re.compile("0|[1-9][0-9]{0,8}")
_compiled = lru_cache(maxsize=None)(re.compile)


def read(path: Path, root: Node, shape: Record) -> tuple[Document, list[Fault]]:
    """Return what a file says, and all that is wrong with its form; ``path`` is as shown."""
    reader = _Reader(path)
    data = reader.record(shape, root, "")
    return Document(path, path.stem, data or {}, reader.lines), reader.faults


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.lines: dict[str, int] = {}

    def value(self, shape: Text | Number | Listing | Record, node: Node, where: str) -> Any:
        self.lines[where] = node.start_mark.line + 1
        if isinstance(shape, Text):
            return self.text(shape, node, where)
        if isinstance(shape, Record):
            return self.record(shape, node, where)
        if isinstance(shape, Listing):
            return self.listing(shape, node, where)
        return self.number(shape, node, where)

    def text(self, shape: Text, node: Node, where: str) -> str | None:
        if not isinstance(node, ScalarNode):
            fix = (
                "leave out the `- ` or the brackets"
                if isinstance(node, SequenceNode)
                else "quote it"
            )
            self.fault(node, where, f"Expected text, found {kind_of(node)}.", fix)
            return None
        text: str = node.value
        if not text.strip():
            self.fault(node, where, "It is empty.", "write something, or take the line out")
            return None
        if node.tag != STR and (taken := misread(node)) is not None:
            problem = f"YAML reads `{shown(text)}` {taken}."
            self.fault(node, where, problem, f'quote it: "{shown(text)}"')
            return text
        if node.tag != STR:
            problem = f"`{shown(node.tag)}` is a tag; tags are not read."
            self.fault(node, where, problem, "take the tag out")
            return text
        self.characters(node, text, where)
        if shape.choices and text not in shape.choices:
            close = closest(text, shape.choices)
            fix = f"did you mean `{close}`?" if close else f"use one of: {', '.join(shape.choices)}"
            self.fault(node, where, f"“{shown(text)}” is not allowed here.", fix)
        elif len(text) > shape.limit:
            problem = f"It has {len(text)} characters; at most {shape.limit} are shown."
            self.fault(node, where, problem, f"shorten it by {len(text) - shape.limit}")
        form = shape.form
        if form and not _compiled(form.pattern).search(text):
            self.fault(node, where, f"“{shown(text)}” {form.problem}.", form.fix)
        return text

    def characters(self, node: Node, text: str, where: str) -> None:
        if text != text.strip() or "\n" in text:
            self.fault(
                node,
                where,
                "It has a line break, or space at an end.",
                "write one paragraph without space around it; over several lines, begin with `>-`",
            )
        elif found := _UNPRINTABLE.search(text):
            at = f"U+{ord(found.group()):04X} after “{shown(text[: found.start()][-20:])}”"
            problem = f"It has an invisible character, {at}."
            self.fault(node, where, problem, "delete it, or type an ordinary space")
        if found := _MENTION.search(text):
            problem = f"Discord reads `{shown(found.group())}` as a mention or a command."
            self.fault(node, where, problem, "say it in words")

    def number(self, shape: Number, node: Node, where: str) -> int | None:
        if isinstance(node, ScalarNode) and node.tag == INT and _WHOLE.fullmatch(node.value):
            number = int(node.value)
            if shape.least <= number <= shape.most:
                return number
        problem = f"Expected a whole number, found {kind_of(node)}."
        if isinstance(node, ScalarNode):
            problem = (
                f"`{shown(node.value)}` is not a whole number from {shape.least} to {shape.most}."
            )
        self.fault(node, where, problem, "write digits only, without quotes: 24")
        return None

    def listing(self, shape: Listing, node: Node, where: str) -> list[Any] | None:
        if not isinstance(node, SequenceNode):
            fix = (
                f"write `[{shown(node.value)}]`"
                if isinstance(node, ScalarNode)
                else "begin each item with `- `"
            )
            problem = f"Expected a list, found {kind_of(node)}."
            self.fault(node, where, problem, fix)
            return None
        items = [
            self.value(shape.of, item, f"{where}[{number}]")
            for number, item in enumerate(node.value)
        ]
        if len(items) < shape.least:
            problem = f"It holds {len(items)}; the least is {shape.least}."
            self.fault(node, where, problem, f"add {shape.least - len(items)} more")
        if shape.most is not None and len(items) > shape.most:
            problem = f"It holds {len(items)}; the most is {shape.most}."
            self.fault(node, where, problem, f"take {len(items) - shape.most} out")
        if shape.distinct:
            self.alike(node, items, where)
        return items

    def alike(self, node: SequenceNode, items: list[Any], where: str) -> None:
        seen: set[str] = set()
        for number, (item, item_node) in enumerate(zip(items, node.value, strict=True)):
            if not isinstance(item, str):
                continue
            if item.casefold() in seen:
                problem = f"“{shown(item)}” stands in this list twice."
                self.fault(item_node, f"{where}[{number}]", problem, "take one out")
            seen.add(item.casefold())

    def record(self, shape: Record, node: Node, where: str) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            keys = ", ".join(shape.fields)
            problem = f"Expected keys and values, found {kind_of(node)}."
            self.fault(node, where, problem, f"write `key: value` lines with the keys: {keys}")
            return None
        fields = shape.fields
        data: dict[str, Any] = {}
        present: dict[str, int] = {}
        meant: set[str] = set()
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else kind_of(key_node)
            line = key_node.start_mark.line + 1
            if key in present:
                problem = f"`{shown(key)}` stands here twice, first on line {present[key]}."
                self.fault(key_node, _join(where, shown(key)), problem, "keep one of the two")
                continue
            present[key] = line
            if key not in fields:
                unused = tuple(name for name in fields if name not in present)
                close = closest(key, unused)
                meant.update((close,) if close else ())
                fix = f"did you mean `{close}`?" if close else f"use one of: {', '.join(fields)}"
                self.fault(key_node, where, f"`{shown(key)}` is not a key here.", fix)
                continue
            value = self.value(fields[key], value_node, _join(where, key))
            # Where a value is on the lines below its key, people look for it at the key.
            self.lines[_join(where, key)] = line
            if value is not None:
                data[key] = value
        for key, field_shape in shape.required.items():
            if key not in present and key not in meant:
                problem = f"`{key}` is missing."
                self.fault(node, where, problem, f"add `{key}: …` ({field_shape.says})")
        for rule in shape.rules:
            self.rule(rule, node, where, data, present)
        return data

    def rule(
        self,
        rule: OneOf | Needs,
        node: Node,
        where: str,
        data: Mapping[str, Any],
        present: Mapping[str, int],
    ) -> None:
        if isinstance(rule, OneOf):
            there = [key for key in rule.keys if key in present]
            names = " and ".join(f"`{key}`" for key in rule.keys)
            if len(there) > 1:
                self.fault(
                    node, where, f"{names} cannot both be there.", "keep the one that is true"
                )
            elif rule.needed and not there:
                fix = f"add {names.replace(' and ', ' or ')}"
                self.fault(node, where, f"Neither {names.replace(' and ', ' nor ')} is there.", fix)
            return
        if rule.key not in present or any(key in present for key in rule.partners):
            return
        if rule.values and data.get(rule.key) not in rule.values:
            return
        names = " or ".join(f"`{key}`" for key in rule.partners)
        with_value = f"`{rule.key}: {data[rule.key]}`" if rule.values else f"`{rule.key}`"
        problem = f"{with_value} stands here without {names}."
        self.fault(node, where, problem, f"add {names}, or take `{rule.key}` out")

    def fault(self, node: Node, where: str, problem: str, fix: str) -> None:
        line = node.start_mark.line + 1
        self.faults.append(Fault(self.path, line, where, one_line(problem), one_line(fix)))


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
