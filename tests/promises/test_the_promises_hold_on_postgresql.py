"""All five promises once more, on the other database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.world.postgres import Server

FOLDER = Path(__file__).resolve().parent
PROMISES = sorted(path.name for path in FOLDER.glob("test_*.py") if path != Path(__file__))


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.xdist_group("postgres")
def test_every_promise_holds_on_postgresql_too(postgres: Server) -> None:
    url = postgres.new_database("promises")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider",
         *(str(FOLDER / name) for name in PROMISES if "postgresql" not in name)],
        env={**os.environ, "CUSTODES_DATABASE_URL": url},
        cwd=FOLDER.parents[1],
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout[-6000:]
