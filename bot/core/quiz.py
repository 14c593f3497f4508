"""The questions that there are, and drawing from them: a round, an exam."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from random import Random

from bot.core.maker import Maker
from bot.core.model import Exam, Knowledge, Question


def question_pool(knowledge: Knowledge) -> tuple[Question, ...]:
    """Return every question that can be asked, by id: hand-written ones and made ones.

    Entries that are retired or closed to new customers are not asked about.
    """
    by_id = {entry.id: entry for entry in knowledge.entries}
    maker = Maker(knowledge.entries)
    made = [question for entry in knowledge.entries for question in maker.questions_of(entry)]
    written = [q for q in knowledge.questions if by_id[q.entry_id].status == "active"]
    return tuple(sorted((*written, *made), key=lambda question: question.id))


def main_exam(knowledge: Knowledge) -> Exam | None:
    """Return the exam that most entries belong to, of equals the first by id; None without exams.

    It is the one that is meant when nobody says which. Questions of another are drawn when it,
    one of its topics or one of its entries is asked for.
    """
    sizes = Counter(entry.exam for entry in knowledge.entries)
    return min(knowledge.exams, key=lambda exam: (-sizes[exam.id], exam.id), default=None)


def draw_round(
    pool: Sequence[Question],
    count: int,
    rng: Random,
    *,
    avoid: Collection[str] = (),
    avoid_entries: Collection[str] = (),
) -> tuple[Question, ...]:
    """Draw up to ``count`` questions without one of ``avoid``, spread over different entries.

    An entry comes again only when every other entry has come as often.
    """
    by_entry: defaultdict[str, list[Question]] = defaultdict(list)
    for question in pool:
        if question.id not in avoid and question.entry_id not in avoid_entries:
            by_entry[question.entry_id].append(question)
    for questions in by_entry.values():
        rng.shuffle(questions)
    drawn: list[Question] = []
    while by_entry and len(drawn) < count:
        order = sorted(by_entry)
        rng.shuffle(order)
        for entry_id in order[: count - len(drawn)]:
            drawn.append(by_entry[entry_id].pop())
            if not by_entry[entry_id]:
                del by_entry[entry_id]
    return tuple(drawn)


def draw_exam(
    pool: Sequence[Question],
    count: int,
    rng: Random,
    exam: Exam,
    *,
    avoid: Collection[str] = (),
    avoid_entries: Collection[str] = (),
) -> tuple[Question, ...]:
    """Draw up to ``count`` questions of ``exam``, its domains by weight, in mixed order.

    A domain gets its share of ``count`` rounded up or down by chance, so that even many rounds of
    one question follow the weights. What a domain lacks is drawn from the others.
    """
    free = [
        question
        for question in pool
        if question.exam == exam.id
        and question.id not in avoid
        and question.entry_id not in avoid_entries
    ]
    total, start = sum(domain.weight for domain in exam.domains), rng.random()
    drawn: list[Question] = []
    before = 0
    for domain in exam.domains:
        after = before + domain.weight
        # The points start, start + 1, ... lie evenly over the weights, laid end to end.
        first, last = (math.ceil(edge * count / total - start) for edge in (before, after))
        own = [question for question in free if question.domain == domain.id]
        drawn += draw_round(own, last - first, rng)
        before = after
    taken = {question.id for question in drawn}
    drawn += draw_round(free, count - len(drawn), rng, avoid=taken)
    rng.shuffle(drawn)
    return tuple(drawn)
