"""The daily challenge: managers set it up, members answer it, the clock does the rest."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.cogs.answering import Answering
from bot.cogs.checks import lacking, zones
from bot.cogs.choosing import NOTHING, pool_of
from bot.cogs.delivery import UNDELIVERED, trouble
from bot.cogs.gates import MANAGER, for_servers, require_manager
from bot.cogs.posting import Posting
from bot.cogs.quiz import number, topic_choices
from bot.cogs.setup import DEFAULT, WHOLE_EXAM, Options, Setup
from bot.core.daily import Challenge, first_day, local_date, next_day, posts_at
from bot.core.post import Post, show
from bot.errors import UserError
from bot.ui.challenge import open_card
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, clip
from bot.ui.report import reporting, tell
from bot.ui.settings import challenge_label, history_lines, said_card, skipped_card
from bot.ui.words import link, listed, message_url, moment, plural

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)

WHICH = "Which challenge, where there are several"
HISTORY_DAYS = 14
NOTEWORTHY = ("late", "skipped", "missed", "paused", "deleted")
NOTEWORTHY_SHOWN = 3
DAYS_OFFERED = ("every day", "Mon-Fri", "Sat, Sun", "Mon, Wed, Fri", "Tue, Thu")
REVEALS_OFFERED = (DEFAULT, "18:00", "20:00", "21:30")


@app_commands.default_permissions(MANAGER)
@for_servers
class Daily(commands.GroupCog, group_name="daily", group_description="The daily challenge"):
    """Setup and care; posting and answering have their own modules."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.posting = Posting(bot)
        self.answering = Answering(bot, self.posting)
        self.drafts = Setup(bot)
        bot.on_press("unskip", self.unskip)
        self.clock.change_interval(seconds=bot.tick.total_seconds())
        super().__init__()

    async def cog_load(self) -> None:
        """Start looking for what is due."""
        self.clock.start()

    async def cog_unload(self) -> None:
        """Stop both loops."""
        self.clock.cancel()
        self.posting.revealing.edit_counts.cancel()

    @tasks.loop(seconds=60)
    async def clock(self) -> None:
        """Do what is due; nothing that goes wrong may end the loop."""
        try:
            await self.posting.tick()
        except Exception:
            _log.exception("The daily tick failed; it runs again soon")

    @clock.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()
        try:
            await self.posting.reconcile()
        except Exception:
            _log.exception("Open challenges could not be looked after at start")

    # --------------------------------------------------------------------- events

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Close a challenge whose message is gone."""
        await self.posting.message_deleted(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Close the challenges whose messages are gone."""
        for message_id in sorted(payload.message_ids):
            await self.posting.message_deleted(message_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Tell managers before the next post fails."""
        await self.posting.channel_deleted(channel.id, channel.guild.id)

    # ---------------------------------------------------------------------- setup

    @app_commands.command()
    @app_commands.describe(
        channel="Where it appears; one challenge a channel (default: here)",
        time="When, on the 24-hour clock, like 09:00",
        timezone="The server's zone, like Europe/Berlin; start typing your city",
        topic="Ask about one topic only (default: the whole exam)",
        exam="Ask about one exam as a whole, where there are several",
        role="Who is mentioned by each post (default: nobody)",
        thread="Whether each post gets a thread to talk in (default: no)",
        days="Days of the week, like Mon-Fri (default: every day)",
        late="Hours after which an overdue post is left out, 1 to 24 (default: 12)",
        reveal="When the answer is shown, like 20:00 (default: 30 minutes before the next one)",
        challenge="Which one to change (default: the one in that channel)",
    )
    async def setup(
        self,
        interaction: discord.Interaction[Any],
        channel: discord.TextChannel | None = None,
        time: str | None = None,
        timezone: str | None = None,
        topic: str | None = None,
        exam: str | None = None,
        role: discord.Role | None = None,
        thread: bool | None = None,
        days: str | None = None,
        late: app_commands.Range[int, 1, 24] | None = None,
        reveal: str | None = None,
        challenge: str | None = None,
    ) -> None:
        """Post a question a day in a channel; shown before it is saved (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            chosen = await self._named(guild_id, challenge) if challenge else None
            options = Options(
                channel, time, timezone, topic, exam, role, thread, days, late, reveal
            )
            await self.drafts.propose(interaction, chosen, options)

    @setup.autocomplete("timezone")
    async def _zones(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.strip().casefold().replace(" ", "_")
        found = [name for name in zones() if wanted in name.casefold()]
        return [app_commands.Choice(name=n, value=n) for n in found[:AUTOCOMPLETE_CHOICES]]

    @setup.autocomplete("topic")
    async def _topics(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return [*_offered((WHOLE_EXAM,), current), *topic_choices(self.bot, current)][
            :AUTOCOMPLETE_CHOICES
        ]

    @setup.autocomplete("exam")
    async def _exams(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.strip().casefold()
        exams = [
            app_commands.Choice(name=clip(exam.name, CHOICE_NAME_CHARS), value=exam.id)
            for exam in self.bot.shelf.exams
            if wanted in exam.name.casefold() or wanted in exam.id.casefold()
        ]
        return exams[:AUTOCOMPLETE_CHOICES]

    @setup.autocomplete("days")
    async def _days(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return _offered(DAYS_OFFERED, current)

    @setup.autocomplete("reveal")
    async def _reveals(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return _offered(REVEALS_OFFERED, current)

    # ----------------------------------------------------------------- day by day

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def preview(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """See how the next one will look, with an example question (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            await interaction.response.send_message(
                view=await self._example(chosen), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def now(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Post today's challenge at once, instead of at its time (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            await interaction.response.defer(ephemeral=True, thinking=True)
            today = local_date(self.bot.clock(), chosen.zone)
            try:
                post = await self.posting.post_now(chosen, today)
            except UNDELIVERED as error:
                self.bot.log_refusal("a daily challenge", error)
                raise UserError(trouble(error)) from error
            await tell(interaction, f"Posted: {_link(post)}")

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def reveal(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Close the open challenge and show its answer now (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            known = await self._some(guild_id, challenge)
            ids = {one.id for one in known}
            open_posts = [
                post
                for post in await self.bot.store.open_posts()
                if post.challenge_id in ids and post.message_id is not None
            ]
            if not open_posts:
                raise UserError("No challenge is open just now.")
            if len({post.challenge_id for post in open_posts}) > 1:
                raise _which(known)
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                await self.posting.reveal_now(open_posts[0])
            except UNDELIVERED as error:
                self.bot.log_refusal("a reveal", error)
                raise UserError(
                    "It is closed, but Discord did not let me show the answer. I try again soon."
                ) from error
            await tell(interaction, f"Revealed: {_link(open_posts[0])}")

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def skip(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Leave out the next one; everything else goes on (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            day = await self._next_day(chosen)
            if day is None:
                raise UserError("It is switched off, so there is nothing to skip.")
            now = self.bot.clock()
            detail = None
            if not await self.bot.store.leave_out(chosen.id, day, "skipped", detail, now):
                raise UserError(
                    "That one is being posted already. `/daily status` shows how it stands."
                )
            then = await self._next_day(chosen)
            text = f"Skipped: the one of **{_day(day)}** in <#{chosen.channel_id}>."
            if then is not None:
                at = posts_at(chosen, then)
                text += f" The next one comes {moment(at, 'f')} your time, {moment(at)}."
            await interaction.response.send_message(
                view=skipped_card(text, chosen.id, day), ephemeral=True
            )

    async def unskip(
        self, interaction: discord.Interaction[Any], challenge_id: str, day: str
    ) -> None:
        """Post after all what was to be skipped."""
        guild_id = require_manager(self.bot, interaction)
        chosen = await self._named(guild_id, challenge_id)
        try:
            skipped = date.fromisoformat(day)
        except ValueError:
            raise UserError("That button is not one of mine.") from None
        if posts_at(chosen, skipped) <= self.bot.clock():
            raise UserError("Its time has passed. `/daily now` posts today's by hand.")
        if not await self.bot.store.take_back_skip(chosen.id, skipped):
            raise UserError("It is not skipped any more.")
        text = f"Good: the one of **{_day(skipped)}** is posted after all."
        await interaction.response.edit_message(view=said_card(text))

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def pause(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Post nothing until you resume it; an open one is still revealed (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            if not chosen.is_on:
                raise UserError("It is switched off already.")
            await self.bot.store.pause_challenge(chosen.id, is_paused=True)
            await interaction.response.send_message(
                f"Paused in <#{chosen.channel_id}>. `/daily resume` lets it go on; streaks do not "
                "suffer from days without a challenge.",
                ephemeral=True,
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def resume(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Go on after a pause, a switch-off or trouble (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            now = self.bot.clock()
            self.posting.wake(chosen.id)
            if not chosen.is_on or chosen.is_paused:
                since = chosen.since if chosen.is_on else first_day(chosen, now)
                await self.bot.store.restart_challenge(chosen.id, since=since)
                chosen = replace(chosen, is_on=True, is_paused=False, since=since)
                text = "It goes on."
            else:
                text = "It is on already; if something was in the way, I try again at once."
            missing = self._missing(chosen)
            if missing:
                text += f"\nStill in the way: I lack {listed(missing)} in <#{chosen.channel_id}>."
            await interaction.response.send_message(
                view=said_card(text + "\n" + await self.drafts.described(chosen)), ephemeral=True
            )

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def off(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Stop posting; an open challenge is still revealed (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            await self.bot.store.switch_challenge(chosen.id, is_on=False)
            await interaction.response.send_message(
                "Switched off. Scores stay; `/daily resume` or `/daily setup` starts it again.",
                ephemeral=True,
            )

    # -------------------------------------------------------------------- looking

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def status(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Show settings, the next time, what was late or left out, and what I lack (managers)."""
        async with reporting(interaction):
            guild_id = require_manager(self.bot, interaction)
            known = await self._some(guild_id, challenge)
            texts = [await self._state(one) for one in known]
            doubts = await self.bot.store.doubts(guild_id)
            if doubts:
                held = sum(doubt.state == "held" for doubt in doubts)
                texts.append(
                    f"{plural(len(doubts), 'question')} to look at, {held} of them held: "
                    "`/questions reports`"
                )
            await interaction.response.send_message(view=said_card(*texts), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(challenge=WHICH)
    async def history(
        self, interaction: discord.Interaction[Any], challenge: str | None = None
    ) -> None:
        """Show what became of the last two weeks, day by day (managers)."""
        async with reporting(interaction):
            chosen = await self._challenge(interaction, challenge)
            store = self.bot.store
            since = local_date(self.bot.clock(), chosen.zone) - timedelta(days=HISTORY_DAYS)
            lines = await store.audit_lines(chosen.id, since=since)
            posts = {
                post.study_date: post
                for post in await store.posts_of_challenge(chosen.id, HISTORY_DAYS + 2)
                if post.study_date >= since
            }
            counts = {post.id: await store.answer_count(post.id) for post in posts.values()}
            rows = history_lines(lines, posts, counts) or ["Nothing yet."]
            head = f"**The last two weeks** in <#{chosen.channel_id}>"
            await interaction.response.send_message(
                view=said_card("\n".join([head, *rows])), ephemeral=True
            )

    @preview.autocomplete("challenge")
    @now.autocomplete("challenge")
    @reveal.autocomplete("challenge")
    @skip.autocomplete("challenge")
    @pause.autocomplete("challenge")
    @resume.autocomplete("challenge")
    @off.autocomplete("challenge")
    @status.autocomplete("challenge")
    @history.autocomplete("challenge")
    @setup.autocomplete("challenge")
    async def _challenges(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        guild_id = self.bot.server_of(interaction)
        if guild_id is None or not interaction.permissions.is_superset(MANAGER):
            return []
        wanted = current.strip().casefold()
        choices = []
        for one in await self.bot.store.challenges_of(guild_id):
            channel = self.bot.get_channel(one.channel_id)
            name = getattr(channel, "name", None)
            label = challenge_label(
                one, f"#{name}" if name else "a deleted channel", self.drafts.about(one)
            )
            if wanted in label.casefold():
                choices.append(app_commands.Choice(name=label, value=str(one.id)))
        return choices[:AUTOCOMPLETE_CHOICES]

    # -------------------------------------------------------------------- helpers

    async def _some(self, guild_id: int, challenge: str | None) -> tuple[Challenge, ...]:
        """Return the challenge that was named, or all of the server's."""
        if challenge:
            return (await self._named(guild_id, challenge),)
        known = await self.bot.store.challenges_of(guild_id)
        if not known:
            raise UserError("There is no daily challenge yet. `/daily setup` makes one.")
        return known

    async def _challenge(
        self, interaction: discord.Interaction[Any], challenge: str | None
    ) -> Challenge:
        """Return the one that is meant: the one that was named, the only one, the only one on."""
        known = await self._some(require_manager(self.bot, interaction), challenge)
        switched_on = [one for one in known if one.is_on] or known
        if len(switched_on) > 1:
            raise _which(known)
        return switched_on[0]

    async def _named(self, guild_id: int, challenge: str) -> Challenge:
        found = None
        if challenge.isdigit():
            found = await self.bot.store.challenge_by_id(number(challenge))
        if found is None or found.guild_id != guild_id:
            raise UserError("I have no challenge of that name here. Pick one from the list.")
        return found

    async def _next_day(self, challenge: Challenge) -> date | None:
        now = self.bot.clock()
        settled = await self.bot.store.left_out(challenge.id, local_date(now, challenge.zone))
        posted = await self.drafts.posted_on(challenge)
        return next_day(challenge, now, posted=posted, settled=settled)

    async def _state(self, challenge: Challenge) -> str:
        store = self.bot.store
        lines = [await self.drafts.described(challenge)]
        failed = await store.trouble(challenge.id)
        if failed is not None:
            lines.append(f"- Trouble {moment(failed.at)}: {failed.text}")
        missing = self._missing(challenge)
        if missing:
            lines.append(f"- I lack {listed(missing)} in <#{challenge.channel_id}>.")
        last = await store.posts_of_challenge(challenge.id, 1)
        if last and last[0].message_id:
            state = "closed" if last[0].closed_at else "open"
            lines.append(f"- Last: {last[0].study_date} ({state}), {_link(last[0])}")
        since = local_date(self.bot.clock(), challenge.zone) - timedelta(days=HISTORY_DAYS)
        told = await store.audit_lines(challenge.id, since=since)
        notes = [line for line in told if line.event in NOTEWORTHY]
        lines += history_lines(notes[:NOTEWORTHY_SHOWN], {}, {})
        return "\n".join(lines)

    async def _example(self, challenge: Challenge) -> discord.ui.LayoutView:
        """Show an example that gives nothing away: one that was asked before, if there is one."""
        pool = pool_of(self.bot, challenge)
        hidden = await self.bot.store.open_question_ids(challenge.guild_id)
        asked = {id_ for id_, _ in await self.bot.store.asked_in_order(challenge.guild_id)}
        free = [question for question in pool if question.id not in hidden]
        known = [question for question in free if question.id in asked]
        if not free:
            raise UserError(NOTHING)
        now = self.bot.clock()
        day = await self._next_day(challenge) or local_date(now, challenge.zone)
        post = Post(
            id=0,
            kind="daily",
            guild_id=challenge.guild_id,
            shown=show(self.bot.rng.choice(known or free), self.bot.rng),
            study_date=day,
            claimed_at=now,
            nonce="",
            closes_at=posts_at(challenge, day) + timedelta(hours=23, minutes=30),
        )
        view = open_card(
            post, answers=0, domain="Example", role_id=challenge.role_id, is_example=True
        )
        view.add_item(
            discord.ui.TextDisplay(
                "-# An example, only for you. The day's question is drawn when it is posted."
            )
        )
        return view

    def _missing(self, challenge: Challenge) -> list[str]:
        channel = self.bot.get_channel(challenge.channel_id)
        if not isinstance(channel, discord.TextChannel):
            return []
        return lacking(channel, threads=challenge.has_thread)


def _offered(texts: tuple[str, ...], current: str) -> list[app_commands.Choice[str]]:
    """Return those of ``texts`` that hold ``current``, for completion."""
    wanted = current.strip().casefold()
    found = [text for text in texts if wanted in text.casefold()]
    return [app_commands.Choice(name=text, value=text) for text in found]


def _which(known: tuple[Challenge, ...]) -> UserError:
    places = [f"<#{one.channel_id}>" for one in known]
    return UserError(f"There are several: {listed(places)}. Say which with `challenge`.")


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B}"


def _link(post: Post) -> str:
    if post.channel_id is None or post.message_id is None:
        return "not posted yet"
    return link(message_url(post.guild_id, post.channel_id, post.message_id), "the challenge")
