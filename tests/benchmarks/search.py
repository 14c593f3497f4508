"""Answering, beside other ways to answer: how often right, how fast, how large.

Quality is measured on the held-apart questions that have one right entry; a peer never declines,
so questions outside the subject are left to `study-bot evaluate`. Each contender runs in a
process of its own; memory is what building adds to that process's resident set. The second row is
the bot as it starts again: it reads its index instead of building it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from bot.config import DEFAULT_KNOWLEDGE
from bot.content.load import load_knowledge
from bot.content.probes import load_probes
from bot.content.shelf import kept_for_good
from bot.core.evaluation import Probe, Share
from bot.core.model import Knowledge
from tests.benchmarks.corpus import generate, questions
from tests.benchmarks.peers import StudyBot, peers

QUESTIONS = sorted((Path(__file__).parents[1] / "questions").glob("held-apart*.yaml"))
SPEED_QUESTIONS = 400
SECONDS_MOST = 240
"""A contender that takes longer over a corpus is stopped and says so."""


def resident_mib() -> float:
    """Return the process's resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _knowledge(size: int | None) -> Knowledge:
    real = load_knowledge(DEFAULT_KNOWLEDGE)
    return real if size is None else generate(real, size, Random(size))


def _measure(place: int, size: int | None, kept: Path, pipe: Any) -> None:
    peer = peers(kept)[place]
    knowledge = _knowledge(size)
    if size is None:
        probes = [p for file in QUESTIONS for p in load_probes(file, lambda _: None)[0]]
        probes = [p for p in probes if p.accepted and p.kind != "comparison"]
        asked = [probe.ask for probe in probes]
    else:
        probes = []
        asked = questions(knowledge, SPEED_QUESTIONS, Random(7))
    gc.collect()
    before, start = resident_mib(), time.perf_counter()
    peer.build(knowledge)
    built = time.perf_counter() - start
    memory = resident_mib() - before
    if isinstance(peer, StudyBot):
        peer.keep()
    times, found = [], []
    with kept_for_good():  # as the running bot does
        for question in asked:
            start = time.perf_counter()
            found.append(peer.search(question))
            times.append(time.perf_counter() - start)
    times.sort()
    pipe.send(
        (
            peer.name,
            _right(probes, found),
            times[len(times) // 2] * 1e3,
            times[min(len(times) - 1, int(len(times) * 0.99))] * 1e3,
            built * 1e3,
            memory,
        )
    )


def _right(probes: list[Probe], found: list[list[str]]) -> tuple[Share, Share] | None:
    if not probes:
        return None
    first = three = 0
    for probe, ids in zip(probes, found, strict=True):
        wanted = set().union(*probe.accepted)
        first += bool(ids) and ids[0] in wanted
        three += bool(wanted & set(ids))
    return Share(first, len(probes)), Share(three, len(probes))


def table(size: int | None) -> Iterator[str]:
    """Yield a table: the shipped knowledge, or ``size`` generated entries."""
    knowledge = load_knowledge(DEFAULT_KNOWLEDGE)
    count = len(knowledge.entries) if size is None else size
    yield f"\n{count:,} entries" + ("" if size is None else " (generated, see corpus.py)")
    head = f"{'':24}"
    if size is None:
        head += f"{'right first':>26}{'right in three':>26}"
    yield head + f"{'p50 ms':>9}{'p99 ms':>9}{'build ms':>10}{'MiB':>7}"
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows(size, Path(folder) / "index")


def _rows(size: int | None, kept: Path) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    for place, peer in enumerate(peers(kept)):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_measure, args=(place, size, kept, theirs))
        process.start()
        theirs.close()
        try:
            row = ours.recv() if ours.poll(SECONDS_MOST) else None
        except EOFError:
            row = None
        process.kill()
        process.join()
        if row is None:
            yield f"{peer.name:24} not finished within {SECONDS_MOST} s"
            continue
        name, right, p50, p99, built, memory = row
        line = f"{name:24}"
        if right is not None:
            line += f"{right[0]!s:>26}{right[1]!s:>26}"
        yield line + f"{p50:9.2f}{p99:9.2f}{built:10.0f}{memory:7.0f}"


def report(sizes: tuple[int, ...]) -> Iterator[str]:
    """Yield all tables."""
    yield from table(None)
    for size in sizes:
        yield from table(size)
