"""Weights that ``scripts/fit`` found on 6677 open questions; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, float] = {
    "bag": 4.702,
    "cover": 2.517,
    "passage": 0.419,
    "second": 1.013,
    "pairs": 2.704,
    "is_subject": 3.206,
    "is_first": 0.315,
    "is_mentioned": 0.831,
    "is_alone": 1.588,
    "is_passing": 0.551,
    "is_scenery": 0.550,
    "is_plain": 0.428,
    "own_scenery": 0.552,
    "own_mention": 1.045,
    "head": 0.550,
    "prominence": 0.351,
    "is_other_kind": -1.353,
    "is_core": 1.000,
}
"""How much each sign of an entry counts; see bot.core.ranking."""
ABOUT: Mapping[str, float] = {
    "one": -6.082,
    "bag": 0.387,
    "bag_log": 1.451,
    "bag_share": 2.244,
    "passage_share": -3.469,
    "fact_share": 0.407,
    "cover": 3.298,
    "pairs": 1.483,
    "margin": 0.167,
    "margin_share": 0.053,
    "evidence": -0.308,
    "matched": 0.554,
    "length": -0.542,
    "unknown": -1.158,
    "unknown_weight": -0.109,
    "ours": 0.387,
    "least_ours": 0.362,
    "most_ours": 0.083,
    "small_ours": 0.194,
    "small_least": -0.007,
    "small_most": 0.514,
    "pairs_ours": 0.329,
    "pairs_least": 0.215,
    "pairs_most": 0.154,
    "other_subject": -0.551,
    "is_ours": 0.125,
    "is_vendor": 0.681,
    "asks_for_kind": 1.833,
    "is_long": 2.516,
    "is_subject": -1.119,
    "is_scenery": 1.016,
    "is_plain": 0.833,
    "is_passing": 0.101,
    "is_other_kind": -0.697,
    "is_one_word": -0.217,
    "is_coined": 0.766,
    "defines": 2.184,
    "told": 2.716,
    "told_subject": 0.728,
    "missed": -0.204,
}
"""Is a question about the subject? See bot.core.confidence."""
LEAST_ABOUT = -0.461
"""Below this nothing is answered."""
LEAST_ABOUT_SURE = 1.666
"""Below this nothing is answered surely."""
RIGHT: Mapping[str, float] = {
    "one": -4.675,
    "bag": 0.292,
    "bag_log": 0.762,
    "bag_share": 2.481,
    "passage_share": -2.246,
    "fact_share": 0.010,
    "cover": 1.582,
    "pairs": 0.232,
    "margin": 0.823,
    "margin_share": -0.059,
    "evidence": -0.289,
    "matched": 0.544,
    "length": -0.875,
    "unknown": -2.432,
    "unknown_weight": 0.081,
    "ours": 0.137,
    "least_ours": 0.326,
    "most_ours": 0.194,
    "small_ours": -0.066,
    "small_least": 0.233,
    "small_most": 0.394,
    "pairs_ours": 0.015,
    "pairs_least": 0.326,
    "pairs_most": 0.374,
    "other_subject": -0.441,
    "is_ours": 0.290,
    "is_vendor": 0.057,
    "asks_for_kind": 0.248,
    "is_long": 1.158,
    "is_subject": -0.326,
    "is_scenery": -0.139,
    "is_plain": 0.441,
    "is_passing": -0.939,
    "is_other_kind": -1.699,
    "is_one_word": 0.165,
    "is_coined": -0.614,
    "defines": 1.575,
    "told": 1.188,
    "told_subject": -0.642,
    "missed": -0.477,
}
"""Is the first entry the right one?"""
LEAST_RIGHT = -0.679
"""From this on an answer is sure."""
LEAST_RIGHT_NAMED = 1.881
"""The same for a question that names the entry."""
LEAST_RIGHT_EXAM = 4.361
"""The same for a question in the manner of an exam."""
