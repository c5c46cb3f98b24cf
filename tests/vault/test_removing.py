"""What was disposed of is removed by a process of its own, and nothing else is."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from custodes.kernel.ids import new_handle
from custodes.vault.removing import Removing
from custodes.vault.store import DiskStore

from .test_store import put


def test_it_removes_what_it_was_told_and_passes_over_what_is_not_there(
    store: DiskStore, tmp_path: Path
) -> None:
    handles = sorted(new_handle() for _ in range(5))
    for handle in handles:
        put(store, handle, b"footage")

    removing = Removing(tmp_path / "vault", [new_handle(), *handles[:3]])

    assert removing.end()
    assert removing.is_over
    assert list(store.sealed_handles()) == handles[3:]


def test_what_is_told_it_besides_handles_removes_nothing(store: DiskStore, tmp_path: Path) -> None:
    handle = new_handle()
    put(store, handle, b"footage")
    outside = tmp_path / "outside.floe"
    outside.write_bytes(b"not ours")

    assert Removing(tmp_path / "vault", ["../../outside", f"x/{handle}"]).end()

    assert outside.exists()
    assert list(store.sealed_handles()) == [handle]


def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(b"no folder")

    assert not Removing(tmp_path / "vault", [new_handle()]).end()


def test_a_process_that_was_killed_did_not_do_its_work(store: DiskStore, tmp_path: Path) -> None:
    handle = new_handle()
    put(store, handle, b"footage")
    removing = Removing(tmp_path / "vault", [handle])
    os.kill(removing._process.pid, signal.SIGKILL)

    assert not removing.end()
    assert store.holds(handle)
