"""Every command in the first steps does what the page says, in order, on a fresh home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from custodes.media.generate import footage

PAGE = Path(__file__).resolve().parents[2] / "docs" / "start" / "first-steps.md"


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_first_steps_work_from_top_to_bottom(tmp_path: Path) -> None:
    footage(tmp_path / "patrol.mp4", seconds=3, camera="X4711")
    binaries = Path(sys.executable).parent
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
    environment = {
        **kept,
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "CUSTODES_HOME": str(tmp_path / "home"),
        "CUSTODES_MINIMUM_FREE_BYTES": "0",
    }

    said = []
    for block in blocks():
        done = subprocess.run(
            ["sh", "-eu", "-c", block],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)

    assert "PROVEN" in said[4]
    assert "CONTRADICTED" not in said[4]
    assert "0 findings" in said[6]
