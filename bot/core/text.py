"""Text to words: how a question and a knowledge file are cut so that they can meet.

Normalising folds what people do not mean: case, accents, width, zero-width characters, Discord
markdown and mentions, American and British spelling. Stemming (Snowball English) then joins the
forms of a word. Length is bounded here, once, so nothing downstream can be made to run long.

Source: https://snowballstem.org/algorithms/english/stemmer.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import Stemmer  # PyStemmer

QUESTION_LIMIT_CHARS = 4000
"""What is read of a question; Discord's longest message."""
WORDS_LIMIT = 600
"""Words that are read of a question."""
WORD_LIMIT_CHARS = 60
"""What is read of a word: what has been read is remembered, and no word is longer."""

_MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:>]+:|id:|t:-?)\w*(?::\w)?>")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
_APOSTROPHE = re.compile(r"[’‘`´ʼ]")
_POSSESSIVE = re.compile(r"'s\b")
_WORD = re.compile(r"[^\W_]+")
BETWEEN = "\x02"
"""Stands between texts that make one line ..."""
APART = "\x03"
"""... and between those that have as little to do with each other as if they were two."""
_WORD_OR_BETWEEN = re.compile(rf"[^\W_]+|[{BETWEEN}{APART}]")
_SPACED = {
    code: " "
    for code, char in enumerate(map(chr, range(128)))
    if not char.isalnum() and char not in ("\n", BETWEEN, APART)
}
_HOW_MANY = re.compile(r"\((?:choose|select|pick) [^()]{1,20}\)", re.IGNORECASE)
"""An exam's "(Choose two.)" asks for nothing."""
_MANNER = re.compile(
    r"\b(?:in (?:plain|simple|baby|easy|normal) (?:english|words?|terms?|language|talk)"
    r"|in (?:1|one|a) (?:line|word|sentence|nutshell)|in a few words|eli5|tl;?dr"
    r"|like i'?m (?:5|five|dumb)|for dummies)\b"
)
"""How something is to be explained, which is not what is asked."""
_FOLDED = re.compile(r"[<&+`/(]")
# Those that may be looked for in all of the knowledge begin with a rare character, to be quick.
_PLUS = re.compile(r"\+(?<=[A-Za-z]\+)(?!\w)")
_SLASHED = re.compile(r"\b[wWbB]/([oOcC ])(?!\w)")
_HAS_SLASHED = re.compile(r"/(?<=\b[wWbB]/)[oOcC ](?!\w)")
_BRITISH = re.compile(r"(?<=\w{3})(is)(?=(?:e|ed|es|er|ers|ing|ation|ations)\b)")
_E_MAIL = re.compile(r"-(?<=\b[eE]-)(?=[mM]ail|[cC]ommerce)")
_NON = re.compile(r"on[- ](?<=\b[nN]on[- ])(?=[a-zA-Z]{4})(?!non)")
"""What is "non-relational" is not relational: one word, which shares nothing with the other."""
_KEEP_IS = re.compile(
    r"(?:[aouvw]|[^ia]c|pr|sp|rad|(?:pro|pre|de)m|sunr|ert|reat|hast|ranch|chand)is"
    r"(?=e|ing|ation)"
)
"""Endings that are no British spelling: promise, advise, exercise, but not authorise, optimise."""

STOP_WORDS = frozenset(
    """
    a about an and any anyone anything are as at aws amazon be because been being but by can
    come could did do does doing done each else etc for from get gets getting give gives go goes
    going got had has have having he hello help helps her hey hi him his how i if im in into is
    isnt it its just kind know let lets like made make makes making may me might mine more most
    much must my need needs needed no not of off ok okay on one ones only or other our out over
    own please should show so some somebody someone something such sure take tell than thank
    thanks that the their them then there these they thing things this those through to too
    under up us use used uses using very want wants was way we well were what whats when where
    whether which while who whom whose why will with within without would yes yet you your yours
    explain explained explanation describe mean means meaning called name named following best
    suited company
    companies service services feature features tool tools offering question answer option
    correct remind again actually basically really thingy stuff dont doesnt cant wont id ill ive
    youre theyre there allow allows allowing allowed enable enables enabling enabled provide
    provides provided providing achieve achieves goal goals able ability require requires required
    requirement requirements solution solutions technology technologies capability capabilities
    various lol lmao omg yo ur u r pls plz thx ty idk btw tbh imo wat wats wut gonna
    thats theres heres whos wheres hows define wanna kinda sorta dunno gotta hmm umm uh yeah
    yep nope guys bro dude em thru smth sth ish she lil somewhere somehow anyhow tho cuz coz rly
    srsly prob afaik fyi maybe perhaps alot aint gimme lemme tryna shouldnt wouldnt couldnt didnt
    wasnt werent hasnt havent hadnt arent ya yup nah heya hiya yall abt literally honestly silly
    stupid
    """.split()
)
"""Words that say nothing about which entry is meant."""

