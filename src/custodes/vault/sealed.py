"""Writing a sealed object: flat memory, durable at the end, resumable after a kill.

Whole segments go to disk as soon as they are full; at most one is in memory, and
with a patchable head two more. Resuming proves every segment that is on disk and
goes on after the last one that holds. docs/reference/formats/sealed-object.md
describes the bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from custodes.vault.diskfile import DiskFile
from custodes.vault.errors import NotPatchable, WriterClosed
from custodes.vault.floe import HEADER_SIZE, Floe
from custodes.vault.growing import GrowingReader, Progress
from custodes.vault.reading import PLAIN, SEGMENT, SealedReader
from custodes.vault.store import Store

__all__ = ["GrowingReader", "SealedObject", "SealedReader", "SealedWriter", "aad_of"]

#: How far from the start a patchable object may be changed until it is finished.
PATCHABLE = 64 * 1024
_HEAD_SEGMENTS = -(-PATCHABLE // PLAIN)
_RUN = 16  # segments sealed into one write
_KIND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class SealedObject:
    """An object that is durable and will not change; sizes in bytes."""

    handle: str
    plain_size: int
    sealed_size: int


def aad_of(handle: str, kind: str) -> bytes:
    """Return what binds a ciphertext to its name and kind, so that none can pose as another."""
    if not _KIND.match(kind):
        raise ValueError(f"{kind!r} is not a kind: letters, digits, dot, dash and underscore")
    return f"custodes-floe/v1\n{handle}\n{kind}".encode()


class SealedWriter:
    """One object being written, by one thread; its readers may be on others.

    After any failure it takes no more bytes: abandon it, and resume.
    """

    def __init__(
        self,
        store: Store,
        handle: str,
        file: DiskFile,
        floe: Floe,
        *,
        segments: int = 0,
        patchable_head: bool = False,
    ) -> None:
        self.handle = handle
        self._store = store
        self._file = file
        self._floe = floe
        self._head_room = _HEAD_SEGMENTS * PLAIN if patchable_head else 0
        self._progress = Progress(segments=segments)
        self._out = memoryview(bytearray(_RUN * SEGMENT))
        self._finished: SealedObject | None = None

    @classmethod
    def already_finished(
        cls, store: Store, handle: str, file: DiskFile, floe: Floe, last: bytes
    ) -> SealedWriter:
        """Return the writer of an object that is whole: it has nothing left to do.

        ``last`` is the plaintext of its final segment.
        """
        segments = (file.size - HEADER_SIZE - 1) // SEGMENT
        writer = cls(store, handle, file, floe, segments=segments)
        writer._progress.tail[: len(last)] = last
        writer._progress.filled = len(last)
        writer._progress.over = True
        writer._finished = SealedObject(handle, writer.position, file.size)
        return writer

    @property
    def position(self) -> int:
        """Return how many plaintext bytes have been taken in; any thread may ask."""
        with self._progress.lock:
            return self._progress.position

    def write(self, buffer: Buffer) -> None:
        """Take in all of the buffer; raises OutOfSpace and takes no more after it."""
        view = memoryview(buffer).cast("B")
        if not len(view):
            return
        self._refuse_if_over()
        try:
            while len(view):
                view = view[self._take(view) :]
        except BaseException:
            self._fail()
            raise

    def patch(self, offset: int, content: Buffer) -> None:
        """Change bytes already written within the first 64 KiB of a patchable object."""
        self._refuse_if_over()
        view = memoryview(content).cast("B")
        end = offset + len(view)
        if offset < 0 or end > min(len(self._progress.head), PATCHABLE):
            raise NotPatchable(f"Bytes {offset} to {end} of {self.handle} cannot be changed.")
        with self._progress.lock:
            self._progress.head[offset:end] = view

    def flush(self) -> None:
        """Have the disk keep what is sealed so far, so that finish has little left to do.

        Raises OutOfSpace or NotDurable, and then takes no more bytes.
        """
        if self._finished is None:
            self._refuse_if_over()
            try:
                self._file.make_durable()
            except BaseException:
                self._fail()
                raise

    def finish(self) -> SealedObject:
        """Make the object durable under its name and return its sizes; twice is harmless.

        Raises AlreadyThere, OutOfSpace or NotDurable; then nothing was kept.
        """
        if self._finished is None:
            self._refuse_if_over()
            try:
                self._seal_the_rest()
                self._store.keep(self.handle, self._file)
            except BaseException:
                self._fail()
                raise
            self._finished = SealedObject(self.handle, self.position, self._file.size)
            self._end()
        return self._finished

    def abandon(self) -> None:
        """Stop. What is sealed stays as an unfinished object, to be resumed or discarded."""
        if self._finished is None:
            self._fail()

    def reader(self, size: int) -> GrowingReader:
        """Return a reader of the object under way, for another thread; ``size`` is as promised."""
        return GrowingReader(self._file.again(), self._floe, self._progress, size)

    def _take(self, view: memoryview) -> int:
        """Take in some of the bytes and return how many."""
        progress = self._progress
        if room := self._head_room - len(progress.head):
            return self._take_into_head(view[:room])
        if not progress.filled and len(view) >= PLAIN:
            count = min(len(view) // PLAIN, _RUN)
            self._seal(view[: count * PLAIN])
            return count * PLAIN
        return self._take_into_tail(view[: PLAIN - progress.filled])

    def _take_into_head(self, view: memoryview) -> int:
        progress = self._progress
        with progress.lock:
            progress.head += view
            if len(progress.head) == self._head_room:
                progress.segments = _HEAD_SEGMENTS
            progress.tell()
        return len(view)

    def _take_into_tail(self, view: memoryview) -> int:
        progress = self._progress
        with progress.lock:
            progress.tail[progress.filled : progress.filled + len(view)] = view
            progress.filled += len(view)
            progress.tell()
        if progress.filled == PLAIN:
            self._seal(memoryview(progress.tail))
        return len(view)

    def _seal(self, plain: memoryview) -> None:
        """Seal whole segments, write them at once, and only then say that they are there."""
        progress = self._progress
        count = len(plain) // PLAIN
        for n in range(count):
            self._floe.seal_into(
                progress.segments + n,
                plain[n * PLAIN : (n + 1) * PLAIN],
                self._out[n * SEGMENT : (n + 1) * SEGMENT],
            )
        self._file.write_at(self._out[: count * SEGMENT], _place(progress.segments))
        with progress.lock:
            progress.segments += count
            progress.filled = 0
            progress.tell()

    def _seal_the_rest(self) -> None:
        progress = self._progress
        head = memoryview(progress.head)
        whole = len(head) // PLAIN
        for n in range(whole):
            self._seal_one(n, head[n * PLAIN : (n + 1) * PLAIN])
        if len(head) < self._head_room:
            self._seal_one(whole, head[whole * PLAIN :], final=True)
        else:
            rest = memoryview(progress.tail)[: progress.filled]
            self._seal_one(progress.segments, rest, final=True)

    def _seal_one(self, position: int, plain: memoryview, *, final: bool = False) -> None:
        length = self._floe.seal_into(position, plain, self._out, final=final)
        self._file.write_at(self._out[:length], _place(position))

    def _refuse_if_over(self) -> None:
        if self._progress.over or self._progress.failed:
            raise WriterClosed(f"The writing of {self.handle} is over.")

    def _fail(self) -> None:
        self._end(failed=True)

    def _end(self, *, failed: bool = False) -> None:
        progress = self._progress
        with progress.lock:
            if progress.over:
                return
            progress.over, progress.failed = True, failed
            progress.tell()
        self._file.unlock()
        if failed:
            self._file.close()


def _place(position: int) -> int:
    return HEADER_SIZE + position * SEGMENT
