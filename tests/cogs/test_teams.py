"""Teams, as members found, join, lead and leave them."""

from __future__ import annotations

import pytest

from bot.core.team import MEMBERS_MOST, TRIED
from tests.cogs.acting import elsewhere, forge, quiz_right
from tests.simworld import buttons, race, texts


async def team(hall, actor, command, /, **options):
    return await actor.slash(hall.channel, f"team {command}", **options)


async def practise(hall, member, answers: int = 5) -> None:
    """Be right so many times, slowly enough for the cooldown."""
    for _ in range(answers):
        await quiz_right(hall, member)
        await hall.env.advance_time(30)


async def founded(hall, member, name="Foxes", **options):
    result = await team(hall, member, "create", name=name, **options)
    found = await hall.store.team_named(hall.guild.id, name)
    assert found is not None, texts(result.response)
    return found, result


async def members(hall, found) -> list[int]:
    return [m.member_id for m in await hall.store.team_members(found.id)]


async def captain(hall, found) -> int:
    (leader,) = [m.member_id for m in await hall.store.team_members(found.id) if m.is_captain]
    return leader


async def test_a_team_is_founded_in_public_joined_by_button_and_shown(hall):
    found, news = await founded(hall, hall.alice)
    assert not news.ephemeral
    assert f"## Team Foxes\n<@{hall.alice.id}> founded it. Anybody may join." in texts(
        news.response
    )
    joined = await hall.ben.click(news.response, label="Join")
    assert joined.ephemeral
    assert "You are in Foxes, 2 members strong." in texts(joined.response)
    assert await members(hall, found) == [hall.alice.id, hall.ben.id]
    said = texts((await team(hall, hall.ben, "show")).response)
    assert f"Captain: <@{hall.alice.id}> · 2 of 25 members · anybody may join" in said
    assert f"- <@{hall.alice.id}>\n- <@{hall.ben.id}>" in said
    assert "not ranked, nobody with 5 answers so far." in said


async def test_a_member_has_one_team(hall):
    await founded(hall, hall.alice)
    await founded(hall, hall.ben, "Owls")
    again = await team(hall, hall.alice, "join", team="foxes")
    assert texts(again.response) == "You are in Foxes already."
    other = await team(hall, hall.alice, "join", team="OWLS")
    assert "A member has one team" in texts(other.response)
    more = await team(hall, hall.alice, "create", name="Bears")
    assert "A member has one team" in texts(more.response)


@pytest.mark.parametrize(
    "name", ["@everyone", "<@1>", "a**b**", "evil.com", "x", "a\u200bb", "z" * 33]
)
async def test_a_name_that_will_not_do_is_refused_with_the_fix(hall, name):
    result = await team(hall, hall.alice, "create", name=name)
    assert result.ephemeral
    assert "A team cannot be called that:" in texts(result.response)
    assert await hall.store.team_of(hall.guild.id, hall.alice.id) is None


async def test_a_look_alike_is_taken(hall):
    await founded(hall, hall.alice, "Cloud 9")
    result = await team(hall, hall.ben, "create", name="ＣＬＯＵＤ-9")
    assert "That looks like Cloud 9, which is taken." in texts(result.response)


async def test_a_captain_who_chooses_is_asked_in_private(hall):
    found, news = await founded(hall, hall.alice, entry="the captain chooses")
    asked = await hall.ben.click(news.response, label="Ask to join")
    assert asked.ephemeral
    assert "Your request waits for the captain of Foxes" in texts(asked.response)
    twice = await hall.ben.click(news.response, label="Ask to join")
    assert "You have asked Foxes already" in texts(twice.response)
    await hall.chi.click(news.response, label="Ask to join")
    others = await team(hall, hall.chi, "show", team="Foxes")
    assert "Wants to join" not in texts(others.response)
    shown = await team(hall, hall.alice, "show")
    assert f"1. <@{hall.ben.id}> asked" in texts(shown.response)
    await hall.alice.click(shown.response, label="Accept 1")
    assert await members(hall, found) == [hall.alice.id, hall.ben.id]
    assert f"1. <@{hall.chi.id}> asked" in texts(shown.response)
    await hall.alice.click(shown.response, label="Decline 1")
    assert await members(hall, found) == [hall.alice.id, hall.ben.id]
    assert "Wants to join" not in texts(shown.response)


