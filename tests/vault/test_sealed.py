"""What was sealed is what is read: any sizes, any places, any thread, and nothing else."""

from __future__ import annotations

import errno
import hashlib
import io
import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custodes.kernel.errors import Damaged, NotFound
from custodes.kernel.ids import new_handle
from custodes.vault.errors import AlreadyThere, NotDurable, NotPatchable, WriterClosed
from custodes.vault.floe import Floe
from custodes.vault.keys import DataKey
from custodes.vault.reading import SealedReader
from custodes.vault.sealed import aad_of
from custodes.vault.vault import Vault

PLAIN = 65_504
EDGES = [0, 1, PLAIN - 1, PLAIN, PLAIN + 1, 2 * PLAIN - 1, 2 * PLAIN, 2 * PLAIN + 1, 20 * PLAIN + 7]
one_folder = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def sealed(vault: Vault, plain: bytes, key: DataKey, kind: str = "original") -> str:
    handle = new_handle()
    writer = vault.begin(handle, kind, key)
    writer.write(plain)
    writer.finish()
    return handle


def path_of(folder: Path, handle: str) -> Path:
    return folder / "vault" / "sealed" / handle[:2] / f"{handle}.floe"


@pytest.mark.parametrize("patchable", [False, True])
@pytest.mark.parametrize("size", EDGES)
def test_every_awkward_size_comes_back_whole(
    vault: Vault, key: DataKey, size: int, patchable: bool
) -> None:
    plain = random.Random(size).randbytes(size)
    handle = new_handle()
    writer = vault.begin(handle, "original", key, patchable_head=patchable)
    writer.write(plain)
    assert writer.position == size
    done = writer.finish()
    assert (done.handle, done.plain_size) == (handle, size)
    assert done.sealed_size == 74 + size + 32 * (size // PLAIN + 1)
    with vault.open(handle, "original", key) as reader:
        assert reader.size == size
        assert reader.read() == plain
        assert b"".join(reader.pieces(0, size)) == plain


@one_folder
@given(pieces=st.lists(st.integers(0, 150_000), max_size=8), patchable=st.booleans())
def test_pieces_of_any_size_make_the_same_object(
    vault: Vault, key: DataKey, pieces: list[int], patchable: bool
) -> None:
    plain = random.Random(1).randbytes(sum(pieces))
    handle = new_handle()
    writer = vault.begin(handle, "original", key, patchable_head=patchable)
    at = 0
    for size in pieces:
        writer.write(memoryview(plain)[at : at + size])
        at += size
        assert writer.position == at
    assert writer.finish().plain_size == len(plain)
    assert vault.open(handle, "original", key).read() == plain


@one_folder
@given(offset=st.integers(0, 410_000), length=st.integers(0, 410_000))
def test_any_stretch_reads_as_the_plain_bytes_would(
    vault: Vault, key: DataKey, plain: bytes, offset: int, length: int
) -> None:
    handle = next(vault.store.sealed_handles(), None) or sealed(vault, plain, key)
    reader = vault.open(handle, "original", key)
    assert reader.read_at(offset, length) == plain[offset : offset + length]
    assert b"".join(reader.pieces(offset, offset + length)) == plain[offset : offset + length]


@one_folder
@given(data=st.data())
def test_it_behaves_like_an_ordinary_file(
    vault: Vault, key: DataKey, plain: bytes, data: st.DataObject
) -> None:
    handle = next(vault.store.sealed_handles(), None) or sealed(vault, plain, key)
    ours, theirs = vault.open(handle, "original", key), io.BytesIO(plain)
    for _ in range(10):
        whence = data.draw(st.sampled_from([io.SEEK_SET, io.SEEK_CUR, io.SEEK_END]))
        base = [0, theirs.tell(), len(plain)][whence]
        offset = data.draw(st.integers(-base, len(plain) - base + 10))
        assert ours.seek(offset, whence) == theirs.seek(offset, whence)
        length = data.draw(st.integers(-1, 100_000))
        assert ours.read(length) == theirs.read(length)
        assert ours.tell() == theirs.tell()


def test_blocks_cover_a_stretch_once_and_in_order(vault: Vault, key: DataKey, plain: bytes) -> None:
    reader = vault.open(sealed(vault, plain, key), "original", key)
    blocks = list(reader.blocks(100, 300_100, 70_000))
    assert [len(block) for block in blocks] == [70_000] * 4 + [20_000]
    assert b"".join(blocks) == plain[100:300_100]
    assert b"".join(reader.blocks()) == plain
    assert list(reader.blocks(5, 5)) == []


def test_many_threads_may_read_at_once(vault: Vault, key: DataKey, plain: bytes) -> None:
    reader = vault.open(sealed(vault, plain, key), "original", key)
    places = [random.Random(n).randrange(len(plain)) for n in range(400)]

    def right(at: int) -> bool:
        return reader.read_at(at, 140_000) == plain[at : at + 140_000]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(right, places))


