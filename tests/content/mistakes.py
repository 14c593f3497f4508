"""Every mistake that an author can make in the good file, and exactly what is said of it."""

# ruff: noqa: E501
# Messages stand here whole, so that they can be searched for and read as authors read them.

from __future__ import annotations

from typing import NamedTuple

from tests.content.samples import GOOD


class Case(NamedTuple):
    name: str
    old: str
    new: str
    faults: list[str]
    """Line, place, problem and fix, in the order of lines."""


# What one value or one record shows: the JSON Schema refuses it as well.
FORM = [
    Case(
        "unknown key",
        "    summary: F",
        "    sumary: F",
        ["11: entries[0]: `sumary` is not a key here. Fix: did you mean `summary`?"],
    ),
    Case(
        "unknown key, nothing near",
        "    kind: service\n",
        "    kind: service\n    colour: red\n",
        [
            "10: entries[0]: `colour` is not a key here. Fix: use one of: id, name, kind, category, summary, clues, facts, source, aliases, former, terms, confused_with, responsibilities, correction, status, status_note, exam, domain, verified_on, unverified"
        ],
    ),
    Case(
        "missing field",
        "    category: data protection\n",
        "",
        [
            "5: entries[0]: `category` is missing. Fix: add `category: …` (Entries of one category are each other's wrong options.)"
        ],
    ),
    Case(
        "missing field inside a fact",
        "      - text: Findings go to EventBridge.\n        source",
        "      - source",
        [
            "20: entries[0].facts[1]: `text` is missing. Fix: add `text: …` (One or two plain sentences of your own.)"
        ],
    ),
    Case(
        "no topic",
        "topic: Data protection\n",
        "",
        ["1: `entries` stands here without `topic`. Fix: add `topic`, or take `entries` out"],
    ),
    Case(
        "list for text",
        "name: Amazon Macie\n",
        "name: [Amazon Macie]\n",
        [
            "6: entries[0].name: Expected text, found a list. Fix: leave out the `- ` or the brackets"
        ],
    ),
    Case(
        "keys for text",
        "name: Amazon Macie\n",
        "name: {a: b}\n",
        ["6: entries[0].name: Expected text, found keys and values. Fix: quote it"],
    ),
    Case(
        "text for list",
        "aliases: [Macie]",
        "aliases: Macie",
        ["7: entries[0].aliases: Expected a list, found text. Fix: write `[Macie]`"],
    ),
    Case(
        "keys for list",
        "aliases: [Macie]",
        "aliases: {Macie: x}",
        [
            "7: entries[0].aliases: Expected a list, found keys and values. Fix: begin each item with `- `"
        ],
    ),
    Case(
        "text for record",
        "    responsibilities:\n      aws: [running the jobs]\n      customer: [choosing the buckets]\n      shared: []\n",
        "    responsibilities: AWS\n",
        [
            "31: entries[0].responsibilities: Expected keys and values, found text. Fix: write `key: value` lines with the keys: aws, customer, shared"
        ],
    ),
    Case(
        "list for file",
        GOOD,
        "- a\n",
        [
            "1: Expected keys and values, found a list. Fix: write `key: value` lines with the keys: topic, exam, domain, entries, questions, elsewhere, other_subjects, related, synonyms, exams"
        ],
    ),
    Case(
        "empty text",
        "category: data protection",
        'category: ""',
        ["10: entries[0].category: It is empty. Fix: write something, or take the line out"],
    ),
    Case(
        "no value",
        "category: data protection",
        "category:",
        ["10: entries[0].category: It is empty. Fix: write something, or take the line out"],
    ),
    Case(
        "null",
        "category: data protection",
        "category: ~",
        ['10: entries[0].category: YAML reads `~` as nothing. Fix: quote it: "~"'],
    ),
    Case(
        "time",
        "name: Amazon Macie\n",
        "name: 12:30\n",
        ['6: entries[0].name: YAML reads `12:30` as the number 750. Fix: quote it: "12:30"'],
    ),
    Case(
        "float",
        "name: Amazon Macie\n",
        "name: 1.10\n",
        ['6: entries[0].name: YAML reads `1.10` as the number 1.1. Fix: quote it: "1.10"'],
    ),
    Case(
        "octal",
        "name: Amazon Macie\n",
        "name: 010\n",
        ['6: entries[0].name: YAML reads `010` as the number 8. Fix: quote it: "010"'],
    ),
    Case(
        "bool",
        "aliases: [Macie]",
        "aliases: [Macie, yes]",
        ['7: entries[0].aliases[1]: YAML reads `yes` as true. Fix: quote it: "yes"'],
    ),
    Case(
        "date",
        'verified_on: "2026-11-20"',
        "verified_on: 2026-11-20",
        [
            '22: entries[0].facts[1].verified_on: YAML reads `2026-11-20` as a date. Fix: quote it: "2026-11-20"'
        ],
    ),
    Case(
        "too long",
        "category: data protection",
        "category: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        [
            "10: entries[0].category: It has 41 characters; at most 40 are shown. Fix: shorten it by 1"
        ],
    ),
    Case(
        "id form",
        "  - id: amazon-macie\n",
        "  - id: Amazon_Macie\n",
        [
            "5: entries[0].id: “Amazon_Macie” is not an id. Fix: use lower-case letters, digits and single hyphens: amazon-macie",
            "54: questions[0].about: There is no entry `amazon-macie`. Fix: did you mean `Amazon_Macie`?",
        ],
    ),
    Case(
        "exam code form",
        "  - id: CLF-C02\n",
        "  - id: CLF C02\n",
        [
            "2: exam: There is no exam `CLF-C02`. Fix: did you mean `CLF C02`?",
            "64: exams[0].id: “CLF C02” is not an exam's code. Fix: use letters, digits and single hyphens: CLF-C02",
        ],
    ),
    Case(
        "kind",
        "kind: service\n",
        "kind: servise\n",
        ["9: entries[0].kind: “servise” is not allowed here. Fix: did you mean `service`?"],
    ),
    Case(
        "kind unknown",
        "kind: service\n",
        "kind: magic\n",
        [
            "9: entries[0].kind: “magic” is not allowed here. Fix: use one of: service, feature, concept, policy, account, tool, plan, option"
        ],
    ),
    Case(
        "http",
        "source: https://docs.aws.amazon.com/macie/latest/user/findings.html",
        "source: http://docs.aws.amazon.com/",
        [
            "21: entries[0].facts[1].source: “http://docs.aws.amazon.com/” is not an https address. Fix: give the whole address, beginning with https://"
        ],
    ),
    Case(
        "not a date",
        '"2026-11-20"',
        '"20 November"',
        [
            '22: entries[0].facts[1].verified_on: “20 November” is not a date. Fix: write year-month-day in quotes: "2026-11-24"'
        ],
    ),
    Case(
        "entry with a half date",
        '    verified_on: "2026-11-24"\n',
        '    verified_on: "2026-11"\n',
        [
            '37: entries[0].verified_on: “2026-11” is not a date. Fix: write year-month-day in quotes: "2026-11-24"'
        ],
    ),
    Case(
        "both evidence",
        "    unverified: nobody has read it yet\n",
        '    unverified: nobody has read it yet\n    verified_on: "2026-11-24"\n',
        [
            "38: entries[1]: `verified_on` and `unverified` cannot both be there. Fix: keep the one that is true"
        ],
    ),
    Case(
        "no evidence",
        "    unverified: nobody has read it yet\n",
        "",
        [
            "38: entries[1]: Neither `verified_on` nor `unverified` is there. Fix: add `verified_on` or `unverified`"
        ],
    ),
    Case(
        "fact source alone",
        '        verified_on: "2026-11-20"\n',
        "",
        [
            "20: entries[0].facts[1]: `source` stands here without `verified_on` or `unverified`. Fix: add `verified_on` or `unverified`, or take `source` out"
        ],
    ),
    Case(
        "fact both",
        '        verified_on: "2026-11-20"\n',
        '        verified_on: "2026-11-20"\n        unverified: no\n',
        [
            "20: entries[0].facts[1]: `verified_on` and `unverified` cannot both be there. Fix: keep the one that is true",
            '23: entries[0].facts[1].unverified: YAML reads `no` as false. Fix: quote it: "no"',
        ],
    ),
    Case(
        "status",
        "    status_note: No new customers since a day in 2026.\n",
        "",
        [
            "38: entries[1]: `status: closed` stands here without `status_note`. Fix: add `status_note`, or take `status` out"
        ],
    ),
    Case(
        "blank without wrong",
        "        wrong: [Amazon EBS, Amazon RDS, AWS Lambda]\n",
        "",
        [
            "16: entries[0].facts[0]: `blank` stands here without `wrong`. Fix: add `wrong`, or take `blank` out"
        ],
    ),
    Case(
        "wrong without blank",
        "        blank: Amazon S3\n",
        "",
        [
            "16: entries[0].facts[0]: `wrong` stands here without `blank`. Fix: add `blank`, or take `wrong` out"
        ],
    ),
    Case(
        "too few wrong",
        "[Amazon EBS, Amazon RDS, AWS Lambda]",
        "[Amazon EBS, Amazon RDS]",
        ["19: entries[0].facts[0].wrong: It holds 2; the least is 3. Fix: add 1 more"],
    ),
    Case(
        "no clues",
        "clues: [finds sentiment and key phrases in text]",
        "clues: []",
        ["43: entries[1].clues: It holds 0; the least is 1. Fix: add 1 more"],
    ),
    Case(
        "clue capital",
        "discovers personal",
        "Discovers personal",
        [
            '13: entries[0].clues[0]: “Discovers personal data in S3 buckets” does not continue "Which service …?". Fix: begin with a lower-case verb and leave out the full stop: detects unusual API calls'
        ],
    ),
    Case(
        "clue stop",
        "data in S3 buckets\n",
        "data in S3 buckets.\n",
        [
            '13: entries[0].clues[0]: “discovers personal data in S3 buckets.” does not continue "Which service …?". Fix: begin with a lower-case verb and leave out the full stop: detects unusual API calls'
        ],
    ),
    Case(
        "clue twice",
        "PII in buckets is what it reports",
        "discovers personal data in S3 buckets",
        [
            "14: entries[0].clues[1]: “discovers personal data in S3 buckets” stands in this list twice. Fix: take one out"
        ],
    ),
    Case(
        "one choice",
        "[Amazon Macie, Amazon Inspector, AWS Config]",
        "[Amazon Macie]",
        ["56: questions[0].choices: It holds 1; the least is 2. Fix: add 1 more"],
    ),
    Case(
        "six choices",
        "[Amazon Macie, Amazon Inspector, AWS Config]",
        "[Amazon Macie, B, C, D, E, F]",
        ["56: questions[0].choices: It holds 6; the most is 5. Fix: take 1 out"],
    ),
    Case(
        "weight text",
        "weight: 70",
        'weight: "70"',
        [
            "67: exams[0].domains[0].weight: `70` is not a whole number from 1 to 100. Fix: write digits only, without quotes: 24"
        ],
    ),
    Case(
        "weight list",
        "weight: 70",
        "weight: [70]",
        [
            "67: exams[0].domains[0].weight: Expected a whole number, found a list. Fix: write digits only, without quotes: 24"
        ],
    ),
    Case(
        "weight range",
        "weight: 70",
        "weight: 170",
        [
            "67: exams[0].domains[0].weight: `170` is not a whole number from 1 to 100. Fix: write digits only, without quotes: 24"
        ],
    ),
    Case(
        "synonym alone",
        "[mood, sentiment]",
        "[mood]",
        ["62: synonyms[1]: It holds 1; the least is 2. Fix: add 1 more"],
    ),
    Case(
        "related without a meaning",
        "    mean: [encrypt]\n",
        "",
        ["83: related[0]: `mean` is missing. Fix: add `mean: …` (Words of the field.)"],
    ),
    Case(
        "line break",
        "summary: Finds meaning in text.",
        "summary: |\n      Finds meaning\n      in text.",
        [
            "42: entries[1].summary: It has a line break, or space at an end. Fix: write one paragraph without space around it; over several lines, begin with `>-`"
        ],
    ),
    Case(
        "folded with newline",
        "summary: Finds meaning in text.",
        "summary: >\n      Finds meaning\n      in text.",
        [
            "42: entries[1].summary: It has a line break, or space at an end. Fix: write one paragraph without space around it; over several lines, begin with `>-`"
        ],
    ),
    Case(
        "zero width",
        "Finds meaning",
        "Finds\u200b meaning",
        [
            "42: entries[1].summary: It has an invisible character, U+200B after “Finds”. Fix: delete it, or type an ordinary space"
        ],
    ),
    Case(
        "nbsp",
        "Finds meaning",
        "Finds\xa0meaning",
        [
            "42: entries[1].summary: It has an invisible character, U+00A0 after “Finds”. Fix: delete it, or type an ordinary space"
        ],
    ),
    Case(
        "control",
        "summary: Finds meaning in text.",
        'summary: "Finds\\x07 meaning"',
        [
            "42: entries[1].summary: It has an invisible character, U+0007 after “Finds”. Fix: delete it, or type an ordinary space"
        ],
    ),
    Case(
        "everyone",
        "Finds meaning",
        "Tells @everyone the meaning",
        [
            "42: entries[1].summary: Discord reads `@everyone` as a mention or a command. Fix: say it in words"
        ],
    ),
    Case(
        "mention",
        "Finds meaning",
        "Tells <@123> the meaning",
        [
            "42: entries[1].summary: Discord reads `<@` as a mention or a command. Fix: say it in words"
        ],
    ),
    Case(
        "many at once",
        "    kind: service\n    category: data protection\n",
        "    kind: yes\n    categori: data protection\n    correction: 1.10\n",
        [
            '9: entries[0].kind: YAML reads `yes` as true. Fix: quote it: "yes"',
            "10: entries[0]: `categori` is not a key here. Fix: did you mean `category`?",
            '11: entries[0].correction: YAML reads `1.10` as the number 1.1. Fix: quote it: "1.10"',
            "36: entries[0].correction: `correction` stands here twice, first on line 11. Fix: keep one of the two",
        ],
    ),
    Case("empty file", GOOD, "", ["The file is empty. Fix: write `topic:` and `entries:` into it"]),
    Case(
        "comment only",
        GOOD,
        "# nothing\n",
        ["The file is empty. Fix: write `topic:` and `entries:` into it"],
    ),
]

