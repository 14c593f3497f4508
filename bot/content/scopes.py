"""What must hold of the lists that exams bring: each name once, and links from listed names only.

That a linked entry exists is no rule here but for `study-bot coverage`: exams are also read
without the entries of all their domains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.content.document import Faults, did_you_mean, places
from bot.content.scalar import shown

Data = Mapping[str, Any]


def check_scopes(all_faults: Sequence[Faults]) -> None:
    """Note what is wrong in the lists of every exam."""
    for faults in all_faults:
        for where, exam in faults.document.items("exams"):
            listed = _once(faults, _listed(exam, where), "listed")
            _once(faults, places(exam, "out_of_scope", where), "listed as out of scope")
            for spot, name in places(exam, "out_of_scope", where):
                if name.casefold() in listed:
                    problem = f"“{shown(name)}” is listed as in scope too."
                    faults.add(spot, problem, "keep it on the list on which the guide has it")
            _once(faults, places(exam, "core", where), "listed as core")
            for spot, link in places(exam, "covered_by", where):
                if "name" in link and link["name"].casefold() not in listed:
                    fix = did_you_mean(link["name"], tuple(listed.values()), "copy it from a list")
                    problem = f"No list has the name “{shown(link['name'])}”."
                    faults.add(f"{spot}.name", problem, fix)


def _listed(exam: Data, where: str) -> Iterator[tuple[str, str]]:
    for spot, group in places(exam, "in_scope", where):
        yield from places(group, "names", spot)


def _once(faults: Faults, names: Iterator[tuple[str, str]], how: str) -> dict[str, str]:
    """Return the names as written, by what they are compared by; note those that come again."""
    first: dict[str, tuple[str, str]] = {}
    for spot, name in names:
        known = first.setdefault(name.casefold(), (spot, name))
        if known[0] != spot:
            line = faults.document.lines[known[0]]
            problem = f"“{shown(name)}” is {how} already, on line {line}."
            faults.add(spot, problem, "take one out")
    return {key: name for key, (_, name) in first.items()}
