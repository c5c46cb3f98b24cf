"""A power cut in the middle of a delivery: nothing half is seen, nothing acknowledged is lost."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.world.installation import Installation
from tests.world.waiting import PATIENCE

from custodes.agent.axis_controller import AxisController, Filmed, Part

STARTED = datetime(2024, 5, 14, 12, tzinfo=UTC)
CONTENT = hashlib.sha256(b"footage").digest() * 200_000  # 6.4 MB


@pytest.mark.slow
def test_after_a_power_cut_the_controller_sends_again_and_everything_is_held_once(
    tmp_path: Path,
) -> None:
    installation = Installation(tmp_path / "home").start("--no-worker")
    connection = json.loads(installation.run("dock", "add", "Brixton 1").stdout)
    recording = Filmed(
        "wearer",
        "B8A4",
        STARTED,
        STARTED,
        STARTED + timedelta(minutes=1),
        (Part("a.mkv", CONTENT), Part("b.mkv", CONTENT[::-1])),
    )
    with AxisController(connection, attempts=4) as controller:
        controller.tell_of_user("wearer", "Ayo Okafor")
        controller.tell_of_camera("B8A4", "Chest 12", "W120")
        controller.announce(recording.container, recording.metadata())
        controller.put(recording.container, recording.parts[0])
        half = _half_of(controller, f"{recording.container}/b.mkv")
        incoming = installation.home / "vault" / "incoming"
        until = time.monotonic() + PATIENCE
        while not any(file.stat().st_size > 1 << 20 for file in incoming.iterdir()):
            assert time.monotonic() < until
            time.sleep(0.02)

        installation.kill()
        half.close()
        installation.start("--no-worker")
        (row,) = installation.json("recordings")
        assert [file["name"] for file in row["files"]] == ["a.mkv"]
        acknowledged = controller.send(recording)

    (row,) = installation.json("recordings")
    installation.stop()
    assert acknowledged == {
        "a.mkv": hashlib.md5(CONTENT).hexdigest(),
        "b.mkv": hashlib.md5(CONTENT[::-1]).hexdigest(),
    }
    assert row["state"] == "complete"
    assert [file["sha256"] for file in row["files"]] == [
        hashlib.sha256(CONTENT).hexdigest(),
        hashlib.sha256(CONTENT[::-1]).hexdigest(),
    ]


def _half_of(controller: AxisController, path: str) -> socket.socket:
    """Send the head of a PUT and half of its body."""
    storage = urlsplit(controller._storage)
    connected = socket.create_connection((storage.hostname, storage.port or 80), 10)
    head = (
        f"PUT {storage.path}/{path} HTTP/1.1\r\nHost: {storage.netloc}\r\n"
        f"X-Auth-Token: {controller._token}\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    )
    connected.sendall(head.encode() + CONTENT[: len(CONTENT) // 2])
    return connected
