"""Weights that ``scripts/fit`` found on 5095 open questions; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, float] = {
    "bag": 4.280,
    "cover": 2.484,
    "passage": 0.429,
    "second": 1.366,
    "pairs": 2.119,
    "is_subject": 3.457,
    "is_first": 0.283,
    "is_mentioned": 1.152,
    "is_alone": 1.862,
    "is_passing": 0.546,
    "is_scenery": 0.187,
    "is_plain": 0.606,
    "own_scenery": 0.604,
    "own_mention": 1.184,
    "head": 1.151,
    "prominence": 0.596,
    "is_other_kind": -1.374,
}
"""How much each sign of an entry counts; see bot.core.ranking."""
ABOUT: Mapping[str, float] = {
    "one": -6.070,
    "bag": 0.408,
    "bag_log": 1.268,
    "bag_share": 2.015,
    "passage_share": -1.641,
    "fact_share": 0.862,
    "cover": 2.769,
    "pairs": 1.305,
    "margin": 0.259,
    "margin_share": -1.010,
    "evidence": -0.489,
    "matched": 0.750,
    "length": -0.675,
    "unknown": -1.823,
    "unknown_weight": -0.185,
    "ours": 0.348,
    "least_ours": 0.413,
    "most_ours": 0.187,
    "small_ours": 0.158,
    "small_least": -0.332,
    "small_most": 0.595,
    "pairs_ours": 0.257,
    "pairs_least": 0.248,
    "pairs_most": 0.303,
    "other_subject": -1.269,
    "is_ours": 1.166,
    "is_vendor": 0.636,
    "asks_for_kind": 1.727,
    "is_long": 2.416,
    "is_subject": 1.403,
    "is_scenery": 2.163,
    "is_plain": 0.504,
    "is_passing": 0.107,
    "is_other_kind": -1.114,
    "is_one_word": 0.305,
}
"""Is a question about the subject? See bot.core.confidence."""
LEAST_ABOUT = -0.200
"""Below this nothing is answered."""
RIGHT: Mapping[str, float] = {
    "one": -4.365,
    "bag": 0.472,
    "bag_log": 1.070,
    "bag_share": 1.016,
    "passage_share": -1.935,
    "fact_share": 0.694,
    "cover": 1.117,
    "pairs": 0.256,
    "margin": 1.009,
    "margin_share": 0.113,
    "evidence": -0.266,
    "matched": 0.459,
    "length": -1.369,
    "unknown": -3.661,
    "unknown_weight": 0.213,
    "ours": 0.109,
    "least_ours": 0.225,
    "most_ours": 0.386,
    "small_ours": -0.023,
    "small_least": -0.093,
    "small_most": 0.175,
    "pairs_ours": -0.031,
    "pairs_least": 0.356,
    "pairs_most": 0.495,
    "other_subject": -0.797,
    "is_ours": -0.011,
    "is_vendor": 0.191,
    "asks_for_kind": 0.590,
    "is_long": 0.347,
    "is_subject": 0.406,
    "is_scenery": -0.367,
    "is_plain": 0.894,
    "is_passing": -1.128,
    "is_other_kind": -1.018,
    "is_one_word": -0.135,
}
"""Is the first entry the right one?"""
LEAST_RIGHT = 0.626
"""From this on an answer is sure."""
LEAST_RIGHT_EXAM = 3.346
"""The same for a question in the manner of an exam."""
