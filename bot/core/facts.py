"""Which facts of an entry answer a question: the ones that share its words and its intent.

A question often asks for a kind of fact in words that the fact does not use: "how many" wants a
number, "is it free" a price. Such a fact goes before others that share as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from bot.core.corpus import FIRST_FACT
from bot.core.model import Fact
from bot.core.text import roots

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


def wanted(question: str) -> list[re.Pattern[str]]:
    """Return what a fact must hold for each kind of fact that ``question`` asks for."""
    return [fits for asked, fits in _INTENTS if asked.search(question)]


def missed(question: str, texts: Sequence[str]) -> int:
    """Return how many kinds of fact that ``question`` asks for are in none of ``texts``.

    >>> missed("how many copies does it keep, and is it free?", ["It keeps six copies."])
    1
    """
    return sum(not any(fits.search(text.casefold()) for text in texts) for fits in wanted(question))


def order(
    question: str,
    stems: Set[str],
    facts: Sequence[Fact],
    passages: Mapping[int, float],
) -> tuple[Fact, ...]:
    """Return ``facts`` best first; equal ones stay as they were written.

    ``question`` is in lower case, ``stems`` are those of its words, without the entry's name;
    ``passages`` is the score of each passage of the entry.
    """
    told = wanted(question)

    def worth(number: int) -> float:
        text = facts[number].text.casefold()
        score = passages.get(FIRST_FACT + number, 0.0)
        score += INTENT * sum(fits.search(text) is not None for fits in told)
        asked = (roots(term) for term in facts[number].terms)
        return score + TERM * any(words and stems >= set(words) for words in asked)

    ranked = sorted(range(len(facts)), key=lambda number: (-worth(number), number))
    return tuple(facts[number] for number in ranked)
