"""The tables that are laid once for all tests."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.world.tables import _forget_old_ones, laid


def test_what_the_tests_of_another_clone_use_is_left_and_what_is_old_goes(tmp_path: Path) -> None:
    used, old = tmp_path / "used.sqlite3", tmp_path / "old.sqlite3"
    for each in (used, old):
        each.touch()
    os.utime(old, (0, time.time() - 2 * 24 * 3600))

    _forget_old_ones(tmp_path)

    assert (used.exists(), old.exists()) == (True, False)
    assert laid().exists()