def test_a_closed_reader_and_a_negative_place_are_refused(vault: Vault, key: DataKey) -> None:
    reader = vault.open(sealed(vault, b"x" * 10, key), "original", key)
    with pytest.raises(ValueError, match="before the start"):
        reader.read_at(-1, 5)
    with pytest.raises(ValueError, match="before the start"):
        reader.seek(-1)
    reader.close()
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.read_at(0, 5)
    with pytest.raises(ValueError, match="closed"):
        list(reader.pieces(0, 5))


def test_the_plaintext_is_nowhere_in_the_file(vault: Vault, key: DataKey, tmp_path: Path) -> None:
    handle = sealed(vault, b"A RECOGNISABLE SENTENCE." * 10_000, key)
    assert b"RECOGNISABLE" not in path_of(tmp_path, handle).read_bytes()


def test_an_object_opens_only_under_its_own_name_kind_and_key(
    vault: Vault, key: DataKey, tmp_path: Path
) -> None:
    handle, other = sealed(vault, b"one", key), sealed(vault, b"two", key)
    assert vault.open(handle, "original", key).read() == b"one"
    with pytest.raises(Damaged):
        vault.open(handle, "viewing-copy", key)
    with pytest.raises(Damaged):
        vault.open(handle, "original", key.derive("copy"))
    path_of(tmp_path, other).chmod(0o600)
    path_of(tmp_path, other).write_bytes(path_of(tmp_path, handle).read_bytes())
    with pytest.raises(Damaged):
        vault.open(other, "original", key)
    with pytest.raises(NotFound):
        vault.open(new_handle(), "original", key)


@pytest.mark.parametrize("kind", ["", "a\nb", "ä", "a" * 65, "/x", "-x"])
def test_a_kind_that_could_be_misread_is_refused(vault: Vault, key: DataKey, kind: str) -> None:
    with pytest.raises(ValueError, match="is not a kind"):
        vault.begin(new_handle(), kind, key)
    assert list(vault.store.incoming_handles()) == []


@pytest.mark.parametrize("size", [0, 10, PLAIN - 1, PLAIN, 3 * PLAIN, 3 * PLAIN + 10])
def test_a_truncated_object_never_opens(
    vault: Vault, key: DataKey, tmp_path: Path, size: int
) -> None:
    handle = sealed(vault, bytes(size), key)
    path = path_of(tmp_path, handle)
    whole = path.read_bytes()
    path.chmod(0o600)
    cuts = {0, 1, 73, 74, 75, 105, 106, len(whole) - 1, len(whole) - 32}
    cuts |= {74 + n * 65_536 + d for n in range(1, 5) for d in (-1, 0, 1, 31, 32, 33)}
    for cut in sorted(c for c in cuts if c < len(whole)):
        path.write_bytes(whole[:cut])
        with pytest.raises(Damaged):
            vault.open(handle, "original", key)
    path.write_bytes(whole + b"\0")
    with pytest.raises(Damaged):
        vault.open(handle, "original", key)


