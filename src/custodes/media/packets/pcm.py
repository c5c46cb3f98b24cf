"""Uncompressed sound: one unit is one second of the byte stream.

Containers cut PCM as they like (MP4 says one sample a packet, Matroska some
thousand), so packets would not survive a stream copy; seconds of bytes do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from custodes.media.packets.nal import UNITS_TAG
from custodes.media.packets.track import PcmStream

SYNC = 1


class PcmUnits:
    """Cut a byte stream, given in pieces and in order, into seconds and hash each."""

    def __init__(self, bytes_per_second: int) -> None:
        self._length = bytes_per_second
        self._open = hashlib.sha256()
        self._filled = 0
        self.digests = bytearray()

    def feed(self, piece: memoryview) -> None:
        """Take in the next bytes of the stream."""
        while piece:
            part = piece[: self._length - self._filled]
            self._open.update(part)
            self._filled += len(part)
            piece = piece[len(part) :]
            if self._filled == self._length:
                self.close()

    def close(self) -> None:
        """End the stream; a last short second is a unit too."""
        if self._filled:
            unit = self._filled.to_bytes(4, "big") + self._open.digest()
            self.digests += hashlib.sha256(UNITS_TAG + unit).digest()
            self._open, self._filled = hashlib.sha256(), 0


def unit_times(stream: PcmStream) -> Iterator[tuple[int, int]]:
    """Give (dts, duration) of each unit.

    The dts of a unit is that of its first byte, found by even flow inside the
    stretch that holds it; it lasts until the next unit, the last one until the
    stream ends.
    """
    begun: int | None = None
    for dts in _unit_starts(stream):
        if begun is not None:
            yield begun, max(0, dts - begun)
        begun = dts
    if begun is not None:
        yield begun, max(0, stream.dts[-1] + stream.duration[-1] - begun)


def _unit_starts(stream: PcmStream) -> Iterator[int]:
    wanted = position = 0
    for size, dts, duration in zip(stream.bytes, stream.dts, stream.duration, strict=True):
        while wanted < position + size:
            yield dts + (wanted - position) * duration // size
            wanted += stream.bytes_per_second
        position += size
