"""A small shelf of made-up and real names to ask about, and questions to draw from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.model import (
    Blank,
    Difference,
    Domain,
    Entry,
    Evidence,
    Exam,
    Fact,
    Knowledge,
    Question,
    Topic,
)

EVIDENCE = Evidence("https://docs.example.com/page", "2026-11-24")


def fact(text: str, *terms: str, blank: Blank | None = None) -> Fact:
    return Fact(text, EVIDENCE, terms, blank)


def entry(entry_id: str, name: str, **parts: Any) -> Entry:
    """An entry with what is not given made from its id."""
    defaults: dict[str, Any] = {
        "kind": "service",
        "topic": "security",
        "category": "protection",
        "summary": f"Does the {entry_id} work.",
        "clues": (f"does the {entry_id} work",),
        "facts": (fact(f"The {entry_id} work is done daily."),),
        "evidence": EVIDENCE,
        "exam": "X-1",
        "domain": "one",
    }
    return Entry(id=entry_id, name=name, **defaults | parts)


def question(question_id: str, **parts: Any) -> Question:
    """A question of four choices whose first is right, about the entry before the dot of its id."""
    defaults: dict[str, Any] = {
        "prompt": f"What about {question_id}?",
        "choices": ("a", "b", "c", "d"),
        "answer": 0,
        "explanation": "Because.",
        "source": EVIDENCE.source,
        "entry_id": question_id.split(".")[0],
        "topic": "security",
        "exam": "X-1",
        "domain": "one",
    }
    return Question(id=question_id, **defaults | parts)


MACIE = entry(
    "amazon-macie",
    "Amazon Macie",
    aliases=("Macie",),
    former=("Macie Classic",),
    summary="Finds sensitive data in Amazon S3 and reports it.",
    clues=(
        "discovers personally identifiable information (PII) in S3 buckets",
        "alerts you to credit card numbers and passports in stored objects",
    ),
    facts=(
        fact(
            "Macie analyses objects in Amazon S3 only.",
            "where",
            blank=Blank("Amazon S3", ("Amazon EBS", "Amazon RDS", "AWS Lambda", "Amazon SNS")),
        ),
        fact("Findings go to Amazon EventBridge.", "alert"),
        fact("The first 30 days are a trial.", "free", "cost", "price"),
    ),
    differences=(
        Difference(
            "amazon-inspector",
            "reads what lies in S3 objects",
            "scans workloads for software vulnerabilities",
        ),
    ),
    duties={
        "aws": ("running the discovery jobs",),
        "customer": ("choosing the buckets",),
        "shared": ("handling of findings",),
    },
)
GUARDDUTY = entry(
    "amazon-guardduty",
    "Amazon GuardDuty",
    aliases=("GuardDuty",),
    category="detection",
    summary="Detects threats by watching logs of accounts and networks.",
    clues=("detects threats such as cryptocurrency mining from flow logs and DNS logs",),
    facts=(
        fact("GuardDuty reads VPC flow logs, DNS logs and CloudTrail events."),
        fact("It needs no agents for its foundational sources.", "install"),
    ),
    differences=(
        Difference(
            "amazon-inspector",
            "watches behaviour in logs",
            "looks for weaknesses before an attack",
        ),
    ),
)
INSPECTOR = entry(
    "amazon-inspector",
    "Amazon Inspector",
    aliases=("Inspector",),
    category="detection",
    summary="Scans EC2 instances and container images for software vulnerabilities.",
    clues=("scans workloads for known vulnerabilities (CVE)",),
    facts=(fact("Inspector scans again when a new CVE is published.", "how often"),),
)
SHIELD = entry(
    "aws-shield",
    "AWS Shield",
    aliases=("Shield",),
    summary="Protects against distributed denial of service attacks.",
    clues=("absorbs DDoS floods at the network and transport layers",),
    facts=(
        fact("Shield Standard is on for everyone at no charge.", "free", "cost"),
        fact("Shield Advanced has a response team.", "support"),
    ),
)
TRANSLATE = entry(
    "amazon-translate",
    "Amazon Translate",
    aliases=("Translate",),
    topic="language",
    category="language",
    summary="Turns text of one language into another.",
    clues=("turns documents of one language into another",),
    facts=(fact("Custom terminology keeps brand names as they are.", "glossary"),),
    domain="two",
)
POLLY = entry(
    "amazon-polly",
    "Amazon Polly",
    aliases=("Polly",),
    topic="language",
    category="language",
    summary="Turns text to speech in lifelike voices.",
    clues=("turns text to speech in lifelike voices",),
    facts=(fact("Lexicons change how words are spoken; others translate them.", "pronounce"),),
    domain="two",
)
TRANSCRIBE = entry(
    "amazon-transcribe",
    "Amazon Transcribe",
    aliases=("Transcribe",),
    topic="language",
    category="language",
    summary="Turns speech to text, also live.",
    clues=("turns speech to text from calls and meetings",),
    facts=(fact("It can mask card numbers in transcripts.", "redact"),),
    domain="two",
)
SNOWBALL = entry(
    "aws-snowball",
    "AWS Snowball",
    aliases=("Snowball",),
    summary="Carried data to AWS on a device.",
    clues=("carried petabytes on a shipped device",),
    status="retired",
    status_note="New orders have ended.",
)
ENTRIES = (
    GUARDDUTY,
    INSPECTOR,
    MACIE,
    POLLY,
    TRANSCRIBE,
    TRANSLATE,
    SHIELD,
    SNOWBALL,
)
EXAM = Exam("X-1", "Exam one", (Domain("one", "First", 70), Domain("two", "Second", 30)))
KNOWLEDGE = Knowledge(
    entries=tuple(sorted(ENTRIES, key=lambda one: one.id)),
    questions=(question("amazon-macie.written", prompt="An auditor asks. What answers?"),),
    exams=(EXAM,),
    topics=(Topic("language", "Language"), Topic("security", "Security")),
    synonyms=(
        ("pii", "personally identifiable information", "personal data"),
        ("ddos", "distributed denial of service"),
    ),
)


def in_order(entries: tuple[Entry, ...]) -> Knowledge:
    """The same knowledge with its entries in another order."""
    return replace(KNOWLEDGE, entries=entries)
