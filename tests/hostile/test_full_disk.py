"""A disk that is full, or fills up half-way: 507, and nothing half-visible."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.doors import Axis, Tus, handle_of, new_container
from tests.hostile.place import Place

MIB = 1 << 20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Mount a small file system with nothing on it."""
    disk = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={64 * MIB}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system to fill up")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture(scope="module")
def small(disk: Path) -> Iterator[Place]:
    place = Place(disk / "home")
    yield place
    place.close()


def test_a_disk_that_fills_up_refuses_for_now_and_shows_nothing(small: Place, disk: Path) -> None:
    axis, tus, body = Axis(small).introduce(), Tus(small), os.urandom(8 * MIB)
    container, key = new_container(), uuid.uuid4().hex
    assert axis.announce(container).status_code == 201
    at = tus.begin(len(body), filename="half.bin", recording=key)
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(bytes(free - 4 * MIB))

    by_axis = axis.put(container, "20240514_115930_FULL.bin", body)
    by_tus = tus.patch(at, 0, body)
    also = tus.create(len(body), filename="another.bin")

    assert not _tracebacks_of_the_server(small.log()), small.log()[-3000:]
    assert [by_axis.status_code, by_tus.status_code, also.status_code] == [507, 507, 507]
    assert small.ask("SELECT 1 FROM recordings_original") == []
    assert small.ask("SELECT 1 FROM recordings_recording WHERE source_key = ?", key) == []
    small.answers_at_once()

    ballast.unlink()
    assert axis.put(container, "20240514_115930_FULL.bin", body).status_code == 201
    position = tus.offset(at)
    assert tus.patch(at, position, body[position:]).status_code == 204
    small.is_well(handle_of(small, container), handle_of(small, key))
    small.store_is_sound()


def _tracebacks_of_the_server(log: str) -> list[str]:
    """Return what went wrong unseen; the queue of the worker says so in its own way when full."""
    pieces = log.split("Traceback (most recent call last):")[1:]
    return [piece for piece in pieces if "/sqlalchemy/" not in piece]
