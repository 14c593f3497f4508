"""A season of four weeks in the server of tests/benchmarks/store.py: its pages, and its end.

Beside them the same standings from the awards themselves, which is what the kept board spares.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.core.board import Measure
from bot.store.store import Store
from tests.store.ledger import standings
from tests.store.samples import GUILD, NOW, TODAY, season

DAYS = 28
LOOKS = 150
MEASURED: tuple[Measure, ...] = ("accuracy", "streak", "points")


def season_table(folder: Path, source: Path, first_member: int, members: int) -> Iterator[str]:
    """Yield how long its pages and its end take, and how long others wait meanwhile."""
    path = folder / "season.db"
    shutil.copy(source, path)
    yield f"{'':34}{'members':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}"
    yield from asyncio.run(_measure(path, first_member, members))


async def _measure(path: Path, first_member: int, members: int) -> list[str]:
    rng = Random(3)
    lines = []
    async with Store(path) as store:
        held = await season(store, TODAY - timedelta(days=DAYS - 1), DAYS)
        for measure in MEASURED:
            times, size = [], 0
            for _ in range(LOOKS):
                reader = first_member + 7 * int(members * rng.random())
                start = time.perf_counter()
                page = await store.board_page(
                    GUILD, reader, span=held.span, measure=measure, page=None
                )
                times.append(time.perf_counter() - start)
                size = page.size
            lines.append(_line(f"{measure}, own page", size, times))
        times = []
        for _ in range(5):
            start = time.perf_counter()
            await standings(store, GUILD, since=held.first, until=held.last, limit=10)
            times.append(time.perf_counter() - start)
        lines.append(_line("first ten from the awards instead", size, times))
        improved = await store.season_improved(held)
        waits: list[float] = []
        start = time.perf_counter()
        claim = asyncio.create_task(
            store.claim_ceremony(held, improved=improved, nonce="bench", now=NOW)
        )
        while not claim.done():
            asked = time.perf_counter()
            await store.record_name(GUILD + 1, 5, "Ada", NOW)
            waits.append(time.perf_counter() - asked)
            await asyncio.sleep(0.01)
        ceremony = await claim
        taken = time.perf_counter() - start
        assert ceremony is not None
        lines.append(_line("answers elsewhere at its end", ceremony.members, waits))
        lines.append(f"{f'{ceremony.members:,} places frozen in seconds':34}{taken:9.1f}")
    return lines


def _line(name: str, size: int, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"  {name:32}{size:>9,}{ordered[len(ordered) // 2] * 1e3:9.2f}{p99 * 1e3:9.2f}"
        f"{ordered[-1] * 1e3:9.2f}"
    )