# What only the whole shows.
LINKS = [
    Case(
        "listed twice",
        "names: [Amazon Comprehend, Sentiment analysis]",
        "names: [Amazon Comprehend, Sentiment analysis, amazon comprehend]",
        [
            "75: exams[1].in_scope[0].names[2]: “amazon comprehend” is listed already, on line 75. Fix: take one out"
        ],
    ),
    Case(
        "out of scope twice",
        "out_of_scope: [Amazon Macie]",
        "out_of_scope: [Amazon Macie, Amazon Macie]",
        [
            "79: exams[1].out_of_scope[1]: “Amazon Macie” is listed as out of scope already, on line 79. Fix: take one out"
        ],
    ),
    Case(
        "core twice",
        "core: [Amazon Comprehend]",
        "core: [Amazon Comprehend, amazon comprehend]",
        [
            "80: exams[1].core[1]: “amazon comprehend” is listed as core already, on line 80. Fix: take one out"
        ],
    ),
    Case(
        "in and out of scope",
        "out_of_scope: [Amazon Macie]",
        "out_of_scope: [Amazon Macie, Amazon Comprehend]",
        [
            "79: exams[1].out_of_scope[1]: “Amazon Comprehend” is listed as in scope too. Fix: keep it on the list on which the guide has it"
        ],
    ),
    Case(
        "covered, not listed",
        "{name: Sentiment analysis, entry",
        "{name: Sentiment analisis, entry",
        [
            "78: exams[1].covered_by[0].name: No list has the name “Sentiment analisis”. Fix: did you mean `Sentiment analysis`?"
        ],
    ),
    Case(
        "no exam",
        "exam: CLF-C02\n",
        "",
        [
            "4: entries[0]: `exam` is missing. Fix: add `exam: …` to the entry, or at the top for all of them"
        ],
    ),
    Case(
        "no domain",
        "domain: security-compliance\n",
        "",
        [
            "4: entries[0]: `domain` is missing. Fix: add `domain: …` to the entry, or at the top for all of them"
        ],
    ),
    Case(
        "no such day",
        '"2026-11-20"',
        '"2026-02-30"',
        [
            "22: entries[0].facts[1].verified_on: “2026-02-30” is no day of the calendar. Fix: correct it"
        ],
    ),
    Case(
        "future",
        '"2026-11-20"',
        '"2026-11-25"',
        [
            "22: entries[0].facts[1].verified_on: 2026-11-25 is in the future. Fix: write the day on which you read the page"
        ],
    ),
    Case(
        "entry read in the future",
        '    verified_on: "2026-11-24"\n',
        '    verified_on: "2027-01-01"\n',
        [
            "37: entries[0].verified_on: 2027-01-01 is in the future. Fix: write the day on which you read the page"
        ],
    ),
    Case(
        "entry's own domain",
        "    correction:",
        "    domain: cloud-concept\n    correction:",
        [
            "35: entries[0].domain: The exam CLF-C02 has no domain `cloud-concept`. Fix: did you mean `cloud-concepts`?"
        ],
    ),
    Case(
        "wrong is right",
        "[Amazon EBS, Amazon RDS, AWS Lambda]",
        "[Amazon EBS, Amazon RDS, amazon s3]",
        [
            "19: entries[0].facts[0].wrong[2]: “amazon s3” is the right filling. Fix: write a false one"
        ],
    ),
    Case(
        "wrong twice",
        "[Amazon EBS, Amazon RDS, AWS Lambda]",
        "[Amazon EBS, Amazon RDS, amazon rds]",
        [
            "19: entries[0].facts[0].wrong[2]: “amazon rds” stands in this list twice. Fix: take one out"
        ],
    ),
    Case(
        "blank absent",
        "blank: Amazon S3",
        "blank: amazon s3",
        [
            "18: entries[0].facts[0].blank: “amazon s3” does not stand in the text. Fix: copy it from the text, with its case"
        ],
    ),
    Case(
        "blank twice",
        "blank: Amazon S3",
        "blank: o",
        [
            "18: entries[0].facts[0].blank: “o” stands 5 times in the text. Fix: choose a part that is unique"
        ],
    ),
    Case(
        "blank in a word",
        "blank: Amazon S3",
        "blank: object",
        [
            "18: entries[0].facts[0].blank: “object” is a part of a word in the text. Fix: take whole words"
        ],
    ),
    Case(
        "clue names",
        "discovers personal",
        "is macie and discovers personal",
        [
            "13: entries[0].clues[0]: The clue gives its own answer away: “Macie”. Fix: say it without the name"
        ],
    ),
    Case(
        "clue former",
        "discovers personal",
        "was macie classic and discovers personal",
        [
            "13: entries[0].clues[0]: The clue gives its own answer away: “Macie”. Fix: say it without the name"
        ],
    ),
    Case(
        "clue elsewhere",
        "[finds sentiment and key phrases in text]",
        "[discovers personal data in S3 buckets]",
        [
            "43: entries[1].clues[0]: This clue stands elsewhere too (data-protection.yaml:13). Fix: write a clue that fits this entry alone"
        ],
    ),
    Case(
        "half names own",
        "this: looks at",
        "this: is Macie that looks at",
        [
            "29: entries[0].confused_with[0].this: A half of a difference names “Macie”. Fix: say it without either name"
        ],
    ),
    Case(
        "half names other",
        "that: finds",
        "that: is Amazon Comprehend that finds",
        [
            "30: entries[0].confused_with[0].that: A half of a difference names “Amazon Comprehend”. Fix: say it without either name"
        ],
    ),
    Case(
        "link nowhere near",
        "      - id: amazon-comprehend\n",
        "      - id: amazon-comprehends\n",
        [
            "28: entries[0].confused_with[0].id: There is no entry `amazon-comprehends`. Fix: did you mean `amazon-comprehend`?"
        ],
    ),
    Case(
        "link nowhere",
        "      - id: amazon-comprehend\n",
        "      - id: aws-waf\n",
        [
            "28: entries[0].confused_with[0].id: There is no entry `aws-waf`. Fix: write the id of an entry"
        ],
    ),
    Case(
        "link to itself",
        "      - id: amazon-comprehend\n",
        "      - id: amazon-macie\n",
        [
            "28: entries[0].confused_with[0].id: An entry cannot be confused with itself. Fix: name another"
        ],
    ),
    Case(
        "link twice",
        "    responsibilities:\n",
        "      - {id: amazon-comprehend, this: is one, that: is two}\n    responsibilities:\n",
        [
            "31: entries[0].confused_with[1].id: `amazon-comprehend` is compared here twice. Fix: keep the sharper pair"
        ],
    ),
    Case(
        "duplicate id",
        "  - id: amazon-comprehend\n    name",
        "  - id: amazon-macie\n    name",
        [
            "28: entries[0].confused_with[0].id: There is no entry `amazon-comprehend`. Fix: write the id of an entry",
            "38: entries[1].id: There is an entry `amazon-macie` already (data-protection.yaml:5). Fix: give each entry its own id",
        ],
    ),
    Case(
        "duplicate name",
        "name: Amazon Comprehend",
        "name: amazon  macie",
        [
            "39: entries[1].name: “amazon  macie” is a name already (`amazon-macie`, data-protection.yaml:6). Fix: let each name lead to one entry, once"
        ],
    ),
    Case(
        "duplicate alias",
        "aliases: [Macie]",
        "aliases: [Macie, Amazon Comprehend]",
        [
            "39: entries[1].name: “Amazon Comprehend” is a name already (`amazon-macie`, data-protection.yaml:7). Fix: let each name lead to one entry, once"
        ],
    ),
    Case(
        "alias is own name",
        "aliases: [Macie]",
        "aliases: [MACIE, Macie]",
        [
            "7: entries[0].aliases[1]: “Macie” is a name already (`amazon-macie`, data-protection.yaml:7). Fix: let each name lead to one entry, once"
        ],
    ),
    Case(
        "duty on two sides",
        "customer: [choosing the buckets]",
        "customer: [Running the jobs]",
        [
            "33: entries[0].responsibilities.customer[0]: “Running the jobs” is listed under `aws` too. Fix: keep it on one side, or only under `shared`"
        ],
    ),
    Case(
        "question id twice",
        "questions:\n",
        "questions:\n  - id: macie-audit\n    about: amazon-macie\n    question: Who?\n    choices: [He, She]\n    answer: She\n    explanation: She was it.\n    source: https://a.example\n",
        [
            "60: questions[1].id: There is a question `macie-audit` already (data-protection.yaml:53). Fix: give each question its own id"
        ],
    ),
    Case(
        "about nothing",
        "about: amazon-macie",
        "about: amazon-mace",
        [
            "54: questions[0].about: There is no entry `amazon-mace`. Fix: did you mean `amazon-macie`?"
        ],
    ),
    Case(
        "answer not a choice",
        "answer: Amazon Macie",
        "answer: amazon macie",
        [
            "57: questions[0].answer: “amazon macie” is none of the choices. Fix: copy the right choice, word for word"
        ],
    ),
    Case(
        "choices alike",
        "[Amazon Macie, Amazon Inspector, AWS Config]",
        "[Amazon Macie, Amazon Inspector, amazon inspector]",
        [
            "56: questions[0].choices[2]: “amazon inspector” stands in this list twice. Fix: take one out"
        ],
    ),
    Case(
        "exam unknown",
        "exam: CLF-C02\n",
        "exam: CLF-C01\n",
        ["2: exam: There is no exam `CLF-C01`. Fix: did you mean `CLF-C02`?"],
    ),
    Case(
        "exam unknown 2",
        "exam: AIF-C01\n",
        "exam: XYZ\n",
        [
            "46: entries[1].exam: There is no exam `XYZ`. Fix: add it under `exams:` in a knowledge file"
        ],
    ),
    Case(
        "domain unknown",
        "domain: security-compliance\n",
        "domain: security\n",
        [
            "3: domain: The exam CLF-C02 has no domain `security`. Fix: did you mean `security-compliance`?"
        ],
    ),
    Case(
        "said twice",
        "    mean: [encrypt]\n",
        "    mean: [encrypt]\n  - say: [Scramble]\n    mean: [decrypt]\n",
        [
            "85: related[1].say[0]: “Scramble” is said already (data-protection.yaml:83). Fix: join the two, or take it out of one"
        ],
    ),
    Case(
        "domain of another exam",
        "    domain: foundation-models\n",
        "",
        [
            "46: entries[1].exam: The exam AIF-C01 has no domain `security-compliance`. Fix: use one of: foundation-models"
        ],
    ),
    Case(
        "weights",
        "weight: 70",
        "weight: 60",
        [
            "66: exams[0].domains: The weights add up to 90, not to 100. Fix: copy the weights from the exam guide"
        ],
    ),
    Case(
        "domain twice",
        "{id: cloud-concepts",
        "{id: security-compliance",
        [
            "68: exams[0].domains[1].id: The exam has a domain `security-compliance` already. Fix: give each domain its own id"
        ],
    ),
    Case(
        "exam twice",
        "  - id: AIF-C01\n    name",
        "  - id: CLF-C02\n    name",
        [
            "46: entries[1].exam: There is no exam `AIF-C01`. Fix: add it under `exams:` in a knowledge file",
            "69: exams[1].id: There is an exam `CLF-C02` already (data-protection.yaml:64). Fix: give each exam its own id",
        ],
    ),
    Case(
        "synonym twice",
        "[mood, sentiment]",
        "[mood, PII]",
        [
            "62: synonyms[1][1]: “PII” is in a group already (data-protection.yaml:61). Fix: join the two groups, or take it out of one"
        ],
    ),
]

