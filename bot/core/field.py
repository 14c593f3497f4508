"""Fields of services, such as storage: who is of the one that a question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations

from bot.core.model import Entry, Exam
from bot.core.text import stem
from bot.core.word import cut_all, stemmed


class Fields:
    """The headings under which exam guides list services, and the categories of entries."""

    def __init__(
        self,
        entries: Sequence[Entry],
        exams: Iterable[Exam],
        number_named: Callable[[str], int | None],
        synonyms: Sequence[Sequence[str]] = (),
    ) -> None:
        """``number_named`` returns the place in ``entries`` of the one that has a name.

        ``synonyms`` are groups of words that mean the same: the "ML" services are those listed
        under "Machine Learning".
        """
        numbers = {entry.id: number for number, entry in enumerate(entries)}
        self._members: dict[frozenset[str], set[int]] = {}
        for exam in exams:
            covered = dict(exam.covered_by)
            for listed in exam.in_scope:
                members = self._members.setdefault(frozenset(stemmed(listed.heading)), set())
                for name in listed.names:
                    number = number_named(name)
                    if number is None:
                        number = numbers.get(covered.get(name, ""))
                    if number is not None:
                        members.add(number)
        for number, category in enumerate(cut_all([e.category for e in entries], stem)):
            self._members.setdefault(frozenset(category), set()).add(number)
        for group in synonyms:
            same = [frozenset(words) for words in cut_all(group, stem)]
            for said, other in permutations(same, 2):
                for words in [words for words in self._members if said and said <= words]:
                    renamed = self._members.setdefault(words - said | other, set())
                    renamed |= self._members[words]
        self._fields: dict[str, set[frozenset[str]]] = {}
        for words in self._members:
            for word in words:
                self._fields.setdefault(word, set()).add(words)

    def of(self, asked: frozenset[str]) -> frozenset[int]:
        """Return the numbers of entries of each field that has all words (stems) ``asked``."""
        if not asked or not all(word in self._fields for word in asked):
            return frozenset()
        fields = set.intersection(*map(self._fields.__getitem__, asked))
        return frozenset().union(*map(self._members.__getitem__, fields))
