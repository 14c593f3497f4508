"""An open challenge is not asked in other words of the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.secrecy import asks_one_of
from tests.core.samples import question

LONG = replace(
    question("macie.clue"),
    prompt="Which service discovers personal data such as PII in S3 buckets?",
)
SHORT = replace(question("polly.clue"), prompt="Which service reads text aloud?")


@pytest.mark.parametrize(
    "asked",
    [
        LONG.prompt,
        "which service discovers personal data such as pii in buckets",
        f"{LONG.prompt}\nA. Amazon Macie\nB. Amazon Inspector\nC. AWS Config",
        f"hey, {LONG.prompt.upper()} thanks",
    ],
)
def test_the_prompt_and_little_more_or_less_is_the_challenge(asked):
    assert asks_one_of(asked, [SHORT, LONG])


@pytest.mark.parametrize(
    "asked",
    ["which service detects PII?", "what is amazon macie", "buckets", "", "🎉", "personal data"],
)
def test_a_question_of_ones_own_is_not(asked):
    assert not asks_one_of(asked, [LONG])


def test_a_challenge_of_a_few_words_is_asked_by_just_these():
    tiny = replace(SHORT, prompt="Which service has buckets?")
    assert asks_one_of("what has buckets", [tiny])
    assert not asks_one_of("who may read my buckets", [tiny])
    assert not asks_one_of("anything", [])
