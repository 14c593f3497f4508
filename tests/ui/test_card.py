"""Cards: discord.py keeps nothing of what was sent."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

from tests.cogs.acting import posted_now

ROOT = Path(__file__).parents[2] / "bot"


async def test_nothing_of_a_sent_message_is_kept(hall):
    before = len(asyncio.all_tasks())
    await posted_now(hall)
    await hall.alice.slash(hall.channel, "ask", question="which service detects PII?")
    await hall.alice.slash(hall.channel, "ask", question="guardduty", private=True)
    await hall.alice.slash(hall.channel, "leaderboard")
    assert hall.bot._connection._view_store._views == {}
    assert len(asyncio.all_tasks()) <= before


def test_every_message_is_a_card():
    made = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("LayoutView", "ui.View"))
    ]
    assert made == []
