"""The tracks of an MP4 file: their committed headers and their sample tables."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np

from custodes.kernel.digest import b64u
from custodes.media.packets.boxes import Box, Numbers, children, number
from custodes.media.packets.mp4_entries import Entry, read_entry
from custodes.media.packets.mp4_tables import (
    Samples,
    read_chunks,
    read_runs,
    read_samples,
    sample_sizes,
)
from custodes.media.packets.nal import whole_digest
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import PcmStream, Times, Track, check_track_count

_IDENTITY = bytes.fromhex("00010000 00000000 00000000 00000000 00010000".replace(" ", ""))
_IDENTITY += bytes(12) + bytes.fromhex("40000000")
MAX_ENTRIES = 127
#: A chunk of sound is fed in pieces of at most this many bytes.
_PIECE = 1 << 20


@dataclass(slots=True)
class Mp4Track:
    """A track with what its fragments will need; ``place`` is (offset, size, entry) if any."""

    track: Track
    number: int
    offset: Numbers
    size: Numbers
    entry: Numbers
    next_dts: int


def read_tracks(moov: Box, file_size: int) -> list[Mp4Track]:
    """Read every track of the movie box, in its order."""
    traks = moov.all(b"trak")
    check_track_count(len(traks))
    mvhd = moov.get(b"mvhd") or memoryview(bytes(32))
    return [_track(Box(trak), mvhd, file_size) for trak in traks]


def _track(trak: Box, mvhd: memoryview, file_size: int) -> Mp4Track:
    mdia = trak.within(b"mdia")
    stbl = mdia.within(b"minf").within(b"stbl")
    _check_self_contained(mdia.within(b"minf"))
    handler = bytes(mdia.need(b"hdlr", 12)[8:12]).decode("latin-1")
    entries, raw = _entries(stbl, handler)
    header = _header(trak, mdia, mvhd, handler)
    if entries:
        header |= entries[0].shown
    header["entry"] = entries[0].name if entries else ""
    header["codec"] = entries[0].coding.codec if entries else ""
    header["params"] = [b64u(param) for param in entries[0].coding.params] if entries else []
    if len(entries) > 1:
        header["more"] = [b64u(entry) for entry in raw[1:]]
    track = Track(header, [entry.coding.rule for entry in entries] or [whole_digest])
    if entries and entries[0].coding.codec == "pcm":
        track.pcm = _pcm_stream(entries, header["timescale"])
    return _with_samples(track, trak, stbl, entries, file_size)


def _with_samples(
    track: Track, trak: Box, stbl: Box, entries: list[Entry], file_size: int
) -> Mp4Track:
    name = number(trak.need(b"tkhd"), 20 if _version(trak.need(b"tkhd")) == 1 else 12)
    count, one_size, _ = sample_sizes(stbl)
    if track.pcm is not None and one_size:
        frame = one_size if one_size > 1 else max(1, entries[0].frame_bytes)
        offset, size = _pcm_pieces(stbl, count, frame, file_size)
        next_dts = _pcm_times(track.pcm, stbl, count, frame)
        return Mp4Track(track, name, offset, size, np.zeros(len(size), np.int64), next_dts)
    samples = read_samples(stbl, file_size)
    if np.any((samples.entry < 0) | (samples.entry >= len(track.rules))):
        raise NoClipProofs("A packet of this file names a sample entry that is not there.")
    next_dts = int(samples.dts[-1] + samples.duration[-1]) if count else 0
    _note_times(track, samples)
    return Mp4Track(track, name, samples.offset, samples.size, samples.entry, next_dts)


def _note_times(track: Track, samples: Samples) -> None:
    if track.pcm is not None:
        rows = zip(samples.size, samples.dts, samples.duration, strict=True)
        for size, dts, duration in rows:
            track.pcm.add(int(size), int(dts), int(duration))
        return
    track.times = Times(
        array("q", samples.dts.tobytes()),
        array("q", samples.pts.tobytes()),
        array("Q", samples.duration.tobytes()),
        bytearray((samples.sync | samples.entry << 1).astype(np.uint8).tobytes()),
    )


def _pcm_stream(entries: list[Entry], timescale: int) -> PcmStream:
    if len(entries) > 1:
        raise NoClipProofs("The uncompressed sound of this file changes its form on the way.")
    per_second = entries[0].frame_bytes * (entries[0].rate or timescale)
    if not 0 < per_second <= _PIECE * 64:
        raise NoClipProofs("The uncompressed sound of this file claims an impossible rate.")
    return PcmStream(per_second)


def _pcm_pieces(stbl: Box, count: int, frame: int, file_size: int) -> tuple[Numbers, Numbers]:
    if count * frame > file_size:
        raise NoClipProofs(
            f"The file claims {count:,} samples of sound of {frame} bytes; it is not that large."
        )
    chunks = read_chunks(stbl, count)
    size = chunks.samples * frame
    if np.any(np.diff(chunks.offset) < 0):
        raise NoClipProofs("The uncompressed sound of this file lies in no order.")
    pieces = np.maximum(1, -(-size // _PIECE))
    nth = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    offset = np.repeat(chunks.offset, pieces) + nth * _PIECE
    return offset, np.minimum(_PIECE, np.repeat(size, pieces) - nth * _PIECE)


def _pcm_times(stream: PcmStream, stbl: Box, count: int, frame: int) -> int:
    dts = 0
    for run, delta in zip(*read_runs(stbl, count), strict=True):
        if run:
            stream.add(int(run) * frame, dts, int(run) * int(delta))
            dts += int(run) * int(delta)
    return dts


def _entries(stbl: Box, handler: str) -> tuple[list[Entry], list[bytes]]:
    stsd = stbl.get(b"stsd")
    if stsd is None:
        return [], []
    quicktime = _version(stsd) == 0
    found = list(children(stsd[8:]))[: number(stsd, 4)]
    if len(found) > MAX_ENTRIES:
        raise NoClipProofs(f"A track of this file has {len(found):,} sample entries.")
    entries = [read_entry(kind, body, handler, quicktime=quicktime) for kind, body in found]
    return entries, [kind + bytes(body) for kind, body in found]


def _header(trak: Box, mdia: Box, mvhd: memoryview, handler: str) -> dict[str, Any]:
    tkhd, mdhd = trak.need(b"tkhd", 84), mdia.need(b"mdhd", 16)
    timescale = number(mdhd, 20 if _version(mdhd) == 1 else 12)
    if timescale == 0:
        raise NoClipProofs("A track of this file has no clock (its timescale is 0).")
    late = 12 if _version(tkhd) == 1 else 0
    header: dict[str, Any] = {
        "v": 1,
        "container": "mp4",
        "handler": handler,
        "timescale": timescale,
        "enabled": bool(number(tkhd, 3, 1) & 1),
        "matrix": b64u(bytes(tkhd[40 + late : 76 + late])),
        "shown": [number(tkhd, 76 + late), number(tkhd, 80 + late)],
    }
    late = 12 if _version(mvhd) == 1 else 0
    if (whole := bytes(mvhd[36 + late : 72 + late])) not in (_IDENTITY, b""):
        header["movie_matrix"] = b64u(whole)
    if edits := _edits(trak):
        header["elst"] = b64u(edits)
        header["movie_timescale"] = number(mvhd, 20 if late else 12)
    return header


def _edits(trak: Box) -> bytes:
    edts = trak.get(b"edts")
    elst = Box(edts).get(b"elst") if edts is not None else None
    if elst is None:
        return b""
    rows, width = number(elst, 4), 20 if _version(elst) == 1 else 12
    if rows * width > len(elst) - 8:
        raise NoClipProofs(f"The file's edit list claims {rows:,} entries it does not have.")
    return b"".join(_edit(elst[8 + n * width : 8 + (n + 1) * width]) for n in range(rows))


def _edit(row: memoryview) -> bytes:
    if len(row) == 20:
        return bytes(row)
    # Brought to the 64-bit form, so that both forms of one edit commit the same.
    media = int.from_bytes(row[4:8], "big", signed=True).to_bytes(8, "big", signed=True)
    return bytes(4) + bytes(row[:4]) + media + bytes(row[8:])


def _check_self_contained(minf: Box) -> None:
    dinf = minf.get(b"dinf")
    dref = Box(dinf).get(b"dref") if dinf is not None else None
    for _, reference in children(dref[8:]) if dref is not None else ():
        # ISO/IEC 14496-12 s8.7.2: flag 1 means "in this very file".
        if not number(reference, 3, 1) & 1:
            raise NoClipProofs("A track of this file keeps its packets in another file.")


def _version(box: memoryview) -> int:
    return number(box, 0, 1)
