"""Finding phrases of several words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import Match, PhraseBook

WORD = st.sampled_from("abc")
PHRASES = st.lists(st.lists(WORD, min_size=1, max_size=3), max_size=5)

BOOK = PhraseBook(
    [
        (("security",), "s"),
        (("security", "hub"), "hub"),
        (("security", "hub", "cspm"), "cspm"),
        (("hub",), "h"),
    ]
)


def test_the_longest_phrase_at_a_place_is_taken():
    assert BOOK.find("is security hub cspm free".split()) == [Match(1, 4, ("cspm",))]
    assert BOOK.find("security hub security".split()) == [
        Match(0, 2, ("hub",)),
        Match(2, 3, ("s",)),
    ]


def test_overlapping_matches_are_all_found_longest_first():
    assert BOOK.find("security hub".split(), overlapping=True) == [
        Match(0, 2, ("hub",)),
        Match(0, 1, ("s",)),
        Match(1, 2, ("h",)),
    ]


def test_a_phrase_cut_off_by_the_end_is_not_found():
    book = PhraseBook([(("security", "hub"), "hub")])
    assert book.find(["security"]) == []


def test_one_phrase_may_stand_for_several_values_each_once():
    book = PhraseBook([(("nacl",), 1), (("nacl",), 2), (("nacl",), 1)])
    assert book.find(["nacl"]) == [Match(0, 1, (1, 2))]


def test_phrases_without_words_are_left_out():
    assert PhraseBook([((), "nothing")]).find(["a", ""]) == []


def test_no_words_hold_no_phrases():
    assert BOOK.find([]) == []


@given(PHRASES, st.lists(WORD, max_size=12))
def test_every_match_stands_in_the_words(phrases, words):
    book = PhraseBook([(phrase, tuple(phrase)) for phrase in phrases])
    matches = book.find(words)
    assert all(tuple(words[m.start : m.end]) == m.values[0] for m in matches)
    places = [place for m in matches for place in range(m.start, m.end)]
    assert places == sorted(set(places))


@given(PHRASES, st.lists(WORD, max_size=12))
def test_overlapping_finds_what_looking_everywhere_finds(phrases, words):
    book = PhraseBook([(phrase, 0) for phrase in phrases])
    known = {tuple(phrase) for phrase in phrases}
    everywhere = {
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if tuple(words[start:end]) in known
    }
    found = [(m.start, m.end) for m in book.find(words, overlapping=True)]
    assert set(found) == everywhere
    assert len(found) == len(everywhere)
