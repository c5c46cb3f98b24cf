"""kill -9 of the agent itself at random moments, against a real server.

CUSTODES_TEST_KILLS says how often.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docks.tus_server import KillableServer

from custodes.agent.client import Client
from custodes.agent.finding import find
from custodes.agent.offload import Offload
from custodes.agent.state import State
from custodes.ledger.note import VerifierKey
from custodes.ledger.receipt import open_receipt

KILLS = int(os.environ.get("CUSTODES_TEST_KILLS", "8"))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillableServer]:
    server = KillableServer(tmp_path_factory.mktemp("agent") / "home")
    yield server
    server.close()


def film(camera: Path, name: str, size: int) -> str:
    path = camera / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(os.urandom(size))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def command(server: KillableServer, camera: Path, *more: str) -> list[str]:
    custodes = Path(sys.executable).parent / "custodes"
    told = ["--camera", "CAM1", "--server", server.url, "--key", server.key, "--settle", "0"]
    return [str(custodes), "offload", str(camera), *told, *more]


def test_the_command_offloads_a_camera_and_says_so_in_json(
    server: KillableServer, tmp_path: Path
) -> None:
    camera = tmp_path / "DCIM"
    digest = film(camera, "whole.mp4", 3_000_000)
    film(camera, "whole.gpx", 100)
    film(camera, "alone.srt", 100)
    state = ["--state", str(tmp_path / "state"), "--server-key", server.receipt_key, "--json"]

    done = subprocess.run(
        command(server, camera, *state), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    *files, summary = map(json.loads, done.stdout.splitlines())
    states = {Path(f["file"]).name: f["state"] for f in files}
    assert states == {"alone.srt": "skipped", "whole.gpx": "erased", "whole.mp4": "erased"}
    assert next(f for f in files if f["file"].endswith("mp4"))["sha256"] == digest
    assert summary == {"summary": {"erased": 2, "kept": 0, "skipped": 1, "failed": 0}}
    assert [p.name for p in camera.iterdir()] == ["alone.srt"]
    assert server.originals()["whole.mp4"] == [digest]


def test_the_command_fails_and_keeps_everything_with_a_wrong_key(
    server: KillableServer, tmp_path: Path
) -> None:
    camera = tmp_path / "DCIM"
    film(camera, "kept.mp4", 1000)
    wrong = [*command(server, camera, "--state", str(tmp_path / "state")), "--key", "wrong"]

    done = subprocess.run(wrong, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "The dock's key is wrong." in done.stderr
    assert "The file stays on the camera." in done.stderr
    assert "Trusting the server's key on first use" in done.stderr
    assert [p.name for p in camera.iterdir()] == ["kept.mp4"]


def test_killed_at_random_moments_and_run_again_the_agent_loses_and_doubles_nothing(
    server: KillableServer, tmp_path: Path
) -> None:
    dice = random.Random(44)
    camera = tmp_path / "DCIM"
    filmed: dict[str, str] = {}
    state = State(tmp_path / "state", server.url, "CAM1")
    unfinished = 0

    for number in range(KILLS):
        for suffix, size in (("mp4", 6_000_000), ("gpx", 2000)):
            name = f"k{number}.{suffix}"
            filmed[name] = film(camera, name, size)
        agent = _forked(server, camera, state)
        time.sleep(dice.uniform(0.0, 0.6))
        os.kill(agent, signal.SIGKILL)
        _, status = os.waitpid(agent, 0)
        unfinished += os.WIFSIGNALED(status)
        _nothing_is_gone_unproven(server, camera, state, filmed)

    agent = _forked(server, camera, state)
    assert os.waitpid(agent, 0)[1] == 0
    held = server.originals()
    assert {name: held[name] for name in filmed} == {n: [d] for n, d in filmed.items()}
    assert list(camera.iterdir()) == []
    assert unfinished


def _forked(server: KillableServer, camera: Path, state: State) -> int:
    """Run the agent in a process of its own, which costs no start of Python."""
    child = os.fork()
    if child:
        return child
    failed = True
    try:
        key = VerifierKey.parse(server.receipt_key)
        with state.alone(), Client(server.url, server.key) as client:
            outcomes = Offload(client, state, key).run(find(camera).groups)
            failed = {o.state for o in outcomes} - {"erased"} != set()
    finally:
        os._exit(failed)


def _nothing_is_gone_unproven(
    server: KillableServer, camera: Path, state: State, filmed: dict[str, str]
) -> None:
    """Every file is on the camera, or the server holds it and a receipt for it is here."""
    key = VerifierKey.parse(server.receipt_key)
    notes = [p.read_text() for p in (state.folder / "receipts").glob("*.receipt")]
    proven = {open_receipt(note, key).sha256 for note in notes}
    held = dict(server.ask("SELECT name, sha256 FROM recordings_original"))
    for name, digest in filmed.items():
        if not (camera / name).exists():
            assert held[name] == digest
            assert digest in proven
