"""A small bot that makes every kind of request which the study bot makes, and its world.

What it sends is what the conformance check is proved on: the real discord.py builds each body.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import discord
import simcord
from discord import app_commands, ui
from discord.ext import commands
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

Interaction = discord.Interaction[Any]


class Count(ui.DynamicItem[ui.Button[Any]], template=r"count:(?P<number>[0-9]{1,4})"):
    """A button whose custom_id is its state; a press edits its message."""

    def __init__(self, number: int) -> None:
        button: ui.Button[Any] = ui.Button(label=f"Count {number}", custom_id=f"count:{number}")
        super().__init__(button)
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(int(match["number"]))

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(view=counter(self.number + 1))


class Later(ui.Button[Any]):
    """A button that is acknowledged first and shown as used afterwards."""

    def __init__(self, *, used: bool = False) -> None:
        super().__init__(label="Later", custom_id="later", disabled=used)

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.ActionRow(Later(used=True)))
        await interaction.edit_original_response(view=view)


class Topics(ui.Select[Any]):
    """A select menu that answers in private."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label="Security", value="security", description="Guards")]
        super().__init__(custom_id="topics", placeholder="Choose a topic", options=options)

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_message(f"Chosen: {self.values[0]}", ephemeral=True)


class Report(ui.Modal, title="Report a question"):
    """Every control that discord.py can put into a modal and the study bot might use."""

    intro: ui.TextDisplay[Any] = ui.TextDisplay("What is wrong with it?")
    why: ui.Label[Any] = ui.Label(
        text="Reason",
        description="In your words",
        component=ui.TextInput(style=discord.TextStyle.paragraph, max_length=300, required=False),
    )
    kind: ui.Label[Any] = ui.Label(
        text="Kind",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Wrong", value="wrong"),
                discord.RadioGroupOption(label="Unclear", value="unclear"),
            ]
        ),
    )

    async def on_submit(self, interaction: Interaction) -> None:
        await interaction.response.send_message("Thank you.", ephemeral=True)


def counter(number: int) -> ui.LayoutView:
    """Return the whole range of Components V2 around one counting button."""
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.TextDisplay("## Amazon Macie"),
            ui.Section(
                ui.TextDisplay("Finds personal data in S3."),
                accessory=ui.Thumbnail("https://example.com/macie.png", description="A logo"),
            ),
            ui.Separator(spacing=discord.SeparatorSpacing.large),
            ui.Section(ui.TextDisplay("Where this is from"), accessory=_source()),
            ui.MediaGallery(
                discord.MediaGalleryItem("https://example.com/chart.png", description="A chart")
            ),
            accent_colour=discord.Colour(0x2E8B57),
        )
    )
    view.add_item(ui.ActionRow(Topics()))
    view.add_item(ui.ActionRow(Count(number), Later()))
    return view


def _source() -> ui.Button[Any]:
    return ui.Button(label="Source", url="https://docs.aws.amazon.com/macie/")


class SampleBot(commands.Bot):
    """Commands, context menus and a few plain calls."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            commands.when_mentioned,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Count)
        keep = ui.LayoutView(timeout=None)
        keep.add_item(ui.ActionRow(Topics()))
        keep.add_item(ui.ActionRow(Later()))
        self.add_view(keep)
        every: tuple[Any, ...] = (card, words, fill, daily, look_up, who)
        for command in every:
            self.tree.add_command(command)
        await self.tree.sync()


@app_commands.command()
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.describe(topic="What to show", private="Only for you")
async def card(
    interaction: Interaction, topic: app_commands.Range[str, 2, 200], private: bool = False
) -> None:
    """Show a card."""
    await interaction.response.send_message(view=counter(1), ephemeral=private)


@card.autocomplete("topic")
async def _topics(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in ("Macie", typed) if name]


@app_commands.command()
@app_commands.choices(tone=[app_commands.Choice(name="Kind", value=1)])
async def words(
    interaction: Interaction,
    tone: app_commands.Choice[int],
    share: app_commands.Range[float, 0.0, 1.0] = 0.5,
    many: app_commands.Range[int, 1, 10] = 3,
) -> None:
    """Answer late, with an embed and a file."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    embed = discord.Embed(
        title="Board",
        description=f"{tone.name} {share} {many}",
        colour=0x2E8B57,
        timestamp=datetime(2026, 1, 1, tzinfo=UTC),
    )
    embed.add_field(name="alice", value="3 of 4", inline=False)
    embed.set_footer(text="today")
    await interaction.edit_original_response(embed=embed)
    file = discord.File(io.BytesIO(b"a,b\n"), "export.csv", description="Your answers")
    await interaction.followup.send("Your file", file=file, ephemeral=True)
    follow = await interaction.followup.send("And a word", ephemeral=True, wait=True)
    await follow.edit(content="And another word")


