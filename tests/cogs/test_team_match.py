"""A match for teams, from the lobby to the podium."""

from __future__ import annotations

from datetime import timedelta

from tests.cogs.playing import (
    at_second,
    begun,
    closed,
    current,
    finale,
    killed,
    lobby,
    next_question,
    pick,
)
from tests.simworld import texts


async def founded(hall, captain, name, *others):
    news = await captain.slash(hall.channel, "team create", name=name)
    for member in others:
        await member.click(news.response, label="Join")


async def test_teams_are_ranked_beside_their_players(hall):
    """Foxes: alice 1000 + 1000, ben nothing; Owls: chi 1000, dan 1000; eva plays for herself."""
    dan, eva, fay = (hall.guild.add_member(hall.env.create_user(n)) for n in ("dan", "eva", "fay"))
    alice, ben, chi = hall.alice, hall.ben, hall.chi
    await founded(hall, alice, "Foxes", ben)
    await founded(hall, chi, "Owls", dan)
    await founded(hall, fay, "Bears")
    await begun(hall, alice, ben, chi, dan, eva, fay, questions=2, speed=False, teams=True)
    await at_second(hall, 3)
    for member, is_right in ((alice, True), (ben, False), (chi, True), (dan, False), (eva, True)):
        await pick(hall, member, is_right=is_right)
    shown = texts(await closed(hall))
    assert (
        "**1.** Team Foxes  500.0 points a player\n**1.** Team Owls  500.0 points a player"
    ) in shown

    await next_question(hall)
    await killed(hall, timedelta(seconds=30))
    await chi.slash(hall.channel, "team leave")
    await pick(hall, alice)
    await pick(hall, fay)
    await pick(hall, dan)
    ended = await finale(hall)
    said = texts(ended)
    assert "## Team Foxes and Team Owls win the match!" in said
    assert (
        "**Teams**\n"
        "**1.** Team Foxes  1,000.0 points a player\n"
        "**1.** Team Owls  1,000.0 points a player\n"
        "-# 1 team not ranked: it takes 2 players who answer"
    ) in said
    assert f"**Players**\n**1.** <@{alice.id}>  2,000 points" in said
    assert (
        "[Podium, Match: AWS Certified Cloud Practitioner. 1. Foxes & Owls, 1,000 points.]" in said
    )
    own = await ben.click(ended, label="My result")
    assert "Your team Foxes: rank 1 of 2 with 1,000.0 points a player." in texts(own.response)
    lone = await fay.click(ended, label="My result")
    assert "Your team Bears: not ranked yet, it takes 2 players who answer." in texts(lone.response)
    none = await eva.click(ended, label="My result")
    assert "Your team" not in texts(none.response)
    again = await hall.manager.slash(hall.channel, "match results")
    assert "## Team Foxes and Team Owls win the match!" in texts(again.response)


async def test_the_lobby_says_the_rule_and_who_plays_for_whom(hall):
    await founded(hall, hall.alice, "Foxes", hall.ben)
    opened = await lobby(hall, hall.chi, teams=True)
    assert "No team plays yet." in texts(opened)
    assert "A team's score is the average of its players who answered, from 2" in texts(opened)
    await hall.alice.click(opened, label="Join")
    await hall.ben.click(opened, label="Join")
    await hall.env.advance_time(3)
    shown = next(m for m in hall.messages() if m.id == opened.id)
    assert "Teams: Foxes 2" in texts(shown)
    assert (await current(hall)).settings.for_teams


async def test_a_match_without_teams_says_nothing_of_them(hall):
    await founded(hall, hall.alice, "Foxes", hall.ben)
    await begun(hall, hall.alice, hall.ben, questions=1)
    await pick(hall, hall.alice)
    await pick(hall, hall.ben)
    await hall.env.advance_time(2)  # all have answered, so it closes
    said = texts(await finale(hall))
    assert "Team" not in said
    assert f"## <@{hall.alice.id}> and <@{hall.ben.id}> win the match!" in said


async def test_a_team_without_a_rival_does_not_win_so_the_players_have_the_podium(hall):
    await founded(hall, hall.alice, "Foxes", hall.ben)
    await begun(hall, hall.alice, hall.ben, questions=1, teams=True)
    await pick(hall, hall.alice)
    await pick(hall, hall.ben, is_right=False)
    await hall.env.advance_time(2)
    said = texts(await finale(hall))
    assert f"## <@{hall.alice.id}> wins the match!" in said
    assert "[Podium, Match: AWS Certified Cloud Practitioner. 1. alice, " in said
    assert "**Teams**\n**1.** Team Foxes  " in said
