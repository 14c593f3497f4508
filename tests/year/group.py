"""A study group for a year: who its members are, what they do, and what goes wrong around them.

The real bot in a server of lists (tests/year/server.py); everything by chance, and all chance from
one seed. What members are told goes into the books (tests/year/tally.py). What only the simulation
can know, such as which option is right, makes some members better than others and serves nothing
else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.content.shelf import Shelf
from bot.core.weekdays import EVERY_DAY
from bot.store.store import Store
from tests.crash.dying import Death, DyingStore
from tests.database import hurry, put_empty
from tests.inline import InlineStore
from tests.year.server import GUILD, Card, Interaction, Message, Server, YearBot
from tests.year.tally import Tally

ZONE = ZoneInfo("Europe/Berlin")
MEMBERS = 50
TOPIC = "migration"
"""A small one, so that questions come again and quizzes meet the day's."""
SIDE_DAYS = frozenset({1, 3, 5})
MANAGER = 1
NEVER = 10**9
LETTERS = "ABCD"
OVER = ("That round is over.", "That question is gone.")
"""What whoever comes back to a quiz after more than a day is told."""


@dataclass(eq=False)
class Person:
    id: int
    diligence: float
    skill: float
    quizzes: float


@dataclass(eq=False)
class Round:
    person: Person
    day: date
    card: Card
    key: int


