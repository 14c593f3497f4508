"""The clock of a cog goes on, whatever goes wrong in a tick."""

from __future__ import annotations

import pytest

from bot.cogs.ticking import Ticking


async def test_a_clock_goes_on_after_what_went_wrong(hall, caplog, monkeypatch):
    ticks = []

    async def fail():
        ticks.append(hall.env.now())
        raise ValueError("broken")

    monkeypatch.setattr(hall.bot.get_cog("Winners"), "tick", fail)
    await hall.env.advance_time(3 * hall.bot.tick.total_seconds() + 1)
    assert len(ticks) == 3
    assert caplog.text.count("A tick of Winners failed; the next one comes soon") == 3


async def test_a_clock_ticks_although_it_could_not_begin(hall, caplog, monkeypatch):
    async def fail():
        raise ValueError("broken")

    daily = hall.bot.get_cog("Daily")
    monkeypatch.setattr(daily, "begin", fail)
    await daily._ready()
    assert "Daily could not begin as it should" in caplog.text


@pytest.mark.parametrize("name", ["Daily", "Winners", "Streaks", "Duels", "Seasons"])
async def test_whoever_has_a_clock_shares_it(hall, name):
    assert isinstance(hall.bot.get_cog(name), Ticking)
