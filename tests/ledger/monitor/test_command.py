"""The command says what it found in words or as JSON, and leaves with 0, 1 or 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.ledger.monitor.logs import POLICY, busy_day, handle

from custodes.cli.ledger_monitor import monitor


def run(*arguments: object) -> Result:
    return CliRunner().invoke(monitor, [str(each) for each in arguments])


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy"
    path.write_text(str(POLICY))
    return path


def test_a_clean_log_is_said_to_be_so_and_leaves_with_nothing(tmp_path: Path, policy: Path) -> None:
    done = run(busy_day().export(tmp_path / "log"), "--policy", policy)

    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "Nothing is wrong."
    assert len(done.output.splitlines()) == 2


def test_faults_are_said_with_their_entries_and_leave_with_one(
    tmp_path: Path, policy: Path
) -> None:
    log = busy_day()
    index = log.census(without=handle("camera 1"))
    folder = log.export(tmp_path / "log")

    done = run(folder, "--policy", policy)
    assert done.exit_code == 1
    assert f"FAULT Entry {index}: the census of {index} entries leaves out 1" in done.output
    told: dict[str, Any] = json.loads(run(folder, "--policy", policy, "--json").output)
    assert (told["verdict"], told["faults"], told["size"]) == ("faults", 1, index + 1)
    assert told["findings"][0]["code"] == "census"


@pytest.mark.parametrize("options", [["--policy", "nowhere"], []])
def test_where_nothing_can_be_said_it_leaves_with_two(options: list[str], tmp_path: Path) -> None:
    folder = busy_day().export(tmp_path / "log") if options else tmp_path / "nowhere"

    done = run(folder, *options)
    assert done.exit_code == 2
    assert "Nothing can be said" in done.output
    assert json.loads(run(folder, *options, "--json").output)["verdict"] == "cannot check"


def test_it_needs_no_django(tmp_path: Path) -> None:
    folder = busy_day().export(tmp_path / "log")
    program = (
        "import sys; from custodes.cli.ledger_monitor import monitor\n"
        f"monitor([{str(folder)!r}], standalone_mode=False)\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
