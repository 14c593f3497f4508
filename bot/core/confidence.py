"""How sure an answer is: sure, a guess with candidates, or none.

Two questions are asked of the best candidate, each answered by a weighted sum of plain numbers (a
logistic regression): is this about the subject at all, and is the first entry the right one? The
weights were fitted on the open questions by ``scripts/fit``; the thresholds stand in
``bot.core.tuning``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from bot.core.corpus import FIRST_FACT
from bot.core.facts import FACTS_SHOWN, missed
from bot.core.index import Index
from bot.core.ranking import Candidate
from bot.core.reading import Reading
from bot.core.reply import Confidence, Found
from bot.core.tuning import Tuning

EXAM_WORDS = 9
"""Words from which on "which service ..." is taken for an exam's question."""


class Grounds(NamedTuple):
    """What speaks for and against the best candidate being an answer."""

    one: float
    """Always 1."""
    bag: float
    bag_log: float
    bag_share: float
    """``bag`` for the length of the question."""
    passage_share: float
    """The best passage for the length of the question."""
    fact_share: float
    """The best fact for the length of the question."""
    cover: float
    pairs: float
    margin: float
    """Lead over the runner-up, at most 3."""
    margin_share: float
    """The same as a share of the score, 0 to 1."""
    evidence: float
    """What of the question the entry has, in units."""
    matched: float
    """How many words of the question it has, at most 6."""
    length: float
    """Logarithm of the number of words that say something."""
    unknown: float
    """Share of the words that stand nowhere in the knowledge."""
    unknown_weight: float
    """How rare those words are in everyday language, added up."""
    ours: float
    """How much its words speak for the subject, for the length of the question."""
    least_ours: float
    """The word that speaks most against it; 0 when none does."""
    most_ours: float
    """The word that speaks most for it; 0 when none does."""
    special: float
    """How much commoner its words are in the knowledge than in everyday language."""
    special_least: float
    special_most: float
    small_ours: float
    """As ``ours``, for the small words ("my", "which")."""
    small_least: float
    small_most: float
    pairs_ours: float
    """As ``ours``, for neighbouring words ("are you")."""
    pairs_least: float
    pairs_most: float
    other_subject: float
    """Words of other subjects, at most 3."""
    is_ours: float
    """1 when it names something of ours, if only the vendor."""
    is_vendor: float
    """1 when it says the vendor's name."""
    asks_for_kind: float
    """1 when it asks for a service, a plan, a class."""
    is_long: float
    """1 when it has several sentences."""
    is_subject: float
    is_scenery: float
    is_plain: float
    is_passing: float
    is_other_kind: float
    is_one_word: float
    is_coined: float
    """1 when it has a name of ours that is no everyday word."""
    defines: float
    """1 when it asks what a thing is that it names, and names the entry."""
    told: float
    """Share of what it says beside the entry's name that stands in one passage."""
    told_subject: float
    """The same, where the entry is its subject or mentioned."""
    missed: float
    """Kinds of fact that it asks for and that the facts shown have not, at most 2."""


