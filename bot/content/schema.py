"""The format of a knowledge file, declared once; docs/KNOWLEDGE.md explains it to authors.

Limits keep every card and question inside Discord's; docs/KNOWLEDGE.md lists them.
"""

from __future__ import annotations

from typing import get_args

from bot.content.shapes import Form, Listing, Needs, Number, OneOf, Record, Text
from bot.core.model import Kind, Status

ID = Form(
    pattern="^[a-z0-9]+(?:-[a-z0-9]+)*$",
    problem="is not an id",
    fix="use lower-case letters, digits and single hyphens: amazon-macie",
)
_EXAM_ID = Form(
    pattern="^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$",
    problem="is not an exam's code",
    fix="use letters, digits and single hyphens: CLF-C02",
)
_ADDRESS = Form(
    pattern='^https://[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+(?:[/?#][^\\s<>"]*)?$',
    problem="is not an https address",
    fix="give the whole address, beginning with https://",
)
DATE = Form(
    pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    problem="is not a date",
    fix='write year-month-day in quotes: "2026-11-24"',
)
# The first word may have a capital when another capital or a digit follows: PII, DDoS, S3, MySQL.
_CLUE = Form(
    pattern="^(?:[^A-Z]|[A-Z][^\\s]*[A-Z0-9]).*[^.\\s]$",
    problem='does not continue "Which service …?"',
    fix="begin with a lower-case verb and leave out the full stop: detects unusual API calls",
)


def _source(says: str) -> Text:
    return Text(says, 200, _ADDRESS)


_VERIFIED_ON = Text('The day on which somebody read that page, in quotes: "2026-11-24".', 20, DATE)
_UNVERIFIED = Text("Why nobody has read the source for this claim yet.", 200)
_NAME_CHARS = 60


def _name(says: str) -> Text:
    return Text(says, _NAME_CHARS)


_EXAM = Text("Code of the exam, as in exams.yaml.", 40, _EXAM_ID)
_DOMAIN = Text("Id of the exam's domain, as in exams.yaml.", 60, ID)
_DUTY = Text('A phrase that follows "is responsible for".', 120)

FACT = Record(
    "One thing that is true of the entry.",
    required={"text": Text("One or two plain sentences of your own.", 300)},
    optional={
        "terms": Listing(
            "Words that people search this fact by and that its text lacks.",
            Text("A word or short phrase.", 40),
            distinct=True,
        ),
        "blank": Text("The part of the text to ask for; it stands there exactly once.", 80),
        "wrong": Listing(
            "Three or more false fillings of the same form.",
            Text("A plausible but false filling.", 80),
            least=3,
            distinct=True,
        ),
        "source": _source("Where this can be read, when not on the entry's page."),
        "verified_on": _VERIFIED_ON,
        "unverified": _UNVERIFIED,
    },
    rules=(
        Needs("blank", ("wrong",)),
        Needs("wrong", ("blank",)),
        Needs("source", ("verified_on", "unverified")),
        OneOf(("verified_on", "unverified"), needed=False),
    ),
)

DIFFERENCE = Record(
    "An entry that this one is mixed up with, and how they differ.",
    required={
        "id": Text("Id of the other entry.", 60, ID),
        "this": Text('What fits this entry: continues "Which service …?".', 160, _CLUE),
        "that": Text('What fits the other: continues "Which service …?".', 160, _CLUE),
    },
)

ENTRY = Record(
    "A thing to know: a service, a concept, a policy.",
    required={
        "id": Text("Stable id in kebab-case; never changes once published.", 60, ID),
        "name": _name("Today's official name."),
        "kind": Text("What sort of thing it is.", 20, choices=get_args(Kind)),
        "category": Text("Entries of one category are each other's wrong options.", 40),
        "summary": Text("One line: what it does.", 240),
        "clues": Listing(
            'Each completes "Which service …?" and fits this entry alone. Write 3 to 6.',
            Text("Begins with a lower-case verb, no full stop, without its name.", 160, _CLUE),
            least=1,
            distinct=True,
        ),
        "facts": Listing("At least 4; each stands alone.", FACT, least=1),
        "source": _source("The page that says what stands here."),
    },
    optional={
        "aliases": Listing("Other names in use: short ones, abbreviations.", _name("A name.")),
        "former": Listing("Names it had before; they still find it.", _name("A name.")),
        "terms": Listing(
            "Words people search it by: lay words, verbs of need, what they call it.",
            Text("A word or short phrase.", 40),
            distinct=True,
        ),
        "confused_with": Listing("Neighbours that it is mixed up with.", DIFFERENCE),
        "responsibilities": Record(
            'Who does what, in phrases that follow "is responsible for".',
            required={},
            optional={
                "aws": Listing("What AWS does.", _DUTY, distinct=True),
                "customer": Listing("What the customer does.", _DUTY, distinct=True),
                "shared": Listing("What both do, each for its part.", _DUTY, distinct=True),
            },
        ),
        "correction": Text("What older notes say that is not, or no longer, so.", 300),
        "status": Text(
            "Closed means closed to new customers. Left out, it is active.",
            20,
            choices=get_args(Status),
        ),
        "status_note": Text("Since when it is closed or retired, and what to use instead.", 300),
        "exam": _EXAM,
        "domain": _DOMAIN,
        "verified_on": _VERIFIED_ON,
        "unverified": _UNVERIFIED,
    },
    rules=(
        OneOf(("verified_on", "unverified"), needed=True),
        Needs("status", ("status_note",), values=("closed", "retired")),
    ),
)

