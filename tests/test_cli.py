"""The command line, as a shell runs it: what is printed where, and the exit code."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import __version__, cli, config
from bot.cogs.pulse import KEY, STALE
from bot.config import SETTING_NAMES
from bot.content import kept
from bot.content.shelf import Shelf
from bot.store.store import Store
from tests.content.samples import GOOD

ROOT = Path(__file__).parent.parent
KEYS = {"question", "kind", "confidence", "answers", "alternatives", "choice"}
CHOICE = "Which service finds PII in S3? A. Amazon Macie B. AWS WAF C. Amazon Polly D. AWS Shield"


@pytest.fixture
def environment(monkeypatch, tmp_path, shelf) -> None:
    """An empty folder without .env; the knowledge of the bot set, and read once for all tests."""
    monkeypatch.chdir(tmp_path)
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(config.DEFAULT_KNOWLEDGE))
    monkeypatch.setattr(cli.logging, "basicConfig", lambda **_: None)
    read = Shelf.read
    monkeypatch.setattr(
        Shelf,
        "read",
        lambda path, copy: shelf if path == config.DEFAULT_KNOWLEDGE else read(path, copy),
    )


@pytest.fixture
def run(environment, capsys):
    """Run a command in this process; return exit code, output and errors."""

    def run(*argv: str) -> tuple[int, str, str]:
        code = cli.main(argv)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


@pytest.fixture
def pipe(run, monkeypatch, capsys):
    """Run a command on streams of bytes, as a shell gives them; return code, output and errors."""

    def pipe(*argv: str, stdin: bytes = b"", encoding: str = "utf-8") -> tuple[int, bytes, str]:
        out = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding))
        code, _, err = run(*argv)
        sys.stdout.flush()
        return code, out.getvalue(), err

    return pipe


def in_own_process(
    *argv: str, cwd: Path, knowledge: Path = config.DEFAULT_KNOWLEDGE, **env: str
) -> dict[str, Any]:
    """Return what makes a process of its own, for ``subprocess``."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTING_NAMES}
    return {
        "args": [sys.executable, "-m", "bot", *argv],
        "cwd": cwd,
        "env": {**clean, "PYTHONPATH": str(ROOT), "STUDY_BOT_KNOWLEDGE": str(knowledge), **env},
    }


