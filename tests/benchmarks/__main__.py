"""`make bench`: every benchmark, or one by its name.

`make bench ARGS="search 1000"` with its sizes, `make bench ARGS="store 1000 20000"` with members
and answers, `make bench ARGS="minute 500"` with challenges, `make bench ARGS="interactions 1000"`
with interactions of a kind, `make bench ARGS="ratings 12"` with groups.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

from tests.benchmarks import interactions, minute, ratings, search, store

SIZES = (1_000, 10_000, 100_000)
MEMBERS, ANSWERS = 100_000, 1_000_000
CHALLENGES = 500
INTERACTIONS = 1000


NAMES = ("search", "store", "minute", "interactions")


def main() -> None:
    arguments = sys.argv[1:]
    if arguments and arguments[0] not in NAMES:
        sys.exit(f"There is no benchmark “{arguments[0]}”. There are: {', '.join(NAMES)}.")
    if not arguments or arguments[0] == "search":
        sizes = tuple(int(text) for text in arguments[1:]) or SIZES
        if arguments[1:] == ["0"]:
            sizes = ()
        for line in search.report(sizes):
            print(line, flush=True)
    if not arguments or arguments[0] == "store":
        members, answers = [int(text) for text in arguments[1:]] or (MEMBERS, ANSWERS)
        for line in store.report(members, answers):
            print(line, flush=True)
    if not arguments or arguments[0] == "minute":
        (count,) = [int(text) for text in arguments[1:]] or (CHALLENGES,)
        asyncio.run(_print(minute.report(count)))
    if not arguments or arguments[0] == "interactions":
        (count,) = [int(text) for text in arguments[1:]] or (INTERACTIONS,)
        asyncio.run(_print(interactions.report(count)))
    if not arguments or arguments[0] == "ratings":
        (count,) = [int(text) for text in arguments[1:]] or (ratings.GROUPS,)
        for line in ratings.report(count):
            print(line, flush=True)


async def _print(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
