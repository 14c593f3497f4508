"""Asking a small library: who is meant, how sure it is, and which fact comes first."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.english import load_language
from bot.core.library import Library
from bot.core.model import Domain, Exam, Knowledge, ScopeList
from bot.core.reply import Reply
from bot.core.tuning import Tuning
from tests.core.samples import ENTRIES, KNOWLEDGE, entry, in_order

LIBRARY = Library(KNOWLEDGE, load_language())
ANSWERS_ALL = Tuning(least_about=-99.0)
"""Declines nothing: what is tested is the order, on shelves too small to be about anything."""
FRAGMENTS = st.sampled_from(
    [
        *(name for one in ENTRIES for name in one.names),
        *"which service detects pii vs difference between compare what is free how much".split(),
        *"text to speech logs the of guardduti sheild layer7 A. B) (c) 1. 2. not \n ? ! 🛡️".split(),
        "distributed denial of service",
        "\u202e",
        "<@123>",
        "zzz",
    ]
)


def ids(reply: Reply) -> list[str]:
    return [found.entry.id for found in reply.answers]


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("amazon macie", "amazon-macie"),
        ("MACIE", "amazon-macie"),
        ("what is Macie Classic?", "amazon-macie"),
        ("which service detects PII?", "amazon-macie"),
        ("which service finds personal data in buckets", "amazon-macie"),
        ("how do I protect against distributed denial of service", "aws-shield"),
        ("is shield free?", "aws-shield"),
        ("speech to text", "amazon-transcribe"),
        ("which service turns text into another language", "amazon-translate"),
        ("guard duty", "amazon-guardduty"),
        ("tell me about snowball", "aws-snowball"),
        ("does guardduty need agents", "amazon-guardduty"),
        ("which service finds crypto currency mining in dns logs", "amazon-guardduty"),
    ],
)
def test_it_is_sure_of(question, entry_id):
    reply = LIBRARY.answer(question)
    assert (reply.question, reply.kind, reply.confidence) == (question, "answer", "sure")
    assert ids(reply) == [entry_id]


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("ddos", "aws-shield"),
        ("text to speech", "amazon-polly"),
    ],
)
def test_of_little_knowledge_it_is_less_sure(question, entry_id):
    reply = LIBRARY.answer(question)
    assert (reply.kind, ids(reply)) == ("answer", [entry_id])


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("ddos", "ddos-attack"),
        ("text to speech", "amazon-polly"),
        ("tell me about snowball", "aws-snowball"),
        ("which service detects PII?", "amazon-macie"),
        ("which ai service reads text from scanned forms", "amazon-textract"),
    ],
)
def test_of_the_shipped_knowledge_it_is_sure(shelf, question, entry_id):
    reply = shelf.library.answer(question)
    assert (reply.kind, reply.confidence, ids(reply)) == ("answer", "sure", [entry_id])


@pytest.mark.parametrize(
    ("typo", "entry_id"),
    [
        ("guardduti", "amazon-guardduty"),
        ("gaurdduty", "amazon-guardduty"),
        ("what is inpsector", "amazon-inspector"),
        ("sheild", "aws-shield"),
        ("trancribe", "amazon-transcribe"),
        ("what does mcaie do", "amazon-macie"),
        ("vulnerabilites scanning of workloads", "amazon-inspector"),
    ],
)
def test_a_typo_is_understood(typo, entry_id):
    assert ids(LIBRARY.answer(typo)) == [entry_id]


@pytest.mark.parametrize(
    "question",
    [
        "what is the capital of france",
        "best pizza recipe",
        "S4",
        "SMS",
        "who won the game yesterday?",
        "which service",
        "",
        " \n ",
        "?!…",
        "🛡️",
        "\u202e\u200b",
        "<@123>",
        "zzzzzz " * 2000,
    ],
)
def test_it_declines(question):
    reply = LIBRARY.answer(question)
    assert (reply.kind, reply.confidence, reply.answers) == ("none", "none", ())


def test_a_decline_offers_what_is_near_and_nothing_to_small_talk():
    def offered(question, **changes):
        library = Library(KNOWLEDGE, load_language(), Tuning(least_about=99.0, **changes))
        reply = library.answer(question)
        assert reply.kind == "none"
        return [hit.entry.id for hit in reply.alternatives]

    assert offered("which service finds card numbers")[0] == "amazon-macie"
    assert offered("so many numbers, i need a coffee with my friends") == []
    assert offered("so many numbers, i need a coffee with my friends", least_near=-99.0) != []


def test_it_is_unsure_of_words_that_fit_several():
    reply = LIBRARY.answer("which service deals with card numbers")
    assert (reply.kind, reply.confidence) == ("answer", "unsure")
    assert {*ids(reply), *(hit.entry.id for hit in reply.alternatives)} == {
        "amazon-transcribe",
        "amazon-macie",
    }


def test_the_runners_up_are_best_first_and_never_the_answer():
    reply = LIBRARY.answer("turns text into something")
    scores = [hit.score for hit in reply.alternatives]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) >= 2
    assert not {hit.entry.id for hit in reply.alternatives} & set(ids(reply))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("is macie free?", "The first 30 days are a trial."),
        ("what is the price of macie?", "The first 30 days are a trial."),
        ("does macie alert eventbridge", "Findings go to Amazon EventBridge."),
        ("macie objects where", "Macie analyses objects in Amazon S3 only."),
        ("does shield have a support team", "Shield Advanced has a response team."),
        ("how much does shield cost", "Shield Standard is on for everyone at no charge."),
        ("does guardduty install agents", "It needs no agents for its foundational sources."),
        # Nothing but the name is asked: as written.
        ("macie", "Macie analyses objects in Amazon S3 only."),
    ],
)
def test_the_fact_that_answers_comes_first(question, first):
    found = LIBRARY.answer(question).answers[0]
    assert found.facts[0].text == first
    assert sorted(f.text for f in found.facts) == sorted(f.text for f in found.entry.facts)


def test_a_concept_is_no_answer_to_which_service():
    agility = entry(
        "agility", "Agility", kind="concept", clues=("deploys apps fast, with no delay",)
    )
    beanstalk = entry("beanstalk", "Beanstalk", clues=("deploys apps without servers",))

    def shelf(*entries):
        return Library(Knowledge(entries, questions=(), exams=(), topics=()), load_language())

    both = shelf(agility, beanstalk)
    assert ids(both.answer("what deploys apps fast, with no delay?")) == ["agility"]
    assert ids(both.answer("which service deploys apps fast, with no delay?")) == ["beanstalk"]
    assert ids(both.answer("which service deploys apps with agility?")) == ["beanstalk"]
    # Where there is nothing else, an author may have filed a service so.
    assert ids(shelf(agility).answer("which service deploys apps fast?")) == ["agility"]


def test_of_two_that_fit_alike_the_one_that_the_exam_asks_about_is_the_service():
    alike = [entry(name, name.title(), clues=("keeps files",)) for name in ("attic", "bucket")]
    exam = Exam("X-1", "X", (Domain("one", "One", 100),), core=("Bucket", "Unheard of"))

    def first(question, *exams):
        library = Library(Knowledge(tuple(alike), (), exams, topics=()), load_language())
        return ids(library.answer(question))

    assert first("which service keeps files?") == ["attic"]
    assert first("which service keeps files?", exam) == ["bucket"]
    assert first("how do I keep my files on AWS?", exam) == ["attic"]


def test_of_two_that_fit_alike_the_one_of_the_field_that_is_asked_for_is_the_service():
    shelf = (
        entry("attic", "Attic", clues=("keeps files of teams",), category="archives"),
        entry("bucket", "Bucket", clues=("keeps files of teams",), category="object storage"),
        entry("crate", "Crate", clues=("keeps files of teams",), category="boxes"),
    )
    guide = ScopeList("Compute and Storage", ("Crate", "Unheard of"))
    exam = Exam("X-1", "X", (Domain("one", "One", 100),), (guide,))

    def first(question, *exams):
        library = Library(Knowledge(shelf, (), exams, topics=()), load_language(), ANSWERS_ALL)
        return ids(library.answer(question))

    assert first("which service keeps files of teams?") == ["attic"]
    assert first("which storage service keeps files of teams?") == ["bucket"]
    assert first("which compute service keeps files of teams?", exam) == ["crate"]
    assert first("what compute keeps files of teams?", exam) == ["attic"]


def test_scenery_does_not_win_by_its_name():
    library = Library(
        Knowledge(
            entries=(
                entry("bus", "Amazon Bus", facts=()),
                entry(
                    "macie", "Amazon Macie", facts=(), clues=("discovers buckets",), summary="S3."
                ),
                entry("map", "Amazon Map", clues=("delivers events of findings to targets",)),
            ),
            questions=(),
            exams=(),
            topics=(),
        ),
        tuning=ANSWERS_ALL,
    )
    reply = library.answer("which service delivers Macie findings as events to targets?")
    assert ids(reply) == ["map"]


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("guardduty vs inspector", ["amazon-guardduty", "amazon-inspector"]),
        ("inspector vs guardduty", ["amazon-inspector", "amazon-guardduty"]),
        ("How does Inspector differ from Shield?", ["amazon-inspector", "aws-shield"]),
        ("difference between transcribe and translate", ["amazon-transcribe", "amazon-translate"]),
        ("compare sheild and macie", ["aws-shield", "amazon-macie"]),
        ("when should I use Polly instead of Translate", ["amazon-polly", "amazon-translate"]),
    ],
)
def test_two_names_and_a_comparing_word_are_compared(question, pair):
    reply = LIBRARY.answer(question)
    assert (reply.kind, reply.confidence) == ("comparison", "sure")
    assert ids(reply) == pair
    assert reply.alternatives == ()


def test_of_three_names_two_are_compared_and_the_third_is_offered():
    reply = LIBRARY.answer("what is the difference between GuardDuty, Inspector and Macie?")
    assert ids(reply) == ["amazon-guardduty", "amazon-inspector"]
    assert [hit.entry.id for hit in reply.alternatives] == ["amazon-macie"]


@pytest.mark.parametrize(
    "question", ["guardduty and macie", "compare guardduty and guardduty", "is macie different"]
)
def test_two_names_alone_or_one_name_twice_are_not_compared(question):
    assert LIBRARY.answer(question).kind != "comparison"


def test_a_pasted_question_is_judged():
    reply = LIBRARY.answer(
        "Which service discovers PII in S3 buckets?\n"
        "A. Amazon Polly\nB. Amazon Macie\nC. Amazon Quantum\nD. AWS Shield"
    )
    assert (reply.kind, reply.confidence) == ("choice", "sure")
    assert ids(reply) == ["amazon-macie"]
    assert reply.choice is not None
    assert reply.choice.option == "B"
    assert [reason.fits for reason in reply.choice.reasons] == [False, True, False, False]
    assert reply.choice.reasons[2].reason == "I know nothing of that name."


def test_an_entry_is_found_by_its_id_with_its_facts_as_written():
    found = LIBRARY.found("amazon-macie")
    assert found is not None
    assert found.facts == found.entry.facts
    assert LIBRARY.found("macie") is None


@pytest.mark.parametrize(
    ("text", "limit", "names"),
    [
        ("mac", 5, ("Amazon Macie",)),
        ("GUARD", 5, ("Amazon GuardDuty",)),
        ("amazon t", 5, ("Amazon Transcribe", "Amazon Translate")),
        ("late", 5, ("Amazon Translate",)),
        ("classic", 5, ("Amazon Macie",)),
        ("", 3, ("AWS Shield", "AWS Snowball", "Amazon GuardDuty")),
        ("s", 3, ("AWS Shield", "AWS Snowball", "Amazon GuardDuty")),
        ("zzz", 5, ()),
        ("mac", 0, ()),
    ],
)
def test_names_are_completed(text, limit, names):
    completed = LIBRARY.names_like(text, limit)
    if text == "s":  # those that begin so go before those that hold it
        assert completed[:2] == names[:2]
        assert len(completed) == limit
    else:
        assert completed == names


QUESTIONS = [
    "which service detects PII?",
    "is shield free",
    "guardduti",
    "card numbers",
    "text to speech",
    "difference between GuardDuty, Inspector and Macie",
    "can polly translate words?",
    "logs of accounts",
    "capital of france",
]


def test_the_order_of_the_entries_does_not_matter():
    expected = [
        (reply.kind, reply.confidence, ids(reply)) for reply in map(LIBRARY.answer, QUESTIONS)
    ]
    for order in list(permutations(ENTRIES))[:: 40320 // 12]:
        library = Library(in_order(order), load_language())
        replies = [library.answer(question) for question in QUESTIONS]
        assert [(reply.kind, reply.confidence, ids(reply)) for reply in replies] == expected


@pytest.mark.parametrize("question", [*QUESTIONS, "", "a vs b", "Which? A. one B. two"])
def test_an_empty_library_knows_nothing(question):
    library = Library(Knowledge((), (), (), ()))
    reply = library.answer(question)
    assert reply.answers == ()
    assert reply.alternatives == ()
    assert reply.confidence != "sure"
    assert library.names_like("", 5) == ()


def well_formed(reply: Reply) -> None:
    held = {"answer": {1}, "comparison": {2}, "none": {0}, "choice": {0, 1}}[reply.kind]
    assert len(reply.answers) in held
    assert (reply.kind == "none") == (reply.confidence == "none")
    assert (reply.kind == "choice") == (reply.choice is not None)
    if reply.kind == "comparison":
        assert reply.answers[0].entry.id != reply.answers[1].entry.id
    shown = [found.entry.id for found in reply.answers]
    shown += [hit.entry.id for hit in reply.alternatives]
    assert len(shown) == len(set(shown))
    assert len(reply.alternatives) <= 4
    if reply.choice is not None:
        fits = [reason.letter for reason in reply.choice.reasons if reason.fits]
        assert fits == [reply.choice.option]


@given(st.text())
def test_any_text_has_a_reply(text):
    reply = LIBRARY.answer(text)
    well_formed(reply)
    assert LIBRARY.answer(text) == reply


@given(st.lists(FRAGMENTS, max_size=12).map(" ".join))
def test_any_words_of_the_field_have_a_reply(text):
    well_formed(LIBRARY.answer(text))


@pytest.mark.parametrize(
    "text",
    [
        "guardduty " * 10_000,
        "guardduti" * 10_000,
        "A. macie " * 10_000,
        "what does " * 10_000,
        "the " * 10_000 + "service",
        "difference " * 10_000,
        "a" * 100_000,
        "\ufdfa" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_very_long_text_has_a_reply(text):
    well_formed(LIBRARY.answer(text))


def test_equal_candidates_are_in_the_order_of_their_ids():
    twins = tuple(
        entry(i, name, clues=("guards gates",), summary="S.")
        for i, name in (("a", "Alpha"), ("b", "Beta"))
    )
    library = Library(Knowledge(twins, (), (), ()), tuning=ANSWERS_ALL)
    reply = library.answer("which service guards gates?")
    assert (ids(reply), reply.confidence) == (["a"], "unsure")
    assert [hit.entry.id for hit in reply.alternatives] == ["b"]
