"""Imports point one way, and core stays pure."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "bot").rglob("*.py"))

ALLOWED = {
    "core": {"core", "errors"},
    "content": {"content", "core", "errors"},
    "store": {"store", "core", "errors"},
    "ui": {"ui", "core", "errors"},
    "cogs": {"cogs", "ui", "store", "content", "core", "errors", "__init__"},
}
IMPURE = {
    "discord", "sqlite_utils", "sqlite3", "yaml", "asyncio", "time", "os", "pathlib", "io",
    "threading", "socket", "subprocess", "logging", "dotenv", "simcord", "uuid", "secrets",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Return the modules a file imports at run time; imports for types only do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
            if node.module == "bot":
                names |= {f"bot.{a.name}" for a in node.names if a.name != "__version__"}
    return names


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "bot").parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    allowed = ALLOWED.get(room(path))
    if allowed is None:
        return
    for name in imports(path):
        if name.startswith("bot."):
            assert name.split(".")[1] in allowed, f"{path} imports {name}"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) == "core"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_core_knows_no_discord_sql_files_clock_or_dice(path):
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE
    source = path.read_text(encoding="utf-8")
    for call in ("datetime.now(", "date.today(", "utcnow(", "random.random(", "open("):
        assert call not in source, f"{path} calls {call}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sql_is_in_the_store_only(path):
    if room(path) != "store":
        assert not {n.split(".")[0] for n in imports(path)} & {"sqlite3", "sqlite_utils"}


def test_the_boundary_test_sees_a_breach(tmp_path):
    breach = tmp_path / "breach.py"
    breach.write_text("import discord.ui\nfrom bot import app\nfrom bot.store import store\n")
    assert imports(breach) == {"discord.ui", "bot", "bot.app", "bot.store"}
