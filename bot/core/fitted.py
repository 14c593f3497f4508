"""Weights that ``scripts/fit`` found on 6677 open questions; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, float] = {
    "bag": 4.703,
    "cover": 2.517,
    "passage": 0.419,
    "second": 1.013,
    "pairs": 2.700,
    "is_subject": 3.206,
    "is_first": 0.315,
    "is_mentioned": 0.830,
    "is_alone": 1.588,
    "is_passing": 0.550,
    "is_scenery": 0.542,
    "is_plain": 0.429,
    "own_scenery": 0.549,
    "own_mention": 1.045,
    "head": 0.549,
    "prominence": 0.346,
    "is_other_kind": -1.352,
}
"""How much each sign of an entry counts; see bot.core.ranking."""
ABOUT: Mapping[str, float] = {
    "one": -6.093,
    "bag": 0.386,
    "bag_log": 1.446,
    "bag_share": 2.244,
    "passage_share": -3.466,
    "fact_share": 0.414,
    "cover": 3.302,
    "pairs": 1.481,
    "margin": 0.162,
    "margin_share": 0.065,
    "evidence": -0.309,
    "matched": 0.557,
    "length": -0.535,
    "unknown": -1.147,
    "unknown_weight": -0.110,
    "ours": 0.386,
    "least_ours": 0.365,
    "most_ours": 0.085,
    "small_ours": 0.193,
    "small_least": -0.010,
    "small_most": 0.515,
    "pairs_ours": 0.328,
    "pairs_least": 0.221,
    "pairs_most": 0.154,
    "other_subject": -0.549,
    "is_ours": 0.123,
    "is_vendor": 0.686,
    "asks_for_kind": 1.848,
    "is_long": 2.520,
    "is_subject": -1.114,
    "is_scenery": 1.021,
    "is_plain": 0.834,
    "is_passing": 0.105,
    "is_other_kind": -0.723,
    "is_one_word": -0.212,
    "is_coined": 0.756,
    "defines": 2.192,
    "told": 2.729,
    "told_subject": 0.736,
    "missed": -0.221,
}
"""Is a question about the subject? See bot.core.confidence."""
LEAST_ABOUT = -0.466
"""Below this nothing is answered."""
LEAST_ABOUT_SURE = 1.666
"""Below this nothing is answered surely."""
RIGHT: Mapping[str, float] = {
    "one": -4.661,
    "bag": 0.289,
    "bag_log": 0.744,
    "bag_share": 2.499,
    "passage_share": -2.257,
    "fact_share": 0.010,
    "cover": 1.586,
    "pairs": 0.231,
    "margin": 0.827,
    "margin_share": -0.065,
    "evidence": -0.284,
    "matched": 0.548,
    "length": -0.892,
    "unknown": -2.449,
    "unknown_weight": 0.089,
    "ours": 0.131,
    "least_ours": 0.333,
    "most_ours": 0.199,
    "small_ours": -0.067,
    "small_least": 0.236,
    "small_most": 0.393,
    "pairs_ours": 0.014,
    "pairs_least": 0.328,
    "pairs_most": 0.376,
    "other_subject": -0.436,
    "is_ours": 0.286,
    "is_vendor": 0.068,
    "asks_for_kind": 0.267,
    "is_long": 1.148,
    "is_subject": -0.325,
    "is_scenery": -0.206,
    "is_plain": 0.450,
    "is_passing": -0.946,
    "is_other_kind": -1.708,
    "is_one_word": 0.143,
    "is_coined": -0.621,
    "defines": 1.572,
    "told": 1.188,
    "told_subject": -0.651,
    "missed": -0.466,
}
"""Is the first entry the right one?"""
LEAST_RIGHT = -0.673
"""From this on an answer is sure."""
LEAST_RIGHT_NAMED = 1.900
"""The same for a question that names the entry."""
LEAST_RIGHT_EXAM = 4.337
"""The same for a question in the manner of an exam."""
