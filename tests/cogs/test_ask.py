"""Asking through Discord: the command, its buttons, the context menu, mentions, DMs."""

from __future__ import annotations

import pytest

from tests.simworld import buttons, texts


async def test_the_card_answers_the_example_question(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="which service detects PII?")
    said = texts(result.response)
    assert "Amazon Macie" in said
    assert "Source:" in said
    assert not result.ephemeral


async def test_a_private_answer_is_seen_by_its_asker_only(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="guardduti", private=True)
    assert "Amazon GuardDuty" in texts(result.response)
    assert result.ephemeral


async def test_an_unknown_question_is_declined_and_kept_for_managers(hall):
    asked = "what is the capital of france? write to ana@example.com or 4111 1111 1111 1111"
    result = await hall.alice.slash(hall.channel, "ask", question=asked)
    assert "I don't know that one" in texts(result.response)
    missed = await hall.manager.slash(hall.channel, "knowledge missed")
    assert "capital of france" in texts(missed.response)
    assert "ana@example.com" not in texts(missed.response)
    assert "4111" not in texts(missed.response)


async def test_echoed_text_cannot_ping_or_format(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="@everyone **zzz** <@1>")
    said = texts(result.response)
    assert "@everyone" not in said
    assert "**zzz**" not in said


async def test_two_names_and_a_comparing_word_are_compared(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="guardduty vs inspector")
    said = texts(result.response)
    assert "Amazon GuardDuty and Amazon Inspector" in said
    assert "What tells them apart" in said


async def test_a_candidate_button_shows_its_entry_privately(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="which service detects PII?")
    label = next(b.label for b in buttons(result.response) if b.custom_id.startswith("show:"))
    shown = await hall.ben.click(result.response, label=label)
    assert label in texts(shown.response)
    assert shown.ephemeral


async def test_completion_offers_own_recent_questions_then_names(hall):
    await hall.alice.slash(hall.channel, "ask", question="guard my bucket data")
    mine = await hall.alice.autocomplete(hall.channel, "ask", "question", "guard")
    assert mine[0]["value"] == "guard my bucket data"
    assert "Amazon GuardDuty" in [choice["value"] for choice in mine]
    others = await hall.ben.autocomplete(hall.channel, "ask", "question", "guard")
    assert "guard my bucket data" not in [choice["value"] for choice in others]


async def test_look_this_up_answers_a_message_privately(hall):
    message = await hall.ben.send(hall.channel, "anyone know which service converts text to speech")
    result = await hall.alice.context_menu(hall.channel, "Look this up", message)
    assert "Amazon Polly" in texts(result.response)
    assert result.ephemeral


async def test_what_others_wrote_is_not_kept_with_who_looked_it_up(hall):
    message = await hall.ben.send(
        hall.channel, "I, Ben, ask: which one? A. Amazon Lex B. Amazon Polly"
    )
    await hall.alice.context_menu(hall.channel, "Look this up", message)
    await hall.alice.context_menu(hall.channel, "Explain the options", message)
    assert await hall.store.recent_questions(hall.alice.id, 25) == ()
    kept = await hall.store.export_member(hall.alice.id, None)
    assert not any(kept.values())


async def test_a_question_of_nothing_but_space_is_refused_and_spoils_no_completion(hall):
    result = await hall.alice.slash(hall.channel, "ask", question="   ")
    assert texts(result.response).startswith("Ask me something:")
    await hall.alice.slash(hall.channel, "ask", question="  waf ")
    offered = await hall.alice.autocomplete(hall.channel, "ask", "question", "")
    assert [choice["value"] for choice in offered if not choice["value"].strip()] == []
    assert offered[0]["value"] == "waf"


async def test_explain_the_options_judges_a_pasted_question_privately(hall):
    message = await hall.ben.send(
        hall.channel,
        "Which service turns text into lifelike speech?\n"
        "A. Amazon Lex\nB. Amazon Polly\nC. Amazon Textract\nD. Amazon Zzyzx",
    )
    result = await hall.alice.context_menu(hall.channel, "Explain the options", message)
    said = texts(result.response)
    assert "B fits: Amazon Polly" in said
    assert "**C. Amazon Textract**: Extracts" in said
    assert "**D. Amazon Zzyzx**: I know nothing of that name." in said
    assert result.ephemeral


