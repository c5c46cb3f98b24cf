"""``custodes package`` writes what the pages make, and what it may not write it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bagit
import pyrage
import pytest
from click.testing import CliRunner
from tests.disclosure.packages.conftest import Trial

from custodes.cli.package import command
from custodes.custody.queries import history_of
from custodes.disclosure.actions.hand_over import release_package
from custodes.disclosure.models import Package
from custodes.kernel.clock import now
from custodes.package.opening import open_package

pytestmark = pytest.mark.django_db(transaction=True)
WHO = ["--for", "Dana Reed", "--organisation", "CPS", "--because", "the charging decision"]
WHO += ["--passed-over", "the town's cameras are still being asked for"]


def run(*words: str) -> Any:
    return CliRunner().invoke(command, ["01MP/44/26", *words, "--json"])


def test_it_writes_a_folder_or_one_file_and_says_what_it_is_known_by(
    trial: Trial, tmp_path: Path
) -> None:
    out, file = tmp_path / "out", tmp_path / "out.zip"

    said = run("--audience", "prosecutor", "--out", str(out), *WHO)
    made = Package.objects.get()
    again = run("--audience", "prosecutor", "--out", str(file), "--zip", "--made", made.handle)

    assert said.exit_code == again.exit_code == 0, said.output + again.output
    assert json.loads(said.output)["fingerprint"] == made.fingerprint
    assert bagit.Bag(str(out)).validate()
    assert file.stat().st_size == made.size
    assert sorted(open_package(file).files) == sorted(open_package(out).files)
    taken = run("--audience", "prosecutor", "--out", str(out), *WHO)
    assert (taken.exit_code, "there already" in taken.output) == (1, True)
    assert Package.objects.count() == 1


def test_what_is_for_the_defence_is_written_when_it_was_released_and_not_before(
    trial: Trial, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = run("--audience", "defence", "--out", str(out), *WHO)
    assert (said.exit_code, json.loads(said.output)["waits"], out.exists()) == (0, True, False)
    made = Package.objects.get()
    early = run("--audience", "defence", "--out", str(out), "--made", made.handle)
    assert (json.loads(early.output)["waits"], out.exists()) == (True, False)

    release_package(trial.osei.as_viewer("test"), made, at=now())
    done = run("--audience", "defence", "--out", str(out), "--made", made.handle)

    assert json.loads(done.output)["waits"] is False
    assert bagit.Bag(str(out)).validate()


def test_it_is_encrypted_to_a_key_and_to_no_nonsense(trial: Trial, tmp_path: Path) -> None:
    key, out = pyrage.x25519.Identity.generate(), tmp_path / "out.zip.age"
    words = ["--audience", "prosecutor", "--out", str(out), *WHO]

    refused = run(*words, "--to", "age1nonsense")
    assert (refused.exit_code, Package.objects.count(), out.exists()) == (1, 0, False)
    said = run(*words, "--to", str(key.to_public()))

    assert said.exit_code == 0, said.output
    opened = tmp_path / "out.zip"
    opened.write_bytes(pyrage.decrypt(out.read_bytes(), [key]))
    assert opened.stat().st_size == Package.objects.get().size
    assert open_package(opened).files
    [fetched] = [told for told in history_of(trial.case.handle) if told.kind == "package.fetched"]
    assert fetched.fields["how"].startswith(f"as a ZIP file encrypted to {key.to_public()}"[:60])
