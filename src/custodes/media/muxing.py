"""A write-only file for a muxer, on top of a sink that only goes forward.

The MP4 muxer goes back once, to write how long its ``mdat`` box became. Bytes not
yet handed on are changed in place; later ones become a patch, which the sink
takes within the first 64 KiB only.
"""

from __future__ import annotations

import io

from custodes.media.sandbox.ports import PATCHABLE, Sink

_PIECE = 1 << 20


class SinkFile:
    """Show one named output of a sink to PyAV as a file."""

    def __init__(self, sink: Sink, name: str) -> None:
        self._sink = sink
        self._name = name
        self._waiting = bytearray()
        self._handed_on = 0
        self._at = 0

    def write(self, data: bytes) -> int:
        """Write at the current place; raises OSError where the sink cannot go back."""
        length = len(data)
        early = max(0, min(length, self._handed_on - self._at))
        if early:
            if self._at + early > PATCHABLE:
                raise OSError("the muxer went back further than an output allows")
            self._sink.patch(self._name, self._at, bytes(data[:early]))
        start = self._at + early - self._handed_on
        self._waiting[start : start + length - early] = data[early:]
        self._at += length
        if len(self._waiting) >= _PIECE:
            self.finish()
        return length

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; a place beyond the end is the end."""
        end = self._handed_on + len(self._waiting)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: end}[whence]
        self._at = max(0, min(base + offset, end))
        return self._at

    def tell(self) -> int:
        """Return the current place."""
        return self._at

    def finish(self) -> None:
        """Hand on everything that waits."""
        if self._waiting:
            self._sink.write(self._name, bytes(self._waiting))
            self._handed_on += len(self._waiting)
            self._waiting.clear()