_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    began:begin begun:begin bought:buy broke:break broken:break brought:bring built:build
    caught:catch chose:choose chosen:choose drawn:draw drew:draw driven:drive drove:drive
    fallen:fall fed:feed fell:fall forgot:forget forgotten:forget froze:freeze frozen:freeze
    grew:grow grown:grow heard:hear held:hold hid:hide hidden:hide kept:keep
    lent:lend lost:lose met:meet paid:pay ran:run sent:send slept:sleep
    sold:sell spent:spend stole:steal stolen:steal stood:stand stuck:stick swept:sweep
    taught:teach threw:throw thrown:throw told:tell understood:understand
    woke:wake woken:wake written:write wrote:write
    """.split()
)
"""Forms of verbs that no stemmer brings together, with their base."""
_VOWEL = re.compile("[aeiouy]")
_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of one normalised word; words with digits stay as they are."""
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.isalpha():
        return word
    if len(word) == 4 and word[-1] == "s" and not _VOWEL.search(word):
        return word[:-1]  # "vpcs", "scps": to the stemmer no plural, for want of a vowel
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """Return one normalised word without a plural ending: how names are compared.

    Stems would make "Detective" out of "detects".

    >>> [singular(word) for word in ("organizations", "policies", "access", "sns", "detects")]
    ['organization', 'policy', 'access', 'sns', 'detect']
    """
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")


def fold(text: str) -> str:
    """Return ``text`` with what people do not mean folded away, but for its case.

    >>> fold("What's **AWS Shield**? <@123> Café &​ co, w/o")
    "What's **AWS Shield**?   Cafe  and  co, without"
    """
    if text.isascii() and not _FOLDED.search(text):
        return text
    if "<" in text or "//" in text:
        text = _LINK.sub(" ", _TAG.sub(" ", _MENTION.sub(" ", text)))
    # Apostrophes first: compatibility turns an acute accent that stands alone into a space.
    if not text.isascii() or "`" in text:
        text = _APOSTROPHE.sub("'", text)
    if not text.isascii():
        text = "".join(
            c
            for c in unicodedata.normalize("NFKD", text)
            if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
        )
    text = _HOW_MANY.sub(" ", text) if "(" in text else text
    text = _PLUS.sub(" plus", text) if "+" in text else text
    text = text.replace("&", " and ")
    return _SLASHED.sub(_written_out, text) if _HAS_SLASHED.search(text) else text


def _written_out(match: re.Match[str]) -> str:
    return "without" if match[1] in "oO" else "with " if match[1] == " " else "because"


def normalize(text: str) -> str:
    """Return ``text`` folded and in lower case; no more than QUESTION_LIMIT_CHARS are read.

    >>> normalize("What's **AWS Shield**? <@123> Café &​ co")
    "what's **aws shield**?   cafe  and  co"
    >>> normalize("Shield in plain English")
    'shield  explain '
    """
    return _MANNER.sub(" explain ", fold(text[:QUESTION_LIMIT_CHARS]).casefold())


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` in order, as they are written."""
    return _WORD.findall(_plain(fold(text)))


def lines_of_tokens(lines: Sequence[str]) -> list[list[str]]:
    """Return ``tokens`` of each of many short lines, all cut in one go.

    BETWEEN and APART are tokens.

    >>> lines_of_tokens(["One two.", "", "three"])
    [['One', 'two'], [], ['three']]
    """
    if not lines:
        return []
    joined = "\n".join(lines)
    if joined.count("\n") >= len(lines):
        joined = "\n".join(line.replace("\n", " ") for line in lines)
    cut = _plain(fold(joined))
    if cut.isascii():
        return [line.split() for line in cut.translate(_SPACED).split("\n")]
    return list(map(_WORD_OR_BETWEEN.findall, cut.split("\n")))


def _plain(folded: str) -> str:
    if "-" in folded:
        folded = _E_MAIL.sub("", folded)
    if "on-" in folded or "on " in folded:
        folded = _NON.sub("on", folded)
    if "'" in folded:
        folded = _POSSESSIVE.sub("", folded).replace("'", "")
    return folded


def words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in order, normalised but not stemmed, at most WORDS_LIMIT.

    Of each no more than WORD_LIMIT_CHARS are read.

    >>> words("Organisation's S3-buckets, layer 7")
    ('organization', 's3', 'buckets', 'layer', '7')
    """
    found = _WORD.findall(_plain(normalize(text)))[:WORDS_LIMIT]
    return tuple([american(word[:WORD_LIMIT_CHARS]) for word in found])


def american(word: str) -> str:
    """Return a word in lower case in its American spelling."""
    return _respelt(word) if "is" in word or "lys" in word else word


@lru_cache(maxsize=50_000)
def _respelt(word: str) -> str:
    if "lys" in word and word.endswith(("lyse", "lysed", "lyses", "lysing")):
        return word.replace("lys", "lyz")
    if len(word) < 6 or _KEEP_IS.search(word):
        return word
    return _BRITISH.sub("iz", word)


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of ``text`` that are not stop words, in order.

    >>> stems("Which service detects the policies of users?")
    ('detect', 'polici', 'user')
    """
    return tuple(stem(word) for word in words(text) if word not in STOP_WORDS)


_PLAIN_WORD = re.compile(r"[a-z]{2,}|[0-9][a-z0-9]*|[a-z][0-9][a-z0-9]*")


@lru_cache(maxsize=50_000)
def roots(text: str) -> tuple[str, ...]:
    """Return what ``stems`` does, quickly, of text that an author wrote: plain and bounded.

    >>> roots("AWS's key for organisation-wide S3 buckets")
    ('key', 'organiz', 'wide', 's3', 'bucket')
    """
    text = text.lower()
    text = _NON.sub("on", text) if "non" in text else text
    return tuple(filter(None, map(_root, _PLAIN_WORD.findall(text))))


@lru_cache(maxsize=50_000)
def _root(word: str) -> str:
    return "" if word in STOP_WORDS else stem(american(word))
