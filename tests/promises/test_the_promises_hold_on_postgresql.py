"""All five promises once more, on the other database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.world.postgres import Server

FOLDER = Path(__file__).resolve().parent
PROMISES = sorted(
    path.stem for path in FOLDER.glob("test_*.py") if path.stem != Path(__file__).stem
)


@pytest.fixture(scope="module")
def ran(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """Run them all in one process; return how often each promise was kept, and what was not."""
    url = postgres.new_database("promises")
    # What pytest-django would make and fill of it: Django calls the database of a test so.
    postgres.new_database("test_promises", template=postgres.laid)
    told = tmp_path_factory.mktemp("promises") / "told.xml"
    files = [str(FOLDER / f"{promise}.py") for promise in PROMISES]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--reuse-db",
         f"--junitxml={told}", *files],
        env={**os.environ, "CUSTODES_DATABASE_URL": url},
        cwd=FOLDER.parents[1], capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert told.exists(), run.stdout[-6000:] + run.stderr[-2000:]
    found: dict[str, Counter[str]] = {promise: Counter() for promise in PROMISES}
    for case in ET.parse(told).iter("testcase"):
        of = next(part for part in case.attrib["classname"].split(".") if part in found)
        faults = [each for each in case if each.tag in {"failure", "error", "skipped"}]
        found[of].update(each.text or each.tag for each in faults)
        found[of]["kept"] += not faults
    return found


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1260)
@pytest.mark.parametrize("promise", PROMISES)
def test_the_promise_holds_on_postgresql_too(ran: dict[str, Counter[str]], promise: str) -> None:
    said = ran[promise]

    assert said.pop("kept") > 0
    assert list(said) == [], "\n".join(said)[-6000:]