@dataclass(eq=False)
class Group:
    server: Server
    store: Store
    shelf: Shelf
    rng: Random
    people: list[Person]
    channel: int = 901
    """Where there is a challenge every day."""
    side: int = 902
    """Where there is one on ``SIDE_DAYS``."""
    tally: Tally = field(default_factory=Tally)
    is_up: bool = True
    open_posts: dict[int, int] = field(default_factory=dict)
    """Messages that were not seen revealed yet, with their channel."""
    revealed: dict[int, int] = field(default_factory=dict)
    """The same, since yesterday."""
    away: set[int] = field(default_factory=set)
    """Who left, until they are back and did something that the bot notices."""
    rounds: list[Round] = field(default_factory=list)
    """Quizzes that are not finished."""
    pressed: set[tuple[int, int, str]] = field(default_factory=set)
    """Message, member and letter."""
    _seen: dict[int, int] = field(default_factory=dict)
    _rounds_begun: int = 0

    def __post_init__(self) -> None:
        self.bot = YearBot(self.server, self.store, self.shelf, self.rng)

    # ----------------------------------------------------------------- time and bot

    def now(self) -> datetime:
        return self.server.now.astimezone(ZONE)

    async def until(self, day: date, hour: int, minute: int = 0, *, kill: bool = False) -> None:
        """Let time pass until then and the bot do what is due; with ``kill`` it dies of it."""
        moment = datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)
        if moment <= self.server.now:
            return
        self.server.now = moment
        if not self.is_up:
            return
        if kill:
            async with self.dying(60) as death:
                await asyncio.wait([asyncio.create_task(self.bot.work())])
                self.tally.counted["killed at work"] += death.steps >= (death.at or NEVER)
        await self.bot.work()
        await self.look()

    async def start(self) -> None:
        """Start the bot, again or after an outage."""
        self.is_up = True
        self.bot = YearBot(self.server, self.store, self.shelf, self.rng)
        await self.bot.wake()
        await self.bot.work()
        await self.look()

    @asynccontextmanager
    async def dying(self, most: int) -> AsyncIterator[Death]:
        """Have the bot die within so many steps of what is done inside; start it again after."""
        death = Death(self.rng.randint(1, most))
        store: Any = DyingStore(self.store, death)
        self.bot = YearBot(self.server, store, self.shelf, self.rng)
        self.server.death = death
        yield death
        self.server.death = None
        await self.start()

    async def breathe(self) -> None:
        """Let half a minute pass, so that nobody is too quick."""
        self.server.now += timedelta(seconds=30)
        await self.bot.count()

    # --------------------------------------------------------------------- the channels

    def message(self, channel: int, message_id: int) -> Message | None:
        return self.server.place(channel).messages.get(message_id)

    async def look(self) -> None:
        """Read what is new in the channels."""
        winners = []
        for channel in (self.channel, self.side):
            for message in self._new_in(channel):
                text = message.text()
                if "well done!" in text:
                    winners.append(text)
                else:
                    day = message.sent_at.astimezone(ZONE).date()
                    self.tally.posted(message.id, day, text)
                    self.open_posts[message.id] = channel
        for message_id, channel in sorted(self.open_posts.items()):
            shown = self.message(channel, message_id)
            if shown is None:
                await self._mourn(message_id)
            elif " · closed\n" in (text := shown.text()):
                self.tally.revealed(message_id, text)
                self.revealed[message_id] = self.open_posts.pop(message_id)
        for text in winners:
            self._hear_of_winners(text)

    def _new_in(self, channel: int) -> list[Message]:
        found = []
        for message in reversed(self.server.place(channel).messages.values()):
            if message.id <= self._seen.get(channel, 0):
                break
            found.append(message)
        if found:
            self._seen[channel] = found[0].id
        return found[::-1]

    def _hear_of_winners(self, text: str) -> None:
        today = self.now().date()
        if text.startswith("## Week"):
            since = today - timedelta(days=today.weekday() + 7)
            until = since + timedelta(days=6)
        else:
            until = today.replace(day=1) - timedelta(days=1)
            since = until.replace(day=1)
        self.tally.winners(text, since, until, self.away)

    async def _mourn(self, message_id: int) -> None:
        """Ask those who answered a challenge whose message is gone what became of it."""
        post = await self.store.post_of_message(message_id)
        if post is None or post.closed_at is None:
            return
        del self.open_posts[message_id]
        sheet = self.tally.sheets[message_id]
        answered = [person for person in self.people if person.id in sheet.picks]
        scores = {person.id: await self.score_of_day(person, sheet.day) for person in answered}
        self.tally.deleted(message_id, scores)

    # ------------------------------------------------------------- commands, buttons

    async def use(self, person: Person, name: str, **options: Any) -> Card:
        """Have a member use a command; return what they are shown."""
        await self.breathe()
        return await self._use(person.id, discord.Permissions.none(), name, options)

    async def manage(self, name: str, channel: int) -> str:
        """Use one of ``/daily``'s commands on a channel's challenge; return what is said."""
        await self.breathe()
        known = await self.store.challenges_of(GUILD)
        (which,) = (str(one.id) for one in known if one.channel_id == channel)
        card = await self._use(
            MANAGER, discord.Permissions(manage_guild=True), f"daily {name}", {"challenge": which}
        )
        await self.look()
        return card.text()

    async def press(self, person: Person, custom_id: str, card: Card | None = None) -> Card | None:
        """Have a member press a button; return what they are shown, None for nothing."""
        interaction = Interaction(self.bot, person.id, discord.Permissions.none(), card)
        await self.bot.press(interaction, custom_id)
        return interaction.shown

    async def turn(self, person: Person, card: Card, label: str) -> None:
        """Press a button of a private card that changes by it."""
        await self.breathe()
        assert await self.press(person, card.buttons()[label], card) is card

    async def _use(
        self, member: int, permissions: discord.Permissions, name: str, options: dict[str, Any]
    ) -> Card:
        interaction = Interaction(self.bot, member, permissions, None)
        await self.bot.used(interaction, name, options)
        assert interaction.shown is not None
        return interaction.shown

    # ----------------------------------------------------------------- members answer

    def some(self, chance: float = 1) -> list[Person]:
        """Return members of the server, each with that chance."""
        here = self.server.members
        return [p for p in self.people if p.id in here and self.rng.random() < chance]

    async def answer(
        self, message_id: int, people: Sequence[Person], *, kill: bool = False
    ) -> None:
        """Let members press at the same moment, some of them twice, and hear what they are told.

        With ``kill`` the bot dies in between; whoever was told nothing presses again.
        """
        message = self.message(self.open_posts[message_id], message_id)
        post = await self.store.post_of_message(message_id)
        if message is None or post is None or not people:
            return
        await self.breathe()
        pressing = [person for person in people for _ in range(1 + (self.rng.random() < 0.08))]
        self.rng.shuffle(pressing)
        letters = [self._letter(person, post.id, post.shown.key) for person in pressing]
        for person, letter in zip(pressing, letters, strict=True):
            self.pressed.add((message_id, person.id, letter))
        ids = pressable_ids(message)
        if kill:
            async with self.dying(4 * len(pressing)):
                presses = self._presses(pressing, [ids[letter] for letter in letters])
                shown = await asyncio.gather(*presses, return_exceptions=True)
        else:
            presses = self._presses(pressing, [ids[letter] for letter in letters])
            shown = await asyncio.gather(*presses)
        heard, unheard = [], []
        for person, card in zip(pressing, shown, strict=True):
            if isinstance(card, Card):
                heard.append((person, card.text()))
            elif person not in unheard:
                assert kill, f"{person.id} was told nothing"
                unheard.append(person)
        # Of two presses at the same moment the second may have been the first to arrive.
        for person, text in sorted(heard, key=lambda told: not told[1].startswith("Recorded")):
            is_new = self.tally.acknowledged(message_id, person.id, text)
            told = self.tally.sheets[message_id].picks[person.id]
            assert (message_id, person.id, told) in self.pressed, f"nobody pressed that: {text}"
            if is_new and not kill:  # names are noted after the reply
                self.away.discard(person.id)
        self.tally.counted["killed at a press"] += bool(unheard)
        await self.answer(message_id, unheard)

    async def press_too_late(self, message_id: int, person: Person) -> None:
        """Press a button that a client still shows after the reveal."""
        post = await self.store.post_of_message(message_id)
        assert post is not None
        place = self.rng.randrange(len(post.shown.options))
        await self.breathe()
        card = await self.press(person, f"daily:{post.id}:{place}")
        assert card is not None
        self.tally.practised(message_id, person.id, card.text())

    def _presses(
        self, people: Sequence[Person], ids: Sequence[str]
    ) -> list[Coroutine[Any, Any, Card | None]]:
        return [self.press(person, id_) for person, id_ in zip(people, ids, strict=True)]

    def _letter(self, person: Person, seed: int, key: int) -> str:
        hardness = Random(seed).choice((0, 0, 0.1, 0.2, 0.4))
        is_known = self.rng.random() < person.skill - hardness
        return LETTERS[key] if is_known else self.rng.choice(LETTERS)

    # --------------------------------------------------------------- members practise

    async def quiz(self, people: Sequence[Person]) -> None:
        """Let members start rounds and play most of them to the end."""
        for person in people:
            count = self.rng.choice((1, 1, 2, 3, 3, 5, 12))
            card = await self.use(person, "quiz", topic=TOPIC, count=count)
            if "Question 1 of" in card.text():
                self.away.discard(person.id)
                self._rounds_begun += 1
                self.rounds.append(Round(person, self.now().date(), card, self._rounds_begun))
        await self.play(patience=0.97)

    async def play(self, patience: float = 1) -> None:
        """Let the rounds go on; each question is the last for today with a small chance."""
        for round_ in [*self.rounds]:
            while self.rng.random() < patience and await self._go_on(round_):
                pass

    async def _go_on(self, round_: Round) -> bool:
        """Press what comes next on a round's card; return whether there is more to press."""
        person, card = round_.person, round_.card
        if person.id not in self.server.members:
            return False
        await self.breathe()
        choices = card.buttons()
        label = next(iter(choices))
        if "A" in choices:
            post = await self.store.post(int(choices["A"].split(":")[1]))
            wanted = "A" if post is None else self._letter(person, post.id, post.shown.key)
            label = wanted if wanted in choices else "A"
        shown = await self.press(person, choices[label], card)
        assert shown is not None
        if shown.text().startswith((*OVER, "## ")):
            self.rounds.remove(round_)
            return False
        if "Source:" in shown.text():
            self.tally.quizzed(round_.key, person.id, round_.day, shown.text())
        return True

    # ------------------------------------------------------------------- members look

    async def look_at_result(self, message_id: int, people: Sequence[Person]) -> None:
        message = self.message(self.revealed[message_id], message_id)
        if message is None:
            return
        for person in people:
            await self.breathe()
            card = await self.press(person, pressable_ids(message)["My result"])
            assert card is not None
            self.tally.own_result(message_id, person.id, card.text())

    async def look_at_score(self, person: Person) -> None:
        self.tally.score(person.id, (await self.use(person, "score")).text())

    async def look_at_streak(self, person: Person) -> None:
        self.tally.streak(person.id, (await self.use(person, "streak")).text())

    async def score_of_day(self, person: Person, day: date) -> str:
        """Return the page of a score that has this day."""
        card = await self.use(person, "score")
        while f"**{day:%a} {day.day} {day:%b %Y}**" not in card.text():
            await self.turn(person, card, "Older")
        return card.text()

    async def board(self, person: Person, period: str, by: str = "points") -> list[str]:
        """Return all pages of a board, once the bot has noticed who of those on it left."""
        pages = await self._pages(person, period, by)
        while self.away and pages != (again := await self._pages(person, period, by)):
            pages = again
        return pages

    async def _pages(self, person: Person, period: str, by: str) -> list[str]:
        card = await self.use(person, "leaderboard", period=period, by=by)
        self.away.discard(person.id)
        pages = [card.text()]
        while "Next" in card.buttons():
            await self.turn(person, card, "Next")
            if card.text() == pages[-1]:  # the last page leads to itself
                break
            pages.append(card.text())
        return pages

    async def look_at_board(self, person: Person, period: str) -> None:
        today = self.now().date()
        since: date | None = None
        if period == "week":
            since = today - timedelta(days=today.weekday())
        elif period == "month":
            since = today.replace(day=1)
        pages = await self.board(person, period)
        self.tally.board(pages, since=since, until=None, left=self.away)

    async def look_at_streaks(self, person: Person) -> None:
        self.tally.streak_board(await self.board(person, "all", "streak"), self.away)

    # ------------------------------------------------------------- coming and going

    async def hide(self, person: Person) -> None:
        await self.use(person, "data visibility", wish="hide me from boards")
        self.tally.hidden.add(person.id)

    async def show(self, person: Person) -> None:
        await self.use(person, "data visibility", wish="show me on boards")
        self.tally.hidden.discard(person.id)

    async def forget(self, person: Person) -> None:
        """Delete what is kept about a member, who may go on."""
        card = await self.use(person, "data delete", where="this server")
        await self.turn(person, card, "Delete it")
        assert card.text().startswith("Done:")
        self.rounds = [one for one in self.rounds if one.person is not person]
        self.tally.forgot(person.id)

    def leave(self, person: Person) -> None:
        self.server.members.discard(person.id)
        self.away.add(person.id)

    def has_answered_an_open_one(self, person: Person) -> bool:
        return any(person.id in self.tally.sheets[found].picks for found in self.open_posts)

    async def delete(self, message_id: int) -> None:
        """Delete a challenge's message, as a moderator may."""
        del self.server.place(self.open_posts[message_id]).messages[message_id]
        if self.is_up:
            await self.bot.daily.posting.message_deleted(message_id)
            await self.look()


