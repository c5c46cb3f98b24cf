"""A disk that fills up in the middle of an upload, on a small file system of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docks.test_tus import Sender, kinds, sender, stored

from custodes.custody import strongroom
from custodes.recordings.models import Original, Recording
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

__all__ = ["sender"]  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Mount eight mebibytes and let the vault lie there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={8 * MIB}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system to fill up")
    vault = Vault(DiskStore(disk / "vault"), strongroom.ring())
    monkeypatch.setattr(strongroom, "vault", lambda: vault)
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_file_that_does_not_fit_is_refused_before_its_first_byte(
    small_disk: Path, sender: Sender
) -> None:
    answer = sender.create(9 * MIB)

    assert answer.status_code == 507
    assert "bytes free" in answer.text


def test_a_disk_that_fills_up_keeps_what_fits_and_shows_nothing(
    small_disk: Path, sender: Sender
) -> None:
    content = os.urandom(6 * MIB)
    url = sender.begin(len(content))
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(5 * MIB))

    answer = sender.patch(url, 0, content)

    assert answer.status_code == 507
    offset = sender.offset(url)
    assert MIB < offset < 3 * MIB
    assert not Recording.objects.exists()
    assert kinds() == []

    ballast.unlink()
    assert sender.patch(url, offset, content[offset:]).status_code == 204
    assert stored(Original.objects.get()) == content
