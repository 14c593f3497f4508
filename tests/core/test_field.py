"""Which services are of the field that a question asks for."""

from __future__ import annotations

from bot.core.field import Fields
from bot.core.model import Exam, ScopeList
from tests.core.samples import entry

ENTRIES = (
    entry("attic", "Attic", category="storage"),
    entry("bucket", "Bucket", category="networks"),
    entry("crate", "Crate", category="boxes"),
)
EXAM = Exam(
    "X-1",
    "X",
    (),
    in_scope=(
        ScopeList("Storage and Transfer", ("Bucket", "The crates", "Unheard of")),
        ScopeList("Compute", ("Crate",)),
    ),
    covered_by=(("The crates", "crate"),),
)
FIELDS = Fields(ENTRIES, [EXAM], {"Bucket": 1, "Crate": 2}.get)


def test_a_field_has_what_the_guide_lists_and_what_is_filed_there():
    assert FIELDS.of(frozenset({"storag"})) == {0, 1, 2}
    assert FIELDS.of(frozenset({"comput"})) == {2}


def test_all_words_must_be_of_one_field():
    assert FIELDS.of(frozenset({"storag", "transfer"})) == {1, 2}
    assert FIELDS.of(frozenset({"storag", "comput"})) == frozenset()
    assert FIELDS.of(frozenset({"unheard"})) == frozenset()
    assert FIELDS.of(frozenset()) == frozenset()


def test_a_field_is_asked_for_in_other_words_of_the_same():
    fields = Fields(ENTRIES, [EXAM], {"Crate": 2}.get, [("compute", "virtual machines")])
    assert fields.of(frozenset({"virtual", "machin"})) == fields.of(frozenset({"comput"})) != set()
