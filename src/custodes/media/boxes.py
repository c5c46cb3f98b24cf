"""The outermost boxes of an MP4 file: enough to see what its header claims.

ISO/IEC 14496-12 section 4.2: size (4 bytes), type (4 bytes); size 1 means a
64-bit size follows, size 0 means up to the end of the file. Only heads are read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.media.sandbox.ports import ReadAt

MAX_BOXES = 10_000
#: C2PA 2.1 section "Embedding manifests into BMFF": the uuid of its box.
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, where it starts, how long it says it is, and its head."""

    type: bytes
    offset: int
    size: int
    head: int


def outer_boxes(reader: ReadAt, start: int = 0, end: int | None = None) -> list[Box]:
    """List the boxes between two offsets; empty when this is no MP4."""
    end = reader.size if end is None else end
    boxes: list[Box] = []
    while start + 8 <= end and len(boxes) < MAX_BOXES:
        box = _box(reader.read_at(start, 16), start, end)
        if box is None or box.size < box.head:
            break
        boxes.append(box)
        start += box.size
    return boxes


def _box(head: bytes, offset: int, end: int) -> Box | None:
    if len(head) < 8 or not all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in head[4:8]):
        return None
    size: int = struct.unpack(">I", head[:4])[0]
    if size == 1 and len(head) == 16:
        return Box(head[4:8], offset, struct.unpack(">Q", head[8:])[0], 16)
    return Box(head[4:8], offset, size or end - offset, 8)


def claimed_seconds(reader: ReadAt, boxes: list[Box]) -> float | None:
    """Return the length the movie header (mvhd) claims, which may be a lie."""
    moov = next((box for box in boxes if box.type == b"moov"), None)
    if moov is None:
        return None
    inner = outer_boxes(reader, moov.offset + moov.head, moov.offset + moov.size)
    mvhd = next((box for box in inner if box.type == b"mvhd"), None)
    if mvhd is None:
        return None
    body = reader.read_at(mvhd.offset + mvhd.head, 32)
    # ISO/IEC 14496-12 section 8.2.2: version 1 has 64-bit times and duration.
    if len(body) < 32:
        return None
    scale, length = struct.unpack(
        ">IQ" if body[0] else ">II", body[20:32] if body[0] else body[12:20]
    )
    return length / scale if scale else None


def has_c2pa(reader: ReadAt, boxes: list[Box]) -> bool:
    """Say whether a C2PA manifest is there (in MP4 a uuid box, in AVI a chunk)."""
    for box in boxes:
        if box.type == b"uuid" and reader.read_at(box.offset + box.head, 16) == C2PA_UUID:
            return True
    return reader.read_at(0, 4) == b"RIFF" and _riff_has(reader, b"C2PA")


def _riff_has(reader: ReadAt, wanted: bytes) -> bool:
    at = 12
    for _ in range(MAX_BOXES):
        head = reader.read_at(at, 8)
        if len(head) < 8:
            return False
        if head[:4] == wanted:
            return True
        length: int = struct.unpack("<I", head[4:])[0]
        at += 8 + length + length % 2
    return False


def tables_first(boxes: list[Box]) -> bool:
    """Say whether the tables (moov) stand before the media (mdat), as a player wants them."""
    kinds = [box.type for box in boxes]
    return b"moov" in kinds and b"mdat" not in kinds[: kinds.index(b"moov")]


def cut_short(reader: ReadAt, boxes: list[Box]) -> bool:
    """Say whether the last box claims more bytes than the file has."""
    return bool(boxes) and boxes[-1].offset + boxes[-1].size > reader.size
