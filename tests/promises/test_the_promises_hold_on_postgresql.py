"""All five promises once more, on the other database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.world.postgres import Server

FOLDER = Path(__file__).resolve().parent
PROMISES = sorted(
    path.name for path in FOLDER.glob("test_*.py") if path.stem != Path(__file__).stem
)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1260)
@pytest.mark.parametrize("promise", PROMISES)
def test_the_promise_holds_on_postgresql_too(postgres: Server, promise: str) -> None:
    url = postgres.new_database(promise.removesuffix(".py")[:60])

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", str(FOLDER / promise)],
        env={**os.environ, "CUSTODES_DATABASE_URL": url},
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-6000:]
