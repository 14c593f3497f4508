"""Seasons: begun, changed and ended by managers; told once, with the right winners."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from tests.cogs.acting import START, advance_to, forge, slowed, ticked
from tests.cogs.test_boards import answered
from tests.simworld import NonceRoute, buttons, race, texts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = START.date()


async def begin(hall, name="Winter sprint", **options):
    return await hall.manager.slash(hall.channel, "season start", name=name, **options)


async def end(hall, label="End it now", **options):
    asked = await hall.manager.slash(hall.channel, "season end", **options)
    return await hall.manager.click(asked.response, label=label)


def told(hall, words="is over"):
    return [message for message in hall.messages() if words in texts(message)]


async def played(hall, channel=None, days=28):
    """Alice leads with 21 points before Ben with 10; Chi took part. It is the second day."""
    await hall.setup_daily()
    await hall.store.start_season(
        hall.guild.id,
        name="Winter sprint",
        first=TODAY - DAY,
        last=TODAY + (days - 2) * DAY,
        channel_id=(channel or hall.channel).id,
        role_id=None,
        by=hall.manager.id,
        now=START,
    )
    await answered(hall, "-1", [hall.alice, hall.ben], [hall.chi])
    await answered(hall, "0", [hall.alice], [hall.ben])
    await hall.manager.slash(hall.channel, "daily off")


async def test_a_season_begins_has_a_board_and_ends(hall):
    begun = await begin(hall, weeks=4)
    assert not begun.ephemeral
    said = texts(begun.response)
    assert "**Winter sprint** · 1 to 28 January 2026 (UTC), 28 days to go with today" in said
    await answered(hall, "0", [hall.alice, hall.ben], [hall.chi])
    shown = await hall.ben.slash(hall.channel, "leaderboard", period="season")
    said = texts(shown.response)
    assert "## Leaderboard · Winter sprint\n" in said
    assert f"**1.** <@{hall.alice.id}>  10 points  ·  1 of 1 right" in said
    assert "1 to 28 January 2026." in said
    asked = await hall.manager.slash(hall.channel, "season end")
    assert "End “Winter sprint”?" in texts(asked.response)
    ended = await hall.manager.click(asked.response, label="End it now")
    assert "Its standings are final: [the ceremony]" in texts(ended.response)
    (message,) = told(hall)
    said = texts(message)
    assert "## Winter sprint is over: well done!" in said
    assert f"**1.** <@{hall.alice.id}>  10 points  ·  1 of 1 right" in said
    assert f"**1.** <@{hall.ben.id}>  10 points  ·  1 of 1 right" in said
    assert f"-# **3.** <@{hall.chi.id}>  0 points" not in said
    assert f"**3.** <@{hall.chi.id}>  0 points" in said
    assert "[Podium, Winter sprint. 1. " in said
    gone = await hall.ben.slash(hall.channel, "leaderboard", period="season")
    assert "No season runs just now." in texts(gone.response)


# --------------------------------------------------------------------------- four weeks


class Group:
    """What each of three members does on day 1 to 28, worked out by hand beforehand."""

    def __init__(self, hall) -> None:
        days = range(1, 29)
        self.plan = {
            hall.alice: {day: day % 2 == 1 for day in days},
            hall.ben: {day: day <= 5 or day % 2 == 0 for day in days if day not in (6, 7, 8)},
            hall.chi: {day: day in (1, 2) or 15 <= day <= 26 for day in days if day != 10},
        }

    async def answer(self, hall, day: int) -> None:
        (post,) = await hall.store.open_posts()
        assert post.study_date == TODAY + (day - 1) * DAY
        message = next(m for m in hall.messages() if m.id == post.message_id)
        for offset, (member, plan) in enumerate(self.plan.items(), 1):
            if day in plan:
                place = post.shown.key
                if not plan[day]:
                    place = (place + offset) % len(post.shown.options)
                pressed = await member.click(message, label="ABCD"[place])
                assert "Recorded" in texts(pressed.response)


async def test_a_season_of_four_weeks_closes_by_itself_with_the_right_winners(hall):
    """By hand; a right answer is 10 and 1 more for each earlier day of the streak, up to 5.

    Alice answers every day and is right on odd ones: 10 + 12 + 14 on days 1, 3, 5 and 15 on the
    eleven after: 201. Ben is right on days 1 to 5: 10 + 11 + 12 + 13 + 14 = 60; he misses days 6
    to 8 without a freeze, begins anew on day 9 and is right on even days: 11 + 13 + 15 x 8 = 144;
    together 204. Chi is right on days 1 and 2, 10 + 11, and on 15 to 26, 12 x 15: 201; day 10,
    missed, costs the freeze of day 7. Chi's share rose from 2 of 13 to 12 of 14, by 70.3 points.
    Alice's streak is 28 days, Chi's 27, Ben's 20.
    """
    await hall.setup_daily()
    await begin(hall)
    group = Group(hall)
    await slowed(hall, 2 * HOUR)
    for day in range(1, 29):
        await advance_to(hall, START + (day - 1) * DAY + 9 * HOUR)
        await group.answer(hall, day)
        if day in (10, 20):
            await slowed(hall, 2 * HOUR)  # a restart changes nothing
    assert told(hall) == []
    ninth = START + 28 * DAY + 8 * HOUR  # 09:00 in Berlin
    await advance_to(hall, ninth - HOUR)
    assert told(hall) == []

    async def killed(*_, **__) -> None:
        raise asyncio.CancelledError

    with pytest.MonkeyPatch.context() as patch, NonceRoute(hall.env):
        patch.setattr(hall.store, "record_ceremony", killed)  # sent, and nobody knows
        await advance_to(hall, ninth + 4 * HOUR)
    (message,) = told(hall)
    (waiting,) = await hall.store.waiting_ceremonies()
    assert waiting.message_id is None
    await slowed(hall, 2 * HOUR)
    await advance_to(hall, ninth + 3 * DAY)
    assert [m.id for m in told(hall)] == [message.id]
    assert await hall.store.waiting_ceremonies() == ()

    said = texts(message)
    alice, ben, chi = (f"<@{member.id}>" for member in (hall.alice, hall.ben, hall.chi))
    assert f"**1.** {ben}  204 points  ·  15 of 25 right" in said
    assert f"**2.** {alice}  201 points  ·  14 of 28 right" in said
    assert f"**2.** {chi}  201 points  ·  14 of 27 right" in said
    assert f"**Most improved:** {chi}, 70.3 percentage points more right" in said
    assert f"**Longest streak:** {alice}, 28 days in a row" in said
    assert "1 to 28 January 2026 · 3 members took part" in said
    assert "[Podium, Winter sprint. 1. ben, 204 points; 2. alice & chi, 201 points.]" in said
    (attachment,) = message.attachments
    assert hall.env.backend.cdn.get(attachment.url).startswith(b"\x89PNG")
    bodies = [r.json for r in hall.env.http_requests if r.method == "POST" and r.json]
    sent = [body for body in bodies if "is over" in str(body)]
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent)


# ---------------------------------------------------------------- beginning and changing


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "@everyone"}, "it may hold no @ and no <"),
        ({"name": "<@&1> cup"}, "it may hold no @ and no <"),
        ({"name": "x" * 41}, "it has 41 characters and may have 40"),
        ({"name": "***"}, "it needs a letter, a digit or an emoji"),
        ({"name": "https://example.org"}, "it may hold no link"),
        ({"until": "24.12.2026"}, "is not a date I can read. Write it like 2026-12-24."),
        ({"until": "2026-02-30"}, "There is no 2026-02-30 in the calendar."),
        ({"until": "2025-12-31"}, "It would end on 2025-12-31, before it begins on 2026-01-01"),
        ({"until": "2028-01-01"}, "A season has at most 52 weeks"),
        ({"begins": "2025-12-31"}, "2025-12-31 has passed"),
        ({"begins": "2026-09-01"}, "`begins` is within 90 days"),
        ({"weeks": 2, "until": "2026-01-09"}, "with `weeks` or with `until`, not both"),
    ],
)
async def test_what_makes_no_season_is_refused_and_nothing_is_kept(hall, options, sentence):
    refused = await begin(hall, **options)
    assert sentence in texts(refused.response)
    assert refused.ephemeral
    assert await hall.store.seasons(hall.guild.id) == ()


async def test_all_faults_are_told_at_once(hall):
    refused = await begin(hall, name="@here", until="soon", begins="never")
    said = texts(refused.response)
    assert said.count("\n") == 2
    assert "no @" in said
    assert "“soon” is not a date" in said
    assert "“never” is not a date" in said


async def test_markdown_in_a_name_is_shown_as_it_was_typed(hall):
    begun = await begin(hall, name="**big** `C#` cup")
    assert r"\*\*big\*\* \`C#\` cup" in texts(begun.response)
    await answered(hall, "0", [hall.alice])
    shown = await hall.alice.slash(hall.channel, "leaderboard", period="season")
    assert r"## Leaderboard · \*\*big\*\* \`C#\` cup" in texts(shown.response)
    await end(hall)
    (message,) = told(hall)
    assert r"## \*\*big\*\* \`C#\` cup is over" in texts(message)
    assert "[Podium, **big** `C#` cup. 1. " in texts(message)  # an alt text knows no markdown


async def test_of_two_managers_at_once_one_begins_and_the_other_is_told(hall):
    role = hall.guild.create_role("More", permissions=discord.Permissions(manage_guild=True))
    otto = hall.guild.add_member(hall.env.create_user("otto"), roles=[role])
    await hall.env.settle()
    results = await race(
        hall.env,
        hall.manager.slash(hall.channel, "season start", name="Mara's"),
        otto.slash(hall.channel, "season start", name="Otto's"),
    )
    said = sorted(texts(result.response) for result in results)
    assert sum("A season begins" in text for text in said) == 1
    assert sum("a server has one season at a time" in text for text in said) == 1
    assert len(await hall.store.seasons(hall.guild.id)) == 1


async def test_of_two_managers_ending_at_once_one_ends_it(hall):
    await played(hall)
    first, second = [await hall.manager.slash(hall.channel, "season end") for _ in range(2)]
    results = await race(
        hall.env,
        hall.manager.click(first.response, label="End it now"),
        hall.manager.click(second.response, label="End it now"),
    )
    said = sorted(texts(result.response) for result in results)
    assert sum("Its standings are final" in text for text in said) == 1
    assert len(told(hall)) == 1


async def test_the_days_are_those_of_the_servers_zone(hall):
    await hall.setup_daily(zone="America/Los_Angeles")
    begun = await begin(hall, weeks=1)
    said = texts(begun.response)
    assert "31 December 2025 to 6 January 2026 (America/Los_Angeles), 7 days to go" in said


async def test_one_may_be_planned_behind_the_one_that_runs_and_given_up(hall):
    await begin(hall, weeks=1)
    refused = await begin(hall, name="Spring")
    assert "The season “Winter sprint” has the days" in texts(refused.response)
    planned = await begin(hall, name="Spring", begins="2026-01-08")
    assert "## A season is planned" in texts(planned.response)
    assert "begins in 7 days" in texts(planned.response)
    status = texts((await hall.alice.slash(hall.channel, "season status")).response)
    assert status.index("Winter sprint") < status.index("Spring")
    offered = await hall.manager.autocomplete(hall.channel, "season end", "season", "spr")
    assert [choice["name"].split(" · ")[0] for choice in offered] == ["Spring", "Winter sprint"]
    gone = await end(hall, "Give it up", season=offered[0]["value"])
    assert "“Spring” is gone, as if it had never been." in texts(gone.response)
    (left,) = await hall.store.seasons(hall.guild.id)
    assert left.name == "Winter sprint"


async def test_a_running_season_is_renamed_lengthened_and_shortened(hall):
    await begin(hall, weeks=1)
    changed = await hall.manager.slash(
        hall.channel, "season edit", name="Long haul", until="2026-02-28"
    )
    said = texts(changed.response)
    assert "The season “Winter sprint” is changed" in said
    assert "**Long haul** · 1 January to 28 February 2026" in said
    assert not changed.ephemeral
    for options, sentence in [
        ({}, "Give the option that should change"),
        ({"until": "2025-12-31"}, "It would end on 2025-12-31, before it begins"),
        ({"until": "x"}, "is not a date I can read"),
        ({"name": "@here"}, "no @"),
        ({"season": "nothing", "name": "X"}, "There is no season of that name here"),
    ]:
        refused = await hall.manager.slash(hall.channel, "season edit", **options)
        assert sentence in texts(refused.response)
        assert refused.ephemeral
    shortened = await hall.manager.slash(hall.channel, "season edit", until="2026-01-01")
    assert "this is its last day" in texts(shortened.response)


async def test_dates_are_offered(hall):
    offered = await hall.manager.autocomplete(hall.channel, "season start", "until", "")
    names = {choice["value"]: choice["name"] for choice in offered}
    assert names["2026-01-28"] == "Wed 28 Jan 2026 · 4 weeks"
    assert names["2026-01-31"] == "Sat 31 Jan 2026 · end of January"
    for begins in ("9999-12-31", "0001-01-01", "soon"):  # whatever stands there already
        again = await hall.manager.autocomplete(
            hall.channel, "season start", "until", "", begins=begins
        )
        assert again == offered
    later = await hall.manager.autocomplete(
        hall.channel, "season start", "until", "4 weeks", begins="2026-01-05"
    )
    assert [choice["value"] for choice in later] == ["2026-02-01"]
    offered = await hall.manager.autocomplete(hall.channel, "season start", "begins", "")
    assert [choice["value"] for choice in offered] == ["2026-01-01", "2026-01-05", "2026-02-01"]
    await begin(hall)
    offered = await hall.manager.autocomplete(hall.channel, "season edit", "until", "2026-01-1")
    assert [choice["value"] for choice in offered] == ["2026-01-11", "2026-01-18"]


async def test_nothing_to_end_and_nothing_to_show_say_so(hall):
    for command in ("season end", "season status"):
        shown = await hall.manager.slash(hall.channel, command)
        assert "There is no season. `/season start` begins one." in texts(shown.response)
    archive = await hall.alice.slash(hall.channel, "season archive")
    assert "None is over yet." in texts(archive.response)
    board = await hall.alice.slash(hall.channel, "leaderboard", period="season")
    assert "No season runs just now." in texts(board.response)


async def test_the_board_of_a_season_has_a_button_only_while_there_is_one(hall):
    shown = await hall.alice.slash(hall.channel, "leaderboard")
    assert "Season" not in [b.label for b in buttons(shown.response)]
    await played(hall)
    shown = await hall.alice.slash(hall.channel, "leaderboard")
    await hall.alice.click(shown.response, label="Season")
    assert "You: rank 1 of 3 with 21 points." in texts(shown.response)
    await hall.alice.click(shown.response, label="Streak")
    said = texts(shown.response)
    assert "## Leaderboard · Winter sprint · Streak" in said
    assert f"**1.** <@{hall.alice.id}>  2 days" in said
    await hall.alice.click(shown.response, label="Just now")
    assert "Streaks, just now" in texts(shown.response)
    shown = await hall.ben.slash(hall.channel, "leaderboard", period="season", by="improvement")
    assert "its second half is compared with its first" in texts(shown.response)
    await hall.ben.click(shown.response, label="Points")
    picture = await hall.ben.click(shown.response, label="As a picture")
    said = texts(picture.response)
    assert "[Bar chart, Winter sprint. 1. A member, 21 points; 2. A member (you), 10" in said


# ------------------------------------------------------------------------------- ending


async def test_it_may_be_left_running(hall):
    await played(hall)
    kept = await end(hall, "Let it run")
    assert "“Winter sprint” goes on: 31 December 2025 to 27 January 2026." in texts(kept.response)
    assert told(hall) == []


async def test_an_end_by_hand_waits_for_the_challenge_that_is_open(hall):
    await hall.setup_daily()
    await begin(hall)
    await hall.manager.slash(hall.channel, "daily now")
    (post,) = await hall.store.open_posts()
    await hall.alice.click(hall.messages()[-1], label="ABCD"[post.shown.key])
    asked = await hall.manager.slash(hall.channel, "season end")
    assert "They are told once its last challenge is revealed. " in texts(asked.response)
    ended = await hall.manager.click(asked.response, label="End it now")
    assert "Its end is told once its last challenge is revealed" in texts(ended.response)
    assert told(hall) == []
    status = texts((await hall.alice.slash(hall.channel, "season status")).response)
    assert "over; told once its last challenge is revealed" in status
    for command, options in [("season end", {}), ("season edit", {"name": "Other"})]:
        refused = await hall.manager.slash(hall.channel, command, **options)
        assert "That season is over already" in texts(refused.response)
    await hall.env.advance_time(60)  # nobody may hurry the bot
    await hall.manager.slash(hall.channel, "daily reveal")
    await ticked(hall)
    (message,) = told(hall)
    assert f"**1.** <@{hall.alice.id}>  10 points" in texts(message)
    begun = await begin(hall, name="Next")
    assert "**Next** · 2 to 29 January 2026" in texts(begun.response)  # today was taken


async def test_one_seasons_trouble_keeps_no_other_waiting(hall, caplog):
    await played(hall)
    other = hall.env.create_guild("Other")
    channel = other.create_text_channel("other")
    await hall.env.settle()
    await hall.store.start_season(
        other.id,
        name="First",
        first=TODAY - 9 * DAY,
        last=TODAY - 9 * DAY,
        channel_id=channel.id,
        role_id=None,
        by=hall.manager.id,
        now=START,
    )
    real = hall.store.season_leaders

    async def broken(season):
        if season.guild_id == other.id:
            raise RuntimeError("a bug")
        return await real(season)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hall.store, "season_leaders", broken)
        await end(hall)
    assert len(told(hall)) == 1
    assert "The end of season 2 failed" in caplog.text
    await hall.env.advance_time(40 * 60)
    assert "First is over" in texts(channel.last_message)


async def test_a_season_without_a_single_answer_just_goes(hall):
    await begin(hall)
    gone = await end(hall)
    assert "“Winter sprint” is gone, as if it had never been." in texts(gone.response)
    again = await hall.manager.slash(hall.channel, "season end")
    assert "There is no season." in texts(again.response)
    assert told(hall) == []


async def test_a_season_that_nobody_played_in_ends_without_a_champion(hall):
    await begin(hall, until="2026-01-02")
    await slowed(hall, HOUR)
    await advance_to(hall, START + 2 * DAY + 8 * HOUR)
    assert told(hall) == []
    await advance_to(hall, START + 2 * DAY + 10 * HOUR)
    (message,) = told(hall)
    said = texts(message)
    assert "## Winter sprint is over" in said
    assert "Nobody took part this time, so there is no champion." in said
    assert message.attachments == []
    shown = await hall.ben.click(message, label="Standings")
    assert "Nobody took part." in texts(shown.response)
    archive = texts((await hall.ben.slash(hall.channel, "season archive")).response)
    assert "**Winter sprint** · 1 to 2 January 2026\n-# Nobody took part." in archive


async def test_those_who_hid_or_left_are_not_told(hall):
    await played(hall)
    await hall.alice.slash(hall.channel, "data visibility", wish="hide me from boards")
    hall.guild.remove_member(hall.chi)
    await end(hall)
    (message,) = told(hall)
    said = texts(message)
    assert f"**1.** <@{hall.ben.id}>  10 points" in said
    assert "1 member took part" in said
    assert str(hall.alice.id) not in said
    assert str(hall.chi.id) not in said


async def test_what_was_told_stays_and_is_there_for_ever(hall):
    await played(hall)
    await end(hall)
    (message,) = told(hall)
    mine = await hall.ben.click(message, label="My place")
    assert mine.ephemeral
    assert "You: rank 2 of 3 with 10 points." in texts(mine.response)
    stranger = await hall.manager.click(message, label="My place")
    assert "You are not among these places." in texts(stranger.response)
    await hall.store.forget_member(hall.alice.id, None)
    await hall.ben.slash(hall.channel, "data visibility", wish="hide me from boards")
    listed = await hall.chi.slash(hall.channel, "season archive")
    said = texts(listed.response)
    assert "**Winter sprint** · 31 December 2025 to 1 January 2026" in said
    assert "**1.** a former member  21 points" in said
    assert "**2.** a hidden member  10 points" in said
    await hall.chi.click(listed.response, label="Winter sprint")
    said = texts(listed.response)
    assert "**1.** a former member  21 points  ·  2 of 2 right" in said
    assert "**Longest streak:** a former member and a hidden member, 2 days in a row" in said
    await hall.chi.click(listed.response, label="All seasons")
    assert "## Past seasons" in texts(listed.response)
    offered = await hall.chi.autocomplete(hall.channel, "season archive", "season", "")
    named = await hall.chi.slash(hall.channel, "season archive", season=offered[0]["value"])
    assert "You: rank 3 of 3 with 0 points." in texts(named.response)
    missing = await hall.chi.slash(hall.channel, "season archive", season="Summer")
    assert "There is no season of that name here." in texts(missing.response)


async def test_the_archive_has_pages(hall):
    for number in range(7):
        day = TODAY - (number + 1) * DAY
        season = await hall.store.start_season(
            hall.guild.id,
            name=f"Season {number}",
            first=day,
            last=day,
            channel_id=hall.channel.id,
            role_id=None,
            by=hall.manager.id,
            now=START,
        )
        await hall.store.claim_ceremony(season, improved=[], nonce=f"n{number}", now=START)
    shown = await hall.ben.slash(hall.channel, "season archive")
    names = [button.label for button in buttons(shown.response)]
    assert names == [*(f"Season {number}" for number in range(5)), "Newer", "Older"]
    await hall.ben.click(shown.response, label="Older")
    names = [button.label for button in buttons(shown.response)]
    assert names == ["Season 5", "Season 6", "Newer", "Older"]


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("final:1:x", "That button is not one of mine."),
        ("final:99:0", "That season is gone."),
        ("seasonmy:99", "That season is gone."),
        ("seasonmy:x", "That button is not one of mine."),
        ("seasons:9", "## Past seasons"),
        ("seasonend:1", "it takes the permission Manage Server"),
        ("seasonrun:1", "it takes the permission Manage Server"),
        ("final:1:0", "That season is not over yet"),
        ("seasonmy:1", "That season is not over yet"),
        ("board:season:points:-:0", "Winter sprint"),
        ("board:seasons:points:-:0", "That button is not one of mine."),
    ],
)
async def test_a_forged_button_gets_a_sentence_and_changes_nothing(hall, custom_id, sentence):
    begun = await begin(hall)
    message = hall.channel.last_message
    assert message.id == begun.response.id
    result = await forge(hall, custom_id, by=hall.alice, on=message)
    assert sentence in texts(result.response)
    (season,) = await hall.store.seasons(hall.guild.id)
    assert (season.ended_at, season.closed_at) == (None, None)


async def test_another_servers_season_is_not_to_be_seen_or_ended(hall):
    await played(hall)
    await end(hall)
    (message,) = told(hall)
    other = hall.env.create_guild("Other")
    other.create_text_channel(hall.channel.name)
    role = other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(hall.env.create_user("boss"), roles=[role])
    await hall.env.settle()
    for custom_id in ("final:1:0", "seasonmy:1", "seasonend:1", "seasonrun:1"):
        result = await forge(hall, custom_id, by=boss, on=message)
        assert "That season is gone." in texts(result.response)