def grounds(reading: Reading, ranked: Sequence[Candidate], index: Index, found: Found) -> Grounds:
    """Return what there is to say about the first of ``ranked``, which is not empty.

    ``found`` is what would be shown of it.
    """
    best = ranked[0]
    signs = best.signs
    lead = best.score - (ranked[1].score if len(ranked) > 1 else 0.0)
    content = [word for word in reading.words if not word.is_stop]
    ours = [word.ours for word in content]
    small = [word.ours for word in reading.words if word.is_stop]
    special = [word.special for word in content]
    unknown = [word.rarity for word in content if word.stem not in index]
    many = max(len(content), 1)
    facts = range(FIRST_FACT, FIRST_FACT + len(found.facts))
    fact = max([best.passages.get(passage, 0.0) for passage in facts], default=0.0)
    shown = [found.entry.summary, *(fact.text for fact in found.facts[:FACTS_SHOWN])]
    return Grounds(
        one=1.0,
        bag=signs.bag,
        bag_log=log(1 + signs.bag),
        bag_share=signs.bag / sqrt(many),
        passage_share=signs.passage / sqrt(many),
        fact_share=fact / sqrt(many),
        cover=signs.cover,
        pairs=signs.pairs,
        margin=min(lead, 3.0),
        margin_share=lead / max(best.score, 0.1),
        evidence=best.evidence,
        matched=min(best.matched, 6),
        length=log(many),
        unknown=len(unknown) / many,
        unknown_weight=sum(unknown),
        ours=sum(ours) / sqrt(many),
        least_ours=min(0.0, *ours, 0.0),
        most_ours=max(0.0, *ours, 0.0),
        special=sum(special) / sqrt(many),
        special_least=min(0.0, *special, 0.0),
        special_most=max(0.0, *special, 0.0),
        small_ours=sum(small) / sqrt(many),
        small_least=min(0.0, *small, 0.0),
        small_most=max(0.0, *small, 0.0),
        pairs_ours=sum(reading.pairs_ours) / sqrt(many),
        pairs_least=min(0.0, *reading.pairs_ours),
        pairs_most=max(0.0, *reading.pairs_ours),
        other_subject=min(reading.other_words, 3),
        is_ours=float(reading.is_ours),
        is_vendor=float(any(word.text in ("aws", "amazon") for word in reading.words)),
        asks_for_kind=float(bool(reading.asked_kinds)),
        is_long=float(reading.is_long),
        is_subject=signs.is_subject,
        is_scenery=signs.is_scenery,
        is_plain=signs.is_plain,
        is_passing=signs.is_passing,
        is_other_kind=signs.is_other_kind,
        is_one_word=float(many == 1),
        is_coined=float(reading.is_coined),
        defines=float(reading.is_defining and (signs.is_subject or signs.is_mentioned) > 0),
        told=best.told,
        told_subject=best.told * (signs.is_subject + signs.is_mentioned),
        missed=min(2, missed(reading.asked_facts, shown)),
    )


def is_exam(reading: Reading) -> bool:
    """Return whether a question is in the manner of an exam: it describes, or "which service"."""
    return reading.is_long or (bool(reading.asked_kinds) and len(reading.words) >= EXAM_WORDS)


def is_about_it(found: Grounds) -> bool:
    """Return whether a question names the entry, so that what is open is which fact it wants."""
    return found.told_subject > 0 or found.is_subject > 0


def logit(weights: Mapping[str, float], found: Grounds) -> float:
    """Return the weighted sum: above 0 is more likely than not."""
    total: float = sum(map(mul, map(weights.__getitem__, Grounds._fields), found))
    return total


class Judgement(NamedTuple):
    """What may be said of the best candidate."""

    confidence: Confidence
    is_near: bool = True
    """Whether the candidates are worth offering, if only beside "I don't know"."""


def judge(
    reading: Reading, ranked: Sequence[Candidate], index: Index, found: Found, tuning: Tuning
) -> Judgement:
    """Return how sure the first of ``ranked``, shown as ``found``, is an answer to a question."""
    if reading.is_elsewhere:
        return Judgement("none")
    if _is_bare_name(reading, ranked[0]):
        return Judgement("sure")
    signs = grounds(reading, ranked, index, found)
    about = logit(tuning.about, signs)
    if about < tuning.least_about:
        return Judgement("none", is_near=about >= tuning.least_near)
    if about < tuning.least_about_sure:
        return Judgement("unsure")
    if is_exam(reading):
        is_sure = logit(tuning.right_exam, signs) >= tuning.least_right_exam
    else:
        least = tuning.least_right_named if is_about_it(signs) else tuning.least_right
        is_sure = logit(tuning.right, signs) >= least
    return Judgement("sure" if is_sure else "unsure")


def _is_bare_name(reading: Reading, best: Candidate) -> bool:
    """Return whether a question says nothing but an entry's name: "tell me about Snowball"."""
    own = reading.in_names.get(best.number, frozenset())
    return bool(best.signs.is_subject) and all(
        word.is_stop or place in own for place, word in enumerate(reading.words)
    )
