"""Question files: what is read from them, and that each mistake is told with its place."""

from __future__ import annotations

import pytest

from bot.content.probes import load_probes
from bot.errors import ContentError

IDS = {"Amazon S3": "amazon-s3", "Amazon EFS": "amazon-efs"}


def faults(path):
    with pytest.raises(ContentError) as caught:
        load_probes(path, IDS.get)
    return [(fault.line, fault.where, fault.problem) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("{kind: chat, entry: a}", "no text `ask`"),
        ("{ask: 5, kind: chat, entry: a}", "no text `ask`"),
        ("{ask: q, kind: riddle}", "none of"),
        ("{ask: q, kind: chat}", "needs an `entry`"),
        ("{ask: q, kind: comparison, entries: [a]}", "two `entries`"),
        ("{ask: q, kind: fact, entry: a, shows: [15]}", "`shows` is no list of texts"),
        ("{ask: q, kind: fact, entry: a, shows: fifteen}", "`shows` is no list of texts"),
        ("{ask: q, kind: chat, entry: [a, 5]}", "`entry` is no list of texts"),
        ("{ask: q, kind: chat, entry: a, options: {A: a}}", "`options` is no list of texts"),
        ("[ask, q]", "no text `ask`"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, item, problem):
    path = tmp_path / "questions.yaml"
    path.write_text(f"questions:\n  - {{ask: q, kind: outside}}\n  - {item}\n", encoding="utf-8")
    ((line, where, text),) = faults(path)
    assert (line, where) == (0, "questions[1]")
    assert problem in text


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ('{"question": "q", "scope": "s"}', "not all of answer, question, scope"),
    ],
)
def test_a_mistake_in_json_lines_is_told_with_its_line(tmp_path, line, problem):
    path = tmp_path / "questions.jsonl"
    good = '{"question": "q", "scope": "s", "answer": "Amazon S3"}'
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    ((number, _, text),) = faults(path)
    assert number == 2
    assert problem in text


def test_options_of_json_lines_are_known_by_their_names(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '{"question": "q", "scope": "s", "answer": "Amazon S3", "options": ["EFS", "S3"]}\n'
        '{"question": "q", "scope": "s", "answer": "Unheard of"}\n'
        '{"question": "q", "scope": "other", "answer": "Amazon EFS"}\n',
        encoding="utf-8",
    )
    (probe,), unknown = load_probes(path, IDS.get, scope="s")
    assert probe.accepted == (frozenset({"amazon-s3"}),)
    assert probe.keys == {1}
    assert unknown == ("Unheard of",)