async def test_a_captain_invites_and_the_one_who_is_named_joins_or_declines(hall):
    found, _ = await founded(hall, hall.alice, entry="the captain chooses")
    invited = await team(hall, hall.alice, "invite", member=hall.ben)
    assert not invited.ephemeral
    assert f"<@{hall.alice.id}> invites <@{hall.ben.id}> to join; 1 of 25" in texts(
        invited.response
    )
    sent = [r.json["data"] for r in hall.env.http_requests if "invites" in str(r.json)]
    assert [body["allowed_mentions"]["users"] for body in sent] == [[hall.ben.id]]
    other = await hall.chi.click(invited.response, label="No, thanks")
    assert texts(other.response) == "That invitation is not yours, or it is over."
    joined = await hall.ben.click(invited.response, label="Join")
    assert "You are in Foxes, 2 members strong." in texts(joined.response)
    assert await members(hall, found) == [hall.alice.id, hall.ben.id]
    asked = await team(hall, hall.alice, "invite", member=hall.chi)
    declined = await hall.chi.click(asked.response, label="No, thanks")
    assert texts(declined.response).startswith("Declined; Foxes does not ask you again soon.")
    assert declined.ephemeral
    # Ben has joined; that Chi declined is told to nobody, nor who is invited to other people.
    for member, is_told in ((hall.ben, True), (hall.chi, False)):
        looked = await team(hall, member, "show", team="Foxes")
        assert (f"**Invited:** <@{hall.chi.id}>\n" in texts(looked.response)) == is_told
    themselves = await team(hall, hall.alice, "invite", member=hall.alice)
    assert "You cannot invite yourself." in texts(themselves.response)
    await team(hall, hall.manager, "disband", team="Foxes")
    late = await hall.chi.click(asked.response, label="No, thanks")
    assert texts(late.response).startswith("That team is no more.")


async def test_the_captain_opens_and_closes_the_team(hall):
    found, _ = await founded(hall, hall.alice)
    shown = await team(hall, hall.alice, "show")
    await hall.alice.click(shown.response, label="By request")
    assert "the captain chooses who joins" in texts(shown.response)
    await team(hall, hall.ben, "join", team="Foxes")
    assert await members(hall, found) == [hall.alice.id]
    await hall.alice.click(shown.response, label="Open to all")
    await team(hall, hall.ben, "join", team="Foxes")
    assert await members(hall, found) == [hall.alice.id, hall.ben.id]


async def test_a_captain_who_leaves_is_followed_by_the_longest_standing(hall):
    found, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    await hall.chi.click(news.response, label="Join")
    leaving = await team(hall, hall.alice, "leave")
    assert "The member who has been in it longest becomes captain." in texts(leaving.response)
    assert await captain(hall, found) == hall.alice.id
    await hall.alice.click(leaving.response, label="Leave")
    assert texts(leaving.response) == "You left Foxes."
    assert await captain(hall, found) == hall.ben.id
    stays = await team(hall, hall.ben, "leave")
    await hall.ben.click(stays.response, label="Stay")
    assert await members(hall, found) == [hall.ben.id, hall.chi.id]


async def test_the_last_one_ends_the_team_and_frees_its_name(hall):
    found, _ = await founded(hall, hall.alice)
    leaving = await team(hall, hall.alice, "leave")
    assert "You are the last one: the team ends" in texts(leaving.response)
    await hall.alice.click(leaving.response, label="Leave")
    assert (await hall.store.team(hall.guild.id, found.id)).state == "ended"
    await founded(hall, hall.ben)


async def test_whoever_left_waits_for_another_team_but_not_for_the_old_one(hall):
    _, news = await founded(hall, hall.alice)
    _, other = await founded(hall, hall.chi, "Owls")
    await hall.ben.click(news.response, label="Join")
    await hall.env.advance_time(TRIED.total_seconds() + 60)

    leaving = await team(hall, hall.ben, "leave")
    assert "Another team can take you in 7 days." in texts(leaving.response)
    await hall.ben.click(leaving.response, label="Leave")
    refused = await hall.ben.click(other.response, label="Join")
    assert "You left Foxes: another team can take you in 7 days." in texts(refused.response)
    refused = await team(hall, hall.ben, "create", name="Bears")
    assert "You left Foxes" in texts(refused.response)
    back = await hall.ben.click(news.response, label="Join")
    assert "You are in Foxes" in texts(back.response)


