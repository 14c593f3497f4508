"""A second pair of books: what members of a simulated year were told, and what follows from it.

It reads nothing but the words that the bot showed, and works out points, streaks and places by
itself from the rules in docs/RULES.md. It shares no line with the bot: a test holds it to the
standard library. Where the bot's words and these books differ, an AssertionError says who was told
what.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

OPEN = re.compile(r"-# Daily challenge · \w+, (\d+ \w+) · .*")
CLOSES = re.compile(r"Reveal <t:(\d+):R>")
RECORDED = re.compile(r"(Recorded|Your first answer stands): \*\*([A-E])  ")
KEY = re.compile(r"^\*\*([A-E])  .*(?:  ← right\*\*|\*\*  ← right.*)$", re.MULTILINE)
OPTION = re.compile(r"^(?:\*\*)?[A-E](?:\*\*)?  (.+?)(?:\*\*)?(?:  ← [a-z ]+)?$")
PICKED = re.compile(r"^\**([A-E])  .*← .*your answer$", re.MULTILINE)
BAR = re.compile(r"^\**([A-E])  .*\n-# [█░]+ (\d+)$", re.MULTILINE)
KEPT = re.compile(r"<@(\d+)> \((\d+)\)")
PLACE = re.compile(
    r"^(?:-# )?\*\*(\d+)\.\*\* (?:<@(\d+)>|a former member)  ([\d,]+) points?"
    r"  ·  ([\d,]+) of ([\d,]+) right$",
    re.MULTILINE,
)
MEASURED = re.compile(
    r"^\*\*(\d+)\.\*\* <@(\d+)>  ([\d,.]+) (?:days?|%)(?:  ·  .*)?$", re.MULTILINE
)


Question = tuple[str, frozenset[str]]
"""What is asked, and the options in whatever order."""


WEEK = timedelta(days=7)


class Mismatch(AssertionError):
    """The bot said one thing and the books another."""


def same(told: object, expected: object, what: str) -> None:
    if told != expected:
        raise Mismatch(f"{what}:\n  told      {told!r},\n  the books {expected!r}")


def number(text: str) -> int:
    return int(text.replace(",", ""))


@dataclass
class Sheet:
    """One challenge's message."""

    message_id: int
    day: date
    question: Question
    closes_at: int
    """When its card says that it closes; a Unix time."""
    picks: dict[int, str] = field(default_factory=dict)
    """By member, as they were told it was recorded."""
    former: Counter[str] = field(default_factory=Counter)
    """Picks of members who deleted themselves after the close."""
    key: str | None = None
    is_closed: bool = False


@dataclass
class Entry:
    """What one counted answer brought a member."""

    day: date
    kind: str
    question: Question
    is_right: bool
    points: int
    days: int = 0


@dataclass(frozen=True)
class Run:
    """A streak."""

    length: int
    best: int
    freezes: int
    to_next: int


def walk(days: Iterable[date], studied: set[date]) -> Run:
    """Follow a member through the days that had a challenge, in order."""
    length = best = freezes = progress = 0
    for day in sorted(days):
        if day in studied:
            length, best = length + 1, max(best, length + 1)
            if freezes == 2:
                progress = 0
                continue
            progress += 1
            if progress == 7:
                freezes, progress = freezes + 1, 0
        elif length > 0 and freezes > 0:
            freezes -= 1
        else:
            length = 0
    return Run(length, best, freezes, 7 - progress)


