"""Reading the directory of a ZIP file so that there is one way to read it, or none.

Programs differ in which directory they find when there are two, and in what they make of
bytes between files. So the directory and its end are the last bytes of the file, every
file before them begins where another ends, and what can be said in two places is the
same in both. docs/reference/formats/package.md, section "Files".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from custodes.package.errors import PackageMalformed

# APPNOTE.TXT 6.3.10: 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
LOCAL: Final = struct.Struct("<4s5H3I2H")
CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
END64: Final = struct.Struct("<4sQ2H2I4Q")
LOCATOR: Final = struct.Struct("<4sIQI")
END: Final = struct.Struct("<4s4H2IH")
#: A field of 32 bits, and one of 16, that sends the reader to the ZIP64 form.
WIDE: Final = 0xFFFFFFFF
MOST: Final = 0xFFFF

_MOST_DIRECTORY: Final = 16 << 20
_MOST_ENTRIES: Final = 20_000
# Encrypted, and "sizes follow the data" (4.4.4).
_BAD_FLAGS: Final = 0x0009
_STORED: Final = 0


@dataclass(frozen=True, slots=True)
class Zipped:
    """A file in a ZIP file: its name, where its bytes begin, and how many there are."""

    name: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """A line of the directory."""

    name: str
    size: int
    header: int


def read_directory(path: Path) -> Iterator[Zipped]:
    """Give every file; raises PackageMalformed unless all of the ZIP file is accounted for."""
    with path.open("rb") as file:
        offset, data, count = _directory(file)
        listed = sorted(_lines(data), key=lambda line: line.header)
        if len(listed) != count or len({line.name for line in listed}) != count:
            raise _malformed("its directory has another number of files, or one of them twice")
        at = 0
        for line in listed:
            if line.header != at:
                raise _malformed("two of its files share bytes, or others lie between them")
            start = _start_of(file, line)
            at = start + line.size
            yield Zipped(line.name, start, line.size)
        if at != offset:
            raise _malformed("bytes lie between its files and its directory")


def _directory(file: BinaryIO) -> tuple[int, bytes, int]:
    """Return where the directory begins, its bytes, and how many files it says it has."""
    length = file.seek(0, 2)
    tail_at = max(0, length - END.size - LOCATOR.size - END64.size)
    file.seek(tail_at)
    tail = file.read()
    if len(tail) < END.size or tail[-END.size :][:4] != b"PK\5\6":
        raise _malformed("it does not end with the end of a directory")
    _, disk, first, here, count, size, offset, comment = END.unpack(tail[-END.size :])
    ends = length - END.size
    located = tail[-END.size - LOCATOR.size : -END.size]
    if located[:4] == b"PK\6\7":
        ends -= LOCATOR.size + END64.size
        wide = tail[: END64.size] if ends == tail_at else b""
        said = (here, count, size, offset)
        here, count, size, offset = _wide_end(wide, located, ends)
        if not _agree(said, (here, count, size, offset)):
            raise _malformed("its directory stands at two places")
    if disk or first or here != count or comment:
        raise _malformed("it is one of several, or goes on after its end")
    if size > _MOST_DIRECTORY or offset + size != ends:
        raise _malformed("its directory does not stand before its end")
    file.seek(offset)
    return offset, file.read(size), count


def _wide_end(record: bytes, located: bytes, at: int) -> tuple[int, int, int, int]:
    _, disk, place, disks = LOCATOR.unpack(located)
    if len(record) != END64.size or record[:4] != b"PK\6\6" or disk or place != at or disks > 1:
        raise _malformed("the end of its directory cannot be found")
    _, rest, _, _, one, other, here, count, size, offset = END64.unpack(record)
    if rest != END64.size - 12 or one or other:
        raise _malformed("the end of its directory is not one")
    return here, count, size, offset


def _agree(narrow: tuple[int, ...], wide: tuple[int, ...]) -> bool:
    sent_on = (MOST, MOST, WIDE, WIDE)
    return all(n in (w, on) for n, w, on in zip(narrow, wide, sent_on, strict=True))


def _lines(data: bytes) -> Iterator[_Listed]:
    at = entries = 0
    while at < len(data):
        head = data[at : at + CENTRAL.size]
        entries += 1
        if len(head) < CENTRAL.size or head[:4] != b"PK\1\2" or entries > _MOST_ENTRIES:
            raise _malformed("its directory is broken")
        line = CENTRAL.unpack(head)
        flags, method, packed, size, header = line[3], line[4], line[8], line[9], line[16]
        named = at + CENTRAL.size + line[10]
        at = named + line[11] + line[12]
        if at > len(data):
            raise _malformed("its directory is broken")
        wide = _wide_fields(data[named : named + line[11]])
        size, packed, header = (
            next(wide, value) if value == WIDE else value for value in (size, packed, header)
        )
        if flags & _BAD_FLAGS or method != _STORED or size != packed:
            raise _malformed("it holds something else than files stored as they are")
        yield _Listed(_name(data[named - line[10] : named]), size, header)


def _wide_fields(extra: bytes) -> Iterator[int]:
    """Give the 64-bit numbers of the ZIP64 field (4.5.3), in their order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        at += 4
        if kind == 1:
            field = extra[at : at + length]
            yield from (each for (each,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8]))
            return
        at += length


def _start_of(file: BinaryIO, line: _Listed) -> int:
    """Return where a file's bytes begin; the head before them must say what the line says."""
    file.seek(line.header)
    head = file.read(LOCAL.size)
    if len(head) != LOCAL.size or head[:4] != b"PK\3\4":
        raise _malformed("a file is not where the directory says")
    _, _, flags, method, *_, named, extra = LOCAL.unpack(head)
    if flags & _BAD_FLAGS or method != _STORED:
        raise _malformed("it holds something else than files stored as they are")
    if _name(file.read(named)) != line.name:
        raise _malformed("it calls one file by two names")
    start: int = line.header + LOCAL.size + named + extra
    return start


def _name(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _malformed("a name is not UTF-8") from None


def _malformed(why: str) -> PackageMalformed:
    return PackageMalformed(f"The ZIP file cannot be read: {why}.")
