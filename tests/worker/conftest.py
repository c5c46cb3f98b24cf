"""Workplaces on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.world.postgres import database_url, postgres
from tests.world.working import Workplace

__all__ = ["database_url", "postgres"]


@pytest.fixture
def workplace(tmp_path: Path, database_url: str) -> Iterator[Callable[..., Workplace]]:
    """Return what opens a workplace; its workers are killed at the end."""
    opened: list[Workplace] = []

    def opening(**settings: Any) -> Workplace:
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        opened.append(Workplace(home, database_url, **settings))
        return opened[-1]

    yield opening
    for each in opened:
        each.close()
