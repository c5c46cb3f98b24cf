"""Reading a sealed object: by position, as a file, or block by block.

Opening proves the key, the name, the kind and the length; reading proves every
byte returned. What does not prove raises Damaged and returns nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from custodes.kernel.errors import Damaged
from custodes.vault.diskfile import DiskFile
from custodes.vault.floe import HEADER_SIZE, OVERHEAD, PRODUCTION, Floe

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SEGMENT = PRODUCTION.segment_size
PLAIN = PRODUCTION.plain_size
BLOCK = 1 << 20
RUN = 8  # segments read from disk at once


class Segments:
    """The whole segments of one file, opened by position. Safe between threads."""

    def __init__(self, file: DiskFile, floe: Floe) -> None:
        self._file = file
        self._floe = floe
        self._spare: list[memoryview] = []
        self._cached = (-1, b"")

    def fill(self, first: int, out: memoryview) -> None:
        """Fill ``out``, a whole number of segments long, with internal segments."""
        scratch = self._scratch()
        for start in range(0, len(out) // PLAIN, RUN):
            count = min(RUN, len(out) // PLAIN - start)
            self._read(scratch[: count * SEGMENT], first + start)
            for n in range(count):
                at = (start + n) * PLAIN
                sealed = scratch[n * SEGMENT : (n + 1) * SEGMENT]
                self._floe.open_into(first + start + n, sealed, out[at : at + PLAIN])
        self._spare.append(scratch)

    def run(self, first: int, count: int) -> Iterator[bytes]:
        """Yield ``count`` internal segments, opened one by one; at most RUN of them."""
        scratch = self._scratch()
        self._read(scratch[: count * SEGMENT], first)
        for n in range(count):
            yield self._floe.opened(first + n, scratch[n * SEGMENT : (n + 1) * SEGMENT])
        self._spare.append(scratch)

    def one(self, position: int, length: int = SEGMENT, *, final: bool = False) -> bytes:
        """Return one opened segment; the last one asked for is remembered."""
        cached, plain = self._cached
        if cached == position:
            return plain
        sealed = memoryview(bytearray(length))
        self._read(sealed, position)
        opened = bytearray(length - OVERHEAD)
        self._floe.open_into(position, sealed, memoryview(opened), final=final)
        self._cached = (position, bytes(opened))
        return self._cached[1]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _scratch(self) -> memoryview:
        try:
            return self._spare.pop()
        except IndexError:
            return memoryview(bytearray(RUN * SEGMENT))

    def _read(self, out: memoryview, position: int) -> None:
        if self._file.read_into(out, HEADER_SIZE + position * SEGMENT) != len(out):
            raise Damaged(f"The sealed object {self._file.name} is cut short.")


class SealedReader(io.RawIOBase):
    """A finished object as a read-only file; ``read_at`` may be called by many threads."""

    def __init__(self, file: DiskFile, key: bytes, aad: bytes) -> None:
        self._segments: Segments | None = None
        super().__init__()
        self._at = 0
        try:
            self._open(file, key, aad)
        except BaseException:
            file.close()
            raise

    @property
    def size(self) -> int:
        """Return the number of plaintext bytes, proven on opening."""
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from the offset; fewer only at the end."""
        out = bytearray(max(0, min(length, self._size - offset)))
        self._fill(offset, memoryview(out))
        return bytes(out)

    def blocks(
        self, start: int = 0, end: int | None = None, block_size: int = BLOCK
    ) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end`` in blocks; only the last is shorter."""
        stop = self._size if end is None else min(end, self._size)
        for at in range(start, stop, block_size):
            yield self.read_at(at, min(block_size, stop - at))

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end`` in whatever pieces come cheapest.

        A piece is a segment, or what of it was asked for: none is copied to make it fit.
        """
        stop = min(end, self._size)
        while start < stop:
            position, skip = divmod(start, PLAIN)
            count = min(RUN, self._last - position, -(-(skip + stop - start) // PLAIN))
            for plain in self._run(position, count):
                piece = plain[skip : skip + stop - start]
                start, skip = start + len(piece), 0
                yield piece

    def final_segment(self) -> bytes:
        """Return the plaintext of the last segment, which may be empty."""
        return self._segment(self._last)

    def damaged_spans(self) -> Iterator[tuple[int, int]]:
        """Yield each stretch ``[start, end)`` of plaintext that can no longer be proven."""
        start = None
        for position in range(self._last + 1):
            at = position * PLAIN
            if self._opens(position):
                if start is not None:
                    yield start, at
                start = None
            elif start is None:
                start = at
        if start is not None:
            yield start, self._size

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from where the reader stands; 0 at the end."""
        out = memoryview(buffer).cast("B")
        out = out[: max(0, min(len(out), self._size - self._at))]
        self._fill(self._at, out)
        self._at += len(out)
        return len(out)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the new position; past the end is allowed, before the start not."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("cannot seek to before the start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return where the reader stands."""
        return self._at

    def readable(self) -> bool:
        """Say yes: reading is all it does."""
        return True

    def seekable(self) -> bool:
        """Say yes: any byte can be reached at once."""
        return True

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if self._segments is not None:
            self._segments.close()
        super().close()

    def _open(self, file: DiskFile, key: bytes, aad: bytes) -> None:
        header = bytearray(HEADER_SIZE)
        file.read_into(memoryview(header), 0)
        body = file.size - HEADER_SIZE
        # FLOE Ciphertext Layout: internal segments are full, the final one is what is left.
        self._last = (body - 1) // SEGMENT
        self._last_length = body - self._last * SEGMENT
        if body <= 0 or self._last_length < OVERHEAD:
            raise Damaged(f"The sealed object {file.name} is cut short.")
        self._size = body - (self._last + 1) * OVERHEAD
        self._segments = Segments(file, Floe.open(key, aad, bytes(header)))
        # Only the true last segment opens as the final one: this proves the length.
        self._segment(self._last)

    def _fill(self, offset: int, out: memoryview) -> None:
        if offset < 0:
            raise ValueError("cannot read from before the start")
        done = 0
        while done < len(out):
            position, skip = divmod(offset + done, PLAIN)
            whole = 0 if skip else min((len(out) - done) // PLAIN, self._last - position)
            if whole and self._segments:
                piece = whole * PLAIN
                self._segments.fill(position, out[done : done + piece])
            else:
                plain = self._segment(position)[skip : skip + len(out) - done]
                piece = len(plain)
                out[done : done + piece] = plain
            done += piece

    def _run(self, position: int, count: int) -> Iterable[bytes]:
        if position == self._last or self._segments is None or self.closed:
            return (self._segment(position),)  # which refuses when the reader is closed
        return self._segments.run(position, count)

    def _segment(self, position: int) -> bytes:
        if self._segments is None or self.closed:
            raise ValueError("the reader is closed")
        if position == self._last:
            return self._segments.one(position, self._last_length, final=True)
        return self._segments.one(position)

    def _opens(self, position: int) -> bool:
        try:
            self._segment(position)
        except Damaged:
            return False
        return True
