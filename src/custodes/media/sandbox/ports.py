"""What the sandbox needs from outside: bytes to read, a place to write, limits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

#: A muxer may go back and change bytes it has written, but only this far in:
#: MP4 patches the size of its ``mdat`` box, and nothing else of ours goes back.
PATCHABLE = 64 * 1024


class ReadAt(Protocol):
    """Bytes by position. ``read_at`` may block while an upload is still running.

    ``read_at(offset, length)`` returns fewer bytes only at the end, where it
    returns ``b""``.
    """

    @property
    def size(self) -> int:
        """Return the number of bytes there are, or will be."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        ...


class Sink(Protocol):
    """Where output blobs go, each named and written in order."""

    def write(self, name: str, data: bytes) -> None:
        """Append the bytes to the named blob, which begins with its first write."""
        ...

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Replace bytes already written, all within the first 64 KiB of the blob."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use; going over any of them ends the run, never the caller.

    ``seconds`` is the wall clock while the child works; time the parent spends
    in ``read_at`` (an upload still running) or in the sink does not count. The
    child runs at a lower priority, so a busy machine stretches it.
    """

    seconds: float = 600.0
    cpu_seconds: int = 600
    memory_bytes: int = 2 * 1024**3
    output_bytes: int = 16 * 1024**3
    result_bytes: int = 16 * 1024**2


@dataclass(slots=True)
class BytesReader:
    """Read from bytes already in memory."""

    data: bytes | bytearray | memoryview

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        return bytes(self.data[offset : offset + length])


@dataclass(frozen=True, slots=True)
class PartReader:
    """Read a stretch of something larger."""

    whole: ReadAt
    start: int
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset`` of the stretch."""
        return self.whole.read_at(self.start + offset, max(0, min(length, self.size - offset)))


@dataclass(frozen=True, slots=True)
class JoinedReader:
    """Read several, one after the other, as if they were one."""

    parts: Sequence[ReadAt]

    @property
    def size(self) -> int:
        """Return the number of bytes of all."""
        return sum(part.size for part in self.parts)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        found: list[bytes] = []
        for part in self.parts:
            while length and 0 <= offset < part.size:
                piece = part.read_at(offset, min(length, part.size - offset))
                if not piece:
                    return b"".join(found)
                found.append(piece)
                offset += len(piece)
                length -= len(piece)
            offset -= part.size
        return b"".join(found)


class FileReader:
    """Read from a file on disk; close it after use, or use ``with``."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self._fd).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        return os.pread(self._fd, length, offset)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)

    def __enter__(self) -> FileReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(slots=True)
class MemorySink:
    """Keep blobs in memory: for small pictures and for tests."""

    blobs: dict[str, bytearray] = field(default_factory=dict)

    def write(self, name: str, data: bytes) -> None:
        """Append the bytes to the named blob."""
        self.blobs.setdefault(name, bytearray()).extend(data)

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Replace bytes already written."""
        self.blobs[name][offset : offset + len(data)] = data


class FileSink:
    """Write each blob to a file of its name in one folder; close it after use.

    Names come from the sandbox, where they are checked to be plain file names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fds: dict[str, int] = {}

    def write(self, name: str, data: bytes) -> None:
        """Append the bytes to the named file."""
        if name not in self._fds:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._fds[name] = os.open(self._folder / name, flags, 0o600)
        view = memoryview(data)
        while view:
            view = view[os.write(self._fds[name], view) :]

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Replace bytes already written."""
        os.pwrite(self._fds[name], data, offset)

    def close(self) -> None:
        """Close every file."""
        while self._fds:
            os.close(self._fds.popitem()[1])

    def __enter__(self) -> FileSink:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
