"""Any change of what is seen or heard, or when, changes the media root."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests.media.packets.films import FASTSTART, FRAGMENTED, film
from tests.media.packets.reading import Arriving, Bytes, media_root, movie_of

from custodes.kernel.digest import b64u, sha256
from custodes.ledger.tree import leaf_hash, node_hash
from custodes.media.chunks import CHUNK_SIZE, ChunkTree
from custodes.media.commitment import MediaCommitment, NoClipProofs, commit, salted
from custodes.media.packets import Window, read_movie

MASTER = film(muxer=FASTSTART)


def places(data: bytes) -> list[tuple[int, int, int, int]]:
    """Return every place of the file's packets."""
    return list(read_movie(Window(Bytes(data))).places)


def changed(data: bytes, at: int, new: bytes) -> bytes:
    """Return the file with some bytes replaced."""
    assert data[at : at + len(new)] != new
    return data[:at] + new + data[at + len(new) :]


def in_table(kind: bytes, offset: int, new: bytes) -> bytes:
    """Return the master with a few bytes of a table of its first track replaced."""
    return changed(MASTER, MASTER.index(kind) + 4 + offset, new)


def flipped_in_the_last_packet() -> bytes:
    _, _, offset, size = places(MASTER)[-1]
    at = offset + size - 2
    return changed(MASTER, at, bytes([MASTER[at] ^ 1]))


def two_packets_swapped() -> bytes:
    sound = [(o, s) for lane, _, o, s in places(MASTER) if lane == 1]
    (a, m), (b, n) = next(
        (x, y) for x in sound for y in sound if x[1] == y[1] and x < y
        and MASTER[x[0] : x[0] + x[1]] != MASTER[y[0] : y[0] + y[1]]
    )  # fmt: skip
    swapped = changed(MASTER, a, MASTER[b : b + n])
    return changed(swapped, b, MASTER[a : a + m])


