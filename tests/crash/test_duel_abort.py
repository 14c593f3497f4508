"""The bot dies at each step of challenging, accepting, playing and ending; nothing is doubled."""

from __future__ import annotations

from simcord import InteractionResult

from bot.core.duel import QUESTIONS, Duel
from bot.core.post import LETTERS
from tests.crash.scenes import TICK, nothing
from tests.crash.test_abort import World, at_every_step
from tests.simworld import buttons, texts


async def only_duel(here: World) -> Duel:
    """Return the one duel there is; its message is there once and shows how it stands."""
    await here.env.advance_time(2 * TICK.total_seconds())
    (found,) = await here.store._read(
        lambda connection: connection.execute("SELECT id FROM duels").fetchall()
    )
    duel = await here.store.duel(found["id"])
    assert duel is not None
    (message,) = here.posts()
    assert (duel.message_id, duel.told) == (message.id, duel.changes)
    return duel


def labels(here: World) -> list[str]:
    return [button.label for button in buttons(here.posts()[0])]


async def challenge(here: World) -> None:
    await here.manager.slash(here.channel, "duel challenge", member=here.alice)


async def accepted(here: World) -> None:
    await challenge(here)
    await here.alice.click(here.posts()[0], label="Accept")


async def test_challenging(tmp_path, shelf):
    async def once(here: World) -> None:
        rows = await here.store._read(lambda c: c.execute("SELECT 1 FROM duels").fetchall())
        if not rows:  # it died before it did anything
            await challenge(here)
        duel = await only_duel(here)
        assert duel.is_invitation
        assert labels(here) == ["Accept", "Decline", "Withdraw"]
        again = await here.alice.slash(here.channel, "duel challenge", member=here.manager)
        assert "You two have an open duel already" in texts(again.response)

    await at_every_step(tmp_path, shelf, nothing, challenge, once, least=6)


async def test_accepting(tmp_path, shelf):
    async def accept(here: World) -> None:
        await here.alice.click(here.posts()[0], label="Accept")

    async def begun(here: World) -> None:
        duel = await only_duel(here)
        if duel.is_invitation:
            await here.alice.click(here.posts()[0], label="Accept")
        duel = await only_duel(here)
        assert duel.contest is not None
        assert len(await here.store.contest_posts(duel.contest.id)) == QUESTIONS
        contests = await here.store._read(
            lambda connection: connection.execute("SELECT id FROM contests").fetchall()
        )
        assert [row["id"] for row in contests] == [duel.contest.id]
        assert labels(here) == ["Play"]

    await at_every_step(tmp_path, shelf, challenge, accept, begun, least=5)


async def test_playing_a_question(tmp_path, shelf):
    """The time runs on from when the question was first shown, whatever happened meanwhile."""

    async def play(here: World) -> None:
        shown = await here.manager.click(here.posts()[0], label="Play")
        if shown.response is not None:
            await here.manager.click(shown.response, label="A")

    async def goes_on(here: World) -> None:
        duel = await only_duel(here)
        assert duel.contest is not None
        posts = await here.store.contest_posts(duel.contest.id)
        kept = await here.store.answer_of(posts[0].id, here.manager.id)
        shown = await here.manager.click(here.posts()[0], label="Play")
        assert f"question {2 if kept else 1} of {QUESTIONS}" in texts(shown.response)
        if not kept:
            await here.manager.click(shown.response, label="A")
        assert await here.store.answer_count(posts[0].id) == 1
        played = (await here.store.played(duel.contest.id))[here.manager.id]
        assert played.answered == 1

    await at_every_step(tmp_path, shelf, accepted, play, goes_on, least=6)


async def test_the_answer_that_ends_it(tmp_path, shelf):
    shown: list[InteractionResult] = []

    async def nearly_over(here: World) -> None:
        """The manager has been right each time, and Alice never, with one question to go."""
        await accepted(here)
        now = here.env.now()
        for member, count in ((here.manager, QUESTIONS), (here.alice, QUESTIONS - 1)):
            for _ in range(count):
                turn = await here.store.duel_turn(1, member.id, now)
                assert turn is not None
                key = turn.post.shown.key
                place = key if member is here.manager else int(key == 0)
                await here.store.record_answer(
                    turn.post.id, member_id=member.id, place=place, at=now
                )
        shown.append(await here.alice.click(here.posts()[0], label="Play"))

    async def last(here: World) -> None:
        (post,) = (await here.store.contest_posts(1))[-1:]
        await here.alice.click(shown[-1].response, label=LETTERS[int(post.shown.key == 0)])

    async def one_result(here: World) -> None:
        duel = await only_duel(here)
        if duel.is_running:
            await last(here)
            duel = await only_duel(here)
        assert duel.ending == "played"
        assert f"<@{here.manager.id}> wins against" in texts(here.posts()[0])
        assert labels(here) == ["What I missed", "Rematch"]
        for member in (here.manager, here.alice):
            score = await here.store.score(here.guild.id, member.id)
            assert score.contest_answered == QUESTIONS
        rating = await here.store.rating(here.guild.id, here.manager.id)
        assert rating is not None
        assert (rating[0].value, rating[1]) == (1532, 1)

    await at_every_step(tmp_path, shelf, nearly_over, last, one_result, least=7)
