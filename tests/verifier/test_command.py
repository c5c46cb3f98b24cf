"""``custodes verify`` and ``custodes-verify``: what they print, and what they leave with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.verifier import cases
from tests.verifier.corpus import POLICIES
from tests.verifier.small_log import ORIGIN
from tests.verifier.story import honest_clip, honest_proof, story

from custodes.cli.verify import command
from custodes.ledger.keys import VerifierKey
from custodes.ledger.policy import Policy
from custodes.verifier import cli
from custodes.verifier import verify as verifying
from custodes.verifier.claims import LIMITS


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return story(honest_clip(), honest_proof()).write(tmp_path / "package")


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.txt"
    path.write_text(POLICIES["policy.txt"])
    return str(path)


def test_a_proven_package_leaves_with_nothing_to_say_against_it(package: Path, policy: str) -> None:
    done = CliRunner().invoke(command, [str(package), "--policy", policy, "--json"])

    said = json.loads(done.stdout)
    assert (done.exit_code, said["verdict"]) == (0, "PROVEN")
    assert said["limits"] == list(LIMITS)
    assert {claim["verdict"] for claim in said["claims"]} == {"PROVEN"}


def test_the_limits_are_printed_with_every_result(
    package: Path, policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([str(package), "--policy", policy]) == 0

    printed = capsys.readouterr().out
    assert all(limit in printed for limit in LIMITS)
    assert "PROVEN       All 5 entries are in the custody log" in printed


def test_without_a_policy_nothing_that_needs_one_is_proven(package: Path) -> None:
    done = CliRunner().invoke(command, [str(package), "--json"])

    claims = {claim["claim"]: claim for claim in json.loads(done.stdout)["claims"]}
    assert done.exit_code == 2
    assert claims["whole"]["verdict"] == "PROVEN"
    assert claims["log"] == {
        "claim": "log",
        "about": ORIGIN,
        "verdict": "NOT PROVEN",
        "reason": "policy.none",
        "sentence": "No policy was given, so there is nobody to believe: get one, and check again.",
        "details": [],
    }


def test_a_policy_kept_in_the_users_settings_is_used(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings" / "custodes").mkdir(parents=True)
    (tmp_path / "settings" / "custodes" / "policy").write_text(POLICIES["policy.txt"])

    assert cli.main([str(package)]) == 0
    assert "[log.included]" in capsys.readouterr().out


def test_a_changed_package_leaves_with_one(package: Path, policy: str) -> None:
    cases.flip(package / "data" / "clip.mp4", 9000)

    done = CliRunner().invoke(command, [str(package), "--policy", policy])

    assert done.exit_code == 1
    assert "CONTRADICTED" in done.stdout


def test_a_fault_of_the_verifier_leaves_with_two_and_says_nothing_of_the_package(
    package: Path,
    policy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(verifying, "check_clip_file", broken)

    status = cli.main([str(package), "--policy", policy])
    printed = capsys.readouterr()
    done = CliRunner().invoke(command, [str(package), "--policy", policy])

    assert (status, done.exit_code) == (2, 2)
    for said in (printed.out + printed.err, done.output):
        assert "could not be checked: ZeroDivisionError" in said
        assert "CONTRADICTED" not in said


def test_a_crash_outside_the_checks_leaves_with_two(
    package: Path,
    policy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(Policy, "parse", broken)

    assert cli.main([str(package), "--policy", policy]) == 2
    assert CliRunner().invoke(command, [str(package), "--policy", policy]).exit_code == 2
    assert "Nothing was checked." in capsys.readouterr().err


def test_a_policy_with_a_weak_key_is_refused_before_anything_is_checked(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The neutral element: it "signs" everything.
    weak = VerifierKey(ORIGIN, bytes([1, *bytes(31)]))
    (tmp_path / "weak.txt").write_text(f"log {weak}\nquorum none\n")

    assert cli.main([str(package), "--policy", str(tmp_path / "weak.txt")]) == 2
    assert "Nothing was checked." in capsys.readouterr().err


def test_what_is_no_package_is_not_proven(tmp_path: Path, policy: str) -> None:
    (tmp_path / "film.mp4").write_bytes(b"a film")

    done = CliRunner().invoke(command, [str(tmp_path / "film.mp4"), "--policy", policy])

    assert done.exit_code == 2
    assert "whole.malformed" in done.stdout


def test_a_path_that_is_not_there_is_not_proven(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path / "gone"), "--json"])

    assert done.exit_code == 2
    assert json.loads(done.stdout)["claims"][0]["reason"] == "whole.malformed"


def test_roots_that_are_no_certificates_are_refused_before_anything_is_checked(
    package: Path, policy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")

    status = cli.main([str(package), "--policy", policy, "--timestamp-roots", str(roots)])

    assert status == 2
    assert "holds no certificates" in capsys.readouterr().err
