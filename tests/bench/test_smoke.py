"""Every benchmark runs, at a tiny size, and ends with its ratio."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from tests.world.tables import laid

from custodes.cli.bench import _load, command

REPOSITORY = Path(__file__).resolve().parents[2]
TINY = {
    "recordings_page": ["--recordings", "3000", "--rounds", "1"],
    "sweep": ["--recordings", "600"],
    "key_roll": ["--keys", "500"],
    "hold_races": ["--races", "60"],
    "declare": ["--recordings", "900"],
    "explain": ["--recordings", "500", "--questions", "5"],
    "intake": ["--megabytes", "3", "--rounds", "1"],
    "forty_cameras": ["--megabytes", "3", "--cameras", "3", "--rounds", "1"],
    "arrival": ["--megabytes", "3", "--rounds", "1"],
    "census": ["--recordings", "2000", "--rounds", "1"],
    "inventory": ["--recordings", "400", "--lost", "49", "--rounds", "1"],
    "ledger_append": ["--entries", "192"],
    "ledger_proofs": ["--large", "3000", "--small", "1000", "--proofs", "5", "--peer-proofs", "1"],
    "monitor": ["--entries", "3000", "--rounds", "1"],
    "verify_package": ["--minutes", "0.1", "--rounds", "1"],
    "verify_html": ["--minutes", "0.1", "--rounds", "1"],
    "portal": ["--shares", "3", "--opened", "2"],
    "package_case": ["--megabytes", "4", "--clips", "2", "--rounds", "1"],
    "package_stream": ["--megabytes", "40"],
    "simulate": ["--scale", "0.0001", "--within", "150"],
    "playback": ["--megabytes", "3", "--rounds", "1", "--plays", "2"],
}
#: What does not hang on the machine, and so must hold in any run.
MUST_SAY = {"verify_package": "bytes, at most 5,000"}


def bench(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "custodes"), "bench", name, *options],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, "CUSTODES_BENCH_TABLES": str(laid())},
    )


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_ends_with_its_ratio(name: str, tmp_path: Path) -> None:
    done = bench(name, *TINY[name], "--home", str(tmp_path))

    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"ratio: \d+\.\d{3}", last), done.stdout
    assert list(tmp_path.iterdir()) == [], "the benchmark left something behind"
    assert MUST_SAY.get(name, "") in done.stdout


def test_the_page_of_benchmarks_names_every_one() -> None:
    page = (REPOSITORY / "docs" / "reference" / "benchmarks.md").read_text()

    for name in TINY:
        assert f"custodes bench {name}" in page


def test_a_benchmark_that_does_not_exist_is_refused_in_a_sentence() -> None:
    done = bench("no_such_thing")

    assert done.returncode == 1
    assert "no_such_thing" in done.stderr


@pytest.mark.parametrize(("full", "held", "status"), [(True, False, 1), (True, True, 0),
                                                      (False, False, 0)])  # fmt: skip
def test_a_figure_over_its_limit_fails_the_benchmark_at_full_size_only(
    full: bool, held: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    limits, made_up = _load("rounds").Limits, ModuleType("custodes_bench.made_up")

    def main(_arguments: object) -> float:
        limits.begin(full=full)
        click.echo(limits.verdict("the time", held=held))
        return 1.0

    monkeypatch.setattr(made_up, "main", main, raising=False)
    monkeypatch.setitem(sys.modules, "custodes_bench.made_up", made_up)

    done = CliRunner().invoke(command, ["made_up"])

    assert done.exit_code == status
    assert done.stdout == ("within" if held else "OVER") + "\n"
    assert ("Over the limit: the time." in done.stderr) is (status == 1)


def test_no_benchmark_says_over_without_its_run_failing() -> None:
    saying = {path.name for path in (REPOSITORY / "bench").glob("*.py")
              if re.search('else .OVER.|"within" if', path.read_text())}  # fmt: skip

    assert saying == {"rounds.py", "verify_package.py"}, "the latter asks Limits for its word"