@dataclass
class Tally:
    sheets: dict[int, Sheet] = field(default_factory=dict)
    """By message."""
    entries: defaultdict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """By member, in the order in which they were counted."""
    hidden: set[int] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)
    """How often each kind of thing was heard, so that a year without it is noticed."""
    _quizzed: set[tuple[int, str]] = field(default_factory=set)

    # ------------------------------------------------------------------- challenges

    def posted(self, message_id: int, day: date, text: str) -> None:
        """A new challenge appeared in the channel."""
        match = OPEN.match(text)
        same(match and match[1], f"{day.day} {day:%B}", f"the day of message {message_id}")
        closes = CLOSES.search(text)
        assert closes is not None, text
        self.sheets[message_id] = Sheet(message_id, day, _question(text), int(closes[1]))
        self.counted["posted"] += 1

    def acknowledged(self, message_id: int, member: int, text: str) -> bool:
        """A member was told what became of their press; return whether it was recorded now."""
        sheet = self.sheets[message_id]
        match = RECORDED.match(text)
        if match is None:
            raise Mismatch(f"an open challenge answered {member} with {text!r}")
        same(sheet.is_closed, False, "an answer was taken after the reveal")
        known = sheet.picks.get(member)
        if match[1] == "Recorded":
            same(known, None, f"{member} was told of a first answer twice")
            sheet.picks[member] = match[2]
            self.counted["recorded"] += 1
            return True
        if known is None:  # recorded, and the bot died before it could say so
            sheet.picks[member] = match[2]
            self.counted["recorded unheard"] += 1
        same(match[2], sheet.picks[member], f"the first answer of {member}")
        self.counted["stands"] += 1
        return False

    def practised(self, message_id: int, member: int, text: str) -> None:
        """A member pressed a closed challenge."""
        pick = self.sheets[message_id].picks.get(member)
        if pick is not None:
            told = f"Your first answer stands: **{pick}  "
            same(text.startswith(told), True, f"{told!r} to {member}, who pressed again, too late")
            self.counted["stands after"] += 1
            return
        same("This is practice, without points" in text, True, f"{member} pressed too late")
        self.counted["practised"] += 1

    def revealed(self, message_id: int, text: str) -> None:
        """A challenge's message shows the answer for the first time."""
        sheet = self.sheets[message_id]
        key = KEY.search(text)
        assert key is not None, text
        sheet.key = key[1]
        picks = Counter(sheet.picks.values())
        shown = {letter: int(count) for letter, count in BAR.findall(text)}
        same(+Counter(shown), picks, f"how many picked what on {sheet.day}")
        total, right = picks.total(), picks[sheet.key]
        said = f"{right} of {total} answer{'' if total == 1 else 's'} right."
        same(
            (said if total else "Nobody answered this one.") in text, True, f"{said} on {sheet.day}"
        )
        self._count(sheet, is_void="The question is held as doubtful" in text)
        for member, days in KEPT.findall(text):
            entry = next(e for e in reversed(self.entries[int(member)]) if e.kind == "daily")
            same(int(days), entry.days, f"the streak that {member} keeps on {sheet.day}")
            same(int(member) in self.hidden, False, f"{member} hid and is named")
            self.counted["keepers"] += 1
        self.counted["revealed"] += 1

    def deleted(self, message_id: int, scores: dict[int, str]) -> None:
        """A challenge's message is gone; the scores of all who answered say what became of it."""
        sheet = self.sheets[message_id]
        same(set(scores), set(sheet.picks), f"who answered on {sheet.day}")
        told = {member: _challenge_line(text, sheet.day) for member, text in scores.items()}
        right = {sheet.picks[member] for member, line in told.items() if "not right" not in line}
        same(len(right) <= 1, True, f"one right option on {sheet.day}")
        sheet.key = right.pop() if right else "-"
        self._count(sheet, is_void=False)
        for member, line in told.items():
            entry = self._entry(member, sheet)
            points = re.search(r"\*\*(\d+)(?: right)?\*\*$|, (0) points$", line)
            same(points and int(points[1] or points[2]), entry.points, f"{member}: {line}")
        self.counted["deleted"] += 1

    def own_result(self, message_id: int, member: int, text: str) -> None:
        """A member looked at their own result."""
        sheet = self.sheets[message_id]
        pick = sheet.picks.get(member)
        if pick is None:
            same("You did not answer this one." in text, True, f"{member} on {sheet.day}")
            return
        match = PICKED.search(text)
        same(match and match[1], pick, f"the pick of {member} on {sheet.day}")
        entry = self._entry(member, sheet)
        if pick != sheet.key:
            told = "Not this time."
        elif entry.points == 0 and "withdrawn" in text:
            told = "You were right, but the question was withdrawn: 0 points."
        else:
            told = f"You were right: {entry.points} point{'' if entry.points == 1 else 's'}."
        same(
            told in text, True, f"{told!r} to {member} of {sheet.day}, in {text.splitlines()[0]!r}"
        )
        self.counted["own results"] += 1

    # ----------------------------------------------------------------------- quizzes

    def quizzed(self, card: int, member: int, day: date, text: str) -> None:
        """A member was told how they answered a question of a round; again counts once."""
        place = text.splitlines()[0]
        if (card, place) in self._quizzed:
            return
        self._quizzed.add((card, place))
        key = KEY.search(text)
        assert key is not None, text
        question = _question(text)
        is_right = "**Right!" in text
        before = [entry for entry in self.entries[member] if entry.day == day]
        had = sum(entry.points for entry in before if entry.kind == "quiz")
        is_known = any(entry.question == question for entry in before)
        points = 2 if is_right and not is_known and had < 20 else 0
        if is_right:
            told = "(2 points)" if points else "(no points: asked before or capped for today)"
            same(told in text, True, f"{told} for a quiz of {member} on {day}")
        self.entries[member].append(Entry(day, "quiz", question, is_right, points))
        self.counted["quizzed"] += 1
        self.counted["asked before"] += is_right and is_known
        self.counted["capped"] += is_right and had >= 20

    # ----------------------------------------------------------------------- members

    def forgot(self, member: int) -> None:
        """A member deleted what was kept about them."""
        self.entries.pop(member, None)
        self.hidden.discard(member)
        for sheet in self.sheets.values():
            pick = sheet.picks.pop(member, None)
            if pick is not None and sheet.is_closed:
                sheet.former[pick] += 1
        self.counted["forgot"] += 1

    def score(self, member: int, text: str) -> None:
        """A member looked at their score."""
        expected = {kind: self._sums(member, kind) for kind in ("daily", "quiz")}
        points = sum(part[2] for part in expected.values())
        head = re.match(r"## ([\d,]+) points?", text)
        assert head is not None, text
        same(number(head[1]), points, f"all points of {member}")
        for kind, name in (("daily", "Daily challenges"), ("quiz", "Quiz")):
            found = re.search(rf"- {name}: ([\d,]+) of ([\d,]+) right, ([\d,]+) points?", text)
            assert found is not None, text
            same(tuple(map(number, found.groups())), expected[kind], f"{kind} of {member}")
        self.counted["scores"] += 1

    def streak(self, member: int, text: str) -> None:
        """A member looked at their streak."""
        run = self.run(member)
        head = f"## {_days(run.length)} in a row" if run.length else "## No streak yet"
        same(text.splitlines()[0], head, f"the streak of {member}")
        same(f"Freezes: {run.freezes} of 2" in text, True, f"{run.freezes} freezes of {member}")
        if run.best:
            same(f"Best so far: {_days(run.best)}" in text, True, f"the best of {member}: {run}")
        if run.freezes < 2:
            told = f"the next in {run.to_next} counted day{'' if run.to_next == 1 else 's'}"
            same(told in text, True, f"{told} for {member}")
        self.counted["streaks"] += 1

    def run(self, member: int) -> Run:
        return walk(self._over(), self._studied(member))

    # ------------------------------------------------------------------------ boards

    def board(
        self, pages: list[str], *, since: date | None, until: date | None, left: set[int]
    ) -> None:
        """All pages of a board by points; who left is on it until the bot notices."""
        told = [place for page in pages for place in _places(page)]
        gone = left - {member for _, member, *_ in told}
        same(told, self.places(since, until, gone), f"the board from {since} to {until}")
        self.counted["boards"] += 1

    def places(
        self, since: date | None, until: date | None, gone: set[int]
    ) -> list[tuple[int, int, int, int, int]]:
        """Return rank, member, points, right and answered, best first."""
        sums = {
            member: sums
            for member in self.entries
            if member not in self.hidden | gone
            and (sums := self._sums(member, None, since, until))[1]
        }
        ranked = sorted(sums, key=lambda member: (-sums[member][2], member))
        return [
            (
                1 + sum(other[2] > sums[member][2] for other in sums.values()),
                member,
                sums[member][2],
                sums[member][0],
                sums[member][1],
            )
            for member in ranked
        ]

    def streak_board(self, pages: list[str], left: set[int]) -> None:
        """All pages of the board of streaks."""
        told = [
            (int(rank), int(member), number(days))
            for page in pages
            for rank, member, days in MEASURED.findall(page)
        ]
        gone = self.hidden | left - {member for _, member, _ in told}
        runs = {
            member: run.length
            for member in self.entries
            if member not in gone and (run := self.run(member)).length
        }
        expected = [
            (1 + sum(other > runs[member] for other in runs.values()), member, runs[member])
            for member in sorted(runs, key=lambda member: (-runs[member], member))
        ]
        same(told, expected, "the board of streaks")
        self.counted["streak boards"] += 1

    def accuracy_board(self, pages: list[str]) -> None:
        """All pages of the board of all time by accuracy, when nobody is gone."""
        told = {
            int(member): float(share)
            for page in pages
            for _, member, share in MEASURED.findall(page)
        }
        expected = {}
        for member in self.entries:
            right, answered, _ = self._sums(member, None)
            if member not in self.hidden and answered >= 10:
                expected[member] = 100 * _lower_bound(right, answered)
        same(set(told), set(expected), "who is on the board by accuracy")
        for member, share in told.items():
            close = abs(share - expected[member]) <= 0.051  # told to a tenth of a percent
            same(close, True, f"{share} % of {member}, for {expected[member]}")
        same(sorted(told.values(), reverse=True), [*told.values()], "the order by accuracy")

    def winners(self, text: str, since: date, until: date, left: set[int]) -> None:
        """A week's or a month's winners were told."""
        told = _places(text)
        gone = left - {member for _, member, *_ in told}
        everyone = self.places(since, until, gone)
        expected = [place for place in everyone if place[2] > 0]
        same(told, expected[:10], f"the winners from {since} to {until}")
        took_part = re.search(r"-# ([\d,]+) members? took part\.", text)
        assert took_part is not None, text
        most = len(self.places(since, until, set()))
        same(len(everyone) <= number(took_part[1]) <= most, True, f"{took_part[0]}")
        self.counted["weeks won" if until - since < WEEK else "months won"] += 1

    # ----------------------------------------------------------------------- insides

    def _count(self, sheet: Sheet, *, is_void: bool) -> None:
        """Value the answers of a challenge that has just closed."""
        total = len(sheet.picks)
        wrong = sum(pick != sheet.key for pick in sheet.picks.values())
        whole, rest = divmod(5 * wrong, max(1, total))
        hard = whole + (2 * rest >= total) if total >= 5 else 0
        over = self._over()
        sheet.is_closed = True
        for member, pick in sheet.picks.items():
            studied = self._studied(member, besides=sheet) | {sheet.day}
            days = [day for day in over | studied if day <= sheet.day]
            length = walk(days, studied).length
            points = 0
            if pick == sheet.key and not is_void:
                points = 10 + hard + min(5, length - 1)
                paid = sum(
                    entry.points
                    for entry in self.entries[member]
                    if (entry.day, entry.question) == (sheet.day, sheet.question)
                )
                self.counted["paid before"] += paid > 0
                points -= paid
            self.entries[member].append(
                Entry(sheet.day, "daily", sheet.question, pick == sheet.key, points, length)
            )
        self.counted["void"] += is_void

    def _entry(self, member: int, sheet: Sheet) -> Entry:
        return next(
            entry
            for entry in reversed(self.entries[member])
            if entry.kind == "daily" and entry.day == sheet.day and entry.question == sheet.question
        )

    def _over(self) -> set[date]:
        days: defaultdict[date, list[bool]] = defaultdict(list)
        for sheet in self.sheets.values():
            days[sheet.day].append(sheet.is_closed)
        return {day for day, closed in days.items() if all(closed)}

    def _studied(self, member: int, besides: Sheet | None = None) -> set[date]:
        return {
            sheet.day
            for sheet in self.sheets.values()
            if sheet.is_closed and sheet is not besides and member in sheet.picks
        }

    def _sums(
        self,
        member: int,
        kind: str | None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[int, int, int]:
        """Return right answers, answers and points."""
        found = [
            entry
            for entry in self.entries.get(member, ())
            if (kind is None or entry.kind == kind)
            and (since is None or entry.day >= since)
            and (until is None or entry.day <= until)
        ]
        return sum(e.is_right for e in found), len(found), sum(e.points for e in found)


def _question(text: str) -> Question:
    """Return what stands between the mark of a question and its options, and the options."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(("## ", "### ")))
    options = [OPTION.match(line) for line in lines]
    first = next(n for n, match in enumerate(options) if match and n > start)
    prompt = "\n".join(lines[start:first]).lstrip("# ")
    return prompt, frozenset(match[1] for match in options[first:] if match)


def _places(text: str) -> list[tuple[int, int, int, int, int]]:
    """Return rank, member, points, right and answered of each place that is told."""
    return [
        (int(rank), int(member or 0), number(points), number(right), number(answered))
        for rank, member, points, right, answered in PLACE.findall(text)
    ]


def _challenge_line(text: str, day: date) -> str:
    """Return the line of a score on the one challenge of a day."""
    head = f"**{day:%a} {day.day} {day:%b %Y}**"
    (found,) = (part for part in text.split("\n**") if f"**{part}".startswith(head))
    (line,) = (line for line in found.splitlines() if line.startswith("- Challenge"))
    return line


def _lower_bound(right: int, answered: int) -> float:
    """Return the lower end of Wilson's 95 % interval."""
    z, share = 1.959964, right / answered
    middle = share + z * z / (2 * answered)
    spread = z * (share * (1 - share) / answered + z * z / (4 * answered * answered)) ** 0.5
    return (middle - spread) / (1 + z * z / answered)


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"
