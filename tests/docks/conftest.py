"""A home folder of its own for a test that looks at what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def own_home(settings: Any, tmp_path: Path) -> Path:
    """Seal into an empty folder; the test database's keys lie there too."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": home, "minimum_free_bytes": 0})
    return home
