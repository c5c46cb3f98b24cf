"""The pages whose blocks are marked sh do what they say, in order, on a fresh home."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.world.installation import Installation
from tests.world.waiting import eventually

from custodes.media.generate import footage

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: str) -> list[str]:
    text = (DOCS / page).read_text()
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def run(block: str, folder: Path) -> str:
    """Run a block as a reader would, on a home below the folder; return what it printed."""
    binaries = Path(sys.executable).parent
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
    environment = {
        **kept,
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "CUSTODES_HOME": str(folder / "home"),
        "CUSTODES_MINIMUM_FREE_BYTES": "0",
    }
    done = subprocess.run(
        ["sh", "-eu", "-c", block],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_first_steps_work_from_top_to_bottom(tmp_path: Path) -> None:
    footage(tmp_path / "patrol.mp4", seconds=3, camera="X4711")

    said = [run(block, tmp_path) for block in blocks("start/first-steps.md")]

    assert "PROVEN" in said[4]
    assert "CONTRADICTED" not in said[4]
    assert "0 findings" in said[6]


@pytest.mark.slow
def test_what_was_backed_up_can_be_restored_and_proven(tmp_path: Path) -> None:
    footage(tmp_path / "patrol.mp4", seconds=3, camera="X4711")
    run("custodes import patrol.mp4 --camera X4711 --enrol", tmp_path)
    back_up, restore = blocks("how-to/back-up-and-restore.md")

    run(back_up, tmp_path)
    said = run(restore, tmp_path)

    assert "1 objects were read again; 0 findings" in said
    [recording] = json.loads(run("custodes recordings --json", tmp_path))
    assert "CONTRADICTED" not in run(f"custodes verify {recording['id']}", tmp_path)


@pytest.mark.slow
def test_a_journalist_can_watch_a_log_from_outside(tmp_path: Path) -> None:
    place = Installation(tmp_path / "home").start()
    try:
        run("custodes camera add X4711", tmp_path)
        # The worker signs a checkpoint within seconds of the first entry.
        wait = "custodes ledger export waited > /dev/null 2>&1 && echo yes || echo no"
        eventually(lambda: run(wait, tmp_path) == "yes\n")

        said = [run(block, tmp_path) for block in blocks("how-to/monitor-a-log.md")]
    finally:
        place.stop()

    assert [text.splitlines()[-1] for text in said[1:]] == ["Nothing is wrong."] * 2
    assert json.loads((tmp_path / "visit.json").read_text())["size"] > 1