@contextmanager
def conversing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start `ask --json -` on a small knowledge, to be talked to through pipes."""
    knowledge = folder / "data-protection.yaml"
    knowledge.write_text(GOOD, encoding="utf-8")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    asking = in_own_process("ask", "--json", "-", cwd=folder, knowledge=knowledge)
    with subprocess.Popen(**asking, **pipes, text=True) as process:
        yield process


async def database(path: Path) -> None:
    async with Store(path) as store:
        await store.record_missed(7, text="capital of peru", at=datetime.now(UTC))
        for _ in range(2):
            await store.record_missed(7, text="capital of france", at=datetime.now(UTC))
        old = datetime.now(UTC) - timedelta(days=10)
        await store.record_missed(7, text="capital of chad", at=old)


# ----------------------------------------------------------------------------- asking


def test_an_answer_for_a_person(run):
    code, out, err = run("ask", "which", "service", "detects", "PII?")
    assert code == 0
    assert "Amazon Macie\n" in out
    assert "Source: https://" in out
    assert max(map(len, out.splitlines())) < 200
    assert err == ""


def test_a_decline_for_a_person(run):
    code, out, _ = run("ask", "what is the capital of france")
    assert code == 0
    assert out.startswith("I don't know that one.\nYou can ask about:\n- AWS Certified ")


def test_what_a_start_of_the_bot_kept_is_used_while_it_is_true_and_else_nothing_is_kept(
    run, tmp_path, monkeypatch
):
    knowledge = tmp_path / "data-protection.yaml"
    knowledge.write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(knowledge))
    monkeypatch.setenv("STUDY_BOT_DB", str(tmp_path / "data" / "study.db"))
    copy = tmp_path / "data" / "knowledge.json"
    _, plain, _ = run("ask", "what is macie")
    assert not copy.parent.exists()
    Shelf.read(knowledge, copy)
    real, readings = kept.faultless, []
    monkeypatch.setattr(kept, "faultless", lambda files: readings.append(files) or real(files))
    assert run("ask", "what is macie") == (0, plain, "")
    assert readings == []
    knowledge.write_text(GOOD.replace("Macie", "Maisie"), encoding="utf-8")
    assert run("ask", "what is maisie") == (0, plain.replace("Macie", "Maisie"), "")
    assert len(readings) == 1


def test_an_explanation_is_added_when_asked_for(run):
    _, plain, _ = run("ask", "guardduti")
    code, explained, _ = run("ask", "guardduti", "--explain")
    assert code == 0
    assert explained.startswith(plain)
    assert len(explained) > len(plain) + 20


@pytest.mark.parametrize(
    ("question", "kind", "count"),
    [
        ("which service detects PII?", "answer", 1),
        ("guardduty vs inspector", "comparison", 2),
        (CHOICE, "choice", 1),
        ("what is the capital of france", "none", 0),
    ],
)
def test_json_has_exactly_the_documented_keys(run, question, kind, count):
    code, out, _ = run("ask", "--json", question)
    assert code == 0
    assert out.count("\n") == 1
    reply = json.loads(out)
    assert set(reply) == KEYS
    assert reply["question"] == question
    assert reply["kind"] == kind
    assert reply["confidence"] in ("sure", "unsure", "none")
    assert (reply["confidence"] == "none") == (kind == "none")
    assert len(reply["answers"]) == count
    for answer in reply["answers"]:
        assert set(answer) == {"id", "name", "summary", "facts", "source"}
        assert answer["facts"]
    for other in reply["alternatives"]:
        assert set(other) == {"id", "name", "score"}
    assert (reply["choice"] is not None) == (kind == "choice")
    if kind == "choice":
        assert set(reply["choice"]) == {"option", "reasons"}
        assert reply["choice"]["option"] == "A"
        assert len(reply["choice"]["reasons"]) == 4


def test_hundreds_of_lines_come_back_in_order(tmp_path):
    asked = [f"which service detects PII number {n}?" for n in range(500)]
    asked += ["guardduti", "what is the capital of france"] * 100
    blanks = "\n\n   \n".join(asked)
    result = subprocess.run(
        **in_own_process("ask", "--json", "-", cwd=tmp_path),
        input=f"\n{blanks}\r\n\n".encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    replies = [json.loads(line) for line in result.stdout.decode().split("\n")[:-1]]
    assert [reply["question"] for reply in replies] == asked
    assert all(set(reply) == KEYS for reply in replies)
    assert result.stderr == b""


def test_no_lines_give_no_lines(pipe):
    assert pipe("ask", "--json", "-", stdin=b"\n \n") == (0, b"", "")


def test_lines_that_are_no_utf8_are_answered_too(pipe):
    code, out, _ = pipe("ask", "--json", "-", stdin=b"guardduti \xff\xfe\nmacie\n")
    assert code == 0
    assert len(out.decode().split("\n")) == 3


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("extra", [(), ("--json",)])
def test_a_narrow_terminal_is_no_reason_to_fail(pipe, encoding, extra):
    code, out, _ = pipe("ask", *extra, "guardduti “→”", encoding=encoding)
    assert code == 0
    assert b"GuardDuty" in out
    if extra:  # JSON is UTF-8 whatever the terminal is
        assert json.loads(out.decode())["question"] == "guardduti “→”"


def test_an_argument_that_is_no_text_is_no_reason_to_fail(pipe):
    for extra in ((), ("--json",)):
        code, out, _ = pipe("ask", *extra, os.fsdecode(b"guardduti \xff"))
        assert code == 0
        assert b"GuardDuty" in out


def test_a_shell_that_holds_nothing_but_ascii_is_no_reason_to_fail(tmp_path):
    result = subprocess.run(
        **in_own_process(
            "ask", os.fsdecode(b"macie \xe2\x86\x92 \xff"), cwd=tmp_path, PYTHONIOENCODING="ascii"
        ),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert b"Amazon Macie" in result.stdout


def test_each_line_is_answered_before_the_next_is_asked(tmp_path):
    """So that a program may hold a conversation."""
    with conversing(tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question in ("comprehend", "macie"):
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.communicate()
        assert process.returncode == 0


def test_a_reader_that_goes_away_is_no_accident(tmp_path):
    with conversing(tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("macie\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write("macie\n" * 50)
        process.stdin.close()
        assert process.wait() == 1
        assert process.stderr.read() == ""


def test_standard_input_goes_with_json_only(run):
    code, out, err = run("ask", "-")
    assert (code, out) == (1, "")
    assert err == "Reading questions from standard input goes with --json.\n"


# ---------------------------------------------------------------------------- coverage


def test_coverage_fails_while_a_listed_name_has_no_entry(run, tmp_path, monkeypatch):
    path = tmp_path / "data-protection.yaml"
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(path))
    path.write_text(GOOD, encoding="utf-8")
    code, out, err = run("coverage")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "AIF-C01  AWS Certified AI Practitioner",
        "                                   weight  entries  clues  facts  unverified  questions"
        "  share  never asked",
        "Applications of Foundation Models   100 %        1      1      1   1 (100 %)          0"
        "      -            1",
        "together                            100 %        1      1      1   1 (100 %)          0"
        "      -            1",
        "Never asked, closed or retired: amazon-comprehend",
        "No gap: each of the 2 names on the guide's lists has an entry.",
        "",
        "CLF-C02  AWS Certified Cloud Practitioner",
        "                         weight  entries  clues  facts  unverified  questions  share"
        "  never asked",
        "Cloud Concepts             70 %        0      0      0       0 (-)          0    0 %"
        "            0",
        "Security and Compliance    30 %        1      2      4    1 (25 %)          4  100 %"
        "            0",
        "together                  100 %        1      2      4    1 (25 %)          4  100 %"
        "            0",
        "There is no list of what the guide asks (`in_scope`), so gaps are unknown.",
    ]
    path.write_text(
        GOOD.replace("Sentiment analysis]", "Sentiment analysis, Moods, Tone]"), "utf-8"
    )
    code, out, _ = run("coverage")
    assert code == 1
    assert (
        "2 of the 4 names on the guide's lists have no entry:\n  AI services: Moods, Tone\n" in out
    )


def test_coverage_of_what_comes_with_the_bot(run):
    _, out, err = run("coverage")
    assert err == ""
    assert re.search(r"^Security and Compliance +30 % +\d+ ", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) < 160


# ----------------------------------------------------------------------------- drawing


@pytest.mark.parametrize("called", ["amazon-macie", "macie", "Amazon Macie"])
def test_draw_prints_every_question_of_an_entry(run, called):
    code, out, err = run("draw", called)
    assert (code, err) == (0, "")
    head, *questions = out.split("\n\n")
    assert head == f"Amazon Macie: {len(questions)} questions"
    assert len(questions) > 5
    for number, text in enumerate(questions, start=1):
        lines = text.splitlines()
        assert lines[0].startswith(f"{number}. ")
        assert sum(line.startswith(" * ") for line in lines) == 1
        assert any(line.startswith("   https://") for line in lines)
        assert lines[-1].startswith(("   amazon-macie.", "   threat-", "   macie-"))
    assert max(map(len, out.splitlines())) <= 200


def test_draw_says_what_is_not_asked_and_who_is_alone(run, tmp_path, monkeypatch):
    path = tmp_path / "data-protection.yaml"
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(path))
    path.write_text(GOOD, encoding="utf-8")
    code, out, _ = run("draw", "macie")
    assert code == 0
    assert "\nFewer than three entries are near it" in out
    assert out.splitlines()[-4:] == [
        "Not asked:",
        "- discovers personal data in S3 buckets: no three neighbours make fair wrong options",
        "- PII in buckets is what it reports: no three neighbours make fair wrong options",
        "- looks at objects that lie in S3: Amazon Comprehend is closed",
    ]


def test_draw_names_what_was_meant(run):
    assert run("draw", "gaurdduty") == (
        1,
        "",
        "There is no entry “gaurdduty”. Did you mean Amazon GuardDuty?\n",
    )
    assert run("draw", "qqqqq") == (1, "", "There is no entry “qqqqq”.\n")


def test_draw_asks_nothing_about_what_is_gone(run):
    assert run("draw", "snowmobile") == (
        0,
        "AWS Snowmobile is retired, so nothing is asked about it.\n",
        "",
    )


def test_draw_at_random_follows_the_seed(run):
    code, out, err = run("draw", "--count", "20", "--seed", "1")
    assert (code, err) == (0, "")
    assert out.startswith("AWS Certified Cloud Practitioner: 20 questions of ")
    assert out.count("\n * ") == 20
    assert run("draw", "--count", "20", "--seed", "1")[1] == out
    assert run("draw", "--count", "20", "--seed", "2")[1] != out
    assert ", seed " in run("draw", "--count", "1")[1]


def test_draw_keeps_to_a_topic(run):
    _, out, _ = run("draw", "--topic", "Threat detection", "--count", "3", "--seed", "1")
    assert out.startswith("Threat detection: 3 questions of ")
    code, out, err = run("draw", "--topic", "cooking")
    assert (code, out) == (1, "")
    assert err.startswith("There is no topic “cooking”. There are: ")


# ---------------------------------------------------------------------------- knowledge


def test_check_is_clean_on_what_comes_with_the_bot(run):
    code, out, _ = run("check", str(config.DEFAULT_KNOWLEDGE))
    assert code == 0
    assert out.startswith("knowledge is clean: ")


def test_check_lists_all_faults_and_fails(run, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("topic: yes\nexam: 1.10\n", encoding="utf-8")
    code, out, err = run("check", str(broken))
    assert (code, out) == (1, "")
    assert len(err.splitlines()) >= 2
    assert all("broken.yaml" in line and " Fix: " in line for line in err.splitlines()), err


def test_check_of_nothing_says_so(run, tmp_path):
    code, out, err = run("check", str(tmp_path / "nowhere"))
    assert (code, out) == (1, "")
    assert err == f"There is no file or folder {tmp_path / 'nowhere'}.\n"


def test_asking_with_broken_knowledge_lists_the_faults(run, tmp_path, monkeypatch):
    (tmp_path / "broken.yaml").write_text("topic: yes\n", encoding="utf-8")
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", str(tmp_path / "broken.yaml"))
    code, out, err = run("ask", "macie")
    assert (code, out) == (1, "")
    assert "broken.yaml:" in err
    assert "Fix:" in err


def test_evaluate_counts_what_was_answered(run, tmp_path):
    questions = tmp_path / "questions.yaml"
    questions.write_text(
        "questions:\n"
        "  - {ask: which service detects PII, kind: chat, entry: amazon-macie}\n"
        "  - {ask: how to boil an egg, kind: outside}\n"
        "  - {ask: 'Which service detects PII?', kind: scenario, entry: amazon-macie,"
        " options: [Amazon Polly, Amazon Macie]}\n"
        "  - {ask: 'Which service detects PII?', kind: scenario, entry: amazon-polly,"
        " options: [Amazon Polly, Amazon Macie]}\n",
        encoding="utf-8",
    )
    code, out, _ = run("evaluate", "--counts", str(questions))
    assert code == 0
    shares = {line.split()[0]: line.split("(")[1].split(",")[0] for line in out.splitlines()[2:6]}
    assert shares == {"chat": "1/1", "scenario": "1/2", "outside": "1/1", "options": "1/2"}


# ----------------------------------------------------------------------------- database


async def test_missed_is_most_asked_first(run, tmp_path):
    await database(tmp_path / "data" / "study.db")
    code, out, _ = await in_thread(run, "missed")
    assert code == 0
    texts = [line.split(maxsplit=2)[2] for line in out.splitlines()]
    assert texts == ["capital of france", "capital of peru", "capital of chad"]
    assert out.startswith("   2  ")
    _, out, _ = await in_thread(run, "missed", "--days", "5")
    assert "chad" not in out


async def test_nothing_missed_is_said(run, tmp_path):
    async with Store(tmp_path / "data" / "study.db"):
        pass
    code, out, _ = await in_thread(run, "missed")
    assert (code, out) == (0, "Nothing: every question of the last days had an answer.\n")


@pytest.mark.parametrize("command", [("missed",), ("health",), ("backup", "b.db")])
def test_a_missing_database_is_a_sentence(run, tmp_path, command):
    code, out, err = run(*command)
    assert (code, out) == (1, "")
    assert err.startswith("There is no database ")
    assert "STUDY_BOT_DB" in err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [("missed",), ("health",), ("backup", "b.db")])
def test_a_file_that_is_no_database_is_a_sentence(run, tmp_path, monkeypatch, command):
    (tmp_path / "odd.db").write_text("not a database, not at all" * 100, encoding="utf-8")
    monkeypatch.setenv("STUDY_BOT_DB", "odd.db")
    code, out, err = run(*command)
    assert (code, out) == (1, "")
    assert "odd.db" in err


async def test_health_never_fresh_and_stale(run, tmp_path):
    path = tmp_path / "data" / "study.db"
    async with Store(path):
        pass
    assert await in_thread(run, "health") == (1, "", "The bot has not started yet.\n")
    async with Store(path) as store:
        await store.set_meta(KEY, datetime.now(UTC).isoformat())
        code, out, _ = await in_thread(run, "health")  # beside the running bot
        assert code == 0
        assert out.startswith("Alive ")
        await store.set_meta(KEY, (datetime.now(UTC) - STALE * 2).isoformat())
    code, out, err = await in_thread(run, "health")
    assert (code, out) == (1, "")
    assert err.startswith("The last sign of life is 0:06:0")


async def test_a_backup_can_be_made_beside_a_running_bot_and_put_back(run, tmp_path, monkeypatch):
    path = tmp_path / "data" / "study.db"
    copy = tmp_path / "copies" / "one.db"
    async with Store(path) as store:
        await store.set_meta("here", "before")
        assert await in_thread(run, "backup", str(copy)) == (0, f"Wrote {copy}\n", "")
        await store.set_meta("here", "after")
        code, out, err = await in_thread(run, "restore", str(copy))
        assert (code, out) == (1, "")
        assert "in use by another study bot" in err
    code, _, err = await in_thread(run, "backup", str(copy))
    assert code == 1
    assert "is there already" in err
    code, out, _ = await in_thread(run, "restore", str(copy))
    assert code == 0
    assert out.startswith("Restored data/study.db; what was there is in ")
    async with Store(path) as store:
        assert await store.get_meta("here") == "before"
    kept = Path(out.removeprefix("Restored data/study.db; what was there is in ").strip())
    async with Store(kept) as store:
        assert await store.get_meta("here") == "after"


async def test_a_backup_is_put_where_nothing_was(run, tmp_path, monkeypatch):
    await database(tmp_path / "data" / "study.db")
    await in_thread(run, "backup", "one.db")
    monkeypatch.setenv("STUDY_BOT_DB", "new.db")
    assert await in_thread(run, "restore", "one.db") == (0, "Restored new.db\n", "")


async def in_thread(run, *argv: str):
    """Run a command that has an event loop of its own."""
    import asyncio

    return await asyncio.to_thread(run, *argv)


# ----------------------------------------------------------------------------- settings


@pytest.mark.parametrize("command", ["run", "sync"])
def test_without_a_token_it_is_said_how_to_get_one(run, tmp_path, command):
    code, out, err = run(command)
    assert (code, out) == (1, "")
    assert "https://discord.com/developers/applications" in err
    assert "make play" in err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "command", [("run",), ("sync",), ("ask", "macie"), ("missed",), ("health",), ("play",)]
)
def test_malformed_settings_are_listed_together(run, monkeypatch, command):
    monkeypatch.setenv("STUDY_BOT_LOG_LEVEL", "loud")
    monkeypatch.setenv("STUDY_BOT_KNOWLEDGE", "/nowhere/at/all")
    monkeypatch.setenv("DISCORD_TOKEN", "marked token")
    code, out, err = run(*command)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 3
    assert "marked" not in err


def test_a_file_beside_gives_the_settings(tmp_path):
    (tmp_path / ".env").write_text("STUDY_BOT_LOG_LEVEL=loud\n", encoding="utf-8")
    result = subprocess.run(
        **in_own_process("missed", cwd=tmp_path), capture_output=True, timeout=60, check=False
    )
    assert result.returncode == 1
    assert result.stderr.decode().startswith("STUDY_BOT_LOG_LEVEL must be one of ")


def test_at_debug_discords_own_log_of_payloads_stays_off(tmp_path):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import logging; from bot.cli import _settings; _settings();"
            "print(*(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in"
            " ('bot.app', 'discord.gateway', 'discord.http', 'discord.webhook.async_')))",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "STUDY_BOT_LOG_LEVEL": "DEBUG"},
        capture_output=True,
        check=True,
    )
    assert told.stdout.split() == [b"True", b"False", b"False", b"False"]


@pytest.mark.parametrize("argv", [(), ("dance",), ("ask",), ("check", "a", "b"), ("backup",)])
def test_a_call_that_makes_no_sense_shows_the_usage(environment, capsys, argv):
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2
    assert "usage: study-bot" in capsys.readouterr().err


def test_the_version_is_told(environment, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"study-bot {__version__}\n"


def test_an_interrupt_ends_quietly(run, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Shelf, "read", interrupt)
    assert run("ask", "macie") == (130, "", "")
