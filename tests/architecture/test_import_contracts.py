"""The directions of dependency hold, and each contract bites when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(LINT),
        "--config",
        str(REPOSITORY / "pyproject.toml"),
        "--no-cache",
    ]
    environment = {"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    """Return a copy of the sources in which a test may break things."""
    ignore = shutil.ignore_patterns("__pycache__", "built")
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=ignore)
    return tmp_path


def test_every_room_of_the_house_keeps_the_contracts(copied_house: Path) -> None:
    done = lint(copied_house)

    assert done.returncode == 0, done.stdout


# One import, or one folder, for each contract that must notice it.
BREACHES = {
    "house": ("intake/rules.py", "import custodes.recordings.rules\n"),
    "plain-libraries": ("vault/keys.py", "import django\n"),
    "pure-rules": ("recordings/rules.py", "import random\n"),
    "doors-leave-tables-alone": ("docks/wsgi.py", "import custodes.recordings.models\n"),
}


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_bites_when_somebody_breaks_it(copied_house: Path, contract: str) -> None:
    file, line = BREACHES[contract]
    path = copied_house / "src" / "custodes" / file
    path.write_text(path.read_text() + "\n" + line)

    done = lint(copied_house)

    assert done.returncode == 1
    assert f"{name_of(contract)} BROKEN" in done.stdout


def test_a_room_on_no_floor_fails_the_build(copied_house: Path) -> None:
    attic = copied_house / "src" / "custodes" / "attic"
    attic.mkdir()
    (attic / "__init__.py").write_text('"""Nobody said where this lies."""\n')

    done = lint(copied_house)

    assert done.returncode != 0
    assert "attic" in done.stdout + done.stderr


def test_every_contract_has_a_breach_that_proves_it_bites() -> None:
    assert {contract["id"] for contract in contracts()} == set(BREACHES)


def contracts() -> list[dict[str, str]]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    found: list[dict[str, str]] = settings["tool"]["importlinter"]["contracts"]
    return found


def name_of(contract: str) -> str:
    return next(c["name"] for c in contracts() if c["id"] == contract)
