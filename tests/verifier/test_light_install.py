"""The verifier is an install of its own, which brings no server and no decoder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from tests.verifier.corpus import POLICIES
from tests.verifier.story import honest_clip, honest_proof, story

REPOSITORY = Path(__file__).resolve().parents[2]
# What its three dependencies consist of.
NEEDED = ("cryptography", "numpy", "rfc3161_client", "cffi", "_cffi_backend", "pycparser")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it where nothing else is but its dependencies."""
    folder = tmp_path_factory.mktemp("light")
    run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY / "packaging" / "verifier",
    )
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    offline = ["install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
    run([sys.executable, "-m", "pip", "--python", str(python), *offline, str(wheel)])
    site = next((folder / "venv" / "lib").glob("python*/site-packages"))
    for path in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if path.name.split(".")[0] in NEEDED:
            (site / path.name).symlink_to(path)
    return folder / "venv" / "bin"


def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, check=True, capture_output=True, text=True, env=clean, **more
    )


def test_the_light_install_proves_a_package(installed: Path, tmp_path: Path) -> None:
    package = story(honest_clip(), honest_proof()).write(tmp_path / "package")
    (tmp_path / "policy.txt").write_text(POLICIES["policy.txt"])

    done = run(
        [str(installed / "custodes-verify"), str(package), "--policy", str(tmp_path / "policy.txt")]
    )

    assert "[clip.untouched]" in done.stdout
    assert "What this does not show:" in done.stdout


def test_the_light_install_has_no_django_and_no_decoder(installed: Path) -> None:
    asked = (
        "import custodes.verifier.cli, sys; print(sorted({m.split('.')[0] for m in sys.modules}))"
    )

    loaded = run([str(installed / "python"), "-c", asked]).stdout

    assert "'custodes'" in loaded
    for absent in ("django", "'av'", "httpx", "click"):
        assert absent not in loaded
    missing = subprocess.run(
        [str(installed / "python"), "-c", "import django"], capture_output=True, check=False
    )
    assert missing.returncode != 0
