"""Writing a clip: an MP4 file whose tables stand in front of its packets.

ISO/IEC 14496-12 sections 8 and 12. What the original says of its tracks (sample entries,
turn, size, clocks) is taken over as it is stored; only when packets are due, and where they
lie, is written anew. The same clip gives the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from custodes.kernel.digest import unb64u
from custodes.media.packets.boxes import Numbers

_IDENTITY: Final = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_HANDLERS: Final = {"vide": b"VideoHandler\0", "soun": b"SoundHandler\0"}
_UNDETERMINED: Final = 0x55C4  # "und", ISO 639-2/T in three times five bits
_CHUNK_SECONDS: Final = 0.5
_LARGE: Final = 1 << 32

#: Bytes of a packet: what was made anew, or where in the original they lie.
Piece = bytes | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lane:
    """One track of a clip. Times are in ticks of the track; rows are samples in decode order.

    ``begins`` and ``ends`` are the stretch that is shown. Of sound without packets
    ``each`` is the size of one sample, and ``pieces`` are runs of ``held`` samples.
    """

    header: Mapping[str, Any]
    entries: Sequence[bytes]
    entries_version: bytes
    shown: Numbers
    duration: Numbers
    sync: Numbers
    entry: Numbers
    pieces: Sequence[Piece]
    begins: int
    ends: int
    each: int = 0
    held: Sequence[int] = ()

    @property
    def timescale(self) -> int:
        """Return how many ticks a second has."""
        return int(self.header["timescale"])


@dataclass(slots=True)
class _Chunk:
    """Samples that lie together; ``at`` is when the first is due, in seconds."""

    at: float
    entry: int
    samples: int
    pieces: list[Piece]

    @property
    def size(self) -> int:
        return sum(size_of(piece) for piece in self.pieces)


def size_of(piece: Piece) -> int:
    """Return how many bytes a piece has."""
    return len(piece) if isinstance(piece, bytes) else piece[1]


def written(lanes: Sequence[Lane], seconds_from: float) -> tuple[bytes, Iterator[Piece]]:
    """Return the head of the file, and what follows it, in order.

    ``seconds_from`` is the moment of the original at which the clip begins.
    """
    chunks = [_chunks(lane, seconds_from) for lane in lanes]
    order = sorted(
        (
            (chunk.at, nth, place)
            for nth, row in enumerate(chunks)
            for place, chunk in enumerate(row)
        )
    )
    total = sum(chunk.size for row in chunks for chunk in row)
    ftyp = _box(b"ftyp", b"isom" + bytes([0, 0, 2, 0]) + b"isomiso2avc1mp41")
    wide = total + (1 << 24) >= _LARGE
    blank = [[0] * len(row) for row in chunks]
    start = len(ftyp) + len(_moov(lanes, chunks, blank, wide=wide)) + (16 if wide else 8)
    for _, nth, place in order:
        blank[nth][place] = start
        start += chunks[nth][place].size
    moov = _moov(lanes, chunks, blank, wide=wide)
    mdat = struct.pack(">I4sQ", 1, b"mdat", total + 16) if wide else _head(b"mdat", total)
    pieces = (piece for _, nth, place in order for piece in chunks[nth][place].pieces)
    return ftyp + moov + mdat, pieces


def _chunks(lane: Lane, seconds_from: float) -> list[_Chunk]:
    if lane.each:
        return _runs_of_samples(lane, seconds_from)
    found: list[_Chunk] = []
    due = np.sort(lane.shown) / lane.timescale - seconds_from
    for nth, piece in enumerate(lane.pieces):
        entry, at = int(lane.entry[nth]), float(due[nth])
        if not found or found[-1].entry != entry or at - found[-1].at >= _CHUNK_SECONDS:
            found.append(_Chunk(at, entry, 0, []))
        found[-1].samples += 1
        found[-1].pieces.append(piece)
    return found


def _runs_of_samples(lane: Lane, seconds_from: float) -> list[_Chunk]:
    found = []
    at = int(lane.shown[0])
    for piece, held in zip(lane.pieces, lane.held, strict=True):
        found.append(_Chunk(at / lane.timescale - seconds_from, 0, held, [piece]))
        at += held * int(lane.duration[0])
    return found


def _moov(
    lanes: Sequence[Lane],
    chunks: Sequence[Sequence[_Chunk]],
    offsets: Sequence[Sequence[int]],
    *,
    wide: bool,
) -> bytes:
    scale = lanes[0].timescale
    length = lanes[0].ends - lanes[0].begins
    whole = next((h["movie_matrix"] for h in (e.header for e in lanes) if "movie_matrix" in h), "")
    turn = unb64u(whole) or _IDENTITY
    mvhd = struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, length)
    mvhd += struct.pack(">IH10x", 0x10000, 0x100) + turn + bytes(24)
    traks = [
        _trak(lane, nth + 1, row, at, scale, length, wide=wide)
        for nth, (lane, row, at) in enumerate(zip(lanes, chunks, offsets, strict=True))
    ]
    return _box(b"moov", _box(b"mvhd", mvhd + struct.pack(">I", len(lanes) + 1)), *traks)


def _trak(
    lane: Lane,
    number: int,
    chunks: Sequence[_Chunk],
    offsets: Sequence[int],
    scale: int,
    length: int,
    *,
    wide: bool,
) -> bytes:
    header = lane.header
    sound = header["handler"] == "soun"
    flags = 3 if header["enabled"] else 2
    tkhd = struct.pack(">IQQIIQ", 1 << 24 | flags, 0, 0, number, 0, length)
    tkhd += struct.pack(">8xHHHH", 0, int(sound), 0x100 if sound else 0, 0)
    tkhd += unb64u(header["matrix"]) + struct.pack(">II", *header["shown"])
    times, depth = _times(lane)
    media = int(times[:, 1].sum() if not lane.each else times[0, 0] * times[0, 1])
    mdhd = struct.pack(">IQQIQHH", 1 << 24, 0, 0, lane.timescale, media, _UNDETERMINED, 0)
    hdlr = struct.pack(">II4s12x", 0, 0, header["handler"].encode()) + _HANDLERS[header["handler"]]
    kind = _full(b"smhd", bytes(4)) if sound else _box(b"vmhd", struct.pack(">I8x", 1))
    dinf = _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _box(b"url ", b"\0\0\0\1")))
    stbl = _stbl(lane, times, depth, chunks, offsets, wide=wide)
    return _box(
        b"trak",
        _box(b"tkhd", tkhd),
        _edits(lane, depth, scale, length),
        _box(
            b"mdia",
            _box(b"mdhd", mdhd),
            _box(b"hdlr", hdlr),
            _box(b"minf", kind, dinf, stbl),
        ),
    )


def _times(lane: Lane) -> tuple[Numbers, int]:
    """Return for each sample (how many, its duration, its composition offset), and the depth.

    Samples are decoded at the times at which pictures are shown, in order, so that
    durations are those of the screen; the depth is by how much all are shown later.
    """
    if lane.each:
        return np.array([[sum(lane.held), lane.duration[0], 0]], np.int64), 0
    due = np.sort(lane.shown)
    last = int(lane.duration[np.argmax(lane.shown)])
    lasting = np.append(np.diff(due), last)
    depth = max(0, int((due - lane.shown).max()))
    return np.stack([np.ones_like(due), lasting, lane.shown - due + depth], 1), depth


def _edits(lane: Lane, depth: int, scale: int, length: int) -> bytes:
    """Say which stretch is shown: nothing while the track has not begun, then its own."""
    begun = int(lane.shown.min())
    late = max(0, begun - lane.begins)
    empty = round(late * scale / lane.timescale)
    rows = [struct.pack(">qqI", empty, -1, 0x10000)] if empty else []
    start = depth + max(0, lane.begins - begun)
    rows.append(struct.pack(">qqI", max(0, length - empty), start, 0x10000))
    elst = struct.pack(">II", 1 << 24, len(rows)) + b"".join(rows)
    return _box(b"edts", _box(b"elst", elst))


def _stbl(
    lane: Lane,
    times: Numbers,
    depth: int,
    chunks: Sequence[_Chunk],
    offsets: Sequence[int],
    *,
    wide: bool,
) -> bytes:
    stsd = lane.entries_version + struct.pack(">I", len(lane.entries)) + b"".join(lane.entries)
    parts = [_box(b"stsd", stsd), _full(b"stts", _table(_runs(times[:, :2])))]
    if depth or times[:, 2].any():
        parts.append(_full(b"ctts", _table(_runs(times[:, [0, 2]]))))
    if not lane.each and not lane.sync.all():
        parts.append(_full(b"stss", _table(np.flatnonzero(lane.sync)[:, None] + 1)))
    rows = np.array([[chunk.samples, chunk.entry + 1] for chunk in chunks], np.int64)
    begins = np.append([True], (np.diff(rows, axis=0) != 0).any(1))
    first = np.flatnonzero(begins)
    parts.append(_full(b"stsc", _table(np.column_stack([first + 1, rows[first]]))))
    if lane.each:
        parts.append(_full(b"stsz", struct.pack(">II", lane.each, int(times[0, 0]))))
    else:
        sizes = np.array([size_of(piece) for piece in lane.pieces], ">u4").tobytes()
        parts.append(_full(b"stsz", struct.pack(">II", 0, len(lane.pieces)) + sizes))
    places = np.array(offsets, ">u8" if wide else ">u4").tobytes()
    parts.append(_full(b"co64" if wide else b"stco", struct.pack(">I", len(offsets)) + places))
    return _box(b"stbl", *parts)


def _runs(rows: Numbers) -> Numbers:
    """Bring rows of (how many, value) together where the value stays the same."""
    begins = np.append([True], np.diff(rows[:, 1]) != 0)
    first = np.flatnonzero(begins)
    counts = np.add.reduceat(rows[:, 0], first)
    return np.column_stack([counts, rows[first, 1]])


def _table(rows: Numbers) -> bytes:
    return struct.pack(">I", len(rows)) + rows.astype(">u4").tobytes()


def _full(kind: bytes, body: bytes) -> bytes:
    return _box(kind, bytes(4), body)


def _box(kind: bytes, *parts: bytes) -> bytes:
    return _head(kind, sum(map(len, parts))) + b"".join(parts)


def _head(kind: bytes, length: int) -> bytes:
    return struct.pack(">I4s", length + 8, kind)
