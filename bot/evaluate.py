"""`study-bot evaluate`: question files in, a table of shares and every miss with its why out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.content.probes import load_probes
from bot.core.evaluation import Row, Share, Verdict, chose_right, judge, summarise
from bot.core.library import Library

_COLUMNS = ("right first", "right in three", "sure", "sure but wrong", "declined")
_WIDTH = 27


def evaluate(
    library: Library, paths: Sequence[Path], *, scope: str | None = None, misses: bool = True
) -> Iterator[str]:
    """Yield the lines of the report.

    Raises:
        ContentError: a file is not in the format.
    """
    for path in paths:
        probes, unknown = load_probes(path, library.id_named, scope=scope)
        verdicts = [judge(probe, library.answer(probe.ask)) for probe in probes]
        yield f"{path.name}: {len(verdicts)} questions, shares with their 95 % interval"
        yield from table(summarise(verdicts))
        pasted = [probe for probe in probes if probe.keys]
        if pasted:
            chosen = sum(chose_right(probe, library.answer(probe.pasted)) for probe in pasted)
            yield f"{'options':12}{Share(chosen, len(pasted))!s:>{_WIDTH}}  (pasted, one chosen)"
        if unknown:
            yield f"not in the knowledge, left out: {', '.join(unknown)}"
        if misses:
            for verdict in verdicts:
                if not verdict.is_first:
                    yield from miss(library, verdict)
        yield ""


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the counts, one kind a line."""
    yield f"{'kind':12}" + "".join(f"{name:>{_WIDTH}}" for name in _COLUMNS)
    for row in rows:
        shares = (row.first, row.in_three, row.sure, row.surely_wrong, row.declined)
        yield f"{row.kind:12}" + "".join(f"{share!s:>{_WIDTH}}" for share in shares)


def miss(library: Library, verdict: Verdict) -> Iterator[str]:
    """Yield what was asked, what would have been right, and what was said for which reasons."""
    probe, reply = verdict.probe, verdict.reply
    wanted = " or ".join("+".join(sorted(ids)) for ids in probe.accepted) or "to decline"
    said = " + ".join(found.entry.id for found in reply.answers) or "nothing"
    yield f"- [{probe.kind}] {probe.ask}"
    yield f"    wanted {wanted}; said {said} ({reply.confidence})"
    if probe.shows and reply.answers and {reply.answers[0].entry.id} in probe.accepted:
        yield f"    wanted one of {list(probe.shows)}; first fact: {reply.answers[0].facts[0].text}"
    yield from (f"    {line}" for line in library.explain(probe.ask))
