"""Whether a question asks to tell two things apart, and which two.

Members compare in many ways: "A vs B", "is A just B?", "when A and when B", "both do X, A or B?".
No list of phrases is whole, so evidence is added up: comparing words, how the two names are joined,
whether the knowledge says that the two are confused, and how much else the question says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from bot.core.names import Names
from bot.core.phrases import Match
from bot.core.text import STOP_WORDS
from bot.core.tuning import Comparing
from bot.core.word import Word

_STRONG = re.compile(
    r"\b(?:vs?|versus|differ(?:s|ent|ently|ence|ences)?|diff|compare[ds]?|comparison|comparing"
    r"|distinguish(?:es)?|distinction|contrast(?:s|ed)?|as opposed to|tell apart"
    r"|confus(?:e|es|ed|ing|ion)|mix(?:ing|ed)? (?:\w+ )?up)\b|!="
)
_WEAK = re.compile(
    r"\b(?:instead of|rather than|apart"
    r"|(?:bett|cheap|fast|slow|saf|strong|simpl|easi|bigg|small|low|high)er"
    r"|separates?|same|identical|synonyms?"
    r"|overlap(?:s|ping)?|double|interchangeable|trade-?offs?|against|choose|pick|prefer"
    r"|between|bother|point of|whats? so special|next to|just an?|not just|both|which one"
    r"|still need|part of|includ(?:e|es|ed)|inside|replaces?|worth|upgrade|switch|pros|cons|exists?"
    r"|in addition|on top of|already|jump|gains?|correct|isnt|separates|split|exclude"
    r"|got that|has that|hasnt|more than|become|relate[sd]?|similar|like)\b"
)
_JOINING = frozenset(
    """against or and over than instead rather better same different compared from with as vs versus
    v n to not just an a the is when use opposed another""".split()
)
_EITHER = frozenset("or vs versus v over against instead rather better than opposed".split())
_HALVES = frozenset("or vs versus v than".split())
"""With one of them two names may be named in part: "RI or SP"."""
_RELATING = frozenset(
    "span spans stretch stretches belong belongs attach attached cross across lie lies lives cover"
    " covers before allowed permitted forbidden".split()
)
"""Between two names they say how the two hang together: "can a subnet span two zones?"."""
WHETHER = frozenset("is are does do can will has".split())
"""They begin a question to be answered by yes or no, before what it is about."""
_IN_PASSING = frozenset("in into on of to from for via inside within through behind by".split())
_ARTICLES = frozenset(("a", "an", "the", "my", "our", "your"))
NAMES_LOOKED_AT = 24
"""Names of a question that are held against each other; nobody compares what comes after more."""
_ASKS_FOR_OTHER = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,3}?"
    r"(?:services?|tools?|features?|options?|solutions?|products?|following|activit(?:y|ies))\b"
    r"|\bhow many\b|\bnumber of\b"
)


def says_so(text: str) -> bool:
    """Return whether a question, in lower case, compares in so many words: "versus", "differ"."""
    return _STRONG.search(text) is not None


def compared(
    text: str,
    sequence: Sequence[Word],
    matches: Sequence[Match[int]],
    names: Names,
    tuning: Comparing,
) -> tuple[int, int] | None:
    """Return the two entries that a question asks to tell apart; None when it does not.

    ``text`` is the question in lower case, ``sequence`` its words, ``matches`` the names in it.
    """
    is_strong = says_so(text)
    is_twice = _asks_twice(text)
    is_hinted = is_strong or is_twice
    may_be_half_named = is_hinted or any(word.text in _HALVES for word in sequence)
    if len(matches) < 2 and not may_be_half_named:
        return None
    whole = tuning.strong * is_strong
    whole += tuning.weak * min(2, len(_WEAK.findall(text)))
    whole += tuning.twice * is_twice
    whole -= tuning.other * bool(_ASKS_FOR_OTHER.search(text))
    if not is_strong and len({match.values for match in matches}) > 2:
        whole -= tuning.crowd
    words_left = _words_left(sequence, matches)
    best: tuple[float, bool, tuple[int, int]] | None = None
    for first, second in combinations(matches[:NAMES_LOOKED_AT], 2):
        if set(first.values) & set(second.values):
            continue
        evidence = whole - tuning.word * max(0, words_left - tuning.words_free)
        evidence += _joined(sequence, first, second, tuning)
        of_third = whole <= 0 and _is_of_third(sequence, matches, first)
        if not is_strong and _is_in_passing(sequence, first):
            evidence -= tuning.passing
        if any(names.are_confused(a, b) for a in first.values for b in second.values):
            evidence += tuning.confused
        if best is None or evidence > best[0]:
            best = evidence, of_third, (first.values[0], second.values[0])
    if best is not None and best[1]:
        return None
    if best is not None and best[0] >= tuning.enough:
        return best[2]
    if not may_be_half_named:
        return None
    return _half_named(sequence, matches, names, whole, is_hinted, tuning)


def _asks_twice(text: str) -> bool:
    """Whether a text asks "when A and when B", "which ... and which ..." or "who ... who"."""
    return any(
        text.count(word) > 1 and re.search(rf"\b{word}\b.*\b{word}\b", text) is not None
        for word in ("when", "which", "who")
    )


def _half_named(
    sequence: Sequence[Word],
    matches: Sequence[Match[int]],
    names: Names,
    whole: float,
    is_hinted: bool,
    tuning: Comparing,
) -> tuple[int, int] | None:
    """Return two entries that are known to be confused and that a comparison names in part.

    "RI or SP", "user vs role", "CUR or explorer": neither is a name, together they are clear.
    """
    taken = {place for match in matches for place in range(match.start, match.end)}
    said = {
        number: (share, frozenset(places - taken))
        for number, (share, places) in names.partly(sequence).items()
        if places - taken
    }
    whole_named = {number for match in matches for number in match.values}
    for match in matches:
        places = frozenset(range(match.start, match.end))
        said.update((number, (1.0, places)) for number in match.values)
    best: tuple[float, int, int] | None = None
    for first, second in combinations(sorted(said), 2):
        if not names.are_confused(first, second):
            continue
        if matches and whole_named.isdisjoint((first, second)):
            continue
        (share, places), (other, elsewhere) = said[first], said[second]
        if places & elsewhere or share + other < tuning.half_named:
            continue
        if min(places) > min(elsewhere):
            first, second, places, elsewhere = second, first, elsewhere, places
        here: Match[int] = Match(min(places), max(places) + 1, ())
        there: Match[int] = Match(min(elsewhere), max(elsewhere) + 1, ())
        if matches and whole <= 0 and _is_of_third(sequence, matches, here):
            continue
        joined = _joined(sequence, here, there, tuning) if here.end <= there.start else 0.0
        if not is_hinted and joined <= tuning.joined:
            continue
        left = _words_left(sequence, (here, there))
        evidence = whole + joined + tuning.confused
        evidence -= tuning.word * max(0, left - tuning.words_free)
        found = (share + other, -first, -second)
        if evidence >= tuning.enough and (best is None or found > best):
            best = found
    return (-best[1], -best[2]) if best is not None else None


def _words_left(sequence: Sequence[Word], matches: Sequence[Match[int]]) -> int:
    inside = {place for match in matches for place in range(match.start, match.end)}
    return sum(
        not (word.is_stop or word.text in _JOINING or _STRONG.match(word.text))
        for place, word in enumerate(sequence)
        if place not in inside
    )


def _joined(
    sequence: Sequence[Word], first: Match[int], second: Match[int], tuning: Comparing
) -> float:
    """Return what the words between two names say."""
    between = [word.text for word in sequence[first.end : second.start]]
    if not _RELATING.isdisjoint(between):
        return -tuning.passing
    if not all(
        text in STOP_WORDS or text in _JOINING or _STRONG.fullmatch(text) for text in between
    ):
        return 0.0
    return tuning.joined + (0.0 if _EITHER.isdisjoint(between) else tuning.either)


def _is_of_third(
    sequence: Sequence[Word], matches: Sequence[Match[int]], first: Match[int]
) -> bool:
    """Whether a question begins with a third thing and asks how that goes with the two.

    "Does Macie look into RDS or only S3?" asks about Macie, "is EC2 IaaS or PaaS?" about EC2.
    """
    third = matches[0]
    before = [word for word in sequence[: third.start] if word.text not in _ARTICLES]
    if third.end > first.start:
        return False
    if len(before) == 1 and before[0].text in WHETHER:
        return True
    return (
        _is_in_passing(sequence, first)
        or sequence[first.start - 1].text in ("with", "per")
        or sequence[first.start - 1].text in _RELATING
    ) and all(word.is_stop and word.text not in _IN_PASSING for word in before)


def _is_in_passing(sequence: Sequence[Word], match: Match[int]) -> bool:
    """Whether a name stands behind "in", "to" and the like."""
    place = match.start - 1
    while place >= 0 and sequence[place].text in _ARTICLES:
        place -= 1
    return place >= 0 and sequence[place].text in _IN_PASSING
