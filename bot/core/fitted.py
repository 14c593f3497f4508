"""Weights that ``scripts/fit`` found on 5095 open questions; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, float] = {
    "bag": 4.527,
    "cover": 2.619,
    "passage": 0.475,
    "second": 1.072,
    "pairs": 2.720,
    "is_subject": 3.049,
    "is_first": 0.270,
    "is_mentioned": 0.983,
    "is_alone": 1.456,
    "is_passing": 0.631,
    "is_scenery": 0.228,
    "is_plain": 0.458,
    "own_scenery": 0.401,
    "own_mention": 1.176,
    "head": 0.907,
    "prominence": 0.631,
    "is_other_kind": -1.403,
}
"""How much each sign of an entry counts; see bot.core.ranking."""
ABOUT: Mapping[str, float] = {
    "one": -7.389,
    "bag": 0.364,
    "bag_log": 1.580,
    "bag_share": 2.341,
    "passage_share": -1.435,
    "fact_share": 0.488,
    "cover": 3.526,
    "pairs": 2.053,
    "margin": 0.364,
    "margin_share": -0.728,
    "evidence": -0.515,
    "matched": 0.716,
    "length": -0.501,
    "unknown": -1.657,
    "unknown_weight": -0.158,
    "ours": 0.362,
    "least_ours": 0.372,
    "most_ours": 0.178,
    "small_ours": 0.212,
    "small_least": -0.421,
    "small_most": 0.582,
    "pairs_ours": 0.239,
    "pairs_least": 0.287,
    "pairs_most": 0.301,
    "other_subject": -1.157,
    "is_ours": 1.085,
    "is_vendor": 0.623,
    "asks_for_kind": 2.034,
    "is_long": 2.615,
    "is_subject": 1.329,
    "is_scenery": 2.351,
    "is_plain": 0.638,
    "is_passing": 0.239,
    "is_other_kind": -1.719,
    "is_one_word": 0.453,
}
"""Is a question about the subject? See bot.core.confidence."""
LEAST_ABOUT = -0.143
"""Below this nothing is answered."""
LEAST_ABOUT_SURE = 1.797
"""Below this nothing is answered surely."""
RIGHT: Mapping[str, float] = {
    "one": -5.961,
    "bag": 0.102,
    "bag_log": 0.854,
    "bag_share": 2.412,
    "passage_share": -1.835,
    "fact_share": 0.010,
    "cover": 2.582,
    "pairs": 0.540,
    "margin": 0.973,
    "margin_share": -0.181,
    "evidence": -0.313,
    "matched": 0.559,
    "length": -0.667,
    "unknown": -2.770,
    "unknown_weight": 0.051,
    "ours": 0.037,
    "least_ours": 0.402,
    "most_ours": 0.398,
    "small_ours": -0.163,
    "small_least": -0.027,
    "small_most": 0.449,
    "pairs_ours": -0.014,
    "pairs_least": 0.553,
    "pairs_most": 0.521,
    "other_subject": -0.873,
    "is_ours": -0.097,
    "is_vendor": 1.040,
    "asks_for_kind": 1.236,
    "is_long": 1.181,
    "is_subject": 1.204,
    "is_scenery": -0.529,
    "is_plain": 0.763,
    "is_passing": -0.362,
    "is_other_kind": -2.077,
    "is_one_word": -0.256,
}
"""Is the first entry the right one?"""
LEAST_RIGHT = -0.199
"""From this on an answer is sure."""
LEAST_RIGHT_EXAM = 5.175
"""The same for a question in the manner of an exam."""