async def test_a_captain_hands_over_and_puts_out(hall):
    found, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    refused = await team(hall, hall.ben, "kick", member=hall.alice)
    assert "Only the team's captain may do that" in texts(refused.response)
    refused = await team(hall, hall.ben, "captain", member=hall.ben)
    assert "Only the team's captain may do that" in texts(refused.response)
    handed = await team(hall, hall.alice, "captain", member=hall.ben)
    assert f"<@{hall.ben.id}> leads Foxes now." in texts(handed.response)
    stranger = await team(hall, hall.ben, "kick", member=hall.chi)
    assert "They are not in your team." in texts(stranger.response)
    put_out = await team(hall, hall.ben, "kick", member=hall.alice)
    assert f"<@{hall.alice.id}> is not in Foxes any more" in texts(put_out.response)
    assert await members(hall, found) == [hall.ben.id]
    _, other = await founded(hall, hall.chi, "Owls")
    taken = await hall.alice.click(other.response, label="Join")
    assert "You are in Owls" in texts(taken.response)


async def test_the_captain_renames_until_a_manager_gives_the_name(hall):
    found, _ = await founded(hall, hall.alice)
    renamed = await team(hall, hall.alice, "rename", name="Red Foxes")
    assert "Foxes is called **Red Foxes** now." in texts(renamed.response)
    refused = await team(hall, hall.ben, "rename", name="Mine", team="Red Foxes")
    assert "Only the team's captain may do that" in texts(refused.response)
    given = await team(hall, hall.manager, "rename", name="Grey Foxes", team="Red Foxes")
    assert "Only managers can change this name." in texts(given.response)
    refused = await team(hall, hall.alice, "rename", name="Red Foxes")
    assert "A manager of the server gave this name" in texts(refused.response)
    assert (await hall.store.team(hall.guild.id, found.id)).name == "Grey Foxes"


async def test_managers_disband_and_remove_and_members_may_not(hall):
    found, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    refused = await team(hall, hall.ben, "disband", team="Foxes")
    assert "it takes the permission Manage Server" in texts(refused.response)
    removed = await team(hall, hall.manager, "kick", member=hall.alice)
    assert f"<@{hall.ben.id}> leads it now." in texts(removed.response)
    gone = await team(hall, hall.manager, "disband", team="Foxes")
    assert "Foxes is disbanded; 1 member may join another team at once." in texts(gone.response)
    assert await members(hall, found) == []
    await founded(hall, hall.ben, "Foxes")
    late = await hall.chi.click(news.response, label="Join")
    assert "That team is no more." in texts(late.response)


async def test_of_two_for_the_last_place_one_gets_it(hall):
    found, news = await founded(hall, hall.alice)
    for n in range(MEMBERS_MOST - 2):
        await hall.store.join_team(hall.guild.id, 5000 + n, found.id, hall.env.now())
    results = await race(
        hall.env,
        hall.ben.click(news.response, label="Join"),
        hall.chi.click(news.response, label="Join"),
    )
    said = sorted(texts(result.response) for result in results)
    assert "Foxes is full: a team has at most 25 members." in said[0]
    assert "You are in Foxes, 25 members strong." in said[1]
    assert len(await members(hall, found)) == MEMBERS_MOST


async def test_of_two_who_take_one_name_one_gets_it(hall):
    results = await race(
        hall.env,
        hall.ben.slash(hall.channel, "team create", name="Owls"),
        hall.chi.slash(hall.channel, "team create", name="0wls"),
    )
    said = sorted(texts(result.response) for result in results)
    assert "founded it" in said[0]
    assert "which is taken" in said[1]


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("teamjoin:999", "That team is no more."),
        ("teamjoin:x", "That button is not one of mine."),
        ("teamjoin", "That button is not one of mine."),
        ("teamlook:999", "That team is no more."),
        ("teamgo:1", "You are in no team."),
        ("teamleave:1", "You are in no team."),
        ("teamentry:1:0", "Only the team's captain may do that"),
        ("teamentry:1:2", "That button is not one of mine."),
        ("teamyes:1:{ben}", "Only the team's captain may do that"),
        ("teamno:1:{ben}", "Only the team's captain may do that"),
        ("teamyes:1:x", "That button is not one of mine."),
        ("teamyes:1:0", "That button is not one of mine."),
        ("teamyes:1:" + "9" * 70, "That button is not one of mine."),
        ("teamyes:999:{ben}", "There is no such team here."),
        ("teamboard:year:0", "That button is not one of mine."),
        ("teamboard:week:x", "That button is not one of mine."),
    ],
)
async def test_a_forged_button_changes_nothing(hall, custom_id, sentence):
    found, news = await founded(hall, hall.alice, entry="the captain chooses")
    await hall.ben.click(news.response, label="Ask to join")
    before = texts(news.response)
    message = news.response.message
    result = await forge(hall, custom_id.format(ben=hall.ben.id), by=hall.chi, on=message)
    assert sentence in texts(result.response)
    assert result.ephemeral
    assert await members(hall, found) == [hall.alice.id]
    assert len(await hall.store.team_requests(found.id, hall.env.now())) == 1
    assert texts(news.response) == before


