"""Which question is the day's.

No question repeats before all of the pool were asked. Among those that are left, the domain is
drawn by its weight in the exam; in the domain an entry by what the group gets wrong and by how
long ago it came up; in the entry any question. Chance decides, weights lean on it: members cannot
foresee tomorrow's question, and what is known well still comes up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from random import Random

from bot.core.maker import OPTIONS
from bot.core.model import Exam, Question

Asked = Sequence[tuple[str, date]]
"""Ids of a server's daily questions with their study dates, oldest first."""
Tally = tuple[int, int]
"""Right answers, all answers."""

REST_SHARE = 3
"""The part of a round that rests, and for how much of the next one."""
WRONG_WEIGHT = 3.0
"""How much likelier an entry is that is always wrong than one that is always right, less one."""
PRIOR_ANSWERS = 2
"""Answers, half of them right, that every entry is credited with, so that one slip is no trend."""
FRESH_DAYS = 30
"""An entry that came up this long ago is as likely as one that never did."""


def draw_daily(
    pool: Sequence[Question],
    rng: Random,
    *,
    asked: Asked,
    today: date,
    exams: Sequence[Exam] = (),
    avoid: Collection[str] = (),
    tallies: Mapping[str, Tally] | None = None,
) -> Question | None:
    """Draw the day's question; ``tallies`` has the group's answers by question id.

    Questions of fewer than four options are left for quizzes when there are others. None when
    ``pool`` without ``avoid`` is empty.
    """
    free = [question for question in pool if question.id not in avoid]
    full = [question for question in free if len(question.choices) >= OPTIONS]
    candidates = left_over(full or free, asked)
    if not candidates:
        return None
    weights = {(exam.id, domain.id): domain.weight for exam in exams for domain in exam.domains}
    by_domain: defaultdict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in candidates:
        by_domain[question.exam, question.domain].append(question)
    domains = sorted(by_domain)
    domain = rng.choices(domains, [weights.get(key, 1) for key in domains])[0]
    by_entry: defaultdict[str, list[Question]] = defaultdict(list)
    for question in by_domain[domain]:
        by_entry[question.entry_id].append(question)
    leaning = entry_weights(pool, asked=asked, today=today, tallies=tallies or {})
    entries = sorted(by_entry)
    entry = rng.choices(entries, [leaning[entry_id] for entry_id in entries])[0]
    return rng.choice(by_entry[entry])


def left_over(candidates: Sequence[Question], asked: Asked) -> list[Question]:
    """Return the candidates that were not asked in this round of them.

    A round ends when all of them were asked; the last third then rests for a third of the next
    one, so that nothing comes again at once. Empty only when ``candidates`` is.
    """
    ids = {question.id for question in candidates}
    seen: dict[str, None] = {}
    """In order of asking: each id once, at its last place."""
    resting: set[str] = set()
    for question_id, _ in asked:
        if question_id not in ids:
            continue
        seen.pop(question_id, None)
        seen[question_id] = None
        rest = len(ids) // REST_SHARE
        if len(seen) == len(ids):
            resting = set([*seen][len(seen) - rest :])
            seen = {}
        elif len(seen) >= rest:
            resting = set()
    fresh = [question for question in candidates if question.id not in seen]
    return [question for question in fresh if question.id not in resting] or fresh


def entry_weights(
    pool: Sequence[Question], *, asked: Asked, today: date, tallies: Mapping[str, Tally]
) -> dict[str, float]:
    """Return how likely each entry of ``pool`` is, relative to the others; above 0.

    ``(1 + WRONG_WEIGHT x share wrong) x age``, where the share is of the group's answers to the
    entry's questions with ``PRIOR_ANSWERS`` more, and age grows from 0.1 for an entry that came
    up today to 1 after ``FRESH_DAYS``.
    """
    entry_of = {question.id: question.entry_id for question in pool}
    last_asked = {entry_of[id_]: day for id_, day in asked if id_ in entry_of}
    right: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for question_id, (good, total) in tallies.items():
        if question_id in entry_of:
            right[entry_of[question_id]] += good
            answered[entry_of[question_id]] += total
    weights = {}
    for entry_id in set(entry_of.values()):
        total = answered[entry_id] + PRIOR_ANSWERS
        wrong = (answered[entry_id] - right[entry_id] + PRIOR_ANSWERS / 2) / total
        age = 1.0
        if entry_id in last_asked:
            days = max(0, (today - last_asked[entry_id]).days)
            age = max(0.1, min(1.0, days / FRESH_DAYS))
        weights[entry_id] = (1 + WRONG_WEIGHT * wrong) * age
    return weights