CHANGES: dict[str, Callable[[], bytes]] = {
    "one bit of the last packet": flipped_in_the_last_packet,
    "two packets swapped": two_packets_swapped,
    "twice as slow (stts)": lambda: in_table(b"stts", 12, struct.pack(">I", 1024)),
    "shown in another order (ctts)": lambda: in_table(b"ctts", 12, struct.pack(">I", 99)),
    "another picture to start from (stss)": lambda: in_table(b"stss", 12, struct.pack(">I", 9)),
    "another clock (mdhd)": lambda: in_table(b"mdhd", 12, struct.pack(">I", 25600)),
    "parameter sets (avcC)": lambda: in_table(b"avcC", 12, b"\x77"),
    "turned round (tkhd)": lambda: in_table(b"tkhd", 40, struct.pack(">i", -65536)),
    "another shape (tkhd)": lambda: in_table(b"tkhd", 76, struct.pack(">I", 128 << 16)),
    "another start (elst)": lambda: in_table(b"elst", 12, struct.pack(">i", 1)),
    "another picture size (avc1)": lambda: in_table(b"stsd", 40, struct.pack(">H", 63)),
    "not shown at all (tkhd)": lambda: in_table(b"tkhd", 3, b"\x02"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_is_shown_changes_the_root(change: str) -> None:
    assert media_root(CHANGES[change]()) != media_root(MASTER)


def test_a_change_beside_the_packets_changes_nothing() -> None:
    bystander = b"\0\0\0\x10freebystandr"
    assert media_root(MASTER + bystander) == media_root(MASTER)


def test_the_media_root_is_what_the_format_says_step_by_step() -> None:
    data = film(sound=None, video="mjpeg", container="mov", frames=2)
    movie, payloads = movie_of(data)
    times, header = movie.tracks[0].times, commit(Bytes(data)).tracks[0].header

    hashes = []
    for n, packet in enumerate(payloads[0]):
        unit = sha256(b"unit/v1\n" + len(packet).to_bytes(4, "big") + sha256(packet))
        row = (1, n, times.dts[n], times.pts[n], times.duration[n], 1)
        hashes.append(leaf_hash(struct.pack(">BIqqQB", *row) + unit))
    assert header["root"] == b64u(node_hash(*hashes))
    assert header["n"] == 2
    assert media_root(data) == leaf_hash(commit(Bytes(data)).tracks[0].to_bytes())


@pytest.mark.parametrize("data", [film(), MASTER, film(muxer=FRAGMENTED), film("mkv")])
def test_a_commitment_survives_being_written_down(data: bytes) -> None:
    found = commit(Bytes(data))

    assert MediaCommitment.from_cj1(found.to_cj1()) == found
    assert found.to_cj1()["root"] == b64u(found.media_root)


def test_headers_that_are_not_the_roots_own_are_refused() -> None:
    stored = commit(Bytes(MASTER)).to_cj1()
    stored["tracks"][0]["n"] += 1

    with pytest.raises(ValueError, match="not the ones the root was made of"):
        MediaCommitment.from_cj1(stored)


def test_salted_commitments_differ_by_kind_and_salt() -> None:
    salt, value = b"s" * 32, b"v" * 32

    assert salted("media", salt, value) == sha256(b"custodes-media/v1\n" + salt + value)
    assert salted("file", salt, value) == sha256(b"custodes-file/v1\n" + salt + value)
    with pytest.raises(ValueError, match="no commitment of kind"):
        salted("video", salt, value)
    with pytest.raises(ValueError, match="32 bytes each"):
        salted("media", b"short", value)


@pytest.mark.parametrize(
    "data", [film(frames=80, muxer=FASTSTART), film(frames=80, muxer=FRAGMENTED), film("mkv")]
)
def test_a_file_with_its_tables_first_is_read_once_and_forward(data: bytes) -> None:
    furthest = 0

    def until(end: int) -> None:
        nonlocal furthest
        furthest = max(furthest, end)

    reader = Arriving(data, until)
    assert commit(reader).media_root == media_root(data)
    offsets = [offset for offset, length in reader.reads if length > 16]
    assert offsets == sorted(offsets)
    assert sum(length for _, length in reader.reads) < 1.5 * len(data) + 4096


@pytest.mark.parametrize("block", [1000, 4096, 5001])
@pytest.mark.parametrize("data", [film(), MASTER, film(muxer=FRAGMENTED), film("mkv")])
def test_how_the_file_is_read_does_not_matter(
    data: bytes, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = media_root(data)
    monkeypatch.setattr("custodes.media.packets.window.BLOCK", block)
    reader = Bytes(data)

    assert commit(reader).media_root == expected
    # Each byte about once: tables at the end are read before the packets.
    assert sum(length for _, length in reader.reads) < 1.3 * len(data) + 4 * block


@pytest.mark.parametrize("data", [film(), MASTER, film(muxer=FRAGMENTED), film("mkv")])
def test_a_file_cut_anywhere_is_refused_or_said_to_be_cut(data: bytes) -> None:
    whole = commit(Bytes(data))
    for end in range(0, len(data), max(1, len(data) // 97)):
        try:
            found = commit(Bytes(data[:end]))
        except NoClipProofs:
            continue
        assert all(
            part.packets <= track.packets
            for part, track in zip(found.tracks, whole.tracks, strict=True)
        )


def test_chunks_are_one_mebibyte_each_however_the_bytes_come() -> None:
    data = bytes(range(256)) * (CHUNK_SIZE * 5 // 512)
    parts = [data[at : at + CHUNK_SIZE] for at in range(0, len(data), CHUNK_SIZE)]
    expected = node_hash(node_hash(*map(leaf_hash, parts[:2])), leaf_hash(parts[2]))
    for step in (999, CHUNK_SIZE, CHUNK_SIZE + 1, len(data)):
        tree = ChunkTree()
        for at in range(0, len(data), step):
            tree.update(memoryview(data)[at : at + step])
            tree.root()
        assert (tree.root(), tree.size) == (expected, len(data))


def test_an_empty_file_has_the_empty_chunk_root() -> None:
    assert ChunkTree().root() == sha256(b"")


def test_no_decoder_and_no_sandbox_is_needed_to_commit() -> None:
    asked = "import sys, custodes.media.commitment as c; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())

    assert "custodes.media.packets.mp4" in loaded
    assert not loaded & {"av", "django", "custodes.media.sandbox"}


def test_progress_is_told_as_a_fraction_and_reaches_the_end() -> None:
    told: list[float] = []
    commit(Bytes(MASTER), told.append)

    assert told
    assert told[-1] == 1.0
    assert all(0 < fraction <= 1 for fraction in told)
