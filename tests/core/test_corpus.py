"""Entries as terms: passages in order, stop words gone, terms of the field beside the words."""

from __future__ import annotations

from bot.core.corpus import FIRST_FACT, Corpus
from bot.core.index import Index
from bot.core.text import words
from tests.core.samples import entry, fact

SPEAKING = entry(
    "polly",
    "Amazon Polly",
    summary="Turns text to speech.",
    clues=("speaks aloud",),
    facts=(fact("It has many voices.", "accents", "tts"), fact("Lexicons hold words.")),
    category="speech",
)
CORPUS = Corpus([("tts", "text to speech")])
WEIGHTS = {"names": 1.0, "facts": 1.0, "terms": 1.0}
INDEXED = CORPUS.indexed([SPEAKING], {"connect", "voices"}, WEIGHTS)


def test_an_entry_is_passages_in_order():
    stream = CORPUS.stream([SPEAKING], {})
    passages = " ".join(stream.terms).split("\n")
    assert dict(zip(stream.passages, passages, strict=True)) == {
        0: "polli ",
        FIRST_FACT: " mani voic accent tts =tts ",
        FIRST_FACT + 1: " lexicon hold word ",
        FIRST_FACT + 2: " turn text speech =tts ",
        FIRST_FACT + 3: " speech ",
        FIRST_FACT + 4: " speak aloud",
    }
    assert stream.fields == ["names", "facts", "terms", "facts", "summary", "category", "clues"]


def test_texts_that_stand_side_by_side_are_no_phrase():
    entries = [entry("a", "A", clues=("turns text", "to speech"), terms=("text to", "speech"))]
    assert "=tts" not in CORPUS.stream(entries, {}).terms


def test_a_term_of_the_field_is_found_in_any_wording():
    assert CORPUS.terms("Text-to-speech!") == ["text", "speech", "=tts"]
    assert CORPUS.terms("to the") == []


def test_it_tells_which_entries_use_a_word_in_lower_case():
    assert INDEXED.saying == {"connect": set(), "voices": {0}}


def test_it_knows_every_word_that_was_cut():
    assert {"voices", "lexicons", "polly", "tts"} <= INDEXED.vocabulary
    assert all(words(word) == (word,) for word in INDEXED.vocabulary)


def test_an_index_says_where_terms_stand():
    index = Index(INDEXED.tables)
    ((doc, where),) = index.standing("lexicon", [0])
    assert (doc, tuple(where.passages)) == (0, (FIRST_FACT + 1,))
    assert index.are_neighbours("mani", "voic")
    assert not index.are_neighbours("voic", "mani")
    assert not index.are_neighbours("accent", "lexicon")  # the last of a fact, the first of another
    assert not index.are_neighbours("nowher", "voic")
    assert index.standing("nowher", [0]) == []
    assert index.standing("voic", [5]) == []
