"""The kept copy: quick when nothing changed, never wrong when something did."""

from __future__ import annotations

import json

import pytest

from bot.content import kept
from bot.content.kept import load_library
from bot.content.load import load_knowledge
from bot.core.corpus import Corpus
from bot.errors import ContentError
from tests.content.samples import GOOD


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "knowledge"
    path.mkdir()
    (path / "data-protection.yaml").write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def reads(monkeypatch):
    """Count how often the files were read and checked."""
    calls: list[int] = []
    real = kept.faultless

    def counted(files):
        calls.append(len(files))
        return real(files)

    monkeypatch.setattr(kept, "faultless", counted)
    return calls


def knowledge_of(folder, copy):
    return load_library(folder, copy).knowledge


def test_the_copy_says_what_the_files_say(folder, tmp_path, reads):
    copy = tmp_path / "data" / "knowledge.json"
    expected = load_knowledge(folder)
    assert knowledge_of(folder, copy) == expected
    assert knowledge_of(folder, copy) == expected
    assert reads == [1]


def test_a_changed_file_is_read_again(folder, tmp_path, reads):
    copy = tmp_path / "knowledge.json"
    knowledge_of(folder, copy)
    (folder / "more.yaml").write_text("elsewhere: [azure]\n", encoding="utf-8")
    assert knowledge_of(folder, copy).elsewhere == ("azure",)
    assert knowledge_of(folder, copy).elsewhere == ("azure",)
    assert reads == [1, 2]


def test_a_broken_file_is_refused_and_the_copy_is_not_used(folder, tmp_path):
    copy = tmp_path / "knowledge.json"
    knowledge_of(folder, copy)
    (folder / "data-protection.yaml").write_text("topic: yes\n", encoding="utf-8")
    with pytest.raises(ContentError):
        knowledge_of(folder, copy)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"mark": 1}', '{"mark": "?", "documents": 5}'])
def test_a_spoilt_copy_is_made_again(folder, tmp_path, reads, text):
    copy = tmp_path / "knowledge.json"
    copy.write_text(text, encoding="utf-8")
    expected = load_knowledge(folder)
    assert knowledge_of(folder, copy) == expected
    assert json.loads(copy.read_text(encoding="utf-8"))["documents"]
    assert knowledge_of(folder, copy) == expected
    assert reads == [1]


def test_where_nothing_can_be_kept_the_files_are_read(folder, tmp_path, reads):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    knowledge_of(folder, blocked / "knowledge.json")
    knowledge_of(folder, blocked / "knowledge.json")
    assert reads == [1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "knowledge"]


@pytest.fixture
def indexings(monkeypatch):
    """Count how often the texts were indexed."""
    calls: list[int] = []
    real = Corpus.indexed

    def counted(corpus, entries, watched, weights):
        calls.append(len(entries))
        return real(corpus, entries, watched, weights)

    monkeypatch.setattr(Corpus, "indexed", counted)
    return calls


def test_a_kept_index_answers_as_a_new_one(folder, tmp_path, indexings):
    copy = tmp_path / "data" / "knowledge.json"
    made, kept_one = load_library(folder, copy), load_library(folder, copy)
    assert len(indexings) == 1
    assert kept_one.indexed == made.indexed
    for question in ("what is macie", "which service findss personal data", "shield or macie?"):
        assert kept_one.answer(question) == made.answer(question)
        assert kept_one.explain(question) == made.explain(question)


def test_an_index_of_other_knowledge_or_other_code_is_made_again(
    folder, tmp_path, indexings, monkeypatch
):
    copy = tmp_path / "knowledge.json"
    load_library(folder, copy)
    (folder / "more.yaml").write_text("elsewhere: [azure]\n", encoding="utf-8")
    load_library(folder, copy)
    monkeypatch.setattr(kept.Stemmer, "version", lambda: "another")
    load_library(folder, copy)
    assert len(indexings) == 3
    load_library(folder, copy)
    assert len(indexings) == 3


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-4], lambda data: b"x\n{}"])
def test_a_spoilt_index_is_made_again(folder, tmp_path, indexings, spoil):
    copy = tmp_path / "knowledge.json"
    made = load_library(folder, copy)
    beside = tmp_path / "knowledge.index"
    whole = beside.read_bytes()
    beside.write_bytes(spoil(whole))
    assert load_library(folder, copy).indexed == made.indexed
    assert beside.read_bytes() == whole
    assert len(indexings) == 2


def test_where_nothing_can_be_kept_the_index_is_made(folder, tmp_path, indexings):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    load_library(folder, blocked / "knowledge.json")
    load_library(folder, blocked / "knowledge.json")
    assert len(indexings) == 2
