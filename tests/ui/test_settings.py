"""What managers read about their challenge, before and after they save it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.audit import EVENTS, AuditLine
from bot.core.daily import Challenge
from bot.ui.limits import CHOICE_NAME_CHARS
from bot.ui.settings import (
    challenge_label,
    conflict_card,
    draft_card,
    history_lines,
    said_card,
    settings_text,
    skipped_card,
)
from tests.store.samples import shown
from tests.ui.rendering import overruns, pressable, said
from tests.ui.test_cards import post_of

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
BIG = 2**63 - 1
CHALLENGE = Challenge(
    1, 2, 3, time(9, 5), "Europe/Berlin", None, is_on=True, since=date(2026, 1, 1)
)
LONGEST = replace(
    CHALLENGE,
    channel_id=BIG,
    zone="America/Argentina/ComodRivadavia",
    reveal_at=time(20),
    role_id=BIG,
    has_thread=True,
    days=frozenset({1, 3, 5, 7}),
)


def test_settings_in_words():
    stamp = int(NOW.timestamp())
    assert settings_text(CHALLENGE, about="everything", next_at=NOW) == (
        "**Daily challenge** in <#3>\n"
        "- Posted at 09:05 (Europe/Berlin), answer revealed: 30 minutes before the next one\n"
        "- Days: every day\n"
        "- After an outage: at most 24 hours late, else left out\n"
        "- Asks about: everything\n"
        "- Mentions nobody, no thread\n"
        "- Tells who won each week and month, once a server\n"
        f"- Next: <t:{stamp}:f> your time, <t:{stamp}:R>"
    )


def test_settings_of_one_with_everything():
    text = settings_text(LONGEST, about="Threat detection")
    assert "answer revealed: 20:00" in text
    assert "- Days: Mon, Wed, Fri, Sun\n" in text
    assert f"- Mentions <@&{BIG}>, with a thread to talk in" in text
    assert "- Tells nobody who won a week or month" in settings_text(
        replace(CHALLENGE, has_winners=False), about="x"
    )
    some_days = replace(CHALLENGE, days=frozenset({1}))
    assert "30 minutes before that time the next day" in settings_text(some_days, about="x")


def test_settings_say_when_nothing_is_posted():
    off = settings_text(replace(CHALLENGE, is_on=False), about="x", next_at=NOW)
    assert off.endswith("- Switched off. `/daily resume` or `/daily setup` starts it again.")
    paused = settings_text(replace(CHALLENGE, is_paused=True), about="x", next_at=NOW)
    assert paused.endswith("- Paused. `/daily resume` lets it go on.")


def test_cards_fit_at_their_longest():
    longest = settings_text(LONGEST, about="x" * 200, next_at=NOW)
    for view in (
        draft_card(BIG, "Save?", longest, ["note " * 40] * 3, has_role=True),
        conflict_card(BIG, longest, longest),
        skipped_card("Skipped." * 20, BIG, date(2026, 1, 1)),
        said_card(*["x" * 1500] * 10),
    ):
        assert overruns(view) == []


def test_the_buttons_of_a_draft():
    plain = draft_card(7, "Save?", "settings", [], has_role=False)
    assert pressable(plain) == {"Save": "save:7", "Cancel": "discard:7"}
    with_role = draft_card(7, "Save?", "settings", ["mind this"], has_role=True)
    assert pressable(with_role)["Mention nobody"] == "norole:7"
    assert "⚠ mind this" in said(with_role)


def test_a_challenges_name_in_a_list():
    assert challenge_label(CHALLENGE, "#hall", "everything") == "#hall · 09:05 · everything"
    paused = replace(CHALLENGE, is_paused=True)
    assert challenge_label(paused, "#hall", "x").endswith(" · paused")
    off = replace(paused, is_on=False)
    assert challenge_label(off, "#hall", "x").endswith(" · off")
    assert len(challenge_label(CHALLENGE, "#" + "h" * 100, "x" * 100)) <= CHOICE_NAME_CHARS


def line(day: date, event, detail=None):
    return AuditLine(1, day, event, detail, NOW)


def test_history_has_one_line_a_date_newest_first():
    day = date(2026, 11, 24)
    before = day - timedelta(days=1)
    post = replace(post_of(shown().question), study_date=day, message_id=5, channel_id=3)
    rows = history_lines(
        [
            line(day, "late", "3 hours late."),
            line(day, "deleted", "By hand."),
            line(before, "skipped"),
        ],
        {day: post},
        {post.id: 4},
    )
    assert rows[0].startswith(
        "- **Tue 24 Nov** posted late (3 hours late) · deleted (By hand) · 4 answers · [open](<"
    )
    assert rows[1:] == ["- **Mon 23 Nov** skipped by a manager"]


def test_every_event_has_words_and_a_post_without_a_line_is_told_too():
    day = date(2026, 11, 24)
    for event in EVENTS:
        assert len(history_lines([line(day, event)], {}, {})[0]) > 20
    post = replace(post_of(shown().question), study_date=day, message_id=5, channel_id=3)
    (row,) = history_lines([], {day: replace(post, closed_at=NOW)}, {})
    assert "posted · 0 answers · [revealed](<" in row
    waiting = replace(post, message_id=None, channel_id=None)
    assert history_lines([], {day: waiting}, {}) == ["- **Tue 24 Nov** being posted"]