QUESTION = Record(
    "A hand-written multiple-choice question.",
    required={
        "id": Text("Stable id in kebab-case; never changes once published.", 60, ID),
        "about": Text("Id of the entry it asks for.", 60, ID),
        "question": Text("The scenario, ending in a question.", 400),
        "choices": Listing(
            "Two to five, one of them right.",
            Text("A choice.", 100),
            least=2,
            most=5,
            distinct=True,
        ),
        "answer": Text("The right choice, word for word.", 100),
        "explanation": Text("Why it is right and the others are not.", 400),
        "source": _source("The page that settles it."),
    },
)

_LISTED = Text("A name as the exam guide writes it.", 120)

EXAM = Record(
    "A certification exam.",
    required={
        "id": _EXAM,
        "name": Text("Its official name.", 80),
        "domains": Listing(
            "Its domains; the weights add up to 100.",
            Record(
                "A part of the exam.",
                required={
                    "id": Text("Id that entries name as their domain.", 60, ID),
                    "name": Text("Its official name.", 80),
                    "weight": Number("Percent of the scored questions.", 1, 100),
                },
            ),
            least=1,
        ),
    },
    optional={
        "source": _source("The exam guide."),
        "in_scope": Listing(
            "What the guide lists; `study-bot coverage` names what no entry answers to.",
            Record(
                "One list of the guide.",
                required={
                    "heading": Text("Its heading.", 80),
                    "names": Listing("Its names, word for word.", _LISTED, least=1),
                },
                optional={
                    "source": _source("The page of the list."),
                    "verified_on": _VERIFIED_ON,
                },
                rules=(Needs("verified_on", ("source",)),),
            ),
        ),
        "covered_by": Listing(
            "Listed names that no entry bears, and the entry that tells about them.",
            Record(
                "One such name.",
                required={
                    "name": _LISTED,
                    "entry": Text("Id of the entry.", 60, ID),
                },
            ),
        ),
        "out_of_scope": Listing(
            "Names that the guide says are not asked; a draw for the exam leaves them out.",
            _LISTED,
        ),
        "core": Listing(
            "What the exam asks about most: likelier answers where a service is asked for.",
            _LISTED,
        ),
    },
)

KNOWLEDGE_FILE = Record(
    "One topic family of the study bot's knowledge.",
    required={},
    optional={
        "topic": _name("What members see in /quiz topic:. The topic's id is the file's name."),
        "exam": _EXAM,
        "domain": _DOMAIN,
        "entries": Listing("What there is to know.", ENTRY),
        "questions": Listing("Hand-written questions, when a scenario says it best.", QUESTION),
        "elsewhere": Listing(
            "Names that put a question outside the subject: other vendors and their products.",
            Text("A name in lower case.", 40),
            distinct=True,
        ),
        "other_subjects": Listing(
            "Words of other subjects: each makes it less likely that a question is about this one.",
            Text("A word or short phrase in lower case.", 40),
            distinct=True,
        ),
        "related": Listing(
            "Everyday words and the words of the field that they stand for, for all entries.",
            Record(
                "What members say, and what it means here.",
                required={
                    "say": Listing(
                        "What members say.", Text("A word or short phrase.", 40), least=1
                    ),
                    "mean": Listing(
                        "Words of the field.", Text("A word or short phrase.", 40), least=1, most=6
                    ),
                },
            ),
        ),
        "synonyms": Listing(
            "Groups of words that mean the same, for all entries.",
            Listing(
                "One group.", Text("A word or short phrase.", _NAME_CHARS), least=2, distinct=True
            ),
        ),
        "exams": Listing("Exams and the weights of their domains.", EXAM),
    },
    rules=(Needs("entries", ("topic",)),),
)
