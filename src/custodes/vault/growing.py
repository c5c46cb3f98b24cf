"""Reading an object while it is still being written.

Segments that are on disk are read and opened from there; what is not sealed yet
is served from the writer's memory. A reader that is ahead of the writer waits.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from custodes.vault.diskfile import DiskFile
from custodes.vault.errors import NeverArrived, NotYet
from custodes.vault.floe import Floe
from custodes.vault.reading import PLAIN, Segments


@dataclass(slots=True)
class Progress:
    """How far a writer is. Read and changed only while holding ``lock``.

    ``head`` are plaintext bytes from the start that are held back; ``segments``
    counts the positions after it that are on disk, the head's own included;
    ``tail`` and ``filled`` are the plaintext that follows them.
    """

    segments: int = 0
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=lambda: bytearray(PLAIN))
    filled: int = 0
    over: bool = False
    failed: bool = False
    waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    moved: threading.Condition = field(init=False)

    def __post_init__(self) -> None:
        self.moved = threading.Condition(self.lock)

    @property
    def position(self) -> int:
        """Return how many plaintext bytes have been taken in."""
        return max(len(self.head), self.segments * PLAIN) + self.filled

    def tell(self) -> None:
        """Wake whoever waits, after a change; costs nothing when nobody does."""
        if self.waiting:
            self.moved.notify_all()

    def in_memory(self, offset: int, length: int) -> bytes | None:
        """Return the unsealed bytes at the offset, or None if they are on disk."""
        if offset < len(self.head):
            return bytes(self.head[offset : offset + length])
        if offset >= self.segments * PLAIN:
            start = offset - self.segments * PLAIN
            return bytes(self.tail[start : min(start + length, self.filled)])
        return None


class GrowingReader:
    """An object under way as bytes by position. Many may read it, one each a thread.

    ``size`` is what the caller was promised; nobody has proven it yet.
    """

    def __init__(self, file: DiskFile, floe: Floe, progress: Progress, size: int) -> None:
        self._segments = Segments(file, floe)
        self._progress = progress
        self._size = size

    @property
    def size(self) -> int:
        """Return the size that the whole object is said to have."""
        return self._size

    def read_at(self, offset: int, length: int, timeout: float | None = None) -> bytes:
        """Return the bytes, waiting until all of them have arrived; fewer only at the end.

        Raises NeverArrived when the writer was abandoned or finished before them,
        NotYet when they are not there after ``timeout`` seconds.
        """
        if offset < 0:
            raise ValueError("cannot read from before the start")
        end = min(offset + length, self._size)
        self._wait_for(end, timeout)
        pieces = []
        while offset < end:
            piece = self._piece(offset, end - offset)
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Let go of the file; the writer is not affected."""
        self._segments.close()

    def _wait_for(self, end: int, timeout: float | None) -> None:
        progress = self._progress
        with progress.lock:
            progress.waiting += 1
            arrived = progress.moved.wait_for(
                lambda: progress.failed or progress.over or progress.position >= end, timeout
            )
            progress.waiting -= 1
            if progress.failed:
                raise NeverArrived("The upload was given up before it was whole.")
            if not arrived:
                raise NotYet(f"Byte {end} did not arrive within {timeout} seconds.")
            if progress.position < end:
                raise NeverArrived(f"The upload ended at byte {progress.position}, before {end}.")

    def _piece(self, offset: int, length: int) -> bytes:
        with self._progress.lock:
            piece = self._progress.in_memory(offset, length)
            on_disk = self._progress.segments
        if piece is not None:
            return piece
        position, skip = divmod(offset, PLAIN)
        whole = 0 if skip else min(length // PLAIN, on_disk - position)
        if whole > 1:
            out = bytearray(whole * PLAIN)
            self._segments.fill(position, memoryview(out))
            return bytes(out)
        return self._segments.one(position)[skip : skip + length]
