"""The store writes once, durably, keeps unfinished things apart, and refuses a full disk."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from custodes.kernel.errors import Damaged, NotFound
from custodes.kernel.ids import new_handle
from custodes.vault.diskfile import DiskFile
from custodes.vault.errors import AlreadyThere, InUse, NotDurable, OutOfSpace
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.store import DiskStore, Store
from custodes.vault.vault import Vault


def put(store: DiskStore, handle: str, content: bytes) -> None:
    file = store.begin(handle)
    file.write_at(memoryview(content), 0)
    store.keep(handle, file)
    file.close()


def content_of(store: DiskStore, handle: str) -> bytes:
    file = store.open(handle)
    out = bytearray(file.size)
    file.read_into(memoryview(out), 0)
    return bytes(out)


def test_a_disk_store_is_a_store(store: DiskStore) -> None:
    as_store: Store = store
    assert as_store.free_bytes() > 0


def test_a_kept_object_is_there_read_only_and_no_longer_incoming(
    store: DiskStore, tmp_path: Path
) -> None:
    handle = new_handle()
    put(store, handle, b"footage")
    path = tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe"
    assert path.read_bytes() == b"footage"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.stat().st_nlink == 1
    assert store.holds(handle)
    assert list(store.incoming_handles()) == []
    assert list(store.sealed_handles()) == [handle]


def test_a_name_that_is_sealed_cannot_be_begun_again(store: DiskStore) -> None:
    handle = new_handle()
    put(store, handle, b"first")
    with pytest.raises(AlreadyThere, match="sealed already"):
        store.begin(handle)
    assert content_of(store, handle) == b"first"


def test_the_second_of_two_writers_of_a_name_is_refused_at_the_end(
    store: DiskStore, tmp_path: Path
) -> None:
    handle = new_handle()
    file = store.begin(handle)
    file.write_at(memoryview(b"second"), 0)
    first = tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe"
    first.parent.mkdir()
    first.write_bytes(b"first")
    with pytest.raises(AlreadyThere):
        store.keep(handle, file)
    assert first.read_bytes() == b"first"


def test_a_begun_object_cannot_be_begun_resumed_or_discarded_by_another(store: DiskStore) -> None:
    handle = new_handle()
    file = store.begin(handle)
    with pytest.raises(AlreadyThere, match="begun already"):
        store.begin(handle)
    with pytest.raises(InUse):
        store.resume(handle)
    with pytest.raises(InUse):
        store.discard_incoming(handle)
    assert list(store.incoming_handles()) == [handle]
    file.close()


def test_an_abandoned_object_can_be_discarded_and_twice_is_harmless(store: DiskStore) -> None:
    handle = new_handle()
    store.begin(handle).close()
    assert store.discard_incoming(handle)
    assert not store.discard_incoming(handle)
    with pytest.raises(NotFound):
        store.resume(handle)


def test_discarding_never_touches_what_is_sealed(store: DiskStore) -> None:
    handle = new_handle()
    put(store, handle, b"kept")
    assert not store.discard_incoming(handle)
    assert content_of(store, handle) == b"kept"


def test_shredding_removes_one_object_and_says_when_there_is_none(store: DiskStore) -> None:
    gone, stays = new_handle(), new_handle()
    put(store, gone, b"a")
    put(store, stays, b"b")
    store.shred(gone)
    assert list(store.sealed_handles()) == [stays]
    with pytest.raises(NotFound):
        store.shred(gone)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 21, "a" * 23, "a/" * 11, "ä" * 22])
def test_a_name_that_is_no_handle_reaches_no_path(store: DiskStore, name: str) -> None:
    for ask in (store.begin, store.resume, store.open, store.holds, store.shred):
        with pytest.raises(NotFound, match="is not the name of an object"):
            ask(name)


def test_listings_come_in_order_and_name_every_stranger(store: DiskStore, tmp_path: Path) -> None:
    handles = sorted(new_handle() for _ in range(40))
    for handle in handles:
        put(store, handle, b"")
    root = tmp_path / "vault"
    strangers = {
        "note.txt",
        "sealed/stray",
        f"sealed/{handles[0][:2]}/{handles[0]}.floe.bak",
        f"sealed/~~/{handles[0]}.floe",
        f"incoming/{handles[1]}",
    }
    for name in strangers:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"?")
    link = f"incoming/{handles[2]}.floe"
    (root / link).symlink_to(root / "note.txt")
    assert list(store.sealed_handles()) == handles
    assert set(store.strange_files()) == strangers | {link}


def test_the_reserve_refuses_before_the_disk_is_full(tmp_path: Path) -> None:
    free = DiskStore(tmp_path / "v").free_bytes()
    store = DiskStore(tmp_path / "v", minimum_free=free * 2)
    handle = new_handle()
    with pytest.raises(OutOfSpace, match="less than the reserve"):
        store.begin(handle)
    assert list(store.incoming_handles()) == []


def test_an_announced_size_counts_against_the_reserve(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "v", minimum_free=1)
    store.make_sure_of_room(1000)
    with pytest.raises(OutOfSpace):
        store.make_sure_of_room(store.free_bytes() + 1)


def test_the_bytes_are_durable_before_the_name_and_the_name_before_the_rest(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spied on, not mocked: every call goes through to the system."""
    calls: list[str] = []

    def spy(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object, **named: object) -> object:
            folder = name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode)  # type: ignore[arg-type]
            calls.append("fsync folder" if folder else name)
            return real(*args, **named)

        monkeypatch.setattr(os, name, call)

    handle = new_handle()
    file = store.begin(handle)
    file.write_at(memoryview(b"footage"), 0)
    for name in ("fsync", "link", "unlink"):
        spy(name)
    store.keep(handle, file)
    # The first folder is the new shard's parent, the second the shard.
    assert calls == ["fsync", "fsync folder", "link", "fsync folder", "unlink"]