@one_folder
@given(bit=st.integers(0, (74 + 400_000 + 7 * 32) * 8 - 1))
def test_any_flipped_bit_is_noticed_and_only_its_segment_is_lost(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path, bit: int
) -> None:
    handle = next(vault.store.sealed_handles(), None) or sealed(vault, plain, key)
    path = path_of(tmp_path, handle)
    path.chmod(0o600)
    flip(path, bit)
    try:
        reader = vault.open(handle, "original", key)
    except Damaged:
        assert bit // 8 < 74 or bit // 8 >= 74 + 6 * 65_536
    else:
        segment = (bit // 8 - 74) // 65_536
        with pytest.raises(Damaged, match=f"Segment {segment} "):
            list(reader.blocks())
        with pytest.raises(Damaged, match=f"Segment {segment} "):
            list(reader.pieces(0, reader.size))
        start, end = segment * PLAIN, min((segment + 1) * PLAIN, len(plain))
        assert list(reader.damaged_spans()) == [(start, end)]
        assert reader.read_at(0, start) == plain[:start]
        assert reader.read_at(end, len(plain)) == plain[end:]
    flip(path, bit)
    assert vault.open(handle, "original", key).read() == plain


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def test_a_full_last_segment_as_others_may_write_it_is_read(
    vault: Vault, key: DataKey, plain: bytes, tmp_path: Path
) -> None:
    handle = new_handle()
    floe = Floe.start(key.secret, aad_of(handle, "original"))
    out = memoryview(bytearray(2 * 65_536))
    for n in range(2):
        piece = memoryview(plain)[n * PLAIN : (n + 1) * PLAIN]
        floe.seal_into(n, piece, out[n * 65_536 :][:65_536], final=n == 1)
    path = path_of(tmp_path, handle)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(floe.header + out)
    assert vault.open(handle, "original", key).read_at(0, 2 * PLAIN) == plain[: 2 * PLAIN]


def test_flushing_on_the_way_changes_nothing(vault: Vault, key: DataKey, plain: bytes) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    for piece in (plain[:100_000], plain[100_000:]):
        writer.write(piece)
        writer.flush()
    writer.finish()
    writer.flush()
    assert vault.open(handle, "original", key).read() == plain


def test_a_flush_that_the_disk_refuses_ends_the_writing(
    vault: Vault, key: DataKey, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(plain)

    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", broken)
        with pytest.raises(NotDurable):
            writer.flush()
    with pytest.raises(WriterClosed):
        writer.finish()
    assert not vault.store.holds(handle)


def test_a_finished_object_is_never_written_again(vault: Vault, key: DataKey) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(b"first")
    done = writer.finish()
    assert writer.finish() == done
    with pytest.raises(WriterClosed):
        writer.write(b"more")
    with pytest.raises(AlreadyThere):
        vault.begin(handle, "original", key)
    writer.abandon()
    assert vault.open(handle, "original", key).read() == b"first"


def test_an_abandoned_writer_keeps_nothing_under_the_name(vault: Vault, key: DataKey) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "original", key)
    writer.write(b"half")
    writer.abandon()
    for again in (lambda: writer.write(b"x"), writer.finish):
        with pytest.raises(WriterClosed):
            again()
    assert not vault.store.holds(handle)
    assert list(vault.store.incoming_handles()) == [handle]


@pytest.mark.parametrize("size", [40, 65_600, 131_007, 131_008, 131_009, 400_000])
def test_the_head_can_be_patched_until_the_object_is_finished(
    vault: Vault, key: DataKey, size: int
) -> None:
    plain = bytearray(random.Random(size).randbytes(size))
    handle = new_handle()
    writer = vault.begin(handle, "viewing", key, patchable_head=True)
    writer.write(plain)
    for offset, new in ((0, b"\0\0\0\x20ftyp"), (36, b"SIZE"), (min(size, 65_536) - 4, b"last")):
        writer.patch(offset, new)
        plain[offset : offset + len(new)] = new
    writer.finish()
    assert vault.open(handle, "viewing", key).read() == bytes(plain)


def test_a_patch_outside_the_written_head_changes_nothing(vault: Vault, key: DataKey) -> None:
    handle = new_handle()
    writer = vault.begin(handle, "viewing", key, patchable_head=True)
    writer.write(b"0123456789")
    for offset, new in ((-1, b"x"), (8, b"xxx"), (10, b"x")):
        with pytest.raises(NotPatchable):
            writer.patch(offset, new)
    writer.write(bytes(70_000))
    with pytest.raises(NotPatchable):
        writer.patch(65_530, b"1234567")
    writer.finish()
    assert vault.open(handle, "viewing", key).read() == b"0123456789" + bytes(70_000)


def test_an_object_not_begun_as_patchable_is_not(vault: Vault, key: DataKey) -> None:
    writer = vault.begin(new_handle(), "original", key)
    writer.write(b"0123456789")
    with pytest.raises(NotPatchable):
        writer.patch(0, b"x")
    writer.abandon()


def test_memory_stays_flat_whatever_the_size(vault: Vault, key: DataKey) -> None:
    handle, block = new_handle(), bytes(1 << 20)
    digest = hashlib.sha256()
    tracemalloc.start()
    writer = vault.begin(handle, "original", key)
    for _ in range(40):
        writer.write(block)
    writer.finish()
    for read in vault.open(handle, "original", key).blocks():
        digest.update(read)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert digest.digest() == hashlib.sha256(bytes(40 << 20)).digest()
    assert peak < 6 << 20


def test_the_same_bytes_never_make_the_same_object(
    vault: Vault, key: DataKey, tmp_path: Path
) -> None:
    first, second = (path_of(tmp_path, sealed(vault, b"same", key)) for _ in range(2))
    assert first.read_bytes()[10:] != second.read_bytes()[10:]


def test_a_reader_is_what_libraries_expect_of_a_raw_file(vault: Vault, key: DataKey) -> None:
    reader = vault.open(sealed(vault, b"line one\nline two\n", key), "original", key)
    assert isinstance(reader, SealedReader)
    assert (reader.readable(), reader.seekable(), reader.writable()) == (True, True, False)
    assert io.BufferedReader(reader).readlines() == [b"line one\n", b"line two\n"]
