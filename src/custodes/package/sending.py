"""Sending a package as one ZIP file that stands nowhere whole, in memory or on a disk.

A package's ZIP file says each file's size and CRC-32 before its bytes
(docs/reference/formats/package.md: no data descriptors), so every file is read twice:
once to be measured, when what cannot be read is still refused, and once to be sent.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from custodes.package.bag import Lists
from custodes.package.errors import CannotPackage
from custodes.package.zipped import CENTRAL, END, END64, LOCAL, LOCATOR, MOST, WIDE

_PLAIN, _ZIP64 = 20, 45  # the versions that read it (APPNOTE 4.4.3)
_UNIX: Final = 3 << 8  # 4.4.2: made by, which says what the next means
_UNIX_FILE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class _Member:
    """A file, measured: what its head in the ZIP file says before its bytes."""

    path: str
    content: Iterable[bytes]
    size: int
    crc: int

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes again; raises CannotPackage when they are not as many as before."""
        left = self.size
        for piece in self.content:
            left -= len(piece)
            if left < 0:
                break
            yield piece
        if left:
            raise CannotPackage(f"{self.path} changed while it was sent.")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package that is ready to be sent, and how many bytes that will be."""

    members: tuple[_Member, ...]
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

    def pieces(self) -> Iterator[bytes]:
        """Yield the ZIP file, piece by piece."""
        for head, member in zip(self.heads, self.members, strict=True):
            yield head
            yield from member.pieces()
        yield self.directory


def _measured(lists: Lists, folder: str, path: str, content: bytes | Iterable[bytes]) -> _Member:
    content = (content,) if isinstance(content, bytes) else content
    size = crc = 0
    for piece in lists.through(path, content):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
    return _Member(f"{folder}/{path}", content, size, crc)


def _local(member: _Member, made: datetime) -> bytes:
    path, size = member.path.encode("ascii"), member.size
    # 4.5.3: in this head the field has both sizes or is not there.
    extra = b"" if _fits(size) else _wide(size, size)
    head = LOCAL.pack(
        b"PK\3\4", _ZIP64 if extra else _PLAIN, 0, 0, *_when(made),
        member.crc, _shown(size), _shown(size), len(path), len(extra),
    )  # fmt: skip
    return head + path + extra


def _directory_line(member: _Member, offset: int, made: datetime) -> bytes:
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