# What YAML itself refuses, or hides from a schema.
YAML = [
    Case(
        "a key twice",
        "    kind: service\n",
        "    kind: service\n    kind: tool\n",
        [
            "10: entries[0].kind: `kind` stands here twice, first on line 9. Fix: keep one of the two"
        ],
    ),
    Case(
        "broken number",
        "name: Amazon Macie\n",
        "name: 0b_\n",
        ['6: entries[0].name: YAML reads `0b_` as a number. Fix: quote it: "0b_"'],
    ),
    Case(
        "equals sign",
        "name: Amazon Macie\n",
        "name: =\n",
        ['6: entries[0].name: YAML reads `=` as a sign of its own. Fix: quote it: "="'],
    ),
    Case(
        "tag",
        "name: Amazon Macie\n",
        "name: !secret x\n",
        ["6: entries[0].name: `!secret` is a tag; tags are not read. Fix: take the tag out"],
    ),
    Case(
        "weight octal",
        "weight: 70",
        "weight: 070",
        [
            "67: exams[0].domains[0].weight: `070` is not a whole number from 1 to 100. Fix: write digits only, without quotes: 24"
        ],
    ),
    Case(
        "alias",
        "category: language",
        "category: *x",
        ["41: Aliases (`*name`) are not read. Fix: write the text out"],
    ),
    Case(
        "anchored alias",
        "category: data protection",
        "category: &x data protection\n    correction: *x",
        ["11: Aliases (`*name`) are not read. Fix: write the text out"],
    ),
    Case(
        "merge",
        "category: language",
        "category: language\n    <<: {correction: Yes it is.}",
        [
            "42: entries[1]: `<<` is not a key here. Fix: use one of: id, name, kind, category, summary, clues, facts, source, aliases, former, terms, confused_with, responsibilities, correction, status, status_note, exam, domain, verified_on, unverified"
        ],
    ),
    Case(
        "complex key",
        "category: language",
        "category: language\n    ? [a]\n    : b",
        [
            "42: entries[1]: `a list` is not a key here. Fix: use one of: id, name, kind, category, summary, clues, facts, source, aliases, former, terms, confused_with, responsibilities, correction, status, status_note, exam, domain, verified_on, unverified"
        ],
    ),
    Case(
        "tab",
        "    category: language",
        "\tcategory: language",
        [
            "41: This is not YAML: found a tab character that violates indentation. Fix: indent with spaces, not with tabs"
        ],
    ),
    Case(
        "colon",
        "summary: Finds meaning in text.",
        "summary: Finds: meaning in text.",
        [
            '42: This is not YAML: mapping values are not allowed in this context. Fix: put text that holds ": " in quotes, or mend the indent'
        ],
    ),
    Case(
        "open quote",
        "    source: https://docs.aws.amazon.com/comprehend/latest/dg/what-is.html",
        '    source: "https',
        [
            "50: This is not YAML: found unexpected end of stream. Fix: close the quote or the bracket that is still open"
        ],
    ),
    Case(
        "quote in front",
        "summary: Finds meaning in text.",
        'summary: "Finds" meaning in text.',
        [
            "42: This is not YAML: did not find expected key. Fix: put the whole text in quotes, or mend the indent"
        ],
    ),
    Case(
        "at sign",
        "summary: Finds meaning in text.",
        "summary: @text.",
        [
            "42: This is not YAML: found character that cannot start any token. Fix: put text that begins with @, `, % or a tab in quotes"
        ],
    ),
    Case(
        "open bracket",
        "  - [mood, sentiment]",
        "  - [mood, sentiment",
        [
            "62: This is not YAML: did not find expected ',' or ']'. Fix: close the bracket, or put text that holds a comma or bracket in quotes"
        ],
    ),
    Case(
        "two documents",
        "synonyms:",
        "---\nsynonyms:",
        [
            "60: This is not YAML: but found another document. Fix: leave out the line `---`; one file holds one document"
        ],
    ),
    Case(
        "raw control",
        "Finds meaning",
        "Finds\x07",
        ["42: A control character (U+0007) stands here. Fix: delete it"],
    ),
    Case(
        "bad escape",
        "summary: Finds meaning in text.",
        'summary: "\\d"',
        [
            "42: This is not YAML: found unknown escape character. Fix: write the character itself, or put the text in single quotes"
        ],
    ),
    Case(
        "no colon",
        "    category: language",
        "    category language",
        [
            "42: This is not YAML: could not find expected ':'. Fix: put a colon and a space after the key"
        ],
    ),
    Case(
        "deep",
        GOOD,
        "[" * 900 + "]" * 900,
        [
            "1: Expected keys and values, found a list. Fix: write `key: value` lines with the keys: topic, exam, domain, entries, questions, elsewhere, other_subjects, related, synonyms, exams"
        ],
    ),
    Case(
        "topic twice is one key",
        "exam: CLF-C02\n",
        "exam: CLF-C02\ntopic: Other\n",
        ["3: topic: `topic` stands here twice, first on line 1. Fix: keep one of the two"],
    ),
]
