"""Which facts of an entry answer a question: the ones that share its words and its intent.

A question often asks for a kind of fact in words that the fact does not use: "how many" wants a
number, "is it free" a price. Such a fact goes before others that share as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.core.corpus import FIRST_FACT
from bot.core.cue import Cue
from bot.core.model import Fact
from bot.core.text import roots

_NUMBER = r"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
_SPAN = r"(?:milli)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)"
TEXTS_REMEMBERED = 20_000


class FactKind:
    """A kind of fact, such as a price: how it is asked for, and what such a fact says."""

    def __init__(self, asked: Cue, told: re.Pattern[str]) -> None:
        """Both look at texts in lower case."""
        self.asked = asked
        self._told = told
        self.is_told_in = lru_cache(TEXTS_REMEMBERED)(self._is_told_in)
        """Whether a text, in lower case, is such a fact."""

    def _is_told_in(self, text: str) -> bool:
        return self._told.search(text) is not None


KINDS: tuple[FactKind, ...] = tuple(
    FactKind(Cue(letters, asked), re.compile(told))
    for letters, asked, told in (
        (
            "how |number of|max|min|limit|cap|ceiling|fit|est|at |up to|nines|per|%",
            r"\bhow (?:many|much|big|large|few)\b|\bnumber of\b|\b(?:max|min)(?:imum)?\b"
            r"|\b(?:limits?|caps?|ceilings?|fits?)\b|\b(?:largest|longest|biggest)\b"
            r"|\bat (?:least|most)\b|\bup to\b|\bnines\b|\bper ?cent\b|%",
            _NUMBER + r"|\b(?:no limit|unlimited)\b",
        ),
        (
            "how |retention|expire|duration|est|timeout|wait|notice|time|until|second"
            "|minute|hour|day|week|month|year",
            r"\bhow (?:long|fast|quick(?:ly)?|soon|often|old)\b|\bretention\b|\bexpires?\b"
            r"|\bduration\b|\b(?:long|quick|fast|short)est\b|\btimeout\b|\bwait\b|\bnotice\b"
            rf"|\b(?:what|which) time\b|\buntil when\b|\b{_SPAN}\b",
            rf"\b{_SPAN}\b",
        ),
        (
            "free|cost|pay|paid|pric|charg|fee|bill|expensive|cheap|money|dollar|how much|$",
            r"\b(?:free|cost\w*|pay\w*|paid|pric\w+|charg\w+|fees?|bill(?:ed|ing)?|expensive"
            r"|cheap\w*|money|dollars?)\b|\bhow much\b|\$",
            r"\b(?:free|costs?|pay|paid|price[ds]?|charge[ds]?|fees?|billed|no additional|no extra"
            r"|dollars?|pay-as-you-go|per (?:hour|second|request|gb|query|month))\b",
        ),
        (
            "who|responsib",
            r"\bwho (?:\w+ )?(?:patch\w*|manag\w+|runs?|maintain\w*|updates?|does|secures?"
            r"|configures?|has to|must|is responsible|owns?|takes care)\b|\bresponsib\w+\b"
            r"|\bwhose\b",
            r"\bresponsib\w+\b|\baws (?:patches|manages|runs|maintains|takes)\b"
            r"|\byou (?:patch|manage|stay)\b",
        ),
        (
            "global|region|zonal|scope|worldwide",
            r"\b(?:global|regional|zonal|scope|worldwide)\b|\b(?:per|every|one|across) regions?\b",
            r"\b(?:global\w*|regional\w*|(?:per|a|each) region|regions|availability zones?)\b",
        ),
        (
            "default|automatically|turned on|switched on|enabled|out of the box",
            r"\b(?:default|automatically|turned on|switched on|enabled)\b|\bout of the box\b",
            r"\b(?:default|automatic\w*|always|enabled|switched on|turned on|on its own)\b",
        ),
        (
            "%|per|discount|how much",
            r"%|\bper ?cent\b|\bdiscounts?\b|\bhow much (?:\w+ ){0,3}(?:save|off|cheaper|less)\b",
            r"\bpercent\b|%",
        ),
        (
            "prerequisite|require|must|turn|switch|enabled|installed|set up|before|do i"
            "|do we|do you|need",
            r"\bprerequisites?\b|\brequire(?:s|d|ments?)?\b|\bmust (?:i|we|you)\b"
            r"|\b(?:(?:turn|switch)(?:ed)? on|enabled|installed|set up)\b"
            r".*\b(?:before|first|to use)\b"
            r"|\bbefore (?:i|we|you) can\b|\bdo (?:i|we|you) (?:need|have) to\b"
            r"|\bneed(?:ed)? (?:first|before)\b",
            r"\b(?:requires?|must|needs?|without|prerequisites?|before you)\b",
        ),
        ("encrypt|scrambled", r"\b(?:encrypt\w*|scrambled)\b", r"\b(?:encrypt\w*|kms)\b"),
        (
            "used to be|former|old name|previous|renamed|called before",
            r"\b(?:used to be|former(?:ly)?|old name|previous(?:ly)?|renamed|called before)\b",
            r"\b(?:former\w*|renamed|earlier|used to be|was called|until|successor|replaced)\b",
        ),
    )
)
FACTS_SHOWN = 3
"""Facts of an answer that are read first."""
TERM = 0.3
"""What it adds that all words of one of a fact's terms are asked for, in the same units."""
INTENT = 0.35
"""What one fitting intent adds, in units of the idf of a term of one entry only."""


def wanted(question: str) -> tuple[FactKind, ...]:
    """Return the kinds of fact that ``question``, in lower case, asks for."""
    return tuple([kind for kind in KINDS if kind.asked.is_in(question)])


def missed(kinds: Sequence[FactKind], texts: Sequence[str]) -> int:
    """Return how many of ``kinds`` none of ``texts`` is.

    >>> missed(wanted("how many copies does it keep, is it free?"), ["It keeps six copies."])
    1
    """
    if not kinds:
        return 0
    folded = [text.casefold() for text in texts]
    return sum(not any(map(kind.is_told_in, folded)) for kind in kinds)


class Facts:
    """The facts of an entry, ready to be put in order."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._texts = [fact.text.casefold() for fact in facts]
        self._terms: dict[int, list[tuple[str, ...]]] = {}
        """The words of each term of the facts that had something of a question."""

    def order(
        self, kinds: Sequence[FactKind], stems: frozenset[str], passages: Mapping[int, float]
    ) -> tuple[Fact, ...]:
        """Return the facts best first; equal ones stay as they were written.

        ``kinds`` are those that the question asks for; ``stems`` are those of its words, without
        the entry's name; ``passages`` is the score of each passage of the entry that has any.
        """
        worth = [passages.get(FIRST_FACT + number, 0.0) for number in range(len(self._facts))]
        for kind in kinds:
            for number, is_told in enumerate(map(kind.is_told_in, self._texts)):
                worth[number] += INTENT * is_told
        for number, fact in enumerate(self._facts):
            is_asked = fact.terms and FIRST_FACT + number in passages
            if is_asked and any(map(stems.issuperset, self._terms_of(number))):
                worth[number] += TERM
        ranked = sorted(range(len(worth)), key=lambda number: (-worth[number], number))
        return tuple([self._facts[number] for number in ranked])

    def _terms_of(self, number: int) -> list[tuple[str, ...]]:
        """Return the words of each term of a fact; a term that says nothing is left out."""
        found = self._terms.get(number)
        if found is None:
            found = [words for term in self._facts[number].terms if (words := roots(term))]
            self._terms[number] = found
        return found
