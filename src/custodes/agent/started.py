"""When a recording began, from the best that its file says.

Only the heads of boxes are read, by Python, bounded; no decoder is started on a
dock PC. The custody record says which source the time came from.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from custodes.agent.finding import Found
from custodes.media.boxes import Box, claimed_seconds, outer_boxes
from custodes.media.sandbox.ports import FileReader, ReadAt

# ISO/IEC 14496-12 section 8.2.2: seconds since midnight, 1 January 1904, UTC.
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
# A camera without a set clock writes 0, 1970 or 2000; such a time is no better than none.
_EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Times:
    """When it began and ended, and where the beginning was found."""

    started_at: datetime
    ended_at: datetime | None
    source: str


def times_of(video: Found) -> Times:
    """Return the container's creation time, or else the file's, less its length if known.

    A FAT card keeps local time: a dock PC must mount it in the camera's zone.
    """
    with FileReader(video.path) as reader:
        boxes = outer_boxes(reader)
        created = _created(reader, boxes)
        length = _length(reader, boxes)
    if created is not None:
        return Times(created, created + length if length else None, "container")
    written = datetime.fromtimestamp(video.mtime_ns / 1e9, UTC)
    if length:
        return Times(written - length, written, "file time less its length")
    return Times(written, None, "file time")


def _created(reader: ReadAt, boxes: list[Box]) -> datetime | None:
    head = _movie_head(reader, boxes)
    if len(head) < 12:
        return None
    # Version 1 has 64-bit times.
    seconds = struct.unpack(">Q", head[4:12])[0] if head[0] else struct.unpack(">I", head[4:8])[0]
    try:
        created = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return created if created >= _EARLIEST else None


def _length(reader: ReadAt, boxes: list[Box]) -> timedelta | None:
    seconds = claimed_seconds(reader, boxes)
    if not seconds or seconds > _LONGEST.total_seconds():
        return None
    return timedelta(seconds=seconds)


def _movie_head(reader: ReadAt, boxes: list[Box]) -> bytes:
    moov = next((box for box in boxes if box.type == b"moov"), None)
    if moov is None:
        return b""
    inner = outer_boxes(reader, moov.offset + moov.head, min(moov.offset + moov.size, reader.size))
    mvhd = next((box for box in inner if box.type == b"mvhd"), None)
    return b"" if mvhd is None else reader.read_at(mvhd.offset + mvhd.head, 12)
