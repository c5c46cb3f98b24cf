"""Two installations witness each other; the one that rewrites its history is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.docs.test_examples_run import blocks
from tests.world.served import served
from tests.world.working import Workplace

from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.keys import VerifierKey
from custodes.ledger.note import Note, check_note
from custodes.ledger.policy import Policy, verify_note
from custodes.witness import evidence
from custodes.witness.wsgi import application_of, open_witness


class Force:
    """A force with an installation and a witness, in a folder of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.home, self.witness = folder / "home", folder / "witness"
        self.home.mkdir(parents=True, mode=0o700)
        self.settings: dict[str, Any] = {"force_domain": f"{name}.example"}
        self.work = Workplace(self.home, **self.settings)
        make, *_ = blocks("how-to/witness-each-other.md")
        self.sh(make.replace("inspectorate.example", f"{name}.example"))

    def sh(self, block: str, **environment: str) -> str:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-eu", "-c", block], cwd=self.folder, capture_output=True, text=True,
            check=True, env={**self.work.environment, "PATH": path, **environment},
        )  # fmt: skip
        return done.stdout

    def watch(self, other: Force) -> None:
        """Take in the other's keys as the page says."""
        _, add, *_ = blocks("how-to/witness-each-other.md")
        self.sh(add, CUSTODES_HOME=str(other.home), CUSTODES_FORCE_DOMAIN=f"{other.name}.example")

    def witness_keys(self) -> list[str]:
        return self.sh("custodes witness key --home witness").split()

    def witnessed_by(self, name: str, url: str, keys: list[str]) -> None:
        """Start again with a witness in the settings."""
        self.work.close()
        line = " ".join([name, url, *keys])
        (self.home / "custodes.toml").write_text(f'witnesses = ["{line}"]\n')
        self.work = Workplace(self.home, **self.settings)

    def policy(self) -> Policy:
        return Policy.parse(self.sh("custodes ledger policy"))


@pytest.fixture
def forces(tmp_path: Path) -> Iterator[tuple[Force, Force]]:
    """Return two forces that witness each other."""
    north, south = Force(tmp_path / "north", "north"), Force(tmp_path / "south", "south")
    with ExitStack() as stack:
        stack.callback(lambda: [force.work.close() for force in (north, south)])
        for one, other in ((north, south), (south, north)):
            one.watch(other)
            url = stack.enter_context(served(application_of(open_witness(one.witness))))
            other.witnessed_by(one.name, url, one.witness_keys())
        yield north, south


@pytest.mark.slow
def test_two_installations_witness_each_other_and_a_rewritten_log_is_caught(
    forces: tuple[Force, Force],
) -> None:
    north, south = forces
    for force in forces:
        force.work.do("arrive", key="r1")
        note = force.work.do("publish_and_ask")["note"]
        assert verify_note(force.policy(), note).quorum_met

    # South's operator has its keys, and makes the last entry say something else.
    before = south.work.do("rewrite")
    said = south.work.do("publish_and_ask")

    assert "422" in said["trouble"]["north"]
    [case] = evidence.kept(north.witness)
    south_keys = [log.key for log in south.policy().logs]
    first, second = Note.parse(case.cosigned), Note.parse(case.refused)
    assert {v.key for v in check_note(first, south_keys)} == set(south_keys)
    assert {v.key for v in check_note(second, south_keys)} == set(south_keys)
    assert Checkpoint.parse(first.text).root != Checkpoint.parse(second.text).root
    north_keys = [VerifierKey.parse(key) for key in north.witness_keys()]
    assert check_note(first, north_keys)
    assert before == Checkpoint.parse(first.text).size
    *_, shown = blocks("how-to/witness-each-other.md")
    assert case.refused in north.sh(shown)
    assert evidence.kept(south.witness) == []
