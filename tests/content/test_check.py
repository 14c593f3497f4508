"""`study-bot check`: its words, its streams, its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.content.check import check
from bot.errors import ContentError
from tests.content.samples import GOOD, TODAY, changed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    return tmp_path


def test_clean_knowledge_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "a.yaml").write_text(GOOD.replace("2026-", "2020-"))  # past by any clock
    assert main(["check", "a.yaml"]) == 0
    assert capsys.readouterr() == (
        "knowledge is clean: 2 entries, 3 clues, 5 facts, 1 blank, 1 difference and 1 question"
        " in 1 file\n",
        "",
    )


def test_faults_go_to_stderr_a_line_each(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "a.yaml").write_text(
        changed("    kind: service\n", "    kind: 1\n    x: 2\n").replace("2026-", "2020-")
    )
    assert main(["check", "a.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ", 1)[0] for line in err.splitlines()] == ["a.yaml:9", "a.yaml:10"]


def test_a_path_that_is_not_there(capsys: pytest.CaptureFixture[str]):
    assert main(["check", "nowhere"]) == 1
    assert capsys.readouterr() == ("", "There is no file or folder nowhere.\n")


def test_a_page_read_in_a_coming_year_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "a.yaml").write_text(changed("2026-11-20", "2999-01-01"))
    assert main(["check", "a.yaml"]) == 1
    assert "2999-01-01 is in the future." in capsys.readouterr().err


def test_a_shipped_file_is_read_among_its_neighbours(folder: Path):
    home = folder / "home"
    head, questions = GOOD.split("questions:\n")
    (home / "entries.yaml").write_text(head)
    (home / "rest.yaml").write_text("questions:\n" + questions)
    assert check(home / "rest.yaml", home=home, today=TODAY) == "home/rest.yaml is clean"


def test_a_shipped_file_answers_for_its_own_faults_only(folder: Path):
    home = folder / "home"
    head, questions = GOOD.split("questions:\n")
    (home / "entries.yaml").write_text(head.replace("kind: service", "kind: 1"))
    (home / "rest.yaml").write_text("questions:\n" + questions)
    said = check(home / "rest.yaml", home=home, today=TODAY)
    assert said == "home/rest.yaml is clean; other files have 2 faults"
    with pytest.raises(ContentError) as caught:
        check(home / "entries.yaml", home=home, today=TODAY)
    assert [fault.line for fault in caught.value.faults] == [9, 40]
