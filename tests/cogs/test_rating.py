"""Ratings as members see them."""

from __future__ import annotations

from simcord import MemberActor

from tests.cogs.duelling import accepted, play
from tests.cogs.playing import begun, closed, finale, next_question, pick
from tests.conftest import Hall
from tests.simworld import buttons, texts
from tests.store.samples import duel, rate_many


async def shown(hall: Hall, by: MemberActor, **options) -> str:
    return texts((await by.slash(hall.channel, "rating", **options)).response)


async def test_before_the_first_contest_there_is_none(hall):
    assert "Your rating: none yet" in await shown(hall, hall.alice)
    said = await shown(hall, hall.alice, member=hall.ben)
    assert f"The rating of <@{hall.ben.id}>: none yet" in said


async def test_a_duel_moves_it_and_it_says_what_did(hall):
    await accepted(hall)
    await play(hall, hall.alice, 4)
    await play(hall, hall.ben, 2)
    said = await shown(hall, hall.alice)
    assert "Your rating: 1532 ± 293, new" in said
    assert "After 1 contest that counted:" in said
    assert "- Duel, 1st of 2: 1500 → **1532** (+32)" in said
    said = await shown(hall, hall.alice, member=hall.ben)
    assert f"The rating of <@{hall.ben.id}>: 1468 ± 293, new" in said
    assert "- Duel, 2nd of 2: 1500 → **1468** (-32)" in said


async def test_who_hid_is_not_shown_to_others(hall):
    await hall.store.hide(hall.guild.id, hall.ben.id, hall.bot.clock())
    assert "not shown on this server's boards" in await shown(hall, hall.alice, member=hall.ben)
    assert "Your rating" in await shown(hall, hall.ben)
    assert "Your rating" in await shown(hall, hall.ben, member=hall.ben)


async def test_the_board_shows_those_who_are_not_new_with_their_range(hall):
    members = [hall.alice.id, hall.ben.id, hall.chi.id]
    await rate_many(hall.store, hall.guild.id, members)
    await duel(hall.store, hall.manager.id, members[0], guild_id=hall.guild.id)
    result = await hall.chi.slash(hall.channel, "leaderboard", by="rating")
    said = texts(result.response)
    assert "Leaderboard · Ratings, just now" in said
    assert said.index(f"<@{hall.alice.id}>") < said.index(f"<@{hall.ben.id}>")
    assert f"<@{hall.manager.id}>" not in said
    assert "± " in said
    assert "You: rank 3 of 3 with " in said
    assert not any(b.label == "Today" for b in buttons(result.response))
    own = await hall.manager.slash(hall.channel, "leaderboard", by="rating")
    assert "You are not on it: `/rating` says how far yours has come." in texts(own.response)


async def test_the_board_can_be_a_picture(hall):
    await rate_many(hall.store, hall.guild.id, [hall.alice.id, hall.ben.id, hall.chi.id])
    result = await hall.alice.slash(hall.channel, "leaderboard", by="rating")
    drawn = await hall.alice.click(result.response, label="As a picture")
    assert "± " in texts(drawn.response)


async def test_a_match_moves_it_too(hall):
    await begun(hall, hall.alice, hall.ben, hall.chi, questions=3, seconds=10)
    for number in range(3):
        await pick(hall, hall.alice)
        if number < 2:
            await pick(hall, hall.ben)
            await closed(hall)
            await next_question(hall)
    await finale(hall)
    said = await shown(hall, hall.alice)
    assert "Your rating: 1532 ± 293, new" in said
    assert "- Match, 1st of 2: 1500 → **1532** (+32)" in said
    assert "none yet" in await shown(hall, hall.chi)  # who answered nothing is not counted
