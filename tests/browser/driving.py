"""Starts `study-bot play` and drives its page as a member would (test and scripts/screenshot)."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
WAIT_MS = 20_000

# No GPU, no sandbox (CI runs as root), and nothing that calls home.
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


def find_chromium() -> str | None:
    """Return the Chromium to use: $CHROMIUM, else the first on the PATH, else None."""
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def zone_at_noon(now: datetime) -> str:
    """Return a zone in which it is about noon, so that no day ends while a page is driven."""
    ahead = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}"  # POSIX signs: west of Greenwich counts positive


@contextmanager
def served(database: Path, log: Path) -> Iterator[str]:
    """Run `study-bot play` with its scores in ``database``; yield the page's address.

    Ends it with SIGTERM and expects exit code 0.
    """
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "play", "--no-browser", "--port", "0", "--db", database],
            cwd=ROOT,
            env={**os.environ, "TZ": zone_at_noon(datetime.now(UTC))},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/#\S+", line)
        assert address, f"play printed {line!r} and logged:\n{log.read_text(encoding='utf-8')}"
        yield address[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(START_SECONDS) == 0, log.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """Start the browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """One tab with the page open."""

    def __init__(
        self, browser: Browser, address: str, *, width: int = 1000, height: int = 900
    ) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(WAIT_MS)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)
        self.composer.wait_for()

    def _heard(self, message: ConsoleMessage) -> None:
        # Every browser asks for an icon, SimCord has none.
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            self.complaints.append(message.text)

    @property
    def composer(self) -> Locator:
        return self.page.locator("#channel-composer-input")

    @property
    def channel(self) -> Locator:
        """The messages; not the list of them at the left."""
        return self.page.locator("#channel-message-list")

    def be(self, name: str) -> None:
        """Switch to another member."""
        self.page.get_by_label("Viewing as").select_option(label=name)
        self.settle()
        self.page.locator("#viewer-picker option:checked", has_text=name).wait_for(state="attached")

    def settle(self) -> None:
        """Wait until the page has drawn the newest state and asks for nothing ("Updating…")."""
        self.page.locator('#preview-app[aria-busy="false"]').wait_for()
        self.page.locator("#action-status", has_not_text="…").wait_for()

    def slash(self, command: str, *values: str) -> None:
        """Run a command as one types it: its name, then the values of its first options."""
        self.settle()
        self.composer.click()
        self.page.keyboard.type(f"/{command}")
        self.page.locator(".command-entry", has_text=f"/{command}").first.click()
        for place, value in enumerate(values):
            field = self.page.locator(".command-option-input").nth(place)
            field.fill(value)
        self.page.locator("#send-message").click()
        self.composer.wait_for()

    def press(self, label: str) -> None:
        """Press the newest button with this label."""
        self.settle()
        self.channel.get_by_role("button", name=label, exact=True).last.click()

    def read(self, text: str) -> Locator:
        """Wait until the newest place that says ``text`` is there, and return it."""
        place = self.channel.get_by_text(text).last
        place.wait_for()
        return place

    def picture(self, path: Path) -> None:
        """Take a screenshot of the newest messages, when nothing moves any more."""
        self.settle()
        self.page.mouse.move(0, 0)  # a message with the pointer or the focus shows its tools
        self.page.evaluate("document.activeElement.blur()")
        self.page.evaluate("document.querySelector('#channel-timeline').scrollTop = 1e6")
        self.page.screenshot(path=path)
