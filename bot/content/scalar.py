"""What YAML makes of a value that nobody quoted, in words."""

from __future__ import annotations

from collections.abc import Callable

from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PREFIX = "tag:yaml.org,2002:"
STR = f"{_PREFIX}str"
INT = f"{_PREFIX}int"
_SHOWN_CHARS = 40


def shown(text: str) -> str:
    """Return ``text`` as it is quoted in a message: on one line, and cut when long."""
    return one_line(text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…")


def one_line(text: str) -> str:
    r"""Return ``text`` with everything invisible escaped.

    >>> one_line("two\nlines") == r"two\u000alines"
    True
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def kind_of(node: Node) -> str:
    """Return what a node is, for "expected …, found …"."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "keys and values"
    return "text" if node.tag == STR else f"`{shown(node.value)}`"


def misread(node: ScalarNode) -> str | None:
    """Return what YAML takes an unquoted value for; None when it is text or tagged."""
    match node.tag.removeprefix(_PREFIX):
        case "bool":
            return f"as {str(SafeConstructor.bool_values[node.value.lower()]).lower()}"
        case "int":
            return _number(node, SafeConstructor.construct_yaml_int)
        case "float":
            return _number(node, SafeConstructor.construct_yaml_float)
        case "timestamp":
            return "as a date"
        case "null":
            return "as nothing"
        case "value" | "merge":
            return "as a sign of its own"
        case _:
            return None


def _number(node: ScalarNode, construct: Callable[[SafeConstructor, ScalarNode], object]) -> str:
    try:
        return f"as the number {construct(SafeConstructor(), node)}"
    except (ValueError, OverflowError):  # such as `0b_` or five thousand digits
        return "as a number"