async def test_another_servers_team_is_out_of_reach(hall):
    found, news = await founded(hall, hall.alice)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    stranger = other.add_member(hall.env.create_user("stranger"))
    await hall.env.settle()
    for feature in ("teamjoin", "teamlook"):
        result = await forge(hall, f"{feature}:{found.id}", by=stranger, on=news.response.message)
        assert "That team is no more." in texts(result.response)
    assert await members(hall, found) == [hall.alice.id]


async def test_teams_are_for_servers(hall):
    result = await elsewhere(hall.env, hall.alice.user, "leaderboard")
    assert "This works in a server that I was added to" in texts(result.response)


async def test_a_hidden_member_counts_and_is_not_named(hall):
    _, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    await hall.store.hide(hall.guild.id, hall.ben.id, hall.env.now())
    said = texts((await team(hall, hall.chi, "show", team="Foxes")).response)
    assert f"<@{hall.ben.id}>" not in said
    assert "- 1 hidden member" in said
    assert "2 of 25 members" in said
    own = texts((await team(hall, hall.ben, "show")).response)
    assert f"<@{hall.ben.id}>" in own
    await team(hall, hall.alice, "captain", member=hall.ben)
    said = texts((await team(hall, hall.chi, "show", team="Foxes")).response)
    assert "The captain is hidden" in said
    assert f"<@{hall.ben.id}>" not in said


async def test_a_hidden_member_founds_in_private(hall):
    await hall.store.hide(hall.guild.id, hall.alice.id, hall.env.now())
    _, news = await founded(hall, hall.alice)
    assert news.ephemeral


async def test_a_captain_who_left_the_server_is_followed(hall):
    found, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    hall.guild.remove_member(hall.alice)
    await team(hall, hall.chi, "show", team="Foxes")
    assert await captain(hall, found) == hall.ben.id
    said = texts((await team(hall, hall.chi, "show", team="Foxes")).response)
    assert f"Captain: <@{hall.ben.id}> · 1 of 25 members" in said


async def test_a_captain_who_deletes_their_data_is_followed(hall):
    found, news = await founded(hall, hall.alice)
    await hall.ben.click(news.response, label="Join")
    asked = await hall.alice.slash(hall.channel, "data delete", where="this server")
    await hall.alice.click(asked.response, label="Delete it")
    assert await captain(hall, found) == hall.ben.id
    assert await members(hall, found) == [hall.ben.id]


async def test_answers_count_for_the_team_they_were_given_in(hall):
    await practise(hall, hall.alice)
    await founded(hall, hall.alice)
    board = texts((await team(hall, hall.alice, "board")).response)
    assert "not ranked, nobody with 5 answers so far." in board
    await team(hall, hall.ben, "join", team="Foxes")
    await practise(hall, hall.ben)
    await practise(hall, hall.alice)
    result = await team(hall, hall.alice, "board")
    said = texts(result.response)
    assert "**1.** Foxes (yours)  10.0 points a member  ·  2 took part, 10 of 10 right" in said
    assert "Your team Foxes: rank 1 of 1 with 10.0 points a member." in said
    for label in ("This month", "All time", "This week"):
        await hall.alice.click(result.response, label=label)
        assert f"Teams · {label}" in texts(result.response)
        assert "10.0 points a member" in texts(result.response)
    shown = texts((await team(hall, hall.chi, "show", team="Foxes")).response)
    assert f"- <@{hall.alice.id}>  10 points  ·  5 of 5 right" in shown


