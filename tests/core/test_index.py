"""BM25 against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.index import PASSAGE_END, Index, Stream, Tables


def index_of(documents, weights):
    """Return an index of documents given as field to terms, each field a passage."""
    stream = Stream(len(documents))
    for number, document in enumerate(documents):
        for passage, (field, terms) in enumerate(document.items()):
            stream.add(number, passage, field, terms)
    return Index(Tables.of(stream, weights))


TERMS = st.sampled_from(["bucket", "policy", "role", "key"])
DOCUMENTS = st.lists(
    st.dictionaries(st.sampled_from(["names", "facts"]), st.lists(TERMS, max_size=6)), max_size=6
)


def test_impacts_of_one_field():
    # Lengths 2, 4 and 0: the average is 2. Three documents.
    index = index_of(
        [{"body": ["bucket", "policy"]}, {"body": ["bucket", "bucket", "key", "key"]}, {}],
        {"body": 1.0},
    )
    assert index.idf("bucket") == pytest.approx(math.log(1.6))  # 1 + (3 - 2 + 0.5) / (2 + 0.5)
    assert index.idf("policy") == pytest.approx(math.log(8 / 3))  # 1 + (3 - 1 + 0.5) / (1 + 0.5)
    assert index.rarest_idf == index.idf("policy")
    # Document 0 is of average length: tf 1, so 1 / (1.5 + 1) of the idf.
    assert index.impact("bucket", 0) == pytest.approx(math.log(1.6) / 2.5)
    # Document 1 is twice as long: norm 0.5 + 0.5 * 2 = 1.5, tf 2 / 1.5 = 4/3, (4/3) / (17/6).
    assert index.impact("bucket", 1) == pytest.approx(math.log(1.6) * 8 / 17)
    assert index.impact("bucket", 2) == 0.0
    assert index.frequency("bucket") == 2


def test_fields_add_up_before_they_saturate():
    index = index_of([{"names": ["key"], "facts": ["key"]}], {"names": 3.0, "facts": 1.0})
    # Both fields are of average length: tf 3 + 1 = 4, and 4 / 5.5 of the idf log(4/3).
    assert index.impact("key", 0) == pytest.approx(math.log(4 / 3) * 4 / 5.5)


def test_a_field_without_a_weight_is_not_indexed():
    index = index_of([{"secret": ["key"]}], {"names": 1.0})
    assert "key" not in index
    assert index.search({"key": 1.0}) == {}


def test_passages_keep_their_numbers_without_a_field_between():
    stream = Stream(2)
    for doc in range(2):
        stream.add(doc, 0, "names", ["key"])
        stream.add(doc, 1, "secret", ["role", PASSAGE_END, "key"])
        stream.add(doc, 3, "facts", ["policy", PASSAGE_END, "bucket", "key"])
        stream.add(doc, 4, "facts", ["role"])
    index = Index(Tables.of(stream, {"names": 1.0, "facts": 1.0}))
    assert {doc: set(where.passages) for doc, where in index.standing("key", range(2))} == {
        0: {0, 4},
        1: {0, 4},
    }
    assert [set(where.passages) for _, where in index.standing("policy", [1])] == [{3}]
    assert index.are_neighbours("key", "role")
    assert not index.are_neighbours("policy", "bucket")
    # Facts have four terms in either document: 1 / (1.5 + 1) of the idf, and names as many.
    assert index.impact("role", 0) == pytest.approx(index.idf("role") / 2.5)
    assert index.impact("key", 0) == pytest.approx(index.idf("key") * 2 / 3.5)


def test_it_makes_no_difference_how_many_terms_are_grouped_at_once(monkeypatch):
    documents = [{"body": ["key", "key", "role"]}, {"body": ["role"]}, {"body": ["key"]}]
    one = index_of(documents, {"body": 1.0})
    monkeypatch.setattr("bot.core.index.GROUPED_AT_ONCE", 2)
    other = index_of(documents, {"body": 1.0})
    for term in ("key", "role"):
        assert one.frequency(term) == other.frequency(term) == 2
        before = [other.impact(term, doc) for doc in range(3)]
        assert one.search({term: 1.0}) == other.search({term: 1.0})
        assert [other.impact(term, doc) for doc in range(3)] == before


def test_the_idf_of_a_word_of_every_document_is_positive():
    index = index_of([{"body": ["key"]}] * 5, {"body": 1.0})
    assert index.idf("key") == pytest.approx(math.log(1 + 0.5 / 5.5))


def test_a_score_is_the_weighted_sum_of_impacts():
    index = index_of([{"body": ["role", "key"]}, {"body": ["role"]}], {"body": 1.0})
    expected = 2.0 * index.impact("role", 0) + 0.5 * index.impact("key", 0)
    assert index.search({"role": 2.0, "key": 0.5})[0] == pytest.approx(expected)


def test_the_rarer_word_decides():
    index = index_of([{"body": ["key"]}, {"body": ["key"]}, {"body": ["role"]}], {"body": 1.0})
    scores = index.search({"key": 1.0, "role": 1.0})
    assert scores[2] > scores[0] == scores[1]


def test_common_words_lead_nowhere_once_enough_was_read(monkeypatch):
    monkeypatch.setattr("bot.core.index.SCAN_LIMIT", 2)
    index = index_of(
        [{"body": ["key", "role"]}, {"body": ["key"]}, {"body": ["key"]}], {"body": 1.0}
    )
    scores = index.search({"key": 1.0, "role": 1.0})
    assert scores == {0: pytest.approx(index.impact("key", 0) + index.impact("role", 0))}
    assert set(index.search({"key": 1.0})) == {0, 1, 2}  # the rarest is always read whole


@pytest.mark.parametrize("documents", [[], [{}], [{"body": []}]])
def test_an_index_without_words_finds_nothing(documents):
    index = index_of(documents, {"body": 1.0})
    assert index.search({"key": 1.0}) == {}
    assert list(index.terms()) == []
    assert index.idf("key") == 0.0


def test_an_unknown_word_changes_nothing():
    index = index_of([{"body": ["key"]}], {"body": 1.0})
    assert index.search({"zebra": 9.0}) == {}
    assert index.search({"zebra": 9.0, "key": 1.0}) == index.search({"key": 1.0})
    assert index.frequency("zebra") == 0


@given(DOCUMENTS, st.dictionaries(TERMS, st.floats(0, 5), max_size=4))
def test_results_are_within_their_bounds(documents, query):
    index = index_of(documents, {"names": 3.0, "facts": 1.0})
    for term in index.terms():
        assert 0 < index.idf(term) <= index.rarest_idf
        assert all(0 <= index.impact(term, doc) < index.idf(term) for doc in range(index.size))
    most = sum(weight * index.idf(term) for term, weight in query.items())
    assert all(0 <= score <= most + 1e-9 for score in index.search(query).values())
