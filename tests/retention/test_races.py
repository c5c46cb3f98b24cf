"""A hold and the eraser at the same moment: one of them wins, on either database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.world.postgres import Server

REPOSITORY = Path(__file__).resolve().parents[2]
RACES = 60


# On SQLite the smoke test of the benchmarks runs the same.
@pytest.mark.postgres
def test_no_recording_is_both_erased_and_held(postgres: Server, tmp_path: Path) -> None:
    url = postgres.new_database("races")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "custodes"), "bench", "hold_races", "--races",
         str(RACES), "--database-url", url, "--home", str(tmp_path)],
        capture_output=True, text=True, timeout=240, check=False, cwd=REPOSITORY, env=os.environ,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told = re.search(r"the hold won (\d+), the eraser (\d+); both erased and held: 0", done.stdout)
    assert told, done.stdout
    assert int(told[1]) + int(told[2]) == RACES
