"""tuspy, a client we did not write, against a real server (https://github.com/tus/tus-py-client)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docks.tus_server import KillableServer
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage import filestorage
from tusclient.uploader import Uploader

from custodes.kernel.clock import now, rfc3339

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillableServer]:
    server = KillableServer(tmp_path_factory.mktemp("tuspy") / "home")
    yield server
    server.close()


def film(tmp_path: Path, name: str, size: int) -> tuple[Path, str]:
    path = tmp_path / name
    path.write_bytes(os.urandom(size))
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def uploader(server: KillableServer, path: Path, **settings: object) -> Uploader:
    client = TusClient(f"{server.url}/tus/files/", {"Authorization": f"Bearer {server.key}"})
    said = {"filename": path.name, "camera": "CAM1", "started_at": rfc3339(now())}
    made: Uploader = client.uploader(str(path), metadata=said, **settings)
    return made


def test_tuspy_sends_a_file_in_one_piece_and_in_many(
    server: KillableServer, tmp_path: Path
) -> None:
    whole, whole_digest = film(tmp_path, "whole.bin", 5_000_000)
    pieces, pieces_digest = film(tmp_path, "pieces.bin", 5_000_001)

    uploader(server, whole).upload()
    uploader(server, pieces, chunk_size=700_000).upload()

    held = server.originals()
    assert held["whole.bin"] == [whole_digest]
    assert held["pieces.bin"] == [pieces_digest]


def test_tuspy_sends_checksums_that_hold(server: KillableServer, tmp_path: Path) -> None:
    path, digest = film(tmp_path, "checked.bin", 3_000_000)

    uploader(server, path, chunk_size=1 << 20, upload_checksum=True).upload()

    assert server.originals()["checked.bin"] == [digest]


def test_tuspy_sends_an_empty_file(server: KillableServer, tmp_path: Path) -> None:
    path, digest = film(tmp_path, "empty.bin", 0)

    uploader(server, path).upload()

    assert server.originals()["empty.bin"] == [digest]


def test_tuspy_goes_on_where_a_killed_server_stopped(
    server: KillableServer, tmp_path: Path
) -> None:
    path, digest = film(tmp_path, "resumed.bin", 8_000_000)
    kept = {"store_url": True, "url_storage": filestorage.FileStorage(str(tmp_path / "urls"))}
    first = uploader(server, path, chunk_size=1 << 20, **kept)
    first.upload(stop_at=5 << 20)

    server.kill()
    with pytest.raises((TusUploadFailed, TusCommunicationError)):
        first.upload_chunk()
    server.start()
    assert "resumed.bin" not in server.originals()

    again = uploader(server, path, chunk_size=1 << 20, **kept)
    # Whole sealed segments outlive a kill; the part of one that was in memory does not.
    assert (5 << 20) - 65_536 <= again.offset <= 5 << 20
    again.upload()
    assert server.originals()["resumed.bin"] == [digest]


def test_tuspy_is_told_why_when_the_camera_is_unknown(
    server: KillableServer, tmp_path: Path
) -> None:
    path, _ = film(tmp_path, "stranger.bin", 100)
    stranger = uploader(server, path)
    stranger.metadata["camera"] = "STRANGER"

    with pytest.raises(TusCommunicationError) as refused:
        stranger.upload()

    assert refused.value.status_code == 400
    assert b"No camera with the serial number STRANGER" in refused.value.response_content
