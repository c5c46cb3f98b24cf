"""Receiving one file: everything that commits to it, in one pass, whatever happens on the way."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from custodes.intake import reception as module
from custodes.intake.errors import CutShort
from custodes.intake.reception import Hashes, Reception
from custodes.kernel.digest import b64u
from custodes.kernel.errors import Damaged, Refused
from custodes.kernel.ids import new_handle
from custodes.media.chunks import ChunkTree
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.sealed import SealedWriter
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

KEY = DataKey(bytes(range(32)))
FOOTAGE = random.Random(3).randbytes(3_000_001)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(DiskStore(tmp_path / "vault"), KeyRing.open_or_create(tmp_path / "keys"))


@pytest.fixture
def writer(vault: Vault) -> SealedWriter:
    return vault.begin(new_handle(), "original", KEY)


def hashed(reader: Any) -> dict[str, Any]:
    """Stand in for the sandbox: commit to the bytes and their number."""
    whole = reader.read_at(0, reader.size)
    return {"root": b64u(hashlib.sha256(whole).digest()), "size": reader.size}


def blocks(whole: bytes = FOOTAGE, size: int = 1 << 20) -> Iterator[bytes]:
    yield from (whole[at : at + size] for at in range(0, len(whole), size))


@pytest.mark.parametrize("size", [len(FOOTAGE), None], ids=["size told", "size not told"])
@pytest.mark.parametrize("room", [0, 2], ids=["one thread", "lanes"])
@pytest.mark.parametrize("followed", [0, 2], ids=["afterwards", "alongside"])
def test_every_way_of_receiving_commits_to_the_same_bytes(
    vault: Vault,
    writer: SealedWriter,
    size: int | None,
    room: int,
    followed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Reception, "_room_for_lanes", threading.Semaphore(room))
    monkeypatch.setattr(module.Follower, "_alongside", threading.Semaphore(followed))
    reception = Reception(writer, Hashes(md5=True), size, commit=hashed)
    for block in blocks():
        reception.feed(block)

    received = reception.finish()

    tree = ChunkTree()
    tree.update(FOOTAGE)
    assert received.arrival.size == len(FOOTAGE)
    assert received.arrival.sha256 == hashlib.sha256(FOOTAGE).hexdigest()
    assert received.arrival.md5 == hashlib.md5(FOOTAGE).hexdigest()
    assert received.chunk_root == tree.root()
    assert received.media_root == hashlib.sha256(FOOTAGE).digest()
    with vault.open(writer.handle, "original", KEY) as sealed:
        assert sealed.read() == FOOTAGE


def test_a_third_file_at_once_gets_no_lanes_until_there_is_room(vault: Vault) -> None:
    first, second, third = (
        Reception(vault.begin(new_handle(), "original", KEY), Hashes(), len(FOOTAGE))
        for _ in range(3)
    )
    first.feed(FOOTAGE[: 1 << 20])
    second.feed(FOOTAGE[: 1 << 20])
    third.feed(FOOTAGE[: 1 << 20])
    assert (len(first._lanes), len(second._lanes), len(third._lanes)) == (3, 3, 0)

    first.pause()
    third.feed(FOOTAGE[1 << 20 : 2 << 20])
    assert (len(first._lanes), len(third._lanes)) == (0, 3)

    for reception in (first, second, third):
        reception.abandon()
    again = Reception(vault.begin(new_handle(), "original", KEY), Hashes(), len(FOOTAGE))
    again.feed(FOOTAGE[: 1 << 20])
    assert len(again._lanes) == 3
    again.abandon()


def test_what_does_not_read_back_is_not_received(vault: Vault, writer: SealedWriter) -> None:
    def from_a_dishonest_disk(_: Any) -> dict[str, Any]:
        raise Damaged("Segment 3 of the sealed object was changed.")

    for size in (len(FOOTAGE), None):
        writer = vault.begin(new_handle(), "original", KEY)
        reception = Reception(writer, Hashes(), size, commit=from_a_dishonest_disk)
        for block in blocks():
            reception.feed(block)

        with pytest.raises(Damaged, match="Segment 3"):
            reception.finish()

        reception.abandon()
        assert not vault.store.holds(writer.handle)


def test_a_container_that_misbehaves_costs_its_clip_proofs_and_nothing_else(
    writer: SealedWriter,
) -> None:
    def refusing(_: Any) -> dict[str, Any]:
        raise Refused("This file has no tables.")

    reception = Reception(writer, Hashes(), len(FOOTAGE), commit=refusing)
    for block in blocks():
        reception.feed(block)

    received = reception.finish()

    assert received.sealed
    assert received.media_root is None
    assert received.no_clip_proofs == "This file has no tables."


def test_a_followed_file_that_is_too_short_is_cut_short_and_hangs_nobody(
    vault: Vault, writer: SealedWriter
) -> None:
    reception = Reception(writer, Hashes(), len(FOOTAGE) + 1, commit=hashed)
    for block in blocks():
        reception.feed(block)

    with pytest.raises(CutShort, match="3000001 of 3000002 bytes arrived"):
        reception.finish()

    reception.abandon()
    assert not vault.store.holds(writer.handle)


def test_an_abandoned_file_lets_its_follower_go(writer: SealedWriter) -> None:
    reception = Reception(writer, Hashes(), len(FOOTAGE), commit=hashed)
    reception.feed(FOOTAGE[: 1 << 20])

    reception.abandon()

    assert not any(thread.name.startswith("receive-") for thread in threading.enumerate())
    assert module.Follower._alongside.acquire(blocking=False)
    module.Follower._alongside.release()
