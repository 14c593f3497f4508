"""What comes out of good files."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.load import find_files, load_files, load_knowledge
from bot.core.model import (
    Blank,
    Difference,
    Domain,
    Entry,
    Evidence,
    Exam,
    Fact,
    Knowledge,
    Question,
    Related,
    ScopeList,
    Topic,
)
from bot.errors import ContentError
from tests.content.samples import GOOD, TODAY

MACIE = "https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html"
COMPREHEND = "https://docs.aws.amazon.com/comprehend/latest/dg/what-is.html"
READ = Evidence(MACIE, "2026-11-24")
UNREAD = Evidence(COMPREHEND, None, "nobody has read it yet")


def test_the_good_file_says(tmp_path: Path):
    (tmp_path / "data-protection.yaml").write_text(GOOD)
    assert load_knowledge(tmp_path / "data-protection.yaml", today=TODAY) == Knowledge(
        entries=(
            Entry(
                id="amazon-comprehend",
                name="Amazon Comprehend",
                kind="service",
                topic="data-protection",
                category="language",
                summary="Finds meaning in text.",
                clues=("finds sentiment and key phrases in text",),
                facts=(Fact("It reads many languages.", UNREAD),),
                evidence=UNREAD,
                exam="AIF-C01",
                domain="foundation-models",
                status="closed",
                status_note="No new customers since a day in 2026.",
            ),
            Entry(
                id="amazon-macie",
                name="Amazon Macie",
                kind="service",
                topic="data-protection",
                category="data protection",
                summary="Finds sensitive data in Amazon S3.",
                clues=(
                    "discovers personal data in S3 buckets",
                    "PII in buckets is what it reports",
                ),
                facts=(
                    Fact(
                        "It looks at objects in Amazon S3 only.",
                        READ,
                        ("buckets", "where"),
                        Blank("Amazon S3", ("Amazon EBS", "Amazon RDS", "AWS Lambda")),
                    ),
                    Fact(
                        "Findings go to EventBridge.",
                        Evidence(
                            "https://docs.aws.amazon.com/macie/latest/user/findings.html",
                            "2026-11-20",
                        ),
                    ),
                    Fact(
                        "The first 30 days are free.",
                        Evidence(MACIE, None, "the pricing page was not at hand"),
                    ),
                    Fact("It runs in each Region.", Evidence(MACIE, "2026-11-21")),
                ),
                evidence=READ,
                exam="CLF-C02",
                domain="security-compliance",
                aliases=("Macie",),
                former=("Macie Classic",),
                differences=(
                    Difference(
                        "amazon-comprehend",
                        "looks at objects that lie in S3",
                        "finds sentiment in text that you send it",
                    ),
                ),
                duties={"aws": ("running the jobs",), "customer": ("choosing the buckets",)},
                correction="Some notes call it a network tool.",
            ),
        ),
        questions=(
            Question(
                id="macie-audit",
                prompt="Which of 400 buckets hold passport numbers?",
                choices=("Amazon Macie", "Amazon Inspector", "AWS Config"),
                answer=0,
                explanation="Macie looks into the objects; the others do not.",
                source=MACIE,
                entry_id="amazon-macie",
                topic="data-protection",
                exam="CLF-C02",
                domain="security-compliance",
            ),
        ),
        exams=(
            Exam(
                "AIF-C01",
                "AWS Certified AI Practitioner",
                (Domain("foundation-models", "Applications of Foundation Models", 100),),
                in_scope=(ScopeList("AI services", ("Amazon Comprehend", "Sentiment analysis")),),
                covered_by=(("Sentiment analysis", "amazon-comprehend"),),
                out_of_scope=("Amazon Macie",),
                core=("Amazon Comprehend",),
            ),
            Exam(
                "CLF-C02",
                "AWS Certified Cloud Practitioner",
                (
                    Domain("cloud-concepts", "Cloud Concepts", 70),
                    Domain("security-compliance", "Security and Compliance", 30),
                ),
            ),
        ),
        topics=(Topic("data-protection", "Data protection"),),
        synonyms=(("mood", "sentiment"), ("pii", "personal data")),
        related=(Related(("scramble", "make unreadable"), ("encrypt",)),),
        other_subjects=("a joke", "football"),
    )


def _split(folder: Path) -> tuple[Path, ...]:
    """Spread the good file over five: top-level keys may stand anywhere, in any combination."""
    data = yaml.safe_load(GOOD)
    head = {key: data[key] for key in ("topic", "exam", "domain")}
    parts = {
        "data-protection.yaml": {**head, "entries": data["entries"][:1]},
        "language.yml": {**head, "topic": "Language", "entries": data["entries"][1:]},
        "a/questions.yaml": {"questions": data["questions"]},
        "b/words.yaml": {key: data[key] for key in ("synonyms", "related", "other_subjects")}
        | {"exams": data["exams"][:1]},
        "exams.yaml": {"exams": data["exams"][1:]},
    }
    for name, part in parts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(part, sort_keys=False))
    return tuple(folder / name for name in parts)


def test_the_order_of_files_makes_no_difference(tmp_path: Path):
    files = _split(tmp_path)
    expected = load_knowledge(tmp_path, today=TODAY)
    assert [entry.topic for entry in expected.entries] == ["language", "data-protection"]
    assert expected.topics == (
        Topic("data-protection", "Data protection"),
        Topic("language", "Language"),
    )
    assert all(load_files(order) == expected for order in permutations(files))


def test_the_order_of_files_makes_no_difference_to_faults(tmp_path: Path):
    files = _split(tmp_path)
    (tmp_path / "exams.yaml").write_text(GOOD)
    said = set()
    for order in permutations(files):
        try:
            load_files(order)
        except ContentError as error:
            said.add(error.faults)
    assert len(said) == 1
    assert len(said.pop()) == 18


def test_hidden_files_are_left_out(tmp_path: Path):
    for name in ("b.yml", "a.YAML", ".#b.yml", ".git/c.yaml", "d/e.yaml", "d/readme.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "folder.yaml").mkdir()
    found = [file.relative_to(tmp_path).as_posix() for file in find_files(tmp_path)]
    assert found == ["a.YAML", "b.yml", "d/e.yaml"]


def test_without_today_a_coming_day_is_accepted(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.replace("2026-11-20", "2999-01-01"))
    assert load_knowledge(path).entries[1].facts[1].evidence.verified_on == "2999-01-01"


# A busy machine is not a fault of the loader.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LINES = GOOD.splitlines(keepends=True)
LINE = st.integers(0, len(LINES) - 1)
SCRAPS = st.sampled_from(
    [
        *("yes", "12:30", "2026-13-40", "0b_", "0x", ".inf", "1e999", "-0", "~", "=", "9" * 5000),
        *(
            "[",
            "]",
            "{",
            "}",
            "*a",
            "&a ",
            "<<: ",
            "!!int ",
            "!x ",
            ": ",
            "- ",
            "? ",
            "# ",
            "|",
            ">",
        ),
        *("\t", '"', "'", "%", "@", "\\", "---\n", "...\n", "\r", "\x00", "\u200b", "\ud7ff", "😀"),
    ]
)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Return the good file after a few accidents: cut, doubled, swapped, indented, overtyped."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(LINE) % len(lines), draw(LINE) % len(lines)
        match draw(st.integers(0, 5)):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = draw(st.sampled_from(["  ", " ", "    "])) + lines[at]
            case _:
                cut = draw(st.integers(0, len(lines[at])))
                scrap = draw(SCRAPS | st.text(max_size=5))
                lines[at] = lines[at][:cut] + scrap + lines[at][cut:]
    return "".join(lines)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken") / "broken.yaml"


def load_or_refuse(path: Path, data: bytes) -> None:
    """Load ``data``; whatever is wrong is refused in one-line faults that point into the file."""
    path.write_bytes(data)
    try:
        load_knowledge(path, today=TODAY)
    except ContentError as error:
        for fault in error.faults:
            assert str(fault).isprintable()
            assert 0 <= fault.line <= len(data) + 1
            assert fault.problem.endswith(".")
            assert fault.fix


@patiently
@given(broken())
def test_an_accident_raises_nothing_but_content_errors(path: Path, text: str):
    load_or_refuse(path, text.encode("utf-8", "surrogatepass"))


@patiently
@given(st.binary(max_size=40), LINE)
def test_bytes_raise_nothing_but_content_errors(path: Path, data: bytes, at: int):
    load_or_refuse(path, data)
    load_or_refuse(path, "".join(LINES[:at]).encode() + data)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@patiently
@given(st.data())
def test_any_value_anywhere_raises_nothing_but_content_errors(path: Path, data: st.DataObject):
    tree = yaml.safe_load(GOOD)
    at: Any = tree
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not at[key] or not isinstance(at[key], dict | list) or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = data.draw(ANYTHING)
    load_or_refuse(path, yaml.safe_dump(tree).encode("utf-8", "surrogatepass"))
