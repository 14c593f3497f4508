"""Choosing a challenge's question, and holding back the ones that good members refute."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.cogs.topics import subject_name
from bot.core.daily import Challenge
from bot.core.doubt import why_held
from bot.core.drawing import draw_daily
from bot.core.model import Question
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.app import StudyBot

_log = logging.getLogger(__name__)
NOTHING = (
    "There is nothing to ask: the topic or exam has no questions. Change it with /daily setup."
)


def pool_of(bot: StudyBot, challenge: Challenge) -> tuple[Question, ...]:
    """Return the questions that a challenge asks about."""
    return bot.shelf.questions_on(challenge.topic or challenge.exam)


def about(bot: StudyBot, challenge: Challenge) -> str:
    """Return the name of what a challenge asks about."""
    return subject_name(bot, challenge.topic or challenge.exam)


async def choose(bot: StudyBot, challenge: Challenge, day: date, now: datetime) -> Question:
    """Draw the question of a study date.

    Raises:
        UserError: there is none.
    """
    guild_id = challenge.guild_id
    await hold_refuted(bot, guild_id, now)
    question = draw_daily(
        pool_of(bot, challenge),
        bot.rng,
        asked=await bot.store.asked_in_order(guild_id),
        today=day,
        exams=bot.shelf.exams,
        avoid=await bot.store.open_question_ids(guild_id)
        | await bot.store.held_questions(guild_id),
        tallies=await bot.store.question_tallies(guild_id),
    )
    if question is None:
        raise UserError(NOTHING)
    return question


async def hold_refuted(bot: StudyBot, guild_id: int, now: datetime) -> None:
    """Hold each question of a server whose key good members beat with one wrong option.

    Looks only at those that were answered since the last look.
    """
    found = await bot.store.unchecked(guild_id, now)
    for question, statistics in (pair for one in found for pair in one.wordings):
        why = why_held(question, statistics.good)
        if why is not None and await bot.store.hold_question(guild_id, question, why=why, at=now):
            _log.info("Holding question %s in server %d", question.id, guild_id)
    if found:
        await bot.store.mark_checked(guild_id, found)