async def test_a_message_without_options_cannot_be_explained(hall):
    message = await hall.ben.send(hall.channel, "which one is it? Polly or Lex?")
    result = await hall.alice.context_menu(hall.channel, "Explain the options", message)
    assert "I see no options in that message." in texts(result.response)


async def test_a_mention_with_a_question_is_answered_in_a_reply(hall):
    message = await hall.alice.send(
        hall.channel, f"<@{hall.bot.user.id}> which service converts text to speech?"
    )
    answer = hall.channel.last_message
    assert "Amazon Polly" in texts(answer)
    assert answer.reference.message_id == message.id
    assert not answer.mentions


async def test_talk_that_does_not_mention_the_bot_is_left_alone(hall):
    await hall.alice.send(hall.channel, "which service converts text to speech?")
    assert hall.messages() == []


async def test_a_direct_message_is_answered_and_its_miss_is_not_kept(hall):
    await hall.alice.send_dm("which service detects PII?")
    channel = hall.alice.user.dm_channel
    assert "Amazon Macie" in texts(channel.last_message)
    await hall.alice.send_dm("what is the capital of france")
    assert "I don't know that one" in texts(channel.last_message)
    assert await hall.store.missed(None, since=hall.bot.clock().replace(year=2020)) == ()


async def test_ask_works_in_a_direct_message(hall):
    result = await hall.alice.user.slash("ask", question="guardduti")
    assert "Amazon GuardDuty" in texts(result.response)


async def test_bots_and_webhooks_are_ignored(hall):
    robot = hall.guild.add_member(hall.env.create_user("robot", bot=True))
    await robot.send(hall.channel, f"<@{hall.bot.user.id}> which service detects PII?")
    hook = hall.guild.create_webhook(hall.channel)
    await hook.send(f"<@{hall.bot.user.id}> which service detects PII?")
    assert hall.messages() == []


async def test_too_many_questions_in_a_row_meet_a_kind_sentence(hall):
    for _ in range(8):
        await hall.alice.slash(hall.channel, "ask", question="waf", private=True)
    slowed = await hall.alice.slash(hall.channel, "ask", question="waf")
    assert "You are quick!" in texts(slowed.response)
    assert slowed.ephemeral
    await hall.env.advance_time(3)
    again = await hall.alice.slash(hall.channel, "ask", question="waf")
    assert "AWS WAF" in texts(again.response)


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_refused_mention_reply_is_survived(hall, status):
    hall.env.inject_error("POST", "/channels/*/messages", status=status)
    await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> which service detects PII?")
    assert hall.messages() == []
    await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> which service detects PII?")
    assert "Amazon Macie" in texts(hall.channel.last_message)


async def test_the_open_challenge_is_not_answered_in_its_own_server(hall):
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily now")
    (post,) = await hall.store.open_posts()
    prompt = post.shown.question.prompt
    asked = await hall.alice.slash(hall.channel, "ask", question=prompt)
    assert "That is an open question of this server." in texts(asked.response)
    assert asked.ephemeral
    message = await hall.ben.send(hall.channel, f"<@{hall.bot.user.id}> {prompt}")
    assert "That is an open question of this server." in texts(hall.channel.last_message)
    looked_up = await hall.alice.context_menu(hall.channel, "Look this up", message)
    assert "That is an open question of this server." in texts(looked_up.response)
    await hall.manager.slash(hall.channel, "daily reveal")
    answered = await hall.alice.slash(hall.channel, "ask", question=prompt)
    assert "That is an open question of this server." not in texts(answered.response)


async def test_a_hasty_writer_is_told_so_once(hall):
    for _ in range(12):
        await hall.alice.send(hall.channel, f"<@{hall.bot.user.id}> waf")
    said = [texts(message) for message in hall.messages()]
    assert sum("You are quick!" in text for text in said) == 1
    assert sum("AWS WAF" in text for text in said) == 8
