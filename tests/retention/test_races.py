"""Who holds, who lets go and who erases at the same moment: one wins, and nobody waits for ever."""

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


@pytest.mark.postgres
def test_acts_that_end_a_hold_and_the_sweep_do_not_wait_for_each_other(
    postgres: Server, tmp_path: Path
) -> None:
    own = {
        "CUSTODES_HOME": str(tmp_path),
        "CUSTODES_DATABASE_URL": postgres.new_database("crossing", template=postgres.laid),
        "CUSTODES_MINIMUM_FREE_BYTES": "0",
        "DJANGO_SETTINGS_MODULE": "custodes.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.world.crossing", "15"],
        capture_output=True, text=True, timeout=120, check=False, cwd=REPOSITORY,
        env={**os.environ, **own},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("15 rounds, 0 failed"), done.stdout
