"""One track as its container tells it: what it is, and when each packet is due.

``Track`` is what every reader makes; ``Movie`` is all tracks of a file and the
places of their packets. Walking ``Movie.places`` reads the container forward, so
a track's times and header are complete only when the places have run out.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from custodes.media.packets.nal import UnitRule
from custodes.media.packets.refusal import NoClipProofs

MAX_TRACKS: Final = 64
#: Ten hours hold about two million; this bounds memory at about 700 MB.
MAX_PACKETS: Final = 1 << 23

#: (lane, index in the track, offset, length). A lane is a track under one sample entry.
Place = tuple[int, int, int, int]


@dataclass(slots=True)
class Times:
    """Decode time, presentation time, duration and flags of each packet, in decode order.

    In units of the track's timescale; bit 0 of a flag is "sync", bits 1 to 7 are
    the number of the sample entry.
    """

    dts: array[int] = field(default_factory=lambda: array("q"))
    pts: array[int] = field(default_factory=lambda: array("q"))
    duration: array[int] = field(default_factory=lambda: array("Q"))
    flags: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self.dts)

    def add(self, dts: int, pts: int, duration: int, flags: int) -> None:
        """Add one packet."""
        self.dts.append(dts)
        self.pts.append(pts)
        self.duration.append(duration)
        self.flags.append(flags)


@dataclass(slots=True)
class PcmStream:
    """Uncompressed sound: a stream of bytes whose packets mean nothing.

    ``bytes``, ``dts`` and ``duration`` are stretches of the stream, one after the
    other, each with an even flow of time.
    """

    bytes_per_second: int
    bytes: array[int] = field(default_factory=lambda: array("q"))
    dts: array[int] = field(default_factory=lambda: array("q"))
    duration: array[int] = field(default_factory=lambda: array("q"))

    def add(self, size: int, dts: int, duration: int) -> None:
        """Add a stretch."""
        self.bytes.append(size)
        self.dts.append(dts)
        self.duration.append(duration)


@dataclass(slots=True)
class Track:
    """One track. ``header`` has every member of the committed header but n and root.

    ``rules`` say, per sample entry, how a packet is taken apart into units;
    ``prefix`` is what the container stripped from the front of every packet.
    """

    header: dict[str, Any]
    rules: list[UnitRule]
    times: Times = field(default_factory=Times)
    pcm: PcmStream | None = None
    prefix: bytes = b""


@dataclass(slots=True)
class Movie:
    """All tracks of a file, in the container's order, and where their packets lie.

    ``lanes`` names for each lane its track's number and its rule's number.
    """

    tracks: list[Track]
    lanes: list[tuple[int, int]]
    places: Iterator[Place]


def check_track_count(count: int) -> None:
    """Refuse a file with no tracks, or with more than any recording has."""
    if count == 0:
        raise NoClipProofs("The file holds no tracks.")
    if count > MAX_TRACKS:
        raise NoClipProofs(f"The file claims {count} tracks; at most {MAX_TRACKS} are read.")


def check_packet_count(count: int, file_size: int) -> None:
    """Refuse more packets than a file of this size can mean, before anything is allocated."""
    if count > min(MAX_PACKETS, file_size):
        raise NoClipProofs(
            f"The file claims {count:,} packets, which a file of {file_size:,} bytes cannot hold."
        )
