"""The child: learn the task, import what it needs, lock the doors, do it, answer.

Started by ``starting`` as ``python -I -m custodes.media.sandbox.child FD [TASK ...]``: the
code of the tasks named is imported before it is told which one to do. Until READY is
sent it has read only what its own parent said.
"""

from __future__ import annotations

# The codecs and _strptime are what Python imports on first use, when no file opens any more.
import _strptime  # type: ignore[import-not-found]  # noqa: F401
import encodings.ascii
import encodings.latin_1
import encodings.utf_8_sig
import encodings.utf_16
import encodings.utf_32  # noqa: F401
import json
import os
import sys
import time
from typing import Any, NoReturn

from custodes.kernel.errors import Refused
from custodes.media.sandbox import cage, frames, tasks, wire
from custodes.media.sandbox.frames import Kind


class Parent:
    """The only thing the child can talk to: a reader, a sink and progress in one.

    When reads follow one another it asks for the next piece before it is needed,
    so that the parent fetches and decrypts while the child hashes or decodes.
    """

    def __init__(self, fd: int, size: int) -> None:
        self.size = size
        self._fd = fd
        self._buffer = bytearray(frames.MAX_READ)
        self._ahead: tuple[int, int] | None = None
        self._kept: tuple[int, bytes] = (0, b"")
        self._expected = -1
        self._told_at = 0.0

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``, fewer only at the end."""
        length = max(0, min(length, self.size - offset))
        pieces = []
        while length > 0:
            piece = self._piece(offset, min(length, frames.MAX_READ))
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def progress(self, fraction: float) -> None:
        """Tell how far along the task is, at most five times a second."""
        if time.monotonic() - self._told_at > 0.2:
            self._told_at = time.monotonic()
            self._tell(Kind.PROGRESS, frames.FRACTION.pack(fraction))

    def write(self, name: str, data: bytes) -> None:
        """Append the bytes to the named output."""
        view = memoryview(data)
        for start in range(0, len(view), frames.MAX_READ):
            part = view[start : start + frames.MAX_READ]
            self._tell(Kind.BLOB, bytes([len(name)]), name.encode(), part)

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Replace bytes near the start of the named output."""
        self._tell(Kind.PATCH, frames.patch(name, offset, data))

    def answer(self, kind: Kind, value: dict[str, Any]) -> None:
        """Send a JSON frame."""
        self._tell(kind, json.dumps(value, allow_nan=False).encode())

    def _piece(self, offset: int, length: int) -> bytes:
        start, kept = self._kept
        if not start <= offset < start + len(kept):
            self._drain()
            start, kept = self._kept
        if not start <= offset < start + len(kept):
            self._ask(offset, length)
            self._drain()
            start, kept = self._kept
        piece = kept[offset - start : offset - start + length]
        if start == self._expected and self._ahead is None:
            self._ask(start + len(kept), frames.MAX_READ)
        self._expected = start + len(kept)
        return piece

    def _ask(self, offset: int, length: int) -> None:
        length = min(length, self.size - offset)
        if length > 0:
            wire.send(self._fd, Kind.READ, frames.SPAN.pack(offset, length))
            self._ahead = (offset, length)

    def _drain(self) -> None:
        if self._ahead is None:
            return
        offset, wanted = self._ahead
        self._ahead = None
        kind, length = wire.receive_head(self._fd)
        if kind != Kind.BYTES or length > wanted:
            raise wire.Closed
        view = memoryview(self._buffer)[:length]
        wire.receive_into(self._fd, view)
        self._kept = (offset, bytes(view))

    def _tell(self, kind: Kind, *parts: bytes | memoryview) -> None:
        # Two large frames meeting head on would block both sides for ever.
        self._drain()
        wire.send(self._fd, kind, *parts)


def main() -> NoReturn:
    """Do one task and end without running anybody's exit handlers."""
    fd = int(sys.argv[1])
    for name in sys.argv[2:]:
        tasks.load(name)
    try:
        _serve(fd)
    except wire.Closed:
        os._exit(3)
    os._exit(0)


def _serve(fd: int) -> None:
    start = _start(fd)
    parent = Parent(fd, start["size"])
    try:
        task = tasks.load(start["task"])
        sys.stdin = sys.stdout = sys.stderr = None
        layers = cage.lock_in(
            fd, memory_bytes=start["memory_bytes"], cpu_seconds=start["cpu_seconds"]
        )
        parent.answer(Kind.READY, layers)
        result = task(parent, start["params"], parent)
        parent.answer(Kind.RESULT, result)
    except wire.Closed:
        raise
    except BaseException as error:  # noqa: BLE001 every end must be told to the parent
        parent.answer(Kind.FAILED, _failure(error))


def _start(fd: int) -> dict[str, Any]:
    kind, length = wire.receive_head(fd)
    if kind != Kind.START or length > frames.MAX_START:
        raise wire.Closed
    body = bytearray(length)
    wire.receive_into(fd, memoryview(body))
    start: dict[str, Any] = json.loads(body)
    return start


def _failure(error: BaseException) -> dict[str, str]:
    if isinstance(error, Refused):
        return {"kind": "refused", "says": error.reason[:500]}
    if isinstance(error, MemoryError):
        return {"kind": "memory", "says": ""}
    return {"kind": "error", "says": f"{type(error).__name__}: {error}"[:500]}


if __name__ == "__main__":
    main()