async def test_who_has_no_team_is_shown_some(hall):
    empty = await team(hall, hall.chi, "show")
    assert "You are in none. `/team create` begins one" in texts(empty.response)
    await founded(hall, hall.alice)
    shown = await team(hall, hall.chi, "show")
    assert "1. Team Foxes · 1 member" in texts(shown.response)
    joined = await hall.chi.click(shown.response, label="Join 1")
    assert "You are in Foxes" in texts(joined.response)
    assert [b.label for b in buttons(shown.response)] == ["Join 1", "Team board"]


async def test_names_are_completed_as_one_types(hall):
    await founded(hall, hall.alice, "Red Foxes")
    await founded(hall, hall.ben, "Owls")
    offered = await hall.chi.autocomplete(hall.channel, "team join", "team", "fox")
    assert [choice["name"] for choice in offered] == ["Red Foxes"]


async def test_the_teams_have_a_board_of_the_season_that_runs(hall):
    none = await team(hall, hall.alice, "board", period="season")
    assert "No season runs just now." in texts(none.response)
    await founded(hall, hall.alice)
    await team(hall, hall.ben, "join", team="Foxes")
    await practise(hall, hall.alice)
    await practise(hall, hall.ben)
    await hall.manager.slash(hall.channel, "season start", name="Winter")
    shown = await team(hall, hall.alice, "board")
    await hall.alice.click(shown.response, label="Season")
    assert "## Teams · Winter" in texts(shown.response)
    assert "**1.** Foxes (yours)  10.0 points a member" in texts(shown.response)


async def test_the_board_of_members_and_the_board_of_teams_lead_to_each_other(hall):
    shown = await hall.alice.slash(hall.channel, "leaderboard", period="month")
    await hall.alice.click(shown.response, label="Teams")
    assert "## Teams · This month" in texts(shown.response)
    await hall.alice.click(shown.response, label="Members")
    assert "## Leaderboard · This month" in texts(shown.response)
    yesterday = await hall.alice.slash(hall.channel, "leaderboard", period="yesterday")
    await hall.alice.click(yesterday.response, label="Teams")
    assert "## Teams · This week" in texts(yesterday.response)


async def asked_and_told(hall):
    """Alice leads a team that chooses, and asked to be written to."""
    found, _ = await founded(hall, hall.alice, entry="the captain chooses")
    shown = await team(hall, hall.alice, "show")
    await hall.alice.click(shown.response, label="Notify me")
    assert "Stop notifying me" in texts(shown.response)
    return found


async def test_a_captain_who_asked_for_it_is_written_to_until_they_stop_it(hall):
    await asked_and_told(hall)
    await team(hall, hall.ben, "join", team="Foxes")
    (letter,) = hall.alice.user.dm_channel.history()
    said = texts(letter)
    assert f"<@{hall.ben.id}> asks to join your team **Foxes** in **Study group**." in said
    stopped = await hall.alice.user.click(letter, label="Stop notifying me")
    assert "I write to you about requests no more" in texts(stopped.response)
    await team(hall, hall.chi, "join", team="Foxes")
    assert len(hall.alice.user.dm_channel.history()) == 1
    shown = await team(hall, hall.alice, "show")
    assert f"2. <@{hall.chi.id}> asked" in texts(shown.response)
    assert "Notify me" in texts(shown.response)


async def test_nobody_is_written_to_who_did_not_ask(hall):
    await founded(hall, hall.alice, entry="the captain chooses")
    await team(hall, hall.ben, "join", team="Foxes")
    assert hall.alice.user.dm_channel.history() == []


async def test_a_captain_whose_messages_are_closed_is_written_to_no_more(hall):
    found = await asked_and_told(hall)
    hall.env.inject_error("POST", "/channels/*/messages", status=403)
    asked = await team(hall, hall.ben, "join", team="Foxes")
    assert "Your request waits" in texts(asked.response)
    (leader,) = await hall.store.team_members(found.id)
    assert not leader.is_told


async def test_a_forged_wish_to_be_written_to_is_refused(hall):
    await asked_and_told(hall)
    shown = await team(hall, hall.ben, "show", team="Foxes")
    for custom_id in ("teamtold:5:1", f"teamtold:{hall.guild.id}:2", "teamquiet:x", "teamtold"):
        result = await forge(hall, custom_id, by=hall.ben, on=shown.response.message)
        assert texts(result.response) == "That button is not one of mine."
