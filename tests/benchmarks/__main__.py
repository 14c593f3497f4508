"""`make bench`: every benchmark, or `make bench ARGS="search 1000"` for one and its sizes."""

from __future__ import annotations

import sys

from tests.benchmarks import search

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] == "search":
        sizes = tuple(int(text) for text in arguments[1:]) or SIZES
        if arguments[1:] == ["0"]:
            sizes = ()
        for line in search.report(sizes):
            print(line, flush=True)


if __name__ == "__main__":
    main()
