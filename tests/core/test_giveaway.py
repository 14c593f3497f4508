"""What gives an answer away."""

from __future__ import annotations

import pytest

from bot.core.giveaway import (
    GAP,
    gives_away,
    mention,
    open_article,
    says,
    spelt_out,
    stands_out,
    telltale,
    written,
)

SNS = "Amazon SNS"


@pytest.mark.parametrize(
    ("question", "key", "others", "root"),
    [
        # A word of the name, in any of its forms, also as a part of a joined name.
        ("collects a stream of clicks", "Kinesis Data Streams", [SNS], "stream"),
        ("routes events by rules", "Amazon EventBridge", [SNS], "eventbridg"),
        ("charges without any server", "Serverless computing", [SNS], "serverless"),
        ("moves to a managed platform", "Replatform", [SNS], "replatform"),
        ("judges an organisation", "AWS Organizations", [SNS], "organiz"),
        # Another option has it too.
        ("collects a stream of clicks", "Kinesis Data Streams", ["Stream Manager"], None),
        ("is one bus for events", "Amazon EventBridge", ["Event catalogue", SNS], None),
        # Nothing in common, or only what every question has.
        ("finds threats in logs", "Amazon GuardDuty", [SNS], None),
        ("is a service of AWS", "AWS Support service", [SNS], None),
        ("adds a password", "AWS Word", [SNS], None),
        ("holds network data", "Site-to-Site VPN", [SNS], None),
    ],
)
def test_a_word_of_the_right_name_tells(question, key, others, root):
    assert telltale(question, key, others) == root


def test_of_other_texts_most_words_must_tell():
    gapped = f"A {GAP} gathers what CloudWatch needs."
    assert telltale(gapped, "CloudWatch agent", ["log group"], is_name=False) == "cloudwatch"
    gapped = f"Content moderation detects {GAP} in images."
    assert telltale(gapped, "adult and violent content", ["barcodes"], is_name=False) is None


@pytest.mark.parametrize(
    ("question", "key", "others", "short"),
    [
        ("A (SRT) helps.", "Shield Response Team", ["Help desk", "Sales"], "SRT"),
        ("CloudHSM has one kind", "hardware security modules", ["walls"], "HSM"),
        ("keeps keys in HSMs", "hardware security modules", ["walls"], "HSM"),
        ("stores elastic blocks of storage", "Amazon EBS", ["Amazon EFS"], "EBS"),
        # Another option spells the same.
        ("A (SRT) helps.", "Shield Response Team", ["Some Rapid Team"], None),
        ("stores elastic blocks of storage", "Amazon EBS", ["AWS EBS Direct"], None),
        ("is a service of AWS", "Amazon web services", ["Others"], None),
        ("finds PII in buckets", "Amazon Macie", ["Amazon S3"], None),
    ],
)
def test_an_abbreviation_is_not_spelt_out_by_the_right_option_alone(question, key, others, short):
    assert spelt_out(question, key, others) == short
    told = gives_away(question, key, others)
    assert told == (f"alone spells “{short}” out" if short else None)


def test_what_gives_away_is_said_as_the_option_has_it():
    told = gives_away("judges an organisation", "AWS Organizations", [SNS])
    assert told == "alone says “Organizations”, as the question does"


@pytest.mark.parametrize(
    ("key", "others", "reason"),
    [
        ("per second, with a minimum of one minute", ["daily", "weekly"], "is much longer"),
        ("AWS KMS", ["a password", "a lock"], "alone names an AWS service"),
        ("a password", ["AWS KMS", "Amazon SNS"], "alone does not name an AWS service"),
        ("5 minutes", ["an hour", "a day"], "alone has a number"),
        ("milliseconds", ["5 minutes", "12 hours"], "alone does not have a number"),
        ("addendum (BAA)", ["contract", "plan"], "alone has brackets"),
        ("nothing", ["a fee per user", "a fee per call", "a monthly fee"], "does not say “fee”"),
    ],
)
def test_the_right_option_may_not_stand_out(key, others, reason):
    assert reason in (stands_out(key, others) or "")


@pytest.mark.parametrize(
    ("key", "others"),
    [
        ("Amazon S3", ["Amazon EBS", "Amazon RDS", "AWS Lambda"]),  # a digit inside is no number
        ("per second", ["per minute", "per hour", "per day"]),
        ("encrypted", ["a", "b", "c"]),  # longer, but not by much
        ("5 minutes", ["1 minute", "a day", "a week"]),
        ("5 minutes", ["one minute", "a day", "a week"]),  # numbers in words are numbers
        ("one hour", ["5 minutes", "15 minutes", "24 hours"]),
        ("no charge", ["a monthly fee", "a deposit", "a contract"]),
        ("AWS accounts", ["IAM groups", "edge locations", "racks"]),  # no service
        ("nothing", ["a fee per user", "a fee per call"]),  # two may share a word
    ],
)
def test_what_is_alike_does_not_stand_out(key, others):
    assert stands_out(key, others) is None


@pytest.mark.parametrize(
    ("text", "fillings", "open_text"),
    [
        (f"an {GAP} of events", ["event bus", "queue"], f"a(n) {GAP} of events"),
        (f"A {GAP} is", ["queue", "alarm"], f"A(n) {GAP} is"),
        (f"a {GAP}", ["queue", "topic"], f"a {GAP}"),
        (f"an {GAP}", ["SCP", "IAM role", "event"], f"an {GAP}"),
        (f"a {GAP}", ["unit", "user", "topic"], f"a {GAP}"),
        (f"the {GAP}", ["event", "queue"], f"the {GAP}"),
        (f"data {GAP}", ["event", "queue"], f"data {GAP}"),
    ],
)
def test_an_article_fits_every_filling(text, fillings, open_text):
    assert open_article(text, fillings) == open_text


def test_a_name_is_mentioned_as_whole_words():
    assert mention("Reads S3 objects", ["S3"]) == "S3"
    assert mention("connects callers to AMAZON CONNECT", ["Polly", "Amazon Connect"]) is not None
    assert mention("connects callers", ["Connect", ""]) is None


def test_a_stem_is_said_and_shown_as_it_is_written():
    assert says("Data Streams", "stream")
    assert not says("Data Streams", "clue")
    assert written("organiz", "AWS Organizations") == "Organizations"
    assert written("event", "Amazon EventBridge") == "event"  # joined: shown as the stem
