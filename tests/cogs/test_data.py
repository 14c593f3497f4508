"""Members' rights: the file with everything, and being forgotten."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

from bot.cogs.data import _cell
from tests.cogs.acting import (
    START,
    advance_to,
    forge,
    open_post,
    posted_now,
    quiz_right,
    revealed_now,
    right,
    slowed,
    wrong,
)
from tests.simworld import buttons, texts


async def exported(hall, member):
    result = await member.slash(hall.channel, "data export")
    assert result.ephemeral
    whole, tables = result.response.attachments
    assert whole.filename == "study-bot-data.json"
    assert tables.filename == "study-bot-tables.zip"
    rows = json.loads(hall.env.backend.cdn.get(whole.url))
    packed = io.BytesIO(hall.env.backend.cdn.get(tables.url))
    with zipfile.ZipFile(packed) as folder:
        for table, found in rows.items():
            read = list(csv.DictReader(io.StringIO(folder.read(f"{table}.csv").decode())))
            assert len(read) == len(found)
    return rows, texts(result.response)


async def forget(hall, member, where="this server"):
    asked = await member.slash(hall.channel, "data delete", where=where)
    assert asked.ephemeral
    await member.click(asked.response, label="Delete it")
    return texts(asked.response)


async def test_the_export_holds_everything_but_the_open_challenge(hall):
    await quiz_right(hall, hall.alice)
    await hall.alice.slash(hall.channel, "ask", question="guardduti")
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    await hall.ben.click(message, label=wrong(post))

    before, said = await exported(hall, hall.alice)
    assert "Answers to a challenge that is still open come with its reveal" in said
    assert [row["kind"] for row in before["answers"]] == ["quiz"]
    assert [row["points"] for row in before["answers"]] == [2]
    assert [row["question"] for row in before["questions_asked"]] == ["guardduti"]
    assert [row["name"] for row in before["names"]] == ["alice"]
    assert len(before["rounds"]) == 1
    assert post.shown.question.prompt not in json.dumps(before, ensure_ascii=False)

    await revealed_now(hall)
    after, _ = await exported(hall, hall.alice)
    (daily,) = (row for row in after["answers"] if row["kind"] == "daily")
    assert daily["question"] == post.shown.question.prompt
    assert daily["picked"] == post.shown.question.key
    assert daily["points"] == 10
    assert str(hall.ben.id) not in json.dumps(after)


async def test_the_export_of_a_stranger_is_empty(hall):
    rows, said = await exported(hall, hall.alice)
    assert "0 rows" in said
    assert all(table == [] for table in rows.values())


async def test_the_export_of_an_unanswered_question_does_not_tell_its_key(hall):
    await hall.alice.slash(hall.channel, "quiz", count=1)
    rows, _ = await exported(hall, hall.alice)
    (row,) = rows["open_quiz_questions"]
    assert set(row) == {
        "id", "guild_id", "member_id", "round_id", "place", "study_date", "claimed_at", "question",
        "options",
    }  # fmt: skip


async def test_forgetting_here_leaves_results_to_the_others(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=right(post))
    await hall.ben.click(message, label=right(post))
    await revealed_now(hall)
    assert "Done: 1 answer and 0 questions deleted." in await forget(hall, hall.alice)

    board = await hall.ben.slash(hall.channel, "leaderboard", period="all")
    assert f"<@{hall.alice.id}>" not in texts(board.response)
    assert "You: rank 1 of 1 with 10 points." in texts(board.response)
    score = await hall.alice.slash(hall.channel, "score")
    assert "## 0 points" in texts(score.response)
    assert await hall.store.tally(post.id) == tuple(
        2 if place == post.shown.key else 0 for place in range(4)
    )
    assert await hall.store.first_right(post.id) == hall.ben.id
    assert (await exported(hall, hall.alice))[0]["answers"] == []


async def test_forgetting_withdraws_an_open_answer_which_may_be_given_again(hall):
    message = await posted_now(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label=wrong(post))
    await forget(hall, hall.alice)
    assert await hall.store.answer_count(post.id) == 0
    again = await hall.alice.click(message, label=right(post))
    assert f"Recorded: **{right(post)}" in texts(again.response)
    revealed = await revealed_now(hall)
    assert "1 of 1 answer right." in texts(revealed)


async def test_forgetting_here_keeps_what_is_elsewhere(hall):
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("study-hall")
    there = other.add_member(hall.alice.user)
    await hall.env.settle()
    await quiz_right(hall, hall.alice)
    started = await there.slash(channel, "quiz", count=1)
    await there.click(started.response, label="A")
    await hall.alice.slash(hall.channel, "ask", question="guardduti")

    await forget(hall, hall.alice, "this server")
    await hall.env.advance_time(60)  # for the cooldown
    rows, _ = await exported(hall, hall.alice)
    assert [row["guild_id"] for row in rows["answers"]] == [other.id]
    assert [row["question"] for row in rows["questions_asked"]] == ["guardduti"]

    assert "Done: 1 answer and 1 question deleted." in await forget(hall, hall.alice, "everywhere")
    rows, _ = await exported(hall, hall.alice)
    assert all(table == [] for table in rows.values())


async def test_the_question_says_what_goes_and_what_stays(hall):
    asked = await hall.alice.slash(hall.channel, "data delete", where="this server")
    said = texts(asked.response)
    assert "Delete your data in this server?" in said
    assert "Backups" in said
    assert "**It cannot be undone.**" in said
    everywhere = await hall.alice.slash(hall.channel, "data delete", where="everywhere")
    assert "Delete your data everywhere?" in texts(everywhere.response)


async def test_keep_it_changes_nothing(hall):
    await quiz_right(hall, hall.alice)
    asked = await hall.alice.slash(hall.channel, "data delete", where="everywhere")
    await hall.alice.click(asked.response, label="Keep it")
    assert "Nothing was deleted." in texts(asked.response)
    assert buttons(asked.response) == []
    assert len((await exported(hall, hall.alice))[0]["answers"]) == 1


async def test_a_doubled_press_of_delete_does_no_harm(hall):
    await quiz_right(hall, hall.alice)
    asked = await hall.alice.slash(hall.channel, "data delete", where="everywhere")
    forged = next(b.custom_id for b in buttons(asked.response) if b.label == "Delete it")
    await hall.alice.click(asked.response, label="Delete it")
    message = await posted_now(hall)
    again = await forge(hall, forged, by=hall.alice, on=message)
    assert again.acknowledged


async def test_nobody_deletes_somebody_else(hall):
    await quiz_right(hall, hall.alice)
    message = await posted_now(hall)
    forged = await forge(hall, f"forget:{hall.alice.id}:0", by=hall.ben, on=message)
    assert "That button belongs to someone else." in texts(forged.response)
    assert len((await exported(hall, hall.alice))[0]["answers"]) == 1


async def test_a_forged_server_is_refused(hall):
    await quiz_right(hall, hall.alice)
    message = await posted_now(hall)
    for guild_id in (str(hall.guild.id + 1), "9" * 30, "x", "00"):
        forged = await forge(hall, f"forget:{hall.alice.id}:{guild_id}", by=hall.alice, on=message)
        assert "That button is not one of mine." in texts(forged.response)
    assert len((await exported(hall, hall.alice))[0]["answers"]) == 1


async def test_rights_work_in_direct_messages(hall):
    await quiz_right(hall, hall.alice)
    user = hall.alice.user
    here = await user.slash("data delete", where="this server")
    assert "Choose “everywhere”" in texts(here.response)
    asked = await user.slash("data delete", where="everywhere")
    await user.click(asked.response, label="Delete it")
    assert "Done: 1 answer" in texts(asked.response)
    result = await user.slash("data export")
    assert "0 rows" in texts(result.response)


def test_a_cell_is_no_formula_and_no_id_is_rounded():
    assert _cell("=1+1") == "'=1+1"
    assert _cell(1456074443980800026) == "'1456074443980800026"
    assert _cell(-5) == "-5"
    assert _cell(["a", "b"]) == "a | b"
    assert _cell(None) == ""


async def test_a_server_that_let_the_bot_go_is_forgotten_after_thirty_days(hall):
    gone = hall.guild.id + 1
    await slowed(hall)
    await hall.store.record_name(gone, hall.alice.id, "Ada", START)
    await quiz_right(hall, hall.alice)
    await slowed(hall)  # it notices at the start that it is not there any more
    await advance_to(hall, START + timedelta(days=29))
    rows, _ = await exported(hall, hall.alice)
    assert {row["guild_id"] for row in rows["names"]} == {hall.guild.id, gone}
    await advance_to(hall, START + timedelta(days=32))
    rows, _ = await exported(hall, hall.alice)
    assert {row["guild_id"] for row in rows["names"]} == {hall.guild.id}
    assert len(rows["answers"]) == 1
