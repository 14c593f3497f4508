"""What can be asked about: topics and exams as members name them, and as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.errors import UserError
from bot.ui.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME_CHARS, clip

if TYPE_CHECKING:
    from bot.app import StudyBot

WHOLE_EXAM = "the whole exam"


def topic_choices(bot: StudyBot, current: str) -> list[app_commands.Choice[str]]:
    """Return the topics and exams whose name holds ``current``, for completion."""
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(name=clip(topic.name, CHOICE_NAME_CHARS), value=topic.id)
        for topic in bot.shelf.subjects
        if wanted in topic.name.casefold()
    ][:AUTOCOMPLETE_CHOICES]


def topic_id(bot: StudyBot, named: str | None) -> str | None:
    """Return the id of the topic or exam that an option names; None when it names none.

    Raises:
        UserError: there is no such topic.
    """
    if not named:
        return None
    found = bot.shelf.topic_named(named)
    if found is None:
        raise UserError("I have no topic of that name. Pick one from the list.")
    return found.id


def subject_name(bot: StudyBot, subject: str | None) -> str:
    """Return the name of a topic or exam by its id; None stands for the main exam.

    One that is not known any more goes by its id.
    """
    exam = bot.shelf.exam_of(subject)
    if exam is not None:
        return exam.name
    if subject is None:
        return WHOLE_EXAM
    topic = bot.shelf.topic_named(subject)
    return subject if topic is None else topic.name
