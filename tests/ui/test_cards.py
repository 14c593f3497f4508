"""Every card of the shipped knowledge, and of the longest a file may hold, fits into a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.core.library import Library
from bot.core.model import Difference, Domain, Entry, Evidence, Exam, Fact, Knowledge, Question
from bot.core.post import Answer, Post, Recorded, Shown, show
from bot.core.reply import Choice, Found, Hit, OptionReason, Reply
from bot.ui.answers import entry_card, none_card, reply_card
from bot.ui.challenge import (
    explanation_card,
    open_card,
    own_result_card,
    practice_card,
    recorded_text,
    revealed_card,
    thread_name,
)
from bot.ui.limits import CHOICE_NAME_CHARS, CHOICE_VALUE_CHARS, NONCE_CHARS
from bot.ui.questions import quiz_card, quiz_result_card, round_card
from tests.ui.rendering import overruns, pressable, said

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SNOWFLAKE = 10**19
MESSAGE_CHARS = 2000
"""Of plain text, which some answers are."""

READ = Evidence("https://docs.example.com/guide", verified_on="2026-11-20")
QUESTION = Question(
    id="amazon-macie.clue.00000000",
    prompt="Which service detects PII?",
    choices=("Amazon Macie", "Amazon Polly", "Amazon Lex", "AWS WAF"),
    answer=0,
    explanation="Macie finds sensitive data.",
    source="https://docs.example.com/macie",
    entry_id="amazon-macie",
    topic="data-protection",
    exam="CLF-C02",
    domain="security-compliance",
)


def post_of(question: Question, rng: Random | None = None, **parts) -> Post:
    shown = show(question, rng) if rng else Shown(question, tuple(range(len(question.choices))))
    given = {
        "id": SNOWFLAKE,
        "kind": "daily",
        "guild_id": SNOWFLAKE,
        "shown": shown,
        "study_date": date(2026, 9, 30),
        "claimed_at": NOW,
        "nonce": "n" * NONCE_CHARS,
        "channel_id": SNOWFLAKE,
        "message_id": SNOWFLAKE,
        "round_id": SNOWFLAKE,
        "closes_at": NOW + timedelta(hours=23),
    }
    return Post(**given | parts)


def answer_at(place: int, post: Post) -> Answer:
    return Answer(post.id, 7, place, place == post.shown.key, NOW)


def cards_of(post: Post):
    """Every card that shows the question of ``post``; of the wrong answers, to the longest one."""
    domain = "Security and compliance"
    yield quiz_card(post, 20)
    yield open_card(post, answers=123_456, domain=domain, previous=post, role_id=SNOWFLAKE)
    yield open_card(post, answers=0, domain=domain, is_example=True)
    yield explanation_card(post)
    tally = [1000] * len(post.shown.options)
    yield revealed_card(post, tally=tally, domain=domain, first_right=SNOWFLAKE, following=post)
    yield revealed_card(
        post,
        tally=tally,
        domain=domain,
        first_right=SNOWFLAKE,
        following=post,
        keepers=[(SNOWFLAKE + n, 1000) for n in range(50)],
    )
    yield revealed_card(post, tally=[], domain=domain, first_right=None)
    yield own_result_card(post, None, points=0)
    key, options = post.shown.key, post.shown.options
    longest = max(set(range(len(options))) - {key}, key=lambda place: len(options[place]))
    for place in (key, longest):
        answer = answer_at(place, post)
        yield practice_card(post, place)
        yield own_result_card(replace(post, worth=10), answer, points=10)
        yield quiz_result_card(post, answer, 20, points=2, is_last=False)
        yield quiz_result_card(post, answer, 20, points=0, is_last=True)


# ----------------------------------------------------------------- the shipped knowledge


def test_every_shipped_entry_fits(shelf):
    bad = {}
    for entry in shelf.knowledge.entries:
        found = Found(entry, entry.facts)
        hits = tuple(Hit(other, 1.0) for other in shelf.knowledge.entries[:4])
        for view in (
            entry_card(found, shelf.by_id),
            reply_card(Reply("q", "answer", "unsure", (found,), hits), shelf.exams, shelf.by_id),
        ):
            if overruns(view):
                bad[entry.id] = overruns(view)
            assert said(view).startswith(("## " + entry.name, "-# My best guess"))
    assert bad == {}


def test_every_shipped_question_fits_wherever_it_is_shown(shelf):
    rng = Random(1)
    bad = {}
    for question in shelf.pool:
        post = post_of(question, rng)
        for view in cards_of(post):
            if overruns(view):
                bad[question.id] = overruns(view)
        for is_new in (True, False):
            for place in range(len(post.shown.options)):
                recorded = Recorded(answer_at(place, post), is_new)
                assert len(recorded_text(post, recorded, NOW)) <= MESSAGE_CHARS
    assert bad == {}


def test_every_shipped_comparison_fits(shelf):
    bad = {}
    compared = 0
    for entry in shelf.knowledge.entries:
        for difference in entry.differences:
            other = shelf.by_id[difference.entry_id]
            for left, right in ((entry, other), (other, entry)):
                pair = (Found(left, left.facts), Found(right, right.facts))
                view = reply_card(Reply("q", "comparison", "sure", pair), shelf.exams, shelf.by_id)
                compared += 1
                if overruns(view):
                    bad[left.id, right.id] = overruns(view)
                assert "What tells them apart" in said(view)
    assert bad == {}
    assert compared > 50


def test_what_may_be_asked_fits(shelf):
    assert overruns(none_card(Reply("*" * 4000, "none", "none"), shelf.exams)) == []


def test_shipped_names_fit_into_completions(shelf):
    assert all(len(entry.name) <= CHOICE_NAME_CHARS for entry in shelf.knowledge.entries)
    assert all(len(topic.name) <= CHOICE_NAME_CHARS for topic in shelf.topics)
    assert all(len(topic.id) <= CHOICE_VALUE_CHARS for topic in shelf.topics)


def test_the_longest_shipped_questions_fit_into_the_end_of_a_round(shelf):
    longest = sorted(shelf.pool, key=lambda q: -len(q.prompt) - len(q.key))[:20]
    posts = [post_of(question) for question in longest]
    assert overruns(round_card(posts, [None] * len(posts), points=None)) == []


# ------------------------------------------------- the longest that a file may hold


def longest_entry(letter: str) -> Entry:
    """An entry with everything as long as docs/KNOWLEDGE.md lets it be."""
    link = "https://docs.example.com/"
    unread = "the page was not at hand"
    evidence = Evidence(link.ljust(200, "x"), unverified=unread)
    facts = tuple(
        Fact(
            f"{number} ".ljust(300, "f"), Evidence(f"{link}{number}".ljust(200, "x"), None, unread)
        )
        for number in range(12)
    )
    others = [other for other in "abcdef" if other != letter]
    return Entry(
        id=letter * 60,
        name=letter.upper() * 60,
        kind="account",
        topic="t",
        category="c" * 40,
        summary="s" * 240,
        clues=("c" * 160,) * 6,
        facts=facts,
        evidence=evidence,
        exam="X",
        domain="d",
        aliases=("a" * 60,) * 5,
        former=("f" * 60,) * 5,
        differences=tuple(Difference(o * 60, "t" * 160, "u" * 160) for o in others),
        duties={"aws": ("d" * 120,) * 9, "customer": ("d" * 120,) * 9, "shared": ("d" * 120,) * 9},
        correction="c" * 300,
        status="closed",
        status_note="n" * 300,
    )


LONGEST = {letter * 60: longest_entry(letter) for letter in "abcdef"}
LONGEST_QUESTION = replace(
    QUESTION,
    prompt="p" * 400,
    choices=tuple(letter * 100 for letter in "abcde"),
    explanation="e" * 400,
    source="https://docs.example.com/".ljust(200, "x"),
    entry_id="a" * 60,
)
FOUND = [Found(entry, entry.facts) for entry in LONGEST.values()]
HITS = tuple(Hit(entry, 1.0) for entry in list(LONGEST.values())[2:])


@pytest.mark.parametrize(
    "reply",
    [
        Reply("q", "answer", "sure", (FOUND[0],)),
        Reply("q", "answer", "unsure", (FOUND[0],), HITS),
        Reply("q", "comparison", "sure", (FOUND[0], FOUND[1]), HITS),
        Reply("*" * 4000, "none", "none", (), HITS),
        Reply(
            "q",
            "choice",
            "unsure",
            (FOUND[0],),
            (),
            Choice(
                "H",
                tuple(
                    OptionReason(letter, "*" * 4000, "s" * 240, letter in "EFGH")
                    for letter in "ABCDEFGH"
                ),
            ),
        ),
    ],
    ids=lambda reply: f"{reply.kind}-{reply.confidence}",
)
def test_the_longest_reply_fits(reply):
    domains = tuple(Domain(str(number), "d" * 60, 1) for number in range(100))
    exams = [Exam(str(number), "x" * 60, domains) for number in range(60)]
    assert overruns(reply_card(reply, exams, LONGEST)) == []


def test_the_longest_question_fits():
    assert [overruns(view) for view in cards_of(post_of(LONGEST_QUESTION)) if overruns(view)] == []


def test_the_end_of_the_longest_round_fits():
    posts = [post_of(LONGEST_QUESTION)] * 20
    view = round_card(posts, [answer_at(1, posts[0])] * 20, points=123_456)
    assert overruns(view) == []
    assert said(view).count("…") == 10


# --------------------------------------------------------------------- what cards say


def test_all_options_that_fit_are_named():
    marks = zip("ABC", ("Macie", "Polly", "Lex"), (True, False, True), strict=True)
    reasons = tuple(OptionReason(letter, text, "Does it.", fits) for letter, text, fits in marks)
    reply = Reply("q", "choice", "sure", (), (), Choice("C", reasons))
    text = said(reply_card(reply, [], {}))
    assert "## A and C fit: Macie + Lex" in text
    assert text.count("(this one)") == 2


def test_a_sure_answer_shows_what_there_is_to_know():
    entry = Entry(
        id="amazon-macie",
        name="Amazon Macie",
        kind="account",
        topic="t",
        category="data protection",
        summary="Finds data.",
        clues=(),
        facts=(Fact("One.", READ), Fact("Two.", Evidence("https://x.example/2", None, "later"))),
        evidence=READ,
        exam="X",
        domain="d",
        aliases=("PII finder",),
        former=("Old Macie",),
        differences=(Difference("amazon-polly", "reads data", "speaks text"),),
        duties={"aws": ("running it", "fixing it"), "customer": ("buckets",)},
        correction="It is no firewall.",
        status="retired",
        status_note="Use X.",
    )
    other = replace(entry, id="amazon-polly", name="Amazon Polly")
    view = reply_card(
        Reply("q", "answer", "sure", (Found(entry, entry.facts[::-1]),)),
        [],
        {entry.id: entry, other.id: other},
    )
    assert said(view) == (
        "## Amazon Macie\n"
        "-# Account or user · data protection · PII finder, formerly Old Macie\n"
        "Finds data.\n"
        "**Retired.** Use X.\n"
        "- Two.\n"
        "- One.\n"
        "**Who does what**\n"
        "- **AWS takes care of:** running it; fixing it\n"
        "- **You take care of:** buckets\n"
        "**Often confused with**\n"
        "- **Amazon Polly** speaks text; this one reads data.\n"
        "> **Careful with older notes:** It is no firewall.\n"
        "-# Source: [docs.example.com](<https://docs.example.com/guide>), read on 2026-11-20"
        " · [more](<https://x.example/2>) · 1 of these facts not yet checked"
    )
    assert pressable(view) == {"Quiz me on this": "quizme:amazon-macie"}


def test_a_guess_says_so_and_offers_the_candidates():
    reply = Reply("q", "answer", "unsure", (FOUND[0],), HITS[:2])
    view = reply_card(reply, [], LONGEST)
    assert said(view).startswith("-# My best guess.")
    assert list(pressable(view).values()) == [
        "quizme:" + "a" * 60,
        "show:" + "c" * 60,
        "show:" + "d" * 60,
    ]


def test_a_comparison_reads_the_same_whichever_entry_says_it():
    left = replace(FOUND[0].entry, id="l", name="Left", differences=())
    right = replace(
        FOUND[0].entry, id="r", name="Right", differences=(Difference("l", "is right", "is left"),)
    )
    for first, second in ((left, right), (right, left)):
        pair = (Found(first, ()), Found(second, ()))
        text = said(reply_card(Reply("q", "comparison", "sure", pair), [], {}))
        assert "- **Left** is left." in text
        assert "- **Right** is right." in text
        assert text.startswith(f"## {first.name} and {second.name}")


def test_an_unknown_question_is_echoed_defused():
    exam = Exam("X-1", "Alertness", (Domain("t", "Threats", 40), Domain("c", "Costs", 60)))
    view = none_card(Reply("@everyone **what**", "none", "none"), [exam])
    assert "“@\u200beveryone \\*\\*what\\*\\*”" in said(view)
    assert "- **Alertness**: Threats · Costs" in said(view)
    assert pressable(view) == {}
    assert "did you mean" not in said(view)


def test_a_decline_offers_what_may_be_meant():
    view = none_card(Reply("q", "none", "none", (), HITS[:1]), [])
    assert said(view).endswith("Or did you mean one of these?")
    assert list(pressable(view)) == [HITS[0].entry.name]


def test_an_open_challenge_tells_nothing_of_its_answer():
    # Only the options and the places differ from one order to another.
    first = open_card(post_of(QUESTION), answers=1, domain="Security")
    other = post_of(replace(QUESTION, answer=3))
    assert said(first) == said(open_card(other, answers=1, domain="Security"))
    assert pressable(first) == {
        "A": f"daily:{SNOWFLAKE}:0",
        "B": f"daily:{SNOWFLAKE}:1",
        "C": f"daily:{SNOWFLAKE}:2",
        "D": f"daily:{SNOWFLAKE}:3",
    }
    assert "1 answer so far" in said(first)
    assert QUESTION.explanation not in said(first)
    assert QUESTION.source not in said(first)
    assert said(quiz_card(post_of(QUESTION), 5)) == said(quiz_card(other, 5))


def test_an_acknowledgement_is_the_same_right_or_wrong():
    post = post_of(QUESTION)
    texts = [
        recorded_text(post, Recorded(Answer(1, 7, 2, right, NOW), True), NOW)
        for right in (True, False)
    ]
    closes = int((NOW + timedelta(hours=23)).timestamp())
    assert texts[0] == texts[1]
    assert texts[0] == (
        f"Recorded: **C  Amazon Lex**. The answer comes <t:{closes}:R>, <t:{closes}:t> your time."
    )
    again = recorded_text(post, Recorded(Answer(1, 7, 2, True, NOW), False), NOW)
    assert again.startswith("Your first answer stands: **C  Amazon Lex**.")


def test_a_reveal_shows_the_key_the_count_and_the_first():
    post = post_of(QUESTION)
    text = said(
        revealed_card(post, tally=[3, 0, 1, 0], domain="Security", first_right=42, following=post)
    )
    assert "**A  Amazon Macie  ← right**\n-# ████████░░ 3" in text
    assert "C  Amazon Lex\n-# ██░░░░░░░░ 1" in text
    assert "**3 of 4 answers right. First: <@42>.**" in text
    assert "**Why:** Macie finds sensitive data." in text
    assert f"[Next challenge](<https://discord.com/channels/{SNOWFLAKE}/" in text
    nobody = said(revealed_card(post, tally=[0] * 4, domain="S", first_right=None))
    assert "Nobody answered this one." in nobody
    assert "Next challenge" not in nobody


def test_an_answer_is_judged_in_words():
    post = post_of(QUESTION)
    wrong = said(quiz_result_card(post, answer_at(1, post), 5, points=2, is_last=False))
    assert "**A  Amazon Macie**  ← right" in wrong
    assert "B  Amazon Polly  ← your answer" in wrong
    assert "**Not this time.** Macie finds" in wrong
    right = quiz_result_card(post, answer_at(0, post), 5, points=2, is_last=True)
    assert "**A  Amazon Macie**  ← right and your answer" in said(right)
    assert "**Right! (2 points)**" in said(right)
    assert list(pressable(right)) == ["See my result", "Look it up", "Report: this is wrong"]
    unscored = said(quiz_result_card(post, answer_at(0, post), 5, points=None, is_last=True))
    assert "**Right!** Macie finds" in unscored
    capped = said(quiz_result_card(post, answer_at(0, post), 5, points=0, is_last=True))
    assert "no points: asked before or capped for today" in capped


def test_a_round_names_what_went_wrong():
    gap = post_of(replace(QUESTION, prompt="X: what fills the gap?\n> It is ______."))
    posts = [post_of(QUESTION), gap]
    text = said(round_card(posts, [answer_at(0, posts[0]), None], points=2))
    assert text.startswith("## 1 of 2 right · 2 points\n**Worth another look**\n- X: what fills")
    assert "the gap? It is ______. **Amazon Macie**" in text
    clean = said(round_card(posts[:1], [answer_at(0, posts[0])], points=None))
    assert clean.startswith("## 1 of 1 right\nA clean round.")
    assert "points count in servers" in clean


def test_an_own_result_says_what_it_was_worth():
    post = replace(post_of(QUESTION), worth=10)
    right = own_result_card(post, answer_at(0, post), points=13)
    assert said(right).startswith("### You were right: 13 points.")
    wrong = own_result_card(post, answer_at(2, post), points=0)
    assert said(wrong).startswith("### Not this time.")
    none = own_result_card(post, None, points=0)
    assert said(none).startswith("### You did not answer this one.")


def test_a_threads_name_tells_the_day_and_fits():
    assert thread_name(post_of(QUESTION)) == "Wednesday, 30 September: talk it over"


def test_practice_after_the_close_is_judged_and_says_that_it_does_not_count():
    post = post_of(QUESTION)
    right = said(practice_card(post, post.shown.key))
    assert right.startswith(
        "That challenge is closed. This is practice, without points: **right!**"
    )
    assert "**not this time.**" in said(practice_card(post, 3))
    assert QUESTION.explanation in right


def test_a_reveal_names_who_keeps_a_streak_and_how_many_more():
    post = post_of(QUESTION)
    keepers = [(1000 + n, 40 - n) for n in range(12)]
    text = said(
        revealed_card(post, tally=[1, 0, 0, 0], domain="S", first_right=None, keepers=keepers)
    )
    assert "Streaks kept: <@1000> (40), <@1001> (39)" in text
    assert "and 2 more" in text
    assert "<@1010>" not in text


def test_an_empty_knowledge_still_answers_politely():
    library = Library(Knowledge((), (), (), ()))
    view = reply_card(library.answer("anything"), [], {})
    assert said(view).startswith("## I don't know that one")
    assert overruns(view) == []
