"""Reading a file forward in large pieces, without copying what is read.

The file may still be arriving: a read then blocks until its bytes are there.
Whoever asks in ascending order reads every byte once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from custodes.media.packets.refusal import NoClipProofs

if TYPE_CHECKING:
    from custodes.media.sandbox.ports import ReadAt

BLOCK: Final = 1 << 20
#: The largest packet read here; a camera's are a thousand times smaller.
MAX_PACKET: Final = 64 << 20


class Window:
    """A view that moves over a file. Views stay valid after it has moved on."""

    def __init__(self, reader: ReadAt, progress: Callable[[float], None] | None = None) -> None:
        self.size = reader.size
        self._reader = reader
        self._progress = progress
        self.start = self.end = 0
        self.block = memoryview(b"")
        # The block before, while it adjoins: a packet may lie across both.
        self._before = self.block
        # The last piece that had to be put together from several blocks.
        self._pieced_start, self._pieced = 0, self.block

    def view(self, offset: int, length: int, limit: int = MAX_PACKET) -> memoryview:
        """Return exactly these bytes; raises NoClipProofs when they are not there."""
        if self.start <= offset and offset + length <= self.end:
            return self.block[offset - self.start : offset - self.start + length]
        at = offset - self._pieced_start
        if at >= 0 and at + length <= len(self._pieced):
            return self._pieced[at : at + length]
        return self._fetched(offset, length, limit)

    def peek(self, offset: int, length: int) -> bytes:
        """Return up to this many bytes; fewer only at the end.

        Reads on where the window stands, but does not jump: for a look at
        something far away no whole block is fetched.
        """
        length = max(0, min(length, self.size - offset))
        if self.start <= offset <= self.end:
            return bytes(self.view(offset, length))
        return self._reader.read_at(offset, length) if length else b""

    def _fetched(self, offset: int, length: int, limit: int) -> memoryview:
        end = offset + length
        if offset < 0 or end > self.size:
            raise NoClipProofs("The file points at bytes past its own end.")
        if length > limit:
            raise NoClipProofs(
                f"One piece of this file claims {length:,} bytes; at most {limit:,} are read."
            )
        if length == 0:
            return self.block[:0]
        pieces = []
        if self.start - len(self._before) <= offset < self.start:
            pieces.append(self._before[len(self._before) - (self.start - offset) :][:length])
            offset += len(pieces[0])
        while offset < end:
            if not self.start <= offset < self.end:
                self._load(offset)
            pieces.append(self.block[offset - self.start :][: end - offset])
            offset += len(pieces[-1])
        if len(pieces) == 1:
            return pieces[0]
        self._pieced_start, self._pieced = end - length, memoryview(b"".join(pieces))
        return self._pieced

    def _load(self, offset: int) -> None:
        data = self._reader.read_at(offset, min(BLOCK, self.size - offset))
        if not data:
            raise NoClipProofs("The file ended before the size it was announced with.")
        self._before = self.block if offset == self.end else self.block[:0]
        self.block = memoryview(data)
        self.start, self.end = offset, offset + len(data)
        if self._progress is not None:
            self._progress(min(1.0, self.end / self.size))
