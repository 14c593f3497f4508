"""A small good file, and what the loader says when a part of it is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.load import load_knowledge
from bot.errors import ContentError

TODAY = date(2026, 11, 24)

GOOD = """\
topic: Data protection
exam: CLF-C02
domain: security-compliance
entries:
  - id: amazon-macie
    name: Amazon Macie
    aliases: [Macie]
    former: [Macie Classic]
    kind: service
    category: data protection
    summary: Finds sensitive data in Amazon S3.
    clues:
      - discovers personal data in S3 buckets
      - PII in buckets is what it reports
    facts:
      - text: It looks at objects in Amazon S3 only.
        terms: [buckets, where]
        blank: Amazon S3
        wrong: [Amazon EBS, Amazon RDS, AWS Lambda]
      - text: Findings go to EventBridge.
        source: https://docs.aws.amazon.com/macie/latest/user/findings.html
        verified_on: "2026-11-20"
      - text: The first 30 days are free.
        unverified: the pricing page was not at hand
      - text: It runs in each Region.
        verified_on: "2026-11-21"
    confused_with:
      - id: amazon-comprehend
        this: looks at objects that lie in S3
        that: finds sentiment in text that you send it
    responsibilities:
      aws: [running the jobs]
      customer: [choosing the buckets]
      shared: []
    correction: Some notes call it a network tool.
    source: https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html
    verified_on: "2026-11-24"
  - id: amazon-comprehend
    name: Amazon Comprehend
    kind: service
    category: language
    summary: Finds meaning in text.
    clues: [finds sentiment and key phrases in text]
    facts:
      - text: It reads many languages.
    exam: AIF-C01
    domain: foundation-models
    status: closed
    status_note: No new customers since a day in 2026.
    source: https://docs.aws.amazon.com/comprehend/latest/dg/what-is.html
    unverified: nobody has read it yet
questions:
  - id: macie-audit
    about: amazon-macie
    question: Which of 400 buckets hold passport numbers?
    choices: [Amazon Macie, Amazon Inspector, AWS Config]
    answer: Amazon Macie
    explanation: Macie looks into the objects; the others do not.
    source: https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html
synonyms:
  - [pii, personal data]
  - [mood, sentiment]
exams:
  - id: CLF-C02
    name: AWS Certified Cloud Practitioner
    domains:
      - {id: cloud-concepts, name: Cloud Concepts, weight: 70}
      - {id: security-compliance, name: Security and Compliance, weight: 30}
  - id: AIF-C01
    name: AWS Certified AI Practitioner
    domains:
      - {id: foundation-models, name: Applications of Foundation Models, weight: 100}
    in_scope:
      - heading: AI services
        names: [Amazon Comprehend, Sentiment analysis]
        source: https://docs.aws.amazon.com/aif/in-scope.html
    covered_by:
      - {name: Sentiment analysis, entry: amazon-comprehend}
    out_of_scope: [Amazon Macie]
    core: [Amazon Comprehend]
other_subjects: [football, a joke]
related:
  - say: [scramble, make unreadable]
    mean: [encrypt]
"""


def faults_of(
    folder: Path, text: str | bytes, name: str = "data-protection.yaml", *, strict: bool = False
) -> list[str]:
    """Return what the loader says of one file, without the file's path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        load_knowledge(path, today=TODAY, strict=strict)
    except ContentError as error:
        return [str(fault).removeprefix(f"{fault.path}:").strip() for fault in error.faults]
    return []


def changed(old: str, new: str) -> str:
    """Return the good file with its first ``old`` replaced; the old text has to be there."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)
