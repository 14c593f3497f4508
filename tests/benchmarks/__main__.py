"""`make bench`: every benchmark, or one by its name, with its sizes.

`make bench ARGS="search 1000"` with entries, `make bench ARGS="store 1000 20000"` with members
and answers, `make bench ARGS="minute 500"` with challenges, `make bench ARGS="interactions 1000"`
with interactions of a kind, `make bench ARGS="match 200"` with players,
`make bench ARGS="ratings 12"` with groups.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator

from tests.benchmarks import interactions, match, minute, ratings, search, store

SIZES = (1_000, 10_000, 100_000)


def _search(*sizes: int) -> Iterator[str]:
    """Measure search; a size of 0 is the real knowledge alone."""
    return search.report(() if sizes == (0,) else sizes or SIZES)


BENCHMARKS: dict[str, Callable[..., Iterator[str] | AsyncIterator[str]]] = {
    "search": _search,
    "store": store.report,
    "minute": minute.report,
    "interactions": interactions.report,
    "match": match.report,
    "ratings": ratings.report,
}


def main() -> None:
    name, *sizes = sys.argv[1:] or [""]
    if name and name not in BENCHMARKS:
        sys.exit(f"There is no benchmark “{name}”. There are: {', '.join(BENCHMARKS)}.")
    for chosen in [name] if name else BENCHMARKS:
        lines = BENCHMARKS[chosen](*map(int, sizes))
        if isinstance(lines, AsyncIterator):
            asyncio.run(_print(lines))
        else:
            for line in lines:
                print(line, flush=True)


async def _print(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
