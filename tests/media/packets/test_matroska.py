"""Matroska by hand: lacing, unknown sizes, stripped headers, groups, and lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.media.packets.reading import Bytes, as_we_read, movie_of

from custodes.kernel.digest import b64u
from custodes.media.commitment import commit
from custodes.media.packets import NoClipProofs
from custodes.media.packets.mkv_blocks import read_block

PCM = b"A_PCM/INT/LIT"
UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def element(kind: str, *parts: bytes, size: bytes | None = None) -> bytes:
    """Write an element; its size in eight bytes unless another is given."""
    payload = b"".join(parts)
    return bytes.fromhex(kind) + (size or (1 << 56 | len(payload)).to_bytes(8, "big")) + payload


def track(*more: bytes, codec: bytes = b"S_TEXT/UTF8", number: int = 1) -> bytes:
    return element(
        "ae", element("d7", bytes([number])), element("83", b"\x11"), element("86", codec), *more
    )


def cluster(*blocks: bytes, at: int = 0, size: bytes | None = None) -> bytes:
    return element("1f43b675", element("e7", at.to_bytes(4, "big")), *blocks, size=size)


def file(*clusters: bytes, tracks: bytes | None = None, size: bytes | None = None) -> bytes:
    head = element("1a45dfa3", element("4282", b"matroska"))
    return head + element("18538067", element("1654ae6b", tracks or track()), *clusters, size=size)


def simple(payload: bytes, later: int = 0, flags: int = 0x80, number: int = 1) -> bytes:
    return element("a3", bytes([0x80 | number]), later.to_bytes(2, "big", signed=True),
                   bytes([flags]), payload)  # fmt: skip


def group(payload: bytes, *more: bytes, later: int = 0, flags: int = 0) -> bytes:
    head = b"\x81" + later.to_bytes(2, "big", signed=True) + bytes([flags])
    return element("a0", element("a1", head, payload), *more)


def rows(data: bytes) -> list[tuple[bytes, int, int, bool]]:
    """Return (payload, milliseconds, duration in milliseconds, sync) of the first track."""
    return [(p.data, p.pts // 10**6, p.duration // 10**6, p.sync) for p in as_we_read(data)[0]]


def test_simple_blocks_and_groups_say_when_and_how_long() -> None:
    data = file(
        cluster(simple(b"one", later=-5), simple(b"two", later=7, flags=0), at=1000),
        cluster(group(b"three", element("9b", b"\x64")), at=2000),
        cluster(group(b"four", element("fb", b"\xff")), at=3000),
    )
    assert rows(data) == [
        (b"one", 995, 0, True),
        (b"two", 1007, 0, False),
        (b"three", 2000, 100, True),
        (b"four", 3000, 0, False),
    ]


LACED = {
    "xiph": (0x82, b"\x02" + b"\x02\x01" + b"aabccc"),
    "fixed": (0x84, b"\x02" + b"aabbcc"),
    "ebml": (0x86, b"\x02" + b"\x82\xbe" + b"aabccc"),
}


@pytest.mark.parametrize("kind", LACED)
def test_laced_frames_are_packets_of_their_own(kind: str) -> None:
    flags, payload = LACED[kind]
    tracks = track(element("23e383", (20_000_000).to_bytes(4, "big")))
    frames = [b"aa", b"bb", b"cc"] if kind == "fixed" else [b"aa", b"b", b"ccc"]

    found = rows(file(cluster(simple(payload, flags=flags), at=10), tracks=tracks))
    assert found == [(f, 10 + 20 * n, 20, True) for n, f in enumerate(frames)]


def test_a_laced_xiph_size_may_go_on_over_255() -> None:
    block = b"\x81\0\0\x82" + b"\x01" + b"\xff\x01" + bytes(256) + b"rest"
    assert [size for _, size in read_block(memoryview(block)).frames] == [256, 4]


def test_live_files_of_unknown_sizes_are_read_to_the_end() -> None:
    live = file(
        cluster(simple(b"one"), size=UNKNOWN), cluster(simple(b"two"), at=9, size=UNKNOWN),
        size=UNKNOWN,
    )  # fmt: skip
    assert rows(live) == [(b"one", 0, 0, True), (b"two", 9, 0, True)]
    assert "cut" not in commit(Bytes(live)).tracks[0].header


def test_a_recording_that_broke_off_keeps_its_whole_packets() -> None:
    live = file(cluster(simple(b"one"), simple(b"two"), size=UNKNOWN), size=UNKNOWN)
    header = commit(Bytes(live[:-1])).tracks[0].header

    assert (header["n"], header["cut"]) == (1, True)


def test_stripped_headers_are_put_back_before_hashing() -> None:
    compression = element("5034", element("4254", b"\x03"), element("4255", b"\x0b\x77"))
    stripped = track(element("6d80", element("6240", compression)))

    there = file(cluster(simple(b"\x0b\x77rest")))
    taken = file(cluster(simple(b"rest")), tracks=stripped)
    assert commit(Bytes(taken)).tracks[0].root == commit(Bytes(there)).tracks[0].root


def test_compressed_frames_are_committed_as_they_are_stored() -> None:
    zlib = element("5034", element("4254", b"\x00"))
    found = file(cluster(simple(b"zzz")), tracks=track(element("6d80", element("6240", zlib))))

    assert commit(Bytes(found)).tracks[0].header["sealed"] == "compressed 0, scope 1"


def test_discarded_padding_is_part_of_the_header() -> None:
    data = file(cluster(group(b"end", element("75a2", (-5).to_bytes(1, "big", signed=True)))))
    noted = b64u(bytes(4) + (-5).to_bytes(8, "big", signed=True))
    assert commit(Bytes(data)).tracks[0].header["discard"] == noted


def test_uncompressed_sound_is_cut_into_seconds_whatever_the_blocks() -> None:
    audio = element("e1", element("b5", b"\x41\x20\0\0"), element("6264", b"\x08"))  # 10 Hz, 8 bit
    tracks = track(audio, codec=PCM)
    fine = file(*(cluster(simple(b"12345"), at=500 * n) for n in range(5)), tracks=tracks)
    coarse = file(
        cluster(simple(b"1234512345"), simple(b"123451234512345", later=1000)), tracks=tracks
    )
    header = commit(Bytes(fine)).tracks[0].header

    assert header["n"] == 3
    assert commit(Bytes(coarse)).tracks[0].header == header
    assert movie_of(fine)[0].tracks[0].pcm is not None


LIES = {
    "an element over its parent": file(element("1f43b675", b"\xe7\x84\0")),
    "a block of no track": file(cluster(simple(b"x", number=2))),
    "a block before any time": file(element("1f43b675", simple(b"x"))),
    "no tracks": element("1a45dfa3") + element("18538067", cluster(simple(b"x"))),
    "tracks twice": file(element("1654ae6b", track()), cluster(simple(b"x"))),
    "two tracks of one number": file(cluster(), tracks=track() + track()),
    "frames that do not fit": file(cluster(simple(b"\x02\x09\x09aa", flags=0x82))),
    "a time beyond any clock": file(
        element("1f43b675", element("e7", b"\xff" * 8), simple(b"x"))
    ),
    "an impossible rate": file(
        cluster(), tracks=track(element("e1", element("b5", b"\x7f\x80\0\0")), codec=PCM)
    ),
    "a clock of its own": file(cluster(), tracks=track(element("23314f", b"\x40\0\0\0"))),
    "encrypted blocks": file(cluster(element("af", b"\x81\0\0\0x"))),
    "too many tracks": file(cluster(), tracks=b"".join(track(number=1) for _ in range(65))),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_in_a_sentence(lie: str) -> None:
    with pytest.raises(NoClipProofs) as refusal:
        commit(Bytes(LIES[lie]))
    assert refusal.value.reason.endswith(".")


@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_breaks_the_reader(data: st.DataObject) -> None:
    whole = bytearray(file(cluster(simple(b"\x02\x02\x01aabccc", flags=0x82), group(b"x"), at=5)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        commit(Bytes(bytes(whole)))
    except NoClipProofs:
        return
