"""A newcomer's first minutes, in a real browser with the real bot and the shipped knowledge."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.driving import Tab, chromium, find_chromium, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def executable() -> str:
    found = find_chromium()
    if found is None:
        reason = "no Chromium found: apt install chromium, or set CHROMIUM"
        if os.environ.get("STUDY_BOT_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def keep(tab: Tab, name: str, folder: Path) -> None:
    """Take a screenshot, and a copy of it where STUDY_BOT_SHOTS says."""
    shot = folder / f"{name}.png"
    tab.picture(shot)
    assert shot.stat().st_size > 10_000
    if more := os.environ.get("STUDY_BOT_SHOTS"):
        Path(more).mkdir(parents=True, exist_ok=True)
        shutil.copy(shot, more)


def test_a_newcomer_asks_answers_and_reads_the_board(executable: str, tmp_path: Path) -> None:
    database, log = tmp_path / "play.db", tmp_path / "play.log"
    complaints: list[str] = []
    with chromium(executable) as browser:
        with served(database, log) as address:
            tab = Tab(browser, address)
            tab.read("Welcome to the study hall.")

            tab.slash("ask", "which service detects PII?")
            tab.read("Amazon Macie")
            keep(tab, "ask", tmp_path)

            tab.be("Ben")
            tab.read("Daily challenge")
            tab.press("B")
            tab.read("Recorded: B")
            keep(tab, "answered", tmp_path)

            tab.be("Ana")
            assert tab.channel.get_by_text("Recorded: B").count() == 0
            complaints += tab.complaints
            tab.page.close()

        with served(database, log) as address:  # a later visit: same members, same scores
            tab = Tab(browser, address)
            tab.be("Ben")
            tab.read("1 answer so far")
            tab.press("C")
            tab.read("Your first answer stands: B")

            tab.slash("leaderboard")
            tab.read("Leaderboard")
            keep(tab, "board", tmp_path)

            tab.be("Ana")
            tab.slash("daily reveal")
            tab.read("← right")
            keep(tab, "revealed", tmp_path)

            phone = Tab(browser, address, width=400, height=850)
            phone.read("← right")
            keep(phone, "phone", tmp_path)
            assert phone.page.evaluate("document.documentElement.scrollWidth") <= 400
            complaints += tab.complaints + phone.complaints
    assert complaints == []
    logged = log.read_text(encoding="utf-8")
    assert "ERROR" not in logged
    assert "WARNING" not in logged