def test_a_disk_that_does_not_confirm_is_not_believed() -> None:
    reading, writing = os.pipe()
    with pytest.raises(NotDurable, match="did not confirm this: Invalid argument"):
        DiskFile(reading, "this").make_durable()
    os.close(writing)


def test_a_place_the_disk_cannot_read_is_damage_and_no_crash() -> None:
    # The kernel answers EIO for a page of memory that is not there.
    memory = DiskFile(os.open("/proc/self/mem", os.O_RDONLY), "this")
    with pytest.raises(Damaged, match="cannot read this at byte 0"):
        memory.read_into(memoryview(bytearray(10)), 0)


FILL = """
import resource, sys
from pathlib import Path
from custodes.kernel.errors import Refused
from custodes.vault.errors import OutOfSpace, WriterClosed
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault
folder, handle, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
vault = Vault(DiskStore(folder / "vault"), KeyRing.open_or_create(folder / "keys"))
writer = vault.begin(handle, "original", DataKey(bytes(range(32))))
try:
    for n in range(200):
        writer.write(bytes([n]) * 10_000)
except OutOfSpace as refused:
    print(refused.in_full())
try:
    writer.finish()
except WriterClosed:
    print("closed")
writer.abandon()
"""


def filled(folder: Path, handle: str, limit: int) -> list[str]:
    command = [sys.executable, "-c", FILL, str(folder), handle, str(limit)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def check_what_a_full_disk_left(folder: Path, handle: str) -> None:
    vault = Vault(DiskStore(folder / "vault"), KeyRing.open_or_create(folder / "keys"))
    assert list(vault.store.sealed_handles()) == []
    plain = b"".join(bytes([n]) * 10_000 for n in range(200))
    seen = bytearray()
    writer = vault.resume(handle, "original", DataKey(bytes(range(32))), on_plain=seen.extend)
    assert writer.position > 0
    assert seen == plain[: writer.position]
    writer.abandon()


def test_a_write_past_the_file_size_limit_is_refused_and_resumable(tmp_path: Path) -> None:
    handle = new_handle()
    said = filled(tmp_path, handle, 300_000)
    assert said[0].startswith(f"The disk took no more bytes of {handle}: File too large.")
    assert said[1:] == ["closed"]
    check_what_a_full_disk_left(tmp_path, handle)


BEGIN = """
import resource, sys
from pathlib import Path
from custodes.vault.errors import OutOfSpace
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault
resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))
store = DiskStore(Path(sys.argv[1]) / "vault")
vault = Vault(store, KeyRing.open_or_create(Path(sys.argv[1]) / "keys"))
try:
    vault.begin("A" * 22, "original", DataKey(bytes(32)))
except OutOfSpace:
    print(list(store.incoming_handles()))
"""


def test_a_disk_too_full_for_a_header_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a tiny disk")
    return folder


def test_a_really_full_disk_is_refused_and_what_was_sealed_resumes(tiny_disk: Path) -> None:
    handle = new_handle()
    try:
        said = filled(tiny_disk, handle, 0)
        assert "No space left on device. Make room or add a disk." in said[0]
        assert said[1:] == ["closed"]
        check_what_a_full_disk_left(tiny_disk, handle)
    finally:
        subprocess.run(["umount", str(tiny_disk)], check=True)
