from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "study.db"


@pytest_asyncio.fixture
async def store(path: Path, empty_database: Path) -> AsyncIterator[Store]:
    shutil.copyfile(empty_database, path)
    async with Store(path) as opened:
        yield opened