def pressable_ids(message: Message) -> dict[str, str]:
    return Card("", message.view).buttons()


@asynccontextmanager
async def founded(path: Path, shelf: Shelf, rng: Random) -> AsyncIterator[Group]:
    """Found a server with its members and two challenges, on New Year's morning."""
    async with InlineStore(put_empty(path)) as store:
        hurry(store)
        people = [
            Person(
                1000 + place,
                diligence=rng.choice((0.1, 0.3, 0.5, 0.7, 0.97)),
                skill=rng.uniform(0.2, 0.95),
                quizzes=rng.choice((0, 0, 0.01, 0.06)),
            )
            for place in range(MEMBERS)
        ]
        server = Server(datetime(2026, 1, 1, tzinfo=UTC), rng, members={p.id for p in people})
        group = Group(server, store, shelf, rng, people)
        for channel, at, days in (
            (group.channel, time(9), EVERY_DAY),
            (group.side, time(18), SIDE_DAYS),
        ):
            await store.save_challenge(
                guild_id=GUILD,
                channel_id=channel,
                at=at,
                zone=ZONE.key,
                reveal_at=None,
                topic=TOPIC if channel == group.channel else None,
                since=group.now().date(),
                by=MANAGER,
                now=server.now,
                days=days,
                catch_up=timedelta(hours=12),
            )
        yield group
