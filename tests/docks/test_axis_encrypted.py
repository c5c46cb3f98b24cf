"""Clips a camera encrypted end to end: from the dock to something an officer can play."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.world.encrypting_camera import encrypted
from tests.world.installation import Installation
from tests.world.waiting import eventually

from custodes.agent.axis_controller import AxisController, Filmed, Part, clip
from custodes.kernel.clock import now
from custodes.media.generate import footage

FILMED_AT = (now() - timedelta(hours=2)).replace(microsecond=0)
ENDED = FILMED_AT + timedelta(seconds=2)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Return a running installation with its worker."""
    station = Installation(tmp_path_factory.mktemp("encrypted") / "home", demo="false")
    station.start()
    yield station
    station.stop()


@pytest.fixture(scope="module")
def connection(station: Installation) -> dict[str, Any]:
    """Return the connection file of a controller that is asked to encrypt."""
    connection: dict[str, Any] = station.json("dock", "add", "Brixton yard", "--encryption")
    return connection


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return footage(path, seconds=2, size=(320, 180), started_at=FILMED_AT, camera="E1")


def send(connection: dict[str, Any], serial: str, *parts: Part) -> None:
    with AxisController(connection) as dock:
        dock.tell_of_user("wearer", "A. Okafor")
        dock.tell_of_camera(serial, f"Camera {serial}", "W120")
        dock.send(Filmed("wearer", serial, FILMED_AT, FILMED_AT, ENDED, parts))


def prepared(station: Installation, serial: str) -> dict[str, Any]:
    def found() -> dict[str, Any]:
        [one] = station.json("recordings", "--where", f"camera={serial}")
        return dict(one)

    eventually(lambda: found()["prepared"], every=0.5)
    return found()


@pytest.mark.slow
def test_an_encrypted_clip_is_kept_as_received_and_gets_a_copy_that_plays(
    station: Installation, connection: dict[str, Any], film: Path, tmp_path: Path
) -> None:
    sealed, key = encrypted(clip("5F3A", film, FILMED_AT, ENDED, container="mp4"), connection)

    send(connection, "E1", sealed, key)

    recording = prepared(station, "E1")
    kept = {file["name"]: file["sha256"] for file in recording["files"]}
    assert kept == {part.name: hashlib.sha256(part.body).hexdigest() for part in (sealed, key)}

    station.run("fetch", recording["id"], str(tmp_path / "as-received"))
    assert (tmp_path / "as-received").read_bytes() == sealed.body
    eventually(lambda: _viewing_copy(station, recording["id"], tmp_path / "copy.mp4"), every=0.5)
    assert (tmp_path / "copy.mp4").read_bytes()[4:8] == b"ftyp"
    assert station.json("verify", recording["id"])["verdict"] == "PROVEN"


@pytest.mark.slow
def test_an_encrypted_clip_whose_key_never_comes_is_kept_and_says_so(
    station: Installation, connection: dict[str, Any], film: Path, tmp_path: Path
) -> None:
    sealed, _ = encrypted(clip("5F3B", film, FILMED_AT, ENDED, container="mp4"), connection)

    send(connection, "E2", sealed)

    recording = prepared(station, "E2")
    [file] = recording["files"]
    assert file["sha256"] == hashlib.sha256(bytes(sealed.body)).hexdigest()
    assert "its key did not come with it" in str(recording)
    station.run("fetch", recording["id"], str(tmp_path / "as-received"))
    assert (tmp_path / "as-received").read_bytes() == sealed.body
    refused = station.run(
        "fetch", recording["id"], str(tmp_path / "no"), "--copy", "viewing", check=False
    )
    assert refused.returncode == 1
    assert not (tmp_path / "no").exists()


def _viewing_copy(station: Installation, recording: str, to: Path) -> bool:
    return (
        station.run("fetch", recording, str(to), "--copy", "viewing", check=False).returncode == 0
    )
