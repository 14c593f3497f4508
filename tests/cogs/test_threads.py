"""The thread under a challenge: made once, told the explanation once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import discord
import pytest

from tests.cogs.acting import START, advance_to, open_post, slowed, ticked
from tests.conftest import make_bot
from tests.simworld import NonceRoute, buttons, one_thread_a_message, texts

HOUR = timedelta(hours=1)
THREADS = "/channels/*/messages/*/threads"


@pytest.fixture(autouse=True)
def as_on_discord(hall) -> Iterator[None]:
    with one_thread_a_message(hall.env):
        yield


async def posted(hall) -> discord.Message:
    await hall.setup_daily(thread=True)
    await hall.manager.slash(hall.channel, "daily now")
    (message,) = hall.messages()
    return message


def threads(hall) -> list[discord.Thread]:
    return [*hall.bot.get_channel(hall.channel.id).threads]


def handle(hall, thread_id: int):
    return next(t for t in hall.channel.threads if t.id == thread_id)


def said_in(hall, thread_id: int) -> list[str]:
    return [texts(m) for m in handle(hall, thread_id).history()]


async def test_a_post_gets_its_thread_and_the_thread_the_explanation(hall):
    message = await posted(hall)
    post = await open_post(hall)
    assert (post.has_thread, post.thread_id) == (True, message.id)
    (thread,) = threads(hall)
    assert thread.name == "Thursday, 1 January: talk it over"
    assert said_in(hall, thread.id) == []
    await hall.manager.slash(hall.channel, "daily reveal")
    (said,) = said_in(hall, thread.id)
    question = post.shown.question
    assert question.key in said
    assert question.explanation in said
    assert "[My result]" in said
    await hall.env.advance_time(3600)
    assert len(said_in(hall, thread.id)) == 1


async def test_without_the_setting_there_is_no_thread(hall):
    await hall.setup_daily()
    await hall.manager.slash(hall.channel, "daily now")
    await hall.manager.slash(hall.channel, "daily reveal")
    assert threads(hall) == []


@pytest.mark.parametrize("status", [403, 500])
async def test_a_refused_thread_is_tried_again_and_holds_up_nothing(hall, status):
    await hall.setup_daily(thread=True)
    hall.env.inject_error("POST", THREADS, status=status)
    result = await hall.manager.slash(hall.channel, "daily now")
    assert "Posted:" in texts(result.response)
    assert threads(hall) == []
    await hall.env.advance_time(900)
    assert len(threads(hall)) == 1


async def test_a_thread_that_was_made_and_not_recorded_is_found(hall, shelf):
    message = await posted(hall)
    await hall.store._write(
        lambda connection: connection.execute("UPDATE posts SET thread_id = NULL").rowcount
    )
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    await hall.env.advance_time(900)
    assert (await open_post(hall)).thread_id == message.id
    assert len(threads(hall)) == 1


async def test_a_lost_response_explains_once(hall):
    await posted(hall)
    with NonceRoute(hall.env) as route:
        await hall.env.settle()
        route.lose_response()
        await hall.manager.slash(hall.channel, "daily reveal")
        await hall.env.advance_time(1800)
    (thread,) = threads(hall)
    assert len(said_in(hall, thread.id)) == 1


async def test_an_explanation_that_was_sent_and_not_recorded_is_found(hall, shelf):
    await posted(hall)
    await hall.manager.slash(hall.channel, "daily reveal")
    await hall.store._write(
        lambda connection: connection.execute("UPDATE posts SET explained_at = NULL").rowcount
    )
    await hall.env.restart_bot(make_bot(hall.store, shelf))
    await hall.env.advance_time(900)
    (thread,) = threads(hall)
    assert len(said_in(hall, thread.id)) == 1


async def test_a_deleted_thread_is_left_alone(hall):
    message = await posted(hall)
    hall.env.backend.delete_channel(message.id)
    await hall.env.settle()
    result = await hall.manager.slash(hall.channel, "daily reveal")
    assert "Revealed:" in texts(result.response)
    assert await hall.store.posts_wanting_threads() == ()


async def test_a_thread_that_is_refused_for_ever_is_given_up(hall):
    await posted(hall)
    hall.env.inject_error("GET", "/channels/*/messages", status=403, times=None)
    await hall.manager.slash(hall.channel, "daily reveal")
    assert len(await hall.store.posts_wanting_threads()) == 1
    await slowed(hall, HOUR)
    await hall.manager.slash(hall.channel, "daily off")
    await advance_to(hall, START + timedelta(hours=27))
    assert await hall.store.posts_wanting_threads() == ()


async def test_a_deleted_message_still_has_its_thread_told(hall):
    message = await posted(hall)
    hall.env.backend.delete_message(hall.channel.id, message.id)
    await hall.env.settle()
    await ticked(hall)
    (thread,) = threads(hall)
    assert len(said_in(hall, thread.id)) == 1


async def test_the_own_result_opens_from_the_thread(hall):
    message = await posted(hall)
    post = await open_post(hall)
    await hall.alice.click(message, label="ABCD"[post.shown.key])
    await hall.manager.slash(hall.channel, "daily reveal")
    (told,) = handle(hall, message.id).history()
    assert [b.label for b in buttons(told)] == ["My result"]
    mine = await hall.alice.click(told, label="My result")
    assert "You were right: 10 points." in texts(mine.response)


async def test_status_names_the_permission_that_threads_lack(hall):
    await hall.setup_daily(thread=True)
    everyone = hall.guild.default_role
    hall.env.backend.edit_channel(hall.channel.id, {}, overwrites=[_denied(everyone.id)])
    await hall.env.settle()
    result = await hall.manager.slash(hall.channel, "daily status")
    assert "I lack Create Public Threads in" in texts(result.response)


def _denied(role_id: int):
    from simcord.backend.models.channel import Overwrite
    from simcord.enums import OverwriteType

    deny = discord.Permissions(create_public_threads=True).value
    return Overwrite(role_id, OverwriteType.ROLE, deny=deny)
