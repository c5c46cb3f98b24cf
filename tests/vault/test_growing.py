"""A reader may follow an upload, waiting for what has not arrived."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.world.waiting import PATIENCE

from custodes.kernel.errors import Damaged
from custodes.kernel.ids import new_handle
from custodes.vault.errors import NeverArrived, NotYet
from custodes.vault.keys import DataKey
from custodes.vault.sealed import SealedWriter
from custodes.vault.vault import Vault


@pytest.fixture
def writer(vault: Vault, key: DataKey) -> SealedWriter:
    return vault.begin(new_handle(), "original", key)


@pytest.mark.parametrize("patchable", [False, True])
def test_all_that_was_written_can_be_read_at_once(
    vault: Vault, key: DataKey, plain: bytes, patchable: bool
) -> None:
    writer = vault.begin(new_handle(), "original", key, patchable_head=patchable)
    reader = writer.reader(len(plain))
    noise = random.Random(5)
    at = 0
    while at < len(plain):
        piece = plain[at : at + noise.randrange(1, 50_000)]
        writer.write(piece)
        at += len(piece)
        start = noise.randrange(at)
        assert reader.read_at(start, at - start, timeout=0) == plain[start:at]
    assert reader.read_at(0, len(plain)) == plain
    writer.finish()
    assert reader.read_at(0, len(plain) + 10) == plain
    assert reader.read_at(len(plain), 10) == b""


def test_a_reader_ahead_of_the_writer_waits_for_its_bytes(
    writer: SealedWriter, plain: bytes
) -> None:
    reader = writer.reader(len(plain))
    with ThreadPoolExecutor(4) as threads:
        reads = [
            threads.submit(reader.read_at, at, 100_000) for at in (0, 5, 150_000, len(plain) - 1)
        ]
        time.sleep(0.02)
        assert not any(read.done() for read in reads)
        for at in range(0, len(plain), 7_777):
            writer.write(plain[at : at + 7_777])
        found = [read.result(timeout=PATIENCE) for read in reads]
    expected = [plain[at : at + 100_000] for at in (0, 5, 150_000, len(plain) - 1)]
    assert found == expected


def test_many_readers_racing_a_writer_see_only_true_bytes(
    writer: SealedWriter, plain: bytes
) -> None:
    plain = plain * 10
    stop = threading.Event()

    def follow(seed: int) -> int:
        reader = writer.reader(len(plain))
        noise = random.Random(seed)
        reads = 0
        while not stop.is_set():
            at = noise.randrange(max(1, min(len(plain), writer.position)))
            length = min(noise.randrange(200_000), writer.position - at)
            assert reader.read_at(at, length) == plain[at : at + length]
            reads += 1
        return reads

    with ThreadPoolExecutor(3) as threads:
        followers = [threads.submit(follow, seed) for seed in range(3)]
        for at in range(0, len(plain), 20_011):
            writer.write(plain[at : at + 20_011])
        stop.set()
        assert min(follower.result() for follower in followers) > 0


def test_a_patched_head_is_read_as_patched(vault: Vault, key: DataKey) -> None:
    writer = vault.begin(new_handle(), "viewing", key, patchable_head=True)
    writer.write(bytes(200_000))
    writer.patch(10, b"new")
    assert writer.reader(200_000).read_at(8, 6) == b"\0\0new\0"


def test_waiting_ends_with_a_sentence_when_the_time_is_up(writer: SealedWriter) -> None:
    writer.write(b"some")
    with pytest.raises(NotYet, match=r"Byte 10 did not arrive within 0\.01 seconds"):
        writer.reader(10).read_at(0, 10, timeout=0.01)


def test_abandoning_the_upload_ends_the_waiting(writer: SealedWriter) -> None:
    reader = writer.reader(10)
    with ThreadPoolExecutor(1) as thread:
        read = thread.submit(reader.read_at, 0, 10)
        time.sleep(0.02)
        writer.abandon()
        with pytest.raises(NeverArrived, match="given up"):
            read.result(timeout=PATIENCE)


def test_an_upload_that_ends_early_ends_the_waiting(writer: SealedWriter) -> None:
    reader = writer.reader(10)
    writer.write(b"short")
    with ThreadPoolExecutor(1) as thread:
        read = thread.submit(reader.read_at, 0, 10)
        time.sleep(0.02)
        writer.finish()
        with pytest.raises(NeverArrived, match="ended at byte 5, before 10"):
            read.result(timeout=PATIENCE)
    assert reader.read_at(0, 5) == b"short"


def test_a_resumed_upload_can_be_followed_from_its_first_byte(
    vault: Vault, key: DataKey, plain: bytes
) -> None:
    handle = new_handle()
    first = vault.begin(handle, "original", key)
    first.write(plain[:200_000])
    first.abandon()
    writer = vault.resume(handle, "original", key)
    reader = writer.reader(len(plain))
    writer.write(plain[writer.position :])
    assert reader.read_at(0, len(plain)) == plain


def test_what_the_disk_changed_meanwhile_is_noticed(
    vault: Vault, key: DataKey, plain: bytes, writer: SealedWriter
) -> None:
    writer.write(plain)
    part = next((vault.store._incoming).iterdir())  # type: ignore[attr-defined]
    with part.open("r+b") as file:
        file.seek(70_000)
        file.write(b"????")
    reader = writer.reader(len(plain))
    assert reader.read_at(0, 60_000) == plain[:60_000]
    with pytest.raises(Damaged):
        reader.read_at(60_000, 200_000)
