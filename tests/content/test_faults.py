"""What authors are told, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.load import load_knowledge
from bot.errors import ContentError
from tests.content.mistakes import FORM, LINKS, YAML, Case
from tests.content.samples import GOOD, changed, faults_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of the files, so that faults name them without their folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", [*FORM, *LINKS, *YAML], ids=lambda case: case.name)
def test_a_mistake_is_named_with_its_place_and_its_fix(case: Case, folder: Path):
    assert faults_of(folder, changed(case.old, case.new)) == case.faults


def test_a_good_file_has_none(folder: Path):
    assert faults_of(folder, GOOD) == []


def test_a_file_that_is_not_utf_8(folder: Path):
    latin = GOOD.encode().replace(b"in text.", b"in t\xe9xt.", 1)
    assert faults_of(folder, latin) == ["42: The file is not UTF-8. Fix: save it as UTF-8"]


def test_a_file_whose_name_is_no_id(folder: Path):
    assert faults_of(folder, GOOD, "Data Protection.yaml") == [
        "1: topic: The file's name `Data Protection` is not an id. "
        "Fix: rename the file, like this: data-protection.yaml"
    ]


def test_mistakes_between_files_and_in_all_of_them_come_together(folder: Path):
    (folder / "b").mkdir()
    (folder / "a.yaml").write_text(GOOD)
    (folder / "b" / "a.yml").write_text("topic: data protection\nexam: CLF-C3\n")
    (folder / "c.yaml").write_text("synonyms: [")
    (folder / "d.yaml").write_text("synonyms:\n  - [PII, x]\nquestions: 5\n")
    with pytest.raises(ContentError) as caught:
        load_knowledge(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        "b/a.yml:1: topic: Two files are named `a`, the other is a.yaml:1. "
        "Fix: rename one; its name is the topic's id",
        "b/a.yml:1: topic: “data protection” is a topic already (a.yaml:1). "
        "Fix: give each topic its own name",
        "b/a.yml:2: exam: There is no exam `CLF-C3`. Fix: did you mean `CLF-C02`?",
        "c.yaml:1: This is not YAML: did not find expected node content. "
        "Fix: mend the indent and the quotes around this line",
        "d.yaml:2: synonyms[0][0]: “PII” is in a group already (a.yaml:61). "
        "Fix: join the two groups, or take it out of one",
        "d.yaml:3: questions: Expected a list, found `5`. Fix: write `[5]`",
    ]


def test_what_is_not_there(folder: Path):
    with pytest.raises(ContentError) as caught:
        load_knowledge(Path("nowhere"))
    assert [str(fault) for fault in caught.value.faults] == [
        "nowhere: There is no file or folder of this name. Fix: name a knowledge file or folder"
    ]


def test_a_folder_without_files(folder: Path):
    (folder / ".hidden.yaml").write_text("- a")
    (folder / "notes.txt").write_text("- a")
    with pytest.raises(ContentError) as caught:
        load_knowledge(Path())
    assert [str(fault) for fault in caught.value.faults] == [
        ".: The folder holds no .yaml or .yml file. Fix: name the folder that does"
    ]


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (folder / "a.yaml").write_text(GOOD)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ContentError) as caught:
        load_knowledge(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        "a.yaml: It cannot be read: Permission denied. Fix: mend its rights"
    ]
