"""What is said of one entry and of others too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Difference
from bot.core.overlap import Overlap
from tests.core.samples import entry, fact

IAM = entry(
    "iam",
    "IAM",
    summary="Decides who may do what.",
    clues=("hands an application on a server temporary credentials through a role",),
    differences=(Difference("sts", "keeps users", "signs tokens with a 12 hour limit"),),
)
STS = entry(
    "sts",
    "STS",
    summary="Issues short-lived keys.",
    clues=("answers AssumeRole",),
    facts=(fact("Servers get temporary credentials for an application through a role."),),
)
VPN = entry(
    "vpn",
    "VPN",
    summary="Encrypts traffic.",
    clues=("joins networks",),
    facts=(fact("It keeps a log for 30 days."), fact("A role is needed to read it.")),
)
OVERLAP = Overlap([IAM, STS, VPN])


@pytest.mark.parametrize(
    ("clue", "fitting"),
    [
        (IAM.clues[0], {"sts"}),
        # What another entry says of it counts as well.
        ("signs tokens", {"sts"}),
        # Words of several sentences do not add up.
        ("encrypts a log with a role and joins it", set()),
        ("keeps a log for 30 days", {"vpn"}),
        # The same with another number is another thing.
        ("keeps a log for 90 days", set()),
        ("something altogether else", set()),
    ],
)
def test_a_clue_fits_whoever_says_most_of_it_in_one_sentence(clue, fitting):
    assert {other for other in ("sts", "vpn") if OVERLAP.fits_too(clue, other)} == fitting


def test_common_words_count_less():
    crowd = [entry(f"e{n}", f"E{n}", clues=("guards buckets",)) for n in range(30)]
    crowd[0] = replace(crowd[0], clues=("guards quokkas",))
    overlap = Overlap(crowd)
    assert not overlap.fits_too("guards quokkas", "e1")
    assert overlap.fits_too("feeds quokkas", "e0")


def test_likeness_is_what_is_shared():
    near = entry("near", "Near", summary="Decides who may pass.", clues=("sees to a role",))
    far = entry("far", "Far", summary="Paints.", clues=("sees to colour",))
    overlap = Overlap([IAM, near, far])
    assert overlap.likeness("iam", "near") > overlap.likeness("iam", "far")
    assert overlap.likeness("iam", "near") == overlap.likeness("near", "iam")
