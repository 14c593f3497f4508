from __future__ import annotations

from datetime import timedelta

from bot.core.kept import Missed
from tests.store.samples import DAY, GUILD, HOUR, NOW, rows


async def test_recent_questions_come_newest_first_and_each_once(store):
    for text in ["what is macie", "lex or polly", "what is macie"]:
        await store.record_question(5, text, "amazon-macie", NOW)
    await store.record_question(6, "someone else's", None, NOW)
    assert await store.recent_questions(5, 10) == ("what is macie", "lex or polly")
    assert await store.recent_questions(5, 1) == ("what is macie",)
    assert await store.recent_questions(7, 10) == ()


async def test_the_newest_twenty_five_are_kept(store, path):
    await store.record_question(6, "someone else's", None, NOW)
    for number in range(30):
        await store.record_question(5, f"question {number}", None, NOW)
    recent = await store.recent_questions(5, 100)
    assert recent == tuple(f"question {number}" for number in range(29, 4, -1))
    assert rows(path, "SELECT count(*) FROM lookups") == [(26,)]


async def test_what_was_missed_is_counted_by_text_and_server(store):
    await store.record_missed(GUILD, "capital of france", NOW)
    await store.record_missed(GUILD, "what is kafka", NOW + HOUR)
    await store.record_missed(GUILD, "capital of france", NOW + 2 * HOUR)
    await store.record_missed(GUILD + 1, "capital of france", NOW)
    often = Missed("capital of france", 2, NOW + 2 * HOUR, GUILD)
    once = Missed("what is kafka", 1, NOW + HOUR, GUILD)
    elsewhere = Missed("capital of france", 1, NOW, GUILD + 1)
    assert await store.missed(GUILD, NOW) == (often, once)
    assert await store.missed(None, NOW) == (often, once, elsewhere)
    assert await store.missed(GUILD, NOW + 90 * timedelta(minutes=1)) == (often,)
    assert await store.missed(GUILD + 2, NOW) == ()


async def test_what_was_missed_goes_after_thirty_days(store):
    await store.record_missed(GUILD, "old", NOW)
    await store.record_missed(GUILD, "asked again", NOW)
    await store.record_missed(GUILD, "asked again", NOW + DAY)
    assert await store.purge(NOW + 30 * DAY) == 0
    assert await store.purge(NOW + 30 * DAY + HOUR) == 1
    assert [row.text for row in await store.missed(None, NOW)] == ["asked again"]
