"""The helpers do what they say, on the sample bot; and SimCord still has what they lean on."""

from __future__ import annotations

import aiohttp
import discord
import pytest
from simcord import SetupError

from tests.conformance.sample import World, counter, sample_world
from tests.simworld import (
    NONCE_WINDOW,
    NonceRoute,
    buttons,
    held,
    modal_texts,
    one_thread_a_message,
    payload_feed,
    race,
    server_error,
    texts,
)

CARD = """\
## Amazon Macie
Finds personal data in S3.
[A logo]
Where this is from
[Source]
[A chart]
[Choose a topic]
[Security]
[Guards]
[Count 1]
[Later]"""


async def test_texts_are_what_a_person_reads_in_order() -> None:
    async with sample_world() as world:
        shown = await world.alice.slash(world.hall, "card", topic="Macie")
        assert texts(shown.response) == CARD
        assert shown.response is not None
        assert texts(shown.response.message) == CARD


async def test_texts_of_content_and_embed() -> None:
    async with sample_world() as world:
        embed = discord.Embed(title="Board", description="Today")
        embed.add_field(name="alice", value="3 of 4")
        embed.set_author(name="Study bot")
        embed.set_footer(text="3 members")
        with world.env.time_context():
            message = await world.channel().send("Here it is", embed=embed)
        expected = "Here it is\nStudy bot\nBoard\nToday\nalice\n3 of 4\n3 members"
        assert texts(message) == expected


async def test_texts_of_a_modal() -> None:
    async with sample_world() as world:
        form = await world.alice.slash(world.hall, "fill")
        assert modal_texts(form.modal) == (
            "Report a question\nWhat is wrong with it?\n"
            "Reason\n[In your words]\nKind\n[Wrong]\n[Unclear]"
        )


def test_no_message_is_said_plainly() -> None:
    with pytest.raises(AssertionError, match="the bot sent no message"):
        texts(None)
    with pytest.raises(AssertionError, match="the bot sent no message"):
        buttons(None)
    with pytest.raises(AssertionError, match="the bot showed no modal"):
        modal_texts(None)


async def test_buttons_are_label_id_and_state() -> None:
    async with sample_world() as world:
        shown = await world.alice.slash(world.hall, "card", topic="Macie")
        assert buttons(shown.response) == [
            ("Source", None, False),
            ("Count 1", "count:1", False),
            ("Later", "later", False),
        ]
        assert shown.response is not None
        await world.alice.click(shown.response, label="Later")
        assert buttons(shown.response) == [("Later", "later", True)]


async def test_two_presses_race_although_the_first_disables_the_button() -> None:
    async with sample_world() as world:
        shown = await world.alice.slash(world.hall, "card", topic="Macie")
        assert shown.response is not None
        before = len(world.env.http_requests)
        first, second = await race(
            world.env,
            world.alice.click(shown.response, label="Later"),
            world.ben.click(shown.response, label="Later"),
        )
        assert (first.acknowledged, second.acknowledged) == (True, True)
        # Both are acknowledged before either is shown as used: they really interleave.
        sent = [(r.method, r.path.split("/")[-1]) for r in world.env.http_requests[before:]]
        assert sent == [
            ("POST", "callback"),
            ("POST", "callback"),
            ("PATCH", "@original"),
            ("PATCH", "@original"),
        ]


async def test_held_actions_reach_the_bot_only_when_fed() -> None:
    async with sample_world() as world:
        before = len(world.env.http_requests)
        payloads = await held(
            world.env,
            world.alice.slash(world.hall, "card", topic="Macie"),
            world.ben.slash(world.hall, "card", topic="Macie"),
        )
        await world.env.settle()
        assert len(world.env.http_requests) == before
        mine, yours = await payload_feed(world.env, payloads)
        assert texts(mine.response) == texts(yours.response) == CARD
        assert [payload["member"]["user"]["username"] for payload in payloads] == ["alice", "ben"]


