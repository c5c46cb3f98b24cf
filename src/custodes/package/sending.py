"""Sending a package as one ZIP file that stands nowhere whole, in memory or on a disk.

A package's ZIP file says each file's size and CRC-32 before its bytes
(docs/reference/formats/package.md: no data descriptors), so every file is read twice:
once to be measured, when what cannot be read is still refused, and once to be sent. What
was measured can be kept: the same bytes are sent again from it, from any place on.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from custodes.package.bag import Lists
from custodes.package.errors import CannotPackage
from custodes.package.zipped import CENTRAL, END, END64, LOCAL, LOCATOR, MOST, WIDE

_PLAIN, _ZIP64 = 20, 45  # the versions that read it (APPNOTE 4.4.3)
_UNIX: Final = 3 << 8  # 4.4.2: made by, which says what the next means
_UNIX_FILE: Final = 0o100644 << 16


@runtime_checkable
class Skipping(Protocol):
    """Content that can be read from any place on, without reading what comes before."""

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to before ``end``."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A file, measured: what its head in the ZIP file says before its bytes."""

    path: str
    content: Iterable[bytes]
    size: int
    crc: int

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield a stretch of its bytes again.

        Raises CannotPackage when there are not as many as before.
        """
        left, to_the_end = end - start, end == self.size
        for piece in self._from(start, end):
            if to_the_end and len(piece) > left:
                left = -1
                break
            yield piece[:left]
            left -= min(len(piece), left)
            if not left and not to_the_end:
                break
        if left:
            raise CannotPackage(f"{self.path} changed while it was sent.")

    def _from(self, start: int, end: int) -> Iterator[bytes]:
        if isinstance(self.content, Skipping):
            yield from self.content.pieces(start, end)
            return
        at = 0
        for piece in self.content:
            if at + len(piece) > start:
                yield piece[max(0, start - at) :]
            at += len(piece)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package that is ready to be sent, and how many bytes that will be."""

    members: tuple[Member, ...]
    heads: tuple[bytes, ...]
    directory: bytes

    @classmethod
    def of(
        cls,
        folder: str,
        files: Iterable[tuple[str, bytes | Iterable[bytes]]],
        *,
        about: Iterable[tuple[str, str]],
        made: datetime,
    ) -> Parcel:
        """Measure the files, and the lists that make a bag of them; all stand below ``folder``."""
        lists = Lists()
        members = tuple(
            _measured(lists, folder, path, content)
            for path, content in chain(files, lists.closing(about=about, made=made))
        )
        return cls.again(members, made)

    @classmethod
    def again(cls, members: tuple[Member, ...], made: datetime) -> Parcel:
        """Put files that were measured before, lists and all, together to the same ZIP file."""
        heads, central, offset = [], b"", 0
        for member in members:
            heads.append(_local(member, made))
            central += _directory_line(member, offset, made)
            offset += len(heads[-1]) + member.size
        return cls(members, tuple(heads), central + _end(len(members), len(central), offset))

    @property
    def size(self) -> int:
        """Return how many bytes the ZIP file has."""
        bodies = sum(member.size for member in self.members)
        return bodies + sum(map(len, self.heads)) + len(self.directory)

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the ZIP file, or the bytes of it from ``start`` to before ``end``.

        Files that lie outside that stretch are not read.
        """
        stop, at = self.size if end is None else end, 0
        for size, read in self._parts():
            first, last = max(start - at, 0), min(stop - at, size)
            if first < last:
                yield from read(first, last)
            at += size

    def _parts(self) -> Iterator[tuple[int, Callable[[int, int], Iterator[bytes]]]]:
        for head, member in zip(self.heads, self.members, strict=True):
            yield len(head), _stretch_of(head)
            yield member.size, member.pieces
        yield len(self.directory), _stretch_of(self.directory)


def unpacked(parcel: Parcel, folder: Path) -> Iterator[int]:
    """Write the package as a new folder, and yield how many bytes each step wrote.

    Raises CannotPackage if the folder is there already.
    """
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CannotPackage(f"The folder {folder} cannot be made: {error.strerror}.") from None
    for member in parcel.members:
        target = folder / member.path.partition("/")[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for piece in member.pieces(0, member.size):
                file.write(piece)
                yield len(piece)
    (folder / "data").mkdir(exist_ok=True)


def _stretch_of(data: bytes) -> Callable[[int, int], Iterator[bytes]]:
    return lambda start, end: iter((data[start:end],))


def _measured(lists: Lists, folder: str, path: str, content: bytes | Iterable[bytes]) -> Member:
    content = (content,) if isinstance(content, bytes) else content
    size = crc = 0
    for piece in lists.through(path, content):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
    return Member(f"{folder}/{path}", content, size, crc)


def _local(member: Member, made: datetime) -> bytes:
    path, size = member.path.encode("ascii"), member.size
    # 4.5.3: in this head the field has both sizes or is not there.
    extra = b"" if _fits(size) else _wide(size, size)
    head = LOCAL.pack(
        b"PK\3\4", _ZIP64 if extra else _PLAIN, 0, 0, *_when(made),
        member.crc, _shown(size), _shown(size), len(path), len(extra),
    )  # fmt: skip
    return head + path + extra


def _directory_line(member: Member, offset: int, made: datetime) -> bytes:
    path, size = member.path.encode("ascii"), member.size
    # 4.5.3: here it has those fields that do not fit, in this order.
    extra = _wide(*(value for value in (size, size, offset) if not _fits(value)))
    version = _ZIP64 if extra else _PLAIN
    line = CENTRAL.pack(
        b"PK\1\2", _UNIX | version, version, 0, 0, *_when(made),
        member.crc, _shown(size), _shown(size), len(path), len(extra), 0, 0, 0,
        _UNIX_FILE, _shown(offset),
    )  # fmt: skip
    return line + path + extra


def _end(count: int, size: int, offset: int) -> bytes:
    wide = b""
    if count >= MOST or not (_fits(size) and _fits(offset)):
        wide = END64.pack(
            b"PK\6\6", 44, _UNIX | _ZIP64, _ZIP64, 0, 0, count, count, size, offset
        ) + LOCATOR.pack(b"PK\6\7", 0, offset + size, 1)
    few = min(count, MOST)
    return wide + END.pack(b"PK\5\6", 0, 0, few, few, _shown(size), _shown(offset), 0)


def _fits(value: int) -> bool:
    return value < WIDE


def _shown(value: int) -> int:
    """Return what stands in a field of 32 bits (4.4.1.4)."""
    return value if _fits(value) else WIDE


def _wide(*values: int) -> bytes:
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values) if values else b""


def _when(made: datetime) -> tuple[int, int]:
    """Return time and date as MS-DOS has them (4.4.6), which knows no zone: UTC."""
    time = made.hour << 11 | made.minute << 5 | made.second // 2
    return time, (made.year - 1980) << 9 | made.month << 5 | made.day
