"""Which facts of an entry answer a question: the ones that share its words and its intent.

A question often asks for a kind of fact in words that the fact does not use: "how many" wants a
number, "is it free" a price. Such a fact goes before others that share as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.core.corpus import FIRST_FACT
from bot.core.model import Fact
from bot.core.text import roots_of_each

_NUMBER = r"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
_SPAN = r"(?:milli)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)"
_INTENTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            r"\bhow (?:many|much|big|large|few)\b|\bnumber of\b|\b(?:max|min)(?:imum)?\b"
            r"|\b(?:limits?|caps?|ceilings?|fits?)\b|\b(?:largest|longest|biggest)\b"
            r"|\bat (?:least|most)\b|\bup to\b|\bnines\b|\bper ?cent\b|%",
            _NUMBER + r"|\b(?:no limit|unlimited)\b",
        ),
        (
            r"\bhow (?:long|fast|quick(?:ly)?|soon|often|old)\b|\bretention\b|\bexpires?\b"
            r"|\bduration\b|\b(?:long|quick|fast|short)est\b|\btimeout\b|\bwait\b|\bnotice\b"
            rf"|\b(?:what|which) time\b|\buntil when\b|\b{_SPAN}\b",
            rf"\b{_SPAN}\b",
        ),
        (
            r"\b(?:free|cost\w*|pay\w*|paid|pric\w+|charg\w+|fees?|bill(?:ed|ing)?|expensive"
            r"|cheap\w*|money|dollars?)\b|\bhow much\b|\$",
            r"\b(?:free|costs?|pay|paid|price[ds]?|charge[ds]?|fees?|billed|no additional|no extra"
            r"|dollars?|pay-as-you-go|per (?:hour|second|request|gb|query|month))\b",
        ),
        (
            r"\bwho (?:\w+ )?(?:patch\w*|manag\w+|runs?|maintain\w*|updates?|does|secures?"
            r"|configures?|has to|must|is responsible|owns?|takes care)\b|\bresponsib\w+\b"
            r"|\bwhose\b",
            r"\bresponsib\w+\b|\baws (?:patches|manages|runs|maintains|takes)\b"
            r"|\byou (?:patch|manage|stay)\b",
        ),
        (
            r"\b(?:global|regional|zonal|scope|worldwide)\b|\b(?:per|every|one|across) regions?\b",
            r"\b(?:global\w*|regional\w*|(?:per|a|each) region|regions|availability zones?)\b",
        ),
        (
            r"\b(?:default|automatically|turned on|switched on|enabled)\b|\bout of the box\b",
            r"\b(?:default|automatic\w*|always|enabled|switched on|turned on|on its own)\b",
        ),
        (
            r"%|\bper ?cent\b|\bdiscounts?\b|\bhow much (?:\w+ ){0,3}(?:save|off|cheaper|less)\b",
            r"\bpercent\b|%",
        ),
        (
            r"\bprerequisites?\b|\brequire(?:s|d|ments?)?\b|\bmust (?:i|we|you)\b"
            r"|\b(?:(?:turn|switch)(?:ed)? on|enabled|installed|set up)\b"
            r".*\b(?:before|first|to use)\b"
            r"|\bbefore (?:i|we|you) can\b|\bdo (?:i|we|you) (?:need|have) to\b"
            r"|\bneed(?:ed)? (?:first|before)\b",
            r"\b(?:requires?|must|needs?|without)\b",
        ),
        (r"\b(?:encrypt\w*|scrambled)\b", r"\b(?:encrypt\w*|kms)\b"),
        (
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


def wanted(question: str) -> tuple[re.Pattern[str], ...]:
    """Return what a fact must hold for each kind of fact that ``question`` asks for.

    ``question`` is in lower case.
    """
    return tuple([fits for asked, fits in _INTENTS if asked.search(question)])


def missed(told: Sequence[re.Pattern[str]], texts: Sequence[str]) -> int:
    """Return how many kinds of fact, given as ``wanted`` does, are in none of ``texts``.

    >>> missed(wanted("how many copies does it keep, is it free?"), ["It keeps six copies."])
    1
    """
    if not told:
        return 0
    folded = [text.casefold() for text in texts]
    return sum(not any(fits.search(text) for text in folded) for fits in told)


class Facts:
    """The facts of an entry, ready to be put in order."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._texts = [fact.text.casefold() for fact in facts]
        terms = [(number, term) for number, fact in enumerate(facts) for term in fact.terms]
        found = roots_of_each([term for _, term in terms])
        self._terms = [
            (number, words) for (number, _), words in zip(terms, found, strict=True) if words
        ]
        """For each term that says something its fact and its words."""

    def order(
        self, told: Sequence[re.Pattern[str]], stems: frozenset[str], passages: Mapping[int, float]
    ) -> tuple[Fact, ...]:
        """Return the facts best first; equal ones stay as they were written.

        ``told`` is what the question wants; ``stems`` are those of its words, without the entry's
        name; ``passages`` is the score of each passage of the entry.
        """
        asked = {number for number, words in self._terms if stems.issuperset(words)}
        worth = []
        for number, text in enumerate(self._texts):
            score = passages.get(FIRST_FACT + number, 0.0)
            if told:
                score += INTENT * sum([fits.search(text) is not None for fits in told])
            if number in asked:
                score += TERM
            worth.append(score)
        ranked = sorted(range(len(worth)), key=lambda number: (-worth[number], number))
        return tuple([self._facts[number] for number in ranked])