async def test_an_event_delivered_twice_is_answered_once() -> None:
    async with sample_world() as world:
        world.env.check_errors = False
        [payload] = await held(world.env, world.alice.slash(world.hall, "card", topic="Macie"))
        first, again = await payload_feed(world.env, [payload, payload])
        assert first.response is not None
        assert again.response is not None
        assert first.response.id == again.response.id
        [error] = world.env.errors
        assert "40060" in str(error)


async def test_what_a_member_may_not_do_cannot_be_held() -> None:
    async with sample_world() as world:
        with pytest.raises(SetupError, match="not visible to this user"):
            await held(
                world.env,
                world.alice.slash(world.hall, "daily setup", channel=world.hall, member=world.ben),
                world.ben.slash(world.hall, "card", topic="Macie"),
            )
        # The world goes on as before.
        shown = await world.alice.slash(world.hall, "card", topic="Macie")
        assert shown.response is not None


async def send(world: World, nonce: str) -> discord.Message:
    with world.env.time_context():
        return await world.channel().send(view=counter(1), nonce=nonce)


def count(world: World) -> int:
    return len(world.env.backend.messages[world.hall.id])


async def test_the_same_nonce_returns_the_first_message() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env) as route:
            first = await send(world, "daily-7")
            again = await send(world, "daily-7")
            other = await send(world, "daily-8")
        assert again.id == first.id != other.id
        assert again.nonce == "daily-7"
        assert texts(again) == texts(first) == CARD
        assert route.returned == [first.id]
        assert count(world) == 2
        sent = [r for r in world.env.http_requests if r.path.endswith("/messages")]
        assert len(sent) == 3


async def test_a_nonce_is_forgotten_after_a_few_minutes() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env) as route:
            first = await send(world, "daily-7")
            await world.env.advance_time(NONCE_WINDOW.total_seconds() - 1)
            assert (await send(world, "daily-7")).id == first.id
            await world.env.advance_time(1)
            assert (await send(world, "daily-7")).id != first.id
        assert route.returned == [first.id]


async def test_a_deleted_message_is_created_anew() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env):
            first = await send(world, "daily-7")
            with world.env.time_context():
                await first.delete()
            assert (await send(world, "daily-7")).id != first.id


async def test_a_lost_response_leaves_the_message_and_the_nonce_finds_it() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env) as route:
            route.lose_response()
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await send(world, "daily-7")
            assert count(world) == 1
            again = await send(world, "daily-7")
        assert route.returned == [again.id]
        assert count(world) == 1


async def test_a_lost_response_may_be_a_server_error_and_happen_again() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env) as route:
            route.lose_response(server_error, times=2)
            for _ in range(2):
                with pytest.raises(discord.DiscordServerError, match="500"):
                    await send(world, "daily-7")
            again = await send(world, "daily-7")
        assert route.returned == [again.id, again.id]
        assert count(world) == 1


async def test_a_loss_that_never_happened_fails_the_block() -> None:
    async with sample_world() as world:
        route = NonceRoute(world.env)
        with pytest.raises(AssertionError, match="1 responses were never lost"), route:
            route.lose_response()


async def test_outside_the_block_simcord_is_as_it_was() -> None:
    async with sample_world() as world:
        with NonceRoute(world.env):
            first = await send(world, "daily-7")
        assert (await send(world, "daily-7")).id != first.id


async def test_a_message_has_one_thread_and_the_channel_no_word_of_it(hall):
    message = await hall.bot.get_channel(hall.channel.id).send("hello")
    with one_thread_a_message(hall.env):
        thread = await message.create_thread(name="talk")
        assert thread.id == message.id
        with pytest.raises(discord.HTTPException) as refused:
            await message.create_thread(name="again")
        assert refused.value.code == 160004
    await hall.env.settle()
    assert len(hall.channel.history()) == 1
    assert [thread.id for thread in hall.channel.threads] == [message.id]
