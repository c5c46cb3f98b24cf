"""MP4 tables that lie are refused before anything of the claimed size is made."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.media.packets.films import FASTSTART, FRAGMENTED, film
from tests.media.packets.reading import Bytes

from custodes.media.commitment import NoClipProofs, commit
from custodes.media.packets import nal

PLAIN = film(muxer=FASTSTART)
FRAGMENTS = film(muxer=FRAGMENTED)
MOST = struct.pack(">I", 0xFFFFFFFF)


def lied(kind: bytes, offset: int, new: bytes, data: bytes = PLAIN, nth: int = 0) -> bytes:
    """Replace bytes of the nth box of a type, ``offset`` into its payload."""
    at = -1
    for _ in range(nth + 1):
        at = data.index(kind, at + 1)
    at += 4 + offset
    return data[:at] + new + data[at + len(new) :]


def one_byte_more() -> bytes:
    """Make the first packet one byte longer, so that the chunk it is in runs into the next."""
    at = PLAIN.index(b"stsz") + 16
    return lied(b"stsz", 12, (int.from_bytes(PLAIN[at : at + 4], "big") + 1).to_bytes(4, "big"))


LIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "packets (stsz)": (lambda: lied(b"stsz", 8, MOST), "claims 4,294,967,295 entries"),
    "packets of one size": (lambda: lied(b"stsz", 4, MOST + MOST), "it is not that large"),
    "times (stts)": (lambda: lied(b"stts", 4, MOST), "stts table claims"),
    "too few times": (lambda: lied(b"stts", 8, b"\0\0\0\1"), "gives times for 1 of its 40"),
    "offsets (ctts)": (lambda: lied(b"ctts", 4, MOST), "ctts table claims"),
    "chunks (stsc)": (lambda: lied(b"stsc", 4, MOST), "stsc table claims"),
    "chunks out of order": (lambda: lied(b"stsc", 8, MOST), "in no order"),
    "no packets a chunk": (lambda: lied(b"stsc", 12, bytes(4)), "say where"),
    "a sample entry": (lambda: lied(b"stsc", 16, b"\0\0\0\x09"), "sample entry that is not"),
    "chunk offsets (stco)": (lambda: lied(b"stco", 4, MOST), "stco table claims"),
    "an offset past the end": (lambda: lied(b"stco", 8, MOST), "is cut short"),
    "an offset into the tables": (lambda: lied(b"stco", 8, b"\0\0\0\x40"), "its own tables"),
    "sync numbers (stss)": (lambda: lied(b"stss", 4, MOST), "stss table claims"),
    "edits (elst)": (lambda: lied(b"elst", 4, MOST), "edit list claims"),
    "another file (dref)": (lambda: lied(b"url ", 0, bytes(4)), "in another file"),
    "two tables": (lambda: lied(b"stts", -4, b"stsz"), "two stsz boxes"),
    "no times": (lambda: lied(b"stts", -4, b"xxxx"), "no stts box"),
    "packets that overlap": (one_byte_more, "claim the same bytes"),
    "no clock": (lambda: lied(b"mdhd", 12, bytes(4)), "no clock"),
    "two tables of contents": (lambda: PLAIN + PLAIN[PLAIN.index(b"moov") - 4 :], "two tables"),
    "packets of a fragment": (lambda: lied(b"trun", 4, MOST, FRAGMENTS), "cannot hold"),
    "a fragment of no track": (lambda: lied(b"tfhd", 4, MOST, FRAGMENTS), "belongs to no track"),
    "a time beyond any clock": (
        lambda: lied(b"tfdt", 4, MOST + MOST, FRAGMENTS),
        "beyond any clock",
    ),
    "a fragment backwards": (
        lambda: lied(b"trun", 8, b"\xff\xff\xf0\x00", FRAGMENTS, nth=2),
        "earlier one|past its own end",
    ),
    "a hole in the middle": (
        lambda: lied(b"trun", 8, b"\x00\xff\xff\x00", FRAGMENTS),
        "past its end",
    ),
    "fragments unannounced": (lambda: FRAGMENTS.replace(b"mvex", b"free"),
        "do not announce"),
}  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("lie", LIES)
def test_a_lying_table_is_refused_in_a_sentence_and_costs_no_memory(lie: str) -> None:
    make, sentence = LIES[lie]
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(NoClipProofs, match=sentence):
            commit(Bytes(data))
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_a_fragmented_recording_that_broke_off_keeps_its_whole_packets() -> None:
    whole = commit(Bytes(FRAGMENTS)).tracks[0]
    last = FRAGMENTS.rindex(b"mdat")
    cut = commit(Bytes(FRAGMENTS[: last + 40])).tracks[0]

    assert cut.header["cut"] is True
    assert "cut" not in whole.header
    assert 0 < cut.packets < whole.packets


def test_a_file_that_ends_before_its_announced_size_is_refused() -> None:
    reader = Bytes(PLAIN[: PLAIN.index(b"mdat") + 100])
    reader.size = len(PLAIN)
    with pytest.raises(NoClipProofs, match="ended before the size it was announced with"):
        commit(reader)


@given(st.sampled_from([PLAIN, FRAGMENTS]), st.data())
def test_damaged_tables_are_refused_or_read_but_never_break_the_reader(
    data: bytes, draw: st.DataObject
) -> None:
    damaged = bytearray(data)
    tables = data.index(b"moov"), data.rindex(b"stco") + 40
    for _ in range(draw.draw(st.integers(1, 5))):
        damaged[draw.draw(st.integers(*tables))] = draw.draw(st.integers(0, 255))
    try:
        commit(Bytes(bytes(damaged)))
    except NoClipProofs:
        return


def unit(*nals: bytes) -> memoryview:
    return memoryview(b"".join(len(one).to_bytes(4, "big") + one for one in nals))


def test_padding_behind_a_nal_unit_and_empty_units_are_framing() -> None:
    rule = nal.nal_digest_of(4)
    assert rule(unit(b"\x41abc\0\0", b"", b"\x01d")) == rule(unit(b"\x41abc", b"\x01d"))
    assert rule(unit(b"\x41abc")) != rule(unit(b"\x41", b"abc"))


def test_the_size_of_the_length_field_is_framing() -> None:
    two = memoryview(b"\0\4\x41abc\0\2\x01d")
    assert nal.nal_digest_of(2)(two) == nal.nal_digest_of(4)(unit(b"\x41abc", b"\x01d"))


@pytest.mark.parametrize("packet", [b"\0\0\0\x09abc", b"\0\0\0\1a\0", b"\0\0\0\1a" * 1025])
def test_a_packet_that_is_no_list_of_units_never_passes_for_one(packet: bytes) -> None:
    rule, view = nal.nal_digest_of(4), memoryview(packet)

    assert rule(view) == nal.broken_digest(view)
    assert nal.broken_digest(view) != nal.whole_digest(view)


def test_a_temporal_delimiter_in_front_of_an_av1_packet_does_not_count() -> None:
    assert nal.av1_digest(memoryview(b"\x12\0frame")) == nal.av1_digest(memoryview(b"frame"))
