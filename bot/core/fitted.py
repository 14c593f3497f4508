"""Weights that ``scripts/fit`` found on 2925 open questions; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, float] = {
    "bag": 4.059,
    "cover": 2.170,
    "passage": 0.343,
    "second": 1.508,
    "pairs": 1.856,
    "is_subject": 3.352,
    "is_first": 0.349,
    "is_mentioned": 1.392,
    "is_scenery": 0.415,
    "own_scenery": 0.144,
    "own_mention": 1.520,
    "head": 1.347,
    "prominence": 0.755,
    "is_other_kind": -1.706,
}
"""How much each sign of an entry counts; see bot.core.ranking."""
ABOUT: Mapping[str, float] = {
    "one": -7.327,
    "bag": 0.325,
    "bag_log": 1.406,
    "bag_share": 1.446,
    "passage_share": 0.004,
    "cover": 3.505,
    "pairs": 1.296,
    "margin": 0.253,
    "margin_share": -2.332,
    "evidence": -0.576,
    "matched": 1.040,
    "length": 0.009,
    "unknown": -2.150,
    "unknown_weight": -0.109,
    "other_subject": -1.929,
    "is_ours": 1.226,
    "is_vendor": 1.520,
    "asks_for_kind": 3.182,
    "is_long": 2.878,
    "is_subject": 1.222,
    "is_scenery": 2.161,
    "is_other_kind": -3.081,
    "is_one_word": 0.846,
}
"""Is a question about the subject? See bot.core.confidence."""
LEAST_ABOUT = -1.056
"""Below this nothing is answered."""
RIGHT: Mapping[str, float] = {
    "one": -4.005,
    "bag": 0.590,
    "bag_log": 0.995,
    "bag_share": 1.104,
    "passage_share": -1.031,
    "cover": 1.404,
    "pairs": 0.708,
    "margin": 1.022,
    "margin_share": -1.238,
    "evidence": -0.212,
    "matched": 0.615,
    "length": -1.205,
    "unknown": -3.917,
    "unknown_weight": 0.121,
    "other_subject": -1.455,
    "is_ours": 0.211,
    "is_vendor": 0.275,
    "asks_for_kind": 0.949,
    "is_long": 0.322,
    "is_subject": 1.082,
    "is_scenery": -0.553,
    "is_other_kind": -1.617,
    "is_one_word": -0.381,
}
"""Is the first entry the right one?"""
LEAST_RIGHT = 0.815
"""From this on an answer is sure."""