@app_commands.command()
async def fill(interaction: Interaction) -> None:
    """Fill in a form."""
    await interaction.response.send_modal(Report())


daily = app_commands.Group(
    name="daily",
    description="The daily challenge",
    guild_only=True,
    default_permissions=discord.Permissions(manage_guild=True),
)


@daily.command()
async def setup(
    interaction: Interaction, channel: discord.TextChannel, member: discord.Member
) -> None:
    """Choose where it appears."""
    await interaction.response.send_message(
        f"{member.mention}, it will be in {channel.mention}.",
        allowed_mentions=discord.AllowedMentions(users=[member], everyone=False, roles=False),
    )


@app_commands.context_menu(name="Look this up")
async def look_up(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(view=counter(1), ephemeral=True)


@app_commands.context_menu(name="Who is this")
async def who(interaction: Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(member.display_name, ephemeral=True)


@dataclass(frozen=True, slots=True)
class World:
    """The sample bot in one server with two members."""

    env: Env
    bot: SampleBot
    guild: GuildHandle
    hall: ChannelHandle
    alice: MemberActor
    ben: MemberActor

    def channel(self) -> discord.TextChannel:
        """Return the hall as the bot sees it."""
        channel = self.bot.get_channel(self.hall.id)
        assert isinstance(channel, discord.TextChannel)
        return channel


@asynccontextmanager
async def sample_world() -> AsyncIterator[World]:
    """Start a fresh bot in a fresh world; its errors fail the test."""
    bot = SampleBot()
    async with simcord.run(bot) as env:
        guild = env.create_guild("Study group")
        hall = guild.create_text_channel("study-hall")
        alice = guild.add_member(env.create_user("alice"))
        ben = guild.add_member(env.create_user("ben"))
        yield World(env, bot, guild, hall, alice, ben)


async def do_everything(world: World) -> None:
    """Make every kind of request once, as members and as the bot by itself."""
    alice, hall = world.alice, world.hall
    shown = await alice.slash(hall, "card", topic="Macie")
    assert shown.response is not None
    await alice.autocomplete(hall, "card", "topic", "sh")
    await alice.click(shown.response, custom_id="count:1")
    await alice.select(shown.response, ["security"])
    await alice.click(shown.response, label="Later")
    await alice.slash(hall, "words", tone=1)
    form = await alice.slash(hall, "fill")
    assert form.modal is not None
    await alice.submit_modal(form, {_custom_id(form.modal): "wrong"})
    manager = world.guild.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True)
    )
    chief = world.guild.add_member(world.env.create_user("chief"), roles=[manager])
    await chief.slash(hall, "daily setup", channel=hall, member=alice)
    question = await alice.send(hall, "which service detects PII?")
    await alice.context_menu(hall, "Look this up", question)
    await alice.context_menu(hall, "Who is this", world.ben)
    await plain_calls(world, question.id)
    await world.env.settle()


async def plain_calls(world: World, question_id: int) -> None:
    """Make the requests that no interaction causes."""
    with world.env.time_context():
        channel = world.channel()
        post = await channel.send(view=counter(7), nonce="daily-7", silent=True)
        await post.edit(view=counter(8))
        note = await channel.send("Well done", reference=channel.get_partial_message(question_id))
        await note.edit(content="Well done!", embed=discord.Embed(title="Today"))
        file = discord.File(io.BytesIO(b"png"), "chart.png", description="A chart")
        await channel.send("The week", file=file)
        await post.add_reaction("👍")
        await post.pin()
        async with channel.typing():
            thread = await post.create_thread(name="Today's challenge")
        await thread.send("Talk here")
        await channel.create_thread(name="Duel", type=discord.ChannelType.public_thread)
        async for _ in channel.history(limit=5, after=discord.Object(post.id)):
            pass
        await channel.fetch_message(post.id)
        await world.bot.fetch_channel(channel.id)
        await world.bot.application_info()
        await world.bot.tree.fetch_commands()
        world.bot.tree.copy_global_to(guild=discord.Object(world.guild.id))
        await world.bot.tree.sync(guild=discord.Object(world.guild.id))
        user = await world.bot.fetch_user(world.alice.id)
        await user.send("Your export is ready")
        await note.delete()


def _custom_id(modal: dict[str, Any]) -> str:
    """Return the id of the modal's radio group, which discord.py draws by lot."""
    ids = [
        str(label["component"]["custom_id"])
        for label in modal["components"]
        if label.get("component", {}).get("type") == 21
    ]
    return ids[0]
